"""Correct sessions are clean, and one fault put into one of them is one finding."""

import csv
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from smtp_lsp import check

FOLDER = Path(__file__).parent / "cases" / "mutants"
SESSIONS = {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.smtp"))}
EDIT = re.compile(r"(\d+)(<>|[=+>-])(.*)", re.DOTALL)


class Mutant(NamedTuple):
    """One row: a session, its one fault, and the one finding that is due."""

    session: str
    edit: str
    line: int
    rule: str
    severity: str
    why: str


def read_mutants() -> list[Mutant]:
    with (FOLDER / "mutants.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        assert next(rows) == list(Mutant._fields)
        return [Mutant(row[0], row[1], int(row[2]), *row[3:]) for row in rows]


MUTANTS = read_mutants()


def mutate(text: str, edits: str) -> str:
    """Apply the edits, all of which count lines as *text* has them."""
    at: list[list[str]] = [[], *([line] for line in text.splitlines())]
    behind: list[list[str]] = [[] for _ in at]
    for edit in edits.split(" ;; "):
        match = EDIT.fullmatch(edit)
        assert match, edit
        line, argument = int(match[1]), match[3]
        match match[2]:
            case "=":
                at[line] = [argument]
            case "-":
                at[line] = []
            case "+":
                behind[line].append(argument)
            case ">":
                behind[int(argument)] += at[line]
                at[line] = []
            case "<>":
                at[line], at[int(argument)] = at[int(argument)], at[line]
    kept = [line for here, after in zip(at, behind, strict=True) for line in (*here, *after)]
    return "".join(f"{line}\n" for line in kept)


def found(text: str, session: str) -> list[tuple[int, str, str]]:
    findings = check(text.encode(), filename=f"{session}.smtp")
    return [(finding.range.start.line, finding.rule, finding.severity) for finding in findings]


@pytest.mark.parametrize("session", SESSIONS)
def test_a_correct_session_has_no_finding(session: str) -> None:
    assert found(SESSIONS[session], session) == []


@pytest.mark.parametrize(
    "mutant",
    [pytest.param(m, id=f"{m.session}:{n}:{m.rule}") for n, m in enumerate(MUTANTS, 2)],
)
def test_one_fault_is_one_finding(mutant: Mutant) -> None:
    text = mutate(SESSIONS[mutant.session], mutant.edit)
    assert found(text, mutant.session) == [(mutant.line, mutant.rule, mutant.severity)], mutant.why


def test_the_mutants_are_many_and_various() -> None:
    per_session = Counter(mutant.session for mutant in MUTANTS)
    assert len(SESSIONS) == 50
    assert set(per_session) == set(SESSIONS)
    assert min(per_session.values()) >= 3
    assert len(MUTANTS) >= 300
    assert len({mutant.rule for mutant in MUTANTS}) >= 35
