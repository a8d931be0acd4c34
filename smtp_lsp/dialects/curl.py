"""``curl -v``: ``>`` and ``<``, notes behind ``*``, byte counts in braces.

The content is only counted (``} [75 bytes data]``), on a terminal not even that, and the final
dot is never shown. With TLS such counts stand between the lines of one reply. ``--trace-ids``
puts the numbers of transfer and connection in front: transfers that run at a time interleave.
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
    rb"(?:[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} )?(?:\[[0-9x]+-(?P<key>[0-9x]+)\] )?"
    rb"(?:>(?: |(?=[\r\n]|$))(?P<a>[^\r\n]*)|<(?: |(?=[\r\n]|$))(?P<b>[^\r\n]*)"
    rb"|(?P<o>\* (?:Connected|Established connection) to [^\r\n]*)"
    rb"|(?P<n>\*[^\r\n]*|[{}] \[[0-9]+ bytes data\][^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT))


DIALECT = Dialect(
    "curl",
    "curl -v",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | CONTENT | FINAL_DOT | STUFFING),
    signature=SIGNATURE,
    read=read,
)
