"""The bytes of one file, as they are on disk or in the editor, and what they show at a glance."""

from __future__ import annotations

from smtp_lsp.text.view import Buffer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.text.lines import LineTable

EMPTY = "empty"
BLANK = "blank"
UTF16 = "utf-16"
BINARY = "binary"
TEXT = "text"


class Source:
    """Octets with a name; never re-encoded. The line table is made when first asked for."""

    __slots__ = ("_lines", "buffer", "data", "name")

    def __init__(self, data: bytes, name: str = "") -> None:
        self.data = data
        self.name = name
        self.buffer = Buffer(data)
        self._lines: LineTable | None = None

    @property
    def lines(self) -> "LineTable":
        if self._lines is None:
            from smtp_lsp.text.lines import LineTable

            self._lines = LineTable(self.data)
        return self._lines

    def nature(self) -> str:
        """Say what the octets are at first sight: empty, blank, utf-16, binary or text.

        A NUL here and there is text with a defect; one in eight of the first 4096 octets
        (or a UTF-16 byte order mark) is another kind of file.
        """
        data = self.data
        if not data:
            return EMPTY
        head = data[:4096]
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return UTF16
        nul = head.count(0)
        if nul and nul * 8 >= len(head) and len(head) >= 8:
            even = head[::2].count(0)
            if max(even, nul - even) * 5 >= len(head) * 2 and min(even, nul - even) * 20 < nul:
                return UTF16
            return BINARY
        if head.isspace() and data.isspace():
            return BLANK
        return TEXT


def line_separator(data: bytes) -> bytes:
    """Return the octet at which the dialects cut lines: LF, or CR in a file without any LF.

    A CR before the LF belongs to the terminator, however often it is repeated: a terminal
    turns the CRLF of the wire into CR CR LF.
    """
    return b"\r" if b"\n" not in data and b"\r" in data else b"\n"
