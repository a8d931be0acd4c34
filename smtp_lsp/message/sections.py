"""Parameters as they are meant: quotes taken off, pieces joined, octets decoded (RFC 2231)."""

from __future__ import annotations

from smtp_lsp.grammar import rfc2045, rfc2231
from smtp_lsp.message import charsets
from smtp_lsp.message.defect import Defect
from smtp_lsp.message.parameters import (
    BAD_PERCENT,
    BAD_SECTION,
    BOTH_FORMS,
    EMPTY_CHARSET,
    NO_CHARSET,
    QUOTED_EXTENDED,
    SECTION_GAP,
    SECTION_REPEATED,
    UNDECODABLE,
    UNKNOWN_CHARSET,
)
from smtp_lsp.text.view import Joiner, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar import Production
    from smtp_lsp.message.parameters import Parameter

_MOST_DIGITS = 9


class Attribute:
    """What one or several parameters mean together.

    ``value`` holds the octets, decoded where the value is extended; they lead back to the file.
    ``charset`` and ``language`` are those of an extended value, else empty. ``pieces`` are the
    parameters that it was made of.
    """

    __slots__ = ("charset", "language", "name", "pieces", "value")

    def __init__(self, name: bytes, value: View, pieces: list[Parameter]) -> None:
        self.name = name
        self.value = value
        self.pieces = pieces
        self.charset = b""
        self.language = b""

    @property
    def text(self) -> str:
        """The value for a person to read; what cannot be decoded is replaced."""
        octets = bytes(self.value)
        said = charsets.decode(octets, self.charset) if self.charset else None
        return octets.decode("utf-8", "replace") if said is None else said

    def __repr__(self) -> str:
        return f"<Attribute {self.name!r}={bytes(self.value)!r}>"


def unquoted(raw: View) -> View:
    """Return *raw* without its quotes, its quoted pairs and line breaks; free if it has none."""
    data = raw.buffer.data
    inner = _between_quotes(raw)
    if inner is raw:
        return raw
    if data.find(b"\\", inner.start, inner.end) < 0 and not _is_folded(data, inner):
        return inner
    return _joined([_runs_of(inner, rfc2045.QUOTED_PAIR)], inner)


def _between_quotes(raw: View) -> View:
    """Return what stands between the quotes, or *raw* itself where there are none."""
    data = raw.buffer.data
    if data[raw.start : raw.start + 1] != b'"':
        return raw
    closed = len(raw) > 1 and _is_closed(data, raw.start, raw.end)
    return View(raw.buffer, raw.start + 1, raw.end - closed)


def _is_closed(data: bytes, start: int, end: int) -> bool:
    """Say whether the last octet is a quote that no backslash takes its meaning from."""
    stop = end - 1
    while stop > start + 1 and data[stop - 1] == 92:
        stop -= 1
    return data[end - 1] == 34 and (end - 1 - stop) % 2 == 0


def _is_folded(data: bytes, view: View) -> bool:
    return (
        data.find(b"\n", view.start, view.end) >= 0 or data.find(b"\r", view.start, view.end) >= 0
    )


def _runs_of(view: View, production: Production) -> Iterator[tuple[bytes, int, int]]:
    """Yield what stands in *view* in runs: as it is, or the octet that a match stands for."""
    data, position = view.buffer.data, view.start
    for found in production.compiled.finditer(data, view.start, view.end):
        yield data[position : found.start()], position, found.start()
        said = found[1] or b""
        if len(said) == 2:
            said = bytes((int(said, 16),))
        yield said, *found.span()
        position = found.end()
    yield data[position : view.end], position, view.end


def _joined(pieces: list[Iterator[tuple[bytes, int, int]]], base: View) -> View:
    joiner = Joiner(base.buffer)
    for runs in pieces:
        for run in runs:
            joiner.add(*run)
    return joiner.view() if joiner.size else base.sub(0, 0)


class _Piece:
    """A parameter with its name taken apart; ``section`` is -1 for one that has no number."""

    __slots__ = ("extended", "name", "parameter", "section")

    def __init__(self, parameter: Parameter, defects: list[Defect]) -> None:
        self.parameter = parameter
        self.section = -1
        self.extended = False
        self.name = parameter.key
        if b"*" not in self.name:
            return
        found = rfc2231.NAME.fullmatch(self.name)
        digits = b"" if found is None else found[2] or b""
        if found is None or len(digits) > _MOST_DIGITS or (digits[:1] == b"0" != digits):
            defects.append(Defect(BAD_SECTION, parameter.name))
        if found is not None:
            self.name = found[1]
            self.section = int(digits[:_MOST_DIGITS]) if digits else -1
            self.extended = found[3] is not None


