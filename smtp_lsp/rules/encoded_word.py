"""MIM: encoded-words in header fields, of the message and of its parts (RFC 2047, RFC 2231 5).

A message that quotes or returns another one is not blamed for that one's fields. What looks like
an encoded-word by chance is left alone: the character set or the encoding must be a known one.
"""

from __future__ import annotations

from functools import lru_cache

from smtp_lsp import registry
from smtp_lsp.grammar import rfc2047
from smtp_lsp.message import charsets, encoded_word, mime, syntax
from smtp_lsp.rules import (
    ERROR,
    HINT,
    INTEROPERABILITY,
    MESSAGE,
    SECURITY,
    STYLE,
    WARNING,
    Hit,
    Related,
    rule,
    traits,
)
from smtp_lsp.text.escape import quoted
from smtp_lsp.text.span import Span
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.defect import Defect
    from smtp_lsp.message.encoded_word import EncodedWord

_RELATED = 9
_LONGEST_LINE = 76
_MISPLACED = frozenset((encoded_word.QUOTED_STRING, encoded_word.ADDR_SPEC, encoded_word.ELSEWHERE))
# Where words that are out of place are all that is wrong: what else is read by a grammar of its
# own (a date, a message identifier, tags) is told by the rules about that.
_ADDRESSED = frozenset((syntax.ADDRESSES, syntax.PATH, syntax.LIST_ID, syntax.PHRASES))
_STRUCTURED = frozenset((syntax.RECEIVED, syntax.URIS, syntax.LIST_ID, syntax.STRUCTURED))

Place = tuple["Field", "EncodedWord"]


# -- Where encoded-words are ----------------------------------------------------------------


def _blocks(message: Message) -> Iterator[Message]:
    """Yield the message and those of its parts whose header holds what begins as one does."""
    header = message.header
    data = header.buffer.data
    if data.find(b"=?", header.start, header.end) >= 0:
        yield message
    if message.field("content-type") is None:
        return
    waiting = [mime.tree(message)]
    while waiting:
        part = waiting.pop()
        if part.is_multipart:
            waiting.extend(reversed(part.parts))
        header = part.message.header
        if part.parent is not None and data.find(b"=?", header.start, header.end) >= 0:
            yield part.message


@lru_cache(maxsize=1)
def _fields(message: Message) -> list[Field]:
    """Return the fields that hold what begins as an encoded-word does, those of parts too."""
    return [
        field
        for block in _blocks(message)
        for field in block.fields
        if field.value.buffer.data.find(b"=?", field.value.start, field.value.end) >= 0
    ]


@lru_cache(maxsize=1)
def _words(message: Message) -> list[Place]:
    """Return the encoded-words of the message, in order, each with its field."""
    return [(f, w) for f in _fields(message) for w in f.encoded_words if _is_meant(w)]


def _is_meant(word: EncodedWord) -> bool:
    """Say whether somebody meant to write an encoded-word: one half of its head is known."""
    encoding = bytes(word.encoding).upper() in (b"Q", b"B")
    if word.text is None or word.place in _MISPLACED:
        return encoding and charsets.is_known(bytes(word.charset))
    return encoding or charsets.is_known(bytes(word.charset))


def _defects(message: Message, *sorts: str) -> Iterator[tuple[Field, EncodedWord, Defect]]:
    for field, word in _words(message):
        for defect in word.defects:
            if defect.sort in sorts:
                yield field, word, defect


def _folded(key: str, found: list[tuple[View, View]], severity: str = "") -> Iterator[Hit]:
    """Yield one finding for all of *found*: each a word, and the octets of it that are wrong."""
    if not found:
        return
    word, place = found[0]
    named = {"word": quoted(bytes(word)), "said": quoted(bytes(place))}
    related = [Related("again", where.span()) for _, where in found[1 : _RELATED + 1]]
    yield Hit(key, _shown(place, word), named, related=related, severity=severity)


def _shown(place: View, word: View) -> Span:
    return place.span() if place else word.span()


