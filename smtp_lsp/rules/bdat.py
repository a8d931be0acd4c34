"""EXT: BDAT, its octets, and BINARYMIME (RFC 3030).

What the order of BDAT and DATA forbids the walk has found (``sequence``); line ends in chunks
and octets that only BINARYMIME allows are for the rules about content (``wire``).
"""

from __future__ import annotations

from bisect import bisect_left

from smtp_lsp.dialects.reading import CLIENT_SIDE, CONTENT, LINE_ENDS, SCRIPT, SERVER_SIDE
from smtp_lsp.dialects.utterance import END_OF_FILE
from smtp_lsp.grammar import Production, speech
from smtp_lsp.rules import CONTENT as BLOCK
from smtp_lsp.rules import (
    DATA_LOSS,
    ERROR,
    INTEROPERABILITY,
    SESSION,
    WARNING,
    Hit,
    Related,
    rule,
)
from smtp_lsp.rules.answering import answers
from smtp_lsp.rules.eight_bit import body_parameter
from smtp_lsp.rules.envelope import is_remark, stands_for
from smtp_lsp.rules.known import line_that_offers, offers, verb_span
from smtp_lsp.rules.line_ends import CHUNKS
from smtp_lsp.rules.spoken import commands, is_listing_in_force, is_taken, listings
from smtp_lsp.session import reasons
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar.speech import Command
    from smtp_lsp.session.tree import Exchange, Session

_BOTH = CLIENT_SIDE | SERVER_SIDE

# What servers say with 500 of a command they do not know.
_UNKNOWN = Production(rb"(?i)unrecogni|not recogni|unknown|(?:un|not )(?:implemented|supported)")

# What stands for a number in a manual: `n`, `<size>`, `SIZE`, `chunk-size`.
_STANDS_FOR_NUMBER = Production(
    rb"(?i)[a-z]$|(?:chunk|byte|octet|data|message|msg)?[-_]?"
    rb"(?:size|len|length|count|bytes|octets)$"
)

_SYNTAX = (500, 501, 504, 555)
_WORD = Production(rb"[^ \t]+")

# The end of a line as an author writes it down.
_WRITTEN_END = Production(rb"(?i)(?:<cr(?:><|)lf>|\\r\\n|\\n)\s*$")


def _is_refused(exchange: Exchange) -> bool:
    return exchange.reply is not None and exchange.reply.code >= 400


@rule(
    "EXT004",
    "bdat-needs-chunking",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("BDAT",),
    needs=_BOTH,
    category=INTEROPERABILITY,
    references=("RFC 3030 2",),
)
def bdat_needs_chunking(session: Session) -> Iterator[Hit]:
    for now in listings(session):
        exchange, hello = now.exchange, now.hello
        if exchange.verb != "BDAT" or exchange.violation is not None:
            continue
        severity = ERROR if _is_refused(exchange) else ""
        if exchange.before is not None and exchange.before.hello == "HELO":
            yield Hit("helo", verb_span(exchange).span(), severity=severity)
            return
        words = now.words
        if hello is None or hello.reply is None or words is None:
            continue
        if is_listing_in_force(session, now) and not offers(words, b"CHUNKING"):
            related = [Related("offers", hello.reply.lines[0].span())]
            span = verb_span(exchange).span()
            yield Hit("not-offered", span, related=related, severity=severity)
            return


@rule(
    "EXT005",
    "bdat-syntax",
    ERROR,
    explains=True,
    shape=SESSION,
    concerns=("BDAT",),
    needs=CLIENT_SIDE,
    references=("RFC 3030 2",),
)
def bdat_syntax(session: Session) -> Iterator[Hit]:
    """Find a BDAT that is none; `BDAT n LAST` is one of a manual, unless a server refused it so."""
    for exchange, command in commands(session):
        if command.verb != "BDAT" or command.chunk >= 0 or exchange.said is None:
            continue
        key, start, end = _fault_of_bdat(command, was_said=_is_refused_for_syntax(exchange))
        if key:
            word = quoted(command.text[start:end])
            span = exchange.said.span(start, end)
            severity = WARNING if is_taken(exchange) else ""
            yield Hit(key, span, {"size": word, "word": word}, severity=severity)


def _fault_of_bdat(command: Command, *, was_said: bool) -> tuple[str, int, int]:
    """Return what is wrong with a BDAT and where, or nothing where it may be no word of it.

    *was_said* says that what stands there is no placeholder and no remark.
    """
    start, stop = command.argument, command.argument + len(command.arguments)
    words = [match.span() for match in _WORD.compiled.finditer(command.text, start, stop)]
    said = [command.text[slice(*word)].upper() for word in words]
    if not words or said[0] == b"LAST":
        return "no-size", command.verb_start, max(stop, command.verb_end)
    wanted: tuple[tuple[str, bool], ...] = (
        ("no-number", said[0].isdigit()),
        ("end-marker", said[1:2] in ([], [b"LAST"])),
        ("behind-last", len(words) < 3),
    )
    for number, (key, right) in enumerate(wanted):
        if not right:
            start, end = words[number]
            blanks = start - words[number - 1][1] if number else 1
            remark = number > 0 and is_remark(command.text, start, blanks)
            meant = not remark and not _is_placeholder(command.text[start:end])
            return (key, start, end) if meant or was_said else ("", 0, 0)
    return "", 0, 0


