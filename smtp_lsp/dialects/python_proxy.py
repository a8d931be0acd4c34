"""The debug log of the Email OAuth 2.0 Proxy (``emailproxy.py --debug``).

Nearly every line is said twice: between the client and the proxy, and, indented further,
between the proxy and the server. The former is what the client had to deal with, and is read;
in the latter the proxy logs in by itself. Both are Python literals of what was received at
once, without the credentials.
"""

from __future__ import annotations

from smtp_lsp.dialects import literals, log
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb"(?![ \t|\xe2])[^\r\n]{0,120}?\bSMTP \((?P<key>[^()\r\n]+)\)"
    rb"(?: --> \[ Client connected \](?P<o>)"
    rb"| --> b['\"](?P<a>[^\r\n]*)['\"]| <-- b['\"](?P<b>[^\r\n]*)['\"]"
    rb"|(?P<n>(?: +[<-]-[->])? [^\r\n]*))"
)

_SERVER_HOP = rb"| +--> b['\"](?P<c>[^\r\n]*)['\"]| +<-- b['\"](?P<d>[^\r\n]*)['\"]"
"""What makes a file one of this dialect too, though it is not read."""


def read(reading: Reading) -> Items:
    return log.sessions(
        reading, log.Log(DIALECT, signature=SIGNATURE, decode=literals.decode, chunks=True)
    )


DIALECT = Dialect(
    "python-proxy",
    "Email OAuth 2.0 Proxy",
    kind=RECORDING,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE.replace(b"|(?P<n>", _SERVER_HOP + b"|(?P<n>"),
    read=read,
)
