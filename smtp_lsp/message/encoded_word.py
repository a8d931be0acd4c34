"""Encoded-words: found, judged, and decoded for a person to read (RFC 2047, RFC 2231 5).

``find`` returns every ``EncodedWord`` of a value with its defects; ``text`` and ``phrase`` return
what a mail program shows of an unstructured value and of a phrase. Where an encoded-word stands
says what it may hold, as its ``place``: ``UNSTRUCTURED``, ``PHRASE``, ``COMMENT``; or that it may
not stand there: ``QUOTED_STRING``, ``ADDR_SPEC``, ``ELSEWHERE`` (in a structured value without
phrases). Lengths are octets.
"""

from __future__ import annotations

from smtp_lsp.grammar import rfc2047
from smtp_lsp.message import charsets, lexis
from smtp_lsp.message.defect import Defect
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match

UNSTRUCTURED = "unstructured"
PHRASE = "phrase"
COMMENT = "comment"
QUOTED_STRING = "quoted-string"
ADDR_SPEC = "addr-spec"
ELSEWHERE = "elsewhere"

# Defects, the view being the word, or the octets of it that are wrong.
WRONG_PLACE = "encoded-word-in-wrong-place"
UNFINISHED = "unfinished-encoded-word"
"""It begins as one and has no ``?=``."""
WHITE_SPACE_INSIDE = "white-space-in-encoded-word"
TOO_LONG = "encoded-word-too-long"
"""More than 75 octets (RFC 2047 2)."""
EMPTY = "empty-encoded-word"
NOT_SEPARATED = "encoded-word-not-separated"
"""It touches text, a word or another encoded-word (RFC 2047 5)."""
TOUCHES_SPECIAL = "encoded-word-touches-special"
"""As ``NOT_SEPARATED``, but what it touches ends a word anyway: ``=?...?=<a@b>``."""
SPECIAL_INSIDE = "special-in-encoded-word"
"""A character in Q-encoded text that a phrase or a comment does not allow (RFC 2047 5)."""
UNKNOWN_CHARSET = "unknown-charset"
UNKNOWN_ENCODING = "unknown-encoding"
BAD_BASE64 = "bad-base64"
BAD_Q = "bad-q"
UNDECODABLE = "undecodable"
"""The octets are no text of the character set."""
SPLIT_CHARACTER = "split-character"
"""A character begins in this word and ends in the next (RFC 2047 5)."""
NOT_BACK_TO_ASCII = "not-back-to-ascii"
"""ISO-2022-JP that does not end in ASCII, as each word must by itself (RFC 2047 3)."""
DECODES_TO_LINE_BREAK = "decodes-to-line-break"
"""CR, LF or NUL come out of it."""
DECODES_TO_CONTROL = "decodes-to-control"

LONGEST = 75
_BLANK = b" \t\r\n"
_ENDS_WORDS = b'<>,;:()"[]'
_BREAKS = ("\r", "\n", "\0")


class EncodedWord:
    """An encoded-word: its parts as views, ``octets`` as decoded, and its ``place``.

    ``text`` is None, and so are the octets, where it is unfinished or its encoding unknown.
    """

    __slots__ = ("charset", "defects", "encoding", "language", "octets", "place", "text", "view")

    def __init__(self, value: View, match: Match[bytes], place: str) -> None:
        buffer = value.buffer
        self.view = View(buffer, *match.span())
        self.charset = View(buffer, *match.span(1))
        self.language = None if match[2] is None else View(buffer, *match.span(2))
        self.encoding = View(buffer, *match.span(3))
        self.text = None if match[4] is None else View(buffer, *match.span(4))
        self.place = place
        self.octets = None if match[4] is None else _octets(match[3], match[4])
        self.defects: list[Defect] = []

    @property
    def is_placed(self) -> bool:
        """Whether a reader may take it for an encoded-word: it stands where one may."""
        return self.octets is not None and not any(
            defect.sort in (WRONG_PLACE, NOT_SEPARATED) for defect in self.defects
        )

    @property
    def decoded(self) -> str | None:
        """What it says by itself, or None where that cannot be told."""
        return None if self.octets is None else charsets.decode(self.octets, bytes(self.charset))

    def __repr__(self) -> str:
        return f"<EncodedWord {bytes(self.view)!r}>"


def _octets(encoding: bytes, text: bytes) -> bytes | None:
    """Return what *text* encodes, as far as it can be told."""
    name = encoding.upper()
    if name == b"Q":
        plain = b"".join(text.split()) if text.split() != [text] else text
        plain = plain.replace(b"_", b" ")
        return rfc2047.ESCAPE.compiled.sub(lambda m: bytes((int(m[1], 16),)), plain)
    if name == b"B":
        return _from_base64(text)
    return None


