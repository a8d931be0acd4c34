"""Postfix's notices to the postmaster: `` In:  `` and `` Out: `` as the daemon has it.

In a notice of the SMTP server's ``In:`` is the client, in one of the SMTP client's ``Out:``
is. Lines are broken at blanks, and go on behind five blanks. Neither the content is there nor
its dot; the client's notices have the dot.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import (
    ALL,
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
    rb"(?:[ \t]{0,4}(?:In:(?: {1,2}|(?=[\r\n]|$))(?P<a>[^\r\n]*)"
    rb"|Out:(?: |(?=[\r\n]|$))(?P<b>[^\r\n]*)"
    rb"|(?P<o>Transcript of session follows\.)"
    rb"|(?P<n>Session aborted, reason: [^\r\n]*))"
    rb"| {4,6}(?P<w>[^ \r\n][^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT))


DIALECT = Dialect(
    "postfix-notice",
    "Postfix's notice to the postmaster",
    kind=RECORDING,
    shows=ALL & ~(CONTENT | FINAL_DOT | STUFFING | LINE_ENDS),
    signature=SIGNATURE,
    read=read,
    served=True,
)
