"""The debug log of wneessen/go-mail: ``C --> S:`` and ``C <-- S:``.

Of a reply of several lines only the first has its code, the others follow bare. The content is
not logged, and what belongs to AUTH is left out.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import (
    ALL,
    AUTH_EXCHANGE,
    CONTENT,
    FINAL_DOT,
    LINE_ENDS,
    RECORDING,
    STUFFING,
    Dialect,
    Reading,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.dialects.reading import Items


_MORE = (
    rb"(?:\r?\n(?:[A-Z0-9][A-Z0-9-]+(?:[ =][^\r\n]*)?|[245]\.[0-9]+\.[0-9]+ [^\r\n]*)"
    rb"(?=\r?\n|\Z)){0,100}"
)
SIGNATURE = (
    rb"(?:[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:.]{8,15} )?(?:\[DEBUG\] |DEBUG: )?"
    rb"(?:C --> S: ?(?P<a>[^\r\n]*)|C <-- S: ?(?P<b>[^\r\n]*" + _MORE + rb"))"
)


def coded(data: bytes, start: int, stop: int) -> Iterator[log.Piece]:
    """Give each line of a reply the code that the program wrote on the first line only."""
    code = data[start : start + 3]
    end = data.find(b"\n", start, stop)
    if end < 0 or not code.isdigit():
        yield start, stop
        return
    start += 4
    while end >= 0:
        text = end - 1 if data[end - 1] == 13 else end
        yield start, max(text, start), code + b"-"
        start = end + 1
        end = data.find(b"\n", start, stop)
    yield start, stop, code + b" "


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, pieces=coded))


DIALECT = Dialect(
    "go",
    "go-mail for Go",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | CONTENT | FINAL_DOT | STUFFING | AUTH_EXCHANGE),
    signature=SIGNATURE,
    read=read,
)
