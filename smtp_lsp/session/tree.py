"""Session > Transaction > Exchange: what the walk makes of the utterances."""

from __future__ import annotations

from smtp_lsp.session import guards, phases
from smtp_lsp.text.span import Span
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Reading
    from smtp_lsp.dialects.utterance import Content, Utterance
    from smtp_lsp.grammar.speech import Command, ReplyLine
    from smtp_lsp.session.guards import State

# What was still unanswered when a command was sent (RFC 2920: it could not know).
HELLO_PENDING = 1
MAIL_PENDING = 2
RCPT_PENDING = 4
BDAT_PENDING = 8


class Reply:
    """One reply, of one or more lines. ``code`` is that of its first line."""

    __slots__ = ("code", "lines", "parsed")

    def __init__(self, lines: list[Utterance], parsed: list[ReplyLine]) -> None:
        self.lines = lines
        self.parsed = parsed
        self.code = parsed[0].code

    @property
    def span(self) -> Span:
        return Span(self.lines[0].span().start, self.lines[-1].span().end)

    @property
    def code_view(self) -> View:
        return self.lines[0].sub(0, 3)

    def text(self) -> bytes:
        """The text of the reply's lines, codes and separators left out, joined by blanks."""
        parts = (line.text[line.text_start :].strip() for line in self.parsed)
        return b" ".join(part for part in parts if part)

    def enhanced(self) -> bytes:
        """The enhanced status code of the first line, or nothing."""
        first = self.parsed[0]
        return first.text[slice(*first.enhanced)] if first.enhanced else b""


class Violation:
    """An event that the state of the session does not allow, with its cause.

    ``reason`` is a key of the pages; ``view`` is what is wrong, ``related`` holds
    ``(key, view)`` of what led to it and of what followed from it. ``accepted`` says that the
    server took it all the same. Behind an early dot ``dotted`` holds the lines of the author's
    text that begin with a dot nobody doubled, and ``fixable`` says that doubling them mends it.
    """

    __slots__ = ("accepted", "dotted", "event", "exchange", "fixable", "reason", "related", "view")

    def __init__(
        self, event: str, reason: str, view: View, exchange: Exchange | None = None
    ) -> None:
        self.event = event
        self.reason = reason
        self.view = view
        self.exchange = exchange
        self.related: list[tuple[str, View]] = []
        self.accepted = False
        self.fixable = False
        self.dotted: list[View] = []

    def __repr__(self) -> str:
        return f"<Violation {self.event} {self.reason} {bytes(self.view)[:20]!r}>"


class Exchange:
    """A command and what answered it.

    ``event`` is the command's event in ``phases.TABLE``, ``GREETING`` for the server's opening,
    ``END`` for the dot that ends content, ``DOT`` and ``STRAY`` for what the client said but is
    no command, and empty for a reply to nothing. ``before`` and ``after`` are the states of
    the session as the server saw it.
    """

    __slots__ = (
        "after",
        "before",
        "command",
        "content",
        "event",
        "expected",
        "group",
        "pardoned",
        "replies",
        "responses",
        "said",
        "violation",
        "waiting",
        "without_greeting",
    )

    def __init__(self, event: str, said: Utterance | None, command: Command | None = None) -> None:
        self.event = event
        self.said = said
        self.command = command
        self.replies: list[Reply] = []
        self.responses: list[Utterance] = []
        self.content: Content | None = None
        self.before: State | None = None
        self.after: State | None = None
        self.group = 0
        self.expected = 1
        self.pardoned = False
        self.without_greeting = False
        self.waiting = False
        self.violation: Violation | None = None

    @property
    def reply(self) -> Reply | None:
        """The last reply: the one that decided."""
        return self.replies[-1] if self.replies else None

    @property
    def verb(self) -> str:
        return self.command.verb if self.command else ""

    @property
    def verb_view(self) -> View | None:
        """The verb, or all that was said where it is no command."""
        if self.said is None:
            return None
        if self.command is None or not self.command.verb:
            return self.said
        return self.said.sub(self.command.verb_start, self.command.verb_end)

    def path(self) -> bytes:
        """The reverse- or forward-path of MAIL and RCPT, or nothing."""
        if self.command is None or self.command.path is None:
            return b""
        start, end = self.command.path
        return self.command.text[start:end]

    def __repr__(self) -> str:
        return f"<Exchange {self.event} {self.verb} {[r.code for r in self.replies]}>"


class Transaction:
    """The exchanges from a MAIL to the end of its message, or to what ended it early."""

    __slots__ = ("exchanges",)

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def recipients(self) -> list[Exchange]:
        """The RCPTs that were accepted, in order."""
        return [
            exchange
            for exchange in self.exchanges
            if exchange.event == "RCPT" and exchange.reply and exchange.reply.code // 100 == 2
        ]


class Session:
    """One connection, or as much of it as the record shows."""

    __slots__ = ("exchanges", "heard", "reading", "refusals", "violations")

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.exchanges: list[Exchange] = []
        self.violations: list[Violation] = []
        self.refusals: list[Exchange] = []
        self.heard = 0

    def transactions(self) -> list[Transaction]:
        """Group the exchanges into transactions; what stands between them is in none."""
        found: list[Transaction] = []
        current: Transaction | None = None
        for exchange in self.exchanges:
            if exchange.event == "MAIL":
                current = Transaction()
                found.append(current)
            elif exchange.event in ("HELLO", "STARTTLS", "QUIT"):
                current = None
            if current is not None:
                current.exchanges.append(exchange)
                after = exchange.after
                if exchange.event != "MAIL" and after is not None:
                    over = after.is_only(phases.READY | phases.GREETED | phases.CLOSED | phases.TLS)
                    if over and not guards.transaction_may_be_open(after):
                        current = None
        return found

    def transaction_of(self, wanted: Exchange) -> Transaction | None:
        """Return the transaction that *wanted* belongs to."""
        for transaction in self.transactions():
            if wanted in transaction.exchanges:
                return transaction
        return None
