"""What libraries write rightly draws nothing, and each single fault draws its one finding."""

from collections import Counter
from pathlib import Path

import pytest

from smtp_lsp import rules
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.text.source import Source
from tests.messages.mutants import CASES, mutate, read_legal, read_table

EVERYTHING = Options(extend_select=("ALL",))
LOUD = ("error", "warning")
MADE = sorted((CASES / "messages").rglob("*.eml"))
ORDINARY = sorted((CASES / "international").glob("*.eml"))
FAULTS = read_table()
LEGAL = read_legal()


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def found(data: bytes, options: Options) -> list[tuple[int, str]]:
    return [
        (finding.range.start.line, finding.rule)
        for finding in lint(Source(data, "a.eml"), options)
        if options is EVERYTHING or finding.severity in LOUD
    ]


def expected(path: Path) -> dict[str, int]:
    """Return the codes of the rules that a message breaks, with the first line of each."""
    listed = path.with_suffix(".expect")
    rows: dict[str, int] = {}
    for row in listed.read_text().splitlines() if listed.exists() else ():
        line, slug = row.split()[:2]
        rule = rules.find(slug.removeprefix("+"))
        assert rule is not None, slug
        rows.setdefault(rule.code, int(line))
    return rows


def test_there_are_enough():
    assert len(MADE) >= 300
    assert len(FAULTS) >= 200
    assert len(ORDINARY) >= 60


@pytest.mark.parametrize("path", MADE, ids=name)
def test_what_a_library_wrote(path):
    wanted = expected(path)
    loud = found(path.read_bytes(), Options())
    assert {code for _, code in loud} <= set(wanted)
    every = found(path.read_bytes(), EVERYTHING)
    for code, line in wanted.items():
        assert (line, code) in every


@pytest.mark.parametrize("path", ORDINARY, ids=name)
@pytest.mark.parametrize(
    "options", [Options(), Options(select=("security",))], ids=["all", "security"]
)
def test_ordinary_mail_in_any_script_is_silent(path, options):
    assert not found(path.read_bytes(), options)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_one_fault_is_one_finding(fault):
    whole = fault.path.read_bytes()
    broken = mutate(whole, fault.edit)
    before = Counter(code for _, code in found(whole, EVERYTHING))
    after = found(broken, EVERYTHING)
    count = Counter(code for _, code in after)
    assert count[fault.rule] == before[fault.rule] + 1
    assert (fault.line, fault.rule) in after
    loud = Counter(code for _, code in found(broken, Options()))
    loud.subtract(Counter(code for _, code in found(whole, Options())))
    assert {code for code, more in loud.items() if more > 0} <= {fault.rule}


@pytest.mark.parametrize("edit", LEGAL, ids=lambda edit: edit.name)
def test_what_looks_like_a_fault_and_is_none(edit):
    whole = edit.path.read_bytes()
    before = Counter(code for _, code in found(whole, EVERYTHING))
    after = Counter(code for _, code in found(mutate(whole, edit.edit), EVERYTHING))
    assert not after - before, edit.why
