"""Received: the clauses that a host writes of how a message came to it, and when.

RFC 5321 4.4 (Stamp), RFC 5322 3.6.7. ``read`` returns a ``Received``: its clauses in order, each
with its name, value and comments, and its date. What servers write goes beyond the grammar; a
name ends the clause before it only where it is one of ``NAMES``.
"""

from __future__ import annotations

from smtp_lsp import registry
from smtp_lsp.grammar import Production, rfc5321, rfc5322
from smtp_lsp.message import date as dates
from smtp_lsp.message import lexis
from smtp_lsp.message.addr_spec import is_special, over
from smtp_lsp.message.date import Date
from smtp_lsp.message.defect import Defect, by_place
from smtp_lsp.message.lexis import ATOM, COMMENT, SPACE, Token
from smtp_lsp.text.view import View

MISSING_SEMICOLON = "missing-semicolon"
EXTRA_SEMICOLON = "extra-semicolon"
"""More than one; the date is taken behind the last."""
MISSING_DATE = "missing-date"
MISSING_FROM = "missing-from"
"""WITH says SMTP or ESMTP, which only come from somewhere (RFC 5321 4.4), be it over TLS."""
MISSING_BY = "missing-by"
REPEATED_CLAUSE = "repeated-clause"
MISORDERED_CLAUSE = "misordered-clause"
EMPTY_CLAUSE = "empty-clause"
EXTRA_WORDS = "extra-words"
"""A value of several words, where the grammar has one; told of FROM, BY, VIA, ID and WITH."""
TEXT_BEFORE_CLAUSES = "text-before-clauses"
UNKNOWN_PROTOCOL = "unknown-protocol"
"""WITH names what IANA does not list (Mail Transmission Types)."""
UNKNOWN_LINK = "unknown-link"
SEVERAL_FOR = "several-for"
"""FOR names more than one path."""
BAD_FOR = "bad-for"
"""FOR names no mailbox: what has no at-sign."""
BAD_ID = "bad-id"
"""ID with brackets that are not around all of it."""
BAD_PRIORITY = "bad-priority"
"""PRIORITY is no number from -9 to 9 (RFC 6710 7)."""

STANDARD = (b"from", b"by", b"via", b"with", b"id", b"for")
ADDITIONAL = (b"priority", b"state", b"tls", b"group")
"""Additional-registered-clauses: IANA, Mail Transmission Types."""
NAMES = frozenset((*STANDARD, *ADDITIONAL))

# Domain and address as they stand in a comment behind FROM or BY: "(mx.example [192.0.2.1])".
_TCP_INFO = Production(rb"\((?:([^\s()\[\]]++)[ \t\r\n]++)?+(\[[^\s()\[\]]++\])\)\Z")


class Clause:
    """A clause: its ``name``, its ``value`` without comments around or None, its comments."""

    __slots__ = ("comments", "name", "value", "view", "words")

    def __init__(self, items: list[Token]) -> None:
        self.view = over(items)
        self.name = items[0]
        self.comments: list[View] = [token for token in items if token.sort == COMMENT]
        kept = [token for token in items[1:] if token.sort != COMMENT]
        self.value = over(kept) if kept else None
        self.words = _words(kept)

    @property
    def tcp_info(self) -> tuple[View | None, View] | None:
        """The domain, if any, and the address literal of its first comment that has them."""
        for comment in self.comments:
            match = _TCP_INFO.match(bytes(comment))
            if match:
                domain = None if match[1] is None else comment.sub(*match.span(1))
                return domain, comment.sub(*match.span(2))
        return None

    def __repr__(self) -> str:
        return f"<Clause {bytes(self.view)!r}>"


