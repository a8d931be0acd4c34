"""addr-spec: a local-part, an at-sign and a domain, read from its tokens and judged.

RFC 5322 3.4.1 and 4.4 say how it is written, RFC 5321 4.1.2, 4.1.3 and 4.5.3.1 what a server
takes. Lengths are octets.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production, rfc5321, rfc5322
from smtp_lsp.message.defect import Defect
from smtp_lsp.message.lexis import (
    ATOM,
    COMMENT,
    DOMAIN_LITERAL,
    DOT_ATOM,
    ENCODED_WORD,
    QUOTED_STRING,
    SPACE,
    content,
    is_utf8,
    tokens,
    unquoted,
)
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from smtp_lsp.message.lexis import Token

# Defects of a whole addr-spec.
ADDRESS_WITHOUT_DOMAIN = "address-without-domain"
MISSING_LOCAL_PART = "missing-local-part"
SEVERAL_AT_SIGNS = "several-at-signs"
BLANK_AROUND_AT = "blank-around-at"

# Of its local-part.
INVALID_LOCAL_PART = "invalid-local-part"
OBSOLETE_LOCAL_PART = "obsolete-local-part"
NEEDLESS_QUOTES = "needless-quotes"
LOCAL_PART_TOO_LONG = "local-part-too-long"

# Of its domain.
INVALID_DOMAIN = "invalid-domain"
OBSOLETE_DOMAIN = "obsolete-domain"
TRAILING_DOT_IN_DOMAIN = "trailing-dot-in-domain"
DOMAIN_TOO_LONG = "domain-too-long"
LABEL_TOO_LONG = "label-too-long"
NOT_A_HOST_NAME = "not-a-host-name"
LITERAL_WITHOUT_BRACKETS = "literal-without-brackets"

# Of a domain-literal.
WHITE_SPACE_IN_DOMAIN_LITERAL = "white-space-in-domain-literal"
INVALID_CHARACTER_IN_DOMAIN_LITERAL = "invalid-character-in-domain-literal"
INVALID_ADDRESS_LITERAL = "invalid-address-literal"

LOCAL_PART, LABEL, DOMAIN = 64, 63, 255
"""Octets that every server takes (RFC 5321 4.5.3.1, RFC 1035 2.3.4)."""
ADDRESS = 254
"""As many of the whole, for the brackets of a path are two of its 256 (RFC 5321 4.5.3.1.3)."""

_DOT_ATOM = Production(rfc5322.DOT_ATOM + rb"\Z")
_LABEL = Production(rb"[A-Za-z0-9\x80-\xff](?:[A-Za-z0-9\x80-\xff-]*[A-Za-z0-9\x80-\xff])?\Z")
_NOT_DTEXT = Production(rb"[^\s!-Z^-~]")
_ATOMS = (ATOM, DOT_ATOM, ENCODED_WORD)
_WORDS = (*_ATOMS, QUOTED_STRING)


class AddrSpec:
    """An addr-spec: its ``view``, ``local_part`` and ``domain``, None where one is missing."""

    __slots__ = ("defects", "domain", "local_part", "view")

    def __init__(self, view: View, local_part: View | None, domain: View | None) -> None:
        self.view = view
        self.local_part = local_part
        self.domain = domain
        self.defects: list[Defect] = []

    def __bytes__(self) -> bytes:
        """Return what it means: without the white space and the comments within."""
        local = b"" if self.local_part is None else plain(self.local_part)
        return local if self.domain is None else local + b"@" + plain(self.domain)

    def __repr__(self) -> str:
        return f"<AddrSpec {bytes(self)!r}>"


def plain(part: View) -> bytes:
    """Return *part* without its white space and its comments, quotes left as they are."""
    data = bytes(part)
    if not data or not (b"(" in data or data.split() != [data]):
        return data
    return b"".join(bytes(t) for t in tokens(part) if t.sort not in (SPACE, COMMENT))


def over(items: Sequence[View]) -> View:
    """Return the view from the first of *items*, of which there is one at least, to the last."""
    return View(items[0].buffer, items[0].start, items[-1].end)


def is_special(token: Token, octet: bytes) -> bool:
    """Say whether *token* is this special."""
    return token.end - token.start == 1 and token.buffer.data[token.start] == octet[0]


def read(value: View) -> AddrSpec | None:
    """Return the addr-spec that *value* is, or None where it holds no word."""
    items = [t for t in tokens(value) if t.sort not in (SPACE, COMMENT)]
    return of_tokens(items) if items else None


def of_tokens(items: Sequence[Token]) -> AddrSpec:
    """Return the addr-spec that *items* are, without white space and comments. One at least."""
    signs = [index for index, token in enumerate(items) if is_special(token, b"@")]
    if not signs:
        local = over(items)
        spec = AddrSpec(local, local, None)
        spec.defects = [*local_part_defects(items)] or [Defect(ADDRESS_WITHOUT_DOMAIN, local)]
        return spec
    at = signs[-1]
    left, right = items[:at], items[at + 1 :]
    spec = AddrSpec(over(items), over(left) if left else None, over(right) if right else None)
    if len(signs) > 1:
        spec.defects = [Defect(SEVERAL_AT_SIGNS, items[signs[1]])]
    elif not left:
        spec.defects = [Defect(MISSING_LOCAL_PART, items[at])]
    elif not right:
        spec.defects = [Defect(ADDRESS_WITHOUT_DOMAIN, items[at])]
    else:
        spec.defects = [*local_part_defects(left), *domain_defects(right)]
        if left[-1].end != items[at].start or items[at].end != right[0].start:
            spec.defects.append(Defect(BLANK_AROUND_AT, items[at]))
    return spec


def _out_of_turn(items: Sequence[Token], words: tuple[str, ...]) -> Token | None:
    """Return the first of *items* that breaks the turn of word, period, word, if any does."""
    wanted_word = True
    for token in items:
        if (token.sort in words) if wanted_word else is_special(token, b"."):
            wanted_word = not wanted_word
        else:
            return token
    return items[-1] if wanted_word else None


def is_apart(items: Sequence[Token]) -> bool:
    """Say whether white space or comments stand between *items*."""
    return any(items[n].end != items[n + 1].start for n in range(len(items) - 1))


def local_part_defects(items: Sequence[Token]) -> list[Defect]:
    """Return what is wrong with the tokens of a local-part: one defect at most."""
    wrong = _out_of_turn(items, _WORDS)
    view = over(items)
    if wrong is not None:
        return [Defect(INVALID_LOCAL_PART, wrong)]
    if len(items) > 1 and (is_apart(items) or any(t.sort == QUOTED_STRING for t in items)):
        return [Defect(OBSOLETE_LOCAL_PART, view)]
    if len(view) > LOCAL_PART:
        return [Defect(LOCAL_PART_TOO_LONG, view)]
    token = items[0]
    if token.sort == QUOTED_STRING and token.closed:
        meant = unquoted(bytes(content(token)))
        if _DOT_ATOM.match(meant):
            return [Defect(NEEDLESS_QUOTES, view)]
    return []


def domain_defects(items: Sequence[Token]) -> list[Defect]:
    """Return what is wrong with the tokens of a domain: one defect at most."""
    view = over(items)
    if len(items) == 1 and items[0].sort == DOMAIN_LITERAL:
        return _literal_defects(items[0])
    if len(items) > 1 and is_special(items[-1], b".") and not _out_of_turn(items[:-1], _ATOMS):
        return [Defect(TRAILING_DOT_IN_DOMAIN, items[-1])]
    wrong = _out_of_turn(items, _ATOMS)
    if wrong is not None:
        return [Defect(INVALID_DOMAIN, wrong)]
    if is_apart(items):
        return [Defect(OBSOLETE_DOMAIN, view)]
    sort = _host_defect(bytes(view))
    return [Defect(sort, view)] if sort else []


def _host_defect(name: bytes) -> str:
    """Return why *name*, a dot-atom, is no host name that mail goes to."""
    if len(name) > DOMAIN:
        return DOMAIN_TOO_LONG
    labels = name.split(b".")
    if all(label.isdigit() for label in labels):
        return LITERAL_WITHOUT_BRACKETS
    if max(map(len, labels)) > LABEL:
        return LABEL_TOO_LONG
    # a control and an encoded-word are told as what they are
    told = rfc5322.CONTROL.search(name) or b"=?" in name
    return "" if told or all(map(_LABEL.match, labels)) else NOT_A_HOST_NAME


def _literal_defects(token: Token) -> list[Defect]:
    inside = content(token)
    octets = bytes(inside)
    if rfc5322.CONTROL.search(octets) or not is_utf8(octets):
        return []  # told as what it is
    bad = _NOT_DTEXT.search(octets)
    if bad:
        return [Defect(INVALID_CHARACTER_IN_DOMAIN_LITERAL, inside.sub(*bad.span()))]
    if octets.split() != [octets]:
        sort = WHITE_SPACE_IN_DOMAIN_LITERAL if octets.strip() else INVALID_ADDRESS_LITERAL
        return [Defect(sort, token)]
    known = (
        rfc5321.is_ipv6(octets[5:])
        if octets[:5].lower() == b"ipv6:"
        else rfc5321.IPV4.match(octets)
        or (rfc5321.GENERAL_LITERAL.match(octets) and not rfc5321.is_ipv6(octets))
    )
    return [] if known else [Defect(INVALID_ADDRESS_LITERAL, token)]
