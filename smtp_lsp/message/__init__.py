"""Raw messages: tolerant, lossless, with spans on everything (RFC 5322)."""

from __future__ import annotations

from smtp_lsp.grammar import Production
from smtp_lsp.text.source import line_separator
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

_EMPTY_LINE = {
    b"\n": (Production(rb"\r*\n"), Production(rb"\n(\r*\n)")),
    b"\r": (Production(rb"\r"), Production(rb"\r(\r)")),
}


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

    ``unreadable`` holds the lines of the header block that are no field, ``mbox`` the line
    with which a mail folder marks where a message begins. Header, separator and body rejoin to
    the octets of the whole. Lines end at LF, or at CR in a message without any LF. A stored
    message that says ``X-Unsent: 1`` is a draft. ``accepted`` says that a server took it.
    """

    __slots__ = (
        "_separator",
        "accepted",
        "body",
        "context",
        "fields",
        "header",
        "mbox",
        "unreadable",
        "whole",
    )

    def __init__(self, whole: View, context: str = STORED) -> None:
        self.whole = whole
        self.context = context
        self.accepted = False
        self.fields: list[Field] = []
        self.unreadable: list[View] = []
        self.mbox: View | None = None
        self._separator = line_separator(bytes(whole))
        self.header, self.body = _halves(whole, self._separator)
        self._read_header()
        if context == STORED and self._is_unsent():
            self.context = DRAFT

    def _read_header(self) -> None:
        data = self.header.buffer.data
        first = last = None
        for start, stop, end in self._lines():
            if start == self.whole.start and self.context != WIRE and _is_mbox(data, start):
                self.mbox = View(self.header.buffer, start, stop)
                continue
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

    def _is_unsent(self) -> bool:
        unsent = self.field("X-Unsent")
        return unsent is not None and bytes(unsent.value).strip() == b"1"

    def _lines(self) -> Iterator[tuple[int, int, int]]:
        header = self.header
        return _lines(header.buffer.data, header.start, header.end, self._separator)

    def header_lines(self) -> Iterator[View]:
        """Yield the lines of the header block, terminators left out."""
        for start, stop, _ in self._lines():
            yield View(self.header.buffer, start, stop)

    def longer_lines(self, limit: int) -> Iterator[View]:
        """Yield the lines of more than *limit* octets, terminators not counted.

        It looks once for each *limit* octets, not once for each line.
        """
        buffer, data, end = self.whole.buffer, self.whole.buffer.data, self.whole.end
        start, separator = self.whole.start, self._separator
        while start + limit < end:
            cut = data.rfind(separator, start, start + limit + 1)
            if cut < 0:
                cut = data.find(separator, start + limit, end)
                stop = _text_end(data, start, end if cut < 0 else cut)
                if stop - start > limit:
                    yield View(buffer, start, stop)
                if cut < 0:
                    return
            start = cut + 1

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


def _is_mbox(data: bytes, start: int) -> bool:
    folder = data.startswith((b"From ", b">From "), start)
    return folder and not _FIELD_NAME.match(data, start)


def _text_end(data: bytes, start: int, stop: int) -> int:
    """Return where the line that ends before *stop* ends without its CRs."""
    while stop > start and data[stop - 1] == 13:
        stop -= 1
    return stop


def _lines(
    data: bytes, start: int, end: int, separator: bytes = b"\n"
) -> Iterator[tuple[int, int, int]]:
    """Yield where each line starts, where its text stops, and where it ends."""
    position = start
    while position < end:
        stop = data.find(separator, position, end)
        following = end if stop < 0 else stop + 1
        stop = _text_end(data, position, end if stop < 0 else stop)
        yield position, stop, following
        position = following


def _halves(whole: View, separator: bytes = b"\n") -> tuple[View, View]:
    """Cut the message at its first empty line; without one it is all header."""
    buffer, data, end = whole.buffer, whole.buffer.data, whole.end
    first, later = _EMPTY_LINE[separator]
    at_once = first.compiled.match(data, whole.start, end)
    if at_once:
        return View(buffer, whole.start, whole.start), View(buffer, at_once.end(), end)
    found = later.search(data, whole.start, end)
    start, stop = found.span(1) if found else (end, end)
    return View(buffer, whole.start, start), View(buffer, stop, end)


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
