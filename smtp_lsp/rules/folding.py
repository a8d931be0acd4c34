"""Long lines of header fields, folded at their highest-level breaks (RFC 5322 2.2.3).

A fold is a line end before white space that is there already: unfolding gives back the same
octets. Only where a structured value has a comma, a semicolon or the ``><`` of two message
identifiers and no blank, one is added, where the grammar lets white space stand.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from smtp_lsp.grammar import Production
from smtp_lsp.message import lexis, syntax
from smtp_lsp.message.lexis import SPACE, SPECIAL
from smtp_lsp.rules import mending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Field, Message
    from smtp_lsp.text.view import View

    Edit = tuple[int, int, bytes]

SHORT = 78
"""Octets of a line, its end not counted, that lines should have at most (RFC 5322 2.1.1)."""
_ENCODED = 76
"""The same of a line with an encoded-word, which has this for a limit (RFC 2047 2)."""

# How good a break is: behind what separates, at a blank, right behind the colon.
_HIGH, _LOW, _FIRST = 0, 1, 2

# Where values of a syntax have a comma or a semicolon behind which white space may stand, and
# those that are folded nowhere else.
_SEPARATED = {
    syntax.ADDRESSES: (b",", b";"),
    syntax.PHRASES: (b",",),
    syntax.URIS: (b",",),
    syntax.MEDIA: (b";",),
    syntax.RESULTS: (b";",),
    syntax.RECEIVED: (b";",),
}
_ONLY_THERE = frozenset((syntax.MEDIA,))
_BLANKS = Production(rb"[ \t]++(?=[^ \t\r\n])")


class Break:
    """Where a line may end: an offset, how good it is, and whether it needs a blank."""

    __slots__ = ("at", "blank", "level")

    def __init__(self, at: int, level: int, *, blank: bool = False) -> None:
        self.at = at
        self.level = level
        self.blank = blank


def _place(where: Break) -> int:
    return where.at


def fold(message: Message, field: Field, line: View, limit: int) -> list[Edit] | None:
    """Return the edits that leave *line* of *field* with lines of at most *limit* octets.

    They are of ``SHORT`` where that can be had. None: it cannot be folded so.
    """
    if field.syntax == syntax.TAGS or b"\r" in bytes(line):
        return None  # a signature covers itself; a CR is an end of lines to some
    every, is_encoded = _breaks(field)
    short = _ENCODED if is_encoded else SHORT
    limit = min(limit, _ENCODED) if is_encoded else limit
    low, high = (bisect_left(every, at, key=_place) for at in (line.start + 1, line.end))
    breaks, first = every[low:high], _first(field)
    if first is not None and line.start < first.at:
        breaks.insert(0, first)
    end = mending.line_end(message, line.start)
    edits: list[Edit] = []
    start, at, added = line.start, 0, 0
    while line.end - start + added > short:
        while at < len(breaks) and breaks[at].at <= start:
            at += 1
        chosen = _chosen(breaks, at, start - added, (short, limit))
        if chosen is None:
            break
        if chosen.at - start + added > limit:
            return None
        edits.append((chosen.at, chosen.at, end + (b" " if chosen.blank else b"")))
        start, added = chosen.at, int(chosen.blank)
    return edits if edits and line.end - start + added <= limit else None


def _chosen(breaks: list[Break], at: int, start: int, lengths: tuple[int, int]) -> Break | None:
    """Return the best break for a line that begins at *start*: the last of those alike.

    *lengths* are what a line should have at most, and what it must.
    """
    short, limit = lengths
    best: Break | None = None
    while at < len(breaks) and breaks[at].at - start <= short:
        if best is None or breaks[at].level <= best.level:
            best = breaks[at]
        at += 1
    following = breaks[at] if at < len(breaks) else None
    if best is None or (best.level == _FIRST and following and following.at - start <= limit):
        return following
    return best


def _first(field: Field) -> Break | None:
    """Return the break between the colon and the value: for a word that is long in itself."""
    octets = bytes(field.value.sub(0, min(len(field.value), SHORT)))
    text = octets.lstrip(b" \t")
    blank = text != octets and text[:1] not in (b"", b"\r", b"\n")
    return Break(field.value.start, _FIRST) if blank else None


@lru_cache(maxsize=1)
def _breaks(field: Field) -> tuple[list[Break], bool]:
    """Return where the value may be folded, in order, and whether it has encoded-words.

    Nowhere if it is not well-formed.
    """
    if field.syntax == syntax.UNSTRUCTURED:
        return list(_between_words(field)), bool(field.encoded_words)
    return _between_tokens(field), bool(field.encoded_words)


def _between_words(field: Field) -> Iterator[Break]:
    """Yield the blanks of unstructured text, those left out that stand in an encoded-word."""
    value = field.value
    inside = [(word.view.start, word.view.end) for word in field.encoded_words]
    at = 0
    for match in _BLANKS.compiled.finditer(value.buffer.data, value.start, value.end):
        while at < len(inside) and inside[at][1] <= match.start():
            at += 1
        if match.start() > value.start and not (at < len(inside) and inside[at][0] < match.start()):
            yield Break(match.start(), _LOW)


def _between_tokens(field: Field) -> list[Break]:
    tokens = list(lexis.tokens(field.value))
    if any(lexis.token_defect(token) for token in tokens):
        return []
    separators = _SEPARATED.get(field.syntax, ())
    found: list[Break] = []
    in_angle = False
    high, before = False, b""
    for index, token in enumerate(tokens):
        octets = bytes(token)
        if token.sort == SPACE:
            last = index + 1 == len(tokens)
            blank = not octets.strip(b" \t") and not last and index > 0 and before != b"\\"
            if blank and not in_angle and (high or field.syntax not in _ONLY_THERE):
                found.append(Break(token.start, _HIGH if high else _LOW))
            high, before = False, octets
            continue
        adjacent = field.syntax == syntax.IDENTIFIERS and before == b">" and octets == b"<"
        if (high or adjacent) and index:
            found.append(Break(token.start, _HIGH, blank=True))
        if token.sort == SPECIAL:
            in_angle = octets == b"<" or (in_angle and octets != b">")
        high = token.sort == SPECIAL and octets in separators and not in_angle
        before = octets
    return [] if in_angle else found
