"""Addresses in header fields, case by case (ADR)."""

import pytest
from support import CASES, expected, subject_of

from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.rules import all_rules
from smtp_lsp.text.source import Source

FAMILY = "ADR"
ALSO = "# also: "
EXPECTATIONS = sorted((CASES / "address").glob("*.expect"))
RULES = [rule for rule in all_rules() if rule.code[:3] == FAMILY]


def also(path):
    """Return what is found besides when every rule of the family is on."""
    lines = path.read_text("utf-8").splitlines()
    rows = [line.removeprefix(ALSO).split() for line in lines if line.startswith(ALSO)]
    return [(int(number), code, severity) for number, code, severity in rows]


def found(data, name, **options):
    return sorted(
        (finding.range.start.line, finding.rule, finding.severity)
        for finding in lint(Source(data, name), Options(**options))
        if finding.rule[:3] == FAMILY
    )


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_case(path):
    subject = subject_of(path)
    assert found(subject.read_bytes(), str(subject)) == expected(path)


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_with_every_rule(path):
    subject = subject_of(path)
    rows = found(subject.read_bytes(), str(subject), extend_select=[FAMILY])
    assert rows == sorted([*expected(path), *also(path)])


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_nothing_else_is_told(path):
    """One cause, one finding: no other rule tells of what an address has."""
    subject = subject_of(path)
    rows = [
        finding.rule
        for finding in lint(Source(subject.read_bytes(), str(subject)))
        if finding.severity in ("error", "warning")
    ]
    others = {rule for rule in rows if rule[:3] != FAMILY}
    wanted = {"right-fold-lost": {"HDR010"}, "control-iso-2022": {"HDR033"}}
    assert others == wanted.get(path.stem, set()), rows


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_cases(rule):
    """Two that are reported at least; it is silent in all the others."""
    rows = [row for path in EXPECTATIONS for row in (*expected(path), *also(path))]
    assert sum(row[1] == rule.code for row in rows) >= 2


FIELDS = b"From: %s\nTo: bob@example.test\nDate: Mon, 02 Mar 2026 10:00:00 +0000\n\nx\n"


@pytest.mark.parametrize(
    ("author", "code", "key"),
    [
        (b"=?utf-8?q?A_=3Ca=40b=2Etest=3E?=", "ADR001", "encoded"),
        (b"undisclosed-recipients", "ADR002", "undisclosed"),
        (b"alice@", "ADR002", "cut"),
        (b"Alice <alice", "ADR003", "angle"),
        (b"alice@example.org>", "ADR003", "closing"),
        (b"'alice@example.org'", "ADR011", "apostrophes"),
        (b"alice@" + b"x" * 70 + b".org", "ADR012", "label"),
        (b"a" * 64 + b"@" + b"x." * 100 + b"org", "ADR012", "whole"),
    ],
)
def test_keys(author, code, key):
    findings = lint(Source(FIELDS % author, "a.eml"))
    assert (code, key) in [(finding.rule, finding.key) for finding in findings]


def test_what_is_alike_is_one_finding():
    data = FIELDS % b"a..b@example.org, c..d@example.org, e..f@example.org"
    (finding,) = [f for f in lint(Source(data, "a.eml")) if f.rule == "ADR001"]
    assert finding.parameters["address"] == "a..b@example.org"
    assert [place.range.start.column for place in finding.related] == [27, 45]


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_no_text_of_a_message_acts_on_a_display(locale):
    data = FIELDS % b"\x1b[31mAl{x}ice\x07 [y] <alice@example.org>"
    told = [f for f in lint(Source(data, "a.eml"), Options(locale=locale)) if f.rule[:3] == FAMILY]
    assert told
    for finding in told:
        assert "\x1b" not in finding.message + finding.help
        assert "\x07" not in finding.message + finding.help
