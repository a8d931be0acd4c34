"""SEC: the cases of the family, and what a file and its words cannot show."""

import pytest
from support import CASES, expected, found, subject_of

from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import analyse
from smtp_lsp.rules import all_rules
from smtp_lsp.text.source import Source

FAMILY = "SEC"
EXPECTATIONS = sorted((CASES / "security").glob("*.expect"))
# What attackers write has cases of its own.
CODES = {f"{FAMILY}{number:03}" for number in range(1, 25)}
RULES = [rule for rule in all_rules() if rule.code in CODES]
LOUD = [rule for rule in RULES if rule.severity in ("error", "warning")]


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_case(path):
    subject = subject_of(path)
    rows = [row for row in found(subject.read_bytes(), str(subject)) if row[1][:3] == FAMILY]
    assert rows == expected(path), path.read_text("utf-8").splitlines()[0]


@pytest.mark.parametrize("rule", LOUD, ids=lambda rule: rule.name)
def test_every_loud_rule_has_cases(rule):
    rows = [row for path in EXPECTATIONS for row in expected(path)]
    assert sum(row[1] == rule.code for row in rows) >= 2


def findings(*lines, code):
    text = "".join(line + "\n" for line in lines)
    options = Options(select=[code])
    return analyse(Source(text.encode(), "a.smtp"), options).findings


START = ("S: 220 mx", "C: EHLO a", "S: 250-mx", "S: 250 AUTH LOGIN PLAIN CRAM-MD5 NTLM")


class TestQuietRules:
    """What is off by default: hints and infos."""

    def test_are_off(self):
        quiet = {rule.code for rule in RULES if not rule.default}
        assert quiet == {"SEC008", "SEC009", "SEC022", "SEC024"}

    @pytest.mark.parametrize("line", ["AUTH LOGIN", "auth login YWxpY2U="])
    def test_login(self, line):
        (finding,) = findings(*START, f"C: {line}", code="SEC008")
        assert finding.severity == "hint"

    @pytest.mark.parametrize("line", ["AUTH PLAIN", "AUTH LOGINX", "AUTH login is for old clients"])
    def test_no_login(self, line):
        assert not findings(*START, f"C: {line}", code="SEC008")

    @pytest.mark.parametrize("name", ["CRAM-MD5", "digest-md5", "NTLM"])
    def test_weak(self, name):
        (finding,) = findings(*START, f"C: AUTH {name}", code="SEC009")
        assert finding.severity == "info"

    @pytest.mark.parametrize("name", ["PLAIN", "SCRAM-SHA-256", "XOAUTH2"])
    def test_not_weak(self, name):
        assert not findings(*START, f"C: AUTH {name}", code="SEC009")

    @pytest.mark.parametrize(
        "lines",
        [
            ("C: AUTH PLAIN AGFsaWNlAHNlY3JldA==", "S: 235 Ok"),
            ("C: AUTH LOGIN", "S: 334 VXNlcm5hbWU6", "C: YWxpY2U=", "S: 334 UGFz", "C: c2VjcmV0"),
        ],
    )
    def test_credentials(self, lines):
        (finding,) = findings(*START, *lines, code="SEC022")
        assert finding.severity == "info"

    @pytest.mark.parametrize(
        "lines",
        [
            ("C: AUTH PLAIN ****", "S: 235 Ok"),
            ("C: AUTH LOGIN YWxpY2U=", "S: 334 UGFz", "C: <hidden>", "S: 235 Ok"),
            ("C: AUTH LOGIN YWxpY2U=", "S: 334 UGFz", "C: UFJPVklERURfQlVUX1JFTU9WRUQ="),
            ("C: AUTH CRAM-MD5", "S: 334 PDE4PQ==", "C: YWxpY2UgYWU5OWRkZWJm", "S: 235 Ok"),
        ],
    )
    def test_no_credentials(self, lines):
        assert not findings(*START, *lines, code="SEC022")


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_no_secret_is_ever_shown(path, locale):
    """Whatever a client said behind a mechanism's name or after a 334 stays in the file."""
    subject = subject_of(path)
    options = Options(extend_select=["SEC"], locale=locale)
    analysis = analyse(Source(subject.read_bytes(), str(subject)), options, keep=True)
    secrets = []
    for session in analysis.sessions:
        for exchange in session.exchanges:
            if exchange.verb == "AUTH":
                secrets += exchange.command.arguments.split()[1:]
                secrets += [bytes(view).strip() for view in exchange.responses]
    for finding in analysis.findings:
        if finding.rule.startswith(FAMILY):
            said = " ".join([finding.message, finding.help, *(r.message for r in finding.related)])
            for secret in secrets:
                assert len(secret.strip(b"*")) < 4 or secret.decode() not in said
