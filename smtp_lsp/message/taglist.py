"""Tag lists, as DKIM and ARC write them: ``v=1; a=rsa-sha256; ...`` (RFC 6376 3.2).

``read`` returns a ``TagList`` of its tags in order. White space within a value is part of it, as
the RFC has it; ``Tag.octets`` leaves it out, as base64 and the lists of names want it.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production, rfc6376
from smtp_lsp.message import lexis
from smtp_lsp.message.defect import Defect, by_place
from smtp_lsp.text.view import View

MISSING_EQUALS = "missing-equals"
INVALID_NAME = "invalid-tag-name"
INVALID_VALUE = "invalid-tag-value"
"""The first octet that no value holds: controls among them, and what is no UTF-8."""
DUPLICATE_TAG = "duplicate-tag"
"""The list is invalid then (RFC 6376 3.2); the view is the second name."""
EMPTY_TAG = "empty-tag"
"""Two semicolons, or one at the beginning; one at the end is allowed."""
EMPTY_LIST = "empty-tag-list"

# tag-name = ALPHA *ALNUMPUNC
_NAME = Production(rb"[A-Za-z][A-Za-z0-9_]*+\Z")
# VALCHAR = %x21-3A / %x3C-7E, and UTF-8 (RFC 8616 4)
_NOT_VALUE = Production(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TAG = Production(rb"[^;]*+(?:;|\Z)")


class Tag:
    """One tag: its ``name``, its ``value`` without blanks around (None without an ``=``)."""

    __slots__ = ("name", "value", "view")

    def __init__(self, view: View, name: View, value: View | None) -> None:
        self.view = view
        self.name = name
        self.value = value

    @property
    def octets(self) -> bytes:
        """The value without any white space."""
        return b"" if self.value is None else b"".join(bytes(self.value).split())

    def __repr__(self) -> str:
        return f"<Tag {bytes(self.view)!r}>"


class TagList:
    """The tags of a list, in order."""

    __slots__ = ("defects", "tags", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.tags: list[Tag] = []
        self.defects: list[Defect] = []

    def tag(self, name: bytes) -> Tag | None:
        """Return the first tag of that *name*; case counts."""
        return next((tag for tag in self.tags if bytes(tag.name) == name), None)


def trimmed(buffer_view: View, start: int, end: int) -> View:
    """Return the view from *start* to *end* of a buffer without the blanks around."""
    data = buffer_view.buffer.data[start:end]
    left = len(data) - len(data.lstrip())
    stop = start + max(left, len(data.rstrip()))
    return View(buffer_view.buffer, start + left, stop)


def is_tidy(value: View) -> bool:
    """Say whether one pattern finds nothing wrong with a tag list, and no name comes twice."""
    data = bytes(value)
    if not rfc6376.TIDY_TAG_LIST.match(data):
        return False
    names = rfc6376.TIDY_NAME.compiled.findall(b";" + data)
    return len(set(names)) == len(names)


def read(value: View) -> TagList:
    """Return the tags of *value*. Never fails; linear in its length."""
    found, data = TagList(value), value.buffer.data
    seen: set[bytes] = set()
    empty: View | None = None
    for match in _TAG.compiled.finditer(data, value.start, value.end):
        start, end = match.span()
        ended = end > start and data[end - 1] == 59
        view = trimmed(value, start, end - ended)
        if not view:
            if ended and empty is None:
                empty = View(value.buffer, end - 1, end)
            continue
        found.tags.append(_tag(found, view, seen))
    if not found.tags:
        found.defects.append(Defect(EMPTY_LIST, value if empty is None else empty))
    elif empty is not None:
        found.defects.append(Defect(EMPTY_TAG, empty))
    _judge_octets(found, value)
    found.defects.sort(key=by_place)
    return found


def _tag(found: TagList, view: View, seen: set[bytes]) -> Tag:
    at = view.buffer.data.find(b"=", view.start, view.end)
    name = trimmed(view, view.start, view.end if at < 0 else at)
    value = None if at < 0 else trimmed(view, at + 1, view.end)
    said = bytes(name)
    if value is None:
        found.defects.append(Defect(MISSING_EQUALS, view))
    elif not _NAME.match(said):
        found.defects.append(Defect(INVALID_NAME, name or view))
    elif said in seen:
        found.defects.append(Defect(DUPLICATE_TAG, name))
    seen.add(said)
    return Tag(view, name, value)


def _judge_octets(found: TagList, value: View) -> None:
    data = bytes(value)
    if _NOT_VALUE.search(data) or not data.isascii():
        found.defects += [
            Defect(INVALID_VALUE, defect.view)
            for defect in lexis.octet_defects(value)
            if defect.sort != lexis.LINE_BREAK
        ]
