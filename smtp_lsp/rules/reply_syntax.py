"""RPL: how replies are written and whether they fit the command (RFC 5321 4.2, 4.3).

A client acts on a reply's first digit, so most of a server's slips do no harm; what breaks
the conversation is a reply whose end, code or class cannot be told.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import LINE_ENDS, SCRIPT, SERVER_SIDE
from smtp_lsp.grammar import Production
from smtp_lsp.grammar.speech import ReplyLine
from smtp_lsp.rules import (
    ERROR,
    INFO,
    INTEROPERABILITY,
    LINE,
    SESSION,
    STYLE,
    WARNING,
    Fix,
    Hit,
    LineHit,
    Related,
    rule,
)
from smtp_lsp.rules.answering import (
    MISCOUNTED,
    MOST_RELATED,
    PLACEHOLDER,
    answers,
    codes,
    described,
    ehlo_lines,
    first_word,
    folded,
    ill_refused,
    in_step,
    is_known_keyword,
    is_masked,
    is_refused_connection,
    listed,
    may_be_miscounted,
    misfit,
    said_in,
    unended,
    unlike_mailbox,
    word_span,
)
from smtp_lsp.session import phases
from smtp_lsp.session.tree import Reply
from smtp_lsp.text.escape import quoted
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.dialects.utterance import Utterance
    from smtp_lsp.session.tree import Session

LONGEST_LINE = 512
"""Octets of a reply line, CRLF among them (RFC 5321 4.5.3.1.5)."""

# Domain / address-literal, as a greeting or an EHLO reply begins (4.1.2). An underscore and a
# final dot are no part of it, but name a host all the same.
_HOST = Production(rb"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\.?$|\[[A-Za-z0-9.:_-]+\]$")
_NO_HOSTS = frozenset({b"esmtp", b"hello", b"ok", b"ready", b"service", b"welcome"})
"""Words that begin a greeting where the host's name should stand."""

# ehlo-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")                     (4.1.1.1)
_KEYWORD = Production(rb"[A-Za-z0-9][A-Za-z0-9-]*$")
# ehlo-line = ehlo-keyword *( SP ehlo-param );  ehlo-param = 1*(%d33-126)   (4.1.1.1)
_EHLO_LINE = Production(rb"[\x21-\x7e]+(?: [\x21-\x7e]+)*$")

# What servers say with 500 of a command they do not know; a line too long, or an argument
# that is wrong, draws it as well.
_UNKNOWN = Production(rb"(?i)unrecogni|not recogni|unknown|(?:un|not )(?:implemented|supported)")


# -- one line ----------------------------------------------------------------


@rule(
    "RPL002",
    "reply-first-digit",
    ERROR,
    explains=True,
    shape=LINE,
    needs=SERVER_SIDE,
    references=("RFC 5321 4.2", "RFC 5321 4.2.1", "RFC 5321 4.3.2"),
    aliases=("reply-no-1yz",),
)
def reply_first_digit(said: ReplyLine) -> Iterator[LineHit]:
    if not 200 <= said.code <= 599:
        key = "preliminary" if 100 <= said.code <= 199 else "digit"
        yield LineHit(key, 0, 3, {"code": f"{said.code:03}"})


@rule(
    "RPL003",
    "reply-second-digit",
    INFO,
    shape=LINE,
    needs=SERVER_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.2",),
)
def reply_second_digit(said: ReplyLine) -> Iterator[LineHit]:
    if 200 <= said.code <= 599 and said.code // 10 % 10 > 5:
        yield LineHit("digit", 0, 3, {"code": str(said.code)})


