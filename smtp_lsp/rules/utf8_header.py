"""MIM: UTF-8 in header fields, as RFC 6532 allows it.

That field names stay ASCII is for the rules about the header block, and octets that are no UTF-8
for those about values; SMTPUTF8 on MAIL is asked for where a session shows it.
"""

from __future__ import annotations

from smtp_lsp.message.lexis import is_utf8
from smtp_lsp.rules import INFO, INTEROPERABILITY, MESSAGE, STYLE, Hit, Related, rule, traits
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Field, Message
    from smtp_lsp.text.view import View

_RELATED = 9


def _utf8_fields(message: Message) -> Iterator[Field]:
    """Yield the fields whose values hold UTF-8; of an ASCII header none, at the price of a scan."""
    if bytes(message.header).isascii():
        return
    for field in message.fields:
        octets = bytes(field.value)
        if not octets.isascii() and is_utf8(octets):
            yield field


@rule(
    "MIM055",
    "encoded-word-with-utf8-headers",
    INFO,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    category=STYLE,
    references=("RFC 6532 3.6",),
)
def encoded_word_with_utf8_headers(message: Message) -> Iterator[Hit]:
    header = message.header
    if header.buffer.data.find(b"=?", header.start, header.end) < 0:
        return
    raw = next(_utf8_fields(message), None)
    if raw is None:
        return
    words = [w.view for field in message.fields for w in field.encoded_words if not w.defects]
    if words:
        related = [Related("again", word.span()) for word in words[1:_RELATED]]
        related.append(Related("raw-here", raw.name.span()))
        yield Hit("both", words[0].span(), {"word": quoted(bytes(words[0]))}, related=related)


@rule(
    "MIM056",
    "utf8-nfc",
    INFO,
    shape=MESSAGE,
    traits=traits.EIGHT_BIT_HEADER,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 6532 3.1", "RFC 5198 3"),
)
def utf8_nfc(message: Message) -> Iterator[Hit]:
    found = [place for place in map(_not_nfc, _utf8_fields(message)) if place is not None]
    if found:
        related = [Related("again", place.span()) for place in found[1 : _RELATED + 1]]
        said = bytes(found[0]).decode("utf-8")
        points = " ".join(f"U+{ord(character):04X}" for character in said[:8])
        named = {"said": quoted(bytes(found[0])), "points": points}
        yield Hit("decomposed", found[0].span(), named, related=related)


def _not_nfc(field: Field) -> View | None:
    """Return the first characters of a value that NFC writes otherwise, if any."""
    import unicodedata

    text = bytes(field.value).decode("utf-8")
    if unicodedata.is_normalized("NFC", text):
        return None
    composed = unicodedata.normalize("NFC", text)
    pairs = zip(text, composed, strict=False)
    first = next((n for n, (one, other) in enumerate(pairs) if one != other), len(composed))
    stop = min(first + 1, len(text))
    while stop < len(text) and unicodedata.combining(text[stop]):
        stop += 1
    start = len(text[:first].encode())
    return field.value.sub(start, start + len(text[first:stop].encode()))
