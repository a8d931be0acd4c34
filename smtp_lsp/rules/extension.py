"""EXT: what servers offer, the limits they announce, and verbs that extensions add."""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE, CONTENT, REPLY_TEXT, SERVER_SIDE
from smtp_lsp.grammar import rfc1870, rfc2852, rfc9422
from smtp_lsp.rules import (
    ERROR,
    INFO,
    INTEROPERABILITY,
    SECURITY,
    SESSION,
    WARNING,
    Hit,
    Related,
    rule,
)
from smtp_lsp.rules.answering import answers, ehlo_lines, folded
from smtp_lsp.rules.known import line_that_offers, listing, verb_span
from smtp_lsp.rules.parameter_values import given
from smtp_lsp.rules.sizes import content_size
from smtp_lsp.rules.spoken import is_listing_in_force, listings
from smtp_lsp.session import guards
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.rules.envelope import Parameter
    from smtp_lsp.rules.known import Known
    from smtp_lsp.session.tree import Exchange, Reply, Session

_BOTH = CLIENT_SIDE | SERVER_SIDE


def _is_refused(exchange: Exchange) -> bool:
    return exchange.reply is not None and exchange.reply.code >= 400


def _severity(exchange: Exchange) -> str:
    return ERROR if _is_refused(exchange) else ""


_FULL = 4
"""Keywords from which on a list is no excerpt."""


# -- what stands in the reply to EHLO ------------------------------------------


def _lists_without(session: Session, keyword: bytes, needed: bytes) -> Iterator[Hit]:
    """Yield one finding where a reply to EHLO lists *keyword* and, in full, not *needed*.

    Who writes a session down by hand shortens that list, so a short one shows nothing.
    """
    for exchange in session.exchanges:
        after, reply = exchange.after, exchange.reply
        if exchange.event != "HELLO" or after is None or after.offers is None or reply is None:
            continue
        if keyword not in after.offers or needed in after.offers:
            continue
        words = listing(session, exchange) or []
        misspelt = any(word[0].startswith(needed[:4]) for word in words)
        if len(words) >= _FULL and not misspelt:
            line = line_that_offers(reply, keyword)
            yield Hit("without", line.sub(4, 4 + len(keyword)).span(), related=answers(exchange))
            return


@rule(
    "EXT009",
    "binarymime-needs-chunking",
    WARNING,
    shape=SESSION,
    concerns=("EHLO", "LHLO"),
    needs=SERVER_SIDE | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 3030 3",),
)
def binarymime_needs_chunking(session: Session) -> Iterator[Hit]:
    return _lists_without(session, b"BINARYMIME", b"CHUNKING")


@rule(
    "EXT026",
    "smtputf8-requires-8bitmime",
    WARNING,
    shape=SESSION,
    concerns=("EHLO", "LHLO"),
    needs=SERVER_SIDE | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 6531 3.1",),
)
def smtputf8_requires_8bitmime(session: Session) -> Iterator[Hit]:
    return _lists_without(session, b"SMTPUTF8", b"8BITMIME")


@rule(
    "EXT037",
    "burl-requires-8bitmime",
    WARNING,
    shape=SESSION,
    concerns=("EHLO", "LHLO"),
    needs=SERVER_SIDE | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 4468 4",),
)
def burl_requires_8bitmime(session: Session) -> Iterator[Hit]:
    return _lists_without(session, b"BURL", b"8BITMIME")


_MAXIMA = (b"MAILMAX", b"RCPTMAX", b"RCPTDOMAINMAX")


