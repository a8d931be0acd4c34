"""Raw messages: tolerant, lossless, with spans on everything (RFC 5322)."""

from __future__ import annotations

from smtp_lsp.grammar import Production
from smtp_lsp.text.view import Buffer, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

STORED = "stored"
WIRE = "wire"
DRAFT = "draft"
CONTEXTS = (STORED, WIRE, DRAFT)

# field = field-name ":" unstructured CRLF, with blanks before the colon as people leave them
_FIELD_NAME = Production(rb"([!-9;-~]+)[ \t]*:")


class Field:
    """One header field: its name, its value with folding kept, and all its lines."""

    __slots__ = ("lines", "name", "value")

    def __init__(self, name: View, value: View, lines: View) -> None:
        self.name = name
        self.value = value
        self.lines = lines

    def __repr__(self) -> str:
        return f"<Field {bytes(self.name)!r}>"


class Message:
    """A message: its header fields, and its body behind the first empty line.

    ``unreadable`` holds the lines of the header block that are no field. Header, separator
    and body rejoin to the octets of the whole.
    """

    __slots__ = ("body", "context", "fields", "header", "unreadable", "whole")

    def __init__(self, whole: View, context: str = STORED) -> None:
        self.whole = whole
        self.context = context
        self.fields: list[Field] = []
        self.unreadable: list[View] = []
        self.header, self.body = _halves(whole)
        self._read_header()

    def _read_header(self) -> None:
        data = self.header.buffer.data
        first = last = None
        for start, stop, end in _lines(data, self.header.start, self.header.end):
            if data[start : start + 1] in (b" ", b"\t") and first is not None:
                last = (stop, end)
                continue
            self._add(first, last)
            first, last = start, (stop, end)
        self._add(first, last)

    def _add(self, start: int | None, last: tuple[int, int] | None) -> None:
        if start is None or last is None:
            return
        buffer = self.header.buffer
        stop, end = last
        found = _FIELD_NAME.match(buffer.data[start:stop])
        if found:
            name = View(buffer, start, start + found.end(1))
            value = View(buffer, start + found.end(), stop)
            self.fields.append(Field(name, value, View(buffer, start, end)))
        else:
            self.unreadable.append(View(buffer, start, stop))

    def field(self, name: str) -> Field | None:
        """Return the first field of that name, in any case."""
        wanted = name.lower().encode("ascii", "replace")
        return next((f for f in self.fields if bytes(f.name).lower() == wanted), None)

    def lone_dots(self) -> Iterator[View]:
        """Yield the lines that hold a period and nothing else (RFC 5321 4.5.2)."""
        data, start, end = self.whole.buffer.data, self.whole.start, self.whole.end
        at = start if data[start : start + 1] == b"." else _next_dot(data, start, end)
        while at >= 0:
            if at + 1 == end or data[at + 1] in b"\r\n":
                yield View(self.whole.buffer, at, at + 1)
            at = _next_dot(data, at, end)


def _next_dot(data: bytes, start: int, end: int) -> int:
    found = data.find(b"\n.", start, end)
    return found + 1 if found >= 0 else -1


def _lines(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield where each line starts, where its text stops, and where it ends."""
    position = start
    while position < end:
        stop = data.find(b"\n", position, end)
        following = end if stop < 0 else stop + 1
        stop = end if stop < 0 else stop
        while stop > position and data[stop - 1] == 13:
            stop -= 1
        yield position, stop, following
        position = following


def _halves(whole: View) -> tuple[View, View]:
    """Cut the message at its first empty line; without one it is all header."""
    buffer, data = whole.buffer, whole.buffer.data
    best = (whole.end, whole.end)
    for empty in (b"\n\n", b"\n\r\n"):
        limit = min(whole.end, best[0] + 3)
        at = data.find(empty, whole.start, limit)
        if at >= 0 and at + 1 < best[0]:
            best = (at + 1, at + len(empty))
    for empty in (b"\n", b"\r\n"):
        if data[whole.start : whole.start + len(empty)] == empty:
            best = (whole.start, whole.start + len(empty))
    return View(buffer, whole.start, best[0]), View(buffer, best[1], whole.end)


def parse(data: bytes, context: str = STORED) -> Message:
    """Return *data* as a message. Never fails; what is no field is kept as unreadable."""
    return Message(View(Buffer(data), 0, len(data)), context)


def looks_like(data: bytes) -> bool:
    """Say whether *data* begins as a message does: with two fields, or one and an end."""
    start = data.split(b"\n", 1)[0] if data[:5] in (b"From ", b">From") else b""
    head = data[len(start) :][:4000].lstrip(b"\r\n") if start else data[:4000]
    names = 0
    for begin, stop, _ in _lines(head, 0, len(head)):
        line = head[begin:stop]
        if not line:
            break
        if line[:1] in (b" ", b"\t") and names:
            continue
        if not _FIELD_NAME.match(line):
            return False
        names += 1
        if names == 2:
            return True
    return names == 1
