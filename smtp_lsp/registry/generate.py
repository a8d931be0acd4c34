"""Make the tables under ``registry/tables`` from the fact files under ``registry/facts``.

Run ``python -m smtp_lsp.registry.generate`` after a change to a fact; ``--check`` only
compares. Reading the fact files costs several times what the whole program may take to
start, hence tables; a test holds both equal.
"""

from __future__ import annotations

import csv
import sys
import tomllib
from pathlib import Path
from pprint import pformat

HERE = Path(__file__).parent
FACTS = HERE / "facts"
TABLES = HERE / "tables"


def toml(name: str) -> object:
    """Return the contents of a TOML fact file."""
    return tomllib.loads((FACTS / f"{name}.toml").read_text("utf-8"))


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV fact file."""
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def not_checked() -> dict[str, dict[str, str]]:
    """Return the reason in each language, by the slug of a statement that no rule checks.

    Raises KeyError for a reason that is given by a name which has none.
    """
    facts = tomllib.loads((FACTS / "not-checked.toml").read_text("utf-8"))
    shared = facts.pop("reasons")
    return {
        slug: shared[reason] if isinstance(reason, str) else reason
        for category in facts.values()
        for slug, reason in category.items()
    }


def tables() -> dict[str, object]:
    """Return every table by the name of its module."""
    return {
        "reply_codes": toml("reply-codes"),
        "commands": toml("commands"),
        "command_replies": toml("command-replies"),
        "extensions": toml("extensions"),
        "mechanisms": toml("auth-mechanisms"),
        "limits": toml("limits"),
        "smuggling": toml("smuggling"),
        "providers": toml("providers"),
        "enhanced_codes": rows("enhanced-status-codes"),
        "enhanced_classes": rows("enhanced-status-classes"),
        "header_fields": rows("header-fields"),
        "field_setters": rows("field-setters"),
        "with_protocols": rows("with-protocols"),
        "statements": rows("rules"),
        "not_checked": not_checked(),
        "peers": toml("peers"),
        "servers": rows("servers"),
    }


def module(name: str, table: object) -> str:
    """Return the text of the module that holds *table*."""
    literal = pformat(table, width=100, sort_dicts=False)
    return (
        f'"""{name}: generated from registry/facts by registry/generate.py; not edited by hand."""'
        f"\n\nTABLE = {literal}\n"
    )


def main(arguments: list[str]) -> int:
    """Write the tables, or with ``--check`` say which differ from the facts (exit 1)."""
    TABLES.mkdir(exist_ok=True)
    stale = []
    for name, table in tables().items():
        path = TABLES / f"{name}.py"
        text = module(name, table)
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.write_text(text, "utf-8")
    for name in stale:
        print(f"{name}: {'differs from its facts' if '--check' in arguments else 'written'}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
