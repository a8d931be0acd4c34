"""ADR: who a message says has written and sent it: From, Sender and their Resent- kin."""

from __future__ import annotations

from smtp_lsp.message import Message, address
from smtp_lsp.message.defect import Defect
from smtp_lsp.rules import HINT, INFO, INTEROPERABILITY, MESSAGE, STYLE, WARNING, Hit, rule, traits
from smtp_lsp.rules.address import hit_at, untidy_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message.address import Mailbox

_AUTHORS = {"sender": "from", "resent-sender": "resent-from"}
"""The field of the author, by that of who sends."""

_ORIGINATORS = frozenset((*_AUTHORS, *_AUTHORS.values()))


@rule(
    "ADR016",
    "sender-single-address",
    WARNING,
    shape=MESSAGE,
    traits=traits.SENDER,
    enclosed=True,
    references=("RFC 5322 3.6.2", "RFC 5322 3.6.6", "RFC 6854 2.1"),
)
def sender_single_address(message: Message) -> Iterator[Hit]:
    for name in _AUTHORS:
        for field in message.named(name):
            found = field.addresses.mailboxes
            told = any(defect.sort in address.MAKE_SEVERAL for defect in field.defects)
            if len(found) < 2 or told:
                continue
            hit = hit_at("many", field, [Defect("", mailbox.view) for mailbox in found[1:]])
            hit.parameters["count"] = str(len(found))
            yield hit


@rule(
    "ADR017",
    "sender-redundant",
    HINT,
    shape=MESSAGE,
    enclosed=True,
    category=STYLE,
    references=("RFC 5322 3.6.2", "RFC 5322 3.6.6"),
)
def sender_redundant(message: Message) -> Iterator[Hit]:
    for name, author in _AUTHORS.items():
        senders, authors = message.named(name), message.named(author)
        if len(senders) != 1 or len(authors) != 1:
            continue
        sent, wrote = senders[0].addresses.mailboxes, authors[0].addresses.mailboxes
        if len(sent) == 1 and len(wrote) == 1 and _are_one(sent[0], wrote[0]):
            yield hit_at("same", senders[0], [Defect("", sent[0].view)])


def _are_one(one: Mailbox, other: Mailbox) -> bool:
    """Say whether two mailboxes have one address: case counts in a local-part, not in a domain."""
    if one.local_part is None or other.local_part is None:
        return False
    if one.domain is None or other.domain is None:
        return False
    if bytes(one.domain).lower() != bytes(other.domain).lower():
        return False
    return bytes(one.local_part) == bytes(other.local_part)


@rule(
    "ADR018",
    "from-sender-group-allowed",
    INFO,
    default=False,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 6854 2.1", "RFC 6854 3"),
)
def from_sender_group_allowed(message: Message) -> Iterator[Hit]:
    for field in untidy_fields(message):
        if field.key not in _ORIGINATORS:
            continue
        groups = [a for a in field.addresses.addresses if isinstance(a, address.Group)]
        if groups and groups[0].closed:
            yield hit_at("group", field, [Defect("", group.view) for group in groups])
