"""The parts of a message: multiparts, messages within messages, and what is wrong with them.

``tree(message)`` returns the message as a ``Part``; parts hold ``message`` (their fields, header
and body, as views), ``parent``, ``parts``, and ``defects``. A part is one of three:

* a multipart whose boundary is usable (``boundary`` is not None): ``preamble``, then for each
  part its delimiter line in ``delimiters`` and the part, then ``close`` and ``epilogue``
  (each None where there is none);
* a message/rfc822, message/global or message/news that is not encoded: one part, the message;
* anything else: a leaf.

Everything rejoins: a part's header, separator and body to its ``whole``; a multipart's pieces,
in the order above, to its body. A delimiter has with it the line end before it and its own.

The ``sort`` of a ``Defect`` of a part, and where its view is:

    NO_BOUNDARY, EMPTY_BOUNDARY        at the type, at the parameter
    BOUNDARY_LENGTH, BOUNDARY_CHARACTERS, BOUNDARY_BLANK     at the parameter's value
    BOUNDARY_SAME, BOUNDARY_PREFIX     as that of an enclosing multipart, or one begins the other
    NOT_SEEN                           no delimiter; ``stranger`` is a line that looks like one
    NOT_CLOSED                         at the last delimiter (of several multiparts that the end
                                       of the file leaves open, at the outermost)
    NO_PARTS, REPEATED_DELIMITER       closed at once; delimiters with nothing between
    DELIMITER_PADDING, DELIMITER_TEXT  white space, text behind the boundary; a line with text
                                       is taken for content, and by others for a delimiter
    EPILOGUE, DELIMITER_BEHIND_CLOSE   content, a further delimiter, behind the close-delimiter
    NO_EMPTY_LINE                      text where the header of a part should have ended
    HEADER_ALONE                       a delimiter right behind the last field of a part
    ENCODED                            base64 or the like on a composite part
    TOO_DEEP, TOO_MANY                 more than 100 levels (once), more than 1000 parts (root)

A Content-Type counts with and without a MIME-Version, as readers have it; of several, the first
one does. Depth and number have no limit. The time is linear in the size of the message: each
line that begins with ``--`` is looked at once.
"""

from __future__ import annotations

from functools import lru_cache

from smtp_lsp.grammar import rfc2046
from smtp_lsp.message import parameters
from smtp_lsp.message.defect import Defect
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from smtp_lsp.message import Message
    from smtp_lsp.message.parameters import Value

NO_BOUNDARY = "no boundary"
EMPTY_BOUNDARY = "empty boundary"
BOUNDARY_LENGTH = "boundary length"
BOUNDARY_CHARACTERS = "boundary characters"
BOUNDARY_BLANK = "boundary blank"
BOUNDARY_SAME = "boundary same"
BOUNDARY_PREFIX = "boundary prefix"
NOT_SEEN = "not seen"
NOT_CLOSED = "not closed"
NO_PARTS = "no parts"
REPEATED_DELIMITER = "repeated delimiter"
DELIMITER_PADDING = "delimiter padding"
DELIMITER_TEXT = "delimiter text"
EPILOGUE = "epilogue"
DELIMITER_BEHIND_CLOSE = "delimiter behind close"
NO_EMPTY_LINE = "no empty line"
HEADER_ALONE = "header alone"
ENCODED = "encoded"
TOO_DEEP = "too deep"
TOO_MANY = "too many"

DEEPEST = 100
MOST_PARTS = 1000
MOST_PLACES = 100
"""Places of DELIMITER_TEXT and DELIMITER_BEHIND_CLOSE that are kept of one multipart."""

ENCODINGS = frozenset((b"base64", b"quoted-printable", b"x-uuencode", b"uuencode", b"x-uue"))
"""Those that change octets. What is none of them is read as it stands."""

_TEXT_PLAIN = b"text/plain"
_DIGEST = b"multipart/digest"
_NESTED = frozenset((b"message/rfc822", b"message/global", b"message/news"))
# RFC 2045 6.4, RFC 2046 5.2; message/global and what came after it may be encoded (RFC 6532 3.5).
_NEVER_ENCODED = frozenset(
    (b"message/rfc822", b"message/news", b"message/partial", b"message/external-body")
)


