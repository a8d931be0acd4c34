"""RPL: whether the text of a reply says something else than its code (RFC 5321 4.2.1).

A client acts on the code and shows people the text. Only plain contradictions are found: what
a refusal sounds like at the very beginning of a text that accepts, an invitation to come back
in one that refuses for good. A condition anywhere in the text, or a word that explains, and
nothing is said.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import REPLY_TEXT, SERVER_SIDE
from smtp_lsp.grammar.contradictions import (
    CONDITION,
    DONE,
    LATER,
    NEGATED,
    NEVER,
    REFUSED,
    UNCERTAIN,
)
from smtp_lsp.grammar.speech import ReplyLine
from smtp_lsp.rules import INTEROPERABILITY, LINE, SESSION, WARNING, Hit, LineHit, rule
from smtp_lsp.rules.answering import answers
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.session.tree import Exchange, Reply, Session

_ACCEPTING = (235, 250, 251, 354)
_OVER_QUOTA = 552
"""Permanent by its definition, for something that passes: people are told to try again later."""

_CANCELLED = 501
"""What a cancelled AUTH is answered, and that may well be called ok (RFC 4954 4)."""


@rule(
    "RPL023",
    "reply-text-contradicts-code",
    WARNING,
    shape=(LINE, SESSION),
    needs=SERVER_SIDE | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.2", "RFC 5321 4.2.1"),
)
def reply_text_contradicts_code(subject: ReplyLine | Session) -> Iterator[Hit | LineHit]:
    """Judge what accepts by the line, what refuses by the whole reply.

    A session with a refusal is never passed over (``session.skim``); of a line that accepts
    the first word may be all there is, and then that alone must tell.
    """
    if isinstance(subject, ReplyLine):
        return _accepting(subject)
    return _refusing(subject)


def _accepting(said: ReplyLine) -> Iterator[LineHit]:
    if said.code not in _ACCEPTING:
        return
    match = REFUSED.match(said.text, said.text_start)
    if match is None or CONDITION.search(said.text, match.end()):
        return
    start, end = _trimmed(match.start(), match.end(), said.text)
    named = {"code": str(said.code), "text": quoted(said.text[start:end])}
    yield LineHit("refused", start, end, named)


def _trimmed(start: int, end: int, text: bytes) -> tuple[int, int]:
    while start < end and text[start] in b" \t":
        start += 1
    return start, end


def _refusing(session: Session) -> Iterator[Hit]:
    for exchange in session.exchanges:
        for reply in exchange.replies:
            if 400 <= reply.code < 600:
                yield from _judged(exchange, reply)


def _judged(exchange: Exchange, reply: Reply) -> Iterator[Hit]:
    text = reply.text()
    key, production = "done", DONE
    found = DONE.match(text) if reply.code != _CANCELLED else None
    if found is None and reply.code >= 500:
        key, production = "later", LATER
        found = LATER.search(text) if reply.code != _OVER_QUOTA else None
        if found and (NEGATED.search(text, 0, found.start()) or reply.enhanced() == b"5.2.2"):
            return
    elif found is None:
        key, production = "never", NEVER
        found = None if UNCERTAIN.search(text) else NEVER.search(text)
    if found is None:
        return
    named = {"code": str(reply.code), "text": quoted(found[0].strip())}
    for said, line in zip(reply.lines, reply.parsed, strict=True):
        find = production.match if key == "done" else production.search
        here = find(line.text, line.text_start)
        if here:
            span = said.span(*_trimmed(here.start(), here.end(), line.text))
            yield Hit(key, span, named, related=answers(exchange))
            return
    yield Hit(key, reply.code_view.span(), named, related=answers(exchange))
