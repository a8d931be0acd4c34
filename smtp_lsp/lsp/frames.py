"""Reading the wire so that no header can put us out of step.

pygls takes ``Content-Length: `` by the letter: a client that writes it in lower case is
lost, and a length of some terabytes is an allocation. This stands between the pipe and
pygls, and hands on frames in the one spelling that it reads.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

LONGEST = 256 * 1024 * 1024
"""Octets of one message; a longer one is skipped, not kept."""

_BLOCK = 1 << 20


class Frames:
    """A binary stream with ``readline`` and ``read``, as pygls wants it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.header: list[bytes] = []
        self.body = b""

    def readline(self) -> bytes:
        """Return the next line of a frame's header, nothing at the end of the stream."""
        if not self.header:
            self.body = self._frame()
            if not self.body:
                return b""
            self.header = [b"\r\n", b"Content-Length: %d\r\n" % len(self.body)]
        return self.header.pop()

    def read(self, count: int = -1) -> bytes:
        """Return the body; pygls asks for as many octets as the header said."""
        taken, self.body = self.body, b""
        return taken if count < 0 else taken[:count]

    def _frame(self) -> bytes:
        """Return the body of the next whole frame, or nothing at the end of the stream."""
        while True:
            length = self._length()
            if length is None:
                return b""
            if 0 < length <= LONGEST:
                body = self.stream.read(length)
                return body if len(body) == length else b""
            self._skip(length)

    def _length(self) -> int | None:
        """Read a header; return its length, 0 where it has none, None at the end."""
        length = 0
        started = False
        while True:
            line = self.stream.readline(8192)
            if not line:
                return None
            text = line.strip()
            if not text:
                if started:
                    return length
                continue
            started = True
            name, _, value = text.partition(b":")
            if name.strip().lower() == b"content-length":
                value = value.strip()
                length = int(value) if value.isdigit() and len(value) < 20 else 0

    def _skip(self, length: int) -> None:
        while length > 0:
            block = self.stream.read(min(length, _BLOCK))
            if not block:
                return
            length -= len(block)

    def close(self) -> None:
        self.stream.close()
