"""``curl --trace-ascii``: what was sent and received, with its offsets in front.

Line ends are left out, and lines are split at 64 columns: whether one goes on is told by the
offset of the next, or by the length of the block. What is no ASCII is shown as a dot, tabs
among it; curl stuffs dots, so a single dot in front of more is a tab.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import log
from smtp_lsp.dialects.curl_trace import HEAD, Trace
from smtp_lsp.dialects.reading import ALL, FINAL_DOT, LINE_ENDS, RECORDING, Dialect, Reading
from smtp_lsp.text.view import Buffer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = rb"(?:[0-9a-f]{4,8}: (?P<u>[^\r\n]*)|" + HEAD + rb")"

_LINE = re.compile(rb"([0-9a-f]{4,8}):(?: ([^\r\n]*)|(?=[\r\n]|\Z))")
_WIDTH = 64


class AsciiTrace(Trace):
    """A trace whose blocks hold lines of text."""

    def told(self, reading: Reading, buffer: Buffer) -> list[log.Told]:
        self.header = False  # whether the header of a message is being read
        return super().told(reading, buffer)

    def block(self, now: log.Told, data: bytes, position: int, count: int) -> None:
        line = _LINE.match(data, position)
        whole = True  # the line before ended in CRLF
        while line is not None:
            start = line.start(2) if line[2] is not None else line.end()
            stop = line.end()
            position = log.terminated(data, stop)
            following = _LINE.match(data, position)
            offset = int(line[1], 16)
            goes_on = following is not None and int(following[1], 16) > offset
            reached = int(following[1], 16) if following is not None and goes_on else count
            missing = reached - offset - (stop - start)
            if whole:
                self._tabs(now, data, start, stop)
            else:
                now.joiner.add(data[start:stop], start, stop)
            whole = missing >= 2
            if whole:
                now.joiner.add(b"\r\n", stop, position)
            elif missing == 1:  # a blank that an editor took away
                now.joiner.add(b" ", stop, stop)
            if not goes_on:
                break
            line = following

    def _tabs(self, now: log.Told, data: bytes, start: int, stop: int) -> None:
        """Append a line of a block, with tabs again where dots cannot have been meant."""
        text = data[start:stop]
        if now.asked:
            self.header, now.asked = True, False
        elif not text:
            self.header = False
        dots = len(text) - len(text.lstrip(b"."))
        if dots and dots < len(text) and (self.header or dots == 1):
            now.joiner.add(b"\t" * dots, start, start + dots)
            start += dots
        now.joiner.add(data[start:stop], start, stop)


def read(reading: Reading) -> Items:
    return log.sessions(reading, AsciiTrace(DIALECT))


DIALECT = Dialect(
    "curl-trace-ascii",
    "curl --trace-ascii",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | FINAL_DOT),
    signature=SIGNATURE,
    read=read,
)
