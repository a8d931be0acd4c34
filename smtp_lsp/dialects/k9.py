"""K-9 Mail and Thunderbird for Android: ``SMTP >>>`` and ``SMTP <<<`` in Android's log.

What it would show of passwords is ``*sensitive*``; the message is not logged, only the dot
behind it, in a line of its own. Other programs have copied the two prefixes.
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

# Android puts a time, a level, a tag and the process in front.
SIGNATURE = (
    rb"(?:[^\r\n<>|\xe2]{1,120}[ :])?SMTP (?:>>> ?\r*\n(?P<c>\.)(?=[\r\n]|\Z)"
    # The end of the data and its dot are two lines under one prefix.
    rb"|>>>(?: |(?=[\r\n]|\Z))(?P<a>[^\r\n]*)"
    rb"|<<<(?: |(?=[\r\n]|\Z))(?P<b>[^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT))


DIALECT = Dialect(
    "k9",
    "K-9 Mail",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | CONTENT | FINAL_DOT | STUFFING),
    signature=SIGNATURE,
    read=read,
)
