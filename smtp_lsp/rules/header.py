"""HDR: header fields of messages, and the lines of a message as a whole (RFC 5322)."""

from __future__ import annotations

from smtp_lsp import registry
from smtp_lsp.message import DRAFT, Message
from smtp_lsp.message.address import MAKE_SEVERAL
from smtp_lsp.rules import (
    ERROR,
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
    traits,
)
from smtp_lsp.rules import header_block as block
from smtp_lsp.rules.stored_ends import is_binary
from smtp_lsp.text.escape import quoted
from smtp_lsp.text.span import Span
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smtp_lsp.message import Field

_RELATED = 9
# What two fields of these names mean is told by rules of their own.
_OTHERS_TELL = frozenset(
    (
        *("content-disposition", "content-transfer-encoding", "content-type"),
        *("return-path", "tls-required"),
    )
)


def _folded(key: str, places: Sequence[View], named: dict[str, str], first: Span) -> Hit:
    """Return one finding for all *places*, the first of which is shown as *first*."""
    related = [Related("again", place.span()) for place in places[1 : _RELATED + 1]]
    return Hit(key, first, {**named, "count": str(len(places))}, related=related)


def _start(message: Message) -> Span:
    """Return the place of what is missing: the first name, or the first octet."""
    if message.fields:
        return message.fields[0].name.span()
    return message.whole.span(0, min(1, len(message.whole)))


# -- Fields that must be there --------------------------------------------------------------


@rule(
    "HDR001",
    "from-required",
    ERROR,
    shape=MESSAGE,
    traits=traits.UNREADABLE,
    enclosed=True,
    references=("RFC 5322 3.6", "RFC 5322 3.6.2"),
)
def from_required(message: Message) -> Iterator[Hit]:
    if message.context == DRAFT or any(
        line.sort == block.NO_FIELDS for line in block.unreadable(message)
    ):
        return
    names = block.names(message)
    if "from" not in names and "from" not in block.cut_off(message):
        taken = WARNING if message.accepted else ""
        yield Hit("missing" if names else "no-header", _start(message), severity=taken)


@rule(
    "HDR002",
    "date-required",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNREADABLE,
    enclosed=True,
    references=("RFC 5322 3.6", "RFC 5322 3.6.1", "RFC 6409 8.2"),
    fixes={"add-date": Fix.UNSAFE, "add-date-now": Fix.UNSAFE},
)
def date_required(message: Message) -> Iterator[Hit]:
    if _lacks(message, "date"):
        from smtp_lsp.rules import addition

        yield addition.date(message, Hit("missing", _start(message)))


@rule(
    "HDR003",
    "message-id-present",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5322 3.6.4", "RFC 6409 8.3"),
    fixes={"add-message-id": Fix.UNSAFE},
)
def message_id_present(message: Message) -> Iterator[Hit]:
    if _lacks(message, "message-id"):
        from smtp_lsp.rules import addition

        yield addition.message_id(message, Hit("missing", _start(message)))


def _lacks(message: Message, name: str) -> bool:
    """Say whether a header lacks a field. Of a file without any field that is not said."""
    if message.context == DRAFT or not message.fields:
        return False
    return name not in block.names(message) and name not in block.cut_off(message)


@rule(
    "HDR004",
    "resent-block-required",
    WARNING,
    shape=MESSAGE,
    traits=traits.RESENT,
    enclosed=True,
    references=("RFC 5322 3.6.6",),
)
def resent_block_required(message: Message) -> Iterator[Hit]:
    if message.context == DRAFT:
        return
    resent = [field for field in message.fields if field.key.startswith("resent-")]
    if resent:
        names = block.names(message)
        lacking = [n for n in ("Resent-From", "Resent-Date") if n.lower() not in names]
        if lacking:
            key = "both" if len(lacking) == 2 else "one"
            named = {"name": quoted(bytes(resent[0].name)), "missing": lacking[0]}
            yield Hit(key, resent[0].name.span(), named)


@rule(
    "HDR015",
    "sender-if-many-from",
    WARNING,
    shape=MESSAGE,
    abused=True,
    enclosed=True,
    references=("RFC 5322 3.6.2", "RFC 5322 3.6.6", "RFC 6854 2.1"),
    aliases=("resent-sender-if-many",),
)
def sender_if_many_from(message: Message) -> Iterator[Hit]:
    if message.context == DRAFT:
        return
    names = block.names(message)
    for name, sender in (("from", "Sender"), ("resent-from", "Resent-Sender")):
        field = message.field(name)
        if field is None or sender.lower() in names or _is_alone(field.value):
            continue
        authors = [mailbox.view for mailbox in field.addresses.mailboxes]
        told = any(defect.sort in MAKE_SEVERAL for defect in field.defects)
        if len(authors) > 1 and not told:
            named = {
                "name": bytes(field.name).decode(),
                "sender": sender,
                "count": str(len(authors)),
            }
            yield Hit(
                "missing",
                field.name.span(),
                named,
                related=[Related("second-author", authors[1].span())],
            )


