"""Two reply codes side by side: composed from their pages and the axes they share, and for
the pairs that people confuse written by hand.
"""

from __future__ import annotations

from smtp_lsp import pages, registry
from smtp_lsp.explain.composed import Composed, command_name, with_text
from smtp_lsp.pages import phrase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def compare(first: int, second: int, locale: str) -> Composed:
    """Return the comparison of two reply codes. Every pair works, listed or not.

    In this order: one summary sentence, both descriptions, when each is seen, how to fix each,
    the key differences, when to use which.
    """
    codes = (first, second)
    low, high = min(codes), max(codes)
    written = pages.find(locale, "compare", f"{low}-{high}")
    shown = {code: pages.find(locale, "replies", str(code)) for code in codes}
    named = {"a": str(first), "b": str(second)}
    summary = written["summary"] if written else _summary(codes, locale)
    composed = Composed("comparison", phrase(locale, "compare-title", named), summary)
    composed.add("", summary)
    for key in ("description", "when", "fix"):
        for code in codes:
            page = shown[code]
            text = page[key] if page else _by_class(code, key, locale)
            composed.add(with_text(locale, str(code), phrase(locale, key)), text)
    differences = written["differences"] if written else _differences(codes, locale)
    composed.add(phrase(locale, "compare-differences"), differences)
    choose = written["choose"] if written else _choose(codes, locale)
    composed.add(phrase(locale, "compare-choose"), choose)
    return composed


def _by_class(code: int, key: str, locale: str) -> str:
    if key == "description":
        return phrase(locale, f"unlisted-{code // 100}")
    return phrase(locale, "unlisted", {"code": str(code)}) if key == "when" else ""


def _short(code: int, locale: str) -> str:
    """Return what a code says in a few words: its page's title without the code."""
    page = pages.find(locale, "replies", str(code))
    return page.title.partition(" ")[2] if page else phrase(locale, f"class-{code // 100}")


def _summary(codes: tuple[int, int], locale: str) -> str:
    first, second = codes
    named = {
        "a": str(first),
        "b": str(second),
        "says_a": _short(first, locale),
        "says_b": _short(second, locale),
    }
    return phrase(locale, "compare-same" if first == second else "compare-summary", named)


def _differences(codes: tuple[int, int], locale: str) -> str:
    first, second = codes
    named = {"a": str(first), "b": str(second)}
    lines = []
    if first // 100 != second // 100:
        for code in codes:
            lines.append(with_text(locale, f"`{code}`", phrase(locale, f"class-{code // 100}")))
    else:
        same = {**named, "class": phrase(locale, f"class-{first // 100}")}
        lines.append(phrase(locale, "compare-same-class", same))
    if first // 10 % 10 != second // 10 % 10:
        for code in codes:
            category = phrase(locale, f"category-{code // 10 % 10}")
            lines.append(with_text(locale, f"`{code}`", category))
    ours, theirs = _commands(first), _commands(second)
    both = [command for command in ours if command in theirs]
    if both:
        lines.append(phrase(locale, "compare-both", {**named, "commands": _list(both, locale)}))
    for code, mine, other in ((first, ours, theirs), (second, theirs, ours)):
        only = [command for command in mine if command not in other]
        if only:
            wanted = {"a": str(code), "commands": _list(only, locale)}
            lines.append(phrase(locale, "compare-only", wanted))
    return "\n".join(f"- {line}" for line in lines)


def _commands(code: int) -> list[str]:
    row: dict[str, Any] | None = registry.reply_code(code)
    return list(row["commands"]) if row else []


def _list(commands: list[str], locale: str) -> str:
    return ", ".join(command_name(locale, command) for command in commands)


def _choose(codes: tuple[int, int], locale: str) -> str:
    lines = []
    for code in codes:
        page = pages.find(locale, "replies", str(code))
        text = page["summary"] if page else phrase(locale, f"unlisted-{code // 100}")
        lines.append(f"- {with_text(locale, f'`{code}`', text)}")
        lines.append(f"- {phrase(locale, f'compare-treat-{code // 100}', {'a': str(code)})}")
    return "\n".join(dict.fromkeys(lines))
