"""Of one rule's findings in a file so many are shown, and then one says how many more there are.

The bound is each rule's own: with one for all of them, a thousand findings of little weight at
the beginning of a file would hide the one that matters behind them. Only what is shown is
bounded. What is counted, mended, accounted for by a baseline or decides about the exit status
is all of it.
"""

from __future__ import annotations

from smtp_lsp.lint.finding import Finding
from smtp_lsp.rules import SEVERITIES, Hit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 100
"""Findings of one rule in one file that are shown as they are."""


class Rest(Finding):
    """The findings of one rule that are not shown: at the first of them, as heavy as any."""

    __slots__ = ("count",)

    def __init__(self, rest: Sequence[Finding]) -> None:
        first = rest[0]
        heaviest = min((each.severity for each in rest), key=SEVERITIES.index)
        hit = Hit(first.key, first.span, first.parameters)
        super().__init__(first.definition, hit, first.source, first.locale, heaviest)
        self.count = len(rest)

    @property
    def message(self) -> str:
        from smtp_lsp import pages

        named = {"count": str(self.count)}
        if self.count == 1:
            return pages.phrase(self.locale, "one-more-finding", named)
        return pages.phrase(self.locale, "more-findings", named)

    @property
    def help(self) -> str:
        from smtp_lsp import pages

        return pages.phrase(self.locale, "more-findings-help")

    def markdown(self, *, advised: bool = True) -> str:
        return f"{self.message}. {self.help}"


def shown(findings: list[Finding]) -> list[Finding]:
    """Return *findings*, in which each rule has ``MOST`` at most and one for its rest."""
    if len(findings) <= MOST:
        return findings
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    rests = {code: Rest(some[MOST:]) for code, some in by_rule.items() if len(some) > MOST}
    kept: list[Finding] = []
    counts = dict.fromkeys(by_rule, 0)
    for finding in findings:
        code = finding.rule
        counts[code] += 1
        if counts[code] <= MOST:
            kept.append(finding)
        elif counts[code] == MOST + 1:
            kept.append(rests[code])
    return kept
