"""Address lists of header fields, taken apart tolerantly (RFC 5322 3.4 and 4.4, RFC 6854).

``read`` returns an ``AddressList`` of what stands between the commas: each a ``Mailbox`` or a
``Group`` of them. ``path`` reads a Return-Path. Everything is a view, None where it is missing,
and what is wrong is told as ``Defect``, its sort a constant of this module, of ``addr_spec`` or
of ``lexis``. A list that ``rfc5322.TIDY_ADDRESS_LIST`` knows takes the short way.
"""

from __future__ import annotations

from smtp_lsp.grammar import rfc5322
from smtp_lsp.message.addr_spec import AddrSpec
from smtp_lsp.message.defect import Defect
from smtp_lsp.text.view import View

# What separates, and what is missing between.
MISSING_SEPARATOR = "missing-separator"
"""Two addresses without a comma between; the view is where the second begins."""
SEMICOLON_SEPARATOR = "semicolon-separator"
"""A semicolon in the place of a comma. Told once for a list."""
EXTRANEOUS_COMMA = "extraneous-comma"
"""A comma without an address before or behind (RFC 5322 4.4). Told once for a row of them."""
TEXT_BEHIND_ADDRESS = "text-behind-address"

# Brackets.
UNBALANCED_ANGLE = "unbalanced-angle"
EXCESSIVE_ANGLE_BRACKETS = "excessive-angle-brackets"
SEPARATOR_IN_ANGLE = "separator-in-angle"
MISSING_ANGLE_BRACKETS = "missing-angle-brackets"
"""A name before an address that has no brackets, or a Return-Path without them."""
EMPTY_ADDRESS = "empty-address"
"""``<>``, which a Return-Path may be and nothing else."""
OBSOLETE_ROUTE = "obsolete-route"
MALFORMED_ROUTE = "malformed-route"

# Names.
UNQUOTED_DISPLAY_NAME = "unquoted-display-name"
"""Specials in a name, which need quotes; the view is the first of them."""
PERIOD_IN_DISPLAY_NAME = "period-in-display-name"
"""As ``UNQUOTED_DISPLAY_NAME``, but readers must take it (obs-phrase, RFC 5322 4.1)."""
COMMA_IN_DISPLAY_NAME = "comma-in-display-name"
"""``Doe, John <j@x>``: two addresses to every reader, one of them without a domain."""
ADDRESS_IN_DISPLAY_NAME = "address-in-display-name"
"""A name that shows another address than the mailbox's, in quotes or encoded."""
UNQUOTED_ADDRESS_IN_DISPLAY_NAME = "unquoted-address-in-display-name"
ADDRESS_IN_GROUP_NAME = "address-in-group-name"
NO_ADDRESS = "no-address"
"""Words, and no address with them."""
NAME_IN_COMMENT = "name-in-comment"
"""``user@host (Name)``, which RFC 5322 3.4 calls legacy."""

# Groups.
EMPTY_GROUP_NAME = "empty-group-name"
NESTED_GROUP = "nested-group"
MISSING_GROUP_TERMINATOR = "missing-group-terminator"
MAILTO = "mailto"
"""A ``mailto:`` URI in the place of an address."""

MAKE_SEVERAL = frozenset(
    (MISSING_SEPARATOR, SEMICOLON_SEPARATOR, SEPARATOR_IN_ANGLE, COMMA_IN_DISPLAY_NAME)
)
"""What makes several mailboxes where one may have been meant, or one of several."""


