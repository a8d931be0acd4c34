"""Reading dialects that show octets rather than lines: raw captures, decoded reprs.

The octets lie in one buffer, cut into segments of one side each. A capture without any
prefix is a single segment whose side nobody tells.
"""

from __future__ import annotations

from smtp_lsp.dialects import remark
from smtp_lsp.dialects.reading import CONTENT, LINE_ENDS, Reading
from smtp_lsp.dialects.utterance import (
    CLIENT,
    DOT,
    END_OF_FILE,
    OCTETS,
    OTHER_SIDE,
    REMARK,
    SERVER,
    UNKNOWN,
    Content,
    Utterance,
)
from smtp_lsp.grammar import Production
from smtp_lsp.text.ahead import Ahead, AheadMatch
from smtp_lsp.text.source import line_separator
from smtp_lsp.text.view import Buffer, Joiner, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Segment = tuple[int, int, int]

# What tells that the connection was over, or another one begun, though no dot had come.
_RESUMED = Production(
    rb"(?m)^(?:Connection closed(?: by foreign host)?\."
    rb"|Trying [0-9A-Fa-f.:]{3,45}(?:\.\.\.)?|\^\])\r*$"
)
_REPLY = Production(rb"(?m)^[2-5][0-9]{2}(?:[ -]|\r*$)")


