"""SEC: who sits between: TLS that was taken away, replies and transactions from before it."""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE, SERVER_SIDE
from smtp_lsp.grammar import Production
from smtp_lsp.rules import ERROR, INFO, SECURITY, SESSION, WARNING, Hit, Related, rule
from smtp_lsp.rules.known import ABOUT_TLS, kept_over_tls, listing, verb_span
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.session.tree import Exchange, Session
    from smtp_lsp.text.view import View

_BOTH = CLIENT_SIDE | SERVER_SIDE

# A keyword whose letters were overwritten on the way, the last one perhaps to keep them apart.
_MASKED = Production(rb"X{3,}[A-Z]?\Z|\*{4,}\Z")


@rule(
    "SEC035",
    "starttls-stripped",
    WARNING,
    shape=SESSION,
    concerns=("EHLO", "LHLO"),
    needs=_BOTH,
    category=SECURITY,
    references=("RFC 3207 6", "RFC 8314 3", "RFC 8461 1"),
)
def starttls_stripped(session: Session) -> Iterator[Hit]:
    """Find keywords in the reply to EHLO that somebody overwrote, where STARTTLS is not left.

    Without credentials behind it it is a remark: masked keywords may be none of TLS.
    """
    for exchange in session.exchanges:
        reply = exchange.reply
        if exchange.event != "HELLO" or reply is None or reply.code != 250:
            continue
        masked: list[View] = []
        if listing(session, exchange) is None:
            continue  # the record itself leaves something out
        for said, line in zip(reply.lines[1:], reply.parsed[1:], strict=True):
            words = line.text[line.text_start :].split(None, 1)
            if words and words[0].upper() == b"STARTTLS":
                masked = []
                break
            if words and _MASKED.match(words[0]):
                start = line.text_start
                masked.append(said.sub(start, start + len(words[0])))
        if masked:
            related = [Related("again", view.span()) for view in masked[1:5]]
            sent = _sent_in_clear(session, exchange)
            if sent is not None:
                related.append(Related("auth-here", verb_span(sent).span()))
            said_there = {"said": quoted(bytes(masked[0]))}
            key, severity = ("auth", "") if sent else ("masked", INFO)
            yield Hit(key, masked[0].span(), said_there, related=related, severity=severity)
            return


def _sent_in_clear(session: Session, hello: Exchange) -> Exchange | None:
    """Return the AUTH that followed without TLS, if any did."""
    behind = False
    for exchange in session.exchanges:
        if exchange is hello:
            behind = True
        elif behind and exchange.event in ("STARTTLS", "HELLO"):
            return None
        elif behind and exchange.event == "AUTH" and exchange.verb_view is not None:
            return exchange
    return None


@rule(
    "SEC036",
    "starttls-response-injection",
    WARNING,
    shape=SESSION,
    concerns=("STARTTLS",),
    needs=_BOTH,
    category=SECURITY,
    references=("RFC 3207 4", "RFC 3207 6"),
)
def starttls_response_injection(session: Session) -> Iterator[Hit]:
    """Find replies that stand behind the 220 to STARTTLS and before anything the client said.

    A tool that did the handshake may well repeat what the server said before it: one reply of
    one line is left alone.
    """
    exchanges = session.exchanges
    for index, exchange in enumerate(exchanges):
        first = exchange.replies[0] if exchange.replies else None
        if exchange.event != "STARTTLS" or first is None or first.code != 220:
            continue
        behind = list(exchange.replies[1:])
        for other in exchanges[index + 1 :]:
            if other.said is not None or other.event:
                break
            behind += other.replies
        if not behind or (len(behind) == 1 and len(behind[0].lines) == 1):
            continue
        data, start = session.reading.source.data, first.span.end
        if ABOUT_TLS.search(data, start, behind[0].span.start):
            continue  # a note says that TLS came between
        related = [Related("first", verb_span(exchange).span())]
        yield Hit(
            "reply", behind[0].code_view.span(), {"code": str(behind[0].code)}, related=related
        )
        return


@rule(
    "SEC037",
    "starttls-session-fixation",
    ERROR,
    shape=SESSION,
    concerns=("STARTTLS",),
    needs=_BOTH,
    category=SECURITY,
    references=("RFC 3207 4.2",),
)
def starttls_session_fixation(session: Session) -> Iterator[Hit]:
    """Find a transaction that was begun in the clear and goes on inside TLS."""
    for violation in session.violations:
        kept = kept_over_tls(session, violation)
        if kept is not None:
            mail, tls = kept
            related = [
                Related("mail-here", verb_span(mail).span()),
                Related("first", verb_span(tls).span()),
            ]
            verb = violation.exchange.verb if violation.exchange is not None else ""
            yield Hit("kept", violation.view.span(), {"verb": verb}, related=related)
            return
