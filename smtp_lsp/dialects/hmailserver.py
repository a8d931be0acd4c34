"""hMailServer's log: ``"SMTPD"`` and ``"SMTPC"`` rows with ``"SENT: ..."`` and ``"RECEIVED: ..."``.

What was sent is the server's in a row of ``SMTPD`` and the client's in one of ``SMTPC``. The
third column tells the session. ``[nl]`` stands between the lines of a reply, ``***`` for what
is secret, and the content is left out.
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
    rb"(?P<key>\"SMTP[CD]\")[ \t]+[0-9]+[ \t]+(?P<key_session>[0-9]+)[ \t]+"
    rb"\"[0-9: .-]{8,30}\"[ \t]+\"[^\"\r\n]{0,60}\"[ \t]+"
    rb"\"(?:SENT: (?P<a>[^\r\n]*)|RECEIVED: (?P<b>[^\r\n]*)|(?P<n>[^\r\n]*))\""
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, pieces=log.separated(b"[nl]")))


DIALECT = Dialect(
    "hmailserver",
    "hMailServer's log",
    kind=RECORDING,
    shows=ALL & ~(CONTENT | FINAL_DOT | STUFFING | AUTH_EXCHANGE | LINE_ENDS),
    signature=SIGNATURE,
    read=read,
    served=True,
)
