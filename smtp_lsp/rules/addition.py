"""What a message lacks, and what can be told from the rest of it: fields, a closing delimiter."""

from __future__ import annotations

from smtp_lsp.grammar import rfc5322
from smtp_lsp.message import date as dates
from smtp_lsp.message import mime, transfer
from smtp_lsp.rules import Fix, mending
from smtp_lsp.rules.entities import is_misspelt_close

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.mime import Part
    from smtp_lsp.rules import Hit
    from smtp_lsp.rules.entities import Fault
    from smtp_lsp.text.view import View

    Edit = tuple[int, int, bytes]

_LAST = 253402300799
"""The last second of the year 9999."""
_DIGEST = 32
_OF_FIXED_PARTS = (b"multipart/report", b"multipart/signed", b"multipart/encrypted")
"""What has parts that must be there: one that breaks off lacks more than its last line."""
_MIME_VERSION = b"MIME-Version: 1.0"


# -- Fields -----------------------------------------------------------------------------------


def _place(message: Message) -> Field | None:
    """Return the field below which a new one stands well: From, or the last one.

    Where a line of the header is no field, it is not so sure what belongs to which.
    """
    if message.unreadable or not message.fields:
        return None
    field = message.field("from") or message.fields[-1]
    return field if field.lines.end < message.whole.end else None


def date(message: Message, hit: Hit) -> Hit:
    """Give *hit* the fix that adds a Date: when the first server took the message, else now."""
    field = _place(message)
    if field is None:
        return hit
    taken = _taken(message)

    def write() -> list[Edit]:
        return [mending.behind(message, field, b"Date: " + (taken or _now()))]

    return _added(message, hit, "add-date" if taken else "add-date-now", field, "date", write)


def _added(
    message: Message, hit: Hit, key: str, field: Field, name: str, write: Callable[[], list[Edit]]
) -> Hit:
    stop = field.lines.end
    place = [(stop, stop, b"")]
    new = [(message, name)]
    return mending.mend(
        message, hit, Fix.UNSAFE, key, place, touched=[(stop, stop)], added=new, write=write
    )


def _taken(message: Message) -> bytes:
    """Return when the first server says that it took the message; nothing if none does."""
    for field in reversed(message.named("received")):
        found = field.received.date
        if found is not None and found.utc is not None and found.offset is not None:
            return shown(found.utc, found.offset)
    return b""


def _now() -> bytes:
    import time

    return shown(int(time.time()), 0)


def shown(utc: int, offset: int) -> bytes:
    """Return a date-time as a header has it: seconds since 1970, minutes east of UTC."""
    import time

    local = utc + offset * 60
    if not 0 <= local <= _LAST:
        return b""
    parts = time.gmtime(local)
    weekday = dates.DAYS[parts.tm_wday].decode().title()
    month = dates.MONTHS[parts.tm_mon - 1].decode().title()
    zone = f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}{abs(offset) % 60:02}"
    day = f"{weekday}, {parts.tm_mday:02} {month} {parts.tm_year:04}"
    return f"{day} {parts.tm_hour:02}:{parts.tm_min:02}:{parts.tm_sec:02} {zone}".encode()


def message_id(message: Message, hit: Hit) -> Hit:
    """Give *hit* the fix that adds a Message-ID: of the octets of the message, at From's domain.

    What is made of all octets, a Date among them, is no other message's.
    """
    field, domain = _place(message), _domain(message)
    if field is None or not domain or message.field("date") is None:
        return hit

    def write() -> list[Edit]:
        from hashlib import sha256

        digest = sha256(bytes(message.whole)).hexdigest()[:_DIGEST]
        text = b"Message-ID: <%s@%s>" % (digest.encode(), domain)
        return [mending.behind(message, field, text)]

    return _added(message, hit, "add-message-id", field, "message-id", write)


def _domain(message: Message) -> bytes:
    author = message.field("from")
    for mailbox in author.addresses.mailboxes if author is not None else ():
        if mailbox.domain is not None and not mailbox.defects:
            domain = bytes(mailbox.domain)
            if domain == domain.strip() and rfc5322.TIDY_WORD.match(domain):
                return domain
    return b""


