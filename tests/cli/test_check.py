"""The shell's face, run as its users run it."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

GOOD = b"S: 220 mx\nC: EHLO a\nS: 250 mx\nC: QUIT\nS: 221 bye\n"
BAD = b"S: 220 mx\nC: EHLO a\nS: 250 mx\nC: DATA\nS: 503 no\n"
SCRIPT = b"EHLO a\nMAIL FROM:<a@b.example>\nRCPT TO:<c@d.example>\nDATA\nHi\n.\nthere\n.\nQUIT\n"


def run(*arguments, cwd=None, stdin=b"", env=None):
    return subprocess.run(
        [sys.executable, "-m", "smtp_lsp", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", **(env or {})},
        timeout=60,
    )


def one_line(result):
    """A request that cannot be carried out is one line on stderr and exit status 2."""
    assert result.returncode == 2, result
    lines = result.stderr.decode().splitlines()
    assert len(lines) == 1, result.stderr.decode()
    assert b"Traceback" not in result.stderr
    return lines[0]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "good.smtp").write_bytes(GOOD)
    (tmp_path / "bad.smtp").write_bytes(BAD)
    (tmp_path / "notes.txt").write_bytes(b"not ours")
    return tmp_path


# -- what it says ------------------------------------------------------------


def test_a_good_file_is_silent(folder):
    result = run("check", "good.smtp", cwd=folder)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


def test_a_bad_file_is_one_line_in_a_pipe(folder):
    result = run("check", "bad.smtp", cwd=folder)
    assert result.returncode == 1
    line = "bad.smtp:4:4: error SEQ001 misordered-data: `DATA` without a `MAIL`"
    assert result.stdout.decode().startswith(line)


def test_full_shows_the_line_and_marks_the_columns(folder):
    result = run("check", "bad.smtp", "--output-format", "full", cwd=folder)
    text = result.stdout.decode()
    assert "4 | C: DATA\n  |    ^^^^\n" in text
    assert "RFC 5321 3.3" in text
    assert "what to do: " in text
    assert text.endswith("1 finding.\n")


def test_the_marker_stands_right_behind_wide_characters(tmp_path):
    (tmp_path / "a.smtp").write_bytes(
        "S: 220 mx\nClient: EHLO é漢\nS: 250 x\nC:\tDATA x\n".encode()
    )
    result = run("check", "a.smtp", "--output-format", "full", cwd=tmp_path)
    assert "4 | C: DATA x\n  |    ^^^^" in result.stdout.decode()


def test_folders_are_walked_in_order_and_only_for_our_files(folder):
    (folder / "sub").mkdir()
    (folder / "sub" / "bad.bsmtp").write_bytes(BAD)
    (folder / "a.smtp.log").write_bytes(BAD)
    result = run("check", cwd=folder)
    paths = [line.split(":")[0] for line in result.stdout.decode().splitlines()]
    assert paths == ["a.smtp.log", "bad.smtp", "sub/bad.bsmtp"]


def test_gitignore_is_respected_unless_told_otherwise(folder):
    (folder / ".git").mkdir()
    (folder / ".gitignore").write_text("bad.*\n!keep/bad.smtp\n/build/\n")
    for name in ("keep", "build"):
        (folder / name).mkdir()
        (folder / name / "bad.smtp").write_bytes(BAD)
    result = run("check", cwd=folder)
    assert [line.split(":")[0] for line in result.stdout.decode().splitlines()] == ["keep/bad.smtp"]
    result = run("check", "--no-respect-gitignore", cwd=folder)
    assert len(result.stdout.splitlines()) == 3


def test_json(folder):
    result = run("check", "bad.smtp", "--output-format", "json", cwd=folder)
    (finding,) = json.loads(result.stdout)
    assert list(finding) == [
        "path",
        "rule",
        "name",
        "severity",
        "category",
        "message",
        "range",
        "related",
        "fix",
        "url",
    ]
    assert finding["path"] == "bad.smtp"
    assert (finding["rule"], finding["name"]) == ("SEQ001", "misordered-data")
    assert finding["range"] == {"start": {"line": 4, "column": 4}, "end": {"line": 4, "column": 8}}
    assert finding["fix"] is None


def test_json_of_nothing_is_an_empty_array(folder):
    assert json.loads(run("check", "good.smtp", "--output-format=json", cwd=folder).stdout) == []
    assert run("check", "good.smtp", "--output-format=json-lines", cwd=folder).stdout == b""


def test_json_of_a_fix(tmp_path):
    (tmp_path / "a.bsmtp").write_bytes(SCRIPT)
    result = run("check", "a.bsmtp", "--output-format", "json-lines", cwd=tmp_path)
    (finding,) = [json.loads(line) for line in result.stdout.splitlines()]
    assert finding["fix"]["applicability"] == "safe"
    (edit,) = finding["fix"]["edits"]
    assert edit == {
        "range": {"start": {"line": 6, "column": 1}, "end": {"line": 6, "column": 1}},
        "text": ".",
    }


def test_standard_input(folder):
    result = run("check", "-", stdin=BAD, cwd=folder)
    assert result.stdout.startswith(b"<stdin>:4:4: error SEQ001")
    result = run("check", "-", "--stdin-filename", "x.eml", stdin=b"A: b\n\n.\n", cwd=folder)
    assert b"x.eml:3:1: warning DOT001" in result.stdout


MBOX = (
    b"From a@b.example Thu Nov 24 18:22:48 2022\nFrom: a@b.example\nMessage-ID: <1@b.example>\n"
    b"Date: Thu, 24 Nov 2022 18:22:40 +0000\n\nOne\n\n"
    b"From a@b.example Thu Nov 24 18:23:48 2022\nFrom : a@b.example\nMessage-ID: <2@b.example>\n"
    b"Date: Thu, 24 Nov 2022 18:23:40 +0000\n\nTwo\n"
)


def test_a_mail_folder_is_a_row_of_messages(folder):
    (folder / "bad.smtp").unlink()
    (folder / "sent.mbox").write_bytes(MBOX)
    result = run("check", cwd=folder)
    assert result.returncode == 1
    lines = result.stdout.decode().splitlines()
    assert [line.partition(" no-")[0] for line in lines] == ["sent.mbox:9:5: warning HDR014"]
    streamed = run("check", "-", "--stdin-filename", "sent.mbox", stdin=MBOX, cwd=folder)
    assert streamed.stdout == result.stdout

    assert run("check", "--fix", "sent.mbox", cwd=folder).returncode == 0
    assert (folder / "sent.mbox").read_bytes() == MBOX.replace(b"From :", b"From:")


def test_a_mail_folder_has_no_comments(folder):
    (folder / "sent.mbox").write_bytes(MBOX)
    result = run("check", "--add-ignore", "sent.mbox", cwd=folder)
    assert b"sent.mbox" in result.stderr
    assert (folder / "sent.mbox").read_bytes() == MBOX


def test_output_file(folder):
    result = run("check", "bad.smtp", "--output-file", "out.txt", cwd=folder)
    assert (result.returncode, result.stdout) == (1, b"")
    assert b"SEQ001" in (folder / "out.txt").read_bytes()


def test_statistics(folder):
    assert b"1 SEQ001 misordered-data" in run("check", "--statistics", cwd=folder).stdout


def test_color(folder):
    assert b"\033[" in run("check", "--color", "always", cwd=folder).stdout
    assert b"\033[" not in run("check", cwd=folder).stdout


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_locale(folder, locale):
    by_option = run("check", "bad.smtp", "--locale", locale, cwd=folder).stdout
    by_environment = run(
        "check", "bad.smtp", cwd=folder, env={"LC_ALL": f"{locale}_XX.UTF-8"}
    ).stdout
    assert by_option == by_environment
    assert (b"without a" in by_option) == (locale == "en")


# -- which rules, and what counts --------------------------------------------


def test_select_and_ignore(folder):
    (folder / "refused.smtp").write_bytes(
        GOOD.replace(b"C: QUIT", b"C: VRFY x\nS: 550 no\nC: QUIT")
    )
    assert b"RPL001" in run("check", "refused.smtp", cwd=folder).stdout
    for arguments in (
        ("--ignore", "RPL001"),
        ("--ignore", "refused-by-server"),
        ("--select", "SEQ,DOT"),
        ("--select", "correctness"),
        ("--isolated", "--ignore", "RPL"),
    ):
        assert run("check", "refused.smtp", *arguments, cwd=folder).stdout == b"", arguments
    assert run("check", "bad.smtp", "--select", "data-needs-rcpt", cwd=folder).returncode == 1


def test_fail_on(folder):
    (folder / "refused.smtp").write_bytes(
        GOOD.replace(b"C: QUIT", b"C: VRFY x\nS: 550 no\nC: QUIT")
    )
    assert run("check", "refused.smtp", cwd=folder).returncode == 0
    assert run("check", "refused.smtp", "--fail-on", "info", cwd=folder).returncode == 1
    assert run("check", "bad.smtp", "--exit-zero", cwd=folder).returncode == 0


def test_a_hint_is_off_until_it_is_asked_for(tmp_path):
    text = GOOD.replace(b"C: QUIT", b"C: RSET\nS: 250 ok\nC: EHLO a\nS: 250 mx\nC: QUIT")
    (tmp_path / "a.smtp").write_bytes(text)
    assert run("check", cwd=tmp_path).stdout == b""
    result = run("check", "--extend-select", "SEQ007", cwd=tmp_path)
    assert (b"SEQ007" in result.stdout, result.returncode) == (True, 0)


# -- configuration -----------------------------------------------------------


def test_the_nearest_configuration_upward_counts(folder):
    (folder / "smtp-lsp.toml").write_text('ignore = ["SEQ001"]\n')
    (folder / "sub").mkdir()
    (folder / "sub" / "bad.smtp").write_bytes(BAD)
    assert run("check", cwd=folder).stdout == b""
    (folder / "sub" / ".smtp-lsp.toml").write_text("")
    assert run("check", cwd=folder).stdout.startswith(b"sub/bad.smtp")
    assert len(run("check", "--isolated", cwd=folder).stdout.splitlines()) == 2
    result = run("check", "--config", "smtp-lsp.toml", cwd=folder)
    assert result.stdout == b""


def test_pyproject_and_every_key(folder):
    (folder / "pyproject.toml").write_text(
        '[tool.smtp-lsp]\nexclude = ["old/"]\nlocale = "fr"\n'
        '[tool.smtp-lsp.severity]\nSEQ001 = "info"\n'
        '[tool.smtp-lsp.per-file-ignores]\n"x-*.smtp" = ["SEQ"]\n'
    )
    (folder / "old").mkdir()
    (folder / "old" / "bad.smtp").write_bytes(BAD)
    (folder / "x-1.smtp").write_bytes(BAD)
    result = run("check", cwd=folder)
    assert result.returncode == 0
    (line,) = result.stdout.decode().splitlines()
    assert line.startswith("bad.smtp:4:4: info SEQ001")
    assert "sans" in line


@pytest.mark.parametrize(
    "text",
    [
        '[tool.smtp-lsp]\nignore = ["SEQ001"]\n',
        '[tool]\nsmtp-lsp = {ignore = ["SEQ001"]}\n',
        'tool.smtp-lsp.ignore = ["SEQ001"]\n',
        '[tool . "smtp-lsp"]\nignore = ["SEQ001"]\n',
    ],
)
def test_every_way_to_write_the_table(folder, text):
    (folder / "pyproject.toml").write_text(text)
    assert run("check", cwd=folder).stdout == b""


def test_a_project_that_only_depends_on_us_is_no_configuration(folder):
    (folder / "smtp-lsp.toml").write_text('ignore = ["SEQ001"]\n')
    (folder / "sub").mkdir()
    (folder / "sub" / "bad.smtp").write_bytes(BAD)
    (folder / "sub" / "pyproject.toml").write_text('[project]\ndependencies = ["smtp-lsp"]\n')
    assert run("check", "sub", cwd=folder).stdout == b""


def test_excluded_paths_are_linted_when_named_unless_forced(folder):
    (folder / "smtp-lsp.toml").write_text('exclude = ["bad.smtp"]\n')
    assert run("check", "bad.smtp", cwd=folder).returncode == 1
    result = run("check", "bad.smtp", "--force-exclude", cwd=folder)
    assert (result.returncode, result.stdout) == (0, b"")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ignor = []", "did you mean 'ignore'"),
        ("ignore = 3", "'ignore' must be a list of strings"),
        ("ignore = [", "no valid TOML"),
        ('select = ["SEQ999"]', "no rule answers to 'SEQ999'"),
        ('dialect = "telepathy"', "must be one of"),
        ('[severity]\nSEQ001 = "loud"', "'loud' is none of"),
        ("profile = 'smtp'", "not part of this version"),
        ("severity = 3", "'severity' must be a table"),
    ],
)
def test_a_broken_configuration_is_one_line(folder, text, says):
    (folder / "smtp-lsp.toml").write_text(text)
    line = one_line(run("check", cwd=folder))
    assert says in line
    assert "smtp-lsp.toml" in line


# -- baseline ----------------------------------------------------------------


def test_baseline(folder):
    result = run("check", "--write-baseline", "known.json", cwd=folder)
    assert (result.returncode, result.stdout) == (0, b"")
    known = json.loads((folder / "known.json").read_text())
    assert known == {"version": 1, "files": {"bad.smtp": {"SEQ001": 1}}}
    assert run("check", "--baseline", "known.json", cwd=folder).returncode == 0
    (folder / "smtp-lsp.toml").write_text('baseline = "known.json"\n')
    assert run("check", cwd=folder).stdout == b""
    again = b"C: MAIL FROM:<a@b>\nS: 250 ok\nC: DATA\nS: 503 no\n"
    (folder / "bad.smtp").write_bytes(BAD + again)
    assert len(run("check", cwd=folder).stdout.splitlines()) == 2


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2, "files": {}}', '{"version": 1}'])
def test_a_broken_baseline_is_one_line(folder, text):
    (folder / "known.json").write_text(text)
    assert "known.json" in one_line(run("check", "--baseline", "known.json", cwd=folder))
    assert "no-such.json" in one_line(run("check", "--baseline", "no-such.json", cwd=folder))


# -- fixes -------------------------------------------------------------------


def test_fix_and_diff(tmp_path):
    path = tmp_path / "a.bsmtp"
    path.write_bytes(SCRIPT)
    path.chmod(0o640)
    result = run("check", "--diff", cwd=tmp_path)
    assert result.returncode == 1
    assert b"-.\n+..\n" in result.stdout
    assert path.read_bytes() == SCRIPT
    result = run("check", "--fix", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, b"")
    assert path.read_bytes() == SCRIPT.replace(b"Hi\n.\n", b"Hi\n..\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert run("check", "--diff", cwd=tmp_path).stdout == b""


def test_fix_of_standard_input_goes_to_standard_output():
    result = run("check", "--fix", "--stdin-filename", "a.bsmtp", "-", stdin=SCRIPT)
    assert result.stdout == SCRIPT.replace(b"Hi\n.\n", b"Hi\n..\n")


def test_a_symbolic_link_stays_one(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.bsmtp").write_bytes(SCRIPT)
    (tmp_path / "link.bsmtp").symlink_to("real/a.bsmtp")
    assert run("check", "--fix", "link.bsmtp", cwd=tmp_path).returncode == 0
    assert (tmp_path / "link.bsmtp").is_symlink()
    assert b"\n..\n" in (tmp_path / "real" / "a.bsmtp").read_bytes()


def test_a_read_only_file_is_left_as_it_is(tmp_path):
    path = tmp_path / "a.bsmtp"
    path.write_bytes(SCRIPT)
    path.chmod(0o444)
    result = run("check", "--fix", cwd=tmp_path)
    assert result.returncode == 2
    assert path.read_bytes() == SCRIPT
    assert os.listdir(tmp_path) == ["a.bsmtp"]


def test_a_recording_is_evidence_and_never_changed(tmp_path):
    text = (
        b" -> EHLO a\n<-  250 mx\n -> MAIL FROM:<a@b>\n<-  250 ok\n -> RCPT TO:<c@d>\n<-  250 ok\n"
    )
    text += b" -> DATA\n<-  354 go\n -> .x\n -> .\n<-  250 ok\n"
    (tmp_path / "a.smtp").write_bytes(text)
    result = run("check", "--fix", "--unsafe-fixes", cwd=tmp_path)
    assert b"DOT003" in result.stdout
    assert (tmp_path / "a.smtp").read_bytes() == text


# -- bad input ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "rules"),
    [
        (b"", ["TRN001"]),
        (b"\n\n \r\n", ["TRN001"]),
        (b"x", ["TRN001"]),
        (b"\0", ["TRN001"]),
        (b"\r\r\r", ["TRN001"]),
        (b"S: 220 mx\rC: EHLO a\rS: 250 mx\rC: DATA\rS: 503 no\r", ["SEQ001"]),
        (b"S: 220 " + b"x" * 1_000_000 + b"\nC: DATA\nS: 503 no\n", ["RPL008", "SEQ001"]),
        (b"S: 220 \xff\xfe\nC: EHLO \xe9\nS: 250 mx\nC: DATA\nS: 503 \xff\n", ["CMD016", "SEQ001"]),
        ("S: 220 mx\n".encode("utf-16"), ["TRN001"]),
        (bytes(range(256)) * 40, ["TRN001"]),
        (b"\x1f\x8b\x08" + bytes(200), ["TRN001"]),
    ],
    ids=lambda value: repr(value[:12]) if isinstance(value, bytes) else "",
)
def test_bad_bytes_are_one_finding(tmp_path, data, rules):
    (tmp_path / "a.smtp").write_bytes(data)
    result = run("check", "a.smtp", "--output-format", "full", cwd=tmp_path)
    assert result.stderr == b""
    assert result.returncode == 1
    assert max(map(len, result.stdout.decode().splitlines())) < 400
    found = json.loads(run("check", "a.smtp", "--output-format", "json", cwd=tmp_path).stdout)
    assert [finding["rule"] for finding in found] == rules


def test_a_missing_path_is_one_line_and_the_others_are_linted(folder):
    result = run("check", "no-such.smtp", "bad.smtp", cwd=folder)
    assert result.returncode == 2
    assert result.stderr.decode() == "smtp-lsp: no-such.smtp: no such file or directory\n"
    assert b"SEQ001" in result.stdout


def test_an_empty_folder_is_a_warning(tmp_path):
    result = run("check", tmp_path)
    assert result.returncode == 0
    assert b"no transcripts or messages" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_no_permission(folder, monkeypatch, capsys):
    """Root may read everything, so the system's refusal is put in its mouth."""
    from smtp_lsp.__main__ import main
    from smtp_lsp.cli import files

    def refused(path, *_):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(files.os, "open", refused)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("LC_ALL", "C")
    assert main(["check", "bad.smtp"]) == 2
    assert capsys.readouterr().err == "smtp-lsp: bad.smtp: permission denied\n"


