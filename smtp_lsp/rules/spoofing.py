"""SEC: senders who show themselves as somebody else: addresses in names, names in signatures.

The fields themselves (From twice, blanks around its name, quotes that do not close) are for the
rules about header fields and addresses.
"""

from __future__ import annotations

from smtp_lsp.grammar import rfc6376
from smtp_lsp.message import Message, address, syntax
from smtp_lsp.message.address import Group
from smtp_lsp.message.address_element import address_in
from smtp_lsp.rules import INFO, MESSAGE, SECURITY, WARNING, Hit, rule, traits
from smtp_lsp.rules.address import untidy_fields
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Field
    from smtp_lsp.message.address import Mailbox

_ORIGINATORS = frozenset(("from", "sender", "reply-to", "resent-from", "resent-sender"))
_RECIPIENTS = frozenset(("to", "cc", "resent-to", "resent-cc"))

# -- An address in the place of a name --------------------------------------------------------


@rule(
    "SEC025",
    "display-name-address",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_ADDRESSES,
    enclosed=True,
    category=SECURITY,
    references=("RFC 5322 3.4", "RFC 7489 12.4"),
)
def display_name_address(message: Message) -> Iterator[Hit]:
    """Find a sender whose name shows an address of another domain than his own.

    Whoever passes mail on, a mailing list or a service for documents, says so: by List-Id, or by
    the word "via". Recipients are named by whoever wrote to them, often by an older address.
    """
    listed = bool(message.named("list-id") or message.named("list-post"))
    for field in untidy_fields(message):
        if field.key in _ORIGINATORS and not listed:
            yield from _shown(field)


def _shown(field: Field) -> Iterator[Hit]:
    for mailbox in field.addresses.addresses:
        if isinstance(mailbox, Group):
            if any(defect.sort == address.ADDRESS_IN_GROUP_NAME for defect in mailbox.defects):
                yield _hit("group", field, mailbox, b"")
        elif any(defect.sort == address.ADDRESS_IN_DISPLAY_NAME for defect in mailbox.defects):
            own = mailbox.address
            if own is not None and own.domain is not None and not _is_passed_on(mailbox.name):
                shown = address_in(mailbox.name)
                domain = shown.rpartition(b"@")[2]
                if not is_one_house(domain.lower(), bytes(own.domain).lower()):
                    yield _hit("name", field, mailbox, bytes(own))


def _hit(key: str, field: Field, one: Mailbox | Group, own: bytes) -> Hit:
    name = one.display_name
    assert name is not None
    named = {
        "field": quoted(bytes(field.name)),
        "shown": quoted(address_in(one.name)),
        "address": quoted(own),
    }
    return Hit(key, name.span(), named)


def _is_passed_on(name: str) -> bool:
    """Say whether a name tells that somebody else sends for the one it shows.

    A line break in it is told as that, whatever stands behind.
    """
    if "\r" in name or "\n" in name:
        return True
    words = name.lower().replace("(", " ").split()
    return "via" in words or ("behalf" in words and "of" in words)


def is_one_house(one: bytes, other: bytes) -> bool:
    """Say whether two domains are probably one owner's: as far as that shows in their names.

    The last two labels are compared, or the last three where the last but one is short, as in
    ``co.uk``.
    """
    labels, others = one.split(b"."), other.split(b".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    count = 3 if short else 2
    return labels[-count:] == others[-count:]


@rule(
    "SEC038",
    "recipient-name-address",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=SECURITY,
    references=("RFC 5322 3.4",),
)
def recipient_name_address(message: Message) -> Iterator[Hit]:
    """Find a recipient whose name shows an address of another domain than his own."""
    for field in untidy_fields(message):
        if field.key in _RECIPIENTS:
            yield from _shown(field)


# -- Domains and selectors of signatures ------------------------------------------------------

_NAMES = {b"d": "domain", b"s": "selector"}


@rule(
    "SEC031",
    "signature-domain",
    WARNING,
    shape=MESSAGE,
    traits=traits.TAGS,
    enclosed=True,
    category=SECURITY,
    references=("RFC 6376 3.5", "RFC 8601 2.2", "RFC 8601 7.1"),
)
def signature_domain(message: Message) -> Iterator[Hit]:
    """Find characters that no host name has in what a verifier copies into its results.

    A NUL among them is told wherever it stands.
    """
    for field in message.written_as(syntax.TAGS):
        found = rfc6376.ODD_NAME.search(b";" + bytes(field.value))
        if found is not None and found[2] != b"\0":
            named = {
                "field": quoted(bytes(field.name)),
                "said": quoted(found[0].partition(b"=")[2].strip()),
                "sign": quoted(found[2]),
            }
            sign = field.value.sub(found.start(2) - 1, found.end(2) - 1)
            yield Hit(_NAMES[found[1]], sign.span(), named)
