"""Line ends, NUL and other controls in a message at rest.

What lies on disk has the line ends of its system, so ends that are alike say nothing; only
where they mix is something wrong. A part without lines (binary) is not looked into.
"""

from __future__ import annotations

from functools import lru_cache

from smtp_lsp.grammar import Production, injection
from smtp_lsp.message import mime
from smtp_lsp.rules import Fix, Hit, Related
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from smtp_lsp.message import Message

_RELATED = 9

_LF = Production(rb"(?<!\r)\n")
_CRLF = Production(rb"\r\n")
_CR = Production(rb"\r(?!\n)")
_NUL = Production(rb"\0")

_AS_WRITTEN = frozenset((b"7bit", b"8bit"))
_SHIFTS = (14, 15, 27)


@lru_cache(maxsize=1)
def is_binary(message: Message) -> bool:
    """Say whether the message or a part of it is labelled as binary."""
    return any(part.encoding == b"binary" for part in mime.tree(message).walk())


def _lines(message: Message) -> View:
    """Return what consists of lines that belong to the message."""
    whole = message.whole
    start = whole.start
    if message.mbox is not None:
        # The line that a mail folder has put before the message has the folder's line end.
        start = whole.buffer.data.find(b"\n", message.mbox.end, whole.end) + 1 or start
    end = message.header.end if is_binary(message) else whole.end
    return View(whole.buffer, start, max(start, end))


_AROUND = 3
"""How many octets on each side of a dot belong to what some server takes for an end of data."""


def _smuggled(message: Message) -> set[int]:
    """Return the octets around dots that are told with the transaction they let begin."""
    return {
        offset
        for dot, _ in injection.smuggled(message.whole)
        for offset in range(dot.start - _AROUND, dot.end + _AROUND)
    }


def _injected(message: Message) -> set[int]:
    """Return the CRs of a header that are told with the field they try to begin."""
    data = message.whole.buffer.data
    values = (field.value for field in message.fields)
    return {
        match.start()
        for value in values
        for match in injection.fields(data, value.start, value.end)
    }


def _all(
    keys: tuple[str, str], view: View, production: Production, told: AbstractSet[int]
) -> Iterator[Hit]:
    """Report the first place in *view* that matches, and the others with it; not what is *told*.

    *keys* are for one place and for several.
    """
    places: list[View] = []
    count = 0
    for match in production.compiled.finditer(view.buffer.data, view.start, view.end):
        if match.start() in told:
            continue
        count += 1
        if count <= _RELATED + 1:
            places.append(View(view.buffer, *match.span()))
    if places:
        related = [Related("again", place.span()) for place in places[1:]]
        key = keys[count > 1]
        yield Hit(key, places[0].span(), {"count": str(count)}, related=related)


def _alike(
    message: Message,
    hit: Hit,
    view: View,
    production: Production,
    told: AbstractSet[int],
    end: bytes,
) -> Hit:
    """Give *hit* the fix that writes *end* for every line end that matches."""
    from smtp_lsp.rules import mending

    found = production.compiled.finditer(view.buffer.data, view.start, view.end)
    places = [match.span() for match in found if match.start() not in told]
    key = "ends-lf" if end == b"\n" else mending.ENDS
    if production is _CRLF:
        places = [(_cr_start(view, start), stop) for start, stop in places]
    edits = [(start, stop, end) for start, stop in places]
    return mending.mend(message, hit, Fix.UNSAFE, key, edits)


def _cr_start(view: View, start: int) -> int:
    """Return where the CRs of the CRLF at *start* begin: CR CR LF is one line end."""
    data = view.buffer.data
    while start > view.start and data[start - 1] == 13:
        start -= 1
    return start


@lru_cache(maxsize=1)
def _counts(message: Message) -> tuple[int, int, int]:
    """Return how many CRLF, bare LF and bare CR there are."""
    view = _lines(message)
    data, start, end = view.buffer.data, view.start, view.end
    pairs = data.count(b"\r\n", start, end)
    return pairs, data.count(b"\n", start, end) - pairs, data.count(b"\r", start, end) - pairs


def bare_lf(message: Message) -> Iterator[Hit]:
    """Report the fewer ones where lines end in CRLF and in LF alone."""
    view = _lines(message)
    pairs, alone, _ = _counts(message)
    if pairs and alone:
        fewer = alone <= pairs
        key = "mixed-lf" if fewer else "mixed-crlf"
        told = _smuggled(message)
        production, end = (_LF, b"\r\n") if fewer else (_CRLF, b"\n")
        for hit in _all((key, key), view, production, told):
            yield _alike(message, hit, view, production, told, end)


def bare_cr(message: Message) -> Iterator[Hit]:
    """Report CRs without LF, and a message whose lines all end so."""
    view = _lines(message)
    pairs, alone, returns = _counts(message)
    if returns:
        if not pairs and not alone:
            for hit in _all(("only", "only"), view, _CR, frozenset()):
                yield _alike(message, hit, view, _CR, frozenset(), b"\r\n")
        else:
            yield from _all(("one", "many"), view, _CR, _injected(message) | _smuggled(message))


def nul(message: Message) -> Iterator[Hit]:
    view = _lines(message)
    if view.buffer.data.find(b"\0", view.start, view.end) >= 0:
        yield from _all(("one", "many"), view, _NUL, _smuggled(message))


def controls(message: Message, control: Production, shifting: Production) -> Iterator[Hit]:
    """Report what *control* matches in bodies that are as they are written.

    Those of a header and of quoted-printable are told by rules of their own. Where *shifting*
    is found, SO, SI and ESC are the text's.
    """
    if message.sketch or is_binary(message):
        return
    data = message.whole.buffer.data
    bodies = [part.body for part in mime.tree(message).leaves() if part.encoding in _AS_WRITTEN]
    places: list[View] = []
    for body in bodies:
        for found in control.compiled.finditer(data, body.start, body.end):
            places.append(View(body.buffer, *found.span()))
    if places and shifting.search(data, message.whole.start, message.whole.end):
        places = [place for place in places if data[place.start] not in _SHIFTS]
    if places:
        named = {"count": str(len(places)), "octet": f"0x{data[places[0].start]:02X}"}
        related = [Related("again", place.span()) for place in places[1 : _RELATED + 1]]
        key = "one" if len(places) == 1 else "many"
        yield Hit(key, places[0].span(), named, related=related)
