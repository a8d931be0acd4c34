"""How big a message is that a session shows, in the octets that RFC 1870 5 counts."""

from __future__ import annotations

from smtp_lsp.grammar import speech
from smtp_lsp.rules.line_ends import CHUNKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.utterance import Content
    from smtp_lsp.session.tree import Exchange, Session


def content_size(session: Session, index: int) -> tuple[int, Exchange | None]:
    """Return the octets of the message that the exchange at *index* ends, and its MAIL.

    CRLFs count, the dots that stuffing added and the last one do not (RFC 1870 5). The size is -1
    where the record does not show all of the message.
    """
    total = 0
    for exchange in reversed(session.exchanges[: index + 1]):
        if exchange.event == "MAIL":
            return total, exchange
        if exchange.event in CHUNKS and exchange.verb == "BDAT" and exchange.command is not None:
            total += exchange.command.chunk
        elif exchange.event == "DATA":
            size = _size(exchange.content) if session.reading.dialect.whole else -1
            if size < 0:
                return -1, None
            total += size
        elif exchange.event not in ("END", "RCPT"):
            return -1, None
    return -1, None


def _size(content: Content | None) -> int:
    if content is None:
        return -1
    if content.listed is not None:
        lines = [bytes(line) for line in content.listed]
        if any(speech.is_placeholder(line) or speech.is_omission(line) for line in lines):
            return -1
        return sum(len(line) + 2 - line.startswith(b".") for line in lines)
    view = content.view
    data, start, end = view.buffer.data, view.start, view.end
    size = len(view) + data.count(b"\n", start, end) - data.count(b"\r\n", start, end)
    return size - data.count(b"\n.", start, end) - data.startswith(b".", start, end)