@rule(
    "EXT035",
    "limits-syntax",
    WARNING,
    shape=SESSION,
    concerns=("EHLO", "LHLO"),
    needs=SERVER_SIDE | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 9422 3", "RFC 9422 4"),
)
def limits_syntax(session: Session) -> Iterator[Hit]:
    hits = []
    for _, lines in ehlo_lines(session):
        for said, line in lines:
            text = line.text[line.text_start :]
            words = text.split()
            if not words or words[0].upper() != b"LIMITS":
                continue
            at = line.text_start
            for word in words[1:]:
                at = line.text.index(word, at + 1)
                key = _fault_of_limit(word)
                if key:
                    named = {"limit": quoted(word), "name": quoted(word.partition(b"=")[0])}
                    hits.append(Hit(key, said.span(at, at + len(word)), named))
    yield from folded(hits)


def _fault_of_limit(word: bytes) -> str:
    name, equals, value = word.partition(b"=")
    if word[:1] in (b"<", b"[", b".", b"{", b"\xe2"):
        return ""
    if not name:
        return "no-name"
    if name.upper() in _MAXIMA and not rfc9422.MAXIMUM.match(value):
        return "number"
    return "empty" if equals and not value else ""


# -- limits that were announced ------------------------------------------------


def _number(now: Known, keyword: bytes) -> int:
    """Return the number that the reply to EHLO gives with *keyword*, or 0."""
    for line in now.words or ():
        if line[0] == keyword and len(line) > 1 and rfc1870.SIZE_VALUE.match(line[1]):
            return int(line[1])
    return 0


def _parameter(exchange: Exchange, keyword: bytes) -> Parameter | None:
    if exchange.command is None:
        return None
    return next(given(exchange.command, keyword), None)


def _offered_here(now: Known, keyword: bytes) -> list[Related]:
    reply: Reply | None = now.hello.reply if now.hello is not None else None
    if reply is None:
        return []
    return [Related("offers", line_that_offers(reply, keyword).span())]


def _declares(exchange: Exchange) -> int:
    """Return the size that a MAIL declares, or -1."""
    if exchange.event != "MAIL":
        return -1
    each = _parameter(exchange, b"SIZE")
    if each is None or not rfc1870.SIZE_VALUE.match(each.value or b""):
        return -1
    return int(each.value or b"")


def _least_limit(session: Session) -> int:
    """Return the lowest size that any reply to EHLO gives, or 0: most sessions stay below it."""
    least = 0
    for exchange in session.exchanges:
        if exchange.event != "HELLO" or exchange.reply is None:
            continue
        for line in exchange.reply.parsed[1:]:
            word = line.text[line.text_start :].upper()
            number = word[4:].strip() if word.startswith(b"SIZE") else b""
            if rfc1870.SIZE_VALUE.match(number) and int(number):
                least = min(least or int(number), int(number))
    return least


@rule(
    "EXT013",
    "size-over-limit",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("MAIL",),
    needs=_BOTH,
    references=("RFC 1870 4", "RFC 1870 6.1", "RFC 1870 6.2"),
)
def size_over_limit(session: Session) -> Iterator[Hit]:
    """Find a SIZE above the one that the server announced; 0 or none sets no limit."""
    hits: list[Hit] = []
    least = _least_limit(session)
    if not least or not any(_declares(exchange) > least for exchange in session.exchanges):
        return
    for now in listings(session):
        exchange, limit = now.exchange, _number(now, b"SIZE")
        if not limit or exchange.said is None or not is_listing_in_force(session, now):
            continue
        each = _parameter(exchange, b"SIZE")
        if each is None or _declares(exchange) <= limit:
            continue
        named = {"size": quoted(each.value or b""), "limit": str(limit)}
        span = exchange.said.span(each.start, each.end)
        related = _offered_here(now, b"SIZE")
        severity = _severity(exchange)
        hits.append(Hit("declared", span, named, related=related, severity=severity))
    yield from folded(hits)


@rule(
    "EXT014",
    "size-underdeclared",
    INFO,
    explains=True,
    shape=SESSION,
    concerns=("MAIL",),
    needs=_BOTH | CONTENT,
    references=("RFC 1870 6.3",),
    default=True,
)
def size_underdeclared(session: Session) -> Iterator[Hit]:
    """Find why a message was refused as too big: it is bigger than MAIL had said."""
    for index, exchange in _ends(session):
        hit = _underdeclared(session, index) if _is_too_big(exchange) else None
        if hit is not None and exchange.reply is not None:
            hit.related.append(Related("refused-here", exchange.reply.code_view.span()))
            yield hit
            return


