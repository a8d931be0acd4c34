"""``smtp-lsp explain`` and ``smtp-lsp compare``."""

from __future__ import annotations

import sys

from smtp_lsp import explain, pages
from smtp_lsp.console import COULD_NOT, environment_locale, parser
from smtp_lsp.text.escape import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

FORMATS = ("text", "markdown", "json")


def _parsed(name: str, description: str, words: list[str]) -> argparse.Namespace:
    made = parser(name, description)
    made.add_argument("things", nargs="+", metavar="THING")
    made.add_argument("--format", choices=FORMATS, default="text")
    made.add_argument("--locale", choices=pages.LOCALES, default="")
    made.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    asked = made.parse_args(words)
    asked.locale = asked.locale or environment_locale()
    return asked


def run(words: list[str]) -> int:
    """Explain things; exit status 2 where one of them is not known."""
    try:
        asked = _parsed(
            "explain",
            "Explain reply codes, enhanced codes, verbs, EHLO keywords, parameters, AUTH "
            "mechanisms, header fields and rules, such as 354 5.1.1 RCPT SIZE PLAIN lone-dot.",
            words,
        )
    except SystemExit as end:
        return int(end.code or 0)
    status = 0
    found = []
    for thing in asked.things:
        composed = explain.find(thing, asked.locale)
        if composed is None:
            status = COULD_NOT
            _unknown(thing, asked.locale)
        else:
            found.append(composed)
    _write(found, asked)
    return status


def _write(found: list[explain.Composed], asked: argparse.Namespace) -> None:
    color = asked.color == "always" or (asked.color == "auto" and sys.stdout.isatty())
    if asked.format == "json":
        import json

        objects = [explain.as_object(composed) for composed in found]
        sys.stdout.write(json.dumps(objects, ensure_ascii=False, indent=2) + "\n")
    elif asked.format == "markdown":
        sys.stdout.write("\n".join(explain.markdown(composed) for composed in found))
    else:
        sys.stdout.write("\n".join(explain.text(composed, color=color) for composed in found))


def _unknown(thing: str, locale: str) -> None:
    close = explain.nearest(thing)
    hint = pages.phrase(locale, "nearest", {"words": ", ".join(close)}) if close else ""
    named = {"word": visible(thing), "hint": hint}
    print(pages.phrase(locale, "unknown-topic", named), file=sys.stderr)


def run_compare(words: list[str]) -> int:
    """Compare two reply codes; exit status 2 where a word is no reply code."""
    try:
        asked = _parsed("compare", "Compare two reply codes, such as 252 354.", words)
    except SystemExit as end:
        return int(end.code or 0)
    codes = [thing for thing in asked.things if _is_code(thing)]
    if len(asked.things) != 2 or len(codes) != 2:
        wrong = [visible(thing) for thing in asked.things if not _is_code(thing)]
        named = {"words": ", ".join(wrong or map(visible, asked.things))}
        print(pages.phrase(asked.locale, "compare-two", named), file=sys.stderr)
        return COULD_NOT
    from smtp_lsp.explain.compare import compare

    _write([compare(int(codes[0]), int(codes[1]), asked.locale)], asked)
    return 0


def _is_code(thing: str) -> bool:
    return len(thing) == 3 and thing.isascii() and thing.isdigit() and thing[0] in "2345"
