"""Perl's ``Net::SMTP`` with ``Debug``, and ``git send-email --smtp-debug``.

Each line begins with the object, whose class may change with STARTTLS while its address stays.
The list of classes at the beginning (``Net::SMTP>>> Net::Cmd(3.14)``) has none. The message is
shown before dots are stuffed.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, STUFFING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb"(?:(?![ \t|\xe2])[^\r\n]{0,80}?[ \t\]:])?"
    rb"[A-Za-z_:]{0,40}SMTP[A-Za-z_:]{0,40}=GLOB\(0x(?P<key>[0-9a-f]+)\)"
    rb"(?:>>> ?(?P<a>[^\r\n]*)|<<< ?(?P<b>[^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT))


DIALECT = Dialect(
    "perl",
    "Perl Net::SMTP",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | STUFFING),
    signature=SIGNATURE,
    # Net::Cmd leaves the empty line out where header and body are handed over in one string.
    loses_blank=True,
    read=read,
)