def _is_alone(value: View) -> bool:
    """Say whether *value* holds one mailbox at most: what may stand between two is not in it."""
    said = bytes(value)
    return b"," not in said and b";" not in said and said.count(b"@") < 2


# -- Fields that occur once -----------------------------------------------------------------


def _repeated(message: Message) -> dict[str, list[Field]]:
    """Return the fields that occur more than once, by name in small letters."""
    names = message.by_name()
    if len(names) == len(message.fields):
        return {}
    return {name: found for name, found in names.items() if len(found) > 1}


def _once(name: str) -> bool:
    """Say whether an RFC that was read says of a field that it occurs at most once."""
    row = registry.header_field(name)
    if row is None or row["max_count"] != "1" or row["verified_syntax"] == "no":
        return False
    return not row["note"].startswith("Count limit not stated")


def _again(found: list[Field], key: str = "repeated", severity: str = "") -> Hit:
    named = {"name": quoted(bytes(found[1].name))}
    names = [field.name for field in found]
    hit = _folded(key, names[1:], named, names[1].span())
    hit.parameters["count"] = str(len(found))
    hit.related.insert(0, Related("first-here", names[0].span()))
    hit.severity = severity
    return hit


@rule(
    "HDR005",
    "single-occurrence",
    WARNING,
    shape=MESSAGE,
    traits=traits.REPEATED,
    abused=True,
    enclosed=True,
    references=("RFC 5322 3.6",),
    aliases=("resent-single-occurrence",),
    fixes={"drop-repeated": Fix.UNSAFE},
)
def single_occurrence(message: Message) -> Iterator[Hit]:
    repeated = _repeated(message)
    if any(name.startswith("resent-") for name in repeated):
        from smtp_lsp.rules import resending

        for found, count in resending.repeated(message):
            hit = _again(found, "resent" if count == 1 else "resent-again")
            hit.parameters["resendings"] = str(count)
            yield hit
    for name, found in repeated.items():
        if _once(name) and name not in _OTHERS_TELL:
            from smtp_lsp.rules import addition

            hit = _again(found, "from", ERROR) if name == "from" else _again(found)
            yield addition.once(message, hit, [found])


@rule(
    "HDR006",
    "return-path-single",
    INFO,
    shape=MESSAGE,
    traits=traits.RETURN_PATH,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.4", "RFC 5322 3.6.7"),
)
def return_path_single(message: Message) -> Iterator[Hit]:
    """Find a second field, or one whose value is no path: Exchange leaves out the brackets."""
    found = message.named("return-path")
    if len(found) > 1:
        yield _again(found)
    elif found and not found[0].is_tidy():
        path = found[0].path
        if path.angle is None or path.display_name is not None:
            value = found[0].value
            span = path.view.span() if value else found[0].name.span()
            yield Hit("path", span, {"said": quoted(bytes(value).strip())})


@rule(
    "HDR007",
    "tls-required-single",
    WARNING,
    shape=MESSAGE,
    traits=traits.TLS_REQUIRED,
    enclosed=True,
    category=SECURITY,
    references=("RFC 8689 3",),
)
def tls_required_single(message: Message) -> Iterator[Hit]:
    found = message.named("tls-required")
    if len(found) > 1:
        yield _again(found)
    elif found and bytes(found[0].value).strip().lower() != b"no":
        named = {"said": quoted(bytes(found[0].value).strip())}
        yield Hit("value", found[0].name.span(), named)


# -- The shape of the header block ----------------------------------------------------------


@rule(
    "HDR008",
    "field-name-chars",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNREADABLE,
    abused=True,
    enclosed=True,
    references=("RFC 5322 2.2", "RFC 5322 3.6.8", "RFC 6532 3.2"),
    aliases=("utf8-field-names-ascii",),
)
def field_name_chars(message: Message) -> Iterator[Hit]:
    found = [
        line
        for line in block.unreadable(message)
        if line.sort == block.BROKEN_NAME and b"\0" not in (line.name or b"")  # told as NUL
    ]
    if not found:
        return
    name = found[0].name or b""
    at_start = found[0].view.start == message.whole.start
    text = name.removeprefix(block.BOM) if at_start else name
    key = "blank"
    if text != name:
        key = "bom"
    elif not name.strip():
        key = "empty"
    elif not name.isascii() or not name.decode("ascii").isprintable():
        key = "octets"
    first = found[0].view.span(0, max(1, len(name)))
    yield _folded(key, [line.view for line in found], {"name": quoted(text)}, first)


