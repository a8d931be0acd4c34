"""Undoing the escapes of string literals: Python's ``repr``, Ruby's ``dump``, C and JavaScript."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.text.view import Joiner

_ESCAPE = re.compile(
    rb"\\(?:x([0-9a-fA-F]{2})|u\{?([0-9a-fA-F]{4,6})\}?|U([0-9a-fA-F]{8})|([0-7]{1,3})|(.))"
)
_SIMPLE = {
    b"r": b"\r",
    b"n": b"\n",
    b"t": b"\t",
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"v": b"\v",
    b"e": b"\x1b",
}


def decode(data: bytes, start: int, end: int, joiner: Joiner) -> None:
    """Append what the literal in ``data[start:end]``, its quotes left out, stands for."""
    position = start
    for match in _ESCAPE.finditer(data, start, end):
        joiner.add(data[position : match.start()], position, match.start())
        joiner.add(_meaning(match), match.start(), match.end())
        position = match.end()
    joiner.add(data[position:end], position, end)


def _meaning(match: re.Match[bytes]) -> bytes:
    for group in (1, 2, 3):
        if match[group]:
            number = int(match[group], 16)
            if group == 1:
                return bytes([number])
            return chr(min(number, 0x10FFFF)).encode("utf-8", "surrogatepass")
    if match[4]:
        return bytes([int(match[4], 8) & 255])
    return _SIMPLE.get(match[5], match[5])
