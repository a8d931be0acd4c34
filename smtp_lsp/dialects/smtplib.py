"""Python ``smtplib`` with ``set_debuglevel``: ``send:`` and ``reply:`` in front of reprs.

The octets of the wire stand in the repr, CR and LF included: a bare LF there is one. The
per-line replies count; ``reply: retcode``, ``data:`` and ``connect:`` say the same again.
"""

from __future__ import annotations

from smtp_lsp.dialects import literals, log
from smtp_lsp.dialects.reading import ALL, RECORDING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb"(?:[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)? )?"
    rb"(?:send: b?(?:'(?P<a>[^\r\n]*)'|\"(?P<c>[^\r\n]*)\")"
    rb"|reply: b?(?:'(?P<b>[^\r\n]*)'|\"(?P<d>[^\r\n]*)\")"
    rb"|(?P<n>reply: retcode [^\r\n]*|data: \([^\r\n]*|connect: [^\r\n]*|connect fail: [^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, decode=literals.decode))


DIALECT = Dialect(
    "smtplib",
    "Python smtplib debug output",
    kind=RECORDING,
    shows=ALL,
    signature=SIGNATURE,
    read=read,
)
