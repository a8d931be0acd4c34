"""EXT: commands that did not wait for the reply to the one before (RFC 2920 3.1).

A group is what a client said without waiting, as far as the order of the record shows it: a
command that stands before the reply to the one before it. A group whose replies are not all
there shows nothing, for then nobody knows which reply is whose, unless one refuses it for being a
group; nor do scripts whose steps are expectations, where a client that is not seen to wait may
well have waited.
"""

from __future__ import annotations

from itertools import pairwise

from smtp_lsp.dialects.reading import CLIENT_SIDE, REPLY_TEXT, SERVER_SIDE
from smtp_lsp.grammar import Production
from smtp_lsp.rules import (
    ERROR,
    INFO,
    INTEROPERABILITY,
    SESSION,
    WARNING,
    Hit,
    Related,
    rule,
    sasl,
)
from smtp_lsp.rules.answering import answers
from smtp_lsp.rules.known import MEANWHILE, is_between, offers, verb_span
from smtp_lsp.rules.spoken import listings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.rules.known import Known
    from smtp_lsp.session.tree import Exchange, Reply, Session

_MOST_RELATED = 5

_LAST = frozenset({"EHLO", "LHLO", "VRFY", "EXPN", "TURN", "NOOP", "ETRN", "ATRN"})
"""Verbs that end a group (RFC 2920 3.1). What follows DATA, QUIT and STARTTLS is told elsewhere."""

_ABOUT_GROUPS = Production(rb"pipelin", 2)
"""What a server says that refuses commands for being sent at once, flag 2 for either case."""

_ONE_ROUND_TRIP = frozenset({"PLAIN", "EXTERNAL", "ANONYMOUS"})
"""Mechanisms that are over with their initial response (RFC 4954 4)."""


def groups(session: Session) -> Iterator[list[Exchange]]:
    """Yield the groups of two commands or more, each of which was answered."""
    group: list[Exchange] = []
    for exchange in session.exchanges:
        if exchange.said is None:
            continue
        if group and not _has_waited(group[-1], exchange):
            group.append(exchange)
            continue
        if len(group) > 1 and _is_sure(group):
            yield group
        group = [exchange]
    if len(group) > 1 and _is_sure(group):
        yield group


def _has_waited(before: Exchange, exchange: Exchange) -> bool:
    """Say whether a command stands behind the reply to the one before."""
    if not before.replies or exchange.said is None:
        return False
    said, reply = exchange.said, before.replies[-1].lines[0]
    if said.buffer is reply.buffer:
        return said.start > reply.start
    return said.span().start > reply.span().start


def refusal(group: list[Exchange]) -> Reply | None:
    """Return the reply that refuses a group as such: OpenSMTPD gives one, and hangs up."""
    for each in group:
        for reply in each.replies:
            if reply.code >= 500 and _ABOUT_GROUPS.search(reply.text()):
                return reply
    return None


def _refused_so(group: list[Exchange]) -> list[Related]:
    reply = refusal(group)
    return [Related("refused-so", reply.code_view.span())] if reply is not None else []


def _is_sure(group: list[Exchange]) -> bool:
    """Say whether each command of a group has its reply, and nothing else went wrong in it."""
    whole = refusal(group) is not None
    return all(
        (whole or len(each.replies) >= each.expected)
        and each.violation is None
        and each.event not in ("STRAY", "DOT")
        and not each.without_greeting
        for each in group
    )


def not_last(group: list[Exchange]) -> tuple[Exchange, Exchange] | None:
    """Return the first command of a group that had to be its last one, and the next one."""
    for first, then in pairwise(group):
        if first.verb in _LAST:
            return first, then
        name = sasl.mechanism(first.command)
        if name and first.command is not None and then.event != "QUIT":
            given = sasl.initial_response(first.command) is not None
            if not given or name not in _ONE_ROUND_TRIP:
                return first, then
    return None


def _is_told_elsewhere(group: list[Exchange]) -> bool:
    """Say whether a group holds what another rule has a word for: TLS, and what ends it all."""
    return any(each.event in ("STARTTLS", "QUIT", "DATA") for each in group[:-1])


