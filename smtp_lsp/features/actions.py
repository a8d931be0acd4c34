"""Mending from the editor: which fixes touch a place, and all the safe ones of a file."""

from __future__ import annotations

from smtp_lsp import pages
from smtp_lsp.rules import Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.lint.finding import Finding
    from smtp_lsp.lint.run import Analysis

    Edit = tuple[int, int, bytes]


class Action:
    """One thing that can be done about a finding: a title and edits in octets of the file.

    ``refused`` says why it is not done, and there are no edits then.
    """

    __slots__ = ("edits", "finding", "is_safe", "refused", "title")

    def __init__(self, finding: Finding, fix: Fix, title: str, refused: str = "") -> None:
        self.finding = finding
        self.refused = refused
        self.is_safe = fix.applicability == Fix.SAFE
        self.title = title if self.is_safe else f"{title} (unsafe)"
        self.edits: list[Edit] = [(span.start, span.end, text) for span, text in fix.edits]


def quick_fixes(analysis: Analysis, start: int, end: int) -> list[Action]:
    """Return the fixes of the findings that touch the octets *start* to *end*."""
    return [
        Action(finding, finding.fix, finding.fix_message)
        for finding in analysis.findings
        if finding.fix and finding.span.start <= end and start <= finding.span.end
    ]


def withheld(analysis: Analysis, start: int, end: int) -> list[Action]:
    """Return what is not done about the findings at these octets, each with why: a signature."""
    found = []
    for finding in analysis.findings:
        why = finding.withheld
        if why and finding.span.start <= end and start <= finding.span.end:
            title = pages.phrase(finding.locale, why.key, finding.parameters)
            nothing = Fix(Fix.SAFE, why.key, [])
            found.append(Action(finding, nothing, title, finding.withheld_message))
    return found


def fix_all(analysis: Analysis) -> list[Edit]:
    """Return the edits of all fixes that may be applied without asking."""
    from smtp_lsp.lint.fix import edits_of

    return edits_of(analysis.findings, unsafe=analysis.options.unsafe_fixes)
