"""Runs ``check --fix`` over a folder and kills it with SIGKILL at one step after another.

    python killed.py FOLDER

Every call by which the writer of files asks the system for something is a step: the run is killed
right before it, in the midst of it (where octets are written: behind half of them), and right
behind it. It prints a line of JSON for each run: the step, what each file then holds ("old",
"new", or "part"), what lies beside them, and whether a run that nobody kills mends the rest.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from smtp_lsp import check
from smtp_lsp.__main__ import main
from smtp_lsp.lint import fix

CALLS = ("stat", "scandir", "open", "write", "chown", "listxattr", "setxattr", "chmod", "fsync",
         "close", "replace", "unlink")  # fmt: skip
WHERE = ("before", "within", "behind")
ARGUMENTS = ["check", "--isolated", "--fix", "--unsafe-fixes", "--output-format", "json"]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


def rigged(step: int, where: str) -> None:
    """Have this process killed at the *step*-th call of the system that the writer makes."""
    count = 0
    writing = False
    write = fix.write

    def writer(path: str, data: bytes) -> None:
        nonlocal writing
        writing = True
        try:
            write(path, data)
        finally:
            writing = False

    def rig(name: str, call: Callable[..., object]) -> Callable[..., object]:
        def called(*arguments: object, **named: object) -> object:
            nonlocal count
            if not writing:
                return call(*arguments, **named)
            count += 1
            if count == step and where == "before":
                die()
            if count == step and where == "within" and name == "write":
                descriptor, octets = arguments
                call(descriptor, bytes(octets)[: len(octets) // 2])  # type: ignore[call-overload, arg-type]
                die()
            said = call(*arguments, **named)
            if count == step and where == "behind":
                die()
            return said

        return called

    fix.write = writer
    for name in CALLS:
        if hasattr(os, name):
            setattr(os, name, rig(name, getattr(os, name)))


def run(folder: Path, step: int, where: str) -> bool:
    """Run in a process of its own; say whether it was killed."""
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        if step:
            rigged(step, where)
        os.chdir(folder)
        status = main([*ARGUMENTS, "."])
        os._exit(status if status in (0, 1) else 3)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if os.WEXITSTATUS(status) == 3:
        raise SystemExit("the run failed")
    return False


def states(old: dict[Path, bytes], new: dict[Path, bytes]) -> dict[str, str]:
    found = {}
    for path, octets in old.items():
        there = path.read_bytes()
        found[path.name] = "old" if there == octets else "new" if there == new[path] else "part"
    return found


def restore(folder: Path, old: dict[Path, bytes]) -> None:
    for path in folder.iterdir():
        if path not in old:
            path.unlink()
    for path, octets in old.items():
        path.write_bytes(octets)


def kill_at_every_step(folder: Path) -> None:
    old = {path: path.read_bytes() for path in sorted(folder.iterdir())}
    for path, octets in old.items():
        check(octets, filename=path.name)  # what is loaded here is there in every run
    run(folder, 0, "")
    new = {path: path.read_bytes() for path in old}
    step = 0
    while True:
        step += 1
        for where in WHERE:
            restore(folder, old)
            if not run(folder, step, where):
                if where == "within":
                    continue  # that step writes nothing
                return
            after = states(old, new)
            beside = [path.name for path in folder.iterdir() if path not in old]
            modes = {path.name: oct(path.stat().st_mode) for path in old}
            run(folder, 0, "")
            told = {"step": step, "where": where, "files": after, "beside": beside, "modes": modes}
            print(json.dumps({**told, "next": states(old, new)}))


if __name__ == "__main__":
    kill_at_every_step(Path(sys.argv[1]))
