"""Lines that are content where no content may be: the tail of a message that a lone dot ended
early, and content that was sent although ``DATA`` was refused.

The server takes each of them for a command. All of them follow from one mistake, and the
session goes on where the client says a command again or a dot shows the end it meant.
"""

from __future__ import annotations

from smtp_lsp.session import guards, phases, reasons
from smtp_lsp.session.tree import Exchange, Violation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.utterance import Utterance
    from smtp_lsp.grammar.speech import Command
    from smtp_lsp.session.walk import Walk


class Strays:
    """What one session's client says out of place. ``going`` while such lines go on."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.going = False
        self.replied = False  # the server answered one of the lines
        self.root: Violation | None = None  # what the lines follow from
        self.ended: Exchange | None = None  # the dot behind which prose would tell of trouble
        self.further_dots: list[Violation] = []  # lone dots right behind that one
        self.meant_end: Utterance | None = None  # the dot that ended such a tail

    def content_ended(self, exchange: Exchange) -> None:
        """Note that content was ended by the dot of *exchange*."""
        self.going = False
        self.ended = exchange
        self.further_dots = []

    def command_said(self) -> None:
        """Note that the client said a command: the last dot ended its content as meant."""
        self.ended = self.meant_end = None
        self.further_dots = []

    def takes(self, said: Utterance, command: Command) -> bool:
        """Take a line that is content where none may be; say whether it was one."""
        if self.going:
            if command.likely and command.event != "DEBUG":
                self.going = False
                return False
        elif (
            command.likely
            or (command.known and command.event == "UNKNOWN")
            or not (self._resumes() or self._is_behind_dot(said, command) or self._is_refused(said))
        ):
            return False
        self._line(said)
        return True

    def _resumes(self) -> bool:
        """Say whether a tail goes on behind a dot that seemed to end it: one more early dot."""
        if self.meant_end is None or self.root is None:
            return False
        self.root.dotted.append(self.meant_end)
        related = self.root.related
        self.root.related = [place for place in related if place[0] != reasons.MEANT_END]
        self.root.fixable = False
        self.meant_end = None
        self.going = True
        self._swallow_dots(self.root)
        return True

    def _is_behind_dot(self, said: Utterance, command: Command) -> bool:
        """Say whether the text goes on behind the dot that ended it: an early dot."""
        if self.ended is None or command.verb.startswith("X"):
            return False
        violation = Violation("DOT", reasons.EARLY, self.ended.said or said, self.ended)
        violation.related.append((reasons.GOES_ON, said))
        self._swallow_dots(violation)
        self._begin(violation)
        return True

    def _is_refused(self, said: Utterance) -> bool:
        """Say whether content is sent although the last command was a DATA that was refused."""
        refused = self.walk.refused_data()
        if refused is None:
            return False
        cause = self.walk.judge.cause
        if cause is not None:
            self._begin(cause)
            self.walk.judge.follow(cause, reasons.FOLLOWS, said)
            return True
        violation = Violation("DATA", reasons.CONTENT_AFTER_REFUSED, said, refused)
        violation.related.append((reasons.REFUSED_HERE, refused.replies[-1].lines[0]))
        self._begin(violation)
        return True

    def _swallow_dots(self, violation: Violation) -> None:
        """Take dots that had followed at once for the author's text: it goes on behind them."""
        for further in self.further_dots:
            self.walk.session.violations.remove(further)
            violation.dotted.append(further.view)
        self.further_dots = []

    def _begin(self, violation: Violation) -> None:
        if violation is not self.walk.judge.cause:
            self.walk.judge.record(violation)
        self.root = violation
        self.going = True
        self.replied = False

    def _line(self, said: Utterance) -> None:
        exchange = Exchange("STRAY", said)
        exchange.violation = self.root
        line = bytes(said)
        if self.root is not None and line[:1] == b"." and line[1:].strip() and line[1:2] != b".":
            self.root.dotted.append(said)
        self.walk.enqueue(exchange)

    def dot(self, said: Utterance) -> None:
        """Take a lone dot where no content is."""
        exchange = Exchange("DOT", said)
        if self.going:
            self.going = False
            exchange.violation = self.root
            if self.root is not None and self.root.reason == reasons.EARLY:
                self.root.fixable = self.walk.one_sided and not self.replied
                self.walk.judge.follow(self.root, reasons.MEANT_END, said)
                self.meant_end = said
            self.walk.enqueue(exchange)
            return
        refused = self.walk.refused_data()
        state = self.walk.judge.state
        if refused is not None:
            if self.walk.judge.cause is not None:
                self.walk.judge.follow(self.walk.judge.cause, reasons.FOLLOWS, said)
            else:
                violation = Violation("DOT", reasons.NO_354, said, exchange)
                violation.related.append((reasons.REFUSED_HERE, refused.replies[-1].lines[0]))
                self.walk.judge.record(violation, exchange)
        elif state.phases & phases.DATA and not self.walk.one_sided:
            exchange.event = "END"
        elif not guards.is_closed(state):
            violation = Violation("DOT", reasons.OUTSIDE, said, exchange)
            self.walk.judge.record(violation, exchange)
            if self.ended is not None:
                self.further_dots.append(violation)
        self.walk.enqueue(exchange)
