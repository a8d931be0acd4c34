"""DOT: the end of data and dot-stuffing (RFC 5321 4.1.1.4, 4.5.2)."""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE, FINAL_DOT, SCRIPT, STUFFING
from smtp_lsp.dialects.reading import CONTENT as SHOWS_CONTENT
from smtp_lsp.grammar import Production, injection
from smtp_lsp.rules import (
    CONTENT,
    DATA_LOSS,
    ERROR,
    MESSAGE,
    SESSION,
    WARNING,
    Fix,
    Hit,
    rule,
    traits,
)
from smtp_lsp.rules.insertion import Insertion
from smtp_lsp.rules.sequence import found, hit
from smtp_lsp.session import reasons
from smtp_lsp.text.escape import quoted
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Message
    from smtp_lsp.session.tree import Exchange, Session
    from smtp_lsp.text.view import View

_UNSTUFFED = Production(rb"(?m)^\.(?=[^.\r\n])")


def _stuff(*offsets: int) -> Fix:
    return Fix(Fix.SAFE, "stuff", [(Span(offset, offset), b".") for offset in offsets])


def _lone_dot_in_session(session: Session) -> Iterator[Hit]:
    insertion: Insertion | None = None
    for violation in found(
        session, ("DOT",), reasons.EARLY, reasons.NO_354, reasons.TRAILING_BLANK
    ):
        finding = hit(violation)
        if violation.fixable and session.reading.dialect.kind == SCRIPT:
            lines = [violation.view, *violation.dotted]
            finding.fix = _stuff(*(line.span().start for line in lines))
        elif violation.reason == reasons.TRAILING_BLANK:
            insertion = insertion or Insertion(session)
            finding.fix = insertion.final_dot(violation)
        yield finding


def _lone_dot_in_message(message: Message) -> Iterator[Hit]:
    on_wire = message.context == "wire"
    told = -1
    for line in message.lone_dots():
        if told < 0:
            smuggled = injection.smuggled(message.whole)
            told = smuggled[0][0].start if smuggled else message.whole.end
        if line.start >= told:
            break  # told as the end of data that somebody wanted it to be, and what follows it
        span = line.span()
        if on_wire:
            yield Hit("on-wire", span, severity=ERROR, fix=_stuff(span.start))
        else:
            yield _at_rest(message, line)


def _at_rest(message: Message, line: View) -> Hit:
    """A period of quoted-printable may be written so that nobody takes it for the end."""
    from smtp_lsp.rules import wrapping

    hit = Hit("stored", line.span(), severity=WARNING)
    return wrapping.encoded_dot(message, hit, line)


@rule(
    "DOT001",
    "lone-dot",
    ERROR,
    shape=(SESSION, MESSAGE),
    traits=traits.DOT,
    needs=CLIENT_SIDE,
    category=DATA_LOSS,
    references=("RFC 5321 4.1.1.4", "RFC 5321 4.5.2"),
    fixes={"stuff": Fix.SAFE, "encode-dot": Fix.SAFE, "no-blank": Fix.EITHER},
)
def lone_dot(subject: Session | Message) -> Iterator[Hit]:
    from smtp_lsp.session.tree import Session

    if isinstance(subject, Session):
        return _lone_dot_in_session(subject)
    return _lone_dot_in_message(subject)


@rule(
    "DOT002",
    "missing-final-dot",
    ERROR,
    shape=SESSION,
    needs=CLIENT_SIDE | FINAL_DOT | SHOWS_CONTENT,
    category=DATA_LOSS,
    references=("RFC 5321 4.1.1.4", "RFC 5321 3.3"),
    aliases=("eod-crlf-dot-crlf", "final-line-crlf"),
    fixes={"final-dot": Fix.EITHER},
)
def missing_final_dot(session: Session) -> Iterator[Hit]:
    insertion: Insertion | None = None
    for violation in found(session, ("CONTENT",), reasons.NO_DOT):
        finding = hit(violation)
        insertion = insertion or Insertion(session)
        finding.fix = insertion.final_dot(violation)
        if not violation.related:
            finding.key = "server-spoke" if session.reading.heard & 2 else "never-ended"
        yield finding


@rule(
    "DOT003",
    "unstuffed-dot",
    WARNING,
    shape=CONTENT,
    plain=True,
    needs=CLIENT_SIDE | STUFFING,
    category=DATA_LOSS,
    references=("RFC 5321 4.5.2",),
    aliases=("dot-stuffing",),
    fixes={"stuff": Fix.SAFE},
)
def unstuffed_dot(exchange: Exchange, session: Session) -> Iterator[Hit]:
    content = exchange.content
    if content is None or exchange.event in ("BDAT", "BDAT LAST"):
        return
    view = content.view
    data = view.buffer.data
    if data.find(b".", view.start, view.end) < 0:
        return
    script = session.reading.dialect.kind == SCRIPT
    for match in _UNSTUFFED.compiled.finditer(data, view.start, view.end):
        if match.start() > view.start and data[match.start() - 1] not in b"\r\n":
            continue
        stop = data.find(b"\n", match.start(), view.end)
        line = view.sub(match.start() - view.start, (stop if stop >= 0 else view.end) - view.start)
        text = bytes(line).rstrip(b"\r\n")
        if not text.strip(b". \t") and len(text.strip()) == 1:
            continue
        if text == b".\0":
            continue  # told as what a lax server takes for the end of data
        span = view.span(match.start() - view.start, match.end() - view.start)
        yield Hit(
            "unstuffed",
            span,
            {"said": quoted(text)},
            fix=_stuff(span.start) if script else None,
        )


@rule(
    "DOT004",
    "dot-outside-content",
    WARNING,
    shape=SESSION,
    needs=CLIENT_SIDE,
    references=("RFC 5321 4.1.1.4",),
)
def dot_outside_content(session: Session) -> Iterator[Hit]:
    for violation in found(session, ("DOT",), reasons.OUTSIDE):
        yield hit(violation)
