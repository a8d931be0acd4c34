"""``sendmail -v``: ``>>> `` in front of commands, replies bare, and no content.

``050 `` in front of a line says that the server at the other end, itself a sendmail, tells of
its own delivery before it answers the dot: another session, nested in the first.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import (
    ALL,
    CONTENT,
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
    rb"[ \t]*(?P<key>(?:050 ){0,4})(?:>>>(?: |(?=[\r\n]|$))(?P<a>[^\r\n]*)"
    rb"|(?P<b>[2-5][0-9]{2}(?:[ -][^\r\n]*|(?=[\r\n]|$)))"
    rb"|(?P<o>[^ \t\r\n]{1,998}\.\.\. Connecting to [^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT))


DIALECT = Dialect(
    "sendmail",
    "sendmail -v",
    kind=RECORDING,
    shows=ALL & ~(CONTENT | STUFFING | LINE_ENDS),
    signature=SIGNATURE,
    read=read,
)