@rule(
    "EXT042",
    "size-estimate-too-small",
    INFO,
    shape=SESSION,
    concerns=("MAIL",),
    thorough=True,
    needs=CLIENT_SIDE | CONTENT,
    category=INTEROPERABILITY,
    references=("RFC 1870 6.3", "RFC 1870 5"),
)
def size_estimate_too_small(session: Session) -> Iterator[Hit]:
    """Find a message bigger than MAIL had said, which no server refused for that."""
    ends = [index for index, exchange in _ends(session) if not _is_too_big(exchange)]
    hits = [_underdeclared(session, index) for index in ends]
    return folded([hit for hit in hits if hit is not None])


def _ends(session: Session) -> Iterator[tuple[int, Exchange]]:
    for index, exchange in enumerate(session.exchanges):
        if exchange.event in ("END", "BDAT LAST"):
            yield index, exchange


def _underdeclared(session: Session, index: int) -> Hit | None:
    """Return the finding where the message that ends there is bigger than MAIL said."""
    size, mail = content_size(session, index)
    each = _parameter(mail, b"SIZE") if mail is not None else None
    if mail is None or mail.said is None or each is None or not 0 <= _declares(mail) < size:
        return None
    named = {"size": quoted(each.value or b""), "actual": str(size)}
    return Hit("under", mail.said.span(each.start, each.end), named)


def _is_too_big(end: Exchange) -> bool:
    """Say whether the server refused a message because of its size."""
    reply = end.reply
    if reply is None or reply.code < 400:
        return False
    return reply.code == 552 or reply.enhanced() in (b"5.3.4", b"5.2.3")


@rule(
    "EXT032",
    "deliverby-min",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("MAIL",),
    needs=_BOTH,
    references=("RFC 2852 3", "RFC 2852 4"),
)
def deliverby_min(session: Session) -> Iterator[Hit]:
    suspects = [exchange for exchange in session.exchanges if _parameter(exchange, b"BY")]
    if not suspects:
        return
    for now in listings(session):
        exchange = now.exchange
        each = _parameter(exchange, b"BY")
        match = rfc2852.BY_VALUE.match(each.value or b"") if each is not None else None
        if each is None or match is None or match[2] not in b"rR" or exchange.said is None:
            continue
        least = _least_by_time(now)
        if 0 < int(match[1]) < least and is_listing_in_force(session, now):
            named = {"time": quoted(match[1]), "limit": str(least)}
            span = exchange.said.span(each.start, each.end)
            related = _offered_here(now, b"DELIVERBY")
            yield Hit("below", span, named, related=related, severity=_severity(exchange))
            return


def _least_by_time(now: Known) -> int:
    """Return the least time that DELIVERBY was offered with, in seconds, or 0."""
    for line in now.words or ():
        if line[0] == b"DELIVERBY" and len(line) > 1:
            number = line[1].partition(b",")[0]
            return int(number) if number.isdigit() and len(number) < 10 else 0
    return 0


