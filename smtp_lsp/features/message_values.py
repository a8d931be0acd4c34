"""What a field's value means, taken apart for a person: one line for each thing to say.

``read`` returns the lines and the octets that they are about. Addresses are split and their
domains shown in both forms (IDNA 2003, as the standard library has it), dates given in UTC and
set against the trace, encoded-words decoded, hops, tags and parts named.
"""

from __future__ import annotations

from smtp_lsp import registry
from smtp_lsp.explain.composed import labelled
from smtp_lsp.message import mime, syntax, transfer
from smtp_lsp.pages import phrase
from smtp_lsp.text.escape import code_span, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from smtp_lsp.message import Field
    from smtp_lsp.message.address import Mailbox
    from smtp_lsp.message.encoded_word import EncodedWord
    from smtp_lsp.message.mime import Part
    from smtp_lsp.message.parameters import Value
    from smtp_lsp.message.received import Received
    from smtp_lsp.text.view import View

_LONGEST = 300
_LONGEST_DOMAIN = 255
_LONGEST_TAG = 24
_MOST_PARAMETERS = 20
_MINUTE, _HOUR, _DAY = 60, 3600, 86400

# Tags of DKIM-Signature (RFC 6376 3.5), ARC (RFC 8617 4.1) and DomainKeys.
_TAGS = frozenset(
    ("a", "b", "bh", "c", "cv", "d", "h", "i", "l", "q", "s", "t", "v", "x", "z"),
)
_TIMES = (b"t", b"x")


class Asked:
    """What is asked: about the value of *field* in the header of *part*, at *offset*."""

    __slots__ = ("field", "line", "locale", "offset", "part")

    def __init__(
        self, part: Part, field: Field, offset: int, locale: str, line: Callable[[int], int]
    ) -> None:
        self.part = part
        self.field = field
        self.offset = offset
        self.locale = locale
        self.line = line

    def touches(self, view: View) -> bool:
        span = view.span()
        return span.start <= self.offset <= span.end

    def say(self, key: str, text: str) -> str:
        return labelled(self.locale, key, text)

    def phrase(self, key: str, **named: str) -> str:
        return phrase(self.locale, key, named)


def read(asked: Asked) -> tuple[list[str], View]:
    """Return what is to be said about a value, and where; no line where there is nothing."""
    how = asked.field.syntax
    word = next((w for w in asked.field.encoded_words if asked.touches(w.view)), None)
    if word is not None and word.text is not None and how not in (syntax.ADDRESSES, syntax.MEDIA):
        return _encoded_word(asked, word), word.view
    readers = {
        syntax.ADDRESSES: _addresses,
        syntax.PATH: _path,
        syntax.DATE: _date,
        syntax.RECEIVED: _received,
        syntax.MEDIA: _media,
        syntax.TAGS: _tags,
    }
    reader = readers.get(how)
    if reader is None and asked.field.key == "content-transfer-encoding":
        reader = _media
    if reader is not None:
        return reader(asked)
    return [], asked.field.value


def shown(text: str, longest: int = _LONGEST) -> str:
    """Return *text* as a code span, cut where it is long."""
    text = visible(" ".join(text[: longest * 4].split()))
    return code_span(text if len(text) <= longest else f"{text[: longest - 1]}…")


def _octets(view: View, longest: int = _LONGEST) -> str:
    return shown(bytes(view)[: longest * 4].decode("utf-8", "replace"), longest)


# -- Addresses ------------------------------------------------------------------------------


def _addresses(asked: Asked) -> tuple[list[str], View]:
    from smtp_lsp.message.address import Group

    for address in asked.field.addresses.addresses:
        if not asked.touches(address.view):
            continue
        if not isinstance(address, Group):
            return _mailbox(asked, address), address.view
        group = [asked.say("mail-group", shown(address.name))]
        for mailbox in address.mailboxes:
            if asked.touches(mailbox.view):
                return group + _mailbox(asked, mailbox), mailbox.view
        count = str(len(address.mailboxes))
        return [*group, asked.phrase("mail-group-holds", count=count)], address.view
    return [], asked.field.value


def _path(asked: Asked) -> tuple[list[str], View]:
    mailbox = asked.field.path
    if mailbox.address is None:
        null = b"".join(bytes(mailbox.view).split()) == b"<>"
        return [asked.phrase("mail-null-path")] if null else [], mailbox.view
    return _mailbox(asked, mailbox), mailbox.view


