"""For people: ``full`` shows the source with a marker, ``concise`` is a line a finding."""

from __future__ import annotations

from smtp_lsp import pages
from smtp_lsp.report import Writer, secrets
from smtp_lsp.rules import Fix
from smtp_lsp.text.escape import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.lint.finding import Finding
    from smtp_lsp.text.source import Source
    from smtp_lsp.text.span import Span

_COLORS = {"error": "1;31", "warning": "1;33", "info": "1;36", "hint": "1;32"}
_BOLD = "1"
_DIM = "36"
_WIDEST = 160
"""Columns of a source line that are shown; a longer one is cut around the marker."""


class _Text(Writer):
    def paint(self, text: str, style: str) -> str:
        return f"\033[{style}m{text}\033[0m" if self.color and text else text

    def _seen(self, findings: list[Finding]) -> None:
        self.count += len(findings)
        for finding in findings:
            if finding.fix is not None:
                self.fixable += finding.fix.applicability == Fix.SAFE
                self.unsafe += finding.fix.applicability != Fix.SAFE


class Concise(_Text):
    """``path:line:column: severity CODE name: message``."""

    def file(self, source: Source, findings: list[Finding]) -> str:
        self._seen(findings)
        lines = []
        for finding in findings:
            place = f"{visible(finding.path)}:{finding.range.start}"
            head = self.paint(f"{finding.severity} {finding.rule}", _COLORS[finding.severity])
            lines.append(f"{self.paint(place, _BOLD)}: {head} {finding.name}: {finding.message}\n")
        return "".join(lines)


class Full(_Text):
    """The message, the source line with a marker, related places, what to do."""

    def file(self, source: Source, findings: list[Finding]) -> str:
        self._seen(findings)
        return "".join(self._finding(source, finding) for finding in findings)

    def end(self) -> str:
        if not self.count:
            return pages.phrase(self.locale, "found-none") + "\n"
        key = "found-one" if self.count == 1 else "found"
        text = pages.phrase(self.locale, key, {"count": str(self.count)})
        for key, count in (("fixable", self.fixable), ("fixable-unsafe", self.unsafe)):
            if count:
                text += "; " + pages.phrase(self.locale, key, {"count": str(count)})
        return text + ".\n"

    def _finding(self, source: Source, finding: Finding) -> str:
        word = finding.severity
        if self.locale != pages.DEFAULT:
            word = pages.phrase(self.locale, word)
        head = self.paint(f"{word}[{finding.rule}]", _COLORS[finding.severity])
        lines = [f"{head} {self.paint(finding.name, _BOLD)}: {finding.message}"]
        places = [(finding.span, "", finding.severity)]
        places += [(place.span, place.message, "") for place in finding.related]
        gutter = len(str(max(source.lines.line_of(span.start) + 1 for span, _, _ in places)))
        arrow = self.paint("-->", _DIM)
        lines.append(f"{' ' * gutter}{arrow} {visible(finding.path)}:{finding.range.start}")
        lines.append(self._rail(gutter))
        lines += self._places(source, places, gutter)
        lines.append(self._rail(gutter))
        lines += self._notes(finding, gutter)
        return "\n".join(lines) + "\n\n"

    def _rail(self, gutter: int, number: str = "", text: str = "") -> str:
        return f"{self.paint(f'{number:>{gutter}} |', _DIM)}{' ' + text if text else ''}"

    def _places(
        self, source: Source, places: list[tuple[Span, str, str]], gutter: int
    ) -> list[str]:
        lines: list[str] = []
        previous = None
        for span, message, severity in sorted(places, key=lambda place: place[0].start):
            number = source.lines.line_of(span.start)
            if previous is not None and number > previous + 1:
                lines.append(f"{' ' * gutter}{self.paint('...', _DIM)}")
            shown, before, width = _shown(source, number, span)
            if number != previous:
                lines.append(self._rail(gutter, str(number + 1), shown))
            mark = ("^" if severity else "-") * max(1, width)
            style = _COLORS.get(severity, _DIM)
            marker = " " * before + self.paint(f"{mark} {message}".rstrip(), style)
            lines.append(self._rail(gutter, "", marker))
            previous = number
        return lines

    def _notes(self, finding: Finding, gutter: int) -> list[str]:
        indent = " " * gutter
        notes = []
        for key, text in (("rfc", ", ".join(finding.references)), ("help", finding.help)):
            if text:
                word = self.paint(pages.phrase(self.locale, key), _BOLD)
                named = {"label": word, "text": text}
                notes.append(f"{indent} = {pages.phrase(self.locale, 'labelled', named)}")
        return notes


def _shown(source: Source, number: int, span: Span) -> tuple[str, int, int]:
    """Return a line as it is shown, and where and how wide the marker under it is."""
    start, end = source.lines.bounds(number)
    first = min(max(span.start, start), end)
    last = min(max(span.end, first), end)
    line = secrets.masked(source, number)
    before = _tabless(line[max(0, first - start - 4 * _WIDEST) : first - start])
    marked = _tabless(line[first - start : min(last, first + 4 * _WIDEST) - start])
    after = _tabless(line[last - start : min(end, last + 4 * _WIDEST) - start])
    if len(before) > _WIDEST // 2:
        before = "…" + before[-(_WIDEST // 2) :]
    elif first - 4 * _WIDEST > start:
        before = "…" + before
    if len(marked) > _WIDEST:
        marked = marked[:_WIDEST] + "…"
    room = max(20, _WIDEST - len(before) - len(marked))
    if len(after) > room:
        after = after[:room] + "…"
    return before + marked + after, _width(before), _width(marked)


def _tabless(raw: bytes) -> str:
    """Decode for display; a tab is shown as one blank, so that the marker stands right."""
    return visible(raw.decode("utf-8", "replace").replace("\t", " "))


def _width(text: str) -> int:
    """Return how many columns of a terminal *text* takes."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )
