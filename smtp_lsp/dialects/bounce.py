"""The transcript in sendmail's bounces: the command that failed, and what it was told.

It is a fragment by design. What had gone before is not there, and as sendmail sends several
commands at once, ``>>> DATA`` may be followed by the 550 that a recipient drew and the 503
that DATA drew. So each command begins a piece of its own, which owes nothing to the last.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import (
    ALL,
    AUTH_EXCHANGE,
    BANNER,
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
    rb"[ \t]*(?:>>>(?: |(?=[\r\n]|$))(?P<a>[^\r\n]*)"
    rb"|<<<(?: |(?=[\r\n]|$))(?P<b>[^\r\n]*)"
    rb"|(?P<o>\.\.\. while talking to [^\r\n]*|-{3,} ?Transcript of session follows[^\r\n]*)"
    rb"|(?P<n>[2-5][0-9]{2} [^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, fragments=True))


DIALECT = Dialect(
    "bounce",
    "the transcript in a bounce",
    kind=RECORDING,
    shows=ALL & ~(CONTENT | FINAL_DOT | STUFFING | AUTH_EXCHANGE | BANNER | LINE_ENDS),
    signature=SIGNATURE,
    read=read,
)
