"""Wireshark's and tshark's packet list, a line for each packet.

Its last column says ``S: 250-mx | PIPELINING | DSN`` or ``C: MAIL FROM:<a> | RCPT TO:<b>``: the
lines of one packet with bars between, those of a reply without their code but for the first.
Content is counted, ``C: DATA fragment, 75 bytes``, and so is all that Wireshark takes for it,
chunks and unknown commands among them. Connections are told apart by their endpoints.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import log
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
from smtp_lsp.text.view import Buffer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

# Number, time, endpoints, protocol and length. tshark has an arrow between the endpoints;
# exported from the window the columns are padded, and as CSV they are in quotation marks.
_GAP = rb"(?:[ \t]{1,40}|\",\")"
_TO = rb"(?:(?:\xe2\x86\x92|->)[ \t]{1,8})?"
_PACKET = (
    rb"[ \t]{0,12}\"?[0-9]{1,9}"
    + _GAP
    + rb"(?:[0-9-]{10}[ T])?[0-9:.]{1,24}"
    + _GAP
    + rb"([^\s\",]{1,80})"
    + _GAP
    + _TO
    + rb"([^\s\",]{1,80})"
    + _GAP
)
_SMTP = rb"SMTP" + _GAP + rb"(?:[0-9]{1,6}" + _GAP + rb")?"
_COUNTED = rb"(?:DATA fragment|Message Body), [0-9]+ bytes?"

SIGNATURE = (
    _PACKET.replace(rb"([^", rb"(?:[^")
    + _SMTP
    + rb"(?:C: (?:(?P<n>"
    + _COUNTED
    + rb"[^\r\n]*)|(?P<a>[^\r\n]*))|S: (?P<b>[^\r\n]*))"
)

_LINE = re.compile(
    rb"(?m)^" + _PACKET + rb"(?:" + _SMTP + rb"([CS]): ([^\r\n]*)|TCP" + _GAP + rb"[^\r\n]*)"
)
_BEGINS = re.compile(rb"\[SYN\]")
_FRAGMENT = re.compile(_COUNTED)
_CODE = re.compile(rb"[2-5][0-9]{2}(?:[ -]|$)")
_SECRET = re.compile(rb"(?:User|Pass): ")


class Packets(log.Log):
    """The packets of a list, sorted by their endpoints."""

    def told(self, reading: Reading, buffer: Buffer) -> list[log.Told]:
        data = buffer.data
        found: list[log.Told] = []
        open_: dict[bytes, log.Told] = {}
        for match in _LINE.finditer(data):
            key = b" ".join(sorted((match[1], match[2])))
            if match[3] is None:
                if _BEGINS.search(data, match.end(2), match.end()):
                    open_.pop(key, None)
                continue
            now = open_.get(key)
            if now is None:
                now = open_[key] = log.Told(buffer)
                found.append(now)
            start, stop = match.span(4)
            if data[start - 4 : start - 3] == b'"' and data[stop - 1 : stop] == b'"':
                stop -= 1
            if match[3] == b"S":
                add_reply(now, data, _split(data, start, stop))
            elif not _FRAGMENT.match(data, start):
                _add_commands(now, data, start, stop)
            elif not now.asked and (not now.segments or now.segments[-1][0] != "a"):
                # A chunk, or a command that Wireshark does not know.
                add(now, "a", data, b"...", start, stop)
        for now in found:
            now.end_line(data)
        return found


def _split(data: bytes, start: int, stop: int) -> list[tuple[int, int]]:
    """Return the lines that stand in one packet."""
    return [(piece[0], piece[1]) for piece in log.separated(b" | ")(data, start, stop)]


def _add_commands(now: log.Told, data: bytes, start: int, stop: int) -> None:
    for begin, end in _split(data, start, stop):
        secret = _SECRET.match(data, begin, end)
        begin = secret.end() if secret else begin
        add(now, "a", data, data[begin:end], begin, end)


def add_reply(now: log.Told, data: bytes, pieces: list[tuple[int, int]]) -> None:
    """Append the lines of one or more replies, of which only the first have their code."""
    code = b""
    for number, (begin, end) in enumerate(pieces):
        if _CODE.match(data, begin, end):
            code = data[begin : begin + 3]
            add(now, "b", data, data[begin:end], begin, end)
            continue
        last = number + 1 == len(pieces) or _CODE.match(data, *pieces[number + 1]) is not None
        now.begin("b", data)
        now.joiner.add(code + (b" " if last else b"-"), begin, begin)
        now.joiner.add(data[begin:end], begin, end)
        now.joiner.add(b"\r\n", end, end)


def add(now: log.Told, group: str, data: bytes, text: bytes, start: int, stop: int) -> None:
    """Append the line *text*, said by *group*, which ``data[start:stop]`` shows."""
    now.begin(group, data)
    now.joiner.add(text, start, stop)
    now.joiner.add(b"\r\n", stop, stop)
    now.note(group, text)


def read(reading: Reading) -> Items:
    return log.sessions(reading, Packets(DIALECT))


SHOWS = ALL & ~(LINE_ENDS | CONTENT | FINAL_DOT | STUFFING)

DIALECT = Dialect(
    "wireshark",
    "Wireshark packet list",
    kind=RECORDING,
    shows=SHOWS,
    signature=SIGNATURE,
    read=read,
    gaps=True,
)
