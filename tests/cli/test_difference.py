"""A diff leads from the one text to the other, and nothing in it is more than it need be."""

import difflib
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from smtp_lsp.cli import difference

LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\r\n", b"d\re\n", b"\n"]), max_size=60)
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 60), st.integers(0, 3), st.sampled_from([b"x\n", b"a\n", b"y\r\nz\n", b""])
    ),
    max_size=4,
)
HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n")


def patched(before, diff):
    """Apply *diff* as patch does, and check that each line that it names is there."""
    old = [line + b"\n" for line in before.split(b"\n")]
    old[-1] = old[-1][:-1]
    lines = diff.replace(b"\n\\ No newline at end of file\n", b"\0").split(b"\n")
    said = []
    for line in lines[:-1]:
        said += [piece + b"" for piece in line.split(b"\0")[:-1]] if b"\0" in line else []
        rest = line.split(b"\0")[-1]
        if rest or b"\0" not in line:
            said.append(rest + b"\n")
    if lines[-1]:
        said += [piece for piece in lines[-1].split(b"\0") if piece]
    assert said[0].startswith(b"--- ")
    assert said[1].startswith(b"+++ ")
    new, position, number = [], 0, 2
    while number < len(said):
        found = HUNK.fullmatch(said[number])
        start = int(found[1]) - (found[2] != b"0")
        new += old[position:start]
        position, number = start, number + 1
        while number < len(said) and said[number][:1] in (b" ", b"-", b"+"):
            sign, line = said[number][:1], said[number][1:]
            if sign != b"+":
                assert old[position] == line
                position += 1
            if sign != b"-":
                new.append(line)
            number += 1
    return b"".join(new + old[position:])


@settings(max_examples=400)
@given(LINES, CHANGES, st.booleans(), st.booleans())
def test_it_leads_to_the_other(lines, changes, one_open, other_open):
    other = list(lines)
    for place, size, piece in changes:
        other[place : place + size] = [piece] if piece else []
    before, after = b"".join(lines), b"".join(other)
    before = before + b"end" if one_open else before
    after = after + b"end" if other_open else after
    diff = difference.unified("a b.eml", before, after)
    if before == after:
        assert diff == b""
    else:
        assert diff.startswith(b"--- a b.eml\n+++ a b.eml\n@@ ")
        assert patched(before, diff) == after


def test_it_is_what_difflib_says_of_a_change_here_and_there():
    lines = [b"line %d\n" % number for number in range(400)]
    other = list(lines)
    other[20] = b"changed\n"
    other[200:202] = []
    other[300:300] = [b"more\n", b"and more\n"]
    wanted = difflib.diff_bytes(difflib.unified_diff, lines, other, b"f", b"f")
    assert difference.unified("f", b"".join(lines), b"".join(other)) == b"".join(wanted)


def test_a_line_in_ten_of_a_large_file():
    lines = [b"line %d\n" % (number % 90) for number in range(50_000)]
    other = [line.upper() if number % 10 == 0 else line for number, line in enumerate(lines)]
    diff = difference.unified("f", b"".join(lines), b"".join(other))
    assert diff.count(b"\n-") == 5_000
    assert patched(b"".join(lines), diff) == b"".join(other)


def test_every_line():
    before = b"".join(b"line %d\r\n" % number for number in range(20_000))
    diff = difference.unified("f", before, before.replace(b"\r", b""))
    assert patched(before, diff) == before.replace(b"\r", b"")
