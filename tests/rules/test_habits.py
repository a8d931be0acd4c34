"""What clients do that would better be done otherwise, case by case (``rules.habits``)."""

import pytest
from support import CASES, expected, subject_of

from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.rules import all_rules
from smtp_lsp.text.source import Source

ALSO = "# also: "
EXPECTATIONS = sorted((CASES / "habits").glob("*.expect"))
RULES = [r for r in all_rules() if r.check.__module__ == "smtp_lsp.rules.habits"]
CODES = {rule.code for rule in RULES}


def also(path):
    """Return what is found besides when every rule is on."""
    lines = path.read_text("utf-8").splitlines()
    rows = [line.removeprefix(ALSO).split() for line in lines if line.startswith(ALSO)]
    return sorted((int(number), code, severity) for number, code, severity in rows)


def found(path, options):
    subject = subject_of(path)
    return sorted(
        (finding.range.start.line, finding.rule, finding.severity)
        for finding in lint(Source(subject.read_bytes(), str(subject)), options)
        if finding.rule in CODES
    )


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_case(path):
    assert found(path, Options()) == expected(path)


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_with_every_rule(path):
    options = Options(extend_select=sorted(CODES))
    assert found(path, options) == sorted([*expected(path), *also(path)])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_cases(rule):
    rows = [row for path in EXPECTATIONS for row in (*expected(path), *also(path))]
    assert sum(row[1] == rule.code for row in rows) >= 2


def test_nothing_else_of_weight_is_found_in_these_cases():
    """One cause, one finding: what the cases show is the only thing that is wrong in them."""
    for path in EXPECTATIONS:
        subject = subject_of(path)
        source = Source(subject.read_bytes(), str(subject))
        loud = [f for f in lint(source) if f.severity in ("error", "warning")]
        assert [(f.range.start.line, f.rule, f.severity) for f in loud] == expected(path), path
