"""The debug file of Mutt and NeoMutt (``-d 2``): ``4> EHLO`` and ``4< 250``.

The number is that of the file descriptor, and tells connections apart; those to IMAP and POP
servers stand in the same file. The message is shown at higher levels only, but the final dot
always is.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, CONTENT, LINE_ENDS, RECORDING, STUFFING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb"(?:\[[0-9: .-]+\](?:<[0-9]>)? ?)?(?:[a-z][a-z0-9_]{2,40}(?:\(\):?|:) ?)?"
    rb"(?:Connected to [^ \r\n]+ on fd=)?(?P<key>[0-9]{1,4})"
    rb"(?:> ?(?P<a>[^\r\n]*)|< ?(?P<b>[^\r\n]*)|(?P<o>))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, mixed=True))


DIALECT = Dialect(
    "mutt",
    "Mutt and NeoMutt",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | CONTENT | STUFFING),
    signature=SIGNATURE,
    read=read,
)
