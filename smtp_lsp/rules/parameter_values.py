"""EXT: the values of the parameters that extensions add to MAIL and RCPT.

Whether a parameter was offered, stands twice or is xtext is for other rules. What stands in
a record for a value (``SIZE=<n>``, ``ENVID=...``) is no value.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE
from smtp_lsp.grammar import (
    rfc1870,
    rfc2852,
    rfc3461,
    rfc3885,
    rfc4865,
    rfc6152,
    rfc6533,
    rfc6710,
    rfc7293,
)
from smtp_lsp.rules import ERROR, INTEROPERABILITY, LINE, WARNING, Fix, LineHit, rule
from smtp_lsp.rules.envelope import Parameter, parameters, stands_for
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar.speech import Command

REFUSALS = (500, 501, 504, 555)
"""Codes that a server refuses a malformed parameter with."""

_ENVID_LIMIT = 100
_ORCPT_LIMIT = 500
_YES = (b"1", b"y", b"yes", b"true", b"on")
"""What says of a parameter without a value no more than that it is there."""
_OPENING = (b"<", b"[", b"{", b"$", b"%", b"(")


def given(command: Command, *keywords: bytes) -> Iterator[Parameter]:
    """Yield the parameters with these keywords whose values are no placeholders.

    A keyword with ``=`` and nothing behind it is malformed, whatever it is: that is told elsewhere.
    """
    path = command.path
    if path is None or path[1] >= len(command.text):
        return
    behind = command.text[path[1] :].upper()
    if not any(keyword in behind for keyword in keywords):
        return
    for each in parameters(command):
        if each.keyword not in keywords or each.value == b"" or is_placeholder(each.value):
            continue
        if each.value is not None or command.text[each.end :].lstrip()[:1] != b"=":
            yield each


def is_placeholder(value: bytes | None) -> bool:
    return value is not None and value != b"" and (value[:1] in _OPENING or stands_for(value))


def hit(key: str, each: Parameter, start: int = -1, **named: str) -> LineHit:
    """Return a finding about a parameter, or about its value from *start* on."""
    named["value"] = quoted(each.value or b"")
    named["keyword"] = quoted(each.keyword)
    return LineHit(key, each.start if start < 0 else start, each.end, named)


def _at_value(each: Parameter) -> int:
    return each.end - len(each.value or b"")


@rule(
    "EXT012",
    "size-digits-20",
    ERROR,
    accepted=WARNING,
    explains=REFUSALS,
    shape=LINE,
    concerns=("MAIL",),
    needs=CLIENT_SIDE,
    references=("RFC 1870 3", "RFC 1870 6"),
)
def size_digits_20(command: Command) -> Iterator[LineHit]:
    for each in given(command, b"SIZE"):
        if not each.value:
            yield hit("empty", each)
        elif not rfc1870.SIZE_VALUE.match(each.value):
            key = "long" if each.value.isdigit() else "no-number"
            yield hit(key, each, _at_value(each), digits=str(len(each.value)))


# -- the kind of content ---------------------------------------------------------


@rule(
    "EXT043",
    "body-values",
    ERROR,
    accepted=WARNING,
    explains=(*REFUSALS, 503),
    shape=LINE,
    concerns=("MAIL",),
    needs=CLIENT_SIDE,
    references=("RFC 6152 2", "RFC 3030 3"),
)
def body_values(command: Command) -> Iterator[LineHit]:
    for each in given(command, b"BODY"):
        if not rfc6152.BODY_VALUE.match(each.value or b""):
            yield hit("value" if each.value else "empty", each)


# -- delivery status notifications ---------------------------------------------


@rule(
    "EXT015",
    "dsn-notify-never-alone",
    ERROR,
    accepted=WARNING,
    explains=REFUSALS,
    shape=LINE,
    concerns=("RCPT",),
    needs=CLIENT_SIDE,
    references=("RFC 3461 4.1", "RFC 3461 5.1"),
)
def dsn_notify_never_alone(command: Command) -> Iterator[LineHit]:
    for each in given(command, b"NOTIFY"):
        value = each.value or b""
        if rfc3461.NOTIFY_VALUE.match(value):
            continue
        words = value.upper().split(b",")
        if b"NEVER" in words and len(words) > 1:
            yield hit("never", each, _at_value(each))
        else:
            known = (b"NEVER", b"SUCCESS", b"FAILURE", b"DELAY")
            word = next((word for word in words if word not in known), b"")
            yield hit("word" if word else "empty", each, word=quoted(word))


@rule(
    "EXT016",
    "dsn-ret-values",
    ERROR,
    accepted=WARNING,
    explains=REFUSALS,
    shape=LINE,
    concerns=("MAIL",),
    needs=CLIENT_SIDE,
    references=("RFC 3461 4.3", "RFC 3461 5.1"),
)
def dsn_ret_values(command: Command) -> Iterator[LineHit]:
    for each in given(command, b"RET"):
        if (each.value or b"").upper() not in (b"FULL", b"HDRS"):
            yield hit("value" if each.value else "empty", each)


@rule(
    "EXT017",
    "dsn-envid-100",
    ERROR,
    accepted=WARNING,
    explains=REFUSALS,
    shape=LINE,
    concerns=("MAIL",),
    needs=CLIENT_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 3461 4.4", "RFC 3461 5.1"),
)
def dsn_envid_100(command: Command) -> Iterator[LineHit]:
    """Find an ENVID without a value, or too long; what is no xtext has a rule of its own."""
    for each in given(command, b"ENVID"):
        if not each.value:
            yield hit("empty", each)
        elif len(each.value) > _ENVID_LIMIT:
            found = hit("long", each, _at_value(each), length=str(len(each.value)))
            yield LineHit(found.key, found.start, found.end, found.parameters, WARNING)


@rule(
    "EXT018",
    "dsn-orcpt-form",
    ERROR,
    accepted=WARNING,
    explains=REFUSALS,
    shape=LINE,
    concerns=("RCPT",),
    needs=CLIENT_SIDE,
    references=("RFC 3461 4.2", "RFC 3461 5.1", "RFC 6533 3"),
)
def dsn_orcpt_form(command: Command) -> Iterator[LineHit]:
    for each in given(command, b"ORCPT"):
        key = _fault_of_orcpt(each.value or b"")
        if key:
            found = hit(key, each, length=str(each.end - each.start))
            severity = WARNING if key == "long" else ""
            yield LineHit(key, found.start, found.end, found.parameters, severity)


def _fault_of_orcpt(value: bytes) -> str:
    if not value:
        return "empty"
    if not rfc3461.ADDR_TYPE.match(value):
        return "type"
    kind, _, address = value.partition(b";")
    if not address:
        return "address"
    if kind.lower() == b"utf-8" and not rfc6533.UTF_8_ENC_ADDR.match(address):
        return "utf-8"
    return "long" if len(value) + len(b"ORCPT=") > _ORCPT_LIMIT else ""


# -- flags ---------------------------------------------------------------------


@rule(
    "EXT024",
    "smtputf8-no-value",
    ERROR,
    accepted=WARNING,
    explains=REFUSALS,
    shape=LINE,
    concerns=("MAIL",),
    needs=CLIENT_SIDE,
    references=("RFC 6531 3.1", "RFC 6531 3.4"),
    fixes={"no-value": Fix.SAFE},
)
def smtputf8_no_value(command: Command) -> Iterator[LineHit]:
    yield from _flag(command, b"SMTPUTF8")


@rule(
    "EXT025",
    "requiretls-no-value",
    ERROR,
    accepted=WARNING,
    explains=REFUSALS,
    shape=LINE,
    concerns=("MAIL",),
    needs=CLIENT_SIDE,
    references=("RFC 8689 2",),
    fixes={"no-value": Fix.SAFE},
)
def requiretls_no_value(command: Command) -> Iterator[LineHit]:
    yield from _flag(command, b"REQUIRETLS")


def _flag(command: Command, keyword: bytes) -> Iterator[LineHit]:
    for each in given(command, keyword):
        if each.value is not None:
            found = hit("value", each)
            if each.value.lower() in _YES:
                found.edits, found.mends = ((each.start + len(keyword), each.end, b""),), "no-value"
            yield found


# -- times and priorities ------------------------------------------------------


@rule(
    "EXT030",
    "mt-priority-range",
    ERROR,
    accepted=WARNING,
    explains=REFUSALS,
    shape=LINE,
    concerns=("MAIL",),
    needs=CLIENT_SIDE,
    references=("RFC 6710 3", "RFC 6710 7"),
)
def mt_priority_range(command: Command) -> Iterator[LineHit]:
    for each in given(command, b"MT-PRIORITY"):
        if not rfc6710.PRIORITY_VALUE.match(each.value or b""):
            yield hit("value" if each.value else "empty", each)


@rule(
    "EXT031",
    "deliverby-positive-r",
    ERROR,
    accepted=WARNING,
    explains=REFUSALS,
    shape=LINE,
    concerns=("MAIL",),
    needs=CLIENT_SIDE,
    references=("RFC 2852 4",),
)
def deliverby_positive_r(command: Command) -> Iterator[LineHit]:
    for each in given(command, b"BY"):
        match = rfc2852.BY_VALUE.match(each.value or b"")
        if match is None:
            yield hit("form" if each.value else "empty", each)
        elif match[2] in b"rR" and int(match[1]) <= 0:
            yield hit("not-positive", each, _at_value(each), time=quoted(match[1]))


@rule(
    "EXT033",
    "futurerelease-one",
    ERROR,
    accepted=WARNING,
    explains=REFUSALS,
    shape=LINE,
    concerns=("MAIL",),
    needs=CLIENT_SIDE,
    references=("RFC 4865 3", "RFC 4865 4.1"),
)
def futurerelease_one(command: Command) -> Iterator[LineHit]:
    found = list(given(command, b"HOLDFOR", b"HOLDUNTIL"))
    if {each.keyword for each in found} == {b"HOLDFOR", b"HOLDUNTIL"}:
        yield LineHit("both", found[1].start, found[1].end)
        return
    for each in found:
        value = each.value or b""
        if each.keyword == b"HOLDFOR" and not rfc4865.INTERVAL.match(value):
            yield hit("interval" if value else "empty", each)
        elif each.keyword == b"HOLDUNTIL" and not rfc4865.DATE_TIME.match(value):
            yield hit("date" if value else "empty", each)


@rule(
    "EXT034",
    "mtrk-needs-envid",
    ERROR,
    accepted=WARNING,
    explains=REFUSALS,
    shape=LINE,
    concerns=("MAIL",),
    needs=CLIENT_SIDE,
    references=("RFC 3885 3.2",),
)
def mtrk_needs_envid(command: Command) -> Iterator[LineHit]:
    path = command.path
    if path is None or b"MTRK" not in command.text[path[1] :].upper():
        return
    seen = {each.keyword: each for each in parameters(command)}
    mtrk, envid = seen.get(b"MTRK"), seen.get(b"ENVID")
    if mtrk is None:
        return
    if envid is None:
        yield LineHit("no-envid", mtrk.start, mtrk.end)
    elif not is_placeholder(envid.value) and not rfc3885.UNIQUE_ENVID.match(envid.value or b""):
        yield hit("form", envid)


@rule(
    "EXT036",
    "rrvs-no-fraction",
    ERROR,
    accepted=WARNING,
    explains=REFUSALS,
    shape=LINE,
    concerns=("RCPT",),
    needs=CLIENT_SIDE,
    references=("RFC 7293 3.1",),
)
def rrvs_no_fraction(command: Command) -> Iterator[LineHit]:
    for each in given(command, b"RRVS"):
        value = each.value or b""
        fraction = rfc7293.FRACTION.match(value)
        if fraction:
            start = _at_value(each)
            end = start + fraction.end(1)
            start += fraction.start(1)
            named = {"fraction": quoted(fraction[1]), "value": quoted(value)}
            named["keyword"] = "RRVS"
            yield LineHit("fraction", start, end, named)
        elif not rfc7293.RRVS_VALUE.match(value):
            yield hit("form" if value else "empty", each)
