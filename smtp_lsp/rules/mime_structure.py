"""MIM: boundaries, delimiters, and what messages within messages must have (RFC 2046 5)."""

from __future__ import annotations

from smtp_lsp.grammar import rfc2046
from smtp_lsp.message import mime
from smtp_lsp.rules import (
    DATA_LOSS,
    ERROR,
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
from smtp_lsp.rules.entities import again, entities, folded, is_misspelt_close, one_each, told
from smtp_lsp.text.escape import quoted
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.mime import Part
    from smtp_lsp.rules.entities import Fault
    from smtp_lsp.text.span import Span

_ONCE = (
    *("content-type", "content-transfer-encoding", "content-disposition", "content-id"),
    *("content-description", "content-location"),
)
_RULING = _ONCE[:2]
_RELATED = 9
_TELLING = ("from", "subject", "date")


def _boundary(fault: Fault) -> dict[str, str]:
    return {"said": quoted(bytes(fault.view)), "boundary": quoted(fault.part.boundary or b"")}


# -- The boundary parameter -------------------------------------------------------------------


@rule(
    "MIM024",
    "boundary-param-required",
    ERROR,
    shape=MESSAGE,
    traits=traits.STRUCTURE,
    enclosed=True,
    category=DATA_LOSS,
    references=("RFC 2046 5.1.1", "RFC 2045 5"),
)
def boundary_param_required(message: Message) -> Iterator[Hit]:
    return told(entities(message).structure, {mime.NO_BOUNDARY: "missing"}, name=_type)


def _type(fault: Fault) -> dict[str, str]:
    return {"type": quoted(fault.part.media_type)}


@rule(
    "MIM025",
    "boundary-length",
    WARNING,
    shape=MESSAGE,
    traits=traits.STRUCTURE,
    abused=True,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2046 5.1.1",),
)
def boundary_length(message: Message) -> Iterator[Hit]:
    keys = {
        mime.EMPTY_BOUNDARY: "empty",
        mime.BOUNDARY_LENGTH: "long",
        mime.BOUNDARY_CHARACTERS: "characters",
        mime.BOUNDARY_BLANK: "blank",
    }
    graver = {"empty": ERROR}
    return told(entities(message).structure, keys, name=_length, severities=graver)


def _length(fault: Fault) -> dict[str, str]:
    octets = bytes(fault.view)
    bad = rfc2046.NO_BCHARS.search(octets)
    return {
        "said": quoted(octets),
        "length": str(len(octets)),
        "octets": quoted(bad[0] if bad else b""),
    }


# -- Delimiters -------------------------------------------------------------------------------


@rule(
    "MIM026",
    "boundary-first-delimiter",
    ERROR,
    shape=MESSAGE,
    traits=traits.STRUCTURE,
    abused=True,
    enclosed=True,
    category=DATA_LOSS,
    references=("RFC 2046 5.1.1",),
)
@one_each
def boundary_first_delimiter(message: Message) -> Iterator[Hit]:
    structure = entities(message).structure
    for fault in structure.get(mime.NOT_SEEN, ()):
        stranger = fault.part.stranger
        named = {**_boundary(fault), "line": quoted(bytes(stranger) if stranger else b"")}
        related = [Related("stranger-here", stranger.span())] if stranger else []
        yield Hit("other" if stranger else "missing", _type_of(fault), named, related=related)
    for fault in structure.get(mime.NO_PARTS, ()):
        related = [Related("closed-here", fault.span())]
        yield Hit(
            "closed-at-once", _type_of(fault), _boundary(fault), related=related, severity=WARNING
        )


def _type_of(fault: Fault) -> Span:
    """Return where the part says that it is a multipart."""
    value = fault.part.content_type
    if value is None or value.kind is None or value.subtype is None:
        return fault.span()
    return value.kind.span(0, value.subtype.end - value.kind.start)


@rule(
    "MIM027",
    "boundary-closing",
    WARNING,
    shape=MESSAGE,
    traits=traits.STRUCTURE,
    enclosed=True,
    category=DATA_LOSS,
    references=("RFC 2046 5.1.1",),
    fixes={"close-multipart": Fix.UNSAFE},
)
@one_each
def boundary_closing(message: Message) -> Iterator[Hit]:
    faults = [
        fault
        for fault in entities(message).structure.get(mime.NOT_CLOSED, [])
        if not _ends_with_blank(fault)
    ]
    for fault in faults:
        part = fault.part
        related = [
            Related("stranger-here", defect.view.span())
            for defect in part.defects
            if is_misspelt_close(part, defect)
        ]
        related.append(Related("last-delimiter", fault.span()))
        hit = Hit("missing", _type_of(fault), _boundary(fault), related=related[:_RELATED])
        if fault is faults[0]:
            from smtp_lsp.rules import addition

            hit = addition.closing(message, hit, faults)
        yield hit


@rule(
    "MIM028",
    "boundary-unique-nested",
    WARNING,
    shape=MESSAGE,
    traits=traits.STRUCTURE,
    enclosed=True,
    category=SECURITY,
    references=("RFC 2046 5.1.1", "RFC 2046 5.1.2"),
)
def boundary_unique_nested(message: Message) -> Iterator[Hit]:
    keys = {
        mime.BOUNDARY_SAME: "same",
        mime.BOUNDARY_PREFIX: "prefix",
        mime.DELIMITER_TEXT: "text",
    }
    return told(
        entities(message).structure,
        keys,
        name=_boundary,
        severities={"same": ERROR},
        spared=_ends_with_blank,
    )


def _ends_with_blank(fault: Fault) -> bool:
    """Say whether a boundary is told for the blank it ends with, which its delimiters have too."""
    if fault.sort not in (mime.DELIMITER_TEXT, mime.NOT_CLOSED):
        return False
    return any(defect.sort == mime.BOUNDARY_BLANK for defect in fault.part.defects)


@rule(
    "MIM029",
    "boundary-no-padding",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2046 5.1.1",),
)
def boundary_no_padding(message: Message) -> Iterator[Hit]:
    return told(entities(message).structure, {mime.DELIMITER_PADDING: "padding"}, name=_boundary)


@rule(
    "MIM030",
    "part-header-separator",
    WARNING,
    shape=MESSAGE,
    traits=traits.STRUCTURE,
    enclosed=True,
    category=DATA_LOSS,
    references=("RFC 2046 5.1", "RFC 2046 5.1.1"),
)
def part_header_separator(message: Message) -> Iterator[Hit]:
    structure = entities(message).structure
    keys = {mime.NO_EMPTY_LINE: "text", mime.REPEATED_DELIMITER: "delimiter"}
    return told(structure, keys, spared=_is_no_message)


def _is_no_message(fault: Fault) -> bool:
    """Say whether text stands where a message was to be: that is told of the whole of it."""
    return not fault.part.message.fields and _lacks_all(fault.part)


@rule(
    "MIM031",
    "payload-behind-close",
    WARNING,
    shape=MESSAGE,
    traits=traits.STRUCTURE,
    enclosed=True,
    category=SECURITY,
    references=("RFC 2046 5.1.1",),
)
def payload_behind_close(message: Message) -> Iterator[Hit]:
    """Find parts and data behind the last delimiter; prose there, as lists add it, is legal."""
    structure = entities(message).structure
    yield from told(structure, {mime.DELIMITER_BEHIND_CLOSE: "delimiter"}, name=_boundary)
    data: list[View] = []
    for fault in structure.get(mime.EPILOGUE, ()):
        data += _payload(fault.view)
    if data:
        yield folded("data", data, {"said": quoted(bytes(data[0]).splitlines()[0])})


def _payload(epilogue: View) -> list[View]:
    """Return the first place in *epilogue* that looks like a part or like data."""
    found = rfc2046.PAYLOAD.search(epilogue.buffer.data, epilogue.start, epilogue.end)
    return [View(epilogue.buffer, *found.span())] if found else []


def _lost(preamble: View) -> View | None:
    """Return the first line of words in a preamble that are not those for old mail programs."""
    data, start, end = preamble.buffer.data, preamble.start, preamble.end
    words = rfc2046.WORDS.search(data, start, end)
    if words is None or rfc2046.NOTE.search(data, start, end):
        return None
    return View(preamble.buffer, *words.span())


# -- Parts ------------------------------------------------------------------------------------


@rule(
    "MIM032",
    "epilogue-text",
    INFO,
    shape=MESSAGE,
    traits=traits.PARTS,
    enclosed=True,
    category=DATA_LOSS,
    references=("RFC 2046 5.1.1",),
    aliases=("preamble-epilogue-ignored",),
)
def epilogue_text(message: Message) -> Iterator[Hit]:
    """Find prose before the first delimiter and behind the last one, where nobody sees it.

    What tells old mail programs that there are parts belongs there.
    """
    preambles = (part.preamble for part in entities(message).parts if part.delimiters)
    lost = [line for line in map(_lost, filter(None, preambles)) if line]
    if lost:
        yield folded("preamble", lost, {"said": quoted(bytes(lost[0])[:200])})
    faults = entities(message).structure.get(mime.EPILOGUE, ())
    prose = [fault.view for fault in faults if not _payload(fault.view)]
    if prose:
        line = bytes(prose[0].sub(0, min(200, len(prose[0])))).splitlines()[0]
        yield folded("text", prose, {"said": quoted(line)})


@rule(
    "MIM033",
    "mime-field-repeated",
    WARNING,
    shape=MESSAGE,
    traits=traits.REPEATED,
    enclosed=True,
    category=SECURITY,
    references=("RFC 2045 3", "RFC 5322 3.6"),
    fixes={"drop-repeated": Fix.UNSAFE},
)
@one_each
def mime_field_repeated(message: Message) -> Iterator[Hit]:
    """Find fields of MIME that a part has twice. Those of the whole message that say nothing of
    how its body is read are told with its other fields (``single-occurrence``).
    """
    hits: list[Hit] = []
    same: list[list[Field]] = []
    told = True
    for part in entities(message).parts:
        names = _ONCE if part.parent is not None else _ONCE[:3]
        fields = part.message.fields
        if len({field.key for field in fields}) == len(fields):
            continue
        for name in names:
            found = part.message.named(name)
            if len(found) > 1:
                hits.append(_repeated(name, found))
                if hits[-1].key == "same":
                    same.append(found)
                    # What else is wrong with a multipart is not told while its type is there twice.
                    told = told and not (name == _RULING[0] and part.defects)
    first = next((hit for hit in hits if hit.key == "same"), None)
    if first is not None and told:
        from smtp_lsp.rules import addition

        addition.once(message, first, same)
    yield from hits


def _repeated(name: str, fields: list[Field]) -> Hit:
    same = len({bytes(field.value).strip() for field in fields}) == 1
    named = {"name": quoted(bytes(fields[1].name)), "count": str(len(fields))}
    hit = folded("same" if same else "differ", [field.name for field in fields[1:]], named)
    hit.related.insert(0, Related("first-here", fields[0].name.span()))
    hit.severity = ERROR if name in _RULING and not same else ""
    return hit


@rule(
    "MIM034",
    "message-rfc822-fields",
    WARNING,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    references=("RFC 2046 5.2.1",),
)
def message_rfc822_fields(message: Message) -> Iterator[Hit]:
    """Find a message within the message that has neither From nor Subject nor Date."""
    places = [_start(part) for part in entities(message).parts if _lacks_all(part)]
    if places:
        yield folded("missing", places, {})


def _lacks_all(part: Part) -> bool:
    around = part.parent
    if around is None or around.is_multipart:
        return False
    return not any(part.message.named(name) for name in _TELLING)


def _start(part: Part) -> View:
    """Return the first field's name, or the first octet, or where the part says what it is."""
    if part.message.fields:
        return part.message.fields[0].name
    around = part.parent
    value = around.content_type if around is not None else None
    if part.whole or value is None or value.kind is None:
        return part.whole.sub(0, min(1, len(part.whole)))
    return value.kind


@rule(
    "MIM035",
    "message-partial-params",
    ERROR,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    category=DATA_LOSS,
    references=("RFC 2046 5.2.2",),
)
@one_each
def message_partial_params(message: Message) -> Iterator[Hit]:
    for part in entities(message).parts:
        value = part.content_type
        if value is None or value.kind is None or part.media_type != b"message/partial":
            continue
        for name in (b"id", b"number"):
            if not value.get(name):
                yield Hit("missing", value.kind.span(), {"name": name.decode()})
        counts = {}
        for name in (b"number", b"total"):
            view = value.get(name)
            if view:
                if rfc2046.COUNT.fullmatch(bytes(view)):
                    counts[name] = int(bytes(view))
                else:
                    named = {"name": name.decode(), "said": quoted(bytes(view))}
                    yield Hit("count", view.span(), named)
        number, total = value.get(b"number"), counts.get(b"total", 0)
        if number and total and counts.get(b"number", 0) > total:
            named = {"said": quoted(bytes(number)), "total": str(total)}
            yield Hit("above", number.span(), named)


# -- Limits -----------------------------------------------------------------------------------


@rule(
    "MIM037",
    "parts-limit",
    WARNING,
    shape=MESSAGE,
    traits=traits.STRUCTURE,
    enclosed=True,
    category=SECURITY,
    references=("RFC 2046 5.1.1",),
)
def parts_limit(message: Message) -> Iterator[Hit]:
    structure = entities(message).structure
    for sort, key, limit in (
        (mime.TOO_DEEP, "deep", mime.DEEPEST),
        (mime.TOO_MANY, "many", mime.MOST_PARTS),
    ):
        faults = structure.get(sort, ())
        if faults:
            first = faults[0]
            place = first.view.sub(0, min(1, len(first.view)))
            named = {"limit": str(limit)}
            yield Hit(key, place.span(), named, related=again(faults, first))


@rule(
    "MIM038",
    "content-id-syntax",
    WARNING,
    shape=MESSAGE,
    traits=traits.PARTS,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2045 7", "RFC 2392 2"),
)
def content_id_syntax(message: Message) -> Iterator[Hit]:
    """Find a part's Content-ID without brackets; rules about the header tell a message's."""
    places = []
    for part in entities(message).parts:
        field = part.message.field("content-id") if part.parent is not None else None
        if field is not None:
            said = bytes(field.value).strip()
            if said and said[:1] not in (b"<", b"(") and b">" not in said:
                start = bytes(field.value).index(said)
                places.append(field.value.sub(start, start + len(said)))
    if places:
        yield folded("brackets", places, {"said": quoted(bytes(places[0]))})
