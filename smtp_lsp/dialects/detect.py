"""Telling the dialect of a file, and who is who in it, by what is said.

Arrows and letters mean opposite things in different programs, so they only group the
lines; which group is the server is told by who says reply codes.
"""

from __future__ import annotations

import re

from smtp_lsp import dialects
from smtp_lsp.dialects.directive import MARK
from smtp_lsp.dialects.reading import CLIENT_SIDE, SERVER_SIDE, SPEAKS, Dialect, Reading
from smtp_lsp.dialects.utterance import CLIENT, SERVER
from smtp_lsp.grammar import Production, speech
from smtp_lsp.text.view import Buffer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.dialects.wrapping import Wrapper
    from smtp_lsp.text.source import Source

FIRST_LOOK = 60
"""Lines that are looked at first; when nobody speaks in them, the whole file is."""

SECOND_LOOK = 20_000

NARROW, WIDE = 66, 80
"""Octets of a line that may have been wrapped at a width."""

PASTED = 1 << 20
"""Octets of what people paste, at most: nobody wraps the lines of a larger log."""

MOST_WRAPPINGS = 4
MOST_LINES = 2000

_COMMON = ("arrows", "curl", "rfc", "swaks", *dialects.BARE)
"""Dialects whose prefixes may be part of others that no one has listed."""

_WRAPPED = (b"```", b"~~~", b"\xe2\x94\x82", b"\xe2\x94\x83", b"\xe2\x94\x8c", b"\xe2\x95\x91")
"""What begins a fence or a drawn box."""

_MARKUP = (b"&lt;", b"&gt;", b"<br", b"<BR", b"<pre", b"\\r\\n", b"<CRLF>", b"\\n\n")


ENOUGH = 4
"""Lines that must say something in the first look; otherwise there is a second one."""

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


class Look:
    """What was seen in the lines of a sample: the dialect, and how many lines say something.

    ``mixed`` says that both replies and commands stand behind one prefix, so that it is none.
    """

    __slots__ = ("dialect", "lines", "mixed", "said")

    def __init__(
        self, dialect: Dialect | None, said: int, lines: list[bytes], *, mixed: bool = False
    ) -> None:
        self.dialect = dialect
        self.said = said
        self.lines = lines
        self.mixed = mixed

    def suffices(self) -> bool:
        """Say whether so much was understood that nothing need be tried."""
        return self.said * 2 >= len(self.lines) > 0 and not self.mixed


def read(source: Source, name: str = "") -> Reading | None:
    """Return *source* as a reading in its dialect, or None where nobody speaks SMTP in it.

    A directive in the file that names none is for a rule to report; a *name* that is asked
    for and is no dialect's raises UnknownDialectError.
    """
    directive = (named_in(source.data) or b"").decode("ascii")
    wanted = name or (directive if directive in dialects.NAMES else "")
    only = None
    if wanted:
        try:
            only = dialects.dialect(wanted)
        except KeyError:
            raise UnknownDialectError(wanted) from None
    buffer, look, wrapped = _unwrapped(source.buffer, only)
    certain = True
    chosen = only or look.dialect
    if wanted in ("", dialects.UNLISTED) and not look.suffices():
        chosen, certain = _with_unlisted(buffer, look, chosen)
    if chosen is None:
        return None
    pasted = chosen.by_hand or chosen.excerpts or chosen.name == "swaks"
    longest = max(map(len, look.lines), default=0)
    if pasted and len(buffer.data) <= PASTED and NARROW <= longest <= WIDE:
        buffer = _unfilled(buffer, chosen, wrapped)
    reading = _as(source, buffer, chosen)
    reading.wrapped = tuple(wrapped)
    reading.certain = certain or bool(wanted)
    return reading


def _look(data: bytes, only: Dialect | None, count: int = FIRST_LOOK) -> Look:
    """Look at the first lines of *data*, and at more where too little is said in them."""
    lines = _sample(data, count)
    if only is not None and only.name not in dialects.BARE:
        said, mixed = _speeches(lines, only)
        look = Look(only, said, lines, mixed=mixed)
    else:
        look = _best(lines)
    if look.said < ENOUGH and len(lines) == FIRST_LOOK == count:
        further = _look(data, only, SECOND_LOOK)
        return further if further.said >= look.said else look
    return look


