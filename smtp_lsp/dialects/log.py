"""Reading what programs log: lines that a pattern finds among others, session by session.

A dialect of this kind is a pattern for one line, whose last group tells what the line is:

=========  ==========================================================================
``a b``    what either side says; which is the server is told by who says reply codes
``c d``    as ``a`` and ``b``, where the dialect needs a second way to write them
``u``      said by one of the two, and the line does not tell by which
``k``      one more line by whoever spoke in the line before
``w``      more of the line before, which the program wrapped
``l``      content if the server has just asked for it, otherwise a note
``n``      a note of the program's
``o``      a note that a connection begins: what is said next is another session
=========  ==========================================================================

A number may follow the letter where a pattern needs a group twice. A group ``key`` in front of
them tells whose line it is (a process, a connection, a peer), or several whose names begin so;
content without any is for whom the server last asked. The sessions that lie interleaved in the
file are put together again, in the order in which they begin. Octets keep their way back to the
file, whatever was unescaped or taken apart.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import directive
from smtp_lsp.dialects.reading import STUFFING, Dialect, Reading
from smtp_lsp.dialects.stream import Stream
from smtp_lsp.dialects.utterance import CLIENT, REMARK, SERVER, UNKNOWN, Boundary
from smtp_lsp.grammar import speech
from smtp_lsp.text.source import line_separator
from smtp_lsp.text.view import Buffer, Derived, Joiner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from smtp_lsp.dialects.utterance import Content, Utterance

    Piece = tuple[int, int] | tuple[int, int, bytes]
    Pieces = Callable[[bytes, int, int], Iterable[Piece]]
    Decode = Callable[[bytes, int, int, Joiner], None]

_FIRST = frozenset("acr")
_ASKED = re.compile(rb"354(?:[ -]|$)")
_BEHIND = rb")[ \t]*(?:#[ \t]*smtp-lsp:[^\r\n]*)?\r*$"


class Told:
    """What one connection was heard to say: octets, and which group of the pattern said them."""

    __slots__ = ("asked", "joiner", "pending", "segments", "votes")

    def __init__(self, buffer: Buffer) -> None:
        self.joiner = Joiner(buffer)
        self.segments: list[tuple[str, int, int]] = []
        self.pending: tuple[int, int] | None = None  # where the last line's terminator stands
        self.asked = False  # the server waits for content
        self.votes: dict[str, int] = {}

    def line(self, group: str, data: bytes, pieces: Iterable[Piece], end: int = -1) -> None:
        """Append lines said by *group*, each an extent of *data*.

        A piece may bring octets that the program left out in front of it. What the program
        wrote behind the last of them ends at *end*.
        """
        for start, stop, *omitted in pieces:
            self.end_line(data)
            self._open(group)
            for octets in omitted:
                self.joiner.add(octets, start, start)
            self.joiner.add(data[start:stop], start, stop)
            self.pending = (stop, stop)
            self.note(group, b"".join(omitted) + data[start:stop])
        if self.pending is not None:
            stop = max(end, self.pending[0])
            self.pending = (stop, terminated(data, stop))

    def octets(
        self,
        group: str,
        data: bytes,
        start: int,
        stop: int,
        decode: Decode,
        *,
        chunks: bool = False,
    ) -> None:
        """Append what ``data[start:stop]`` stands for, line ends included.

        Of *chunks* of content, one may end within a line.
        """
        self.end_line(data)
        self._open(group)
        parts = len(self.joiner.parts)
        decode(data, start, stop, self.joiner)
        said = b"".join(self.joiner.parts[parts:])
        if not said.endswith((b"\n", b"\r")) and not (chunks and self.asked):
            self.joiner.add(b"\r\n", stop, stop)
        self.note(group, said.split(b"\r\n", 1)[0])

    def more(self, data: bytes, start: int, stop: int) -> None:
        """Append more of the last line, which the program wrapped."""
        self.pending = (stop, terminated(data, stop))
        word = self.joiner.parts[-1].rsplit(None, 1)[-1:] if self.joiner.parts else []
        if not (word and speech.is_base64(word[0])):
            self.joiner.add(b" ", start, start)
        self.joiner.add(data[start:stop], start, stop)

    def note(self, group: str, text: bytes) -> None:
        """Count for which side *text* speaks, and whether it asks for content."""
        if group == "l":
            self.asked = self.asked and text != b"."
            return
        if speech.is_reply(text):
            if not self.asked or text[:1] in b"245":
                self.votes[group] = self.votes.get(group, 0) + 1
            self.asked = _ASKED.match(text) is not None
        elif not self.asked and speech.command(text).likely:
            self.votes[group] = self.votes.get(group, 0) - 1

    def begin(self, group: str, data: bytes) -> None:
        """Have what is added to the joiner next be said by *group*."""
        self.end_line(data)
        self._open(group)

    def _open(self, group: str) -> None:
        size = self.joiner.size
        if not self.segments or self.segments[-1][0] != group:
            self.segments.append((group, size, size))

    def end_line(self, data: bytes) -> None:
        """Append the terminator of the last line, which stands behind all that was added to it."""
        if self.pending is not None:
            stop, following = self.pending
            end = data[stop:following].lstrip(b' \t"')
            self.joiner.add(end or b"\n", following - len(end), following)
            self.pending = None
        if self.segments:
            group, begin, _ = self.segments[-1]
            self.segments[-1] = (group, begin, self.joiner.size)


class Log:
    """Finds the lines of a dialect in a file and sorts them by connection.

    ``pieces`` takes what was said apart into lines, where the program glued several together;
    ``decode`` undoes the escapes of a literal. ``loose`` says that content is logged without
    any prefix; ``bare`` that nothing has one, so that between a 354 and a lone dot all is content.
    ``chunks`` says that literals are what was read or written at once, so that the
    lines of content go on from one to the next. ``mixed`` says that other protocols stand in
    the same log: connections in which no reply is heard are left out. ``fragments`` says that
    each command stands alone with what it was told. ``signature`` reads where that of the
    dialect, by which it is told, counts lines as said that only go on with others. ``sides``
    are the groups as a whole file tells them, for what a single connection does not.
    """

    def __init__(
        self,
        dialect: Dialect,
        *,
        pieces: Pieces | None = None,
        decode: Decode | None = None,
        loose: bool = False,
        bare: bool = False,
        chunks: bool = False,
        mixed: bool = False,
        fragments: bool = False,
        signature: bytes = b"",
    ) -> None:
        self.bare = bare
        self.fragments = fragments
        self.chunks = chunks
        self.mixed = mixed
        self.pieces = pieces
        self.decode = decode
        self.loose = loose
        self.pattern = re.compile(rb"(?m)^(?:" + (signature or dialect.signature) + _BEHIND)
        self.keys = [name for name in self.pattern.groupindex if name.startswith("key")]

    def told(self, reading: Reading, buffer: Buffer) -> list[Told]:
        """Return what each connection said, in the order in which they begin."""
        data = buffer.data
        directed = directive.MARK in data
        found: list[Told] = []
        open_: dict[bytes, Told] = {}
        last: Told | None = None
        asked: Told | None = None  # who was last asked for content
        last_group, last_end, note_end = "", -1, -1
        for match in self.pattern.finditer(data):
            name = match.lastgroup
            key = b""
            if name is None:
                continue
            group = name.rstrip("0123456789")
            if self.loose and last is not None and last.asked:
                begin = max(last_end, note_end)
                last.line("l", data, _lines(data, begin, match.start()))
            if group == "n":
                note_end = terminated(data, match.end())
                continue
            if self.keys:
                key = b"\0".join(match[name] or b"" for name in self.keys)
                if name in self.keys:
                    continue
            if group == "o":
                open_.pop(key, None)
                last = None
                continue
            start, stop = match.span(name)
            if directed and not (last is not None and last.asked):
                reading.without_directive(stop, match.end())
                stop = reading.without_directive(start, stop)
            if group in "kw":
                if last is None or last_end != match.start():
                    continue
                if key.strip(b"\0") and open_.get(key) is not last:
                    continue
                if group == "w":
                    last.more(data, start, stop)
                else:
                    last.line(last_group, data, self._pieces(data, start, stop), match.end())
                last_end = terminated(data, match.end())
                continue
            if self.fragments and group in "ac":
                open_.pop(key, None)
            now = open_.get(key)
            if self.bare and now is not None and now.asked:
                group = "l"
            if group == "l" and now is None and not key.strip(b"\0"):
                now = asked
            if group == "l" and (now is None or not now.asked):
                continue
            if now is None:
                now = open_[key] = Told(buffer)
                found.append(now)
            if self.decode is not None and group != "l":
                now.octets(group, data, start, stop, self.decode, chunks=self.chunks)
            else:
                now.line(group, data, self._pieces(data, start, stop), match.end())
            last, last_group, last_end = now, group, terminated(data, match.end())
            if now.asked:
                asked = now
        for now in found:
            now.end_line(data)
        if self.mixed:
            found = [now for now in found if any(count > 0 for count in now.votes.values())]
        return found

    def _pieces(self, data: bytes, start: int, stop: int) -> Iterable[Piece]:
        while stop > start and data[stop - 1] == 13:
            stop -= 1
        return ((start, stop),) if self.pieces is None else self.pieces(data, start, stop)


def sessions(reading: Reading, log: Log) -> Iterator[Utterance | Content | Boundary]:
    """Read the file of *reading* as *log* finds it, one connection behind the other."""
    buffer = reading.buffer
    if line_separator(buffer.data) == b"\r":
        buffer = Derived(buffer.data.replace(b"\r", b"\n"), [0], [0], [len(buffer.data)], buffer)
    if directive.MARK in buffer.data:
        buffer = _undirected(reading, buffer)
    told = log.told(reading, buffer)
    common = _sides(told)
    for now in told:
        yield Boundary()
        view = now.joiner.view()
        sides = _sides_of(now, common)
        segments = _segments(now, sides)
        yield from Stream(
            reading,
            view.buffer,
            segments,
            whole=False,
            stuffed=bool(reading.dialect.shows & STUFFING),
        )


def _undirected(reading: Reading, buffer: Buffer) -> Buffer:
    """Note the comments in lines of their own and leave them out: they interrupt nobody."""
    data, joiner, position = buffer.data, Joiner(buffer), 0
    for match in directive.ALONE.compiled.finditer(data):
        start, stop = match.span()
        place = buffer.offset_in(reading.buffer, start)
        reading.without_directive(place, place + stop - start)
        joiner.add(data[position:start], position, start)
        position = terminated(data, stop)
    joiner.add(data[position:], position, len(data))
    return joiner.view().buffer


def _segments(now: Told, sides: dict[str, int]) -> list[tuple[int, int, int]]:
    """Return the segments of a connection with their sides, neighbours of one side as one."""
    joined: list[tuple[int, int, int]] = []
    for group, begin, end in now.segments:
        who = UNKNOWN if group == "u" else CLIENT if group == "l" else sides.get(group, REMARK)
        if joined and joined[-1][0] == who and joined[-1][2] == begin:
            joined[-1] = (who, joined[-1][1], end)
        else:
            joined.append((who, begin, end))
    return joined


def _sides(told: list[Told]) -> dict[str, int]:
    """Return which group is which side in most of the connections of a file."""
    votes: dict[str, int] = {}
    for now in told:
        for group, count in now.votes.items():
            votes[group] = votes.get(group, 0) + count
    return _elected(votes, {"a": CLIENT, "b": SERVER, "c": CLIENT, "d": SERVER, "r": SERVER})


def _sides_of(now: Told, common: dict[str, int]) -> dict[str, int]:
    """Return which group is which side in one connection: programs flip by their role."""
    return _elected(now.votes, common)


def _elected(votes: dict[str, int], otherwise: dict[str, int]) -> dict[str, int]:
    """Return the sides that *votes* tell; where they do not tell, the others decide by it."""
    sides = {}
    first = sum(count for group, count in votes.items() if group in _FIRST)
    second = sum(count for group, count in votes.items() if group not in _FIRST)
    if first == second:
        return dict(otherwise)
    server_first = first > second
    for group, usual in otherwise.items():
        is_first = group in _FIRST
        sides[group] = SERVER if is_first == server_first else CLIENT
        if not votes:
            sides[group] = usual
    return sides


def _lines(data: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield the extents of the lines between *start* and *stop*, terminators left out."""
    while start < stop:
        end = data.find(b"\n", start, stop)
        following = stop if end < 0 else end + 1
        end = stop if end < 0 else end
        while end > start and data[end - 1] == 13:
            end -= 1
        yield start, end
        start = following


