"""RPL: which code a server chooses, and what it does around its replies (RFC 5321 4.2.4, 4.3).

Remarks for whoever writes a server: mail gets through all the same, so they are off unless
asked for, and judge only where the record shows beyond doubt what was answered.
"""

from __future__ import annotations

from itertools import pairwise

from smtp_lsp import registry
from smtp_lsp.dialects.reading import CLIENT_SIDE, LINE_ENDS, REPLY_TEXT, SCRIPT, SERVER_SIDE
from smtp_lsp.grammar import Production
from smtp_lsp.rules import INFO, INTEROPERABILITY, LINE, SESSION, STYLE, Hit, LineHit, Related, rule
from smtp_lsp.rules.answering import (
    answers,
    ehlo_lines,
    first_word,
    folded,
    in_step,
    is_masked,
    word_span,
)
from smtp_lsp.session import phases, reasons
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar.speech import Command, ReplyLine
    from smtp_lsp.session.tree import Exchange, Reply, Session

_BOTH = CLIENT_SIDE | SERVER_SIDE

# ehlo-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")                     (4.1.1.1)
_KEYWORD = Production(rb"[A-Za-z0-9][A-Za-z0-9-]*$")
# esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")                    (4.1.2)
_PARAMETER = Production(rb"[A-Za-z0-9][A-Za-z0-9-]*(?==|$)")

_ABOUT_PARAMETERS = Production(
    rb"(?i)\bparam|\boption|\b5\.5\.4\b|unsupported|not supported|unrecognized"
)

_registered: set[bytes] = set()
_parameters: set[bytes] = set()


@rule(
    "RPL024",
    "reply-no-bare-code",
    INFO,
    shape=LINE,
    needs=SERVER_SIDE | LINE_ENDS | REPLY_TEXT,
    category=STYLE,
    references=("RFC 5321 4.2", "RFC 5321 4.2.1"),
)
def reply_no_bare_code(said: ReplyLine) -> Iterator[LineHit]:
    if not said.separator:
        yield LineHit("bare", 0, 3, {"code": f"{said.code:03}"})


@rule(
    "RPL025",
    "ehlo-keyword-registered",
    INFO,
    shape=SESSION,
    thorough=True,
    needs=SERVER_SIDE,
    category=STYLE,
    references=("RFC 5321 2.2.2", "RFC 5321 4.1.1.1"),
)
def ehlo_keyword_registered(session: Session) -> Iterator[Hit]:
    seen: set[bytes] = set()
    for _, lines in ehlo_lines(session):
        for said, line in lines:
            word = first_word(line).upper()
            if word in seen or not _KEYWORD.match(word) or is_masked(word):
                continue
            if word.startswith(b"X") or word in _keywords():
                continue
            seen.add(word)
            yield Hit("unregistered", word_span(said, line), {"keyword": quoted(word)})


def _keywords() -> set[bytes]:
    """Return the registered keywords, and the verbs: VRFY may be listed and is no extension."""
    if not _registered:
        rows = registry.table("extensions")["extension"]
        listed = (row["keyword"] for row in rows if row["iana"].startswith("registered"))
        _registered.update(word.encode() for word in (*listed, *registry.verbs()))
    return _registered


@rule(
    "RPL026",
    "500-vs-502",
    INFO,
    shape=SESSION,
    needs=_BOTH,
    category=STYLE,
    references=("RFC 5321 4.2.4",),
)
def unknown_is_500(session: Session) -> Iterator[Hit]:
    hits = []
    for exchange, reply in in_step(session):
        verb = exchange.verb
        if reply.code != 502 or not verb or verb.startswith("X") or registry.command(verb):
            continue
        hits.append(
            Hit("unknown", reply.code_view.span(), {"verb": verb}, related=answers(exchange))
        )
    yield from folded(hits)


_OUT_OF_ORDER = frozenset(
    {
        phases.NO_HELLO,
        phases.NO_HELLO_AFTER_TLS,
        phases.NO_MAIL,
        phases.NO_RCPT,
        phases.NESTED,
        phases.BDAT_UNDER_WAY,
        phases.BDAT_FAILED,
        reasons.ALL_REFUSED,
        reasons.AFTER_RSET,
        reasons.AFTER_HELLO,
        reasons.AFTER_MESSAGE,
        reasons.MAIL_REFUSED,
    }
)
_NO_RECIPIENT = (phases.NO_RCPT, reasons.ALL_REFUSED)


