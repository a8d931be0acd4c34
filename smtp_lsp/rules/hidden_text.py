"""SEC: what is there and not seen: in names, addresses and subjects, as they are decoded."""

from __future__ import annotations

from itertools import islice

from smtp_lsp.message import Message, hidden, syntax
from smtp_lsp.rules import MESSAGE, SECURITY, WARNING, Hit, Related, rule, traits
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Field
    from smtp_lsp.text.view import View

    Place = tuple[str, str, Field, View]

_RELATED = 9
_MOST = 100
"""Places that are looked for: a header may be full of them."""
_READ = ("subject", "comments", "keywords", "thread-topic", "resent-subject")


@rule(
    "SEC026",
    "hidden-characters",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD | traits.EIGHT_BIT_HEADER,
    enclosed=True,
    category=SECURITY,
    references=("RFC 6532 4", "UAX 9 2.2", "UTR 36 2.5"),
)
def hidden_characters(message: Message) -> Iterator[Hit]:
    header = message.header
    if header.buffer.data.find(b"=?", header.start, header.end) < 0 and bytes(header).isascii():
        return
    found: dict[str, list[Place]] = {}
    for place in islice(_places(message), _MOST):
        found.setdefault(place[0], []).append(place)
    for key, places in found.items():
        _, character, field, view = places[0]
        named = {"field": quoted(bytes(field.name)), "character": hidden.named(character)}
        related = [Related("again", other[3].span()) for other in places[1 : _RELATED + 1]]
        yield Hit(key, view.span(), named, related=related)


def _places(message: Message) -> Iterator[Place]:
    """Yield the key, the character, the field and the words of all that is hidden."""
    for field in message.written_as(syntax.ADDRESSES):
        if _is_suspect(field):
            yield from _in_addresses(field)
    for name in _READ:
        for field in message.named(name):
            if _is_suspect(field):
                seen = hidden.find(field.text, name=False)
                if seen:
                    yield (*seen, field, _word(field, field.value, seen[1]))


def _is_suspect(field: Field) -> bool:
    """Say whether any such character is in a value, or comes out of the words encoded in it."""
    octets = bytes(field.value)
    if not octets.isascii() and hidden.is_suspect(octets.decode("utf-8", "replace")):
        return True
    for word in field.encoded_words:
        if word.octets is not None:
            text = word.decoded
            if text is None or hidden.is_suspect(text):
                return True
    return False


def _in_addresses(field: Field) -> Iterator[Place]:
    for mailbox in field.addresses.mailboxes:
        spec = mailbox.address
        if spec is not None:
            text = bytes(spec).decode("utf-8", "replace")
            character = hidden.in_address(text)
            if character:
                yield "address", character, field, _octets(spec.view, character)
        name = mailbox.display_name
        seen = hidden.find(mailbox.name) if name is not None else None
        if seen and name is not None:
            yield (*seen, field, _word(field, name, seen[1]))


def _word(field: Field, around: View, character: str) -> View:
    """Return the encoded-word that says *character*, or its octets, or all of *around*."""
    for word in field.encoded_words:
        inside = around.start <= word.view.start and word.view.end <= around.end
        if inside and character in (word.decoded or ""):
            return word.view
    return _octets(around, character)


def _octets(around: View, character: str) -> View:
    octets = character.encode("utf-8", "surrogatepass")
    at = bytes(around).find(octets)
    return around.sub(at, at + len(octets)) if at >= 0 else around
