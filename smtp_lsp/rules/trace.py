"""HDR: what servers and resenders put on top of a header (RFC 5321 4.4, RFC 5322 3.6.6, 3.6.7)."""

from __future__ import annotations

from smtp_lsp.grammar import rfc5321
from smtp_lsp.message import WIRE, received, syntax
from smtp_lsp.message import date as dates
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
    values,
)
from smtp_lsp.rules.values import UNBALANCED
from smtp_lsp.text.escape import quoted
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match

    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.address import Mailbox

_STAMP = {
    received.MISSING_SEMICOLON: "no-semicolon",
    received.MISSING_DATE: "no-date",
    received.MISSING_BY: "no-by",
    **UNBALANCED,
}
_CLAUSES = {
    received.EXTRA_SEMICOLON: "semicolons",
    received.MISSING_FROM: "no-from",
    received.REPEATED_CLAUSE: "repeated",
    received.MISORDERED_CLAUSE: "order",
    received.EMPTY_CLAUSE: "empty",
    received.EXTRA_WORDS: "words",
    received.TEXT_BEFORE_CLAUSES: "before",
    received.BAD_FOR: "for",
    received.BAD_ID: "id",
    received.BAD_PRIORITY: "priority",
}
_OBSOLETE = {dates.OBSOLETE_ZONE: "zone", dates.OBSOLETE_COMMENT: "comment"}
_REGISTERED = {received.UNKNOWN_PROTOCOL: "with", received.UNKNOWN_LINK: "via"}

_OF_AUTHORS = frozenset(("date", "from", "message-id", "sender", "subject", "to"))
"""Fields of the author's, below which no server and no resender puts anything."""


@rule(
    "HDR026",
    "received-syntax",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_RECEIVED,
    enclosed=True,
    references=("RFC 5321 4.4", "RFC 5322 3.6.7"),
)
def received_syntax(message: Message) -> Iterator[Hit]:
    for key, field, defect in values.told(message, syntax.RECEIVED, _STAMP):
        hit = values.hit(key, field, defect)
        if key.startswith("no-"):
            hit.span = field.name.span()
        yield hit


@rule(
    "HDR027",
    "received-clauses",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.4", "RFC 5321 4.1.3", "RFC 6710 7"),
    aliases=("received-clause-values",),
)
def received_clauses(message: Message) -> Iterator[Hit]:
    """Find what differs from the Stamp of RFC 5321, which many servers take for a proposal."""
    yield from values.hits(message, syntax.RECEIVED, _CLAUSES)
    for field in message.named("received"):
        value = field.value
        literals = rfc5321.IP_LITERAL.compiled.finditer(value.buffer.data, value.start, value.end)
        for found in literals:
            if not _is_address(found):
                place = View(value.buffer, *found.span())
                named = {"name": quoted(bytes(field.name)), "said": quoted(found[0])}
                yield Hit("address", place.span(), named)
                break


def _is_address(literal: Match[bytes]) -> bool:
    if literal[1] is not None:
        return rfc5321.IPV4.match(literal[1]) is not None
    return rfc5321.is_ipv6(literal[2])


@rule(
    "HDR028",
    "received-no-obs-date",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.4", "RFC 5322 4.3"),
)
def received_no_obs_date(message: Message) -> Iterator[Hit]:
    return values.hits(message, syntax.RECEIVED, _OBSOLETE)


@rule(
    "HDR029",
    "received-with-registered",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.4", "RFC 3848"),
)
def received_with_registered(message: Message) -> Iterator[Hit]:
    """Find words for protocols where something came in; a hop within a host has its own."""
    for key, field, defect in values.told(message, syntax.RECEIVED, _REGISTERED):
        if field.received.clause(b"from") is not None:
            yield values.hit(key, field, defect)


@rule(
    "HDR030",
    "received-for-single",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_RECEIVED,
    enclosed=True,
    category=SECURITY,
    references=("RFC 5321 4.4", "RFC 5321 7.2"),
)
def received_for_single(message: Message) -> Iterator[Hit]:
    return values.hits(message, syntax.RECEIVED, {received.SEVERAL_FOR: "several"})


@rule(
    "HDR031",
    "resent-blocks-prepended",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5322 3.6", "RFC 5322 3.6.6", "RFC 5321 4.4"),
)
def resent_blocks_prepended(message: Message) -> Iterator[Hit]:
    """Find the first Resent or trace field that stands below a field of the author's."""
    author: Field | None = None
    for field in message.fields:
        if author is None:
            author = field if field.key in _OF_AUTHORS else None
        elif field.key in ("received", "return-path") or field.key.startswith("resent-"):
            named = {"name": quoted(bytes(field.name)), "author": quoted(bytes(author.name))}
            related = [Related("author-here", author.name.span())]
            yield Hit("below", field.name.span(), named, related=related)
            return


# -- Blind copies --------------------------------------------------------------------------


@rule(
    "HDR032",
    "bcc-exposed",
    WARNING,
    shape=MESSAGE,
    traits=traits.BLIND,
    enclosed=True,
    category=SECURITY,
    references=("RFC 5322 3.6.3", "RFC 5321 7.2"),
)
def bcc_exposed(message: Message) -> Iterator[Hit]:
    """Find blind recipients in what was sent or received: others than the reader see them.

    A sent or unsent copy on disk keeps its Bcc. So may the copy of the one blind recipient.
    """
    for name in ("bcc", "resent-bcc"):
        for field in message.named(name):
            if not bytes(field.value).strip() or not _has_travelled(message):
                continue
            blind = [box for box in field.addresses.mailboxes if box.address is not None]
            if blind and not _is_own_copy(message, {_address(box) for box in blind}):
                named = {"name": quoted(bytes(field.name)), "count": str(len(blind))}
                place = View(field.value.buffer, blind[0].view.start, blind[-1].view.end)
                yield Hit("one" if len(blind) == 1 else "many", place.span(), named)


def _address(mailbox: Mailbox) -> bytes:
    return bytes(mailbox.address).lower() if mailbox.address is not None else b""


def _has_travelled(message: Message) -> bool:
    return message.context == WIRE or bool(message.named("received"))


def _is_own_copy(message: Message, blind: set[bytes]) -> bool:
    """Say whether the one blind recipient is the only one who got this copy (3.6.3)."""
    if len(blind) > 1:
        return False
    if message.context == WIRE:
        return {path.strip(b"<>").lower() for path in message.recipients} == blind
    return True