def _from_base64(text: bytes) -> bytes:
    import binascii

    kept = rfc2047.NOT_BASE64.compiled.sub(b"", text)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def is_tidy(value: View) -> bool:
    """Say whether *value* holds nothing that begins as an encoded-word does."""
    return value.buffer.data.find(b"=?", value.start, value.end) < 0


def find(value: View, default: str = UNSTRUCTURED) -> list[EncodedWord]:
    """Return every encoded-word of *value*, and what begins as one, with its defects.

    *default* is what the value holds outside of comments, quotes and brackets: UNSTRUCTURED
    where these mean nothing, PHRASE where words may be encoded, ELSEWHERE where they may not.
    """
    if is_tidy(value):
        return []
    data = value.buffer.data
    matches = rfc2047.ENCODED_WORD.compiled.finditer(data, value.start, value.end)
    if default == UNSTRUCTURED:
        found = [EncodedWord(value, match, default) for match in matches]
    else:
        found = list(_in_structure(value, default, matches))
    for word in found:
        word.defects = _defects(word, value)
    _judge_characters(found, data)
    return found


def _in_structure(
    value: View, default: str, matches: Iterator[Match[bytes]]
) -> Iterator[EncodedWord]:
    data, regions = value.buffer.data, list(_regions(value))
    number = 0
    for match in matches:
        start, end = match.span()
        while number < len(regions) and regions[number][1] <= start:
            number += 1
        place = default
        if number < len(regions) and regions[number][0] <= start:
            place = regions[number][2]
        elif b"@" in (data[start - 1 : start], data[end : end + 1]):
            place = ADDR_SPEC
        yield EncodedWord(value, match, place)


def _regions(value: View) -> Iterator[tuple[int, int, str]]:
    """Yield where comments, quoted-strings and brackets lie in a structured value."""
    opening = None
    for token in lexis.tokens(value):
        if token.sort == lexis.COMMENT:
            yield token.start, token.end, COMMENT
        elif token.sort == lexis.QUOTED_STRING:
            yield token.start, token.end, QUOTED_STRING
        elif token.sort == lexis.SPECIAL:
            octet = bytes(token)
            if octet == b"<":
                opening = token.end
            elif octet == b">" and opening is not None:
                yield opening, token.end, ADDR_SPEC
                opening = None


def _defects(word: EncodedWord, value: View) -> list[Defect]:
    """Return what is wrong with a word by itself: of its place and shape one, of its text one."""
    if word.text is None:
        known = bytes(word.encoding).upper() in (b"Q", b"B")
        return [Defect(UNFINISHED, word.view)] if known else []
    if word.place in (QUOTED_STRING, ADDR_SPEC, ELSEWHERE):
        return [Defect(WRONG_PLACE, word.view)]
    found: list[Defect] = []
    text = bytes(word.text)
    if text.split() != [text]:
        sort = WHITE_SPACE_INSIDE if text else EMPTY
        found.append(Defect(sort, word.text if text else word.view))
    elif len(word.view) > LONGEST:
        found.append(Defect(TOO_LONG, word.view))
    touching = _touching(word, value)
    if touching:
        found.append(Defect(touching, word.view))
    content = _text_defect(word, text)
    return found if content is None else [*found, content]


def _touching(word: EncodedWord, value: View) -> str:
    """Return how a word fails to stand apart: what it touches on either side."""
    data, view = value.buffer.data, word.view
    before = data[view.start - 1 : view.start] if view.start > value.start else b" "
    behind = data[view.end : view.end + 1] if view.end < value.end else b" "
    if word.place == COMMENT:
        before, behind = (b" " if before == b"(" else before), (b" " if behind == b")" else behind)
    apart = [octet in _BLANK for octet in (before, behind)]
    if all(apart):
        return ""
    special = all(octet in _BLANK + _ENDS_WORDS for octet in (before, behind))
    return TOUCHES_SPECIAL if special and word.place == PHRASE else NOT_SEPARATED


def _text_defect(word: EncodedWord, text: bytes) -> Defect | None:
    assert word.text is not None
    encoding = bytes(word.encoding).upper()
    if encoding not in (b"Q", b"B"):
        return Defect(UNKNOWN_ENCODING, word.encoding)
    if not charsets.is_known(bytes(word.charset)):
        return Defect(UNKNOWN_CHARSET, word.charset)
    if encoding == b"B":
        kept = b"".join(text.split())
        return None if rfc2047.BASE64.match(kept) else Defect(BAD_BASE64, word.text)
    bad = rfc2047.BAD_ESCAPE.search(text) or rfc2047.NOT_PRINTABLE.search(text)
    if bad:
        return Defect(BAD_Q, word.text.sub(bad.start(), bad.start() + 1))
    limits = {PHRASE: rfc2047.NOT_IN_PHRASE, COMMENT: rfc2047.NOT_IN_COMMENT}.get(word.place)
    special = limits.search(text) if limits else None
    return Defect(SPECIAL_INSIDE, word.text.sub(*special.span())) if special else None


