"""Commands, paths and parameters, case by case (CMD)."""

import time

import pytest
from support import CASES, expected, subject_of

from smtp_lsp.grammar import rfc5321
from smtp_lsp.lint.fix import applied, edits_of
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.rules import SEVERITIES, all_rules
from smtp_lsp.text.source import Source

ALSO = "# also: "
EXPECTATIONS = sorted((CASES / "command").glob("*.expect"))
RULES = [rule for rule in all_rules() if rule.code[:3] == "CMD"]


def also(path):
    """Return what is found besides when every rule of the family is on."""
    lines = path.read_text("utf-8").splitlines()
    rows = [line.removeprefix(ALSO).split() for line in lines if line.startswith(ALSO)]
    return sorted((int(number), code, severity) for number, code, severity in rows)


def commands_of(path):
    """Return what is expected of this family; its mistakes may be others' as well."""
    return [row for row in expected(path) if row[1][:3] == "CMD"]


def found(path, options):
    subject = subject_of(path)
    return sorted(
        (finding.range.start.line, finding.rule, finding.severity)
        for finding in lint(Source(subject.read_bytes(), str(subject)), options)
        if finding.rule[:3] == "CMD"
    )


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_case(path):
    assert found(path, Options()) == commands_of(path)


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_with_every_rule(path):
    assert found(path, Options(extend_select=["CMD"])) == sorted(commands_of(path) + also(path))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_cases(rule):
    rows = [row for path in EXPECTATIONS for row in (*commands_of(path), *also(path))]
    assert sum(row[1] == rule.code for row in rows) >= 2
    assert all(row[2] in SEVERITIES for row in rows)


MENDED = {
    b"MAIL FROM: <a@b.example>": b"MAIL FROM:<a@b.example>",
    b"MAIL FROM : <a@b.example>": b"MAIL FROM:<a@b.example>",
    b"MAIL FROM: a@b.example SIZE=1": b"MAIL FROM:<a@b.example> SIZE=1",
    b"MAIL FROM:<a@b.example": b"MAIL FROM:<a@b.example>",
    b"MAIL FROM: Ann B. <a@b.example>": b"MAIL FROM:<a@b.example>",
    b"MAIL FROM:< a@b.example >": b"MAIL FROM:<a@b.example>",
    b"MAIL FROM:<a@b.example>SIZE=1": b"MAIL FROM:<a@b.example> SIZE=1",
    b"MAIL FROM:<a@[2001:db8::1]>": b"MAIL FROM:<a@[IPv6:2001:db8::1]>",
    b"MAIL FROM:<a@b.example> ": b"MAIL FROM:<a@b.example>",
    b"EHLO <a.example>": b"EHLO a.example",
}
KEPT = (
    b"MAIL FROM:<a@192.0.2.1>",
    b"MAIL FROM:<a@b.example.>",
    b"MAIL FROM:<@c.example:a@b.example>",
)


def mended(line):
    """Return what the safe fixes make of a line of a script."""
    data = b"EHLO c.example\r\n" + line + b"\r\nQUIT\r\n"
    findings = lint(Source(data, "a.smtp"), Options(extend_select=["CMD"], dialect="client"))
    safe = [f for f in findings if f.rule[:3] == "CMD"]
    assert safe
    return applied(data, edits_of(safe, unsafe=False)).split(b"\r\n")[1]


@pytest.mark.parametrize("line", MENDED)
def test_safe_fixes(line):
    assert mended(line) == MENDED[line]


@pytest.mark.parametrize("line", KEPT)
def test_what_might_change_the_meaning_is_not_mended_unasked(line):
    assert mended(line) == line


def test_a_recording_is_not_mended():
    path = CASES / "command" / "colon-telnet.smtp"
    assert all(finding.fix is None for finding in lint(Source(path.read_bytes(), str(path))))


@pytest.mark.parametrize("address", ["::", "::1", "2001:db8::1", "1:2:3:4:5:6:7:8", "::192.0.2.1"])
def test_addresses(address):
    assert rfc5321.is_ipv6(address.encode())


@pytest.mark.parametrize(
    "word", [":", ":::", "1::2::3", "1:2", "g::", "1:2:3:4:5:6:7:8:9", "::1%0"]
)
def test_no_addresses(word):
    assert not rfc5321.is_ipv6(word.encode())


HARD = [
    b"MAIL FROM:<" + piece * 30000 for piece in (b'"', b'"a', b"(", b"[", b"\\", b"a.", b"-", b" ")
]
HARD += [b"RCPT TO:<a@" + piece * 30000 for piece in (b"a.", b"-", b"hostname", b"[1", b":")]
HARD += [b"MAIL FROM:<a@b.example>" + piece * 30000 for piece in (b" ", b" a", b"=", b" a=", b"<")]
HARD += [b"EHLO " + piece * 30000 for piece in (b"a-", b"user", b"hostname", b"a ", b".")]
HARD += [verb + b" " * 60000 + b"x" for verb in (b"MAIL FROM", b"QUIT", b"RCPT", b"GET")]


@pytest.mark.parametrize("line", HARD, ids=lambda line: repr(line[:16]))
def test_long_lines_take_no_longer_than_they_are_long(line):
    start = time.process_time()
    lint(Source(line + b"\r\n", "a.smtp"), Options(select=["CMD"], dialect="client"))
    assert time.process_time() - start < 2


def test_each_line_of_a_thousand_sessions_is_judged():
    """Sessions of one shape are passed over, but not a line in which something is wrong."""
    once = b"S: 220 a\nC: EHLO b.example\nS: 250 a\nC: MAIL FROM:%b\nS: 250 ok\nC: QUIT\nS: 221 a\n"
    data = once % b"<a@b.example>" * 50 + once % b"<a..b@b.example>" + once % b"<c@b.example>" * 50
    found = [finding.rule for finding in lint(Source(data, "a.smtp")) if finding.rule != "TRN005"]
    assert found == ["CMD010"]
