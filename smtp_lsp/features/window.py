"""A part of a large file, analysed as if it were all: the sessions around what is looked at.

A large file is passed over for its findings, and its sessions are not kept. Whoever asks about
a place in it is answered from the sessions there: where a session begins that owes nothing to
the one before, a file may as well begin.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from copy import copy

from smtp_lsp.lint.run import Analysis, analyse
from smtp_lsp.text.source import Source
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.lint.finding import Finding

LARGE = 1 << 20
"""Octets above which a file's sessions are not all kept."""


class Window:
    """An analysis of the octets from ``start`` on, and where they are in the file."""

    __slots__ = ("analysis", "end", "start")

    def __init__(self, analysis: Analysis, start: int, end: int) -> None:
        self.analysis = analysis
        self.start = start
        self.end = end

    def shifted(self, span: Span) -> Span:
        """Return where *span* of the window is in the file."""
        return Span(span.start + self.start, span.end + self.start)


def bounds(whole: Analysis, start: int, end: int) -> tuple[int, int]:
    """Return the octets of the sessions or messages that hold *start* to *end*, where known."""
    size = len(whole.source.data)
    begins = whole.boundaries
    first, last = bisect_right(begins, start) - 1, bisect_left(begins, end + 1)
    return (
        begins[first] if first >= 0 else 0,
        begins[last] if last < len(begins) else size,
    )


def window(whole: Analysis, start: int, end: int) -> Window:
    """Return the window of *whole* that the octets *start* to *end* lie in."""
    first, last = bounds(whole, start, end)
    options = copy(whole.options)
    options.as_kind = whole.kind
    options.dialect = whole.reading.dialect.name if whole.reading is not None else options.dialect
    source = Source(whole.source.data[first:last], whole.source.name)
    part = analyse(source, options, keep=True)
    part.first_line = whole.source.lines.line_of(first)
    part.findings = [
        _moved(finding, first)
        for finding in whole.findings
        if first <= finding.span.start and finding.span.end <= last
    ]
    return Window(part, first, last)


def _moved(finding: Finding, by: int) -> Finding:
    moved = copy(finding)
    moved.span = Span(finding.span.start - by, finding.span.end - by)
    return moved
