"""HDR: message identifiers, and the fields that refer to them (RFC 5322 3.6.4)."""

from __future__ import annotations

from smtp_lsp.message import DRAFT, identifier, syntax
from smtp_lsp.rules import (
    INFO,
    INTEROPERABILITY,
    MESSAGE,
    WARNING,
    Hit,
    Related,
    rule,
    traits,
    values,
)
from smtp_lsp.rules.values import UNBALANCED
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Field, Message

_LISTS = ("in-reply-to", "references")
"""The fields of several identifiers. What is between brackets there was written by others."""

_BRACKETS = {
    identifier.MISSING_BRACKETS: "brackets",
    identifier.UNCLOSED: "unclosed",
    identifier.EMPTY: "empty",
    identifier.BLANK_INSIDE: "blank",
}
_WITHIN = {
    identifier.MISSING_AT: "no-at",
    identifier.SEVERAL_AT_SIGNS: "at-signs",
    identifier.MISSING_LEFT: "half",
    identifier.MISSING_RIGHT: "half",
    identifier.INVALID_LEFT: "left",
    identifier.INVALID_RIGHT: "right",
}
_OF_ONE = {
    **_BRACKETS,
    **_WITHIN,
    **UNBALANCED,
    identifier.PHRASE: "text",
    identifier.SEPARATOR: "text",
}
_OF_LISTS = {**_BRACKETS, **UNBALANCED, identifier.SEPARATOR: "separator"}


@rule(
    "HDR022",
    "msg-id-syntax",
    WARNING,
    shape=MESSAGE,
    enclosed=True,
    references=("RFC 5322 3.6.4", "RFC 5322 4.5.4"),
)
def msg_id_syntax(message: Message) -> Iterator[Hit]:
    for field in message.written_as(syntax.IDENTIFIERS):
        if field.key not in _LISTS and not _is_tidy(message, field):
            yield from _of_one(message, field)


def _is_tidy(message: Message, field: Field) -> bool:
    """Say whether the field holds one identifier without any defect."""
    data, value = field.value.buffer.data, field.value
    alone = data.count(b"<", value.start, value.end) == 1
    return alone and field not in message.untidy(syntax.IDENTIFIERS)


def _of_one(message: Message, field: Field) -> Iterator[Hit]:
    """Report what is wrong with a field that holds one identifier, the first thing only."""
    if values.is_left_blank(message, field) or values.is_cut(message, field):
        return
    read = field.identifiers
    for defect in read.defects:
        key = _OF_ONE.get(defect.sort)
        if key is not None:
            yield values.hit(key, field, defect)
            return
    name = {"name": quoted(bytes(field.name))}
    if len(read.identifiers) > 1:
        first, second = read.identifiers[0].view, read.identifiers[1].view
        yield Hit("several", second.span(), name, related=[Related("first-here", first.span())])
    elif not read.identifiers and not read.defects:
        yield _encoded(field) or Hit("missing", field.name.span(), name)


def _encoded(field: Field) -> Hit | None:
    """Return the finding that an encoded-word hides what is meant, which nobody decodes here."""
    for word in field.encoded_words[:1]:
        named = {"name": quoted(bytes(field.name)), "said": quoted(bytes(word.view))}
        return Hit("encoded", word.view.span(), named)
    return None


@rule(
    "HDR023",
    "references-are-msg-ids",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_IDENTIFIERS,
    enclosed=True,
    references=("RFC 5322 3.6.4", "RFC 5322 4.5.4"),
)
def references_are_msg_ids(message: Message) -> Iterator[Hit]:
    """Find what keeps a reader from the identifiers: not how others have written theirs."""
    for field in values.untidy(message, syntax.IDENTIFIERS):
        if field.key not in _LISTS or values.is_left_blank(message, field):
            continue
        read = field.identifiers
        defects = [defect for defect in read.defects if defect.sort in _OF_LISTS]
        for defect in defects[:1]:
            yield values.hit(_OF_LISTS[defect.sort], field, defect)
        if not defects and not read.identifiers:
            hit = _encoded(field)
            if hit is not None:
                yield hit
                continue
            said = bytes(field.value).strip()
            named = {"name": quoted(bytes(field.name)), "said": quoted(said)}
            left = len(bytes(field.value)) - len(bytes(field.value).lstrip())
            place = field.value.sub(left, left + len(said)) if said else field.name
            yield Hit("none" if said else "nothing", place.span(), named)


@rule(
    "HDR024",
    "msg-id-obsolete",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5322 3.6.4", "RFC 5322 4.5.4", "RFC 8098 3.2.5"),
)
def msg_id_obsolete(message: Message) -> Iterator[Hit]:
    """Find what must still be read, and what was taken over from the message replied to."""
    for field in values.untidy(message, syntax.IDENTIFIERS):
        read = field.identifiers
        for defect in read.defects:
            if defect.sort == identifier.QUOTED_LEFT:
                yield values.hit("quoted", field, defect)
            elif field.key in _LISTS and defect.sort == identifier.PHRASE and read.identifiers:
                yield values.hit("phrase", field, defect)
            elif field.key in _LISTS and defect.sort in _WITHIN:
                yield values.hit("referred", field, defect)
    if message.named("content-type"):
        from smtp_lsp.rules.report import receipts

        for field in receipts(message, "original-message-id"):
            for defect in [each for each in field.identifiers.defects if each.sort in _OF_ONE][:1]:
                yield values.hit("original", field, defect)


@rule(
    "HDR025",
    "reply-has-references",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5322 3.6.4", "RFC 5322 3.6.5"),
)
def reply_has_references(message: Message) -> Iterator[Hit]:
    """Find what refers to a message in one of the two fields, or by its subject in none."""
    if message.context == DRAFT:
        return
    there = [message.field(name) for name in _LISTS]
    subject = message.field("subject")
    value = b"" if subject is None else bytes(subject.value)
    said = value.lstrip()
    replies = said[:3].lower() == b"re:"
    if there == [None, None]:
        if replies and subject is not None:
            left = len(value) - len(said)
            yield Hit("both", subject.value.span(left, left + 3))
        return
    for field, missing in zip(there, ("References", "In-Reply-To"), strict=True):
        # References alone may be a forwarded message's, or one more of a series.
        if field is not None and None in there and (replies or field.key == "in-reply-to"):
            named = {"name": quoted(bytes(field.name)), "missing": missing}
            yield Hit("one", field.name.span(), named)
