"""What no rule checks, and why; what other programs report, and the rules that do so here.

Both are tables of facts (``registry/facts/not-checked.toml``, ``peers.toml``), put into the words
of a language and shown as text, as Markdown, or as plain data.
"""

from __future__ import annotations

from smtp_lsp import registry, rules
from smtp_lsp.pages import DEFAULT, phrase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Row = dict[str, Any]

TOOLS = (
    ("zeek", "Zeek"),
    ("suricata", "Suricata"),
    ("snort", "Snort 3"),
    ("wireshark", "Wireshark"),
)
"""The columns of the table of anomalies; what Postfix and Exim call it follows."""

PROGRAMS = (
    ("mimekit", "MimeKit"),
    ("python", "Python email"),
    ("msglint", "msglint"),
    ("spamassassin", "SpamAssassin"),
    ("rspamd", "rspamd"),
    ("mta", ""),
    ("others", ""),
    ("zeek", "Zeek"),
    ("suricata", "Suricata"),
)
"""Who tells a mistake of a message; without a name here, the first word of a check is it."""

GROUPS = (
    "fields",
    "lines",
    "addresses",
    "dates",
    "words",
    "shown",
    "types",
    "tree",
    "encodings",
    "reports",
    "envelope",
)
"""The subjects of the checks of messages, in the order of the page."""


def _said(texts: dict[str, str], locale: str) -> str:
    return texts.get(locale) or texts.get(DEFAULT, "")


# -- statements --------------------------------------------------------------


def not_checked(locale: str) -> list[Row]:
    """Return the statements that have no rule, in the order of the facts, with their reasons."""
    reasons = registry.table("not_checked")
    return [
        {
            "statement": row["slug"],
            "category": row["category"],
            "level": row["level"],
            "text": row["statement"],
            "reference": row["rfc"],
            "reason": _said(reasons.get(row["slug"], {}), locale) or phrase(locale, "not-built"),
        }
        for row in registry.table("statements")
        if not row["code"]
    ]


def not_checked_text(locale: str) -> str:
    """Return the statements without a rule for a terminal, by category."""
    lines: list[str] = []
    category = ""
    for row in not_checked(locale):
        if row["category"] != category:
            category = row["category"]
            lines += ([""] if lines else []) + [category]
        lines.append(f"  {row['statement']} ({row['level']}; {row['reference']})")
        lines += [f"    {row['text']}", f"    -> {row['reason']}"]
    return "\n".join(lines) + "\n"


def not_checked_markdown(locale: str) -> str:
    """Return the statements without a rule as Markdown, a table for each category."""
    lines = [f"# {phrase(locale, 'not-checked-title')}", "", phrase(locale, "not-checked-intro")]
    head = [phrase(locale, key) for key in ("statement", "wanted", "reason")]
    category = ""
    for row in not_checked(locale):
        if row["category"] != category:
            category = row["category"]
            lines += ["", f"## {category}", "", *_table_head(head)]
        asked = f"{row['text']} ({row['level']}; {row['reference']})"
        lines.append(_table_row([f"`{row['statement']}`", asked, row["reason"]]))
    return "\n".join(lines) + "\n"


def _table_head(cells: list[str]) -> list[str]:
    return [_table_row(cells), "|" + "---|" * len(cells)]


def _table_row(cells: list[str]) -> str:
    escaped = (cell.replace("|", "\\|").replace("<", "\\<") for cell in cells)
    return f"| {' | '.join(escaped)} |"


# -- peers -------------------------------------------------------------------


def peers(locale: str) -> dict[str, list[Row]]:
    """Return anomalies, false ends of data, attacks and checks of messages.

    Each with the rules that find it here. A check has its group and who tells it.
    """
    table = registry.table("peers")
    return {
        "anomalies": [
            _peer(row, locale, [*(key for key, _ in TOOLS), "mta"]) for row in table["anomaly"]
        ],
        "endings": [_peer(row, locale, ["octets", "known"]) for row in table["ending"]],
        "attacks": [_peer(row, locale, ["known"]) for row in table["attack"]],
        "checks": [
            {"group": row["group"], "told": _told(row), **_peer(row, locale, [])}
            for row in table["check"]
        ],
    }


