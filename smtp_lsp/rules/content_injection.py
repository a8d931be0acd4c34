"""SEC: what somebody wrote into a value so that it becomes a field, a parameter or a command."""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE
from smtp_lsp.grammar import injection, rfc5321
from smtp_lsp.rules import (
    ERROR,
    LINE,
    MESSAGE,
    SECURITY,
    WARNING,
    Hit,
    LineHit,
    Related,
    rule,
    traits,
)
from smtp_lsp.text.escape import quoted
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar.speech import Command
    from smtp_lsp.message import Message

_RELATED = 9


# -- A field inside a value -------------------------------------------------------------------


@rule(
    "SEC032",
    "header-injection",
    ERROR,
    shape=MESSAGE,
    traits=traits.ENDS,
    enclosed=True,
    category=SECURITY,
    references=("RFC 5322 2.2", "RFC 5321 2.3.8"),
    aliases=("header-injection-crlf",),
)
def header_injection(message: Message) -> Iterator[Hit]:
    """Find the name of a known field behind a CR that ends no line."""
    header = message.header
    data = header.buffer.data
    if data.count(b"\r", header.start, header.end) == data.count(b"\r\n", header.start, header.end):
        return
    places = [
        View(header.buffer, *match.span())
        for field in message.fields
        for match in injection.fields(data, field.value.start, field.value.end)
    ]
    if places:
        name = bytes(places[0]).strip(b"\r \t:")
        related = [Related("again", place.span()) for place in places[1 : _RELATED + 1]]
        yield Hit("field", places[0].span(), {"name": quoted(name)}, related=related)


# -- A command or a parameter inside an address -----------------------------------------------


@rule(
    "SEC033",
    "path-injection",
    WARNING,
    shape=(LINE, MESSAGE),
    enclosed=True,
    concerns=("MAIL", "RCPT"),
    needs=CLIENT_SIDE,
    category=SECURITY,
    references=("RFC 5321 4.1.2", "CVE-2026-30227"),
)
def path_injection(subject: Command | Message) -> Iterator[LineHit | Hit]:
    from smtp_lsp.message import Message

    if isinstance(subject, Message):
        return _in_message(subject)
    return _in_line(subject)


def _in_line(command: Command) -> Iterator[LineHit]:
    text, path = command.text, command.path
    if path is None or not command.likely or text[path[0] + 1 : path[0] + 2] != b'"':
        return
    local = rfc5321.QUOTED_STRING.compiled.match(text, path[0] + 1)
    if local and injection.ENDS_PATH.search(local[0]):
        yield LineHit("path", *local.span(), {"said": quoted(local[0])})
    elif local and injection.HOLDS_ADDRESS.search(local[0]):
        yield LineHit("splits", *local.span(), {"said": quoted(local[0])})


def _in_message(message: Message) -> Iterator[Hit]:
    header = message.header
    if header.buffer.data.find(b'"@', header.start, header.end) < 0:
        return
    from smtp_lsp.message import syntax

    for field in message.written_as(syntax.ADDRESSES):
        if b'"@' in bytes(field.value):
            for mailbox in field.addresses.mailboxes:
                local = mailbox.local_part
                if local is not None and local.buffer.data[local.start] == 34:
                    said = bytes(local)
                    key = _made_for(said)
                    if key:
                        yield Hit(key, local.span(), {"said": quoted(said)})


def _made_for(local: bytes) -> str:
    """Return what a quoted local-part of a header deceives a program about, or nothing."""
    if injection.ENDS_PATH.search(local):
        return "header"
    if b"\n" in local:
        return "folded"
    return "splits" if injection.HOLDS_ADDRESS.search(local) else ""


# -- Commands inside a stored message ---------------------------------------------------------


@rule(
    "SEC034",
    "smuggled-commands",
    WARNING,
    shape=MESSAGE,
    traits=traits.DOT | traits.ENDS | traits.NUL,
    category=SECURITY,
    references=("RFC 5321 4.1.1.4", "CVE-2023-51764", "CVE-2023-51765", "CVE-2023-51766"),
)
def smuggled_commands(message: Message) -> Iterator[Hit]:
    """Find the beginning of another transaction behind a dot that is alone for some server."""
    places = injection.smuggled(message.whole)
    if places:
        dot, command = places[0]
        related = [Related("command-here", command.span())]
        related += [Related("again", other.span()) for other, _ in places[1 : _RELATED + 1]]
        named = {"command": quoted(bytes(command))}
        yield Hit("stored", dot.span(), named, related=related)
