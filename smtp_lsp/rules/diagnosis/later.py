"""What came after a refusal and made it good: another hello, mechanism, sender, recipient.

One pass from behind over the exchanges; then each question is answered at once, however many
refusals a session holds.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.session.tree import Exchange, Session

_CONTENT = ("DATA", "BDAT", "BDAT LAST")
_TURNS = (*_CONTENT, "RSET", "QUIT", "MAIL", "HELLO")
"""Events that end the RCPTs of a transaction."""

_GOOD = {
    "HELLO": ("HELLO", "MAIL"),
    "STARTTLS": ("STARTTLS", "MAIL", "AUTH answered"),
    "AUTH": ("AUTH",),
    "MAIL": ("MAIL",),
    "UNKNOWN": ("MAIL",),
}
"""What makes a refusal of each event good, if it is taken later."""

_NONE = -1


class Later:
    """What became of a session behind each of its exchanges, by index."""

    def __init__(self, session: Session) -> None:
        self.exchanges = session.exchanges
        count = len(self.exchanges)
        self.last: dict[str, int] = {}
        self.turn = [count] * count
        self.recipient = [count] * count
        turn = recipient = count
        for index in range(count - 1, -1, -1):
            self.turn[index], self.recipient[index] = turn, recipient
            exchange = self.exchanges[index]
            event = exchange.event
            if is_taken(exchange):
                self.last.setdefault(event, index)
                if event != "QUIT":
                    self.last.setdefault("any", index)
                if event == "RCPT":
                    recipient = index
            if event == "AUTH" and exchange.reply is not None and exchange.reply.code == 535:
                self.last.setdefault("AUTH answered", index)
            if event in _TURNS:
                turn = index

    def makes_good(self, index: int) -> bool:
        """Say whether what was refused at *index* went well later, or was passed over."""
        exchange = self.exchanges[index]
        if (
            exchange.reply is not None
            and exchange.reply.code == 421
            and not self._has("any", index)
        ):
            return False
        if exchange.event == "RCPT":
            return self._is_passed_over(index)
        if exchange.event == "STARTTLS" and self._has("AUTH", index):
            return True
        return any(self._has(event, index) for event in _GOOD.get(exchange.event, ()))

    def _has(self, event: str, index: int) -> bool:
        return self.last.get(event, _NONE) > index

    def _is_passed_over(self, index: int) -> bool:
        """Say whether the transaction went on without a recipient, or was cut before it could."""
        before, turn = self.exchanges[index].before, self.turn[index]
        accepted = self.recipient[index] < turn or (before is not None and before.recipients > 0)
        if turn == len(self.exchanges):
            return accepted
        ending = self.exchanges[turn]
        if ending.event in _CONTENT:
            return accepted and (is_taken(ending) or not ending.replies)
        tried_again = self._has("RCPT", turn) and self.exchanges[-1].event != "QUIT"
        return tried_again and ending.event != "QUIT"


def is_taken(exchange: Exchange) -> bool:
    """Say whether the server took what was said."""
    return exchange.reply is not None and exchange.reply.code < 400
