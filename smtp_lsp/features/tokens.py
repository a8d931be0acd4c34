"""What each word is, for an editor to colour: content is told from commands here.

A grammar of patterns cannot know that a line which reads ``QUIT`` is the text of a message.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects.utterance import DOT
from smtp_lsp.features import extent
from smtp_lsp.text.span import Span
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.dialects.utterance import Content
    from smtp_lsp.lint.run import Analysis
    from smtp_lsp.message import Field
    from smtp_lsp.session.tree import Exchange, Reply

VERB = "keyword"
CODE = "number"
ENHANCED = "enumMember"
TEXT = "string"
NAME = "property"
PARAMETER = "parameter"
COMMENT = "comment"
DOT_ALONE = "operator"
KINDS = (VERB, CODE, ENHANCED, TEXT, NAME, PARAMETER, COMMENT, DOT_ALONE)
"""Types of LSP that every theme knows; the order is the legend's."""

_PARAMETER = re.compile(rb"[ \t]([A-Za-z0-9][A-Za-z0-9-]*)(?==|[ \t]|$)")
_KEYWORD = re.compile(rb"[A-Za-z0-9][A-Za-z0-9-]*")

Token = tuple[Span, str]


def tokens(analysis: Analysis, start: int, end: int) -> list[Token]:
    """Return what lies between *start* and *end*, in order; no token holds a line end."""
    found: list[Token] = []
    for session in extent.sessions(analysis, start, end):
        for exchange in session.exchanges:
            span = extent.of_exchange(exchange)
            if span.start <= end and span.end >= start:
                found += _of_exchange(exchange, start, end)
    for message in analysis.messages:
        if message.whole.start <= end and message.whole.end >= start:
            found += (_field(field) for field in message.fields)
    if analysis.reading is not None:
        found += ((directive.span, COMMENT) for directive in analysis.reading.directives())
    kept = [token for token in found if token[0].start < end and token[0].end > start]
    return _apart(
        sorted(kept, key=lambda token: (token[0].start, token[0].end)), analysis.source.data
    )


def _apart(found: list[Token], data: bytes) -> list[Token]:
    """Leave out what is empty or overlaps what came before; cut what goes on in another line."""
    kept: list[Token] = []
    position = 0
    for span, kind in found:
        stop = data.find(b"\n", span.start, span.end)
        end = stop if stop >= 0 else span.end
        if end > span.start >= position:
            kept.append((Span(span.start, end), kind))
            position = span.end
    return kept


def _of_exchange(exchange: Exchange, start: int, end: int) -> Iterator[Token]:
    yield from _command(exchange)
    for reply in exchange.replies:
        yield from _reply(reply, keywords=exchange.event == "HELLO")
    content = exchange.content
    if content:
        yield from _content(content, start, end, whole=exchange.event != "BDAT")


def _command(exchange: Exchange) -> Iterator[Token]:
    said, command = exchange.said, exchange.command
    if said is None:
        return
    if exchange.event == "STRAY":
        yield said.span(), TEXT
        return
    if exchange.event in ("END", "DOT"):
        yield said.span(), DOT_ALONE
        return
    verb = exchange.verb_view
    if verb is None or command is None or not command.known:
        return
    yield verb.span(), VERB
    if command.path is not None:
        yield said.span(*command.path), TEXT
        for match in _PARAMETER.finditer(command.text, command.path[1]):
            yield said.span(*match.span(1)), PARAMETER


def _reply(reply: Reply, *, keywords: bool) -> Iterator[Token]:
    for number, (said, line) in enumerate(zip(reply.lines, reply.parsed, strict=True)):
        yield said.span(0, 3), CODE
        if line.enhanced is not None:
            yield said.span(*line.enhanced), ENHANCED
        elif keywords and number and reply.code == 250:
            match = _KEYWORD.match(line.text, line.text_start)
            if match:
                yield said.span(*match.span()), NAME


def _field(field: Field) -> Token:
    return field.name.span(), NAME


def _content(content: Content, start: int, end: int, *, whole: bool) -> Iterator[Token]:
    """Yield the names of the header's fields, and each line of the rest as text."""
    names: set[int] = set()
    if whole:
        from smtp_lsp.message import WIRE, Message

        for field in Message(content.view, WIRE).fields:
            token = _field(field)
            names.add(token[0].start)
            yield token
    for line in content.lines():
        span = line.span()
        if span.start >= end:
            break
        if span.end > start and span.start not in names:
            yield span, TEXT
    if content.ending == DOT and isinstance(content.dot, View):
        yield content.dot.span(), DOT_ALONE
