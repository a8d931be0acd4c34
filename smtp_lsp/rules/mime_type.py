"""MIM: MIME-Version, Content-Type and Content-Disposition, their parameters and charsets.

What encoded-words and octets above 127 do in a parameter is for other families.
"""

from __future__ import annotations

from smtp_lsp.grammar import rfc2046
from smtp_lsp.message import DRAFT, charsets, lexis, parameters, transfer
from smtp_lsp.rules import (
    ERROR,
    HINT,
    INFO,
    INTEROPERABILITY,
    MESSAGE,
    SECURITY,
    WARNING,
    Fix,
    Hit,
    Related,
    rule,
    traits,
)
from smtp_lsp.rules.entities import (
    charset,
    entities,
    folded,
    is_second_boundary,
    is_text,
    is_unquoted,
    one_each,
    texts,
    told,
)
from smtp_lsp.text.escape import quoted
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.mime import Part
    from smtp_lsp.message.parameters import Parameter, Value
    from smtp_lsp.message.sections import Attribute
    from smtp_lsp.rules.entities import Fault

_PARTS_OF_VERSION = (lexis.SPACE, lexis.COMMENT)
_LONGEST_ENDING = 6
_SEVEN_BIT = ("iso2022", "hz", "utf-7")
"""Codecs of character sets that are written in octets up to 127 throughout."""
_WIDE = ("utf-16", "utf-32", "utf16", "utf32", "ucs-2", "ucs-4", "iso-10646-ucs")


# -- MIME-Version ---------------------------------------------------------------------------


@rule(
    "MIM001",
    "mime-version-present",
    WARNING,
    shape=MESSAGE,
    traits=traits.PARTS,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2045 4",),
    aliases=("mime-version-value",),
    fixes={"add-mime-version": Fix.UNSAFE},
)
def mime_version_present(message: Message) -> Iterator[Hit]:
    for field in message.named("mime-version"):
        if _version(field) != b"1.0" and not message.sketch:
            yield Hit("value", field.name.span(), {"said": quoted(bytes(field.value).strip())})
    found = entities(message)
    lacking = [(p.message, *f) for p in found.parts for f in _unversioned(p, message)]
    if lacking:
        named = {"field": quoted(bytes(lacking[0][2].name))}
        from smtp_lsp.rules import addition

        heads = [(head, typed) for head, _, typed in lacking]
        hit = folded("missing", [first.name for _, first, _ in lacking], named)
        yield addition.mime_version(message, hit, heads)


def _version(field: Field) -> bytes:
    """Return the version without the comments that may stand anywhere in it."""
    said = bytes(field.value).strip()
    if said == b"1.0":
        return said
    tokens = lexis.tokens(field.value)
    return b"".join(bytes(token) for token in tokens if token.sort not in _PARTS_OF_VERSION)


def _unversioned(part: Part, message: Message) -> list[tuple[Field, Field]]:
    """Return the first field, and that of MIME, of a message that does not say that it is MIME."""
    if part.parent is None:
        if message.context == DRAFT:
            return []
    elif part.parent.is_multipart or part.message.context == DRAFT:
        return []
    head = part.message
    if head.named("mime-version"):
        return []
    typed = head.field("content-type") or head.field("content-transfer-encoding")
    return [] if typed is None else [(head.fields[0], typed)]


# -- Syntax ---------------------------------------------------------------------------------

_SYNTAX = {
    parameters.NO_TYPE: "no-type",
    parameters.NO_SUBTYPE: "no-subtype",
    parameters.BAD_TYPE: "quoted",
    parameters.TEXT_BEHIND_TYPE: "text",
    parameters.OPEN_QUOTE: "open-quote",
    parameters.OPEN_COMMENT: "open-comment",
    parameters.NO_SEMICOLON: "no-semicolon",
    parameters.NO_EQUALS: "no-value",
    parameters.NO_VALUE: "no-value",
    parameters.NO_NAME: "no-name",
    parameters.BAD_NAME: "bad-name",
    parameters.TEXT_BEHIND_VALUE: "text-behind",
}


