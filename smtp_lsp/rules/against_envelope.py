"""ENV: what a message says, held against the envelope it is sent in: only a transcript shows both.

There is no inherent relation between the two (RFC 5321 7.2): lists, forwarding and blind copies
all make them differ. So what is reported on its own goes wrong whatever was meant, and the rest
is a remark for those who ask. A message on its own, in a file, is in no envelope.
"""

from __future__ import annotations

from smtp_lsp import registry
from smtp_lsp.grammar import Production
from smtp_lsp.message import DRAFT, WIRE, mime
from smtp_lsp.message.lexis import is_utf8
from smtp_lsp.rules import (
    INFO,
    INTEROPERABILITY,
    MESSAGE,
    SECURITY,
    WARNING,
    Hit,
    Related,
    rule,
    traits,
)
from smtp_lsp.rules.envelope import parameters, stands_for
from smtp_lsp.text.escape import quoted
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.address import Mailbox
    from smtp_lsp.session.tree import Exchange

_RELATED = 9

_NAMING = ("to", "cc", "bcc", "resent-to", "resent-cc", "resent-bcc")
"""The fields that name recipients (RFC 5322 3.6.3, 3.6.6)."""

# What looks like an address, wherever it stands: unquoted, in brackets or not. It begins only where
# a word does, so that a long word is read once.
_ADDRESS = Production(rb"(?<![^\s<>(),;:\"\\@])[^\s<>(),;:\"\\@]++@[^\s<>(),;:\"\\@]++")


def address_of(exchange: Exchange) -> bytes | None:
    """Return the address in the path of a MAIL or RCPT; empty for ``<>``, None where unknown.

    Unknown is what stands in the place of an address, and a path without its brackets.
    """
    path = exchange.path()
    if len(path) < 2 or not path.startswith(b"<") or not path.endswith(b">"):
        return None
    address = path[1:-1].strip()
    if address.startswith(b"@"):
        address = address.partition(b":")[2]  # behind a source route (RFC 5321 appendix C)
    if not address:
        return address
    return None if b"@" not in address or stands_for(address) else address


def _span(exchange: Exchange) -> Span:
    """Return where the path of a MAIL or RCPT stands."""
    if exchange.said is None or exchange.command is None or exchange.command.path is None:
        return Span(0, 0)
    return exchange.said.span(*exchange.command.path)


def _sender(message: Message) -> bytes | None:
    """Return the reverse-path's address as ``address_of`` does; None where there is no MAIL."""
    return None if message.mail is None else address_of(message.mail)


def _sent_by(message: Message) -> list[Related]:
    """Return the place of the reverse-path."""
    return [] if message.mail is None else [Related("reverse-path-here", _span(message.mail))]


# -- Who gets it -----------------------------------------------------------------------------


def naming(message: Message) -> list[Field]:
    """Return the fields that name recipients."""
    return [field for name in _NAMING for field in message.named(name)]


def unnamed(message: Message) -> list[Exchange]:
    """Return the RCPTs, not refused, whose recipients no field for recipients names.

    Nothing is said of an address that a field may well write in another way (quoted, or with
    another form of its domain), nor of a sketch that names nobody.
    """
    fields = naming(message)
    if not fields and (message.context == DRAFT or message.sketch):
        return []
    named: set[bytes] = set()
    for field in fields:
        named.update(_addresses(bytes(field.value)))
        if not field.is_tidy():
            named.update(_address(box) for box in field.addresses.mailboxes)
    return [each for each in message.rcpts if _is_missing(address_of(each), named)]


def _addresses(octets: bytes) -> set[bytes]:
    return {address.lower() for address in _ADDRESS.compiled.findall(octets)}


def _address(mailbox: Mailbox) -> bytes:
    return bytes(mailbox.address).lower() if mailbox.address is not None else b""


def _is_missing(address: bytes | None, named: set[bytes]) -> bool:
    if not address or b'"' in address or not address.isascii():
        return False
    lower = address.lower()
    return b"@xn--" not in lower and b".xn--" not in lower and lower not in named


@rule(
    "ENV001",
    "recipients-named",
    INFO,
    shape=MESSAGE,
    traits=traits.ENVELOPE,
    enclosed=True,
    thorough=True,
    category=INTEROPERABILITY,
    references=("RFC 5321 7.2", "RFC 5322 3.6.3"),
)
def recipients_named(message: Message) -> Iterator[Hit]:
    """Find recipients in no field that names recipients. Most are blind copies, as meant."""
    missing = unnamed(message) if message.rcpts else []
    if missing:
        related = [Related("again", _span(each)) for each in missing[1 : _RELATED + 1]]
        named = {
            "recipient": quoted(address_of(missing[0]) or b""),
            "count": str(len(missing)),
            "recipients": str(len(message.rcpts)),
        }
        key = "one" if len(missing) == 1 else "many"
        yield Hit(key, _span(missing[0]), named, related=related)


