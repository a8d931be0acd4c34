"""The session tree as plain objects: sessions > transactions > exchanges.

Lines count from 1. ``parts`` of a session are in its order, an exchange or a transaction
each; a transaction holds exchanges. Each exchange has the state of the session before and
after it, as the walk has it; ``offers`` (EHLO keywords) stands where it changed. What an AUTH
exchange would tell is left out.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE, SERVER_SIDE, SHOWS
from smtp_lsp.session import phases

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from smtp_lsp.lint.run import Analysis
    from smtp_lsp.session.guards import State
    from smtp_lsp.session.tree import Exchange, Reply, Session
    from smtp_lsp.text.source import Source
    from smtp_lsp.text.span import Span

    Object = dict[str, object]

_SECRET = "********"  # noqa: S105


def as_object(analysis: Analysis) -> Object:
    """Return the tree of one transcript, of which the sessions were kept."""
    reading = analysis.reading
    assert reading is not None
    evidence = reading.evidence()
    return {
        "path": analysis.source.name,
        "dialect": reading.dialect.name,
        "certain": reading.certain,
        "wrapped": list(reading.wrapped),
        "kind": reading.dialect.kind,
        "shows": [word for bit, word in SHOWS.items() if evidence & bit],
        "sessions": [_session(session, analysis.source) for session in analysis.sessions],
    }


def _session(session: Session, source: Source) -> Object:
    within: dict[int, int] = {}
    for number, transaction in enumerate(session.transactions()):
        within.update((id(exchange), number) for exchange in transaction.exchanges)
    parts: list[Object] = []
    current = -1
    for exchange in session.exchanges:
        number = within.get(id(exchange), -1)
        made = _exchange(exchange, source)
        if number < 0:
            parts.append(made)
        elif number == current:
            grown = parts[-1]["exchanges"]
            assert isinstance(grown, list)
            grown.append(made)
        else:
            parts.append({"type": "transaction", "exchanges": [made]})
        current = number
    sides = [
        word
        for bit, word in ((CLIENT_SIDE, "client"), (SERVER_SIDE, "server"))
        if session.heard & bit
    ]
    spans = [span for exchange in session.exchanges for span in _spans(exchange)]
    return {"lines": _lines(spans, source), "sides": sides, "parts": parts}


def _spans(exchange: Exchange) -> Iterable[Span]:
    if exchange.said is not None:
        yield exchange.said.span()
    if exchange.content is not None and exchange.content:
        yield exchange.content.span()
    for reply in exchange.replies:
        yield reply.span


def _lines(spans: Iterable[Span], source: Source) -> list[int]:
    """Return the first and the last line that *spans* touch, from 1."""
    known = list(spans)
    if not known:
        return []
    first = min(span.start for span in known)
    last = max(max(span.start, span.end - 1) for span in known)
    return [source.lines.line_of(first) + 1, source.lines.line_of(last) + 1]


def _exchange(exchange: Exchange, source: Source) -> Object:
    made: Object = {"type": "exchange", "event": exchange.event}
    if exchange.said is not None:
        made["command"] = {
            "side": "client",
            "lines": _lines([exchange.said.span()], source),
            "verb": exchange.verb,
            "text": _said(exchange),
        }
    if exchange.responses:
        made["responses"] = [
            {"side": "client", "lines": _lines([line.span()], source), "text": _SECRET}
            for line in exchange.responses
        ]
    content = exchange.content
    if content is not None:
        spans = [content.span()] if content else []
        made["content"] = {
            "side": "client",
            "lines": _lines(spans, source),
            "count": sum(1 for _ in content.lines()),
            "ending": content.ending,
        }
    made["replies"] = [_reply(reply, source) for reply in exchange.replies]
    made["before"] = _state(exchange.before)
    made["after"] = _state(exchange.after)
    before, after = exchange.before, exchange.after
    if after is not None and (before is None or before.offers != after.offers):
        offers = sorted(word.decode("ascii", "replace") for word in after.offers or ())
        made["offers"] = None if after.offers is None else offers
    return made


def _said(exchange: Exchange) -> str:
    assert exchange.said is not None
    text = bytes(exchange.said)
    if exchange.event == "AUTH" and exchange.command is not None:
        words = text.split(None, 2)
        if len(words) > 2:
            text = b" ".join((*words[:2], _SECRET.encode("ascii")))
    return text.decode("utf-8", "backslashreplace")


def _reply(reply: Reply, source: Source) -> Object:
    challenge = reply.code == 334
    return {
        "side": "server",
        "lines": _lines([reply.span], source),
        "code": reply.code,
        "enhanced": reply.enhanced().decode("ascii", "replace"),
        "text": [
            _SECRET
            if challenge and line.text[line.text_start :].strip()
            else line.text[line.text_start :].decode("utf-8", "backslashreplace")
            for line in reply.parsed
        ],
    }


def _state(state: State | None) -> Object | None:
    """Return a state; what is not so (no TLS, no recipients) is left out."""
    if state is None:
        return None
    made: Object = {"phases": list(phases.names(state.phases))}
    if state.hello:
        made["hello"] = state.hello
    if state.tls:
        made["tls"] = True
    if state.authenticated:
        made["authenticated"] = True
    if state.recipients:
        made["recipients"] = state.recipients
    if state.refused:
        made["refused"] = state.refused
    return made


def json_text(tree: Object) -> str:
    """Return the tree as JSON text, a line for each exchange, so that a difference can be read."""
    import json

    def compact(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    lines = ["{"]
    for key, value in tree.items():
        if key != "sessions":
            lines.append(f"  {compact(key)}: {compact(value)},")
    lines.append('  "sessions": [')
    sessions = tree["sessions"]
    assert isinstance(sessions, list)
    for number, session in enumerate(sessions):
        head = {key: value for key, value in session.items() if key != "parts"}
        lines.append("    {" + compact(head)[1:-1] + ', "parts": [')
        lines += _parts(session["parts"], "      ", compact)
        lines.append("    ]}" + _comma(number, sessions))
    lines += ["  ]", "}"]
    return "\n".join(lines) + "\n"


def _parts(parts: list[Object], indent: str, compact: object) -> list[str]:
    assert callable(compact)
    lines = []
    for number, part in enumerate(parts):
        exchanges = part.get("exchanges")
        if isinstance(exchanges, list):
            lines.append(indent + '{"type": "transaction", "exchanges": [')
            lines += _parts(exchanges, indent + "  ", compact)
            lines.append(indent + "]}" + _comma(number, parts))
        else:
            lines.append(indent + compact(part) + _comma(number, parts))
    return lines


def _comma(number: int, items: list[Object]) -> str:
    return "," if number + 1 < len(items) else ""