class Part:
    """A message or a part of one. ``number`` counts from 1 within the parent, ``depth`` from 0."""

    __slots__ = (
        "_content_type",
        "_disposition",
        "_encoding",
        "_media_type",
        "_transfer_encoding",
        "boundary",
        "close",
        "defects",
        "delimiters",
        "depth",
        "epilogue",
        "message",
        "number",
        "parent",
        "parts",
        "preamble",
        "stranger",
    )

    def __init__(self, message: Message, parent: Part | None = None) -> None:
        self.message = message
        self.parent = parent
        self.number = 1
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.parts: list[Part] = []
        self.defects: list[Defect] = []
        self.boundary: bytes | None = None
        self.preamble: View | None = None
        self.delimiters: list[View] = []
        self.close: View | None = None
        self.epilogue: View | None = None
        self.stranger: View | None = None
        # False before it is asked for.
        self._content_type: Value | Literal[False] | None = False
        self._disposition: Value | Literal[False] | None = False
        self._transfer_encoding: Value | Literal[False] | None = False
        self._media_type = b""
        self._encoding = b""

    @property
    def whole(self) -> View:
        return self.message.whole

    @property
    def body(self) -> View:
        return self.message.body

    @property
    def content_type(self) -> Value | None:
        """The Content-Type as it is written, or None."""
        if self._content_type is False:
            field = self.message.field("content-type")
            self._content_type = (
                None if field is None else parameters.parse_content_type(field.value)
            )
        return self._content_type

    @property
    def disposition(self) -> Value | None:
        """The Content-Disposition, or None."""
        if self._disposition is False:
            field = self.message.field("content-disposition")
            self._disposition = None if field is None else parameters.parse_disposition(field.value)
        return self._disposition

    @property
    def transfer_encoding(self) -> Value | None:
        """The Content-Transfer-Encoding as it is written, or None."""
        if self._transfer_encoding is False:
            field = self.message.field("content-transfer-encoding")
            self._transfer_encoding = (
                None if field is None else parameters.parse_disposition(field.value)
            )
        return self._transfer_encoding

    @property
    def media_type(self) -> bytes:
        """The type that holds, in small letters (RFC 2045 5.2, RFC 2046 5.1.5)."""
        if not self._media_type:
            value = self.content_type
            if value is not None:
                self._media_type = value.media_type or _TEXT_PLAIN
            else:
                digest = self.parent is not None and self.parent.media_type == _DIGEST
                self._media_type = b"message/rfc822" if digest else _TEXT_PLAIN
        return self._media_type

    @property
    def encoding(self) -> bytes:
        """The encoding that holds, in small letters; 7bit where none is given (RFC 2045 6.1)."""
        if not self._encoding:
            label = self.transfer_encoding
            self._encoding = b"7bit" if label is None else label.token
        return self._encoding

    @property
    def is_multipart(self) -> bool:
        return self.boundary is not None

    @property
    def path(self) -> str:
        """The part's number as IMAP gives it, such as "1.2" (RFC 9051 6.4.5.1).

        That of the message itself is empty. A multipart that is a whole message has the number
        of the part that holds it.
        """
        numbers = []
        part = self
        while part.parent is not None:
            if part.parent.is_multipart or not part.is_multipart:
                numbers.append(str(part.number))
            part = part.parent
        return ".".join(reversed(numbers))

    def walk(self) -> Iterator[Part]:
        """Yield the part and all parts in it, in the order of the file."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.parts))

    def leaves(self) -> Iterator[Part]:
        """Yield the parts that hold no others and are no empty multipart."""
        for part in self.walk():
            if not part.parts and not part.is_multipart:
                yield part

    def pieces(self) -> Iterator[View]:
        """Yield what the body of a multipart consists of; the pieces rejoin to it."""
        if self.preamble is not None:
            yield self.preamble
        for number, delimiter in enumerate(self.delimiters):
            yield delimiter
            if number < len(self.parts):
                yield self.parts[number].whole
        for view in (self.close, self.epilogue):
            if view is not None:
                yield view

    def __repr__(self) -> str:
        return f"<Part {self.path!r} {self.media_type.decode('ascii', 'replace')}>"


@lru_cache(maxsize=1)
def tree(message: Message) -> Part:
    """Return the parts of *message*. One without a Content-Type costs nothing."""
    root = Part(message)
    if message.field("content-type") is not None:
        from smtp_lsp.message.nesting import Builder

        Builder(root).build()
    return root


def forget(message: Message) -> None:
    """Let go of the parts of *message*, which know each other, so that nobody has to find them.

    No part of it may be used any more. Whoever reads thousands of messages spares a quarter of
    the time that way: the collector need not look for what is in no use.
    """
    waiting = [tree(message)]
    tree.cache_clear()
    while waiting:
        part = waiting.pop()
        waiting += part.parts
        part.parent = None


def holds_message(part: Part) -> bool:
    """Say whether the part is a message that can be read where it is."""
    return part.media_type in _NESTED and part.encoding not in ENCODINGS


def is_encoded(part: Part) -> bool:
    """Say whether a composite part has an encoding, which it must not (RFC 2045 6.4)."""
    if part.encoding not in ENCODINGS:
        return False
    kind = part.media_type
    return kind.startswith(b"multipart/") or kind in _NEVER_ENCODED


def boundary_of(part: Part) -> bytes | None:
    """Return the boundary of a multipart, and note what is wrong with it; None if unusable.

    White space at its end is taken off, as it is from delimiter lines (RFC 2046 5.1.1).
    """
    value = part.content_type
    if value is None or value.kind is None or not part.media_type.startswith(b"multipart/"):
        return None
    view = value.get(b"boundary")
    boundary = b"" if view is None else bytes(view)
    usable = boundary.rstrip()
    if view is None:
        part.defects.append(Defect(NO_BOUNDARY, value.kind))
    elif not usable:
        part.defects.append(Defect(EMPTY_BOUNDARY, _place(value, view)))
    else:
        if len(boundary) > rfc2046.LONGEST_BOUNDARY:
            part.defects.append(Defect(BOUNDARY_LENGTH, view))
        if rfc2046.NO_BCHARS.search(boundary):
            part.defects.append(Defect(BOUNDARY_CHARACTERS, view))
        elif usable != boundary:
            part.defects.append(Defect(BOUNDARY_BLANK, view.sub(len(usable))))
    return usable or None


def _place(value: Value, view: View) -> View:
    """Return where the boundary is named, for a value that has no octets."""
    return view if view else value.attributes[b"boundary"].pieces[0].name
