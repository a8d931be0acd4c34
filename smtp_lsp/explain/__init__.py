"""Finding the page of a thing, and composing it from prose and facts.

The same composition serves the shell, hover and, one day, a site. A composed page is a
title and blocks; each block has a heading (or none) and Markdown.
"""

from __future__ import annotations

from smtp_lsp import pages, registry
from smtp_lsp.pages import phrase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from smtp_lsp.rules import Rule

_COMMAND_NAMES = {
    "(any)": "any-command",
    "(connection)": "connection",
    "(greeting)": "connection",
    "(end-of-data)": "end-of-data",
}


class Composed:
    """A page ready to be shown: ``kind`` is reply, command or rule."""

    __slots__ = ("blocks", "kind", "summary", "title")

    def __init__(self, kind: str, title: str, summary: str = "") -> None:
        self.kind = kind
        self.title = title
        self.summary = summary
        self.blocks: list[tuple[str, str]] = []

    def add(self, heading: str, text: str) -> None:
        """Append a block, unless there is nothing in it."""
        if text.strip():
            self.blocks.append((heading, text.strip()))


def find(word: str, locale: str) -> Composed | None:
    """Return the page of a reply code, verb, rule name, rule code or alias, or None."""
    thing = word.strip().strip("`")
    if len(thing) == 3 and thing.isascii() and thing.isdigit() and thing[0] in "2345":
        return reply(int(thing), locale)
    if registry.command(thing.upper()):
        return command(thing.upper(), locale)
    from smtp_lsp import rules

    found = rules.find(thing)
    return rule(found, locale) if found else None


def nearest(word: str) -> list[str]:
    """Return up to three things that *word* may have meant."""
    import difflib

    from smtp_lsp import rules

    known = [str(code) for code in registry.reply_codes()] + registry.verbs()
    for each in rules.all_rules():
        known += [each.name, each.code, *each.aliases]
    folded = {name.lower(): name for name in known}
    return [folded[n] for n in difflib.get_close_matches(word.lower(), folded, 3, 0.6)]


# -- reply codes -------------------------------------------------------------


def reply(code: int, locale: str) -> Composed:
    """Return the page of a reply code; one that no registry lists is told by its class."""
    row = registry.reply_code(code)
    page = pages.find(locale, "replies", str(code))
    if row is None or page is None:
        return _unlisted(code, locale)
    composed = Composed("reply", page.title, page["summary"])
    composed.add("", page["summary"])
    composed.add(phrase(locale, "class"), _class(code, row, locale))
    for key in ("description", "when", "fix"):
        composed.add(phrase(locale, key), page[key])
    composed.add(phrase(locale, "commands"), _who_sends(row, locale))
    composed.add(phrase(locale, "enhanced"), _enhanced(row["enhanced_typical"]))
    composed.add(phrase(locale, "references"), _references(row["defined_by"]))
    return composed


def _unlisted(code: int, locale: str) -> Composed:
    named = {"code": str(code)}
    composed = Composed("reply", phrase(locale, "unlisted-title", named))
    composed.add("", phrase(locale, "unlisted", named))
    composed.add(phrase(locale, "class"), _class_name(code, locale))
    composed.add(phrase(locale, "description"), phrase(locale, f"unlisted-{code // 100}"))
    composed.add(phrase(locale, "references"), _references(["RFC 5321 4.2", "RFC 5321 4.2.1"]))
    return composed


def _class_name(code: int, locale: str) -> str:
    return phrase(locale, f"class-{code // 100}")


def _class(code: int, row: dict[str, Any], locale: str) -> str:
    category = phrase(locale, f"category-{code // 10 % 10}")
    lines = [
        _class_name(code, locale),
        labelled(locale, "category", category),
        labelled(locale, "status", phrase(locale, row["status"])),
    ]
    return "\n".join(f"- {line}" for line in lines)


def _who_sends(row: dict[str, Any], locale: str) -> str:
    parts = []
    for name in row["commands"]:
        word = _COMMAND_NAMES.get(name)
        parts.append(phrase(locale, word) if word else f"`{name}`")
    return phrase(locale, "sent-by", {"commands": ", ".join(parts)}) if parts else ""


def labelled(locale: str, key: str, text: str) -> str:
    """Return a label and what it is of, with the punctuation of the language."""
    return phrase(locale, "labelled", {"label": phrase(locale, key), "text": text})


