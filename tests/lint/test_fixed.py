"""``NAME.fixed`` is what the safe fixes make of ``NAME.smtp``, ``NAME.unsafe`` what all do.

Where one of them is missing, nothing is to be done: no safe fix, or none beyond the safe ones.
"""

import pytest
from support import CASES

from smtp_lsp.lint import fix
from smtp_lsp.lint.run import lint
from smtp_lsp.text.source import Source

SCRIPTS = sorted((CASES / "fixes").glob("*.smtp"))
ANSWERED = ("RPL001", "RPL090")  # what was refused stays refused, and is explained no more


def fixed(data, name, *, unsafe):
    """Return what is left when all fixes are made, pass by pass as ``--fix`` does."""
    for _ in range(fix.MOST_PASSES):
        edits = fix.edits_of(lint(Source(data, name)), unsafe=unsafe)
        if not edits:
            return data
        data = fix.applied(data, edits)
    raise AssertionError("never ends")


def read(path, otherwise):
    return path.read_bytes() if path.exists() else otherwise


def test_there_are_fixes():
    assert len(SCRIPTS) > 15


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_fixed(path):
    data = path.read_bytes()
    safe = read(path.with_suffix(".fixed"), data)
    assert fixed(data, path.name, unsafe=False) == safe
    assert fixed(data, path.name, unsafe=True) == read(path.with_suffix(".unsafe"), safe)


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("path", sorted(CASES.rglob("*.smtp")), ids=lambda path: path.stem)
def test_what_is_mended_is_gone_and_nothing_is_new(path, unsafe):
    data = path.read_bytes()
    before = {(found.rule, found.key) for found in lint(Source(data, path.name))}
    after = fixed(data, path.name, unsafe=unsafe)
    left = lint(Source(after, path.name))
    assert not fix.edits_of(left, unsafe=unsafe)
    new = {(found.rule, found.key) for found in left if found.rule not in ANSWERED} - before
    assert not new
