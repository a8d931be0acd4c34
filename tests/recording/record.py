"""Record what real mail tools print while they talk to real servers on this machine.

record.py [--into DIR] [--plan FILE] [--log SERVER=FILE]... [--hide NAME=NEUTRAL]...
          [--only WORD] SERVER=PORT...

Each recording of the plan whose server has a port here, and whose log is here if it needs one,
is made and written to DIR, with an empty ``.expect`` if there is none, and its row of MANIFEST.tsv.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
HEADINGS = ("file", "tool", "server", "what was done", "what was replaced")
QUIET = 0.5  # seconds of silence after which the next line is typed
PATIENCE = 20.0  # seconds after which a tool is stopped


def pairs(words: list[str]) -> dict[str, str]:
    """Return ``NAME=VALUE`` words as a mapping."""
    return dict(word.split("=", 1) for word in words)


def watched(command: str) -> bytes:
    """Return all that ``command`` prints, standard output and standard error as they come."""
    tool = subprocess.Popen(
        ["sh", "-c", command],
        cwd=HERE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        return tool.communicate(timeout=PATIENCE)[0]
    except subprocess.TimeoutExpired:
        os.killpg(tool.pid, signal.SIGKILL)
        print(f"stopped after {PATIENCE:.0f} s: {command}")
        return tool.communicate()[0]


def typed(command: str, lines: list[str]) -> bytes:
    """Return the screen of ``command`` under a terminal on which ``lines`` are typed.

    A line is typed when nothing has been printed for a while; with ``\\n`` in it, several at once.
    """
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(HERE)
        os.execvp("/bin/sh", ["sh", "-c", "exec " + command])
    seen, left, end = b"", list(lines), time.monotonic() + PATIENCE
    while time.monotonic() < end:
        ready, _, _ = select.select([terminal], [], [], QUIET)
        if ready:
            try:
                got = os.read(terminal, 65536)
            except OSError:
                break
            if not got:
                break
            seen += got
        elif left:
            os.write(terminal, left.pop(0).encode() + b"\n")
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(terminal)
    return seen


def logged(command: str, log: Path, keep: str) -> bytes:
    """Return what ``log`` gains while ``command`` runs: the lines in which ``keep`` is found."""
    before = log.stat().st_size
    watched(command)
    size = -1
    while size != log.stat().st_size:
        size = log.stat().st_size
        time.sleep(1.0)
    with log.open("rb") as file:
        file.seek(before)
        lines = file.read().splitlines(keepends=True)
    pattern = re.compile(keep.encode())
    return b"".join(line for line in lines if pattern.search(line))


def neutral(data: bytes, hide: dict[str, str]) -> tuple[bytes, list[str]]:
    """Replace every name of this machine in ``data``; return what was replaced too."""
    done = []
    for name, instead in hide.items():
        pattern = rb"(?<![\w.-])" + re.escape(name.encode()) + rb"(?![\w-])"
        data, count = re.subn(pattern, instead.encode(), data)
        if count:
            done.append(instead)
    return data, done


def version(command: str) -> str:
    """Return the first line that ``command`` prints."""
    return watched(command).decode("utf-8", "replace").strip().splitlines()[0].strip()


def tool_of(plan: dict[str, dict[str, str]], name: str) -> str:
    """Return a tool, or the server whose log is kept, with its version."""
    return version(plan["tools"][name]) if name in plan["tools"] else plan["servers"][name]


def manifest(path: Path) -> dict[str, list[str]]:
    """Return the rows of a manifest by file."""
    if not path.exists():
        return {}
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:]]
    return {row[0]: row for row in rows}


def main() -> int:
    """Make the recordings."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("servers", nargs="+", metavar="SERVER=PORT")
    parser.add_argument("--into", type=Path, default=HERE.parent / "cases" / "recordings")
    parser.add_argument("--plan", type=Path, default=HERE / "plan.toml")
    parser.add_argument("--log", action="append", default=[], metavar="SERVER=FILE")
    parser.add_argument("--hide", action="append", default=[], metavar="NAME=NEUTRAL")
    parser.add_argument("--only", default="", metavar="WORD")
    options = parser.parse_args()

    plan = tomllib.loads(options.plan.read_text("utf-8"))
    ports, logs = pairs(options.servers), pairs(options.log)
    hide = {str(HERE.resolve()): "/home/alice", str(Path.home()): "/home/alice"}
    hide[socket.gethostname()] = "client.example.org"
    hide.update(pairs(options.hide))
    hide = {name: instead for name, instead in hide.items() if name != instead}
    options.into.mkdir(parents=True, exist_ok=True)
    rows = manifest(options.into / "MANIFEST.tsv")

    for each in plan["recording"]:
        name, server = each["name"], each["server"]
        if options.only not in name or server not in ports:
            continue
        command = each["run"].format(port=ports[server], **ports)
        if "log" in each and server not in logs:
            continue
        if "log" in each:
            data = logged(command, Path(logs[server]), each["log"])
        elif "type" in each:
            data = typed(command, each["type"])
        else:
            data = watched(command)
        if not data.strip():
            print(f"   none {name}")
            continue
        data, replaced = neutral(data, hide)
        (options.into / f"{name}.smtp").write_bytes(data)
        (options.into / f"{name}.expect").touch()
        tool = tool_of(plan, each["tool"])
        rows[f"{name}.smtp"] = [
            f"{name}.smtp",
            tool,
            plan["servers"][server],
            each["what"],
            ", ".join(sorted(set(replaced))) or "nothing",
        ]
        print(f"{len(data):7d} {name}")

    table = ["\t".join(HEADINGS), *("\t".join(rows[key]) for key in sorted(rows))]
    (options.into / "MANIFEST.tsv").write_text("\n".join(table) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
