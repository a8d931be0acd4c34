"""Octets above 127 in a message's body: where, what the envelope says, what the label says."""

from __future__ import annotations

from functools import lru_cache

from smtp_lsp.grammar import Production, speech
from smtp_lsp.rules import Hit, Related
from smtp_lsp.session import phases
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.session.tree import Exchange, Session

_FIELD = Production(rb"[!-9;-~]+[ \t]*:")
EIGHT = Production(rb"[\x80-\xff]")
_BODY = Production(rb"(?i)[ \t]BODY=([^ \t]+)")
_SMTPUTF8 = Production(rb"(?i)[ \t]SMTPUTF8(?=[ \t]|$)")
_MIME_VERSION = Production(rb"(?im)^MIME-Version[ \t]*:")
_ENCODING = Production(rb"(?im)^Content-Transfer-Encoding[ \t]*:\s*\"?([-\w]*)")
_COMPOSITE = Production(rb"(?im)^Content-Type[ \t]*:\s*(?:multipart|message)/")


def halves(whole: View) -> tuple[View, View]:
    """Cut a message at its first empty line; what begins with no field is all body."""
    buffer, data = whole.buffer, whole.buffer.data
    cut = whole.end
    if not _FIELD.match(data, whole.start):
        cut = whole.start
    for empty in (b"\n\n", b"\n\r\n"):
        at = data.find(empty, whole.start, cut)
        cut = at + 1 if at >= 0 else cut
    return View(buffer, whole.start, cut), View(buffer, cut, whole.end)


def body_parameter(mail: Exchange) -> bytes:
    """Return the value of BODY on MAIL, in capitals, or nothing."""
    found = _BODY.search(_parameters(mail))
    return found[1].upper() if found else b""


def _parameters(mail: Exchange) -> bytes:
    """Return what stands behind the reverse-path."""
    command = mail.command
    if command is None or command.path is None:
        return b""
    return command.text[command.path[1] :]


@lru_cache(maxsize=1)
def envelopes(session: Session) -> dict[int, tuple[Exchange | None, Exchange | None]]:
    """Return the MAIL and the EHLO or HELO of each content, by its exchange's id, in one pass."""
    found: dict[int, tuple[Exchange | None, Exchange | None]] = {}
    mail: Exchange | None = None
    hello: Exchange | None = None
    for exchange in session.exchanges:
        taken = exchange.reply is None or exchange.reply.code < 400
        if exchange.event == "MAIL" and taken:
            mail = exchange
        elif exchange.event == "HELLO" and taken:
            mail, hello = None, exchange
        elif exchange.event in ("RSET", "GREETING", "STARTTLS"):
            mail = None
            hello = hello if exchange.event == "RSET" else None
        if exchange.content is not None:
            found[id(exchange)] = (mail, hello)
    return found


class Eight:
    """The first octet above 127 of a body, and what the envelope says of it."""

    __slots__ = ("at", "body", "hello", "mail", "message", "utf8")

    def __init__(
        self,
        message: View,
        at: int,
        mail: Exchange | None = None,
        hello: Exchange | None = None,
    ) -> None:
        self.message = message
        self.at = at
        self.mail = mail
        self.hello = hello
        self.body = body_parameter(mail) if mail is not None else b""
        self.utf8 = mail is not None and _SMTPUTF8.search(_parameters(mail)) is not None

    def hit(self, key: str, **named: str) -> Hit:
        view = View(self.message.buffer, self.at, self.at + 1)
        data = view.buffer.data
        while view.end < self.message.end and data[view.end] & 0xC0 == 0x80 and data[self.at] > 191:
            view.end += 1
        related = []
        if self.mail is not None and self.mail.said is not None:
            related.append(Related("mail", self.mail.said.span()))
        return Hit(key, view.span(), named, related=related)


def eight_in(exchange: Exchange, session: Session) -> Eight | None:
    """Return the octets above 127 in the body of a message sent by DATA or in one chunk.

    Those in header fields are the business of SMTPUTF8 (RFC 6531), and of other rules.
    """
    content = exchange.content
    if content is None or _is_piece(exchange) or bytes(content.view).isascii():
        return None
    view = content.view
    _, body = halves(view)
    found = EIGHT.search(body.buffer.data, body.start, body.end)
    if found is None:
        return None
    return Eight(view, found.start(), *envelopes(session).get(id(exchange), (None, None)))


def _is_piece(exchange: Exchange) -> bool:
    """Say whether a chunk is not all of the message: its header may be in another one."""
    before = exchange.before
    chunks = phases.BDAT | phases.INDETERMINATE
    behind_others = before is not None and bool(before.phases & chunks)
    return exchange.event == "BDAT" or (exchange.event == "BDAT LAST" and behind_others)


def is_offered(exchange: Exchange, eight: Eight) -> bool | None:
    """Say whether the server takes octets above 127; None where the record does not tell."""
    before, hello = exchange.before, eight.hello
    if before is None or hello is None or hello.reply is None:
        return None
    if before.offers is None:
        return False if before.hello == "HELO" else None
    if not before.offers.isdisjoint((b"8BITMIME", b"BINARYMIME", b"SMTPUTF8")):
        return True
    lines = hello.reply.parsed
    cut = lines[-1].separator == b"-" or any(
        speech.is_omission(line.text[line.text_start :]) for line in lines
    )
    return None if cut else False


def is_announced(eight: Eight) -> bool:
    """Say whether MAIL told the server of what comes."""
    if eight.body in (b"8BITMIME", b"BINARYMIME"):
        return True
    return eight.utf8 and _is_utf8(bytes(eight.message))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def is_mime(message: View) -> bool:
    header, _ = halves(message)
    return _MIME_VERSION.search(header.buffer.data, header.start, header.end) is not None


def label_of(message: View, at: int) -> bytes | None:
    """Return the content-transfer-encoding of the part that *at* is in, or None if unsure."""
    header, body = halves(message)
    data = header.buffer.data
    part: View | None = header
    if _COMPOSITE.search(data, header.start, header.end):
        part = _part_header(data, message, body, at)
    if part is None:
        return None
    if part is not header and _COMPOSITE.search(data, part.start, part.end):
        return None
    found = _ENCODING.search(data, part.start, part.end)
    return found[1].upper() if found else b""


def _part_header(data: bytes, message: View, body: View, at: int) -> View | None:
    """Return the header of the innermost part around *at*, by the delimiter before it."""
    position = at
    for _ in range(20):
        position = data.rfind(b"\n--", max(body.start - 1, 0), position)
        if position < 0:
            return None
        stop = data.find(b"\n", position + 1, at)
        name = data[position + 3 : stop].rstrip() if stop >= 0 else b""
        if name and _is_boundary(data, name, message.start, position):
            header, rest = halves(View(body.buffer, stop + 1, body.end))
            if data[stop + 1 : stop + 2] in (b"\n", b"\r"):
                return View(body.buffer, stop + 1, stop + 1)
            return header if rest.start <= at else None
    return None


def _is_boundary(data: bytes, name: bytes, start: int, end: int) -> bool:
    """Say whether a header field before *end* has *name* as its boundary."""
    bare, marked = b"boundary=" + name, b'boundary="' + name + b'"'
    return data.find(marked, start, end) >= 0 or data.find(bare, start, end) >= 0