class Mailbox:
    """A mailbox: ``view`` is all of it, name, brackets and comments included.

    ``display_name`` is the phrase before the brackets, ``angle`` the brackets with what they
    hold, ``route`` an obsolete source route, ``address`` the addr-spec.
    """

    __slots__ = ("address", "angle", "comments", "defects", "display_name", "route", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.display_name: View | None = None
        self.angle: View | None = None
        self.route: View | None = None
        self.address: AddrSpec | None = None
        self.comments: list[View] = []
        self.defects: list[Defect] = []

    @property
    def local_part(self) -> View | None:
        """The local-part as it is written; None where there is no address."""
        return self.address.local_part if self.address else None

    @property
    def domain(self) -> View | None:
        """The domain as it is written; None where it is missing."""
        return self.address.domain if self.address else None

    @property
    def name(self) -> str:
        """The display name as a mail program shows it; empty where there is none."""
        return "" if self.display_name is None else shown(self.display_name)

    def __repr__(self) -> str:
        return f"<Mailbox {bytes(self.view)!r}>"


class Group:
    """A group: its ``display_name``, its ``mailboxes``, and whether a semicolon ends it."""

    __slots__ = ("closed", "comments", "defects", "display_name", "mailboxes", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.display_name: View | None = None
        self.mailboxes: list[Mailbox] = []
        self.comments: list[View] = []
        self.closed = False
        self.defects: list[Defect] = []

    @property
    def name(self) -> str:
        """The display name as a mail program shows it; empty where there is none."""
        return "" if self.display_name is None else shown(self.display_name)

    def __repr__(self) -> str:
        return f"<Group {bytes(self.view)!r}>"


class AddressList:
    """The ``addresses`` of a field; ``defects`` are all of them, those of each one included."""

    __slots__ = ("addresses", "defects", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.addresses: list[Mailbox | Group] = []
        self.defects: list[Defect] = []

    @property
    def mailboxes(self) -> list[Mailbox]:
        """Every mailbox, those inside groups among them."""
        found: list[Mailbox] = []
        for address in self.addresses:
            if isinstance(address, Group):
                found += address.mailboxes
            else:
                found.append(address)
        return found


def shown(phrase: View) -> str:
    """Return *phrase* as a mail program shows it: unquoted, unfolded, encoded-words decoded."""
    from smtp_lsp.message import encoded_word

    return encoded_word.phrase(phrase)


def is_tidy(value: View) -> bool:
    """Say whether one pattern finds nothing wrong with a list of addresses."""
    data = value.buffer.data
    return bool(rfc5322.TIDY_ADDRESS_LIST.compiled.match(data, value.start, value.end))


def read(value: View) -> AddressList:
    """Return the addresses of *value*. Never fails; linear in its length."""
    if is_tidy(value):
        return _tidy(value)
    from smtp_lsp.message.address_reader import Reader

    return Reader(value).read()


def is_tidy_path(value: View) -> bool:
    """Say whether one pattern finds nothing wrong with a path."""
    return bool(rfc5322.TIDY_PATH.compiled.match(value.buffer.data, value.start, value.end))


def path(value: View) -> Mailbox:
    """Return the path of a Return-Path (RFC 5322 3.6.7), which may be ``<>``."""
    buffer = value.buffer
    match = rfc5322.TIDY_PATH.compiled.match(buffer.data, value.start, value.end)
    if match:
        start = buffer.data.index(b"<", value.start)
        mailbox = Mailbox(View(buffer, start, buffer.data.index(b">", start) + 1))
        mailbox.angle = mailbox.view
        if match[1] is not None:
            mailbox.address = _spec(value, match.span(1), match.span(2))
        return mailbox
    from smtp_lsp.message.address_reader import Reader

    found = Reader(value).read()
    mailbox = found.mailboxes[0] if found.mailboxes else Mailbox(value)
    mailbox.defects = [defect for defect in found.defects if defect.sort != EMPTY_ADDRESS]
    if mailbox.angle is None and not mailbox.defects:
        mailbox.defects.append(Defect(MISSING_ANGLE_BRACKETS, mailbox.view))
    return mailbox


def _spec(value: View, local: tuple[int, int], domain: tuple[int, int]) -> AddrSpec:
    buffer = value.buffer
    return AddrSpec(View(buffer, local[0], domain[1]), View(buffer, *local), View(buffer, *domain))


def _tidy(value: View) -> AddressList:
    """Return the mailboxes of a list that ``TIDY_ADDRESS_LIST`` knows."""
    found, buffer = AddressList(value), value.buffer
    for match in rfc5322.TIDY_MAILBOX.compiled.finditer(buffer.data, value.start, value.end):
        mailbox = Mailbox(View(buffer, *match.span()))
        if match[2] is not None:
            mailbox.address = _spec(value, match.span(2), match.span(3))
            mailbox.angle = View(buffer, match.start(2) - 1, match.end())
            if match[1] is not None:
                mailbox.display_name = View(buffer, *match.span(1))
        else:
            mailbox.address = _spec(value, match.span(4), match.span(5))
        found.addresses.append(mailbox)
    return found