@rule(
    "MIM002",
    "content-type-syntax",
    WARNING,
    shape=MESSAGE,
    traits=traits.VALUES,
    abused=True,
    enclosed=True,
    references=("RFC 2045 5.1", "RFC 2045 5.2", "RFC 2183 2"),
)
def content_type_syntax(message: Message) -> Iterator[Hit]:
    """Find what keeps a value from being read as meant: the first such place of each field."""
    found = entities(message)
    if found.values:
        yield from told(found.values, _SYNTAX)
    empty = [field for part in found.parts for field in _empty_values(part)]
    if empty:
        named = {"field": quoted(bytes(empty[0].name))}
        yield folded("empty", [field.name for field in empty], named)


def _value(fault: Fault) -> Value | None:
    if fault.field is not None and fault.field.key == "content-disposition":
        return fault.part.disposition
    return fault.part.content_type


def _empty_values(part: Part) -> Iterator[Field]:
    for name, value in (
        ("content-type", part.content_type),
        ("content-disposition", part.disposition),
    ):
        field = part.message.field(name)
        if field is not None and value is not None and value.kind is None and not value.defects:
            yield field


@rule(
    "MIM003",
    "param-quoting",
    WARNING,
    shape=MESSAGE,
    traits=traits.VALUES,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2045 5.1",),
)
def param_quoting(message: Message) -> Iterator[Hit]:
    return told(entities(message).values, {parameters.UNQUOTED: "unquoted"})


_PADDING = {parameters.EXTRA_SEMICOLON: "semicolon", parameters.BLANKS: "blanks"}


@rule(
    "MIM004",
    "param-padding",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2045 5.1",),
)
def param_padding(message: Message) -> Iterator[Hit]:
    """Find what RFC 822's free use of blanks lets stand, and what every reader passes over."""
    return told(entities(message).values, _PADDING)


@rule(
    "MIM005",
    "param-repeated",
    WARNING,
    shape=MESSAGE,
    traits=traits.VALUES,
    enclosed=True,
    category=SECURITY,
    references=("RFC 6838 4.3", "RFC 2046 5.1.1", "CVE-2024-28054"),
)
@one_each
def param_repeated(message: Message) -> Iterator[Hit]:
    for fault in entities(message).values.get(parameters.REPEATED, ()):
        value = _value(fault)
        name = bytes(fault.view).lower()
        written = [p for p in value.parameters if p.key == name] if value is not None else []
        same = len({bytes(parameter.value) for parameter in written}) == 1
        key = "boundary" if name == b"boundary" and not same else "same" if same else "repeated"
        named = {"name": quoted(name), **fault.said()}
        related = [Related("first-here", written[0].name.span())] if written else []
        severity = ERROR if key == "boundary" else ""
        yield Hit(key, fault.span(), named, related=related, severity=severity)
    for fault in entities(message).values.get(parameters.BOTH_FORMS, ()):
        if is_second_boundary(fault):
            yield Hit("boundary", fault.span(), severity=ERROR)


# -- Values in pieces, in other character sets (RFC 2231) -------------------------------------

_EXTENDED = {
    parameters.SECTION_GAP: "gap",
    parameters.SECTION_REPEATED: "twice",
    parameters.BAD_SECTION: "number",
    parameters.BAD_PERCENT: "percent",
    parameters.NO_CHARSET: "no-charset",
    parameters.EMPTY_CHARSET: "empty-charset",
    parameters.UNKNOWN_CHARSET: "unknown-charset",
    parameters.UNDECODABLE: "undecodable",
    parameters.QUOTED_EXTENDED: "quotes",
}


@rule(
    "MIM006",
    "param-extended",
    WARNING,
    shape=MESSAGE,
    traits=traits.VALUES,
    abused=True,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2231 3", "RFC 2231 4", "RFC 2231 7"),
)
def param_extended(message: Message) -> Iterator[Hit]:
    return told(entities(message).values, _EXTENDED)


