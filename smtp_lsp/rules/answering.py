"""What the rules about replies ask of a session: which reply answers what, and what fits it."""

from __future__ import annotations

from itertools import pairwise

from smtp_lsp import registry
from smtp_lsp.grammar import Production
from smtp_lsp.rules import Hit, Related
from smtp_lsp.session import phases, reasons
from smtp_lsp.session.tree import Reply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.dialects.utterance import Utterance
    from smtp_lsp.grammar.speech import ReplyLine
    from smtp_lsp.registry import Row
    from smtp_lsp.session.tree import Exchange, Session
    from smtp_lsp.text.span import Span
    from smtp_lsp.text.view import View

MOST_RELATED = 5

# What stands in a record for what was there: `<domain>`, `[...]`, `***`, `${NAME}`.
PLACEHOLDER = Production(rb"[<({*$%.]|\[[^\]]*(?:\.\.\.|$)|\xe2\x80\xa6|X{3,}")

# A mailbox, or what stands in its place: `<local>`, `a@b`.
_MAILBOX = Production(rb"<[^<>]*>|[^\s<>@]+@[^\s<>@]+")

_BRACKETED = Production(rb"<[^<>]*>")

_SOURCE_ROUTE = Production(rb"<@[^<>:]+:[^<>]*>")

# A code with a digit too few or too many, or the letter O for a zero; an enhanced code alone.
MISCOUNTED = Production(
    rb"([2-5][0-9]?|[2-5][0-9]{3,}|[2-5][0-9Oo][Oo]|[2-5][Oo][0-9]"
    rb"|[245]\.[0-9]{1,3}\.[0-9]{1,3})[ \t-]"
)

_UNENDED = (reasons.NO_DOT, reasons.MAIL_IN_CONTENT, reasons.TRAILING_BLANK)

_sets: dict[str, frozenset[int]] = {}

_MINIMUM = frozenset({"EHLO", "HELO", "LHLO", "MAIL", "RCPT", "DATA", "NOOP"})
"""Verbs that a server must implement, so that 502 is no answer (4.5.1)."""

_known: set[bytes] = set()


def first_word(line: ReplyLine) -> bytes:
    """Return the first word of a reply line's text, or nothing."""
    parts = line.text[line.text_start :].split(None, 1)
    return parts[0] if parts else b""


def word_span(said: Utterance, line: ReplyLine) -> Span:
    """Return where the first word of a reply line's text stands."""
    start = len(line.text) - len(line.text[line.text_start :].lstrip())
    return said.span(start, start + len(first_word(line)))


def in_step(session: Session) -> Iterator[tuple[Exchange, Reply]]:
    """Yield what was said and answered, as long as it is sure which reply answers what.

    Behind content that no dot ended, the server's next reply may be that to the message.
    """
    unended = next((v for v in session.violations if v.reason in _UNENDED), None)
    stop = unended.view.span().start if unended is not None else -1
    for exchange in session.exchanges:
        violation, said = exchange.violation, exchange.said
        if 0 <= stop <= (said.span().start if said is not None else -1):
            return
        if violation is not None and violation.reason != phases.DEBUG_BEFORE_HELLO:
            return
        if exchange.event in ("STRAY", "DOT") or exchange.pardoned:
            return
        if exchange.reply is not None:
            yield exchange, exchange.reply


def answers(exchange: Exchange) -> list[Related]:
    view = exchange.verb_view
    return [Related("answers", view.span())] if view is not None else []


def folded(hits: list[Hit]) -> Iterator[Hit]:
    """Yield the first of *hits*, with the others as places where it happens again."""
    if hits:
        hits[0].related.extend(Related("again", hit.span) for hit in hits[1:MOST_RELATED])
        yield hits[0]


def may_be_miscounted(session: Session, prefix: bytes, start: int) -> bool:
    """Say whether any line of a session has such a code behind the server's prefix."""
    import re

    data, last = session.reading.source.data, session.exchanges[-1]
    end = max(
        last.said.span().end if last.said is not None else start,
        last.reply.span.end if last.reply is not None else start,
    )
    tail = end
    for _ in range(3):  # the rest of the line, one more, and a comment between them
        tail = data.find(b"\n", tail + 1) if tail >= 0 else tail
    pattern = re.compile(b"(?m)^" + re.escape(prefix) + MISCOUNTED.pattern)
    return pattern.search(data, start, tail if tail > end else len(data)) is not None


def said_in(exchange: Exchange) -> Iterator[View]:
    if exchange.said is not None:
        yield exchange.said
    yield from exchange.responses
    if exchange.content is not None:
        yield exchange.content.dot or exchange.content.stretch
    for reply in exchange.replies:
        yield from reply.lines


def unended(session: Session) -> Iterator[tuple[Reply, Reply | Utterance]]:
    """Yield each reply whose last line promises more, with what stands in the next line.

    Where the record ends, or lines stand between that nobody said, it was cut.
    """
    if not any(
        reply.parsed[-1].separator == b"-"
        for exchange in session.exchanges
        for reply in exchange.replies
    ):
        return
    said: list[tuple[Span, Reply | Utterance]] = []
    for exchange in session.exchanges:
        said.extend((reply.span, reply) for reply in exchange.replies)
        said.extend((line.span(), line) for line in exchange.responses)
        if exchange.said is not None:
            said.append((exchange.said.span(), exchange.said))
    said.sort(key=lambda each: each[0].start)
    data = session.reading.source.data
    for (span, one), (after, following) in pairwise(said):
        if isinstance(one, Reply) and one.parsed[-1].separator == b"-":
            between = data[span.end : after.start].replace(b"\r\n", b"\n")
            if between.count(b"\n") == 1:
                yield one, following


