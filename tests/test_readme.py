"""The README shows what the program really says, and its examples run."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import smtp_lsp
from smtp_lsp import config

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def output(*arguments):
    result = subprocess.run(
        [sys.executable, "-m", "smtp_lsp", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": "", "LC_ALL": "C.UTF-8"},
    )
    return result.stdout


def test_shown_output_is_real():
    shown = re.findall(r"<!-- output of: smtp-lsp (.*?) -->\n```text\n(.*?)```", README, re.S)
    assert shown
    for command, text in shown:
        assert output(*command.split(" ")) == text


def test_the_table_of_rules_is_real():
    start = README.index("| code | name |")
    table = README[start : README.index("\n\n", start)]
    assert output("rules", "--format", "markdown") == table + "\n"


def test_the_configuration_is_valid():
    (text,) = re.findall(r"```toml\n(.*?)```", README, re.S)
    values = config.checked(tomllib.loads(text), "README")
    assert config.options(config.Settings("README", values))
    assert set(values) == set(config.KEYS) - {"extend-select"}


def test_the_python_example_runs(capsys):
    (text,) = re.findall(r"```python\n(.*?)```", README, re.S)
    transcript = (ROOT / "docs/examples/shopping.smtp").read_bytes()
    exec(text, {"transcript": transcript})
    assert "DOT001" in capsys.readouterr().out


def test_version_is_in_the_changelog():
    assert f"## {smtp_lsp.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
