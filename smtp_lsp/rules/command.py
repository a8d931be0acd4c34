"""CMD: verbs and arguments (RFC 5321 4.1.1), and what is no command at all.

What one line shows is found line by line; where it matters whether the server took a line
for a command, the whole session is asked.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import AUTH_EXCHANGE, CLIENT_SIDE, LINE_ENDS, SCRIPT, SERVER_SIDE
from smtp_lsp.grammar import Production, rfc5321, speech
from smtp_lsp.grammar.speech import EVENTS
from smtp_lsp.rules import (
    INFO,
    INTEROPERABILITY,
    LINE,
    SECURITY,
    SESSION,
    WARNING,
    Fix,
    Hit,
    LineHit,
    Related,
    rule,
)
from smtp_lsp.rules.eight_bit import EIGHT
from smtp_lsp.rules.envelope import is_plain, parameters, stands_for
from smtp_lsp.rules.path import SYNTAX, fault_of_domain, is_address
from smtp_lsp.rules.spoken import (
    commands,
    folded,
    is_listing_in_force,
    is_refused,
    is_taken,
    listings,
    severity_of,
)
from smtp_lsp.rules.verbs import (
    extension_of_verb,
    is_listed,
    is_remembered_secret,
    line_limit,
    near_verb,
)
from smtp_lsp.session.strays import is_prose
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar.speech import Command
    from smtp_lsp.session.tree import Exchange, Session
    from smtp_lsp.text.span import Span

_IGNORECASE = 2
_HELLOS = ("EHLO", "HELO", "LHLO")


def _span_behind_verb(exchange: Exchange, command: Command) -> tuple[int, int]:
    end = command.argument + len(command.arguments)
    return command.argument, max(end, command.argument)


def _is_title(command: Command) -> bool:
    """Say whether a verb is written like the first word of a sentence."""
    verb = command.text[command.verb_start : command.verb_end]
    return verb[:1].isupper() and verb[1:].islower()


# -- arguments -------------------------------------------------------------------


@rule(
    "CMD004",
    "no-args-rset-data-quit",
    WARNING,
    explains=SYNTAX,
    shape=SESSION,
    concerns=("RSET", "QUIT", "STARTTLS"),
    needs=CLIENT_SIDE,
    references=("RFC 5321 4.1.1.5", "RFC 5321 4.1.1.10", "RFC 3207 4"),
    aliases=("starttls-no-args",),
)
def no_args_rset_data_quit(session: Session) -> Iterator[Hit]:
    """Find what stands behind a bare verb; DATA is the business of ``misordered-data``."""
    hits = []
    for exchange, command in commands(session):
        if command.verb not in ("RSET", "QUIT", "STARTTLS") or command.likely:
            continue
        if exchange.said is None or _is_title(command) or stands_for(command.arguments):
            continue
        if exchange.reply is None and len(command.arguments.split()) > 1:
            continue  # without a reply nobody knows whether it was said
        span = exchange.said.span(*_span_behind_verb(exchange, command))
        named = {"verb": command.verb, "argument": quoted(command.arguments)}
        hits.append(Hit("argument", span, named, severity=severity_of(exchange, SYNTAX)))
    yield from folded(hits)


_NEEDY = ("VRFY", "EXPN", "ETRN", *_HELLOS)
_LACKING = (*SYNTAX, 534)
"""Codes that answer a command without what it needs; 534 AUTH without a mechanism."""
_WORDLESS = Production(rb"(?:[a-z]++[ \t]*+(?::[ \t]*+)?)?<[^<>]*>(?:[ \t]|$)", _IGNORECASE)


@rule(
    "CMD005",
    "ehlo-needs-arg",
    WARNING,
    explains=_LACKING,
    shape=SESSION,
    concerns=(*_NEEDY, "AUTH", "MAIL", "RCPT"),
    needs=CLIENT_SIDE,
    references=(
        "RFC 5321 4.1.1.1",
        "RFC 5321 4.1.1.2",
        "RFC 5321 4.1.1.3",
        "RFC 5321 4.1.1.6",
        "RFC 5321 4.1.1.7",
        "RFC 4954 4",
    ),
    aliases=("vrfy-expn-need-arg",),
)
def ehlo_needs_arg(session: Session) -> Iterator[Hit]:
    hits = []
    shows_auth = bool(session.reading.evidence() & AUTH_EXCHANGE)
    for exchange, command in commands(session):
        key = _lack(command)
        if not key or exchange.said is None or is_taken(exchange) or _is_title(command):
            continue
        if key == "no-mechanism" and not (shows_auth and is_refused(exchange, _LACKING)):
            continue  # a log may leave out what stood behind AUTH
        word = "TO:" if command.verb == "RCPT" else "FROM:"
        start, end = command.verb_start, command.verb_end
        if key == "no-word":
            end = _span_behind_verb(exchange, command)[1]
        named = {"verb": command.verb, "word": word}
        severity = severity_of(exchange, _LACKING)
        hits.append(Hit(key, exchange.said.span(start, end), named, severity=severity))
    yield from folded(hits)


def _lack(command: Command) -> str:
    if command.verb in _NEEDY:
        return "" if command.arguments else "no-argument"
    if command.verb == "AUTH":
        return "" if command.arguments else "no-mechanism"
    if command.verb not in ("MAIL", "RCPT") or command.likely:
        return ""
    words = command.arguments.split()
    if not words:
        return "no-word"
    looks = _WORDLESS.match(command.arguments) or (len(words) < 3 and b"@" in words[-1])
    return "no-word" if looks else ""


@rule(
    "CMD006",
    "ehlo-arg-name-or-literal",
    WARNING,
    explains=SYNTAX,
    shape=LINE,
    unless=is_plain,
    concerns=_HELLOS,
    needs=CLIENT_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.1.1.1", "RFC 5321 4.1.2", "RFC 5321 2.3.5"),
    aliases=("ehlo-single-arg",),
    fixes={"write-as": Fix.SAFE},
)
def ehlo_arg_name_or_literal(command: Command) -> Iterator[LineHit]:
    name = command.arguments
    if not name or rfc5321.DOMAIN.match(name) or stands_for(name) or not name.isascii():
        return
    words = name.split()
    named = {"verb": command.verb, "name": quoted(words[0])}
    start = command.argument
    if name[:1] in (b"<", b'"', b"'") and name[-1:] in (b">", b'"', b"'"):
        if rfc5321.DOMAIN.match(name[1:-1]):
            named["wanted"] = quoted(name[1:-1])
            end, edits = start + len(name), ((start, start + len(name), name[1:-1]),)
            yield LineHit("wrapped", start, end, named, edits=edits, mends="write-as")
        return
    if len(words) > 1:
        behind = start + len(words[0])
        named["words"] = quoted(name[len(words[0]) :].strip())
        yield LineHit("appended", behind + 1, start + len(name), named)
        return
    key, at, end = fault_of_domain(name)
    if key:
        named["part"] = quoted(name[at:end])
        yield LineHit(key, start + at, start + max(end, at + 1), named)


_LOCAL = Production(
    rb"(?:localhost(?:[.-]?local(?:domain|host)?)?|(?:[^.]+\.)*(?:local|localdomain|lan|internal"
    rb"|home|intranet|private|corp|workgroup))\.?$",
    _IGNORECASE,
)


@rule(
    "CMD007",
    "fqdn-only",
    INFO,
    shape=LINE,
    concerns=(*_HELLOS, "MAIL", "RCPT"),
    needs=CLIENT_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 2.3.5", "RFC 5321 4.1.1.1", "RFC 6409 4.2", "RFC 821 4.1.2"),
    aliases=("ehlo-literal-preferred-over-nonsense", "helo-domain-only"),
)
def fqdn_only(command: Command) -> Iterator[LineHit]:
    if command.event == "HELLO":
        start, name = command.argument, command.arguments
        if command.verb == "HELO" and name[:1] == b"[" and name[-1:] == b"]":
            yield LineHit("helo-literal", start, start + len(name), {"name": quoted(name)})
            return
        key = "hello"
    elif command.path is not None:
        end = command.path[1] - 1
        at = command.text.rfind(b"@", command.path[0], end)
        start, name = at + 1, command.text[at + 1 : end] if at > 0 else b""
        key = "path"
    else:
        return
    if not rfc5321.DOMAIN.match(name.removesuffix(b".")) or is_address(name):
        return
    if _LOCAL.match(name) or (b"." not in name and not stands_for(name)):
        named = {"name": quoted(name), "verb": command.verb}
        yield LineHit(key, start, start + len(name), named)


# -- octets and lengths ----------------------------------------------------------

_CONTROL = Production(rb"[\x00-\x08\x0a-\x1f\x7f]")
_TYPED = b"\b\x7f\x1b"
"""Controls that a record of a terminal holds though they were never sent."""
# A line that begins as a command does, up to the control that is in it.
_SPOILT = Production(rb"[ \t]*[A-Za-z][A-Za-z0-9-]*+[\x00-\x08\x0a-\x1f\x7f]")


@rule(
    "CMD016",
    "ascii-only-commands",
    WARNING,
    explains=SYNTAX,
    shape=SESSION,
    abused=True,
    needs=CLIENT_SIDE,
    references=(
        "RFC 5321 2.3.8",
        "RFC 5321 2.4",
        "RFC 5321 4.1.2",
        "RFC 6531 3.2",
        "RFC 6531 3.4",
    ),
    aliases=("no-control-chars-in-paths", "smtputf8-ehlo-ascii"),
)
def ascii_only_commands(session: Session) -> Iterator[Hit]:
    hits = []
    utf8: bool | None = None
    exact = bool(session.reading.evidence() & LINE_ENDS)
    for exchange, command in commands(session):
        if exchange.event == "MAIL":
            utf8 = _asks_for_utf8(command)
        elif exchange.event in ("HELLO", "RSET"):
            utf8 = None
        at = _odd_octet(command, exact=exact)
        if at < 0 or exchange.said is None:
            continue
        octet = command.text[at]
        if not command.likely and not (exact and _is_spoilt(command, octet)):
            continue
        if octet > 0x7F and _may_be_utf8(exchange, command, utf8):
            continue
        key = "eight-bit" if octet > 0x7F else "control" if command.verb else "spoilt"
        stop = at + 1
        while octet > 0xBF and stop < len(command.text) and command.text[stop] & 0xC0 == 0x80:
            stop += 1
        named = {"verb": command.verb, "octet": f"{octet:02X}"}
        named["part"] = quoted(command.text[at:stop])
        span = exchange.said.span(at, stop)
        hits.append(Hit(key, span, named, severity=severity_of(exchange, SYNTAX)))
    if hits:
        hits[0].related.extend(Related("again", hit.span) for hit in hits[1:5])
        yield hits[0]


def _odd_octet(command: Command, *, exact: bool) -> int:
    """Return where the first octet is that is no visible ASCII, or -1."""
    text = command.text
    match = _CONTROL.search(text)
    if match and (exact or text[match.start()] not in _TYPED):
        return match.start()
    if text.isascii():
        return -1
    end = command.argument + len(command.arguments)
    match = EIGHT.search(text, 0, end)
    return -1 if match is None or stands_for(text[match.start() : end]) else match.start()


def _is_spoilt(command: Command, octet: int) -> bool:
    """Say whether a control is why a line has no verb: `NO\\0OP`, or two commands at a bare CR."""
    if command.verb or octet > 0x7F or _is_other_protocol(command):
        return False
    return _SPOILT.match(command.text) is not None


def _asks_for_utf8(command: Command) -> bool:
    return any(each.keyword == b"SMTPUTF8" for each in parameters(command))


def _may_be_utf8(exchange: Exchange, command: Command, utf8: bool | None) -> bool:
    """Say whether octets above 127 may stand in a command (RFC 6531 3.4, 3.7.4)."""
    if exchange.event in ("MAIL", "RCPT"):
        return utf8 is not False
    if command.verb in ("VRFY", "EXPN"):
        return command.arguments.upper().endswith(b" SMTPUTF8")
    return command.verb in ("NOOP", "HELP", "AUTH", "XCLIENT", "XFORWARD")


@rule(
    "CMD018",
    "command-line-512",
    WARNING,
    explains=(*SYNTAX, 421, 552),
    shape=SESSION,
    needs=CLIENT_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.5.3.1.4", "RFC 5321 2.2.2", "RFC 4954 4"),
)
def command_line_512(session: Session) -> Iterator[Hit]:
    """Find commands that are too long; AUTH is the business of ``auth-ir-line-limit``."""
    for exchange, command in commands(session):
        length = len(command.text) + 2
        if length <= 512 or not command.likely or command.verb == "AUTH":
            continue
        limit = line_limit(command)
        if length > limit and exchange.said is not None:
            named = {"length": str(length), "limit": str(limit), "verb": command.verb}
            severity = INFO if is_taken(exchange) else ""
            span = exchange.said.span(limit - 2, len(command.text))
            yield Hit("long", span, named, severity=severity)


# -- verbs -----------------------------------------------------------------------


@rule(
    "CMD020",
    "verb-advertised",
    WARNING,
    explains=SYNTAX,
    shape=SESSION,
    needs=CLIENT_SIDE | SERVER_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 2.2.2", "RFC 5321 4.1.5"),
    aliases=("x-verbs-private",),
)
def verb_advertised(session: Session) -> Iterator[Hit]:
    """Find verbs of extensions that the server does not offer, and does not take.

    STARTTLS, AUTH and BDAT have rules of their own; VRFY, EXPN and HELP may be tried.
    """
    if not any(extension_of_verb(exchange.verb) for exchange in session.exchanges):
        return
    hits = []
    for now in listings(session):
        exchange, hello = now.exchange, now.hello
        keyword = extension_of_verb(exchange.verb)
        if not keyword or exchange.said is None or exchange.event in ("STRAY", "DOT"):
            continue
        if not is_refused(exchange, (500, 502)) or is_prose(_command(exchange)):
            continue
        private = keyword.startswith("X")
        if hello is None or now.words is None or not is_listing_in_force(session, now):
            continue
        if any(line[0] == keyword.encode() for line in now.words):
            continue
        related = [Related("offers", hello.reply.lines[0].span())] if hello.reply else []
        view = exchange.verb_view or exchange.said
        named = {"verb": exchange.verb, "keyword": keyword}
        hits.append(Hit("private" if private else "verb", view.span(), named, related=related))
    yield from folded(hits)


def _command(exchange: Exchange) -> Command:
    assert exchange.command is not None
    return exchange.command


@rule(
    "CMD023",
    "deprecated-send-soml-saml",
    WARNING,
    explains=SYNTAX,
    shape=LINE,
    concerns=("SEND", "SOML", "SAML", "TURN"),
    needs=CLIENT_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 F.6", "RFC 5321 F.1"),
    aliases=("deprecated-turn",),
)
def deprecated_send_soml_saml(command: Command) -> Iterator[LineHit]:
    if command.verb == "TURN":
        if not command.arguments and not _is_title(command):
            yield LineHit("turn", command.verb_start, command.verb_end)
    elif command.likely:
        named = {"verb": command.verb}
        yield LineHit("terminal", command.verb_start, command.verb_end, named)


@rule(
    "CMD025",
    "unknown-command",
    WARNING,
    explains=SYNTAX,
    shape=SESSION,
    needs=CLIENT_SIDE,
    references=("RFC 5321 4.1.1", "RFC 5321 4.2.4", "RFC 5321 4.3.2"),
    fixes={"write-as": Fix.UNSAFE},
)
def unknown_command(session: Session) -> Iterator[Hit]:
    """Find what is no verb: a slip of the fingers, or what the server says it does not know."""
    if all(exchange.event != "UNKNOWN" for exchange in session.exchanges):
        return
    hits = []
    # Where the server speaks as well, its reply is to what was said.
    script = session.reading.dialect.kind == SCRIPT and session.reading.is_client_only()
    secret = False
    for exchange, command in commands(session):
        secret = secret or command.verb == "AUTH"
        if exchange.event != "UNKNOWN" or exchange.said is None or not command.verb:
            continue
        if is_listed(command.verb) or is_prose(command) or _is_other_protocol(command):
            continue
        near = near_verb(command.verb)
        refused = is_refused(exchange, (500, 502))
        if not refused and not (near and exchange.reply is None and not _is_title(command)):
            continue
        if command.verb.startswith("X") and not near:
            continue
        word = command.text[command.verb_start : command.verb_end]
        shown = near or not (secret and is_remembered_secret(word))
        named = {"word": quoted(word) if shown else "…", "near": near}
        key = "mistyped" if near else "unknown"
        span = exchange.said.span(command.verb_start, command.verb_end)
        fix = _respelt(command, near, span) if script else None
        named["wanted"] = near
        hits.append(Hit(key, span, named, fix=fix))
    yield from folded(hits)


def _respelt(command: Command, verb: str, span: Span) -> Fix | None:
    """Return what makes a command of a slip, if the rest of the line is as that verb wants it."""
    if verb not in EVENTS:
        return None
    text, end = command.text, command.verb_end
    meant = speech.command(text[: command.verb_start] + verb.encode() + text[end:])
    return Fix(Fix.UNSAFE, "write-as", [(span, verb.encode())]) if meant.likely else None


# GET / HTTP/1.1, CONNECT mx:25 HTTP/1.0;  SSH-2.0-OpenSSH;  a ClientHello, as it is or written down
_HTTP = Production(
    rb"(?:GET|POST|PUT|HEAD|OPTIONS|CONNECT|DELETE|TRACE|PATCH|PRI) \S+(?: HTTP/[0-9.]+)?$"
)
_SSH = Production(rb"SSH-[0-9.]+-")
_TLS = Production(rb"\x16\x03[\x00-\x04]|\\x16\\x03\\x0[0-4]|\\026\\003\\00[0-4]|\^V\^C\^[@A-D]")
_PROTOCOLS = (("http", _HTTP), ("ssh", _SSH), ("tls", _TLS))
_FIELD = Production(rb"[A-Za-z][A-Za-z-]*:(?:[ \t]|$)")


def _is_other_protocol(command: Command) -> str:
    return next((key for key, pattern in _PROTOCOLS if pattern.match(command.text)), "")


@rule(
    "CMD026",
    "http-on-smtp",
    WARNING,
    explains=True,
    shape=SESSION,
    needs=CLIENT_SIDE,
    category=SECURITY,
    references=("RFC 5321 4.1.1", "RFC 8314 3"),
)
def http_on_smtp(session: Session) -> Iterator[Hit]:
    """Find a client that speaks HTTP, SSH or TLS to a server that speaks SMTP."""
    if all(exchange.event != "UNKNOWN" for exchange in session.exchanges):
        return
    found: Hit | None = None
    for exchange in session.exchanges:
        command = exchange.command
        if exchange.said is None or command is None or command.known:
            continue
        key = _is_other_protocol(command)
        if key and found is None:
            word = command.text.split(None, 1)[0] if key == "http" else b""
            found = Hit(key, exchange.said.span(), {"word": quoted(word)})
        elif found is not None and (key or _FIELD.match(command.text)):
            found.related.append(Related("again", exchange.said.span()))
    if found is not None:
        del found.related[9:]
        yield found
