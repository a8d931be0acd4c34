"""Message identifiers, alone and in lists (RFC 5322 3.6.4 and 4.5.4).

``read`` returns the ``Identifiers`` of a Message-ID, an In-Reply-To or References: each with
what stands left and right of its at-sign. How many a field may hold is for a rule to say.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production, rfc5322
from smtp_lsp.message import lexis
from smtp_lsp.message.addr_spec import is_apart, is_special, over, plain
from smtp_lsp.message.defect import Defect, by_place
from smtp_lsp.message.lexis import (
    COMMENT,
    DOMAIN_LITERAL,
    ENCODED_WORD,
    QUOTED_STRING,
    SPACE,
    SPECIAL,
    Token,
)
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MISSING_BRACKETS = "missing-brackets"
"""It looks like an identifier (an at-sign is in it), but no brackets are around it."""
UNCLOSED = "unclosed-identifier"
"""A bracket that nothing closes, or closes nothing."""
EMPTY = "empty-identifier"
MISSING_AT = "missing-at"
SEVERAL_AT_SIGNS = "several-at-signs"
MISSING_LEFT = "missing-left"
MISSING_RIGHT = "missing-right"
BLANK_INSIDE = "blank-inside"
"""White space or a comment within the brackets (obsolete, 4.5.4)."""
QUOTED_LEFT = "quoted-left"
"""A quoted-string left of the at-sign (obsolete, 4.5.4)."""
INVALID_LEFT = "invalid-left"
INVALID_RIGHT = "invalid-right"
PHRASE = "phrase"
"""Words between identifiers (obsolete, 4.5.4). Told once for a row of them."""
SEPARATOR = "separator"
"""A comma or semicolon between identifiers. Told once for a list."""

_DOT_ATOM = Production(rfc5322.DOT_ATOM + rb"\Z")
_LITERAL = Production(rb"\[[!-Z^-~]*+\]\Z")
_SEPARATORS = (b",", b";")


class Identifier:
    """A msg-id: ``view`` with its brackets, ``left`` and ``right`` of its at-sign or None."""

    __slots__ = ("defects", "left", "right", "view")

    def __init__(self, view: View, left: View | None = None, right: View | None = None) -> None:
        self.view = view
        self.left = left
        self.right = right
        self.defects: list[Defect] = []

    def __bytes__(self) -> bytes:
        """Return what two of them are compared by: without brackets, blanks and comments."""
        left = b"" if self.left is None else plain(self.left)
        return left if self.right is None else left + b"@" + plain(self.right)

    def __repr__(self) -> str:
        return f"<Identifier {bytes(self.view)!r}>"


class Identifiers:
    """The ``identifiers`` of a field; ``defects`` are all of them, those of each one included."""

    __slots__ = ("comments", "defects", "identifiers", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.identifiers: list[Identifier] = []
        self.comments: list[View] = []
        self.defects: list[Defect] = []


def is_tidy(value: View) -> bool:
    """Say whether one pattern finds nothing wrong with a list of identifiers."""
    data = value.buffer.data
    return bool(rfc5322.TIDY_MSG_ID_LIST.compiled.match(data, value.start, value.end))


def read(value: View) -> Identifiers:
    """Return the identifiers of *value*. Never fails; linear in its length."""
    found, buffer = Identifiers(value), value.buffer
    if not is_tidy(value):
        return _read(found, value)
    for match in rfc5322.TIDY_MSG_ID.compiled.finditer(buffer.data, value.start, value.end):
        left, right = View(buffer, *match.span(1)), View(buffer, *match.span(2))
        found.identifiers.append(Identifier(View(buffer, *match.span()), left, right))
    return found


def _read(found: Identifiers, value: View) -> Identifiers:
    every = [token for token in lexis.tokens(value) if token.sort != SPACE]
    found.comments = [token for token in every if token.sort == COMMENT]
    defects = lexis.octet_defects(value)
    told = (lexis.token_defect(token) for token in every)
    defects += [defect for defect in told if defect is not None]
    loose: list[Token] = []
    index = 0
    separated = False
    while index < len(every):
        token, index = every[index], index + 1
        if is_special(token, b"<"):
            _add_loose(found, loose, defects)
            end = _end(every, index)
            closed = end < len(every) and is_special(every[end], b">")
            _add(found, every[index - 1 : end + closed], closed)
            index, loose = end + closed, []
        elif token.sort == SPECIAL and bytes(token) in _SEPARATORS:
            _add_loose(found, loose, defects)
            loose = []
            if not separated:
                defects.append(Defect(SEPARATOR, token))
            separated = True
        elif is_special(token, b">"):
            defects.append(Defect(UNCLOSED, token))
        elif token.sort != COMMENT and not is_special(token, b")"):
            loose.append(token)
    _add_loose(found, loose, defects)
    for identifier in found.identifiers:
        defects += identifier.defects
    found.defects = sorted(defects, key=by_place)
    return found


def _end(items: Sequence[Token], index: int) -> int:
    """Return the index of the bracket that closes, or that opens the next, or the end."""
    while index < len(items):
        if items[index].sort == SPECIAL and bytes(items[index]) in (b">", b"<"):
            return index
        index += 1
    return index


def _add(found: Identifiers, items: list[Token], closed: bool) -> None:
    """Add the identifier of *items*, its brackets among them."""
    identifier = Identifier(over(items))
    found.identifiers.append(identifier)
    inside = items[1 : len(items) - closed]
    words = [token for token in inside if token.sort != COMMENT]
    _split(identifier, words)
    if not closed:
        identifier.defects = [Defect(UNCLOSED, items[0])]
    elif not words:
        identifier.defects = [Defect(EMPTY, identifier.view)]
    elif all(token.closed for token in inside):
        parts = identifier.defects or _part_defects(identifier)
        apart = is_apart(items)
        commented = len(words) < len(inside)
        blank = [Defect(BLANK_INSIDE, identifier.view)] if apart or commented else []
        identifier.defects = parts or blank


def _split(identifier: Identifier, words: list[Token]) -> None:
    signs = [index for index, token in enumerate(words) if is_special(token, b"@")]
    at = signs[-1] if signs else len(words)
    left, right = words[:at], words[at + 1 :]
    identifier.left = over(left) if left else None
    identifier.right = over(right) if right else None
    if not signs:
        identifier.defects.append(Defect(MISSING_AT, identifier.view))
    elif len(signs) > 1:
        identifier.defects.append(Defect(SEVERAL_AT_SIGNS, words[signs[1]]))
    elif not left or not right:
        sort = MISSING_RIGHT if left else MISSING_LEFT
        identifier.defects.append(Defect(sort, words[at]))


def _part_defects(identifier: Identifier) -> list[Defect]:
    """Return what is wrong left or right, blanks and comments aside: one defect at most."""
    assert identifier.left is not None
    assert identifier.right is not None
    left, right = plain(identifier.left), plain(identifier.right)
    if rfc5322.CONTROL.search(left + right):
        return []  # told as what it is
    if not _is_dot_atom(left):
        tokens = lexis.words(identifier.left)
        quoted = any(token.sort == QUOTED_STRING for token in tokens)
        return [Defect(QUOTED_LEFT if quoted else INVALID_LEFT, identifier.left)]
    if not (_is_dot_atom(right) or _is_literal(identifier.right, right)):
        return [Defect(INVALID_RIGHT, identifier.right)]
    return []


def _is_dot_atom(octets: bytes) -> bool:
    """Say whether *octets* are a dot-atom; those above 127 may be in one (RFC 6532 3.2)."""
    if octets.isascii():
        return bool(_DOT_ATOM.match(octets))
    return bool(_DOT_ATOM.match(octets.decode("latin-1").encode("ascii", "replace")))


def _is_literal(view: View, octets: bytes) -> bool:
    tokens = lexis.words(view)
    return len(tokens) == 1 and tokens[0].sort == DOMAIN_LITERAL and bool(_LITERAL.match(octets))


def _add_loose(found: Identifiers, loose: list[Token], defects: list[Defect]) -> None:
    """Add what stands outside of brackets: a phrase, or an identifier without them."""
    if not loose or not all(token.closed for token in loose):
        return
    if any(token.sort == ENCODED_WORD for token in loose):
        return  # told as an encoded-word, which hides what is meant
    if len(loose) > 1 and any(is_special(token, b"@") for token in loose):
        identifier = Identifier(over(loose))
        _split(identifier, loose)
        identifier.defects = [Defect(MISSING_BRACKETS, identifier.view)]
        found.identifiers.append(identifier)
    else:
        defects.append(Defect(PHRASE, over(loose)))
