"""Line rules, remembered by what was said; what the rules think of a session and its messages."""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE, SERVER_SIDE
from smtp_lsp.dialects.utterance import CLIENT, SERVER, Utterance
from smtp_lsp.grammar import speech
from smtp_lsp.message import date
from smtp_lsp.rules import LineHit
from smtp_lsp.session.walk import Inspector
from smtp_lsp.text.view import Buffer, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar.speech import Command, ReplyLine
    from smtp_lsp.lint.enclosed import Enclosed
    from smtp_lsp.rules import Rule
    from smtp_lsp.session.tree import Exchange, Session

    Found = list[tuple[Rule, list[LineHit]]]

_DIFFERENT_WORDS = 1024
"""For how many verbs and codes the rules concerned are remembered: a file may hold any words."""


def spoken_lines(session: Session) -> Iterator[tuple[int, Utterance, Exchange]]:
    """Yield every command and every line of a reply, with who said it, and in which exchange.

    SASL responses, stray lines and content are no commands and are left out.
    """
    for exchange in session.exchanges:
        if exchange.said is not None and exchange.command is not None:
            yield CLIENT, exchange.said, exchange
        for reply in exchange.replies:
            for line in reply.lines:
                yield SERVER, line, exchange


def verbs_of(session: Session) -> set[str]:
    """Return the verbs of a session's commands, in capitals, as session rules ``concern`` them."""
    return {exchange.verb for exchange in session.exchanges}


class RuleInspector(Inspector):
    """Runs line rules once for each different line, and session rules for the skim."""

    def __init__(
        self,
        session_rules: list[Rule],
        line_rules: list[Rule],
        enclosed: Enclosed,
    ) -> None:
        self.session_rules = session_rules
        self.line_rules = line_rules
        self.enclosed = enclosed
        self._hits: dict[tuple[int, bytes], Found] = {}
        self._concerned: dict[tuple[int, str], list[Rule]] = {}

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
        if side == CLIENT:
            command = speech.command(line)
            said: Command | ReplyLine = command
            word = command.verb
        else:
            reply = speech.reply_line(line)
            if reply is None:
                return []
            said, word = reply, str(reply.code)
        rules = self._concerned.get((side, word))
        if rules is None:
            rules = self._concerning(side, word)
        found: Found = []
        plain: object = None  # the question that was answered: nothing is wrong with this line
        for rule in rules:
            if rule.unless is not None:
                if rule.unless is plain:
                    continue
                if rule.unless(said):
                    plain = rule.unless
                    continue
            hits: list[LineHit] = [hit for hit in rule.check(said) if isinstance(hit, LineHit)]
            if hits:
                found.append((rule, hits))
        return found

    def _concerning(self, side: int, word: str) -> list[Rule]:
        """Return the line rules for what *side* says with this verb or code."""
        bit = CLIENT_SIDE if side == CLIENT else SERVER_SIDE
        rules = [
            rule
            for rule in self.line_rules
            if rule.needs & bit and (not rule.concerns or word in rule.concerns)
        ]
        if len(self._concerned) < _DIFFERENT_WORDS:
            self._concerned[side, word] = rules
        return rules

    def is_clean(self, side: int, line: bytes) -> bool:
        return not self.line_rules or not self.hits(side, line)

    def is_date(self, day: bytes) -> bool:
        value = day + b" 00:00:00 +0000"
        return date.is_tidy(View(Buffer(value), 0, len(value)))

    def is_faultless(self, session: Session) -> bool:
        verbs = verbs_of(session)
        for rule in self.session_rules:
            if not rule.concerns or rule.concerns & verbs:
                for _ in rule.check(session):
                    return False
        for message in self.enclosed.messages(session):
            if self.enclosed.is_thorough():
                return False  # a rule compares what the next session may have otherwise
            for rule, _ in self.enclosed.rules(message):
                for _ in rule.check(message):
                    return False
        return True
