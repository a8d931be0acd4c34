"""``tshark -z follow,tcp,ascii``: chunks, each behind its count of octets, which tabs indent.

A count without a tab begins what node 0 sent, one behind a tab what node 1 sent; a line end of
tshark's own ends each chunk. What Wireshark's window shows has no counts: that is a capture.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, Dialect, Reading
from smtp_lsp.text.view import Buffer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = rb"(?:(?P<n>={20,}|(?:Follow|Filter|Node [01]): [^\r\n]*)|(?P<u>[^\r\n]*))"

_BEGINS = re.compile(rb"(?m)^Follow: [a-z0-9]+,(?:ascii|utf-8)[^\r\n]*")
_COUNT = re.compile(rb"(?m)^(\t?)([0-9]{1,9})\r*\n")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")


class Chunks(log.Log):
    """The chunks of each stream that a file holds."""

    def told(self, reading: Reading, buffer: Buffer) -> list[log.Told]:
        data = buffer.data
        found: list[log.Told] = []
        starts = [match.start() for match in _BEGINS.finditer(data)]
        for begin, limit in zip(starts, [*starts[1:], len(data)], strict=True):
            now = log.Told(buffer)
            found.append(now)
            position = begin
            while (match := _COUNT.search(data, position, limit)) is not None:
                position = self._chunk(now, data, match, limit)
            now.end_line(data)
        return found

    def _chunk(self, now: log.Told, data: bytes, match: re.Match[bytes], limit: int) -> int:
        """Append a chunk; a line end is two octets, even where an editor has made it one."""
        count, position = int(match[2]), match.end()
        group = "b" if match[1] else "a"
        now.begin(group, data)
        while count > 0 and position < limit:
            line = _LINE.match(data, position, limit)
            if line is None or line.end() == position:
                break
            said = line[0].rstrip(b"\r\n")
            stop = min(position + count, position + len(said))
            whole = count > len(said)
            now.joiner.add(data[position:stop], position, stop)
            if whole:
                now.joiner.add(b"\r\n", stop, line.end())
            now.note(group, data[position:stop])
            count -= len(said) + 2
            position = line.end() if whole else stop
        return position


def read(reading: Reading) -> Items:
    return log.sessions(reading, Chunks(DIALECT))


DIALECT = Dialect(
    "follow-stream",
    "tshark -z follow",
    kind=RECORDING,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE,
    read=read,
)
