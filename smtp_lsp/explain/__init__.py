"""Finding the page of a thing, and composing it from prose and facts.

The same composition serves the shell, hover and, one day, a site.
"""

from __future__ import annotations

from smtp_lsp import pages, registry
from smtp_lsp.explain import servers, topics
from smtp_lsp.explain.composed import (
    Composed,
    as_object,
    command_name,
    labelled,
    markdown,
    references,
    text,
    with_text,
)
from smtp_lsp.pages import phrase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from smtp_lsp.rules import Rule

__all__ = [
    "Composed",
    "as_object",
    "command",
    "find",
    "markdown",
    "nearest",
    "reply",
    "rule",
    "text",
]

_KINDS = ("keyword", "parameter", "mechanism", "field", "verb", "rule")
"""Words before a colon that say which of several things is meant: ``field:From``."""


def find(word: str, locale: str) -> Composed | None:
    """Return the page of whatever *word* names, or None.

    Reply codes, enhanced codes, verbs, rules by name, code or alias, EHLO keywords, MAIL and
    RCPT parameters, AUTH mechanisms, header fields, in this order; what else a word names is
    said at the end of its page, and can be asked for as ``keyword:SIZE``.
    """
    thing = word.strip().strip("`")
    kind, colon, rest = thing.partition(":")
    if colon and kind.lower() in _KINDS and rest:
        return next((each for name, each in _senses(rest, locale) if name == kind.lower()), None)
    senses = _senses(thing, locale)
    if not senses:
        return None
    composed = senses[0][1]
    also = [
        with_text(locale, f"`{name}:{thing.rstrip(':=')}`", each.summary or each.title)
        for name, each in senses[1:]
    ]
    composed.add(phrase(locale, "also"), "\n".join(f"- {each}" for each in also))
    return composed


def _senses(thing: str, locale: str) -> list[tuple[str, Composed]]:
    from smtp_lsp import rules

    if len(thing) == 3 and thing.isascii() and thing.isdigit() and thing[0] in "2345":
        return [("reply", reply(int(thing), locale))]
    if thing.count(".") == 2:
        enhanced = topics.enhanced(thing, locale)
        return [("enhanced", enhanced)] if enhanced else []
    found_rule = rules.find(thing)
    senses = [
        ("verb", command(thing.upper(), locale)),
        ("rule", rule(found_rule, locale) if found_rule else None),
        ("keyword", topics.extension(thing, locale)),
        ("parameter", topics.parameter(thing, locale)),
        ("mechanism", topics.mechanism(thing, locale)),
        ("field", topics.field(thing, locale)),
    ]
    return [(name, composed) for name, composed in senses if composed is not None]


def nearest(word: str) -> list[str]:
    """Return up to three things that *word* may have meant."""
    import difflib

    from smtp_lsp import rules

    known = [str(code) for code in registry.reply_codes()] + registry.verbs() + topics.names()
    for each in rules.all_rules():
        known += [each.name, each.code, *each.aliases]
    folded = {name.lower(): name for name in known}
    return [folded[n] for n in difflib.get_close_matches(word.lower(), folded, 3, 0.67)]


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
    composed.add(phrase(locale, "enhanced"), _enhanced(row["enhanced_typical"], locale))
    composed.add(phrase(locale, "references"), references(row["defined_by"]))
    return composed


def _unlisted(code: int, locale: str) -> Composed:
    named = {"code": str(code)}
    composed = Composed("reply", phrase(locale, "unlisted-title", named))
    composed.add("", phrase(locale, "unlisted", named))
    composed.add(phrase(locale, "class"), _class_name(code, locale))
    composed.add(phrase(locale, "description"), phrase(locale, f"unlisted-{code // 100}"))
    composed.add(phrase(locale, "references"), references(["RFC 5321 4.2", "RFC 5321 4.2.1"]))
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
    parts = [command_name(locale, name) for name in row["commands"]]
    return phrase(locale, "sent-by", {"commands": ", ".join(parts)}) if parts else ""


def _enhanced(codes: list[str], locale: str) -> str:
    named = [f"`{code}` {topics.enhanced_name(code, locale)}".rstrip() for code in codes]
    return "\n".join(f"- {each}" for each in named)


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
    composed.add(phrase(locale, "references"), references(str(row["ref"]).split("; ")))
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
    composed = Composed("rule", with_text(locale, f"{found.name} ({found.code})", title), title)
    facts = [
        labelled(locale, "severity", phrase(locale, found.severity)),
        labelled(locale, "category", ", ".join(phrase(locale, c) for c in found.categories)),
    ]
    composed.add("", "\n".join(f"- {fact}" for fact in facts))
    if page:
        composed.add(phrase(locale, "wrong"), page["wrong"])
        composed.add(phrase(locale, "do"), page["fix"])
    composed.add(phrase(locale, "fixes"), _fixes(found, locale))
    composed.add(phrase(locale, "servers"), servers.told(found.code, locale))
    if shared:
        composed.add(phrase(locale, "example-bad"), shared["bad"])
        composed.add(phrase(locale, "example-good"), shared["good"])
    composed.add(phrase(locale, "references"), references(found.references))
    return composed


def _fixes(found: Rule, locale: str) -> str:
    """Return what ``--fix`` can do about what a rule finds, and what only with your leave."""
    lines = []
    for key, applicability in found.fixes.items():
        named = {"text": phrase(locale, key, {"wanted": "…", "name": "NAME"})}
        lines.append("- " + phrase(locale, f"fix-{applicability}", named))
    return "\n".join(lines)