def test_a_pipe_is_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.smtp")
    assert "no regular file" in one_line(run("check", "a.smtp", cwd=tmp_path))
    assert "no regular file" in one_line(run("check", "/dev/null"))


def test_links_that_loop_or_dangle(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.smtp").symlink_to("nowhere")
    assert "no such file" in one_line(run("check", cwd=tmp_path))


def test_a_name_that_is_no_text(tmp_path):
    name = os.fsencode(tmp_path) + b"/\xff\x1b[31m.smtp"
    with open(name, "wb") as file:
        file.write(BAD)
    result = run("check", cwd=tmp_path)
    assert result.returncode == 1
    assert b"\x1b" not in result.stdout
    found = json.loads(run("check", "--output-format", "json", cwd=tmp_path).stdout)
    assert found[0]["path"].endswith(".smtp")


def test_a_table_that_is_none(folder):
    (folder / "pyproject.toml").write_text("[tool]\nsmtp-lsp = 3\n")
    assert "must be a table" in one_line(run("check", cwd=folder))


@pytest.mark.parametrize("closed", [">&-", "<&-"])
def test_closed_streams(folder, closed):
    command = f"{sys.executable} -m smtp_lsp check bad.smtp - {closed}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, cwd=folder, timeout=60)
    assert b"Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) <= 1
    assert result.returncode == (2 if closed == ">&-" else 1)


def test_a_dialect_that_is_wrong_is_not_silence(folder):
    result = run("check", "good.smtp", "--dialect", "client", cwd=folder)
    assert b"TRN001" in result.stdout


def test_findings_are_sorted_by_path(folder):
    (folder / "a.smtp").write_bytes(BAD)
    result = run("check", "bad.smtp", "a.smtp", "bad.smtp", "--output-format", "json", cwd=folder)
    assert [finding["path"] for finding in json.loads(result.stdout)] == ["a.smtp", "bad.smtp"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--select", "SEQ999"),
        ("check", "--select", ","),
        ("check", "--ignore", ""),
        ("check", "--dialect", "telepathy"),
        ("check", "--fail-on", "sometimes"),
        ("check", "--output-format", "xml"),
        ("check", "--jobs", "2"),
        ("check", "--watch"),
        ("check", "--no-such-option"),
        ("check", "--config", "no-such.toml"),
        ("check", "--config", "x.toml", "--isolated"),
        ("check", "--output-file", "/no/such/folder/x", "."),
        ("chekc", "."),
        ("compare", "250"),
        ("compare", "250", "lone-dot"),
        ("config",),
        ("explain", "354000"),
        ("serve", "--tcp", "nowhere"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_asked_is_one_line(tmp_path, arguments):
    line = one_line(run(*arguments, cwd=tmp_path))
    assert line.startswith("smtp-lsp: ")


def test_a_closed_pipe_ends_it_quietly(tmp_path):
    for number in range(300):
        (tmp_path / f"{number}.smtp").write_bytes(BAD)
    command = f"{sys.executable} -m smtp_lsp check {tmp_path} --output-format full | head -1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60)
    assert result.stderr == b""
    assert len(result.stdout.splitlines()) == 1


def test_a_full_disk_is_one_line(folder):
    if not Path("/dev/full").exists():
        pytest.fail("this test needs /dev/full")
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "smtp_lsp", "check", str(folder)],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1


def test_ctrl_c_ends_it_quietly(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "smtp_lsp", "check", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=20)
    assert (out, error) == (b"", b"")
    assert process.returncode == 130


# -- explain and rules -------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_explain(form):
    result = run(
        "explain", "354", "RCPT", "lone-dot", "SEQ001", "data-needs-rcpt", "--format", form
    )
    assert result.returncode == 0
    text = result.stdout.decode()
    if form == "json":
        kinds = [page["kind"] for page in json.loads(text)]
        assert kinds == ["reply", "command", "rule", "rule", "rule"]
    else:
        assert "354 Start mail input" in text
        assert "misordered-data (SEQ001)" in text


def test_explain_what_nobody_knows():
    line = one_line(run("explain", "lone-dott"))
    assert "did you mean lone-dot?" in line


def test_rules_list():
    rules = json.loads(run("rules", "--format", "json").stdout)
    assert {"DOT001", "SEQ001"} <= {rule["code"] for rule in rules}
    assert len(run("rules").stdout.splitlines()) == len(rules)


def test_version_and_usage():
    assert run("--version").stdout.startswith(b"smtp-lsp ")
    assert run("--help").returncode == 0
    assert run().returncode == 2
    for command in ("check", "explain", "rules", "serve"):
        assert run(command, "--help").returncode == 0


# -- as CI runs it -----------------------------------------------------------


def test_a_baseline_of_a_folder_counts_from_above_too(folder):
    below = folder / "sub"
    below.mkdir()
    (folder / "bad.smtp").rename(below / "bad.smtp")
    assert run("check", "--write-baseline", "known.json", cwd=below).returncode == 0
    (below / "smtp-lsp.toml").write_text('baseline = "known.json"\n')
    assert run("check", cwd=below).returncode == 0
    assert run("check", "sub", cwd=folder).returncode == 0


@pytest.mark.parametrize("kind", ["json", "sarif", "gitlab", "rdjson"])
def test_statistics_leave_a_document_whole(folder, kind):
    result = run("check", "--statistics", "--output-format", kind, "bad.smtp", cwd=folder)
    json.loads(result.stdout)
    assert b"1 SEQ001 misordered-data" in result.stderr


@pytest.mark.parametrize("given", ["./bad.smtp", "././bad.smtp", ".//bad.smtp"])
def test_paths_are_reported_without_a_dot_in_front(folder, given):
    result = run("check", given, "--output-format", "json", cwd=folder)
    assert {found["path"] for found in json.loads(result.stdout)} == {"bad.smtp"}


def test_a_hidden_file_keeps_its_dot(folder):
    (folder / "bad.smtp").rename(folder / ".bad.smtp")
    result = run("check", "./.bad.smtp", "--output-format", "json", cwd=folder)
    assert {found["path"] for found in json.loads(result.stdout)} == {".bad.smtp"}
