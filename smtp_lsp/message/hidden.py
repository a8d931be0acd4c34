"""Characters that cannot be seen and change what is seen: in a text as a person reads it.

Most of them are ordinary somewhere: joiners in Persian, in Indic scripts and in emoji, marks of
direction in Hebrew and Arabic, zero-width spaces in Thai and Khmer. What is told is where no
language has them (Unicode's UTR 36 and UAX 9).
"""

from __future__ import annotations

OVERRIDE = "override"
"""LRO or RLO: letters are shown in the reverse of their order, whatever their script."""
OPEN = "open"
"""An embedding or isolate that nothing ends, so that it takes in what follows the text."""
INVISIBLE = "invisible"
"""Something without width between two letters of Latin, Greek or Cyrillic."""
TAG = "tag"
"""A tag character that belongs to no flag: text that nobody sees."""

_OVERRIDES = "\u202d\u202e"
_EMBEDDINGS = "\u202a\u202b\u202d\u202e"
_ISOLATES = "\u2066\u2067\u2068"
WITHOUT_WIDTH = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u180e"
)
"""Characters without width: what nobody sees, and filters compare."""
_JOINERS = "\u200c\u200d"
_NOT_EUROPEAN = 0x0530
_LONGEST_RUN = 64
_IN_NO_ADDRESS = WITHOUT_WIDTH | frozenset(
    _EMBEDDINGS + _ISOLATES + "\u202c\u2069\u061c\u00ad\u034f\u3164\uffa0\u115f\u1160"
)
_FLAG, _TAGS, _CANCEL = "\U0001f3f4", ("\U000e0020", "\U000e007e"), "\U000e007f"

_ANY = _IN_NO_ADDRESS | {"\U000e0001", *map(chr, range(0xE0020, 0xE0080))}

Found = tuple[str, str]


def is_suspect(text: str) -> bool:
    """Say whether *text* holds any of what is looked for here: most texts do not."""
    return not (text.isascii() or _ANY.isdisjoint(text))


def find(text: str, *, name: bool = True) -> Found | None:
    """Return the sort of the first such character of *text* and the character, or None.

    Where something is shown behind it on the line, as behind the *name* of a sender, an embedding
    has to end.
    """
    if text.isascii():
        return None
    for mark in _OVERRIDES:
        if mark in text:
            return OVERRIDE, mark
    opened = _open(text) if name else ""
    if opened:
        return OPEN, opened
    return _invisible(text) or _tag(text)


def in_address(text: str) -> str:
    """Return the first character of *text* that no address holds for anybody to see."""
    if text.isascii():
        return ""
    for index, character in enumerate(text):
        if character in _IN_NO_ADDRESS or _is_tag(character):
            joins = character in _JOINERS and 0 < index < len(text) - 1
            if not (joins and ord(text[index - 1]) >= _NOT_EUROPEAN):
                return character
    return ""


def _open(text: str) -> str:
    """Return the first embedding or isolate that is not ended."""
    waiting: list[str] = []
    for character in text:
        if character in _EMBEDDINGS or character in _ISOLATES:
            waiting.append(character)
        elif waiting and character in "\u202c\u2069":
            waiting.pop()
    return waiting[0] if waiting else ""


def _invisible(text: str) -> Found | None:
    for index, character in enumerate(text):
        if character in WITHOUT_WIDTH and 0 < index < len(text) - 1:
            before, behind = text[index - 1], text[index + 1]
            if _is_european(before) and (_is_european(behind) or behind in WITHOUT_WIDTH):
                rest = text[index : index + _LONGEST_RUN].lstrip("".join(WITHOUT_WIDTH))
                if rest and _is_european(rest[0]):
                    return INVISIBLE, character
    return None


def _is_european(character: str) -> bool:
    """Say whether *character* is a letter or digit of a script that is written without joiners."""
    code = ord(character)
    return character.isalnum() and (code < _NOT_EUROPEAN or 0x1E00 <= code < 0x2000)


def _is_tag(character: str) -> bool:
    return _TAGS[0] <= character <= _CANCEL or character == "\U000e0001"


def _tag(text: str) -> Found | None:
    """Return the first tag that stands in no sequence which begins with a flag and is ended."""
    inside = False
    for index, character in enumerate(text):
        if _is_tag(character):
            if not inside:
                return TAG, character
            inside = character != _CANCEL
        else:
            inside = character == _FLAG and _CANCEL in text[index : index + 32]
    return None


def named(character: str) -> str:
    """Return how a message names *character*: ``U+202E``."""
    return f"U+{ord(character):04X}"
