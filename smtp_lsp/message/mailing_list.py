"""What mailing lists say of themselves: List-* with URIs, List-Id, List-Unsubscribe-Post.

RFC 2369 2 and 3 (List-Help, List-Subscribe ...), RFC 2919 3 (List-Id), RFC 8058 3.1.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production, rfc2047, rfc5322
from smtp_lsp.message import lexis
from smtp_lsp.message.defect import Defect, by_place
from smtp_lsp.message.lexis import COMMENT, SPACE, SPECIAL
from smtp_lsp.text.view import View

# Of URIs.
MISSING_BRACKETS = "missing-brackets"
"""What stands outside of brackets and is neither a comment nor ``NO``."""
UNCLOSED = "unclosed-bracket"
EMPTY_URI = "empty-uri"
NO_SCHEME = "no-scheme"
MISSING_COMMA = "missing-comma"
EXTRANEOUS_COMMA = "extraneous-comma"
EMPTY_LIST = "empty-list"

# Of a List-Id.
MISSING_ID = "missing-list-id"
INVALID_ID = "invalid-list-id"
"""Not a dot-atom of two parts at least: ``<list.domain>``."""
UNQUOTED_PHRASE = "unquoted-phrase"
"""Specials before the brackets that no phrase has; a period is let pass."""
TEXT_BEHIND = "text-behind-list-id"

ONE_CLICK = b"List-Unsubscribe=One-Click"

_PIECE = Production(rb"(<[^<>]*+>)|(,)|([ \t\r\n]++)|([^<>,()\s]++)|(\()|(.)", 16)
_SCHEME = Production(rb"[A-Za-z][A-Za-z0-9+.-]*+:")
_LIST_ID = Production(rb"%b(?:\.%b)++\Z" % (rfc5322.ATEXT + rb"++", rfc5322.ATEXT + rb"++"))
_TIDY_URI = rb"<[A-Za-z][A-Za-z0-9+.-]*+:[!-;=?-~]++>"
_NEXT = rb"%b,%b" % (rfc5322.OPTIONAL_FWS, rfc5322.OPTIONAL_FWS)
_TIDY_URIS = Production(
    rb"%b%b(?:%b%b)*+%b\Z"
    % (rfc5322.OPTIONAL_FWS, _TIDY_URI, _NEXT, _TIDY_URI, rfc5322.OPTIONAL_FWS)
)
_NO_WORDS = (SPECIAL, lexis.PAIR, lexis.DOMAIN_LITERAL)
_IN_TIDY = Production(rb"<([^>]*+)>")


class Uris:
    """The ``uris`` of a List-* field, each without its brackets; ``no`` is ``NO`` (3.4)."""

    __slots__ = ("comments", "defects", "no", "uris", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.uris: list[View] = []
        self.no: View | None = None
        self.comments: list[View] = []
        self.defects: list[Defect] = []


class ListId:
    """A List-Id: its ``phrase`` or None, and what its brackets hold as ``identifier``."""

    __slots__ = ("defects", "identifier", "phrase", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.phrase: View | None = None
        self.identifier: View | None = None
        self.defects: list[Defect] = []


def uris(value: View) -> Uris:
    """Return the URIs of *value*. Never fails; linear in its length."""
    found, buffer = Uris(value), value.buffer
    if _TIDY_URIS.compiled.match(buffer.data, value.start, value.end):
        for match in _IN_TIDY.compiled.finditer(buffer.data, value.start, value.end):
            found.uris.append(View(buffer, *match.span(1)))
        return found
    found.defects = lexis.octet_defects(value)
    if rfc2047.ENCODED_WORD.compiled.search(buffer.data, value.start, value.end):
        return found  # told as an encoded-word, which hides the URIs
    _read(found, value)
    found.defects.sort(key=by_place)
    return found


def _read(found: Uris, value: View) -> None:
    """Read URIs, in which neither quotes nor parentheses mean anything, and comments between."""
    buffer, position, end = value.buffer, value.start, value.end
    comma: View | None = None
    separated, loose = True, False
    while position < end:
        for match in _PIECE.compiled.finditer(buffer.data, position, end):
            piece, kind = View(buffer, *match.span()), match.lastindex
            position = match.end()
            if kind == 1:
                if not separated:
                    found.defects.append(Defect(MISSING_COMMA, piece.sub(0, 1)))
                _add_uri(found, piece)
                separated, loose, comma = False, False, None
            elif kind == 2:
                if separated and not loose:
                    found.defects.append(Defect(EXTRANEOUS_COMMA, piece))
                separated, loose, comma = True, False, piece
            elif kind == 5:
                rest = View(buffer, match.start(), end)
                comment = next(lexis.tokens(rest))
                position = comment.end
                found.comments.append(comment)
                defect = lexis.token_defect(comment)
                if defect is not None:
                    found.defects.append(defect)
                break
            elif kind != 3 and not loose:
                _add_loose(found, piece)
                loose, comma = True, None
    if comma is not None and not any(d.view is comma for d in found.defects):
        found.defects.append(Defect(EXTRANEOUS_COMMA, comma))
    if not found.uris and found.no is None and not found.defects:
        found.defects.append(Defect(EMPTY_LIST, value))


def _add_uri(found: Uris, piece: View) -> None:
    uri = piece.sub(1, len(piece) - 1)
    found.uris.append(uri)
    said = b"".join(bytes(uri).split())
    if not said:
        found.defects.append(Defect(EMPTY_URI, piece))
    elif not _SCHEME.match(said):
        found.defects.append(Defect(NO_SCHEME, uri))


def _add_loose(found: Uris, piece: View) -> None:
    if bytes(piece).upper() == b"NO" and not found.uris and found.no is None:
        found.no = piece
    elif bytes(piece) in (b"<", b">"):
        found.defects.append(Defect(UNCLOSED, piece))
    else:
        found.defects.append(Defect(MISSING_BRACKETS, piece))


def list_id(value: View) -> ListId:
    """Return what a List-Id holds. Never fails; linear in its length."""
    found = ListId(value)
    every = [token for token in lexis.tokens(value) if token.sort != SPACE]
    found.defects = [d for d in map(lexis.token_defect, every) if d is not None]
    found.defects += lexis.octet_defects(value)
    said = [bytes(token) if token.sort == SPECIAL else b"" for token in every]
    opening = said.index(b"<") if b"<" in said else -1
    closing = said.index(b">", opening) if opening >= 0 and b">" in said[opening:] else -1
    if closing < 0:
        if not found.defects:
            found.defects.append(Defect(MISSING_ID, _said(value)))
        return found
    inner = View(value.buffer, every[opening].end, every[closing].start)
    found.identifier = inner
    if not _LIST_ID.match(bytes(inner)):
        found.defects.append(Defect(INVALID_ID, inner or View(value.buffer, *_around(inner))))
    if opening:
        found.phrase = View(value.buffer, every[0].start, every[opening - 1].end)
        bad = [t for t in every[:opening] if t.sort in _NO_WORDS and bytes(t) not in (b".", b")")]
        if bad:
            found.defects.append(Defect(UNQUOTED_PHRASE, bad[0]))
    behind = [token for token in every[closing + 1 :] if token.sort != COMMENT]
    if behind:
        found.defects.append(Defect(TEXT_BEHIND, behind[0]))
    found.defects.sort(key=by_place)
    return found


def _said(value: View) -> View:
    """Return *value* without the blanks around it, or all of it where there is nothing else."""
    octets = bytes(value)
    start = len(octets) - len(octets.lstrip())
    return value.sub(start, len(octets.rstrip())) if octets.strip() else value


def _around(inner: View) -> tuple[int, int]:
    return inner.start - 1, inner.end + 1