@rule(
    "ENV002",
    "no-full-rcpt-in-header",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENVELOPE,
    enclosed=True,
    category=SECURITY,
    references=("RFC 5321 7.2",),
)
def no_full_rcpt_in_header(message: Message) -> Iterator[Hit]:
    """Find a field, made for no reader, that tells all recipients of each other.

    It does harm where one of them is blind. A ``Bcc`` that was left in is told as what it is.
    """
    if len(message.rcpts) < 2:
        return
    telling = [field for field in message.fields if _may_tell(field)]
    if not telling:
        return
    recipients = {address.lower() for each in message.rcpts if (address := address_of(each))}
    for field in telling:
        if len(recipients) > 1 and recipients <= _addresses(bytes(field.value)):
            blind = unnamed(message)
            if blind:
                named = {
                    "name": quoted(bytes(field.name)),
                    "recipients": str(len(message.rcpts)),
                    "blind": quoted(address_of(blind[0]) or b""),
                }
                related = [Related("unnamed-here", _span(blind[0]))]
                yield Hit("told", field.name.span(), named, related=related)
            return


_OF_DELIVERY = frozenset(("apparently-to", "delivered-to", "envelope-to", "original-recipient"))


def _may_tell(field: Field) -> bool:
    """Say whether a field with addresses is one that servers and programs make up."""
    if b"@" not in bytes(field.value):
        return False
    key = field.key
    private = key.startswith("x-") or registry.header_field(key) is None
    return key in _OF_DELIVERY or (private and key not in _NAMING)


# -- Who sends it ----------------------------------------------------------------------------


@rule(
    "ENV003",
    "return-path-is-reverse-path",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENVELOPE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.4",),
)
def return_path_is_reverse_path(message: Message) -> Iterator[Hit]:
    """Find a Return-Path from which an originator expects what MAIL alone decides."""
    field = message.field("return-path")
    if field is None or not _contradicts(message, field):
        return
    sender = _sender(message)
    named = {
        "said": quoted(bytes(field.value).strip()),
        "path": quoted(b"<" + sender + b">" if sender is not None else b""),
    }
    key = "null" if sender == b"" else "other"
    yield Hit(key, field.path.view.span(), named, related=_sent_by(message))


def _contradicts(message: Message, field: Field) -> bool:
    """Say whether a Return-Path has another address than MAIL, in what nobody relayed yet."""
    sender = _sender(message)
    if sender is None or message.named("received") or field.path.defects:
        return False
    said = _address(field.path)
    return said != sender.lower() and not stands_for(said)


@rule(
    "WIR015",
    "no-return-path-from-origin",
    INFO,
    shape=MESSAGE,
    traits=traits.RETURN_PATH,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.4",),
)
def no_return_path_from_origin(message: Message) -> Iterator[Hit]:
    """Find the field in a message that no server has passed on yet, as it has no `Received`."""
    field = message.field("return-path")
    if message.context != WIRE or field is None or message.named("received"):
        return
    if not _contradicts(message, field):
        yield Hit("sent", field.name.span())


@rule(
    "ENV004",
    "author-domain-aligned",
    INFO,
    shape=MESSAGE,
    traits=traits.ENVELOPE,
    enclosed=True,
    thorough=True,
    category=INTEROPERABILITY,
    references=("RFC 7489 3.1", "RFC 7208 2.4", "RFC 5321 7.2"),
)
def author_domain_aligned(message: Message) -> Iterator[Hit]:
    """Find an author whose domain neither the envelope nor a signature speaks for.

    Of a list or a resender that says so in the header, nothing is said.
    """
    sender = _sender(message)
    field = message.field("from")
    if not sender or field is None or message.named("list-id"):
        return
    domain = sender.rpartition(b"@")[2].lower()
    authors = [box for box in field.addresses.mailboxes if box.domain is not None]
    if len(authors) != 1 or not _is_name(domain):
        return
    author = _domain(authors[0])
    if not _is_name(author) or _are_aligned(author, domain):
        return
    others = [*message.named("resent-from"), *message.named("resent-sender")]
    resenters = [_domain(box) for each in others for box in each.addresses.mailboxes]
    if any(_are_aligned(resenter, domain) for resenter in resenters):
        return
    if any(_are_aligned(author, signer) for signer in _signers(message)):
        return
    named = {"author": quoted(author), "domain": quoted(domain)}
    view = authors[0].domain
    if view is not None:
        yield Hit("other", view.span(), named, related=_sent_by(message))


def _domain(mailbox: Mailbox) -> bytes:
    return _address(mailbox).rpartition(b"@")[2]


def _is_name(domain: bytes) -> bool:
    """Say whether *domain* is a name of more than one label, written in ASCII throughout."""
    return b"." in domain and domain.isascii() and b"xn--" not in domain and domain[:1] != b"["


def _are_aligned(one: bytes, other: bytes) -> bool:
    """Say whether two domains may be one organization's: their last two labels are the same.

    The true boundary is on no list that is read here; so this errs by silence.
    """
    return one.split(b".")[-2:] == other.split(b".")[-2:]


