r"""Wireshark's and tshark's packets in detail, as ``tshark -V`` prints and Wireshark exports them.

``Command Line: EHLO x\r\n`` and ``Response: 250-mx\r\n``, the latter with the text of each line
of the reply in a ``Response parameter:`` of its own. Connections are told apart by the addresses
and ports that stand above. Content is shown as ``Line-based text data``, what Wireshark takes
for it included, but not where a message and its dot are one packet.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import literals, log
from smtp_lsp.dialects.reading import ALL, FINAL_DOT, LINE_ENDS, RECORDING, Dialect, Reading
from smtp_lsp.text.view import Buffer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

# The codes that are explained below each reply count as well where the dialect is told: a report
# of whole packets has a hundred lines for each that somebody said.
SIGNATURE = (
    rb"[ \t]{1,4}(?:Command Line: (?P<a>[^\r\n]*)|Response: (?P<b>[^\r\n]*)"
    rb"|(?P<n>(?:Username|Password|Username/Password|C): [^\r\n]*))"
    rb"|[ \t]{5,8}Response code: [^\r\n(]*\((?P<d>[2-5][0-9]{2})\)"
)

_LINE = re.compile(
    rb"(?m)^(?:Internet Protocol Version [46], Src: ([^\r\n,]*), Dst: ([^\r\n,]*)"
    rb"|Transmission Control Protocol, Src Port: ([^\r\n,]*), Dst Port: ([^\r\n,]*)"
    rb"|[ \t]{1,4}(Command Line|Response|Username|Password|Username/Password|C): ([^\r\n]*)"
    rb"|[ \t]{5,8}Response parameter: ([^\r\n]*)|[ \t]{1,4}Flags: 0x[0-9a-f]+ (\(SYN\))"
    rb"|[ \t]{1,4}(Line-based text data) \([0-9]+ lines?\)[ \t]*)"
)
_TEXT = re.compile(rb"\r?\n(?: {8}|\t\t)(?P<cut>\[truncated\]|\[\xe2\x80\xa6\])?(?P<said>[^\r\n]*)")
_END = re.compile(rb"(?:\\r\\n|\\n|\\r)[ \t]*$")


class Details(log.Log):
    """The packets of a report, sorted by their endpoints."""

    def told(self, reading: Reading, buffer: Buffer) -> list[log.Told]:
        data = buffer.data
        found: list[log.Told] = []
        open_: dict[bytes, log.Told] = {}
        source = target = key = code = b""
        more: list[tuple[int, int]] = []  # further lines of the reply last said
        now = log.Told(buffer)
        match = _LINE.search(data)
        while match is not None:
            position = match.end()
            if match[7] is not None:
                more.append(match.span(7))
                match = _LINE.search(data, position)
                continue
            _say_more(now, data, code, more[1:])
            more = []
            if match[1] is not None:
                source, target = match[1], match[2]
            elif match[3] is not None:
                key = b" ".join(sorted((source + b" " + match[3], target + b" " + match[4])))
            elif match[8] is not None:
                open_.pop(key, None)
            else:
                if key not in open_:
                    open_[key] = log.Told(buffer)
                    found.append(open_[key])
                now = open_[key]
                if match[5] is None:
                    position = _say_text(now, data, position)
                    now.asked = False
                else:
                    if match[5] == b"C" and now.asked:
                        # The message is in this packet, and only shown as what it means.
                        now.begin("a", data)
                        now.joiner.add(b"...\r\n", match.start(6), match.start(6))
                    start, stop = match.span(6)
                    code = data[start : start + 3]
                    _say(now, "b" if match[5] == b"Response" else "a", data, start, stop)
            match = _LINE.search(data, position)
        _say_more(now, data, code, more[1:])
        for now in found:
            now.end_line(data)
        return found


def _say(now: log.Told, group: str, data: bytes, start: int, stop: int) -> None:
    """Append a line, whose line end is shown or not, and whose octets are escaped."""
    end = _END.search(data, max(start, stop - 8), stop)
    now.octets(group, data, start, end.start() if end else stop, literals.decode)


def _say_more(now: log.Told, data: bytes, code: bytes, more: list[tuple[int, int]]) -> None:
    """Append the lines of a reply of which only the text is shown."""
    for number, (start, stop) in enumerate(more):
        now.begin("b", data)
        now.joiner.add(code + (b"-" if number + 1 < len(more) else b" "), start, start)
        _say(now, "b", data, start, stop)


def _say_text(now: log.Told, data: bytes, position: int) -> int:
    """Append lines of content, the last of which may go on in the next packet."""
    now.begin("a", data)
    while True:
        line = _TEXT.match(data, position)
        if line is None:
            return position
        literals.decode(data, *line.span("said"), now.joiner)
        position = line.end()
        if line["cut"]:
            now.joiner.add(b"\r\n", position, position)


def read(reading: Reading) -> Items:
    return log.sessions(reading, Details(DIALECT))


DIALECT = Dialect(
    "wireshark-details",
    "Wireshark packet details",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | FINAL_DOT),
    signature=SIGNATURE,
    read=read,
    gaps=True,
)
