"""Words of header fields, written as RFC 5322 and RFC 2047 have them: names, dates, octets."""

from __future__ import annotations

from bisect import bisect_left

from smtp_lsp.grammar import Production
from smtp_lsp.message import address, charsets, lexis, mime, syntax
from smtp_lsp.message import date as dates
from smtp_lsp.message.lexis import ATOM, COMMENT, QUOTED_STRING
from smtp_lsp.rules import Fix, mending
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.address import Mailbox
    from smtp_lsp.message.defect import Defect
    from smtp_lsp.rules import Hit

    Edit = tuple[int, int, bytes]


# -- Display names ----------------------------------------------------------------------------


def quote_names(message: Message, hit: Hit, field: Field, defects: Iterable[Defect]) -> Hit:
    """Give *hit* the fix that puts quotes around the names in which *defects* are.

    A name that holds quotes, comments or encoded-words means something else in quotes.
    """
    edits: list[Edit] = []
    holders = _holders(field)
    for defect in defects:
        mailbox = holders.get(id(defect))
        name = mailbox.display_name if mailbox is not None else None
        if name is None or not _may_be_quoted(name):
            return hit
        edits.append((name.start, name.end, b'"%b"' % bytes(name)))
    return mending.mend(message, hit, Fix.SAFE, "quote-name", edits)


def _holders(field: Field) -> dict[int, Mailbox]:
    """Return the mailboxes by the defects that are theirs."""
    return {id(defect): each for each in field.addresses.mailboxes for defect in each.defects}


def _may_be_quoted(name: View) -> bool:
    """Say whether a name is words and specials that quotes leave as they are."""
    said = bytes(name)
    if b"=?" in said or b'"' in said or b"\\" in said:
        return False
    return not any(token.sort == COMMENT or not token.closed for token in lexis.tokens(name))


def quote_comma(message: Message, hit: Hit, field: Field, defects: Iterable[Defect]) -> Hit:
    """Give *hit* the fix that makes one name in quotes of ``Doe, John`` before the brackets.

    Where something else is wrong with the list it is not so sure what belongs to the name.
    """
    if any(defect.sort != address.COMMA_IN_DISPLAY_NAME for defect in field.defects):
        return hit
    edits: list[Edit] = []
    holders = _holders(field)
    names = [m.display_name for m in field.addresses.mailboxes if m.angle and m.display_name]
    for defect in defects:
        first = holders.get(id(defect))
        at = bisect_left(names, defect.view.end, key=_start)
        if first is None or at == len(names):
            return hit
        name = View(first.view.buffer, first.view.start, names[at].end)
        if not _may_be_quoted(name) or bytes(name).count(b",") != 1:
            return hit
        edits.append((name.start, name.end, b'"%b"' % bytes(name)))
    return mending.mend(message, hit, Fix.UNSAFE, "quote-names-as-one", edits)


def _start(name: View) -> int:
    return name.start


# -- Dates ------------------------------------------------------------------------------------


def weekday(message: Message, hit: Hit, defect: Defect, name: str) -> Hit:
    """Give *hit* the fix that writes the day of the week that the date was."""
    hit.parameters["wanted"] = name
    edit = (defect.view.start, defect.view.end, name.encode("ascii"))
    return mending.mend(message, hit, Fix.SAFE, "write-as", [edit])


def zone(message: Message, hit: Hit, field: Field, defect: Defect) -> Hit:
    """Give *hit* the fix that writes an obsolete zone in digits (RFC 5322 4.3)."""
    offset = field.date.offset
    if offset is None:
        return hit
    digits = f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}{abs(offset) % 60:02}"
    wanted = "-0000" if defect.sort == dates.MILITARY_ZONE else digits
    hit.parameters["wanted"] = wanted
    edit = (defect.view.start, defect.view.end, wanted.encode("ascii"))
    return mending.mend(message, hit, Fix.SAFE, "write-as", [edit])


# -- Octets above 127 -------------------------------------------------------------------------

_WORDS = Production(rb"[^ \t\r\n]++")
_LONGEST = 75
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")


def encode_words(message: Message, hit: Hit, fields: Iterable[Field]) -> Hit:
    """Give *hit* the fix that writes what no reader can tell the letters of as encoded-words.

    Words that are UTF-8 are taken for that; for the others it takes a Content-Type that names
    their character set. Comments, addresses and other syntaxes are left alone.
    """
    charset = _charset(message)
    edits: list[Edit] = []
    for field in fields:
        found = _encoded_field(field, charset)
        if not found:
            return hit
        edits += found
    return mending.mend(message, hit, Fix.UNSAFE, "encode-words", edits)


