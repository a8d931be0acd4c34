"""Messages with one fault each, made from silent ones by ``cases/message-mutants/mutants.tsv``.

A row of the table: the base (a file of ``cases``, without ``.eml``), the name of the fault, the
edit, the slug of the statement in ``rules.csv`` that is broken, and the line of the finding. A
slug with ``+`` in front is no row of ``rules.csv``: a rule that other programs have. The last
column is the code of our rule: several rules may judge what one statement asks.

An edit is ``OLD => NEW``: *OLD* stands exactly once in the base and becomes *NEW*. ``@N`` for
*OLD* is the whole line N, without its end. Several edits (of one fault) have `` ;; `` between them.
In both: ``\\n`` is the line end of the base; ``\\r \\t \\0 \\\\`` are what they are elsewhere,
``\\s`` is a blank at an edge, ``\\xHH`` an octet, ``\\{N*TEXT}`` the text N times; all else is
UTF-8.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CASES = Path(__file__).parents[1] / "cases"
TABLE = CASES / "message-mutants" / "mutants.tsv"
ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|\{(\d+)\*([^}]*)\}|(.))", re.DOTALL)
SIMPLE = {b"r": b"\r", b"t": b"\t", b"0": b"\0", b"s": b" ", b"\\": b"\\"}
LINE_END = re.compile(rb"\r\n|\n|\r")


class Mutant(NamedTuple):
    """One row of the table."""

    base: str
    name: str
    edit: str
    slug: str
    line: int
    rule: str

    @property
    def path(self) -> Path:
        """The file that it is made from."""
        return CASES / f"{self.base}.eml"


def unescape(text: str, line_end: bytes) -> bytes:
    """Return the octets that the notation stands for."""

    def octets(match: re.Match[bytes]) -> bytes:
        if match[1]:
            return bytes([int(match[1], 16)])
        if match[2]:
            return int(match[2]) * match[3]
        return line_end if match[4] == b"n" else SIMPLE[match[4]]

    return ESCAPE.sub(octets, text.encode())


def line_span(data: bytes, number: int) -> tuple[int, int]:
    """Return where line *number*, counted from 1, begins and ends without its line end."""
    start = 0
    for count, match in enumerate(LINE_END.finditer(data), 1):
        if count == number:
            return start, match.start()
        start = match.end()
    raise ValueError(f"there is no line {number}")


def mutate(data: bytes, edits: str) -> bytes:
    """Return *data* with the edits made, one after another; ``ValueError`` if one does not fit."""
    line_end = b"\r\n" if b"\r\n" in data else b"\n"
    for edit in edits.split(" ;; "):
        old, arrow, new = edit.partition(" => ")
        if not arrow:
            raise ValueError(f"no arrow in {edit!r}")
        if re.fullmatch(r"@\d+", old):
            start, end = line_span(data, int(old[1:]))
        else:
            octets = unescape(old, line_end)
            if data.count(octets) != 1:
                raise ValueError(f"{old!r} stands {data.count(octets)} times in the base")
            start = data.index(octets)
            end = start + len(octets)
        data = data[:start] + unescape(new, line_end) + data[end:]
    return data


def read_table() -> list[Mutant]:
    """Return the rows."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if next(rows) != list(Mutant._fields):
            raise ValueError("the columns of the table are not those of a mutant")
        return [Mutant(*row[:4], int(row[4]), row[5]) for row in rows]


def mutants() -> Iterator[tuple[str, bytes, str, int]]:
    """Yield the name, the message, the slug that must be found, and the line of the finding."""
    for row in read_table():
        yield row.name, mutate(row.path.read_bytes(), row.edit), row.slug, row.line


class Legal(NamedTuple):
    """One row of ``legal.tsv``: an edit after which nothing more is to be found, and why."""

    base: str
    name: str
    edit: str
    why: str

    @property
    def path(self) -> Path:
        """The file that it is made from."""
        return CASES / f"{self.base}.eml"


def read_legal() -> list[Legal]:
    """Return the edits that look like faults and are none."""
    with TABLE.with_name("legal.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if next(rows) != list(Legal._fields):
            raise ValueError("the columns of the table are not those of a legal edit")
        return [Legal(*row) for row in rows]
