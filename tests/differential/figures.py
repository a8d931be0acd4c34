"""Writes what a run found into README.md: agreement, the grid of ends, each server's ways."""

from __future__ import annotations

import re
from pathlib import Path

from fleet import SERVERS
from known import Known
from recipes import BEFORE, BEHIND, ENDS

README = Path(__file__).with_name("README.md")
NAMES = {
    "crlf": "CRLF",
    "lf": "LF",
    "cr": "CR",
    "crcrlf": "CR CRLF",
    "crlfnul": "CRLF NUL",
    "lfnul": "LF NUL",
    "": "",
    "nul": "NUL",
}
HEADINGS = (
    ("took", "Takes what a rule speaks of"),
    ("early", "Ends the message where RFC 5321 does not"),
    ("refused", "Refuses what no rule speaks of"),
    ("called", "Has another code for it"),
    ("told", "Refuses later what it took"),
)
UNTRIED = "-"


def grid(outcomes: dict[tuple[str, str], str], servers: list[str]) -> str:
    """Return the grid of ends as a table in Markdown; rows that are alike are one."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for before in BEFORE:
        for nul in BEHIND:
            for end in ENDS:
                cells = tuple(
                    outcomes.get((server, f"grid-{before}-dot{nul}-{end}"), UNTRIED)
                    for server in servers
                )
                words = [NAMES[before], "`.`", NAMES[nul], NAMES[end]]
                rows.setdefault(cells, []).append(" ".join(word for word in words if word))
    head = "| what stood in the content | " + " | ".join(SERVERS[name] for name in servers) + " |"
    lines = [head, "|---" * (len(servers) + 1) + "|"]
    for cells, names in rows.items():
        lines.append("| " + "; ".join(names) + " | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def ways(known: Known) -> str:
    """Return the differences in sentences: which servers show each, and the session of one.

    Where a message ends too early is in the grid, and needs no session.
    """
    lines: list[str] = []
    for how, heading in HEADINGS:
        lines += [f"### {heading}", ""]
        for sentence, shows in _grouped(known, how).items():
            if not sentence:
                raise SystemExit("known.toml: a class of difference has no sentence yet: write it")
            names = ", ".join(SERVERS[server].rpartition(" ")[0] for server in shows)
            lines += [f"* {sentence[0].upper()}{sentence[1:]}: **{names}**", ""]
            if how != "early":
                lines += ["      " + _indented(next(iter(shows.values()))), ""]
    return "\n".join(lines).rstrip()


def _grouped(known: Known, how: str) -> dict[str, dict[str, str]]:
    """Return what is known of one heading: by sentence and server a session that shows it."""
    groups: dict[str, dict[str, str]] = {}
    for key in sorted(known.sentences):
        if key.split("/")[1].split("-")[0] == how:
            group = groups.setdefault(known.sentences[key], {})
            for server in SERVERS:
                if known.has(server, key):
                    group.setdefault(server, known.sessions[server][key])
    return {sentence: shows for sentence, shows in groups.items() if shows}


def _indented(text: str) -> str:
    return text.strip("\n").replace("\n", "\n      ")


def write(parts: dict[str, str]) -> None:
    """Put the parts between their marks in README.md."""
    text = README.read_text("utf-8")
    for name, part in parts.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
        text = pattern.sub(lambda _, t=f"{begin}\n{part}\n{end}": t, text)
    README.write_text(text, "utf-8")
