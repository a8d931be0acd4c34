"""OpenSMTPD's traces (``smtpd -T smtp -T mta``): ``mta: 0x...: >>> `` and ``smtp: 0x...: <<< ``.

``>>>`` is what OpenSMTPD sent, be it the client (``mta:``) or the server (``smtp:``). The
pointer tells the session. The server shows the content as it came, but not whose it is, as
``<<< [MSG] ``; the client counts it, ``[...612 bytes...]``.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

_SYSLOG = rb"(?:[0-9A-Za-z:., +_-]{0,100}smtpd\[[0-9]{1,10}\]: )?"

SIGNATURE = (
    _SYSLOG + rb"(?:(?P<key>(?:(?:mta|smtp): )?0x[0-9a-f]{4,16}): "
    rb"(?:>>>(?: |(?=[\r\n]|$))(?P<a>[^\r\n]*)|<<<(?: |(?=[\r\n]|$))(?P<b>[^\r\n]*)"
    rb"|(?P<o>(?:spawned for relay|connected to listener)[^\r\n]*))"
    rb"|(?P<n><<< \[EOM\])|<<< \[MSG\](?: |(?=[\r\n]|$))(?P<l>[^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT))


DIALECT = Dialect(
    "opensmtpd",
    "OpenSMTPD's trace",
    kind=RECORDING,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE,
    read=read,
    served=True,
)