@rule(
    "HDR014",
    "no-space-before-colon",
    WARNING,
    shape=MESSAGE,
    traits=traits.LOOSE,
    abused=True,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5322 2.2", "RFC 5322 4.5"),
    fixes={"no-blank": Fix.SAFE},
)
def no_space_before_colon(message: Message) -> Iterator[Hit]:
    """Find the white space in the message's own header, and in those of its parts."""
    buffer = message.whole.buffer
    fields = (field for head in _loose_heads(message) for field in head.fields)
    found = [field for field in fields if field.value.start - field.name.end > 1]
    if found:
        from smtp_lsp.rules import mending

        gaps = [View(buffer, field.name.end, field.value.start - 1) for field in found]
        hit = _folded("blank", gaps, {"name": quoted(bytes(found[0].name))}, gaps[0].span())
        edits = [(gap.start, gap.end, b"") for gap in gaps]
        yield mending.mend(message, hit, Fix.SAFE, "no-blank", edits)


def _loose_heads(message: Message) -> Iterator[Message]:
    """Yield the message and the parts of its multiparts that have a blank before a colon."""
    from smtp_lsp.rules.entities import entities

    if message.is_loose:
        yield message
    for part in entities(message).parts:
        inside = part.parent is not None and part.parent.is_multipart
        if inside and part.message.is_loose:
            yield part.message


@rule(
    "HDR009",
    "header-body-separator",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNREADABLE,
    abused=True,
    enclosed=True,
    references=("RFC 5322 2.1", "RFC 5322 3.5"),
)
def header_body_separator(message: Message) -> Iterator[Hit]:
    for line in block.unreadable(message):
        said = {"said": quoted(line.text)}
        if line.sort == block.NO_FIELDS:
            yield Hit("no-fields", line.view.span(), said)
        elif line.sort == block.NO_SEPARATOR:
            blank = block.blank_before(message, line)
            key = "mail-folder" if block.is_of_folder(line) else "missing"
            yield Hit("blanks", blank.span()) if blank else Hit(key, line.view.span(), said)
    if block.cut_off(message):
        header, body = message.header, message.body
        span = View(header.buffer, header.end, body.start).span()
        yield Hit("early" if header else "begins-empty", span)


@rule(
    "HDR010",
    "folding-before-wsp",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNREADABLE,
    abused=True,
    enclosed=True,
    references=("RFC 5322 2.2.3",),
)
def folding_before_wsp(message: Message) -> Iterator[Hit]:
    found = [line for line in block.unreadable(message) if line.sort == block.NO_FOLD]
    if found:
        key = "nothing-above" if found[0].text[:1] in (b" ", b"\t") else "no-blank"
        if found[0].text.startswith((b"From ", b">From ")):
            key = "mail-folder"
        views = [line.view for line in found]
        yield _folded(key, views, {"said": quoted(found[0].text)}, views[0].span())


@rule(
    "HDR011",
    "no-blank-fold",
    WARNING,
    shape=MESSAGE,
    abused=True,
    enclosed=True,
    references=("RFC 5322 3.2.2",),
)
def no_blank_fold(message: Message) -> Iterator[Hit]:
    end = message.header.end
    separator: View | None = None
    for line in block.unreadable(message):
        if line.sort in (block.NO_SEPARATOR, block.NO_FIELDS):
            end, separator = line.view.start, block.blank_before(message, line)
    found = [blank for blank in block.blank_lines(message) if blank.start < end]
    if separator is not None:
        found = [blank for blank in found if blank.start != separator.start]
    if found:
        yield _folded("blank", found, {}, found[0].span())


# -- Lines ----------------------------------------------------------------------------------

_SHORTER = dict.fromkeys(("fold", "shorten", "wrap-base64", "wrap-quoted-printable"), Fix.SAFE)


def _longer(message: Message, limit: int) -> Iterator[Hit]:
    """Report the first line of more than *limit* octets, and the others with it.

    Those of the header are told apart from those of the body: who makes the one does not make
    the other, and they are mended in other ways. In a draft the lines are still to be made. A
    part without lines is not looked into.
    """
    if message.context == DRAFT:
        return
    from smtp_lsp.rules.entities import entities

    lines = list(message.longer_lines(limit, entities(message).even))
    if not lines:
        return
    from smtp_lsp.rules import wrapping

    above = [line for line in lines if line.start < message.header.end]
    below = lines[len(above) :] if not is_binary(message) else []
    for found in filter(None, (above, below)):
        key = "one" if len(found) == 1 else "many"
        hit = _folded(key, found, {"octets": str(len(found[0]))}, found[0].span(limit))
        yield wrapping.shorten(message, hit, found, limit)


@rule(
    "HDR012",
    "line-998",
    WARNING,
    shape=MESSAGE,
    category=INTEROPERABILITY,
    references=("RFC 5322 2.1.1", "RFC 6532 3.4"),
    fixes=_SHORTER,
)
def line_998(message: Message) -> Iterator[Hit]:
    return _longer(message, 998)


@rule(
    "HDR013",
    "line-78",
    HINT,
    shape=MESSAGE,
    category=STYLE,
    references=("RFC 5322 2.1.1",),
    fixes=_SHORTER,
)
def line_78(message: Message) -> Iterator[Hit]:
    return _longer(message, 78)
