"""``curl --trace``: hex dumps of what was sent and received, octet for octet.

A block begins with a line such as ``=> Send header, 25 bytes (0x19)``, with ``--trace-time``
behind a time and with ``--trace-ids`` behind the numbers of transfer and connection. Blocks of
SSL data and notes say nothing. Older versions do not dump the final dot, newer ones do.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, FINAL_DOT, RECORDING, Dialect, Reading
from smtp_lsp.text.view import Buffer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

# What a file is told by, line by line: the octets, and beside them as many characters.
HEAD = (
    rb"(?P<n>(?:[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} )?(?:\[[0-9x]+-[0-9x]+\] )?"
    rb"(?:=> Send|<= Recv|== Info:)[^\r\n]*)"
)
SIGNATURE = rb"(?:[0-9a-f]{4,8}: (?:[0-9a-f]{2} ){1,16} {0,45}(?P<u>[^\r\n]*)|" + HEAD + rb")"

# `=> Send header` and `<= Recv data`, but not `=> Send SSL data`; or a new connection.
_BLOCK = re.compile(
    rb"(?m)^(?:[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} )?(?:\[[0-9x]+-([0-9x]+)\] )?"
    rb"(?:(?:=> (Send)|<= Recv) (header|data), ([0-9]+) bytes? \(0x[0-9a-f]+\)"
    rb"|== Info: (?:Connected|Established connection) to [^\r\n]*)\r?\n?"
)
_OCTETS = re.compile(rb"[0-9a-f]{4,8}: ((?:[0-9a-f]{2} ){0,15}[0-9a-f]{2})[^\r\n]*")


class Trace(log.Log):
    """The blocks of a trace, sorted by connection; ``block`` reads what one of them holds."""

    def told(self, reading: Reading, buffer: Buffer) -> list[log.Told]:
        data = buffer.data
        found: list[log.Told] = []
        open_: dict[bytes, log.Told] = {}
        for match in _BLOCK.finditer(data):
            key, sent, kind, count = match.groups()
            key = key or b""
            if count is None:
                open_.pop(key, None)
                continue
            now = open_.get(key)
            if now is None:
                now = open_[key] = log.Told(buffer)
                found.append(now)
            group = "a" if sent else "b"
            now.begin(group, data)
            parts = len(now.joiner.parts)
            self.block(now, data, match.end(), int(count))
            if kind == b"header":
                said = b"".join(now.joiner.parts[parts:])
                now.note(group, said.split(b"\r\n", 1)[0])
        for now in found:
            now.end_line(data)
        return found

    def block(self, now: log.Told, data: bytes, position: int, count: int) -> None:
        """Append the *count* octets that the lines from *position* on show."""
        while count > 0:
            line = _OCTETS.match(data, position)
            if line is None:
                break
            octets = bytes.fromhex(line[1].decode("ascii"))
            # The characters beside the octets stand for them, if there is one for each.
            start = line.start(1) + 48
            if start + len(octets) == line.end():
                now.joiner.add(octets, start, line.end())
            else:
                now.joiner.add(octets, *line.span(1))
            count -= len(octets)
            position = log.terminated(data, line.end())


def read(reading: Reading) -> Items:
    return log.sessions(reading, Trace(DIALECT))


DIALECT = Dialect(
    "curl-trace",
    "curl --trace",
    kind=RECORDING,
    shows=ALL & ~FINAL_DOT,
    signature=SIGNATURE,
    read=read,
)
