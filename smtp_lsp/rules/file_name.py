"""SEC: names of attachments that hide what a file is, or where it would be written."""

from __future__ import annotations

from functools import lru_cache

from smtp_lsp.grammar import file_names
from smtp_lsp.message import Message, encoded_word, hidden
from smtp_lsp.rules import MESSAGE, SECURITY, WARNING, Hit, rule, traits
from smtp_lsp.rules.entities import entities
from smtp_lsp.text.escape import quoted, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message.mime import Part
    from smtp_lsp.text.view import View

    Named = tuple[View, str, bytes]

_LONGEST = 1024


@lru_cache(maxsize=1)
def _names(message: Message) -> list[list[Named]]:
    """Return the file names of each part: where, as a person reads them, and as written.

    One that is given twice alike, as filename and as name, is there once.
    """
    names = []
    for part in entities(message).named:
        if part.media_type == b"message/external-body":
            continue  # its name is the path of a file elsewhere (RFC 2046 5.2.3)
        found: dict[str, Named] = {}
        for named in _of_part(part):
            found.setdefault(named[1], named)
        if found:
            names.append(list(found.values()))
    return names


def _of_part(part: Part) -> Iterator[Named]:
    for value, name in ((part.disposition, b"filename"), (part.content_type, b"name")):
        attribute = None if value is None or not value.parameters else value.attribute(name)
        if attribute is None or not attribute.value:
            continue
        view = attribute.value
        octets = bytes(view)[:_LONGEST]
        if attribute.charset:
            text = attribute.text
        elif b"=?" in octets:
            text = encoded_word.text(view)
        else:
            text = octets.decode("utf-8", "replace")
        yield view, text[:_LONGEST], b"".join(bytes(piece.raw) for piece in attribute.pieces)


@rule(
    "SEC027",
    "filename-disguised",
    WARNING,
    shape=MESSAGE,
    traits=traits.FILE_NAMES,
    enclosed=True,
    category=SECURITY,
    references=("RFC 2183 5", "UTR 36 2.5"),
)
def filename_disguised(message: Message) -> Iterator[Hit]:
    """Find names that end otherwise than they seem to: one finding a name.

    Where a file has two names that end differently, that is the cause, and told as that.
    """
    for names in _names(message):
        for view, text, _ in names:
            key, character = _disguise(text)
            if key and not (key == "double" and len(names) > 1):
                named = {
                    "said": visible(text[-60:]),
                    "character": character,
                    "ending": _ending(text),
                }
                yield Hit(key, view.span(), named)


def _disguise(text: str) -> tuple[str, str]:
    seen = hidden.find(text.replace(".", "x"))  # a period is one of the letters of an ending
    if seen is not None:
        sort, character = seen
        sort = "order" if sort in (hidden.OVERRIDE, hidden.OPEN) else sort
        return sort, hidden.named(character)
    octets = text.encode("utf-8", "replace")
    for key, production in (
        ("blanks", file_names.BLANKS_BEFORE_ENDING),
        ("double", file_names.TWO_ENDINGS),
        ("trailing", file_names.TRAILING_BEHIND_ENDING),
    ):
        if production.search(octets):
            return key, ""
    return "", ""


def _ending(text: str) -> str:
    """Return the ending by which a system knows what to do with a file."""
    stem = text.rstrip(". \t")
    return visible("." + stem.rpartition(".")[2][-12:]) if "." in stem else ""


@rule(
    "SEC028",
    "filename-path",
    WARNING,
    shape=MESSAGE,
    traits=traits.FILE_NAMES,
    enclosed=True,
    category=SECURITY,
    references=("RFC 2183 2.3", "RFC 2183 5"),
    aliases=("disposition-filename-path",),
)
def filename_path(message: Message) -> Iterator[Hit]:
    """Find names that lead out of the folder they are saved in, and controls in them.

    A slash between two words, as in a date, leads nowhere. Of controls, those are told that only
    decoding brings out: what stands in the file as it is is told with the rest of its header.
    """
    for view, text, written in (named for names in _names(message) for named in names):
        octets = text.encode("utf-8", "replace")
        key = ""
        if file_names.CONTROL.search(octets):
            raw = file_names.CONTROL.search(written.replace(b"\r\n", b"").replace(b"\n", b""))
            key = "" if raw else "control"
        elif file_names.LEADS_UP.search(octets):
            key = "up"
        elif file_names.IS_ABSOLUTE.match(octets):
            key = "absolute"
        if key:
            yield Hit(key, view.span(), {"said": quoted(octets)})
