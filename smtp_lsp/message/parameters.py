"""Values of Content-Type, Content-Disposition and fields like them, and their parameters.

    parse_content_type(view)   ``type/subtype; attribute=value ...``      (RFC 2045 5.1)
    parse_disposition(view)    ``token; attribute=value ...``   (RFC 2183 2; also the mechanism
                               of Content-Transfer-Encoding, which should have no parameters)

Both return a ``Value``: ``kind`` and ``subtype`` as views, ``parameters`` in order as they are
written, ``attributes`` by name as they are meant (pieces of RFC 2231 joined and decoded), and
``defects``. What programs write is recognised by one match; all else is read token by token,
in time linear in its length. Comments may stand anywhere; what they hide is passed over.

What a reader stumbled over, and where, as the ``sort`` of a ``Defect``:

    NO_TYPE, NO_SUBTYPE, BAD_TYPE      type or subtype is missing, or in quotes
    TEXT_BEHIND_TYPE                   something stands between the type and the first ";"
    NO_SEMICOLON                       a parameter without the ";" before it (the parameter)
    EXTRA_SEMICOLON                    a ";" with nothing behind it
    NO_EQUALS, NO_NAME, NO_VALUE       a parameter lacks a piece
    BAD_NAME                           its name is no token
    BLANKS                             white space or a comment around "=" or "/"
    UNQUOTED                           a value that must be quoted and is not
    TEXT_BEHIND_VALUE                  something behind the value, before the next ";"
    OPEN_QUOTE, OPEN_COMMENT           goes on to the end of the field
    REPEATED                           a second parameter of the name; the first one is taken
    ENCODED_WORD, EIGHT_BIT, CONTROL   what may not stand in a parameter, or in a field at all
    SECTION_GAP, SECTION_REPEATED, BAD_SECTION, BOTH_FORMS     pieces (RFC 2231 3) that do not
                                       add up; ``name`` beside ``name*``
    BAD_PERCENT, NO_CHARSET, EMPTY_CHARSET, UNKNOWN_CHARSET, UNDECODABLE, QUOTED_EXTENDED
                                       extended values (RFC 2231 4) that cannot be read as meant
"""

from __future__ import annotations

from itertools import islice

from smtp_lsp.grammar import rfc2045, rfc2231
from smtp_lsp.message.defect import Defect, by_place
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from re import Match

    from smtp_lsp.grammar import Production
    from smtp_lsp.message.sections import Attribute
    from smtp_lsp.text.view import Buffer

NO_TYPE = "no type"
NO_SUBTYPE = "no subtype"
BAD_TYPE = "bad type"
TEXT_BEHIND_TYPE = "text behind type"
NO_SEMICOLON = "no semicolon"
EXTRA_SEMICOLON = "extra semicolon"
NO_EQUALS = "no equals"
NO_NAME = "no name"
NO_VALUE = "no value"
BAD_NAME = "bad name"
BLANKS = "blanks"
UNQUOTED = "unquoted"
TEXT_BEHIND_VALUE = "text behind value"
OPEN_QUOTE = "open quote"
OPEN_COMMENT = "open comment"
REPEATED = "repeated"
ENCODED_WORD = "encoded word"
EIGHT_BIT = "eight bit"
CONTROL = "control"
SECTION_GAP = "section gap"
SECTION_REPEATED = "section repeated"
BAD_SECTION = "bad section"
BOTH_FORMS = "both forms"
BAD_PERCENT = "bad percent"
NO_CHARSET = "no charset"
EMPTY_CHARSET = "empty charset"
UNKNOWN_CHARSET = "unknown charset"
UNDECODABLE = "undecodable"
QUOTED_EXTENDED = "quoted extended"

MOST = 100
"""Places of one sort that are kept of octets repeated without end."""

_WORD = "word"
_QUOTED = "quoted"

_Lexeme = tuple[str, int, int]


class Parameter:
    """One parameter as it is written: ``name``, and ``raw``, its value with the quotes.

    ``value`` is the raw value without quotes and quoted pairs, empty where there is none.
    """

    __slots__ = ("_value", "name", "quoted", "raw")

    def __init__(self, name: View, raw: View, value: View | None, *, quoted: bool) -> None:
        self.name = name
        self.raw = raw
        self.quoted = quoted
        self._value = value

    @property
    def value(self) -> View:
        if self._value is None:
            from smtp_lsp.message.sections import unquoted

            self._value = unquoted(self.raw)
        return self._value

    @property
    def key(self) -> bytes:
        """The name in small letters, with what RFC 2231 puts behind it."""
        return bytes(self.name).lower()

    def __repr__(self) -> str:
        return f"<Parameter {bytes(self.name)!r}={bytes(self.raw)!r}>"


