"""``>>>`` and ``<<<``, either way round: RFC 3461 10, bounces, OpenSMTPD, test clients.

Which arrow is the server's is told by who says reply codes, never by the arrow. A long
command ends in a backslash and goes on in the next line (RFC 3461 10).
"""

from __future__ import annotations

import re

from smtp_lsp.dialects.prefixed import Lines
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.dialects.utterance import Content, Utterance

SIGNATURE = (
    rb"[ \t]*(?:>>>(?:[ \t]|(?=[\r\n]|$))(?P<a>[^\r\n]*)|<<<(?:[ \t]|(?=[\r\n]|$))(?P<b>[^\r\n]*))"
)


def read(reading: Reading) -> Iterator[Utterance | Content]:
    return iter(Lines(reading, re.compile(SIGNATURE), backslash=True))


DIALECT = Dialect(
    "arrows",
    ">>> and <<<",
    kind=RECORDING,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE,
    read=read,
    excerpts=True,
    whole=False,
)