def _is_refused_for_syntax(exchange: Exchange) -> bool:
    reply = exchange.reply
    if reply is None or reply.code < 500:
        return False
    return reply.code in _SYNTAX or reply.enhanced() in (b"5.5.2", b"5.5.4")


def _is_placeholder(word: bytes) -> bool:
    return (
        word[:1] in (b"<", b"[", b"{", b"$", b"%", b"(")
        or _STANDS_FOR_NUMBER.match(word) is not None
        or stands_for(word)
    )


# -- how many octets ---------------------------------------------------------------


class Chunk:
    """How many octets a BDAT announced, and how many the record shows.

    ``spare`` octets at the end may or may not have been there: a record in lines does not show
    whether the last one ended in CRLF.
    """

    __slots__ = ("announced", "shown", "spare")

    def __init__(self, announced: int, shown: int, spare: int) -> None:
        self.announced = announced
        self.shown = shown
        self.spare = spare

    def is_short(self) -> bool:
        return self.shown < self.announced

    def is_long(self) -> bool:
        return self.shown - self.spare > self.announced


def _chunk(exchange: Exchange, session: Session) -> Chunk | None:
    """Return what a chunk holds, where the record shows its octets one for one."""
    content, command = exchange.content, exchange.command
    dialect = session.reading.dialect
    if content is None or command is None or content.ending == END_OF_FILE:
        return None
    exact = bool(dialect.shows & LINE_ENDS)
    if not exact and dialect.kind != SCRIPT:
        return None
    if content.listed is None:
        if not exact:
            return None
        return Chunk(command.chunk, len(content.view), 0)
    lines = [bytes(line) for line in content.listed]
    if any(not line.isascii() or _is_no_octets(line) for line in lines):
        return None
    return Chunk(command.chunk, sum(len(line) + 2 for line in lines), 2)


def _is_no_octets(line: bytes) -> bool:
    """Say whether a line of content is not what was sent."""
    return (
        speech.is_placeholder(line)
        or speech.is_omission(line)
        or _WRITTEN_END.search(line[-16:]) is not None
    )


@rule(
    "EXT006",
    "bdat-size-exact",
    ERROR,
    explains=True,
    shape=BLOCK,
    plain=True,
    needs=_BOTH | CONTENT,
    category=DATA_LOSS,
    references=("RFC 3030 2",),
)
def bdat_size_exact(exchange: Exchange, session: Session) -> Iterator[Hit]:
    command, said = exchange.command, exchange.said
    if exchange.event not in CHUNKS or exchange.verb != "BDAT" or command is None or said is None:
        return
    # A refusal may come at once, and then the client may well have sent nothing.
    if exchange.violation is not None or not exchange.replies or exchange.replies[0].code >= 400:
        return
    chunk = _chunk(exchange, session)
    if chunk is None or not chunk.shown:
        return
    start = command.argument
    span = said.span(start, start + len(command.text[start:].split()[0]))
    named = {"announced": str(chunk.announced), "shown": str(chunk.shown)}
    if chunk.is_short():
        related = [Related("first-reply", exchange.replies[0].code_view.span())]
        yield Hit("short", span, named, related=related)
        return
    behind = _left_over(exchange, session)
    if behind is None and _is_cut(exchange, session):
        yield Hit("long", span, named, related=_spilt(exchange, session))
    elif behind is not None and behind.violation is None and behind.said is not None:
        yield Hit("long", span, named, related=[Related("goes-on", behind.said.span())])
    elif chunk.is_long() and behind is None:
        yield Hit("long", span, named)


def _is_cut(exchange: Exchange, session: Session) -> bool:
    """Say whether a chunk ends within a line of the file, where that shows every octet."""
    dialect, content = session.reading.dialect, exchange.content
    if dialect.kind != SCRIPT or not dialect.shows & LINE_ENDS or content is None:
        return False
    view, lines = content.view, session.reading.source.lines
    if not view or view.end >= len(view.buffer.data):
        return False
    last, following = view.buffer.origin(view.end - 1), view.buffer.origin(view.end)
    if lines.line_of(last) != lines.line_of(following):
        return False
    # A chunk need not end at a line's end: the next command follows upon its last octet.
    stop = view.buffer.data.find(b"\n", view.end)
    behind = view.buffer.data[view.end : stop if stop >= 0 else None].rstrip(b"\r")
    return not speech.command(bytes(behind)).likely


def _spilt(exchange: Exchange, session: Session) -> list[Related]:
    """Point to what is left over of a chunk where the walk took it for a lone dot."""
    end = exchange.content.view.end if exchange.content is not None else -1
    return [
        Related("goes-on", other.said.span())
        for other in _behind(exchange, session)
        if other.event == "DOT" and other.said is not None and other.said.start == end
    ]


