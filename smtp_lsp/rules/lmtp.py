"""LMT: LMTP (RFC 2033)."""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE, FINAL_DOT, REPLY_TEXT, SERVER_SIDE
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
)
from smtp_lsp.rules.answering import answers
from smtp_lsp.rules.known import listing, offers
from smtp_lsp.session import guards, phases

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.session.tree import Exchange, Session

_BOTH = CLIENT_SIDE | SERVER_SIDE
_GREETS_LMTP = Production(rb"\bLMTP\b")


def _accepted_lhlo(session: Session) -> Exchange | None:
    for exchange in session.exchanges:
        if exchange.verb == "LHLO" and exchange.reply is not None and exchange.reply.code == 250:
            return exchange
    return None


@rule(
    "LMT001",
    "lmtp-lhlo",
    WARNING,
    shape=SESSION,
    concerns=("EHLO", "HELO"),
    needs=_BOTH | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 2033 4.1",),
)
def lmtp_lhlo(session: Session) -> Iterator[Hit]:
    """Find a server that speaks LMTP and takes EHLO or HELO all the same."""
    said = _accepted_lhlo(session)
    begun = session.exchanges[:1]
    greeting = begun[0].reply if begun and begun[0].event == "GREETING" else None
    if said is None and (greeting is None or not _GREETS_LMTP.search(greeting.text())):
        return
    for exchange in session.exchanges:
        reply = exchange.reply
        if exchange.verb in ("EHLO", "HELO") and reply is not None and reply.code // 100 == 2:
            related = answers(exchange)
            if said is not None and said.verb_view is not None:
                related.append(Related("lmtp-here", said.verb_view.span()))
            elif greeting is not None:
                related.append(Related("lmtp-here", greeting.lines[0].span()))
            named = {"verb": exchange.verb, "code": str(reply.code)}
            yield Hit("taken", reply.code_view.span(), named, related=related)
            return


_UNKNOWN = (500, 502)


@rule(
    "LMT005",
    "lhlo-on-smtp",
    WARNING,
    explains=_UNKNOWN,
    shape=SESSION,
    concerns=("LHLO",),
    needs=_BOTH,
    category=INTEROPERABILITY,
    references=("RFC 2033 4.1", "RFC 2033 5"),
)
def lhlo_on_smtp(session: Session) -> Iterator[Hit]:
    """Find a client that speaks LMTP to a server that does not."""
    begun = session.exchanges[:1]
    greeting = begun[0].reply if begun and begun[0].event == "GREETING" else None
    if _accepted_lhlo(session) or (greeting and _GREETS_LMTP.search(greeting.text())):
        return
    hellos = [exchange for exchange in session.exchanges if exchange.event == "HELLO"]
    speaks_smtp = any(each.reply is not None and each.reply.code // 100 == 2 for each in hellos)
    for exchange in hellos:
        reply, view = exchange.reply, exchange.verb_view
        if exchange.verb == "LHLO" and reply is not None and view and reply.code in _UNKNOWN:
            severity = "" if speaks_smtp else ERROR
            yield Hit("refused", view.span(), {"code": str(reply.code)}, severity=severity)
            return


@rule(
    "LMT002",
    "lmtp-data-no-rcpt-503",
    INFO,
    shape=SESSION,
    concerns=("LHLO",),
    needs=_BOTH,
    category=INTEROPERABILITY,
    references=("RFC 2033 4.2",),
)
def lmtp_data_no_rcpt_503(session: Session) -> Iterator[Hit]:
    for exchange in session.exchanges:
        before, reply = exchange.before, exchange.reply
        if exchange.event != "DATA" or before is None or reply is None:
            continue
        if not guards.is_lmtp(before) or before.recipients or not before.is_only(phases.MAIL):
            continue
        if reply.code not in (421, 503):
            named = {"code": str(reply.code)}
            yield Hit("other", reply.code_view.span(), named, related=answers(exchange))


@rule(
    "LMT003",
    "lmtp-reply-per-rcpt",
    ERROR,
    explains=True,
    shape=SESSION,
    concerns=("LHLO",),
    needs=_BOTH | FINAL_DOT,
    references=("RFC 2033 4.2", "RFC 2033 4.3"),
    aliases=("lmtp-bdat-last-replies",),
)
def lmtp_reply_per_rcpt(session: Session) -> Iterator[Hit]:
    """Find an end of a message whose replies are not as many as its recipients.

    Where one is missing, the next command's reply was taken for it, unless that stands out by its
    code; so it is only told where the whole session lacks one in the end.
    """
    for index, exchange in enumerate(session.exchanges):
        before, view = exchange.before, exchange.verb_view
        if exchange.event not in ("END", "BDAT LAST") or before is None or view is None:
            continue
        if not guards.is_lmtp(before) or before.phases & (before.phases - 1):
            continue
        if not exchange.replies or exchange.violation is not None or not before.recipients:
            continue
        if exchange.replies[-1].code == 421:
            return
        own = _own_replies(session, index)
        named = {"recipients": str(before.recipients), "replies": str(own)}
        if own < before.recipients:
            related = [Related("first-reply", exchange.replies[own - 1].code_view.span())]
            yield Hit("fewer", view.span(), named, related=related)
            return
        extra = _unasked(session, index)
        if extra is not None and extra.reply is not None:
            related = [Related("goes-on-here", extra.reply.code_view.span())]
            yield Hit("more", view.span(), named, related=related)
            return


def _own_replies(session: Session, index: int) -> int:
    """Return how many replies the end of a message drew before the client went on."""
    exchange = session.exchanges[index]
    following = next((e for e in session.exchanges[index + 1 :] if e.said is not None), None)
    if following is None or following.said is None:
        return exchange.expected  # the record ends here
    if len(exchange.replies) == exchange.expected and not _lacks_one(session, index):
        return exchange.expected
    start = following.said.span().start
    own = sum(reply.span.start < start for reply in exchange.replies)
    return own or exchange.expected


def _lacks_one(session: Session, index: int) -> bool:
    """Say whether a command behind the exchange at *index* has no reply, though a later one has."""
    lacking = False
    for each in session.exchanges[index + 1 :]:
        if each.said is not None and each.replies and lacking:
            return True
        lacking = lacking or (each.said is not None and not each.replies)
    return False


def _unasked(session: Session, index: int) -> Exchange | None:
    """Return the reply that came behind the last one that was due, if any."""
    for following in session.exchanges[index + 1 : index + 2]:
        reply = following.reply
        if following.event == "" and reply is not None and reply.code not in (220, 421):
            return following
    return None


@rule(
    "LMT004",
    "lmtp-required-extensions",
    INFO,
    shape=SESSION,
    concerns=("LHLO",),
    needs=SERVER_SIDE | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 2033 5",),
)
def lmtp_required_extensions(session: Session) -> Iterator[Hit]:
    exchange = _accepted_lhlo(session)
    words = listing(session, exchange) if exchange is not None else None
    if exchange is None or exchange.reply is None or words is None:
        return
    wanted = (b"PIPELINING", b"ENHANCEDSTATUSCODES")
    missing = [keyword.decode() for keyword in wanted if not offers(words, keyword)]
    if missing:
        named = {"keyword": missing[0], "other": missing[-1]}
        key = "one" if len(missing) == 1 else "both"
        yield Hit(key, exchange.reply.code_view.span(), named, related=answers(exchange))
