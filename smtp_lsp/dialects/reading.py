"""A file being read: the walk asks for the next utterance, and says when content begins.

Where content ends only the walk knows (it pairs replies with commands), how content looks
only the dialect knows. So the dialect is a generator, and before the walk takes the next
item it may ask for content, or for a number of octets, from a given place on.
"""

from __future__ import annotations

from smtp_lsp.dialects import directive
from smtp_lsp.dialects.utterance import Boundary, Content, Utterance

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smtp_lsp.text.source import Source
    from smtp_lsp.text.view import Buffer

    Items = Iterator[Utterance | Content | Boundary]

RECORDING = "recording"
SCRIPT = "script"

# What a record can show. A rule that needs what is not there is handed nothing.
CLIENT_SIDE = 1
SERVER_SIDE = 2
CONTENT = 4
FINAL_DOT = 8
STUFFING = 16
AUTH_EXCHANGE = 32
BANNER = 64
LINE_ENDS = 128
REPLY_TEXT = 256
ALL = 511

SHOWS = {
    CLIENT_SIDE: "client",
    SERVER_SIDE: "server",
    CONTENT: "content",
    FINAL_DOT: "final dot",
    STUFFING: "dot-stuffing",
    AUTH_EXCHANGE: "AUTH exchange",
    BANNER: "banner",
    LINE_ENDS: "line ends",
    REPLY_TEXT: "reply texts",
}
"""What a record can show, by its bits."""

SPEAKS = frozenset("abcdru")
"""Groups of a dialect's signature whose text somebody said."""


class Dialect:
    """One way in which people write a session down.

    ``signature`` is a bytes pattern for one line with the groups ``a`` and ``b`` around what
    either side says (``u`` where the line does not tell the side, ``n`` where it is a note).
    Which of ``a`` and ``b`` is the server is told by who says reply codes.
    ``shows`` is what the dialect is able to show; ``read`` yields utterances and content.
    ``excerpts`` says that it is met in documents, with prose between pieces of sessions.
    ``raw`` says that a file holds the octets as they were, unless whoever saved it made all line
    ends alike. ``whole`` says that content which is shown is there to its last line.
    ``by_hand`` says that people type such sessions, sketches of messages among them.
    ``served`` says that a server may have logged it, each command when it took it up: which were
    sent without waiting cannot be seen then. ``gaps`` says that lines may be missing, as where a
    capture lost packets. ``loses_blank`` says that the empty line behind a header may be missing.
    ``prefixes`` are examples of the client's and the
    server's, where only the file tells them.
    """

    __slots__ = (
        "by_hand",
        "excerpts",
        "gaps",
        "kind",
        "loses_blank",
        "name",
        "prefixes",
        "raw",
        "read",
        "served",
        "shows",
        "signature",
        "title",
        "whole",
    )

    def __init__(
        self,
        name: str,
        title: str,
        *,
        kind: str,
        shows: int,
        signature: bytes,
        read: Callable[[Reading], Items],
        excerpts: bool = False,
        raw: bool = False,
        whole: bool = True,
        by_hand: bool = False,
        prefixes: tuple[bytes, ...] = (),
        served: bool = False,
        gaps: bool = False,
        loses_blank: bool = False,
    ) -> None:
        self.loses_blank = loses_blank
        self.gaps = gaps
        self.served = served
        self.prefixes = prefixes
        self.raw = raw
        self.whole = whole and bool(shows & CONTENT)
        self.by_hand = by_hand
        self.excerpts = excerpts
        self.name = name
        self.title = title
        self.kind = kind
        self.shows = shows
        self.signature = signature
        self.read = read


class Reading:
    """One file in one dialect, and the walk's side of the conversation about it.

    ``sides`` maps the groups of the dialect's signature to client and server; ``heard`` holds
    CLIENT_SIDE and SERVER_SIDE as far as this file has anything from them. ``buffer`` holds
    what is read: the file, or what is left of it without what somebody wrapped around it
    (``dialects.wrapping``), then ``wrapped`` names that.
    """

    __slots__ = (
        "_directives",
        "at_greeting",
        "boundaries",
        "buffer",
        "certain",
        "content_from",
        "dialect",
        "directed",
        "heard",
        "octets",
        "sides",
        "source",
        "wrapped",
    )

    def __init__(
        self,
        source: Source,
        dialect: Dialect,
        sides: dict[str, int],
        heard: int,
        buffer: Buffer | None = None,
    ) -> None:
        self.source = source
        self.buffer = source.buffer if buffer is None else buffer
        self.wrapped: tuple[str, ...] = ()
        self.certain = True
        self.dialect = dialect
        self.sides = sides
        self.heard = heard
        self.content_from: Utterance | bool | None = None
        self.octets = -1
        self.directed = directive.MARK in self.buffer.data
        self._directives: dict[int, directive.Directive] = {}
        # Asked with (position, client's prefix, server's prefix) where a greeting begins;
        # answers where to go on.
        self.at_greeting: Callable[[int, bytes, bytes], int] | None = None
        # Where sessions begin that owe nothing to what was before, noted while passing over them.
        self.boundaries: list[int] = []

    def __iter__(self) -> Items:
        return iter(self.dialect.read(self))

    def take_content(self, first: Utterance | None = None) -> None:
        """Have the next item be content: from here, or from the utterance *first* on."""
        self.content_from = first if first is not None else True
        self.octets = -1

    def take_octets(self, count: int) -> None:
        """Have the next item be the *count* octets of a BDAT chunk."""
        self.content_from = True
        self.octets = count

    def without_directive(self, start: int, stop: int) -> int:
        """Note a directive in the line ``data[start:stop]``; return where the text before it ends.

        Offsets are those of the reading's buffer, of a line outside content.
        """
        if not self.directed:
            return stop
        data = self.buffer.data
        at = directive.find(data, start, stop)
        if at < 0:
            return stop
        begin = data.rfind(b"\n", 0, at) + 1
        alone = not data[begin:at].strip()
        origin = self.buffer.origin(at)
        self._directives[origin] = directive.Directive(
            self.source.data, origin, self.buffer.origin_end(stop), alone=alone
        )
        while at > start and data[at - 1] in b" \t":
            at -= 1
        return at

    def note_alone(self) -> None:
        """Note the directives in lines of their own, in a dialect that looks at no others."""
        if self.directed:
            for match in directive.ALONE.compiled.finditer(self.buffer.data):
                self.without_directive(match.start(), match.end())

    def forget_directives(self, offset: int) -> None:
        """Take back what was noted from *offset* of the file on: it was content after all."""
        if self._directives:
            self._directives = {at: d for at, d in self._directives.items() if at < offset}

    def directives(self) -> list[directive.Directive]:
        """Return the directives of the file, once it has been read to its end."""
        return [self._directives[at] for at in sorted(self._directives)]

    def is_client_only(self) -> bool:
        return not self.heard & SERVER_SIDE

    def evidence(self) -> int:
        """Return what this file can show, as a set of bits."""
        both = CLIENT_SIDE | SERVER_SIDE
        return (self.dialect.shows & ~both) | self.heard
