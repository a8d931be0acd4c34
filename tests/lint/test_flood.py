"""What is shown of one rule is bounded, and what is left out is said and never hides another."""

import json
import subprocess
import sys

from smtp_lsp.lint import flood
from smtp_lsp.lint.run import lint
from smtp_lsp.text.source import Source

BEFORE = b"S: 220 mx.example.org ESMTP\nC: EHLO a.example.com\nS: 250 mx.example.org\n"
MAIL = b"C: MAIL FROM: <a@example.com>\nS: 250 Ok\nC: RSET\nS: 250 Ok\n"
AFTER = b"C: DATA\nS: 503 Bad sequence\nC: QUIT\nS: 221 Bye\n"


def session(count):
    """Return a session in which one rule finds *count* places, and another one behind them."""
    return BEFORE + MAIL * count + AFTER


def test_no_rule_hides_another():
    rule = lint(Source(session(1), "a.smtp"))[0].rule
    data = session(flood.MOST + 20)
    found = lint(Source(data, "a.smtp"))
    shown = flood.shown(found)
    rules = [finding.rule for finding in shown]
    assert rules.count(rule) == flood.MOST + 1
    assert rules.count("SEQ001") == 1
    rest = [finding for finding in shown if isinstance(finding, flood.Rest)]
    assert [each.message for each in rest] == ["20 more findings of this kind in this file"]
    assert rest[0].range.start.line == 4 + 4 * flood.MOST
    assert rest[0].severity == "warning"


def test_what_is_within_the_bound_is_shown_as_it_is():
    found = lint(Source(session(flood.MOST), "a.smtp"))
    assert flood.shown(found) == found


def test_one_more_is_said_so():
    shown = flood.shown(lint(Source(session(flood.MOST + 1), "a.smtp")))
    assert "1 more finding of this kind in this file" in [finding.message for finding in shown]


def test_statistics_and_status_count_all(tmp_path):
    path = tmp_path / "a.smtp"
    path.write_bytes(session(flood.MOST + 20))
    command = [sys.executable, "-m", "smtp_lsp", "check", str(path), "--output-format", "json"]
    done = subprocess.run([*command, "--statistics"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len(json.loads(done.stdout)) == flood.MOST + 2
    assert f"{flood.MOST + 20}" in done.stderr
