"""One element of an address list, brackets and name and what is left of them (RFC 5322 3.4)."""

from __future__ import annotations

from smtp_lsp.grammar import Production
from smtp_lsp.message import addr_spec, address, hidden, lexis
from smtp_lsp.message.addr_spec import is_special, over
from smtp_lsp.message.address import Mailbox
from smtp_lsp.message.defect import Defect
from smtp_lsp.message.lexis import COMMENT, ENCODED_WORD, QUOTED_STRING, SPECIAL, Token
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match

# An address that a name shows. The look behind keeps it linear.
_SHOWN = Production(
    rb"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++"
)
# What the eye takes for an at-sign, and what it does not see at all.
_SEEN = {0xFF20: "@", 0xFE6B: "@", 0xFF0E: ".", **dict.fromkeys(map(ord, hidden.WITHOUT_WIDTH))}


def mailboxes(element: list[Token], angle: tuple[int, int] | None) -> Iterator[Mailbox]:
    """Yield the mailboxes of an element: one, or more where a comma is missing."""
    if angle is None:
        opening = next((i for i, token in enumerate(element) if is_special(token, b"<")), None)
        if opening is None:
            yield from _bare(element)
            return
        angle = opening, len(element)
    yield _named(element, *angle)


def _named(element: list[Token], start: int, end: int) -> Mailbox:
    """Return the mailbox of an element whose brackets are its tokens *start* to *end*."""
    mailbox = Mailbox(over(element))
    mailbox.comments = [token for token in element if token.sort == COMMENT]
    mailbox.angle = over(element[start:end])
    closed = end - start > 1 and is_special(element[end - 1], b">")
    inside = [t for t in element[start + 1 : end - closed] if t.sort != COMMENT]
    _read_angle(mailbox, inside, element[start:end])
    name = [token for token in element[:start] if token.sort != COMMENT]
    if name:
        mailbox.display_name = over(name)
        _judge_name(mailbox, name)
    behind = [token for token in element[end:] if token.sort != COMMENT]
    if behind:
        mailbox.defects.append(Defect(address.TEXT_BEHIND_ADDRESS, over(behind)))
    return mailbox


def _read_angle(mailbox: Mailbox, inside: list[Token], angle: list[Token]) -> None:
    """Read what brackets hold: a route and an addr-spec."""
    if not inside:
        if len(angle) > 1:
            mailbox.defects.append(Defect(address.EMPTY_ADDRESS, over(angle)))
        return
    if is_special(inside[0], b"@"):
        colon = next((i for i, token in enumerate(inside) if is_special(token, b":")), 0)
        if colon:
            mailbox.route = over(inside[: colon + 1])
            mailbox.defects.append(Defect(_route_defect(inside[:colon]), mailbox.route))
            inside = inside[colon + 1 :]
            if not inside:
                mailbox.defects[-1].sort = address.MALFORMED_ROUTE
                return
        elif any(is_special(token, b"@") for token in inside[1:]):
            mailbox.route = over(inside)
            mailbox.defects.append(Defect(address.MALFORMED_ROUTE, mailbox.route))
            return
    separators = (t for t in inside if is_special(t, b",") or is_special(t, b";"))
    separator = next(separators, None)
    mailbox.address = addr_spec.of_tokens(inside)
    if any(not token.closed for token in inside):
        return
    if separator is not None:
        mailbox.defects.append(Defect(address.SEPARATOR_IN_ANGLE, separator))
    else:
        mailbox.defects += mailbox.address.defects


def _route_defect(route: list[Token]) -> str:
    """Return what a source route is: obsolete, and malformed at times (RFC 5322 4.4)."""
    domains, turn = 0, 0  # an at-sign, then a domain, then a comma
    for token in route:
        if turn == 0 and is_special(token, b"@"):
            turn = 1
        elif turn == 1 and token.sort != SPECIAL:
            turn, domains = 2, domains + 1
        elif turn == 2 and is_special(token, b","):
            turn = 0
        elif not (turn == 0 and is_special(token, b",")):
            return address.MALFORMED_ROUTE
    return address.OBSOLETE_ROUTE if domains and turn != 1 else address.MALFORMED_ROUTE


def _judge_name(mailbox: Mailbox, name: list[Token]) -> None:
    """Tell what is wrong with a display name, and whether it shows another address."""
    defects = name_defects(name)
    unquoted = bool(defects) and defects[0].sort == address.UNQUOTED_DISPLAY_NAME
    if _shows_another(mailbox, name):
        sort = (
            address.UNQUOTED_ADDRESS_IN_DISPLAY_NAME
            if unquoted
            else address.ADDRESS_IN_DISPLAY_NAME
        )
        mailbox.defects.append(Defect(sort, over(name)))
    else:
        mailbox.defects += defects


