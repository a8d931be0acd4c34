"""The session tree of every sample is as it was when somebody reviewed it.

python tests/dialects/test_trees.py    writes the trees anew, to be read in the difference
"""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from support import CASES

from smtp_lsp.convert import tree
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import TRANSCRIPT, analyse
from smtp_lsp.text.source import Source

FOLDERS = ("dialects", "wild", "recordings")
RECORDS = [path for folder in FOLDERS for path in sorted((CASES / folder).rglob("*.smtp"))]


def tree_of(path):
    source = Source(path.read_bytes(), path.name)
    analysis = analyse(source, Options(as_kind=TRANSCRIPT), keep=True)
    assert analysis.reading is not None, path
    return tree.json_text(tree.as_object(analysis))


def exchanges(sessions):
    for session in sessions:
        for part in session["parts"]:
            yield from part["exchanges"] if part["type"] == "transaction" else (part,)


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_tree_is_as_reviewed(path):
    expected = path.with_suffix(".tree.json")
    assert expected.exists(), "run python tests/dialects/test_trees.py, and read what it wrote"
    assert tree_of(path) == expected.read_text("utf-8")


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_tree_is_json_whose_lines_are_in_the_file(path):
    made = json.loads(tree_of(path))
    count = len(Source(path.read_bytes(), path.name).lines.starts)
    assert made["sessions"]
    for exchange in exchanges(made["sessions"]):
        said = [exchange.get("command"), *exchange["replies"], *exchange.get("responses", ())]
        for line in (each["lines"] for each in said if each):
            assert 1 <= line[0] <= line[1] <= count
        assert exchange["before"] is None or exchange["before"]["phases"]


if __name__ == "__main__":
    for record in RECORDS:
        record.with_suffix(".tree.json").write_text(tree_of(record), "utf-8")
    sys.stdout.write(f"{len(RECORDS)} trees\n")
