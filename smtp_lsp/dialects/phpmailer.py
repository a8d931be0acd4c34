"""PHPMailer's ``SMTPDebug``: ``CLIENT -> SERVER:`` and ``SERVER -> CLIENT:``, levels 1 to 4.

Level 1 has only the client. Level 4 says each line of the server's twice, first as ``SMTP
INBOUND``. In HTML output the lines of a reply are glued together without anything between;
otherwise the first of them has the prefix, the others are indented or, in ``error_log``, bare.
Version 5 wrote ``CLIENT -> SMTP:`` (from 5.2.2 on) and ``SMTP -> FROM SERVER:``.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb"(?:[^\r\n]{0,160}?PHP message: )?(?:\[[^\]\r\n]*\] ?){0,4}(?:PHP [A-Za-z]+: +)?"
    rb"(?:[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}[ \t]+)?"
    rb"(?:CLIENT -> (?:SERVER|SMTP): ?(?P<a>[^\r\n]*)"
    rb"|(?:SERVER -> CLIENT|SMTP -> FROM SERVER): ?(?P<b>[^\r\n]+)"
    rb"|(?P<n>(?:SMTP (?:INBOUND|ERROR|NOTICE|Error)|Connection"
    rb"|SMTP -> (?:ERROR|NOTICE|get_lines\(\)))[: ][^\r\n]*))"
    rb"|[ \t]*(?P<k>[2-5][0-9]{2}[ -][^\r\n]*)"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, signature=SIGNATURE, pieces=log.glued))


DIALECT = Dialect(
    "phpmailer",
    "PHPMailer",
    kind=RECORDING,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE.replace(b"(?P<k>", b"(?P<d>"),
    read=read,
)
