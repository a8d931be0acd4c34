"""Finding the next occurrence again and again, in time linear in the file."""


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