def _mailbox(asked: Asked, mailbox: Mailbox) -> list[str]:
    lines = []
    if mailbox.name:
        lines.append(asked.say("mail-name", shown(mailbox.name)))
    if mailbox.address is not None:
        address = bytes(mailbox.address).decode("utf-8", "replace")
        lines.append(asked.say("mail-address", shown(address)))
    if mailbox.local_part is not None:
        lines.append(asked.say("mail-local-part", _octets(mailbox.local_part)))
    if mailbox.domain is not None:
        lines.append(asked.say("mail-domain", _octets(mailbox.domain)))
        lines += _labels(asked, bytes(mailbox.domain))
    return lines


def _labels(asked: Asked, domain: bytes) -> list[str]:
    """Return the other form of an internationalized domain, if it has one."""
    if len(domain) > _LONGEST_DOMAIN:
        return []
    try:
        if not domain.isascii():
            return [asked.say("mail-a-label", shown(domain.decode().encode("idna").decode()))]
        if b"xn--" in domain.lower():
            return [asked.say("mail-u-label", shown(domain.decode("idna")))]
    except (UnicodeError, ValueError):
        return [asked.phrase("mail-no-idna")]
    return []


# -- Times ----------------------------------------------------------------------------------


def utc(seconds: int) -> str:
    """Return a time as ``2026-03-02 10:00:00 UTC``; seconds are since 1970."""
    days, rest = divmod(seconds, _DAY)
    # Days of years that begin in March, in eras of 400 years: the reverse of days_since_1970.
    era, of_era = divmod(days + 719468, 146097)
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    year += era * 400 + (month <= 2)
    hour, rest = divmod(rest, _HOUR)
    minute, second = divmod(rest, _MINUTE)
    return f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC"


def duration(seconds: int, locale: str) -> str:
    """Return how long something took, in its two largest units."""
    rest = abs(seconds)
    parts: list[str] = []
    for unit, size in (("days", _DAY), ("hours", _HOUR), ("minutes", _MINUTE), ("seconds", 1)):
        count, rest = divmod(rest, size)
        if count or (size == 1 and not parts):
            parts.append(phrase(locale, f"unit-{unit}", {"count": str(count)}))
        elif parts:
            break
    return " ".join(parts[:2])


def _date(asked: Asked) -> tuple[list[str], View]:
    date = asked.field.date
    if date.utc is None:
        return [], date.view
    lines = [asked.say("mail-utc", f"`{utc(date.utc)}`")]
    hops = asked.part.message.named("received")
    if asked.field.key == "date" and hops:
        lines += _until(asked, date.utc, hops[-1])
    return lines, date.view


def _until(asked: Asked, start: int, hop: Field) -> list[str]:
    """Return how long before the first hop a time is."""
    reached = hop.received.date
    if reached is None or reached.utc is None:
        return []
    key = "before-first-hop" if reached.utc >= start else "after-first-hop"
    named = {
        "span": duration(reached.utc - start, asked.locale),
        "line": str(asked.line(hop.name.span().start)),
    }
    return [phrase(asked.locale, key, named)]


# -- Hops -----------------------------------------------------------------------------------


def _received(asked: Asked) -> tuple[list[str], View]:
    hops = asked.part.message.named("received")
    number = next((n for n, hop in enumerate(hops) if hop is asked.field), 0)
    received = asked.field.received
    count, place = str(len(hops)), str(len(hops) - number)
    lines = [asked.phrase("hop", number=place, count=count), *_clauses(asked, received)]
    if received.date is not None and received.date.utc is not None:
        lines.append(asked.say("mail-utc", f"`{utc(received.date.utc)}`"))
        if number + 1 < len(hops):
            lines += _since(asked, received.date.utc, hops[number + 1])
    return lines, asked.field.value


def _clauses(asked: Asked, received: Received) -> list[str]:
    lines = []
    for clause in received.clauses:
        name = bytes(clause.name).lower().decode("ascii")
        if name in ("from", "by", "via", "with", "id", "for") and clause.value is not None:
            text = _octets(clause.value)
            if name == "with":
                text = " ".join((text, _protocol(asked, bytes(clause.value))))
            elif name == "from" and clause.tcp_info is not None:
                text += " " + _octets(clause.tcp_info[1])
            lines.append(asked.say(f"hop-{name}", text))
    return lines


def _protocol(asked: Asked, said: bytes) -> str:
    """Return what a value of WITH means, in parentheses; nothing for what is not registered."""
    wanted = said.decode("ascii", "replace").upper()
    row = next((r for r in registry.table("with_protocols") if r["name"] == wanted), None)
    if row is None:
        return ""
    words = [asked.phrase(f"protocol-{row['transport']}")]
    words += [asked.phrase(f"protocol-{k}") for k in ("tls", "auth", "utf8") if row[k] == "yes"]
    return f"({', '.join(words)})"


