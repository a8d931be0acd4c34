"""ESC: enhanced status codes (RFC 2034, RFC 3463)."""

from __future__ import annotations

from smtp_lsp import registry
from smtp_lsp.dialects.reading import REPLY_TEXT, SERVER_SIDE
from smtp_lsp.grammar import Production
from smtp_lsp.grammar.speech import ReplyLine
from smtp_lsp.rules import (
    HINT,
    INTEROPERABILITY,
    LINE,
    SESSION,
    STYLE,
    WARNING,
    Hit,
    LineHit,
    Related,
    rule,
)
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.dialects.utterance import Utterance
    from smtp_lsp.session.tree import Exchange, Reply, Session

# What sets out to be an enhanced code: three numbers, and no fourth as in an address.
_ATTEMPT = Production(rb"([0-9]{1,4})\.([0-9]{1,5})\.([0-9]{1,5})(?![0-9]|\.[0-9])")
# A code from which a number is missing; "5.7 seconds" is none of 2yz.
_SHORT = Production(rb"[245]\.[0-9]{1,3}(?=[ \t:]|$)")
# A letter where a digit looks like it.
_LETTER = Production(rb"[245]\.(?:[0-9]{1,3}\.[0-9]{0,2}[OolI]|[OolI]\.[0-9]{1,3})(?=[ \t]|$)")
# A code, wherever a server hides it: `#5.1.0`, `[5.7.1]`, `(4.3.2)`.
_SOME_CODE = Production(rb"[#\[(<]?[0-9]{1,4}\.[0-9x]{1,5}(?:\.[0-9x]{1,5})?", 2)

_VERSIONED = (211, 214, 220)
"""Codes whose text may well begin with the version of a program."""

_MOST_RELATED = 5


def _code(line: ReplyLine) -> bytes:
    return line.text[slice(*line.enhanced)] if line.enhanced else b""


@rule(
    "ESC001",
    "esc-syntax",
    WARNING,
    shape=LINE,
    needs=SERVER_SIDE | REPLY_TEXT,
    references=("RFC 2034 3", "RFC 2034 4", "RFC 3463 2"),
    aliases=("esc-no-leading-zero", "esc-followed-by-space"),
)
def esc_syntax(said: ReplyLine) -> Iterator[LineHit]:
    if said.code in _VERSIONED:
        return
    if not 200 <= said.code < 600 or said.code // 100 == 3:
        return
    start = said.text_start
    match = _ATTEMPT.match(said.text, start)
    if match is None:
        for key, production in (("short", _SHORT), ("letter", _LETTER)):
            other = production.match(said.text, start)
            if other and said.text[start] == said.text[0]:
                yield LineHit(key, *other.span(), {"enhanced": quoted(other[0])})
        return
    key = _malformed(match[1], match[2], match[3], said.text[match.end() : match.end() + 1])
    if key:
        yield LineHit(key, *match.span(), {"enhanced": quoted(match[0])})


def _malformed(status: bytes, subject: bytes, detail: bytes, behind: bytes) -> str:
    """Return what is wrong with the parts of an enhanced code, or nothing."""
    if status not in (b"2", b"4", b"5"):
        return "class"
    if len(subject) > 3 or len(detail) > 3:
        return "digits"
    if any(len(part) > 1 and part[:1] == b"0" for part in (subject, detail)):
        return "leading-zero"
    return "" if behind in (b"", b" ", b"\t") else "space"


@rule(
    "ESC002",
    "esc-class-match",
    WARNING,
    shape=LINE,
    needs=SERVER_SIDE | REPLY_TEXT,
    references=("RFC 2034 4",),
)
def esc_class_match(said: ReplyLine) -> Iterator[LineHit]:
    if said.enhanced is None:
        return
    digit = said.text[said.enhanced[0] : said.enhanced[0] + 1]
    if said.code // 100 in (2, 4, 5) and digit != said.text[:1] and said.code not in _VERSIONED:
        named = {"enhanced": quoted(_code(said)), "code": str(said.code)}
        yield LineHit("classes", *said.enhanced, named)


@rule(
    "ESC003",
    "esc-same-every-line",
    WARNING,
    shape=SESSION,
    needs=SERVER_SIDE | REPLY_TEXT,
    references=("RFC 2034 4",),
)
def esc_same_every_line(session: Session) -> Iterator[Hit]:
    for exchange in session.exchanges:
        for reply in exchange.replies:
            if len(reply.parsed) > 1 and exchange.event not in ("GREETING", "HELLO"):
                yield from _differing(reply)


def _differing(reply: Reply) -> Iterator[Hit]:
    first: tuple[Utterance, ReplyLine] | None = None
    for said, line in zip(reply.lines, reply.parsed, strict=True):
        # Another reply code, or a class that does not match it, is a mistake of its own.
        if line.enhanced is None or line.code != reply.code:
            continue
        if line.text[line.enhanced[0] : line.enhanced[0] + 1] != line.text[:1]:
            continue
        if first is None:
            first = said, line
        elif _code(line) != _code(first[1]):
            named = {"enhanced": quoted(_code(line)), "first": quoted(_code(first[1]))}
            span = first[0].span(*first[1].enhanced) if first[1].enhanced else first[0].span()
            related = [Related("first-here", span, named)]
            yield Hit("differs", said.span(*line.enhanced), named, related=related)
            return


