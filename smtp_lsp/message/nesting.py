"""How the parts of a message are found: one pass over its lines that begin with ``--``.

The innermost multipart that has a boundary takes the delimiter; what is open within it ends
there (RFC 2046 5.1.1). Boundaries are looked up, not tried one by one, so that depth costs
nothing. A line is a delimiter if nothing but white space follows the boundary: RFC 2046 would
have readers take any line that begins so, which those in use do not, and which makes delimiters
of "--a-b" for a boundary "a". Such lines are noted.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production
from smtp_lsp.message import WIRE, Message, mime
from smtp_lsp.message.defect import Defect
from smtp_lsp.message.mime import Part
from smtp_lsp.text.view import View

_EMPTY_LINE = {
    b"\n": (Production(rb"\r*\n"), Production(rb"\n(\r*\n)")),
    b"\r": (Production(rb"\r"), Production(rb"\r(\r)")),
}

_Line = tuple[int, int, int]
"""Where a line starts, where its text stops, and where it ends."""


class Builder:
    """Reads the body of a message that has a Content-Type into its parts."""

    __slots__ = (
        "buffer",
        "context",
        "count",
        "data",
        "empty",
        "end",
        "open",
        "root",
        "separator",
        "stack",
        "too_deep",
    )

    def __init__(self, root: Part) -> None:
        whole = root.message.whole
        self.root = root
        self.buffer = whole.buffer
        self.data = whole.buffer.data
        self.end = whole.end
        self.context = root.message.context
        self.separator = root.message.separator
        self.stack: list[Part] = []
        self.open: dict[bytes, list[int]] = {}
        self.empty = (-1, -1)
        self.count = 0
        self.too_deep = False

    def build(self) -> None:
        """Add to the root all its parts."""
        position = self._enter(self.root, self.root.body.start)
        while self.open or (self.stack and self.stack[-1].close is not None):
            line = self._dashes(position, needle=self._needle())
            if line is None:
                break
            level, closing = self._delimits(line)
            if level < 0:
                self._look_closer(line)
                position = line[2]
            elif closing:
                position = self._end(level, line)
            else:
                position = self._next(level, line)
        self._finish(0, self.end)

    # -- Lines -----------------------------------------------------------------------------

    def _innermost(self) -> Part | None:
        """Return the multipart that the line at hand is in, be it in its epilogue."""
        for part in reversed(self.stack[-3:]):
            if part.boundary is not None:
                return part
        return None

    def _needle(self) -> bytes:
        """Return what a line must begin with to be looked at.

        While one multipart alone is open, only lines with its boundary are of interest, unless
        none was seen yet: then what stands there instead is.
        """
        part = self._innermost()
        if len(self.open) == 1 and part is not None and part.delimiters and part.close is None:
            return b"--" + (part.boundary or b"")
        return b"--"

    def _dashes(
        self, position: int, limit: int | None = None, *, needle: bytes = b"--"
    ) -> _Line | None:
        """Return the first line that begins with *needle* from *position* on, before *limit*.

        At *position* a line begins.
        """
        start = position
        last = self.end if limit is None else min(self.end, limit + 2)
        if not self.data.startswith(needle, start, last):
            # One octet is looked for many times as quickly: what base64 holds is jumped over.
            dash = self.data.find(b"-", position, last)
            if dash < 0:
                return None
            start = self.data.find(self.separator + needle, max(0, dash - 1), last) + 1
            if not start:
                return None
        stop = self.data.find(self.separator, start, self.end)
        end = self.end if stop < 0 else stop + 1
        stop = self.end if stop < 0 else stop
        while stop > start and self.data[stop - 1] == 13:
            stop -= 1
        return start, stop, end

    def _delimits(self, line: _Line) -> tuple[int, bool]:
        """Return which multipart of the stack *line* is a delimiter of, and if it closes it."""
        if not self.open:
            return -1, False
        text = self.data[line[0] + 2 : line[1]].rstrip(b" \t")
        levels = self.open.get(text)
        if levels:
            return levels[-1], False
        levels = self.open.get(text[:-2]) if text.endswith(b"--") else None
        return (levels[-1], True) if levels else (-1, False)

    def _look_closer(self, line: _Line) -> None:
        """Note a line that somebody may have meant, or may take, for a delimiter."""
        part = self._innermost()
        if part is None or part.boundary is None:
            return
        start, stop, _ = line
        if part.delimiters and self.data.startswith(part.boundary, start + 2, stop):
            sort = mime.DELIMITER_TEXT
            if part.close is not None:
                behind = self.data[start + 2 + len(part.boundary) : stop].rstrip(b" \t")
                sort = mime.DELIMITER_BEHIND_CLOSE if behind in (b"", b"--") else ""
            if sort and len(part.defects) < mime.MOST_PLACES:
                part.defects.append(Defect(sort, View(self.buffer, start, stop)))
        elif not part.delimiters and not part.stranger and self.data[start:stop].strip(b"- \t"):
            part.stranger = View(self.buffer, start, stop)

    def _break_before(self, start: int) -> int:
        """Return where the line end begins that stands before the line at *start*."""
        stop = start - 1
        if self.separator == b"\n" and stop > 0 and self.data[stop - 1] == 13:
            stop -= 1
        return max(stop, 0)

    # -- Parts begin -----------------------------------------------------------------------

    def _enter(self, part: Part, position: int) -> int:
        """Put a part whose header is read on the stack, and the message that it may hold.

        Return the place from where on to look for delimiters.
        """
        while True:
            self.stack.append(part)
            self._judge(part)
            if part.boundary is not None or not mime.holds_message(part):
                return position
            message, position = self._read_header(part.body.start, nested=True)
            part = self._add(message, part)

    def _add(self, message: Message, parent: Part) -> Part:
        part = Part(message, parent)
        parent.parts.append(part)
        part.number = len(parent.parts)
        self.count += 1
        if self.count == mime.MOST_PARTS + 1:
            self.root.defects.append(Defect(mime.TOO_MANY, message.whole))
        if part.depth > mime.DEEPEST and not self.too_deep:
            self.too_deep = True
            part.defects.append(Defect(mime.TOO_DEEP, message.header))
        text: View | None = None
        if message.unreadable:
            text = next((line for line in message.unreadable if bytes(line).strip()), None)
        if text is not None:
            part.defects.append(Defect(mime.NO_EMPTY_LINE, text))
            if not message.header:
                message.unreadable = []
        elif message.fields and parent.is_multipart and message.header.end == message.whole.end:
            # What the end of the file cuts off is told as that.
            cut_off = message.whole.end == self.end
            if not cut_off:
                part.defects.append(Defect(mime.HEADER_ALONE, message.fields[-1].lines))
        return part

    def _judge(self, part: Part) -> None:
        if mime.is_encoded(part) and part.transfer_encoding is not None:
            part.defects.append(Defect(mime.ENCODED, part.transfer_encoding.kind or part.body))
        part.boundary = boundary = mime.boundary_of(part)
        if boundary is None or part.content_type is None:
            return
        view = part.content_type.get(b"boundary") or part.body
        enclosing = [p.boundary for p in self.stack[-mime.DEEPEST : -1] if p.close is None]
        for other in reversed([name for name in enclosing if name is not None]):
            if other == boundary:
                part.defects.append(Defect(mime.BOUNDARY_SAME, view))
                break
            if other.startswith(boundary) or boundary.startswith(other):
                part.defects.append(Defect(mime.BOUNDARY_PREFIX, view))
                break
        self.open.setdefault(boundary, []).append(len(self.stack) - 1)

    def _next(self, level: int, line: _Line) -> int:
        """Begin the part behind a delimiter of the multipart at *level* of the stack."""
        part, (start, _, end) = self.stack[level], line
        first = self._finish(level + 1, self._break_before(start))
        self._note_padding(part, line)
        delimiter = View(self.buffer, first, end)
        if not self._repeats(part, line):
            part.delimiters.append(delimiter)
        else:
            part.delimiters[-1] = View(self.buffer, part.delimiters[-1].start, end)
        message, position = self._read_header(end)
        return self._enter(self._add(message, part), position)

    def _repeats(self, part: Part, line: _Line) -> bool:
        """Say whether nothing stands between two delimiters, and take back the part there.

        The line end before a delimiter belongs to it, so there is no room for a part. Of many in
        a row the first is noted.
        """
        if not part.delimiters or part.delimiters[-1].end != line[0]:
            return False
        part.parts.pop()
        noted = part.defects[-1] if part.defects else None
        row = part.delimiters[-1].start
        if noted is None or noted.sort != mime.REPEATED_DELIMITER or noted.view.start < row:
            part.defects.append(Defect(mime.REPEATED_DELIMITER, View(self.buffer, *line[:2])))
        return True

    def _note_padding(self, part: Part, line: _Line) -> None:
        start, stop, _ = line
        if self.data[stop - 1] in b" \t":
            text = len(self.data[start:stop].rstrip(b" \t"))
            part.defects.append(
                Defect(mime.DELIMITER_PADDING, View(self.buffer, start + text, stop))
            )

    def _read_header(self, start: int, *, nested: bool = False) -> tuple[Message, int]:
        """Read the header at *start*: up to an empty line, or to a delimiter in its stead.

        The message that is returned ends there; _finish lets it go on to its end.
        """
        empty, end = self._empty_line(start)
        position = start
        stopped = False
        while position < empty:
            line = self._dashes(position, empty)
            if line is None:
                break
            position = line[2]
            if self._delimits(line)[0] >= 0:
                position = line[0]
                end = max(start, self._break_before(position))
                stopped = True
                break
        context = self.context if nested else WIRE
        message = Message(View(self.buffer, start, end), context, self.separator)
        if not message.fields and message.unreadable and message.mbox is None:
            # No header at all: the part begins with its text.
            message.header, message.body = message.whole.sub(0, 0), message.whole
        return message, position if stopped else message.body.start

    def _empty_line(self, start: int) -> tuple[int, int]:
        """Return where the first empty line from *start* on starts and ends.

        What was found for an earlier place is kept, as it may serve for many later ones.
        """
        if self.empty[0] < start:
            first, later = _EMPTY_LINE[self.separator]
            found = first.compiled.match(self.data, start, self.end)
            if found is not None:
                self.empty = found.span()
            else:
                found = later.search(self.data, start, self.end)
                self.empty = found.span(1) if found else (self.end, self.end)
        return self.empty

    # -- Parts end -------------------------------------------------------------------------

    def _end(self, level: int, line: _Line) -> int:
        """Close the multipart at *level* of the stack."""
        part, (start, stop, end) = self.stack[level], line
        first = self._finish(level + 1, self._break_before(start))
        self._note_padding(part, line)
        if self._repeats(part, line):
            first = start
        part.close = View(self.buffer, first, end)
        if not part.parts:
            part.defects.append(Defect(mime.NO_PARTS, View(self.buffer, start, stop)))
        self._forget(part)
        return end

    def _forget(self, part: Part) -> None:
        """Take no more delimiters for *part*."""
        boundary = part.boundary or b""
        levels = self.open[boundary]
        levels.pop()
        if not levels:
            del self.open[boundary]

    def _finish(self, level: int, end: int) -> int:
        """End what the stack holds from *level* on, at *end*, and return where it does.

        The empty line that ends a header may stand right before the delimiter. It is the
        header's then, so that parts begin and end in order.
        """
        last = self.stack[-1]
        end = max(end, last.body.start if last.close is None else self._text_end(last.close))
        cut_off = False
        for part in self.stack[level:]:
            message = part.message
            message.whole = View(self.buffer, message.whole.start, end)
            message.body = View(self.buffer, message.body.start, end)
            if part.boundary is None:
                continue
            if part.close is not None:
                self._finish_closed(part, part.close, end)
            else:
                # Where the file ends early, all that is open lacks its end for one reason.
                told = cut_off and level == 0
                cut_off = self._finish_open(part, told=told) or cut_off
        for part in reversed(self.stack[level:]):
            if part.boundary is not None and part.close is None:
                self._forget(part)
        del self.stack[level:]
        if self.stack and not self.stack[-1].delimiters:
            self.stack[-1].preamble = View(self.buffer, self.stack[-1].body.start, end)
        return end

    def _finish_open(self, part: Part, *, told: bool) -> bool:
        """End a multipart that is not closed. Say whether it has delimiters."""
        if part.delimiters:
            if not told:
                start = part.delimiters[-1].start
                line = self._dashes(start + len(self._line_end(start)))
                view = part.delimiters[-1] if line is None else View(self.buffer, *line[:2])
                part.defects.append(Defect(mime.NOT_CLOSED, view))
            return True
        part.preamble = part.body
        if not told or bytes(part.body).strip():
            named = part.content_type and part.content_type.get(b"boundary")
            part.defects.append(Defect(mime.NOT_SEEN, named or part.body))
        return False

    def _line_end(self, start: int) -> bytes:
        """Return the line end that stands at *start*, or nothing."""
        for octets in (b"\r\n", self.separator):
            if self.data.startswith(octets, start):
                return octets
        return b""

    def _text_end(self, close: View) -> int:
        """Return where a close-delimiter ends without the line end behind it."""
        stop = close.end
        if stop > close.start and self.data[stop - 1 : stop] == self.separator:
            stop = self._break_before(stop)
        return stop

    def _finish_closed(self, part: Part, close: View, end: int) -> None:
        """Give a closed multipart its epilogue, where its close-delimiter has a line end."""
        if self._text_end(close) == close.end or close.end > end:
            part.close = View(self.buffer, close.start, end)
            return
        part.epilogue = View(self.buffer, close.end, end)
        octets = bytes(part.epilogue)
        start, stop = len(octets) - len(octets.lstrip()), len(octets.rstrip())
        told = any(defect.sort == mime.DELIMITER_BEHIND_CLOSE for defect in part.defects)
        if start < stop and not told:
            part.defects.append(Defect(mime.EPILOGUE, part.epilogue.sub(start, stop)))
