"""The messages that a session carries, as the rules about messages see them."""

from __future__ import annotations

from smtp_lsp import registry
from smtp_lsp.dialects.reading import SCRIPT
from smtp_lsp.dialects.utterance import END_OF_FILE, OTHER_SIDE
from smtp_lsp.grammar import Production, speech
from smtp_lsp.message import DRAFT, WIRE, Message
from smtp_lsp.rules import traits
from smtp_lsp.session import phases
from smtp_lsp.session.skim import WRITTEN_BY_PROGRAMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.lint.options import Options
    from smtp_lsp.rules import Rule
    from smtp_lsp.session.tree import Exchange, Session

_BEGINS_ANEW = ("GREETING", "HELLO", "RSET", "STARTTLS")
"""The events behind which the envelope before them holds no longer (RFC 5321 4.1.1.5, 4.1.4)."""

_WRITTEN_END = Production(rb"(?i)(?:<cr(?:><|)lf>|\\r\\n|\\n)\s*$")


class Enclosed:
    """The message rules that are asked of a transcript's messages; none without *options*.

    The families that judge messages are loaded when the first message is met.
    """

    def __init__(self, options: Options | None) -> None:
        self.options = options
        self._thorough: bool | None = None

    def rules(self, message: Message) -> list[tuple[Rule, str]]:
        """Return the rules that may find something, each with its severity or ``""``."""
        if self.options is None:
            return []
        from smtp_lsp.lint import glance

        return self.options.rules_for(glance.traits_of(message), enclosed=True)

    def is_thorough(self) -> bool:
        """Say whether a rule looks at more of a message than its own octets."""
        if self._thorough is None:
            every = []
            if self.options is not None:
                every = self.options.rules_for(traits.ENVELOPE, enclosed=True)
            self._thorough = any(rule.thorough for rule, _ in every)
        return self._thorough

    def messages(self, session: Session) -> Iterator[Message]:
        """Yield the messages that a session shows whole, in order."""
        if self.options is not None:
            for message in messages(session):
                message.charset = self.options.header_charset
                yield message


def messages(session: Session) -> Iterator[Message]:
    """Yield the messages that a session shows whole, in order."""
    exchanges = session.exchanges
    for index, exchange in enumerate(exchanges):
        message = _message(exchange, session) if exchange.content else None
        if message is None:
            continue
        end = exchange
        if exchange.event == "DATA":
            end = next((e for e in exchanges[index + 1 : index + 3] if e.event == "END"), end)
        reply = end.reply
        message.accepted = reply is not None and reply.code // 100 == 2
        message.mail, message.rcpts = _envelope(exchanges, index)
        message.recipients = tuple(each.path() for each in message.rcpts)
        message.chunked = exchange.event != "DATA"
        message.source = session.reading.source
        message.recorded = message.chunked or session.reading.dialect.kind != SCRIPT
        message.sketch = message.context == DRAFT or _is_cut(message, exchange)
        yield message


def _envelope(
    exchanges: list[Exchange], content: int
) -> tuple[Exchange | None, tuple[Exchange, ...]]:
    """Return the MAIL before a content and the RCPTs between the two, those not refused."""
    rcpts: list[Exchange] = []
    for index in range(content - 1, -1, -1):
        exchange = exchanges[index]
        if exchange.content is not None or exchange.event in _BEGINS_ANEW:
            break
        taken = exchange.reply is None or exchange.reply.code < 400
        if exchange.event == "MAIL":
            return (exchange if taken else None), tuple(reversed(rcpts))
        if exchange.event == "RCPT" and taken:
            rcpts.append(exchange)
    return None, tuple(reversed(rcpts))


def _message(exchange: Exchange, session: Session) -> Message | None:
    """Return the message that *exchange* carries, or None where it does not show a whole one.

    What begins with something else than a field is prose that stands for a message, and so is
    a header without any field that is known. Where people write by hand, be it an example or
    into a telnet, a header without anything that programs put there is a sketch, and judged
    as a draft is: nobody types a Date.
    """
    content = exchange.content
    if content is None or _is_piece(exchange):
        return None
    if session.reading.dialect.loses_blank and all(bytes(line) for line in content.lines()):
        return None
    message = Message(content.view, WIRE)
    fields = message.fields
    if not any(registry.header_field(bytes(field.name).decode("ascii")) for field in fields):
        return None
    if len(fields) == 1 and fields[0].lines.start != message.whole.start:
        return None
    names = {bytes(field.name).lower() for field in fields}
    if session.reading.dialect.by_hand and names.isdisjoint(WRITTEN_BY_PROGRAMS):
        message.context = DRAFT
    if any(_stands_for_others(bytes(line)) for line in message.header_lines()):
        return None
    return message


def _is_cut(message: Message, exchange: Exchange) -> bool:
    """Say whether the record ends before the content does, or leaves out some of it."""
    content = exchange.content
    if content is None or content.ending in (OTHER_SIDE, END_OF_FILE):
        return True
    if not message.named("content-type"):
        return False
    body = message.body
    return speech.OMITTED.search(body.buffer.data, body.start, body.end) is not None


def _is_piece(exchange: Exchange) -> bool:
    """Say whether other chunks belong to the message."""
    if exchange.event == "DATA":
        return False
    before = exchange.before
    return (
        exchange.event != "BDAT LAST"
        or before is None
        or bool(before.phases & (phases.BDAT | phases.INDETERMINATE))
    )


def _stands_for_others(line: bytes) -> bool:
    """Say whether a line of a header is not as it was: left out, or its end written in letters."""
    if _WRITTEN_END.search(line[-16:]):
        return True
    return speech.is_placeholder(line) or speech.is_omission(line)
