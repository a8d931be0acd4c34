"""The documents that are made from pages and tables: ``docs/rules/``, states, dialects, coverage.

``python -m smtp_lsp.explain.documents`` writes them; ``--check`` only compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

from smtp_lsp import dialects, explain, pages
from smtp_lsp.dialects.reading import SHOWS
from smtp_lsp.explain import coverage
from smtp_lsp.rules import all_rules
from smtp_lsp.session import phases

ROOT = Path(__file__).parent.parent.parent / "docs"


def documents() -> dict[str, str]:
    """Return the text of every document by its path below ``docs``."""
    made = {"rules/README.md": _list_of_rules(), "states.md": _states()}
    made["dialects.md"] = _dialects()
    made["not-checked.md"] = coverage.not_checked_markdown("en")
    made["peers.md"] = coverage.peers_markdown("en")
    for rule in all_rules():
        made[f"rules/{rule.name}.md"] = explain.markdown(explain.rule(rule, "en"))
    return made


def _list_of_rules() -> str:
    lines = [
        "# Rules",
        "",
        "| code | name | severity | category | on | what |",
        "|---|---|---|---|---|---|",
    ]
    for rule in all_rules():
        page = pages.find("en", "rules", rule.name)
        name = f"[`{rule.name}`]({rule.name}.md)"
        on = "on" if rule.default else "off"
        what = page.title if page else ""
        cells = (rule.code, name, rule.severity, ", ".join(rule.categories), on, what)
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        "What no rule checks, and why: [not-checked.md](../not-checked.md). What other programs",
        "report, and the rules that do so here: [peers.md](../peers.md).",
    ]
    return "\n".join(lines) + "\n"


def _dialects() -> str:
    """Tell what each dialect is and what a record in it cannot show, from its own module."""
    lines = [
        "# How sessions are written down",
        "",
        "The ways that smtp-lsp reads, by the names that `--dialect` and the comment",
        "`# smtp-lsp: dialect=NAME` take. A file names none: it is told by what is said in it,",
        "and which side is the server by who says reply codes, never by an arrow. Rules that would",
        "need what a dialect does not show stay silent in it.",
        "",
        "What people wrap around a record is taken off first: quote marks (`> `), a Markdown",
        "fence, indentation, a drawn box or table, line numbers, times of any kind, HTML entities",
        "and `<br>`, line ends written as text (`\\r\\n`), remarks behind (`<== here`), lines",
        "wrapped at a width.",
        "",
        "| name | what | not shown |",
        "|---|---|---|",
    ]
    sections = []
    for name in dialects.NAMES:
        dialect = dialects.dialect(name)
        missing = [word for bit, word in SHOWS.items() if bit > 2 and not dialect.shows & bit]
        lines.append(f"| [`{name}`](#{name}) | {dialect.title} | {', '.join(missing)} |")
        text = (sys.modules[dialect.read.__module__].__doc__ or "").strip()
        sections += ["", f"## {name}", "", text.replace("``", "`")]
    return "\n".join([*lines, *sections]) + "\n"


def _states() -> str:
    """Draw the table of phases: what a reply to each event leads to."""
    lines = [
        "# The states of a session",
        "",
        "Drawn from `smtp_lsp/session/phases.py`. An arrow is an event and the first digit of the",
        "reply to it; what is not drawn changes nothing. `421` closes from anywhere.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> connected",
    ]
    lines += [f"    {arrow}" for arrow in _arrows()]
    lines += ["    closed --> [*]", "```", "", "What is out of order, and why:", ""]
    lines.append("| event | " + " | ".join(phases.NAMES[phase] for phase in phases.PHASES) + " |")
    lines.append("|---|" + "---|" * len(phases.PHASES))
    for event, row in phases.TABLE.items():
        cells = [cell or "ok" for cell in row]
        lines.append(f"| {event} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _arrows() -> list[str]:
    """Return an arrow for each event that an allowed phase leaves by."""
    arrows = []
    for event, effects in phases.EFFECTS.items():
        for digit in effects:
            for phase in phases.PHASES:
                begins = phase == phases.CONNECTED
                if phases.CELLS[event][phase] != phases.OK or (event == "GREETING") != begins:
                    continue
                target = phases.after(event, phase, digit * 100)
                if target != phase:
                    names = phases.NAMES[phase], phases.NAMES[target]
                    arrows.append(f"{names[0]} --> {names[1]}: {event} {digit}yz")
    return arrows


def main(arguments: list[str]) -> int:
    """Write the documents, or with ``--check`` say which are out of date (exit 1)."""
    made = documents()
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "rules").glob("*.md")}
    stale = sorted(
        name
        for name, text in made.items()
        if not (ROOT / name).exists() or (ROOT / name).read_text("utf-8") != text
    )
    gone = sorted(there - set(made))
    if "--check" not in arguments:
        (ROOT / "rules").mkdir(parents=True, exist_ok=True)
        for name in stale:
            (ROOT / name).write_text(made[name], "utf-8")
        for name in gone:
            (ROOT / name).unlink()
    for name in (*stale, *gone):
        print(f"docs/{name}: {'out of date' if '--check' in arguments else 'written'}")
    return 1 if "--check" in arguments and (stale or gone) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
