r"""RFC style octet by octet: ``C:`` and ``S:`` with escapes for what text cannot show.

A line stands for its octets and CRLF. ``\r``, ``\n``, ``\t`` and ``\0`` are what they are in C,
``\x9f`` is one octet, ``\\`` a backslash; a backslash at the end of a line says that no CRLF
follows. So NUL, bare CR and LF, octets above 127 and a line that ends in blanks can be written
down, and are read back to the same octets. It is used where a file names it, in
``# smtp-lsp: dialect=octets``; without, a backslash is a backslash.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import literals
from smtp_lsp.dialects.reading import ALL, SCRIPT, Dialect, Reading
from smtp_lsp.dialects.stream import Stream
from smtp_lsp.dialects.utterance import CLIENT, SERVER
from smtp_lsp.text.view import Joiner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from smtp_lsp.dialects.reading import Items

NAME = "octets"
SIGNATURE = rb"(?:C:(?: (?P<a>[^\r\n]*))?|S:(?: (?P<b>[^\r\n]*))?)"
_LINE = re.compile(rb"(?m)^([CS]):(?: ([^\r\n]*))?(\r*(?:\n|\Z)|\r)")
_ENDLESS = re.compile(rb"(?<!\\)(?:\\\\)*(\\)$")
_PLAIN = frozenset(range(0x20, 0x7F)) - {0x5C}
_SHORT = {0: b"\\0", 9: b"\\t", 10: b"\\n", 13: b"\\r", 0x5C: b"\\\\"}


def read(reading: Reading) -> Items:
    data, joiner = reading.buffer.data, Joiner(reading.buffer)
    segments: list[tuple[int, int, int]] = []
    for match in _LINE.finditer(data):
        who = CLIENT if match[1] == b"C" else SERVER
        begin, start, stop = joiner.size, match.start(3), match.start(3)
        if match[2] is not None:
            start, stop = match.span(2)
        stop = reading.without_directive(start, stop)
        endless = _ENDLESS.search(data[start:stop])
        literals.decode(data, start, stop - (endless is not None), joiner)
        if endless is None:
            joiner.add(b"\r\n", stop, match.end())
        if segments and segments[-1][0] == who:
            segments[-1] = (who, segments[-1][1], joiner.size)
        else:
            segments.append((who, begin, joiner.size))
    reading.note_alone()
    return iter(Stream(reading, joiner.view().buffer, segments, whole=False))


def written(said: Iterable[tuple[int, bytes]]) -> bytes:
    """Return what the sides said, in order, in this notation.

    What follows from one side is one stream of octets, cut at each CRLF.
    """
    lines = [b"# smtp-lsp: dialect=octets"]
    for who, octets in said:
        prefix = b"C:" if who == CLIENT else b"S:"
        pieces = octets.split(b"\r\n")
        last = pieces.pop()
        lines += [_line(prefix, piece) for piece in pieces]
        if last:
            lines.append(_line(prefix, last) + b"\\")
    return b"\n".join(lines) + b"\n"


def _line(prefix: bytes, octets: bytes) -> bytes:
    if not octets:
        return prefix
    text = b"".join(
        bytes((octet,)) if octet in _PLAIN else _SHORT.get(octet) or b"\\x%02x" % octet
        for octet in octets
    )
    if text[-1:] == b" ":
        text = text[:-1] + b"\\x20"
    return prefix + b" " + text.replace(b" # smtp-lsp:", b"\\x20# smtp-lsp:")


DIALECT = Dialect(
    NAME,
    "RFC style octet by octet, with escapes",
    kind=SCRIPT,
    shows=ALL,
    signature=SIGNATURE,
    read=read,
    by_hand=True,
)
