"""Nodemailer with pino or bunyan for its logger: one JSON object a line.

Who speaks is ``tnx``: ``server``, ``client``, or ``message`` for the content, of which the
line end behind each chunk is left out.
"""

from __future__ import annotations

from smtp_lsp.dialects import literals, log
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb'\{"[^\r\n]{0,300}?"component":"smtp-connection","sid":"(?P<key>[^"\r\n]*)","tnx":"'
    rb'(?:server","msg":"(?P<b>(?:[^"\\\r\n]|\\.)*)"'
    rb'|(?:client|message)","msg":"(?P<a>(?:[^"\\\r\n]|\\.)*)")'
    rb"[^\r\n]*"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, decode=literals.decode))


DIALECT = Dialect(
    "nodemailer-json",
    "Nodemailer in JSON",
    kind=RECORDING,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE,
    read=read,
)
