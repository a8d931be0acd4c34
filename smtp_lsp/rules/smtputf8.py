"""EXT: SMTPUTF8 (RFC 6531).

Octets above 127 in a MAIL or RCPT without the parameter are for the rules about commands, those
in a body for ``wire``; here are the header, needless use, and what is no UTF-8.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE, REPLY_TEXT, SERVER_SIDE
from smtp_lsp.dialects.reading import CONTENT as SHOWS_CONTENT
from smtp_lsp.rules import (
    CONTENT,
    HINT,
    INTEROPERABILITY,
    SESSION,
    WARNING,
    Fix,
    Hit,
    Related,
    rule,
)
from smtp_lsp.rules.answering import answers
from smtp_lsp.rules.eight_bit import EIGHT, envelopes, halves
from smtp_lsp.rules.envelope import parameters
from smtp_lsp.rules.known import listing, offers, verb_span
from smtp_lsp.rules.spoken import severity_of
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.session.tree import Exchange, Session

_REFUSALS = (500, 501, 550, 553, 555)


def asks_for_utf8(mail: Exchange) -> bool:
    """Say whether a MAIL has the parameter SMTPUTF8."""
    command = mail.command
    return command is not None and any(each.keyword == b"SMTPUTF8" for each in parameters(command))


def is_utf8(octets: bytes) -> bool:
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@rule(
    "EXT022",
    "smtputf8-param-when-needed",
    WARNING,
    shape=CONTENT,
    plain=True,
    needs=CLIENT_SIDE | SHOWS_CONTENT,
    category=INTEROPERABILITY,
    references=("RFC 6531 3.2", "RFC 6531 3.4", "RFC 6532 3"),
    aliases=("smtputf8-only-if-offered", "utf8-headers-need-smtputf8"),
    fixes={"encode-words": Fix.UNSAFE},
)
def smtputf8_param_when_needed(exchange: Exchange, session: Session) -> Iterator[Hit]:
    """Find UTF-8 in the header of a message that MAIL did not announce as such."""
    content = exchange.content
    if content is None or exchange.event == "BDAT" or bytes(content.view).isascii():
        return
    header, _ = halves(content.view)
    data, found = header.buffer.data, EIGHT.search(header.buffer.data, header.start, header.end)
    mail, hello = envelopes(session).get(id(exchange), (None, None))
    if found is None or mail is None or mail.said is None or asks_for_utf8(mail):
        return
    if not is_utf8(data[header.start : header.end]):
        return  # Latin-1 and its kin are wrong with SMTPUTF8 as well
    words = listing(session, hello) if hello is not None and hello.verb != "HELO" else None
    if hello is not None and hello.verb == "HELO":
        key = "helo"
    else:
        key = "not-offered" if words is not None and not offers(words, b"SMTPUTF8") else "missing"
    end = found.end()
    while end < header.end and data[end] & 0xC0 == 0x80:
        end += 1
    related = [Related("mail", mail.said.span())]
    hit = Hit(key, View(header.buffer, found.start(), end).span(), related=related)
    yield _encoded(hit, exchange, session)


def _encoded(hit: Hit, exchange: Exchange, session: Session) -> Hit:
    """Give *hit* the fix that makes encoded-words of UTF-8, where it stands in texts alone."""
    from smtp_lsp.rules import mending, rewording

    message = mending.carried(exchange, session)
    if message is None:
        return hit
    fields = [field for field in message.fields if not bytes(field.value).isascii()]
    return rewording.encode_words(message, hit, fields)


@rule(
    "EXT023",
    "smtputf8-param-not-needlessly",
    HINT,
    shape=SESSION,
    concerns=("MAIL",),
    thorough=True,
    needs=CLIENT_SIDE | SHOWS_CONTENT,
    category=INTEROPERABILITY,
    references=("RFC 6531 3.4",),
)
def smtputf8_param_not_needlessly(session: Session) -> Iterator[Hit]:
    for transaction in session.transactions():
        mail = transaction.exchanges[0]
        if not asks_for_utf8(mail) or mail.said is None or not session.reading.dialect.whole:
            continue
        contents = [each.content for each in transaction.exchanges if each.content is not None]
        said = [bytes(each.said) for each in transaction.exchanges if each.said is not None]
        ascii_only = all(text.isascii() for text in said)
        if contents and ascii_only and all(bytes(each.view).isascii() for each in contents):
            at = bytes(mail.said).upper().index(b"SMTPUTF8")
            yield Hit("needless", mail.said.span(at, at + len(b"SMTPUTF8")))


@rule(
    "EXT028",
    "smtputf8-utf8-valid",
    WARNING,
    explains=_REFUSALS,
    shape=SESSION,
    concerns=("MAIL",),
    needs=CLIENT_SIDE,
    references=("RFC 6531 1.1", "RFC 6531 3.2", "RFC 6532 3.1"),
)
def smtputf8_utf8_valid(session: Session) -> Iterator[Hit]:
    mail: Exchange | None = None
    for exchange in session.exchanges:
        if exchange.event == "MAIL":
            mail = exchange
        if exchange.event not in ("MAIL", "RCPT") or exchange.said is None or mail is None:
            continue
        text = bytes(exchange.said)
        if text.isascii() or is_utf8(text) or not asks_for_utf8(mail):
            continue
        try:
            text.decode("utf-8")
        except UnicodeDecodeError as fault:
            named = {"octet": f"{text[fault.start]:02X}", "verb": exchange.verb}
            severity = severity_of(exchange, _REFUSALS)
            span = exchange.said.span(fault.start, fault.start + 1)
            yield Hit("no-utf8", span, named, severity=severity)
            return


@rule(
    "EXT029",
    "smtputf8-no-utf8-251-551",
    WARNING,
    shape=SESSION,
    concerns=("RCPT",),
    needs=CLIENT_SIDE | SERVER_SIDE | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 6531 3.7.4.1",),
)
def smtputf8_no_utf8_251_551(session: Session) -> Iterator[Hit]:
    mail: Exchange | None = None
    for exchange in session.exchanges:
        if exchange.event == "MAIL":
            mail = exchange
        reply = exchange.reply
        if exchange.event != "RCPT" or reply is None or reply.code not in (251, 551):
            continue
        text = reply.text()
        if mail is None or text.isascii() or b"@" not in text or asks_for_utf8(mail):
            continue
        related = [*answers(exchange), Related("mail", verb_span(mail).span())]
        named = {"code": str(reply.code)}
        yield Hit("utf8", reply.code_view.span(), named, related=related)
        return
