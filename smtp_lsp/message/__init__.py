"""Raw messages: tolerant, lossless, with spans on everything (RFC 5322).

A ``Message`` has ``fields``; ``message.named("to")`` are those of a name. A ``Field`` reads its
value when asked, by the module that knows the syntax, and tells what is wrong as ``Defect``, whose
``sort`` is a constant of the reader's module:

=================  ============================================  ==================================
``field.``         of                                            reader
=================  ============================================  ==================================
``addresses``      From, To, Sender ...                          ``address`` (also ``addr_spec``)
``path``           Return-Path                                   ``address.path``
``date``           Date, Resent-Date                             ``date``
``identifiers``    Message-ID, References ...                    ``identifier``
``received``       Received                                      ``received``
``tags``           DKIM-Signature, ARC-Seal ...                  ``taglist``
``results``        Authentication-Results                        ``results``
``uris``           List-Unsubscribe ...                          ``mailing_list``
``list_id``        List-Id                                       ``mailing_list``
``keyword``        Auto-Submitted, MIME-Version ...              ``keyword``
``encoded_words``  any                                           ``encoded_word``
``defects``        any, by its name                              as ``syntax`` says
``is_tidy()``      any: no defects, nor any encoded-word,        patterns in ``grammar``
                   told by one match
``text``           any, as a person reads it                     ``encoded_word``
=================  ============================================  ==================================

What any of them may stumble over (a quote left open, a control, octets that are no UTF-8) are
constants of ``lexis``.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production
from smtp_lsp.message.field import Field as Field
from smtp_lsp.message.syntax import BY_NAME
from smtp_lsp.text.lines import find_rare
from smtp_lsp.text.source import line_separator
from smtp_lsp.text.view import Buffer, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smtp_lsp.message.even import Stretch
    from smtp_lsp.session.tree import Exchange
    from smtp_lsp.text.source import Source

STORED = "stored"
WIRE = "wire"
DRAFT = "draft"
CONTEXTS = (STORED, WIRE, DRAFT)

# field = field-name ":" unstructured CRLF, with blanks before the colon as people leave them
_FIELD_NAME = Production(rb"([!-9;-~]+)[ \t]*:")

_NO_FIELDS: list[Field] = []

_EMPTY_LINE = {
    b"\n": (Production(rb"\r*\n"), Production(rb"\n(\r*\n)")),
    b"\r": (Production(rb"\r"), Production(rb"\r(\r)")),
}


# A field, or the lines in its place that are none, with what is folded. It always matches.
_UNITS = {
    b"\n": Production(
        rb"(?:([!-9;-~]++)[ \t]*+:)?([^\n]*+(?:\n[ \t][^\n]*+)*+)(?:\n|\Z)"
    ),
    b"\r": Production(
        rb"(?:([!-9;-~]++)[ \t]*+:)?([^\r]*+(?:\r[ \t][^\r]*+)*+)(?:\r|\Z)"
    ),
}  # fmt: skip


class Message:
    """A message: its header fields, and its body behind the first empty line.

    ``unreadable`` holds the lines of the header block that are no field, ``mbox`` the line
    with which a mail folder marks where a message begins. Header, separator and body rejoin to
    the octets of the whole. Lines end at LF, or at CR in a message without any LF. A stored
    message that says ``X-Unsent: 1`` is a draft. ``accepted`` says that a server took it,
    ``mail`` and ``rcpts`` are the commands of its envelope that no server refused, and
    ``recipients`` the paths of these, where a transcript shows that. ``chunked`` says
    that it came by BDAT; ``sketch`` that a person typed it or that a record cuts it off, so that
    its parts are not judged. ``charset`` is what raw text in the header is written in, where
    somebody has said so. ``is_loose`` says that white space stands before a field's colon
    (RFC 5322 4.5). ``source`` is the script that it stands in, None where it is a file
    of its own; ``recorded`` that it is evidence, or counted, and not to be altered.
    """

    __slots__ = (
        "_named",
        "_separator",
        "_syntaxes",
        "_untidy",
        "accepted",
        "body",
        "charset",
        "chunked",
        "context",
        "fields",
        "header",
        "is_loose",
        "mail",
        "mbox",
        "rcpts",
        "recipients",
        "recorded",
        "sketch",
        "source",
        "unreadable",
        "whole",
    )

    def __init__(self, whole: View, context: str = STORED, separator: bytes = b"") -> None:
        self.whole = whole
        self.context = context
        self.accepted = False
        self.charset = ""
        self.chunked = False
        self.sketch = False
        self.recorded = False
        self.source: Source | None = None
        self.mail: Exchange | None = None
        self.rcpts: tuple[Exchange, ...] = ()
        self.recipients: tuple[bytes, ...] = ()
        self.fields: list[Field] = []
        self.unreadable: list[View] = []
        self.mbox: View | None = None
        self.is_loose = False
        self._named: dict[str, list[Field]] | None = None
        self._syntaxes: dict[str, list[Field]] | None = None
        self._untidy: dict[str, list[Field]] = {}
        self._separator = separator or line_separator(bytes(whole))
        self.header, self.body = _halves(whole, self._separator)
        self._read_header()
        if context == STORED and self._is_unsent():
            self.context = DRAFT

    def _read_header(self) -> None:
        buffer, start, end = self.header.buffer, self.header.start, self.header.end
        data, fields = buffer.data, self.fields
        if self.context != WIRE and start < end and _is_mbox(data, start):
            start, stop, following = next(self._lines())
            self.mbox = View(buffer, start, stop)
            start = following
        for match in _UNITS[self._separator].compiled.finditer(data, start, end):
            first, following = match.span()
            if first == following:
                continue
            stop = match.end(2)
            while stop > first and data[stop - 1] == 13:
                stop -= 1
            name = match[1]
            if name is None:
                self.unreadable.append(View(buffer, first, stop))
            else:
                value = View(buffer, match.start(2), stop)
                if value.start - first - len(name) > 1:
                    self.is_loose = True
                fields.append(Field(match, value, name.lower().decode("ascii")))

    @property
    def separator(self) -> bytes:
        """The octet at which lines end: LF, or CR in a message without any LF."""
        return self._separator

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

    def longer_lines(self, limit: int, known: Sequence[Stretch] = ()) -> Iterator[View]:
        """Yield the lines of more than *limit* octets, terminators not counted.

        It looks once for each *limit* octets, not once for each line, and not at all at the
        stretches that are *known* to have none, in the order of the file.
        """
        buffer, data, end = self.whole.buffer, self.whole.buffer.data, self.whole.end
        start, separator = self.whole.start, self._separator
        passed = 0
        while start + limit < end:
            if passed < len(known) and start >= known[passed].start:
                last = known[passed].end
                passed += 1
                # The last line may go on behind.
                start = max(start, data.rfind(separator, start, last) + 1)
                continue
            cut = data.rfind(separator, start, start + limit + 1)
            if cut < 0:
                cut = data.find(separator, start + limit, end)
                stop = _text_end(data, start, end if cut < 0 else cut)
                if stop - start > limit:
                    yield View(buffer, start, stop)
                if cut < 0:
                    return
            start = cut + 1

    def by_name(self) -> dict[str, list[Field]]:
        """Return the fields by their names in small letters, in order. It is not to be changed."""
        if self._named is None:
            self._named = {}
            for field in self.fields:
                self._named.setdefault(field.key, []).append(field)
        return self._named

    def named(self, name: str) -> list[Field]:
        """Return every field of that name, in any case, in order. The list is not to be changed."""
        names = self.by_name() if self._named is None else self._named
        return names.get(name) or names.get(name.lower(), _NO_FIELDS)

    def field(self, name: str) -> Field | None:
        """Return the first field of that name, in any case."""
        found = self.named(name)
        return found[0] if found else None

    def written_as(self, syntax: str) -> list[Field]:
        """Return the fields whose values have that *syntax*, a constant of the module, in order.

        Of what is unstructured nothing is kept. The list is not to be changed.
        """
        if self._syntaxes is None:
            self._syntaxes = {}
            for field in self.fields:
                how = BY_NAME.get(field.key)
                if how is not None:
                    self._syntaxes.setdefault(how, []).append(field)
        return self._syntaxes.get(syntax, _NO_FIELDS)

    def untidy(self, syntax: str) -> list[Field]:
        """Return those of that *syntax* with which something may be wrong: ``Field.is_tidy``.

        Each is asked once, however many rules ask for it.
        """
        found = self._untidy.get(syntax)
        if found is None:
            found = [field for field in self.written_as(syntax) if not field.is_tidy()]
            self._untidy[syntax] = found
        return found

    def lone_dots(self) -> Iterator[View]:
        """Yield the lines that hold a period and nothing else (RFC 5321 4.5.2)."""
        data, start, end = self.whole.buffer.data, self.whole.start, self.whole.end
        at = start if data[start : start + 1] == b"." else _next_dot(data, start, end)
        while at >= 0:
            if at + 1 == end or data[at + 1] in b"\r\n":
                yield View(self.whole.buffer, at, at + 1)
            at = _next_dot(data, at, end)


def _next_dot(data: bytes, start: int, end: int) -> int:
    found = find_rare(data, b"\n.", start, end)
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
