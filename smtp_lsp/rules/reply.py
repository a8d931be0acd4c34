"""RPL: what the server said."""

from __future__ import annotations

from smtp_lsp.dialects.reading import SERVER_SIDE
from smtp_lsp.grammar import Production
from smtp_lsp.rules import DATA_LOSS, INFO, INTEROPERABILITY, SESSION, WARNING, Hit, Related, rule
from smtp_lsp.rules.answering import answers, folded
from smtp_lsp.rules.sequence import shown_verb
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.session.tree import Exchange, Reply, Session


@rule(
    "RPL001",
    "refused-by-server",
    INFO,
    shape=SESSION,
    needs=SERVER_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.2.1", "RFC 5321 4.2.3"),
    default=True,
)
def refused_by_server(session: Session) -> Iterator[Hit]:
    recipients = _recipients(session)
    for exchange in session.refusals:
        view = exchange.verb_view
        related = [Related("answers", view.span())] if view is not None else []
        own = recipients.get(id(exchange), [])
        for number, reply in enumerate(exchange.replies):
            if reply.code >= 400:
                named = {"code": str(reply.code), "reply": quoted(reply.text())}
                named["command"] = _command(exchange)
                named["recipient"] = own[number] if number < len(own) else ""
                key, span = _key(exchange, reply.code), reply.code_view.span()
                yield Hit(key, span, named, related=related, advice=_advice(session, reply))


def _advice(session: Session, reply: Reply) -> tuple[str, str] | None:
    """Return which provider says so, and which of its replies it is, where that is known."""
    from smtp_lsp.rules import providers

    known = providers.known_reply(session, reply)
    return known.place if known is not None else None


# What servers say when they count recipients: Exim, Sendmail and Postfix in their own words.
_TOO_MANY = Production(rb"(?i)too many recipients|too many rcpt|recipients? limit")


@rule(
    "RPL022",
    "too-many-recipients-452",
    WARNING,
    shape=SESSION,
    concerns=("RCPT",),
    needs=SERVER_SIDE,
    category=DATA_LOSS,
    references=("RFC 5321 4.5.3.1.10", "RFC 3463 3.6"),
)
def too_many_recipients_452(session: Session) -> Iterator[Hit]:
    hits = []
    for exchange in session.refusals:
        reply = exchange.reply
        if exchange.verb != "RCPT" or reply is None or reply.code != 552:
            continue
        if reply.enhanced() == b"5.5.3" or _TOO_MANY.search(reply.text()):
            hits.append(Hit("permanent", reply.code_view.span(), related=answers(exchange)))
    yield from folded(hits)


def _command(exchange: Exchange) -> str:
    """Name the command as far as it may be shown: AUTH never with what follows it."""
    path = exchange.path()
    verb = shown_verb(exchange)
    return f"{verb} {quoted(path)}" if path else verb


def _recipients(session: Session) -> dict[int, list[str]]:
    """Return whom each reply of an exchange is about, where each recipient has one of its own.

    By identity of the exchange; only LMTP answers so (RFC 2033 4.2).
    """
    wanted = {id(exchange) for exchange in session.refusals if exchange.expected > 1}
    if not wanted:
        return {}
    return {
        id(exchange): [quoted(recipient.path()) for recipient in transaction.recipients()]
        for transaction in session.transactions()
        for exchange in transaction.exchanges
        if id(exchange) in wanted
    }


def _key(exchange: Exchange, code: int) -> str:
    if exchange.event == "GREETING":
        return "greeting"
    if code == 421:
        return "closing"
    if exchange.expected > 1 and exchange.event in ("END", "BDAT LAST"):
        return "recipient"
    if code in (500, 501, 502) and exchange.said is not None:
        return "syntax"
    if exchange.event == "END":
        return "message-later" if code < 500 else "message"
    if exchange.event == "" or not exchange.verb:
        return "unknown-later" if code < 500 else "unknown"
    return "later" if code < 500 else "refused"
