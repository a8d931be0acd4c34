"""What real servers do with what a rule speaks of, in sentences.

The table is made by ``tests/differential``, which plays sessions with one mistake against servers
and notes whether they take it. Without a row there is nothing to say.
"""

from __future__ import annotations

from smtp_lsp import registry
from smtp_lsp.explain.composed import labelled
from smtp_lsp.pages import phrase

TYPE_CHECKING = False
if TYPE_CHECKING:
    Row = dict[str, str]

_LABELLED = ("bdat", "tls-auth")
"""Kinds of mistakes that are named where a rule speaks of others, too."""
_ORDER = ("ends", "takes", "some", "refuses", "drops")


def told(code: str, locale: str) -> str:
    """Return what servers do with what the rule *code* speaks of, or nothing."""
    kinds: dict[str, list[Row]] = {}
    for row in registry.table("servers"):
        if row["rule"] == code:
            kinds.setdefault(row["kind"], []).append(row)
    if not kinds:
        return ""
    parts = []
    for kind, rows in kinds.items():
        said = " ".join(_sentences(rows, locale))
        if len(kinds) > 1 and kind in _LABELLED:
            said = labelled(locale, f"servers-{kind}", said)
        parts.append(f"- {said}" if len(kinds) > 1 else said)
    return "\n".join(parts) + "\n\n" + phrase(locale, "servers-note")


def _sentences(rows: list[Row], locale: str) -> list[str]:
    """Return a sentence for each thing done, with the servers that do it."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(rows, key=lambda row: _ORDER.index(row["does"])):
        groups.setdefault((row["does"], row["forms"]), []).append(row)
    sentences = []
    for (does, forms), group in groups.items():
        coded = does in ("refuses", "some")
        names = [_named(row, locale, coded=coded) for row in group]
        shown = [f"`{form}`" for form in forms.split("; ") if form]
        key = f"servers-{does}" + ("-such" if shown else "")
        if group[0]["kind"] == "grid" and does in ("takes", "some"):
            key += "-content"
        parameters = {"servers": listed(names, locale), "forms": listed(shown, locale)}
        sentences.append(phrase(locale, key, parameters))
    return sentences


def _named(row: Row, locale: str, *, coded: bool) -> str:
    """Return a server with its version, and the code with which it refuses where *coded*."""
    name = f"{row['server']} {row['version']}"
    if not coded or not row["code"]:
        return name
    return phrase(locale, "server-code", {"server": name, "code": row["code"]})


def listed(words: list[str], locale: str) -> str:
    """Return words as a list in the language: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    pair = {"first": ", ".join(words[:-1]), "last": words[-1]}
    return phrase(locale, "listed", pair)
