r"""What a test script expects of the other side, as a regular expression: ``250[ -].*``.

An expression is no reply, and must not be judged as a malformed one. What it says for certain
is taken: the code, or one that would match, and the text up to the first thing that varies.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.text.view import Joiner

_START = re.compile(rb"[ \t]*\^?(?:\((?:\?:)?)?")
# One digit of a code: itself, a class that has one, or anything.
_DIGIT = re.compile(rb"([0-9])|\[\^?([0-9])[^\]\r\n]{0,20}\]|\\d|\.(?![*+])")
_ALTERNATIVES = re.compile(rb"(?:\|[^)\r\n]*)?\)")
_SEPARATOR = re.compile(rb"\[- \]|\[ -\]|\[ \\-\]|[- ]")
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
        code += digit[1] or digit[2] or b"0"
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
    return Expected(code, atoms, said, separator.end(), _certain(data, separator.end(), stop))


def _is_open(data: bytes, position: int, stop: int) -> bool:
    """Say whether nothing certain follows a code."""
    return position == stop or _VARIES.match(data, position, stop) is not None


def _certain(data: bytes, start: int, stop: int) -> int:
    """Return where the text ends that every match has."""
    varies = _VARIES.search(data, start, stop)
    return varies.start() if varies else stop


def add_literal(data: bytes, start: int, stop: int, joiner: Joiner) -> None:
    """Append what the expression ``data[start:stop]`` says for certain."""
    stop = _certain(data, start, stop)
    position = start
    while True:
        at = data.find(b"\\", position, stop)
        if at < 0 or at + 1 >= stop:
            break
        joiner.add(data[position:at], position, at)
        joiner.add(data[at + 1 : at + 2], at, at + 2)
        position = at + 2
    joiner.add(data[position:stop], position, stop)
