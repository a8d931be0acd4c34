"""Suppression and expectation by comments in a transcript.

``ignore[...]`` speaks of its own line, or of the next line that says something where it
stands alone; ``disable[...]`` of all lines up to ``enable[...]``; ``expect[...]`` says that
what is found there is meant, and that its absence is an error. Without brackets each speaks
of every rule.
"""

from __future__ import annotations

from smtp_lsp.rules import matching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from smtp_lsp.dialects.directive import Directive
    from smtp_lsp.lint.finding import Finding
    from smtp_lsp.text.source import Source

_AT_A_LINE = ("ignore", "expect")


class Outcome:
    """What is left of the findings, and the directives that had nothing to do."""

    __slots__ = ("kept", "unmet", "unused")

    def __init__(self, kept: list[Finding]) -> None:
        self.kept = kept
        self.unused: list[Directive] = []
        self.unmet: list[Directive] = []


def apply(
    findings: list[Finding],
    directives: list[Directive],
    source: Source,
    enabled: Iterable[str],
    contents: dict[int, int],
) -> Outcome:
    """Return what *directives* leave of *findings*.

    Inside content there is no room for comments, so one at a ``DATA`` speaks of its content as
    well: *contents* maps the line of each to the last line of its content, from 0. A
    suppression of rules that do not run is not called unused: it may be for another run.
    """
    speaking = [d for d in directives if d.word in (*_AT_A_LINE, "disable")]
    if not speaking:
        return Outcome(findings)
    active = set(enabled)
    used: set[int] = set()
    reaches = []
    for directive in speaking:
        first, last = _reach(directive, directives, source)
        reaches.append((directive, first, max(last, contents.get(first, last))))
    kept = []
    for finding in findings:
        line = source.lines.line_of(finding.span.start)
        takers = [
            directive
            for directive, first, last in reaches
            if first <= line <= last and finding.rule in _codes(directive)
        ]
        used.update(id(directive) for directive in takers)
        if not takers:
            kept.append(finding)
    outcome = Outcome(kept)
    for directive in speaking:
        if id(directive) in used:
            continue
        codes = _codes(directive)
        if directive.word == "expect":
            if codes & active:
                outcome.unmet.append(directive)
        elif codes and (not directive.names or codes & active):
            outcome.unused.append(directive)
    return outcome


def _codes(directive: Directive) -> set[str]:
    """Return the codes of the rules that a directive names; without names, of all."""
    selectors = directive.names or ["ALL"]
    return {rule.code for selector in selectors for rule in matching(selector)}


def _reach(directive: Directive, directives: list[Directive], source: Source) -> tuple[int, int]:
    """Return the first and the last line, from 0, that a directive speaks of."""
    lines = source.lines
    own = lines.line_of(directive.span.start)
    if directive.word == "disable":
        last = len(lines.starts)
        for other in directives:
            after = other.span.start > directive.span.start
            if after and other.word == "enable" and _ends(other, directive):
                last = lines.line_of(other.span.start)
                break
        return own, last
    if not directive.alone:
        return own, own
    following = own + 1
    while following < len(lines.starts) - 1:
        text = lines.text(following).strip()
        if text and not text.startswith(b"#"):
            break
        following += 1
    return following, following


def _ends(enable: Directive, disable: Directive) -> bool:
    """Say whether an ``enable`` ends a ``disable``: it names as much, or nothing at all."""
    return not enable.names or _codes(disable) <= _codes(enable)
