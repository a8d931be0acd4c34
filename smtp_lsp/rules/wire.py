"""WIR: line ends, lengths, octets; ends of data that are none.

What lies between 354 and the final dot is judged as octets, a whole block at a time. Line
ends are judged only by what the file can show: a dialect that keeps the octets of the wire,
or a raw stream whose content has CRLF in general and mixes something else in.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE, FINAL_DOT, LINE_ENDS, SERVER_SIDE
from smtp_lsp.dialects.reading import CONTENT as SHOWS_CONTENT
from smtp_lsp.dialects.utterance import DOT
from smtp_lsp.grammar import Production, injection
from smtp_lsp.rules import (
    CONTENT,
    DATA_LOSS,
    ERROR,
    INFO,
    INTEROPERABILITY,
    MESSAGE,
    SECURITY,
    SESSION,
    WARNING,
    Fix,
    Hit,
    Related,
    rule,
    traits,
)
from smtp_lsp.rules.eight_bit import (
    EIGHT,
    Eight,
    body_parameter,
    eight_in,
    envelopes,
    halves,
    is_announced,
    is_mime,
    is_offered,
    label_of,
)
from smtp_lsp.rules.line_ends import CHUNKS, false_ends, octets, shown, shows_ends, smuggled
from smtp_lsp.rules.sequence import shown_verb
from smtp_lsp.rules.stored_ends import bare_cr, bare_lf, controls, nul
from smtp_lsp.text.escape import quoted
from smtp_lsp.text.source import line_separator
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Message
    from smtp_lsp.session.tree import Exchange, Session

LONGEST = 998
"""Octets of a line without its CRLF (RFC 5322 2.1.1)."""

_RELATED = 9


def _whole(subject: Exchange | Message) -> View | None:
    from smtp_lsp.message import Message

    if isinstance(subject, Message):
        whole = subject.whole
        # What stands before the first field is no text of the body: the line of a mail folder,
        # a byte order mark.
        start = subject.fields[0].name.start if subject.fields else subject.body.start
        return View(whole.buffer, start, whole.end)
    if subject.content is None or subject.event == "BDAT":
        return None
    return subject.content.view


def _says_its_type(subject: Exchange | Message) -> bool:
    """Say whether a message has fields of MIME: that it lacks ``MIME-Version`` is told as that."""
    from smtp_lsp.message import Message

    fields = ("content-type", "content-transfer-encoding")
    return isinstance(subject, Message) and any(map(subject.field, fields))


def _folded(view: View, places: list[tuple[int, int]], **named: str) -> Hit:
    """Return one finding for all *places* of a block, offsets of the buffer."""
    spans = [View(view.buffer, *place).span() for place in places[: _RELATED + 1]]
    related = [Related("again", span) for span in spans[1:]]
    key = "one" if len(places) == 1 else "many"
    return Hit(key, spans[0], {"count": str(len(places)), **named}, related=related)


def _is_binary(exchange: Exchange, session: Session) -> bool:
    """Say whether *exchange* is a chunk of BODY=BINARYMIME, in which any octet may stand."""
    if exchange.event not in CHUNKS:
        return False
    mail, _ = envelopes(session).get(id(exchange), (None, None))
    return mail is not None and body_parameter(mail) == b"BINARYMIME"


# -- line ends -----------------------------------------------------------------


@rule(
    "WIR003",
    "smuggling-eod",
    WARNING,
    shape=CONTENT,
    plain=True,
    needs=CLIENT_SIDE | SHOWS_CONTENT | FINAL_DOT,
    category=SECURITY,
    references=("RFC 5321 2.3.8", "RFC 5321 4.1.1.4", "CVE-2023-51764", "CERT VU#302671"),
    aliases=("smuggling-eod-strict", "smuggling-suspect-sequence"),
)
def smuggling_eod(exchange: Exchange, session: Session) -> Iterator[Hit]:
    found = false_ends(exchange, session)
    if not found or exchange.content is None:
        return
    buffer = exchange.content.stretch.buffer
    data = buffer.data
    at = smuggled(data, found)
    first = found[0]
    if at >= 0:
        first = next(one for one in reversed(found) if one.end <= at)
    related = []
    command = ""
    if at >= 0:
        stop = at + len(data[at : at + 200].splitlines()[0])
        command = quoted(data[at:stop].split(b" ")[0].split(b"<")[0])
        related.append(Related("command-here", View(buffer, at, stop).span()))
    related += [
        Related("again", View(buffer, other.dot, other.dot + 1).span())
        for other in found[: _RELATED + 1]
        if other is not first
    ]
    yield Hit(
        "commands" if at >= 0 else "suspect",
        View(buffer, first.dot, first.dot + 1).span(),
        {"sequence": shown(data, first), "command": command},
        related=related,
        severity=ERROR if at >= 0 else "",
    )


def _bare(
    exchange: Exchange, session: Session, production: Production, octet: bytes
) -> Iterator[Hit]:
    view = octets(exchange, session)
    if view is None:
        return
    data, start, end = view.buffer.data, view.start, view.end
    if data.count(octet, start, end) == data.count(b"\r\n", start, end):
        return
    if not shows_ends(session, data, start, end) or _is_binary(exchange, session):
        return
    told = {
        offset
        for found in false_ends(exchange, session)
        for offset in range(found.start, found.end)
    }
    if octet == b"\r":
        stop = data.find(b"\r\n\r\n", start, end)
        stop = end if stop < 0 else stop
        told.update(field.start() for field in injection.fields(data, start, stop))
    places = [
        match.span()
        for match in production.compiled.finditer(data, start, end)
        if match.start() not in told
    ]
    if places:
        yield _folded(view, places)


_BARE_LF = Production(rb"(?<!\r)\n")
_BARE_CR = Production(rb"\r(?!\n)")


@rule(
    "WIR001",
    "no-bare-lf",
    WARNING,
    shape=(CONTENT, MESSAGE),
    traits=traits.ENDS,
    abused=True,
    plain=True,
    needs=CLIENT_SIDE | SHOWS_CONTENT,
    category=INTEROPERABILITY,
    references=("RFC 5321 2.3.8", "RFC 5322 2.3", "RFC 3030 3"),
    aliases=("bdat-text-crlf",),
    fixes={"ends-crlf": Fix.UNSAFE, "ends-lf": Fix.UNSAFE},
)
def no_bare_lf(subject: Exchange | Message, session: Session | None = None) -> Iterator[Hit]:
    if session is None:
        return bare_lf(subject)  # type: ignore[arg-type]
    return _bare(subject, session, _BARE_LF, b"\n")  # type: ignore[arg-type]


@rule(
    "WIR002",
    "no-bare-cr",
    WARNING,
    shape=(CONTENT, MESSAGE),
    traits=traits.ENDS,
    abused=True,
    plain=True,
    needs=CLIENT_SIDE | SHOWS_CONTENT,
    category=INTEROPERABILITY,
    references=("RFC 5321 2.3.8", "RFC 5322 2.3", "RFC 3030 3"),
    fixes={"ends-crlf": Fix.UNSAFE},
)
def no_bare_cr(subject: Exchange | Message, session: Session | None = None) -> Iterator[Hit]:
    if session is None:
        return bare_cr(subject)  # type: ignore[arg-type]
    return _bare(subject, session, _BARE_CR, b"\r")  # type: ignore[arg-type]


@rule(
    "WIR013",
    "commands-end-crlf",
    WARNING,
    shape=SESSION,
    abused=True,
    thorough=True,
    needs=CLIENT_SIDE | LINE_ENDS,
    category=INTEROPERABILITY,
    references=("RFC 5321 2.3.8", "RFC 5321 4.1.1"),
)
def commands_end_crlf(session: Session) -> Iterator[Hit]:
    places: list[tuple[View, str]] = []
    for exchange in session.exchanges:
        said = exchange.said
        # The dot's line end is the business of `smuggling-eod`; a stray line is no command.
        if said is not None and exchange.command is not None and exchange.command.known:
            end = _lax_end(said)
            if end is not None:
                places.append((end, shown_verb(exchange)))
    yield from _folded_ends(places, "verb")


@rule(
    "WIR014",
    "reply-lines-end-crlf",
    WARNING,
    shape=SESSION,
    thorough=True,
    needs=SERVER_SIDE | LINE_ENDS,
    category=INTEROPERABILITY,
    references=("RFC 5321 2.3.8",),
)
def reply_lines_end_crlf(session: Session) -> Iterator[Hit]:
    places: list[tuple[View, str]] = []
    for exchange in session.exchanges:
        for reply in exchange.replies:
            for line in reply.lines:
                end = _lax_end(line)
                if end is not None:
                    places.append((end, str(reply.code)))
    yield from _folded_ends(places, "code")


def _lax_end(line: View) -> View | None:
    """Return the end of *line* where it is one, and no CRLF."""
    data, end = line.buffer.data, line.end
    if data[end : end + 1] == b"\n":
        return View(line.buffer, end, end + 1)
    if data[end : end + 3] == b"\r\r\n":
        return View(line.buffer, end, end + 3)
    return None


def _folded_ends(places: list[tuple[View, str]], name: str) -> Iterator[Hit]:
    if places:
        related = [Related("again", view.span()) for view, _ in places[1 : _RELATED + 1]]
        key = "one" if len(places) == 1 else "many"
        named = {"count": str(len(places)), name: places[0][1]}
        yield Hit(key, places[0][0].span(), named, related=related)


# -- lengths and octets ----------------------------------------------------------


def _long_lines(view: View, *, stuffed: bool) -> list[tuple[int, int]]:
    """Return the lines of more than 998 octets. Strides, so as not to visit each line."""
    data, position, end = view.buffer.data, view.start, view.end
    separator = line_separator(data)
    found = []
    while end - position > LONGEST:
        more = 1 if stuffed and data[position] == 46 else 0
        stop = data.rfind(separator, position, position + LONGEST + more + 1)
        if stop < 0:
            stop = data.find(separator, position, end)
            stop = end if stop < 0 else stop
            last = stop
            while last > position and data[last - 1] == 13:
                last -= 1
            if last - position - more > LONGEST:
                found.append((position, last))
        position = stop + 1
    return found


@rule(
    "WIR004",
    "text-line-1000",
    WARNING,
    shape=CONTENT,
    plain=True,
    needs=CLIENT_SIDE | SHOWS_CONTENT,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.5.3.1.6", "RFC 5322 2.1.1", "RFC 6152 3", "RFC 3030 3"),
    fixes=dict.fromkeys(("fold", "shorten", "wrap-base64", "wrap-quoted-printable"), Fix.SAFE),
)
def text_line_1000(exchange: Exchange, session: Session) -> Iterator[Hit]:
    content = exchange.content
    if content is None or len(content.stretch) <= LONGEST:
        return
    view = content.view
    places = _long_lines(view, stuffed=exchange.event not in CHUNKS)
    if places and not _is_binary(exchange, session):
        longest = max(stop - start for start, stop in places)
        hit = _folded(view, places, length=str(longest))
        yield _shortened(hit, exchange, session, places)


def _shortened(
    hit: Hit, exchange: Exchange, session: Session, places: list[tuple[int, int]]
) -> Hit:
    """Give *hit* the fix that folds the long fields and wraps what is encoded, if it may be."""
    from smtp_lsp.rules import mending, wrapping

    message = mending.carried(exchange, session)
    if message is None:
        return hit
    lines = [View(message.whole.buffer, *place) for place in places]
    return wrapping.shorten(message, hit, lines, LONGEST)


_CONTROL = Production(rb"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
# ISO-2022-JP and its kin are 7-bit character sets that switch by ESC, SO and SI.
_SHIFTING = Production(rb"(?i)iso-2022|\x1b(?:[$(][()]?[@-Z]|\$[)*+]?[@-Z])")


@rule(
    "WIR005",
    "no-nul",
    WARNING,
    shape=(CONTENT, MESSAGE),
    traits=traits.NUL,
    abused=True,
    plain=True,
    needs=CLIENT_SIDE | SHOWS_CONTENT,
    category=DATA_LOSS,
    references=("RFC 5322 2.1", "RFC 2045 2.7", "RFC 2045 2.8", "RFC 3030 3"),
    aliases=("null-char-message",),
)
def no_nul(subject: Exchange | Message, session: Session | None = None) -> Iterator[Hit]:
    if session is None:
        return nul(subject)  # type: ignore[arg-type]
    return _nul_in_content(subject, session)  # type: ignore[arg-type]


def _nul_in_content(exchange: Exchange, session: Session) -> Iterator[Hit]:
    content = exchange.content
    if content is None:
        return
    view = content.view
    data = view.buffer.data
    if data.find(b"\0", view.start, view.end) < 0 or _is_binary(exchange, session):
        return
    ends = false_ends(exchange, session)
    told = {offset for found in ends for offset in range(found.start, found.end)}
    places = []
    at = data.find(b"\0", view.start, view.end)
    while at >= 0:
        if at not in told:
            places.append((at, at + 1))
        at = data.find(b"\0", at + 1, view.end)
    if places:
        yield _folded(view, places)


@rule(
    "WIR006",
    "control-chars-avoided",
    INFO,
    shape=(CONTENT, MESSAGE),
    plain=True,
    needs=CLIENT_SIDE | SHOWS_CONTENT,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.1.1.4",),
)
def control_chars_avoided(
    subject: Exchange | Message, session: Session | None = None
) -> Iterator[Hit]:
    if session is None:
        return controls(subject, _CONTROL, _SHIFTING)  # type: ignore[arg-type]
    return _controls_in_content(subject, session)  # type: ignore[arg-type]


def _controls_in_content(exchange: Exchange, session: Session) -> Iterator[Hit]:
    content = exchange.content
    if content is None:
        return
    view = content.view
    data = view.buffer.data
    places = [found.span() for found in _CONTROL.compiled.finditer(data, view.start, view.end)]
    if not places or _is_binary(exchange, session):
        return
    if _SHIFTING.search(data, view.start, view.end):
        places = [(at, stop) for at, stop in places if data[at] not in (14, 15, 27)]
    if places:
        yield _folded(view, places, octet=f"0x{data[places[0][0]]:02X}")


@rule(
    "WIR011",
    "no-empty-content",
    WARNING,
    shape=CONTENT,
    plain=True,
    needs=CLIENT_SIDE | SHOWS_CONTENT | FINAL_DOT,
    references=("RFC 5321 4.1.1.4", "RFC 5322 3.6", "RFC 2920 3.1"),
)
def no_empty_content(exchange: Exchange, session: Session) -> Iterator[Hit]:
    content = exchange.content
    if content is None or content or content.ending != DOT or content.dot is None:
        return
    # Where something stands between 354 and the dot, it says what was left out.
    if len(content.stretch) or not session.reading.dialect.whole:
        return
    if exchange.event != "DATA":
        return
    # After a 354 that no recipient justifies, the dot alone is how to get out (RFC 2920 3.1).
    if exchange.before is None or (exchange.before.refused and not exchange.before.recipients):
        return
    yield Hit("empty", content.dot.span())


_APPARENTLY_TO = Production(rb"(?im)^Apparently-To[ \t]*:")


@rule(
    "WIR012",
    "no-apparently-to",
    INFO,
    shape=(CONTENT, MESSAGE),
    needs=CLIENT_SIDE | SHOWS_CONTENT,
    category=SECURITY,
    references=("RFC 5321 7.2",),
)
def no_apparently_to(subject: Exchange | Message, session: Session | None = None) -> Iterator[Hit]:
    whole = _whole(subject)
    if whole is None:
        return
    header, _ = halves(whole)
    data = header.buffer.data
    found = _APPARENTLY_TO.search(data, header.start, header.end)
    if found:
        yield Hit("used", View(header.buffer, found.start(), found.end() - 1).span())


# -- octets above 127 --------------------------------------------------------------


@rule(
    "WIR007",
    "8bit-needs-8bitmime",
    WARNING,
    shape=CONTENT,
    plain=True,
    needs=CLIENT_SIDE | SERVER_SIDE | SHOWS_CONTENT,
    category=INTEROPERABILITY,
    references=("RFC 5321 2.4", "RFC 6152 3", "RFC 6531 3.1"),
)
def eight_bit_needs_8bitmime(exchange: Exchange, session: Session) -> Iterator[Hit]:
    eight = eight_in(exchange, session)
    # A parameter that was not offered and used all the same is a fault of the MAIL.
    if eight is not None and is_offered(exchange, eight) is False and not is_announced(eight):
        helo = exchange.before is not None and exchange.before.hello == "HELO"
        yield eight.hit("helo" if helo else "not-offered")


@rule(
    "WIR008",
    "8bit-needs-body-param",
    WARNING,
    shape=CONTENT,
    plain=True,
    needs=CLIENT_SIDE | SHOWS_CONTENT,
    category=INTEROPERABILITY,
    references=("RFC 6152 3", "RFC 5321 2.4", "RFC 6531 3.6"),
    aliases=("body-7bit-means-7bit",),
)
def eight_bit_needs_body_param(exchange: Exchange, session: Session) -> Iterator[Hit]:
    eight = eight_in(exchange, session)
    if eight is None or eight.mail is None or is_announced(eight):
        return
    if is_offered(exchange, eight) is not False:
        yield eight.hit("seven" if eight.body == b"7BIT" else "missing")


@rule(
    "WIR009",
    "8bitmime-needs-mime",
    WARNING,
    shape=CONTENT,
    plain=True,
    needs=CLIENT_SIDE | SHOWS_CONTENT,
    category=INTEROPERABILITY,
    references=("RFC 5321 2.4", "RFC 6152 3"),
)
def eight_bit_mime_needs_mime(exchange: Exchange, session: Session) -> Iterator[Hit]:
    eight = eight_in(exchange, session)
    if eight is not None and eight.body == b"8BITMIME" and not is_mime(eight.message):
        yield eight.hit("no-mime")


@rule(
    "WIR010",
    "8bit-body-needs-cte",
    WARNING,
    shape=(CONTENT, MESSAGE),
    traits=traits.EIGHT_BIT,
    plain=True,
    needs=CLIENT_SIDE | SHOWS_CONTENT,
    category=INTEROPERABILITY,
    references=("RFC 2045 6.2", "RFC 2045 6.1"),
    aliases=("cte-7bit-honest",),
)
def eight_bit_body_needs_cte(
    subject: Exchange | Message, session: Session | None = None
) -> Iterator[Hit]:
    if session is None:
        whole = _whole(subject)
        if whole is None or bytes(whole).isascii():
            return
        _, body = halves(whole)
        found = EIGHT.search(body.buffer.data, body.start, body.end)
        eight = Eight(whole, found.start()) if found else None
    else:
        eight = eight_in(subject, session)  # type: ignore[arg-type]
        # Of what the server was not told at all, the label is not what is wrong first.
        if eight is not None and eight.mail is not None and not is_announced(eight):
            return
    if eight is None:
        return
    if not is_mime(eight.message) and (session is not None or not _says_its_type(subject)):
        # In a session that is `8bitmime-needs-mime`.
        if session is None:
            yield eight.hit("no-mime")
        return
    label = label_of(eight.message, eight.at)
    if label in (b"", b"7BIT"):
        yield eight.hit("seven" if label else "missing")
    elif session is None:
        # The part with the first such octet says so; a later one may not.
        from smtp_lsp.rules.entities import mislabelled

        for at, labelled in mislabelled(subject):  # type: ignore[arg-type]
            yield Eight(eight.message, at).hit("seven" if labelled else "missing")
