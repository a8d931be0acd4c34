"""SEC: STARTTLS, and demands for TLS and authentication (RFC 3207, RFC 4954 6)."""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE, SERVER_SIDE
from smtp_lsp.grammar import Production
from smtp_lsp.rules import (
    ERROR,
    INTEROPERABILITY,
    SECURITY,
    SESSION,
    WARNING,
    Hit,
    Related,
    rule,
)
from smtp_lsp.rules.known import (
    ABOUT_TLS,
    MEANWHILE,
    first_after_tls,
    is_between,
    is_sent_in_clear,
    known,
    offers,
    verb_span,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.session.tree import Reply, Session

_IGNORECASE = 2
_BOTH = CLIENT_SIDE | SERVER_SIDE

_ABOUT_AUTH = Production(rb"AUTH|LOG[ -]?IN", _IGNORECASE)

_AFTER_TLS = frozenset({"AUTH", "DEBUG", "RSET", "QUEUE"})
_TLS_EXEMPT = frozenset({"NOOP", "EHLO", "STARTTLS", "QUIT"})
_AUTH_EXEMPT = frozenset({"AUTH", "EHLO", "HELO", "NOOP", "RSET", "QUIT"})


# -- STARTTLS ------------------------------------------------------------------


@rule(
    "SEC001",
    "starttls-advertised",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("STARTTLS", "AUTH"),
    needs=_BOTH,
    category=SECURITY,
    references=("RFC 3207 3", "RFC 3207 4"),
)
def starttls_advertised(session: Session) -> Iterator[Hit]:
    for now in known(session):
        exchange, hello = now.exchange, now.hello
        if exchange.verb != "STARTTLS" or hello is None or now.tls or hello.reply is None:
            continue
        words = now.words
        if words is None or offers(words, b"STARTTLS"):
            continue
        if is_between(session, hello.reply, exchange, MEANWHILE):
            continue
        related = [Related("offers", hello.reply.lines[0].span())]
        yield Hit("not-offered", verb_span(exchange).span(), related=related)
        return


@rule(
    "SEC002",
    "starttls-not-twice",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("STARTTLS", "AUTH"),
    needs=_BOTH,
    category=SECURITY,
    references=("RFC 3207 4.2",),
)
def starttls_not_twice(session: Session) -> Iterator[Hit]:
    for now in known(session):
        exchange = now.exchange
        if exchange.verb == "STARTTLS" and now.tls and exchange.replies:
            if is_sent_in_clear(session, exchange):
                continue
            related = [Related("first", verb_span(now.tls).span())]
            yield Hit("twice", verb_span(exchange).span(), related=related)
            return


@rule(
    "SEC003",
    "starttls-not-readvertised",
    WARNING,
    shape=SESSION,
    concerns=("STARTTLS", "AUTH"),
    needs=_BOTH,
    category=SECURITY,
    references=("RFC 3207 4.2",),
)
def starttls_not_readvertised(session: Session) -> Iterator[Hit]:
    for now in known(session):
        exchange, reply = now.exchange, now.exchange.reply
        if exchange.event != "HELLO" or now.tls is None or reply is None or reply.code != 250:
            continue
        if is_sent_in_clear(session, exchange):
            continue
        for said, line in zip(reply.lines[1:], reply.parsed[1:], strict=True):
            if line.text[line.text_start :].strip().upper() == b"STARTTLS":
                related = [Related("first", verb_span(now.tls).span())]
                yield Hit("offered-again", said.sub(line.text_start).span(), related=related)
                return


@rule(
    "SEC004",
    "starttls-ehlo-again",
    WARNING,
    explains=True,
    shape=SESSION,
    needs=_BOTH,
    category=SECURITY,
    references=("RFC 3207 4.1", "RFC 3207 4.2"),
)
def starttls_ehlo_again(session: Session) -> Iterator[Hit]:
    for tls, exchange in first_after_tls(session, disordered=True):
        reply = exchange.reply
        taken = exchange.event == "MAIL" and reply is not None and reply.code // 100 == 2
        if exchange.violation is not None and not taken:
            continue
        if not taken and exchange.event not in _AFTER_TLS and exchange.verb != "HELO":
            continue
        if is_sent_in_clear(session, exchange):
            continue
        related = [Related("first", verb_span(tls).span())]
        key = "kept" if taken else "hello" if exchange.verb == "HELO" else "no-ehlo"
        yield Hit(key, verb_span(exchange).span(), {"verb": exchange.verb}, related=related)
        return


@rule(
    "SEC005",
    "starttls-nothing-but-tls",
    ERROR,
    shape=SESSION,
    needs=_BOTH,
    category=SECURITY,
    references=("RFC 3207 4",),
)
def starttls_nothing_but_tls(session: Session) -> Iterator[Hit]:
    for tls, exchange in first_after_tls(session):
        if exchange.event != "QUIT" and is_sent_in_clear(session, exchange):
            related = [Related("first", verb_span(tls).span())]
            yield Hit(
                "in-clear", verb_span(exchange).span(), {"verb": exchange.verb}, related=related
            )
            return


@rule(
    "SEC023",
    "starttls-injection",
    WARNING,
    shape=SESSION,
    concerns=("STARTTLS",),
    needs=_BOTH,
    category=SECURITY,
    references=("RFC 3207 4", "CVE-2011-0411", "CVE-2021-38371"),
    aliases=("pipelining-starttls-last",),
)
def starttls_injection(session: Session) -> Iterator[Hit]:
    """Find what was sent behind STARTTLS before its 220; a server may keep it."""
    for tls, behind, later in zip(
        session.exchanges, session.exchanges[1:], [*session.exchanges[2:], None], strict=False
    ):
        reply = tls.reply
        if tls.event != "STARTTLS" or reply is None or reply.code != 220 or behind.said is None:
            continue
        if (
            behind.said.buffer is not reply.lines[0].buffer
            or behind.said.start > reply.lines[0].start
        ):
            continue
        view = behind.verb_view or behind.said
        related = [Related("first", verb_span(tls).span())]
        answer = behind.reply
        if answer is not None and later is not None and later.said is not None:
            # What comes after the next command answers that: this one was thrown away.
            answer = answer if answer.lines[0].start < later.said.start else None
        kept = answer is not None
        if answer is not None:
            related.append(Related("answered", answer.code_view.span()))
        yield Hit(
            "kept" if kept else "sent",
            view.span(),
            {"verb": behind.verb if behind.command and behind.command.known else "…"},
            related=related,
            severity=ERROR if kept else "",
        )
        return


@rule(
    "SEC006",
    "starttls-530-exempt",
    WARNING,
    explains=True,
    shape=SESSION,
    needs=_BOTH,
    category=INTEROPERABILITY,
    references=("RFC 3207 4",),
)
def starttls_530_exempt(session: Session) -> Iterator[Hit]:
    return _wrongly_530(session, _TLS_EXEMPT, about_tls=True)


@rule(
    "SEC007",
    "auth-530-exempt",
    WARNING,
    explains=True,
    shape=SESSION,
    needs=_BOTH,
    category=INTEROPERABILITY,
    references=("RFC 4954 6",),
)
def auth_530_exempt(session: Session) -> Iterator[Hit]:
    return _wrongly_530(session, _AUTH_EXEMPT, about_tls=False)


def _wrongly_530(session: Session, exempt: frozenset[str], *, about_tls: bool) -> Iterator[Hit]:
    """Yield one finding for the 530s that commands drew which need no TLS or AUTH."""
    wrong: list[tuple[Reply, str]] = []
    for exchange in session.refusals:
        reply, command = exchange.reply, exchange.command
        if reply is None or reply.code != 530 or command is None or not command.likely:
            continue
        if exchange.verb not in exempt or exchange.pardoned:
            continue
        text = reply.text()
        tls = ABOUT_TLS.search(text) is not None
        if tls == about_tls and (tls or _ABOUT_AUTH.search(text)):
            wrong.append((reply, exchange.verb))
    if wrong:
        reply, verb = wrong[0]
        again = [Related("again", other.code_view.span()) for other, _ in wrong[1:5]]
        yield Hit("exempt", reply.code_view.span(), {"verb": verb}, related=again)
