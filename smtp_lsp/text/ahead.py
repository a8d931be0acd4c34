"""Finding the next occurrence again and again, in time linear in the file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable


class Ahead:
    """The next place of *needle* at or behind a position that only grows.

    A plain ``find`` before each block scans to the end of the file whenever there is none
    left, which makes many blocks quadratic. This remembers what the last scan found.
    """

    __slots__ = ("_found", "data", "needle")

    def __init__(self, data: bytes, needle: bytes) -> None:
        self.data = data
        self.needle = needle
        self._found = 0 if data.startswith(needle) else data.find(needle)

    def at(self, position: int) -> int:
        """Return the first offset >= *position* of the needle, or the length of the data."""
        if 0 <= self._found < position:
            self._found = self.data.find(self.needle, position)
        return self._found if self._found >= 0 else len(self.data)


class AheadMatch:
    """As ``Ahead``, for the next match of a pattern: its start, or the length of the data."""

    __slots__ = ("_found", "data", "search")

    def __init__(self, data: bytes, search: Callable[[bytes, int], re.Match[bytes] | None]) -> None:
        self.data = data
        self.search = search
        self._found = -1

    def at(self, position: int) -> int:
        """Return where the first match at or behind *position* starts."""
        if self._found < position:
            found = self.search(self.data, position)
            self._found = found.start() if found else len(self.data)
        return self._found
