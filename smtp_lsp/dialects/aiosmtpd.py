"""The debug log of aiosmtpd (``mail.log``): ``<<`` is what the server says, ``>>`` the client.

Both are Python literals without line ends, behind the client's address. Old versions have
``Data:`` for ``>>``. The content is told without saying whose it is, and is left out here.
"""

from __future__ import annotations

from smtp_lsp.dialects import literals, log
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

SIGNATURE = (
    rb"(?![ \t|\xe2])[^\r\n]{0,120}?(?P<key>\('[^'\r\n]*', [0-9]+(?:, [0-9]+, [0-9]+)?\)) "
    rb"(?:handling connection(?P<o>)"
    rb"|(?:>>|Data:) b?['\"](?P<a>[^\r\n]*)['\"]|<< b?['\"](?P<b>[^\r\n]*)['\"]"
    rb"|(?P<n>[^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, decode=literals.decode))


DIALECT = Dialect(
    "aiosmtpd",
    "aiosmtpd",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | CONTENT | FINAL_DOT | STUFFING | AUTH_EXCHANGE),
    signature=SIGNATURE,
    read=read,
    served=True,
)
