"""Header fields and lines of messages, case by case (HDR)."""

import pytest
from support import CASES, expected, subject_of

from smtp_lsp import message
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.rules import all_rules
from smtp_lsp.text.source import Source

FAMILY = "HDR"
ALSO = "# also: "
EXPECTATIONS = sorted(CASES.glob("header*/*.expect"))


def also(path):
    """Return what is found besides when every rule of the family is on."""
    lines = path.read_text("utf-8").splitlines()
    rows = [line.removeprefix(ALSO).split() for line in lines if line.startswith(ALSO)]
    return [(int(number), code, severity) for number, code, severity in rows]


def found(path, options, severities):
    subject = subject_of(path)
    return sorted(
        (finding.range.start.line, finding.rule, finding.severity)
        for finding in lint(Source(subject.read_bytes(), str(subject)), options)
        if finding.rule[:3] == FAMILY and finding.severity in severities
    )


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_case(path):
    assert found(path, Options(), ("error", "warning", "info", "hint")) == expected(path)


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_with_every_rule(path):
    if not also(path):
        return
    options = Options(extend_select=[FAMILY])
    assert found(path, options, ("info", "hint")) == also(path)


@pytest.mark.parametrize(
    "rule", [rule for rule in all_rules() if rule.code[:3] == FAMILY], ids=lambda rule: rule.name
)
def test_every_rule_has_cases(rule):
    """Two that are reported at least; what is on by default is silent in all the others."""
    rows = [row for path in EXPECTATIONS for row in (*expected(path), *also(path))]
    assert sum(row[1] == rule.code for row in rows) >= 2


@pytest.mark.parametrize("context", message.CONTEXTS)
def test_a_draft_lacks_what_it_lacks(context):
    source = Source(b"To: bob@example.test\n\n" + b"x" * 1200 + b"\n", "a.eml")
    codes = [finding.rule for finding in lint(source, Options(context=context))]
    wanted = [] if context == message.DRAFT else ["HDR001", "HDR002", "HDR012"]
    assert [code for code in codes if code[:3] == FAMILY] == wanted


def test_repeats_are_related():
    data = b"From: a@b.example\nDate: x\nTo: a\nTo: b\nTO: c\n\n"
    (finding,) = [f for f in lint(Source(data, "a.eml")) if f.rule == "HDR005"]
    assert finding.parameters == {"name": "To", "count": "3"}
    assert [place.range.start.line for place in finding.related] == [3, 5]


def test_no_text_of_a_message_acts_on_a_display():
    data = b"From: a@b.example\nDate: x\nX \x1b[31m: a\nSubject: x\n\n"
    (finding,) = [f for f in lint(Source(data, "a.eml")) if f.rule == "HDR008"]
    assert "\x1b" not in finding.message