def _left_over(exchange: Exchange, session: Session) -> Exchange | None:
    """Return what was said in the line behind a chunk, if it is no command."""
    for other in _behind(exchange, session):
        command = other.command
        if command is None or command.known or not command.text.strip():
            continue
        return None if speech.is_placeholder(command.text) else other
    return None


def _behind(exchange: Exchange, session: Session) -> Iterator[Exchange]:
    """Yield what was said in the line in which a chunk ends, and in the next."""
    content = exchange.content
    if content is None:
        return
    end = content.span().end
    data = session.reading.source.data
    for at in range(bisect_left(session.exchanges, end, key=_position), len(session.exchanges)):
        other = session.exchanges[at]
        if other.said is None:
            continue
        if data.count(b"\n", end, other.said.span().start) > 1:
            return
        yield other


def _position(exchange: Exchange) -> int:
    """Return where an exchange begins in the file: they are in the order of the client."""
    if exchange.said is not None:
        return exchange.said.span().start
    return exchange.replies[0].span.start if exchange.replies else 0


@rule(
    "EXT007",
    "bdat-no-dot-stuffing",
    WARNING,
    shape=BLOCK,
    plain=True,
    needs=CLIENT_SIDE | CONTENT,
    category=INTEROPERABILITY,
    references=("RFC 3030 2",),
)
def bdat_no_dot_stuffing(exchange: Exchange, session: Session) -> Iterator[Hit]:
    """Find the dot that ends DATA at the end of a chunk, where it is part of the message."""
    content = exchange.content
    if exchange.event != "BDAT LAST" or content is None or not session.reading.dialect.whole:
        return
    last = None
    for line in content.lines():
        last = line
    if last is not None and bytes(last) == b".":
        yield Hit("final-dot", last.span())


# -- what goes with what -----------------------------------------------------------


@rule(
    "EXT008",
    "chunking-keeps-data",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("DATA",),
    needs=_BOTH,
    category=INTEROPERABILITY,
    references=("RFC 3030 2",),
)
def chunking_keeps_data(session: Session) -> Iterator[Hit]:
    for exchange in session.refusals:
        reply, before = exchange.reply, exchange.before
        if exchange.event != "DATA" or reply is None or before is None or before.offers is None:
            continue
        unknown = reply.code == 502 or (reply.code == 500 and _UNKNOWN.search(reply.text()))
        if unknown and b"CHUNKING" in before.offers and exchange.violation is None:
            named = {"code": str(reply.code)}
            yield Hit("refused", reply.code_view.span(), named, related=answers(exchange))
            return


def _binary_mails(session: Session) -> list[Exchange]:
    return [
        exchange
        for exchange in session.exchanges
        if exchange.event == "MAIL" and body_parameter(exchange) == b"BINARYMIME"
    ]


@rule(
    "EXT010",
    "binarymime-not-with-data",
    ERROR,
    explains=True,
    shape=SESSION,
    concerns=("DATA",),
    needs=CLIENT_SIDE,
    category=DATA_LOSS,
    references=("RFC 3030 3",),
)
def binarymime_not_with_data(session: Session) -> Iterator[Hit]:
    if not _binary_mails(session):
        return
    mail: Exchange | None = None
    for exchange in session.exchanges:
        if exchange.event == "MAIL" and not _is_refused(exchange):
            mail = exchange if body_parameter(exchange) == b"BINARYMIME" else None
        elif exchange.event in ("RSET", "HELLO", "BDAT LAST"):
            mail = None
        elif exchange.event == "DATA" and mail is not None and _is_in_order(exchange):
            related = [Related("mail", verb_span(mail).span())]
            severity = "" if _is_refused(exchange) or not exchange.replies else WARNING
            span = verb_span(exchange).span()
            yield Hit("data", span, related=related, severity=severity)
            return


def _is_in_order(exchange: Exchange) -> bool:
    """Say whether only the server called a command out of order: here it has to (RFC 3030 3)."""
    return exchange.violation is None or exchange.violation.reason == reasons.REFUSED_503


@rule(
    "EXT011",
    "binary-only-if-offered",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("MAIL",),
    needs=_BOTH,
    category=DATA_LOSS,
    references=("RFC 3030 3",),
)
def binary_only_if_offered(session: Session) -> Iterator[Hit]:
    """Find BODY=BINARYMIME for a server that knows BODY, but not that value."""
    if not _binary_mails(session):
        return
    for now in listings(session):
        exchange, hello, words = now.exchange, now.hello, now.words
        if exchange.event != "MAIL" or body_parameter(exchange) != b"BINARYMIME":
            continue
        if hello is None or hello.reply is None or words is None or exchange.said is None:
            continue
        if offers(words, b"BINARYMIME") or not offers(words, b"8BITMIME"):
            continue
        if is_listing_in_force(session, now):
            at = bytes(exchange.said).upper().index(b"BODY=BINARYMIME")
            span = exchange.said.span(at, at + len(b"BODY=BINARYMIME"))
            related = [Related("offers", line_that_offers(hello.reply, b"8BITMIME").span())]
            severity = ERROR if _is_refused(exchange) else ""
            yield Hit("not-offered", span, related=related, severity=severity)
            return
