"""What a record shows, without a gap, to have gone before an exchange: hello, TLS, AUTH.

The walk keeps the state; here is where it came from, so that a finding can point there, and
what the reply to the EHLO listed.
"""

from __future__ import annotations

from functools import lru_cache

from smtp_lsp.grammar import Production
from smtp_lsp.rules import Hit, Related

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.session.tree import Exchange, Reply, Session, Violation
    from smtp_lsp.text.view import View

_IGNORECASE = 2

# A listing that somebody shortened.
_SHORTENED = Production(rb"\.\.\.|\xe2\x80\xa6|snip|omit|etc\.", _IGNORECASE)

# A stage direction that TLS, or a hello, came meanwhile; and a reply that speaks of TLS.
MEANWHILE = Production(rb"\b(?:TLS|SSL|EHLO|handshake|negotiat|encrypt)", _IGNORECASE)
ABOUT_TLS = Production(rb"TLS|SSL|ENCRYPT|\b5\.7\.10\b", _IGNORECASE)

# A stage direction that the hello came again.
_HELLO_MEANWHILE = Production(rb"\b(?:EHLO|hello)\b", _IGNORECASE)

_NEAR = 4096
"""How many octets before a command are looked through for what a tool or an author says."""


class Known:
    """An exchange, and what the record shows without a gap to have gone before it.

    ``hello`` is the accepted EHLO that holds and ``words`` what it lists, ``tls`` the STARTTLS
    answered 220 inside whose TLS the session is, ``auth`` the AUTH answered 235 that holds.
    """

    __slots__ = ("auth", "exchange", "hello", "tls", "words")

    def __init__(self, exchange: Exchange, last: Known | None) -> None:
        self.exchange = exchange
        self.hello: Exchange | None = last.hello if last else None
        self.tls: Exchange | None = last.tls if last else None
        self.auth: Exchange | None = last.auth if last else None
        self.words: list[list[bytes]] | None = last.words if last else None

    def forget(self) -> None:
        self.hello = self.tls = self.auth = self.words = None

    def moved(self, session: Session) -> Known:
        """Return what is known once the exchange is over."""
        exchange, after = self.exchange, Known(self.exchange, self)
        code = exchange.reply.code if exchange.reply else 0
        if exchange.event == "HELLO":
            if not code or code // 100 == 2:
                after.hello = exchange if code and exchange.verb != "HELO" else None
                after.words = listing(session, after.hello) if after.hello else None
        elif exchange.event == "STARTTLS":
            if code == 220:
                after.forget()
                after.tls = exchange
            elif not code:
                after.forget()
        elif exchange.event == "AUTH" and code == 235:
            after.auth = exchange
        elif exchange.event in ("GREETING", "XCLIENT") or exchange.verb in ("TURN", "ATRN"):
            after.forget()
        return after


def known(session: Session) -> Iterator[Known]:
    """Yield the exchanges with what is known before each: a gap in the record ends it.

    Sessions without STARTTLS and AUTH, which are most, yield nothing.
    """
    if not any(exchange.event in ("STARTTLS", "AUTH") for exchange in session.exchanges):
        return
    last: Known | None = None
    for exchange in session.exchanges:
        now = Known(exchange, last)
        before = exchange.before
        if before is None or before.phases & (before.phases - 1):
            now.forget()
        yield now
        last = now.moved(session)


def is_sent_in_clear(session: Session, exchange: Exchange) -> bool:
    """Say whether a command behind a STARTTLS was no part of its TLS, as the record shows.

    swaks writes ``~>`` inside TLS, and telnet knows no TLS at all.
    """
    arrow = _swaks_arrow(session, exchange)
    if arrow or exchange.said is None:
        return b">" in arrow and b"~" not in arrow
    first = session.exchanges[0]
    begun = first.said.span() if first.said is not None else first.replies[0].span
    data = session.reading.source.data
    return data.find(b"Escape character is '", max(0, begun.start - _NEAR), begun.start) >= 0


def is_inside_tls(session: Session, exchange: Exchange) -> bool:
    """Say whether the record itself marks a command as said inside TLS."""
    return b"~" in _swaks_arrow(session, exchange)


def _swaks_arrow(session: Session, exchange: Exchange) -> bytes:
    if exchange.said is None or session.reading.dialect.name != "swaks":
        return b""
    data, start = session.reading.source.data, exchange.said.span().start
    return data[data.rfind(b"\n", 0, start) + 1 : start]


