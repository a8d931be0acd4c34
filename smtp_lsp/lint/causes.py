"""One cause, one finding: what a finding explains is not reported beside it.

The walk does so for what the protocol's order forbids. Here it is done for the refusals:
where a rule that ``explains`` found what made the server refuse a command, or found the refusal
itself to be wrong, ``refused-by-server`` has nothing to add, and the refusal becomes a
related place of what explains it.
"""

from __future__ import annotations

from bisect import bisect_left

from smtp_lsp.lint.finding import Finding, Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.session.tree import Exchange, Session
    from smtp_lsp.text.view import View

REFUSED = "RPL001"
_REFUSED_HERE = "refused-here"


def fold(found: list[Finding], session: Session) -> list[Finding]:
    """Return what was *found* in a session without the refusals that others explain."""
    found = _without_consequences(found)
    explaining = [finding for finding in found if finding.definition.explains]
    if not explaining or not any(finding.rule == REFUSED for finding in found):
        return found
    marks = sorted(_marks(explaining), key=lambda mark: mark[0])
    explained: dict[int, Finding] = {}
    for exchange in session.refusals:
        cause = _cause(exchange, marks)
        if cause is not None:
            for reply in exchange.replies:
                explained[reply.code_view.span().start] = cause
    kept = []
    for finding in found:
        cause = explained.get(finding.span.start) if finding.rule == REFUSED else None
        if cause is None:
            kept.append(finding)
        elif not _shows(cause, finding):
            cause.related.append(
                Place(_REFUSED_HERE, {}, finding.span, finding.source, finding.locale)
            )
    return kept


def _without_consequences(found: list[Finding]) -> list[Finding]:
    """Leave out what only follows from another finding of the same session."""
    mixed = {finding.span.start for finding in found if finding.rule == "RPL005"}
    hello = [finding.span.start for finding in found if finding.rule == "SEC004"]
    kept = []
    for finding in found:
        start = finding.span.start
        if finding.rule == "ESC002" and start - 4 in mixed:
            continue  # the code of that line is the wrong one, whatever stands behind it
        if finding.key == "no-hello-after-tls" and finding.rule != "SEC004" and hello:
            continue
        kept.append(finding)
    return kept


def _said(exchange: Exchange) -> Iterator[View]:
    if exchange.said is not None:
        yield exchange.said
    yield from exchange.responses
    for reply in exchange.replies:
        yield from reply.lines


def _marks(findings: list[Finding]) -> Iterator[tuple[int, Finding]]:
    """Yield each place that belongs to one of *findings*."""
    for finding in findings:
        yield finding.span.start, finding
        for place in finding.related:
            yield place.span.start, finding


def _cause(exchange: Exchange, marks: list[tuple[int, Finding]]) -> Finding | None:
    """Return the finding that has a place in what *exchange* holds."""
    for view in _said(exchange):
        span = view.span()
        at = bisect_left(marks, span.start, key=lambda mark: mark[0])
        if at < len(marks) and marks[at][0] <= span.end:
            return marks[at][1]
    return None


def _shows(cause: Finding, refusal: Finding) -> bool:
    """Say whether *cause* shows the line of the refusal already."""
    lines = refusal.source.lines
    line = lines.line_of(refusal.span.start)
    places = [cause.span.start, *(place.span.start for place in cause.related)]
    return any(lines.line_of(at) == line for at in places)
