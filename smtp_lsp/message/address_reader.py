"""Address lists, token by token: what separates their elements, and what is missing between.

An element, what stands between two separators, is for ``address_element`` to read.
"""

from __future__ import annotations

from smtp_lsp.message import addr_spec, address, address_element, lexis
from smtp_lsp.message.addr_spec import is_special, over
from smtp_lsp.message.defect import Defect, by_place
from smtp_lsp.message.lexis import COMMENT, SPACE, SPECIAL, Token
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from smtp_lsp.message.address import Mailbox

_UNREADABLE = frozenset((lexis.LINE_BREAK, lexis.ISO_2022))


class Reader:
    """Reads a list token by token. ``element`` is what was read since the last separator.

    In a value whose lines are broken off, as by somebody who wanted a field of his own there,
    that is the one cause, and nothing else is told. So it is with text in ISO-2022, whose letters
    look like specials.
    """

    def __init__(self, value: View) -> None:
        self.items = [token for token in lexis.tokens(value) if token.sort != SPACE]
        self.found = address.AddressList(value)
        self.octets = lexis.octet_defects(value)
        self.defects: list[Defect] = []
        self.element: list[Token] = []
        self.angle: tuple[int, int] | None = None
        self.unopened = False
        self.group: address.Group | None = None
        self.colon: Token | None = None
        self.group_ended = False
        self.comma: Token | None = None
        self.row_told = False
        self.semicolon = False
        self.waiting: list[Mailbox] = []

    def read(self) -> address.AddressList:
        ends = _angle_ends(self.items)
        index, count = 0, len(self.items)
        while index < count:
            token = self.items[index]
            defect = lexis.token_defect(token)
            if defect:
                self.defects.append(defect)
            if token.sort != SPECIAL:
                self._word(token)
            elif is_special(token, b"<"):
                index = self._opening(index, ends[index])
                continue
            else:
                self._special(token)
            index += 1
        self._end()
        found = self.found
        for one in (*found.addresses, *found.mailboxes):
            if one.defects:
                self.defects += one.defects
                one.defects = sorted(one.defects, key=by_place)
        broken = any(defect.sort in _UNREADABLE for defect in self.octets)
        found.defects = _once(self.octets if broken else [*self.octets, *self.defects])
        return found

    def _word(self, token: Token) -> None:
        if self.group_ended and token.sort != COMMENT:
            self.defects.append(Defect(address.MISSING_SEPARATOR, token))
            self.group_ended = False
        self.element.append(token)

    def _special(self, token: Token) -> None:
        octet = bytes(token)
        if octet == b",":
            self._flush(token)
            self.comma = token
        elif octet == b";":
            self._semicolon(token)
        elif octet == b":":
            self._colon(token)
        elif octet == b">":
            self.defects.append(Defect(address.UNBALANCED_ANGLE, token))
            self.unopened = True
        elif octet != b")":
            self._word(token)

    def _opening(self, index: int, end: int) -> int:
        """Take in what the bracket at *index* holds, up to *end*; return where to go on.

        *end* is 0 where the bracket is left open; it is then an element's token like others.
        """
        items = self.items
        if self.angle is not None:
            self._split(items[index])
        run = index
        while run + 1 < len(items) and is_special(items[run + 1], b"<"):
            run += 1
        if run > index:
            extra, end = run - index, _angle_end(items, run + 1)
            closing = end
            while end and extra and closing < len(items) and is_special(items[closing], b">"):
                extra, closing = extra - 1, closing + 1
            sort = (
                address.UNBALANCED_ANGLE if extra or not end else address.EXCESSIVE_ANGLE_BRACKETS
            )
            self.defects.append(Defect(sort, items[index]))
            if not end:
                return run + 1
            self._angle(run, end)
            return closing
        if not end:
            self.defects.append(Defect(address.UNBALANCED_ANGLE, items[index]))
            self._word(items[index])
            return index + 1
        self._angle(index, end)
        return end

    def _angle(self, start: int, end: int) -> None:
        self._word(self.items[start])
        self.angle = len(self.element) - 1, len(self.element) + end - start - 1
        self.element += self.items[start + 1 : end]

    def _split(self, opening: Token) -> None:
        """End the mailbox whose brackets were read, since another pair begins."""
        assert self.angle is not None
        rest = self.element[self.angle[1] :]
        comments = [token for token in rest if token.sort == COMMENT]
        rest = rest[len(comments) :] if rest[: len(comments)] == comments else rest
        self.defects.append(Defect(address.MISSING_SEPARATOR, rest[0] if rest else opening))
        self.element = self.element[: self.angle[1]] + (comments if not rest else [])
        self._flush(None)
        self.element = rest

    def _semicolon(self, token: Token) -> None:
        if self.group is not None:
            self._flush(None, ended=True)
            self.group.view = View(token.buffer, self.group.view.start, token.end)
            self.group.closed = True
            self.group, self.group_ended, self.comma = None, True, None
            return
        if not self.semicolon and not self.group_ended:
            self.defects.append(Defect(address.SEMICOLON_SEPARATOR, token))
            self.semicolon = True
        self._flush(None)
        self.comma = None

    def _colon(self, token: Token) -> None:
        if self.angle is not None:
            self.element.append(token)  # text behind an address
            return
        if self.group is not None:
            self.defects.append(Defect(address.NESTED_GROUP, token))
            self.element = []
            return
        name = [item for item in self.element if item.sort != COMMENT]
        group = address.Group(over([*self.element, token]))
        group.comments = [item for item in self.element if item.sort == COMMENT]
        if name:
            group.display_name = over(name)
            group.defects += address_element.name_defects(name)
            if not group.defects and address_element.shows_address(over(name)):
                group.defects.append(Defect(address.ADDRESS_IN_GROUP_NAME, over(name)))
        else:
            group.defects.append(Defect(address.EMPTY_GROUP_NAME, token))
        self.waiting = []
        self.element, self.comma = [], None
        self.group, self.colon, self.group_ended = group, token, False
        self.found.addresses.append(group)

    def _flush(self, separator: Token | None, *, ended: bool = False) -> None:
        """Read the element as mailboxes; without one the *separator* is one too many."""
        element, angle, unopened = self.element, self.angle, self.unopened
        self.element, self.angle, self.unopened = [], None, False
        words = [token for token in element if token.sort != COMMENT]
        if not words:
            if separator is not None and not self.group_ended:
                self._extraneous(separator)
            elif separator is None and self.comma is not None:
                self._extraneous(self.comma)
            self.group_ended = False
            return
        self.comma, self.group_ended, self.row_told = None, False, False
        for mailbox in address_element.mailboxes(element, angle):
            self._take_back(mailbox)
            if unopened:
                # The bracket that is missing is told by the one that closes.
                kept = (d for d in mailbox.defects if d.sort != address.MISSING_ANGLE_BRACKETS)
                mailbox.defects = list(kept)
            (self.found.addresses if self.group is None else self.group.mailboxes).append(mailbox)
            if self.group is not None:
                self.group.view = View(mailbox.view.buffer, self.group.view.start, element[-1].end)

    def _extraneous(self, comma: Token) -> None:
        """Tell of a comma, once for a row of them."""
        if not self.row_told:
            self.defects.append(Defect(address.EXTRANEOUS_COMMA, comma))
        self.row_told = True

    def _take_back(self, mailbox: Mailbox) -> None:
        """See in a name behind words and a comma that the comma belongs to the name."""
        sorts = [defect.sort for defect in mailbox.defects]
        if mailbox.angle is not None and mailbox.display_name is not None and self.waiting:
            for index, waiting in enumerate(self.waiting):
                comma = View(mailbox.view.buffer, waiting.view.end, mailbox.view.start)
                at = bytes(comma).find(b",")
                sort = Defect(address.COMMA_IN_DISPLAY_NAME, comma.sub(max(at, 0), max(at, 0) + 1))
                waiting.defects = [] if index else [sort]
        if (
            sorts in ([address.NO_ADDRESS], [addr_spec.ADDRESS_WITHOUT_DOMAIN])
            and mailbox.angle is None
        ):
            self.waiting.append(mailbox)
        else:
            self.waiting = []

    def _end(self) -> None:
        self._flush(None)
        group = self.group
        if group is None or self.colon is None:
            return
        name = b"" if group.display_name is None else bytes(group.display_name).lower()
        if name == b"mailto":
            self.found.addresses.remove(group)
            self.found.addresses += group.mailboxes
            self.defects.append(Defect(address.MAILTO, over([group.view, self.colon])))
        else:
            group.defects.append(Defect(address.MISSING_GROUP_TERMINATOR, self.colon))


def _once(defects: list[Defect]) -> list[Defect]:
    """Return *defects* by place, each once."""
    seen: set[tuple[str, int]] = set()
    found: list[Defect] = []
    for defect in sorted(defects, key=by_place):
        key = defect.sort, defect.view.start
        if key not in seen:
            seen.add(key)
            found.append(defect)
    return found


def _angle_ends(items: Sequence[Token]) -> list[int]:
    """Return, for each "<", the index behind the ">" that closes it, 0 where none does."""
    ends, closing = [0] * len(items), 0
    for index in range(len(items) - 1, -1, -1):
        if items[index].sort != SPECIAL:
            continue
        octet = bytes(items[index])
        if octet == b">":
            closing = index + 1
        elif octet == b"<":
            ends[index], closing = closing, 0
    return ends


def _angle_end(items: Sequence[Token], start: int) -> int:
    """Return the index behind the first ">" from *start* on, 0 where a "<" comes before it."""
    for index in range(start, len(items)):
        if is_special(items[index], b">"):
            return index + 1
        if is_special(items[index], b"<"):
            return 0
    return 0
