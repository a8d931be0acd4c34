"""Base64 as encoders write it: lines of one length, which are told to be right at a glance.

A body of megabytes is one attachment, made by a program. It is looked at in strides and pieces,
without a copy of it, and all that ``transfer.check`` would ask is answered: no.
"""

from __future__ import annotations

from smtp_lsp.grammar import rfc2045
from smtp_lsp.message.transfer import ALPHABET, LONGEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.text.view import View

_LONGEST = LONGEST[b"base64"]
_LINES = 1 << 12
"""Lines that are looked at together."""


class Stretch:
    """Lines of base64 without any fault: ``end_of_line`` ends each, LF or CRLF.

    ``start`` and ``end`` are offsets of the buffer, ``lines`` how many line ends are between.
    """

    __slots__ = ("end", "end_of_line", "lines", "start")

    def __init__(self, start: int, end: int, end_of_line: bytes, lines: int) -> None:
        self.start = start
        self.end = end
        self.end_of_line = end_of_line
        self.lines = lines


def stretch(body: View) -> Stretch | None:
    """Return *body* if it is base64 in lines of one length, the last one shorter, and whole quanta.

    None says nothing: it may be right all the same. The time is that of one look at each octet.
    """
    data, start, end = body.buffer.data, body.start, body.end
    first = data.find(b"\n", start, min(end, start + _LONGEST + 2))
    if first < 0:
        return None
    end_of_line = b"\r\n" if data[first - 1] == 13 and first > start else b"\n"
    step = first + 1 - start
    length = step - len(end_of_line)
    if length % 4 or not 0 < length <= _LONGEST:
        return None
    count = (end - start) // step
    # Lines are even up to the last but one; the last ones may be shorter, padded, or empty.
    whole = max(0, count - 2)
    stop = start + whole * step
    if not _ends_alike(data, start, stop, step, end_of_line):
        return None
    if not _is_of_letters(data, start, stop, step, len(end_of_line)):
        return None
    tail = data[stop:end]
    if not rfc2045.TAIL[end_of_line].fullmatch(tail):
        return None
    if max(map(len, tail.split(end_of_line))) > _LONGEST:
        return None
    return Stretch(start, end, end_of_line, whole + tail.count(b"\n"))


def _ends_alike(data: bytes, start: int, stop: int, step: int, end_of_line: bytes) -> bool:
    """Say whether a line end stands at the end of each step."""
    count = (stop - start) // step
    return all(
        data[start + step - back : stop : step].count(end_of_line[-back]) == count
        for back in range(1, len(end_of_line) + 1)
    )


def _is_of_letters(data: bytes, start: int, stop: int, step: int, ends: int) -> bool:
    """Say whether there is nothing but letters, besides *ends* octets in each step."""
    for position in range(start, stop, step * _LINES):
        piece = data[position : min(stop, position + step * _LINES)]
        if len(piece.translate(None, ALPHABET)) != len(piece) // step * ends:
            return False
    return True
