"""Nodemailer's own logger (``logger: true, debug: true``).

The message is logged line by line without ``C:``; what is told at another level than debug is
a note. Version 2 prefixed the first line of a reply or of the message alone, the other lines
stand bare below it. Passwords are replaced before they are encoded.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb"\[[0-9-]{10} [0-9:]{8}\] "
    rb"(?:(?:INFO|WARN|ERROR|FATAL|TRACE):? +(?P<n>[^\r\n]*)"
    rb"|DEBUG:? +(?:\[(?P<key>[0-9A-Za-z+/]+)\] ?"
    rb"(?:C: ?(?P<a>[^\r\n]*)|S: ?(?P<b>[^\r\n]*)"
    rb"|(?P<k1>[2-5][0-9]{2}[ -][^\r\n]*)|(?P<l>[^\r\n]*))"
    rb"|(?P<n1>[^\r\n]*)))"
    rb"|(?P<k>[2-5][0-9]{2}[ -][^\r\n]*)"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, signature=SIGNATURE, loose=True))


DIALECT = Dialect(
    "nodemailer",
    "Nodemailer",
    kind=RECORDING,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE.replace(b"(?P<k>", b"(?P<d>"),
    read=read,
)
