"""A file holds what it held or what the fixes make of it, whenever ``--fix`` is killed."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import CASES

from smtp_lsp.lint import fix

HERE = Path(__file__).parent
NAMES = (
    *("message-names.eml", "message-in-dialogue.smtp", "message-unclosed-both.eml"),
    *("message-base64-998.eml", "message-latin-1.eml", "message-date.eml"),
    *("message-in-stream.smtp", "message-fold-crlf.eml", "message-twice.eml"),
    *("message-mixed-ends.eml", "message-qp-998.eml"),
)
MODE = 0o640
RUNS = 200


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed")
    for name in NAMES:
        (folder / name).write_bytes((CASES / "fixes" / name).read_bytes())
        (folder / name).chmod(MODE)
    done = subprocess.run(
        [sys.executable, str(HERE / "killed.py"), str(folder)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1])},
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_step_is_tried(runs):
    assert len(runs) >= RUNS
    assert {run["where"] for run in runs} == {"before", "within", "behind"}
    seen = {state for run in runs for state in run["files"].values()}
    assert seen == {"old", "new"}  # and so both were met


def test_no_file_is_ever_half_written(runs):
    assert not [run for run in runs if "part" in run["files"].values()]


def test_the_mode_is_kept(runs):
    assert {mode[-3:] for run in runs for mode in run["modes"].values()} == {f"{MODE:o}"}


def test_what_is_left_lies_in_nobodys_way(runs):
    left = [name for run in runs for name in run["beside"]]
    assert left
    assert all(name.endswith(".smtp-lsp") for name in left)
    assert all(set(run["next"].values()) == {"new"} for run in runs)


def leave(folder, process, age):
    path = folder / f"a.eml.{process}-0123abcd.smtp-lsp"
    path.write_bytes(b"half")
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_what_is_left_is_removed_by_a_later_run(tmp_path, monkeypatch):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    old, fresh = leave(tmp_path, gone.pid, 3600), leave(tmp_path, f"{gone.pid}0", 0)
    running = leave(tmp_path, os.getpid(), 3600)
    other = tmp_path / "notes.smtp-lsp"
    other.write_bytes(b"mine")
    path = tmp_path / "b.eml"
    path.write_bytes(b"old")
    monkeypatch.setattr(fix, "_cleared", set())
    fix.write(str(path), b"new")
    assert path.read_bytes() == b"new"
    assert not old.exists()
    assert fresh.exists()
    assert running.exists()
    assert other.read_bytes() == b"mine"


def test_a_link_stays_one_and_its_target_keeps_its_mode(tmp_path):
    target, link = tmp_path / "target.eml", tmp_path / "link.eml"
    target.write_bytes(b"old")
    target.chmod(0o754)
    link.symlink_to(target.name)
    fix.write(str(link), b"new")
    assert link.is_symlink()
    assert os.readlink(link) == target.name
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o754


def test_extended_attributes_are_kept(tmp_path, monkeypatch):
    path = tmp_path / "a.eml"
    path.write_bytes(b"old")
    there = {"user.origin": b"mailbox", "system.posix_acl_access": b"\x02\0\0\0"}
    kept = {}
    monkeypatch.setattr(fix.os, "listxattr", lambda name: list(there) if name == str(path) else [])
    monkeypatch.setattr(fix.os, "getxattr", lambda _, name: there[name])
    monkeypatch.setattr(fix.os, "setxattr", lambda _, name, value: kept.update({name: value}))
    fix.write(str(path), b"new")
    assert kept == there


def test_attributes_that_cannot_be_had_are_no_reason_to_fail(tmp_path, monkeypatch):
    path = tmp_path / "a.eml"
    path.write_bytes(b"old")

    def refuse(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fix.os, "listxattr", lambda _: ["user.one"])
    monkeypatch.setattr(fix.os, "getxattr", refuse)
    fix.write(str(path), b"new")
    assert path.read_bytes() == b"new"


def test_a_name_as_long_as_names_may_be(tmp_path):
    path = tmp_path / ("n" * 251 + ".eml")
    path.write_bytes(b"old")
    fix.write(str(path), b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"new"
