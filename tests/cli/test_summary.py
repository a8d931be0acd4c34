"""``check --summary``: a paragraph for each session that failed, a line for the others."""

import subprocess
import sys

GOOD = (
    b"S: 220 mx.example\nC: EHLO a\nS: 250-mx.example\nS: 250 8BITMIME\n"
    b"C: MAIL FROM:<a@b.example>\nS: 250 ok\nC: RCPT TO:<c@d.example>\nS: 250 ok\n"
    b"C: DATA\nS: 354 go\nC: From: <a@b.example>\nC: Date: Tue, 24 Nov 2026 10:00:00 +0000\n"
    b"C:\nC: hi\nC: .\nS: 250 ok\n"
    b"C: QUIT\nS: 221 bye\n"
)
BAD = (
    b"S: 220 mx.example\nC: EHLO a\nS: 250-mx.example\nS: 250 8BITMIME\n"
    b"C: MAIL FROM:<a@b.example>\nS: 250 ok\nC: RCPT TO:<e@d.example>\n"
    b"S: 550 5.1.1 no such user\nC: QUIT\nS: 221 bye\n"
)


def run(*arguments, cwd, stdin=b""):
    return subprocess.run(
        [sys.executable, "-m", "smtp_lsp", "check", "--isolated", *arguments],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        timeout=60,
    )


def test_a_paragraph_behind_the_findings(tmp_path):
    (tmp_path / "a.smtp").write_bytes(GOOD + BAD)
    result = run("--summary", "--output-format", "concise", "a.smtp", cwd=tmp_path)
    lines = result.stdout.decode().splitlines()
    assert result.returncode == 0
    assert [line.split()[2] for line in lines if ": info " in line] == ["RPL090"]
    told = [line for line in lines if ": info " not in line and ": warning " not in line]
    assert told[0].startswith("a.smtp:1: delivered: 1 message, 1 recipient (a to mx.example,")
    assert told[1].startswith("a.smtp:19: failed: a to mx.example, from <a@b.example>, 0 of 1")
    assert told[2].startswith("    there is no such recipient as `<e@d.example>`: 550")
    assert told[2].endswith("(line 26)")
    assert told[3].startswith("    what to do: ")
    assert len(told) == 4


def test_in_french(tmp_path):
    result = run("--summary", "--locale", "fr", "-", cwd=tmp_path, stdin=BAD)
    assert "échec : de a à mx.example" in result.stdout.decode()
    assert "    que faire\u00a0: " in result.stdout.decode()


def test_copies_that_were_lost_at_the_end_of_the_message(tmp_path):
    lmtp = GOOD.replace(b"EHLO", b"LHLO").replace(
        b"C: DATA", b"C: RCPT TO:<e@d.example>\nS: 250 ok\nC: DATA"
    )
    lmtp = lmtp.replace(b"C: .\nS: 250 ok", b"C: .\nS: 250 ok\nS: 452 4.2.2 full")
    result = run("--summary", "-", cwd=tmp_path, stdin=lmtp)
    text = result.stdout.decode()
    assert ": delivered: 1 message, 1 recipient (" in text
    assert "2 of 2 recipients accepted, 1 of 2 copies delivered, " in text
    result = run("--summary", "-", cwd=tmp_path, stdin=lmtp.replace(b"452 4.2.2 full", b"250 ok"))
    assert "copies" not in result.stdout.decode()


def test_of_a_large_file_the_sessions_that_were_walked(tmp_path):
    (tmp_path / "a.smtp").write_bytes(GOOD * 6000 + BAD + GOOD)
    result = run("--summary", "a.smtp", cwd=tmp_path)
    text = result.stdout.decode()
    assert "a.smtp:108001: failed: " in text
    assert text.endswith("a.smtp: 6001 more sessions, in which nothing was found\n")
    assert len(text.splitlines()) < 12


def test_only_with_formats_that_are_text(tmp_path):
    (tmp_path / "a.smtp").write_bytes(BAD)
    result = run("--summary", "--output-format", "json", "a.smtp", cwd=tmp_path)
    assert result.returncode == 2
    assert result.stdout == b""
    assert b"--output-format full, concise or github" in result.stderr


def test_after_a_fix(tmp_path):
    (tmp_path / "a.smtp").write_bytes(GOOD)
    result = run("--summary", "--fix", "a.smtp", cwd=tmp_path)
    assert b"delivered: 1 message" in result.stdout