@rule(
    "EXT001",
    "pipelining-only-if-offered",
    WARNING,
    shape=SESSION,
    needs=CLIENT_SIDE | SERVER_SIDE | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 2920 3.1", "RFC 5321 4.3.1"),
    aliases=("wait-for-reply",),
)
def pipelining_only_if_offered(session: Session) -> Iterator[Hit]:
    found = {
        id(group[0]): group
        for group in groups(session)
        if not _is_told_elsewhere(group) and not_last(group) is None and not _is_chunks(group)
    }
    if not found:
        return
    hits: list[Hit] = []
    for now in listings(session):
        group = found.get(id(now.exchange), [])
        key = _unoffered(session, now) if group else ""
        if key:
            named = {"verb": group[1].verb or ".", "first": group[0].verb or "."}
            related = []
            if now.hello is not None and now.hello.reply is not None:
                related.append(Related("offers", now.hello.reply.lines[0].span()))
            related += _refused_so(group)
            severity = ERROR if refusal(group) else ""
            span = verb_span(group[1]).span()
            hits.append(Hit(key, span, named, related=related, severity=severity))
    if hits:
        again = [Related("again", hit.span) for hit in hits[1:_MOST_RELATED]]
        hits[0].related.extend(again)
        yield hits[0]


def _is_chunks(group: list[Exchange]) -> bool:
    """Say whether a group is nothing but chunks of one message."""
    return all(each.event in ("BDAT", "BDAT LAST") for each in group)


def _unoffered(session: Session, now: Known) -> str:
    first = now.exchange
    before = first.before
    if first.verb == "HELO" or (before is not None and before.hello == "HELO"):
        return "helo"
    if now.hello is None or now.hello.reply is None or now.words is None:
        return ""
    if offers(now.words, b"PIPELINING"):
        return ""
    return "" if is_between(session, now.hello.reply, first, MEANWHILE) else "not-offered"


@rule(
    "EXT002",
    "pipelining-last-commands",
    WARNING,
    shape=SESSION,
    needs=CLIENT_SIDE | SERVER_SIDE | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 2920 3.1", "RFC 4954 4"),
    aliases=("pipelining-ext-last", "pipelining-auth-last"),
)
def pipelining_last_commands(session: Session) -> Iterator[Hit]:
    hits = []
    for group in groups(session):
        pair = None if _is_told_elsewhere(group) else not_last(group)
        if pair is not None:
            first, then = pair
            named = {"verb": first.verb, "then": then.verb or "."}
            named["mechanism"] = sasl.shown(sasl.mechanism(first.command))
            related = [Related("client-speaks-here", verb_span(then).span())]
            related += _refused_so(group)
            key = "auth" if first.event == "AUTH" else "not-last"
            severity = ERROR if refusal(group) else ""
            span = verb_span(first).span()
            hits.append(Hit(key, span, named, related=related, severity=severity))
    if hits:
        again = [Related("again", hit.span) for hit in hits[1:_MOST_RELATED]]
        hits[0].related.extend(again)
        yield hits[0]


@rule(
    "EXT003",
    "pipelining-354-no-rcpt",
    INFO,
    shape=SESSION,
    concerns=("RCPT",),
    needs=CLIENT_SIDE | SERVER_SIDE | REPLY_TEXT,
    references=("RFC 2920 3.1", "RFC 2920 3.2"),
)
def pipelining_354_no_rcpt(session: Session) -> Iterator[Hit]:
    """Find a server that says it took a message for nobody."""
    begun = False
    for exchange in session.exchanges:
        before, reply = exchange.before, exchange.reply
        begun = begun or exchange.event == "MAIL"
        if exchange.event != "END" or not begun or before is None or reply is None:
            continue
        taken = reply.code // 100 == 2 and exchange.violation is None
        if taken and before.refused and not before.recipients:
            named = {"code": str(reply.code)}
            yield Hit("delivered", reply.code_view.span(), named, related=answers(exchange))
