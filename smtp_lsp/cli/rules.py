"""``smtp-lsp rules``: the list of rules, what none of them checks, what other programs report."""

from __future__ import annotations

import sys

from smtp_lsp import pages
from smtp_lsp.console import environment_locale, parser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from smtp_lsp.rules import Rule

    Rows = list[tuple[Rule, str]]

FORMATS = ("text", "markdown", "json")


def run(words: list[str]) -> int:
    """List the rules, or with an option what stands beside them."""
    made = parser("rules", "The list of rules.")
    which = made.add_mutually_exclusive_group()
    which.add_argument(
        "--not-checked",
        action="store_true",
        help="the statements of the RFCs that no rule checks, and why",
    )
    which.add_argument(
        "--peers",
        action="store_true",
        help="what other programs report about sessions and messages, and the rules here",
    )
    made.add_argument("--format", choices=FORMATS, default="text")
    made.add_argument("--locale", choices=pages.LOCALES, default="")
    made.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    try:
        asked = made.parse_args(words)
    except SystemExit as end:
        return int(end.code or 0)
    locale = asked.locale or environment_locale()
    if asked.not_checked or asked.peers:
        sys.stdout.write(_coverage(asked.format, locale, peers=asked.peers))
    else:
        sys.stdout.write(_list(asked.format, locale))
    return 0


def _coverage(form: str, locale: str, *, peers: bool) -> str:
    from smtp_lsp.explain import coverage

    if form == "json":
        return _json(coverage.peers(locale) if peers else coverage.not_checked(locale))
    if form == "markdown":
        show = coverage.peers_markdown if peers else coverage.not_checked_markdown
    else:
        show = coverage.peers_text if peers else coverage.not_checked_text
    return show(locale)


def _list(form: str, locale: str) -> str:
    from smtp_lsp.rules import all_rules

    rows: Rows = []
    for rule in all_rules():
        page = pages.find(locale, "rules", rule.name)
        rows.append((rule, page.title if page else ""))
    if form == "json":
        return _json([_as_object(rule, title) for rule, title in rows])
    lines = []
    if form == "markdown":
        lines += ["| code | name | severity | on | what |", "|---|---|---|---|---|"]
    for rule, title in rows:
        on = "on" if rule.default else "off"
        if form == "markdown":
            cells = (rule.code, f"`{rule.name}`", rule.severity, on, title)
            lines.append(f"| {' | '.join(cells)} |")
        else:
            lines.append(f"{rule.code}  {rule.severity:<7}  {on:<3}  {rule.name}: {title}")
    return "\n".join(lines) + "\n"


def _as_object(rule: Rule, title: str) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "category": rule.category,
        "default": rule.default,
        "title": title,
        "aliases": list(rule.aliases),
        "references": list(rule.references),
        "url": rule.url,
    }


def _json(data: object) -> str:
    import json

    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
