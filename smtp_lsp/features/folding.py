"""What can be folded: sessions, the content of messages, long replies, headers."""

from __future__ import annotations

from itertools import pairwise

from smtp_lsp.features import extent
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.lint.run import Analysis

_LONG = 3
"""Lines from which on a reply is worth folding."""


def folds(analysis: Analysis) -> Iterator[Span]:
    """Yield what can be folded, from the first octet that stays visible to the last hidden one."""
    for message in analysis.messages:
        if len(analysis.messages) > 1 and message.mbox is not None:
            yield _without_end(analysis, Span(message.mbox.start, message.whole.end))
        yield _without_end(analysis, message.header.span())
    if not analysis.sessions and len(analysis.messages) < 2:
        yield from _passed_over(analysis)
    several = len(analysis.sessions) > 1
    for session in analysis.sessions:
        if several:
            yield extent.of_session(session)
        for exchange in session.exchanges:
            if exchange.content:
                yield _without_end(analysis, exchange.content.span())
            for reply in exchange.replies:
                if len(reply.lines) >= _LONG:
                    yield reply.span


def _passed_over(analysis: Analysis) -> Iterator[Span]:
    """Yield the sessions or messages of a large file, which are not kept."""
    begins = analysis.boundaries
    ends = [*begins, len(analysis.source.data)]
    for start, end in pairwise([0, *ends] if begins else []):
        yield _without_end(analysis, Span(start, end))


def _without_end(analysis: Analysis, span: Span) -> Span:
    """Return *span* without the line end that it closes with."""
    text = analysis.source.data[span.start : span.end]
    return Span(span.start, span.start + len(text.rstrip(b"\r\n")))