def mime_version(message: Message, hit: Hit, lacking: Sequence[tuple[Message, Field]]) -> Hit:
    """Give *hit* the fix that adds a MIME-Version to each message, above its field of MIME."""
    edits = [mending.above(message, field, _MIME_VERSION) for _, field in lacking]
    added = [(head, "mime-version") for head, _ in lacking]
    return mending.mend(message, hit, Fix.UNSAFE, "add-mime-version", edits, added=added)


# -- Fields that are there twice ------------------------------------------------------------------


def once(message: Message, hit: Hit, repeated: Sequence[Sequence[Field]]) -> Hit:
    """Give *hit* the fix that leaves one of each of the fields *repeated*, if they are the same."""
    edits: list[Edit] = []
    touched = []
    broken = {line.start for line in message.unreadable}
    for fields in repeated:
        if len({bytes(field.value).strip() for field in fields}) != 1:
            return hit
        for field in fields[1:]:
            if field.lines.end in broken:
                return hit  # what follows may belong to it
            edits.append(mending.without(message, field))
            touched.append((field.lines.start, field.lines.end))
    return mending.mend(message, hit, Fix.UNSAFE, "drop-repeated", edits, touched=touched)


# -- Closing delimiters ---------------------------------------------------------------------------


def closing(message: Message, hit: Hit, faults: Iterable[Fault]) -> Hit:
    """Give *hit* the fix that closes every multipart that nothing closes, the innermost first.

    Where a header or a text in base64 breaks off, or a soft line break leads nowhere, the rest is
    missing, and nothing is offered. A close-delimiter that lacks a hyphen gets it.
    """
    wanted = {fault.part.whole.end for fault in faults}
    edits: dict[int, list[bytes]] = {}
    ends: dict[int, Part] = {}
    respelt: list[Edit] = []
    for part in mime.tree(message).walk():
        end = part.whole.end
        if part.is_multipart and part.delimiters and part.close is None and end in wanted:
            if part.media_type in _OF_FIXED_PARTS:
                return hit
            misspelt = [d.view for d in part.defects if is_misspelt_close(part, d)]
            if misspelt:
                last = _respelt(part, misspelt[-1])
                if last is None or respelt:
                    return hit
                respelt.append(last)
                continue
            line_end = mending.line_end(message, part.delimiters[-1].start)
            text = b"--" + (part.boundary or b"") + b"--"
            edits.setdefault(end, []).append(line_end + text)
        elif not part.parts and not part.is_multipart:
            ends[end] = part
    if any(end in ends and _breaks_off(ends[end]) for end in edits):
        return hit
    made = respelt + [
        _closed(message, end, b"".join(reversed(lines))) for end, lines in edits.items()
    ]
    return mending.mend(message, hit, Fix.UNSAFE, "close-multipart", sorted(made))


def _respelt(part: Part, line: View) -> Edit | None:
    """Return the edit that gives a close-delimiter the hyphen that it lacks.

    None where it has more than that to it, or something stands behind it.
    """
    start = line.start + 2 + len(part.boundary or b"")
    data = line.buffer.data
    if data[start : line.end].strip(b" \t") != b"-" or data[line.end : part.whole.end].strip():
        return None
    return start, line.end, b"--"


def _closed(message: Message, end: int, text: bytes) -> Edit:
    """Return the edit that writes delimiters at *end*: of a file, before its last line end."""
    if end == message.whole.end:
        end = message.whole.start + len(bytes(message.whole).removesuffix(_last_end(message)))
    return end, end, text


def _last_end(message: Message) -> bytes:
    tail = bytes(message.whole)[-2:]
    return tail if tail == b"\r\n" else tail[-1:] if tail[-1:] in (b"\n", b"\r") else b""


def _breaks_off(part: Part) -> bool:
    """Say whether a part ends before its author meant it to: in its header, or in a line."""
    if part.message.unreadable or not bytes(part.body).strip():
        return True
    if part.encoding == b"base64":
        sorts = {defect.sort for defect in transfer.check(part.body, part.encoding)}
        return transfer.INCOMPLETE in sorts
    soft = bytes(part.body).rstrip(b"\r\n")[-1:] == b"="
    return part.encoding == b"quoted-printable" and soft
