"""MIM: what a type asks of its parameters and parts, and what values MIME's fields may have.

A value that cannot be read as meant is told by ``content-type-syntax``, and nothing more of it.
"""

from __future__ import annotations

from smtp_lsp.grammar import rfc2045
from smtp_lsp.message import WIRE, Message, lexis, mime, transfer
from smtp_lsp.message import date as dates
from smtp_lsp.rules import (
    DATA_LOSS,
    ERROR,
    INFO,
    INTEROPERABILITY,
    MESSAGE,
    SECURITY,
    WARNING,
    Hit,
    Related,
    rule,
    traits,
)
from smtp_lsp.rules.entities import ENCODED, IDENTITIES, entities, one_each
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Field
    from smtp_lsp.message.mime import Part
    from smtp_lsp.message.parameters import Value
    from smtp_lsp.text.view import View


def _of_type(message: Message, media_type: bytes) -> Iterator[tuple[Part, Value, View]]:
    """Yield the parts of that type, with the value that says so and where, if it is well-formed."""
    for part in entities(message).parts:
        value = part.content_type
        if value is not None and part.media_type == media_type and not value.defects:
            kind = value.kind
            if kind is not None:
                yield part, value, kind


# -- Bodies that are elsewhere ------------------------------------------------------------------

_FILE = (b"name", b"site")
_NEEDED = {
    b"ftp": _FILE,
    b"tftp": _FILE,
    b"anon-ftp": _FILE,
    b"local-file": (b"name",),
    b"mail-server": (b"server",),
    b"url": (b"url",),
}
"""The parameters without which nobody finds the body (RFC 2046 5.2.3, RFC 2017 3)."""


@rule(
    "MIM036",
    "external-body-access-type",
    ERROR,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    category=DATA_LOSS,
    references=("RFC 2046 5.2.3", "RFC 2046 5.2.3.1", "RFC 2017 3"),
    aliases=("external-body-parameters",),
)
@one_each
def external_body_access_type(message: Message) -> Iterator[Hit]:
    for part in entities(message).parts:
        value = part.content_type
        if value is None or value.kind is None or part.media_type != b"message/external-body":
            continue
        access = value.get(b"access-type")
        if not access:
            yield Hit("missing", value.kind.span(), {})
        elif not value.defects:
            wanted = _NEEDED.get(bytes(access).strip().lower(), ())
            lacking = [name.decode() for name in wanted if not value.get(name)]
            if lacking:
                named = {"said": quoted(bytes(access)), "names": ", ".join(lacking)}
                yield Hit("parameter", access.span(), named)
            yield from _unidentified(part, value.kind)


def _unidentified(part: Part, kind: View) -> Iterator[Hit]:
    """Report the header that is enclosed, if it has no Content-ID."""
    inner = Message(part.body, WIRE)
    if not inner.named("content-id"):
        place = inner.fields[0].name if inner.fields else kind
        yield Hit("content-id", place.span(), severity=WARNING)


# -- Signed parts -------------------------------------------------------------------------------


@rule(
    "MIM039",
    "signed-parameters",
    WARNING,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    category=SECURITY,
    references=("RFC 1847 2.1", "RFC 3156 5", "RFC 8551 3.5.3.2"),
)
@one_each
def signed_parameters(message: Message) -> Iterator[Hit]:
    """Find signatures that programs do not look for: they know them by these parameters."""
    for part, value, kind in _of_type(message, b"multipart/signed"):
        lacking = [name for name in ("protocol", "micalg") if not value.get(name.encode())]
        if lacking:
            key = "missing" if len(lacking) == 1 else "missing-both"
            yield Hit(key, kind.span(), {"names": lacking[0]})
        protocol = value.get(b"protocol")
        signature = part.parts[1].content_type if len(part.parts) > 1 else None
        if not protocol or signature is None or signature.kind is None:
            continue
        found = part.parts[1].media_type
        if _one_name(bytes(protocol).strip().lower()) != _one_name(found):
            named = {"said": quoted(bytes(protocol)), "type": quoted(found)}
            related = [Related("signature-here", signature.kind.span())]
            yield Hit("differs", protocol.span(), named, related=related)


def _one_name(media_type: bytes) -> bytes:
    """Return a type without the ``x-`` of before it was registered, which readers take for it."""
    return media_type.replace(b"/x-", b"/", 1)


# -- Values that few programs read --------------------------------------------------------------

_TOP_LEVEL = frozenset(
    (
        *(b"application", b"audio", b"example", b"font", b"haptics", b"image", b"message"),
        *(b"model", b"multipart", b"text", b"video"),
    )
)
"""The types of IANA's registry of media types; ``x-`` begins those of one's own (RFC 2045 5.1)."""

_DATES = frozenset((b"creation-date", b"modification-date", b"read-date"))
_FORMS = {
    "content-duration": ("duration", rfc2045.DURATION),
    "content-language": ("language", rfc2045.LANGUAGES),
    "content-md5": ("md5", rfc2045.DIGEST),
}


@rule(
    "MIM057",
    "mime-values",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=(
        *("RFC 2045 5.1", "RFC 2183 2", "RFC 2387 3.1", "RFC 1864 2", "RFC 3282 2"),
        "RFC 3803 2",
    ),
)
@one_each
def mime_values(message: Message) -> Iterator[Hit]:
    """Find values that are none, of fields and parameters that most programs pass over."""
    yield from _fields(message)
    for part in entities(message).parts:
        if part.parent is not None:
            yield from _fields(part.message)
        yield from _top_level(part)
        yield from _disposition(part)
        yield from _digest(part)
    yield from _related(message)


