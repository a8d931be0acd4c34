"""A composed page, and showing it as Markdown, for a terminal, or as plain data."""

from __future__ import annotations

from smtp_lsp.pages import phrase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


_NO_VERBS = {
    "(any)": "any-command",
    "(any after 554 greeting)": "any-after-554",
    "(any after 521 greeting)": "any-after-521",
    "(any after weak TLS)": "any-after-weak-tls",
    "(most)": "most-commands",
    "(asynchronous)": "asynchronous",
    "(connection)": "connection",
    "(greeting)": "connection",
    "(end-of-data)": "end-of-data",
}


class Composed:
    """A page ready to be shown: ``kind`` is reply, enhanced, command, rule and so on.

    Each block has a heading (or none) and Markdown.
    """

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


def labelled(locale: str, key: str, text: str) -> str:
    """Return a label and what it is of, with the punctuation of the language."""
    return with_text(locale, phrase(locale, key), text)


def with_text(locale: str, label: str, text: str) -> str:
    """Return *label*, a colon as the language writes it, and *text* in one line."""
    return phrase(locale, "labelled", {"label": label, "text": " ".join(text.split())})


def command_name(locale: str, name: str) -> str:
    """Return how a page names a verb, or what stands in the facts where no verb does."""
    word = _NO_VERBS.get(name)
    return phrase(locale, word) if word else f"`{name}`"


def notation(locale: str, text: str) -> str:
    """Return a table's note on syntax in the words of the language, where it is no notation."""
    key = "fact-" + "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
    found = phrase(locale, key)
    return text if found == key else found


def references(cited: Iterable[str]) -> str:
    """Return references as a list."""
    return "\n".join(f"- {reference}" for reference in cited)


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
