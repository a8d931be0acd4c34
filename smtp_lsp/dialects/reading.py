"""A file being read: the walk asks for the next utterance, and says when content begins.

Where content ends only the walk knows (it pairs replies with commands), how content looks
only the dialect knows. So the dialect is a generator, and before the walk takes the next
item it may ask for content, or for a number of octets, from a given place on.
"""

from __future__ import annotations

from smtp_lsp.dialects import directive
from smtp_lsp.dialects.utterance import Content, Utterance

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smtp_lsp.text.source import Source

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
ALL = 255


class Dialect:
    """One way in which people write a session down.

    ``signature`` is a bytes pattern for one line with the groups ``a`` and ``b`` around what
    either side says (``u`` where the line does not tell the side, ``n`` where it is a note).
    Which of ``a`` and ``b`` is the server is told by who says reply codes.
    ``shows`` is what the dialect is able to show; ``read`` yields utterances and content.
    ``excerpts`` says that it is met in documents, with prose between pieces of sessions.
    """

    __slots__ = ("excerpts", "kind", "name", "read", "shows", "signature", "title")

    def __init__(
        self,
        name: str,
        title: str,
        *,
        kind: str,
        shows: int,
        signature: bytes,
        read: Callable[[Reading], Iterator[Utterance | Content]],
        excerpts: bool = False,
    ) -> None:
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
    CLIENT_SIDE and SERVER_SIDE as far as this file has anything from them.
    """

    __slots__ = (
        "_directed",
        "_directives",
        "at_greeting",
        "boundaries",
        "content_from",
        "dialect",
        "heard",
        "octets",
        "sides",
        "source",
    )

    def __init__(self, source: Source, dialect: Dialect, sides: dict[str, int], heard: int) -> None:
        self.source = source
        self.dialect = dialect
        self.sides = sides
        self.heard = heard
        self.content_from: Utterance | bool | None = None
        self.octets = -1
        self._directed = directive.MARK in source.data
        self._directives: dict[int, directive.Directive] = {}
        # Asked with (position, client's prefix, server's prefix) where a greeting begins;
        # answers where to go on.
        self.at_greeting: Callable[[int, bytes, bytes], int] | None = None
        # Where sessions begin that owe nothing to what was before, noted while passing over them.
        self.boundaries: list[int] = []

    def __iter__(self) -> Iterator[Utterance | Content]:
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

        Offsets are those of the file, of a line outside content.
        """
        if not self._directed:
            return stop
        data = self.source.data
        at = directive.find(data, start, stop)
        if at < 0:
            return stop
        begin = data.rfind(b"\n", 0, at) + 1
        alone = not data[begin:at].strip()
        self._directives[at] = directive.Directive(data, at, stop, alone=alone)
        while at > start and data[at - 1] in b" \t":
            at -= 1
        return at

    def forget_directives(self, offset: int) -> None:
        """Take back what was noted from *offset* on: it was content after all."""
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