class Stream:
    """The lines of segments ``(who, start, end)``, which lie in order in *buffer*.

    *whole* says that each line of *buffer* is a piece of a line of the file, so that it may be
    a comment or end in one. *stuffed* says that dots are shown as they were sent: where they
    are not, the content may hold lone dots, and ends at the last one before the server speaks.
    """

    def __init__(
        self,
        reading: Reading,
        buffer: Buffer,
        segments: list[Segment],
        *,
        whole: bool = True,
        stuffed: bool = True,
    ) -> None:
        self.reading = reading
        self.buffer = buffer
        self.whole = whole
        self.stuffed = stuffed
        self.exact = bool(reading.dialect.shows & LINE_ENDS)
        self.data = buffer.data
        self.segments = segments
        self.index = 0
        self.position = segments[0][1] if segments else 0
        self.separator = line_separator(self.data)
        self.dots = Ahead(self.data, self.separator + b".")
        self.resumed = AheadMatch(self.data, _RESUMED.search)
        self.replies = AheadMatch(self.data, _REPLY.search)

    def __iter__(self) -> Iterator[Utterance | Content]:
        reading = self.reading
        while True:
            if reading.content_from is not None:
                begun, octets = reading.content_from, reading.octets
                reading.content_from = None
                early = isinstance(begun, Utterance)
                if isinstance(begun, Utterance):
                    self._rewind(begun)
                yield self._chunk(octets) if octets >= 0 else self._content(early=early)
                continue
            if not self._settle():
                return
            yield self._next()

    def _settle(self) -> bool:
        """Step over segments that are used up; say whether one is left."""
        while self.index < len(self.segments) and self.position >= self.segments[self.index][2]:
            self.index += 1
            if self.index < len(self.segments):
                self.position = self.segments[self.index][1]
        return self.index < len(self.segments)

    def _rewind(self, utterance: Utterance) -> None:
        self.position = utterance.start
        if self.whole:
            self.reading.forget_directives(utterance.span().start)
        while self.index and (
            self.index >= len(self.segments) or self.segments[self.index][1] > self.position
        ):
            self.index -= 1

    def _bounds(self, start: int, limit: int) -> tuple[int, int]:
        data = self.data
        stop = data.find(self.separator, start, limit)
        following = limit if stop < 0 else stop + 1
        stop = limit if stop < 0 else stop
        while stop > start and data[stop - 1] == 13:
            stop -= 1
        return stop, following

    def _next(self) -> Utterance:
        who, _, limit = self.segments[self.index]
        start = self.position
        stop, self.position = self._bounds(start, limit)
        if stop > start:
            stop = remark.without(self.data, start, stop)
        if self.whole:
            end = self._without_directive(start, stop)
            if self.data[start : start + 1] == b"#" or (end < stop and end == start):
                return Utterance(self.buffer, start, stop, REMARK)
            stop = end
        if who == UNKNOWN and (b"\b" in self.data[start:stop] or b"\x7f" in self.data[start:stop]):
            return self._edited(start, stop)
        return Utterance(self.buffer, start, stop, who)

    def _without_directive(self, start: int, stop: int) -> int:
        """Note a directive in a line of the buffer; return where the text before it ends."""
        place = self.buffer.offset_in(self.reading.buffer, start)
        return start + self.reading.without_directive(place, place + stop - start) - place

    def _edited(self, start: int, stop: int) -> Utterance:
        """Return a typed line as its backspaces left it."""
        kept: list[int] = []
        for offset in range(start, stop):
            if self.data[offset] not in (8, 127):
                kept.append(offset)
            elif kept:
                kept.pop()
        joiner = Joiner(self.buffer)
        for offset in kept:
            joiner.add(self.data[offset : offset + 1], offset, offset + 1)
        view = joiner.view()
        return Utterance(view.buffer, view.start, view.end, UNKNOWN)

    def _content(self, *, early: bool) -> Content:
        """Take the content; what is sent *early*, before its 354, is interrupted by that."""
        if not self._settle() or self.segments[self.index][0] == SERVER:
            ending = OTHER_SIDE if self.index < len(self.segments) else END_OF_FILE
            return Content(View(self.buffer, self.position, self.position), None, ending)
        start, limit, ending = self.position, self._limit(), OTHER_SIDE
        if limit >= self.segments[-1][2]:
            ending = END_OF_FILE
        found = self._dot(start, limit)
        unknown = self.segments[self.index][0] == UNKNOWN
        if found and not (early and unknown and self.replies.at(start) < found[0].start):
            dot, following = found
            if not unknown or not self._resumed(start, dot):
                self._advance(following)
                return Content(View(self.buffer, start, dot.start), dot, DOT)
        if unknown:
            limit, ending = self._unended(start, limit)
        self._advance(limit)
        return Content(View(self.buffer, start, limit), None, ending)

    def _limit(self) -> int:
        """Return where the client's segments from the current one on end."""
        last = self.index
        who = self.segments[self.index][0]
        while last + 1 < len(self.segments) and self.segments[last + 1][0] == who:
            last += 1
        return self.segments[last][2]

    def _advance(self, position: int) -> None:
        while self.index < len(self.segments) and position >= self.segments[self.index][2]:
            self.index += 1
        self.position = position
        if self.index < len(self.segments):
            self.position = max(position, self.segments[self.index][1])

    def _dot(self, start: int, limit: int) -> tuple[Utterance, int] | None:
        """Return the first line of a lone dot from *start* on, and where the next line is."""
        if not self.stuffed and self.segments[self.index][0] != UNKNOWN:
            start = self._last_dot(start, limit)
        if self.exact:
            start = self._true_end(start, limit)
        at = start if self.data[start : start + 1] == b"." else self.dots.at(start - 1) + 1
        while at < limit:
            stop, following = self._bounds(at, limit)
            if self.data.startswith(b". # smtp-lsp:", at):
                self._without_directive(at, stop)
                stop = at + 1
            if stop == at + 1:
                return Utterance(self.buffer, at, stop, CLIENT), following
            at = self.data.find(self.separator + b".", at, limit) + 1
            if not at:
                return None
        return None

    def _true_end(self, start: int, limit: int) -> int:
        """Return where the dot between two CRLFs stands, if there is one, otherwise *start*.

        Where the octets of the wire are shown, a dot between other line ends ends the content
        only for a server that is lax, and nobody else.
        """
        if self.data.startswith(b".\r\n", start):
            return start
        at = self.data.find(b"\r\n.\r\n", start, limit)
        return at + 2 if at >= 0 else start

    def _last_dot(self, start: int, limit: int) -> int:
        """Return where the last line of a lone dot begins, or *start*."""
        end = limit
        while (at := self.data.rfind(self.separator + b".", start, end)) >= 0:
            stop, _ = self._bounds(at + 1, limit)
            if stop == at + 2:
                return at + 1
            end = at + 1
        return start

    def _resumed(self, start: int, dot: Utterance) -> bool:
        """Say whether another session begins before *dot*, which is then the end of that one.

        A message may quote a whole session, but then it has stuffed that one's dot.
        """
        at = self.resumed.at(start)
        if at >= dot.start:
            return False
        quoted = self.data.find(b"\n..", at, dot.start)
        return quoted < 0 or self.data.find(b"\n354", at, dot.start) < 0

    def _unended(self, start: int, limit: int) -> tuple[int, str]:
        """Return where content that no dot ended stops: at the server's next words, if any."""
        limit = min(limit, self.resumed.at(start))
        reply = self.replies.at(start)
        return (reply, OTHER_SIDE) if reply < limit else (limit, END_OF_FILE)

    def _chunk(self, octets: int) -> Content:
        """Take *octets*, each bare LF counted as the two octets it was on the wire."""
        if not self.reading.dialect.shows & CONTENT:
            return Content(View(self.buffer, self.position, self.position), None, OCTETS)
        if not self._settle() or self.segments[self.index][0] == SERVER:
            return Content(View(self.buffer, self.position, self.position), None, OCTETS)
        start, limit = self.position, self._limit()
        end = min(start + octets, limit)
        bare = self.data.count(b"\n", start, end) != self.data.count(b"\r\n", start, end)
        if bare and not self.exact:
            end = self._count_lines(start, octets, limit)
        self._advance(end)
        return Content(View(self.buffer, start, end), None, OCTETS)

    def _count_lines(self, start: int, octets: int, limit: int) -> int:
        """Return where *octets* from *start* on end, a bare LF counted as CRLF."""
        position = start
        while octets > 0 and position < limit:
            stop = self.data.find(b"\n", position, limit)
            if stop < 0:
                return min(position + octets, limit)
            bare = stop == position or self.data[stop - 1] != 13
            length = stop - position + (2 if bare else 1)
            if length > octets:
                return min(position + octets, stop)
            octets -= length
            position = stop + 1
        return position
