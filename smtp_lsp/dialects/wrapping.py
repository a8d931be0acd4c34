"""Taking off what people wrap around a record: quote marks, fences, boxes, times, HTML.

Each wrapper is told by the lines of a sample and taken off the whole buffer; what is left
is a derived buffer that leads every octet back to the file. Which of them help is decided
where the dialect is told (``dialects.detect``): nothing is taken off that was said.
"""

from __future__ import annotations

from itertools import islice

from smtp_lsp.dialects import directive
from smtp_lsp.dialects.detect import NARROW, WIDE
from smtp_lsp.grammar import Production
from smtp_lsp.text.view import Buffer, Joiner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Lines = list[bytes]

_TIME = (
    rb"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?"
    rb"(?:Z| ?[+-][0-9]{2}:?[0-9]{2}| (?:UTC|GMT|CES?T|E[SD]T|P[SD]T))?"
)
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?"
_DATE = (
    rb"(?:" + _DAY + rb" )?(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
    rb"|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}"
    rb"|[0-9]{1,2}[- /]" + _MONTH + rb"[- /][0-9]{2,4}"
    rb"|" + _MONTH + rb" +[0-9]{1,2}(?:,? [0-9]{4})?)"
)
# Times of any kind; a bare number only as seconds since the epoch, or with a fraction.
_STAMP = (
    rb"(?:(?:" + _DAY + rb" )?" + _MONTH + rb" +[0-9]{1,2} " + _TIME + rb" (?:19|20)[0-9]{2}"
    rb"|" + _DATE + rb"[T ,]+" + _TIME + rb""
    rb"|" + _TIME + rb"|1[0-9]{9}(?:[0-9]{3})?(?:\.[0-9]+)?|\+?[0-9]+\.[0-9]{3,9}s?)"
)
STAMP = Production(rb"[ \t]*(?:\[" + _STAMP + rb"\]|\(" + _STAMP + rb"\)|" + _STAMP + rb")")
_STAMPED = Production(STAMP.pattern + rb"(?:[:|]?[ \t]|:?(?=\r*$)|[:|](?=[^0-9]))(?:[|-] (?=.))?")
_QUOTED = Production(rb"[ \t]*(?:>|&gt;)[ \t]?(?!>>)")
_FENCE = Production(rb"[ \t]*(?:```+|~~~+)[ \t]*[\w+.-]*[ \t]*\r*$")
_NUMBER = Production(rb"[ \t]*([0-9]{1,6})(?:[ \t]*[|:.)\]][ \t]?|\t|[ \t]{1,2}|(?=\r*$))")
# By what stands behind the number; where two fit as many lines, the first.
_NUMBERS = tuple(
    Production(rb"[ \t]*[0-9]{1,6}" + behind)
    for behind in (
        rb"[ \t]*\|[ \t]?",
        rb"[:.)\]][ \t]",
        rb"[:.)\]]",
        rb"\t",
        rb"    ",
        rb"  ",
        rb" ",
    )
)
_BARE_NUMBER = Production(rb"[ \t]*[0-9]{1,6}[ \t]*[|:.)\]]?[ \t]*\r*$")
_BOX = Production(
    rb"[ \t]*(?:\xe2\x94\x82|\xe2\x94\x83|\xe2\x95\x91|\|)(?: |(?=\r*$))?"  # U+2502 2503 2551
)
_BOX_END = Production(rb"[ \t]*(?:\xe2\x94\x82|\xe2\x94\x83|\xe2\x95\x91|\|)[ \t]*\r*$")
_BOX_RULE = Production(rb"[ \t]*(?:[+|]?[-=+|]{3,}|(?:\xe2[\x94\x95][\x80-\xbf])+)[ \t]*\r*$")
_CODE = Production(rb"[ \t]*`([^`\r\n]*)`[ \t]*\r*$")
_BREAK = Production(rb"<br[ \t]*/?>(?:\r?\n)?|</?(?:pre|code|p|div|span|tt|samp)(?: [^<>]*)?>", 2)
_ENTITY = Production(rb"&(?:lt|gt|amp|quot|nbsp|apos|#[0-9]{1,4}|#[xX][0-9a-fA-F]{1,4});")
_ENTITIES = {
    b"&lt;": b"<",
    b"&gt;": b">",
    b"&amp;": b"&",
    b"&quot;": b'"',
    b"&apos;": b"'",
    b"&nbsp;": b" ",
}
_WRITTEN = Production(
    rb"(?m)(?:\\r\\n|\\n|\\r|<CR><LF>|<CRLF>|\[CRLF\]|\[\\r\]\[\\n\]|\^M\$?)"
    rb"(?=\r*$|[ \t]{1,40}<[-=<])",
    2,
)