def terminated(data: bytes, stop: int) -> int:
    """Return where the line whose text ends at *stop* ends with its terminator."""
    end = data.find(b"\n", stop, stop + 8)
    return end + 1 if end >= 0 and not data[stop:end].strip(b'\r \t"') else stop


def glued(data: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Take apart ``250-PIPELINING250-SIZE 10240000250 HELP``: the first line's code tells where.

    Only a reply that promises more lines is taken apart.
    """
    code = data[start : start + 3]
    if not (code.isdigit() and data[start + 3 : start + 4] == b"-"):
        yield start, stop
        return
    begin, at = start, start + 4
    while True:
        at = data.find(code, at, stop)
        if at < 0:
            break
        if data[at + 3 : at + 4] in (b"-", b" ") and at + 3 < stop:
            yield begin, at
            last = data[at + 3 : at + 4] == b" "
            begin = at
            if last:
                break
        at += 3
    yield begin, stop


def separated(mark: bytes) -> Pieces:
    """Return what takes apart lines that the program wrote with *mark* between them."""

    def pieces(data: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
        first = start
        while True:
            at = data.find(mark, start, stop)
            if at < 0:
                break
            if at > first:
                yield start, at
            start = at + len(mark)
        if start < stop:
            yield start, stop

    return pieces
