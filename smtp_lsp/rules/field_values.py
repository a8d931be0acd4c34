"""HDR: the values of other header fields, and how fields are written."""

from __future__ import annotations

from smtp_lsp.grammar import rfc3464, rfc6376
from smtp_lsp.message import DRAFT, lexis, mailing_list, results, syntax, taglist
from smtp_lsp.rules import (
    HINT,
    INFO,
    INTEROPERABILITY,
    MESSAGE,
    SECURITY,
    STYLE,
    WARNING,
    Fix,
    Hit,
    Related,
    rule,
    template,
    traits,
    values,
)
from smtp_lsp.rules.values import UNBALANCED
from smtp_lsp.text.escape import quoted
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.defect import Defect
    from smtp_lsp.message.taglist import Tag

_RELATED = 9

# -- Octets --------------------------------------------------------------------------------

_PRINTABLE = bytes((0, 9, 10, 13, *range(32, 127)))
"""What a header may hold; NUL and line ends have rules of their own."""
_OCTETS = {
    lexis.EIGHT_BIT: "octets",
    lexis.CONTROL: "control",
    lexis.ISO_2022: "iso-2022",
}


@rule(
    "HDR033",
    "header-ascii",
    WARNING,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5322 2.2", "RFC 6532 3", "RFC 2047 1"),
    fixes={"encode-words": Fix.UNSAFE},
)
def header_ascii(message: Message) -> Iterator[Hit]:
    """Find octets that are neither printable ASCII nor UTF-8; of each sort the first is shown."""
    rest = bytes(message.header).translate(None, _PRINTABLE)
    if not rest:
        return
    found: dict[str, list[tuple[Field, Defect]]] = {}
    for field in message.fields:
        for defect in lexis.octet_defects(field.value):
            found.setdefault(_OCTETS.get(defect.sort, ""), []).append((field, defect))
    for key, places in found.items():
        hit = _folded(key, places)
        if key == "octets":
            from smtp_lsp.rules import rewording

            hit = rewording.encode_words(message, hit, [field for field, _ in places])
        if key:
            yield hit


def _folded(key: str, places: list[tuple[Field, Defect]]) -> Hit:
    field, defect = places[0]
    said = bytes(defect.view)
    named = {
        "name": quoted(bytes(field.name)),
        "octet": f"{said[0]:02X}" if said else "",
        "count": str(len(places)),
    }
    related = [Related("again", other.view.span()) for _, other in places[1 : _RELATED + 1]]
    return Hit(key, defect.view.span(), named, related=related)


# -- Signatures and results ----------------------------------------------------------------

_TAGS = {
    taglist.MISSING_EQUALS: "no-equals",
    taglist.INVALID_NAME: "tag-name",
    taglist.DUPLICATE_TAG: "duplicate",
    taglist.EMPTY_TAG: "empty-tag",
    taglist.EMPTY_LIST: "empty",
}
_REQUIRED: dict[str, tuple[bytes, ...]] = {
    "dkim-signature": (b"v", b"a", b"b", b"bh", b"d", b"h", b"s"),
    "arc-message-signature": (b"i", b"a", b"b", b"bh", b"d", b"h", b"s"),
    "arc-seal": (b"i", b"a", b"b", b"cv", b"d", b"s"),
}
"""The tags without which there is no signature (RFC 6376 3.5, RFC 8617 4.1.2, 4.1.3)."""


@rule(
    "HDR034",
    "signature-tags",
    WARNING,
    shape=MESSAGE,
    traits=traits.TAGS,
    enclosed=True,
    category=SECURITY,
    references=("RFC 6376 3.2", "RFC 6376 3.5", "RFC 6376 6.1.1", "RFC 8617 4.1", "RFC 8617 5.2"),
)
def signature_tags(message: Message) -> Iterator[Hit]:
    """Find what makes a signature of DKIM or ARC void before any of it is computed."""
    untidy = message.untidy(syntax.TAGS)
    sealed: dict[tuple[str, bytes], Tag] = {}
    for field in message.written_as(syntax.TAGS):
        if message.unreadable and values.is_cut(message, field):
            continue
        if field not in untidy:
            if field.key not in _REQUIRED or _is_whole(field):
                continue
        else:
            defects = [defect for defect in field.defects if defect.sort in _TAGS]
            if defects:
                yield values.hit(_TAGS[defects[0].sort], field, defects[0])
                continue
        if field.key in _REQUIRED:
            yield from _required(field) or _contradicted(field, sealed)


