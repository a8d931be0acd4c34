"""For programs: one JSON array, or one object a line, as the contract fixes it."""

from __future__ import annotations

import json

from smtp_lsp.report import Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from smtp_lsp.lint.finding import Finding, Range
    from smtp_lsp.text.source import Source


def range_object(where: Range) -> dict[str, Any]:
    """Return a range; lines and columns count from 1."""
    return {
        "start": {"line": where.start.line, "column": where.start.column},
        "end": {"line": where.end.line, "column": where.end.column},
    }


def finding_object(finding: Finding) -> dict[str, Any]:
    """Return a finding with every field that is always present."""
    from smtp_lsp.lint.finding import range_of

    fix = None
    if finding.fix is not None:
        fix = {
            "applicability": finding.fix.applicability,
            "message": finding.fix_message,
            "edits": [
                {
                    "range": range_object(range_of(finding.source, span)),
                    "text": text.decode("utf-8", "replace"),
                }
                for span, text in finding.fix.edits
            ],
        }
    return {
        "path": finding.path,
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity,
        "category": finding.category,
        "message": finding.message,
        "range": range_object(finding.range),
        "related": [
            {"path": finding.path, "message": place.message, "range": range_object(place.range)}
            for place in finding.related
        ],
        "fix": fix,
        "url": finding.url,
    }


class Array(Writer):
    """One array of all findings, an element a line."""

    def file(self, source: Source, findings: list[Finding]) -> str:
        text = ""
        for finding in findings:
            text += (
                ("[\n" if not self.count else ",\n") + "  " + json.dumps(finding_object(finding))
            )
            self.count += 1
        return text

    def end(self) -> str:
        return "\n]\n" if self.count else "[]\n"


class Lines(Writer):
    """One object a line, as findings come."""

    def file(self, source: Source, findings: list[Finding]) -> str:
        self.count += len(findings)
        return "".join(json.dumps(finding_object(finding)) + "\n" for finding in findings)
