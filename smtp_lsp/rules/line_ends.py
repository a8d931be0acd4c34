"""Line ends in content, as far as a file can show them, and the ends of data that are none."""

from __future__ import annotations

from smtp_lsp.dialects.reading import LINE_ENDS
from smtp_lsp.grammar import Production
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.session.tree import Exchange, Session

CHUNKS = ("BDAT", "BDAT LAST")


def octets(exchange: Exchange, session: Session) -> View | None:
    """Return the content's octets where they can show line ends."""
    content = exchange.content
    dialect = session.reading.dialect
    if content is None or not (dialect.shows & LINE_ENDS or dialect.raw):
        return None
    view = content.stretch
    if content.listed is not None:
        if not content.listed:
            return None
        view = View(content.listed[0].buffer, content.listed[0].start, content.listed[-1].end)
    data, start, end = view.buffer.data, view.start, view.end
    if exchange.event in CHUNKS and end > start:
        # A chunk may begin or end in the midst of a CRLF.
        start += data[start] == 10
        end -= end > start and data[end - 1] == 13
    return View(view.buffer, start, end)


def shows_ends(session: Session, data: bytes, start: int, end: int) -> bool:
    """Say whether a line end in ``data[start:end]`` that is no CRLF was one on the wire."""
    if session.reading.dialect.shows & LINE_ENDS:
        return True
    doubled = data.count(b"\r\r\n", start, end)
    proper = data.count(b"\r\n", start, end) - doubled
    returns = data.count(b"\r", start, end) - doubled
    return proper * 2 > max(data.count(b"\n", start, end), returns)


_SUSPECT = Production(rb"[\r\n\0]\.(?=\0?[\r\n])")
_COMMAND_LINE = Production(
    rb"(?i)(?<=[\r\n])(?:MAIL FROM:|RCPT TO:|(?:EHLO|HELO|LHLO|BDAT) [^ \r\n]"
    rb"|(?:DATA|RSET|QUIT)(?=[ \t]*[\r\n]))"
)
_REPLY = Production(rb"[\r\n]*[2-5][0-9]{2}[ \r\n-]")
_TRUE_END = b"\r\n.\r\n"
_NEAR = 1 << 16
_NAMES = {b"\r": "CR", b"\n": "LF", b"\0": "NUL"}


class FalseEnd:
    """A dot that is alone only for a server with lax line ends: offsets of the buffer."""

    __slots__ = ("dot", "end", "start")

    def __init__(self, start: int, dot: int, end: int) -> None:
        self.start = start
        self.dot = dot
        self.end = end


def _false_end(data: bytes, dot: int) -> FalseEnd | None:
    """Return what stands around the dot at *dot*, unless it is the end of data that RFC 5321 has.

    Before it: CRLF, LF, CR, CR CR LF, or CRLF or LF and a NUL; behind it a NUL or none, and
    CRLF, LF, CR or CR CR LF.
    """
    before = data[max(dot - 4, 0) : dot]
    nul = before.endswith(b"\0")
    before = before[:-1] if nul else before[-3:]
    for end in (b"\r\r\n", b"\r\n", b"\n", b"\r"):
        if before.endswith(end) and not (nul and end == b"\r"):
            break
    else:
        return None
    start = dot - len(end) - nul
    after = data[dot + 1 : dot + 5]
    proper = not nul and end.endswith(b"\r\n") and after.startswith(b"\r\n")
    if proper:
        return None
    padded = after.startswith(b"\0")
    after = after[1:] if padded else after
    for end in (b"\r\r\n", b"\r\n", b"\n", b"\r"):
        if after.startswith(end):
            return FalseEnd(start, dot, dot + 1 + padded + len(end))
    return None


def false_ends(exchange: Exchange, session: Session) -> list[FalseEnd]:
    """Return the false ends of data in the content, and the one that was taken for its end."""
    view = octets(exchange, session)
    if view is None or exchange.content is None or exchange.event in CHUNKS:
        return []
    data, end = view.buffer.data, view.end
    if exchange.content.dot is not None:
        end = min(exchange.content.dot.end + 3, len(data))
    start = max(view.start - 1, 0)
    found = []
    for match in _SUSPECT.compiled.finditer(data, start, end):
        suspect = _false_end(data, match.end() - 1)
        if suspect is not None and (suspect.dot > view.start or suspect.end > view.start + 3):
            found.append(suspect)
    if found and not shows_ends(session, data, view.start, end):
        return []
    return found[:-1] if found and _as_commands_end(exchange, session, found[-1]) else found


def _as_commands_end(exchange: Exchange, session: Session, found: FalseEnd) -> bool:
    """Say whether the dot ends in LF as the record has it for every command.

    What swaks prints without prefixes has CRLF in the content and LF behind commands and dot.
    """
    content, said = exchange.content, exchange.said
    if (
        content is None
        or content.dot is None
        or said is None
        or session.reading.dialect.shows & LINE_ENDS
    ):
        return False
    data = said.buffer.data
    return (
        found.dot == content.dot.start
        and data[found.dot - 2 : found.dot] == b"\r\n"
        and data[found.dot + 1 : found.end] == b"\n"
        and data[said.end : said.end + 1] == b"\n"
    )


def smuggled(data: bytes, found: list[FalseEnd]) -> int:
    """Return where a command stands between the false ends and the true one, or -1."""
    last = found[-1].end
    # Where the server speaks, it took the dot for the end: what follows was said to it openly.
    limit = last if _REPLY.match(data, last) else len(data)
    match = _COMMAND_LINE.search(data, found[0].end - 1, limit)
    if match is None or data.find(_TRUE_END, found[0].dot, match.start() + 2) >= 0:
        return -1
    if (
        match[0][:4].upper() == b"QUIT"
        and data.find(_TRUE_END, match.end(), match.end() + _NEAR) < 0
    ):
        return -1  # the author may have meant this end, and be gone
    return match.start()


def shown(data: bytes, found: FalseEnd) -> str:
    text = data[found.start : found.end]
    names = " ".join(_NAMES.get(text[at : at + 1], ".") for at in range(len(text)))
    return names.replace("CR LF", "CRLF").replace("CR CRLF", "CR CR LF")
