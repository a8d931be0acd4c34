"""Writes ``servers.csv``: what each server does with what each rule speaks of.

A row is one rule, one kind of mistake and one server. Where a rule has several forms of a mistake
and the server takes some of them, the row says so, with one that it takes and how it refuses the
others. The pages of the rules are made from it (``smtp_lsp.explain.servers``).
"""

from __future__ import annotations

import collections
import csv
from pathlib import Path

from compare import GRID, KINDS, Deed
from figures import NAMES
from fleet import SERVERS

PATH = Path(__file__).resolve().parents[2] / "smtp_lsp/registry/facts/servers.csv"
COLUMNS = ("rule", "kind", "server", "version", "does", "code", "count", "tried", "forms")
CONFOUNDED = frozenset({"mail-too-long", "auth-padding"})
"""Recipes that a server may refuse for another reason than the one that the rule speaks of:
parameters that it does not know, and a password that is not the right one."""
LONGEST = 60  # characters of a form that is shown

Row = dict[str, str]


def rows(deeds: list[tuple[str, Deed]]) -> list[Row]:
    """Return the rows of the table from deeds with the server of each, in order."""
    found: dict[tuple[str, str, str], dict[str, Deed]] = {}
    for server, deed in deeds:
        if deed.name not in CONFOUNDED:
            found.setdefault((deed.rule, deed.kind, server), {}).setdefault(deed.name, deed)
    kinds, names = (*KINDS, GRID), list(SERVERS)
    places = sorted(found, key=lambda at: (at[0], kinds.index(at[1]), names.index(at[2])))
    return [_row(place, list(found[place].values())) for place in places]


def _row(place: tuple[str, str, str], deeds: list[Deed]) -> Row:
    """Return the row of one rule, kind and server."""
    rule, kind, server = place
    deeds = sorted(deeds, key=lambda deed: deed.name)
    did = collections.Counter(deed.did for deed in deeds)
    does = "ends" if did["ends"] else deeds[0].did if len(did) == 1 else "some"
    codes = collections.Counter(deed.code for deed in deeds if deed.code)
    code = min(codes, key=lambda each: (-codes[each], each)) if codes else ""
    name, _, version = SERVERS[server].rpartition(" ")
    count = did["takes"] if does == "some" else did[does]
    forms = _cells(deeds) if does == "ends" else _taken(deeds) if does == "some" else ""
    values = (rule, kind, name, version, does, code, count, len(deeds), forms)
    return {column: str(value) for column, value in zip(COLUMNS, values, strict=True)}


def _cells(deeds: list[Deed]) -> str:
    """Return the cells of the grid at which the server ends a content: ``LF . LF; LF . CRLF``."""
    return "; ".join(cell(deed.name) for deed in deeds if deed.did == "ends" and deed.kind == GRID)


def cell(name: str) -> str:
    """Return the octets of a cell of the grid in words: ``LF . NUL CRLF``."""
    _, before, dot, behind = name.split("-")
    words = [NAMES[before], ".", NAMES[dot.removeprefix("dot")], NAMES[behind]]
    return " ".join(word for word in words if word)


def _taken(deeds: list[Deed]) -> str:
    """Return a form that the server takes, if that tells it from those that it does not.

    Octets that a line does not show, its end and blanks around it, do not.
    """
    if deeds[0].kind == GRID:
        return next(cell(deed.name) for deed in deeds if deed.did == "takes")
    refused = {deed.line for deed in deeds if deed.did != "takes"}
    taken = [deed.line for deed in deeds if deed.did == "takes" and deed.line not in refused]
    shown = (
        line
        for line in taken
        if line.isascii()
        and line.isprintable()
        and line == line.strip()
        and not (set("`;") & set(line) or len(line) > LONGEST or deeds[0].rule.startswith("WIR"))
    )
    return min(shown, key=lambda line: (len(line), line), default="")


def write(deeds: list[tuple[str, Deed]], path: Path = PATH) -> None:
    """Write the table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows(deeds))