class Received:
    """A Received field: its ``clauses``, its ``date`` or None, comments before any clause."""

    __slots__ = ("clauses", "comments", "date", "defects", "semicolon", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.clauses: list[Clause] = []
        self.comments: list[View] = []
        self.semicolon: View | None = None
        self.date: Date | None = None
        self.defects: list[Defect] = []

    def clause(self, name: bytes) -> Clause | None:
        """Return the first clause of that *name*, given in small letters."""
        return next((c for c in self.clauses if bytes(c.name).lower() == name), None)


def protocols() -> frozenset[bytes]:
    """Return the registered values of WITH, in capitals."""
    names = registry.table("extensions")["received_with"]["values"]
    return frozenset(name.upper().encode() for name in names)


def links() -> frozenset[bytes]:
    """Return the registered values of VIA, in capitals."""
    names = registry.table("extensions")["received_with"]["via"]
    return frozenset(name.upper().encode() for name in names)


def is_tidy(value: View) -> bool:
    """Say whether one pattern finds nothing wrong with a Received, and its date is right."""
    buffer = value.buffer
    match = rfc5322.TIDY_RECEIVED.compiled.match(buffer.data, value.start, value.end)
    if match is None:
        return False
    return dates.is_tidy(View(buffer, match.end(), value.end))


def read(value: View) -> Received:
    """Return the clauses and the date of *value*. Never fails; linear in its length."""
    found = Received(value)
    every = [token for token in lexis.tokens(value) if token.sort != SPACE]
    semicolons = [i for i, token in enumerate(every) if is_special(token, b";")]
    end = semicolons[-1] if semicolons else len(every)
    before = every[:end]
    found.defects = [d for d in map(lexis.token_defect, before) if d is not None]
    open_end = any(not token.closed for token in every)
    if semicolons:
        found.semicolon = every[end]
        if len(semicolons) > 1:
            found.defects.append(Defect(EXTRA_SEMICOLON, every[semicolons[0]]))
        rest = View(value.buffer, every[end].end, value.end)
        if any(token.sort != COMMENT for token in every[end + 1 :]):
            found.date = dates.read(rest)
            found.defects += found.date.defects
        else:
            found.defects.append(Defect(MISSING_DATE, every[end]))
    elif not open_end:
        found.defects.append(Defect(MISSING_SEMICOLON, every[-1] if every else value))
    head = View(value.buffer, value.start, every[end].start if semicolons else value.end)
    found.defects += lexis.octet_defects(head)
    _clauses(found, [token for token in before if not is_special(token, b";")])
    if not open_end:
        found.defects += _judge(found)
    found.defects.sort(key=by_place)
    return found


def _clauses(found: Received, items: list[Token]) -> None:
    """Cut *items* at the names of clauses, which stand apart from what is before and behind."""
    starts = []
    for index, token in enumerate(items):
        if token.sort != ATOM or bytes(token).lower() not in NAMES:
            continue
        touches = index > 0 and items[index - 1].end == token.start
        following = items[index + 1] if index + 1 < len(items) else None
        glued = following is not None and following.start == token.end
        if not (touches and items[index - 1].sort != COMMENT) and (
            not glued or following is None or following.sort == COMMENT
        ):
            starts.append(index)
    head = items[: starts[0]] if starts else items
    found.comments = [token for token in head if token.sort == COMMENT]
    loose = [token for token in head if token.sort != COMMENT]
    if loose:
        found.defects.append(Defect(TEXT_BEFORE_CLAUSES, over(loose)))
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(items)
        found.clauses.append(Clause(items[start:end]))


def _words(items: list[Token]) -> list[View]:
    """Return the runs of *items* that touch each other."""
    found: list[View] = []
    for token in items:
        if found and found[-1].end == token.start:
            found[-1] = View(token.buffer, found[-1].start, token.end)
        else:
            found.append(View(token.buffer, token.start, token.end))
    return found


def _judge(found: Received) -> list[Defect]:
    """Return what is wrong with the clauses among each other, and with the value of each."""
    defects: list[Defect] = []
    seen: set[bytes] = set()
    furthest = -1
    for clause in found.clauses:
        name = bytes(clause.name).lower()
        if name in seen:
            defects.append(Defect(REPEATED_CLAUSE, clause.name))
            continue
        seen.add(name)
        if name in STANDARD:
            order = STANDARD.index(name)
            if order < furthest:
                defects.append(Defect(MISORDERED_CLAUSE, clause.name))
            furthest = max(furthest, order)
        defect = _value_defect(clause, name)
        if defect is not None:
            defects.append(defect)
    transport = found.clause(b"with")
    value = None if transport is None else transport.value
    if transport is not None and value and rfc5321.OVER_SMTP.match(bytes(value)):
        lacking = ((b"from", MISSING_FROM), (b"by", MISSING_BY))
        defects += [Defect(sort, transport.name) for name, sort in lacking if name not in seen]
    return defects


def _value_defect(clause: Clause, name: bytes) -> Defect | None:
    if clause.value is None:
        return Defect(EMPTY_CLAUSE, clause.name)
    if name == b"for":
        paths = [word for word in clause.words if b"@" in bytes(word) or b"<" in bytes(word)]
        if len(paths) > 1 or bytes(clause.value).count(b"<") > 1:
            return Defect(SEVERAL_FOR, clause.value)
        return None if b"@" in bytes(clause.value) else Defect(BAD_FOR, clause.value)
    if name == b"priority" and not rfc5321.PRIORITY.match(bytes(clause.value)):
        return Defect(BAD_PRIORITY, clause.value)
    if name not in STANDARD:
        return None
    if len(clause.words) > 1:
        return Defect(EXTRA_WORDS, clause.value)
    said = bytes(clause.value).upper()
    if name == b"id" and not rfc5321.QUEUE_ID.match(said):
        return Defect(BAD_ID, clause.value)
    if name == b"with" and said not in protocols():
        return Defect(UNKNOWN_PROTOCOL, clause.value)
    if name == b"via" and said not in links():
        return Defect(UNKNOWN_LINK, clause.value)
    return None