def _told(message: Message, **keys: str) -> Iterator[Hit]:
    """Yield one finding for each key whose defect, by the name of its constant, is there."""
    by_sort = {getattr(encoded_word, name): key for name, key in keys.items()}
    found: dict[str, list[tuple[View, View]]] = {}
    for _, word, defect in _defects(message, *by_sort):
        found.setdefault(by_sort[defect.sort], []).append((word.view, defect.view))
    for key, places in found.items():
        yield from _folded(key, places)


# -- How they are written -------------------------------------------------------------------


@rule(
    "MIM040",
    "encoded-word-syntax",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    references=("RFC 2047 2", "RFC 2047 7", "RFC 2231 5"),
)
def encoded_word_syntax(message: Message) -> Iterator[Hit]:
    if not _fields(message):
        return
    yield from _told(
        message,
        UNFINISHED="unfinished",
        WHITE_SPACE_INSIDE="white-space",
        EMPTY="empty",
        UNKNOWN_ENCODING="encoding",
    )
    raw = []
    for _, word, defect in _defects(message, encoded_word.BAD_Q):
        if bytes(defect.view) != b"=":
            raw.append((word.view, defect.view))
    yield from _folded("octets", raw)
    yield from _folded("malformed", [(view, view) for view in _malformed(message)])


def _malformed(message: Message) -> Iterator[View]:
    """Yield the words of unstructured values that begin and end as encoded-words do, and are none.

    Only those with Q or B, or a known character set, where these belong.
    """
    for field in _fields(message):
        if field.syntax != syntax.UNSTRUCTURED:
            continue
        known = {word.view.start for word in field.encoded_words}
        data = field.value.buffer.data
        looks_alike = rfc2047.LOOKS_ENCODED.compiled
        for match in looks_alike.finditer(data, field.value.start, field.value.end):
            if match.start() in known:
                continue
            pieces = match[0][2:-2].split(b"?")
            encoding = any(piece.upper() in (b"Q", b"B") for piece in pieces[1:2])
            if encoding or (pieces[0] and charsets.is_known(pieces[0].partition(b"*")[0])):
                yield View(field.value.buffer, *match.span())


@rule(
    "MIM041",
    "encoded-word-75",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2047 2", "RFC 2047 6.1"),
)
def encoded_word_75(message: Message) -> Iterator[Hit]:
    for hit in _told(message, TOO_LONG="long") if _fields(message) else ():
        hit.parameters["octets"] = str(hit.span.end - hit.span.start)
        yield hit


@rule(
    "MIM042",
    "encoded-word-line-76",
    HINT,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    category=STYLE,
    references=("RFC 2047 2",),
)
def encoded_word_line_76(message: Message) -> Iterator[Hit]:
    lines: dict[int, View] = {}
    told: set[int] = set()
    for field, word in _words(message) if _fields(message) else ():
        elsewhere = field.syntax in (syntax.MEDIA, syntax.RECEIVED)
        if elsewhere or word.place == encoded_word.QUOTED_STRING:
            continue  # there it is none
        line = _line(field, word)
        lines[line.start] = line
        if any(defect.sort == encoded_word.TOO_LONG for defect in word.defects):
            told.add(line.start)
    shown = ((line, _text(line)) for start, line in lines.items() if start not in told)
    long = [(line, text) for line, text in shown if len(text) > _LONGEST_LINE]
    if long:
        line, text = long[0]
        related = [Related("again", line.span()) for line, _ in long[1 : _RELATED + 1]]
        first = len(text[:_LONGEST_LINE].encode("utf-8", "surrogateescape"))
        yield Hit("long", line.span(first), {"count": str(len(text))}, related=related)


def _line(field: Field, word: EncodedWord) -> View:
    """Return the line of a field on which a word begins, without its end."""
    data, lines = field.lines.buffer.data, field.lines
    breaks = b"\n" if data.find(b"\n", lines.start, lines.end) >= 0 else b"\r"
    start = data.rfind(breaks, lines.start, word.view.start) + 1
    stop = data.find(breaks, word.view.start, lines.end)
    stop = lines.end if stop < 0 else stop
    stop -= data[stop - 1 : stop] == b"\r"
    return View(lines.buffer, max(start, lines.start), stop)