@rule(
    "MIM007",
    "filename-differs",
    WARNING,
    shape=MESSAGE,
    traits=traits.FILE_NAMES,
    enclosed=True,
    category=SECURITY,
    references=("RFC 2183 2.3", "RFC 2231 4"),
)
@one_each
def filename_differs(message: Message) -> Iterator[Hit]:
    """Find an attachment whose names end differently: programs differ in which they take."""
    for part in entities(message).named:
        if not _may_differ(part):
            continue
        names = [
            *_names(part.content_type, b"name"),
            *_names(part.disposition, b"filename"),
        ]
        names = [(view, text) for view, text in names if _ending(text)]
        if len(names) > 1:
            endings = [_ending(text) for _, text in names]
            other = next((i for i, end in enumerate(endings) if end != endings[0]), 0)
            if other:
                named = {
                    "name": quoted(names[0][1].encode("utf-8", "replace")),
                    "other": quoted(names[other][1].encode("utf-8", "replace")),
                }
                related = [Related("first-here", names[0][0].span())]
                yield Hit("ending", names[other][0].span(), named, related=related)


def _may_differ(part: Part) -> bool:
    """Say whether a part has more names than one, which are not the same octets."""
    named: list[Parameter] = []
    for value, name in ((part.content_type, b"name"), (part.disposition, b"filename")):
        if value is not None:
            named += [each for each in value.parameters if each.key.startswith(name)]
    if len(named) == 2 and not any(b"*" in bytes(each.name) for each in named):
        return bytes(named[0].raw) != bytes(named[1].raw)
    return len(named) > 1


def _names(value: Value | None, name: bytes) -> Iterator[tuple[View, str]]:
    """Yield the file names that a field gives, in each form, where they can be read."""
    if value is None or not value.parameters or (value.defects and _is_broken(value)):
        return
    attribute = value.attribute(name)
    if attribute is None or not attribute.value:
        return
    yield from _told_name(attribute.value, attribute)
    if attribute.pieces[0].key == name:
        return
    for parameter in [p for p in value.parameters if p.key == name][:1]:
        yield from _told_name(parameter.value, None)


def _told_name(view: View, attribute: Attribute | None) -> Iterator[tuple[View, str]]:
    if attribute is not None and attribute.charset:
        text = attribute.text
    elif b"=?" in bytes(view):
        from smtp_lsp.message import encoded_word

        text = encoded_word.text(view)
    else:
        text = bytes(view).decode("utf-8", "replace")
    if text.isprintable() and "=?" not in text and "\ufffd" not in text:
        yield view, text


def _is_broken(value: Value) -> bool:
    return any(
        defect.sort in (parameters.OPEN_QUOTE, parameters.SECTION_GAP, parameters.UNQUOTED)
        for defect in value.defects
    )


def _ending(name: str) -> str:
    """Return the ending of a file's name, by which programs open it, or nothing."""
    _, dot, ending = name.strip().rpartition(".")
    known = dot and ending.isascii() and ending.isalnum() and len(ending) <= _LONGEST_ENDING
    return ending.lower() if known else ""


# -- Character sets ---------------------------------------------------------------------------


@rule(
    "MIM008",
    "text-charset-declared",
    WARNING,
    shape=MESSAGE,
    traits=traits.PARTS,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2046 4.1.2", "RFC 6532 3.2", "RFC 3629 3"),
)
@one_each
def text_charset_declared(message: Message) -> Iterator[Hit]:
    """Find texts that are no ASCII and do not say what they are, or not what they say.

    HTML may say itself what it is. ASCII and UTF-8 can be told from others; those have vendors'
    additions that readers take, and most octets mean something in them.
    """
    undeclared = []
    for part, octets in texts(message):
        named = charset(part)
        if part.encoding == b"7bit":
            continue
        if named:
            yield from _contradicted(part, named, octets)
        elif named is None and _needs_charset(part, message, octets):
            undeclared.append(_type_of(part))
    if undeclared:
        yield folded("missing", undeclared, {"said": quoted(bytes(undeclared[0]))})


