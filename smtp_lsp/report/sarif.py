"""SARIF 2.1.0: what code scanning services read."""

from __future__ import annotations

import json

from smtp_lsp import __version__, pages
from smtp_lsp.report import Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from smtp_lsp.lint.finding import Finding, Range
    from smtp_lsp.rules import Rule
    from smtp_lsp.text.source import Source

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note", "hint": "note"}


class Sarif(Writer):
    """One run with every rule that found something."""

    def __init__(self, *, color: bool = False, locale: str = "en") -> None:
        super().__init__(color=color, locale=locale)
        self.results: list[dict[str, Any]] = []
        self.rules: dict[str, Rule] = {}

    def file(self, source: Source, findings: list[Finding]) -> str:
        self.count += len(findings)
        for finding in findings:
            self.rules.setdefault(finding.rule, finding.definition)
            self.results.append(self._result(finding))
        return ""

    def _result(self, finding: Finding) -> dict[str, Any]:
        result: dict[str, Any] = {
            "ruleId": finding.rule,
            "level": _LEVELS[finding.severity],
            "message": {"text": f"{finding.message}. {finding.help}".strip()},
            "locations": [{"physicalLocation": _location(finding.path, finding.range)}],
        }
        if finding.related:
            result["relatedLocations"] = [
                {
                    "id": number,
                    "message": {"text": place.message},
                    "physicalLocation": _location(finding.path, place.range),
                }
                for number, place in enumerate(finding.related, 1)
            ]
        return result

    def end(self) -> str:
        driver = {
            "name": "smtp-lsp",
            "version": __version__,
            "informationUri": "https://smtp-lsp.readthedocs.io",
            "rules": [self._rule(self.rules[code]) for code in sorted(self.rules)],
        }
        run = {
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "results": self.results,
        }
        document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
        return json.dumps(document, indent=2) + "\n"

    def _rule(self, rule: Rule) -> dict[str, Any]:
        page = pages.find(self.locale, "rules", rule.name)
        return {
            "id": rule.code,
            "name": rule.name,
            "shortDescription": {"text": page.title if page else rule.name},
            "fullDescription": {"text": page["wrong"] if page else rule.name},
            "helpUri": rule.url,
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
            "properties": {"tags": list(rule.categories)},
        }


def _location(path: str, where: Range) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": _uri(path)},
        "region": {
            "startLine": where.start.line,
            "startColumn": where.start.column,
            "endLine": where.end.line,
            "endColumn": where.end.column,
        },
    }


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path.replace("\\", "/").encode("utf-8", "surrogateescape"), safe="/._-~")
