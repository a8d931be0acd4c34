"""CMD: the parameters of MAIL and RCPT (RFC 5321 4.1.1.11, 4.1.2)."""

from __future__ import annotations

from smtp_lsp import registry
from smtp_lsp.dialects.reading import CLIENT_SIDE, SCRIPT
from smtp_lsp.grammar import rfc3461
from smtp_lsp.rules import (
    ERROR,
    INTEROPERABILITY,
    LINE,
    SESSION,
    WARNING,
    Fix,
    Hit,
    LineHit,
    Related,
    rule,
)
from smtp_lsp.rules.envelope import is_plain, parameters
from smtp_lsp.rules.path import ENVELOPES, SYNTAX
from smtp_lsp.rules.spoken import (
    commands,
    folded,
    is_listing_in_force,
    listings,
    severity_of,
)
from smtp_lsp.rules.verbs import extensions_of_parameter
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar.speech import Command
    from smtp_lsp.rules.envelope import Parameter
    from smtp_lsp.rules.known import Known
    from smtp_lsp.session.tree import Exchange, Session

_REFUSALS = (*SYNTAX, 455, 503)
_MOST_RELATED = 5

_keywords: set[bytes] = set()


def _has_parameters(exchange: Exchange) -> bool:
    command = exchange.command
    return command is not None and command.path is not None and command.path[1] < len(command.text)


@rule(
    "CMD019",
    "mail-params-advertised",
    WARNING,
    explains=_REFUSALS,
    shape=SESSION,
    abused=True,
    concerns=("MAIL", "RCPT"),
    needs=CLIENT_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 3.2", "RFC 5321 3.3", "RFC 5321 4.1.1.2", "RFC 5321 4.1.1.11"),
    aliases=("rcpt-params-advertised", "no-params-after-helo", "requiretls-advertised-after-tls"),
)
def mail_params_advertised(session: Session) -> Iterator[Hit]:
    if not any(_is_suspect(exchange) for exchange in session.exchanges):
        return
    first: dict[tuple[str, str], Hit] = {}
    for now in listings(session):
        exchange, said = now.exchange, now.exchange.said
        command, before = exchange.command, exchange.before
        if command is None or said is None or before is None or not _has_parameters(exchange):
            continue
        if before.phases & (before.phases - 1) or exchange.event not in ("MAIL", "RCPT"):
            continue
        for each in parameters(command):
            key = _unoffered(session, now, command, each.keyword)
            if not key:
                continue
            extension = _extension(command, each.keyword)
            same = key, "" if key == "helo" else extension or each.keyword.decode("latin-1")
            span = said.span(each.start, each.end)
            if same in first:
                first[same].related.append(Related("again", span))
                continue
            named = {"keyword": quoted(each.keyword), "verb": command.verb, "extension": extension}
            severity = severity_of(exchange, _REFUSALS)
            first[same] = Hit(key, span, named, related=_offers(now, key), severity=severity)
    for hit in first.values():
        del hit.related[_MOST_RELATED:]
        yield hit


def _offers(now: Known, key: str) -> list[Related]:
    """Point to what the server offers."""
    if key == "helo" or now.hello is None or now.hello.reply is None:
        return []
    return [Related("offers", now.hello.reply.lines[0].span())]


def _is_suspect(exchange: Exchange) -> bool:
    """Say whether a parameter may be one that was not offered: most were, and that is seen fast."""
    if not _has_parameters(exchange) or exchange.before is None or exchange.command is None:
        return False
    offers = exchange.before.offers
    if offers is None:
        return exchange.before.hello == "HELO"
    return any(
        not any(
            word.encode() in offers for word in extensions_of_parameter(exchange.verb, each.keyword)
        )
        for each in parameters(exchange.command)
    )


def _extension(command: Command, keyword: bytes) -> str:
    return " / ".join(sorted(extensions_of_parameter(command.verb, keyword)))


def _unoffered(session: Session, now: Known, command: Command, keyword: bytes) -> str:
    """Return why a parameter may not be used, or nothing."""
    before = now.exchange.before
    if before is not None and before.hello == "HELO":
        return "helo"
    if keyword.startswith(b"X") or not is_listing_in_force(session, now) or now.words is None:
        return ""
    if keyword == b"AUTH" and now.auth is not None:
        return ""  # the server knows it, whatever it lists: ``auth-mech-advertised``
    offered = {line[0] for line in now.words}
    extensions = extensions_of_parameter(command.verb, keyword)
    if keyword in offered or any(word.encode() in offered for word in extensions):
        return ""
    if extensions:
        return "not-offered"
    # What nobody lists may belong to what nobody lists.
    return "unknown" if offered <= _known_keywords() else ""


def _known_keywords() -> set[bytes]:
    if not _keywords:
        rows = registry.table("extensions")["extension"]
        _keywords.update(row["keyword"].encode() for row in rows)
    return _keywords


@rule(
    "CMD021",
    "duplicate-param",
    WARNING,
    explains=SYNTAX,
    shape=SESSION,
    concerns=("MAIL", "RCPT"),
    needs=CLIENT_SIDE,
    references=("RFC 3461 4.5", "RFC 1870 6", "RFC 6152 3", "RFC 6710 4.1"),
    fixes={"once": Fix.SAFE},
)
def duplicate_param(session: Session) -> Iterator[Hit]:
    hits = []
    script = session.reading.dialect.kind == SCRIPT
    for exchange, command in commands(session):
        if not _has_parameters(exchange) or exchange.said is None:
            continue
        seen: dict[bytes, Parameter] = {}
        for each in parameters(command):
            first = seen.setdefault(each.keyword, each)
            if first is not each and extensions_of_parameter(command.verb, each.keyword):
                span = exchange.said.span(each.start, each.end)
                named = {"keyword": quoted(each.keyword), "verb": command.verb}
                related = [Related("first-here", exchange.said.span(first.start, first.end))]
                severity = severity_of(exchange, SYNTAX)
                hit = Hit("twice", span, named, related=related, severity=severity)
                if script and each.value == first.value:
                    before = len(command.text[: each.start].rstrip(b" \t"))
                    edits = [(exchange.said.span(before, each.end), b"")]
                    hit.fix = Fix(Fix.SAFE, "once", edits)
                hits.append(hit)
    yield from folded(hits)


_XTEXT_KEYWORDS = (b"ENVID", b"ORCPT", b"SUBMITTER")


@rule(
    "CMD022",
    "xtext-values",
    ERROR,
    accepted=WARNING,
    explains=SYNTAX,
    shape=LINE,
    unless=is_plain,
    concerns=ENVELOPES,
    needs=CLIENT_SIDE,
    references=("RFC 3461 4", "RFC 5321 4.1.2"),
)
def xtext_values(command: Command) -> Iterator[LineHit]:
    """Find what xtext does not allow; ``AUTH=`` has a rule of its own."""
    if command.path is None or command.path[1] == len(command.text):
        return
    for each in parameters(command):
        if each.keyword not in _XTEXT_KEYWORDS or not each.value:
            continue
        kind, semicolon, address = each.value.partition(b";")
        value = address if semicolon and each.keyword == b"ORCPT" else each.value
        if kind.lower() == b"utf-8" and semicolon:
            continue  # that has an encoding of its own (RFC 6533 3)
        if not rfc3461.XTEXT.match(value) and value[:1] not in (b"<", b"[", b"{", b"$"):
            start = each.end - len(value)
            named = {"keyword": quoted(each.keyword), "value": quoted(value)}
            yield LineHit("no-xtext", start, each.end, named)
