"""An open document: bytes, and the editor's positions in them.

pygls's own document splits lines at eight characters that LSP does not, rebuilds the whole
text line by line at every keystroke, and puts an edit beyond the end of the last line in the
wrong place. This one keeps UTF-8, encodes only what is inserted, and splices.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import count

from lsprotocol import types
from pygls.workspace import TextDocument, Workspace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# A lone surrogate can be in an editor's text; "surrogatepass" carries it through UTF-8.
_SURROGATES = "surrogatepass"

_DISPLAY = re.compile(rb"\r\n|\n|\r")
_LF_ONLY = re.compile(rb"\n")

_stamps = count()


class ClientLines:
    """What this editor takes for lines, and its columns, over one version of a document.

    ``encoding`` is the unit of columns: utf-8, utf-16 or utf-32. Neovim takes a CR for an
    ordinary character, against the specification; ``lf_only`` follows it. It does so before
    an LF too, in a file whose line ends are mixed: there a column behind the CR is a place.
    """

    __slots__ = ("data", "encoding", "ends", "starts")

    def __init__(self, data: bytes, encoding: str, *, lf_only: bool) -> None:
        self.data = data
        self.encoding = encoding
        self.starts = [0]
        self.ends = []
        pattern = _LF_ONLY if lf_only else _DISPLAY
        for match in pattern.finditer(data):
            self.ends.append(match.start())
            self.starts.append(match.end())
        self.ends.append(len(data))

    def offset(self, line: int, column: int) -> int:
        """Return the octet at a position; beyond a line's end is its end, as LSP has it.

        A column inside a character means the place behind that character.
        """
        if line >= len(self.starts):
            return len(self.data)
        start, end = self.starts[max(line, 0)], self.ends[max(line, 0)]
        text = self.data[start:end]
        if self.encoding == "utf-8" or text.isascii():
            return self._whole(start + min(max(column, 0), len(text)))
        shown = text.decode("utf-8", _SURROGATES)
        return start + len(self._prefix(shown, column).encode("utf-8", _SURROGATES))

    def _prefix(self, shown: str, column: int) -> str:
        if self.encoding == "utf-32":
            return shown[: max(column, 0)]
        units = 0
        for index, character in enumerate(shown):
            if units >= column:
                return shown[:index]
            units += 2 if ord(character) > 0xFFFF else 1
        return shown

    def _whole(self, offset: int) -> int:
        """Return *offset*, or the end of the character that it would cut."""
        while offset < len(self.data) and self.data[offset] & 0xC0 == 0x80:
            offset += 1
        return offset

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of the octet at *offset*."""
        line = bisect_right(self.starts, offset) - 1
        text = self.data[self.starts[line] : min(self._whole(offset), self.ends[line])]
        if self.encoding == "utf-8" or text.isascii():
            return line, len(text)
        shown = text.decode("utf-8", _SURROGATES)
        if self.encoding == "utf-32":
            return line, len(shown)
        return line, len(shown.encode("utf-16-le", _SURROGATES)) // 2

    def range(self, start: int, end: int) -> types.Range:
        """Return the editor's range for octets *start* to *end*."""
        return types.Range(
            types.Position(*self.position(start)), types.Position(*self.position(end))
        )


class Document(TextDocument):
    """A text document whose truth is ``data``.

    ``stamp`` is another number for every text that a document ever had. The version is not:
    Neovim opens a file again under the version that it had the first time.
    """

    def __init__(self, *args: Any, lf_only: bool = False, encoding: str = "utf-16", **rest: Any):
        super().__init__(*args, **rest)
        self.encoding = encoding
        self.data = (self._source or "").encode("utf-8", _SURROGATES)
        self._source = None
        self.stamp = next(_stamps)
        # With Neovim's 'fileformat' mac lines are joined with CR, and counted: the text alone does
        # not show it, and so the plugin says it in the language's name.
        self.lf_only = lf_only and not (self.language_id or "").endswith("-cr")
        self._client_lines: ClientLines | None = None

    @property
    def source(self) -> str:
        return self.data.decode("utf-8", _SURROGATES)

    @property
    def client_lines(self) -> ClientLines:
        """The line model of this version."""
        if self._client_lines is None:
            self._client_lines = ClientLines(self.data, self.encoding, lf_only=self.lf_only)
        return self._client_lines

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        """Splice one change; a change without a range replaces everything."""
        text = change.text.encode("utf-8", _SURROGATES)
        where = getattr(change, "range", None)
        if where is None:
            self.data = text
        else:
            lines = self.client_lines
            start = lines.offset(where.start.line, where.start.character)
            end = max(start, lines.offset(where.end.line, where.end.character))
            self.data = b"".join((self.data[:start], text, self.data[end:]))
        self._client_lines = None
        self.stamp = next(_stamps)


class Documents(Workspace):
    """pygls's workspace, making documents of ours."""

    lf_only = False

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> Document:
        return Document(
            doc_uri,
            source=source or "",
            version=version,
            language_id=language_id,
            sync_kind=self._sync_kind,
            position_codec=self._position_codec,
            lf_only=self.lf_only,
            encoding=str(getattr(self.position_encoding, "value", self.position_encoding)),
        )


def replace_workspace(server: Any, *, lf_only: bool) -> None:
    """Put a workspace of ours in the place of pygls's, right after it made its own."""
    old = server.workspace
    new = Documents(
        old.root_uri,
        types.TextDocumentSyncKind.Incremental,
        list(old.folders.values()),
        old.position_encoding,
    )
    new.lf_only = lf_only
    server.protocol._workspace = new
