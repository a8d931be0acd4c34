"""swaks with ``--no-send-hints`` or ``--no-receive-hints``: only one side has its prefix.

What has none is the other side's, but for notes (``===``, ``***``); with ``--no-hints`` nobody
has one, and the file is a capture like any other.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

_NOTE = rb"(?P<n>(?:===|\*\*\*|\?\?\?|  >|<  )[^\r\n]*)"
_CLIENT = rb" ?(?:->|~>|\*\*>|\*~>)(?: |(?=[\r\n]|\Z))(?P<a>[^\r\n]*)"
_SERVER = rb"(?:<-|<~|<\*\*|<~\*) {0,2}(?P<b>[^\r\n]*)"
_REPLY = rb"(?P<d>[0-9]{3}[ -][^\r\n]*)"

# QUIT is not among the bare commands: what has no prefix at all is better read as a capture.
SIGNATURE = (
    rb"(?:" + _NOTE + rb"|" + _CLIENT + rb"|" + _SERVER + rb"|" + _REPLY + rb"|"
    rb"(?P<c>(?:EHLO|HELO|LHLO|MAIL FROM:|RCPT TO:|DATA|AUTH)[^\r\n]*))"
)

_HINT = re.compile(rb"(?m)^(?:<-|<~|<\*\*)")


def read(reading: Reading) -> Items:
    if _HINT.search(reading.buffer.data):
        pattern = _NOTE + rb"|" + _SERVER + rb"|(?P<c>[^\r\n]+)|(?P<l>)"
    else:
        pattern = _NOTE + rb"|" + _CLIENT + rb"|" + _REPLY
    half = Dialect(
        DIALECT.name,
        DIALECT.title,
        kind=RECORDING,
        shows=DIALECT.shows,
        signature=rb"(?:" + pattern + rb")",
        read=read,
    )
    return log.sessions(reading, log.Log(half))


DIALECT = Dialect(
    "swaks-half",
    "swaks without the hints of one side",
    kind=RECORDING,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE,
    read=read,
)
