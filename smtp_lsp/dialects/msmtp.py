"""``msmtp --debug``: ``--> `` is the client, ``<-- `` the server, behind forty lines of settings.

The message is shown as it was sent. What is printed of a TLS session or of an error stands
between, or in front where standard error was caught in the same file.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = rb"--> ?(?P<a>[^\r\n]*)|<-- ?(?P<b>[^\r\n]*)"


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT))


DIALECT = Dialect(
    "msmtp",
    "msmtp --debug",
    kind=RECORDING,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE,
    read=read,
)