@rule(
    "EXT038",
    "limits-obeyed",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("MAIL",),
    needs=_BOTH,
    category=INTEROPERABILITY,
    references=("RFC 9422 1", "RFC 9422 3.6", "RFC 9422 4"),
    aliases=("limits-replaced-by-ehlo",),
)
def limits_obeyed(session: Session) -> Iterator[Hit]:
    if not any(b"LIMITS" in (e.after.offers or ()) for e in session.exchanges if e.after):
        return
    counts = {b"MAILMAX": 0, b"RCPTMAX": 0, b"RCPTDOMAINMAX": 0}
    domains: set[bytes] = set()
    told: set[bytes] = set()
    for now in listings(session):
        exchange = now.exchange
        if exchange.event == "HELLO" and not _is_refused(exchange):
            counts = dict.fromkeys(counts, 0)
            domains, told = set(), set()
        if exchange.event == "MAIL":
            counts[b"MAILMAX"] += 1
            counts[b"RCPTMAX"] = 0
        elif exchange.event == "RCPT":
            counts[b"RCPTMAX"] += 1
            domains.add(exchange.path().rpartition(b"@")[2].strip(b">").lower())
            counts[b"RCPTDOMAINMAX"] = len(domains)
        else:
            continue
        for name, limit in _limits(now):
            if counts[name] > limit and name not in told:
                told.add(name)
                named = {"limit": str(limit), "name": name.decode(), "count": str(counts[name])}
                related = _offered_here(now, b"LIMITS")
                severity = _severity(exchange)
                span = verb_span(exchange).span()
                key = name.decode().lower()
                yield Hit(key, span, named, related=related, severity=severity)


def _limits(now: Known) -> Iterator[tuple[bytes, int]]:
    """Yield the limits of the EHLO that holds; one that is not well-formed is none."""
    if now.words is None or now.hello is None or now.hello.reply is None:
        return
    for line in now.hello.reply.parsed[1:]:
        words = line.text[line.text_start :].upper().split()
        if not words or words[0] != b"LIMITS":
            continue
        for word in words[1:]:
            name, _, value = word.partition(b"=")
            if name in _MAXIMA and rfc9422.MAXIMUM.match(value):
                yield name, int(value)


# -- verbs that extensions add -------------------------------------------------


def _in_transaction(session: Session, verbs: tuple[str, ...]) -> Iterator[Hit]:
    """Yield one finding for a verb that was used between a MAIL and the end of its message."""
    mail: Exchange | None = None
    for exchange in session.exchanges:
        before = exchange.before
        if exchange.event == "MAIL" and not _is_refused(exchange):
            mail = exchange
        if exchange.verb not in verbs or mail is None or before is None:
            continue
        if guards.transaction_is_open(before) and exchange.violation is None:
            related = [Related("mail", verb_span(mail).span())]
            named = {"verb": exchange.verb}
            yield Hit("in-transaction", verb_span(exchange).span(), named, related=related)
            return


@rule(
    "EXT019",
    "etrn-not-in-transaction",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("ETRN",),
    needs=_BOTH,
    references=("RFC 1985 5",),
)
def etrn_not_in_transaction(session: Session) -> Iterator[Hit]:
    return _in_transaction(session, ("ETRN",))


@rule(
    "EXT020",
    "xclient-not-in-transaction",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("XCLIENT", "XFORWARD"),
    needs=_BOTH,
    references=("Postfix XCLIENT_README", "Postfix XFORWARD_README"),
)
def xclient_not_in_transaction(session: Session) -> Iterator[Hit]:
    return _in_transaction(session, ("XCLIENT", "XFORWARD"))


@rule(
    "EXT039",
    "atrn-needs-auth",
    WARNING,
    shape=SESSION,
    concerns=("ATRN",),
    needs=_BOTH,
    category=SECURITY,
    references=("RFC 2645 5.2.1",),
)
def atrn_needs_auth(session: Session) -> Iterator[Hit]:
    """Find a server that turns round for a client that has not said who it is."""
    begun = any(exchange.event == "GREETING" for exchange in session.exchanges[:1])
    for exchange in session.exchanges:
        before, reply = exchange.before, exchange.reply
        if exchange.event == "AUTH" and (reply is None or reply.code < 400):
            return
        if exchange.verb != "ATRN" or before is None or reply is None or not begun:
            continue
        if reply.code // 100 == 2 and not before.phases & (before.phases - 1):
            named = {"code": str(reply.code)}
            yield Hit("turned", reply.code_view.span(), named, related=answers(exchange))
            return
