"""One header field, and what its value says by the syntax that its name gives it.

Values are read when they are asked for, and remembered: ``field.addresses``, ``field.date`` and
so on read any field that way; ``field.defects`` and ``field.is_tidy()`` go by ``field.syntax``.
A rule asks ``is_tidy`` first: it costs a pattern's match, and where it says yes there are no
defects.
"""

from __future__ import annotations

from smtp_lsp.message import syntax
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from re import Match
    from typing import Any

    from smtp_lsp.message.address import AddressList, Mailbox
    from smtp_lsp.message.date import Date
    from smtp_lsp.message.defect import Defect
    from smtp_lsp.message.encoded_word import EncodedWord
    from smtp_lsp.message.identifier import Identifiers
    from smtp_lsp.message.keyword import Keyword
    from smtp_lsp.message.mailing_list import ListId, Uris
    from smtp_lsp.message.received import Received
    from smtp_lsp.message.results import Results
    from smtp_lsp.message.taglist import TagList

# The syntaxes whose words may be encoded, outside of comments (RFC 2047 5).
_WITH_PHRASES = (syntax.ADDRESSES, syntax.LIST_ID, syntax.PHRASES)

# The property that reads each syntax.
_READERS = {
    syntax.ADDRESSES: "addresses",
    syntax.PATH: "path",
    syntax.DATE: "date",
    syntax.IDENTIFIERS: "identifiers",
    syntax.RECEIVED: "received",
    syntax.TAGS: "tags",
    syntax.RESULTS: "results",
    syntax.URIS: "uris",
    syntax.LIST_ID: "list_id",
    syntax.KEYWORD: "keyword",
}


# The function that knows the tidy ones; without a name the reader is quick enough.
_TIDY = {
    syntax.ADDRESSES: ("address", "is_tidy"),
    syntax.PATH: ("address", "is_tidy_path"),
    syntax.DATE: ("date", "is_tidy"),
    syntax.IDENTIFIERS: ("identifier", "is_tidy"),
    syntax.RECEIVED: ("received", "is_tidy"),
    syntax.TAGS: ("taglist", "is_tidy"),
    syntax.RESULTS: ("results", ""),
    syntax.URIS: ("mailing_list", ""),
    syntax.LIST_ID: ("mailing_list", ""),
    syntax.KEYWORD: ("keyword", "is_tidy"),
}

_functions: dict[tuple[str, str], Callable[..., Any]] = {}


def _function(module: str, name: str) -> Callable[..., Any]:
    """Return a function of a module of this room, loaded when it is first asked for."""
    found = _functions.get((module, name))
    if found is None:
        loaded = __import__("smtp_lsp.message." + module, fromlist=[name])
        found = _functions[module, name] = getattr(loaded, name)
    return found


class Field:
    """One header field: its name, its value with folding kept, and all its lines.

    ``key`` is the name in small letters.
    """

    __slots__ = ("_found", "_read", "key", "value")

    def __init__(self, found: Match[bytes], value: View, key: str) -> None:
        self._found = found
        """What was matched, of which the first group is the name."""
        self.value = value
        self.key = key
        self._read: dict[str, Any] | None = None

    @property
    def name(self) -> View:
        return View(self.value.buffer, *self._found.span(1))

    @property
    def lines(self) -> View:
        return View(self.value.buffer, *self._found.span())

    def __repr__(self) -> str:
        return f"<Field {bytes(self.name)!r}>"

    def _remembered(self, module: str, function: str, *arguments: str) -> Any:
        """Return what a reader of *module* says of the value, asked once."""
        if self._read is None:
            self._read = {}
        key = module + "." + function
        if key not in self._read:
            self._read[key] = _function(module, function)(self.value, *arguments)
        return self._read[key]

    @property
    def syntax(self) -> str:
        """How the value is written: a constant of ``syntax``."""
        return syntax.of(self.key)

    @property
    def addresses(self) -> AddressList:
        """The mailboxes and groups of the value."""
        read: AddressList = self._remembered("address", "read")
        return read

    @property
    def path(self) -> Mailbox:
        """The mailbox of a Return-Path."""
        read: Mailbox = self._remembered("address", "path")
        return read

    @property
    def date(self) -> Date:
        """The date-time of the value; that of a Received is ``received.date``."""
        read: Date = self._remembered("date", "read")
        return read

    @property
    def identifiers(self) -> Identifiers:
        """The message identifiers of the value."""
        read: Identifiers = self._remembered("identifier", "read")
        return read

    @property
    def received(self) -> Received:
        """The clauses and the date of a Received."""
        read: Received = self._remembered("received", "read")
        return read

    @property
    def tags(self) -> TagList:
        """The tags of a signature."""
        read: TagList = self._remembered("taglist", "read")
        return read

    @property
    def results(self) -> Results:
        """The results of an Authentication-Results."""
        read: Results = self._remembered("results", "read")
        return read

    @property
    def uris(self) -> Uris:
        """The URIs of a List-* field."""
        read: Uris = self._remembered("mailing_list", "uris")
        return read

    @property
    def list_id(self) -> ListId:
        """The phrase and the identifier of a List-Id."""
        read: ListId = self._remembered("mailing_list", "list_id")
        return read

    @property
    def keyword(self) -> Keyword:
        """The word of a field that has one of a few."""
        read: Keyword = self._remembered("keyword", "read")
        return read

    @property
    def encoded_words(self) -> list[EncodedWord]:
        """The encoded-words of the value, with defects by where the syntax lets them stand."""
        if self._is_plain():
            return []
        found: list[EncodedWord] = self._remembered("encoded_word", "find", self._place)
        return found

    def _is_plain(self) -> bool:
        """Say whether nothing in the value begins as an encoded-word does."""
        return self.value.buffer.data.find(b"=?", self.value.start, self.value.end) < 0

    @property
    def _place(self) -> str:
        how = self.syntax
        if how == syntax.UNSTRUCTURED:
            return "unstructured"
        return "phrase" if how in _WITH_PHRASES else "elsewhere"

    @property
    def text(self) -> str:
        """The value as a mail program shows it: unfolded, encoded-words decoded."""
        from smtp_lsp.message import encoded_word

        return encoded_word.shown(self.value, self.encoded_words)

    @property
    def defects(self) -> list[Defect]:
        """What is wrong with the value by its syntax; encoded-words carry their own defects.

        Of a value that nobody reads it is the octets: controls, lines broken off, no UTF-8.
        """
        reader = _READERS.get(self.syntax)
        if reader is None:
            found: list[Defect] = self._remembered("lexis", "octet_defects")
            return found
        defects: list[Defect] = getattr(self, reader).defects
        return defects

    def is_tidy(self) -> bool:
        """Say whether nothing is wrong with the value, nor encoded in it, in the least time.

        What is not tidy may be well-formed: it is then read token by token, and no defect found.
        """
        if not self._is_plain():
            return False
        module, function = _TIDY.get(self.syntax, ("lexis", "is_tidy"))
        if not function:
            return not self.defects
        tidy: bool = _function(module, function)(self.value)
        return tidy
