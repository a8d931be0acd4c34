"""What a dialect reads a file into: utterances, and blocks of content."""

from __future__ import annotations

from smtp_lsp.text.span import Span
from smtp_lsp.text.view import Buffer, Joiner, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT = 0
SERVER = 1
UNKNOWN = 2
REMARK = 3

DOT = "dot"
OTHER_SIDE = "other side"
END_OF_FILE = "end of file"
OCTETS = "octets"


class Utterance(View):
    """One line that somebody said, without prefix and terminator."""

    __slots__ = ("who",)

    def __init__(self, buffer: Buffer, start: int, end: int, who: int) -> None:
        self.buffer = buffer
        self.start = start
        self.end = end
        self.who = who


class Boundary:
    """Where another session begins, as the log tells: what comes next owes nothing to the last."""

    __slots__ = ()


class Content:
    """A block of message content as the client sent it, one node however long it is.

    ``dot`` is the line that ended it, where one did; ``ending`` says what did: the dot, the
    server speaking up, the end of the record, or the octet count of BDAT. The block itself
    lies in ``stretch`` where its octets stand together, otherwise its lines are listed.
    """

    __slots__ = ("_view", "dot", "ending", "listed", "prefix", "stretch")

    def __init__(
        self,
        stretch: View,
        dot: Utterance | None,
        ending: str,
        *,
        prefix: bytes = b"",
        listed: list[Utterance] | None = None,
    ) -> None:
        self.stretch = stretch
        self.dot = dot
        self.ending = ending
        self.prefix = prefix
        self.listed = listed
        self._view: View | None = None

    @property
    def view(self) -> View:
        """The content's octets, dot-stuffing and terminators kept, prefixes taken off."""
        if self._view is None:
            if self.listed is not None:
                self._view = _joined(self.listed)
            elif self.prefix:
                self._view = _stripped(self.stretch, self.prefix)
            else:
                self._view = self.stretch
        return self._view

    def span(self) -> Span:
        """Where the content lies in the file, from its first octet to its last."""
        if self.listed is not None:
            if not self.listed:
                return self.stretch.span()
            return Span(self.listed[0].span().start, self.listed[-1].span().end)
        return self.stretch.span()

    def lines(self) -> Iterator[Utterance]:
        """Yield the lines of the content, the ending dot not among them."""
        if self.listed is not None:
            yield from self.listed
            return
        view = self.view
        data, position, end = view.buffer.data, view.start, view.end
        separator = b"\n" if b"\n" in data else b"\r"
        while position < end:
            stop = data.find(separator, position, end)
            stop = end if stop < 0 else stop
            yield Utterance(view.buffer, position, _trimmed(data, position, stop), CLIENT)
            position = stop + 1

    def __bool__(self) -> bool:
        return bool(self.listed) if self.listed is not None else len(self.stretch) > 0

    def until(self, count: int) -> Content:
        """Return the first *count* lines of this content, as content without an ending dot."""
        lines: list[Utterance] = []
        for line in self.lines():
            if len(lines) == count:
                break
            lines.append(line)
        return Content(self.stretch, None, self.ending, listed=lines)


def _trimmed(data: bytes, start: int, end: int) -> int:
    """Return where the line that ends before *end* ends without its CRs."""
    while end > start and data[end - 1] == 13:
        end -= 1
    return end


def _joined(lines: list[Utterance]) -> View:
    joiner = Joiner()
    for line in lines:
        data, end = line.buffer.data, line.end
        stop = data.find(b"\n", end, end + 4)
        stop = stop + 1 if stop >= 0 and not data[end:stop].strip(b"\r") else end
        joiner.add(data[line.start : stop], line.span().start, line.buffer.origin_end(stop))
        if stop == end:
            joiner.add(b"\n", line.buffer.origin_end(end), line.buffer.origin_end(end))
    return joiner.view()


def _stripped(stretch: View, prefix: bytes) -> View:
    """Return *stretch*, whose every line begins with *prefix*, without it."""
    data, position, end = stretch.buffer.data, stretch.start, stretch.end
    joiner = Joiner(stretch.buffer)
    skip = len(prefix)
    while position < end:
        stop = data.find(b"\n", position, end) + 1 or end
        joiner.add(data[position + skip : stop], position + skip, stop)
        position = stop
    return joiner.view()
