"""Blocks of content: whose they are, how they ended, and what it means where no dot did."""

from __future__ import annotations

from smtp_lsp.dialects.reading import CONTENT, FINAL_DOT, SCRIPT
from smtp_lsp.dialects.utterance import DOT, OTHER_SIDE
from smtp_lsp.grammar import speech
from smtp_lsp.session import phases, reasons
from smtp_lsp.session.tree import Exchange, Violation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.utterance import Content, Utterance
    from smtp_lsp.session.walk import Walk

_TRANSACTION = ("MAIL", "DATA", "BDAT", "BDAT LAST")
"""Commands of the next transaction: where the content was not ended, they come too early."""


class Contents:
    """Takes the content of one session."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk

    def take(self, content: Content) -> None:
        """Take a block of content: of the DATA or BDAT whose turn it is."""
        exchange = self.walk.data if self.walk.data is not None else self._waiting_data()
        if exchange is None:
            return
        exchange.content = content
        if exchange.event in ("BDAT", "BDAT LAST"):
            self.walk.data = None
            return
        if self.walk.data is None:
            self.walk.early = content
            if content.ending == OTHER_SIDE:
                return  # the reply to DATA will tell what became of it
        if content.ending == DOT and content.dot is not None:
            self._end(content.dot)
        elif content:
            self._undotted(exchange, content)

    def _waiting_data(self) -> Exchange | None:
        """Return the DATA whose reply has not come though its content has."""
        last = self.walk.pending[-1] if self.walk.pending else None
        return last if last is not None and last.event == "DATA" else None

    def _end(self, dot: Utterance) -> None:
        exchange = Exchange("END", dot)
        self.walk.data = None
        self.walk.enqueue(exchange)
        self.walk.strays.content_ended(exchange)

    def _undotted(self, exchange: Exchange, content: Content) -> None:
        """Find out what became of content that no lone dot ended."""
        lines = list(content.lines())
        count = len(lines)
        while count and speech.command(bytes(lines[count - 1])).likely:
            count -= 1
        kept, commands = lines[:count], lines[count:]
        shows = self.walk.reading.evidence()
        if not shows & FINAL_DOT or not shows & CONTENT:
            commands_only = commands
        else:
            commands_only = self._report_undotted(kept, commands, content)
        if commands:
            exchange.content = content.until(count)
        if self.walk.early is not None:
            self.walk.early = exchange.content
        elif commands_only or self.walk.one_sided:
            self.walk.judge.state = self.walk.judge.state.but(
                phases=phases.READY, recipients=0, refused=0
            )
            self.walk.data = None
        for line in commands_only:
            self.walk.client(line, bytes(line))

    def _report_undotted(
        self, kept: list[Utterance], commands: list[Utterance], content: Content
    ) -> list[Utterance]:
        """Record what is wrong with content that was not ended; return what goes on behind it."""
        blank = next((line for line in reversed(kept) if bytes(line).strip()), None)
        if blank is not None and bytes(blank).strip() == b".":
            if commands or content.ending != OTHER_SIDE:
                self._blame(Violation("DOT", reasons.TRAILING_BLANK, blank, None))
            return commands
        if all(speech.is_placeholder(bytes(line)) or not bytes(line).strip() for line in kept):
            unheard = self.walk.one_sided or (
                self.walk.data is not None and self.walk.data.event != "DATA"
            )
            if not commands or kept or unheard:
                return commands
        if commands:
            mail = speech.command(bytes(commands[0])).event in _TRANSACTION
            event, reason = (
                ("DATA", reasons.MAIL_IN_CONTENT) if mail else ("CONTENT", reasons.NO_DOT)
            )
            command = speech.command(bytes(commands[0]))
            view = commands[0].sub(command.verb_start, command.verb_end)
            violation = Violation(event, reason, view, None)
            if kept:
                violation.related.append((reasons.CONTENT_ENDS, kept[-1]))
            self._blame(violation)
        elif content.ending == OTHER_SIDE or (
            self.walk.one_sided and self.walk.reading.dialect.kind == SCRIPT
        ):
            self._blame(Violation("CONTENT", reasons.NO_DOT, kept[-1], None))
        return commands

    def _blame(self, violation: Violation) -> None:
        """Record *violation*, and have what goes wrong behind it follow from it."""
        self.walk.judge.record(violation)
        self.walk.judge.cause = violation

    def judge_early(self, exchange: Exchange) -> None:
        """Judge content that the client sent without waiting for the reply to DATA."""
        content, self.walk.early = self.walk.early, None
        exchange.content = content
        first = next(content.lines(), content.dot) if content else content and content.dot
        first = first or (content.dot if content else None)
        if not exchange.replies or first is None or content is None:
            return
        accepted = self.walk.judge.state.phases == phases.DATA
        if accepted:
            violation = Violation("DATA", reasons.CONTENT_BEFORE_354, first, exchange)
            violation.related.append((reasons.ANSWERS, exchange.replies[-1].lines[0]))
        elif content:
            violation = Violation("DATA", reasons.CONTENT_AFTER_REFUSED, first, exchange)
            violation.related.append((reasons.REFUSED_HERE, exchange.replies[-1].lines[0]))
        else:
            violation = Violation("DOT", reasons.NO_354, first, exchange)
            violation.related.append((reasons.REFUSED_HERE, exchange.replies[-1].lines[0]))
        if self.walk.judge.cause is not None:
            self.walk.judge.follow(self.walk.judge.cause, reasons.FOLLOWS, first)
        else:
            self.walk.judge.record(violation)
        if accepted:
            self.walk.data = None
            if content.ending == OTHER_SIDE:
                self.walk.data = exchange
                self.walk.reading.take_content()
            return
        self._scatter(content)

    def _scatter(self, content: Content) -> None:
        """Have the lines of content that was refused wait for a reply each."""
        strays = [Exchange("STRAY", line) for line in content.lines()]
        if self.walk.pending and self.walk.pending[0].event == "END":
            dot = self.walk.pending.popleft()
            dot.event = "DOT"
            strays.append(dot)
        self.walk.pending.put_first(strays)