def _needs_charset(part: Part, message: Message, octets: bytes) -> bool:
    if part.content_type is not None and part.content_type.kind is None:
        return False
    # Text of a message of RFC 6532 is UTF-8 anyway; types but two have defaults of their own.
    if not bytes(message.header).isascii() and lexis.is_utf8(octets):
        return False
    if part.media_type == b"text/html":
        return rfc2046.OWN_CHARSET.search(octets, 0, 2048) is None
    return part.media_type == b"text/plain"


def _contradicted(part: Part, named: View, octets: bytes) -> Iterator[Hit]:
    codec = charsets.codec(bytes(named))
    if codec == "ascii":
        octet = next(octet for octet in octets if octet > 127)
        yield Hit("ascii", named.span(), _octet(named, octet))
    elif codec is not None and codec.startswith(_SEVEN_BIT):
        octet = next(octet for octet in octets if octet > 127)
        yield Hit("seven-bit", named.span(), _octet(named, octet))
    elif codec == "utf-8":
        fault = _fault_of(octets)
        if fault >= 0:
            view = transfer.place(part.body, part.encoding, octets, fault) or named
            related = [Related("label-here", named.span())] if view is not named else []
            yield Hit("utf-8", view.span(), _octet(named, octets[fault]), related=related)


def _octet(named: View, octet: int) -> dict[str, str]:
    return {"charset": quoted(bytes(named)), "octet": f"0x{octet:02X}"}


def _fault_of(octets: bytes) -> int:
    """Return where *octets* are no UTF-8, or -1; a last character may have been cut off."""
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError as fault:
        return -1 if fault.reason == "unexpected end of data" else fault.start
    return -1


def _type_of(part: Part) -> View:
    """Return where a part says its type, or what it says instead."""
    value = part.content_type
    if value is not None and value.kind is not None:
        last = value.subtype if value.subtype is not None else value.kind
        return value.kind.sub(0, last.end - value.kind.start)
    fields = part.message.fields
    return fields[0].name if fields else part.body.sub(0, min(1, len(part.body)))


def _charsets(message: Message) -> Iterator[tuple[Part, View, bytes]]:
    for part in entities(message).parts:
        if part.media_type.startswith(b"text/"):
            named = charset(part)
            if named is not None:
                yield part, named, bytes(named).strip()


@rule(
    "MIM009",
    "charset-known",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNUSUAL,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2046 4.1.2", "RFC 2978"),
)
@one_each
def charset_known(message: Message) -> Iterator[Hit]:
    for part, named, said in _charsets(message):
        if charsets.is_known(said) or said.lower().startswith(b"x-"):
            continue
        meant = charsets.preferred(said) if said else None
        key = "empty" if not said else "meant" if meant else "unknown"
        if (not said and _is_valueless(part)) or is_unquoted(part.content_type, named):
            continue
        span = named.span() if named else _type_of(part).span()
        yield Hit(key, span, {"charset": quoted(said), "meant": meant or ""})


def _is_valueless(part: Part) -> bool:
    """Say whether the parameter has no value at all, which its syntax asks for."""
    value = part.content_type
    written: list[Parameter] = [] if value is None else value.parameters
    return any(p.key == b"charset" and not p.raw for p in written)


@rule(
    "MIM010",
    "charset-registered",
    HINT,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2046 4.1.2", "RFC 2978"),
)
@one_each
def charset_registered(message: Message) -> Iterator[Hit]:
    for _, named, said in _charsets(message):
        meant = charsets.preferred(said)
        if meant and charsets.is_known(said):
            yield Hit("meant", named.span(), {"charset": quoted(said), "meant": meant})


@rule(
    "MIM011",
    "text-charset-not-utf16",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNUSUAL,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2781 4", "RFC 2046 4.1.1", "RFC 3030 3"),
)
@one_each
def text_charset_not_utf16(message: Message) -> Iterator[Hit]:
    for part, named, said in _charsets(message):
        if said.decode("latin-1").lower().startswith(_WIDE) and is_text(part):
            yield Hit("wide", named.span(), {"charset": quoted(said)})
