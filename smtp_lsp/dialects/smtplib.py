"""Python ``smtplib`` with ``set_debuglevel``: ``send:`` and ``reply:`` in front of reprs.

The octets of the wire stand in the repr, CR and LF included: a bare LF there is one. The
per-line replies count; ``reply: retcode``, ``data:`` and ``connect:`` say the same again.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import directive
from smtp_lsp.dialects.reading import ALL, RECORDING, Dialect, Reading
from smtp_lsp.dialects.stream import Stream
from smtp_lsp.dialects.utterance import CLIENT, SERVER
from smtp_lsp.text.view import Joiner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.dialects.utterance import Content, Utterance

SIGNATURE = (
    rb"(?:[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)? )?"
    rb"(?:send: b?(?:'(?P<a>[^\r\n]*)'|\"(?P<c>[^\r\n]*)\")"
    rb"|reply: b?(?:'(?P<b>[^\r\n]*)'|\"(?P<d>[^\r\n]*)\")"
    rb"|(?P<n>reply: retcode [^\r\n]*|data: \([^\r\n]*|connect: [^\r\n]*|connect fail: [^\r\n]*))"
)
_ESCAPE = re.compile(
    rb"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(.))"
)
# A comment has a line of its own, or stands behind the quote that ends a repr.
_COMMENT = re.compile(rb"(?m)(?:^|(?<=['\"])) *# smtp-lsp:[^\r\n]*$")
_SIMPLE = {
    b"r": b"\r",
    b"n": b"\n",
    b"t": b"\t",
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"v": b"\v",
}


def read(reading: Reading) -> Iterator[Utterance | Content]:
    data = reading.source.data
    joiner = Joiner()
    segments = []
    for match in re.finditer(rb"(?m)^" + SIGNATURE, data):
        group = match.lastgroup
        if group is None or group == "n":
            continue
        begin = joiner.size
        _decode(data, match.start(group), match.end(group), joiner)
        segments.append((CLIENT if group in "ac" else SERVER, begin, joiner.size))
    for line in _COMMENT.finditer(data) if directive.MARK in data else ():
        reading.without_directive(line.start(), line.end())
    view = joiner.view()
    return iter(Stream(reading, view.buffer, segments, whole=False))


def _decode(data: bytes, start: int, end: int, joiner: Joiner) -> None:
    """Append what the repr in ``data[start:end]`` stands for, escape by escape."""
    position = start
    for match in _ESCAPE.finditer(data, start, end):
        joiner.add(data[position : match.start()], position, match.start())
        joiner.add(_meaning(match), match.start(), match.end())
        position = match.end()
    joiner.add(data[position:end], position, end)


def _meaning(match: re.Match[bytes]) -> bytes:
    for group in (1, 2, 3):
        if match[group]:
            number = int(match[group], 16)
            if group == 1:
                return bytes([number])
            return chr(min(number, 0x10FFFF)).encode("utf-8", "surrogatepass")
    if match[4]:
        return bytes([int(match[4], 8) & 255])
    return _SIMPLE.get(match[5], match[5])


DIALECT = Dialect(
    "smtplib",
    "Python smtplib debug output",
    kind=RECORDING,
    shows=ALL,
    signature=SIGNATURE,
    read=read,
)
