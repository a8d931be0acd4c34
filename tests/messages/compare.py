"""What others say of the same messages: ``python compare.py`` writes COMPARISON.md.

It runs Python's ``email`` (the defects of ``policy.default``, every header read), mail-parser
(``pip install mail-parser==4.8.0``) and smtp-lsp over all mutants, and over the messages of the
libraries. *found* is anything at all for the others, who have no positions; for smtp-lsp it is a
finding on the line of the fault (*as* which, if not the slug's own), *elsewhere* the slug's rule on
another line, *other* something else on another line.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from mutants import CASES, mutants, read_table

import smtp_lsp
from smtp_lsp.lint.options import Options

HERE = Path(__file__).parent
PINNED = "4.8.0"
RULES = Path(smtp_lsp.__file__).parent / "registry" / "facts" / "rules.csv"


def python_email(data: bytes) -> str:
    """Return the names of the defects, or how it fell over."""
    found = set()
    try:
        message = message_from_bytes(data, policy=policy.default)
        for part in message.walk():
            assert isinstance(part, EmailMessage)
            if not part.is_multipart():
                part.get_payload(decode=True)
            for _, value in part.items():
                found.update(type(defect).__name__ for defect in value.defects)
            found.update(type(defect).__name__ for defect in part.defects)
    except Exception as error:  # what it raises is what is asked here
        return f"crash ({type(error).__name__})"
    return ", ".join(sorted(name.removesuffix("Defect") for name in found)) or "-"


def mail_parser(data: bytes) -> str:
    """Return the names of the defects, or how it fell over."""
    import mailparser

    try:
        parsed = mailparser.parse_from_bytes(data)
        found = set(parsed.defects_categories)
    except Exception as error:
        return f"crash ({type(error).__name__})"
    return ", ".join(sorted(name.removesuffix("Defect") for name in found)) or "-"


def rule_of() -> dict[str, str]:
    """Return the code of the rule that each slug is judged by, as far as there is one."""
    with RULES.open(encoding="utf-8", newline="") as file:
        return {row["slug"]: row["code"] for row in csv.DictReader(file) if row["code"]}


OPTIONS = Options(select=("ALL",))


def ours(data: bytes, slug: str, line: int, codes: dict[str, str]) -> str:
    """Return how smtp-lsp, all rules on, speaks of the fault."""
    findings = smtp_lsp.check(data, filename="a.eml", options=OPTIONS)
    names = {codes.get(slug.removeprefix("+")), slug.removeprefix("+")}
    lines = [f.range.start.line for f in findings if f.rule in names or f.name in names]
    if line in lines:
        return "found"
    if lines:
        return f"elsewhere ({', '.join(map(str, lines))})"
    others = [f for f in findings if f.severity in {"error", "warning"}]
    here = sorted({f.name for f in others if f.range.start.line == line})
    if here:
        return f"found as {', '.join(here)}"
    if others:
        return f"other ({', '.join(sorted({f.name for f in others}))})"
    return "-"


def heads(said: str) -> str:
    """Return the kind of an answer, for the sums."""
    word = said.split(" ")[0]
    if word in {"crash", "elsewhere", "other"}:
        return word
    return "not" if word == "-" else "found"


def mutant_rows() -> tuple[list[str], list[Counter[str]]]:
    """Return a line of the table for each mutant, and the sums of its columns."""
    codes = rule_of()
    bases = {row.name: row.base for row in read_table()}
    before: dict[str, tuple[str, str]] = {}
    rows, sums = [], [Counter[str]() for _ in range(3)]
    for name, data, slug, line in mutants():
        base = bases[name]
        if base not in before:
            clean = (CASES / f"{base}.eml").read_bytes()
            before[base] = (python_email(clean), mail_parser(clean))
        said = [python_email(data), mail_parser(data)]
        # What is said of the base as well is not about the fault.
        said = ["-" if one == old else one for one, old in zip(said, before[base], strict=True)]
        said.append(ours(data, slug, line, codes))
        for column, one in zip(sums, said, strict=True):
            column[heads(one)] += 1
        rows.append(f"| {name} | `{slug}` | {' | '.join(said)} |")
    return rows, sums


def library_rows() -> list[str]:
    """Return a line for each library: messages, those with a fault, those that somebody minds."""
    rows = []
    folders = [*sorted((CASES / "messages").iterdir()), CASES / "international"]
    for folder in folders:
        paths = sorted(folder.glob("*.eml"))
        sums: Counter[str] = Counter()
        for path in paths:
            data = path.read_bytes()
            quiet = not path.with_suffix(".expect").exists()
            sums["fault"] += not quiet
            said: dict[str, bool] = {
                "email": python_email(data) != "-",
                "mail-parser": mail_parser(data) != "-",
                "smtp-lsp": any(
                    finding.severity in {"error", "warning"}
                    for finding in smtp_lsp.check(data, filename=str(path))
                ),
            }
            for key, speaks in said.items():
                sums[key, quiet] += speaks
        cells = [
            f"{sums[key, True]} / {sums[key, False]}"
            for key in ("email", "mail-parser", "smtp-lsp")
        ]
        rows.append(f"| {folder.name} | {len(paths)} | {sums['fault']} | {' | '.join(cells)} |")
    return rows


def summary(sums: list[Counter[str]]) -> str:
    """Return the sums of the columns as a table."""
    kinds = ("found", "elsewhere", "other", "not", "crash")
    names = (f"Python {sys.version_info[0]}.{sys.version_info[1]} email", "mail-parser", "smtp-lsp")
    lines = [
        f"| {name} | " + " | ".join(str(column[kind]) for kind in kinds) + " |"
        for name, column in zip(names, sums, strict=True)
    ]
    return (
        "| | found | on another line | something else | not | crash |\n|---|---|---|---|---|---|\n"
        + "\n".join(lines)
    )


def main(write: Callable[[str], object]) -> None:
    """Write the document."""
    rows, sums = mutant_rows()
    head = "| fault | slug | email | mail-parser | smtp-lsp |\n|---|---|---|---|---|\n"
    libraries = (
        "| folder | messages | with a fault | email | mail-parser | smtp-lsp |\n"
        "|---|---|---|---|---|---|\n"
    )
    write(
        "# What is found, and by whom\n\nWritten by `compare.py`; do not edit. "
        f"{len(rows)} messages with one fault each; Python's `email` and mail-parser {PINNED}\n"
        "know no positions, so that anything they say that they do not say of the message "
        "without the fault counts as found.\n\n"
        f"{summary(sums)}\n\n## Messages of libraries\n\nHow many messages somebody minds: "
        "of those without a fault / of those with one.\n\n"
        f"{libraries}"
        + "\n".join(library_rows())
        + f"\n\n## Faults\n\n{head}"
        + "\n".join(rows)
        + "\n"
    )


if __name__ == "__main__":
    try:
        installed = version("mail-parser")
    except PackageNotFoundError:
        installed = "none"
    if installed != PINNED:
        sys.exit(f"mail-parser {PINNED} is needed, {installed} is installed")
    main((HERE / "COMPARISON.md").write_text)
