"""Extensions, LMTP and submission, case by case (EXT, LMT, SUB)."""

import pytest
from support import CASES, expected, subject_of

from smtp_lsp.grammar import rfc2852, rfc3461, rfc3885, rfc4865, rfc6533, rfc6710, rfc7293
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.rules import SEVERITIES, all_rules
from smtp_lsp.text.source import Source

FAMILIES = ("EXT", "LMT", "SUB")
ALSO = "# also: "
EXPECTATIONS = sorted((CASES / "extension").glob("*.expect"))
RULES = [rule for rule in all_rules() if rule.code[:3] in FAMILIES]


def also(path):
    """Return what is found besides when every rule of the families is on."""
    lines = path.read_text("utf-8").splitlines()
    rows = [line.removeprefix(ALSO).split() for line in lines if line.startswith(ALSO)]
    return sorted((int(number), code, severity) for number, code, severity in rows)


def found(path, options):
    subject = subject_of(path)
    return sorted(
        (finding.range.start.line, finding.rule, finding.severity)
        for finding in lint(Source(subject.read_bytes(), str(subject)), options)
        if finding.rule[:3] in FAMILIES
    )


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_case(path):
    assert found(path, Options()) == expected(path)


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_with_every_rule(path):
    options = Options(extend_select=list(FAMILIES))
    assert found(path, options) == sorted(expected(path) + also(path))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_cases(rule):
    rows = [row for path in EXPECTATIONS for row in (*expected(path), *also(path))]
    assert sum(row[1] == rule.code for row in rows) >= 2
    assert all(row[2] in SEVERITIES for row in rows)


def test_what_is_off():
    quiet = {rule.code for rule in RULES if not rule.default}
    assert quiet == {
        *("EXT003", "EXT023", "EXT040", "EXT041", "EXT042"),
        *("LMT002", "LMT004", "SUB001", "SUB002", "SUB003", "SUB004"),
    }


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_a_refusal_is_not_told_twice(path):
    """What explains a refusal is one finding, wherever both would stand in one line."""
    subject = subject_of(path)
    findings = lint(Source(subject.read_bytes(), str(subject)))
    explaining = [f for f in findings if f.rule[:3] in FAMILIES and f.severity == "error"]
    told = {place.range.start.line for f in explaining for place in f.related}
    assert not [f for f in findings if f.rule == "RPL001" and f.range.start.line in told]


@pytest.mark.parametrize("name", ["size-above", "limits-exceeded", "bdat-not-offered-taken"])
def test_many_sessions_are_judged_alike(name):
    """A rule that is on by default must not need more than a shape shows (session.skim)."""
    once = (CASES / "extension" / f"{name}.smtp").read_bytes()
    one = [f.rule for f in lint(Source(once, "a.smtp")) if f.rule[:3] in FAMILIES]
    many = [f.rule for f in lint(Source(once * 20, "a.smtp")) if f.rule[:3] in FAMILIES]
    assert many == one * 20


def codes(*lines):
    text = "".join(line + "\n" for line in lines)
    return {f.rule for f in lint(Source(text.encode(), "a.smtp")) if f.rule[:3] in FAMILIES}


CHUNKED = (
    *("S: 220 mx", "C: EHLO a", "S: 250-mx", "S: 250 CHUNKING", "C: MAIL FROM:<a@b.example>"),
    *("S: 250 ok", "C: RCPT TO:<c@d.example>", "S: 250 ok", "C: BDAT 1000 LAST"),
)


def test_a_chunk_that_is_refused_at_once_may_not_have_been_sent():
    assert codes(*CHUNKED, "S: 552 too large") == set()
    assert codes(*CHUNKED, "C: Subject: x", "C:", "S: 552 too large") == set()
    assert codes(*CHUNKED, "C: Subject: x", "C:", "S: 250 ok") == {"EXT006"}


@pytest.mark.parametrize("line", ["(997 octets)", "...", "[...]", "Subject: x<CR><LF>"])
def test_what_stands_for_octets_is_not_counted(line):
    assert codes(*CHUNKED, f"C: {line}", "S: 250 ok") == set()


class TestGrammar:
    @pytest.mark.parametrize("value", [b"NEVER", b"never", b"SUCCESS", b"Failure,DELAY"])
    def test_notify(self, value):
        assert rfc3461.NOTIFY_VALUE.match(value)

    @pytest.mark.parametrize("value", [b"", b"NEVER,DELAY", b"SUCCESS,", b",DELAY", b"ALL"])
    def test_no_notify(self, value):
        assert not rfc3461.NOTIFY_VALUE.match(value)

    @pytest.mark.parametrize("value", [b"0", b"9", b"-9", b"1", b"-1"])
    def test_priority(self, value):
        assert rfc6710.PRIORITY_VALUE.match(value)

    @pytest.mark.parametrize("value", [b"", b"-0", b"+1", b"01", b"10", b"1 ", b"one"])
    def test_no_priority(self, value):
        assert not rfc6710.PRIORITY_VALUE.match(value)

    @pytest.mark.parametrize("value", [b"1;R", b"-120;NT", b"+5;r", b"999999999;N"])
    def test_by(self, value):
        assert rfc2852.BY_VALUE.match(value)

    @pytest.mark.parametrize("value", [b"1", b"1;", b"1;X", b"1234567890;R", b";R", b"1;TR"])
    def test_no_by(self, value):
        assert not rfc2852.BY_VALUE.match(value)

    @pytest.mark.parametrize("value", [b"a@b", b"a+40b", b"QQ+2B1@mx.example"])
    def test_unique_envid(self, value):
        assert rfc3885.UNIQUE_ENVID.match(value)

    @pytest.mark.parametrize("value", [b"", b"a", b"@b", b"a@", b"a@b@c", b"a+40b@c"])
    def test_no_unique_envid(self, value):
        assert not rfc3885.UNIQUE_ENVID.match(value)

    def test_times(self):
        assert rfc4865.INTERVAL.match(b"999999999")
        assert not rfc4865.INTERVAL.match(b"0")
        assert rfc4865.DATE_TIME.match(b"2026-03-02T10:00:00.25Z")
        assert not rfc4865.DATE_TIME.match(b"2026-03-02 10:00:00Z")
        assert rfc7293.RRVS_VALUE.match(b"2026-03-02T10:00:00+01:00;R")
        assert not rfc7293.RRVS_VALUE.match(b"2026-03-02T10:00:00.25Z")

    @pytest.mark.parametrize("value", [b"a@b", rb"a\x{2B}b@c", "ré@b".encode()])
    def test_utf_8_address(self, value):
        assert rfc6533.UTF_8_ENC_ADDR.match(value)

    @pytest.mark.parametrize("value", [b"", b"a+2Bb@c", b"a=b@c", rb"a\b@c", rb"\x{1}"])
    def test_no_utf_8_address(self, value):
        assert not rfc6533.UTF_8_ENC_ADDR.match(value)