class Wrapper:
    """One way to wrap a record: how to tell it from a sample, how to take it off.

    ``harmless`` says that nothing is lost where it was wrongly told, so that it is taken off
    even where no more is understood without it.
    """

    __slots__ = ("fits", "harmless", "name", "strip")

    def __init__(
        self,
        name: str,
        fits: Callable[[Lines], bool],
        strip: Callable[[Buffer], Buffer],
        *,
        harmless: bool = False,
    ) -> None:
        self.name = name
        self.fits = fits
        self.strip = strip
        self.harmless = harmless


def _extents(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield each line: where it begins, where its text ends, where the next one begins."""
    start, size = 0, len(data)
    separator = b"\r" if b"\n" not in data else b"\n"
    while start < size:
        end = data.find(separator, start)
        following = size if end < 0 else end + 1
        end = size if end < 0 else end
        while end > start and data[end - 1] == 13:
            end -= 1
        yield start, end, following
        start = following


def _cut(buffer: Buffer, extent: Callable[[bytes, int, int], tuple[int, int] | None]) -> Buffer:
    """Return *buffer* with each line cut to its *extent*, or left out where there is none.

    Comments addressed to this program are kept whole.
    """
    data, joiner = buffer.data, Joiner(buffer)
    directed = directive.MARK in data
    for start, end, following in _extents(data):
        if directed and directive.find(data, start, end) == start:
            joiner.add(data[start:following], start, following)
            continue
        found = extent(data, start, end)
        if found is None:
            continue
        begin, stop = found
        if stop == end:
            joiner.add(data[begin:following], begin, following)
        else:
            joiner.add(data[begin:stop], begin, stop)
            joiner.add(data[end:following], end, following)
    return joiner.view().buffer


def _share(lines: Lines, wanted: Production, least: float) -> bool:
    hits = sum(1 for line in lines if wanted.match(line))
    return hits >= 2 and hits >= len(lines) * least


# -- quote marks ---------------------------------------------------------------


def _is_quoted(lines: Lines) -> bool:
    return _share(lines, _QUOTED, 0.75)


def _unquoted(buffer: Buffer) -> Buffer:
    """Take off one quote mark; what is not quoted is somebody's comment."""

    def extent(data: bytes, start: int, end: int) -> tuple[int, int] | None:
        match = _QUOTED.compiled.match(data, start, end)
        return (match.end(), end) if match else None

    return _cut(buffer, extent)


# -- fences ----------------------------------------------------------------------


def _is_fenced(lines: Lines) -> bool:
    return bool(lines) and _FENCE.match(lines[0]) is not None


def _unfenced(buffer: Buffer) -> Buffer:
    """Take off the fences around all of it; a fence in its midst stays, it may be content."""
    data = buffer.data
    spans = [each for each in _extents(data) if data[each[0] : each[1]].strip()]
    last = spans[-1][0] if spans else -1
    first = spans[0][0] if spans else -1

    def extent(data: bytes, start: int, end: int) -> tuple[int, int] | None:
        if start in (first, last) and _FENCE.compiled.match(data, start, end):
            return None
        return start, end

    return _cut(buffer, extent)


# -- times and line numbers --------------------------------------------------------


def _is_stamped(lines: Lines) -> bool:
    return _share(lines, _STAMPED, 0.6)


def _unstamped(buffer: Buffer) -> Buffer:
    def extent(data: bytes, start: int, end: int) -> tuple[int, int]:
        match = _STAMPED.compiled.match(data, start, end)
        return (match.end(), end) if match else (start, end)

    return _cut(buffer, extent)


def _is_numbered(lines: Lines) -> bool:
    """Say whether lines begin with numbers that grow, few others between them."""
    before, count = -1, 0
    for line in lines:
        match = _NUMBER.match(line)
        if match is None:
            continue
        number = int(match[1])
        if number <= before or (before >= 0 and number > before + 20):
            return False
        before, count = number, count + 1
    return count >= 3 and count >= len(lines) * 0.6


def _unnumbered(buffer: Buffer) -> Buffer:
    """Take off the numbers, and what stands behind each of them alike; prose has none."""
    lines = [buffer.data[start:end] for start, end, _ in islice(_extents(buffer.data), 60)]
    pattern = max(_NUMBERS, key=lambda each: sum(1 for line in lines if each.match(line)))
    after = pattern.compiled

    def extent(data: bytes, start: int, end: int) -> tuple[int, int] | None:
        match = after.match(data, start, end) or _BARE_NUMBER.compiled.match(data, start, end)
        return (match.end(), end) if match else None

    return _cut(buffer, extent)


# -- boxes -----------------------------------------------------------------------


def _is_boxed(lines: Lines) -> bool:
    inner = [line for line in lines if not _BOX_RULE.match(line)]
    return _share(inner, _BOX, 0.6)


def _unboxed(buffer: Buffer) -> Buffer:
    def extent(data: bytes, start: int, end: int) -> tuple[int, int] | None:
        match = _BOX.compiled.match(data, start, end)
        if match is None or _BOX_RULE.compiled.match(data, start, end):
            return None  # a rule, or prose around the box
        closing = _BOX_END.compiled.search(data, match.end(), end)
        if closing is None:
            return match.end(), end
        stop = closing.start()
        while stop > match.end() and data[stop - 1] in b" \t":
            stop -= 1
        return match.end(), stop

    return _cut(buffer, extent)


# -- code spans ------------------------------------------------------------------------


def _is_code(lines: Lines) -> bool:
    return _share(lines, _CODE, 0.8)


def _uncoded(buffer: Buffer) -> Buffer:
    """Take off the backticks around each line, as in the cells of a Markdown table."""

    def extent(data: bytes, start: int, end: int) -> tuple[int, int]:
        match = _CODE.compiled.match(data, start, end)
        return match.span(1) if match else (start, end)

    return _cut(buffer, extent)


# -- indentation -------------------------------------------------------------------


def _is_excerpt(lines: Lines) -> bool:
    """Say whether sessions are indented and the prose around them is not."""
    inner = [line for line in lines if line[:1] == b"\t" or line[:3] == b"   "]
    outer = [line for line in lines if line[:1] not in (b" ", b"\t")]
    spoken = sum(1 for line in inner if speech_like(line))
    return bool(outer) and spoken > 2 and not any(speech_like(line[:30]) for line in outer)


def _extracted(buffer: Buffer) -> Buffer:
    """Leave the prose at the margin out, and the indentation off."""
    inner = (
        data_line
        for start, end, _ in _extents(buffer.data)
        if (data_line := buffer.data[start:end])[:1] in (b" ", b"\t") and data_line.strip()
    )
    indent = common_indent(b"\n".join(inner))

    def extent(data: bytes, start: int, end: int) -> tuple[int, int] | None:
        if data.startswith(indent, start):
            return start + len(indent), end
        return None if data[start:end].strip() else (start, end)

    return _cut(buffer, extent)


def dedented(buffer: Buffer) -> Buffer:
    """Return the file without the blanks that all of its lines begin with, if any.

    A session pasted into Markdown or a ticket is often indented as a whole.
    """
    data = buffer.data
    first = data[: len(data) - len(data.lstrip(b"\r\n"))]
    indent = common_indent(data[len(first) :])
    if not indent:
        return buffer
    joiner = Joiner(buffer)
    position = 0
    for line in data.splitlines(True):
        skip = len(indent) if line.startswith(indent) else 0
        joiner.add(line[skip:], position + skip, position + len(line))
        position += len(line)
    return joiner.view().buffer


def common_indent(data: bytes) -> bytes:
    """Return the blanks that every line of *data* with text in it begins with.

    Comments addressed to this program may stand further to the left.
    """
    lines = data.splitlines()
    if directive.MARK in data:
        lines = [line for line in lines if not _is_comment(line)]
    first = next((line for line in lines if line.strip()), b"")
    indent = first[: len(first) - len(first.lstrip(b" \t"))]
    if not indent or len(indent) > 40:
        return b""
    for line in lines:
        if not line.strip():
            continue
        while not line.startswith(indent):
            indent = indent[:-1]
        if not indent:
            break
    return indent


def _is_comment(line: bytes) -> bool:
    return line.startswith(b"#") and directive.MARK in line


def _is_indented(lines: Lines) -> bool:
    return bool(common_indent(b"\n".join(lines)))


# -- HTML ------------------------------------------------------------------------


# Nobody says these: an escaped path or arrow, a break behind a reply. A message may be HTML.
_HTML = Production(
    rb"(?:FROM|TO): ?&lt;|(?:^|[-=&;\d ])&[lg]t;[ -&]|^<pre"
    rb"|<br[ \t]*/?>[ \t]*(?:\r*$|(?=[^<>]{0,40}[2-5][0-9]{2}[ -]))",
    2,
)


_TAG = Production(rb"</?[a-z]{1,10}(?: [^<>]*)?/?>", 2)


def _is_html(lines: Lines) -> bool:
    hits = 0
    sample = _TAG.compiled.sub(b"", b"\n".join(lines))
    if b"<" not in sample and b">" not in sample:
        hits += sample.count(b"&lt;") + sample.count(b"&gt;")
    for line in lines:
        if _HTML.search(line):
            hits += 2 if b"&lt;" in line or b"&gt;" in line else speech_like(line)
    return hits > 1


def speech_like(line: bytes) -> bool:
    """Say whether a reply or a verb stands somewhere near the beginning of a line."""
    return _SPEECH.search(line[:120]) is not None


_SPEECH = Production(
    rb"(?:^|[^0-9A-Za-z])(?:[2-5][0-9]{2}[ -]|EHLO |HELO |MAIL FROM:|RCPT TO:|(?:DATA|QUIT)\b)", 2
)


_MARKUP = Production(b"(?i:" + _BREAK.pattern + b")|" + _ENTITY.pattern)


def _plain(buffer: Buffer) -> Buffer:
    """Undo entities, take ``<br>`` for a line end, and leave tags out."""
    data, joiner, position = buffer.data, Joiner(buffer), 0
    for match in _MARKUP.compiled.finditer(data):
        start, end = match.span()
        joiner.add(data[position:start], position, start)
        joiner.add(_meaning(match[0]), start, end)
        position = end
    joiner.add(data[position:], position, len(data))
    return joiner.view().buffer


def _meaning(markup: bytes) -> bytes:
    lower = markup.lower()
    if lower.startswith(b"<br") or lower in (b"</p>", b"</div>", b"</pre>"):
        return b"\n"
    if markup[:1] == b"<":
        return b""
    if markup[1:2] != b"#":
        return _ENTITIES[lower]
    digits = lower[2:-1]
    number = int(digits[1:], 16) if digits[:1] == b"x" else int(digits)
    return b" " if number == 160 else chr(number).encode("utf-8", "surrogatepass")


# -- line ends written as text, remarks ----------------------------------------------


def _is_written(lines: Lines) -> bool:
    hits = sum(1 for line in lines if _WRITTEN.search(line))
    return hits >= 2 and hits >= len(lines) * 0.6


def _unwritten(buffer: Buffer) -> Buffer:
    data, joiner, position = buffer.data, Joiner(buffer), 0
    for match in _WRITTEN.compiled.finditer(data):
        joiner.add(data[position : match.start()], position, match.start())
        position = match.end()
    joiner.add(data[position:], position, len(data))
    return joiner.view().buffer


# -- lines filled to a width --------------------------------------------------------

_ENDS_SPEECH = Production(rb"(?:334|354)[ -]|(?:DATA|AUTH|BDAT)\b|[ \t]*$", 2)
# What telnet and the like say on their own account; what begins with a code or a bracket.
_NOTE = Production(
    rb"(?i)connect(?:ed|ion|ing)\b|trying |escape character|closed\b|lost connection|error\b|\^"
    rb"|[\[(*=-]|[a-z0-9_.-]{1,40}:"
)
_LONG = Production(rb"(?m)^[^\n]{50,80}\n(?=[^\s])")


def unfilled(buffer: Buffer, said_in: Callable[[bytes], bytes | None]) -> Buffer:
    """Return *buffer* with what somebody said joined again, where it was wrapped at a width.

    *said_in* returns what a line says, empty where it only has a speaker's prefix, and None
    where it has none. A line is wrapped where its first word did not fit into the one before.
    """
    data = buffer.data
    width = max(map(len, data.splitlines()), default=0)
    if not NARROW <= width <= WIDE:
        return buffer
    joiner, position = Joiner(buffer), 0
    for match in _LONG.compiled.finditer(data):
        start, end = match.span()
        stop = end - 1 - (data[end - 2] == 13)
        text = said_in(data[start:stop])
        if not text or _ENDS_SPEECH.match(text):
            continue
        limit = data.find(b"\n", end)
        following = data[end : limit if limit >= 0 else len(data)].rstrip(b"\r")
        if said_in(following) is not None or following[:1] in (b"#", b"`", b"."):
            continue
        if _NOTE.match(following):
            continue
        if stop - start + 1 + len(following.split(None, 1)[0]) <= width:
            continue
        joiner.add(data[position:stop], position, stop)
        joiner.add(b" ", stop, end)
        position = end
    if not position:
        return buffer
    joiner.add(data[position:], position, len(data))
    return joiner.view().buffer


WRAPPERS = (
    Wrapper("fence", _is_fenced, _unfenced, harmless=True),
    Wrapper("HTML", _is_html, _plain, harmless=True),
    Wrapper("quotation", _is_quoted, _unquoted, harmless=True),
    Wrapper("box", _is_boxed, _unboxed, harmless=True),
    Wrapper("indentation", _is_indented, dedented, harmless=True),
    Wrapper("code", _is_code, _uncoded, harmless=True),
    Wrapper("prose", _is_excerpt, _extracted),
    Wrapper("line numbers", _is_numbered, _unnumbered, harmless=True),
    Wrapper("times", _is_stamped, _unstamped),
    Wrapper("written line ends", _is_written, _unwritten, harmless=True),
)
"""In the order in which they are tried; what lies outside is taken off first."""