def _is_whole(field: Field) -> bool:
    """Say whether a tidy signature of DKIM lacks nothing, without taking it apart."""
    said, wanted = b";" + bytes(field.value), _REQUIRED[field.key]
    names = rfc6376.TIDY_NAME.compiled.findall(said)
    if not set(wanted).issubset(names) or b"i" in names or b"x" in names:
        return False
    if rfc6376.ODD_BASE64.search(said):
        return False
    if b"v" in wanted and not rfc6376.TIDY_VERSION.search(said):
        return False
    return b"h" not in wanted or rfc6376.TIDY_SIGNS_FROM.search(said) is not None


def _required(field: Field) -> list[Hit]:
    """Report what a signature lacks."""
    name = {"name": quoted(bytes(field.name))}
    said = {bytes(tag.name): tag for tag in field.tags.tags}
    lacking = [tag for tag in _REQUIRED[field.key] if tag not in said]
    if lacking:
        missing = ", ".join(f"{tag.decode('ascii')}=" for tag in lacking)
        return [Hit("missing", field.name.span(), {**name, "missing": missing})]
    found = []
    if field.key == "dkim-signature" and said[b"v"].octets != b"1":
        value = said[b"v"].value or said[b"v"].view
        found.append(Hit("version", value.span(), {**name, "said": quoted(bytes(value))}))
    if b"h" in said:
        signed = [word.lower() for word in said[b"h"].octets.split(b":")]
        if b"from" not in signed:
            found.append(Hit("unsigned", (said[b"h"].value or said[b"h"].view).span(), name))
    return found


def _contradicted(field: Field, sealed: dict[tuple[str, bytes], Tag]) -> Iterator[Hit]:
    """Report values that void a signature: alone, against one another, or in a chain of ARC.

    *sealed* keeps the instances of the chain that were seen, by name of the field.
    """
    tags, name = field.tags, {"name": quoted(bytes(field.name))}
    for key in (b"b", b"bh"):
        tag = tags.tag(key)
        odd = rfc6376.ODD_BASE64.search(b";%b=%b" % (key, bytes(tag.value or b""))) if tag else None
        if tag is not None and tag.value is not None and odd:
            place = tag.value.sub(odd.start(1) - len(key) - 2, odd.end(1) - len(key) - 2)
            yield Hit("base64", place.span(), {**name, "tag": _shown(key), "said": quoted(odd[1])})
            return
    instance = tags.tag(b"i")
    if field.key != "dkim-signature":
        yield from _of_chain(field, instance, sealed, name)
        return
    signed, expires = tags.tag(b"t"), tags.tag(b"x")
    if signed and expires and b"" < _number(expires) <= _number(signed):
        related = [Related("signed-here", signed.view.span())]
        yield Hit("expired", (expires.value or expires.view).span(), name, related=related)
    domain = tags.tag(b"d")
    if instance is not None and domain is not None:
        identity = instance.octets.rpartition(b"@")[2].lower()
        if identity and not (b"." + identity).endswith(b"." + domain.octets.lower()):
            said = {"said": quoted(instance.octets), "domain": quoted(domain.octets)}
            related = [Related("domain-here", domain.view.span())]
            place = instance.value or instance.view
            yield Hit("identity", place.span(), {**name, **said}, related=related)


def _of_chain(
    field: Field,
    instance: Tag | None,
    sealed: dict[tuple[str, bytes], Tag],
    name: dict[str, str],
) -> Iterator[Hit]:
    """Report what breaks a chain of ARC: an instance twice, a state that it cannot have."""
    number = instance.octets.lstrip(b"0") if instance is not None else b""
    if instance is None or not number.isdigit():
        return
    place = instance.value or instance.view
    first = sealed.setdefault((field.key, number), instance)
    if first is not instance:
        related = [Related("first-here", first.view.span())]
        yield Hit("instance", place.span(), {**name, "said": quoted(number)}, related=related)
        return
    state = field.tags.tag(b"cv") if field.key == "arc-seal" else None
    right = b"none" if number == b"1" else b"pass"
    if state is not None and state.octets not in (right, b"fail"):
        said = {"said": quoted(state.octets), "right": _shown(right), "instance": _shown(number)}
        yield Hit("state", (state.value or state.view).span(), {**name, **said})


