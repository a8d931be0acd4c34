"""``curl -v``: ``>`` and ``<``, notes behind ``*``, byte counts in braces.

The content is only counted (``} [75 bytes data]``) and the final dot never shown.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects.prefixed import Lines
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
    from collections.abc import Iterator

    from smtp_lsp.dialects.utterance import Content, Utterance

SIGNATURE = (
    rb"(?:[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} )?(?:\[[0-9]+-[0-9]+\] )?"
    rb"(?:> (?P<a>[^\r\n]*)|< (?P<b>[^\r\n]*)"
    rb"|(?P<n>\*[^\r\n]*|[{}] \[[0-9]+ bytes data\][^\r\n]*))"
)


def read(reading: Reading) -> Iterator[Utterance | Content]:
    return iter(Lines(reading, re.compile(SIGNATURE)))


DIALECT = Dialect(
    "curl",
    "curl -v",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | CONTENT | FINAL_DOT | STUFFING),
    signature=SIGNATURE,
    read=read,
)
