r"""James MPT scripts (``.test``): ``C:`` sends, ``S:`` expects a match of a Java expression.

``\r\n`` in what the client sends is a line end. Comments begin with ``#``; ``SESSION:`` names
the connection of the lines behind it, ``REINIT`` makes a new one. The steps are grouped: a
client that is not seen to wait may well have waited.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import log
from smtp_lsp.dialects.expected import REPLY
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, REPLY_TEXT, SCRIPT, Dialect, Reading
from smtp_lsp.dialects.scripts import Script
from smtp_lsp.text.view import Buffer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb"(?:C:(?: (?P<a>[^\r\n]*)|(?=[\r\n]|\Z))|S:(?: " + REPLY + rb"|(?=[\r\n]|\Z))"
    rb"|(?P<n>(?:#|SESSION:|REINIT|SUB \{|\}|WAIT |LOG |TIMER )[^\r\n]*))"
)

_STEP = re.compile(rb"(?m)^(?:(C|S):(?: ([^\r\n]*)|(?=[\r\n]|\Z))|SESSION:([^\r\n]*)|(REINIT))")
_LINE_END = b"\\r\\n"


class Steps(log.Log):
    """The steps of a script, sorted by session."""

    def told(self, reading: Reading, buffer: Buffer) -> list[log.Told]:
        script = Script(reading, buffer)
        data, key = buffer.data, b""
        for match in _STEP.finditer(data):
            who, _, session, again = match.groups()
            if session is not None:
                key = session.strip()
            elif again is not None:
                script.connect(key)
            elif match[2] is None:
                script.line(key, "a" if who == b"C" else "b", match.end(), match.end())
            elif who == b"S":
                script.pattern(key, "b", *match.span(2))
            else:
                for start, stop in _lines(data, *match.span(2)):
                    script.line(key, "a", start, stop)
        return script.finish()


def _lines(data: bytes, start: int, stop: int) -> list[tuple[int, int]]:
    """Return the lines that the client sends in one go."""
    pieces = [(piece[0], piece[1]) for piece in log.separated(_LINE_END)(data, start, stop)]
    return pieces or [(start, stop)]


def read(reading: Reading) -> Items:
    return log.sessions(reading, Steps(DIALECT))


DIALECT = Dialect(
    "mpt",
    "James MPT script (.test)",
    kind=SCRIPT,
    shows=ALL & ~(LINE_ENDS | REPLY_TEXT),
    signature=SIGNATURE,
    read=read,
)
