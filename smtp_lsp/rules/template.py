"""Places of templates that nothing was put in, as they stand in mail that was sent.

In a field any of them is one. A text may well speak of them: there a leftover is only what
a text begins with, a greeting and then a placeholder in the place of the name.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production
from smtp_lsp.message import mime, transfer
from smtp_lsp.rules.entities import entities, first_line, is_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Message
    from smtp_lsp.message.mime import Part
    from smtp_lsp.text.view import View

# Those of common template languages: {{name}}, {% if %}, ${name}, %%NAME%%, <%= x %>, *|NAME|*.
_PLACEHOLDER = (
    rb"\{\{[^{}\r\n]{1,80}\}\}|\{%[^%{}\r\n]{1,80}%\}|\$\{[A-Za-z_][^{}\r\n]{0,80}\}"
    rb"|%%[A-Za-z_][A-Za-z0-9_ .-]{0,60}%%|<%=?[^%<>\r\n]{1,80}%>|\*\|[A-Z][A-Z0-9_:]{0,60}\|\*"
)
PLACEHOLDER = Production(_PLACEHOLDER)
_OPENING = ((b"{", (b"{{", b"{%", b"${")), (b"%", (b"%%", b"<%")), (b"|", (b"*|",)))
"""How one begins, by that of the two octets that is rare in mail."""

_HEAD = 4000
_LINE = 400
"""Octets of a body, as they are encoded, in which a greeting is looked for; of a plain text in
base64 rather fewer."""
_PLAIN = b"text/plain"

# A greeting in the languages of most newsletters, one or two words as in "Dear Ms", the name.
_GREETING = Production(
    rb"(?i)(?:dear|hello|hi|hey|good (?:morning|afternoon|evening)"
    rb"|hallo|liebe[rs]?|guten tag|sehr geehrte[rs]?|beste|geachte"
    rb"|bonjour|bonsoir|ch(?:er|\xc3\xa8re)|salut"
    rb"|hola|estimad[oa]|querid[oa]|ol\xc3\xa1|prezad[oa]|car[oa]|ciao|gentile"
    rb"|hej|hei|k\xc3\xa6re|witaj|cze\xc5\x9b\xc4\x87|"
    rb"\xd0\x97\xd0\xb4\xd1\x80\xd0\xb0\xd0\xb2\xd1\x81\xd1\x82\xd0\xb2\xd1\x83\xd0\xb9\xd1\x82"
    rb"\xd0\xb5)(?:[ ,]{1,3}[A-Za-z.\x80-\xff]{1,12}){0,2}[ ,]{1,3}"
    rb"(" + _PLACEHOLDER + rb"|\[\[[A-Za-z_][A-Za-z0-9_ .-]{0,60}\]\])"
)
_BLANKS = Production(rb"\s*+")
_TAGS = Production(rb"(?:\s|&nbsp;|<[^<>]{0,400}>)*+")


def may_hold(data: bytes, start: int, end: int) -> bool:
    """Say whether a placeholder may begin between two offsets of *data*."""
    # A search for two octets takes many times as long as one for a single octet.
    for rare, openings in _OPENING:
        if data.find(rare, start, end) >= 0 and any(
            data.find(each, start, end) >= 0 for each in openings
        ):
            return True
    return False


def greetings(message: Message) -> Iterator[tuple[View, bytes]]:
    """Yield the placeholders in the greetings with which the texts of *message* begin.

    Each is the place, which is the first line of a body in base64, and the octets.
    """
    if message.sketch:
        return
    for part in entities(message).parts or (mime.tree(message),):
        if not is_text(part):
            continue
        encoded = part.encoding == b"base64"
        longest = _LINE if encoded and part.media_type == _PLAIN else _HEAD
        head = part.body.sub(0, min(longest, len(part.body)))
        data, start, end = head.buffer.data, head.start, head.end
        if encoded or may_hold(data, start, end) or data.find(b"[[", start, end) >= 0:
            said = _greeted(part, transfer.decode(head, part.encoding))
            if said:
                at = -1 if encoded else data.find(said, start, end) - part.body.start
                view = part.body.sub(at, at + len(said)) if at >= 0 else first_line(part)
                yield view, said


def _greeted(part: Part, text: bytes) -> bytes:
    """Return the placeholder in the greeting that *text* begins with, or nothing."""
    lead, start = _BLANKS, 0
    if part.media_type == b"text/html":
        lead = _TAGS
        start = max(0, text.lower().find(b"<body"))
    blank = lead.match(text, start)
    found = _GREETING.match(text, blank.end() if blank else start)
    return found[1] if found else b""
