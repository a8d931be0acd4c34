"""What the rules about commands ask of a session: what was surely said as a command.

Lines that turned out to be a message's text, or belong to the end of one, are no commands,
whatever they begin with.
"""

from __future__ import annotations

from smtp_lsp.rules import ERROR, WARNING, Hit, Related
from smtp_lsp.rules.known import MEANWHILE, Known, is_between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar.speech import Command
    from smtp_lsp.session.tree import Exchange, Session

_NO_COMMANDS = ("STRAY", "DOT", "END", "GREETING", "")
_MOST_RELATED = 5


def commands(session: Session) -> Iterator[tuple[Exchange, Command]]:
    for exchange in session.exchanges:
        if exchange.command is not None and exchange.event not in _NO_COMMANDS:
            yield exchange, exchange.command


def is_refused(exchange: Exchange, codes: tuple[int, ...]) -> bool:
    return exchange.reply is not None and exchange.reply.code in codes


def is_taken(exchange: Exchange) -> bool:
    return exchange.reply is not None and exchange.reply.code < 400


def severity_of(exchange: Exchange, codes: tuple[int, ...]) -> str:
    """Return ERROR where the server refused a command with one of *codes*, else WARNING."""
    return ERROR if is_refused(exchange, codes) else WARNING


def listings(session: Session) -> Iterator[Known]:
    """Yield the exchanges with what is known before each, as ``known`` does, of any session."""
    last: Known | None = None
    for exchange in session.exchanges:
        now = Known(exchange, last)
        before = exchange.before
        if before is None or before.phases & (before.phases - 1):
            now.forget()
        yield now
        last = now.moved(session)


def is_listing_in_force(session: Session, now: Known) -> bool:
    """Say whether the record shows what the server offered, and nothing that came between."""
    if now.hello is None or now.words is None or now.hello.reply is None:
        return False
    return not is_between(session, now.hello.reply, now.exchange, MEANWHILE)


def folded(hits: list[Hit]) -> Iterator[Hit]:
    """Yield the first of *hits* of each key and name; the others are where it happens again."""
    first: dict[object, Hit] = {}
    for hit in hits:
        same = (hit.key, *sorted(hit.parameters.items()))
        if same in first:
            first[same].related.append(Related("again", hit.span))
        else:
            first[same] = hit
    for hit in first.values():
        del hit.related[_MOST_RELATED:]
        yield hit
