"""The log of SubEthaSMTP's ``Session`` and of FakeSMTP, which shows it: ``- Client: ``.

It is the server's. Only the first line of a reply has its ``Server: ``; the message is not
logged. A thread in brackets, where the layout has one, tells sessions apart.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import (
    ALL,
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
    rb"(?![ \t|\xe2])(?:\[[^A-Za-z\]\r\n][^\]\r\n]{0,60}\])?[^\r\n\[]{0,80}?"
    rb"(?:\[(?P<key>[A-Za-z][^\]\r\n]{1,120})\][^\r\n\[]{0,120}?)? [-:] "
    rb"(?:Client: ?(?P<a>[^\r\n]*)|Server: ?(?P<b>[^\r\n]*))"
    rb"|(?P<k>[2-5][0-9]{2}[ -][^\r\n]*)"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, signature=SIGNATURE))


DIALECT = Dialect(
    "fakesmtp",
    "SubEthaSMTP and FakeSMTP",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | CONTENT | FINAL_DOT | STUFFING),
    signature=SIGNATURE.replace(b"(?P<k>", b"(?P<d>"),
    read=read,
)
