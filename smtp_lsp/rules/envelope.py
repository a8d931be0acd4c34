"""MAIL and RCPT taken apart, for the rules that judge how they are written.

Nearly all of these lines are as the RFC wants them. One pattern says so, once for each
line, and then no rule about paths looks at it any further.
"""

from __future__ import annotations

from functools import lru_cache

from smtp_lsp.grammar import Production, rfc5321

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar.speech import Command

_IGNORECASE = 2
LOCAL_PART, DOMAIN, PATH = 64, 255, 256
"""Octets that every server takes (RFC 5321 4.5.3.1.1 to 4.5.3.1.3)."""

# What a record or a manual writes in the place of an address: `...`, `${FROM}`, `{{to}}`, `%s`,
# `[REDACTED]`, a regular expression.
_STANDS_FOR = Production(
    rb"\.\.\.|\xe2\x80\xa6|\*\*\*|\$[a-z_({]|\{[a-z_{%]|%[sdvq(]|\.[*+]|\[[^\[\]0-9]*\]|X{4,}"
    rb"|[(|\\][^@(|\\]*[*+?]|redact|placeholder",
    _IGNORECASE,
)
_WORDS = Production(
    rb"(?:(?:your|my|the|any|address|addr|an?|some|valid|envelope|e-?mail|mailbox|mail|users?"
    rb"|senders?|recipients?|from|to|reverse|forward|return|bounce|destination|target|source|rcpt"
    rb"|path|names?|here|of|id|local|part|domain|hostname|host|fqdn|client|server)[-_ .]?)++"
    rb"[0-9]*$",
    _IGNORECASE,
)
# Where a reader's remark begins behind a command: `# so`, `// so`, `-- so`.
_REMARK = Production(rb"#|//|--|\.\.|\xe2|\[|;|\(")

_NOT_VISIBLE = Production(rb"[\x00-\x08\x0a-\x1f\x7f]")


class Envelope:
    """Where the parts of a MAIL or RCPT lie, in octets from the start of its line.

    ``form`` is how the path is set off: empty where it is in brackets, or ``bare``,
    ``unclosed``, ``unopened``, ``name`` (something stands before it) or ``missing``. ``inner``
    is what the brackets hold, blanks around it left out; ``route`` the source route, ``local``
    and ``domain`` the mailbox (``domain`` is None without an ``@``). ``rest`` is where
    parameters begin, ``stop`` where the line ends.
    """

    __slots__ = ("command", "domain", "form", "inner", "local", "outer", "rest", "route", "stop")

    def __init__(self, command: Command, start: int, stop: int) -> None:
        self.command = command
        self.stop = stop
        self.form = ""
        self.outer = self._outer(command.text, start)
        self.rest = self.outer[1]
        self.inner = self._inner(command.text)
        self.route: tuple[int, int] | None = None
        self.local = self.inner
        self.domain: tuple[int, int] | None = None
        self._split()

    def _outer(self, text: bytes, start: int) -> tuple[int, int]:
        """Bound the path, brackets included, and say how it is set off."""
        stop = self.stop
        if text[start : start + 1] == b"<":
            match = rfc5321.BRACKETED.compiled.match(text, start, stop)
            end = match.end() if match else text.find(b">", start, stop) + 1
            if end:
                return start, end
            self.form = "unclosed"
        else:
            self.form = "bare" if start < stop else "missing"
            opening = text.find(b"<", start, stop)
            closing = text.find(b">", opening, stop) if opening >= 0 else -1
            if closing >= 0:
                self.form = "name"
                return opening, closing + 1
        words = text[start:stop].split(None, 1)
        end = start + (len(words[0]) if words else 0)
        if self.form == "bare" and text[end - 1 : end] == b">":
            self.form = "unopened"
        return start, end

    def _inner(self, text: bytes) -> tuple[int, int]:
        start, end = self.outer
        start += text[start : start + 1] == b"<"
        end -= end > start and text[end - 1 : end] == b">"
        while start < end and text[start] in b" \t":
            start += 1
        while end > start and text[end - 1] in b" \t":
            end -= 1
        return start, end

    def _split(self) -> None:
        text, (start, end) = self.command.text, self.inner
        if text[start : start + 1] == b"@":
            colon = text.find(b":", start, end)
            if colon >= 0:
                self.route = start, colon
                start = colon + 1
        quoted = rfc5321.QUOTED_STRING.compiled.match(text, start, end)
        if quoted and text[quoted.end() : quoted.end() + 1] in (b"@", b">"):
            at = quoted.end() if text[quoted.end() : quoted.end() + 1] == b"@" else -1
        else:
            at = text.rfind(b"@", start, end)
        self.local = start, at if at >= 0 else end
        if at >= 0:
            self.domain = at + 1, end

    def said(self, part: tuple[int, int]) -> bytes:
        return self.command.text[slice(*part)]

    @property
    def is_null(self) -> bool:
        return self.inner[0] == self.inner[1] and self.form == ""


