"""What the state of the session makes of a refusal: which step was missing, and where it stood.

Each function is given the exchange that was refused and returns the key of the diagnosis, and
adds the places that belong to it and what its message names.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import AUTH_EXCHANGE
from smtp_lsp.rules import Related
from smtp_lsp.rules.known import line_that_offers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from smtp_lsp.dialects.utterance import Content
    from smtp_lsp.rules.diagnosis import Diagnosis
    from smtp_lsp.session.guards import State
    from smtp_lsp.session.tree import Exchange, Session


def refine(found: Diagnosis, session: Session) -> None:
    """Put a key that says more in the place of the table's, where the session tells more."""
    function = _REFINED.get(found.key)
    if function is not None:
        found.key = function(found, session)


# -- what was missing ----------------------------------------------------------


def _state(found: Diagnosis) -> State | None:
    return found.exchange.before


def _without_auth(stem: str) -> Callable[[Diagnosis, Session], str]:
    """Return what tells why nobody was authenticated: ``STEM-helo``, ``STEM-before-tls``, ..."""

    def refined(found: Diagnosis, session: Session) -> str:
        before = _state(found)
        if before is None:
            return stem
        if before.authenticated:
            return f"{stem}-though-auth"
        hello = _hello(session, found.exchange)
        if before.hello == "HELO":
            _point(found, hello, "helo-here")
            return f"{stem}-helo"
        offers = before.offers
        if not offers:
            return stem
        if b"AUTH" in offers and not session.reading.dialect.shows & AUTH_EXCHANGE:
            return stem  # whether it was done, the record does not show
        if b"AUTH" in offers:
            _point_at_offer(found, hello, b"AUTH", "auth-offered-here")
            return f"{stem}-offered"
        if b"STARTTLS" in offers and not before.tls:
            _point_at_offer(found, hello, b"STARTTLS", "starttls-offered-here")
            return f"{stem}-before-tls"
        return f"{stem}-not-offered"

    return refined


def _auth_not_here(found: Diagnosis, session: Session) -> str:
    """Tell why the server knows no AUTH here."""
    before = _state(found)
    if before is None:
        return "auth-not-here"
    hello = _hello(session, found.exchange)
    if before.authenticated:
        return "auth-twice"
    if before.hello == "HELO":
        _point(found, hello, "helo-here")
        return "auth-helo"
    offers = before.offers
    if offers and b"AUTH" not in offers and b"STARTTLS" in offers and not before.tls:
        _point_at_offer(found, hello, b"STARTTLS", "starttls-offered-here")
        return "auth-before-tls"
    return "auth-not-here"


def _auth_mechanism(found: Diagnosis, session: Session) -> str:
    """Tell a mechanism that is not taken from AUTH that is not there at all."""
    key = _auth_not_here(found, session)
    return key if key in ("auth-helo", "auth-before-tls") else found.key


def _needs_tls(found: Diagnosis, session: Session) -> str:
    """Tell whether TLS could have been had."""
    before = _state(found)
    if before is not None and before.offers:
        if b"STARTTLS" in before.offers:
            hello = _hello(session, found.exchange)
            _point_at_offer(found, hello, b"STARTTLS", "starttls-offered-here")
            return "needs-tls-offered"
        if not before.tls:
            return "needs-tls-not-offered"
    if before is not None and before.hello == "HELO":
        _point(found, _hello(session, found.exchange), "helo-here")
    return "needs-tls"


def _too_large(found: Diagnosis, session: Session) -> str:
    """Name the size of the message and the limit, where both are on record."""
    exchange = found.exchange
    hello = _hello(session, exchange)
    limit = _limit(found, hello)
    size = _announced(session, exchange)
    if not size:
        sent = exchange.content or _content(session, exchange)
        size = len(sent.view) if sent is not None else 0
    if limit and size > limit:
        found.parameters.update(size=str(size), limit=str(limit))
        return "too-large-limit"
    return "too-large"


def _limit(found: Diagnosis, hello: Exchange | None) -> int:
    """Return the limit that ``SIZE`` announces (RFC 1870 4), or 0."""
    if hello is None or hello.reply is None:
        return 0
    line = line_that_offers(hello.reply, b"SIZE")
    words = bytes(line)[4:].split()
    if len(words) < 2 or words[0].upper() != b"SIZE" or not words[1].isdigit():
        return 0
    if len(words[1]) > 20:
        return 0
    found.related.append(Related("limit-here", line.span()))
    return int(words[1])


def _announced(session: Session, exchange: Exchange) -> int:
    """Return the size that the MAIL of this transaction announces (RFC 1870 3), or 0."""
    mail = exchange
    if exchange.event != "MAIL":
        transaction = session.transaction_of(exchange)
        if transaction is None:
            return 0
        mail = transaction.exchanges[0]
    if mail.command is None or mail.command.path is None:
        return 0
    for word in mail.command.text[mail.command.path[1] :].split():
        name, _, value = word.partition(b"=")
        if name.upper() == b"SIZE" and value.isdigit() and len(value) <= 20:
            return int(value)
    return 0


def _content(session: Session, end: Exchange) -> Content | None:
    """Return the content that *end* ended."""
    index = session.exchanges.index(end)
    for exchange in reversed(session.exchanges[:index]):
        if exchange.content is not None:
            return exchange.content
        if exchange.event == "MAIL":
            return None
    return None


def _cancelled(found: Diagnosis, session: Session) -> str:
    """Tell an exchange that the client itself gave up from one that the server refused."""
    if any(bytes(view).strip() == b"*" for view in found.exchange.responses):
        return "auth-cancelled"
    return found.key


def _closed(found: Diagnosis, session: Session) -> str:
    """Tell a closing that answers a command from one that came unasked."""
    return "closed" if found.exchange.verb else "closed-unasked"


_REFINED: dict[str, Callable[[Diagnosis, Session], str]] = {
    "relay": _without_auth("relay"),
    "needs-auth": _without_auth("needs-auth"),
    "auth-not-here": _auth_not_here,
    "auth-mechanism": _auth_mechanism,
    "auth-needs-tls": _needs_tls,
    "needs-tls": _needs_tls,
    "too-large": _too_large,
    "auth-syntax": _cancelled,
    "closed": _closed,
    "auth-refused": _cancelled,
}


# -- where it stands -----------------------------------------------------------


def _hello(session: Session, exchange: Exchange) -> Exchange | None:
    """Return the accepted hello that held when *exchange* began."""
    found = None
    for each in session.exchanges:
        if each is exchange:
            break
        if each.event == "HELLO" and each.reply is not None and each.reply.code // 100 == 2:
            found = each
    return found


def _point(found: Diagnosis, exchange: Exchange | None, key: str) -> None:
    if exchange is not None and exchange.verb_view is not None:
        found.related.append(Related(key, exchange.verb_view.span()))


def _point_at_offer(found: Diagnosis, hello: Exchange | None, keyword: bytes, key: str) -> None:
    if hello is not None and hello.reply is not None:
        found.related.append(Related(key, line_that_offers(hello.reply, keyword).span()))
