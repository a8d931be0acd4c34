"""Connections that ended, or said nothing, without a reply that would tell why.

Here alone what the tool remarks around the session is looked at: that the connection was
closed or timed out, that the handshake failed, which port it was. A record that was merely
cut says none of that.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import RECORDING, SERVER_SIDE
from smtp_lsp.grammar import Production, refusals
from smtp_lsp.session import phases
from smtp_lsp.text.source import TEXT
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.session.tree import Exchange, Session
    from smtp_lsp.text.source import Source

_NEAR = 800
"""Octets around a session that are looked through for what the tool remarks."""

_LARGEST = 1 << 16
"""Octets up to which a file in which nobody speaks may be what a tool says of a connection."""

_NEVER_BEGUN = (
    ("plain-not-tls", refusals.NOT_TLS),
    ("connect-unresolved", refusals.NOT_RESOLVED),
    ("connect-refused", refusals.NO_CONNECTION),
)

_NEXT = Production(rb"\b220[ -]")


def lost(session: Session) -> tuple[str, Exchange, Span] | None:
    """Return (key, the last exchange, where it stands) of a connection that was lost."""
    last = session.exchanges[-1]
    if not session.heard & SERVER_SIDE:
        return _unheard(session)
    handshake = _handshake(session)
    if handshake is not None and handshake.reply is not None:
        return "tls-handshake", handshake, handshake.reply.code_view.span()
    if last.event in ("QUIT", "", "STARTTLS") or (
        last.reply is not None and last.reply.code >= 400
    ):
        return None
    if last.event == "GREETING" and session.reading.dialect.served:
        return None  # somebody looked whether the port is open
    behind = _behind(session)
    renegotiated = refusals.RENEGOTIATING.search(behind)
    if renegotiated:
        data = session.reading.source.data
        # The line before it never reached the server.
        stop = max(0, data.rfind(b"\n", 0, data.find(b"RENEGOTIATING", _end(session))))
        start = data.rfind(b"\n", 0, stop) + 1
        return "renegotiated", last, Span(start, max(start, stop))
    if not refusals.LOST.search(behind):
        return None
    return _stage(last), last, _place(last)


def _handshake(session: Session) -> Exchange | None:
    """Return the STARTTLS after whose 220 nothing more was said, for the handshake failed."""
    said = [each for each in session.exchanges[-2:] if each.event != "QUIT"]
    last = said[-1] if said else None
    if last is None or last.event != "STARTTLS" or last.reply is None or last.reply.code != 220:
        return None
    data, end = session.reading.source.data, last.reply.span.end
    return last if refusals.HANDSHAKE.search(data, end, min(len(data), end + _NEAR)) else None


def _stage(last: Exchange) -> str:
    after = last.after
    if last.event == "GREETING":
        return "lost-after-greeting"
    if last.event in ("END", "BDAT LAST") and not last.replies:
        return "lost-after-content"
    if after is not None and after.phases == phases.DATA:
        return "lost-in-content"
    return "lost-unanswered" if not last.replies else "lost"


def _place(last: Exchange) -> Span:
    if last.verb_view is not None:
        return last.verb_view.span()
    return last.replies[-1].code_view.span() if last.replies else Span(0, 0)


def _unheard(session: Session) -> tuple[str, Exchange, Span] | None:
    """Return what is to be said of a recording in which the server never spoke."""
    dialect = session.reading.dialect
    first = session.exchanges[0]
    if dialect.kind != RECORDING or not dialect.shows & SERVER_SIDE or first.said is None:
        return None
    data = session.reading.source.data
    start = first.said.span().start
    around = data[max(0, start - _NEAR) : start + _NEAR]
    if not refusals.LOST.search(around):
        return None
    if refusals.PORT_465.search(data, max(0, start - _NEAR), start):
        return "tls-on-465", first, _place(first)
    return "no-greeting", first, _place(first)


def goes_to_another(session: Session) -> bool:
    """Say whether the tool went on to another exchanger of the domain."""
    return refusals.NEXT_EXCHANGER.search(_behind(session)) is not None


def _end(session: Session) -> int:
    """Return where the last thing that was said ends."""
    end = 0
    for exchange in session.exchanges[-2:]:
        if exchange.said is not None:
            end = max(end, exchange.said.span().end)
        for view in exchange.responses:
            end = max(end, view.span().end)
        if exchange.content is not None:
            end = max(end, exchange.content.span().end)
        for reply in exchange.replies:
            end = max(end, reply.span.end)
    return end


def _behind(session: Session) -> bytes:
    """Return what the file says behind the session, as far as that is about it."""
    data, end = session.reading.source.data, _end(session)
    stop = min(len(data), end + _NEAR)
    following = _NEXT.search(data, end, stop)
    return data[end : following.start() if following else stop]


def never_begun(source: Source) -> tuple[str, Span] | None:
    """Return (key, where) of what kept a connection from coming to be, in a file without speech."""
    data = source.data
    if len(data) > _LARGEST or source.nature() != TEXT:
        return None
    for key, words in _NEVER_BEGUN:
        found = words.search(data)
        if found:
            return key, Span(*found.span())
    ended = refusals.LOST.search(data)
    if ended is None:
        return None
    if refusals.PORT_465.search(data):
        return "tls-on-465", Span(*ended.span())
    silent = refusals.CONNECTED.search(data) is not None
    return "no-greeting" if silent else "connect-timeout", Span(*ended.span())
