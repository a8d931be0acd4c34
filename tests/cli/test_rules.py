"""``smtp-lsp rules --not-checked`` and ``--peers``."""

import json

import pytest

from smtp_lsp.__main__ import main


@pytest.mark.parametrize("option", ["--not-checked", "--peers"])
@pytest.mark.parametrize("form", ["text", "markdown", "json"])
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_shown(capsys, option, form, locale):
    assert main(["rules", option, "--format", form, "--locale", locale]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.endswith("\n")
    if form == "json":
        assert json.loads(shown.out)
    else:
        assert ("smuggling-eod" if option == "--peers" else "helo-fallback") in shown.out


def test_languages_differ(capsys):
    main(["rules", "--not-checked", "--locale", "en"])
    english = capsys.readouterr().out
    main(["rules", "--not-checked", "--locale", "fr"])
    assert capsys.readouterr().out != english


def test_one_at_a_time(capsys):
    assert main(["rules", "--not-checked", "--peers"]) == 2
    assert capsys.readouterr().out == ""


def test_tables_are_well_formed(capsys):
    for option in ("--not-checked", "--peers"):
        main(["rules", option, "--format", "markdown"])
        width = 0
        for line in capsys.readouterr().out.splitlines():
            bars = line.replace("\\|", "").count("|")
            width = bars if line.startswith("|") and not width else width
            width = width if line.startswith("|") else 0
            assert bars == width, line
