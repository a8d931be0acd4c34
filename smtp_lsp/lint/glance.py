"""Which traits a message has, by which rules are passed over (``rules.traits``)."""

from __future__ import annotations

from smtp_lsp.message import syntax
from smtp_lsp.rules import traits
from smtp_lsp.rules.entities import entities
from smtp_lsp.text.lines import find_rare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.message import Message
    from smtp_lsp.message.even import Stretch
    from smtp_lsp.message.mime import Part
    from smtp_lsp.rules.entities import Entities

_OF_NAMES = {
    "bcc": traits.BLIND,
    "resent-bcc": traits.BLIND,
    "return-path": traits.RETURN_PATH,
    "tls-required": traits.TLS_REQUIRED,
    "list-unsubscribe-post": traits.ONE_CLICK,
    "sender": traits.SENDER,
    "resent-sender": traits.SENDER,
    "mime-version": traits.PARTS,
}
_CONTAINERS = frozenset((b"multipart/report", b"multipart/signed"))
_ENCODINGS = frozenset((b"7bit", b"8bit", b"quoted-printable", b"base64"))
_TYPES = frozenset((b"text", b"multipart", b"image", b"application", b"message", b"audio"))
_CHARSETS = frozenset((b"utf-8", b"us-ascii", b"iso-8859-1", b"windows-1252"))
_OF_SYNTAX = (
    (syntax.ADDRESSES, traits.UNTIDY_ADDRESSES),
    (syntax.DATE, traits.UNTIDY_DATE),
    (syntax.RECEIVED, traits.UNTIDY_RECEIVED),
    (syntax.IDENTIFIERS, traits.UNTIDY_IDENTIFIERS),
    (syntax.URIS, traits.UNTIDY_URIS),
    (syntax.LIST_ID, traits.UNTIDY_LIST_ID),
)


def traits_of(message: Message) -> int:
    """Return the traits of *message*."""
    judged = entities(message)
    found = _of_header(message) | _of_octets(message, judged.even)
    if judged.parts:
        found |= traits.PARTS | _of_parts(judged)
    if message.mail is not None or message.rcpts:
        found |= traits.ENVELOPE
    return found


def _of_header(message: Message) -> int:
    names = message.by_name()
    found = 0
    for name in names:
        found |= _OF_NAMES.get(name, 0)
        if name[0] == "r" and name.startswith("resent-"):
            found |= traits.RESENT
    if message.unreadable or "from" not in names or "date" not in names:
        found |= traits.UNREADABLE
    for how, trait in _OF_SYNTAX:
        if message.untidy(how):
            found |= trait
    if message.written_as(syntax.TAGS):
        found |= traits.TAGS
    if message.is_loose:
        found |= traits.LOOSE
    if is_repeated(message):
        found |= traits.REPEATED
    return found


def is_repeated(message: Message) -> bool:
    """Say whether a field is there twice that is no Received."""
    names = message.by_name()
    more = len(message.fields) - len(names)
    return more > 0 and more > len(names.get("received", ())) - 1


def _of_octets(message: Message, stretches: list[Stretch]) -> int:
    whole, header = message.whole, message.header
    data, start, end = whole.buffer.data, whole.start, whole.end
    found = 0
    head = data[header.start : header.end]
    if not head.isascii():
        found |= traits.EIGHT_BIT_HEADER | traits.EIGHT_BIT
    elif not (data if end - start == len(data) else bytes(whole)).isascii():
        found |= traits.EIGHT_BIT
    if b"xn--" in head.lower():
        found |= traits.A_LABEL
    if encoded_word_in(message) or (message.sketch and data.find(b"=?", start, end) >= 0):
        found |= traits.ENCODED_WORD
    if data.find(b"\0", start, end) >= 0:
        found |= traits.NUL
    returns, pairs, feeds = _line_ends(message, stretches)
    if returns and not returns == pairs == feeds:
        found |= traits.ENDS
    if data.startswith(b".", start, end) or find_rare(data, b"\n.", start, end) >= 0:
        found |= traits.DOT
    return found


def _line_ends(message: Message, stretches: list[Stretch]) -> tuple[int, int, int]:
    """Count CR, CRLF and LF. What is known to be even is not looked at again."""
    data, position = message.whole.buffer.data, message.whole.start
    returns = pairs = feeds = 0
    for stretch in [*stretches, None]:
        stop = message.whole.end if stretch is None else stretch.start
        alone = data.count(b"\r", position, stop)
        returns += alone
        if alone:
            pairs += data.count(b"\r\n", position, stop)
        feeds += data.count(b"\n", position, stop)
        if stretch is not None:
            position = stretch.end
            feeds += stretch.lines
            if stretch.end_of_line == b"\r\n":
                returns += stretch.lines
                pairs += stretch.lines
    return returns, pairs, feeds


def _of_parts(judged: Entities) -> int:
    found = 0
    if judged.structure:
        found |= traits.STRUCTURE
    if judged.values or judged.mechanisms:
        found |= traits.VALUES
    if judged.bodies:
        found |= traits.BODIES
    if judged.named:
        found |= traits.FILE_NAMES
    for part in judged.parts:
        if part.message.is_loose:
            found |= traits.LOOSE
        if is_repeated(part.message):
            found |= traits.REPEATED
        kind = part.media_type
        if kind.startswith(b"message/") or kind in _CONTAINERS:
            found |= traits.NESTED
        if (
            part.encoding not in _ENCODINGS
            or kind.partition(b"/")[0] not in _TYPES
            or not _is_of_usual_charset(part)
        ):
            found |= traits.UNUSUAL
        if encoded_word_in(part.message):
            found |= traits.ENCODED_WORD
    return found


def _is_of_usual_charset(part: Part) -> bool:
    value = part.content_type
    if value is None or part.boundary is not None:
        return True
    said = bytes(value.view)
    if said in _usual:
        return True
    named = value.get(b"charset")
    if named is None or bytes(named).lower() in _CHARSETS:
        if len(_usual) < _MOST and len(said) < _LONGEST:
            _usual.add(said)
        return True
    return False


_MOST = 1000
_LONGEST = 200
_usual: set[bytes] = set()
"""Values of Content-Type with a usual charset, or none: there are few of them in most mail."""


def encoded_word_in(message: Message) -> bool:
    """Say whether something in the header begins as an encoded-word does."""
    header = message.header
    return header.buffer.data.find(b"=?", header.start, header.end) >= 0
