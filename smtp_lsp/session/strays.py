"""Lines that are content where no content may be: the tail of a message that a lone dot ended
early, content that was sent although ``DATA`` was refused, or without any ``DATA`` at all.

The server takes each of them for a command. All of them follow from one mistake, and the
session goes on where the client says a command again or a dot shows the end it meant.

That a dot ended the content early needs evidence. One line behind it that is no command may
be a slip of the fingers, a verb that is not known here, or a remark. So such lines are only
suspects, until a further lone dot comes, the server answers prose with 500 or 502, or there
is a second line of prose; a positive reply clears a suspect.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production, speech
from smtp_lsp.session import guards, phases, reasons
from smtp_lsp.session.tree import Exchange, Violation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.utterance import Utterance
    from smtp_lsp.grammar.speech import Command
    from smtp_lsp.session.tree import Reply
    from smtp_lsp.session.walk import Walk

_FIELD = Production(rb"[A-Za-z][!-9;-~]*:(?:[ \t]|$)")
_UNKNOWN_COMMANDS = (500, 502)
# `mial from:<a@b>`, `rcptto: <a@b>`: a MAIL or RCPT gone wrong, or a path and nothing else.
_MISTYPED = Production(rb"[ \t]*[mr][a-z0-9]{1,5}[ \t]*(?:from|to)[ \t]*:?[ \t]*<", 2)
_ONLY_PATH = Production(rb"[^:]*:[ \t]*<[^>]*>[ \t]*$")


def is_field(line: bytes) -> bool:
    """Say whether *line* looks like a header field (RFC 5322 2.2)."""
    return _FIELD.match(line) is not None


def is_prose(command: Command) -> bool:
    """Say whether a line is an author's text rather than a command gone wrong.

    Prose has several words, and the first is neither a verb nor written like one.
    """
    if command.known:
        return False
    text = command.text.strip()
    if _MISTYPED.match(text):
        return False
    if is_field(text):
        return True
    word = text.split(None, 1)[0] if text else b""
    if b" " not in text or (len(word) >= 3 and word.isalpha() and word.isupper()):
        return False
    return not speech.resembled(word)


def is_firm(command: Command) -> bool:
    """Say whether a line is a command beyond doubt: `Help is near` may still be prose."""
    return command.likely and command.event not in ("DEBUG", "UNKNOWN")


class Strays:
    """What one session's client says out of place. ``going`` while such lines go on."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.going = False
        self.replied = False  # the server answered one of the lines
        self.root: Violation | None = None  # what the lines follow from
        self.ended: Exchange | None = None  # the dot behind which prose would tell of trouble
        self.suspects: dict[int, Exchange] = {}  # what was said behind it, by identity
        self.prose = 0  # how many of them are prose
        self.outside: Violation | None = None  # lone dots right behind that one, as one finding
        self.further_dots: list[Utterance] = []
        self.meant_end: Utterance | None = None  # the dot that ended such a tail

    def content_ended(self, exchange: Exchange) -> None:
        """Note that content was ended by the dot of *exchange*."""
        self.command_said()
        self.going = False
        self.ended = exchange

    def command_said(self) -> None:
        """Note that the client said a command: the last dot ended its content as meant."""
        self.ended = self.meant_end = None
        self.suspects = {}
        self.prose = 0
        self.outside = None
        self.further_dots = []

    # -- lines ---------------------------------------------------------------

    def takes(self, said: Utterance, command: Command) -> bool:
        """Take a line that is content where none may be; say whether it was one."""
        if self.going:
            if is_firm(command):
                self.going = False
                return False
        elif is_firm(command) or not self._begins(said, command):
            return False
        self._line(said)
        return True

    def _begins(self, said: Utterance, command: Command) -> bool:
        """Say whether stray content begins with this line beyond doubt."""
        if not is_prose(command):
            return False
        if self._is_watching():
            if self.walk.one_sided:
                self._confirm(said)
            return self.walk.one_sided
        return self._is_refused(said) or self._is_unasked(said)

    def consider(self, exchange: Exchange, command: Command) -> None:
        """Remember what was said behind a dot; a second line of prose is evidence enough."""
        if is_firm(command):
            self.command_said()
        elif self._is_watching() and exchange.said is not None:
            self.suspects[id(exchange)] = exchange
            self.prose += is_prose(command)
            if self.prose > 1:
                self._confirm()

    def _is_watching(self) -> bool:
        """Say whether a dot has just ended content, or the tail of a message that went on."""
        return self.ended is not None or self.meant_end is not None

    def answered(self, exchange: Exchange, reply: Reply) -> None:
        """Take the server's answer to a suspect for or against it."""
        if id(exchange) not in self.suspects:
            return
        command = exchange.command
        if reply.code < 400 and reply.code != 221:
            del self.suspects[id(exchange)]
            if command is not None:
                self.prose -= is_prose(command)
        elif (
            command is not None
            and is_prose(command)
            # A header field that the server hangs up on is no slip of the fingers.
            and (reply.code in _UNKNOWN_COMMANDS or is_field(command.text))
        ):
            self._confirm()

    def _confirm(self, said: Utterance | None = None) -> None:
        """The dot ended the content early: what was said since is the author's text."""
        ended = self.ended
        suspects = list(self.suspects.values())
        first = suspects[0].said if suspects else said
        if self.meant_end is not None and self.root is not None:
            self._resume(self.root, self.meant_end)
        elif ended is None or ended.said is None or first is None:
            return
        else:
            violation = Violation("DOT", reasons.EARLY, ended.said, ended)
            violation.related.append((reasons.GOES_ON, first))
            self._swallow_dots(violation)
            self._begin(violation)
        for exchange in suspects:
            self._retract(exchange)
            self._note_dot(exchange.said)
            if exchange.replies:
                self.replied = True
        self.suspects = {}
        self.prose = 0
        self.ended = None

    def _retract(self, exchange: Exchange) -> None:
        """Take back what was found in a line that was no command."""
        session, judge = self.walk.session, self.walk.judge
        if exchange in session.refusals:
            session.refusals.remove(exchange)
        found = exchange.violation
        if found is not None and found.exchange is exchange:
            session.violations.remove(found)
            if judge.cause is found:
                judge.cause = None
        self.walk.pending.rename(exchange, "STRAY")
        exchange.violation = self.root

    def _resume(self, root: Violation, dot: Utterance) -> None:
        """Go on with a tail behind a dot that seemed to end it: one more early dot."""
        root.dotted.append(dot)
        root.related = [place for place in root.related if place[0] != reasons.MEANT_END]
        root.fixable = False
        self.meant_end = None
        self.going = True
        self._swallow_dots(root)

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

    def _is_unasked(self, said: Utterance) -> bool:
        """Say whether a message begins inside a transaction though nobody said DATA."""
        state = self.walk.judge.state
        line = bytes(said)
        if not state.is_only(phases.RCPT) or self.walk.pending or not is_field(line):
            return False
        if _ONLY_PATH.match(line):
            return False
        self._begin(Violation("DATA", reasons.CONTENT_WITHOUT_DATA, said, None))
        return True

    def _swallow_dots(self, violation: Violation) -> None:
        """Take dots that had followed at once for the author's text: it goes on behind them."""
        if self.outside is not None:
            self.walk.session.violations.remove(self.outside)
        violation.dotted.extend(self.further_dots)
        self.outside = None
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
        self._note_dot(said)
        self.walk.enqueue(exchange)

    def _note_dot(self, said: Utterance | None) -> None:
        """Note a line of the tail that a fix would have to stuff as well."""
        line = bytes(said) if said is not None else b""
        if said is None or self.root is None or line[:1] != b".":
            return
        if line[1:].strip() and line[1:2] != b".":
            self.root.dotted.append(said)

    # -- lone dots -----------------------------------------------------------

    def dot(self, said: Utterance) -> None:
        """Take a lone dot where no content is."""
        exchange = Exchange("DOT", said)
        if not self.going and self.suspects:
            self._confirm()
        if self.going:
            self._end_tail(exchange, said)
        elif self.walk.refused_data() is not None:
            self._nothing_to_end(exchange, said)
        elif self._may_end(said):
            exchange.event = "END"
        elif not guards.is_closed(self.walk.judge.state):
            self._outside(exchange, said)
        self.walk.enqueue(exchange)

    def _outside(self, exchange: Exchange, said: Utterance) -> None:
        """Report a dot where nothing is to be ended; a row of them is one mistake."""
        if self.outside is None:
            self.outside = Violation("DOT", reasons.OUTSIDE, said, exchange)
            self.walk.judge.record(self.outside, exchange)
        else:
            self.walk.judge.follow(self.outside, reasons.FOLLOWS, said)
            exchange.violation = self.outside
        if self._is_watching():
            self.further_dots.append(said)

    def _may_end(self, said: Utterance) -> bool:
        """Say whether the dot may end content that the record does not show."""
        state = self.walk.judge.state
        if self.walk.one_sided or self.walk.pending.has("END"):
            return False
        return bool(state.phases & phases.DATA) and said is not None

    def _end_tail(self, exchange: Exchange, said: Utterance) -> None:
        self.going = False
        exchange.violation = self.root
        if self.root is not None and self.root.reason == reasons.EARLY:
            self.root.fixable = self.walk.one_sided and not self.replied
            self.walk.judge.follow(self.root, reasons.MEANT_END, said)
            self.meant_end = said

    def _nothing_to_end(self, exchange: Exchange, said: Utterance) -> None:
        refused = self.walk.refused_data()
        judge = self.walk.judge
        if judge.cause is not None:
            judge.follow(judge.cause, reasons.FOLLOWS, said)
        elif refused is not None:
            violation = Violation("DOT", reasons.NO_354, said, exchange)
            violation.related.append((reasons.REFUSED_HERE, refused.replies[-1].lines[0]))
            judge.record(violation, exchange)
