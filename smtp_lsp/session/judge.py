"""Judging exchanges in the order in which the server saw them.

A command is judged when its reply has come (or never will): in a pipelined group only the
server's order counts (RFC 2920 3.1). What is out of order becomes a violation; what merely
follows from one already found is added to it. Then the session goes on in the state that
the server's reply shows.
"""

from __future__ import annotations

from smtp_lsp.session import guards, phases, reasons
from smtp_lsp.session.guards import State
from smtp_lsp.session.tree import (
    BDAT_PENDING,
    HELLO_PENDING,
    MAIL_PENDING,
    RCPT_PENDING,
    Exchange,
    Reply,
    Session,
    Violation,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.text.view import View

# What a reply would have been where none is shown: the command is taken as accepted.
IMPLIED = {"DATA": 354, "GREETING": 220, "STARTTLS": 220, "QUIT": 221, "AUTH": 235}

_ONCE = (phases.AFTER_QUIT, phases.DEBUG_BEFORE_HELLO)
"""Reasons that are one mistake, however many commands it shows in."""

_MOST_RELATED = 5
_CONTENT_EVENTS = frozenset({"DATA", "BDAT", "BDAT LAST"})

# A positive reply to one of these is a step forward.
_STEPS = frozenset({"HELLO", "MAIL", "RSET", "STARTTLS", "END", "DATA", "BDAT"})

# Events whose order the rules judge in full. What the table says of the others (STARTTLS,
# AUTH, ETRN, XCLIENT before a hello or inside a transaction) has no rule yet, and a
# violation that nobody reports must not swallow one that somebody would.
_ORDERED = frozenset({"HELLO", "MAIL", "RCPT", "RSET", "DEBUG", *_CONTENT_EVENTS})


class Judge:
    """Keeps the state of one session, and finds what it does not allow."""

    def __init__(self, session: Session, possible: int) -> None:
        self.session = session
        self.state = State(possible)
        self.cause: Violation | None = None
        self.cleared_by: Exchange | None = None
        self.mail_refused: Exchange | None = None
        self.demanded_by: Exchange | None = None
        self.recipients_refused: list[Exchange] = []
        self.quit: Exchange | None = None

    def settle(self, exchange: Exchange, reply: Reply | None) -> None:
        """Judge *exchange*, whose final reply is *reply*, and move on."""
        before = self.state
        exchange.before = before
        code = reply.code if reply else IMPLIED.get(exchange.event, 250)
        reason = self._reason(exchange, before, code)
        if reason:
            self._violate(exchange, reason, code)
        elif exchange.pardoned or exchange.event in ("STRAY", "DOT"):
            pass
        elif exchange.event == "END" and before.refused and not before.recipients:
            pass  # the dot behind a 354 without a recipient (RFC 2920 3.1) is refused as it must
        elif self._is_content_still():
            # What the server says after content that never ended follows from that.
            exchange.pardoned = code >= 400
        elif any(each.code >= 400 for each in exchange.replies):
            self.session.refusals.append(exchange)
        if event_ends_lmtp(exchange, before):
            code = 250
        self.state = self._next(exchange, before, code, bool(reason) or exchange.pardoned)
        self._remember(exchange, code, reply)
        if not 200 <= code <= 599 and exchange.event in phases.EFFECTS:
            # It says neither yes nor no, so either may be (RFC 5321 4.2): what goes on tells.
            taken = phases.after(exchange.event, before.phases, IMPLIED.get(exchange.event, 250))
            self.state = self.state.but(phases=before.phases | taken)
        exchange.after = self.state

    def widen(self) -> None:
        """Take any phase for possible: part of the session is not in the record."""
        self.state = self.state.but(phases=phases.ANYWHERE, tried_hello=True)
        self.cause = self.cleared_by = self.mail_refused = None

    # -- is it in order? -----------------------------------------------------

    def _reason(self, exchange: Exchange, before: State, code: int) -> str:
        event = exchange.event
        if event in ("STRAY", "DOT", "END", ""):
            return ""
        if exchange.without_greeting and event in _CONTENT_EVENTS:
            return phases.NO_GREETING
        reason = phases.obstacle(event, before.phases)
        if reason == phases.OK:
            return self._even_so(exchange, before, code)
        if reason == phases.DEBUG_BEFORE_HELLO and before.tried_hello:
            return ""
        if reason == phases.AFTER_QUIT and self.quit is None:
            return ""
        if event == "DATA" and code == 354 and self.session.reading.dialect.gaps:
            return ""  # the server was told of recipients that the record has lost
        if self._is_pardoned(exchange, reason):
            exchange.pardoned = True
            return ""
        if event not in _ORDERED and reason not in (phases.REFUSED_GREETING, phases.AFTER_QUIT):
            return ""
        return self._refined(reason, before)

    def _is_content_still(self) -> bool:
        """Say whether what the client says is content to the server: no dot has ended it."""
        cause = self.cause
        if cause is None:
            return False
        return cause.event in ("CONTENT", "DOT") or cause.reason == reasons.MAIL_IN_CONTENT

    def _even_so(self, exchange: Exchange, before: State, code: int) -> str:
        """Return what is wrong with a command that the phase allows."""
        event, command = exchange.event, exchange.command
        if event == "DATA" and command is not None and command.arguments:
            return reasons.ARGUMENTS
        grouped = exchange.group & (MAIL_PENDING | RCPT_PENDING)
        if code == 503 and not grouped and event in (*_CONTENT_EVENTS, "RCPT"):
            uncertain = before.phases & (before.phases - 1)
            if uncertain or event in _CONTENT_EVENTS:
                return reasons.REFUSED_503
        return ""

    def _is_pardoned(self, exchange: Exchange, reason: str) -> bool:
        """Say whether what is missing was asked for in the same pipelined group."""
        group = exchange.group
        if reason == phases.NO_RCPT:
            return bool(group & RCPT_PENDING)
        if reason == phases.BDAT_FAILED:
            return bool(group & BDAT_PENDING)  # already in the pipe (RFC 3030 2)
        if reason == phases.NO_MAIL:
            return bool(group & (MAIL_PENDING | HELLO_PENDING))
        if reason in (phases.NO_HELLO, phases.NO_HELLO_AFTER_TLS):
            return bool(group & (HELLO_PENDING | MAIL_PENDING))
        return False

    def _refined(self, reason: str, before: State) -> str:
        """Return a reason that says what became of the missing step."""
        if reason == phases.NO_RCPT:
            return reasons.ALL_REFUSED if before.refused else reason
        if reason != phases.NO_MAIL or before.phases == phases.TLS:
            return reason
        if before.demand:
            return reasons.TLS_DEMANDED if before.demand == "tls" else reasons.AUTH_DEMANDED
        if self.mail_refused is not None:
            return reasons.MAIL_REFUSED
        if self.cleared_by is not None:
            event = self.cleared_by.event
            return {"RSET": reasons.AFTER_RSET, "HELLO": reasons.AFTER_HELLO}.get(
                event, reasons.AFTER_MESSAGE
            )
        return reason

    # -- recording it --------------------------------------------------------

    def _violate(self, exchange: Exchange, reason: str, code: int) -> None:
        view = exchange.verb_view
        if view is None:
            return
        if self.cause is not None:
            self.follow(self.cause, reasons.FOLLOWS, view)
            exchange.violation = self.cause
            return
        # Behind a 354 a command is content, whichever it is: that is a matter of DATA.
        event = "DATA" if reason == phases.IN_CONTENT else exchange.event
        violation = Violation(event, reason, view, exchange)
        if reason in _ONCE and any(v.reason == reason for v in self.session.violations):
            exchange.violation = next(v for v in self.session.violations if v.reason == reason)
            return
        violation.accepted = bool(exchange.replies) and code < 400
        violation.related.extend(self._background(reason))
        self.record(violation, exchange)
        if reason != phases.DEBUG_BEFORE_HELLO:
            self.cause = violation

    def record(self, violation: Violation, exchange: Exchange | None = None) -> None:
        """Add *violation* to the session's."""
        self.session.violations.append(violation)
        if exchange is not None:
            exchange.violation = violation

    def follow(self, violation: Violation, key: str, view: View) -> None:
        """Add what followed from *violation* to it, up to a handful."""
        if len(violation.related) < _MOST_RELATED:
            violation.related.append((key, view))

    def _background(self, reason: str) -> list[tuple[str, View]]:
        """Return what led to it, as related information."""
        led: list[Exchange] = []
        if reason == reasons.ALL_REFUSED:
            led = self.recipients_refused[:3]
        elif reason == reasons.MAIL_REFUSED and self.mail_refused:
            led = [self.mail_refused]
        elif reason in (reasons.TLS_DEMANDED, reasons.AUTH_DEMANDED) and self.demanded_by:
            led = [self.demanded_by]
        elif (
            reason in (reasons.AFTER_RSET, reasons.AFTER_HELLO, reasons.AFTER_MESSAGE)
            and self.cleared_by
        ):
            view = self.cleared_by.verb_view
            return [(reason, view)] if view is not None else []
        elif reason == phases.AFTER_QUIT and self.quit is not None:
            view = self.quit.verb_view
            return [(reason, view)] if view is not None else []
        return [
            (reasons.REFUSED_HERE, led_by.replies[-1].lines[0]) for led_by in led if led_by.replies
        ]

    # -- going on ------------------------------------------------------------

    def _next(self, exchange: Exchange, before: State, code: int, doubtful: bool) -> State:
        event = exchange.event
        if event in ("STRAY", "DOT", ""):
            return before.but(phases=phases.CLOSED) if code == 421 else before
        if guards.is_closed(before):
            return before
        possible = before.phases
        if doubtful:
            if code >= 400 and code != 421:
                return before
        elif code == 503:
            possible = possible & ~phases.allowed(event, possible) or possible
        else:
            possible = phases.allowed(event, possible) or possible
        after = phases.after(event, possible, code)
        if exchange.verb in ("TURN", "ATRN") and code == 250:
            after = phases.ANYWHERE
        return before if after == before.phases else before.but(phases=after)

    def _remember(self, exchange: Exchange, code: int, reply: Reply | None) -> None:
        """Update the guards, and what later reasons refer to."""
        event = exchange.event
        positive = code < 400
        if code == 530 and reply is not None and not self.state.demand:
            text = reply.text().upper()
            demand = "tls" if b"TLS" in text or b"ENCRYPT" in text else "auth"
            self.state = self.state.but(demand=demand)
            self.demanded_by = exchange
        remember = _REMEMBER.get(event)
        if remember is not None:
            remember(self, exchange, positive)
        if positive and event in _STEPS and self._is_taken(exchange):
            self.cause = None

    def _is_taken(self, exchange: Exchange) -> bool:
        """Say whether a step forward ends what followed from the last violation."""
        if self.cause is None or self.cause.exchange is not exchange:
            return True
        return bool(exchange.replies) or exchange.event in _CONTENT_EVENTS

    def _hello(self, exchange: Exchange, positive: bool) -> None:
        if not positive:
            self.state = self.state.but(tried_hello=True)
            return
        if exchange.before is not None and guards.transaction_is_open(exchange.before):
            self.cleared_by = exchange
        self.state = self.state.but(
            tried_hello=True, hello=exchange.verb, offers=None, recipients=0, refused=0
        )
        if exchange.reply and exchange.verb != "HELO":
            self.offered(exchange.reply)
        self.mail_refused = None

    def offered(self, reply: Reply) -> None:
        """Take down what a reply to EHLO or LHLO offers."""
        self.state = self.state.but(offers=frozenset(_keywords(reply)))

    def _mail(self, exchange: Exchange, positive: bool) -> None:
        self.mail_refused = None if positive else exchange
        if positive:
            self.cleared_by = None
            self.recipients_refused = []
            self.state = self.state.but(recipients=0, refused=0, demand="")

    def _rcpt(self, exchange: Exchange, positive: bool) -> None:
        if positive:
            self.state = self.state.but(recipients=self.state.recipients + 1)
        elif exchange.violation is None and not exchange.pardoned:
            self.state = self.state.but(refused=self.state.refused + 1)
            self.recipients_refused.append(exchange)

    def _rset(self, exchange: Exchange, positive: bool) -> None:
        if positive:
            if exchange.before is not None and guards.transaction_is_open(exchange.before):
                self.cleared_by = exchange
            self.mail_refused = None
            self.state = self.state.but(recipients=0, refused=0)

    def _end(self, exchange: Exchange, positive: bool) -> None:
        self.cleared_by = exchange
        self.mail_refused = None
        self.state = self.state.but(recipients=0, refused=0)

    def _starttls(self, exchange: Exchange, positive: bool) -> None:
        if positive:
            self.cleared_by = self.mail_refused = None
            # All that was learned before is discarded, on both sides (RFC 3207 4.2).
            self.state = self.state.but(
                tls=True,
                authenticated=False,
                offers=None,
                hello="",
                recipients=0,
                refused=0,
                demand="",
            )

    def _auth(self, exchange: Exchange, positive: bool) -> None:
        if positive:
            demand = "" if self.state.demand == "auth" else self.state.demand
            self.state = self.state.but(authenticated=True, demand=demand)
            self.mail_refused = None

    def _quit(self, exchange: Exchange, positive: bool) -> None:
        if guards.is_closed(self.state) and self.quit is None:
            self.quit = exchange


def event_ends_lmtp(exchange: Exchange, before: State) -> bool:
    """Say whether the last chunk of an LMTP session was taken, whatever became of it.

    Each recipient has its own reply then; none of them leaves the session indeterminate.
    """
    legal = exchange.violation is None and not exchange.pardoned
    return exchange.event == "BDAT LAST" and legal and guards.is_lmtp(before)


_REMEMBER = {
    "HELLO": Judge._hello,
    "MAIL": Judge._mail,
    "RCPT": Judge._rcpt,
    "RSET": Judge._rset,
    "END": Judge._end,
    "BDAT LAST": Judge._end,
    "STARTTLS": Judge._starttls,
    "AUTH": Judge._auth,
    "QUIT": Judge._quit,
}


def _keywords(reply: Reply) -> list[bytes]:
    """Return the EHLO keywords that *reply* lists, in capitals (RFC 5321 4.1.1.1)."""
    words = []
    for line in reply.parsed[1:]:
        parts = line.text[line.text_start :].split(None, 1)
        if parts:
            words.append(parts[0].upper().partition(b"=")[0])
    return words