def _signers(message: Message) -> Iterator[bytes]:
    for field in message.named("dkim-signature"):
        for tag in field.tags.tags:
            if bytes(tag.name) == b"d":
                yield tag.octets.strip().lower()


# -- Notices and automatic replies -----------------------------------------------------------

_NOTICES = frozenset(
    (
        *(b"delivery-status", b"disposition-notification"),
        *(b"global-delivery-status", b"global-disposition-notification"),
    )
)


@rule(
    "CMD024",
    "null-path-for-notifications",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENVELOPE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5321 3.6.3", "RFC 5321 4.5.5", "RFC 3464 2", "RFC 8098 3"),
)
def null_path_for_notifications(message: Message) -> Iterator[Hit]:
    """Find a report of delivery or of disposition that could be answered with another one."""
    field = message.field("content-type")
    if field is None or b"report" not in bytes(field.value).lower():
        return
    mail, sender = message.mail, _sender(message)
    value = mime.tree(message).content_type if sender else None
    if mail is None or value is None or value.media_type != b"multipart/report":
        return
    said = value.get(b"report-type")
    kind = bytes(said).strip().lower() if said else b""
    if kind in _NOTICES:
        named = {"path": quoted(mail.path()), "kind": quoted(kind)}
        yield Hit("sender", _span(mail), named, related=[Related("type-here", field.name.span())])


@rule(
    "ENV005",
    "automatic-reply-loop",
    INFO,
    shape=MESSAGE,
    traits=traits.ENVELOPE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 3834 3.3", "RFC 3834 5", "RFC 5321 4.5.5"),
)
def automatic_reply_loop(message: Message) -> Iterator[Hit]:
    """Find an automatic reply whose bounces come back to the person that it replies for.

    The null reverse-path may be used, or an address that nothing answers from (RFC 3834 3.3).
    What is generated without being a reply has an ordinary one, rightly.
    """
    field = message.field("auto-submitted")
    author = message.field("from")
    if field is None or author is None or bytes(field.keyword) != b"auto-replied":
        return
    mail, sender = message.mail, _sender(message)
    if mail is not None and sender and sender.lower() in map(_address, author.addresses.mailboxes):
        related = [Related("automatic-here", field.name.span())]
        yield Hit("author", _span(mail), {"path": quoted(mail.path())}, related=related)


# -- TLS -------------------------------------------------------------------------------------


@rule(
    "ENV006",
    "requiretls-header-ignored",
    INFO,
    shape=MESSAGE,
    traits=traits.ENVELOPE,
    enclosed=True,
    category=SECURITY,
    references=("RFC 8689 4.1", "RFC 8689 3"),
)
def requiretls_header_ignored(message: Message) -> Iterator[Hit]:
    """Find a TLS-Required that the parameter on MAIL has made void."""
    field, mail = message.field("tls-required"), message.mail
    if field is None or mail is None or mail.command is None or mail.said is None:
        return
    for each in parameters(mail.command):
        if each.keyword == b"REQUIRETLS":
            related = [Related("parameter-here", mail.said.span(each.start, each.end))]
            said = {"said": quoted(bytes(field.value).strip())}
            yield Hit("ignored", field.name.span(), said, related=related)
            return


# -- UTF-8 below the header ------------------------------------------------------------------


@rule(
    "ENV007",
    "utf8-part-headers-need-smtputf8",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENVELOPE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 6532 3.7", "RFC 6531 3.6", "RFC 2183 2"),
)
def utf8_part_headers_need_smtputf8(message: Message) -> Iterator[Hit]:
    """Find UTF-8 in the header of a part, where MAIL announced 8-bit bodies and nothing more.

    UTF-8 in the message's own header, and octets that nothing announces, are told elsewhere.
    """
    mail = message.mail
    if mail is None or mail.command is None or mail.said is None:
        return
    if not message.named("content-type") or bytes(message.body).isascii():
        return
    given = {each.keyword: (each.value or b"").upper() for each in parameters(mail.command)}
    if b"SMTPUTF8" in given or given.get(b"BODY") not in (b"8BITMIME", b"BINARYMIME"):
        return
    if not bytes(message.header).isascii():
        return
    found = [field for field in _part_fields(message) if not bytes(field.value).isascii()]
    if found and all(is_utf8(bytes(field.value)) for field in found):
        related = [Related("again", field.name.span()) for field in found[1 : _RELATED + 1]]
        related.append(Related("mail", mail.said.span()))
        named = {"name": quoted(bytes(found[0].name))}
        yield Hit("part", found[0].name.span(), named, related=related)


def _part_fields(message: Message) -> Iterator[Field]:
    """Yield the fields of the parts of multiparts; a message within is a message of its own."""
    waiting = mime.tree(message).parts[::-1]
    while waiting:
        part = waiting.pop()
        yield from part.message.fields
        if part.is_multipart:
            waiting.extend(reversed(part.parts))
