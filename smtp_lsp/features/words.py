"""Hover on what is neither a verb nor a code: parameters, EHLO keywords, AUTH mechanisms,
header fields, rule names in directives.
"""

from __future__ import annotations

import re

from smtp_lsp import explain
from smtp_lsp.explain import topics
from smtp_lsp.features import extent
from smtp_lsp.pages import phrase
from smtp_lsp.text.escape import code_span, quoted
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.explain import Composed
    from smtp_lsp.lint.run import Analysis
    from smtp_lsp.message import Message
    from smtp_lsp.session.tree import Exchange, Reply

_PARAMETER = re.compile(rb"[ \t]([A-Za-z0-9][A-Za-z0-9-]*)(?:=[^ \t]*)?")
_KEYWORD = re.compile(rb"[A-Za-z0-9][A-Za-z0-9-]*")
_MECHANISM = re.compile(rb"[A-Za-z0-9_-]+")
_NAME = re.compile(rb"[^\s,\[\]]+")

Found = tuple["Composed", Span]


def on_exchange(analysis: Analysis, exchange: Exchange, offset: int) -> Found | None:
    """Return what is under the cursor in a command or in the reply to a hello."""
    said = exchange.said
    if said is not None and said.span().start <= offset <= said.span().end:
        if exchange.event in ("MAIL", "RCPT"):
            return _parameter(analysis, exchange, offset)
        if exchange.event == "AUTH":
            return _mechanism(analysis, exchange, offset)
    if exchange.event == "HELLO":
        for reply in exchange.replies:
            if reply.span.start <= offset <= reply.span.end:
                return _keyword(analysis, reply, offset)
    return None


def _parameter(analysis: Analysis, exchange: Exchange, offset: int) -> Found | None:
    said, command = exchange.said, exchange.command
    if said is None or command is None or command.path is None:
        return None
    for found in _PARAMETER.finditer(command.text, command.path[1]):
        span = said.span(found.start(1), found.end())
        if not span.start <= offset <= span.end:
            continue
        locale = analysis.options.locale
        composed = topics.parameter(found[1].decode("ascii"), locale)
        if composed is None:
            return None
        offers = exchange.before.offers if exchange.before else None
        if offers is not None:
            name = found[1].upper()
            key = "here-offered" if _offered(name, offers) else "here-not-offered"
            composed.blocks.insert(0, (phrase(locale, "here"), f"- {phrase(locale, key)}"))
        return composed, span
    return None


def _offered(name: bytes, offers: frozenset[bytes]) -> bool:
    """Say whether one of the extensions that bring parameter *name* was offered."""
    from smtp_lsp import registry

    wanted = name.decode("ascii", "replace")
    for row in registry.table("extensions")["extension"]:
        names = [each["name"] for key in ("mail_params", "rcpt_params") for each in row[key]]
        if wanted in names and row["keyword"].upper().encode() in offers:
            return True
    return False


def _keyword(analysis: Analysis, reply: Reply, offset: int) -> Found | None:
    for said, parsed in zip(reply.lines, reply.parsed, strict=True):
        found = _KEYWORD.match(parsed.text, parsed.text_start)
        if not found:
            continue
        span = said.span(found.start(), found.end())
        if span.start <= offset <= span.end:
            name = found[0].decode("ascii")
            composed = topics.extension(name, analysis.options.locale)
            return (composed, span) if composed else None
    return None


def _mechanism(analysis: Analysis, exchange: Exchange, offset: int) -> Found | None:
    said, command = exchange.said, exchange.command
    if said is None or command is None:
        return None
    found = _MECHANISM.match(command.text, command.argument)
    if not found:
        return None
    span = said.span(found.start(), found.end())
    locale = analysis.options.locale
    composed = topics.mechanism(found[0].decode("ascii"), locale)
    if composed is None or not span.start <= offset <= span.end:
        return None
    lines = []
    user = user_of(exchange)
    if user:
        lines.append(phrase(locale, "here-user", {"user": code_span(quoted(user))}))
    challenges = sum(1 for reply in exchange.replies if reply.code == 334)
    lines.append(phrase(locale, "here-steps", {"count": str(challenges)}))
    if exchange.reply is not None and exchange.reply.code != 334:
        lines.append(phrase(locale, "here-ended", {"code": str(exchange.reply.code)}))
    shown = "\n".join(f"- {line}" for line in lines)
    composed.blocks.insert(0, (phrase(locale, "here"), shown))
    return composed, span


def user_of(exchange: Exchange) -> bytes:
    """Return the user name of an AUTH PLAIN or LOGIN exchange, or nothing; never a secret."""
    command = exchange.command
    if command is None:
        return b""
    words = command.arguments.split()
    mechanism = words[0].upper() if words else b""
    sent = [*words[1:2], *(bytes(response).strip() for response in exchange.responses)]
    if mechanism == b"PLAIN" and sent:
        parts = _decoded(sent[0]).split(b"\0")
        return parts[1] if len(parts) == 3 else b""
    if mechanism == b"LOGIN" and len(sent) > 1:
        return _decoded(sent[0])
    return b""


def _decoded(octets: bytes) -> bytes:
    import base64

    try:
        return base64.b64decode(octets, validate=True)
    except ValueError:
        return b""


def on_field(analysis: Analysis, offset: int) -> Found | None:
    """Return what is under the cursor in a message: a field's name, its value, a part."""
    message = _message_at(analysis, offset)
    if message is None:
        return None
    from smtp_lsp.features import message_hover

    def line(place: int) -> int:
        return analysis.first_line + analysis.source.lines.line_of(place) + 1

    return message_hover.at(message, offset, analysis.options.locale, line)


def _message_at(analysis: Analysis, offset: int) -> Message | None:
    """Return the message in whose octets the cursor is: the file, or one that it holds."""
    from smtp_lsp import message

    for found in analysis.messages:
        if found.whole.start <= offset <= found.whole.end:
            return found
    for session in extent.sessions(analysis, offset, offset):
        for exchange in session.exchanges:
            if not exchange.content or exchange.event == "BDAT":
                continue
            span = exchange.content.span()
            if span.start <= offset <= span.end:
                return message.Message(exchange.content.view, message.WIRE)
    return None


def on_directive(analysis: Analysis, offset: int) -> Found | None:
    """Return the page of the rule that a directive names under the cursor."""
    if analysis.reading is None:
        return None
    from smtp_lsp import rules

    data = analysis.source.data
    for directive in analysis.reading.directives():
        span = directive.span
        if not span.start <= offset <= span.end:
            continue
        for found in _NAME.finditer(data, span.start, span.end):
            rule = rules.find(found[0].decode("utf-8", "replace"))
            if rule and found.start() <= offset <= found.end():
                page = explain.rule(rule, analysis.options.locale)
                return page, Span(found.start(), found.end())
    return None
