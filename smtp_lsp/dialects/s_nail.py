"""``s-nail -v`` and its other names: both sides behind ``>>> ``, the server as ``SERVER: ``.

The message is shown before dots are stuffed.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, STUFFING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb"(?:(?![ \t|\xe2])[^\r\n]{0,80}?[ \t\]:])?(?:s-nail|s-mailx|mailx|mail|Mail|nail): "
    rb"(?:>>>(?: SERVER: ?(?P<b>[^\r\n]*)| ?(?P<a>[^\r\n]*))"
    rb"|Connecting to [^\r\n]*(?P<o>))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT))


DIALECT = Dialect(
    "s-nail",
    "S-nail -v",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | STUFFING),
    signature=SIGNATURE,
    read=read,
)
