"""Mending a message: where its edits stand in the file, and what is not to be touched.

Rules write an edit in octets of the message's own buffer. Here it is led back to the file: in a
message file that is the same octets; in a script each new line takes the prefix that the line
before it has there. A recording is never altered, nor a chunk, whose BDAT has counted its octets.
What a signature covers is not altered either, and the finding then says by what it is signed.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import SCRIPT
from smtp_lsp.message import WIRE, Message, seal
from smtp_lsp.rules import Fix, Withheld
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from smtp_lsp.message import Field
    from smtp_lsp.rules import Edits, Hit
    from smtp_lsp.session.tree import Exchange, Session

    Edit = tuple[int, int, bytes]
    Stretch = tuple[int, int]

SIGNED = "signed-not-mended"
ENDS = "ends-crlf"
"""What comes first where all lines end in CR: nothing else is mended before that."""


def mend(
    message: Message,
    hit: Hit,
    applicability: str,
    key: str,
    edits: list[Edit] | None,
    *,
    touched: Iterable[Stretch] | None = None,
    added: Iterable[tuple[Message, str]] = (),
    write: Callable[[], list[Edit]] | None = None,
) -> Hit:
    """Give *hit* the fix that *edits* make, or say why there is none; return the hit.

    An edit is ``(start, end, octets)``, offsets of the message's buffer, new lines ended as the
    message ends them; None is no fix. *touched* are the octets that change, where edits say
    more; *added* the names, in small letters, of fields that are new. *write* makes the edits
    when somebody asks for them, at the places and with the line ends of *edits*.
    """
    if not edits or message.recorded or (message.separator == b"\r" and key != ENDS):
        return hit
    stretches = [(start, end) for start, end, _ in edits] if touched is None else touched
    by = signer(message, stretches, added)
    if by:
        hit.withheld = Withheld(key, SIGNED, {"by": by})
        return hit
    if write is not None and message.source is None:
        later = write
        hit.fix = Fix(applicability, key, lambda: located(message, later()) or [])
        return hit
    spans = located(message, edits if write is None else write())
    if spans is not None:
        hit.fix = Fix(applicability, key, spans)
    return hit


def carried(exchange: Exchange, session: Session) -> Message | None:
    """Return the message of a DATA in a script, for what mends content; else None."""
    content, reading = exchange.content, session.reading
    if content is None or exchange.event != "DATA" or reading.dialect.kind != SCRIPT:
        return None
    message = Message(content.view, WIRE)
    message.source = reading.source
    return message


def signer(
    message: Message, touched: Iterable[Stretch], added: Iterable[tuple[Message, str]] = ()
) -> str:
    """Return by what something of *touched*, or of the names *added*, is signed; else nothing."""
    signed = seal.seal(message)
    for start, end in touched:
        by = signed.by(start, end)
        if by:
            return by
    return next(filter(None, (signed.by_name(head, name) for head, name in added)), "")


# -- Back to the file -------------------------------------------------------------------------


def located(message: Message, edits: list[Edit]) -> Edits | None:
    """Return *edits* as edits of the file; None where the file has more there than was said."""
    buffer = message.whole.buffer
    source, separator = message.source, message.separator
    if source is None:
        return [(Span(start, end), text) for start, end, text in edits]
    found: Edits = []
    for start, end, text in edits:
        begin = buffer.origin(start)
        stop = buffer.origin_end(end) if end > start else begin
        prefix = _prefix(message, start)
        if prefix is None:
            return None
        there, said = source.data[begin:stop], buffer.data[start:end]
        if said not in (there, there.replace(separator + prefix, separator)):
            return None
        found.append((Span(begin, stop), text.replace(separator, separator + prefix)))
    return found


def _prefix(message: Message, at: int) -> bytes | None:
    """Return what the script has in front of the line in which the octet *at* of a message is.

    A prefix that does not end in a blank would take the first blank of a new line for its own.
    """
    buffer, separator = message.whole.buffer, message.separator
    data = message.source.data if message.source is not None else buffer.data
    origin = buffer.origin(buffer.data.rfind(separator, 0, at) + 1)
    prefix = data[data.rfind(separator, 0, origin) + 1 : origin]
    return prefix if not prefix or prefix[-1:] in (b" ", b"\t") else None


# -- Lines ------------------------------------------------------------------------------------


def line_end(message: Message, at: int) -> bytes:
    """Return how the line ends in which the octet *at* is; one that has no end as others do."""
    data, whole = message.whole.buffer.data, message.whole
    separator = message.separator
    stop = data.find(separator, at, whole.end)
    if stop < 0:
        stop = data.rfind(separator, whole.start, min(at, whole.end))
    if stop < 0:
        return b"\n"
    crlf = separator == b"\n" and stop > whole.start and data[stop - 1] == 13
    return b"\r\n" if crlf else separator


def behind(message: Message, field: Field, text: bytes) -> Edit:
    """Return the edit that writes *text* as a line below *field*, which is not the last line.

    In a script it comes behind the text of the line: the next one may have lost the blank
    behind its prefix.
    """
    stop = field.value.end if message.source is not None else field.lines.end
    end = line_end(message, field.value.end)
    return stop, stop, end + text if message.source is not None else text + end


def above(message: Message, field: Field, text: bytes) -> Edit:
    """Return the edit that writes *text* as a line above *field*."""
    start = field.lines.start
    return start, start, text + line_end(message, start)


def without(message: Message, field: Field) -> Edit:
    """Return the edit that takes the lines of *field* away, which is not the first field.

    It is the line end before it that goes: where a script has a prefix, that goes as well.
    """
    data, start = message.whole.buffer.data, field.lines.start
    start -= 1
    if message.separator == b"\n" and data[start - 1 : start] == b"\r":
        start -= 1
    return start, field.value.end, b""