def _judge_characters(found: list[EncodedWord], data: bytes) -> None:
    """Tell of words that are no text of their character set, and of what comes out of others."""
    for run in _runs(found, data):
        failed = [word for word in run if word.decoded is None]
        for word in run:
            text = word.decoded
            if text is not None:
                _judge_decoded(word, text)
                if bytes(word.charset)[:11].lower() == b"iso-2022-jp" and _is_shifted(word):
                    word.defects.append(Defect(NOT_BACK_TO_ASCII, word.view))
        if not failed or charsets.codec(bytes(run[0].charset)) is None:
            continue
        joined = charsets.decode(b"".join(w.octets or b"" for w in run), bytes(run[0].charset))
        for word in failed:
            if any(d.sort in (BAD_BASE64, BAD_Q, UNKNOWN_CHARSET) for d in word.defects):
                continue
            word.defects.append(Defect(SPLIT_CHARACTER if joined else UNDECODABLE, word.view))
            if joined:
                break


def _is_shifted(word: EncodedWord) -> bool:
    """Say whether the last escape sequence of a word leads elsewhere than to ASCII or its like."""
    found = rfc2047.LAST_ESCAPE.match(word.octets or b"")
    return found is not None and found[1] not in (b"\x1b(B", b"\x1b(J")


def _judge_decoded(word: EncodedWord, text: str) -> None:
    if any(octet in text for octet in _BREAKS):
        word.defects.append(Defect(DECODES_TO_LINE_BREAK, word.view))
    elif any((c < " " and c != "\t") or "\x7f" <= c < "\xa0" for c in text):
        word.defects.append(Defect(DECODES_TO_CONTROL, word.view))


def _runs(found: list[EncodedWord], data: bytes) -> Iterator[list[EncodedWord]]:
    """Yield the words that a reader joins: of one character set, nothing but blanks between."""
    run: list[EncodedWord] = []
    for word in found:
        if not word.is_placed:
            continue
        if run and not _is_next(run[-1], word, data):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _is_next(one: EncodedWord, other: EncodedWord, data: bytes) -> bool:
    same = bytes(one.charset).lower() == bytes(other.charset).lower()
    return same and not data[one.view.end : other.view.start].strip(_BLANK)


def _spoken(run: list[EncodedWord]) -> str:
    """Return what words of one character set say together; as written where nobody can tell."""
    charset = bytes(run[0].charset)
    codec = charsets.codec(charset)
    if codec is None:
        return " ".join(bytes(word.view).decode("ascii", "replace") for word in run)
    octets = b"".join(word.octets or b"" for word in run)
    return octets.decode(codec, "replace")


def text(value: View) -> str:
    """Return what a mail program shows of an unstructured value (RFC 2047 6.2)."""
    return shown(value, find(value))


def comment(value: View) -> str:
    """Return what a mail program shows of a comment, its parentheses included."""
    return shown(value, find(value, PHRASE))


def shown(value: View, words: list[EncodedWord]) -> str:
    """Return *value* unfolded, those of its encoded-words decoded that stand where they may."""
    data, position = value.buffer.data, value.start
    parts: list[str] = []
    for run in _runs(words, data):
        gap = data[position : run[0].view.start]
        if not parts or gap.strip(_BLANK):
            parts.append(_as_text(gap))
        parts.append(_spoken(run))
        position = run[-1].view.end
    parts.append(_as_text(data[position : value.end]))
    return "".join(parts).strip(" \t\r\n")


def _as_text(octets: bytes) -> str:
    return octets.replace(b"\r", b"").replace(b"\n", b"").decode("utf-8", "replace")


def phrase(value: View) -> str:
    """Return what a mail program shows of a phrase: quotes and comments off, words decoded."""
    words = {word.view.start: word for word in find(value, PHRASE) if word.is_placed}
    data, parts = value.buffer.data, []
    run: list[EncodedWord] = []
    end = value.start
    for token in lexis.tokens(value):
        if token.sort in (lexis.SPACE, lexis.COMMENT):
            continue
        word = words.get(token.start)
        if word is not None and run and _is_next(run[-1], word, data):
            run.append(word)
            end = token.end
            continue
        after_word = bool(run)
        if run:
            parts.append(_spoken(run))
            run = []
        if parts and token.start > end and not (after_word and word is not None):
            parts.append(" ")
        if word is not None:
            run = [word]
        else:
            quoted = token.sort == lexis.QUOTED_STRING
            octets = bytes(lexis.content(token)) if quoted else bytes(token)
            parts.append(_as_text(lexis.unquoted(octets) if quoted else octets))
        end = token.end
    return "".join([*parts, _spoken(run)] if run else parts)
