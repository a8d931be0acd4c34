"""Jakarta Mail's ``mail.debug``: both sides bare, between ``DEBUG SMTP:`` lines of its own.

The exchange of AUTH is left out unless ``mail.debug.auth`` is set. Whatever is neither a reply
nor a command stands outside: lines of other loggers, exceptions and their stack traces.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, AUTH_EXCHANGE, LINE_ENDS, RECORDING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

_VERBS = (
    rb"(?i:(?:EHLO|HELO|LHLO|MAIL|RCPT|VRFY|EXPN|AUTH|BDAT|ETRN|XCLIENT)[ :][^\r\n]*"
    rb"|(?:DATA|RSET|NOOP|QUIT|STARTTLS|HELP)[ \t]*)"
)
SIGNATURE = (
    rb"DEBUG SMTPS?(?: TRANSPORT)?: (?:trying to connect to host(?P<o>[^\r\n]*)"
    rb"|(?P<n>[^\r\n]*))"
    rb"|DEBUG:? (?P<n1>[^\r\n]*)"
    rb"|(?P<b>[2-5][0-9]{2}(?:[ -][^\r\n]*|(?=\r*$)))|(?P<a>" + _VERBS + rb")"
    rb"|(?P<l>[^\r\n]*)"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, signature=SIGNATURE, bare=True))


DIALECT = Dialect(
    "javamail",
    "Jakarta Mail",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | AUTH_EXCHANGE),
    signature=rb"[ \t]*(?:" + SIGNATURE + rb")",
    read=read,
)
