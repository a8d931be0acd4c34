"""Masking what must not be copied into a terminal's history or a CI system's log.

A finding shows its line. Where that line is an ``AUTH`` command with an initial response, or a
response to a 334, its secret is shown as asterisks, one for each octet: the columns stay.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.text.source import Source

# "AUTH" SP sasl-mech [SP initial-response]  (RFC 4954 8); flag 2 is re.IGNORECASE
# The reply to EHLO lists mechanisms behind the same word, and is no secret.
_AUTH = Production(
    rb"(?<![0-9][ -])\b(?:AUTH|X-EXPS)[ \t]+[A-Z0-9_-]+[ \t]+(?=[^ \t])",
    2,
)
_CHALLENGE = Production(rb"\b334(?:[ \t\\'\"]|$)")
_RESPONSE = Production(rb"([A-Za-z0-9+/]{3,}={0,2})(?:\\r\\n)?['\"]?\s*$")

_LONGEST = 12_288
"""Octets of a SASL response (RFC 4954 4)."""


def masked(source: Source, number: int) -> bytes:
    """Return the octets of line *number* (from 0) without what it should not show."""
    line = source.lines.text(number)
    head = line[:200].upper()
    if b"AUTH" in head or b"X-EXPS" in head:
        found = _AUTH.search(line)
        return _starred(line, found.end(), len(line)) if found else line
    before = source.lines.text(number - 1)[:200] if number else b""
    if len(line) <= _LONGEST and _CHALLENGE.search(before):
        found = _RESPONSE.search(line)
        return _starred(line, found.start(1), found.end(1)) if found else line
    return line


def _starred(line: bytes, start: int, end: int) -> bytes:
    return line[:start] + b"*" * (end - start) + line[end:]
