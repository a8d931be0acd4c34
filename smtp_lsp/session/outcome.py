"""What became of a session: what was delivered, and whether anything was meant to be."""

from __future__ import annotations

from smtp_lsp.grammar import speech
from smtp_lsp.session import guards

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.session.tree import Exchange, Session
    from smtp_lsp.text.view import View

_ENDS = ("END", "BDAT LAST")
_LONGEST_PLACEHOLDER = 80


class Outcome:
    """What was delivered: messages, recipients; and what was tried.

    ``messages`` counts contents that the server took, ``recipients`` those that they went to,
    ``tried`` and ``accepted`` the RCPTs of all transactions, ``copies`` those of accepted
    recipients that LMTP answered one by one at the end of the message, ``lost`` those among them
    that were refused there; ``octets`` is the size of all content that is shown, -1 where none is.
    """

    __slots__ = (
        "accepted",
        "copies",
        "lost",
        "messages",
        "octets",
        "recipients",
        "sender",
        "tried",
    )

    def __init__(self) -> None:
        self.messages = 0
        self.recipients = 0
        self.tried = 0
        self.accepted = 0
        self.copies = 0
        self.lost = 0
        self.octets = -1
        self.sender: bytes | None = None


def taken(exchange: Exchange) -> int:
    """Return for how many recipients the server took the message that *exchange* ends."""
    if exchange.event not in _ENDS:
        return 0
    positive = sum(reply.code // 100 == 2 for reply in exchange.replies)
    if not positive:
        return 0
    before = exchange.before
    if before is not None and guards.is_lmtp(before):
        return positive
    return max(1, before.recipients if before is not None else 1)


def is_delivered(session: Session) -> bool:
    """Say whether the server took any message of *session*."""
    return any(taken(exchange) for exchange in session.exchanges)


def _is_left_out(content: View) -> bool:
    """Say whether somebody's words stand where the content was: ``5 lines sent``."""
    if len(content) > _LONGEST_PLACEHOLDER:
        return False
    line = bytes(content).strip()
    return b"\n" not in line and (speech.is_placeholder(line) or speech.is_omission(line))


def outcome(session: Session) -> Outcome:
    """Return what became of *session*."""
    found = Outcome()
    for exchange in session.exchanges:
        code = exchange.reply.code if exchange.reply else 0
        if exchange.event == "MAIL":
            if found.sender is None:
                found.sender = exchange.path()
        elif exchange.event == "RCPT":
            found.tried += 1
            found.accepted += code // 100 == 2
        if exchange.content is not None and not _is_left_out(exchange.content.view):
            found.octets = max(found.octets, 0) + len(exchange.content.view)
        if exchange.event in _ENDS and exchange.before and guards.is_lmtp(exchange.before):
            found.copies += len(exchange.replies)
            found.lost += sum(reply.code // 100 != 2 for reply in exchange.replies)
        count = taken(exchange)
        if count:
            found.messages += 1
            found.recipients += count
    return found
