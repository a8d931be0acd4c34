"""Line rules, remembered by what was said; and what the rules think of a whole session."""

from __future__ import annotations

from smtp_lsp.dialects.utterance import CLIENT, SERVER, Utterance
from smtp_lsp.grammar import speech
from smtp_lsp.rules import LineHit
from smtp_lsp.session.walk import Inspector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.rules import Rule
    from smtp_lsp.session.tree import Session

    Found = list[tuple[Rule, list[LineHit]]]


def spoken_lines(session: Session) -> Iterator[tuple[int, Utterance]]:
    """Yield every command and every line of a reply, with who said it.

    SASL responses, stray lines and content are no commands and are left out.
    """
    for exchange in session.exchanges:
        if exchange.said is not None and exchange.command is not None:
            yield CLIENT, exchange.said
        for reply in exchange.replies:
            for line in reply.lines:
                yield SERVER, line


class RuleInspector(Inspector):
    """Runs line rules once for each different line, and session rules for the skim."""

    def __init__(self, session_rules: list[Rule], line_rules: list[Rule]) -> None:
        self.session_rules = session_rules
        self.line_rules = line_rules
        self._hits: dict[tuple[int, bytes], Found] = {}

    def hits(self, side: int, line: bytes) -> Found:
        """Return what the line rules find in a line that *side* said."""
        key = (side, line)
        found = self._hits.get(key)
        if found is None:
            found = self._find(side, line)
            if len(self._hits) >= speech.REMEMBERED:
                self._hits.clear()
            self._hits[key] = found
        return found

    def _find(self, side: int, line: bytes) -> Found:
        said = speech.command(line) if side == CLIENT else speech.reply_line(line)
        if said is None:
            return []
        found: Found = []
        for rule in self.line_rules:
            hits: list[LineHit] = [hit for hit in rule.check(said) if isinstance(hit, LineHit)]
            if hits:
                found.append((rule, hits))
        return found

    def is_clean(self, side: int, line: bytes) -> bool:
        return not self.line_rules or not self.hits(side, line)

    def is_faultless(self, session: Session) -> bool:
        for rule in self.session_rules:
            for _ in rule.check(session):
                return False
        return True
