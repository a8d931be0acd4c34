"""SEC: AUTH, its mechanisms and what is sent in the clear (RFC 4954).

No message here ever shows what followed AUTH or answered a 334: findings have places, and
name a mechanism only where it is one that the registry knows.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import AUTH_EXCHANGE, CLIENT_SIDE, SERVER_SIDE
from smtp_lsp.grammar import Production
from smtp_lsp.rules import (
    ERROR,
    HINT,
    INFO,
    INTEROPERABILITY,
    LINE,
    SECURITY,
    SESSION,
    WARNING,
    Hit,
    LineHit,
    Related,
    rule,
    sasl,
)
from smtp_lsp.rules.known import (
    ABOUT_TLS,
    MEANWHILE,
    folded,
    is_between,
    is_inside_tls,
    known,
    line_that_offers,
    offers,
    verb_span,
)
from smtp_lsp.session import guards

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar.speech import Command, ReplyLine
    from smtp_lsp.rules.known import Known
    from smtp_lsp.session.tree import Exchange, Reply, Session
    from smtp_lsp.text.view import View

_IGNORECASE = 2
_BOTH = CLIENT_SIDE | SERVER_SIDE

_ABOUT_BASE64 = Production(rb"base ?64|decod", _IGNORECASE)
_ABOUT_CANCEL = Production(rb"cancel|abort", _IGNORECASE)

_AUTH_PARAMETER = Production(rb"[ \t]AUTH=(\S*)", _IGNORECASE)

# Tokens of these run to thousands of octets, and everybody sends them with AUTH.
_TOKENS = frozenset({"OAUTHBEARER", "XOAUTH2", "XOAUTH", "OAUTH10A"})
_LINE_LIMIT = 512
_CRLF = 2


# -- the choice of a mechanism -------------------------------------------------


def _name_hit(key: str, command: Command, name: str) -> LineHit:
    start = command.text.upper().find(name.encode("latin-1"), command.argument)
    return LineHit(key, start, start + len(name), {"mechanism": name})


@rule(
    "SEC008",
    "auth-login-obsolete",
    HINT,
    shape=LINE,
    concerns=("AUTH",),
    needs=CLIENT_SIDE,
    category=SECURITY,
    references=("draft-murchison-sasl-login-00 1", "RFC 4616"),
)
def auth_login_obsolete(command: Command) -> Iterator[LineHit]:
    if sasl.mechanism(command) == "LOGIN":
        yield _name_hit("login", command, "LOGIN")


@rule(
    "SEC009",
    "auth-weak-mechanism",
    INFO,
    shape=LINE,
    concerns=("AUTH",),
    needs=CLIENT_SIDE,
    category=SECURITY,
    references=("RFC 6331", "RFC 4422 4", "RFC 7677"),
)
def auth_weak_mechanism(command: Command) -> Iterator[LineHit]:
    name = sasl.mechanism(command)
    if name in ("CRAM-MD5", "DIGEST-MD5", "NTLM"):
        yield _name_hit("weak", command, name)


@rule(
    "SEC010",
    "auth-mech-advertised",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("STARTTLS", "AUTH"),
    needs=_BOTH,
    category=INTEROPERABILITY,
    references=("RFC 4954 3", "RFC 4954 4"),
)
def auth_mech_advertised(session: Session) -> Iterator[Hit]:
    wrong: list[tuple[str, Exchange]] = []
    listed: Exchange | None = None
    for now in known(session):
        exchange, hello = now.exchange, now.hello
        name = sasl.mechanism(exchange.command)
        if not name or hello is None or hello.reply is None:
            continue
        words = now.words
        if words is None or name.encode("latin-1") in sasl.offered_mechanisms(words):
            continue
        if not wrong and is_between(session, hello.reply, exchange, MEANWHILE):
            continue
        wrong.append(("not-listed" if offers(words, b"AUTH") else "no-auth", exchange))
        listed = listed or hello
    for hit in folded(
        wrong, {"mechanism": sasl.shown(sasl.mechanism(wrong[0][1].command)) if wrong else ""}
    ):
        if listed is not None and listed.reply is not None:
            hit.related.insert(0, Related("offers", line_that_offers(listed.reply, b"AUTH").span()))
        yield hit


@rule(
    "SEC011",
    "auth-not-in-transaction",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("AUTH",),
    needs=_BOTH,
    references=("RFC 4954 4",),
)
def auth_not_in_transaction(session: Session) -> Iterator[Hit]:
    mail: Exchange | None = None
    for exchange in session.exchanges:
        before, reply = exchange.before, exchange.reply
        if exchange.event == "MAIL" and reply is not None and reply.code // 100 == 2:
            mail = exchange
        if not sasl.mechanism(exchange.command) or reply is None or mail is None:
            continue
        if before is None or not guards.transaction_is_open(before):
            continue
        related = [Related("mail", verb_span(mail).span())]
        yield Hit("in-transaction", verb_span(exchange).span(), related=related)
        return


@rule(
    "SEC012",
    "auth-only-once",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("STARTTLS", "AUTH"),
    needs=_BOTH,
    references=("RFC 4954 4", "RFC 3207 4.2"),
)
def auth_only_once(session: Session) -> Iterator[Hit]:
    wrong: list[tuple[str, Exchange]] = []
    first: Exchange | None = None
    for now in known(session):
        if now.auth is not None and sasl.mechanism(now.exchange.command) and now.exchange.replies:
            first = first or now.auth
            wrong.append(("again-after-235", now.exchange))
    for hit in folded(wrong, {}):
        if first is not None:
            hit.related.insert(0, Related("first", verb_span(first).span()))
        yield hit


# -- the exchange --------------------------------------------------------------


@rule(
    "SEC013",
    "auth-base64-strict",
    ERROR,
    explains=True,
    shape=SESSION,
    concerns=("AUTH",),
    needs=_BOTH | AUTH_EXCHANGE,
    references=("RFC 4954 4", "RFC 4954 8"),
)
def auth_base64_strict(session: Session) -> Iterator[Hit]:
    for now in known(session):
        exchange = now.exchange
        name = sasl.mechanism(exchange.command)
        if not name:
            continue
        for view, reply in sasl.responses(exchange):
            value = bytes(view).strip()
            if value in (b"", b"*", b"=") or reply is None or sasl.is_base64(value):
                continue
            if sasl.is_masked(value):
                continue
            code = str(reply.code)
            related = [Related("answer", reply.code_view.span())]
            if _calls_malformed(now, name, reply):
                yield Hit("refused", view.span(), {"code": code}, related=related)
                return
            if reply.code in (235, 334) and sasl.lacks_padding(value):
                yield Hit(
                    "unpadded", view.span(), {"code": code}, related=related, severity=WARNING
                )
                return


def _calls_malformed(now: Known, name: str, reply: Reply) -> bool:
    """Say whether a reply refuses a response for how it is written.

    504 is for mechanisms that the server does not know: for a response where it knows this one.
    """
    if reply.code == 504:
        initial = bool(now.exchange.replies) and reply is now.exchange.replies[0]
        return not initial or name.encode("latin-1") in sasl.offered_mechanisms(now.words or [])
    return reply.code == 501 or (reply.code >= 500 and bool(_ABOUT_BASE64.search(reply.text())))


@rule(
    "SEC014",
    "auth-empty-ir-equals",
    WARNING,
    explains=True,
    shape=LINE,
    concerns=("AUTH",),
    needs=CLIENT_SIDE,
    references=("RFC 4954 4",),
)
def auth_empty_ir_equals(command: Command) -> Iterator[LineHit]:
    """Find a blank behind the mechanisms that may have nothing to say."""
    name = sasl.mechanism(command)
    text = command.text
    if name not in ("EXTERNAL", "ANONYMOUS") or text[-1:] != b" ":
        return
    if len(text.rstrip(b" ")) == command.argument + len(name):
        hit = _name_hit("blank", command, name)
        yield LineHit(hit.key, len(text.rstrip(b" ")), len(text), hit.parameters)


@rule(
    "SEC015",
    "auth-ir-only-client-first",
    WARNING,
    explains=True,
    shape=LINE,
    concerns=("AUTH",),
    needs=CLIENT_SIDE,
    references=("RFC 4954 4",),
)
def auth_ir_only_client_first(command: Command) -> Iterator[LineHit]:
    name, place = sasl.mechanism(command), sasl.initial_response(command)
    row = sasl.mechanism_row(name)
    if row is None or place is None or row["challenges_with_ir"] != -1:
        return
    if command.text[place[0] : place[0] + 1] in (b"<", b"[", b"(", b"{", b".", b"\xe2", b"#"):
        return
    yield LineHit("server-first", *place, {"mechanism": name})


@rule(
    "SEC016",
    "auth-ir-line-limit",
    WARNING,
    explains=True,
    shape=LINE,
    concerns=("AUTH",),
    needs=CLIENT_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 4954 4", "RFC 5321 4.5.3.1.4"),
)
def auth_ir_line_limit(command: Command) -> Iterator[LineHit]:
    if not command.likely or len(command.text.rstrip()) + _CRLF <= _LINE_LIMIT:
        return
    name, place = sasl.mechanism(command), sasl.initial_response(command)
    if place is None or name in _TOKENS:
        return
    length = str(len(command.text.rstrip()) + _CRLF)
    yield LineHit("too-long", *place, {"mechanism": sasl.shown(name), "length": length})


@rule(
    "SEC017",
    "auth-334-base64-only",
    WARNING,
    shape=LINE,
    concerns=("334",),
    needs=SERVER_SIDE | AUTH_EXCHANGE,
    category=INTEROPERABILITY,
    references=("RFC 4954 4", "RFC 4954 8"),
)
def auth_334_base64_only(said: ReplyLine) -> Iterator[LineHit]:
    """Find characters that no base64 has; a challenge may be cut or go on in the next line."""
    text = said.text[said.text_start :].strip()
    if sasl.may_be_challenge(text):
        return
    yield LineHit("no-base64", said.text_start, said.text_start + len(text))


@rule(
    "SEC018",
    "auth-cancel-501",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("AUTH",),
    needs=_BOTH | AUTH_EXCHANGE,
    category=INTEROPERABILITY,
    references=("RFC 4954 4",),
)
def auth_cancel_501(session: Session) -> Iterator[Hit]:
    for exchange in session.exchanges:
        name = sasl.mechanism(exchange.command)
        if not name or name in _TOKENS:
            continue
        for view, reply in sasl.responses(exchange):
            if bytes(view).strip() != b"*" or reply is None or reply.code in (501, 421):
                continue
            # A log may write `*` for a password: what follows a wrong one is no evidence.
            if reply.code in (500, 502, 503, 504) or (
                reply.code >= 400 and _ABOUT_CANCEL.search(reply.text())
            ):
                related = [Related("cancelled", view.span())]
                yield Hit(
                    "no-501", reply.code_view.span(), {"code": str(reply.code)}, related=related
                )
                return


@rule(
    "SEC019",
    "auth-param-xtext",
    WARNING,
    shape=LINE,
    concerns=("MAIL",),
    needs=CLIENT_SIDE,
    references=("RFC 4954 5", "RFC 4954 8", "RFC 3461 4"),
)
def auth_param_xtext(command: Command) -> Iterator[LineHit]:
    if command.path is None:
        return
    match = _AUTH_PARAMETER.compiled.search(command.text, command.path[1])
    fault = sasl.fault_of_identity(match[1]) if match else ""
    if match and fault:
        yield LineHit(fault, *match.span(0 if fault == "empty" else 1))


# -- in the clear --------------------------------------------------------------


def _in_clear(session: Session) -> Iterator[tuple[Exchange, Exchange, str, list[list[bytes]]]]:
    """Yield (AUTH, EHLO, mechanism, listing) where STARTTLS was offered and not used."""
    for now in known(session):
        exchange, hello = now.exchange, now.hello
        name = sasl.mechanism(exchange.command)
        row = sasl.mechanism_row(name)
        if row is None or not row["plaintext_password"] or now.tls or hello is None:
            continue
        words = now.words
        if words is None or hello.reply is None or not offers(words, b"STARTTLS"):
            continue
        if is_inside_tls(session, exchange):
            continue
        if is_between(session, hello.reply, exchange, MEANWHILE):
            continue
        yield exchange, hello, name, words


@rule(
    "SEC020",
    "auth-plaintext-needs-tls",
    WARNING,
    shape=SESSION,
    concerns=("STARTTLS", "AUTH"),
    needs=_BOTH,
    category=SECURITY,
    references=("RFC 4954 4", "RFC 4954 9"),
)
def auth_plaintext_needs_tls(session: Session) -> Iterator[Hit]:
    wrong: list[tuple[str, Exchange]] = []
    offered: list[Related] = []
    names: list[str] = []
    for exchange, hello, name, words in _in_clear(session):
        if sasl.sends_credentials(exchange) and hello.reply is not None:
            wrong.append(("in-clear", exchange))
            names.append(name)
            if not offered:
                line = line_that_offers(hello.reply, b"STARTTLS")
                offered = [Related("offers", line.span()), *_stronger(hello.reply, words)]
    for hit in folded(wrong, {"mechanism": names[0] if names else ""}):
        hit.related[:0] = offered
        yield hit


def _stronger(reply: Reply, words: list[list[bytes]]) -> list[Related]:
    """Return where a reply to EHLO offers a mechanism that needs a password and does not show it.

    To choose another one without TLS is what an attacker on the way wants of a client.
    """
    name = sasl.strongest(words)
    if not name:
        return []
    line = line_that_offers(reply, b"AUTH")
    return [Related("stronger", line.span(), {"mechanism": name})]


@rule(
    "SEC021",
    "auth-not-advertised-in-clear",
    WARNING,
    explains=True,
    shape=SESSION,
    concerns=("STARTTLS", "AUTH"),
    needs=_BOTH,
    category=SECURITY,
    references=("RFC 4954 6",),
)
def auth_not_advertised_in_clear(session: Session) -> Iterator[Hit]:
    for exchange, hello, name, words in _in_clear(session):
        reply = exchange.reply
        if reply is None or hello.reply is None or sasl.sends_credentials(exchange):
            continue
        if name.encode() not in sasl.offered_mechanisms(words):
            continue
        demands = reply.code == 538 or (
            reply.code in (530, 534, 554) and ABOUT_TLS.search(reply.text()) is not None
        )
        if demands:
            related = [Related("refused", reply.code_view.span())]
            yield Hit(
                "listed",
                line_that_offers(hello.reply, b"AUTH").span(),
                {"mechanism": name},
                related=related,
            )
            return


@rule(
    "SEC022",
    "credentials-in-transcript",
    INFO,
    shape=SESSION,
    concerns=("AUTH",),
    needs=CLIENT_SIDE | AUTH_EXCHANGE,
    category=SECURITY,
    references=("RFC 4616", "RFC 4954 9"),
)
def credentials_in_transcript(session: Session) -> Iterator[Hit]:
    wrong: list[View] = []
    stronger: list[Related] = []
    for now in known(session):
        exchange = now.exchange
        name = sasl.mechanism(exchange.command)
        sent = [view for view, _ in sasl.responses(exchange)]
        if name == "LOGIN":
            sent = sent[1:2]  # the first is the name of the user
        if name in ("PLAIN", "LOGIN"):
            found = [view for view in sent if sasl.is_secret(bytes(view), name)]
            if found and not wrong:
                stronger = _passed_over(session, now)
            wrong += found
    if wrong:
        again = [Related("again", view.span()) for view in wrong[1:5]]
        yield Hit("readable", wrong[0].span(), related=[*stronger, *again])


def _passed_over(session: Session, now: Known) -> list[Related]:
    """Return where a stronger mechanism was offered to a client that has no TLS, nor an offer.

    Where TLS is offered, that is the cause, and told as that (``auth-plaintext-needs-tls``).
    """
    words, hello = now.words, now.hello
    if words is None or hello is None or hello.reply is None or now.tls:
        return []
    if offers(words, b"STARTTLS") or is_inside_tls(session, now.exchange):
        return []
    return _stronger(hello.reply, words)