def join(parameters: list[Parameter]) -> tuple[dict[bytes, Attribute], list[Defect]]:
    """Return the attributes that *parameters* make, by name, and what is wrong with them.

    Of several forms of one name the extended one is taken, then the one in pieces; of equal
    ones the first. Pieces behind a gap are left out, as RFC 2231 3 has them count from 0.
    """
    defects: list[Defect] = []
    groups: dict[bytes, list[_Piece]] = {}
    for parameter in parameters:
        piece = _Piece(parameter, defects)
        groups.setdefault(piece.name, []).append(piece)
    attributes = {name: _attribute(name, group, defects) for name, group in groups.items()}
    return attributes, defects


def _attribute(name: bytes, group: list[_Piece], defects: list[Defect]) -> Attribute:
    first = group[0]
    if len(group) == 1 and not first.extended and first.section < 0:
        return Attribute(name, first.parameter.value, [first.parameter])
    whole = [piece for piece in group if piece.section < 0]
    sections = _in_order([piece for piece in group if piece.section >= 0], defects)
    extended = [piece for piece in whole if piece.extended]
    forms = len({piece.extended for piece in whole}) + any(piece.section >= 0 for piece in group)
    if forms > 1:
        other = next(piece for piece in group if _form(piece) != _form(first))
        defects.append(Defect(BOTH_FORMS, other.parameter.name))
    return _decoded(name, extended[:1] or sections or whole[:1] or group[:1], defects)


def _form(piece: _Piece) -> tuple[bool, bool]:
    """Say whether a parameter is a piece of a value, and if not, whether it is extended."""
    return piece.section >= 0, piece.section < 0 and piece.extended


def _in_order(pieces: list[_Piece], defects: list[Defect]) -> list[_Piece]:
    """Return the pieces from 0 on, up to the first number that is missing."""
    found: dict[int, _Piece] = {}
    for piece in pieces:
        if piece.section in found:
            defects.append(Defect(SECTION_REPEATED, piece.parameter.name))
        else:
            found[piece.section] = piece
    count = 0
    while count in found:
        count += 1
    if count < len(found):
        behind = found[min(section for section in found if section > count)]
        defects.append(Defect(SECTION_GAP, behind.parameter.name))
    return [found[section] for section in range(count)]


def _decoded(name: bytes, pieces: list[_Piece], defects: list[Defect]) -> Attribute:
    base = pieces[0].parameter.raw
    charset = language = b""
    runs = []
    encoded = False
    for index, piece in enumerate(pieces):
        value = piece.parameter.raw
        if piece.parameter.quoted:
            value = _between_quotes(value)
            if not piece.extended:
                runs.append(_runs_of(value, rfc2045.QUOTED_PAIR))
                continue
            defects.append(Defect(QUOTED_EXTENDED, piece.parameter.raw))
        if not piece.extended:
            runs.append(iter(((bytes(value), value.start, value.end),)))
            continue
        encoded = True
        if index == 0:
            head = rfc2231.INITIAL_VALUE.compiled.match(value.buffer.data, value.start, value.end)
            if head:
                charset, language = head[1], head[2]
                _check_charset(value, head[1], defects)
                value = View(value.buffer, head.end(), value.end)
            else:
                defects.append(Defect(NO_CHARSET, value))
        runs.append(_runs_of(value, rfc2231.EXT_OCTET))
        for bad in rfc2231.BAD_PERCENT.compiled.finditer(value.buffer.data, value.start, value.end):
            defects.append(Defect(BAD_PERCENT, View(value.buffer, *bad.span())))
    attribute = Attribute(name, _joined(runs, base), [piece.parameter for piece in pieces])
    attribute.charset, attribute.language = charset, language
    if encoded:
        _check_octets(attribute, base, defects)
    return attribute


def _check_charset(value: View, charset: bytes, defects: list[Defect]) -> None:
    if charset and not charsets.is_known(charset):
        defects.append(Defect(UNKNOWN_CHARSET, value.sub(0, len(charset))))


def _check_octets(attribute: Attribute, base: View, defects: list[Defect]) -> None:
    octets, charset = bytes(attribute.value), attribute.charset
    if not charset:
        if not octets.isascii() and not any(defect.sort == NO_CHARSET for defect in defects):
            defects.append(Defect(EMPTY_CHARSET, base))
    elif charsets.codec(charset) is not None and charsets.decode(octets, charset) is None:
        defects.append(Defect(UNDECODABLE, base))
