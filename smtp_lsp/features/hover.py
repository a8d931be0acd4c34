"""Hover: the page of what is under the cursor, and what it means in this very session."""

from __future__ import annotations

from smtp_lsp import explain
from smtp_lsp.explain import topics
from smtp_lsp.explain.composed import with_text
from smtp_lsp.features import extent, words
from smtp_lsp.pages import phrase
from smtp_lsp.session import phases
from smtp_lsp.text.escape import code_span, quoted
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.explain import Composed
    from smtp_lsp.lint.finding import Finding
    from smtp_lsp.lint.run import Analysis
    from smtp_lsp.session.guards import State
    from smtp_lsp.session.tree import Exchange, Reply, Session


class Hover:
    """What to show, and over which octets of the file."""

    __slots__ = ("composed", "span")

    def __init__(self, composed: Composed, span: Span) -> None:
        self.composed = composed
        self.span = span

    def markdown(self) -> str:
        """Return it as Markdown, headings small enough for a pop-up."""
        return explain.markdown(self.composed, level=3)


def hover(analysis: Analysis, offset: int) -> Hover | None:
    """Return what is to be said about the octet at *offset*, or None."""
    for session in extent.sessions(analysis, offset, offset):
        for exchange in session.exchanges:
            found = _on_verb(analysis, session, exchange, offset) or _on_reply(
                analysis, session, exchange, offset
            )
            if found:
                return found
            word = words.on_exchange(analysis, exchange, offset)
            if word:
                return Hover(*word)
    word = words.on_field(analysis, offset) or words.on_directive(analysis, offset)
    return Hover(*word) if word else None


def _touches(span: Span, offset: int) -> bool:
    """Say whether the cursor at *offset* is on *span*; right behind its end counts."""
    return span.start <= offset <= span.end


# -- verbs -------------------------------------------------------------------


def _on_verb(analysis: Analysis, session: Session, exchange: Exchange, offset: int) -> Hover | None:
    view = exchange.verb_view
    if view is None or exchange.command is None or not exchange.command.verb:
        return None
    span = view.span()
    if not _touches(span, offset):
        return None
    locale = analysis.options.locale
    composed = explain.command(exchange.verb, locale)
    if composed is None:
        return None
    lines = []
    if exchange.before is not None:
        before = state_words(exchange.before, locale)
        lines.append(phrase(locale, "here-before", {"state": before}))
    if exchange.replies:
        reply = exchange.replies[-1]
        named = {"code": str(reply.code), "line": _line(analysis, reply.span.start)}
        lines.append(phrase(locale, "here-reply", named))
        lines += _after(exchange, locale)
    elif session.heard & 2:
        lines.append(phrase(locale, "here-no-reply"))
    _here(composed, lines, _findings(analysis, span, exchange), locale)
    return Hover(composed, span)


# -- replies -----------------------------------------------------------------


def _on_reply(
    analysis: Analysis, session: Session, exchange: Exchange, offset: int
) -> Hover | None:
    for number, reply in enumerate(exchange.replies):
        if not _touches(reply.span, offset):
            continue
        for said, parsed in zip(reply.lines, reply.parsed, strict=True):
            enhanced = parsed.enhanced
            span = said.span(0, enhanced[1] if enhanced else 3)
            if _touches(span, offset):
                return _reply(analysis, session, exchange, reply, number, span)
    return None


def _reply(
    analysis: Analysis,
    session: Session,
    exchange: Exchange,
    reply: Reply,
    number: int,
    span: Span,
) -> Hover:
    locale = analysis.options.locale
    composed = explain.reply(reply.code, locale)
    lines = [_answered(analysis, exchange, locale)]
    recipient = _recipient(session, exchange, number)
    if recipient:
        lines.append(phrase(locale, "here-recipient", {"path": code_span(quoted(recipient))}))
    enhanced = reply.enhanced().decode("ascii", "replace")
    name = topics.enhanced_name(enhanced, locale) if enhanced else ""
    if name:
        lines.append(with_text(locale, f"`{enhanced}`", name))
    if number == len(exchange.replies) - 1:
        lines += _after(exchange, locale)
    if reply.code >= 400:
        lines.append(_provider(session, reply, locale))
    _here(composed, lines, _findings(analysis, reply.span, exchange), locale)
    return Hover(composed, span)


