"""For CI systems: workflow commands, code quality, JUnit, reviewdog."""

from __future__ import annotations

import json

from smtp_lsp.report import Writer
from smtp_lsp.text.escape import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from smtp_lsp.lint.finding import Finding
    from smtp_lsp.text.source import Source

_GITHUB = {"error": "error", "warning": "warning", "info": "notice", "hint": "notice"}
_GITLAB = {"error": "major", "warning": "minor", "info": "info", "hint": "info"}
_REVIEWDOG = {"error": "ERROR", "warning": "WARNING", "info": "INFO", "hint": "INFO"}


class GitHub(Writer):
    """Workflow commands: annotations on the lines of a pull request."""

    def file(self, source: Source, findings: list[Finding]) -> str:
        self.count += len(findings)
        return "".join(self._command(finding) for finding in findings)

    def _command(self, finding: Finding) -> str:
        where = finding.range
        parts = {
            "file": finding.path,
            "line": str(where.start.line),
            "col": str(where.start.column),
            "endLine": str(where.end.line),
            "endColumn": str(where.end.column),
            "title": f"{finding.rule} {finding.name}",
        }
        shown = ",".join(f"{key}={_property(value)}" for key, value in parts.items())
        message = _data(f"{finding.message}\n{finding.help}".strip())
        return f"::{_GITHUB[finding.severity]} {shown}::{message}\n"


def _data(text: str) -> str:
    """Escape the text of a workflow command, so that none of it acts as one."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")


class GitLab(Writer):
    """Code Quality: one array, each finding with a fingerprint that outlives moved lines."""

    def __init__(self, *, color: bool = False, locale: str = "en") -> None:
        super().__init__(color=color, locale=locale)
        self.found: list[dict[str, Any]] = []
        self.seen: dict[tuple[str, str, str], int] = {}

    def file(self, source: Source, findings: list[Finding]) -> str:
        self.count += len(findings)
        for finding in findings:
            self.found.append(
                {
                    "description": f"{finding.rule}: {finding.message}",
                    "check_name": finding.name,
                    "fingerprint": self._fingerprint(finding),
                    "severity": _GITLAB[finding.severity],
                    "location": {
                        "path": visible(finding.path),
                        "lines": {"begin": finding.range.start.line},
                    },
                }
            )
        return ""

    def _fingerprint(self, finding: Finding) -> str:
        """Tell a finding by file, rule and number among its like: never by the file's text."""
        import hashlib

        place = (finding.path, finding.rule, finding.key)
        self.seen[place] = self.seen.get(place, 0) + 1
        told = "\0".join((*place, str(self.seen[place])))
        return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:40]

    def end(self) -> str:
        return json.dumps(self.found, indent=2) + "\n"


class ReviewDog(Writer):
    """Reviewdog's Diagnostic Format: one object with all findings. Columns count octets."""

    def __init__(self, *, color: bool = False, locale: str = "en") -> None:
        super().__init__(color=color, locale=locale)
        self.found: list[dict[str, Any]] = []

    def file(self, source: Source, findings: list[Finding]) -> str:
        self.count += len(findings)
        for finding in findings:
            entry: dict[str, Any] = {
                "message": finding.message,
                "severity": _REVIEWDOG[finding.severity],
                "location": {
                    "path": visible(finding.path),
                    "range": _octets(source, finding.span.start, finding.span.end),
                },
                "code": {"value": finding.rule, "url": finding.url},
            }
            if finding.fix:
                entry["suggestions"] = [
                    {
                        "range": _octets(source, span.start, span.end),
                        "text": text.decode("utf-8", "replace"),
                    }
                    for span, text in finding.fix.edits
                ]
            self.found.append(entry)
        return ""

    def end(self) -> str:
        source = {"name": "smtp-lsp", "url": "https://smtp-lsp.readthedocs.io"}
        return json.dumps({"source": source, "diagnostics": self.found}, indent=2) + "\n"


def _octets(source: Source, start: int, end: int) -> dict[str, Any]:
    """Return a range whose lines and columns count from 1, columns in octets of UTF-8."""

    def place(offset: int) -> dict[str, int]:
        line = source.lines.line_of(offset)
        return {"line": line + 1, "column": offset - source.lines.starts[line] + 1}

    return {"start": place(start), "end": place(end)}


class JUnit(Writer):
    """JUnit XML: a test case a file, a failure a finding at or above a warning."""

    def __init__(self, *, color: bool = False, locale: str = "en") -> None:
        super().__init__(color=color, locale=locale)
        self.cases: list[str] = []
        self.failures = 0

    def file(self, source: Source, findings: list[Finding]) -> str:
        self.count += len(findings)
        name = _attribute(visible(source.name))
        failures = [self._failure(finding) for finding in findings if _fails(finding)]
        self.failures += len(failures)
        remarks = [self._text(finding) for finding in findings if not _fails(finding)]
        body = "".join(failures)
        if remarks:
            body += f"      <system-out>{_escaped(chr(10).join(remarks))}</system-out>\n"
        head = f'    <testcase classname="smtp-lsp" name="{name}"'
        self.cases.append(f"{head}>\n{body}    </testcase>\n" if body else f"{head}/>\n")
        return ""

    def _text(self, finding: Finding) -> str:
        return f"{finding.range.start}: {finding.rule} {finding.name}: {finding.message}"

    def _failure(self, finding: Finding) -> str:
        message = _attribute(f"{finding.range.start}: {finding.message}")
        text = _escaped(f"{self._text(finding)}\n{finding.help}")
        return f'      <failure type="{finding.rule}" message="{message}">{text}</failure>\n'

    def end(self) -> str:
        counts = f'tests="{len(self.cases)}" failures="{self.failures}"'
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            f'<testsuites {counts}>\n  <testsuite name="smtp-lsp" {counts}>\n'
            f"{''.join(self.cases)}  </testsuite>\n</testsuites>\n"
        )


def _fails(finding: Finding) -> bool:
    return finding.severity in ("error", "warning")


def _escaped(text: str) -> str:
    """Escape text for XML; what XML cannot hold has been made visible before."""
    text = "\n".join(visible(line) for line in text.split("\n"))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    return _escaped(text).replace('"', "&quot;").replace("\n", "&#10;")