def _enhanced(codes: list[str]) -> str:
    lines = []
    for code in codes:
        found = registry.enhanced_code(code)
        lines.append(f"- `{code}`" + (f" {found['name']}" if found else ""))
    return "\n".join(lines)


def _references(references: list[str] | tuple[str, ...]) -> str:
    return "\n".join(f"- {reference}" for reference in references)


# -- verbs -------------------------------------------------------------------


def command(verb: str, locale: str) -> Composed | None:
    """Return the page of a verb, written in capitals, or None where it is not listed."""
    row = registry.command(verb)
    page = pages.find(locale, "commands", verb)
    if row is None or page is None:
        return None
    composed = Composed("command", page.title, page["summary"])
    composed.add("", page["summary"])
    composed.add(phrase(locale, "syntax"), f"```abnf\n{row['abnf']}\n```")
    for key, heading in (("description", "effect"), ("when", "allowed"), ("fix", "mistakes")):
        composed.add(phrase(locale, heading), page[key])
    composed.add(phrase(locale, "replies"), _may_draw(verb, locale))
    composed.add(phrase(locale, "references"), _references(str(row["ref"]).split("; ")))
    return composed


def _may_draw(verb: str, locale: str) -> str:
    row = registry.replies_to(verb)
    if row is None:
        return ""
    lines = []
    extra = {each["code"] for each in row.get("extension", [])}
    for key, codes in (
        ("reply-success", sorted({*row["success"], *(c for c in extra if c < 300)})),
        ("reply-intermediate", row["intermediate"]),
        ("reply-error", sorted({*row["error"], *(c for c in extra if c >= 400)})),
    ):
        if codes:
            shown = ", ".join(f"`{code}`" for code in codes)
            lines.append("- " + labelled(locale, key, shown))
    if verb in ("DATA", "MAIL", "RCPT"):
        lines.append("- " + labelled(locale, "any-command", "`421`, `500`, `501`"))
    return "\n".join(lines)


# -- rules -------------------------------------------------------------------


def rule(found: Rule, locale: str) -> Composed:
    """Return the page of a rule, with its examples and references."""
    page = pages.find(locale, "rules", found.name)
    shared = pages.read("shared", "rules", found.name)
    title = page.title if page else found.name
    composed = Composed("rule", f"{found.name} ({found.code}): {title}", title)
    facts = [
        labelled(locale, "severity", phrase(locale, found.severity)),
        labelled(locale, "category", phrase(locale, found.category)),
    ]
    composed.add("", "\n".join(f"- {fact}" for fact in facts))
    if page:
        composed.add(phrase(locale, "wrong"), page["wrong"])
        composed.add(phrase(locale, "do"), page["fix"])
    if shared:
        composed.add(phrase(locale, "example-bad"), shared["bad"])
        composed.add(phrase(locale, "example-good"), shared["good"])
    composed.add(phrase(locale, "references"), _references(found.references))
    return composed


# -- showing it --------------------------------------------------------------


def markdown(composed: Composed, *, level: int = 1) -> str:
    """Return a composed page as Markdown, its title at heading *level*."""
    parts = [f"{'#' * level} {composed.title}"]
    for heading, text in composed.blocks:
        if heading:
            parts.append(f"{'#' * (level + 1)} {heading}")
        parts.append(text)
    return "\n\n".join(parts) + "\n"


def text(composed: Composed, *, color: bool = False) -> str:
    """Return a composed page for a terminal."""
    strong, plain = ("\033[1m", "\033[0m") if color else ("", "")
    parts = [f"{strong}{composed.title}{plain}"]
    if not color:
        parts[0] += "\n" + "=" * len(composed.title)
    for heading, body in composed.blocks:
        shown = "\n".join(line for line in body.splitlines() if not line.startswith("```"))
        if heading:
            parts.append(f"{strong}{heading}{plain}\n" + _indented(shown))
        else:
            parts.append(shown)
    return "\n\n".join(parts) + "\n"


def _indented(body: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in body.splitlines())


def as_object(composed: Composed) -> dict[str, Any]:
    """Return a composed page as plain data."""
    return {
        "kind": composed.kind,
        "title": composed.title,
        "summary": composed.summary,
        "sections": [{"heading": heading, "text": body} for heading, body in composed.blocks],
    }
