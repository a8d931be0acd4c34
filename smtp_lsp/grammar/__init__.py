"""The ABNF of the RFCs as bytes patterns, one module per RFC, compiled at first use."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re


class Production:
    """One pattern, compiled when it is first asked to match."""

    __slots__ = ("compiled", "flags", "pattern")

    compiled: re.Pattern[bytes]

    def __init__(self, pattern: bytes, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> re.Pattern[bytes]:
        # Asked once: a slot that is filled is found before this.
        if name != "compiled":
            raise AttributeError(name)
        import re

        self.compiled = re.compile(self.pattern, self.flags)
        return self.compiled

    def match(self, data: bytes, start: int = 0) -> re.Match[bytes] | None:
        """Match at *start*."""
        return self.compiled.match(data, start)

    def fullmatch(self, data: bytes) -> re.Match[bytes] | None:
        """Match all of *data*."""
        return self.compiled.fullmatch(data)

    def search(self, data: bytes, start: int = 0, end: int | None = None) -> re.Match[bytes] | None:
        """Find the first match from *start* on."""
        return self.compiled.search(data, start, len(data) if end is None else end)
