"""Reading dialects in which every line says who speaks, by a prefix."""

from __future__ import annotations

from smtp_lsp.dialects import remark
from smtp_lsp.dialects.reading import Reading
from smtp_lsp.dialects.utterance import (
    CLIENT,
    DOT,
    END_OF_FILE,
    OCTETS,
    OTHER_SIDE,
    REMARK,
    SERVER,
    Content,
    Utterance,
)
from smtp_lsp.grammar import Production, speech
from smtp_lsp.text.ahead import Ahead, AheadMatch
from smtp_lsp.text.source import line_separator
from smtp_lsp.text.view import Buffer, Joiner, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator


# Line ends that an author wrote as text, around the dot that ends the content or behind a
# command; or a remark behind that dot. Flag 2 is re.IGNORECASE.
_END = rb"(?:<CR><LF>|<CRLF>|\[CRLF\]|CRLF|\\r\\n)"
_WRITTEN_DOT = Production(
    rb"(?:"
    + _END
    + rb"[ \t]*\.[ \t]*"
    + _END
    + rb"?|\.[ \t]*"
    + _END
    + rb"|\.[ \t]+(?:<[-=]|\(end)[^\r\n]*)$",
    2,
)
_WRITTEN_ENDS = (b"<CR><LF>", b"<CRLF>", b"\\R\\N")
_WRITTEN_MARKS = (b"CRLF", b"crlf", b"<CR>", b"<cr>", b"\\r\\n")
_HEAD = 1 << 20
"""Octets in which an author who writes line ends down has done so at least once."""
_LOOSE_DOT = Production(rb"(?m)^[ \t]*\.\r*$")
_DIRECTED_DOT = b". # smtp-lsp:"


