"""Labels of domain names in other scripts than ASCII's: decoded, and what they look like.

An A-label is ``xn--`` and Punycode (RFC 5890 2.3.2.1, RFC 3492); what it stands for, or what
stands there in UTF-8, is a U-label. ``fault`` says why an A-label is none, ``look`` why a label is
taken for another one (UTS 39 4 and 5.2). Which characters look alike is Unicode's list, which the
library ``confusable_homoglyphs`` has: it is loaded when the first such label is met, and without
it less is said.
"""

from __future__ import annotations

from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = b"xn--"
LONGEST = 63

NO_PUNYCODE = "punycode"
"""Nothing can be decoded from it."""
SIGN = "sign"
"""It decodes to a punctuation mark, a blank, a control: no letter, digit or mark."""
NOT_CANONICAL = "canonical"
"""The same label has another A-label: capitals, another normal form, another spelling of it."""

MIXED = "mixed"
"""Letters of scripts that no language writes together."""
WHOLE = "whole"
"""Every letter looks like one of ASCII."""

# Signs that RFC 5892 2.6 and A allow in labels, with a context or without.
_ALLOWED = frozenset("-\u00b7\u0375\u05f3\u05f4\u06fd\u06fe\u0f0b\u3007\u30fb\u200c\u200d")

# Mathematical signs that are taken for a slash or a colon: what seems to be a path is a domain.
_LIKE_MARKS = frozenset("\u2044\u2215\u2236\u27cb\u29f8")

