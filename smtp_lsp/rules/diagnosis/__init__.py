"""What made a session fail: the first refused command that mattered, and why.

A session failed when no message got through although something was refused that nothing later
made good: a second hello, another mechanism, another recipient. The refusal is read by a table
(``table``), what the state of the session says of it (``refined``), and what well-known servers
mean by it (``rules.providers``). Pure, over the tree and the states that the walk wrote down.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import REPLY_TEXT
from smtp_lsp.grammar import refusals
from smtp_lsp.rules import Related, providers
from smtp_lsp.rules.diagnosis import lost, refined, table
from smtp_lsp.rules.diagnosis.later import Later
from smtp_lsp.rules.sequence import shown_verb
from smtp_lsp.session import outcome, phases
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.session.tree import Exchange, Reply, Session
    from smtp_lsp.text.span import Span

_HARMLESS = ("RSET", "DEBUG", "QUEUE", "XCLIENT", "QUIT", "STRAY", "DOT")
"""Events whose refusal stops no mail, unless it closes the session."""

_FOR_WANT_OF_AUTH = ("relay", "needs-auth", "sender-not-yours", "blocked", "sender-refused")
"""What is refused for want of the AUTH that failed before, as far as its words tell."""

_NOT_KNOWN = (500, 502)
_MOST = 5


class Diagnosis:
    """Why a session failed.

    ``key`` names the words, ``exchange`` is what was refused and ``reply`` what refused it (None
    where the connection was lost), ``span`` where that stands. ``follows`` holds the exchanges
    that were refused because of it, ``known`` what the provider means by the reply. Where the
    client broke the order of commands, that is the cause, and ``violated`` is set.
    """

    __slots__ = (
        "exchange",
        "follows",
        "key",
        "known",
        "parameters",
        "related",
        "reply",
        "span",
        "violated",
    )

    def __init__(self, key: str, exchange: Exchange, reply: Reply | None, span: Span) -> None:
        self.key = key
        self.exchange = exchange
        self.reply = reply
        self.span = span
        self.parameters: dict[str, str] = {}
        self.related: list[Related] = []
        self.follows: list[Exchange] = []
        self.known: providers.Known | None = None
        self.violated = False


def diagnose(session: Session) -> Diagnosis | None:
    """Return what made *session* fail, or None where it did not."""
    if not session.exchanges or outcome.is_delivered(session):
        return None
    if not session.reading.evidence() & REPLY_TEXT:
        return None  # a test that expects replies: what they are is not on record
    decided = _decided(session)
    if decided is None:
        ended = lost.lost(session)
        if ended is None:
            return None
        found = Diagnosis(ended[0], ended[1], None, ended[2])
        found.parameters = _named(found)
        return found
    reply = _refusal(decided)
    if reply is None:
        return None
    found = Diagnosis(_key(decided, reply), decided, reply, reply.code_view.span())
    if found.key == "greeting-later" and lost.goes_to_another(session):
        return None
    found.violated = decided.violation is not None
    found.parameters = _named(found)
    if found.violated:
        return found
    view = decided.verb_view
    if view is not None:
        found.related.append(Related("answers", view.span()))
    refined.refine(found, session)
    found.known = providers.known_reply(session, reply)
    _follow(found, session)
    return found


# -- which refusal decided -----------------------------------------------------


def _decided(session: Session) -> Exchange | None:
    """Return the first refused exchange that nothing later made good."""
    auth: Exchange | None = None
    tls: Exchange | None = None
    unknown: Exchange | None = None
    later = Later(session)
    for index, exchange in enumerate(session.exchanges):
        reply = _refusal(exchange)
        if reply is None or exchange.pardoned or later.makes_good(index):
            continue
        event = exchange.event
        if event == "AUTH" and reply.code != 421:
            auth = auth or exchange
        elif event == "STARTTLS" and reply.code != 421:
            tls = tls or exchange
        elif event == "UNKNOWN" and reply.code != 421:
            known = exchange.command is not None and exchange.command.known
            if not known and reply.code in _NOT_KNOWN:
                unknown = unknown or exchange
        elif event == "QUIT" or (event in _HARMLESS and reply.code != 421):
            continue
        else:
            return _root(exchange, reply, auth, tls)
    return auth or tls or unknown


def _root(
    exchange: Exchange, reply: Reply, auth: Exchange | None, tls: Exchange | None
) -> Exchange:
    """Return what *exchange* was refused for: itself, or an AUTH or STARTTLS that failed before."""
    key = _key(exchange, reply)
    if auth is not None and (exchange.violation is not None or key in _FOR_WANT_OF_AUTH):
        return auth
    if auth is not None and (exchange.event == "MAIL" or reply.code == 421):
        return auth
    if tls is not None and key in ("needs-tls", "needs-auth", "relay"):
        return tls
    return exchange


def _refusal(exchange: Exchange) -> Reply | None:
    """Return the reply that refused, or None; of many (LMTP) the first, if all did."""
    if not exchange.replies or exchange.replies[-1].code < 400:
        return None
    if exchange.expected > 1 and any(reply.code < 400 for reply in exchange.replies):
        return None
    return next(reply for reply in exchange.replies if reply.code >= 400)


# -- what it means -------------------------------------------------------------

# What a refusal answers where the record does not show it, as its code tells.
_TO_A_CONNECTION = (421, 521, 554)
_TO_AUTH = (432, 534, 535, 538)
_TO_A_RECIPIENT = (450, 550, 551, 553)


def _key(exchange: Exchange, reply: Reply) -> str:
    return table.key_of(_event(exchange, reply), reply.code, reply.enhanced(), reply.text())


def _event(exchange: Exchange, reply: Reply) -> str:
    """Return what was refused; where the record shows no command, as its code tells."""
    event = exchange.event
    if event:
        return event
    text = reply.text()
    if refusals.RELAY.search(text) or refusals.NO_SUCH_RECIPIENT.search(text):
        return "RCPT"
    before = exchange.before
    if before is not None and before.phases == phases.ANYWHERE and reply.code in _TO_A_CONNECTION:
        return "GREETING"
    if reply.code in _TO_AUTH:
        return "AUTH"
    return "RCPT" if reply.code in _TO_A_RECIPIENT else ""


def _named(found: Diagnosis) -> dict[str, str]:
    """Return what the messages may name: the code and text, the command as far as it is shown."""
    exchange, reply = found.exchange, found.reply
    path = exchange.path()
    verb = shown_verb(exchange)
    named = {"verb": verb or "DATA", "command": f"{verb} {quoted(path)}" if path else verb}
    named["recipient"] = quoted(path) or _recipient(reply)
    named["argument"] = ""
    if exchange.event == "HELLO" and exchange.command is not None:
        named["argument"] = quoted(exchange.command.arguments)
    if reply is not None:
        named["code"] = str(reply.code)
        named["reply"] = quoted(reply.text())
    return named


def _recipient(reply: Reply | None) -> str:
    """Return the mailbox that a reply names, or an ellipsis."""
    found = refusals.MAILBOX.search(reply.text()) if reply is not None else None
    return quoted(found[0]) if found else "…"


# -- what followed -------------------------------------------------------------


def _follow(found: Diagnosis, session: Session) -> None:
    """Note the refusals that are no more than consequences, or the same once more."""
    index = session.exchanges.index(found.exchange)
    for exchange in session.exchanges[index + 1 :]:
        reply = _refusal(exchange)
        if reply is None:
            continue
        both = exchange.event == "RCPT" and found.exchange.event == "RCPT"
        if both and _key(exchange, reply) != _key(found.exchange, found.reply or reply):
            continue  # another recipient, for another reason
        found.follows.append(exchange)
        if len(found.follows) <= _MOST:
            same = exchange.event == found.exchange.event
            key = "refused-too" if same else "follows"
            found.related.append(Related(key, reply.code_view.span()))
