"""MIM: Content-Transfer-Encoding, and bodies in quoted-printable and base64 (RFC 2045 6).

Lines of more than 998 octets and NUL are told by rules about all lines, octets above 127 in
what is labelled 7bit by ``8bit-body-needs-cte``.
"""

from __future__ import annotations

from smtp_lsp.message import WIRE, mime, parameters, transfer
from smtp_lsp.rules import (
    ERROR,
    HINT,
    INFO,
    INTEROPERABILITY,
    MESSAGE,
    STYLE,
    WARNING,
    Fix,
    Hit,
    Related,
    rule,
    traits,
)
from smtp_lsp.rules.entities import (
    ENCODED,
    IDENTITIES,
    around,
    entities,
    first_line,
    folded,
    is_plain,
    is_text,
    one_each,
    told,
)
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Message
    from smtp_lsp.message.mime import Part
    from smtp_lsp.rules.entities import Fault
    from smtp_lsp.text.view import View

_WIDER = (b"8bit", b"binary")
_LOCAL = (b"message/partial", b"message/external-body")


# -- The label --------------------------------------------------------------------------------

_MEANT = {
    b"8-bit": "8bit",
    b"8bits": "8bit",
    b"7-bit": "7bit",
    b"7bits": "7bit",
    b"quoted-printed": "quoted-printable",
    b"quotedprintable": "quoted-printable",
    b"quoted_printable": "quoted-printable",
    b"qp": "quoted-printable",
    b"base-64": "base64",
    b"b64": "base64",
    b"uuencode": "x-uuencode",
}


_KNOWN = IDENTITIES | ENCODED


@rule(
    "MIM012",
    "cte-known",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNUSUAL | traits.VALUES,
    abused=True,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2045 6.1", "RFC 2045 6.3", "RFC 2045 6.4"),
)
@one_each
def cte_known(message: Message) -> Iterator[Hit]:
    for part in entities(message).parts:
        label = part.transfer_encoding
        field = part.message.field("content-transfer-encoding")
        if label is None or field is None:
            continue
        word = label.token
        if word in _KNOWN and not label.defects and not label.parameters:
            continue
        said = {"said": quoted(bytes(field.value).strip())}
        broken = [d for d in label.defects if d.sort != parameters.EXTRA_SEMICOLON]
        if not word:
            yield Hit("empty" if not bytes(field.value).strip() else "bad", field.name.span(), said)
        elif word not in _KNOWN and not word.startswith(b"x-"):
            meant = _MEANT.get(word, "")
            span = label.kind.span() if label.kind is not None else field.name.span()
            yield Hit("meant" if meant else "unknown", span, {**said, "meant": meant})
        elif label.defects or label.parameters:
            place = label.defects[0].view.span() if label.defects else field.value.span()
            yield Hit("text" if broken or label.parameters else "semicolon", place, said)


@rule(
    "MIM013",
    "cte-composite-identity",
    WARNING,
    shape=MESSAGE,
    traits=traits.NESTED | traits.STRUCTURE,
    abused=True,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2045 6.4", "RFC 2046 5.2.1", "RFC 2046 5.2.2", "RFC 6532 3.5"),
    aliases=("message-partial-external-7bit",),
)
@one_each
def cte_composite_identity(message: Message) -> Iterator[Hit]:
    found = entities(message)
    yield from told(found.structure, {mime.ENCODED: "encoded"}, name=_type_and_label)
    for part in found.parts:
        if part.encoding in _WIDER and part.media_type in _LOCAL:
            label = part.transfer_encoding
            if label is not None and label.kind is not None:
                named = {
                    "type": part.media_type.decode("ascii"),
                    "said": quoted(part.encoding),
                }
                yield Hit("seven", label.kind.span(), named)


def _type_and_label(fault: Fault) -> dict[str, str]:
    return {"type": quoted(fault.part.media_type), "said": quoted(fault.part.encoding)}


@rule(
    "MIM014",
    "cte-inner-not-wider",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2045 6.4",),
)
def cte_inner_not_wider(message: Message) -> Iterator[Hit]:
    """Find 8bit or binary inside of what is 7bit or says nothing, which means the same."""
    places: list[tuple[View, Part]] = []
    for part in entities(message).parts:
        label = part.transfer_encoding
        if label is None or label.kind is None or part.encoding not in _WIDER:
            continue
        outer = next((each for each in around(part) if _is_narrower(each, part)), None)
        if outer is not None:
            places.append((label.kind, outer))
    if places:
        view, first = places[0]
        named = {
            "said": quoted(bytes(view)),
            "type": quoted(first.media_type),
            "outer": quoted(first.encoding),
        }
        bare = first.transfer_encoding is None
        hit = folded("unlabelled" if bare else "labelled", [v for v, _ in places], named)
        value = first.transfer_encoding or first.content_type
        if value is not None and value.kind is not None:
            hit.related.insert(0, Related("outer-here", value.kind.span()))
        yield hit


def _is_narrower(outer: Part, inner: Part) -> bool:
    if outer.encoding == b"8bit":
        return inner.encoding == b"binary"
    return outer.encoding == b"7bit"


@rule(
    "MIM015",
    "cte-binary-not-in-data",
    WARNING,
    shape=MESSAGE,
    traits=traits.PARTS,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2045 6.2", "RFC 3030 3"),
)
def cte_binary_not_in_data(message: Message) -> Iterator[Hit]:
    """Find a binary part in content that DATA carries; of a stored message it is not known."""
    if message.context != WIRE or message.chunked:
        return
    places = []
    for part in entities(message).parts:
        label = part.transfer_encoding
        if label is not None and label.kind is not None and part.encoding == b"binary":
            places.append(label.kind)
    if places:
        yield folded("binary", places, {})


