"""Captures without any prefix: telnet, nc, Follow TCP Stream, ``s_client -quiet``.

Who speaks is told by what is said: outside content, three digits are the server. Between
354 and the lone dot every line is the client's, even ``250 OK``.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, Dialect, Reading
from smtp_lsp.dialects.stream import Stream
from smtp_lsp.dialects.utterance import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.dialects.utterance import Content, Utterance

SIGNATURE = rb"(?P<u>[^\r\n]*)"


def read(reading: Reading) -> Iterator[Utterance | Content]:
    buffer = reading.buffer
    return iter(Stream(reading, buffer, [(UNKNOWN, 0, len(buffer.data))]))


DIALECT = Dialect(
    "capture",
    "capture without prefixes (telnet, nc)",
    kind=RECORDING,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE,
    read=read,
    raw=True,
    by_hand=True,
)
