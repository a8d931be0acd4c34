"""CMD: the paths of MAIL and RCPT, and the mailboxes in them (RFC 5321 4.1.2, 4.1.3).

``rules.envelope`` takes the line apart, once for all of these rules.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE
from smtp_lsp.grammar import Production, rfc5321
from smtp_lsp.rules import (
    ERROR,
    INFO,
    INTEROPERABILITY,
    LINE,
    STYLE,
    WARNING,
    Fix,
    LineHit,
    rule,
)
from smtp_lsp.rules.envelope import DOMAIN, LOCAL_PART, PATH, Envelope, is_plain, is_remark, read
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar.speech import Command

    Part = tuple[int, int]

ENVELOPES = ("MAIL", "RCPT", "SEND", "SOML", "SAML")
"""Verbs whose argument is a path."""

SYNTAX = (500, 501, 502, 504, 553, 555)
"""Codes with which a server refuses a command for how it is written."""

_COLON = Production(rb"[A-Za-z]+([ \t]*):([ \t]*)")
_XTEXT = (b"AUTH", b"ENVID", b"ORCPT", b"SUBMITTER")
_PLAIN_MAILBOX = Production(rb"[!-;=?-~]+@[A-Za-z0-9.-]+$")
# What no atom holds, a dot apart; octets above 127 are for SMTPUTF8.
_NO_ATEXT = Production(rb"[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.\x80-\xff-]")
_NO_LDH = Production(rb"[^A-Za-z0-9.\x80-\xff-]")


@rule(
    "CMD001",
    "no-space-around-colon",
    WARNING,
    explains=SYNTAX,
    shape=LINE,
    unless=is_plain,
    concerns=ENVELOPES,
    needs=CLIENT_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 3.3",),
    fixes={"no-blank": Fix.SAFE},
)
def no_space_around_colon(command: Command) -> Iterator[LineHit]:
    text, path = command.text, command.path
    if path is None or text[path[0] : path[0] + 1] != b"<":
        return
    if text[path[0] - 1] == 58 and text[path[0] - 2] not in b" \t":
        return
    match = _COLON.match(text, command.argument)
    if match is None:
        return
    edits = tuple((*match.span(group), b"") for group in (1, 2) if match[group])
    key = "before" if match[1] else "after"
    start, end = match.span(1 if match[1] else 2)
    word = text[command.argument : match.start(1)]
    yield LineHit(
        key, start, end, {"word": quoted(word.upper() + b":")}, edits=edits, mends="no-blank"
    )


@rule(
    "CMD002",
    "path-in-angle-brackets",
    ERROR,
    accepted=WARNING,
    explains=SYNTAX,
    shape=LINE,
    abused=True,
    unless=is_plain,
    concerns=ENVELOPES,
    needs=CLIENT_SIDE,
    references=("RFC 5321 4.1.1.2", "RFC 5321 4.1.1.3", "RFC 5321 4.1.2"),
    fixes={"write-as": Fix.SAFE},
)
def path_in_angle_brackets(command: Command) -> Iterator[LineHit]:
    line, match = read(command), _COLON.match(command.text, command.argument)
    if line is None or match is None:
        return
    (start, end), inner = line.outer, line.said(line.inner)
    bare = b"<" + inner + b">"
    begin = match.start(1)
    named = {"path": quoted(inner), "verb": command.verb, "wanted": quoted(bare)}
    if line.form == "missing":
        yield LineHit("missing", command.verb_start, len(command.text.rstrip()), named)
    elif line.form == "name":
        named["before"] = quoted(command.text[match.end() : start].strip())
        edits: tuple[tuple[int, int, bytes], ...] = ((begin, end, b":" + bare),)
        yield LineHit("name", match.end(), end, named, edits=edits, mends="write-as")
    elif line.form:
        edits = ((begin, end, b":" + bare),) if _PLAIN_MAILBOX.match(inner) else ()
        yield LineHit(line.form, start, end, named, edits=edits, mends="write-as")
    elif end - start != len(bare):
        edits = ((start, end, bare),)
        yield LineHit("blanks", start, end, named, edits=edits, mends="write-as")


@rule(
    "CMD003",
    "params-after-path",
    ERROR,
    accepted=WARNING,
    explains=SYNTAX,
    shape=LINE,
    abused=True,
    unless=is_plain,
    concerns=ENVELOPES,
    needs=CLIENT_SIDE,
    references=("RFC 5321 4.1.2", "RFC 5321 4.1.1.3"),
    fixes={"one-blank": Fix.SAFE},
)
def params_after_path(command: Command) -> Iterator[LineHit]:
    line = read(command)
    if line is None or line.rest >= line.stop or line.form in ("name", "missing"):
        return
    text, position = command.text, line.rest
    if text[position] not in b" \t":
        yield from _glued(line)
        return
    while position < line.stop:
        start = position
        while start < line.stop and text[start] in b" \t":
            start += 1
        if start == line.stop or is_remark(text, start, start - position):
            return
        word = text[start : line.stop].split(None, 1)[0]
        key = _fault_of_parameter(word)
        if key:
            named = {"word": quoted(word), "verb": command.verb}
            yield LineHit(key, start, start + len(word), named)
            return
        position = start + len(word)


def _glued(line: Envelope) -> Iterator[LineHit]:
    """Find what stands right behind the ``>``: a parameter without its blank, or another path."""
    text, start = line.command.text, line.rest
    word = text[start : line.stop].split(None, 1)[0]
    if not word.isascii():
        return
    named = {"word": quoted(word), "verb": line.command.verb}
    if b"<" in text[start : line.stop] or text[start] in b",;":
        yield LineHit("second", start, line.stop, named)
    elif rfc5321.ESMTP_PARAM.match(word):
        edits = ((start, start, b" "),)
        yield LineHit("glued", start, start + len(word), named, edits=edits, mends="one-blank")
    else:
        yield LineHit("word", start, start + len(word), named)


def _fault_of_parameter(word: bytes) -> str:
    """Return what is wrong with a word behind the path, or nothing.

    What xtext does not allow is a matter of ``xtext-values``. Its ABNF lets xtext be empty, but
    the parameter has an esmtp-value (RFC 3461 4.4), which is not.
    """
    if rfc5321.ESMTP_PARAM.match(word) or not word.isascii():
        return ""
    if word[:1] in (b"<", b",") or (b"<" in word and b"=" not in word):
        return "second"
    keyword = rfc5321.ESMTP_KEYWORD.match(word)
    if keyword is None or word[keyword.end() :][:1] != b"=":
        return "word"
    # Postfix has `XVERP=+=`: what is private has its own syntax.
    name, empty = keyword[0].upper(), word == keyword[0] + b"="
    if name[:1] == b"X" or name == b"AUTH" or (name in _XTEXT and not empty):
        return ""
    return "value" if empty else "equals"


# -- the domain ----------------------------------------------------------------


def _domains(line: Envelope) -> Iterator[Part]:
    """Yield where the domains of a path lie: those of a route, and that of the mailbox."""
    text = line.command.text
    if line.route is not None:
        start, end = line.route
        while start < end:
            stop = text.find(b",", start, end)
            stop = stop if stop >= 0 else end
            if text[start : start + 1] == b"@":
                yield start + 1, stop
            start = stop + 1
    if line.domain is not None:
        yield line.domain


def fault_of_domain(domain: bytes) -> tuple[str, int, int]:
    """Return what keeps *domain* from being a Domain, and where; nothing if it is one.

    An address literal, and what looks like an address, is a matter of ``literal-in-brackets``.
    """
    if rfc5321.DOMAIN.match(domain) or domain[:1] in (b"[", b"#") or is_address(domain):
        return "", 0, 0
    if not domain:
        return "no-domain", 0, 0
    match = _NO_LDH.search(domain)
    if match:
        key = "underscore" if match[0] == b"_" else "character"
        return key, *match.span()
    if domain[0] == 46 or b".." in domain:
        at = max(domain.find(b".."), 0)
        return "empty-label", at, at + 2 - (domain[0] == 46)
    if domain.endswith(b"."):
        return "final-dot", len(domain) - 1, len(domain)
    start = 0
    for label in domain.split(b"."):
        if label[:1] == b"-" or label[-1:] == b"-":
            return "hyphen", start, start + len(label)
        start += len(label) + 1
    return "", 0, 0


def is_address(domain: bytes) -> bool:
    """Say whether *domain* is an IP address without brackets."""
    if rfc5321.DOTTED_NUMBERS.match(domain):
        return domain.count(b".") == 3
    return domain.count(b":") > 1 and rfc5321.is_ipv6(domain)


MILD = {"underscore": WARNING, "hyphen": WARNING, "final-dot": WARNING}
"""What no server is known to refuse for its own sake."""


@rule(
    "CMD008",
    "ldh-labels",
    ERROR,
    accepted=WARNING,
    explains=SYNTAX,
    shape=LINE,
    abused=True,
    unless=is_plain,
    concerns=ENVELOPES,
    needs=CLIENT_SIDE,
    references=("RFC 5321 2.3.5", "RFC 5321 4.1.2"),
    aliases=("label-no-edge-hyphen", "no-trailing-dot-domain"),
    fixes={"write-as": Fix.UNSAFE},
)
def ldh_labels(command: Command) -> Iterator[LineHit]:
    line = read(command)
    if line is None:
        return
    for part in _domains(line):
        domain = line.said(part)
        key, start, end = fault_of_domain(domain)
        if key:
            start, end = part[0] + start, part[0] + end
            named = {"domain": quoted(domain), "part": quoted(command.text[start:end])}
            named["wanted"] = quoted(domain[:-1])
            edits = ((start, end, b""),) if key == "final-dot" else ()
            mild = MILD.get(key, "")
            yield LineHit(key, start, end, named, mild, edits=edits, mends="write-as", safe=False)
            return


def fault_of_literal(text: bytes) -> str:
    """Return what is wrong with an address literal, or an address in place of a domain."""
    if text[:1] == b"#" and text[1:].isdigit():
        return "hash"
    if text[:1] != b"[":
        return "bare" if is_address(text) else ""
    inside = text[1:-1]
    if text[-1:] != b"]" or not inside:
        return "form"
    if rfc5321.DOTTED_NUMBERS.match(inside):
        return "" if rfc5321.IPV4.match(inside) else "numbers"
    if inside[:5].lower() == b"ipv6:":
        return "" if rfc5321.is_ipv6(inside[5:]) else "ipv6"
    if rfc5321.is_ipv6(inside):
        return "tag"
    return "" if rfc5321.GENERAL_LITERAL.match(inside) else "form"


def literal_hit(key: str, text: bytes, start: int, severity: str = "") -> LineHit:
    """Return the finding that the literal at *start* of a line is wrong, with what mends it."""
    end = start + len(text)
    edits: tuple[tuple[int, int, bytes], ...] = ()
    tag = b"IPv6:" if b":" in text else b""
    if key == "tag":
        edits = ((start + 1, start + 1, tag),)
    elif key == "bare":
        edits = ((start, start, b"[" + tag), (end, end, b"]"))
    wanted = b"[" + tag + text.strip(b"[]") + b"]"
    named = {"literal": quoted(text), "wanted": quoted(wanted)}
    safe = key == "tag"
    return LineHit(key, start, end, named, severity, edits=edits, mends="write-as", safe=safe)


@rule(
    "CMD009",
    "literal-in-brackets",
    ERROR,
    accepted=WARNING,
    explains=SYNTAX,
    shape=LINE,
    unless=is_plain,
    concerns=(*ENVELOPES, "EHLO", "HELO", "LHLO"),
    needs=CLIENT_SIDE,
    references=("RFC 5321 4.1.3", "RFC 5321 2.3.5", "RFC 5321 F.4"),
    aliases=("ipv6-literal-tag", "ipv4-octet-range", "no-hash-literal"),
    fixes={"write-as": Fix.EITHER},
)
def literal_in_brackets(command: Command) -> Iterator[LineHit]:
    if command.event == "HELLO":
        word = command.arguments
        key = "" if rfc5321.DOMAIN.match(word) and not word[-1:].isdigit() else _greeted(word)
        if key:
            yield literal_hit(key, word, command.argument, WARNING)
        return
    line = read(command)
    if line is None or line.domain is None:
        return
    key = fault_of_literal(line.said(line.domain))
    if key:
        severity = WARNING if key == "bare" else ""
        yield literal_hit(key, line.said(line.domain), line.domain[0], severity)


def _greeted(word: bytes) -> str:
    """Return what is wrong with the literal behind EHLO; some stand in the place of one."""
    if word[:1] == b"[" and not any(octet in b"0123456789:" for octet in word):
        return ""
    return "" if b" " in word else fault_of_literal(word)


# -- the local-part --------------------------------------------------------------


def _fault_of_local(local: bytes) -> tuple[str, int, int]:
    """Return what keeps *local* from being a Local-part, and where."""
    if local[:1] == b'"':
        match = rfc5321.QUOTED_STRING.fullmatch(local)
        return ("", 0, 0) if match else ("quotes", 0, len(local))
    match = _NO_ATEXT.search(local)
    if match:
        return "character", *match.span()
    if not local:
        return "empty", 0, 0
    if local[0] == 46 or local[-1] == 46:
        at = 0 if local[0] == 46 else len(local) - 1
        return "edge-dot", at, at + 1
    at = local.find(b"..")
    return ("double-dot", at, at + 2) if at >= 0 else ("", 0, 0)


@rule(
    "CMD010",
    "dot-atom-shape",
    ERROR,
    accepted=WARNING,
    explains=SYNTAX,
    shape=LINE,
    abused=True,
    unless=is_plain,
    concerns=ENVELOPES,
    needs=CLIENT_SIDE,
    references=("RFC 5321 4.1.2",),
)
def dot_atom_shape(command: Command) -> Iterator[LineHit]:
    line = read(command)
    if line is None or line.inner[0] == line.inner[1] or line.form == "missing":
        return
    local = line.said(line.local)
    key, start, end = _fault_of_local(local)
    if key and (line.domain is not None or line.form == ""):
        start, end = line.local[0] + start, line.local[0] + end
        named = {"local": quoted(local), "part": quoted(command.text[start:end])}
        yield LineHit(key, start, max(end, start + 1), named)


@rule(
    "CMD011",
    "minimal-quoting",
    INFO,
    shape=LINE,
    unless=is_plain,
    concerns=ENVELOPES,
    needs=CLIENT_SIDE,
    category=STYLE,
    references=("RFC 5321 4.1.2",),
    fixes={"write-as": Fix.SAFE},
)
def minimal_quoting(command: Command) -> Iterator[LineHit]:
    line = read(command)
    if line is None or line.domain is None:
        return
    match = rfc5321.QUOTED_STRING.fullmatch(line.said(line.local))
    if match and rfc5321.DOT_STRING.match(match[1]):
        start, end = line.local
        named = {"local": quoted(match[0]), "wanted": quoted(match[1])}
        edits = ((start, end, match[1]),)
        yield LineHit("quoted", start, end, named, edits=edits, mends="write-as")


@rule(
    "CMD012",
    "path-256",
    WARNING,
    accepted=INFO,
    explains=SYNTAX,
    shape=LINE,
    unless=is_plain,
    concerns=ENVELOPES,
    needs=CLIENT_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.5.3.1.1", "RFC 5321 4.5.3.1.2", "RFC 5321 4.5.3.1.3"),
    aliases=("local-part-64", "domain-255"),
)
def path_256(command: Command) -> Iterator[LineHit]:
    if len(command.text) <= LOCAL_PART:
        return
    line = read(command)
    if line is None:
        return
    parts = [("local-part", line.local, LOCAL_PART)]
    if line.domain is not None:
        parts.append(("domain", line.domain, DOMAIN))
    parts.append(("path", line.outer, PATH))
    for key, (start, end), limit in parts:
        if end - start > limit:
            named = {"length": str(end - start), "limit": str(limit)}
            yield LineHit(key, start, end, named)
            return


# -- the path --------------------------------------------------------------------


@rule(
    "CMD013",
    "no-source-route",
    INFO,
    shape=LINE,
    abused=True,
    unless=is_plain,
    concerns=ENVELOPES,
    needs=CLIENT_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.1.1.3", "RFC 5321 3.6.1", "RFC 5321 F.2"),
    fixes={"write-as": Fix.UNSAFE},
)
def no_source_route(command: Command) -> Iterator[LineHit]:
    line = read(command)
    if line is not None and line.route is not None:
        start, end = line.route
        mailbox = command.text[end + 1 : line.inner[1]]
        named = {"route": quoted(line.said(line.route)), "wanted": quoted(b"<" + mailbox + b">")}
        edits = ((start, end + 1, b""),)
        yield LineHit("route", start, end, named, edits=edits, mends="write-as", safe=False)


@rule(
    "CMD014",
    "rcpt-no-null-path",
    ERROR,
    accepted=WARNING,
    explains=(*SYNTAX, 550),
    shape=LINE,
    unless=is_plain,
    concerns=("RCPT",),
    needs=CLIENT_SIDE,
    references=("RFC 5321 4.1.1.3", "RFC 5321 4.1.2"),
)
def rcpt_no_null_path(command: Command) -> Iterator[LineHit]:
    line = read(command)
    if line is not None and line.is_null:
        yield LineHit("null", *line.outer)


@rule(
    "CMD015",
    "postmaster-unqualified",
    ERROR,
    accepted=WARNING,
    explains=(*SYNTAX, 550),
    shape=LINE,
    unless=is_plain,
    concerns=ENVELOPES,
    needs=CLIENT_SIDE,
    references=("RFC 5321 4.1.1.3", "RFC 5321 2.3.5", "RFC 6409 4.2"),
)
def postmaster_unqualified(command: Command) -> Iterator[LineHit]:
    line = read(command)
    if line is None or line.domain is not None or line.form or line.is_null:
        return
    local = line.said(line.local)
    if _fault_of_local(local)[0] or line.route is not None:
        return
    if command.verb != "RCPT":
        yield LineHit("sender", *line.local, {"local": quoted(local)})
    elif local.lower() != b"postmaster":
        yield LineHit("recipient", *line.local, {"local": quoted(local)})
