"""What clients do that works, and would better be done otherwise; what servers do to them.

Kept apart from the rules about order (``rules.sequence``): nothing here is forbidden by the
state of the session.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE, SERVER_SIDE
from smtp_lsp.dialects.reading import CONTENT as SHOWS_CONTENT
from smtp_lsp.grammar import Production
from smtp_lsp.rules import (
    HINT,
    INFO,
    INTEROPERABILITY,
    SECURITY,
    SESSION,
    STYLE,
    WARNING,
    Hit,
    Related,
    rule,
)
from smtp_lsp.rules.known import verb_span
from smtp_lsp.session import phases

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.session.tree import Exchange, Session, Transaction

_BOTH = CLIENT_SIDE | SERVER_SIDE


@rule(
    "SEQ009",
    "prefer-ehlo",
    HINT,
    shape=SESSION,
    concerns=("HELO",),
    needs=CLIENT_SIDE,
    category=STYLE,
    references=("RFC 5321 2.2.1", "RFC 5321 3.2", "RFC 5321 4.1.1.1"),
)
def prefer_ehlo(session: Session) -> Iterator[Hit]:
    """Find a session that opens with HELO; one that falls back to it opened with EHLO."""
    first = next((exchange for exchange in session.exchanges if exchange.said), None)
    if first is None or first.verb != "HELO" or first.command is None or not first.command.likely:
        return
    if first.reply is None or first.reply.code // 100 == 2:
        yield Hit("helo", verb_span(first).span())


@rule(
    "SEQ010",
    "wait-for-greeting",
    WARNING,
    shape=SESSION,
    needs=_BOTH,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.3.1", "RFC 5321 3.1"),
)
def wait_for_greeting(session: Session) -> Iterator[Hit]:
    """Find what was said before the 220; for DATA ``misordered-data`` says so."""
    if any(violation.reason == phases.NO_GREETING for violation in session.violations):
        return
    greeting = next((each for each in session.exchanges if each.event == "GREETING"), None)
    for exchange in session.exchanges:
        if not exchange.without_greeting or exchange.command is None:
            continue
        if exchange.command.likely and greeting is not None and greeting.reply is not None:
            related = [Related("greeting-here", greeting.reply.code_view.span())]
            yield Hit("early", verb_span(exchange).span(), {"verb": exchange.verb}, related=related)
            return


# -- the same message again --------------------------------------------------


@rule(
    "SEQ011",
    "single-copy-many-rcpt",
    INFO,
    shape=SESSION,
    concerns=("RCPT",),
    thorough=True,
    needs=_BOTH | SHOWS_CONTENT,
    category=STYLE,
    references=("RFC 5321 4.5.4.1", "RFC 5321 7.2"),
)
def single_copy_many_rcpt(session: Session) -> Iterator[Hit]:
    """Find a message that is sent again, octet for octet, to a recipient that it names itself.

    Blind copies may be sent apart; so may those above a limit that the server set.
    """
    transactions = session.transactions()
    if len(transactions) < 2 or _is_limited(session):
        return
    seen: dict[tuple[bytes, bytes], tuple[bytes, Exchange]] = {}
    for transaction in transactions:
        mail, content = transaction.exchanges[0], _delivered(transaction)
        recipients = [exchange.path() for exchange in transaction.recipients()]
        if not content or len(recipients) != 1 or not _names(content, recipients[0]):
            continue
        recipient = recipients[0].lower()
        first, before = seen.setdefault((mail.path(), content), (recipient, mail))
        if first != recipient:
            related = [Related("first-here", verb_span(before).span())]
            yield Hit("again", verb_span(mail).span(), related=related)
            return


def _is_limited(session: Session) -> bool:
    offers = (exchange.after.offers for exchange in session.exchanges if exchange.after)
    if any(each is not None and b"LIMITS" in each for each in offers):
        return True
    return any(exchange.event == "RCPT" for exchange in session.refusals)


def _delivered(transaction: Transaction) -> bytes:
    """Return the content of a transaction that ended well, or nothing."""
    last = transaction.exchanges[-1]
    if last.event != "END" or last.reply is None or last.reply.code // 100 != 2:
        return b""
    contents = [exchange.content for exchange in transaction.exchanges if exchange.content]
    return bytes(contents[0].view) if len(contents) == 1 else b""


def _names(content: bytes, path: bytes) -> bool:
    address = path.strip(b"<>").lower()
    return b"@" in address and address in content.lower()


# -- what a server does about failed logins --------------------------------------

_ABOUT_LOGINS = Production(rb"(?i)auth|log-?in|password|attempts|failures")
_TRIES = 3


@rule(
    "SEC024",
    "auth-drop-after-three",
    INFO,
    shape=SESSION,
    concerns=("AUTH",),
    needs=_BOTH,
    category=SECURITY,
    references=("RFC 4954 9",),
)
def auth_drop_after_three(session: Session) -> Iterator[Hit]:
    """Count the failed AUTHs up to a 421 that speaks of them, in a session shown from its start."""
    if not session.exchanges or session.exchanges[0].event != "GREETING":
        return
    failed: list[Exchange] = []
    for exchange in session.exchanges:
        reply = exchange.reply
        if reply is None:
            continue
        if exchange.event == "AUTH" and reply.code == 535:
            failed.append(exchange)
        elif reply.code == 421 and exchange.event in ("AUTH", ""):
            tries = len(failed) + (exchange.event == "AUTH")
            if 0 < tries < _TRIES and _ABOUT_LOGINS.search(reply.text()):
                related = [Related("failed-here", verb_span(each).span()) for each in failed]
                yield Hit("early", reply.code_view.span(), {"count": str(tries)}, related=related)
            return
        elif reply.code >= 400:
            return
