"""Bodies in base64 and quoted-printable, written anew in lines of 76 octets (RFC 2045 6.7, 6.8).

What they encode stays the same. A body in which something else is wrong is left as it is: what
a line break does there depends on who reads it.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

from smtp_lsp.grammar import Production
from smtp_lsp.message import mime, transfer
from smtp_lsp.rules import Fix, mending
from smtp_lsp.rules.folding import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.mime import Part
    from smtp_lsp.rules import Hit
    from smtp_lsp.text.view import View

    Edit = tuple[int, int, bytes]

_LONGEST = 76
_TOLERATED = frozenset((transfer.LONG_LINE, transfer.LOWER_CASE_HEX, transfer.LONE_DOT))
_BARE_CR = Production(rb"\r(?!\n)")
_LINE = Production(rb"[^\r\n]++")
_NAMED = {b"base64": "wrap-base64", b"quoted-printable": "wrap-quoted-printable"}


# -- Which part a place belongs to ------------------------------------------------------------


@lru_cache(maxsize=1)
def _places(message: Message) -> tuple[list[int], list[Part]]:
    """Return where headers of parts and bodies of leaves begin, in order, each with its part."""
    found = {(part.message.header.start, part.depth): part for part in mime.tree(message).walk()}
    leaves = {(part.body.start, part.depth): part for part in mime.tree(message).leaves()}
    ordered = sorted({**found, **leaves}.items(), key=lambda item: item[0])
    return [place for (place, _), _ in ordered], [part for _, part in ordered]


def part_at(message: Message, offset: int) -> Part | None:
    """Return the part whose header holds the octet at *offset*, or the leaf whose body does."""
    starts, parts = _places(message)
    at = bisect_right(starts, offset) - 1
    part = parts[at] if at >= 0 else None
    if part is None or not part.whole.start <= offset < part.whole.end:
        return None
    in_header = offset < part.message.header.end
    is_leaf = not part.parts and not part.is_multipart
    return part if in_header or (is_leaf and offset >= part.body.start) else None


# -- Lines that are too long, whatever they hold ----------------------------------------------


def shorten(message: Message, hit: Hit, lines: Iterable[View], limit: int) -> Hit:
    """Give *hit* the fix for all of *lines*, which are longer than *limit*, if there is one."""
    edits: list[Edit] = []
    bodies: dict[int, Part] = {}
    for line in lines:
        part = part_at(message, line.start)
        if part is None:
            return hit
        if line.start < part.message.header.end:
            folds = _folds(part, line, limit)
            if folds is None:
                return hit
            edits += folds
        elif part.encoding in _NAMED:
            bodies[id(part)] = part
        else:
            return hit
    if not bodies:
        return mending.mend(message, hit, Fix.SAFE, "fold", edits)
    return _wrapped(message, hit, "shorten" if edits else "", list(bodies.values()), edits)


def _folds(part: Part, line: View, limit: int) -> list[Edit] | None:
    fields = part.message.fields
    at = bisect_right(fields, line.start, key=_start) - 1
    if at < 0 or line.start >= fields[at].lines.end:
        return None
    return fold(part.message, fields[at], line, limit)


def _start(field: Field) -> int:
    return field.lines.start


def wrap(message: Message, hit: Hit, parts: Iterable[Part]) -> Hit:
    """Give *hit* the fix that writes the bodies of *parts* in lines of 76 octets, if it may be."""
    return _wrapped(message, hit, "", list(parts), [])


def _wrapped(message: Message, hit: Hit, key: str, parts: list[Part], edits: list[Edit]) -> Hit:
    for part in parts:
        if mime.is_encoded(part) or any(
            defect.sort not in _TOLERATED for defect in transfer.check(part.body, part.encoding)
        ):
            return hit
        if message.separator == b"\n" and _BARE_CR.search(bytes(part.body)):
            return hit
    places = [(part, *place) for part in parts for place in _to_write(part)]

    def write() -> list[Edit]:
        return sorted(edits + [_written(message, *place) for place in places])

    named = key or _NAMED[parts[0].encoding]
    ranges = sorted(edits + [(start, end, b"") for _, start, end in places])
    return mending.mend(message, hit, Fix.SAFE, named, ranges, write=write)


def _to_write(part: Part) -> list[tuple[int, int]]:
    """Return what is to be written anew: of base64 all of it, else the lines that are too long."""
    data, start, end = part.body.buffer.data, part.body.start, part.body.end
    if part.encoding == b"base64":
        text = data[start:end]
        left = len(text) - len(text.lstrip(b"\r\n"))
        return [(start + left, max(start + left, start + len(text.rstrip(b"\r\n"))))]
    lines = (match.span() for match in _LINE.compiled.finditer(data, start, end))
    return [(first, last) for first, last in lines if last - first > _LONGEST]


def _written(message: Message, part: Part, start: int, end: int) -> Edit:
    text, line_end = part.body.buffer.data[start:end], mending.line_end(message, start)
    if part.encoding == b"base64":
        return start, end, _base64(text, line_end)
    return start, end, _soft(text, line_end)


def _base64(text: bytes, line_end: bytes) -> bytes:
    octets = text.translate(None, b"\r\n")
    pieces = (octets[at : at + _LONGEST] for at in range(0, len(octets), _LONGEST))
    return line_end.join(pieces)


def _soft(line: bytes, line_end: bytes) -> bytes:
    """Return a line of quoted-printable in pieces that end in ``=``; no escape is cut.

    A piece that would begin with a period or ``From`` begins with that octet encoded: nothing
    on the way takes it for the end of the message, or for a folder's mark.
    """
    made: list[bytes] = []
    start = 0
    rest = b""
    while len(rest) + len(line) - start > _LONGEST:
        stop = start + _LONGEST - 1 - len(rest)
        for back in (1, 2):
            if line[stop - back : stop - back + 1] == b"=" and stop - back > start:
                stop -= back
                break
        made += (rest, line[start:stop], b"=", line_end)
        start, rest = stop, b""
        if line.startswith((b".", b"From "), start):
            rest, start = b"=%02X" % line[start], start + 1
    made += (rest, line[start:])
    return b"".join(made)


# -- A period alone ---------------------------------------------------------------------------


def encoded_dot(message: Message, hit: Hit, line: View) -> Hit:
    """Give *hit*, of a line of one period in quoted-printable, the fix that encodes the period."""
    part = part_at(message, line.start)
    if part is None or part.encoding != b"quoted-printable" or line.start < part.body.start:
        return hit
    if part.parts or part.is_multipart or mime.is_encoded(part):
        return hit
    return mending.mend(
        message, hit, Fix.SAFE, "encode-dot", [(line.start, line.start + 1, b"=2E")]
    )
