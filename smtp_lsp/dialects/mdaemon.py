"""MDaemon's log: a time, and ``--> `` what MDaemon sent, ``<-- `` what it received.

So ``-->`` is the server's in the log of SMTP-(in) and the client's in that of SMTP-(out).
Where sessions are logged as they happen, their number stands in brackets. No content.
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

_TIME = (
    rb"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}(?:\.[0-9]{1,6})?: )"
)

SIGNATURE = (
    rb"(?:" + _TIME + rb"(?:[0-9]{2}: )?|[0-9]{2}: )(?:\[(?P<key>[0-9]+)(?::[0-9]+)?\] )?[ \t]{0,2}"
    rb"(?:-->(?: |(?=[\r\n]|$))(?P<a>[^\r\n]*)|<--(?: |(?=[\r\n]|$))(?P<b>[^\r\n]*)"
    rb"|(?P<o>Session [0-9]+; child [^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT))


DIALECT = Dialect(
    "mdaemon",
    "MDaemon's log",
    kind=RECORDING,
    shows=ALL & ~(CONTENT | FINAL_DOT | STUFFING | AUTH_EXCHANGE | LINE_ENDS),
    signature=SIGNATURE,
    read=read,
    served=True,
)
