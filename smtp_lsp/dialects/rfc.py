"""RFC style: ``C:`` and ``S:`` in front of every line, as in the RFCs, docs and tests.

In RFC 821, 1830 and 3030 ``S:`` is the sender and ``R:`` the receiver. Long commands go
on in a deeper-indented line without a prefix (RFC 6710), base64 without a blank between
(RFC 4954), and people leave the prefixes off behind ``354``.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects.prefixed import Lines
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, SCRIPT, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.dialects.utterance import Content, Utterance

# `S:` is the b side where the other one is `C:`, and the a side where it is `R:`; the vote on
# who says reply codes sorts that out, so `R:` only has to share a side with neither.
SIGNATURE = (
    rb"[ \t]*(?:(?:C(?:lient)?|client) ?:[ \t]?(?P<a>[^\r\n]*)"
    rb"|(?:S(?:erver|ender)?|server|sender) ?:[ \t]?(?P<b>[^\r\n]*)"
    rb"|(?:R(?:eceiver)?|receiver) ?:[ \t]?(?P<r>[^\r\n]*)"
    rb"|C ?& ?S ?:[ \t]?(?P<n>[^\r\n]*))"
)


def read(reading: Reading) -> Iterator[Utterance | Content]:
    return iter(Lines(reading, re.compile(SIGNATURE), indented=True, loose=True))


DIALECT = Dialect(
    "rfc",
    "RFC style (C: and S:)",
    kind=SCRIPT,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE,
    read=read,
    excerpts=True,
    by_hand=True,
)
