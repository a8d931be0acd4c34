"""What a well-known server or provider means by a reply, and what to do, in words."""

from __future__ import annotations

from smtp_lsp import pages, registry


def sentence(locale: str, provider: str, key: str) -> str:
    """Return what *provider* means by the reply *key*, what to do, and where it says so.

    Nothing where there is no such entry.
    """
    entry = pages.provider(locale, provider, key)
    rows = [row for row in registry.table("providers")["provider"] if row["name"] == provider]
    if not rows or entry is None:
        return ""
    references = [reply.get("reference") for reply in rows[0]["reply"] if reply["key"] == key]
    named = {
        "provider": rows[0]["title"],
        "meaning": entry[0],
        "do": entry[1],
        "reference": (references and references[0]) or rows[0]["reference"],
    }
    return pages.phrase(locale, "provider-says", named)
