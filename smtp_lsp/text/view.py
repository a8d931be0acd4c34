"""Derived bytes that know where in the file they came from.

Everything that is parsed is a view: a stretch of a buffer. Where the file holds the
octets as they were said, the buffer is the file itself and the map costs nothing. Where
a dialect had to decode or unwrap them (a Python ``repr``, a prefix on every line, a
command continued on the next line), the buffer is derived and carries pieces that lead
each of its octets back to the file.
"""

from bisect import bisect_right

from smtp_lsp.text.span import Span


class Buffer:
    """The file itself: every offset leads to itself."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def origin(self, offset: int) -> int:
        """Return the file offset of the octet at *offset*."""
        return offset

    def origin_end(self, offset: int) -> int:
        """Return the file offset just behind the octet that ends at *offset*."""
        return offset

    def offset_in(self, base: "Buffer", offset: int) -> int:
        """Return where the octet at *offset* stands in *base*, of which this buffer was made."""
        return offset


class Derived(Buffer):
    """Octets taken from another buffer, in most cases the file itself, in pieces.

    A piece is a run of the buffer: it begins at ``starts[i]`` and came from the octets
    ``origins[i]`` to ``ends[i]`` of ``base``. Where both runs are of equal length they match
    octet by octet; otherwise (an escape such as ``\\r``) the run is indivisible.
    """

    __slots__ = ("base", "ends", "origins", "starts")

    def __init__(
        self,
        data: bytes,
        starts: list[int],
        origins: list[int],
        ends: list[int],
        base: Buffer | None = None,
    ) -> None:
        super().__init__(data)
        self.starts = starts
        self.origins = origins
        self.ends = ends
        self.base = base

    def origin(self, offset: int) -> int:
        inner = self._origin(offset)
        return inner if self.base is None else self.base.origin(inner)

    def origin_end(self, offset: int) -> int:
        if offset <= 0:
            return self.origin(0)
        inner = self._origin_end(offset)
        return inner if self.base is None else self.base.origin_end(inner)

    def offset_in(self, base: Buffer, offset: int) -> int:
        return offset if base is self else self._origin(offset)

    def _origin(self, offset: int) -> int:
        index = bisect_right(self.starts, offset) - 1
        if index < 0:
            return self.origins[0] if self.origins else 0
        start, stop = self._run(index)
        if offset >= stop:
            return self.ends[index]
        if stop - start == self.ends[index] - self.origins[index]:
            return self.origins[index] + offset - start
        return self.origins[index]

    def _origin_end(self, offset: int) -> int:
        index = bisect_right(self.starts, offset - 1) - 1
        if index < 0:
            return self._origin(0)
        start, stop = self._run(index)
        if offset < stop and stop - start == self.ends[index] - self.origins[index]:
            return self.origins[index] + offset - start
        return self.ends[index]

    def _run(self, index: int) -> tuple[int, int]:
        stop = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.data)
        return self.starts[index], stop


class Joiner:
    """Collects pieces of *base*, or of the file itself, and makes the derived buffer of them."""

    __slots__ = ("base", "ends", "origins", "parts", "size", "starts")

    def __init__(self, base: Buffer | None = None) -> None:
        self.base = base
        self.parts: list[bytes] = []
        self.size = 0
        self.starts: list[int] = []
        self.origins: list[int] = []
        self.ends: list[int] = []

    def add(self, octets: bytes, origin: int, end: int) -> None:
        """Append *octets*, which the base holds as its octets *origin* to *end*."""
        if not octets:
            return
        self.parts.append(octets)
        self.starts.append(self.size)
        self.origins.append(origin)
        self.ends.append(end)
        self.size += len(octets)

    def view(self) -> "View":
        """Return everything collected so far as one view."""
        buffer = Derived(b"".join(self.parts), self.starts, self.origins, self.ends, self.base)
        return View(buffer, 0, self.size)


class View:
    """A stretch of a buffer, ``start`` to ``end`` in octets of that buffer."""

    __slots__ = ("buffer", "end", "start")

    def __init__(self, buffer: Buffer, start: int, end: int) -> None:
        self.buffer = buffer
        self.start = start
        self.end = end

    def __len__(self) -> int:
        return self.end - self.start

    def __bytes__(self) -> bytes:
        return self.buffer.data[self.start : self.end]

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Return where in the file the view's octets *start* to *end* came from."""
        first = self.start + start
        last = self.end if end is None else self.start + end
        begin = self.buffer.origin(first)
        stop = self.buffer.origin_end(last) if last > first else begin
        return Span(begin, max(begin, stop))

    def sub(self, start: int, end: int | None = None) -> "View":
        """Return the view of this view's octets *start* to *end*."""
        stop = self.end if end is None else self.start + end
        return View(self.buffer, self.start + start, stop)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {bytes(self)!r}>"
