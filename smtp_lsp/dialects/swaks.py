"""swaks: `` ->`` and ``<-``, ``~>`` and ``<~`` inside TLS, ``**`` where swaks saw an error.

Data lines end in CRLF and all others in LF, so line ends say nothing about the wire. With
``--suppress-data`` the content is one line, ``11 lines sent``. Notes begin with ``===``.
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
    rb"[ \t]*(?:(?:===|\?\?\?|\*\*\*)(?P<n>[^\r\n]*)"
    rb"|(?:->|~>|\*\*>|\*~>)(?:[ \t]|(?=[\r\n]|$))(?P<a>[^\r\n]*)"
    rb"|(?:<-|<~|<\*\*|<~\*)(?:[ \t]{1,2}|(?=[\r\n]|$))(?P<b>[^\r\n]*)"
    rb"|[<>] {1,2}(?P<m>[^\r\n]*))"
)


def read(reading: Reading) -> Iterator[Utterance | Content]:
    return iter(Lines(reading, re.compile(SIGNATURE)))


DIALECT = Dialect(
    "swaks",
    "swaks",
    kind=RECORDING,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE,
    read=read,
)
