"""What of a message is signed, so that a changed octet there would break the signature.

``seal(message)`` looks at the message and at every message and multipart within it. What counts
as signed is rather more than less: of a DKIM-Signature and its like the whole body and every
field that ``h=`` names, how often it may stand there, whatever the canonicalization
(RFC 6376 3.4, 3.5, RFC 8617 4.1.2, RFC 4870 3.3); the fields of signatures themselves; of a
multipart/signed the first part (RFC 1847 2.1); an S/MIME body (RFC 8551 3.2); a text that says
that OpenPGP signed it (RFC 9580 7). A signature is not verified: one that is broken already
counts as well.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

from smtp_lsp.message import mime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.mime import Part

_SIGNATURES = {
    "dkim-signature": "DKIM-Signature",
    "x-google-dkim-signature": "X-Google-DKIM-Signature",
    "arc-message-signature": "ARC-Message-Signature",
    "domainkey-signature": "DomainKey-Signature",
}
_SEALED_BY_ARC = ("arc-seal", "arc-authentication-results")
_SMIME = (b"application/pkcs7-mime", b"application/x-pkcs7-mime")
_OPENPGP = b"-----BEGIN PGP SIGNED MESSAGE-----"
_EVERY = "*"
"""Stands for every name, where a signature does not say what it covers."""


def _start(stretch: tuple[int, int, str]) -> int:
    return stretch[0]


class Seal:
    """The signed stretches of a message, and the names of fields that each signature covers.

    A name is signed even where the field is not there: adding one breaks the signature
    (RFC 6376 5.4.2).
    """

    __slots__ = ("_names", "_stretches", "_whole")

    def __init__(self) -> None:
        self._names: dict[int, dict[str, str]] = {}
        self._stretches: list[tuple[int, int, str]] = []
        self._whole: list[tuple[int, int, str]] = []

    def by(self, start: int, end: int) -> str:
        """Return by what the octets *start* to *end* are signed, or nothing.

        What is inserted at the edge of a body changes it; at the edge of a field it does not.
        """
        at = bisect_right(self._whole, end, key=_start)
        if at and start <= self._whole[at - 1][1]:
            return self._whole[at - 1][2]
        at = bisect_right(self._stretches, start, key=_start)
        if at:
            first, last, name = self._stretches[at - 1]
            if start < last and (first < start or start < end):
                return name
        following = self._stretches[at : at + 1]
        return following[0][2] if following and following[0][0] < end else ""

    def by_name(self, message: Message, name: str) -> str:
        """Return by what a field of that *name* in *message* is signed, or nothing."""
        names = self._names.get(message.whole.start, {})
        return names.get(name, "") or names.get(_EVERY, "")

    def _add(self, part: Part) -> None:
        if part.parent is None or not part.parent.is_multipart:
            self._add_signatures(part.message)
        kind = part.media_type
        if kind == b"multipart/signed":
            signed = part.parts[0].whole if part.parts else part.body
            self._whole.append((signed.start, signed.end, "multipart/signed"))
        elif kind in _SMIME or _is_smime_file(part):
            self._whole.append((part.body.start, part.body.end, "S/MIME"))

    def _add_signatures(self, message: Message) -> None:
        names: dict[str, str] = {}
        for key, shown in _SIGNATURES.items():
            for field in message.named(key):
                for name in (*_covered(field), key):
                    names.setdefault(name, shown)
                if key == "arc-message-signature":
                    names.update(dict.fromkeys(_SEALED_BY_ARC, shown))
        if not names:
            return
        by = next(iter(names.values()))
        self._names[message.whole.start] = names
        self._whole.append((message.body.start, message.body.end, by))
        for field in message.fields:
            found = names.get(field.key, "") or names.get(_EVERY, "")
            if found:
                self._stretches.append((field.lines.start, field.lines.end, found))

    def _finish(self) -> None:
        """Put the stretches in order, one for all that touch one another."""
        self._stretches.sort()
        joined: list[tuple[int, int, str]] = []
        for start, end, name in sorted(self._whole):
            if joined and start <= joined[-1][1]:
                first, last, by = joined[-1]
                joined[-1] = first, max(last, end), by
            else:
                joined.append((start, end, name))
        self._whole = joined


def _covered(field: Field) -> list[str]:
    """Return the names in a signature's ``h=``; without one it may be every field."""
    tag = field.tags.tag(b"h")
    if tag is None or not tag.octets:
        return [_EVERY]
    return [name.decode("ascii", "replace").lower() for name in tag.octets.split(b":")]


def _is_smime_file(part: Part) -> bool:
    """Say whether a part that is labelled as any octets has the name of an S/MIME file."""
    for value, name in ((part.content_type, b"name"), (part.disposition, b"filename")):
        view = value.get(name) if value is not None else None
        if view is not None and bytes(view).lower().endswith((b".p7m", b".p7z")):
            return True
    return False


@lru_cache(maxsize=1)
def seal(message: Message) -> Seal:
    """Return what of *message* is signed."""
    found = Seal()
    for part in mime.tree(message).walk():
        found._add(part)
    _add_openpgp(found, message)
    found._finish()
    return found


def _add_openpgp(found: Seal, message: Message) -> None:
    body = message.body
    if body.buffer.data.find(_OPENPGP, body.start, body.end) < 0:
        return
    for part in mime.tree(message).leaves():
        start, end = part.body.start, part.body.end
        if body.buffer.data.find(_OPENPGP, start, end) >= 0:
            found._whole.append((start, end, "OpenPGP"))
