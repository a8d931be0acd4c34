"""MailKit's ``ProtocolLogger``: ``C: `` and ``S: ``, after ``Connected to smtp://``.

A time may stand in front. What follows AUTH is masked. The log may hold IMAP and POP3
connections too.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb"[ \t]*(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,16}(?:Z|[+-][0-9:]{5})? )?"
    rb"(?:Connected to [a-z0-9]{3,8}://(?P<o>[^\r\n]*)"
    rb"|C: ?(?P<a>[^\r\n]*)|S: ?(?P<b>[^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, mixed=True))


DIALECT = Dialect(
    "mailkit",
    "MailKit ProtocolLogger",
    kind=RECORDING,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE,
    read=read,
)
