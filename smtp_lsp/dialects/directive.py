"""Comments addressed to this program: ``# smtp-lsp: ignore[lone-dot] sent on purpose``.

A directive is a whole line, or the end of one. It is stripped before anything is parsed and
never looked for inside content, where it would be the author's text.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production
from smtp_lsp.text.span import Span

MARK = b"smtp-lsp:"
TRAILING = b" # smtp-lsp:"

# "# smtp-lsp:" word [ "[" name *( "," name ) "]" ] [ "=" value ] [ reason ]
_DIRECTIVE = Production(
    rb"#[ \t]*smtp-lsp:[ \t]*([^\s\[=]*)(?:[ \t]*\[([^\]\r\n]*)\])?(?:=([^\s]*))?[ \t]*([^\r\n]*)"
)


ALONE = Production(rb"(?m)^[ \t]*#[ \t]*smtp-lsp:[^\r\n]*")
"""A directive in a line of its own."""


class Directive:
    """One directive: its word, the names in brackets, the value behind ``=``, the reason.

    ``alone`` says that it has a line of its own, and so speaks of the next line of the file.
    """

    __slots__ = ("alone", "names", "reason", "span", "value", "word", "word_span")

    def __init__(self, data: bytes, start: int, stop: int, *, alone: bool) -> None:
        self.alone = alone
        found = _DIRECTIVE.match(data[start:stop])
        self.word = found[1].decode("utf-8", "replace") if found else ""
        names = (found[2] or b"") if found else b""
        self.names = [
            (name.strip().decode("utf-8", "replace")) for name in names.split(b",") if name.strip()
        ]
        self.value = (found[3] or b"").decode("utf-8", "replace") if found else ""
        self.reason = found[4].strip().decode("utf-8", "replace") if found else ""
        self.span = Span(start, start + len(data[start:stop].rstrip()))
        self.word_span = Span(start, start + (found.end(1) if found else 0))

    def __repr__(self) -> str:
        return f"<Directive {self.word} {self.names}>"


def find(data: bytes, start: int, stop: int) -> int:
    """Return where a directive begins in the line ``data[start:stop]``, or -1."""
    at = data.find(TRAILING, start, stop)
    if at >= 0:
        return at + 1
    first = start
    while data[first : first + 1] in (b" ", b"\t") and first < stop:
        first += 1
    if data[first : first + 1] == b"#" and MARK in data[first:stop]:
        return first
    return -1