@rule(
    "RPL007",
    "reply-text-charset",
    WARNING,
    shape=LINE,
    needs=SERVER_SIDE | LINE_ENDS,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.2", "RFC 5321 4.1.1.1", "RFC 6531 3.7.4"),
)
def reply_text_charset(said: ReplyLine) -> Iterator[LineHit]:
    text = said.text
    for position in range(said.text_start, len(text)):
        octet = text[position]
        if octet >= 0x80:
            # A mailbox may be written in UTF-8 where the client asked for it with SMTPUTF8.
            if said.code in (250, 251, 252, 550, 551, 553) and b"@" in text:
                return
            yield LineHit("eight-bit", position, position + 1, {"octet": f"{octet:02X}"})
            return
        if octet == 0x7F or (octet < 0x20 and octet != 9):
            if said.code == 250:  # the reply to EHLO may hold any ASCII behind its domain
                continue
            yield LineHit("control", position, position + 1, {"octet": f"{octet:02X}"})
            return


@rule(
    "RPL008",
    "reply-line-512",
    WARNING,
    shape=LINE,
    needs=SERVER_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.5.3.1.5",),
)
def reply_line_512(said: ReplyLine) -> Iterator[LineHit]:
    if len(said.text) + 2 > LONGEST_LINE:
        length = {"length": str(len(said.text) + 2), "limit": str(LONGEST_LINE)}
        yield LineHit("long", LONGEST_LINE - 2, len(said.text), length)


@rule(
    "RPL021",
    "reply-three-digits",
    ERROR,
    shape=SESSION,
    needs=SERVER_SIDE,
    references=("RFC 5321 4.2", "RFC 5321 4.3.2"),
)
def reply_three_digits(session: Session) -> Iterator[Hit]:
    """Find lines under the server's prefix that the walk could not take for replies.

    Only a script says with a prefix that the server spoke; and what does not even begin with
    digits may be its author's remark. An enhanced code stands for the reply code it lacks.
    """
    data = session.reading.source.data
    served = next((e.replies[0].span for e in session.exchanges if e.replies), None)
    if session.reading.dialect.kind != SCRIPT or served is None:
        return
    prefix = data[data.rfind(b"\n", 0, served.start) + 1 : served.start]
    if not prefix.strip() or not may_be_miscounted(session, prefix, served.start):
        return
    spans = [line.span() for exchange in session.exchanges for line in said_in(exchange)]
    spans.sort(key=lambda span: span.start)
    for number, span in enumerate(spans):
        last = number + 1 == len(spans)
        stop = len(data) if last else data.rfind(b"\n", 0, spans[number + 1].start) + 1
        line = data.find(b"\n", span.end) + 1
        while 0 < line < stop and data.startswith((prefix, b"#"), line):
            if data.startswith(b"#", line):
                line = data.find(b"\n", line) + 1
                continue
            match = MISCOUNTED.match(data, line + len(prefix))
            if match is None:
                break
            key = "enhanced" if b"." in match[1] else "miscounted"
            yield Hit(key, Span(*match.span(1)), {"code": quoted(match[1])})
            line = data.find(b"\n", line) + 1


# -- replies of several lines ------------------------------------------------


@rule(
    "RPL004",
    "multiline-hyphen",
    ERROR,
    shape=SESSION,
    needs=SERVER_SIDE,
    references=("RFC 5321 4.2.1",),
    fixes={"hyphen": Fix.SAFE},
)
def multiline_hyphen(session: Session) -> Iterator[Hit]:
    """Find lines that end a reply though, as the walk saw, more of it follows."""
    script = session.reading.dialect.kind == SCRIPT
    for exchange in session.exchanges:
        for reply in exchange.replies:
            ends = [at for at, line in enumerate(reply.parsed[:-1]) if line.separator != b"-"]
            if ends:
                followers = reply.lines[ends[0] + 1 : ends[0] + 1 + MOST_RELATED]
                related = [Related("read-as-reply", line.span(0, 3)) for line in followers]
                named = {"code": str(reply.code)}
                mended = [(reply.lines[at].span(3, 4), b"-") for at in ends]
                fix = Fix(Fix.SAFE, "hyphen", mended) if script else None
                span = reply.lines[ends[0]].span(0, 4)
                yield Hit("space", span, named, related=related, fix=fix)


