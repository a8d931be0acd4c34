"""What looks like a field or a command in a place where there is a value or a text."""

from __future__ import annotations

from smtp_lsp.grammar import Production
from smtp_lsp.text.lines import find_rare
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match

# A CR without LF, and behind it what begins as a field does (RFC 5322 2.2).
_FIELD = Production(rb"\r(?![\r\n])[ \t]*+([A-Za-z][A-Za-z0-9-]{1,70}+)[ \t]*+:")

# What ends a path for whoever does not know quotes: a bracket in a quoted local-part, and behind
# it what would then be a parameter or a command.
ENDS_PATH = Production(rb">[ \t\r\n\\]++[A-Za-z]")

# An address within the quotes of another one, and something behind it.
HOLDS_ADDRESS = Production(rb"[^\s\"@<>]@[A-Za-z0-9-]++\.[A-Za-z0-9.-]++[ \t,;]")

# A dot alone on a line, whatever takes it for a line, and the next transaction: MAIL, before it
# a hello or RSET and the like, and no reply between.
_END = rb"(?:\r\r?\n|\n|\r)"
_SMUGGLED = Production(
    rb"[\r\n]\0?(\.)\0?%b(?:(?:(?:EHLO|HELO|LHLO)[ ][!-~][^\r\n]{0,255}|RSET|NOOP)[ \t]*+%b){0,3}"
    rb"(MAIL[ ]FROM:[^\r\n]{0,255})" % (_END, _END),
    2,
)


def fields(data: bytes, start: int, end: int) -> Iterator[Match[bytes]]:
    """Yield where a value holds the name of a field that is known, behind a bare CR."""
    from smtp_lsp import registry

    if data.find(b"\r", start, end) < 0:
        return
    for match in _FIELD.compiled.finditer(data, start, end):
        if registry.header_field(match[1].decode("ascii").lower()) is not None:
            yield match


def smuggled(text: View) -> list[tuple[View, View]]:
    """Return the dots behind which another transaction begins, each with its MAIL."""
    data, start, end = text.buffer.data, text.start, text.end
    found = []
    match = _SMUGGLED.compiled.match
    # A search for what the pattern begins with takes ten times as long as these.
    for before in (b"\n", b"\r", b"\0"):
        dot = find_rare(data, before + b".", start, end)
        while dot >= 0:
            begin = dot - (before == b"\0")
            smuggled = match(data, begin, end) if begin >= start else None
            if smuggled:
                places = View(text.buffer, *smuggled.span(1)), View(text.buffer, *smuggled.span(2))
                found.append(places)
            dot = find_rare(data, before + b".", dot + 1, end)
    return sorted(found, key=lambda views: views[0].start)
