"""A line over each session that says what became of it."""

from __future__ import annotations

from smtp_lsp.lint.diagnosis import Summary
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.lint.run import Analysis

MOST = 200
"""Sessions that get a line: nobody reads more, and an editor asks after every change."""


class Lens:
    """What to show over the line at ``span``."""

    __slots__ = ("span", "title")

    def __init__(self, span: Span, title: str) -> None:
        self.span = span
        self.title = title


def lenses(analysis: Analysis) -> Iterator[Lens]:
    """Yield what became of each session, in the order of the file.

    Of a large file, whose sessions are not kept, those that failed are told by their finding.
    """
    if not analysis.sessions and analysis.reading is not None:
        yield from _of_findings(analysis)
        return
    locale = analysis.options.locale
    for session in analysis.sessions[:MOST]:
        told = Summary(session, analysis.findings, analysis.source, locale)
        yield Lens(Span(told.start, told.start), told.title)


def _of_findings(analysis: Analysis) -> Iterator[Lens]:
    from smtp_lsp.lint.causes import FAILED
    from smtp_lsp.pages import phrase

    failed = [finding for finding in analysis.findings if finding.rule == FAILED]
    for finding in failed[:MOST]:
        start = _begin(analysis, finding.span.start)
        title = phrase(finding.locale, "summary-failed", {"what": finding.message})
        yield Lens(Span(start, start), title)


def _begin(analysis: Analysis, offset: int) -> int:
    """Return where the session begins that holds *offset*, as far as that is known."""
    from bisect import bisect_right

    begins = analysis.boundaries
    index = bisect_right(begins, offset) - 1
    return begins[index] if index >= 0 else 0