@rule(
    "RPL005",
    "multiline-same-code",
    WARNING,
    shape=SESSION,
    needs=SERVER_SIDE,
    references=("RFC 5321 4.2.1",),
)
def multiline_same_code(session: Session) -> Iterator[Hit]:
    for exchange in session.exchanges:
        for reply in exchange.replies:
            for said, line in zip(reply.lines, reply.parsed, strict=True):
                if line.code != reply.code:
                    yield _mixed(reply, said, line.code)
                    break
    for reply, following in unended(session):
        if isinstance(following, Reply) and following.code != reply.code:
            yield _mixed(reply, following.lines[0], following.code)


def _mixed(reply: Reply, said: Utterance, code: int) -> Hit:
    """Return the finding that a reply goes on with another code: worse with another class."""
    named = {"first": str(reply.code), "code": str(code)}
    related = [Related("reply-began-here", reply.code_view.span(), named)]
    severity = ERROR if reply.code // 100 != code // 100 else ""
    return Hit("mixed", said.span(0, 3), named, related=related, severity=severity)


@rule(
    "RPL006",
    "multiline-terminated",
    ERROR,
    shape=SESSION,
    needs=SERVER_SIDE,
    references=("RFC 5321 4.2.1",),
    fixes={"last-line": Fix.UNSAFE},
)
def multiline_terminated(session: Session) -> Iterator[Hit]:
    for reply, following in unended(session):
        if not isinstance(following, Reply):
            related = [Related("client-speaks-here", following.span())]
            last = reply.lines[-1]
            fix = None
            if session.reading.dialect.kind == SCRIPT:
                # Or the lines that are promised were left out.
                fix = Fix(Fix.UNSAFE, "last-line", [(last.span(3, 4), b" ")])
            named = {"code": str(reply.code)}
            yield Hit("unended", last.span(0, 4), named, related=related, fix=fix)


# -- the reply and its command -----------------------------------------------


@rule(
    "RPL009",
    "code-fits-command",
    WARNING,
    shape=SESSION,
    needs=SERVER_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.3.1", "RFC 5321 4.3.2", "RFC 5321 4.1.1.5", "RFC 5321 4.1.1.10"),
    aliases=("rset-250", "quit-221", "bdat-reply-250-each"),
)
def code_fits_command(session: Session) -> Iterator[Hit]:
    """Judge what says yes, and what refuses a command that may not be refused."""
    hits: list[Hit] = []
    for exchange, last in in_step(session):
        row = listed(exchange)
        if row is None or exchange.event == "GREETING":
            continue
        for reply in exchange.replies:
            key = misfit(exchange, reply, codes(row))
            if key:
                span = reply.code_view.span()
                named = described(exchange, reply)
                hits.append(Hit(key, span, named, related=answers(exchange)))
        if last.code == 421:
            break
    yield from folded(hits)


@rule(
    "RPL010",
    "refusal-fits-command",
    INFO,
    shape=SESSION,
    needs=SERVER_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.3.2", "RFC 5321 4.1.4", "RFC 5321 3.1", "RFC 7504 3"),
    aliases=(
        "ehlo-refusal-codes",
        "greeting-code",
        "no-503-for-always-allowed",
        "refused-greeting-503",
    ),
)
def refusal_fits_command(session: Session) -> Iterator[Hit]:
    for number, exchange in enumerate(session.exchanges):
        reply = exchange.reply
        if exchange.event in ("STRAY", "DOT") or exchange.pardoned or reply is None:
            if exchange.event in ("STRAY", "DOT"):
                return
            continue
        key = ill_refused(exchange, reply)
        if not key and number == 0 and is_refused_connection(session, reply):
            key = "greeting"
        if key:
            span = reply.code_view.span()
            yield Hit(key, span, described(exchange, reply), related=answers(exchange))