# UTS 39 5.2: what one language writes with several scripts, Latin among them.
_TOGETHER = (
    frozenset(("LATIN", "HAN", "HIRAGANA", "KATAKANA")),
    frozenset(("LATIN", "HAN", "BOPOMOFO")),
    frozenset(("LATIN", "HAN", "HANGUL")),
)
# Scripts of whose letters many are those of Latin, to the eye.
_ALIKE = frozenset(("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "DESERET"))
# Scripts in which such a label may be an ordinary word, under the domains of where they are read.
_AT_HOME = {
    "CYRILLIC": frozenset(
        (
            *("ba", "bg", "by", "eu", "kg", "kz", "md", "me", "mk"),
            *("mn", "rs", "ru", "su", "tj", "tm", "ua", "uz"),
        )
    ),
    "GREEK": frozenset(("cy", "eu", "gr")),
    "ARMENIAN": frozenset(("am",)),
}
# Letters for writing sounds down, and small capitals: hardly a word has them.
_PHONETIC = ((0x0250, 0x02AF), (0x1D00, 0x1D7F))

_NO_SCRIPT = frozenset(("COMBINING", "MODIFIER", "VARIATION", "KATAKANA-HIRAGANA", "ZERO"))
_HAN = frozenset(("CJK", "IDEOGRAPHIC", "KANGXI", "VERTICAL"))


def is_a_label(label: bytes) -> bool:
    return label[:4].lower() == PREFIX


@lru_cache(maxsize=256)
def decoded(label: bytes) -> str | None:
    """Return what a person is to read for *label*; None where its Punycode is none."""
    if not is_a_label(label):
        return label.decode("utf-8", "replace")
    if len(label) > LONGEST:
        return None
    try:
        return label[4:].lower().decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return None


@lru_cache(maxsize=256)
def fault(label: bytes) -> str:
    """Return why the A-label *label* is none, or nothing."""
    from unicodedata import category, is_normalized, name

    text = decoded(label)
    if label.endswith(b"-"):
        return ""  # no label ends so: told as that, whatever it decodes to
    if not text or any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        return NO_PUNYCODE
    if any(_is_sign(character, category(character)) for character in text) or _joins(text):
        return SIGN
    # Of Cherokee the capitals are what labels are made of (RFC 5892 2, stable under folding).
    capital = any(category(c) in ("Lu", "Lt") and "CHEROKEE" not in name(c, "") for c in text)
    if capital or not is_normalized("NFKC", text):
        return NOT_CANONICAL
    again = PREFIX + text.encode("punycode")
    return "" if again == label.lower() else NOT_CANONICAL


@lru_cache(maxsize=256)
def sign_in(label: bytes) -> str:
    """Return the first character of a label in UTF-8 that looks like a mark of ASCII, or nothing.

    What cannot be seen at all is told as hidden.
    """
    from unicodedata import category

    for character in decoded(label) or "":
        kind = "" if character.isascii() or character in _ALLOWED else category(character)
        if kind[:1] == "P" or character in _LIKE_MARKS:
            return character
    return ""


def _joins(text: str) -> bool:
    """Say whether a joiner stands where no script has one: first, or behind a European letter."""
    return any(
        character in "\u200c\u200d" and (not index or ord(text[index - 1]) < 0x0530)
        for index, character in enumerate(text)
    )


def _is_sign(character: str, category: str) -> bool:
    """Say whether no label holds *character*; emoji are sold, and what is not assigned may be."""
    if character in _LIKE_MARKS:
        return True
    return character not in _ALLOWED and category[0] in "PZC" and category != "Cn"


@lru_cache(maxsize=256)
def look(label: bytes, top: bytes) -> tuple[str, str]:
    """Return how *label* deceives the eye and what it is taken for, or nothing twice.

    *top* is the last label of its domain: a word of a script is at home under some.
    """
    text = decoded(label)
    if text is None or text.isascii():
        return "", ""
    from unicodedata import normalize

    plain = normalize("NFKC", text)
    if plain.isascii():
        return WHOLE, plain.lower()
    scripts = _scripts(plain)
    if len(scripts) > 1 and not _go_together(scripts):
        return MIXED, _skeleton(plain)
    if len(scripts) == 1:
        seen = _skeleton(plain.lower())
        if seen.isascii() and _is_suspect(plain, next(iter(scripts)), top):
            return WHOLE, seen
    return "", ""


def _go_together(scripts: frozenset[str]) -> bool:
    if any(scripts <= together for together in _TOGETHER):
        return True
    return len(scripts) == 2 and "LATIN" in scripts and not scripts & _ALIKE


def _is_suspect(text: str, script: str, top: bytes) -> bool:
    if script == "LATIN":
        return any(low <= ord(c) <= high for c in text for low, high in _PHONETIC)
    foreign = top.isascii() and not is_a_label(top)
    return script in _ALIKE and foreign and top.lower().decode() not in _AT_HOME.get(script, ())


def _scripts(text: str) -> frozenset[str]:
    """Return the scripts of the letters of *text*, by the first words of their names."""
    from unicodedata import category, name

    found = set()
    for character in text:
        if category(character)[0] not in "LM":
            continue
        word = name(character, "").split(" ", 1)[0]
        if word and word not in _NO_SCRIPT:
            found.add("HAN" if word in _HAN else word)
    return frozenset(found)


def scripts_of(label: bytes) -> list[str]:
    """Return the scripts of *label* as their names are written, in order."""
    from unicodedata import normalize

    text = normalize("NFKC", decoded(label) or "")
    return sorted(script.capitalize() for script in _scripts(text))


def _skeleton(text: str) -> str:
    """Return *text* with the ASCII letters and digits that its characters are taken for."""
    alike = _alike()
    return "".join(c if c.isascii() else alike.get(c, c) for c in text)


@lru_cache(maxsize=1)
def _alike() -> Mapping[str, str]:
    """Return the letters that look like a small letter or a digit of ASCII, and which."""
    rows = _unicodes_list()
    if not rows:
        return {}
    found = {"\u04cf": "l"}  # the palochka, which Unicode has as an i, and fonts as an l
    for character, others in rows.items():
        if len(character) == 1 and not character.isascii():
            meant = next((o["c"] for o in others if _is_ldh(o["c"])), None)
            if meant is not None:
                found.setdefault(character, meant)
    return found


def _unicodes_list() -> dict[str, list[dict[str, str]]]:
    """Return Unicode's list of what looks alike, as the library has it; nothing without it.

    The list alone is read: the library's modules would bring a client for HTTP along.
    """
    import json
    from importlib.util import find_spec

    try:
        package = find_spec("confusable_homoglyphs")
        folders = package.submodule_search_locations if package is not None else None
        if not folders:
            return {}
        with open(f"{folders[0]}/confusables.json", encoding="utf-8") as file:
            found: dict[str, list[dict[str, str]]] = json.load(file)
    except (ImportError, OSError, ValueError):
        return {}
    return found


def _is_ldh(text: str) -> bool:
    return len(text) == 1 and text.isascii() and (text.islower() or text.isdigit())