@lru_cache(maxsize=8)
def read(command: Command) -> Envelope | None:
    """Return the parts of a MAIL or RCPT; None where it is written as nearly all are.

    So it is for what stands in the place of an address, and for lines with control characters,
    of which another rule tells.
    """
    if not command.likely or is_plain(command):
        return None
    text = command.text
    production = rfc5321.TO if command.verb == "RCPT" else rfc5321.FROM
    word = production.match(text, command.argument)
    if word is None or _NOT_VISIBLE.search(text):
        return None
    stop = command.argument + len(command.arguments)
    envelope = Envelope(command, min(word.end(), stop), stop)
    inner = envelope.said(envelope.inner)
    return None if stands_for(inner) and inner.lower() != b"postmaster" else envelope


@lru_cache(maxsize=8)
def is_plain(command: Command) -> bool:
    """Say whether a MAIL, RCPT or EHLO is beyond any doubt written as the RFC wants it."""
    path = command.path
    if path is None:
        return rfc5321.HELLO.match(command.text) is not None
    match = rfc5321.ENVELOPE.match(command.text)
    if match is None:
        return False
    start, end = match.span(1)
    return end - start <= LOCAL_PART and path[1] - path[0] <= PATH


def stands_for(text: bytes) -> bool:
    """Say whether *text* stands in the place of an address or of a name."""
    return _STANDS_FOR.search(text) is not None or _WORDS.match(text) is not None


class Parameter:
    """One word behind the path, ``keyword`` in capitals; ``value`` is None without a ``=``."""

    __slots__ = ("end", "keyword", "start", "value")

    def __init__(self, start: int, word: bytes) -> None:
        self.start = start
        self.end = start + len(word)
        keyword, equals, value = word.partition(b"=")
        self.keyword = keyword.upper()
        self.value = value if equals else None


def parameters(command: Command) -> Iterator[Parameter]:
    """Yield the parameters of a MAIL or RCPT, up to where something else begins.

    Their values are as somebody wrote them, well-formed or not.
    """
    if command.path is None or command.path[1] == len(command.text):
        return
    envelope = read(command)
    text = command.text
    position = envelope.rest if envelope is not None else command.path[1]
    stop = envelope.stop if envelope is not None else command.argument + len(command.arguments)
    while position < stop:
        start = position
        while start < stop and text[start] in b" \t":
            start += 1
        blanks = start - position
        end = start
        while end < stop and text[end] not in b" \t":
            end += 1
        if start == end or is_remark(text, start, blanks):
            return
        parameter = Parameter(start, text[start:end])
        if not rfc5321.ESMTP_KEYWORD.fullmatch(parameter.keyword) or parameter.value == b"":
            return
        yield parameter
        position = end


def is_remark(text: bytes, start: int, blanks: int) -> bool:
    """Say whether what follows *blanks* behind a command is a reader's remark."""
    match = _REMARK.match(text, start)
    return match is not None and bool(blanks) and (blanks > 1 or match[0] not in (b"(", b";"))
