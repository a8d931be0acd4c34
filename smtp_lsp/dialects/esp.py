"""The serial log of the ESP Mail Client for Arduino: ``< S: `` and ``> C: ``.

What the client sends is described (``> C: send SMTP command, EHLO``) and not shown, so that
only the server is heard.
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
    rb"(?![ \t|\xe2])[^\r\n]{0,40}?(?:< S: ?(?P<b>[^\r\n]*)"
    rb"|> C: connect(?:ing)? to SMTP server(?P<o>[^\r\n]*)|> C: ?(?P<n>[^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT))


DIALECT = Dialect(
    "esp",
    "ESP Mail Client",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | CONTENT | FINAL_DOT | STUFFING | AUTH_EXCHANGE),
    signature=SIGNATURE,
    read=read,
)