def _shown(octets: bytes) -> str:
    return octets.decode("ascii")


def _number(tag: Tag) -> bytes:
    """Return digits that compare as their number does, however many; nothing for other octets."""
    if not tag.octets.isdigit():
        return b""
    digits = tag.octets.lstrip(b"0")
    return len(digits).to_bytes(8, "big") + digits


_RESULTS = {
    results.MISSING_SERVER: "no-server",
    results.UNKNOWN_VERSION: "version",
    results.NO_RESULTS: "nothing",
    results.NONE_WITH_RESULTS: "none",
    results.EMPTY_RESULT: "empty",
    results.MISSING_EQUALS: "no-equals",
    results.MISSING_VALUE: "no-value",
    results.INVALID_PROPERTY: "property",
    **UNBALANCED,
}


@rule(
    "HDR035",
    "authentication-results-syntax",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 8601 2.2", "RFC 8617 4.1.1"),
)
def authentication_results_syntax(message: Message) -> Iterator[Hit]:
    """Find what is no result to a strict reader. Large providers write it so.

    Words that stand in a row without any equals sign are one finding.
    """
    seen: set[tuple[int, str]] = set()
    for key, field, defect in values.told(message, syntax.RESULTS, _RESULTS):
        if (field.name.start, key) not in seen:
            seen.add((field.name.start, key))
            yield values.hit(key, field, defect)


# -- Mailing lists -------------------------------------------------------------------------

_URIS = {
    mailing_list.MISSING_BRACKETS: "brackets",
    mailing_list.UNCLOSED: "unclosed",
    mailing_list.EMPTY_URI: "empty-uri",
    mailing_list.NO_SCHEME: "no-scheme",
    mailing_list.MISSING_COMMA: "no-comma",
    mailing_list.EXTRANEOUS_COMMA: "comma",
    mailing_list.EMPTY_LIST: "empty",
    **UNBALANCED,
}
_LIST_IDS = {
    mailing_list.MISSING_ID: "missing",
    mailing_list.INVALID_ID: "invalid",
    mailing_list.UNQUOTED_PHRASE: "phrase",
    mailing_list.TEXT_BEHIND: "behind",
    **UNBALANCED,
}


@rule(
    "HDR036",
    "list-uris",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_URIS,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2369 2", "RFC 2369 3", "RFC 5064 2"),
)
def list_uris(message: Message) -> Iterator[Hit]:
    return values.hits(message, syntax.URIS, _URIS)


@rule(
    "HDR037",
    "list-id-syntax",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_LIST_ID,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2919 2", "RFC 2919 3"),
)
def list_id_syntax(message: Message) -> Iterator[Hit]:
    return values.hits(message, syntax.LIST_ID, _LIST_IDS)


@rule(
    "HDR038",
    "one-click-unsubscribe",
    WARNING,
    shape=MESSAGE,
    traits=traits.ONE_CLICK,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 8058 3.1", "RFC 8058 2"),
)
def one_click_unsubscribe(message: Message) -> Iterator[Hit]:
    field = message.field("list-unsubscribe-post")
    if field is None:
        return
    said = bytes(field.value).strip()
    if said.lower() != mailing_list.ONE_CLICK.lower():
        place = field.value.sub(bytes(field.value).find(said)) if said else field.name
        yield Hit("value", place.span(0, len(said) or None), {"said": quoted(said)})
        return
    target = message.field("list-unsubscribe")
    if target is None:
        yield Hit("alone", field.name.span())
        return
    uris = target.uris
    if uris.defects or target.encoded_words:
        return  # told as what it is
    if not any(bytes(uri).lower().startswith(b"https:") for uri in uris.uris):
        related = [Related("uris-here", target.value.span())]
        yield Hit("no-https", field.name.span(), related=related)


# -- One word of a few ---------------------------------------------------------------------

_WORDS = {
    "auto-submitted": (b"no", b"auto-generated", b"auto-replied", b"auto-notified"),
    "importance": (b"low", b"normal", b"high"),
    "priority": (b"normal", b"urgent", b"non-urgent"),
    "sensitivity": (b"personal", b"private", b"company-confidential"),
}
"""RFC 3834 5 and the registry of its keywords; RFC 2156 5.3.4, 5.3.6 and 5.3.7 (RFC 4021)."""


