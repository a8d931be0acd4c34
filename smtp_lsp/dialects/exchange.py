"""Exchange's protocol logs: comma-separated, the event ``<`` or ``>``, then what was said.

``>`` is what this server sent: a reply in a log of a receive connector, a command in one of a
send connector. The session's number is the key. The content is never there. The reply to EHLO
is written as one line, ``250  mx.example Hello [192.0.2.1] SIZE 37748736 PIPELINING``, and
taken apart here before each of its keywords.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import (
    ALL,
    AUTH_EXCHANGE,
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
    from collections.abc import Iterable, Iterator

    from smtp_lsp.dialects.log import Piece
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,16}Z?,(?:\"[^\"\r\n]{0,400}\"|[^,\"\r\n]{0,400}),"
    rb"(?P<key>[0-9A-Fa-f]{8,20}),[0-9]{1,9},[^,\r\n]{0,80},[^,\r\n]{0,80},"
    rb"(?:<,(?:\"(?P<c>[^\"\r\n]*)\"|(?P<a>[^,\"\r\n]*))"
    rb"|>,(?:\"(?P<d>[^\"\r\n]*)\"|(?P<b>[^,\"\r\n]*))"
    rb"|(?P<o>\+,)|(?P<n>[*-],)),?[^\r\n]*"
)

# Keywords of EHLO as Exchange and those it talks to list them.
_KEYWORD = re.compile(
    rb" (?=(?:SIZE|PIPELINING|DSN|ENHANCEDSTATUSCODES|STARTTLS|AUTH|8BITMIME|BINARYMIME|CHUNKING"
    rb"|SMTPUTF8|HELP|VRFY|EXPN|ETRN|DELIVERBY|LIMITS|MT-PRIORITY|REQUIRETLS|X[A-Z0-9-]+)"
    rb"(?:[ =]|$))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, pieces=_apart))


def _apart(data: bytes, start: int, stop: int) -> Iterable[Piece]:
    """Take a reply to EHLO apart; its first line is the one that Exchange greets with."""
    text = data[start:stop]
    marks = [match.start() for match in _KEYWORD.finditer(text)] if text[:4] == b"250 " else []
    if len(marks) < 2 and (not marks or text[4:5] != b" "):
        return ((start, stop),)
    return _lines(text, start, marks)


def _lines(text: bytes, start: int, marks: list[int]) -> Iterator[Piece]:
    begin = len(text) - len(text[4:].lstrip(b" "))
    for mark in marks:
        yield start + begin, start + mark, b"250-"
        begin = mark + 1
    yield start + begin, start + len(text), b"250 "


DIALECT = Dialect(
    "exchange",
    "Exchange's protocol log",
    kind=RECORDING,
    shows=ALL & ~(CONTENT | FINAL_DOT | STUFFING | AUTH_EXCHANGE | LINE_ENDS),
    signature=SIGNATURE,
    read=read,
    served=True,
)
