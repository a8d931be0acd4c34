"""``exim -bh``: a session typed in to try what Exim would do for a host.

Replies and what was typed are bare, as in any capture. ``>>> `` is not SMTP: it tells how
lists and ACLs were worked through, even in the midst of the content. ``LOG:`` is what would
have been logged. Through pipes the notes come out of order, and nothing that was typed.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, Dialect, Reading
from smtp_lsp.dialects.stream import Stream
from smtp_lsp.dialects.utterance import UNKNOWN, Boundary
from smtp_lsp.text.view import Joiner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.dialects.utterance import Content, Utterance

_SIGNATURE = (
    rb"(?:(?P<o>\*{4} SMTP testing session as if from host [^\r\n]*)"
    rb"|(?P<n>(?:>>>(?= |\r*$)|LOG: |\*{4} )[^\r\n]*)"
    rb"|(?P<u>[^\r\n]*))"
)
SIGNATURE = rb"[ \t]*" + _SIGNATURE
_LINE = re.compile(rb"(?m)^" + _SIGNATURE + rb"\r*(?:\n|\Z)")


def read(reading: Reading) -> Iterator[Utterance | Content | Boundary]:
    buffer = reading.buffer
    data = buffer.data
    joiner = Joiner(buffer)
    for match in _LINE.finditer(data):
        if match.lastgroup == "u":
            joiner.add(match[0], match.start(), match.end())
        elif match.lastgroup == "o":
            yield from _told(reading, joiner)
            yield Boundary()
            joiner = Joiner(buffer)
    yield from _told(reading, joiner)


def _told(reading: Reading, joiner: Joiner) -> Iterator[Utterance | Content]:
    view = joiner.view()
    return iter(Stream(reading, view.buffer, [(UNKNOWN, view.start, view.end)]))


DIALECT = Dialect(
    "exim-bh",
    "Exim -bh",
    kind=RECORDING,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE,
    read=read,
    by_hand=True,
)
