"""MailHog's log: ``[SMTP peer] Sent 35 bytes: '220 ...'`` and ``Received 16 bytes: '...'``.

It is the server's. Literals hold what was read or written at once; the message is there, but
the final dot and what comes with it may stand in one of them with the last lines.
"""

from __future__ import annotations

from smtp_lsp.dialects import literals, log
from smtp_lsp.dialects.reading import ALL, RECORDING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb"(?![ \t|\xe2])[^\r\n]{0,60}?\[SMTP (?P<key>[^\]\r\n]+)\] "
    rb"(?:\[PROTO: INVALID\] Started session(?P<o>[^\r\n]*)"
    rb"|Received [0-9]+ bytes: '(?P<a>[^\r\n]*)'|Sent [0-9]+ bytes: '(?P<b>[^\r\n]*)'"
    rb"|(?P<n>[^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, decode=literals.decode, chunks=True))


DIALECT = Dialect(
    "mailhog",
    "MailHog",
    kind=RECORDING,
    shows=ALL,
    signature=SIGNATURE,
    read=read,
    served=True,
)