def _text(line: View) -> str:
    """Return the characters of a line; an octet that is no UTF-8 counts as one."""
    return bytes(line).decode("utf-8", "surrogateescape")


# -- Where they stand -----------------------------------------------------------------------


def _misplaced(message: Message, kinds: frozenset[str], *places: str) -> list[tuple[View, View]]:
    """Return the words in those places of fields of those syntaxes."""
    if not _fields(message):
        return []
    return [
        (word.view, word.view)
        for field, word in _words(message)
        if word.place in places and field.syntax in kinds and word.text is not None
    ]


@rule(
    "MIM043",
    "encoded-word-not-in-addr",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    abused=True,
    enclosed=True,
    references=("RFC 2047 5",),
)
def encoded_word_not_in_addr(message: Message) -> Iterator[Hit]:
    kinds = frozenset((syntax.ADDRESSES, syntax.PATH))
    yield from _folded("address", _misplaced(message, kinds, encoded_word.ADDR_SPEC))


@rule(
    "MIM044",
    "encoded-word-not-quoted",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2047 5",),
)
def encoded_word_not_quoted(message: Message) -> Iterator[Hit]:
    yield from _folded("quoted", _misplaced(message, _ADDRESSED, encoded_word.QUOTED_STRING))


@rule(
    "MIM045",
    "encoded-word-not-in-params",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2047 5", "RFC 2231 4"),
)
def encoded_word_not_in_params(message: Message) -> Iterator[Hit]:
    places = _misplaced(message, frozenset((syntax.MEDIA,)), *_MISPLACED)
    yield from _folded("parameter", places)


@rule(
    "MIM046",
    "encoded-word-not-structured",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    references=("RFC 2047 5",),
    aliases=("encoded-word-not-in-received",),
)
def encoded_word_not_structured(message: Message) -> Iterator[Hit]:
    """Find them in structured fields; in Received not even a comment may have one."""
    for field, word in _words(message) if _fields(message) else ():
        received = field.syntax == syntax.RECEIVED
        if field.syntax in _STRUCTURED and (received or word.place in _MISPLACED):
            quotes = field.syntax == syntax.LIST_ID and word.place == encoded_word.QUOTED_STRING
            if word.text is not None and not quotes:
                named = {"word": quoted(bytes(word.view)), "field": quoted(bytes(field.name))}
                yield Hit("received" if received else "structured", word.view.span(), named)
                return


@rule(
    "MIM047",
    "encoded-word-whitespace",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2047 5", "RFC 2047 6.1"),
)
def encoded_word_whitespace(message: Message) -> Iterator[Hit]:
    """Find words that touch others. Nobody knows how fields that are not registered are written."""
    found = []
    sorts = (encoded_word.NOT_SEPARATED, encoded_word.TOUCHES_SPECIAL)
    for field, word, _ in _defects(message, *sorts) if _fields(message) else ():
        broken = any(defect.sort == encoded_word.WHITE_SPACE_INSIDE for defect in word.defects)
        if registry.header_field(field.key) is not None and not broken:
            found.append((word.view, word.view))
    yield from _folded("touches", found)


@rule(
    "MIM054",
    "encoded-word-phrase-chars",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2047 5",),
)
def encoded_word_phrase_chars(message: Message) -> Iterator[Hit]:
    """Find what ends a word in a phrase or a comment; other characters harm nobody."""
    sort = encoded_word.SPECIAL_INSIDE
    found: dict[str, list[tuple[View, View]]] = {}
    for _, word, _ in _defects(message, sort) if _fields(message) else ():
        comment = word.place == encoded_word.COMMENT
        limits = rfc2047.NOT_IN_COMMENT if comment else rfc2047.ENDS_WORD
        match = limits.search(bytes(word.text)) if word.text is not None else None
        if match and word.text is not None:
            places = found.setdefault("comment" if comment else "phrase", [])
            places.append((word.view, word.text.sub(*match.span())))
    for key, places in found.items():
        yield from _folded(key, places)


