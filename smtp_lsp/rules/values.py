"""What is wrong with the values of header fields, by syntax: asked once a message, told by rules.

Whoever reads a value (``message.date`` and its like) notes each defect with a sort; a rule says
which sorts it tells, and by which key of its page.
"""

from __future__ import annotations

from smtp_lsp.grammar import rfc5322
from smtp_lsp.message import DRAFT, lexis
from smtp_lsp.message.syntax import RECEIVED
from smtp_lsp.rules import Hit
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.defect import Defect

UNBALANCED = {
    lexis.UNTERMINATED_COMMENT: "unbalanced",
    lexis.UNTERMINATED_QUOTED_STRING: "unbalanced",
    lexis.UNBALANCED_PARENTHESIS: "unbalanced",
}
"""The sorts that any structured field may have: a quote or a parenthesis without its partner."""


def told(
    message: Message, syntax: str, keys: Mapping[str, str]
) -> Iterator[tuple[str, Field, Defect]]:
    """Yield each defect of the fields of *syntax* whose sort *keys* has, with its key there.

    Where octets are no text at all, or a Received has an encoded-word, that is what is wrong.
    """
    for field in untidy(message, syntax):
        encoded = syntax == RECEIVED and field.encoded_words
        for defect in field.defects:
            key = keys.get(defect.sort)
            if key is not None and is_text(bytes(defect.view)) and not encoded:
                yield key, field, defect


def untidy(message: Message, syntax: str) -> Iterator[Field]:
    """Yield the untidy fields of *syntax*, those left out that a line without a blank cuts off."""
    for field in message.untidy(syntax):
        if not is_cut(message, field):
            yield field


def is_cut(message: Message, field: Field) -> bool:
    """Say whether what follows a field is no field: the rest of its value, as it seems."""
    return any(line.start == field.lines.end for line in message.unreadable)


def is_text(said: bytes) -> bool:
    """Say whether *said* holds no control and nothing but ASCII or UTF-8."""
    return lexis.is_utf8(said) and not rfc5322.CONTROL.search(said)


def hit(key: str, field: Field, defect: Defect) -> Hit:
    """Return the finding of a defect: at its octets, or at the name where there are none."""
    said = bytes(defect.view)
    named = {"name": quoted(bytes(field.name)), "said": quoted(said.strip())}
    return Hit(key, (defect.view if said.strip() else field.name).span(), named)


def hits(message: Message, syntax: str, keys: Mapping[str, str]) -> Iterator[Hit]:
    """Yield a finding for each defect that ``told`` yields."""
    for key, field, defect in told(message, syntax, keys):
        yield hit(key, field, defect)


def is_left_blank(message: Message, field: Field) -> bool:
    """Say whether a field of a draft is still to be filled in."""
    return message.context == DRAFT and not bytes(field.value).strip()
