"""What both faces need of a shell: one-line refusals, a parser that gives them, the language."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

COULD_NOT = 2
"""Exit status of a request that could not be carried out."""


def refuse(why: str) -> int:
    """Say in one line why a request cannot be carried out, and return exit status 2."""
    from smtp_lsp.text.escape import visible

    print(f"smtp-lsp: {visible(why)}", file=sys.stderr)
    return COULD_NOT


def parser(name: str, description: str) -> argparse.ArgumentParser:
    """Return an argument parser whose errors are one line."""
    import argparse
    import os

    # It looks on the disk for translations of its words, which takes longer than all else it does
    # here; ours are not translated.
    argparse._ = str  # type: ignore[attr-defined]
    columns = os.environ.get("COLUMNS", "")
    width = min(int(columns), 100) if columns.isdigit() and int(columns) > 40 else 90
    plain = argparse.RawDescriptionHelpFormatter(f"smtp-lsp {name}", width=width)

    class OneLine(argparse.ArgumentParser):
        def _get_formatter(self) -> argparse.HelpFormatter:
            # argparse makes one for every option, and each asks the terminal for its size.
            return plain

        def error(self, message: str) -> None:  # type: ignore[override]
            raise SystemExit(refuse(f"{message} (see smtp-lsp {name} --help)"))

    return OneLine(prog=f"smtp-lsp {name}", description=description, allow_abbrev=False)


def environment_locale() -> str:
    """Return the language that the environment asks for."""
    import os

    from smtp_lsp.pages import locale_of

    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return locale_of(os.environ[name])
    return "en"
