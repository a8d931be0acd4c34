"""Exim's own view of a session: ``exim -v`` and ``exim -d``, delivering or receiving.

``SMTP>>`` is what this Exim sent, so it is the client's in a delivery and the server's in a
reception. ``SMTP|>`` was kept back to be sent with what follows, ``SMTP+>`` said that more
would. Only the first line of a reply has the mark; the others are indented, or bare where an
older Exim is the server. The content is never shown, and passwords are hidden by asterisks.
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

# A time, the process, and how deep the code is in, drawn with lines (U+2500 to U+257F).
_BEFORE = (
    rb"(?:>>> )?(?:[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)? )?[ \t]{0,6}(?:p?(?P<key>[0-9]{2,10}) )?"
    rb"[ \t|\xe2\x94\x95\x80-\xbf]*"
)

SIGNATURE = (
    _BEFORE + rb"(?:SMTP(?:"
    rb"(?P<n>(?:\(|>> (?:\(writing message\)|writing message and ))[^\r\n]*)"
    rb"|(?:[>|+]>|>\||>-)(?:[ \t]|(?=[\r\n]|$))(?P<a>[^\r\n]*)"
    rb"|<<(?:[ \t]|(?=[\r\n]|$))(?P<b>[^\r\n]*))"
    rb"|(?P<o>Connecting to [^\r\n]{1,300}? \.\.\.[^\r\n]*)"
    rb"|(?P<k>[2-5][0-9]{2}(?:[ -][^\r\n]*|(?=[\r\n]|$))))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT))


DIALECT = Dialect(
    "exim",
    "Exim -v and -d",
    kind=RECORDING,
    shows=ALL & ~(CONTENT | FINAL_DOT | STUFFING | AUTH_EXCHANGE | LINE_ENDS),
    signature=SIGNATURE,
    read=read,
    served=True,
)