def _unwrapped(buffer: Buffer, only: Dialect | None) -> tuple[Buffer, Look, list[str]]:
    """Take off what is wrapped around the record, as far as more is understood without it."""
    look = _look(buffer.data, only)
    if not _may_be_wrapped(look):
        return buffer, look, []
    from smtp_lsp.dialects import wrapping

    sample = Buffer(b"\n".join(look.lines) + b"\n")
    _, _, path = _tried(sample, look, only, wrapping.WRAPPERS, MOST_WRAPPINGS)
    for wrapper in path:
        buffer = wrapper.strip(buffer)
    return buffer, (_look(buffer.data, only) if path else look), [each.name for each in path]


def _tried(
    sample: Buffer, look: Look, only: Dialect | None, wrappers: tuple[Wrapper, ...], depth: int
) -> tuple[int, int, list[Wrapper]]:
    """Return how much is understood without the best wrappers, minus their number, and them."""
    best: tuple[int, int, list[Wrapper]] = (look.said, 0, [])
    if depth == 0:
        return best
    for wrapper in wrappers:
        if not wrapper.fits(look.lines[:MOST_LINES]):
            continue
        inner = wrapper.strip(sample)
        if inner.data == sample.data:
            continue
        seen = _look(inner.data, only)
        said, cost, path = _tried(inner, seen, only, wrappers, depth - 1)
        cost -= 0 if wrapper.harmless else 1
        # Content counts for more where it is taken for speech, behind `> ` as curl has it.
        if (said, cost) > best[:2] or (wrapper.harmless and said * 2 >= best[0]):
            best = said, cost, [wrapper, *path]
    return best


def _may_be_wrapped(look: Look) -> bool:
    if not look.suffices():
        return bool(look.lines)
    first = look.lines[0].lstrip()
    if first[:3] in _WRAPPED or first[:1] in (b">", b"|") or first != look.lines[0]:
        return True
    sample = b"\n".join(look.lines[:FIRST_LOOK])
    return any(mark in sample for mark in _MARKUP)


def _unfilled(buffer: Buffer, chosen: Dialect, wrapped: list[str]) -> Buffer:
    """Join again what was wrapped at a width, if the lines are as long as that."""
    from smtp_lsp.dialects import wrapping

    match = re.compile(chosen.signature).match
    bare = chosen.name in dialects.BARE

    def said_in(line: bytes) -> bytes | None:
        found = match(line)
        group = found.lastgroup if found else None
        if found is None or group is None:
            return None
        text = found[group]
        if group in SPEAKS and _speaks(text):
            return text
        return None if bare or group == "u" else b""

    joined = wrapping.unfilled(buffer, said_in)
    if joined is not buffer:
        wrapped.append("width")
    return joined


def _with_unlisted(
    buffer: Buffer, look: Look, chosen: Dialect | None
) -> tuple[Dialect | None, bool]:
    """Return the dialect for lines of which little was understood, and whether it is certain."""
    from smtp_lsp.dialects import prefixes

    lines = look.lines
    pair = prefixes.pair_in(lines)
    if pair is None and len(lines) == FIRST_LOOK:
        lines = _sample(buffer.data, SECOND_LOOK)
        pair = prefixes.pair_in(lines)
    particular = chosen is not None and chosen.name not in _COMMON
    if pair is None or (look.said >= ENOUGH and particular and not look.mixed):
        return chosen, True
    if pair.count <= look.said * (2 if look.said >= ENOUGH else 1):
        return chosen, True
    return prefixes.dialect_of(pair, buffer.data, lines), False


def speaks_first(reading: Reading) -> bool:
    """Say whether the first line that is neither blank nor a note is a reply or a command."""
    match = re.compile(reading.dialect.signature).match
    for line in _lines(reading.buffer.data[:4000]):
        found = match(line)
        group = found.lastgroup if found else None
        if found is None or group not in SPEAKS or line[:1] == b"#":
            continue
        if found[group].strip():
            return _speaks(found[group].split(b"\\r\\n", 1)[0])
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
        if line.strip() and not (line[:1] == b"#" and MARK in line):
            sample.append(line[:2000])
            if len(sample) == count:
                break
    return sample