def _fields(head: Message) -> Iterator[Hit]:
    for name, (key, form) in _FORMS.items():
        for field in head.named(name):
            if not form.fullmatch(_without_comments(field)):
                named = {"name": quoted(bytes(field.name)), "said": quoted(_said(field))}
                yield Hit(key, _place(field).span(), named)


def _said(field: Field) -> bytes:
    return bytes(field.value).strip()


def _place(field: Field) -> View:
    said = _said(field)
    start = bytes(field.value).find(said)
    return field.value.sub(start, start + len(said)) if said else field.name


def _without_comments(field: Field) -> bytes:
    """Return a value without comments and white space, which may stand between any two words."""
    tokens = lexis.tokens(field.value)
    apart = (lexis.SPACE, lexis.COMMENT)
    return b"".join(b" " if each.sort in apart else bytes(each) for each in tokens).strip()


def _top_level(part: Part) -> Iterator[Hit]:
    value = part.content_type
    if value is None or value.kind is None or not value.media_type:
        return
    kind = bytes(value.kind)
    if kind.lower() not in _TOP_LEVEL and kind[:2].lower() != b"x-" and not _meant(part):
        yield Hit("type", value.kind.span(), {"said": quoted(kind)})


# -- Types that are misspelt --------------------------------------------------------------------

_ALIKE = 0.72
"""How much of a word is right, by ``difflib``: ``test`` and ``txt`` for ``text``, no more."""


@rule(
    "MIM059",
    "media-type-misspelt",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNUSUAL,
    enclosed=True,
    category=DATA_LOSS,
    references=("RFC 2045 5.1", "RFC 2049 2"),
)
@one_each
def media_type_misspelt(message: Message) -> Iterator[Hit]:
    """Find types that no reader knows, and of which it shows what is meant."""
    for part in entities(message).parts:
        key, meant = _meant(part) or ("", "")
        value = part.content_type
        if key and value is not None and value.kind is not None and value.subtype is not None:
            place = value.kind.sub(0, value.subtype.end - value.kind.start)
            yield Hit(key, place.span(), {"said": quoted(bytes(place)), "meant": meant})


def _meant(part: Part) -> tuple[str, str] | None:
    """Return how a type is misspelt and what it should be, or None."""
    value = part.content_type
    if value is None or value.defects or not value.media_type:
        return None
    kind, _, subtype = value.media_type.partition(b"/")
    if kind in _TOP_LEVEL or kind.startswith(b"x-") or not kind.isascii():
        return None
    if subtype in _TOP_LEVEL:
        return "turned", f"{subtype.decode()}/{kind.decode()}"
    import difflib

    known = sorted(each.decode() for each in _TOP_LEVEL)
    close = difflib.get_close_matches(kind.decode()[:40], known, 1, _ALIKE)
    return ("misspelt", f"{close[0]}/{subtype.decode('ascii', 'replace')}") if close else None


def _disposition(part: Part) -> Iterator[Hit]:
    value = part.disposition
    for each in () if value is None or value.defects else value.parameters:
        key = ""
        if each.key == b"size":
            key = "" if rfc2045.SIZE.fullmatch(bytes(each.value)) else "size"
        elif each.key in _DATES and not (each.quoted and dates.is_tidy(each.value)):
            key = "date" if not each.quoted or dates.read(each.value).defects else ""
        if key and each.raw:
            named = {"name": quoted(each.key), "said": quoted(bytes(each.value))}
            yield Hit(key, each.raw.span(), named)


def _digest(part: Part) -> Iterator[Hit]:
    """Report a digest that is not that of the body, with whatever line ends it may have had."""
    field = part.message.field("content-md5")
    known = part.encoding in IDENTITIES or part.encoding in ENCODED
    if field is None or not known or part.parts or part.is_multipart:
        return
    said = _without_comments(field)
    if part.media_type.startswith((b"message/", b"multipart/")) or not rfc2045.DIGEST.fullmatch(
        said
    ):
        return
    octets = transfer.decode(part.body, part.encoding)
    lines = octets.replace(b"\r\n", b"\n")
    canonical = lines.replace(b"\n", b"\r\n")
    bare = canonical.removesuffix(b"\r\n")
    if said not in map(_md5, (octets, canonical, bare, bare + b"\r\n", lines)):
        yield Hit("md5-differs", _place(field).span(), {"said": quoted(said)})


def _md5(octets: bytes) -> bytes:
    from binascii import b2a_base64
    from hashlib import md5

    return b2a_base64(md5(octets, usedforsecurity=False).digest(), newline=False)


def _related(message: Message) -> Iterator[Hit]:
    """Report a multipart/related that does not say, or not rightly, of what type its root is."""
    for part, value, kind in _of_type(message, b"multipart/related"):
        said = value.get(b"type")
        if not said:
            yield Hit("related", kind.span(), {})
            continue
        root = _root(part, value)
        if root is not None and bytes(said).strip().lower() != root.media_type:
            named = {"said": quoted(bytes(said)), "type": quoted(root.media_type)}
            place = root.content_type.kind if root.content_type is not None else None
            related = [] if place is None else [Related("root-here", place.span())]
            yield Hit("root", said.span(), named, related=related)


def _root(part: Part, value: Value) -> mime.Part | None:
    """Return the part that ``start`` names, else the first one (RFC 2387 3.2)."""
    start = value.get(b"start")
    for each in part.parts if start else part.parts[:1]:
        field = each.message.field("content-id")
        if not start or (field is not None and _said(field) == bytes(start).strip()):
            return each
    return None
