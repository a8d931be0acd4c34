"""Replies and enhanced status codes, case by case (RPL, ESC)."""

import pytest
from support import CASES, expected, subject_of

from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.rules import all_rules
from smtp_lsp.text.source import Source

FAMILIES = ("RPL", "ESC")
ELSEWHERE = ("RPL001", "RPL090")  # they explain, and have cases with the walk and the diagnosis
ALSO = "# also: "
EXPECTATIONS = sorted((CASES / "replies").glob("*.expect"))
RULES = [r for r in all_rules() if r.code[:3] in FAMILIES and r.code not in ELSEWHERE]


def also(path):
    """Return what is found besides when every rule of the families is on."""
    lines = path.read_text("utf-8").splitlines()
    rows = [line.removeprefix(ALSO).split() for line in lines if line.startswith(ALSO)]
    return sorted((int(number), code, severity) for number, code, severity in rows)


def found(path, options, severities):
    subject = subject_of(path)
    return sorted(
        (finding.range.start.line, finding.rule, finding.severity)
        for finding in lint(Source(subject.read_bytes(), str(subject)), options)
        if finding.rule[:3] in FAMILIES
        and finding.rule not in ELSEWHERE
        and finding.severity in severities
    )


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_case(path):
    assert found(path, Options(), ("error", "warning", "info", "hint")) == expected(path)


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_with_every_rule(path):
    options = Options(extend_select=list(FAMILIES))
    assert found(path, options, ("error", "warning")) == expected(path)
    assert found(path, options, ("info", "hint")) == also(path)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_cases(rule):
    rows = [row for path in EXPECTATIONS for row in (*expected(path), *also(path))]
    assert sum(row[1] == rule.code for row in rows) >= 2


@pytest.mark.parametrize("code", ["150 ", "999-", "25O ", "250\t"])
def test_lines_that_are_hardly_replies_are_read(code):
    lint(Source(f"S: 220 a\nC: EHLO b\nS: {code}c\nS: {code}".encode(), "a.smtp"))


def test_a_thousand_sessions_of_one_shape_are_judged_alike():
    """A rule that is on by default must not need more than a shape shows (session.skim)."""
    once = (CASES / "replies" / "esc-missing.smtp").read_bytes()
    findings = [f for f in lint(Source(once * 50, "a.smtp")) if f.rule == "ESC004"]
    assert len(findings) == 50