class Lines:
    """The lines of a prefixed dialect, one at a time, and content in one piece.

    ``wrapped`` says how a command goes on in the next line: by a backslash, by indentation,
    or not at all. ``loose`` takes lines without any prefix for content once 354 has come.
    """

    def __init__(
        self,
        reading: Reading,
        pattern: re.Pattern[bytes],
        *,
        backslash: bool = False,
        indented: bool = False,
        loose: bool = False,
    ) -> None:
        self.reading = reading
        self.match = pattern.match
        self.backslash = backslash
        self.indented = indented
        self.loose = loose
        self.buffer: Buffer = reading.buffer
        self.data = reading.buffer.data
        self.size = len(self.data)
        self.position = 0
        self.separator = line_separator(self.data)
        self.prefix = b""
        self.other = b""
        head = self.data[:_HEAD]
        self.written = loose and any(mark in head for mark in _WRITTEN_MARKS)
        self.tail = False  # behind content without prefixes: its author may go on
        self.answered = False  # the server has spoken since
        self.loose_dots = AheadMatch(self.data, _LOOSE_DOT.search)
        self.dots: Ahead | None = None
        self.others: Ahead | None = None

    def __iter__(self) -> Iterator[Utterance | Content]:
        reading = self.reading
        while True:
            if reading.content_from is not None:
                begun = reading.content_from
                octets = reading.octets
                reading.content_from = None
                if isinstance(begun, Utterance):
                    self.position = self._line_start(begun)
                    reading.forget_directives(self.buffer.origin(self.position))
                yield self._chunk(octets) if octets >= 0 else self._content()
                continue
            if reading.at_greeting is not None and self.other:
                self._pass_over(reading.at_greeting)
            if self.position >= self.size:
                return
            yield self._next()

    def _pass_over(self, at_greeting: Callable[[int, bytes, bytes], int]) -> None:
        """Let the walk pass over sessions that are like ones it knows."""
        greeting = self.other + b"220 "
        if self.prefix and self.data.startswith(greeting, self.position):
            self.position = at_greeting(self.position, self.prefix, self.other)

    def _line_start(self, utterance: Utterance) -> int:
        offset = utterance.buffer.offset_in(self.buffer, utterance.start)
        return self.data.rfind(self.separator, 0, offset) + 1

    def _bounds(self, start: int) -> tuple[int, int]:
        """Return where the line at *start* ends, and where the next one starts."""
        data = self.data
        stop = data.find(self.separator, start)
        if stop < 0:
            stop = following = self.size
        else:
            following = stop + 1
        while stop > start and data[stop - 1] == 13:
            stop -= 1
        return stop, following

    def _next(self) -> Utterance:
        start = self.position
        stop, self.position = self._bounds(start)
        utterance = self._utterance(start, stop)
        if self.tail and utterance.who == SERVER:
            self.answered = True
        elif self.tail and utterance.who == REMARK and self._is_tail(start, stop):
            return Utterance(self.buffer, start, stop, CLIENT)
        if utterance.who == CLIENT:
            self.tail = False
            if self.backslash and self.data[stop - 1 : stop] == b"\\":
                return self._unwrapped(utterance, 1)
            if self.indented and self._goes_on(start, self.position):
                return self._unwrapped(utterance, 0)
        return utterance

    def _utterance(self, start: int, stop: int) -> Utterance:
        match = self.match(self.data, start, stop)
        group = match.lastgroup if match else None
        comment = self.data[start : start + 1] == b"#"
        if match is None or group is None or group == "n" or comment:
            self.reading.without_directive(start, stop)
            return Utterance(self.buffer, start, stop, REMARK)
        who = self.reading.sides.get(group, REMARK)
        text = match.start(group)
        if who == CLIENT:
            if not self.prefix:
                self.prefix = self.data[start:text]
        elif who == SERVER and not self.other:
            self.other = self.data[start:text]
        stop = self.reading.without_directive(text, stop)
        stop = remark.without(self.data, text, stop)
        if self.written and who == CLIENT:
            stop = self._before_written_end(text, stop)
        return Utterance(self.buffer, text, stop, who)

    def _before_written_end(self, start: int, stop: int) -> int:
        """Return where the text ends before a line end that its author wrote as text."""
        last = self.data[max(start, stop - 8) : stop].upper()
        for end in _WRITTEN_ENDS:
            if last.endswith(end):
                return start + len(self.data[start : stop - len(end)].rstrip())
        return stop

    # -- commands that go on in the next line --------------------------------

    def _indent(self, start: int) -> int:
        data, position = self.data, start
        while data[position : position + 1] in (b" ", b"\t"):
            position += 1
        return position - start

    def _goes_on(self, start: int, following: int) -> bool:
        """Say whether the line at *following* is a deeper, unprefixed line with text."""
        if following >= self.size or self.data[following : following + 1] not in (b" ", b"\t"):
            return False
        stop, _ = self._bounds(following)
        indent = self._indent(following)
        return (
            following + indent < stop
            and indent >= self._indent(start) + 2
            and self.match(self.data, following, stop) is None
        )

    def _unwrapped(self, utterance: Utterance, cut: int) -> Utterance:
        """Return the command of *utterance* joined with the lines it goes on in."""
        data, joiner = self.data, Joiner(self.buffer)
        start, stop = utterance.start, utterance.end
        command = self._back(start)
        while True:
            text = data[start : stop - cut].rstrip() if cut else data[start:stop]
            joiner.add(text, start, start + len(text))
            more = bool(cut) or self._goes_on(command, self.position)
            if not more or self.position >= self.size:
                break
            end, following = self._bounds(self.position)
            if cut and self.match(data, self.position, end) is not None:
                break
            begin = self.position + self._indent(self.position)
            if not speech.is_base64(text):
                joiner.add(b" ", start + len(text), begin)
            start, stop, self.position = begin, end, following
            cut = 1 if data[stop - 1 : stop] == b"\\" else 0
            if self.backslash and not cut:
                text = data[start:stop]
                joiner.add(text, start, stop)
                break
        view = joiner.view()
        return Utterance(view.buffer, view.start, view.end, utterance.who)

    def _back(self, offset: int) -> int:
        return self.data.rfind(self.separator, 0, offset) + 1

    # -- content -------------------------------------------------------------

    def _content(self) -> Content:
        quick = self._quick_content()
        return quick if quick is not None else self._slow_content()

    def _quick_content(self) -> Content | None:
        """Take the content by two searches, where every line of it has the usual prefix."""
        prefix, other, start = self.prefix, self.other, self.position
        if not prefix or not other or self.separator != b"\n" or self.written:
            return None
        if self.dots is None or self.others is None:
            self.dots = Ahead(self.data, b"\n" + prefix + b".")
            self.others = Ahead(self.data, b"\n" + other[: len(other.rstrip()) or 1])
        limit = self.others.at(start - 1)
        dot = self.dots.at(start - 1)
        while dot < limit:
            at = dot + 1 + len(prefix)
            stop, following = self._bounds(at)
            if self.data.startswith(_DIRECTED_DOT, at):
                return None
            if stop == at + 1:
                if not self._is_uniform(start, dot + 1):
                    return None
                self.position = following
                lone = Utterance(self.buffer, at, stop, CLIENT)
                return Content(View(self.buffer, start, dot + 1), lone, DOT, prefix=prefix)
            dot = self.data.find(b"\n" + prefix + b".", at, limit)
            if dot < 0:
                return None
        return None

    def _is_uniform(self, start: int, end: int) -> bool:
        lines = self.data.count(b"\n", start, end)
        return lines == self.data.count(b"\n" + self.prefix, start - 1, end - 1)

    def _slow_content(self) -> Content:
        """Take the content line by line: lines of the client, or without any prefix."""
        lines: list[Utterance] = []
        begun = self.position
        loose: bool | None = None
        while self.position < self.size:
            start = self.position
            stop, following = self._bounds(start)
            line = self._content_line(start, stop)
            if line.who == SERVER:
                if not loose or speech.is_reply(bytes(line)):
                    return self._block(begun, start, lines, None, OTHER_SIDE)
                # `Sender: ...` in content without prefixes is a header field.
                line = Utterance(self.buffer, start, stop, CLIENT)
            if line.who == REMARK and not self._is_note(start, stop):
                if loose is None and self.loose:
                    loose = bool(stop > start)
                elif loose is False and self.loose and stop > start:
                    loose = self._goes_on_loose(start)
                if loose or (self.loose and lines and self._goes_on(begun, start)):
                    line = Utterance(self.buffer, start, stop, CLIENT)
            elif line.who == CLIENT and loose is None:
                loose = False
            self.position = following
            if line.who != CLIENT:
                continue
            dot = self._dot(line)
            if dot is not None:
                self.tail, self.answered = bool(loose), False
                return self._block(begun, start, lines, dot, DOT)
            lines.append(line)
        return self._block(begun, self.size, lines, None, END_OF_FILE)

    def _is_tail(self, start: int, stop: int) -> bool:
        """Say whether a line without prefix is the message's, going on behind its dot.

        It is if one more dot follows before anybody speaks, or if the server refuses it at
        once; anything else is the prose of a document.
        """
        text = self.data[start:stop].strip()
        if not text or text[:1] == b"#" or self.match(self.data, start, stop) is not None:
            return False
        if not self.answered:
            return self.loose_dots.at(start) < self._next_other(start)
        end, _ = self._bounds(self.position)
        following = self._content_line(self.position, end)
        return following.who == SERVER and bytes(following)[:1] == b"5"

    def _next_other(self, start: int) -> int:
        """Return where the server speaks next, or the end of the file."""
        if self.others is None:
            self.others = Ahead(self.data, b"\n" + self.other[: len(self.other.rstrip()) or 1])
        return min(self.size, self.others.at(max(0, start - 1)))

    def _goes_on_loose(self, start: int) -> bool:
        """Say whether only the first lines of the content have a prefix, and its dot has none."""
        if not self.other:
            return False
        dot = self.loose_dots.at(start)
        if dot >= self._next_other(start):
            return False
        return self.data.find(b"\n" + self.prefix.rstrip(), start, dot) < 0

    def _dot(self, line: Utterance) -> Utterance | None:
        """Return the dot where *line* ends the content, however its author wrote it down."""
        start, stop = line.start, line.end
        if stop - start == 1:
            return line if self.data[start] == 46 else None
        if self.data.startswith(_DIRECTED_DOT, start):
            self.reading.without_directive(start, stop)
            return Utterance(self.buffer, start, start + 1, CLIENT)
        if not self.loose or stop - start > 80:
            return None
        text = bytes(line)
        if b"." not in text[:12]:
            return None
        if _WRITTEN_DOT.match(text) is None:
            return None
        at = start + text.index(b".")
        return Utterance(self.buffer, at, at + 1, CLIENT)

    def _content_line(self, start: int, stop: int) -> Utterance:
        match = self.match(self.data, start, stop)
        group = match.lastgroup if match else None
        who = self.reading.sides.get(group, REMARK) if group else REMARK
        if match is None or group is None or group == "n":
            return Utterance(self.buffer, start, stop, REMARK)
        return Utterance(self.buffer, match.start(group), stop, who)

    def _is_note(self, start: int, stop: int) -> bool:
        match = self.match(self.data, start, stop)
        return match is not None and match.lastgroup == "n"

    def _block(
        self, start: int, end: int, lines: list[Utterance], dot: Utterance | None, ending: str
    ) -> Content:
        return Content(View(self.buffer, start, end), dot, ending, listed=lines)

    def _chunk(self, octets: int) -> Content:
        """Take the client's lines until *octets* are used up, each line end counted as two."""
        lines: list[Utterance] = []
        begun = self.position
        taken = 0
        vague = False
        while self.position < self.size and taken < octets:
            start = self.position
            stop, following = self._bounds(start)
            line = self._content_line(start, stop)
            if line.who == SERVER:
                return self._block(begun, start, lines, None, OTHER_SIDE)
            if line.who == CLIENT:
                text = bytes(line)
                if vague and speech.command(text).likely:
                    break
                vague = vague or speech.is_placeholder(text)
                taken += len(text) + 2
                if text[-8:] == b"<CR><LF>":
                    taken -= 8
                lines.append(line)
            self.position = following
        return self._block(begun, self.position, lines, None, OCTETS)
