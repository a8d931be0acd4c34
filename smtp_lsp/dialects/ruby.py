"""Ruby's ``Net::SMTP#set_debug_output``: ``<- `` is the client, ``-> `` the server.

Both are ``String#dump`` literals with their line ends. Of the message only its length is told.
"""

from __future__ import annotations

from smtp_lsp.dialects import literals, log
from smtp_lsp.dialects.reading import ALL, CONTENT, FINAL_DOT, RECORDING, STUFFING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb'<- "(?P<a>(?:[^"\\\r\n]|\\.)*)"|-> "(?P<b>(?:[^"\\\r\n]|\\.)*)"'
    rb"|Connection opened: (?P<o>[^\r\n]*)"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, decode=literals.decode))


DIALECT = Dialect(
    "ruby",
    "Ruby Net::SMTP",
    kind=RECORDING,
    shows=ALL & ~(CONTENT | FINAL_DOT | STUFFING),
    signature=SIGNATURE,
    read=read,
)
