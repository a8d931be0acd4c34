r"""What a test script expects of the other side, as a regular expression: ``250[ -].*``.

An expression is no reply, and must not be judged as a malformed one. What it says for certain
is taken: the code, or one that would match, and the text up to the first thing that varies.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.text.view import Joiner

REPLY = rb"(?:(?P<b>[2-5][0-9]{2}(?:[ -][^\r\n]*)?)[^\r\n]*|(?P<d>[^\r\n]*))"
"""For a signature: an expression that begins with a code, so that it is counted as a reply."""

_START = re.compile(rb"[ \t]*\^?(?:\((?:\?:)?)?")
# One digit of a code: itself, a class that has one, or anything.
_DIGIT = re.compile(rb"([0-9])|\[([0-9-]{1,20})\]|\\d|\.(?![*+])")
_ALTERNATIVES = re.compile(rb"(?:\|[^)\r\n]*)?\)")
_SEPARATOR = re.compile(rb"\[- \]|\[ -\]|\[ \\-\]|[- ]")
# Alternatives, none of which holds another bracket, and which stand there just once.
_GROUP = re.compile(rb"\((?:\?:)?([^()|\r\n]*)(?:\|[^()\r\n]*)?\)(?![*+?{])")
_ESCAPED = re.compile(rb"\\(.)|" + _GROUP.pattern)
_VARIES = re.compile(rb"\\[A-Za-z]|\.[*+?]|[*+?\[({|$^]")


class Expected:
    """A line of a reply that an expression matches: where its code and its text stand.

    ``separator`` is empty where the expression leaves it open.
    """

    __slots__ = ("atoms", "code", "end", "separator", "text")

    def __init__(
        self, code: bytes, atoms: tuple[int, int], separator: bytes, text: int, end: int
    ) -> None:
        self.code = code
        self.atoms = atoms
        self.separator = separator
        self.text = text
        self.end = end

    def add(self, data: bytes, joiner: Joiner, separator: bytes) -> None:
        """Append the reply line, with *separator* where the expression leaves that open."""
        joiner.add(self.code, *self.atoms)
        joiner.add(self.separator or separator, self.atoms[1], max(self.atoms[1], self.text))
        add_literal(data, self.text, self.end, joiner)


def expected(data: bytes, start: int, stop: int) -> Expected | None:
    """Return what the expression ``data[start:stop]`` expects, if that is a reply."""
    found = _START.match(data, start, stop)
    begin = position = found.end() if found else start
    code = b""
    while len(code) < 3:
        digit = _DIGIT.match(data, position, stop)
        if digit is None:
            return None
        code += digit[1] or _likely(code, digit[2] or b"0-9")
        position = digit.end()
    if not code[:1].isdigit() or code[:1] == b"0":
        return None
    atoms = (begin, position)
    alternatives = _ALTERNATIVES.match(data, position, stop)
    if alternatives:
        position = alternatives.end()
    separator = _SEPARATOR.match(data, position, stop)
    if separator is None:
        return Expected(code, atoms, b"", stop, stop) if _is_open(data, position, stop) else None
    said = separator[0] if len(separator[0]) == 1 else b""
    return Expected(code, atoms, said, separator.end(), stop)


def _likely(code: bytes, allowed: bytes) -> bytes:
    """Return the next digit of *code* that a server would choose: 250, 354, 450, 550, 220."""
    usual = b"4" if code[:1] == b"3" and len(code) == 2 else b"250"[len(code) : len(code) + 1]
    return usual if usual in allowed or b"-" in allowed else allowed[:1]


def _is_open(data: bytes, position: int, stop: int) -> bool:
    """Say whether nothing certain follows a code."""
    return position == stop or _VARIES.match(data, position, stop) is not None


def _certain(data: bytes, start: int, stop: int) -> int:
    """Return where the text ends that every match has, alternatives in brackets aside."""
    position = start
    while True:
        varies = _VARIES.search(data, position, stop)
        if varies is None:
            return stop
        group = _GROUP.match(data, varies.start(), stop)
        if group is None:
            return varies.start()
        position = group.end()


def add_literal(data: bytes, start: int, stop: int, joiner: Joiner) -> None:
    """Append what the expression ``data[start:stop]`` says for certain: of alternatives, one."""
    end = _certain(data, start, stop)
    if end < stop and data[start:end].strip() in (b"", b"AUTH"):
        joiner.add(b"...", start, stop)  # what a server offers, and nobody says what
        return
    position = start
    for match in _ESCAPED.finditer(data, start, end):
        joiner.add(data[position : match.start()], position, match.start())
        joiner.add(match[1] or match[2] or b"", match.start(), match.end())
        position = match.end()
    joiner.add(data[position:end], position, end)