def _since(asked: Asked, reached: int, earlier: Field) -> list[str]:
    date = earlier.received.date
    if date is None or date.utc is None:
        return []
    key = "hop-delay" if reached >= date.utc else "hop-early"
    span = duration(reached - date.utc, asked.locale)
    line = str(asked.line(earlier.name.span().start))
    return [asked.phrase(key, span=span, line=line)]


# -- Encoded-words --------------------------------------------------------------------------


def _encoded_word(asked: Asked, word: EncodedWord) -> list[str]:
    lines = []
    if word.decoded is not None:
        lines.append(asked.say("word-decoded", shown(word.decoded)))
    lines.append(asked.say("word-charset", _octets(word.charset)))
    encoding = bytes(word.encoding).upper()
    known = {b"Q": "word-q", b"B": "word-b"}.get(encoding)
    if known:
        lines.append(asked.say("word-encoding", asked.phrase(known)))
    if len(asked.field.encoded_words) > 1 or bytes(asked.field.value).strip() != bytes(word.view):
        lines.append(asked.say("word-whole", shown(asked.field.text)))
    return lines


# -- Parts ----------------------------------------------------------------------------------


def _media(asked: Asked) -> tuple[list[str], View]:
    part, field = asked.part, asked.field
    value = {
        "content-type": part.content_type,
        "content-disposition": part.disposition,
    }.get(field.key)
    if value is not None and value.view.start != field.value.start:
        value = None  # a second field of the name, which nobody reads
    lines = [] if value is None else _parameters(asked, value)
    return lines + part_lines(part, asked.locale), field.value


def _parameters(asked: Asked, value: Value) -> list[str]:
    if value.kind is None:
        return []
    kind = value.media_type or value.token
    lines = [asked.say("value-type", shown(kind.decode("utf-8", "replace")))]
    for name, attribute in list(value.attributes.items())[:_MOST_PARAMETERS]:
        said = shown(attribute.text)
        if attribute.charset:
            said += f" ({shown(attribute.charset.decode('ascii', 'replace'))})"
        lines.append(_pair(asked.locale, name, said))
    return lines


def _pair(locale: str, name: bytes, said: str) -> str:
    from smtp_lsp.explain.composed import with_text

    return with_text(locale, shown(name.decode("utf-8", "replace")), said)


def part_lines(part: Part, locale: str) -> list[str]:
    """Return where a part is in its message, what it is, and how large."""
    path = part.path
    place = phrase(locale, "part-path", {"path": path}) if path else phrase(locale, "part-whole")
    lines = [
        place,
        labelled(locale, "part-type", shown(part.media_type.decode("utf-8", "replace"))),
    ]
    if part.is_multipart:
        lines.append(phrase(locale, "part-holds", {"count": str(len(part.parts))}))
    size = len(part.body)
    named = {"octets": str(size), "encoding": part.encoding.decode("ascii", "replace")}
    if not part.parts and part.encoding in mime.ENCODINGS:
        named["decoded"] = str(transfer.decoded_size(part.body, part.encoding))
        named["encoding"] = code_span(visible(named["encoding"]))
        lines.append(phrase(locale, "part-size-decoded", named))
    else:
        lines.append(phrase(locale, "part-size", named))
    return lines


# -- Tags -----------------------------------------------------------------------------------


def _tags(asked: Asked) -> tuple[list[str], View]:
    arc = asked.field.key.startswith("arc-")
    lines = []
    tags = asked.field.tags
    for tag in tags.tags[:_MOST_PARAMETERS]:
        name = bytes(tag.name).decode("utf-8", "replace")
        value = tag.octets.decode("utf-8", "replace")
        if bytes(tag.name) in _TIMES and value.isascii() and value.isdigit() and len(value) < 12:
            said = f"`{utc(int(value))}`"
        elif name in ("b", "bh"):
            said = shown(value, _LONGEST_TAG)
        else:
            said = shown(" ".join(bytes(tag.value or b"").decode("utf-8", "replace").split()))
        key = "tag-i-arc" if arc and name == "i" else f"tag-{name}"
        known = f" ({asked.phrase(key)})" if name in _TAGS else ""
        lines.append(_pair(asked.locale, bytes(tag.name), said) + known)
    selector, domain = tags.tag(b"s"), tags.tag(b"d")
    if selector is not None and domain is not None:
        place = b"%b._domainkey.%b" % (selector.octets, domain.octets)
        lines.append(asked.say("tag-key", shown(place.decode("utf-8", "replace"))))
    return lines, asked.field.value
