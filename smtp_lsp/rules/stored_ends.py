"""Line ends and NUL in a message at rest.

What lies on disk has the line ends of its system, so ends that are alike say nothing; only
where they mix is something wrong. A part without lines (binary) is not looked into.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production
from smtp_lsp.rules import Hit, Related
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Message

_RELATED = 9

# A part that has no lines (RFC 2045 2.9).
_BINARY = Production(rb"(?im)^content-transfer-encoding[ \t]*:[ \t]*binary")
_LF = Production(rb"(?<!\r)\n")
_CRLF = Production(rb"\r\n")
_CR = Production(rb"\r(?!\n)")
_NUL = Production(rb"\0")


def is_binary(message: Message) -> bool:
    """Say whether the message or a part of it is labelled as binary."""
    whole = message.whole
    return _BINARY.search(whole.buffer.data, whole.start, whole.end) is not None


def _lines(message: Message) -> View:
    """Return what consists of lines that belong to the message."""
    whole = message.whole
    start = whole.start
    if message.mbox is not None:
        # The line that a mail folder has put before the message has the folder's line end.
        start = whole.buffer.data.find(b"\n", message.mbox.end, whole.end) + 1 or start
    end = message.header.end if is_binary(message) else whole.end
    return View(whole.buffer, start, max(start, end))


def _all(key: str, view: View, production: Production) -> Iterator[Hit]:
    """Report the first place in *view* that matches, and the others with it."""
    places: list[View] = []
    count = 0
    for match in production.compiled.finditer(view.buffer.data, view.start, view.end):
        count += 1
        if count <= _RELATED + 1:
            places.append(View(view.buffer, *match.span()))
    if places:
        related = [Related("again", place.span()) for place in places[1:]]
        yield Hit(key, places[0].span(), {"count": str(count)}, related=related)


def _counts(view: View) -> tuple[int, int, int]:
    """Return how many CRLF, bare LF and bare CR there are."""
    data, start, end = view.buffer.data, view.start, view.end
    pairs = data.count(b"\r\n", start, end)
    return pairs, data.count(b"\n", start, end) - pairs, data.count(b"\r", start, end) - pairs


def bare_lf(message: Message) -> Iterator[Hit]:
    """Report the fewer ones where lines end in CRLF and in LF alone."""
    view = _lines(message)
    pairs, alone, _ = _counts(view)
    if pairs and alone:
        fewer = alone <= pairs
        yield from _all("mixed-lf" if fewer else "mixed-crlf", view, _LF if fewer else _CRLF)


def bare_cr(message: Message) -> Iterator[Hit]:
    """Report CRs without LF, and a message whose lines all end so."""
    view = _lines(message)
    pairs, alone, returns = _counts(view)
    if returns:
        only = not pairs and not alone
        yield from _all("only" if only else "one" if returns == 1 else "many", view, _CR)


def nul(message: Message) -> Iterator[Hit]:
    view = _lines(message)
    count = view.buffer.data.count(b"\0", view.start, view.end)
    if count:
        yield from _all("one" if count == 1 else "many", view, _NUL)
