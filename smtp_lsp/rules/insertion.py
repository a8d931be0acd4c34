"""Lines that a script lacks: written as the lines beside them are.

A line of a script is what stands in the file in front of what was said, what was said, and
the line's end. A new line takes the first and the last from its neighbour. Where the file has
more on that line, as where a page or a log is wrapped around it, no line is offered.
"""

from __future__ import annotations

from bisect import bisect_left

from smtp_lsp.dialects.reading import SCRIPT
from smtp_lsp.grammar import speech
from smtp_lsp.rules import Fix
from smtp_lsp.session import phases, reasons
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.session.tree import Exchange, Session, Violation
    from smtp_lsp.text.source import Source
    from smtp_lsp.text.view import View

    Edit = tuple[Span, bytes]

_UNENDED = (reasons.NO_DOT, reasons.MAIL_IN_CONTENT, reasons.TRAILING_BLANK)
_GONE = 421
"""The server went away: it never saw the end of the message, and that is what is shown."""


def line_before(source: Source, said: View, text: bytes) -> Edit | None:
    """Return the edit that writes *text* as a line above the one in which *said* stands."""
    line = source.lines.line_of(said.span().start)
    prefix, ending = _frame(source, line, said)
    if prefix is None:
        return None
    start = source.lines.starts[line]
    return Span(start, start), prefix + text + (ending or _usual_ending(source))


def line_behind(source: Source, said: View, text: bytes) -> Edit | None:
    """Return the edit that writes *text* as a line below the one in which *said* stands."""
    line = source.lines.line_of(said.span().start)
    prefix, ending = _frame(source, line, said)
    if prefix is None:
        return None
    stop = source.lines.bounds(line)[1] + len(ending)
    if not ending:
        return Span(stop, stop), _usual_ending(source) + prefix + text
    return Span(stop, stop), prefix + text + ending


def _frame(source: Source, line: int, said: View) -> tuple[bytes | None, bytes]:
    """Return what stands in front of *said* on its line, None if more than that; its end."""
    data, span = source.data, said.span()
    start, stop = source.lines.bounds(line)
    following = source.lines.starts[line + 1 : line + 2]
    ending = data[stop : following[0]] if following else b""
    behind = data[span.end : stop].strip(b" \t\r")
    if data[span.start : span.end] != bytes(said) or (behind and not behind.startswith(b"#")):
        return None, ending
    prefix = data[start : span.start]
    if not bytes(said).strip() and prefix.rstrip() == prefix and prefix:
        prefix += b" "  # an empty line of text may have lost the blank behind its prefix
    return prefix, ending


def _usual_ending(source: Source) -> bytes:
    starts = source.lines.starts
    if len(starts) < 2:
        return b"\n"
    stop = source.lines.bounds(0)[1]
    return source.data[stop : starts[1]]


class Insertion:
    """What may be written into one session of a script: made once, asked for each violation."""

    __slots__ = ("_hello", "_said", "_starts", "session", "source")

    def __init__(self, session: Session) -> None:
        self.session = session
        self.source = session.reading.source
        self._said: list[tuple[int, int]] = []
        self._starts: list[int] = []
        self._hello: Exchange | None = None
        if session.reading.dialect.kind == SCRIPT:
            self._note()

    def _note(self) -> None:
        """Take down where each command and each reply stands, in the order of the file."""
        for exchange in self.session.exchanges:
            if exchange.said is not None and exchange.event != "END":
                self._said.append((exchange.said.span().start, 0))
            for reply in exchange.replies:
                self._said.append((reply.span.start, reply.code))
            if self._hello is None and _is_ehlo(exchange):
                self._hello = exchange
        self._said.sort()
        self._starts = [start for start, _ in self._said]

    # -- the dot that ends the content ---------------------------------------

    def final_dot(self, violation: Violation) -> Fix | None:
        """Return what ends content that no dot ended, in a script.

        It is safe where the author goes on as if the message had been sent: with a command, in
        a script of the client alone, or with the server's 2yz for it. Else the rest of the
        message may be what is missing, or what a missing dot leads to is just what is shown.
        """
        if violation.reason not in _UNENDED or not self._said:
            return None
        safe = self._is_meant_to_end(violation)
        if safe is None:
            return None
        applicability = Fix.SAFE if safe else Fix.UNSAFE
        if violation.reason == reasons.TRAILING_BLANK:
            return Fix(applicability, "no-blank", [(violation.view.span(), b".")])
        last = next((view for key, view in violation.related if key == reasons.CONTENT_ENDS), None)
        if last is None and _is_command(violation):
            return None  # no content is shown: a dot would make it an empty message
        edit = line_behind(self.source, last or violation.view, b".")
        return None if edit is None else Fix(applicability, "final-dot", [edit])

    def _is_meant_to_end(self, violation: Violation) -> bool | None:
        """Say whether the script goes on as if the content had ended; None: it says it did not.

        Of two sides the server says so: with one reply more than commands follow, a 2yz first.
        """
        blank = violation.reason == reasons.TRAILING_BLANK
        span = violation.view.span()
        if self.session.reading.is_client_only():
            return blank or _is_command(violation)
        start = span.start if _is_command(violation) else span.end
        commands, replies = self._what_follows(start)
        if replies and replies[0] == _GONE:
            return None
        return len(replies) > commands and replies[0] // 100 == 2

    def _what_follows(self, offset: int) -> tuple[int, list[int]]:
        """Return how many commands come next from *offset* on, and the codes that answer them."""
        commands = 0
        replies: list[int] = []
        for at in range(bisect_left(self._starts, offset), len(self._said)):
            code = self._said[at][1]
            if code:
                replies.append(code)
                if len(replies) > commands:
                    break
            elif replies:
                break
            else:
                commands += 1
        return commands, replies

    # -- the hello behind the TLS handshake ----------------------------------

    def hello_again(self, violation: Violation) -> Fix | None:
        """Return what says EHLO once more behind STARTTLS (RFC 3207 4.2).

        Only in a script of the client alone: where the server speaks as well, its reply would
        have to be made up, and with it what it offers inside TLS.
        """
        exchange, hello = violation.exchange, self._hello
        if violation.reason != phases.NO_HELLO_AFTER_TLS or hello is None or hello.said is None:
            return None
        if exchange is None or exchange.said is None or not self.session.reading.is_client_only():
            return None
        edit = line_before(self.source, exchange.said, bytes(hello.said).strip())
        return None if edit is None else Fix(Fix.SAFE, "hello-again", [edit])


def _is_command(violation: Violation) -> bool:
    """Say whether a violation shows the command that came too early, not the content's end."""
    if violation.event != "CONTENT":
        return violation.event == "DATA"
    return bool(violation.related) or speech.command(bytes(violation.view)).likely


def _is_ehlo(exchange: Exchange) -> bool:
    command = exchange.command
    return exchange.verb == "EHLO" and command is not None and bool(command.arguments)