# -- What they say --------------------------------------------------------------------------


@rule(
    "MIM048",
    "encoded-word-whole-characters",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2047 3", "RFC 2047 5"),
)
def encoded_word_whole_characters(message: Message) -> Iterator[Hit]:
    if _fields(message):
        yield from _told(message, SPLIT_CHARACTER="split", NOT_BACK_TO_ASCII="shifted")


@rule(
    "MIM049",
    "encoded-word-wellformed",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    references=("RFC 2047 4.1", "RFC 2047 4.2", "RFC 2047 5"),
)
def encoded_word_wellformed(message: Message) -> Iterator[Hit]:
    if not _fields(message):
        return
    yield from _told(message, BAD_BASE64="base64")
    escapes = []
    for _, word, defect in _defects(message, encoded_word.BAD_Q):
        if bytes(defect.view) == b"=":
            escapes.append((word.view, _escape(word, defect)))
    yield from _folded("escape", escapes)


def _escape(word: EncodedWord, defect: Defect) -> View:
    """Return an equals sign and the two characters behind it, as far as the text goes."""
    end = word.view.end if word.text is None else word.text.end
    return View(defect.view.buffer, defect.view.start, min(defect.view.start + 3, end))


@rule(
    "MIM050",
    "encoded-word-charset-mismatch",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    references=("RFC 2047 3", "RFC 2047 6.3"),
)
def encoded_word_charset_mismatch(message: Message) -> Iterator[Hit]:
    found: dict[bytes, list[tuple[View, View]]] = {}
    for _, word, _ in _defects(message, encoded_word.UNDECODABLE) if _fields(message) else ():
        found.setdefault(bytes(word.charset).lower(), []).append((word.view, word.view))
    for charset, places in found.items():
        for hit in _folded("mismatch", places):
            hit.parameters["charset"] = quoted(charset)
            yield hit


@rule(
    "MIM051",
    "encoded-word-charset",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 2047 3", "RFC 2047 6.2"),
)
def encoded_word_charset(message: Message) -> Iterator[Hit]:
    if _fields(message):
        yield from _told(message, UNKNOWN_CHARSET="unknown")


@rule(
    "MIM052",
    "encoded-word-line-break",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    category=SECURITY,
    references=("RFC 2047 5", "RFC 5322 2.2"),
)
def encoded_word_line_break(message: Message) -> Iterator[Hit]:
    """Find line breaks: a trailing one is a slip, text behind one may become a header field."""
    found: dict[str, list[tuple[View, View]]] = {}
    sort = encoded_word.DECODES_TO_LINE_BREAK
    for field, word, _ in _defects(message, sort) if _fields(message) else ():
        text = word.decoded or ""
        if "\n" in text or "\r" in text:
            key = "injection" if _goes_on(field, word, text) else "trailing"
            found.setdefault(key, []).append((word.view, word.view))
    for key, places in found.items():
        yield from _folded(key, places, ERROR if key == "injection" else "")


def _goes_on(field: Field, word: EncodedWord, text: str) -> bool:
    """Say whether text stands behind a line break that comes out of *word*."""
    behind = text.replace("\r", "\n").partition("\n")[2].strip()
    if not behind and word.place == encoded_word.UNSTRUCTURED:
        behind = field.value.buffer.data[word.view.end : field.value.end].strip().decode("latin-1")
    return bool(behind)


@rule(
    "MIM053",
    "encoded-word-control",
    WARNING,
    shape=MESSAGE,
    traits=traits.ENCODED_WORD,
    enclosed=True,
    category=SECURITY,
    references=("RFC 2047 5",),
)
def encoded_word_control(message: Message) -> Iterator[Hit]:
    found = []
    sorts = (encoded_word.DECODES_TO_CONTROL, encoded_word.DECODES_TO_LINE_BREAK)
    for _, word, defect in _defects(message, *sorts) if _fields(message) else ():
        text = word.decoded or ""
        if defect.sort == encoded_word.DECODES_TO_CONTROL or not ("\n" in text or "\r" in text):
            found.append((word.view, word.view))
    yield from _folded("control", found)
