"""Reading test scripts: what one side sends, and what it expects of the other.

A script is an order of steps. Each is sent or expected by one of the connections that the
script holds, and expectations may be regular expressions.
"""

from __future__ import annotations

from smtp_lsp.dialects import directive, log
from smtp_lsp.dialects.expected import Expected, add_literal, expected
from smtp_lsp.grammar import speech

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Reading
    from smtp_lsp.text.view import Buffer


class Script:
    """The connections of a script, as steps are added to them in order."""

    def __init__(self, reading: Reading, buffer: Buffer) -> None:
        self.reading = reading
        self.buffer = buffer
        self.data = buffer.data
        self.directed = directive.MARK in buffer.data
        self.found: list[log.Told] = []
        self.open: dict[bytes, log.Told] = {}
        # Per connection: an expected line whose separator is open, and commands unanswered.
        self.held: dict[bytes, Expected] = {}
        self.unanswered: dict[bytes, int] = {}

    def connect(self, key: bytes) -> None:
        """Have what *key* says next be another session."""
        self._release(key, None)
        self.open.pop(key, None)
        self.unanswered.pop(key, None)

    def of(self, key: bytes, group: str) -> log.Told:
        """Return the connection *key*, in which *group* speaks next."""
        now = self.open.get(key)
        if now is None:
            now = self.open[key] = log.Told(self.buffer)
            self.found.append(now)
        now.begin(group, self.data)
        return now

    def line(self, key: bytes, group: str, start: int, stop: int) -> None:
        """Add a line that is sent, or expected, just as it stands."""
        text = self.data[start:stop]
        if speech.is_reply(text):
            self._release(key, text[:4])
            self.unanswered[key] = 0
        else:
            self._release(key, None)
            self.unanswered[key] = self.unanswered.get(key, 0) + 1
        now = self.of(key, group)
        if self.directed and not now.asked:
            stop = self.reading.without_directive(start, stop)
        now.joiner.add(self.data[start:stop], start, stop)
        now.joiner.add(b"\r\n", stop, stop)
        now.note(group, self.data[start:stop])

    def pattern(self, key: bytes, group: str, start: int, stop: int, *, last: bool = False) -> None:
        """Add a line that an expression tells; *last* says that it ends its reply."""
        found = expected(self.data, start, stop)
        if found is None:
            self._release(key, None)
            now = self.of(key, group)
            size = now.joiner.size
            add_literal(self.data, start, stop, now.joiner)
            if now.joiner.size > size:
                now.joiner.add(b"\r\n", stop, stop)
            now.note(group, self.data[start:stop])
            return
        self._release(key, found.code + found.separator)
        if last and found.separator == b"":
            found.separator = b" "
        if found.separator:
            self._say(key, group, found, b"")
        else:
            self.held[key] = found
            self.open[key] = self.of(key, group)
        self.unanswered[key] = 0 if found.separator == b" " else self.unanswered.get(key, 0)

    def _release(self, key: bytes, following: bytes | None) -> None:
        """Say the line that was held, now that the *following* code and separator is known.

        More lines follow it if the next one says so, or if all of them answer one command.
        """
        found = self.held.pop(key, None)
        if found is None:
            return
        following = following or b""
        same = following[:3] == found.code
        goes_on = same and (following[3:] == b"-" or self.unanswered.get(key, 0) < 2)
        group = self.open[key].segments[-1][0]
        self._say(key, group, found, b"-" if goes_on else b" ")
        if not goes_on:
            self.unanswered[key] = 0

    def _say(self, key: bytes, group: str, found: Expected, separator: bytes) -> None:
        now = self.of(key, group)
        parts = len(now.joiner.parts)
        found.add(self.data, now.joiner, separator)
        now.note(group, b"".join(now.joiner.parts[parts:]))
        now.joiner.add(b"\r\n", found.end, found.end)

    def finish(self) -> list[log.Told]:
        for key in list(self.held):
            self._release(key, None)
        for now in self.found:
            now.end_line(self.data)
        return self.found
