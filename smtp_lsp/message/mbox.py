"""Mail folders of the mbox kind: messages in a row, each behind a ``From `` line (RFC 4155).

    looks_like(data)      whether a file is a folder of at least two messages
    entries(view)         its messages, each an ``Entry`` with views into the file

``lint.folder`` reads each entry's ``message`` as a stored message: ``Message(entry.message)``. Its
spans are those of the folder. A file with one ``From `` line at its top is one message, as it
always was (``Message.mbox``).

``looks_like`` is strict: a second line counts only behind an empty line, with a date as RFC 4155
has it (``Thu Nov 24 18:22:48 1986``, a time zone may stand before or behind the year), and with
a header field below. Prose that begins a paragraph with "From " is none of it.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production
from smtp_lsp.text.source import line_separator
from smtp_lsp.text.view import Joiner, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MBOXO = "mboxo"
MBOXRD = "mboxrd"
"""Two ways to keep a line of a message from being taken for the start of the next one: to put
a ">" before "From " (mboxo, which cannot be undone with certainty), or also before what is so
quoted already (mboxrd, which can)."""

# The separator line: "From ", an address that may hold blanks in quotes, a date as asctime
# writes it, and what programs add. Then a header field, or another line that they add.
_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_FROM = (
    rb"From (?:\S{1,998} )?+ {0,3}" + _DAY + rb" " + _MONTH + rb" {1,2}[0-9]{1,2} "
    rb"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?+ (?:[A-Z+-][A-Z0-9+-]{0,9} ){0,2}[0-9]{4}[^\r\n]{0,100}"
)
_FIELD = rb"[!-9;-~]{1,76}[ \t]?:"
_FIRST = {
    separator: Production(rb"%b%b>?%b" % (_FROM, end, _FIELD))
    for separator, end in ((b"\n", rb"\r*\n"), (b"\r", rb"\r"))
}
_LATER = {
    b"\n": Production(rb"\n\r*\n(?=%b\r*\n>?%b)" % (_FROM, _FIELD)),
    b"\r": Production(rb"\r\r(?=%b\r>?%b)" % (_FROM, _FIELD)),
}
_QUOTED = {
    MBOXO: Production(rb"(?m)^>(?=From )"),
    MBOXRD: Production(rb"(?m)^>(?=>*+From )"),
}


class Entry:
    """One message of a folder: its ``From `` line, and the message with its last line end.

    ``line`` holds the line end; ``gap`` is the empty line that the folder puts behind the
    message (empty for one that has none).
    """

    __slots__ = ("gap", "line", "message")

    def __init__(self, line: View, message: View, gap: View) -> None:
        self.line = line
        self.message = message
        self.gap = gap

    def unquoted(self, kind: str = MBOXRD) -> View:
        """Return the message as it was before the folder quoted it; itself if it was not.

        Raises KeyError for a *kind* that is neither MBOXO nor MBOXRD.
        """
        buffer, data = self.message.buffer, self.message.buffer.data
        position, end = self.message.start, self.message.end
        if data.find(b">From ", position, end) < 0:
            return self.message
        joiner = Joiner(buffer)
        for found in _QUOTED[kind].compiled.finditer(data, position, end):
            joiner.add(data[position : found.start()], position, found.start())
            position = found.end()
        joiner.add(data[position:end], position, end)
        return joiner.view()

    def __repr__(self) -> str:
        return f"<Entry {bytes(self.line)!r}>"


def looks_like(data: bytes) -> bool:
    """Say whether *data* is a folder of at least two messages."""
    if not data.startswith(b"From "):
        return False
    separator = line_separator(data)
    first = _FIRST[separator].match(data)
    return first is not None and _LATER[separator].search(data, first.end()) is not None


def entries(view: View) -> Iterator[Entry]:
    """Yield the messages of a folder, in order; they rejoin to *view*.

    What does not begin with a ``From `` line has an entry whose line is empty.
    """
    buffer, data, end = view.buffer, view.buffer.data, view.end
    separator = b"\n" if data.find(b"\n", view.start, end) >= 0 else b"\r"
    start = view.start
    while start < end:
        below = start
        if data.startswith(b"From ", start, end):
            below = data.find(separator, start, end) + 1 or end
        found = _LATER[separator].search(data, max(start, below - 1), end)
        stop, following = (end, end) if found is None else (found.start() + 1, found.end())
        stop = max(stop, below)
        yield Entry(
            View(buffer, start, below), View(buffer, below, stop), View(buffer, stop, following)
        )
        start = following