def _told(row: Row) -> dict[str, list[str]]:
    """Return what each program calls a mistake."""
    told: dict[str, list[str]] = {}
    for key, program in PROGRAMS:
        for check in row.get(key, ()):
            if program:
                told.setdefault(program, []).append(check)
            else:
                owner, _, name = check.partition(" ")
                told.setdefault(owner, []).append(name)
    return told


def _peer(row: Row, locale: str, keys: list[str]) -> Row:
    found: Row = {"what": _said(row["what"], locale)} if "what" in row else {}
    found.update((key, row.get(key, "")) for key in keys)
    found["rules"] = _resolved(row["rules"])
    found["remark"] = _said(row.get("why", {}), locale)
    return found


def _resolved(slugs: list[str]) -> list[dict[str, str]]:
    """Return code and name of the rules that slugs name, each once."""
    found: list[dict[str, str]] = []
    for slug in slugs:
        rule = rules.find(slug)
        named = {"code": rule.code if rule else "", "name": rule.name if rule else slug}
        if named not in found:
            found.append(named)
    return found


def _named(row: Row) -> str:
    return ", ".join(f"{each['code']} `{each['name']}`".strip() for each in row["rules"])


def peers_text(locale: str) -> str:
    """Return the table of peers for a terminal."""
    lines: list[str] = []
    for title, rows in _titled(locale):
        lines += ([""] if lines else []) + [title]
        for row in rows:
            lines.append(f"  {row.get('what') or row['octets']}")
            lines += [f"    {label}: {text}" for label, text in _said_of(row, locale) if text]
    return "\n".join(lines) + "\n"


def _titled(locale: str) -> list[tuple[str, list[Row]]]:
    """Return the tables of the page with their titles, the checks by their groups."""
    tables = peers(locale)
    checks = tables.pop("checks")
    found = [(phrase(locale, section), rows) for section, rows in tables.items()]
    for group in GROUPS:
        rows = [row for row in checks if row["group"] == group]
        found.append((phrase(locale, f"checks-{group}"), rows))
    return found


def _said_of(row: Row, locale: str) -> list[tuple[str, str]]:
    """Return what is said of a row, with its labels."""
    return [
        *((name, row.get(key, "")) for key, name in TOOLS),
        (phrase(locale, "mta"), row.get("mta", "")),
        (phrase(locale, "known-as"), row.get("known", "")),
        *((program, ", ".join(checks)) for program, checks in row.get("told", {}).items()),
        (phrase(locale, "rules-here"), _named(row).replace("`", "") or "-"),
        (phrase(locale, "remark"), row["remark"]),
    ]


def peers_markdown(locale: str) -> str:
    """Return the table of peers as Markdown."""
    lines = [f"# {phrase(locale, 'peers-title')}", "", phrase(locale, "peers-intro")]
    for title, rows in _titled(locale):
        lines += ["", f"## {title}", "", *_table_head(_columns(rows[0], locale))]
        lines += [_table_row(_cells(row, locale)) for row in rows]
    return "\n".join(lines) + "\n"


def _columns(row: Row, locale: str) -> list[str]:
    """Return the heads of the columns for rows like this one."""
    if "told" in row:
        keys = ["mistake", "told-by"]
    elif "zeek" in row:
        keys = ["anomaly", *(name for _, name in TOOLS), "mta"]
    else:
        keys = ["octets" if "octets" in row else "attack", "known-as"]
    tools = {name for _, name in TOOLS}
    heads = [key if key in tools else phrase(locale, key) for key in keys]
    return [*heads, phrase(locale, "rules-here"), phrase(locale, "remark")]


def _cells(row: Row, locale: str) -> list[str]:
    """Return the cells of a row."""
    if "told" in row:
        told = [f"**{program}** {', '.join(checks)}" for program, checks in row["told"].items()]
        cells = [row["what"], "; ".join(told) or phrase(locale, "here-alone")]
    else:
        cells = [text for key, text in row.items() if key not in ("rules", "remark")]
    return [*cells, _named(row), row["remark"]]
