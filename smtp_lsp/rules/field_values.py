"""HDR: the values of other header fields, and how fields are written."""

from __future__ import annotations

from smtp_lsp.grammar import rfc6376
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
    references=("RFC 6376 3.2", "RFC 6376 3.5", "RFC 6376 6.1.1", "RFC 8617 4.1"),
)
def signature_tags(message: Message) -> Iterator[Hit]:
    """Find what makes a signature of DKIM or ARC void before any of it is computed."""
    untidy = message.untidy(syntax.TAGS)
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
            yield from _required(field)


def _is_whole(field: Field) -> bool:
    """Say whether a tidy signature lacks nothing, without taking it apart."""
    said, wanted = b";" + bytes(field.value), _REQUIRED[field.key]
    if not set(wanted).issubset(rfc6376.TIDY_NAME.compiled.findall(said)):
        return False
    if b"v" in wanted and not rfc6376.TIDY_VERSION.search(said):
        return False
    return b"h" not in wanted or rfc6376.TIDY_SIGNS_FROM.search(said) is not None


def _required(field: Field) -> Iterator[Hit]:
    """Report what a signature lacks."""
    tags = field.tags
    name = {"name": quoted(bytes(field.name))}
    said = {bytes(tag.name): tag for tag in tags.tags}
    lacking = [tag for tag in _REQUIRED[field.key] if tag not in said]
    if lacking:
        missing = ", ".join(f"{tag.decode('ascii')}=" for tag in lacking)
        yield Hit("missing", field.name.span(), {**name, "missing": missing})
        return
    if field.key == "dkim-signature" and said[b"v"].octets != b"1":
        value = said[b"v"].value or said[b"v"].view
        yield Hit("version", value.span(), {**name, "said": quoted(bytes(value))})
    if b"h" in said:
        signed = [word.lower() for word in said[b"h"].octets.split(b":")]
        if b"from" not in signed:
            yield Hit("unsigned", (said[b"h"].value or said[b"h"].view).span(), name)


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
    references=("RFC 3834 5", "RFC 2156 5.3", "RFC 4021 2.1"),
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
