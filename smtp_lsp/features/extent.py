"""Where sessions and exchanges lie in the file, as far as they stand together."""

from __future__ import annotations

from bisect import bisect_right

from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.lint.run import Analysis
    from smtp_lsp.session.tree import Exchange, Session


def of_exchange(exchange: Exchange) -> Span:
    """Return the octets from the first to the last thing said in *exchange*."""
    spans = []
    if exchange.said is not None:
        spans.append(exchange.said.span())
    spans += [reply.span for reply in exchange.replies]
    if exchange.content is not None and exchange.content:
        spans.append(exchange.content.span())
    if not spans:
        return Span(0, 0)
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def of_session(session: Session) -> Span:
    """Return the octets from the first to the last thing said in *session*."""
    spans = [of_exchange(exchange) for exchange in (session.exchanges[0], session.exchanges[-1])]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def sessions(analysis: Analysis, start: int, end: int) -> Iterator[Session]:
    """Yield the sessions of which something lies between *start* and *end*."""
    if analysis.extents is None:
        analysis.extents = [of_session(session).start for session in analysis.sessions]
    first = max(bisect_right(analysis.extents, start) - 1, 0)
    for session, begin in zip(analysis.sessions[first:], analysis.extents[first:], strict=True):
        if begin > end:
            return
        yield session