class Value:
    """A value with parameters. ``media_type`` is it in small letters, empty if unusable."""

    __slots__ = ("_attributes", "_found", "_kind", "_parameters", "_subtype", "defects", "view")

    def __init__(self, view: View, found: Match[bytes] | None = None) -> None:
        self.view = view
        self.defects: list[Defect] = []
        self._found = found
        """What a strict pattern has matched; views are made of it when they are asked for."""
        self._kind: View | None = None
        self._subtype: View | None = None
        self._parameters: list[Parameter] | None = None if found else []
        self._attributes: dict[bytes, Attribute] | None = None

    @property
    def kind(self) -> View | None:
        """The type, the disposition or the mechanism, or None where there is none."""
        if self._kind is None and self._found is not None:
            self._kind = View(self.view.buffer, *self._found.span(1))
        return self._kind

    @property
    def subtype(self) -> View | None:
        """What stands behind the slash, or None."""
        if self._subtype is None and self._found is not None and self._found[2]:
            self._subtype = View(self.view.buffer, *self._found.span(2))
        return self._subtype

    @property
    def parameters(self) -> list[Parameter]:
        """The parameters as they are written, in order."""
        if self._parameters is None:
            self._parameters = (
                _strict(self.view.buffer, *self._found.span(3)) if self._found else []
            )
        return self._parameters

    @property
    def media_type(self) -> bytes:
        """``type/subtype`` in small letters, or nothing where one of them is missing."""
        if self._found is not None:
            kind, subtype = self._found.group(1, 2)
            return (kind + b"/" + subtype).lower() if subtype else b""
        if self._kind is None or self._subtype is None:
            return b""
        return bytes(self._kind).lower() + b"/" + bytes(self._subtype).lower()

    @property
    def token(self) -> bytes:
        """The disposition or mechanism in small letters, or nothing."""
        if self._found is not None:
            return self._found[1].lower()
        return b"" if self._kind is None else bytes(self._kind).lower()

    @property
    def attributes(self) -> dict[bytes, Attribute]:
        """The parameters as they are meant, by name in small letters, in order."""
        if self._attributes is None:
            from smtp_lsp.message.sections import join

            self._attributes, _ = join(self.parameters)
        return self._attributes

    def attribute(self, name: bytes) -> Attribute | None:
        """Return the attribute *name* (small letters), or None."""
        if self._attributes is None and self._found is not None:
            from smtp_lsp.message.sections import Attribute

            found = next((each for each in self.parameters if each.key == name), None)
            return None if found is None else Attribute(name, found.value, [found])
        return self.attributes.get(name)

    def get(self, name: bytes) -> View | None:
        """Return the octets of the value of the attribute *name* (small letters), decoded."""
        if self._attributes is None and self._found is not None:
            # None of these is in pieces or extended: each is what it seems.
            return next((each.value for each in self.parameters if each.key == name), None)
        attribute = self.attributes.get(name)
        return None if attribute is None else attribute.value

    def text(self, name: bytes) -> str | None:
        """Return the value of the attribute *name* as a person reads it, or None."""
        attribute = self.attributes.get(name)
        return None if attribute is None else attribute.text

    def __repr__(self) -> str:
        return f"<Value {bytes(self.view)!r}>"


def parse_content_type(view: View) -> Value:
    """Take the value of a Content-Type field apart. Never fails."""
    return _parse(view, rfc2045.CONTENT_TYPE, _read_media_type)


def parse_disposition(view: View) -> Value:
    """Take the value of a Content-Disposition or Content-Transfer-Encoding field apart."""
    return _parse(view, rfc2045.DISPOSITION, _read_token)


def _parse(view: View, strict: Production, read_kind: Callable[[_Reader], None]) -> Value:
    found = strict.compiled.fullmatch(view.buffer.data, view.start, view.end)
    value = Value(view, found)
    if found is None:
        _Reader(value).read(read_kind)
    elif found[3].count(b";") > 1:
        _add_repeated(value)
    return value


def _strict(buffer: Buffer, start: int, end: int) -> list[Parameter]:
    """Return the parameters of what a strict pattern has matched."""
    parameters = []
    for each in rfc2045.PARAMETER.compiled.finditer(buffer.data, start, end):
        quoted = each.start(2) < 0
        inner = View(buffer, *each.span(3 if quoted else 2))
        raw = View(buffer, inner.start - quoted, inner.end + quoted)
        parameters.append(Parameter(View(buffer, *each.span(1)), raw, inner, quoted=quoted))
    return parameters