@rule(
    "ESC004",
    "esc-present",
    WARNING,
    shape=SESSION,
    needs=SERVER_SIDE | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 2034 3", "RFC 2034 4", "RFC 2033 4.1"),
)
def esc_present(session: Session) -> Iterator[Hit]:
    """Find replies without a code in a session that was promised some; the first stands for all."""
    bare: list[tuple[Exchange, Utterance, ReplyLine]] = []
    for exchange in session.exchanges:
        offers = exchange.before.offers if exchange.before else None
        if offers is None or b"ENHANCEDSTATUSCODES" not in offers:
            continue
        if exchange.event in ("GREETING", "HELLO"):
            continue
        for reply in exchange.replies:
            for said, line in zip(reply.lines, reply.parsed, strict=True):
                if _lacks_code(line):
                    bare.append((exchange, said, line))
                    break
    if not bare:
        return
    exchange, said, line = bare[0]
    related = [Related("again", other.span(0, 3)) for _, other, _ in bare[1:_MOST_RELATED]]
    partly = exchange.reply is not None and exchange.reply.enhanced()
    key = "line" if partly else "reply"
    yield Hit(key, said.span(0, 3), {"code": str(line.code)}, related=related)


def _lacks_code(line: ReplyLine) -> bool:
    if line.code // 100 not in (2, 4, 5) or line.enhanced is not None:
        return False
    text = line.text[line.text_start :]
    return not _SOME_CODE.match(text) and not _LETTER.match(text)


@rule(
    "ESC005",
    "esc-not-in-ehlo",
    WARNING,
    shape=SESSION,
    needs=SERVER_SIDE | REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 2034 3", "RFC 2034 4"),
)
def esc_not_in_ehlo(session: Session) -> Iterator[Hit]:
    seen: set[str] = set()
    for exchange in session.exchanges:
        reply = exchange.reply
        if exchange.event not in ("GREETING", "HELLO") or reply is None or exchange.event in seen:
            continue
        if reply.code // 100 != 2:
            continue  # many refusals of a connection or a name carry one, and it helps
        for said, line in zip(reply.lines, reply.parsed, strict=True):
            if line.enhanced is not None:
                key = "greeting" if exchange.event == "GREETING" else "hello"
                named = {"enhanced": quoted(_code(line)), "verb": exchange.verb}
                seen.add(exchange.event)
                yield Hit(key, said.span(*line.enhanced), named)
                break


@rule(
    "ESC006",
    "esc-not-in-3yz",
    HINT,
    shape=LINE,
    needs=SERVER_SIDE | REPLY_TEXT,
    category=STYLE,
    references=("RFC 2034 4",),
)
def esc_not_in_3yz(said: ReplyLine) -> Iterator[LineHit]:
    if said.code // 100 == 3:
        match = _ATTEMPT.match(said.text, said.text_start)
        if match:
            named = {"enhanced": quoted(match[0]), "code": str(said.code)}
            yield LineHit("intermediate", *match.span(), named)


@rule(
    "ESC007",
    "esc-basic-pair",
    HINT,
    shape=LINE,
    needs=SERVER_SIDE | REPLY_TEXT,
    category=STYLE,
    references=("RFC 5248 2.1", "RFC 3463 3"),
    aliases=("esc-class-hint",),
)
def esc_basic_pair(said: ReplyLine) -> Iterator[LineHit]:
    if said.enhanced is None:
        return
    enhanced = _code(said).decode("ascii")
    row = registry.enhanced_code(enhanced)
    if row is None or enhanced[0] != str(said.code)[0]:
        return
    basic, classes = row["basic_codes"].split(), row["class_hint"].split()
    named = {"enhanced": enhanced, "code": str(said.code), "name": row["name"]}
    if basic and not {"Any", str(said.code), f"{enhanced[0]}XX"} & set(basic):
        yield LineHit("pair", *said.enhanced, {**named, "basic": ", ".join(basic)})
    elif not basic and classes and enhanced[0] not in classes:
        yield LineHit("class", *said.enhanced, {**named, "classes": ", ".join(classes)})


@rule(
    "ESC008",
    "esc-registered",
    HINT,
    shape=LINE,
    needs=SERVER_SIDE | REPLY_TEXT,
    category=STYLE,
    references=("RFC 3463 2", "RFC 5248 2"),
)
def esc_registered(said: ReplyLine) -> Iterator[LineHit]:
    """Find codes that nobody registered; one of another class than the reply is a slip."""
    if said.enhanced is None or said.code in _VERSIONED:
        return
    enhanced = _code(said)
    if b".0" in enhanced.replace(b".0.", b".").removesuffix(b".0"):
        return  # a leading zero is a mistake of its own
    if enhanced[:1] == said.text[:1] and registry.enhanced_code(enhanced.decode("ascii")) is None:
        yield LineHit("unregistered", *said.enhanced, {"enhanced": quoted(enhanced)})
