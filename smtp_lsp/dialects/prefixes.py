"""Any pair of prefixes that no one has listed: told by which side carries reply codes.

What stands in front of a reply, and what stands in front of a command, is compared with its
numbers, times and names of months left out; the two that fit most lines are the pair. Either
may be empty, but not both: that is a capture.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import literals, log
from smtp_lsp.dialects.connections import connection_part
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
from smtp_lsp.grammar import Production, speech

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from smtp_lsp.dialects.log import Decode
    from smtp_lsp.dialects.reading import Items

NAME = "prefixes"
TITLE = "a pair of prefixes of its own"
_CLOSING = b"\"'])},;| "
"""What may stand behind what was said, in every line: a command may end in `>`, no more."""

LONGEST = 160
"""Octets in front of what is said, at most."""

_REPLY = Production(rb"(?<![0-9A-Za-z.@_/-])[2-5][0-9]{2}(?=[ -][^\r\n]|$)")
_COMMAND = Production(
    rb"(?<![0-9A-Za-z.@_/-])(?i:(?:EHLO|HELO|LHLO)(?= )|MAIL FROM:|RCPT TO:"
    rb"|(?:DATA|QUIT|RSET|STARTTLS)(?=[\"' \t]*$)|AUTH(?= [A-Z0-9-]+)|BDAT(?= [0-9]))"
)
_FIELD = Production(rb"[A-Za-z][!-9;-~]*:")
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


def _parts(shape: bytes, example: bytes) -> list[bytes]:
    """Return a pattern for each octet of a shape; the blanks at its end may be missing."""
    parts = [_PATTERNS.get(bytes((octet,)), re.escape(bytes((octet,)))) for octet in shape]
    if shape.endswith(b" "):
        blanks = len(example) - len(example.rstrip(b" \t"))
        parts[-1] = rb"[ \t]{0,%d}" % blanks
    return parts


def _pattern(shape: bytes, example: bytes) -> bytes:
    return b"".join(_parts(shape, example))


class Pair:
    """Two shapes of prefixes, in how many lines of the sample they stand, and what ends these."""

    __slots__ = ("client", "count", "end", "examples", "server")

    def __init__(self, client: bytes, server: bytes, count: int) -> None:
        self.client = client
        self.server = server
        self.count = count
        self.examples: tuple[bytes, ...] = ()
        self.end = b""


def pair_in(lines: list[bytes]) -> Pair | None:
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
            if replies < 2 or commands < 2 or not (client or server):
                continue
            if best is None or replies + commands > best.count:
                best = Pair(client, server, replies + commands)
                best.examples = examples[client], examples[server]
    if best is not None:
        best.end = _common_end(lines, best)
    return best


def _common_end(lines: list[bytes], pair: Pair) -> bytes:
    """Return the quote marks and brackets that all lines with the pair's prefixes end with."""
    end: bytes | None = None
    for line in lines:
        reply, command = _first(_REPLY, line), _first(_COMMAND, line)
        if (reply is not None and _shape(reply) == pair.server) or (
            command is not None and _shape(command) == pair.client
        ):
            line = line.rstrip()
            tail = line[len(line.rstrip(_CLOSING)) :]
            if end is None:
                end = tail
            while not tail.endswith(end):
                end = end[1:]
            if not end:
                break
    return end or b""


def _most(item: tuple[bytes, int]) -> tuple[int, int]:
    return -item[1], len(item[0])


def _first(wanted: Production, line: bytes) -> bytes | None:
    match = wanted.search(line[: LONGEST + 80])
    return line[: match.start()] if match and match.start() <= LONGEST else None


