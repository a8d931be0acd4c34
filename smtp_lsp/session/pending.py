"""Commands whose replies have not come, in the order in which they were sent."""

from __future__ import annotations

from collections import deque

from smtp_lsp.session.tree import BDAT_PENDING, HELLO_PENDING, MAIL_PENDING, RCPT_PENDING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.session.tree import Exchange

_BITS = {
    "HELLO": HELLO_PENDING,
    "MAIL": MAIL_PENDING,
    "RCPT": RCPT_PENDING,
    "BDAT": BDAT_PENDING,
}


class Pending:
    """A queue of exchanges that knows, without looking through, what is waiting in it."""

    __slots__ = ("_counts", "_queue")

    def __init__(self) -> None:
        self._queue: deque[Exchange] = deque()
        self._counts: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._queue)

    def __getitem__(self, index: int) -> Exchange:
        return self._queue[index]

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._queue)

    def append(self, exchange: Exchange) -> None:
        self._queue.append(exchange)
        exchange.waiting = True
        self._counts[exchange.event] = self._counts.get(exchange.event, 0) + 1

    def popleft(self) -> Exchange:
        exchange = self._queue.popleft()
        exchange.waiting = False
        self._counts[exchange.event] = self._counts.get(exchange.event, 0) - 1
        return exchange

    def put_first(self, exchanges: list[Exchange]) -> None:
        """Put *exchanges* before all others, in their order."""
        for exchange in reversed(exchanges):
            self._queue.appendleft(exchange)
            exchange.waiting = True
            self._counts[exchange.event] = self._counts.get(exchange.event, 0) + 1

    def drop_last(self, beginning: bytes) -> None:
        """Drop the last command if it begins with *beginning*: it never reached the server.

        ``openssl s_client`` takes a typed line that begins with R for its own command.
        """
        if not self._queue:
            return
        last = self._queue[-1]
        if last.said is not None and bytes(last.said).startswith(beginning):
            self._queue.pop()
            self._counts[last.event] -= 1

    def rename(self, exchange: Exchange, event: str) -> None:
        """Give *exchange* another event, whether it still waits or not."""
        if exchange.waiting:
            self._counts[exchange.event] -= 1
            self._counts[event] = self._counts.get(event, 0) + 1
        exchange.event = event

    def has(self, *events: str) -> bool:
        """Say whether one of *events* is waiting."""
        return any(self._counts.get(event, 0) > 0 for event in events)

    def bits(self) -> int:
        """Return which of hello, MAIL and RCPT are waiting, as bits of ``session.tree``."""
        found = 0
        for event, bit in _BITS.items():
            if self._counts.get(event, 0) > 0:
                found |= bit
        return found