@rule(
    "RPL027",
    "503-out-of-order",
    INFO,
    shape=SESSION,
    needs=_BOTH,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.1.4", "RFC 5321 3.3", "RFC 3207 4", "RFC 4954 6"),
)
def out_of_order_is_503(session: Session) -> Iterator[Hit]:
    """Judge how a command was refused that is out of order whatever came before."""
    for violation in session.violations:
        exchange = violation.exchange
        if exchange is None or violation.reason not in _OUT_OF_ORDER:
            continue
        reply = exchange.reply
        if reply is None or reply.code < 400 or reply.code in (421, 503, 530):
            continue
        if reply.code == 554 and violation.reason in _NO_RECIPIENT:
            continue
        named = {"code": str(reply.code), "verb": exchange.verb}
        yield Hit("other", reply.code_view.span(), named, related=answers(exchange))


@rule(
    "RPL028",
    "555-455-parameters",
    INFO,
    shape=SESSION,
    concerns=("MAIL", "RCPT"),
    needs=_BOTH,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.1.1.11",),
)
def parameters_are_555(session: Session) -> Iterator[Hit]:
    hits = []
    for exchange, reply in in_step(session):
        if exchange.verb not in ("MAIL", "RCPT") or reply.code not in (500, 501, 503):
            continue
        unknown = _unknown_parameter(exchange.command) if exchange.command else b""
        if unknown and _ABOUT_PARAMETERS.search(reply.text()):
            named = {"code": str(reply.code), "parameter": quoted(unknown)}
            hits.append(Hit("other", reply.code_view.span(), named, related=answers(exchange)))
    yield from folded(hits)


def _unknown_parameter(command: Command) -> bytes:
    """Return the keyword of a parameter that no extension defines, or nothing."""
    if command.path is None:
        return b""
    words = command.text[command.path[1] :].split()
    if any(word[:1] == b"=" or word[-1:] == b"=" for word in words):
        return b""  # blanks around the sign: a syntax error, and 501 is right
    for word in words:
        match = _PARAMETER.match(word)
        if match and match[0].upper() not in _known_parameters():
            return match[0]
    return b""


def _known_parameters() -> set[bytes]:
    if not _parameters:
        for row in registry.table("extensions")["extension"]:
            for each in (*row["mail_params"], *row["rcpt_params"]):
                _parameters.add(each["name"].upper().encode())
    return _parameters


# -- around the replies ------------------------------------------------------


@rule(
    "RPL029",
    "421-then-close",
    INFO,
    shape=SESSION,
    needs=_BOTH,
    category=INTEROPERABILITY,
    references=("RFC 5321 3.8", "RFC 5321 4.2.3"),
)
def closes_after_421(session: Session) -> Iterator[Hit]:
    """Find a server that goes on answering; a QUIT that it still takes does no harm."""
    closing: Reply | None = None
    for exchange in session.exchanges:
        if closing is not None and _is_served(exchange, closing):
            related = [Related("goes-on-here", exchange.replies[0].code_view.span())]
            yield Hit("open", closing.code_view.span(), related=related)
            return
        if closing is None and exchange.reply is not None and exchange.reply.code == 421:
            closing = exchange.reply


def _is_served(exchange: Exchange, closing: Reply) -> bool:
    """Say whether a command that was sent behind a 421 was answered."""
    said, command = exchange.said, exchange.command
    if said is None or command is None or not command.likely or exchange.event == "QUIT":
        return False
    if said.buffer is not closing.lines[-1].buffer or said.start < closing.lines[-1].end:
        return False
    return bool(exchange.replies) and exchange.replies[0].code != 421


@rule(
    "RPL030",
    "one-reply-per-command",
    INFO,
    shape=SESSION,
    needs=_BOTH,
    references=("RFC 5321 4.2", "RFC 5321 4.3.1", "RFC 5321 3.8"),
)
def one_reply_per_command(session: Session) -> Iterator[Hit]:
    """Find a second reply right below the first, where people write both sides down.

    In a log the command may be missing: passwords are left out, and some tools log replies only.
    """
    if session.reading.dialect.kind != SCRIPT:
        return
    for before, exchange in pairwise(session.exchanges):
        reply, last = exchange.reply, before.reply
        if exchange.event or reply is None or last is None or before.said is None:
            continue
        if exchange.pardoned or reply.code in (334, 354, 421) or before.verb == "TURN":
            continue
        data = last.lines[-1].buffer.data
        if data.count(b"\n", last.lines[-1].end, reply.lines[0].start) != 1:
            continue
        named = {"code": str(reply.code), "verb": before.verb if before.command else ""}
        related = [Related("first-reply", last.code_view.span())]
        yield Hit("unasked", reply.code_view.span(), named, related=related)
        return
