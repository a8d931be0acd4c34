"""What a run would change, as ``patch`` reads it: a unified diff, in time linear in the file.

Fixes change a few lines here and there. So the two texts are walked side by side, and
``difflib`` compares only what lies between two places where they are alike again.
"""

from __future__ import annotations

import difflib
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Opcode = tuple[str, int, int, int, int]

_ALIKE = 4
"""Lines in a row that are the same: there the two texts go on together."""
_AHEAD = 32
"""Lines that are first looked at for such a place; each time that is in vain four times as many."""
_CONTEXT = 3
_NO_END = b"\n\\ No newline at end of file\n"


def unified(name: str, before: bytes, after: bytes) -> bytes:
    """Return the diff between two states of the file *name*, lines ending at LF; empty if none."""
    old, new = _lines(before), _lines(after)
    matcher: difflib.SequenceMatcher[bytes] = difflib.SequenceMatcher(None, (), ())
    matcher.opcodes = list(_opcodes(old, new))  # type: ignore[attr-defined]
    said: list[bytes] = []
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        if not said:
            path = os.fsencode(name)
            said += [b"--- %b\n" % path, b"+++ %b\n" % path]
        first, last = group[0], group[-1]
        places = _range(first[1], last[2]), _range(first[3], last[4])
        said.append(b"@@ -%b +%b @@\n" % places)
        for tag, start, stop, begin, end in group:
            if tag == "equal":
                said += [b" " + line for line in old[start:stop]]
                continue
            said += [b"-" + line for line in old[start:stop]]
            said += [b"+" + line for line in new[begin:end]]
    return b"".join(line if line.endswith(b"\n") else line + _NO_END for line in said)


def _lines(data: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _range(start: int, stop: int) -> bytes:
    """Return lines as a hunk names them: from 1, the line before where there is none."""
    count = stop - start
    if count == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + bool(count), count)


def _opcodes(old: list[bytes], new: list[bytes]) -> Iterator[Opcode]:
    """Yield what became of each stretch of lines, in order, as ``difflib`` says it."""
    i = j = 0
    while i < len(old) or j < len(new):
        start, begin = i, j
        while i < len(old) and j < len(new) and old[i] == new[j]:
            i, j = i + 1, j + 1
        if i > start:
            yield "equal", start, i, begin, j
        if i == len(old) and j == len(new):
            return
        stop, end = _alike_again(old, new, i, j)
        inner = difflib.SequenceMatcher(None, old[i:stop], new[j:end], autojunk=stop - i > 200)
        for tag, i1, i2, j1, j2 in inner.get_opcodes():
            yield tag, i + i1, i + i2, j + j1, j + j2
        i, j = stop, end


def _alike_again(old: list[bytes], new: list[bytes], i: int, j: int) -> tuple[int, int]:
    """Return the next lines from which on some are the same in both, or both ends."""
    ahead = _AHEAD
    while True:
        places: dict[tuple[bytes, ...], int] = {}
        for place in range(i, min(i + ahead, len(old) - _ALIKE + 1)):
            places.setdefault(tuple(old[place : place + _ALIKE]), place)
        best: tuple[int, int] | None = None
        for place in range(j, min(j + ahead, len(new) - _ALIKE + 1)):
            found = places.get(tuple(new[place : place + _ALIKE]))
            if found is not None and (best is None or found + place < sum(best)):
                best = found, place
        if best is not None:
            return best
        if i + ahead >= len(old) and j + ahead >= len(new):
            return len(old), len(new)
        ahead *= 4
