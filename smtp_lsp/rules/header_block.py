"""The header block as a whole: its lines that are no field, its names, where it seems to end."""

from __future__ import annotations

from functools import lru_cache

from smtp_lsp import registry
from smtp_lsp.grammar import Production
from smtp_lsp.message import DRAFT, Message
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

BOM = b"\xef\xbb\xbf"
_LONGEST_NAME = 76
_AHEAD = 1 << 14
"""How far into a body it is looked for fields that an empty line cut off."""

_OF_VALUES = Production(rb"[;,@()<>\"]")

# A line of blanks behind another line, whichever of the two line ends the message has.
_BLANK_LINE = {
    b"\n": Production(rb"\n[ \t\r\x0b\x0c]++(?:\n|\Z)"),
    b"\r": Production(rb"\r[ \t\x0b\x0c]++(?:\r|\Z)"),
}

# The line that a mail folder puts before a message: who, and when, as ctime writes it.
_OF_FOLDER = Production(rb">?From \S++ ++(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} ")

# What mail programs write into a header. One of these may begin a paragraph of prose.
_TELLING = frozenset(
    (
        *("bcc", "cc", "content-transfer-encoding", "content-type", "date", "from", "in-reply-to"),
        *("message-id", "mime-version", "received", "references", "reply-to", "return-path"),
        *("sender", "subject", "to"),
    )
)
_REQUIRED = frozenset(("from", "date"))


# -- Lines that are no field ---------------------------------------------------------------

BROKEN_NAME = "broken name"
NO_FOLD = "no fold"
NO_SEPARATOR = "no separator"
NO_FIELDS = "no fields"


class Unreadable:
    """A line of the header block that is no field; ``sort`` says what seems to be meant.

    ``name`` is what stands before its colon, where that may be meant for a field's name.
    """

    __slots__ = ("name", "sort", "text", "view")

    def __init__(self, line: View) -> None:
        raw = bytes(line.sub(0, min(len(line), 1000)))
        self.text = raw.splitlines()[0] if raw else raw
        self.view = line.sub(0, len(self.text))
        name, colon, _ = self.text.partition(b":")
        meant = colon and len(name) <= _LONGEST_NAME and self.text[:1] not in (b" ", b"\t")
        # What holds these is rather a piece of a value, with a colon in its time or address.
        self.name = name if meant and not _OF_VALUES.search(name) else None
        self.sort = ""


@lru_cache(maxsize=1)
def unreadable(message: Message) -> list[Unreadable]:
    """Return the lines that are no field, up to where a body begins without an empty line."""
    if not message.unreadable:
        return []
    lines = [line for line in map(Unreadable, message.unreadable) if line.text.strip()]
    known = [field.name.start for field in message.fields if _is_known(field.key)]
    nameless = [line.view.start for line in lines if line.name is None]
    for index, line in enumerate(lines):
        behind = bool(known) and known[-1] > line.view.start
        prose = bool(nameless) and nameless[-1] > line.view.start
        if line.name is not None and (behind or not prose):
            line.sort = BROKEN_NAME
        elif behind:
            line.sort = NO_FOLD
        else:
            line.sort = NO_SEPARATOR if message.fields or index else NO_FIELDS
            return lines[: index + 1]
    return lines


def is_of_folder(line: Unreadable) -> bool:
    """Say whether a line is the one that a mail folder puts before a message."""
    return _OF_FOLDER.match(line.text) is not None


def _is_known(name: str) -> bool:
    return name.startswith(("x-", "resent-")) or registry.header_field(name) is not None


def names(message: Message) -> AbstractSet[str]:
    """Return the names of the fields, in small letters, those that are misspelt among them."""
    if not message.unreadable:
        return message.by_name().keys()
    found = set(message.by_name())
    for line in message.unreadable:
        name, colon, _ = Unreadable(line).text.partition(b":")
        if colon:
            found.add(name.removeprefix(BOM).strip().decode("ascii", "replace").lower())
    return found


@lru_cache(maxsize=1)
def cut_off(message: Message) -> AbstractSet[str]:
    """Return the names of fields that stand at the head of the body and belong to the header.

    A body may well begin with the header of another message (a forwarded one, say). These
    belong above because the header lacks what it must have and they have it: From, or Date and
    something else that mail programs write.
    """
    there, body = names(message), message.body
    if message.context == DRAFT or not body or there >= _REQUIRED:
        return set()
    ahead = bytes(body.sub(0, min(len(body), _AHEAD)))
    skipped = len(ahead) - len(ahead.lstrip())
    head = Message(body.sub(skipped, len(ahead)), message.context)
    if head.unreadable or not head.fields:
        return set()
    found = names(head)
    missing = (found & _TELLING) - there
    belongs = "from" in missing or ("date" in missing and len(missing) > 1)
    return found if belongs else set()


# -- Lines of blanks ------------------------------------------------------------------------


def blank_lines(message: Message) -> list[View]:
    """Return the lines of the header block that hold white space and nothing else."""
    header = message.header
    data, start, end = header.buffer.data, header.start, header.end
    blank = _BLANK_LINE[message.separator]
    if not data[start : start + 1].isspace() and not blank.search(data, start, end):
        return []
    return [line for line in message.header_lines() if not bytes(line).strip()]


def blank_before(message: Message, line: Unreadable) -> View | None:
    """Return the line of blanks that stands where the empty line should."""
    before = [blank for blank in blank_lines(message) if blank.end < line.view.start]
    if not before:
        return None
    between = message.whole.buffer.data[before[-1].end : line.view.start]
    return before[-1] if between in (b"\n", b"\r\n", b"\r") else None
