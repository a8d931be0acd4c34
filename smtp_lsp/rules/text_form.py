"""MIM: texts that are not in the form that their encoding and character set ask for.

Readers take them all the same: line breaks that are encoded, or are those of the system that the
text was written on, and octets of Windows-1252 in what is labelled ISO-8859-1.
"""

from __future__ import annotations

from smtp_lsp.grammar import rfc2045
from smtp_lsp.message import charsets, transfer
from smtp_lsp.rules import INFO, INTEROPERABILITY, MESSAGE, Hit, Related, rule
from smtp_lsp.rules.entities import charset, entities, is_text, one_each, texts
from smtp_lsp.text.escape import quoted
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Message


@rule(
    "MIM058",
    "text-canonical-form",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2045 6.7", "RFC 2045 6.8", "RFC 2046 4.1.1", "RFC 2046 4.1.2"),
)
@one_each
def text_canonical_form(message: Message) -> Iterator[Hit]:
    for part in entities(message).parts:
        body, label = part.body, part.transfer_encoding
        if label is None or label.kind is None or not is_text(part):
            continue
        if part.encoding == b"quoted-printable":
            found = rfc2045.ENCODED_BREAK.search(body.buffer.data, body.start, body.end)
            if found:
                place = View(body.buffer, *found.span())
                yield Hit("encoded-break", place.span(), {"said": quoted(found[0])})
        elif part.encoding == b"base64":
            octets = transfer.decode(body, b"base64")
            pairs = octets.count(b"\r\n")
            if octets.count(b"\n") > pairs or octets.count(b"\r") > pairs:
                yield Hit("bare-break", label.kind.span(), {})
    yield from _controls(message)


def _controls(message: Message) -> Iterator[Hit]:
    """Report octets that are controls in the sets of ISO-8859, and characters in others."""
    for part, octets in texts(message):
        named = charset(part)
        codec = charsets.codec(bytes(named)) if named is not None else None
        if named is None or codec is None or not codec.startswith("iso8859"):
            continue
        found = rfc2045.C1_CONTROL.search(octets)
        if found:
            view = transfer.place(part.body, part.encoding, octets, found.start())
            said = {"charset": quoted(bytes(named)), "octet": f"0x{found[0][0]:02X}"}
            related = [Related("label-here", named.span())] if view is not None else []
            yield Hit("c1", (view or named).span(), said, related=related)
