"""``NAME.fixed`` is what the safe fixes make of ``NAME.smtp`` or ``NAME.eml``; ``NAME.unsafe`` what
all do.

Where one of them is missing, nothing is to be done: no safe fix, or none beyond the safe ones.
"""

import re
import sys
from pathlib import Path

import pytest
from support import CASES

from smtp_lsp import pages
from smtp_lsp.lint import fix
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.rules import Fix, all_rules
from smtp_lsp.text.source import Source

sys.path.insert(0, str(Path(__file__).parents[1] / "messages"))
import mutants

FILES = sorted(p for p in (CASES / "fixes").iterdir() if p.suffix in (".smtp", ".eml"))
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
    assert len({path.suffix for path in FILES}) == 2


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
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


EXAMPLE = re.compile(r"```(smtp|eml)\n(.*?)```", re.DOTALL)
EVERY = Options(extend_select=["ALL"])


def examples():
    """Yield every case, mutant and example of a page, with a name that tells its kind."""
    for path in CASES.rglob("*"):
        if path.suffix in (".smtp", ".eml"):
            yield path.read_bytes(), path.name
    for _, octets, _, _ in mutants.mutants():
        yield octets, "mutant.eml"
    for path in Path(pages.HERE, "shared", "rules").glob("*.md"):
        for kind, text in EXAMPLE.findall(path.read_text("utf-8")):
            yield text.encode(), f"example.{kind}"


def test_a_rule_says_which_fixes_it_may_offer():
    """What ``explain`` and a rule's page say of ``--fix`` is what is offered, no more or less."""
    offered = {}
    for octets, name in examples():
        for found in lint(Source(octets, name), EVERY):
            if found.fix is not None:
                safe = offered.setdefault((found.rule, found.fix.key), set())
                safe.add(found.fix.applicability)
    said = {(rule.code, key): how for rule in all_rules() for key, how in rule.fixes.items()}
    assert offered.keys() == said.keys()
    for place, seen in offered.items():
        assert seen == ({Fix.SAFE, Fix.UNSAFE} if said[place] == Fix.EITHER else {said[place]})


@pytest.mark.parametrize("locale", pages.LOCALES)
def test_every_fix_has_words(locale):
    for rule in all_rules():
        for key in rule.fixes:
            assert key in pages.entries(pages.read(locale, "", "words")["fixes"])


# -- Signed messages ------------------------------------------------------------------------------

SIGNED = {
    "signed-arc-ends": ("WIR001", "ARC-Message-Signature"),
    "signed-dkim-body": ("MIM021", "DKIM-Signature"),
    "signed-dkim-missing-date": ("HDR002", "DKIM-Signature"),
    "signed-dkim-subject": ("HDR012", "DKIM-Signature"),
    "signed-multipart": ("MIM021", "multipart/signed"),
    "signed-smime": ("MIM021", "S/MIME"),
}


@pytest.mark.parametrize("name", SIGNED)
@pytest.mark.parametrize("locale", pages.LOCALES)
def test_what_is_signed_is_not_mended_and_the_help_says_so(name, locale):
    code, by = SIGNED[name]
    path = CASES / "fixes" / f"{name}.eml"
    options = Options(locale=locale)
    found = [f for f in lint(Source(path.read_bytes(), path.name), options) if f.rule == code]
    (finding,) = found
    assert finding.fix is None
    why = pages.phrase(locale, "signed-not-mended", {"by": by})
    assert by in why
    assert finding.help.endswith(why)
    assert finding.markdown().endswith(why)


def test_what_is_not_signed_is_mended_beside_it():
    path = CASES / "fixes" / "signed-dkim-other-field.eml"
    (finding,) = lint(Source(path.read_bytes(), path.name))
    assert finding.withheld is None
    assert finding.fix.applicability == Fix.SAFE
