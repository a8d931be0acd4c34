"""SUB: message submission (RFC 6409), where the record itself tells its port.

Nothing in a dialogue says whether it is submission. Most tools write down where they connect
to, and so do people who quote their command; only there is anything judged.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import AUTH_EXCHANGE, CLIENT_SIDE, REPLY_TEXT, SERVER_SIDE
from smtp_lsp.grammar import Production
from smtp_lsp.rules import (
    INFO,
    INTEROPERABILITY,
    SECURITY,
    SESSION,
    Hit,
    Related,
    rule,
)
from smtp_lsp.rules.answering import answers
from smtp_lsp.rules.known import line_that_offers, listing, offers
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.session.tree import Exchange, Session

_BOTH = CLIENT_SIDE | SERVER_SIDE | REPLY_TEXT
SUBMISSION = (587, 465)
RELAY = (25,)

_NEAR = 4096
"""How many octets before a session are looked through for where it was connected to."""

# `telnet host 587`, `-connect host:587`, `Trying host:587...`, `port 587`, `Port > 587`,
# `('host', 587)`, `Src Port: 587`
_PORT = Production(
    rb"(?i)(?:\bport[ :=>]{1,3}|[a-z0-9\])]:|', |\b(?:telnet|nc|ncat) (?:-\w+ )*[a-z0-9.-]+ )"
    rb"(25|465|587)(?![0-9.:-]*[0-9])"
)


def port_of(session: Session) -> tuple[int, Span | None]:
    """Return the port that the record says the client connected to, or 0, and where it does."""
    first = session.exchanges[0]
    start = first.said.span().start if first.said is not None else first.replies[0].span.start
    source = session.reading.source
    begin = max(0, start - _NEAR)
    found = None
    for match in _PORT.compiled.finditer(source.data, begin, start):
        found = match
    if found is None:
        return 0, None
    return int(found[1]), Span(*found.span(1))


def _on(session: Session, ports: tuple[int, ...]) -> list[Related] | None:
    """Return the place that says the port, if it is one of *ports*."""
    port, span = port_of(session)
    if port not in ports or span is None:
        return None
    return [Related("port-here", span)]


def _offering(session: Session) -> Iterator[tuple[Exchange, list[list[bytes]]]]:
    """Yield each accepted EHLO whose reply is there in full, with what it lists."""
    for exchange in session.exchanges:
        if exchange.verb == "EHLO" and exchange.reply is not None and exchange.reply.code == 250:
            words = listing(session, exchange)
            if words is not None:
                yield exchange, words


def _lists(session: Session, ports: tuple[int, ...], *keywords: bytes) -> Iterator[Hit]:
    """Yield a finding for each of *keywords* that a server on one of *ports* lists."""
    for exchange, words in _offering(session):
        for keyword in keywords:
            reply = exchange.reply
            if not offers(words, keyword) or reply is None:
                continue
            told = _on(session, ports)
            if told is not None:
                line = line_that_offers(reply, keyword)
                named = {"keyword": keyword.decode()}
                yield Hit("listed", line.sub(4, 4 + len(keyword)).span(), named, related=told)
                return


@rule(
    "EXT040",
    "etrn-not-on-submission",
    INFO,
    shape=SESSION,
    concerns=("EHLO",),
    thorough=True,
    needs=SERVER_SIDE | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 6409 7",),
)
def etrn_not_on_submission(session: Session) -> Iterator[Hit]:
    return _lists(session, SUBMISSION, b"ETRN", b"ATRN")


@rule(
    "EXT041",
    "burl-submission-only",
    INFO,
    shape=SESSION,
    concerns=("EHLO",),
    thorough=True,
    needs=SERVER_SIDE | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 4468 3.1", "RFC 4865 4.2"),
    aliases=("futurerelease-submission-only",),
)
def burl_submission_only(session: Session) -> Iterator[Hit]:
    return _lists(session, RELAY, b"BURL", b"FUTURERELEASE")


@rule(
    "SUB001",
    "submission-auth-required",
    INFO,
    shape=SESSION,
    concerns=("MAIL",),
    thorough=True,
    needs=_BOTH | AUTH_EXCHANGE,
    category=SECURITY,
    references=("RFC 6409 4.3",),
)
def submission_auth_required(session: Session) -> Iterator[Hit]:
    """Find mail that a submission server took from somebody who had not said who he was."""
    for exchange in session.exchanges:
        before, reply = exchange.before, exchange.reply
        if exchange.event == "AUTH" and (reply is None or reply.code < 400):
            return
        if exchange.event == "RCPT" and reply is not None and reply.code // 100 == 2:
            told = _on(session, SUBMISSION)
            begun = session.exchanges[0].event == "GREETING"
            if told is not None and begun and before is not None and not before.authenticated:
                related = [*answers(exchange), *told]
                yield Hit("taken", reply.code_view.span(), related=related)
            return


@rule(
    "SUB002",
    "submission-offers-auth",
    INFO,
    shape=SESSION,
    concerns=("EHLO",),
    thorough=True,
    needs=_BOTH,
    category=INTEROPERABILITY,
    references=("RFC 6409 7",),
)
def submission_offers_auth(session: Session) -> Iterator[Hit]:
    """Find a reply to EHLO without AUTH, where TLS is not what the server waits for."""
    for exchange, words in _offering(session):
        if offers(words, b"AUTH") or offers(words, b"STARTTLS") or exchange.reply is None:
            continue
        if exchange.before is not None and exchange.before.authenticated:
            continue
        told = _on(session, SUBMISSION)
        if told is not None:
            related = [*answers(exchange), *told]
            yield Hit("no-auth", exchange.reply.code_view.span(), related=related)
            return


_RECOMMENDED = (b"PIPELINING", b"ENHANCEDSTATUSCODES", b"DSN", b"8BITMIME")


@rule(
    "SUB003",
    "submission-recommended-ext",
    INFO,
    shape=SESSION,
    concerns=("EHLO",),
    thorough=True,
    needs=SERVER_SIDE | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 6409 7",),
)
def submission_recommended_ext(session: Session) -> Iterator[Hit]:
    for exchange, words in _offering(session):
        missing = [keyword for keyword in _RECOMMENDED if not offers(words, keyword)]
        told = _on(session, SUBMISSION) if missing else None
        if told is not None and exchange.reply is not None:
            named = {"keywords": ", ".join(keyword.decode() for keyword in missing)}
            related = [*answers(exchange), *told]
            yield Hit("missing", exchange.reply.code_view.span(), named, related=related)
            return


@rule(
    "SUB004",
    "submission-no-521",
    INFO,
    shape=SESSION,
    thorough=True,
    needs=SERVER_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 6409 7", "RFC 7504 3"),
)
def submission_no_521(session: Session) -> Iterator[Hit]:
    for exchange in session.exchanges:
        for reply in exchange.replies:
            told = _on(session, SUBMISSION) if reply.code == 521 else None
            if told is not None:
                yield Hit("used", reply.code_view.span(), related=[*answers(exchange), *told])
                return
