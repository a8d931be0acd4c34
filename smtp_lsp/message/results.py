"""Authentication-Results: who checked, and what came out of each check (RFC 8601 2.2).

``read`` returns a ``Results``; that of ARC, which begins with an instance (RFC 8617 4.1.1), too.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production
from smtp_lsp.message import lexis
from smtp_lsp.message.defect import Defect, by_place
from smtp_lsp.message.lexis import COMMENT, SPACE, Token, is_utf8
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MISSING_SERVER = "missing-authserv-id"
UNKNOWN_VERSION = "unknown-version"
"""A version other than 1 behind the authserv-id (RFC 8601 2.2)."""
NO_RESULTS = "no-results"
"""Neither a result nor ``none`` behind the authserv-id."""
NONE_WITH_RESULTS = "none-with-results"
EMPTY_RESULT = "empty-result"
"""Two semicolons with nothing between; one at the end is a habit and is not told."""
MISSING_EQUALS = "missing-equals"
"""A word that is neither a method with its result nor a property with its value."""
MISSING_VALUE = "missing-value"
INVALID_PROPERTY = "invalid-property"
"""A name that is not ``ptype.property``, nor ``reason``."""

# method = Keyword [ [CFWS] "/" [CFWS] method-version ]
_METHOD = Production(rb"[A-Za-z0-9](?:[A-Za-z0-9-]*+)(?:/[0-9]++)?\Z")
# ptype = Keyword;  property = special-smtp-verb / Keyword
_PROPERTY = Production(rb"[A-Za-z0-9][A-Za-z0-9-]*+\.[A-Za-z0-9_-]++\Z")
_INSTANCE = Production(rb"i[ \t\r\n]*+=[ \t\r\n]*+([0-9]++)\Z")


class Property:
    """``ptype.property=value``, or ``reason=value``; the value with its quotes if any."""

    __slots__ = ("name", "value")

    def __init__(self, name: View, value: View | None) -> None:
        self.name = name
        self.value = value

    def __repr__(self) -> str:
        return f"<Property {bytes(self.name)!r}>"


class Result:
    """``method=result`` with its properties, its reason and its comments."""

    __slots__ = ("comments", "method", "properties", "reason", "result", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.method: View | None = None
        self.result: View | None = None
        self.reason: View | None = None
        self.properties: list[Property] = []
        self.comments: list[View] = []

    def property(self, name: bytes) -> View | None:
        """Return the value of the first property of that *name*, given in small letters."""
        return next((p.value for p in self.properties if bytes(p.name).lower() == name), None)

    def __repr__(self) -> str:
        return f"<Result {bytes(self.view)!r}>"


class Results:
    """``server`` is the authserv-id, ``none`` that no check was done, as it says itself."""

    __slots__ = ("comments", "defects", "instance", "none", "results", "server", "version", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.instance: View | None = None
        self.server: View | None = None
        self.version: View | None = None
        self.none: View | None = None
        self.results: list[Result] = []
        self.comments: list[View] = []
        self.defects: list[Defect] = []


def read(value: View) -> Results:
    """Return the results of *value*. Never fails; linear in its length."""
    found = Results(value)
    every = [token for token in lexis.tokens(value) if token.sort != SPACE]
    told = (lexis.token_defect(token) for token in every)
    found.defects = [defect for defect in told if defect is not None]
    found.defects += lexis.octet_defects(value)
    pieces = list(_pieces(every))
    if pieces:
        instance = _instance(pieces[0])
        if instance is not None:
            found.instance = instance
            pieces = pieces[1:]
    _server(found, pieces[0] if pieces else [])
    _results(found, pieces[1:])
    found.defects.sort(key=by_place)
    return found


def _pieces(items: list[Token]) -> Iterator[list[Token]]:
    """Yield the tokens between the semicolons."""
    piece: list[Token] = []
    for token in items:
        if token.sort == lexis.SPECIAL and bytes(token) == b";":
            yield [*piece, token]
            piece = []
        else:
            piece.append(token)
    yield piece


def _words(piece: list[Token]) -> list[View]:
    """Return the words of a piece: runs of tokens that touch, cut at the first equals sign."""
    found: list[View] = []
    for token in piece:
        if token.sort == COMMENT or (token.sort == lexis.SPECIAL and bytes(token) == b";"):
            continue
        if found and found[-1].end == token.start:
            found[-1] = View(token.buffer, found[-1].start, token.end)
        else:
            found.append(View(token.buffer, token.start, token.end))
    return found


def _instance(piece: list[Token]) -> View | None:
    words = _words(piece)
    if not words or len(words) > 3:
        return None
    start, end = words[0].start, words[-1].end
    match = _INSTANCE.compiled.match(words[0].buffer.data, start, end)
    return View(words[0].buffer, *match.span(1)) if match else None


def _server(found: Results, piece: list[Token]) -> None:
    found.comments = [token for token in piece if token.sort == COMMENT]
    words = _words(piece)
    if not words or b"=" in bytes(words[0]):
        found.defects.append(Defect(MISSING_SERVER, words[0] if words else found.view))
        return
    found.server = words[0]
    if len(words) > 1:
        found.version = words[1]
        if bytes(words[1]) != b"1":
            found.defects.append(Defect(UNKNOWN_VERSION, words[1]))


def _results(found: Results, pieces: list[list[Token]]) -> None:
    empty = None
    for number, piece in enumerate(pieces):
        words = _words(piece)
        if not words:
            last = number == len(pieces) - 1
            semicolon = piece[-1] if piece and not last else None
            empty = empty or semicolon
            continue
        if len(words) == 1 and bytes(words[0]).lower() == b"none":
            found.none = words[0]
            continue
        found.results.append(_result(found, piece, words))
    if found.none is not None and found.results:
        found.defects.append(Defect(NONE_WITH_RESULTS, found.none))
    elif empty is not None:
        found.defects.append(Defect(EMPTY_RESULT, empty))
    if not found.results and found.none is None and found.server is not None:
        found.defects.append(Defect(NO_RESULTS, found.server))


def _result(found: Results, piece: list[Token], words: list[View]) -> Result:
    result = Result(View(words[0].buffer, words[0].start, words[-1].end))
    result.comments = [token for token in piece if token.sort == COMMENT]
    pairs = list(_pairs(words))
    for number, (name, value, equals) in enumerate(pairs):
        said = bytes(name)
        if not equals:
            found.defects.append(Defect(MISSING_EQUALS, name))
        elif value is None:
            found.defects.append(Defect(MISSING_VALUE, name))
        if number == 0:
            result.method, result.result = name, value
            if equals and not _METHOD.match(said):
                found.defects.append(Defect(INVALID_PROPERTY, name))
        elif said.lower() == b"reason":
            result.reason = value
        elif equals:
            result.properties.append(Property(name, value))
            if not _PROPERTY.match(said) and is_utf8(said):
                found.defects.append(Defect(INVALID_PROPERTY, name))
    return result


def _pairs(words: list[View]) -> Iterator[tuple[View, View | None, bool]]:
    """Yield each name, its value, and whether an equals sign is between or behind.

    Blanks may stand around the sign (RFC 8601 2.2).
    """
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        at = bytes(word).find(b"=")
        if at < 0:
            if index < len(words) and bytes(words[index])[:1] == b"=":
                sign = words[index]
                index += 1
                value: View | None = sign.sub(1)
            else:
                yield word, None, False
                continue
        else:
            value, word = word.sub(at + 1), word.sub(0, at)
        if not value and index < len(words):
            value = words[index]
            index += 1
        yield word, value or None, True
