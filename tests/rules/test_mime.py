"""MIME: types, structure, encodings and values, case by case (MIM001 to 039, 057, 058)."""

import pytest
from support import CASES, expected, subject_of

from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.rules import all_rules
from smtp_lsp.text.source import Source

ALSO = "# also: "
EXPECTATIONS = sorted((CASES / "mime").glob("*.expect"))
LATER = ("MIM057", "MIM058", "MIM059")
RULES = [r for r in all_rules() if "MIM001" <= r.code <= "MIM039" or r.code in LATER]
CODES = {rule.code for rule in RULES}
ALL = ("error", "warning", "info", "hint")


def also(path):
    """Return what is found besides when every rule of the family is on."""
    lines = path.read_text("utf-8").splitlines()
    rows = [line.removeprefix(ALSO).split() for line in lines if line.startswith(ALSO)]
    return [(int(number), code, severity) for number, code, severity in rows]


def found(path, options, severities=ALL):
    subject = subject_of(path)
    return sorted(
        (finding.range.start.line, finding.rule, finding.severity)
        for finding in lint(Source(subject.read_bytes(), str(subject)), options)
        if finding.rule in CODES and finding.severity in severities
    )


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_case(path):
    assert found(path, Options()) == expected(path)


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_with_every_rule(path):
    if also(path):
        assert found(path, Options(extend_select=["MIM"]), ("info", "hint")) == also(path)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_cases(rule):
    """Two that are reported at least; what is on by default is silent in all the others."""
    rows = [row for path in EXPECTATIONS for row in (*expected(path), *also(path))]
    assert sum(row[1] == rule.code for row in rows) >= 2


def test_many_places_are_one_finding():
    part = b"--b\nContent-Type: text/plain\nContent-Transfer-Encoding: 8-bit\n\nx\n"
    head = b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    body = b"--b\nContent-Type: text/plain; charset\n\nx\n" * 30 + b"--b--\n"
    findings = [f for f in lint(Source(head + body, "a.eml")) if f.rule in CODES]
    assert [(f.rule, len(f.related)) for f in findings] == [("MIM002", 9)]
    findings = [f for f in lint(Source(head + part * 30 + b"--b--\n", "a.eml")) if f.rule in CODES]
    assert [(f.rule, len(f.related)) for f in findings] == [("MIM012", 9)]
