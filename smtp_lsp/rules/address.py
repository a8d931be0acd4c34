"""ADR: addresses in header fields: how each is written, and what separates them (RFC 5322 3.4).

What the reader of addresses stumbled over is told here, each sort of it by one rule. Controls, line
breaks and octets that are no UTF-8 have rules of their own, wherever in a header they stand.
"""

from __future__ import annotations

from smtp_lsp.grammar import rfc5321
from smtp_lsp.message import DRAFT, Message, addr_spec, address, lexis
from smtp_lsp.message.defect import Defect
from smtp_lsp.message.syntax import ADDRESSES
from smtp_lsp.rules import (
    DATA_LOSS,
    ERROR,
    HINT,
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
from smtp_lsp.text.escape import quoted
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smtp_lsp.message import Field

    Weigh = Callable[[Message, Field, Defect], str]
    Mend = Callable[[Message, Hit, Field, list[Defect]], Hit]

_RELATED = 9

_NOT_JUDGED = frozenset(("delivered-to", "x-original-from"))
"""What mail programs keep for themselves: ``Delivered-To: mailing list bob@example.test``."""

_MAY_BE_EMPTY = frozenset(("bcc", "resent-bcc"))


def untidy_fields(message: Message) -> Iterator[Field]:
    """Yield the fields of addresses with which something may be wrong."""
    for field in message.untidy(ADDRESSES):
        if field.key not in _NOT_JUDGED:
            yield field


def _holder(field: Field, defect: Defect) -> View:
    """Return the addr-spec in which *defect* is, or the mailbox where that is all there is."""
    start, end = defect.view.start, defect.view.end
    for mailbox in field.addresses.mailboxes:
        spec = mailbox.address
        if spec is not None and spec.view.start <= start and end <= spec.view.end:
            return spec.view
        if mailbox.view.start <= start < mailbox.view.end or defect in mailbox.defects:
            return mailbox.view
    return defect.view


def _told(
    message: Message,
    keys: dict[str, str],
    weigh: Weigh | None = None,
    mends: Mend | None = None,
) -> Iterator[Hit]:
    """Yield a hit for each key and severity in a field; what else is alike is related to it."""
    for field in untidy_fields(message):
        alike: dict[tuple[str, str], list[Defect]] = {}
        for defect in field.defects:
            key = keys.get(defect.sort)
            if key is not None:
                severity = "" if weigh is None else weigh(message, field, defect)
                alike.setdefault((key, severity), []).append(defect)
        for (key, severity), found in alike.items():
            if severity != _SILENT:
                hit = hit_at(key, field, found, severity)
                yield hit if mends is None else mends(message, hit, field, found)


_SILENT = "silent"


def hit_at(key: str, field: Field, found: list[Defect], severity: str = "") -> Hit:
    first = found[0]
    named = {
        "name": quoted(bytes(field.name)),
        "said": quoted(bytes(first.view)),
        "address": quoted(bytes(_holder(field, first))),
        "octets": str(len(first.view)),
    }
    related = [Related("again", other.view.span()) for other in found[1 : _RELATED + 1]]
    return Hit(key, first.view.span(), named, related=related, severity=severity)


def _behind(field: Field, defect: Defect) -> bytes:
    """Return what stands in the field behind the first octet of *defect*."""
    value = field.value
    return value.buffer.data[defect.view.start + 1 : value.end]


def _if_authored(message: Message, field: Field) -> str:
    """Return the severity of what leaves a field without an address.

    Large providers refuse a message whose author has none.
    """
    if field.key != "from" or message.accepted:
        return WARNING
    whole = (m.local_part and m.domain for m in field.addresses.mailboxes)
    return WARNING if any(whole) else ERROR


# -- An address as a whole ------------------------------------------------------------------


_SYNTAX = {
    addr_spec.INVALID_LOCAL_PART: "local-part",
    addr_spec.MISSING_LOCAL_PART: "no-local-part",
    addr_spec.SEVERAL_AT_SIGNS: "at-signs",
    address.NO_ADDRESS: "no-address",
    address.EMPTY_ADDRESS: "empty",
    address.TEXT_BEHIND_ADDRESS: "behind",
    address.MISSING_ANGLE_BRACKETS: "no-brackets",
    address.OBSOLETE_ROUTE: "route",
    address.MALFORMED_ROUTE: "route",
    address.MAILTO: "mailto",
    addr_spec.OBSOLETE_LOCAL_PART: "pieces",
}
_WITHOUT = (addr_spec.MISSING_LOCAL_PART, address.NO_ADDRESS, address.EMPTY_ADDRESS)


@rule(
    "ADR001",
    "address-syntax",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_ADDRESSES,
    abused=True,
    enclosed=True,
    references=("RFC 5322 3.4", "RFC 5322 3.4.1", "RFC 5322 4.4", "RFC 7103 7.1"),
)
def address_syntax(message: Message) -> Iterator[Hit]:
    for hit in _told(message, _SYNTAX, _weigh_syntax):
        if hit.key == "no-address" and hit.parameters["said"].startswith("=?"):
            hit.key = "encoded"
        yield hit


def _weigh_syntax(message: Message, field: Field, defect: Defect) -> str:
    """A draft may hold the names of an address book, which the mail program replaces."""
    if message.context == DRAFT and defect.sort == address.NO_ADDRESS:
        return _SILENT
    if defect.sort == addr_spec.OBSOLETE_LOCAL_PART and b'"' not in bytes(defect.view):
        return _SILENT
    return _if_authored(message, field) if defect.sort in _WITHOUT else ""


@rule(
    "ADR002",
    "address-without-domain",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_ADDRESSES,
    enclosed=True,
    references=("RFC 5322 3.4.1", "RFC 6409 4.2", "RFC 7103 7.1.7"),
)
def address_without_domain(message: Message) -> Iterator[Hit]:
    for hit in _told(message, {addr_spec.ADDRESS_WITHOUT_DOMAIN: "bare"}, _weigh_domain):
        said = hit.parameters["said"]
        if said == "@":
            hit.key = "cut"
        elif said.lower().startswith(("undisclosed", "unlisted")):
            hit.key = "undisclosed"
        yield hit


def _weigh_domain(message: Message, field: Field, defect: Defect) -> str:
    """An encoded-word in the place of an address is for the rules about those."""
    said = bytes(defect.view)
    if said.startswith(b"=?") or (message.context == DRAFT and said != b"@"):
        return _SILENT
    return ""


# -- Quotes, parentheses, brackets ----------------------------------------------------------


_DELIMITERS = {
    lexis.UNTERMINATED_QUOTED_STRING: "quote",
    lexis.UNTERMINATED_COMMENT: "comment",
    lexis.UNBALANCED_PARENTHESIS: "parenthesis",
    address.UNBALANCED_ANGLE: "angle",
    address.EXCESSIVE_ANGLE_BRACKETS: "doubled",
}


@rule(
    "ADR003",
    "address-unterminated",
    ERROR,
    shape=MESSAGE,
    traits=traits.UNTIDY_ADDRESSES,
    abused=True,
    enclosed=True,
    category=DATA_LOSS,
    references=("RFC 5322 3.2.2", "RFC 5322 3.2.4", "RFC 5322 3.4", "RFC 7103 7.1"),
)
def address_unterminated(message: Message) -> Iterator[Hit]:
    for hit in _told(message, _DELIMITERS, _weigh_delimiters):
        if hit.key == "angle" and hit.parameters["said"] == ">":
            hit.key = "closing"
        yield hit


def _weigh_delimiters(message: Message, field: Field, defect: Defect) -> str:
    """What takes no address with it is read as it was meant, by most (RFC 7103 7.1)."""
    rest = _behind(field, defect)
    if defect.sort == lexis.UNTERMINATED_COMMENT:
        return ERROR if b"@" in rest else WARNING
    if defect.sort == address.UNBALANCED_ANGLE and bytes(defect.view) == b"<":
        return ERROR if b"," in rest else WARNING
    return ERROR if defect.sort == lexis.UNTERMINATED_QUOTED_STRING else WARNING


# -- What separates -------------------------------------------------------------------------


_SEPARATORS = {
    address.MISSING_SEPARATOR: "missing",
    address.SEMICOLON_SEPARATOR: "semicolon",
    address.SEPARATOR_IN_ANGLE: "in-brackets",
}


@rule(
    "ADR004",
    "address-separators",
    ERROR,
    shape=MESSAGE,
    traits=traits.UNTIDY_ADDRESSES,
    abused=True,
    enclosed=True,
    category=DATA_LOSS,
    references=("RFC 5322 3.4", "RFC 7103 7.1.5"),
)
def address_separators(message: Message) -> Iterator[Hit]:
    return _told(message, _SEPARATORS, _weigh_separators)


def _weigh_separators(message: Message, field: Field, defect: Defect) -> str:
    """A semicolon at the very end separates nothing."""
    last = defect.sort == address.SEMICOLON_SEPARATOR and b"@" not in _behind(field, defect)
    return WARNING if last else ""


@rule(
    "ADR005",
    "empty-list-elements",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_ADDRESSES,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5322 3.4", "RFC 5322 4.4"),
)
def empty_list_elements(message: Message) -> Iterator[Hit]:
    return _told(message, {address.EXTRANEOUS_COMMA: "comma"}, _weigh_comma)


def _weigh_comma(message: Message, field: Field, defect: Defect) -> str:
    """Where a line without a blank goes on with the list, that one is wrong."""
    cut_off = any(line.start == field.lines.end for line in message.unreadable)
    return _SILENT if cut_off and not _behind(field, defect).strip() else ""


@rule(
    "ADR006",
    "empty-to-cc",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_ADDRESSES,
    enclosed=True,
    references=("RFC 5322 3.6.2", "RFC 5322 3.6.3"),
)
def empty_to_cc(message: Message) -> Iterator[Hit]:
    if message.context == DRAFT:
        return
    for field in untidy_fields(message):
        if field.key not in _MAY_BE_EMPTY and not (field.addresses.addresses or field.defects):
            named = {"name": quoted(bytes(field.name))}
            key = "from" if field.key == "from" else "empty"
            yield Hit(key, field.name.span(), named, severity=_if_authored(message, field))


# -- Names and groups -----------------------------------------------------------------------


_NAMES = {
    address.UNQUOTED_DISPLAY_NAME: "special",
    address.UNQUOTED_ADDRESS_IN_DISPLAY_NAME: "address",
    address.COMMA_IN_DISPLAY_NAME: "comma",
}


@rule(
    "ADR007",
    "display-name-quoting",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_ADDRESSES,
    abused=True,
    enclosed=True,
    references=("RFC 5322 3.4", "RFC 5322 3.2.3", "RFC 5322 3.2.5"),
    fixes={"quote-name": Fix.SAFE, "quote-names-as-one": Fix.UNSAFE},
)
def display_name_quoting(message: Message) -> Iterator[Hit]:
    return _told(message, _NAMES, _weigh_name, _quoted_name)


def _quoted_name(message: Message, hit: Hit, field: Field, found: list[Defect]) -> Hit:
    """A name that shows another address is a matter of trust in quotes as well."""
    from smtp_lsp.rules import rewording

    if hit.key == "special":
        return rewording.quote_names(message, hit, field, found)
    return rewording.quote_comma(message, hit, field, found) if hit.key == "comma" else hit


def _weigh_name(message: Message, field: Field, defect: Defect) -> str:
    """A comma makes two addresses of one. In a draft both may be names of an address book."""
    comma = defect.sort == address.COMMA_IN_DISPLAY_NAME
    return ERROR if comma and message.context != DRAFT else ""


@rule(
    "ADR008",
    "period-in-display-name",
    HINT,
    shape=MESSAGE,
    enclosed=True,
    category=STYLE,
    references=("RFC 5322 3.2.5", "RFC 5322 4.1"),
)
def period_in_display_name(message: Message) -> Iterator[Hit]:
    return _told(message, {address.PERIOD_IN_DISPLAY_NAME: "period"})


@rule(
    "ADR009",
    "group-syntax",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_ADDRESSES,
    enclosed=True,
    references=("RFC 5322 3.4", "RFC 6854 2"),
)
def group_syntax(message: Message) -> Iterator[Hit]:
    keys = {
        address.MISSING_GROUP_TERMINATOR: "unended",
        address.NESTED_GROUP: "nested",
        address.EMPTY_GROUP_NAME: "nameless",
    }
    return _told(message, keys)


@rule(
    "ADR010",
    "name-in-comment",
    HINT,
    shape=MESSAGE,
    enclosed=True,
    category=STYLE,
    references=("RFC 5322 3.4",),
)
def name_in_comment(message: Message) -> Iterator[Hit]:
    return _told(message, {address.NAME_IN_COMMENT: "comment"})


# -- Local-part and domain ------------------------------------------------------------------


_DOMAINS = {
    addr_spec.INVALID_DOMAIN: "syntax",
    addr_spec.NOT_A_HOST_NAME: "host",
    addr_spec.TRAILING_DOT_IN_DOMAIN: "dot",
    addr_spec.LITERAL_WITHOUT_BRACKETS: "bare-literal",
    addr_spec.WHITE_SPACE_IN_DOMAIN_LITERAL: "literal",
    addr_spec.INVALID_CHARACTER_IN_DOMAIN_LITERAL: "literal",
    addr_spec.INVALID_ADDRESS_LITERAL: "literal",
}


@rule(
    "ADR011",
    "address-domain",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_ADDRESSES,
    abused=True,
    enclosed=True,
    references=("RFC 5322 3.4.1", "RFC 5321 2.3.5", "RFC 5321 4.1.3"),
)
def address_domain(message: Message) -> Iterator[Hit]:
    for hit in _told(message, _DOMAINS):
        whole = hit.parameters["address"]
        if hit.key == "host" and whole[0] == "'" and whole[-1] == "'":
            hit.key = "apostrophes"
        yield hit


_LENGTHS = {
    addr_spec.LOCAL_PART_TOO_LONG: "local-part",
    addr_spec.LABEL_TOO_LONG: "label",
    addr_spec.DOMAIN_TOO_LONG: "domain",
}


@rule(
    "ADR012",
    "address-length",
    WARNING,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=(
        *("RFC 5321 4.5.3.1.1", "RFC 5321 4.5.3.1.2", "RFC 5321 4.5.3.1.3"),
        "RFC 1035 2.3.4",
    ),
)
def address_length(message: Message) -> Iterator[Hit]:
    for hit in _told(message, _LENGTHS):
        if hit.key == "label":
            hit.parameters["octets"] = str(max(map(len, hit.parameters["said"].split("."))))
        yield hit
    for field in message.written_as(ADDRESSES):
        if len(field.value) > addr_spec.ADDRESS and field.key not in _NOT_JUDGED:
            yield from _too_long(field)


def _too_long(field: Field) -> Iterator[Hit]:
    """Report an address that is too long though neither of its parts is."""
    value = field.value
    found = rfc5321.LONG_ADDRESS.search(value.buffer.data, value.start, value.end)
    if found and not any(defect.sort in _LENGTHS for defect in field.defects):
        yield hit_at("whole", field, [Defect("", View(value.buffer, *found.span()))])


@rule(
    "ADR013",
    "no-cfws-around-at",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_ADDRESSES,
    enclosed=True,
    references=("RFC 5322 3.4.1", "RFC 5322 4.4"),
)
def no_cfws_around_at(message: Message) -> Iterator[Hit]:
    keys = {
        addr_spec.BLANK_AROUND_AT: "at",
        addr_spec.OBSOLETE_LOCAL_PART: "local-part",
        addr_spec.OBSOLETE_DOMAIN: "domain",
    }
    return _told(message, keys, _weigh_apart)


def _weigh_apart(message: Message, field: Field, defect: Defect) -> str:
    """Quotes in a local-part of several words are told by ``address_syntax``."""
    local = defect.sort == addr_spec.OBSOLETE_LOCAL_PART
    return _SILENT if local and b'"' in bytes(defect.view) else ""


@rule(
    "ADR014",
    "local-part-no-needless-quotes",
    HINT,
    shape=MESSAGE,
    enclosed=True,
    category=STYLE,
    references=("RFC 5322 3.4.1",),
)
def local_part_no_needless_quotes(message: Message) -> Iterator[Hit]:
    return _told(message, {addr_spec.NEEDLESS_QUOTES: "quotes"})


@rule(
    "ADR015",
    "address-spacing",
    HINT,
    shape=MESSAGE,
    enclosed=True,
    category=STYLE,
    references=("RFC 5322 3.4", "RFC 5322 3.2.2"),
)
def address_spacing(message: Message) -> Iterator[Hit]:
    for field in message.written_as(ADDRESSES):
        for mailbox in field.addresses.mailboxes:
            angle, name = mailbox.angle, mailbox.display_name
            if angle is None or not mailbox.address:
                continue
            inside = bytes(angle)
            if inside[1:2].isspace() or inside[-2:-1].isspace():
                yield hit_at("inside", field, [Defect("", angle)])
            elif name is not None and name.end == angle.start:
                yield hit_at("no-blank", field, [Defect("", angle.sub(0, 1))])
