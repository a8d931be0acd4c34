"""Which well-known server or provider speaks, and what its reply means.

The table is ``registry/facts/providers.toml``; who speaks is told by the greeting, by the
reply to EHLO, or by a reply whose words are those of one server alone.
"""

from __future__ import annotations

from smtp_lsp import registry
from smtp_lsp.grammar import Production

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.registry import Row
    from smtp_lsp.session.tree import Reply, Session

_IGNORECASE = 2
_FIRST = 8
"""Exchanges in which the greeting and the first hello are found."""
_LONGEST = 400
"""Octets of a greeting that are looked at."""

_patterns: dict[str, Production] = {}


class Known:
    """A reply that the table knows: ``provider`` its row, ``reply`` what the reply means."""

    __slots__ = ("provider", "reply")

    def __init__(self, provider: Row, reply: Row) -> None:
        self.provider = provider
        self.reply = reply

    @property
    def title(self) -> str:
        title: str = self.provider["title"]
        return title

    @property
    def reference(self) -> str:
        """Where the provider itself says so."""
        reference: str = self.reply.get("reference") or self.provider["reference"]
        return reference

    @property
    def place(self) -> tuple[str, str]:
        """The name of the page, and the key of the entry in it."""
        return self.provider["name"], self.reply["key"]


def speaker(session: Session) -> Row | None:
    """Return who speaks in *session*, as the greeting or the reply to the hello tell."""
    for exchange in session.exchanges[:_FIRST]:
        if exchange.event in ("GREETING", "HELLO") and exchange.replies:
            text = exchange.replies[-1].text()[:_LONGEST].decode("latin-1").lower()
            for row in registry.table("providers")["provider"]:
                if any(word in text for word in row["greeting"]):
                    found: Row = row
                    return found
    return None


def known_reply(session: Session, reply: Reply) -> Known | None:
    """Return what the table knows of *reply*: its provider told by the text, or by the session."""
    raw = reply.text()
    text = raw.decode("latin-1").lower()
    heard = speaker(session)
    for row in registry.table("providers")["provider"]:
        speaks = heard is row or any(word in text for word in row["text"])
        if not speaks and heard is not None:
            continue
        for entry in row["reply"]:
            if entry["codes"] and reply.code not in entry["codes"]:
                continue
            if (speaks or entry["telling"]) and _says(entry, text, raw):
                return Known(row, entry)
    return None


def _says(entry: Row, text: str, raw: bytes) -> bool:
    """Say whether a reply says what *entry* is about: a word of its, or its pattern."""
    if any(word in text for word in entry["words"]):
        return True
    pattern: str = entry["pattern"]
    if not pattern:
        return False
    found = _patterns.get(pattern)
    if found is None:
        found = _patterns[pattern] = Production(pattern.encode(), _IGNORECASE)
    return found.search(raw) is not None