@rule(
    "RPL018",
    "354-only-after-rcpt",
    INFO,
    shape=SESSION,
    needs=SERVER_SIDE,
    references=("RFC 2920 3.2", "RFC 2033 4.2"),
)
def only_after_rcpt(session: Session) -> Iterator[Hit]:
    """Find a 354 without a recipient where the client could not have known (RFC 2920 3.1)."""
    for exchange in session.exchanges:
        reply, before = exchange.reply, exchange.before
        if exchange.event != "DATA" or reply is None or before is None or reply.code != 354:
            continue
        asked = exchange.pardoned and exchange.violation is None
        if asked and before.is_only(phases.MAIL | phases.READY) and not before.recipients:
            yield Hit("no-recipient", reply.code_view.span(), related=answers(exchange))


# -- greeting and EHLO -------------------------------------------------------


@rule(
    "RPL011",
    "greeting-domain-first",
    INFO,
    shape=SESSION,
    thorough=True,
    needs=SERVER_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.2", "RFC 5321 4.3.1", "RFC 5321 4.1.1.1"),
    aliases=("ehlo-first-line-domain",),
)
def greeting_domain_first(session: Session) -> Iterator[Hit]:
    seen: set[str] = set()
    for exchange in session.exchanges:
        reply = exchange.reply
        wanted = {"GREETING": 220, "HELLO": 250}.get(exchange.event)
        if reply is None or reply.code != wanted or exchange.verb == "HELO":
            continue
        line = reply.parsed[0]
        word = first_word(line)
        if not word or PLACEHOLDER.match(word) or exchange.event in seen:
            continue
        if (_HOST.match(word) and word.lower() not in _NO_HOSTS) or line.enhanced:
            continue
        seen.add(exchange.event)
        key = "greeting" if exchange.event == "GREETING" else "ehlo"
        yield Hit(key, word_span(reply.lines[0], line), {"word": quoted(word)})


@rule(
    "RPL012",
    "ehlo-keyword-syntax",
    WARNING,
    shape=SESSION,
    needs=SERVER_SIDE,
    references=("RFC 5321 4.1.1.1",),
)
def ehlo_keyword_syntax(session: Session) -> Iterator[Hit]:
    hits = []
    for _, lines in ehlo_lines(session):
        for said, line in lines:
            word = first_word(line)
            if not word or _KEYWORD.match(word) or is_masked(word):
                continue
            if not word.upper().startswith(b"AUTH="):  # beside AUTH, for clients before RFC 2554
                hits.append(Hit("keyword", word_span(said, line), {"word": quoted(word)}))
    yield from folded(hits)


@rule(
    "RPL013",
    "ehlo-param-syntax",
    INFO,
    shape=SESSION,
    thorough=True,
    needs=SERVER_SIDE,
    category=STYLE,
    references=("RFC 5321 4.1.1.1",),
)
def ehlo_param_syntax(session: Session) -> Iterator[Hit]:
    hits = []
    for _, lines in ehlo_lines(session):
        for said, line in lines:
            text = line.text[line.text_start :]
            word = first_word(line)
            if not _KEYWORD.match(word) or _EHLO_LINE.match(text):
                continue
            if b"\xe2\x80\xa6" not in text and b"<" not in text:
                span = said.span(line.text_start, len(line.text))
                hits.append(Hit("blanks", span, {"keyword": quoted(word.upper())}))
    yield from folded(hits)


@rule(
    "RPL014",
    "ehlo-keyword-once",
    WARNING,
    shape=SESSION,
    needs=SERVER_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.1.1.1",),
)
def ehlo_keyword_once(session: Session) -> Iterator[Hit]:
    hits = []
    for _, lines in ehlo_lines(session):
        seen: dict[bytes, Span] = {}
        for said, line in lines:
            word = first_word(line).upper()
            if not _KEYWORD.match(word):
                continue
            span = word_span(said, line)
            if word in seen:
                related = [Related("first-here", seen[word])]
                hits.append(Hit("twice", span, {"keyword": quoted(word)}, related=related))
            else:
                seen[word] = span
    yield from folded(hits)


_KEYWORD_OF = {"BDAT": b"CHUNKING", "X-EXPS": b"X-EXPS"}
_OFFERED = frozenset({"STARTTLS", "BDAT", "ETRN", "ATRN", "EXPN", "VRFY", "HELP", "TURN"})
"""Verbs whose keyword in the EHLO reply says that the server knows them."""