@rule(
    "HDR039",
    "known-keywords",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 3834 5", "RFC 2156 5.3", "RFC 4021 2.1", "RFC 8098 2.3"),
)
def known_keywords(message: Message) -> Iterator[Hit]:
    for field in message.written_as(syntax.KEYWORD):
        known = _WORDS.get(field.key)
        if known is None or bytes(field.value).strip().lower() in known:
            continue
        word = field.keyword.word
        if word is None or bytes(word).lower() not in known:
            place = field.name if word is None else word
            named = {
                "name": quoted(bytes(field.name)),
                "said": quoted(bytes(word or b"")),
                "known": ", ".join(each.decode("ascii") for each in known),
            }
            yield Hit("empty" if word is None else "unknown", place.span(), named)
    for field in message.named("original-recipient"):
        said = bytes(field.value).strip()
        if said and not rfc3464.TYPED.match(said):
            start = bytes(field.value).index(said)
            named = {"name": quoted(bytes(field.name)), "said": quoted(said)}
            yield Hit("no-type", field.value.sub(start, start + len(said)).span(), named)


# -- How fields are written ----------------------------------------------------------------


@rule(
    "HDR040",
    "blank-after-colon",
    HINT,
    shape=MESSAGE,
    enclosed=True,
    category=STYLE,
    references=("RFC 5322 2.2", "RFC 5322 A.1.1"),
)
def blank_after_colon(message: Message) -> Iterator[Hit]:
    """Find fields written ``Subject:x``, which is right; some programs want the blank."""
    data = message.header.buffer.data
    found = [
        field
        for field in message.fields
        if field.value and data[field.value.start] not in b" \t\r\n"
    ]
    if found:
        places = [View(field.name.buffer, field.name.start, field.value.start) for field in found]
        related = [Related("again", place.span()) for place in places[1 : _RELATED + 1]]
        named = {"name": quoted(bytes(found[0].name)), "count": str(len(found))}
        yield Hit("touching", places[0].span(), named, related=related)


# -- What somebody forgot to write ---------------------------------------------------------

_FILLED = ("from", "sender", "reply-to", "to", "cc", "subject", "list-unsubscribe")


@rule(
    "HDR041",
    "no-template-leftovers",
    WARNING,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5322 3.6.5",),
)
def no_template_leftovers(message: Message) -> Iterator[Hit]:
    """Find placeholders that nothing was put in the place of, in a header and in greetings.

    In a discussion (a reply, a mailing list) a subject may well be about templates.
    """
    if message.context == DRAFT:
        return
    discussed = any(message.named(name) for name in ("in-reply-to", "references", "list-id"))
    data, start, end = message.header.buffer.data, message.header.start, message.header.end
    if template.may_hold(data, start, end):
        for name in _FILLED:
            for field in message.named(name):
                value = field.value
                found = template.PLACEHOLDER.search(data, value.start, value.end)
                if found and not (discussed and name == "subject") and _is_read(field):
                    named = {"name": quoted(bytes(field.name)), "said": quoted(found[0])}
                    yield Hit("placeholder", View(value.buffer, *found.span()).span(), named)
    greeted = [] if discussed else list(template.greetings(message))
    if greeted:
        related = [Related("again", view.span()) for view, _ in greeted[1 : _RELATED + 1]]
        yield Hit(
            "greeting", greeted[0][0].span(), {"said": quoted(greeted[0][1])}, related=related
        )


def _is_read(field: Field) -> bool:
    """Say whether a value is well-formed around a placeholder: else it is told as what it is."""
    if field.syntax == syntax.URIS:
        return not field.uris.defects
    if field.syntax == syntax.ADDRESSES:
        boxes = field.addresses.mailboxes
        return bool(boxes) and all(box.domain is not None for box in boxes)
    return True


@rule(
    "HDR042",
    "message-not-empty",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5322 3.5", "RFC 5322 3.6.5"),
)
def message_not_empty(message: Message) -> Iterator[Hit]:
    """Find a message without anything to read: neither a subject nor a body."""
    if message.context == DRAFT or not message.fields or bytes(message.body).strip():
        return
    if not any(bytes(field.value).strip() for field in message.named("subject")):
        yield Hit("empty", message.fields[0].name.span())