def dialect_of(pair: Pair, data: bytes, lines: list[bytes]) -> Dialect:
    """Return a dialect for the files with this pair of prefixes, told by *lines* of one."""
    quoted = pair.end[:1] in (b"'", b'"')
    decode = literals.decode if quoted else None
    if pair.client == pair.server:
        prefix = _pattern(pair.client, pair.examples[0])
        signature = prefix + rb"(?P<u>[^\r\n]*)" + re.escape(pair.end)
        return _made(pair, signature, ALL & ~LINE_ENDS, decode)
    head, client, server = _head_and_tails(pair, lines)
    if pair.end:
        end = re.escape(pair.end)
        order = [client + rb"(?P<a>[^\r\n]*)" + end, server + rb"(?P<b>[^\r\n]*)" + end]
        signature = head + rb"(?:" + rb"|".join(order) + rb")"
        shows = ALL & ~(0 if quoted else LINE_ENDS)
        return _made(pair, signature, _narrowed(shows, signature, lines), decode)
    said = client + (rb"(?P<a>[^\r\n]*)" if pair.client else rb"(?P<a>" + _VERBS + rb")")
    replied = server + rb"(?P<b>[2-5][0-9]{2}(?:[ -][^\r\n]*|(?=[\r\n]|$)))"
    # The longer prefix first, where the other one is its beginning.
    longer = len(pair.server) > len(pair.client) or not pair.client
    order = [replied, said] if longer else [said, replied]
    whole = [head + rb"(?:" + rb"|".join(order) + rb")"]
    if pair.server:
        whole.append(rb"[ \t]*(?P<k>[2-5][0-9]{2}[ -][^\r\n]*)")
    bare_dot = re.search(rb"(?m)^\.\r*$", data) is not None
    shows = ALL & ~LINE_ENDS
    if bare_dot:
        whole.append(rb"(?P<l>[^\r\n]*)")
    else:
        shows = _narrowed(shows, whole[0], lines)
    return _made(pair, rb"(?:" + rb"|".join(whole) + rb")", shows, None)


def _narrowed(shows: int, signature: bytes, lines: list[bytes]) -> int:
    """Return what is shown where no content is, as far as *lines* tell."""
    if _is_content_shown(re.compile(signature).match, lines):
        return shows
    return shows & ~(CONTENT | FINAL_DOT | STUFFING)


def _is_content_shown(match: Callable[[bytes], re.Match[bytes] | None], lines: list[bytes]) -> bool:
    """Say whether the client goes on behind 354, or behind a BDAT, with what is no command."""
    asked, said, left = False, 0, 0
    for line in lines:
        found = match(line)
        if found is None:
            continue
        if found.lastgroup == "b":
            asked, said = found["b"][:3] == b"354", 0
            continue
        text = found["a"]
        command = speech.command(text)
        if asked:
            said += not (command.likely or speech.is_placeholder(text))
            if text == b"." or said > 2 or (said and _FIELD.match(text)):
                return True
        elif left > 0:
            left -= len(text) + 2
            if left == 0:
                return True
        else:
            left = command.chunk
    return False


def _head_and_tails(pair: Pair, lines: list[bytes]) -> tuple[bytes, bytes, bytes]:
    """Return patterns for what the two prefixes have in common, and for the rest of either.

    Where sessions interleave, the part of the common head that names the connection is the
    group ``key``.
    """
    first = _parts(pair.client, pair.examples[0])
    second = _parts(pair.server, pair.examples[1])
    common = 0
    while common < min(len(first), len(second)) and first[common] == second[common]:
        common += 1
    variable = frozenset(_PATTERNS.values()) - {_PATTERNS[b" "]}
    head: list[bytes] = [b""]
    for part in first[:common]:
        if part in variable:
            head += [part, b""]
        else:
            head[-1] += part
    client, server = b"".join(first[common:]), b"".join(second[common:])
    if len(head) > 1:
        number = connection_part(lines, head, client, server)
        if number >= 0:
            head[2 * number + 1] = rb"(?P<key>" + head[2 * number + 1] + rb")"
    return b"".join(head), client, server


def _made(pair: Pair, signature: bytes, shows: int, decode: Decode | None) -> Dialect:
    def read(reading: Reading) -> Items:
        return log.sessions(reading, log.Log(found, decode=decode))

    found: Dialect = Dialect(
        NAME,
        TITLE,
        kind=RECORDING,
        by_hand=True,
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
