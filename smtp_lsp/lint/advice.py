"""What a well-known server or provider means by a reply, and what to do, in words."""

from __future__ import annotations

from smtp_lsp import pages, registry


def sentence(locale: str, provider: str, key: str) -> str:
    """Return what *provider* means by the reply *key*, what to do, and where it says so.

    Nothing where there is no such entry.
    """
    row = next((r for r in registry.table("providers")["provider"] if r["name"] == provider), None)
    entry = pages.provider(locale, provider, key)
    if row is None or entry is None:
        return ""
    reply = next((r for r in row["reply"] if r["key"] == key), {})
    named = {
        "provider": row["title"],
        "meaning": entry[0],
        "do": entry[1],
        "reference": reply.get("reference") or row["reference"],
    }
    return pages.phrase(locale, "provider-says", named)
