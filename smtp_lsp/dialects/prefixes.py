"""Any pair of prefixes that no one has listed: told by which side carries reply codes.

What stands in front of a reply, and what stands in front of a command, is compared with its
numbers, times and names of months left out; the two that fit most lines are the pair. Either
may be empty, but not both: that is a capture.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import literals, log
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
from smtp_lsp.grammar import Production

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from smtp_lsp.dialects.log import Decode
    from smtp_lsp.dialects.reading import Items

NAME = "prefixes"
TITLE = "a pair of prefixes of its own"
LONGEST = 160
"""Octets in front of what is said, at most."""

_REPLY = Production(rb"(?<![0-9A-Za-z.@_/-])[2-5][0-9]{2}(?=[ -][^\r\n]|$)")
_COMMAND = Production(
    rb"(?<![0-9A-Za-z.@_/-])(?i:(?:EHLO|HELO|LHLO)(?= )|MAIL FROM:|RCPT TO:"
    rb"|(?:DATA|QUIT|RSET|STARTTLS)(?=[\"' \t]*$)|AUTH(?= [A-Z0-9-]+)|BDAT(?= [0-9]))"
)
_VERBS = (
    rb"(?i:(?:EHLO|HELO|LHLO|VRFY|EXPN|ETRN|AUTH|BDAT|XCLIENT|XFORWARD) [^\r\n]*"
    rb"|(?:MAIL FROM|RCPT TO):[^\r\n]*|(?:DATA|QUIT|RSET|STARTTLS|NOOP|HELP)[ \t]*)"
)
# What differs from line to line: numbers (times among them), pointers, names of months, levels.
_VARIABLE = re.compile(
    rb"0x[0-9A-Fa-f]+|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4,12})*|[0-9]+"
    rb"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b"
    rb"|\b(?:DEBUG|TRACE|INFO|NOTICE|WARN|WARNING|ERROR|debug|trace|info|notice|warn|error)\b"
    rb"|\b[AaPp]\.?[Mm]\b|[ \t]+"
)


def _shape(prefix: bytes) -> bytes:
    return _VARIABLE.sub(_class, prefix)


def _class(match: re.Match[bytes]) -> bytes:
    word = match[0]
    if word[:1] in b" \t":
        return b" "
    if word.isdigit():
        return b"0"
    if word[:2] == b"0x" or (len(word) >= 8 and any(c in b"0123456789" for c in word)):
        return b"\x01"
    return b"\x02"


_PATTERNS = {
    b"0": rb"[0-9A-Fa-f]+",
    b"\x01": rb"[0-9A-Za-z-]+",
    b"\x02": rb"[A-Za-z.]+",
    b" ": rb"[ \t]+",
}


def _pattern(shape: bytes, example: bytes) -> bytes:
    """Return a pattern for the prefixes of a shape; the blanks at its end may be missing."""
    end = shape.endswith(b" ")
    blanks = len(example) - len(example.rstrip(b" \t"))
    parts = [
        _PATTERNS.get(shape[i : i + 1], re.escape(shape[i : i + 1]))
        for i in range(len(shape) - end)
    ]
    return b"".join(parts) + (rb"[ \t]{0,%d}" % blanks if end else b"")


class Pair:
    """Two shapes of prefixes, and in how many lines of the sample they stand."""

    __slots__ = ("client", "count", "examples", "server")

    def __init__(self, client: bytes, server: bytes, count: int) -> None:
        self.client = client
        self.server = server
        self.count = count
        self.examples: tuple[bytes, ...] = ()


def pair_in(lines: Iterable[bytes]) -> Pair | None:
    """Return the pair of prefixes that most of *lines* have, if there is one."""
    servers: dict[bytes, int] = {}
    clients: dict[bytes, int] = {}
    examples: dict[bytes, bytes] = {}
    for line in lines:
        for wanted, counts in ((_REPLY, servers), (_COMMAND, clients)):
            prefix = _first(wanted, line)
            if prefix is not None:
                shape = _shape(prefix)
                counts[shape] = counts.get(shape, 0) + 1
                examples.setdefault(shape, prefix)
    best: Pair | None = None
    for server, replies in sorted(servers.items(), key=_most)[:8]:
        for client, commands in sorted(clients.items(), key=_most)[:8]:
            if client == server or replies < 2 or commands < 2:
                continue
            if best is None or replies + commands > best.count:
                best = Pair(client, server, replies + commands)
                best.examples = examples[client], examples[server]
    return best


def _most(item: tuple[bytes, int]) -> tuple[int, int]:
    return -item[1], len(item[0])


def _first(wanted: Production, line: bytes) -> bytes | None:
    match = wanted.search(line[: LONGEST + 80])
    return line[: match.start()] if match and match.start() <= LONGEST else None


def dialect_of(pair: Pair, sample: bytes) -> Dialect:
    """Return a dialect for the files with this pair of prefixes."""
    client = _pattern(pair.client, pair.examples[0])
    server = _pattern(pair.server, pair.examples[1])
    quote = pair.server[-1:] if pair.server[-1:] in (b"'", b'"') else b""
    if quote and pair.client[-1:] == quote:
        return _quoted(pair, client, server, quote)
    said = client + (rb"(?P<a>[^\r\n]*)" if pair.client else rb"(?P<a>" + _VERBS + rb")")
    replied = server + rb"(?P<b>[2-5][0-9]{2}(?:[ -][^\r\n]*)?)"
    more = rb"[ \t]*(?P<k>[2-5][0-9]{2}[ -][^\r\n]*)"
    if pair.server.startswith(pair.client) and pair.client:
        order = [replied, said]
    else:
        order = [said, replied] if pair.client else [replied, said]
    if pair.server:
        order.append(more)
    bare_dot = re.search(rb"(?m)^\.\r*$", sample) is not None
    shown = bare_dot or re.search(rb"(?m)^" + client + rb"\.\r*$", sample) is not None
    if bare_dot:
        order.append(rb"(?P<l>[^\r\n]*)")
    shows = ALL & ~LINE_ENDS
    if not shown:
        shows &= ~(CONTENT | FINAL_DOT | STUFFING)
    return _made(pair, rb"(?:" + rb"|".join(order) + rb")", shows, None)


def _quoted(pair: Pair, client: bytes, server: bytes, quote: bytes) -> Dialect:
    """Return a dialect whose lines are literals: their escapes are undone."""
    end = quote + rb"[^\r\n\"']{0,20}"
    said, replied = client + rb"(?P<a>[^\r\n]*)" + end, server + rb"(?P<b>[^\r\n]*)" + end
    shows = ALL & ~(CONTENT | FINAL_DOT | STUFFING)
    return _made(pair, rb"(?:" + said + rb"|" + replied + rb")", shows, literals.decode)


def _made(pair: Pair, signature: bytes, shows: int, decode: Decode | None) -> Dialect:
    def read(reading: Reading) -> Items:
        return log.sessions(reading, log.Log(found, decode=decode))

    found: Dialect = Dialect(
        NAME,
        TITLE,
        kind=RECORDING,
        shows=shows,
        signature=signature,
        read=read,
        prefixes=pair.examples,
    )
    return found


def read_nothing(reading: Reading) -> Items:
    return iter(())


DIALECT = Dialect(
    NAME, TITLE, kind=RECORDING, shows=ALL & ~LINE_ENDS, signature=rb"(?!)", read=read_nothing
)
"""What is asked for by name; which prefixes the pair has, only the file tells."""
