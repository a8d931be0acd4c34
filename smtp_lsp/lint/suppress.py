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
    from smtp_lsp.lint.run import Analysis
    from smtp_lsp.session.tree import Session
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
    enables = [d for d in directives if d.word == "enable"]
    following: dict[int, int] = {}
    for directive in reversed(speaking):
        first, last = _reach(directive, enables, source, following)
        reaches.append((directive, first, max(last, contents.get(first, last))))
    kept = []
    for finding in findings:
        line = source.lines.line_of(finding.span.start)
        takers = [
            directive
            for directive, first, last in reaches
            if first <= line <= last and _codes(directive) & finding.codes
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


def contents_of_session(source: Source, session: Session) -> dict[int, int]:
    """Return which lines the content of each DATA takes: from its own to the last, from 0."""
    found = {}
    for exchange in session.exchanges:
        content = exchange.content
        if content is not None and exchange.said is not None:
            end = content.dot.span().end if content.dot else content.stretch.span().end
            line = source.lines.line_of(exchange.said.span().start)
            found[line] = source.lines.line_of(max(end - 1, 0))
    return found


def contents_of(analysis: Analysis) -> dict[int, int]:
    """Return the lines of all contents of a file whose sessions were kept."""
    found: dict[int, int] = {}
    for session in analysis.sessions:
        found.update(contents_of_session(analysis.source, session))
    return found


def _codes(directive: Directive) -> set[str]:
    """Return the codes of the rules that a directive names; without names, of all."""
    selectors = directive.names or ["ALL"]
    return {rule.code for selector in selectors for rule in matching(selector)}


def _reach(
    directive: Directive, enables: list[Directive], source: Source, known: dict[int, int]
) -> tuple[int, int]:
    """Return the first and the last line, from 0, that a directive speaks of.

    *known* remembers which line the comments below speak of, so that a stack of them is
    walked through once.
    """
    lines = source.lines
    own = lines.line_of(directive.span.start)
    if directive.word == "disable":
        for enable in enables:
            if enable.span.start > directive.span.start and _ends(enable, directive):
                return own, lines.line_of(enable.span.start)
        return own, len(lines.starts)
    if not directive.alone:
        return own, own
    following = own + 1
    while following < len(lines.starts) - 1:
        if following in known:
            following = known[following]
            break
        text = lines.text(following).strip()
        if text and not text.startswith(b"#"):
            break
        following += 1
    known[own] = following
    return following, following


def _ends(enable: Directive, disable: Directive) -> bool:
    """Say whether an ``enable`` ends a ``disable``: it names as much, or nothing at all."""
    return not enable.names or _codes(disable) <= _codes(enable)


def with_ignores(source: Source, findings: list[Finding], contents: dict[int, int]) -> bytes:
    """Return the transcript with a comment above each line in which something was found.

    A finding inside content gets its comment above the ``DATA``. No octet that was said is
    touched. What concerns the record itself has no line and gets none.
    """
    lines = source.lines
    wanted: dict[int, set[str]] = {}
    for finding in findings:
        if finding.whole:
            continue
        line = lines.line_of(finding.span.start)
        for first, last in contents.items():
            if first < line <= last:
                line = first
                break
        wanted.setdefault(line, set()).add(finding.rule)
    parts: list[bytes] = []
    position = 0
    for line in sorted(wanted):
        start = lines.starts[line]
        codes = ",".join(sorted(wanted[line])).encode("ascii")
        parts += (source.data[position:start], b"# smtp-lsp: ignore[", codes, b"]")
        parts.append(_ending(source, line))
        position = start
    parts.append(source.data[position:])
    return b"".join(parts)


def _ending(source: Source, line: int) -> bytes:
    """Return how *line* ends, or else how the file's lines end."""
    start = source.lines.starts[line]
    _, end = source.lines.bounds(line)
    following = source.data[end : end + 1]
    if following == b"\n":
        return b"\n"
    if following == b"\r":
        # A terminal writes CR CR LF; a CR alone ends lines only where no LF does.
        return b"\r\n" if b"\n" in source.data else b"\r"
    before = source.data[:start]
    return b"\r\n" if before.endswith(b"\r\n") else b"\n"
