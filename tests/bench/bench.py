#!/usr/bin/env python3
"""What smtp-lsp costs, as ratios against a peer measured in the same run.

    python tests/bench/bench.py            all tables; about two minutes
    python tests/bench/bench.py --small    a corpus of a tenth of the size

Whole processes take turns (peer, ours, peer, ours, ...); each of our times is divided by
the peer's of the same round, and the median of those ratios is what counts: a machine that
slows down half-way moves both. Standard library only.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent

# The plain loop that does nothing but match the dialect's one pattern at every line.
LOOP = """
import re, sys
from smtp_lsp.dialects.rfc import SIGNATURE
match = re.compile(SIGNATURE).match
with open(sys.argv[1], "rb") as file:
    data = file.read()
for line in data.splitlines(True):
    match(line)
"""

# Python's own reader of messages: with every value read, and as it comes.
EVERY_VALUE = """
import email, email.policy, os, sys
for name in sorted(os.listdir(sys.argv[1])):
    with open(os.path.join(sys.argv[1], name), "rb") as file:
        message = email.message_from_bytes(file.read(), policy=email.policy.default)
    for part in message.walk():
        part.items()
"""
COMPAT32 = """
import email, sys
with open(sys.argv[1], "rb") as file:
    email.message_from_bytes(file.read())
"""


def once(command: list[str]) -> tuple[float, float]:
    """Run a command; return its wall seconds and peak memory in MiB."""
    start = time.perf_counter()
    # As installed: with compiled modules, which the first round writes if they are missing.
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env
    )
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def compare(peer: list[str], commands: dict[str, list[str]], rounds: int) -> None:
    """Print the median of each command's ratio to the peer, with the medians themselves."""
    times: dict[str, list[float]] = {name: [] for name in ("peer", *commands)}
    memory: dict[str, float] = {}
    for number in range(rounds + 1):
        for name, command in (("peer", peer), *commands.items()):
            wall, peak = once(command)
            if number:
                times[name].append(wall)
                memory[name] = max(memory.get(name, 0), peak)
    for name, walls in times.items():
        ratios = [wall / base for wall, base in zip(walls, times["peer"], strict=True)]
        print(
            f"| {name} | {statistics.median(walls) * 1e3:.0f} ms "
            f"| {statistics.median(ratios):.2f} | {min(ratios):.2f}-{max(ratios):.2f} "
            f"| {memory[name]:.0f} MiB |"
        )


def share_of_detection(path: str) -> float:
    """Return how much of the time of a lint it takes to tell the dialect, in this process."""
    from smtp_lsp.dialects import detect
    from smtp_lsp.lint.run import lint
    from smtp_lsp.text.source import Source

    source = Source(Path(path).read_bytes(), path)
    shares = []
    for _ in range(3):
        start = time.perf_counter()
        detect.read(source)
        told = time.perf_counter()
        lint(source)
        shares.append((told - start) / (time.perf_counter() - told))
    return statistics.median(shares)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--small", action="store_true")
    options.add_argument("--rounds", type=int, default=7)
    asked = options.parse_args()
    python = sys.executable
    # The command as it is installed: ``python -m`` costs two milliseconds more.
    script = Path(python).with_name("smtp-lsp")
    ours = [str(script)] if script.exists() else [python, "-m", "smtp_lsp"]
    small = str(HERE.parent / "cases" / "samples" / "swaks" / "plain.smtp")
    broken = str(HERE.parent / "cases" / "blind" / "dot001-rfc-style.smtp")
    print("| command | wall (median) | ratio | min-max | peak |\n|---|---|---|---|---|")
    compare(
        [python, "-c", "pass"],
        {
            "--version": [*ours, "--version"],
            "check, one small file": [*ours, "check", small],
            "check, one broken file": [*ours, "check", broken],
        },
        asked.rounds * 3,
    )
    with tempfile.TemporaryDirectory() as folder:
        scale = "0.1" if asked.small else "1"
        made = [folder, "--only", "a", "b", "d", "--scale", scale]
        generator = [python, str(HERE / "gen_corpus.py"), *made]
        subprocess.run(generator, check=True, stdout=subprocess.DEVNULL)
        corpus = os.path.join(folder, "big.smtp")
        size = os.path.getsize(corpus) / 1e6
        print(f"\n| {size:.0f} MB transcript | wall (median) | ratio | min-max | peak |")
        print("|---|---|---|---|---|")
        compare([python, "-c", LOOP, corpus], {"check": [*ours, "check", corpus]}, asked.rounds)
        small = os.path.join(folder, "eml_small")
        count = len(os.listdir(small))
        print(f"\n| {count} messages | wall (median) | ratio to `email` | min-max | peak |")
        print("|---|---|---|---|---|")
        compare(
            [python, "-c", EVERY_VALUE, small], {"check": [*ours, "check", small]}, asked.rounds
        )
        large = os.path.join(folder, "big.eml")
        size = os.path.getsize(large) / 1e6
        print(f"\n| {size:.0f} MB message | wall (median) | ratio to `email` | min-max | peak |")
        print("|---|---|---|---|---|")
        compare([python, "-c", COMPAT32, large], {"check": [*ours, "check", large]}, asked.rounds)
        size = os.path.getsize(corpus) / 1e6
        print("\n| telling the dialect | its share of the lint time |\n|---|---|")
        print(f"| {size:.0f} MB transcript | {share_of_detection(corpus):.1%} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