def is_between(session: Session, first: Reply, then: Exchange, what: Production) -> bool:
    """Say whether the file says *what* between a reply and a later command."""
    if then.said is None:
        return True
    data, stop = session.reading.source.data, then.said.span().start
    return what.search(data, max(first.span.end, stop - _NEAR), stop) is not None


def listing(session: Session, hello: Exchange) -> list[list[bytes]] | None:
    """Return the words of each line of an EHLO reply, in capitals.

    None where the reply is not there in full. A reply of one line lists nothing; in what
    people write down by hand it stands for one that does.
    """
    reply = hello.reply
    if reply is None or len(reply.parsed) < 2 or reply.parsed[-1].separator == b"-":
        return None
    span = reply.span
    if _SHORTENED.search(session.reading.source.data, span.start, span.end):
        return None
    lines = [line.text[line.text_start :] for line in reply.parsed[1:]]
    if any(_SHORTENED.search(line) for line in lines):
        return None
    return [text.upper().replace(b"=", b" ", 1).split() for text in lines if text.strip()]


def offers(words: list[list[bytes]], keyword: bytes) -> bool:
    return any(line[0] == keyword for line in words)


def line_that_offers(reply: Reply, keyword: bytes) -> View:
    """Return the line of an EHLO reply that lists *keyword*, or its first."""
    for said, line in zip(reply.lines, reply.parsed, strict=True):
        words = line.text[line.text_start :].upper().replace(b"=", b" ", 1).split()
        if words and words[0] == keyword:
            return said
    return reply.lines[0]


def verb_span(exchange: Exchange) -> View:
    view = exchange.verb_view
    assert view is not None
    return view


def folded(exchanges: list[tuple[str, Exchange]], parameters: dict[str, str]) -> Iterator[Hit]:
    """Yield one finding for the first of *exchanges*; the others belong to it."""
    if exchanges:
        key, first = exchanges[0]
        again = [Related("again", verb_span(each).span()) for _, each in exchanges[1:5]]
        yield Hit(key, verb_span(first).span(), parameters, related=again)


def first_after_tls(
    session: Session, *, disordered: bool = False
) -> Iterator[tuple[Exchange, Exchange]]:
    """Yield each STARTTLS that was answered 220, with the first command after it.

    Left out is what another rule has: commands sent before the 220 (RFC 2920), and MAIL and
    the like without a hello unless *disordered* ones are asked for.
    """
    seen: Exchange | None = None
    for now in known(session):
        exchange, tls = now.exchange, now.tls
        if tls is None or tls is seen or exchange.said is None or tls.reply is None:
            continue
        seen = tls
        command = exchange.command
        if command is None or not command.likely:
            continue
        if exchange.violation is not None and not disordered:
            continue
        if exchange.said.span().start < tls.reply.span.start or tls.reply is not tls.replies[0]:
            continue
        if not is_between(session, tls.reply, exchange, _HELLO_MEANWHILE):
            yield tls, exchange


_IN_TRANSACTION = frozenset(("RCPT", "DATA", "BDAT", "BDAT LAST"))
_ENDS_TRANSACTION = frozenset(("MAIL", "RSET", "END", "BDAT LAST", "GREETING"))


def kept_over_tls(session: Session, violation: Violation) -> tuple[Exchange, Exchange] | None:
    """Return the MAIL from before TLS and the STARTTLS, where a server goes on with that one.

    RFC 3207 4.2 has it forget what was said before; it took RCPT or DATA without another MAIL.
    """
    late = violation.exchange
    if late is None or violation.event not in _IN_TRANSACTION or late.reply is None:
        return None
    if late.reply.code // 100 not in (2, 3):
        return None
    kept = _kept_over_tls(session).get(id(late))
    return None if kept is None or is_sent_in_clear(session, late) else kept


@lru_cache(maxsize=1)
def _kept_over_tls(session: Session) -> dict[int, tuple[Exchange, Exchange]]:
    """Return the exchanges of transactions that began before TLS, with their MAIL and STARTTLS."""
    found: dict[int, tuple[Exchange, Exchange]] = {}
    if not any(exchange.event == "STARTTLS" for exchange in session.exchanges):
        return found
    mail = tls = None
    for exchange in session.exchanges:
        reply = exchange.reply
        if mail is not None and tls is not None and exchange.event in _IN_TRANSACTION:
            found[id(exchange)] = mail, tls
        if exchange.event == "STARTTLS" and reply is not None and reply.code == 220:
            tls = exchange
        elif exchange.event in _ENDS_TRANSACTION:
            taken = exchange.event == "MAIL" and reply is not None and reply.code // 100 == 2
            mail, tls = (exchange if taken else None), None
    return found
