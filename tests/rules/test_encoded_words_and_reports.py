"""Encoded-words, UTF-8 in headers, and reports, case by case (MIM040 to MIM079)."""

import pytest
from support import CASES, expected, subject_of

from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.message import DRAFT
from smtp_lsp.rules import all_rules
from smtp_lsp.text.source import Source

MODULES = {f"smtp_lsp.rules.{name}" for name in ("encoded_word", "utf8_header", "report")}
RULES = [rule for rule in all_rules() if rule.check.__module__ in MODULES]
CODES = {rule.code for rule in RULES}
ALSO = "# also: "
EXPECTATIONS = sorted(
    path for folder in ("encoded", "report") for path in (CASES / folder).glob("*.expect")
)


def also(path):
    """Return what is found besides when every rule of the family is on."""
    lines = path.read_text("utf-8").splitlines()
    rows = [line.removeprefix(ALSO).split() for line in lines if line.startswith(ALSO)]
    return [(int(number), code, severity) for number, code, severity in rows]


def found(data, name, options):
    return sorted(
        (finding.range.start.line, finding.rule, finding.severity)
        for finding in lint(Source(data, name), options)
        if finding.rule in CODES
    )


def found_in(path, options):
    subject = subject_of(path)
    return found(subject.read_bytes(), str(subject), options)


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_case(path):
    assert found_in(path, Options()) == expected(path)


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_with_every_rule(path):
    wanted = sorted([*expected(path), *also(path)])
    assert found_in(path, Options(extend_select=sorted(CODES))) == wanted


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_nothing_else_is_found_fault_with(path):
    """One cause, one finding: no rule of another family has a word to say about these."""
    subject = subject_of(path)
    loud = lint(Source(subject.read_bytes(), str(subject)), Options())
    assert {f.rule for f in loud if f.severity in ("error", "warning")} <= CODES


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_cases(rule):
    """Two that are reported at least; it is silent in all the others."""
    rows = [row for path in EXPECTATIONS for row in (*expected(path), *also(path))]
    assert sum(row[1] == rule.code for row in rows) >= 2


DSN = (CASES / "report" / "right-failed.eml").read_bytes()


def test_a_report_that_the_file_cuts_off_is_not_asked_for_the_rest():
    cut = DSN[: DSN.index(b"Action:")]
    assert found(cut, "a.eml", Options()) == []
    assert found(cut + b"\n--b--\n", "a.eml", Options()) == [(21, "MIM062", "warning")]


def test_a_draft_of_a_report_is_left_alone():
    draft = DSN.replace(b"Action: failed", b"Action: bounced")
    assert found(draft, "a.eml", Options(context=DRAFT)) == []
    assert len(found(draft, "a.eml", Options())) == 1


def test_places_of_one_mistake_are_one_finding():
    data = b"From: a@example.org\nSubject: %b\n\n" % b" ".join([b"x=?utf-8?Q?a?="] * 20)
    (finding,) = [f for f in lint(Source(data, "a.eml"), Options()) if f.rule == "MIM047"]
    assert len(finding.related) == 9
