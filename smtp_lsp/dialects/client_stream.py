"""Client-only streams: BSMTP (RFC 2442, ``exim -bS``), test inputs, what is piped into nc."""

from __future__ import annotations

from smtp_lsp.dialects.reading import ALL, LINE_ENDS, SCRIPT, Dialect, Reading
from smtp_lsp.dialects.stream import Stream
from smtp_lsp.dialects.utterance import CLIENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.dialects.utterance import Content, Utterance

SIGNATURE = rb"(?P<a>[^\r\n]*)"


def read(reading: Reading) -> Iterator[Utterance | Content]:
    buffer = reading.buffer
    return iter(Stream(reading, buffer, [(CLIENT, 0, len(buffer.data))]))


DIALECT = Dialect(
    "client",
    "client only (BSMTP, test input)",
    kind=SCRIPT,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE,
    read=read,
    raw=True,
    by_hand=True,
)
