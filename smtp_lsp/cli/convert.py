"""``smtp-lsp convert``: a transcript written in another form."""

from __future__ import annotations

import sys

from smtp_lsp import dialects, pages
from smtp_lsp.cli import files
from smtp_lsp.console import COULD_NOT, environment_locale, parser, refuse
from smtp_lsp.lint.run import TRANSCRIPT, analyse
from smtp_lsp.text.escape import visible
from smtp_lsp.text.source import Source

FORMS = ("json",)
"""``json`` is the session tree: sessions, transactions, exchanges, with lines and states."""


def run(words: list[str]) -> int:
    """Convert one transcript; exit status 2 where it cannot be read or nobody speaks in it."""
    made = parser(
        "convert",
        "Write a transcript in another form: --to json is the tree of its sessions, transactions "
        "and exchanges,\nwith lines from 1, who said it, and the state before and after.",
    )
    made.add_argument("path", metavar="FILE", help="a transcript, or - for standard input")
    made.add_argument("--to", choices=FORMS, required=True, metavar="FORM", help="json")
    made.add_argument("--dialect", choices=dialects.NAMES, default="", metavar="NAME")
    made.add_argument("--locale", choices=pages.LOCALES, default="")
    made.epilog = "dialects: " + ", ".join(dialects.NAMES)
    try:
        asked = made.parse_args(words)
    except SystemExit as end:
        return int(end.code or 0)
    locale = asked.locale or environment_locale()
    if asked.path == "-":
        source = Source(sys.stdin.buffer.read(), "-")
    else:
        try:
            source = Source(files.read(asked.path), asked.path)
        except files.Unreadable as error:
            why = pages.phrase(locale, error.why)
            named = {"path": visible(error.path), "why": why}
            print(pages.phrase(locale, "unreadable", named), file=sys.stderr)
            return COULD_NOT
    from smtp_lsp.convert import tree
    from smtp_lsp.lint.options import Options

    options = Options(dialect=asked.dialect, as_kind=TRANSCRIPT, locale=locale)
    analysis = analyse(source, options, keep=True)
    if analysis.reading is None or not analysis.sessions:
        silent = analysis.findings[0].message if analysis.findings else ""
        return refuse(f"{visible(asked.path)}: {silent}")
    sys.stdout.write(tree.json_text(tree.as_object(analysis)))
    return 0