@rule(
    "RPL015",
    "ehlo-no-unimplemented",
    WARNING,
    explains=True,
    shape=SESSION,
    needs=SERVER_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.2.4",),
)
def ehlo_no_unimplemented(session: Session) -> Iterator[Hit]:
    seen: set[str] = set()
    for exchange, reply in in_step(session):
        offers = exchange.before.offers if exchange.before else None
        verb = exchange.verb
        if offers is None or verb not in _OFFERED or verb in seen:
            continue
        keyword = _KEYWORD_OF.get(verb, verb.encode())
        unknown = reply.code == 502 or (reply.code == 500 and _UNKNOWN.search(reply.text()))
        if keyword in offers and unknown:
            seen.add(verb)
            named = {"verb": verb, "keyword": quoted(keyword), "code": str(reply.code)}
            yield Hit("offered", reply.code_view.span(), named, related=answers(exchange))


@rule(
    "RPL016",
    "expn-must-be-listed",
    WARNING,
    shape=SESSION,
    concerns=("EXPN",),
    needs=SERVER_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 3.5.2",),
)
def expn_must_be_listed(session: Session) -> Iterator[Hit]:
    hits = []
    for exchange, reply in in_step(session):
        offers = exchange.before.offers if exchange.before else None
        if exchange.verb == "EXPN" and reply.code == 250 and offers and b"EXPN" not in offers:
            hits.append(Hit("unlisted", reply.code_view.span(), related=answers(exchange)))
    yield from folded(hits)


@rule(
    "RPL017",
    "helo-single-style",
    WARNING,
    shape=SESSION,
    needs=SERVER_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 3.2", "RFC 5321 4.2"),
)
def helo_single_style(session: Session) -> Iterator[Hit]:
    for exchange in session.exchanges:
        reply = exchange.reply
        if exchange.verb != "HELO" or reply is None or reply.code != 250:
            continue
        for said, line in zip(reply.lines[1:], reply.parsed[1:], strict=True):
            text = line.text[line.text_start :].strip()
            if is_known_keyword(first_word(line)) and text == text.upper():
                named = {"keyword": quoted(first_word(line))}
                yield Hit("keywords", word_span(said, line), named, related=answers(exchange))
                return


# -- what VRFY, EXPN and a moved mailbox are answered ------------------------


@rule(
    "RPL019",
    "vrfy-250-has-mailbox",
    INFO,
    shape=SESSION,
    concerns=("VRFY", "EXPN"),
    thorough=True,
    needs=SERVER_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 3.5.1", "RFC 5321 3.5.2"),
    aliases=("expn-one-per-line", "vrfy-expn-no-source-route"),
)
def vrfy_250_has_mailbox(session: Session) -> Iterator[Hit]:
    for exchange, reply in in_step(session):
        if exchange.verb not in ("VRFY", "EXPN") or reply.code not in (250, 251):
            continue
        for said, line in zip(reply.lines, reply.parsed, strict=True):
            key = unlike_mailbox(exchange.verb, line)
            if key:
                span = said.span(line.text_start, len(line.text))
                named = {"verb": exchange.verb, "text": quoted(line.text[line.text_start :])}
                yield Hit(key, span, named, related=answers(exchange))
                break


@rule(
    "RPL020",
    "251-551-has-path",
    INFO,
    shape=SESSION,
    concerns=("RCPT", "VRFY"),
    thorough=True,
    needs=SERVER_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 3.4", "RFC 5321 4.2"),
)
def has_path(session: Session) -> Iterator[Hit]:
    for exchange, reply in in_step(session):
        if exchange.verb not in ("RCPT", "VRFY") or reply.code not in (251, 551):
            continue
        text = reply.text()
        if b"@" not in text and b"<" not in text and b"***" not in text:
            named = {"code": str(reply.code), "text": quoted(text)}
            yield Hit("no-path", reply.code_view.span(), named, related=answers(exchange))
