r"""chasquid's test scripts (``.cmy``): ``c -> EHLO x``, ``c <- 250 ok``, ``c <~ 5\d\d .*``.

``->`` sends a line, ``.>`` octets without a line end, ``~>`` a Python literal, octet for octet.
``<-`` expects a line, ``<~`` a match of an expression, ``<...`` any lines up to one that does.
Where the script plays the server (``nc``), the arrows mean the opposite. A backslash at the
end of a line goes on in the next.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import literals, log
from smtp_lsp.dialects.expected import REPLY
from smtp_lsp.dialects.reading import ALL, REPLY_TEXT, SCRIPT, Dialect, Reading
from smtp_lsp.dialects.scripts import Script
from smtp_lsp.text.view import Buffer, Joiner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

_NAME = rb"[ \t]*[A-Za-z_][A-Za-z0-9_]{0,15}[ \t]+"
SIGNATURE = (
    _NAME + rb"(?:(?:->|\.>)(?:[ \t]+(?P<a>[^\r\n]*)|(?=[\r\n]|\Z))"
    rb"|~>[ \t]+b?['\"](?P<c>[^\r\n]*)['\"]"
    rb"|(?:<-|<~|<\.\.\.)(?:[ \t]+" + REPLY + rb"|(?=[\r\n]|\Z))"
    rb"|(?P<n>(?:=|\|=|[a-z]+_(?:listen|connect)|close|sleep|wait)(?:[ \t][^\r\n]*)?))"
)

_STEP = re.compile(
    rb"(?m)^[ \t]*([A-Za-z_][A-Za-z0-9_]{0,15})[ \t]+"
    rb"(->|\.>|~>|<-|<~|<\.\.\.|=|\|=|[a-z]+_listen|[a-z]+_connect|close)"
    rb"(?:[ \t]+([^\r\n]*)|(?=[\r\n]|\Z))"
)


class Steps(log.Log):
    """The steps of a script, sorted by the connection that takes them."""

    def told(self, reading: Reading, buffer: Buffer) -> list[log.Told]:
        script = Script(reading, buffer)
        data = buffer.data
        for match in _STEP.finditer(data):
            name, step, _ = match.groups()
            start, stop = match.span(3) if match[3] is not None else (match.end(),) * 2
            if step in (b"->", b"<-"):
                script.line(name, "a" if step == b"->" else "b", start, stop)
            elif step in (b"<~", b"<..."):
                script.pattern(name, "b", start, stop, last=step == b"<...")
            elif step == b".>":
                now = script.of(name, "a")
                now.joiner.add(data[start:stop], start, stop)
            elif step == b"~>":
                self._literal(script.of(name, "a"), data, start, stop)
            else:
                script.connect(name)
        return script.finish()

    def _literal(self, now: log.Told, data: bytes, start: int, stop: int) -> None:
        """Append what a Python literal stands for, quotes left out."""
        while start < stop and data[start] not in b"'\"":
            start += 1
        quote = data[start : start + 1]
        end = data.rfind(quote, start + 1, stop) if quote else -1
        if end > start:
            literals.decode(data, start + 1, end, now.joiner)


def unwrapped(buffer: Buffer) -> Buffer:
    """Return *buffer* with the lines joined that end in a backslash."""
    data = buffer.data
    if b"\\\n" not in data and b"\\\r\n" not in data:
        return buffer
    joiner, position = Joiner(buffer), 0
    for match in _WRAPPED.finditer(data):
        joiner.add(data[position : match.start()], position, match.start())
        joiner.add(b" ", match.start(), match.end())
        position = match.end()
    joiner.add(data[position:], position, len(data))
    return joiner.view().buffer


_WRAPPED = re.compile(rb"\\\r?\n[ \t]*")


def read(reading: Reading) -> Items:
    reading.buffer = unwrapped(reading.buffer)
    return log.sessions(reading, Steps(DIALECT))


DIALECT = Dialect(
    "chasquid",
    "chasquid test script (.cmy)",
    kind=SCRIPT,
    shows=ALL & ~REPLY_TEXT,
    signature=SIGNATURE,
    read=read,
)
