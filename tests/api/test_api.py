"""``smtp_lsp.check``: what mail libraries use in their tests."""

import pytest

import smtp_lsp

BAD = b"S: 220 mx\nC: EHLO a\nS: 250 mx\nC: DATA\nS: 503 no\n"


def test_check():
    (finding,) = smtp_lsp.check(BAD)
    assert isinstance(finding, smtp_lsp.Finding)
    assert (finding.rule, finding.name, finding.severity) == ("SEQ001", "misordered-data", "error")
    assert (finding.range.start.line, finding.range.start.column) == (4, 4)
    assert finding.message.startswith("`DATA` without a `MAIL`")
    assert finding.help
    assert finding.category == "correctness"
    assert finding.url.endswith("/misordered-data")


def test_filename_tells_the_kind():
    data = b"From: a@b.example\nDate: Mon, 2 Mar 2026 10:00:00 +0000\n\n.\n"
    assert [f.rule for f in smtp_lsp.check(data, filename="a.eml")] == ["DOT001"]
    assert [f.rule for f in smtp_lsp.check(data)] == ["DOT001"]
    assert [f.rule for f in smtp_lsp.check(data, filename="a.smtp")] == ["TRN001"]


def test_options():
    assert smtp_lsp.check(BAD, options=smtp_lsp.Options(ignore=["SEQ001"])) == []
    with pytest.raises(ValueError, match="did you mean"):
        smtp_lsp.Options(ignore=["misorderd-data"])


def test_only_bytes():
    assert smtp_lsp.check(bytearray(BAD))
    with pytest.raises(TypeError, match="must be bytes"):
        smtp_lsp.check("S: 220 mx")


def test_unknown_names():
    with pytest.raises(AttributeError):
        smtp_lsp.nothing  # noqa: B018


def test_a_rule_can_be_narrowed_below_an_exclusion():
    options = smtp_lsp.Options(select=["SEQ001"], ignore=["SEQ"])
    assert [f.rule for f in smtp_lsp.check(BAD, options=options)] == ["SEQ001"]


def test_severity_can_be_set_and_turned_off():
    (finding,) = smtp_lsp.check(BAD, options=smtp_lsp.Options(severity={"SEQ": "hint"}))
    assert finding.severity == "hint"
    assert smtp_lsp.check(BAD, options=smtp_lsp.Options(severity={"SEQ001": "off"})) == []