def listed(exchange: Exchange) -> Row | None:
    """Return which codes may answer what was said; None where the registry has no word on it."""
    if exchange.event == "GREETING":
        return registry.replies_to("(connection)")
    if exchange.event == "END":
        return registry.replies_to("(end-of-data)")
    return registry.replies_to(exchange.verb) if exchange.verb else None


def codes(row: Row) -> frozenset[int]:
    """Return all codes of a row: those of RFC 5321 4.3.2 and those of the extensions."""
    codes = _sets.get(row["command"])
    if codes is None:
        extended = [each["code"] for each in row["extension"]]
        codes = frozenset((*row["success"], *row["intermediate"], *row["error"], *extended))
        _sets[row["command"]] = codes
    return codes


def described(exchange: Exchange, reply: Reply) -> dict[str, str]:
    """Return what the messages may name: the codes, the verb, the codes that say yes."""
    row = listed(exchange) or {"success": [], "intermediate": []}
    wanted = ", ".join(str(code) for code in (*row["success"], *row["intermediate"]))
    # What ends the data is no verb, but has a name that needs no translation.
    verb = exchange.verb or ("<CRLF>.<CRLF>" if exchange.event == "END" else "")
    return {
        "code": str(reply.code),
        "verb": verb,
        "asked": exchange.verb or "DATA",
        "wanted": wanted,
    }


def misfit(exchange: Exchange, reply: Reply, listed: frozenset[int]) -> str:
    code = reply.code
    if 200 <= code < 400:
        if exchange.verb == "HELP" and code == 250:
            return ""  # text for people: nobody acts on its code
        return "" if code in listed else "unlisted"
    if exchange.verb not in ("RSET", "QUIT") or code in (421, 501) or not 400 <= code < 600:
        return ""
    if exchange.command is None or exchange.command.arguments or exchange.violation is not None:
        return ""
    before = exchange.before
    if before is None or before.phases & (phases.REFUSED | phases.TLS) or before.tls:
        return ""
    if exchange.verb == "RSET" and (code == 530 or before.phases & phases.GREETED):
        return ""
    return "must-succeed"


def is_refused_connection(session: Session, reply: Reply) -> bool:
    """Say whether an unasked refusal opens a session in which nothing else goes on."""
    if session.exchanges[0].event != "" or not 400 <= reply.code < 600:
        return False
    return all(exchange.event == "QUIT" for exchange in session.exchanges[1:])


def ill_refused(exchange: Exchange, reply: Reply) -> str:
    """Return why a refusal does not fit, or nothing."""
    before, code = exchange.before, reply.code
    if before is None or exchange.event in ("", "GREETING") or code == 421:
        return ""
    if before.phases == phases.REFUSED:
        refused = (503, 521, 221) if exchange.event == "QUIT" else (503, 521)
        return "" if code in refused else "after-refused"
    if not 400 <= code < 600:
        return ""
    row = listed(exchange)
    always = exchange.verb in ("NOOP", "HELP", "EXPN", "VRFY", "RSET")
    if code == 503 and always and not before.phases & ~(phases.GREETED | phases.TLS):
        return "always-allowed"
    if row is None or exchange.violation is not None or code in (500, 501, 530):
        return ""
    if exchange.verb in ("RSET", "QUIT") or (code == 554 and before.tls):
        return ""
    if code == 502 and exchange.verb not in _MINIMUM:
        return ""
    return "" if code in codes(row) else "refusal"


def ehlo_lines(session: Session) -> Iterator[tuple[Reply, list[tuple[Utterance, ReplyLine]]]]:
    """Yield the accepted replies to EHLO and LHLO, with their lines of keywords."""
    for exchange in session.exchanges:
        reply = exchange.reply
        if exchange.event != "HELLO" or exchange.verb == "HELO" or reply is None:
            continue
        if reply.code == 250:
            yield reply, list(zip(reply.lines[1:], reply.parsed[1:], strict=True))


def is_masked(word: bytes) -> bool:
    """Say whether *word* stands for another: a placeholder, or what a firewall made of it."""
    if word.startswith(b"*"):
        return not word.strip(b"*")
    return PLACEHOLDER.match(word) is not None


def is_known_keyword(word: bytes) -> bool:
    """Say whether *word*, as it is written, is a keyword that the registry lists."""
    if not _known:
        rows = registry.table("extensions")["extension"]
        _known.update(row["keyword"].encode() for row in rows)
    return word in _known


def unlike_mailbox(verb: str, line: ReplyLine) -> str:
    text = line.text[line.text_start :].strip()
    if not text or (PLACEHOLDER.match(text) and not text.startswith(b"<")):
        return ""
    if _SOURCE_ROUTE.search(text):
        return "source-route"
    if not _MAILBOX.search(text):
        return "" if b"***" in text else "no-mailbox"
    if verb == "EXPN" and len(_BRACKETED.compiled.findall(text)) > 1:
        return "several"
    return ""
