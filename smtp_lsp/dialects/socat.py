r"""``socat -v``: a line with time and length in front of each piece of data, either way.

``>`` is what went from the first address to the second. A CR is written as ``\r`` at the end of
its line; a piece may hold several lines.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, LINE_ENDS, RECORDING, Dialect, Reading
from smtp_lsp.text.view import Buffer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

_TIME = rb"[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8}\.[0-9]{1,12} +length=[0-9]+ from=[0-9]+ to=[0-9]+"
SIGNATURE = rb"(?:(?P<n>[<>] " + _TIME + rb")|(?P<u>[^\r\n\\]*(?:\\[^r\r\n][^\r\n\\]*)*)(?:\\r)?)"
_HEAD = re.compile(rb"(?m)^([<>]) " + _TIME + rb"\r*\n?")


class Frames(log.Log):
    """The pieces of data, each behind its line."""

    def told(self, reading: Reading, buffer: Buffer) -> list[log.Told]:
        data, now = buffer.data, log.Told(buffer)
        heads = list(_HEAD.finditer(data))
        limits = [head.start() for head in heads[1:]] + [len(data)] * bool(heads)
        for head, limit in zip(heads, limits, strict=True):
            group, position = "a" if head[1] == b">" else "b", head.end()
            while position < limit:
                stop = data.find(b"\n", position, limit)
                stop = limit if stop < 0 else stop
                end = stop
                while end > position and data[end - 1] == 13:
                    end -= 1
                shown = end - 2 if data.endswith(b"\\r", position, end) else end
                now.line(group, data, ((position, shown),), end)
                position = stop + 1
        now.end_line(data)
        return [now]


def read(reading: Reading) -> Items:
    return log.sessions(reading, Frames(DIALECT))


DIALECT = Dialect(
    "socat",
    "socat -v",
    kind=RECORDING,
    shows=ALL & ~LINE_ENDS,
    signature=SIGNATURE,
    read=read,
)