# -- Quoted-printable ---------------------------------------------------------------------------


def _past_76(message: Message, encoding: bytes) -> Iterator[Hit]:
    """Yield one hit for the lines of bodies of that encoding that are too long."""
    faults = entities(message).bodies.get(transfer.LONG_LINE, ())
    places = [fault.view for fault in faults if fault.part.encoding == encoding]
    if places:
        named = {"length": str(len(places[0])), "count": str(len(places))}
        hit = folded("one" if len(places) == 1 else "many", places, named)
        hit.span = places[0].span(76)
        from smtp_lsp.rules import wrapping

        parts = {id(fault.part): fault.part for fault in faults if fault.part.encoding == encoding}
        yield wrapping.wrap(message, hit, parts.values())


@rule(
    "MIM016",
    "qp-line-76",
    WARNING,
    shape=MESSAGE,
    traits=traits.BODIES,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2045 6.7",),
    fixes={"wrap-quoted-printable": Fix.SAFE},
)
def qp_line_76(message: Message) -> Iterator[Hit]:
    return _past_76(message, b"quoted-printable")


@rule(
    "MIM017",
    "qp-escape-valid",
    WARNING,
    shape=MESSAGE,
    traits=traits.BODIES,
    enclosed=True,
    references=("RFC 2045 6.7",),
)
def qp_escape_valid(message: Message) -> Iterator[Hit]:
    keys = {transfer.BAD_ESCAPE: "escape", transfer.FINAL_EQUALS: "end"}
    return told(entities(message).bodies, keys, severities={"end": INFO})


@rule(
    "MIM018",
    "qp-uppercase-hex",
    HINT,
    shape=MESSAGE,
    traits=traits.BODIES,
    enclosed=True,
    category=STYLE,
    references=("RFC 2045 6.7",),
)
def qp_uppercase_hex(message: Message) -> Iterator[Hit]:
    return told(entities(message).bodies, {transfer.LOWER_CASE_HEX: "lower"})


@rule(
    "MIM019",
    "qp-no-trailing-space",
    WARNING,
    shape=MESSAGE,
    traits=traits.BODIES,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2045 6.7",),
)
def qp_no_trailing_space(message: Message) -> Iterator[Hit]:
    keys = {transfer.TRAILING_BLANKS: "trailing", transfer.SOFT_BREAK_BLANKS: "soft-break"}
    return told(entities(message).bodies, keys)


@rule(
    "MIM020",
    "qp-no-raw-8bit",
    WARNING,
    shape=MESSAGE,
    traits=traits.BODIES,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2045 6.7",),
)
def qp_no_raw_8bit(message: Message) -> Iterator[Hit]:
    keys = {transfer.EIGHT_BIT: "eight-bit", transfer.CONTROL: "control"}
    return told(entities(message).bodies, keys, name=_octet)


def _octet(fault: Fault) -> dict[str, str]:
    return {"octet": f"0x{bytes(fault.view.sub(0, 1))[0]:02X}"}


# -- Base64 ---------------------------------------------------------------------------------------


@rule(
    "MIM021",
    "base64-line-76",
    WARNING,
    shape=MESSAGE,
    traits=traits.BODIES,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2045 6.8",),
    fixes={"wrap-base64": Fix.SAFE},
)
def base64_line_76(message: Message) -> Iterator[Hit]:
    return _past_76(message, b"base64")


_ALPHABET = {
    transfer.BAD_CHARACTER: "character",
    transfer.INCOMPLETE: "incomplete",
    transfer.BAD_PADDING: "padding",
    transfer.BEHIND_PADDING: "behind",
    transfer.BLANKS: "blank",
}


@rule(
    "MIM022",
    "base64-alphabet",
    WARNING,
    shape=MESSAGE,
    traits=traits.BODIES,
    abused=True,
    enclosed=True,
    references=("RFC 2045 6.8",),
)
def base64_alphabet(message: Message) -> Iterator[Hit]:
    bodies = entities(message).bodies
    if not bodies:
        return
    plain = {id(fault.part): fault.part for fault in _suspects(bodies) if is_plain(fault.part)}
    for part in plain.values():
        label = part.transfer_encoding
        if label is not None and label.kind is not None:
            text = first_line(part)
            related = [Related("text-here", text.span())]
            yield Hit("plain", label.kind.span(), {}, related=related, severity=ERROR)
    yield from told(bodies, _ALPHABET, spared=lambda fault: id(fault.part) in plain)


def _suspects(bodies: dict[str, list[Fault]]) -> Iterator[Fault]:
    for sort in _ALPHABET:
        yield from bodies.get(sort, ())


@rule(
    "MIM023",
    "base64-needless",
    HINT,
    shape=MESSAGE,
    traits=traits.PARTS,
    enclosed=True,
    category=STYLE,
    references=("RFC 2045 6.2", "RFC 2045 6.7"),
)
def base64_needless(message: Message) -> Iterator[Hit]:
    """Find texts in base64 that could be read as they are: ASCII in lines that are short."""
    places = []
    for part in entities(message).parts:
        if part.encoding != b"base64" or not is_text(part):
            continue
        octets = transfer.decode(part.body, b"base64")
        plain = octets and octets.isascii() and b"\0" not in octets
        if plain and max(map(len, octets.split(b"\n"))) <= 998:
            label = part.transfer_encoding
            if label is not None and label.kind is not None:
                places.append(label.kind)
    if places:
        yield folded("ascii", places, {})
