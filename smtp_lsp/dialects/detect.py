"""Telling the dialect of a file, and who is who in it, by what is said.

Arrows and letters mean opposite things in different programs, so they only group the
lines; which group is the server is told by who says reply codes.
"""

from __future__ import annotations

import re

from smtp_lsp import dialects
from smtp_lsp.dialects.reading import CLIENT_SIDE, SERVER_SIDE, Dialect, Reading
from smtp_lsp.dialects.stream import common_indent, dedented
from smtp_lsp.dialects.utterance import CLIENT, SERVER
from smtp_lsp.grammar import Production, speech

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.text.source import Source

FIRST_LOOK = 60
"""Lines that are looked at first; when nobody speaks in them, the whole file is."""

SECOND_LOOK = 20_000

_DIRECTIVE = Production(rb"#[ \t]*smtp-lsp:[ \t]*dialect=([A-Za-z0-9_-]+)")


class UnknownDialectError(ValueError):
    """A dialect was asked for that does not exist."""


def named_in(data: bytes) -> bytes | None:
    """Return the dialect that a directive in the first ten lines names, if any."""
    if b"smtp-lsp:" not in data[:20_000]:
        return None
    for number, line in enumerate(_lines(data)):
        if number == 10:
            break
        found = _DIRECTIVE.search(line)
        if found:
            return found[1]
    return None


def read(source: Source, name: str = "") -> Reading | None:
    """Return *source* as a reading in its dialect, or None where nobody speaks SMTP in it.

    A directive in the file that names none is for a rule to report; a *name* that is asked
    for and is no dialect's raises UnknownDialectError.
    """
    directive = (named_in(source.data) or b"").decode("ascii")
    wanted = name or (directive if directive in dialects.NAMES else "")
    if wanted:
        try:
            chosen = dialects.dialect(wanted)
        except KeyError:
            raise UnknownDialectError(wanted) from None
        return _as(source, chosen)
    lines = _sample(source.data, FIRST_LOOK)
    best = _best(lines)
    if best is None:
        best = _best(_sample(source.data, SECOND_LOOK))
    return _as(source, best) if best else None


def speaks_first(source: Source, reading: Reading) -> bool:
    """Say whether the first line that is neither blank nor a note is a reply or a command."""
    match = re.compile(reading.dialect.signature).match
    for line in _lines(source.data[:4000]):
        found = match(line)
        group = found.lastgroup if found else None
        if found is None or group is None or group in "nm" or line[:1] == b"#":
            continue
        if found[group].strip():
            return _speaks(found[group])
    return False


def _lines(data: bytes) -> Iterator[bytes]:
    """Yield lines without making a list of them all."""
    position, size = 0, len(data)
    separator = b"\n" if b"\n" in data else b"\r"
    while position < size:
        stop = data.find(separator, position)
        stop = size if stop < 0 else stop
        yield data[position:stop].rstrip(b"\r")
        position = stop + 1


def _sample(data: bytes, count: int) -> list[bytes]:
    sample = []
    for line in _lines(data):
        if line.strip():
            sample.append(line[:2000])
            if len(sample) == count:
                break
    return sample


def _best(lines: list[bytes]) -> Dialect | None:
    """Return the dialect in which most of *lines* say something; of equals, the first."""
    best, most = None, 0
    sample = b"\n".join(lines)
    for name, marks in dialects.PREFIXED.items():
        if not any(mark in sample for mark in marks):
            continue
        candidate = dialects.dialect(name)
        said = _speeches(lines, candidate)
        if said > most:
            best, most = candidate, said
    bare, verbs = _bare(lines)
    if bare + verbs > most and (bare > 0 or verbs > 1):
        return dialects.dialect("capture" if bare else "client")
    return best


def _speeches(lines: list[bytes], candidate: Dialect) -> int:
    match = re.compile(candidate.signature).match
    said = 0
    for line in lines:
        found = match(line)
        if found and found.lastgroup not in (None, "n", "m"):
            said += _speaks(found[found.lastgroup or 0])
    return said


def _speaks(text: bytes) -> bool:
    """Say whether *text*, a repr's escapes not yet undone, begins as a reply or a command."""
    text = text.split(b"\\r\\n", 1)[0]
    return speech.is_reply(text) or speech.command(text).likely


def _bare(lines: list[bytes]) -> tuple[int, int]:
    """Count the lines that are replies and the lines that are commands, without a prefix.

    What lies between DATA and a lone dot, or is covered by a BDAT, is content: a message
    that quotes a session does not make two sides out of one.
    """
    indent = len(common_indent(b"\n".join(lines)))
    if indent:
        lines = [line[indent:] for line in lines]
    replies = verbs = octets = 0
    content = begun = False
    for line in lines:
        if octets > 0:
            octets -= len(line) + 2
        elif content and (begun or not speech.is_reply(line)):
            content, begun = line != b".", True
        elif speech.is_reply(line):
            replies += 1
        else:
            command = speech.command(line)
            if command.likely:
                verbs += 1
                content, begun = command.event == "DATA" and not replies, False
                octets = command.chunk
    return replies, verbs


def _as(source: Source, chosen: Dialect) -> Reading:
    """Return *source* read as *chosen*, with its sides told and counted."""
    if chosen.name == "client":
        return Reading(source, chosen, {"a": CLIENT}, CLIENT_SIDE)
    if chosen.name == "capture":
        return Reading(source, chosen, {}, _heard(source))
    replies, others = _votes(source.data, chosen)
    groups = set(replies) | set(others)
    server = {
        group
        for group in groups
        if replies.get(group, 0) > others.get(group, 0)
        or (replies.get(group, 0) and group in ("r", "d"))
    }
    sides = {group: SERVER if group in server else CLIENT for group in "abcdr"}
    if chosen.name == "smtplib":
        sides = {"a": CLIENT, "c": CLIENT, "b": SERVER, "d": SERVER}
    heard = 0
    for group in groups:
        heard |= SERVER_SIDE if sides[group] == SERVER else CLIENT_SIDE
    return Reading(source, chosen, sides, heard)


def _heard(source: Source) -> int:
    """Return which sides a capture without prefixes has anything from."""
    heard = 0
    for line in _lines(dedented(source).data):
        if speech.is_reply(line):
            heard |= SERVER_SIDE
        elif speech.command(line).likely:
            heard |= CLIENT_SIDE
        if heard == CLIENT_SIDE | SERVER_SIDE:
            break
    return heard


def _votes(data: bytes, chosen: Dialect) -> tuple[dict[str, int], dict[str, int]]:
    """Count, per group of the signature, the lines with a reply code and those without.

    The vote ends when it is clear: content that quotes replies comes late and is little.
    """
    match = re.compile(chosen.signature).match
    replies: dict[str, int] = {}
    others: dict[str, int] = {}
    counted = 0
    for line in _lines(data):
        found = match(line)
        group = found.lastgroup if found else None
        if found is None or group is None or group in "nm":
            continue
        text = found[group]
        counted += 1
        if speech.is_reply(text):
            replies[group] = replies.get(group, 0) + 1
        elif speech.command(text).likely or group not in others:
            others[group] = others.get(group, 0) + 1
        if counted >= 200 and replies and others:
            break
    return replies, others