def _shows_another(mailbox: Mailbox, name: list[Token]) -> bool:
    """Say whether a name shows an address, and not the mailbox's own."""
    view = over(name)
    octets = bytes(view)
    encoded = any(token.sort == ENCODED_WORD for token in name) or not octets.isascii()
    if mailbox.address is None or not (encoded or b"@" in octets):
        return False
    found = _shown_in(view)
    return found is not None and found[0].lower() != bytes(mailbox.address).lower()


def _shown_in(phrase: View) -> Match[bytes] | None:
    return _search(address.shown(phrase))


def _search(name: str) -> Match[bytes] | None:
    seen = name if name.isascii() else name.translate(_SEEN)
    return _SHOWN.search(seen.encode("utf-8", "replace"))


def address_in(name: str) -> bytes:
    """Return the address that *name*, as a mail program shows it, holds; empty if it has none."""
    found = _search(name)
    return b"" if found is None else found[0]


def shows_address(phrase: View) -> bool:
    """Say whether a mail program shows an address where *phrase* is a name."""
    return _shown_in(phrase) is not None


def name_defects(name: list[Token]) -> list[Defect]:
    """Return what a display name has of what no phrase may have: one defect at most."""
    period = None
    for token in name:
        if token.sort in (lexis.ATOM, ENCODED_WORD, QUOTED_STRING):
            continue
        if token.sort == lexis.DOT_ATOM or is_special(token, b"."):
            period = period or token
        elif is_special(token, b"<"):
            return []  # told as an unbalanced bracket
        else:
            return [Defect(address.UNQUOTED_DISPLAY_NAME, token)]
    return [] if period is None else [Defect(address.PERIOD_IN_DISPLAY_NAME, period)]


def _bare(element: list[Token]) -> Iterator[Mailbox]:
    """Yield the mailboxes of an element without brackets: more where a comma is missing."""
    words = [token for token in element if token.sort != COMMENT]
    signs = [index for index, token in enumerate(words) if is_special(token, b"@")]
    mailbox, start = _without_address(element, words), 0
    found: list[Mailbox] = []
    for sign in signs:
        if sign < start:
            continue
        local, end = _left_of(words, sign, start), _right_of(words, sign)
        whole = element if end == len(words) and not start else words[start:end]
        mailbox = Mailbox(over(whole))
        mailbox.address = addr_spec.of_tokens(words[local:end])
        if found:
            mailbox.defects.append(Defect(address.MISSING_SEPARATOR, words[start]))
        elif local:
            mailbox.display_name = over(words[:local])
            mailbox.defects.append(Defect(address.MISSING_ANGLE_BRACKETS, words[local]))
        mailbox.defects += mailbox.address.defects
        found.append(mailbox)
        start = end
    if not found:
        found = [mailbox]
    elif start < len(words):
        mailbox.defects.append(Defect(address.TEXT_BEHIND_ADDRESS, over(words[start:])))
    _add_comments(found, element)
    yield from found


def _left_of(words: list[Token], sign: int, start: int) -> int:
    """Return where the local-part left of an at-sign begins: at blanks without a period."""
    local = sign
    while local > start and (
        local == sign
        or words[local - 1].end == words[local].start
        or is_special(words[local - 1], b".")
        or is_special(words[local], b".")
    ):
        local -= 1
    return local


def _right_of(words: list[Token], sign: int) -> int:
    """Return where the domain right of an at-sign ends: at blanks without a period."""
    end = sign + 1
    while end < len(words) and (
        end == sign + 1
        or words[end - 1].end == words[end].start
        or is_special(words[end - 1], b".")
        or is_special(words[end], b".")
    ):
        end += 1
    return end


def _without_address(element: list[Token], words: list[Token]) -> Mailbox:
    """Return the mailbox of words without an at-sign: a local-part, or a name."""
    mailbox = Mailbox(over(element))
    if len(words) == 1 and words[0].sort in (lexis.ATOM, lexis.DOT_ATOM):
        mailbox.address = addr_spec.of_tokens(words)
        defects = mailbox.address.defects
    else:
        mailbox.display_name = over(words)
        defects = [Defect(address.NO_ADDRESS, mailbox.display_name)]
    # A quote or comment that is left open has taken the address in.
    mailbox.defects = defects if all(token.closed for token in element) else []
    return mailbox


def _add_comments(found: list[Mailbox], element: list[Token]) -> None:
    """Give the comments of an element to the first of its mailboxes, as its name it may be."""
    mailbox = found[0]
    mailbox.comments = [token for token in element if token.sort == COMMENT]
    last = element[-1]
    named = mailbox.domain is not None and not mailbox.defects and last.sort == COMMENT
    if named and len(found) == 1 and last.closed:
        mailbox.defects.append(Defect(address.NAME_IN_COMMENT, last))
