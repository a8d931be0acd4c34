"""The log of ``smtp-server`` for Node.js (``logger: true``): ``[#id] S:`` and ``[#id] C:``.

It is the server's: only the first line of a reply has its ``S:``, the message is counted
(``C: <262 bytes of DATA>``), and secrets are replaced.
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
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb"\[[0-9-]{10} [0-9:]{8}\] "
    rb"(?:(?:INFO|WARN|ERROR|FATAL|TRACE):? +(?P<n>[^\r\n]*)"
    rb"|DEBUG:? +\[#(?P<key>[0-9A-Za-z]+)\] ?"
    rb"(?:C: <[0-9]+ bytes of DATA>(?P<n1>)|C: ?(?P<a>[^\r\n]*)|S: ?(?P<b>[^\r\n]*)"
    rb"|(?P<k>[2-5][0-9]{2}[ -][^\r\n]*)))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, signature=SIGNATURE))


DIALECT = Dialect(
    "smtp-server",
    "smtp-server for Node.js",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | CONTENT | FINAL_DOT | STUFFING | AUTH_EXCHANGE),
    signature=SIGNATURE.replace(b"(?P<k>", b"(?P<d>"),
    read=read,
    served=True,
)