def _provider(session: Session, reply: Reply, locale: str) -> str:
    """Return what the server or provider that speaks means by a refusal, where that is known."""
    from smtp_lsp.lint import advice
    from smtp_lsp.rules import providers

    known = providers.known_reply(session, reply)
    return advice.sentence(locale, *known.place) if known is not None else ""


def _answered(analysis: Analysis, exchange: Exchange, locale: str) -> str:
    if exchange.event == "GREETING":
        return phrase(locale, "here-greeting")
    if exchange.said is None:
        return phrase(locale, "here-end-unseen" if exchange.event == "END" else "here-unasked")
    line = _line(analysis, exchange.said.span().start)
    if exchange.event == "END":
        return phrase(locale, "here-end", {"line": line})
    # What is no known command may be what somebody typed at a password prompt.
    known = exchange.command is not None and exchange.command.known
    return phrase(locale, "here-answers", {"verb": exchange.verb if known else "…", "line": line})


def _recipient(session: Session, exchange: Exchange, number: int) -> bytes:
    """Return the recipient that a reply is about: of RCPT, or of the nth reply in LMTP."""
    if exchange.event == "RCPT":
        return exchange.path()
    if exchange.event in ("END", "BDAT LAST") and exchange.expected > 1:
        transaction = session.transaction_of(exchange)
        recipients = transaction.recipients() if transaction else []
        if number < len(recipients):
            return recipients[number].path()
    return b""


# -- what it means here ------------------------------------------------------


def _here(composed: Composed, lines: list[str], findings: list[Finding], locale: str) -> None:
    """Put what it means in this session, and what is wrong with it, before the page."""
    shown = [f"- {line}" for line in lines if line]
    for finding in findings:
        severity = phrase(locale, finding.severity)
        said = finding.markdown(advised=False)
        shown.append("- " + with_text(locale, f"**{severity} {finding.rule}**", said))
    composed.blocks.insert(0, (phrase(locale, "here"), "\n".join(shown)))


def _findings(analysis: Analysis, span: Span, exchange: Exchange) -> list[Finding]:
    """Return the findings on *span*, and the one that the exchange is a consequence of."""
    found = []
    for finding in analysis.findings:
        if finding.span.start < span.end and span.start < finding.span.end:
            found.append(finding)
    if not found and exchange.violation is not None:
        where = exchange.violation.view.span()
        found = [f for f in analysis.findings if f.span == where]
    return found


def _after(exchange: Exchange, locale: str) -> list[str]:
    if exchange.after is None:
        return []
    return [phrase(locale, "here-after", {"state": state_words(exchange.after, locale)})]


def state_words(state: State, locale: str) -> str:
    """Return the state of a session in words."""
    known = phases.names(state.phases)
    key = f"state-{known[0]}" if len(known) == 1 else "state-any"
    count = state.recipients
    named = {"count": str(count)}
    words = phrase(locale, "one-recipient" if count == 1 else "many-recipients", named)
    parts = [phrase(locale, key, {"recipients": words})]
    if state.tls and state.phases != phases.TLS:
        parts.append(phrase(locale, "state-inside-tls"))
    if state.authenticated:
        parts.append(phrase(locale, "state-authenticated"))
    words = parts[0]
    for part in parts[1:]:
        words = phrase(locale, "and-also", {"first": words, "second": part})
    return words


def _line(analysis: Analysis, offset: int) -> str:
    return str(analysis.first_line + analysis.source.lines.line_of(offset) + 1)