def _add_repeated(value: Value) -> None:
    seen = set()
    for parameter in value.parameters:
        if b"*" not in parameter.key and parameter.key in seen:
            value.defects.append(Defect(REPEATED, parameter.name))
        seen.add(parameter.key)


def _is_token(word: View) -> bool:
    """Say whether a word is a token. If not, its controls or octets above 127 are told."""
    return rfc2045.TOKEN.compiled.fullmatch(word.buffer.data, word.start, word.end) is not None


class _Reader:
    """Reads what the strict patterns do not take: lexemes, then segments between ";"."""

    __slots__ = ("buffer", "lexemes", "position", "value")

    def __init__(self, value: Value) -> None:
        self.value = value
        self.buffer = value.view.buffer
        self.position = 0
        self.lexemes: list[_Lexeme] = []

    def read(self, read_kind: Callable[[_Reader], None]) -> None:
        from smtp_lsp.message.sections import join

        value = self.value
        self._scan()
        self._add_octets()
        read_kind(self)
        while self.position < len(self.lexemes):
            if self.lexemes[self.position][0] == ";":
                self._pass_semicolon()
            else:
                self._read_parameter()
        _add_repeated(value)
        if any(b"*" in bytes(p.name) for p in value.parameters):
            value._attributes, defects = join(value.parameters)
            value.defects += defects
        self._add_encoded_words()
        value.defects.sort(key=by_place)

    # -- Lexemes ---------------------------------------------------------------------------

    def _scan(self) -> None:
        """Cut the value into words, quoted-strings and single specials, comments left out."""
        data, position, end = self.buffer.data, self.value.view.start, self.value.view.end
        match = rfc2045.LEXEME.compiled.match
        while position < end:
            found = match(data, position, end)
            if found is None:
                return
            start, position = position, found.end()
            if found.lastindex == 2:
                self.lexemes.append((_WORD, start, position))
            elif found.lastindex == 3:
                self.lexemes.append((_QUOTED, start, position))
            elif found.lastindex == 4:
                special = chr(data[start])
                if special == "(":
                    position = self._comment_end(start)
                elif special == '"':
                    self._add(OPEN_QUOTE, start, end)
                    self.lexemes.append((_QUOTED, start, end))
                    return
                elif data[start] != 0:
                    self.lexemes.append((special, start, position))

    def _comment_end(self, start: int) -> int:
        depth = 0
        end = self.value.view.end
        for found in rfc2045.PARENTHESIS.compiled.finditer(self.buffer.data, start, end):
            depth += (found[0] == b"(") - (found[0] == b")")
            if not depth:
                return found.end()
        self._add(OPEN_COMMENT, start, end)
        return end

    def _add(self, sort: str, start: int, end: int) -> None:
        self.value.defects.append(Defect(sort, View(self.buffer, start, end)))

    def _add_octets(self) -> None:
        view = self.value.view
        for sort, production in ((EIGHT_BIT, rfc2045.EIGHT_BIT), (CONTROL, rfc2045.CONTROL)):
            places = production.compiled.finditer(self.buffer.data, view.start, view.end)
            for found in islice(places, MOST):
                self._add(sort, *found.span())

    def _add_encoded_words(self) -> None:
        for parameter in self.value.parameters:
            raw = parameter.raw
            places = rfc2231.ENCODED_WORD.compiled.finditer(self.buffer.data, raw.start, raw.end)
            for found in islice(places, MOST):
                self._add(ENCODED_WORD, *found.span())

    # -- The type --------------------------------------------------------------------------

    def _sort(self, ahead: int = 0) -> str:
        """Return what sort the lexeme is that stands *ahead*, ";" at the end."""
        at = self.position + ahead
        return self.lexemes[at][0] if at < len(self.lexemes) else ";"

    def _view(self, index: int) -> View:
        return View(self.buffer, *self.lexemes[index][1:])

    def _apart(self, first: int) -> bool:
        """Say whether something stands between the lexeme *first* and the next one."""
        return self.lexemes[first][2] != self.lexemes[first + 1][1]

    def _begins_parameter(self, ahead: int = 0) -> bool:
        return self._sort(ahead) == _WORD and self._sort(ahead + 1) == "="

    def _read_kind(self, sort_if_missing: str) -> View | None:
        """Read the token that a value begins with."""
        if self._sort() == _WORD and self._sort(1) != "=":
            self.position += 1
            kind = self._view(self.position - 1)
            return kind if _is_token(kind) else None
        if self._sort() == _QUOTED:
            self._add(BAD_TYPE, *self.lexemes[self.position][1:])
            self.position += 1
        elif self._sort() in (";", "/") or self._begins_parameter():
            self._add(sort_if_missing, self.value.view.start, self._place())
        return None

    def _place(self) -> int:
        """Return where the lexeme that comes next ends, or the value."""
        if self.position < len(self.lexemes):
            return self.lexemes[self.position][2]
        return self.value.view.end

    def _pass_rest(self, sort: str) -> None:
        """Pass over what stands before the next ";" or parameter, and say so."""
        first = self.position
        while self._sort() != ";" and not self._begins_parameter():
            self.position += 1
        if self.position > first:
            start, end = self.lexemes[first][1], self.lexemes[self.position - 1][2]
            if not any(d.view.start <= start < d.view.end for d in self.value.defects[-1:]):
                self._add(sort, start, end)

    # -- Parameters ------------------------------------------------------------------------

    def _pass_semicolon(self) -> None:
        """Pass over one ";" and those that follow it with nothing between."""
        self.position += 1
        start = self.lexemes[self.position - 1][1]
        extra = start if self.position == len(self.lexemes) else -1
        while self.position < len(self.lexemes) and self._sort() == ";":
            extra = self.lexemes[self.position][1] if extra < 0 else extra
            self.position += 1
        if extra >= 0:
            self._add(EXTRA_SEMICOLON, extra, self.lexemes[self.position - 1][2])

    def _read_parameter(self) -> None:
        first = self.position
        if first and self.lexemes[first - 1][0] != ";":
            self._add(NO_SEMICOLON, *self.lexemes[first][1:])
        while self._sort() not in (";", "="):
            self.position += 1
        start, stop = self.lexemes[first][1], self.lexemes[max(first, self.position - 1)][2]
        name = View(self.buffer, start, stop if self.position > first else start)
        if self._sort() == ";":
            self._add(NO_EQUALS, start, stop)
            self.value.parameters.append(Parameter(name, name.sub(len(name)), None, quoted=False))
            return
        if not name:
            self._add(NO_NAME, *self.lexemes[self.position][1:])
        elif self.position - first > 1 or self.lexemes[first][0] != _WORD:
            self._add(BAD_NAME, name.start, name.end)
        apart = self.position > first and self._apart(self.position - 1)
        self.position += 1
        self._read_value(name, apart=apart)

    def _read_value(self, name: View, *, apart: bool) -> None:
        first = self.position
        equals = View(self.buffer, *self.lexemes[first - 1][1:])
        if self._sort() == ";":
            self._add(NO_VALUE, name.start, equals.end)
            raw = equals.sub(1)
            self.value.parameters.append(Parameter(name, raw, None, quoted=False))
            return
        if apart or self._apart(first - 1):
            self._add(BLANKS, name.start, self.lexemes[first][1])
        quoted = self._sort() == _QUOTED
        self.position += 1
        if not quoted:
            self._pass_unquoted()
        raw = View(self.buffer, self.lexemes[first][1], self.lexemes[self.position - 1][2])
        self.value.parameters.append(Parameter(name, raw, None, quoted=quoted))
        if quoted:
            self._pass_rest(TEXT_BEHIND_VALUE)
        elif self.position - first > 1 or self.lexemes[first][0] != _WORD:
            self._add(UNQUOTED, raw.start, raw.end)

    def _pass_unquoted(self) -> None:
        """Pass over the rest of a value without quotes: up to ";" or what is a parameter."""
        while self._sort() != ";":
            if self._begins_parameter() and self._apart(self.position - 1):
                return
            self.position += 1


def _read_media_type(reader: _Reader) -> None:
    value = reader.value
    value._kind = reader._read_kind(NO_TYPE)
    first = reader.position
    if reader._sort() == "/":
        reader.position += 1
        if reader._sort() == _WORD:
            reader.position += 1
            subtype = reader._view(reader.position - 1)
            value._subtype = subtype if _is_token(subtype) else None
            if (first and reader._apart(first - 1)) or reader._apart(first):
                reader._add(BLANKS, value.view.start, subtype.end)
        elif value.kind is not None:
            reader._add(NO_SUBTYPE, value.kind.start, reader.lexemes[first][2])
    elif value.kind is not None:
        reader._add(NO_SUBTYPE, value.kind.start, value.kind.end)
    reader._pass_rest(TEXT_BEHIND_TYPE)


def _read_token(reader: _Reader) -> None:
    reader.value._kind = reader._read_kind(NO_TYPE)
    reader._pass_rest(TEXT_BEHIND_TYPE)