def _best(lines: list[bytes]) -> Look:
    """Return the dialect in which most of *lines* say something; of equals, the first."""
    best = Look(None, 0, lines)
    bare, verbs = _bare(lines)
    sample = b"\n".join(lines)
    for name, marks in dialects.PREFIXED.items():
        if not any(mark in sample for mark in marks):
            continue
        candidate = dialects.dialect(name)
        said, mixed = _speeches(lines, candidate)
        if said > best.said:
            best = Look(candidate, said, lines, mixed=mixed)
            if said >= bare + verbs and best.suffices():
                return best  # what comes later is less particular
    if bare + verbs > best.said and (bare > 0 or verbs > 1):
        return Look(dialects.dialect("capture" if bare else "client"), bare + verbs, lines)
    return best


def _speeches(lines: list[bytes], candidate: Dialect) -> tuple[int, bool]:
    """Count the lines that say something; say whether both sides speak behind one prefix.

    Then only those of the side that says more there count.
    """
    match = re.compile(candidate.signature).match
    replies: dict[str, int] = {}
    commands: dict[str, int] = {}
    said = 0
    for line in lines:
        found = match(line)
        group = found.lastgroup if found else None
        if found is None or group is None or not (group in SPEAKS or group[0] == "k"):
            continue
        text = found[group].split(b"\\r\\n", 1)[0]
        if group == "u" or group[0] == "k":
            said += _speaks(text)
        elif speech.is_reply(text):
            replies[group] = replies.get(group, 0) + 1
        elif speech.command(text).likely:
            commands[group] = commands.get(group, 0) + 1
    mixed = False
    for group in {*replies, *commands}:
        fewer, more = sorted((replies.get(group, 0), commands.get(group, 0)))
        said += more
        mixed = mixed or fewer > 1
    return said, mixed


def _speaks(text: bytes) -> bool:
    """Say whether *text* begins as a reply or a command."""
    return speech.is_reply(text) or speech.command(text).likely


def _bare(lines: list[bytes]) -> tuple[int, int]:
    """Count the lines that are replies and the lines that are commands, without a prefix.

    What lies between DATA and a lone dot, or is covered by a BDAT, is content: a message
    that quotes a session does not make two sides out of one.
    """
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


def _as(source: Source, buffer: Buffer, chosen: Dialect) -> Reading:
    """Return *source* read as *chosen*, with its sides told and counted."""
    if chosen.name == "client":
        return Reading(source, chosen, {"a": CLIENT}, CLIENT_SIDE, buffer)
    if chosen.name == "capture":
        return Reading(source, chosen, {}, _heard(buffer), buffer)
    replies, others = _votes(buffer.data, chosen)
    groups = (set(replies) | set(others)) - {"u"}
    server = {
        group
        for group in groups
        if replies.get(group, 0) > others.get(group, 0)
        or (replies.get(group, 0) and group in ("r", "d"))
    }
    sides = {group: SERVER if group in server else CLIENT for group in "abcdr"}
    heard, keyed = 0, b"(?P<key" in chosen.signature
    for group in groups:
        heard |= SERVER_SIDE if sides[group] == SERVER else CLIENT_SIDE
        # Where programs flip their arrows with their role, a group is either side's.
        if keyed and replies.get(group, 0) > 1 and others.get(group, 0) > 1:
            heard |= SERVER_SIDE | CLIENT_SIDE
    heard |= SERVER_SIDE if replies.get("u") else 0
    heard |= CLIENT_SIDE if others.get("u") else 0
    return Reading(source, chosen, sides, heard, buffer)


def _heard(buffer: Buffer) -> int:
    """Return which sides a capture without prefixes has anything from."""
    heard = 0
    for line in _lines(buffer.data):
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
        if found is None or group not in SPEAKS or group is None:
            continue
        text = found[group].split(b"\\r\\n", 1)[0]
        counted += 1
        if speech.is_reply(text):
            replies[group] = replies.get(group, 0) + 1
        elif speech.command(text).likely or (group not in others and group != "u"):
            others[group] = others.get(group, 0) + 1
        if counted >= 200 and replies and others:
            break
    return replies, others
