"""Thunderbird's console with ``mailnews.smtp.loglevel``: ``mailnews.smtp: C:`` and ``S:``.

A reply is logged as it was received: its first line has the prefix, the others stand bare
below it. Behind a message, or on a line of its own, the console may tell the place in
Thunderbird's source. Neither the content nor secrets are logged.
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

_PLACE = rb"(?:[ \t]SmtpClient\.[a-z.]+:[0-9:]+)?(?=[ \t]?(?:#|\r*$))"
SIGNATURE = (
    rb"(?![ \t|\xe2])[^\r\n]{0,60}?(?:console\.(?:debug|log|info): )?mailnews\.smtp: "
    rb"(?:Connecting to (?P<o>[^\r\n]*)"
    rb"|C: Logging suppressed(?P<n>[^\r\n]*)"
    rb"|C: ?(?P<a>[^\r\n]*?)" + _PLACE + rb"|S: ?(?P<b>[^\r\n]*?)" + _PLACE + rb")"
    rb"|(?P<k>[2-5][0-9]{2}[ -][^\r\n]*?)" + _PLACE
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, signature=SIGNATURE))


DIALECT = Dialect(
    "thunderbird",
    "Thunderbird",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | CONTENT | FINAL_DOT | STUFFING | AUTH_EXCHANGE),
    signature=SIGNATURE.replace(b"(?P<k>", b"(?P<d>"),
    read=read,
)
