"""Display lines: where they start, how they end, and which one an offset is in.

A display line ends at CRLF, LF or CR, which is what ``bytes.splitlines`` takes and what
LSP prescribes. ``str.splitlines`` takes eight more characters and is used nowhere.
"""

from bisect import bisect_right
from itertools import accumulate, chain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

CRLF = b"\r\n"
LF = b"\n"
CR = b"\r"
NONE = b""

_PIECE = 1 << 20


def line_starts(data: bytes) -> list[int]:
    """Return the offset of the first octet of every display line of *data*.

    The list is never empty: an empty file has one empty line, and a file that ends in a
    terminator has an empty last line, as an editor shows it.
    """
    lengths = chain.from_iterable(map(_lengths, _pieces(data)))
    starts = list(accumulate(lengths, initial=0))
    if len(starts) > 1 and terminator(data, starts[-2], starts[-1]) == NONE:
        starts.pop()
    return starts


def _pieces(data: bytes) -> "Iterator[bytes]":
    """Yield *data* in pieces of whole lines, so that a large file need not be there twice."""
    position = 0
    while position < len(data):
        stop = data.find(LF, position + _PIECE) + 1 or len(data)
        yield data[position:stop]
        position = stop


def _lengths(piece: bytes) -> "Iterator[int]":
    return map(len, piece.splitlines(True))


def terminator(data: bytes, start: int, end: int) -> bytes:
    """Return how the line in ``data[start:end]`` ends: CRLF, LF, CR or nothing."""
    if end > start:
        last = data[end - 1 : end]
        if last == LF:
            return CRLF if end - 2 >= start and data[end - 2 : end - 1] == CR else LF
        if last == CR:
            return CR
    return NONE


def split(data: bytes) -> "Iterator[tuple[int, int, bytes]]":
    """Yield ``(start, end, terminator)`` of each line; text and terminators rejoin to *data*."""
    position = 0
    for line in data.splitlines(True):
        stop = position + len(line)
        ending = terminator(data, position, stop)
        yield position, stop - len(ending), ending
        position = stop


class LineTable:
    """Offsets to line numbers and back. Lines and columns count from 0, columns in octets."""

    __slots__ = ("data", "starts")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.starts = line_starts(data)

    def line_of(self, offset: int) -> int:
        """Return the number (from 0) of the line that holds *offset*."""
        return bisect_right(self.starts, offset) - 1

    def bounds(self, line: int) -> tuple[int, int]:
        """Return where the text of *line* starts and ends, without its terminator."""
        start = self.starts[line]
        end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.data)
        return start, end - len(terminator(self.data, start, end))

    def text(self, line: int) -> bytes:
        """Return the octets of *line* without its terminator."""
        start, end = self.bounds(line)
        return self.data[start:end]


def find_rare(data: bytes, wanted: bytes, start: int, end: int) -> int:
    """Return where *wanted*, two octets, stands first in ``data[start:end]``, or -1.

    Its second octet is looked for by itself, which is many times as quick: a block that does not
    hold it, as nothing encoded in base64 holds a dot, is jumped over.
    """
    last, find, overlap = wanted[1:], data.find, 0
    while start < end:
        stop = min(start + _BLOCK, end)
        if find(last, start, stop) >= 0:
            # What begins in the block before belongs to it, too, but for the first one.
            found = find(wanted, start - overlap, stop)
            if found >= 0:
                return found
        start, overlap = stop, 1
    return -1


_BLOCK = 1 << 16


def code_points(raw: bytes) -> int:
    """Count the code points that *raw* shows as when decoded as UTF-8 with replacement."""
    return len(raw) if raw.isascii() else len(raw.decode("utf-8", "replace"))


def splice(data: bytes, start: int, end: int, new: bytes) -> bytes:
    """Return *data* with the octets from *start* to *end* replaced by *new*."""
    return b"".join((data[:start], new, data[end:]))