def _charset(message: Message) -> str:
    """Return the character set that was asked for, or the first one that a part names.

    It is one in which ASCII is what it is.
    """
    if message.charset:
        return charsets.registered(message.charset.encode())
    for part in mime.tree(message).walk():
        view = part.content_type.get(b"charset") if part.content_type is not None else None
        name = bytes(view) if view is not None else b""
        if charsets.extends_ascii(name) and charsets.codec(name) not in ("ascii", "utf-8"):
            return charsets.preferred(name) or name.decode("ascii")
    return ""


def _encoded_field(field: Field, charset: str) -> list[Edit] | None:
    """Return the edits that encode every word of a field with octets above 127, or None."""
    edits: list[Edit] = []
    for stretch in _stretches(field):
        text = _decoded(bytes(stretch), charset)
        if text is None:
            return None
        edits.append((stretch.start, stretch.end, _apart(field, stretch, _encoded(*text))))
    left = bytearray(bytes(field.value))
    for start, end, _ in edits:
        left[start - field.value.start : end - field.value.start] = b"x" * (end - start)
    return edits if left.isascii() else None


def _apart(field: Field, stretch: View, words: Iterator[bytes]) -> bytes:
    """Return encoded-words with a blank where something touches them (RFC 2047 5)."""
    data = stretch.buffer.data
    before = data[field.value.start : stretch.start][-1:]
    behind = data[stretch.end : field.value.end][:1]
    left = b" " if before.strip() else b""
    right = b" " if behind.strip() else b""
    return left + b" ".join(words) + right


def _stretches(field: Field) -> Iterator[View]:
    """Yield the words that hold octets above 127, neighbours on one line together."""
    if field.syntax == syntax.UNSTRUCTURED:
        yield from _joined(field.value, _raw_words(field.value))
    elif field.syntax == syntax.ADDRESSES:
        for mailbox in field.addresses.mailboxes:
            if mailbox.display_name is not None and not mailbox.defects:
                yield from _joined(mailbox.display_name, _raw_tokens(mailbox.display_name))


def _raw_words(value: View) -> Iterator[View]:
    for match in _WORDS.compiled.finditer(value.buffer.data, value.start, value.end):
        if not match[0].isascii() and b"=?" not in match[0]:
            yield View(value.buffer, *match.span())


def _raw_tokens(name: View) -> Iterator[View]:
    for token in lexis.tokens(name):
        plain = token.sort == ATOM or (token.sort == QUOTED_STRING and token.closed)
        if plain and not bytes(token).isascii() and b"=?" not in bytes(token):
            yield token


def _joined(value: View, words: Iterator[View]) -> Iterator[View]:
    """Yield *words*, those together that only blanks part: blanks between encoded-words vanish."""
    data = value.buffer.data
    held: View | None = None
    for word in words:
        between = data[held.end : word.start] if held is not None else b""
        if held is not None and between and not between.strip(b" \t") and _alike(held, word):
            held = View(value.buffer, held.start, word.end)
            continue
        if held is not None:
            yield held
        held = word
    if held is not None:
        yield held


def _alike(one: View, other: View) -> bool:
    """Say whether two words may be one text: neither in quotes, both UTF-8 or neither."""
    first, second = bytes(one), bytes(other)
    return b'"' not in first + second and lexis.is_utf8(first) == lexis.is_utf8(second)


def _decoded(octets: bytes, charset: str) -> tuple[str, str] | None:
    """Return what *octets* say and in which character set, None where that is not known."""
    if octets[:1] == b'"':
        octets = lexis.unquoted(octets[1:-1])
    for name in ("UTF-8", charset):
        text = charsets.decode(octets, name.encode()) if name else ""
        if text and text.isprintable() and text.encode(name) == octets:
            return text, name
    return None


def _encoded(text: str, charset: str) -> Iterator[bytes]:
    """Yield encoded-words in Q that say *text*, each of 75 octets at most (RFC 2047 2, 4.2)."""
    head = b"=?%b?Q?" % charset.encode("ascii")
    held: list[bytes] = []
    room = _LONGEST - len(head) - 2
    for character in text:
        octets = character.encode(charset)
        said = b"".join(
            b"_" if octet == 32 else bytes((octet,)) if octet in _PLAIN else b"=%02X" % octet
            for octet in octets
        )
        if sum(map(len, held)) + len(said) > room:
            yield head + b"".join(held) + b"?="
            held = []
        held.append(said)
    yield head + b"".join(held) + b"?="
