"""The tokens of structured field values, taken apart tolerantly (RFC 5322 3.2, 4.1, RFC 6532).

The tokens of a value rejoin to it. ``tokens`` yields each as a ``Token``, a view with a sort:

* ``SPACE``: white space and folds in a run, of whatever line end;
* ``ENCODED_WORD``: ``=?charset?Q?text?=`` in the place of a word, specials in its text included;
* ``ATOM``, ``DOT_ATOM``: a run of what is neither special nor blank, controls and octets above
  127 among them, the second with periods inside of it;
* ``QUOTED_STRING``, ``COMMENT``: with their quotes or parentheses; one that is left open goes on
  to the end and is not ``closed``;
* ``DOMAIN_LITERAL``: with its brackets; a bracket that is left open is a ``SPECIAL``;
* ``PAIR``: a backslash and what it escapes, outside of quotes;
* ``SPECIAL``: one octet of ``< > [ ] : ; @ \\ , . )``.
"""

from __future__ import annotations

from smtp_lsp.grammar import rfc5322
from smtp_lsp.message.defect import Defect
from smtp_lsp.text.view import Buffer, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SPACE = "space"
ENCODED_WORD = "encoded-word"
DOT_ATOM = "dot-atom"
ATOM = "atom"
QUOTED_STRING = "quoted-string"
COMMENT = "comment"
DOMAIN_LITERAL = "domain-literal"
PAIR = "pair"
SPECIAL = "special"

# The sorts, by the group of rfc5322.TOKEN that matches; "(" alone begins a nested comment.
_SORTS = (
    *("", SPACE, ENCODED_WORD, DOT_ATOM, ATOM, QUOTED_STRING),
    *(COMMENT, DOMAIN_LITERAL, PAIR, COMMENT, SPECIAL),
)
_NESTED = 9

# Defects of tokens, in whatever field they stand.
UNTERMINATED_QUOTED_STRING = "unterminated-quoted-string"
UNTERMINATED_COMMENT = "unterminated-comment"
UNBALANCED_PARENTHESIS = "unbalanced-parenthesis"
NUL = "nul"
CONTROL = "control"
ISO_2022 = "iso-2022"
LINE_BREAK = "line-break"
EIGHT_BIT = "8-bit"
"""Octets above 127 that are no UTF-8 (RFC 6532 allows UTF-8 and nothing else)."""

_ISO_2022 = (b"\x1b$", b"\x1b(")


class Token(View):
    """One token: a view, its ``sort``, and whether its quote or parenthesis was ``closed``."""

    __slots__ = ("closed", "sort")

    def __init__(
        self, buffer: Buffer, start: int, end: int, sort: str, *, closed: bool = True
    ) -> None:
        super().__init__(buffer, start, end)
        self.sort = sort
        self.closed = closed


def tokens(value: View) -> Iterator[Token]:
    """Yield every token of *value*; they rejoin to it. Linear, whatever is nested in it."""
    buffer, end = value.buffer, value.end
    data = buffer.data
    position = value.start
    while position < end:
        for match in rfc5322.TOKEN.compiled.finditer(data, position, end):
            kind, start = match.lastindex or 0, match.start()
            if kind == _NESTED:
                position, closed = _comment_end(data, start, end)
                yield Token(buffer, start, position, COMMENT, closed=closed)
                break
            position, sort = match.end(), _SORTS[kind]
            closed = sort != QUOTED_STRING or _is_closed(data, start, position)
            yield Token(buffer, start, position, sort, closed=closed)


def words(value: View) -> list[Token]:
    """Return the tokens of *value* without its white space and its comments."""
    return [token for token in tokens(value) if token.sort not in (SPACE, COMMENT)]


def _comment_end(data: bytes, start: int, end: int) -> tuple[int, bool]:
    """Return where the comment that begins at *start* ends, and whether it is closed."""
    depth = 0
    for match in rfc5322.PARENTHESIS.compiled.finditer(data, start, end):
        special = match[0]
        depth += (special == b"(") - (special == b")")
        if not depth:
            return match.end(), True
    return end, False


def _is_closed(data: bytes, start: int, stop: int) -> bool:
    """Say whether a quoted-string ends with a quote that no backslash takes away."""
    if stop - start < 2 or data[stop - 1] != 34:
        return False
    backslashes = 0
    while data[stop - 2 - backslashes] == 92:
        backslashes += 1
    return backslashes % 2 == 0


def content(token: View) -> View:
    """Return what stands between the quotes, parentheses or brackets of *token*."""
    closed = not isinstance(token, Token) or token.closed
    return View(token.buffer, token.start + 1, max(token.start + 1, token.end - closed))


def unfolded(octets: bytes) -> bytes:
    """Return *octets* without the line ends of its folds, and without blanks around."""
    return octets.replace(b"\r", b"").replace(b"\n", b"").strip()


def unquoted(octets: bytes) -> bytes:
    """Return what a quoted-string's or a comment's content means: quoted pairs resolved."""
    octets = octets.replace(b"\r", b"").replace(b"\n", b"")
    if b"\\" not in octets:
        return octets
    pairs = octets.split(b"\\\\")
    return b"\\".join(part.replace(b"\\", b"") for part in pairs)


def is_utf8(octets: bytes) -> bool:
    """Say whether *octets* are ASCII or UTF-8."""
    if octets.isascii():
        return True
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def is_tidy(value: View) -> bool:
    """Say whether *value* is printable ASCII and blanks, and begins no encoded-word."""
    data = value.buffer.data
    return bool(rfc5322.TIDY_UNSTRUCTURED.compiled.match(data, value.start, value.end))


def octet_defects(value: View) -> list[Defect]:
    """Return the first control of each sort in *value*, and the first token that is no UTF-8.

    Breaks of lines are those that no white space follows: folding (2.2.3) is none.
    """
    data = bytes(value)
    found: dict[str, Defect] = {}
    for match in rfc5322.CONTROL.compiled.finditer(data):
        sort = _control(data, match.start(), match[0])
        if sort not in found:
            found[sort] = Defect(sort, value.sub(*match.span()))
            if len(found) == 4:
                break
    if not is_utf8(data):
        start = _first_not_utf8(data)
        found[EIGHT_BIT] = Defect(EIGHT_BIT, value.sub(start, start + 1))
    return list(found.values())


def _control(data: bytes, start: int, said: bytes) -> str:
    if said == b"\0":
        return NUL
    if said[-1:] in (b"\r", b"\n"):
        return LINE_BREAK
    return ISO_2022 if data[start : start + 2] in _ISO_2022 else CONTROL


def _first_not_utf8(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0


def token_defect(token: Token) -> Defect | None:
    """Return the defect of a token that is left open, or of a parenthesis without its like."""
    start = View(token.buffer, token.start, token.start + 1)
    if not token.closed:
        quoted = token.sort == QUOTED_STRING
        return Defect(UNTERMINATED_QUOTED_STRING if quoted else UNTERMINATED_COMMENT, start)
    if token.sort == SPECIAL and bytes(token) == b")":
        return Defect(UNBALANCED_PARENTHESIS, start)
    return None
