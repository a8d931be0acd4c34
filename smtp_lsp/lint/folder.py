"""The messages of a file: the one that it is, or those of a mail folder in a row (RFC 4155).

A folder is a file called ``.mbox``, or one that shows itself to be a folder of several. A folder
of one message is that message, with the line that a folder puts above it.
"""

from __future__ import annotations

from itertools import chain, islice

from smtp_lsp.message import Message, mbox, parse
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message.mbox import Entry
    from smtp_lsp.text.source import Source

SUFFIX = ".mbox"


def messages(source: Source, context: str) -> Iterator[tuple[int, Message]]:
    """Yield where each message begins, its ``From `` line included, and the message.

    Each is read when it is asked for, and not kept.
    """
    row = _entries(source)
    first = list(islice(row, 2))
    if len(first) < 2:
        yield 0, parse(source.data, context)
        return
    for entry in chain(first, row):
        if entry.message:
            message = Message(entry.message, context)
            if entry.line:
                message.mbox = _without_end(entry.line)
            yield entry.line.start, message


def _entries(source: Source) -> Iterator[Entry]:
    data = source.data
    named = source.name.lower().endswith(SUFFIX) and data.startswith(b"From ")
    if named or mbox.looks_like(data):
        yield from mbox.entries(View(source.buffer, 0, len(data)))


def _without_end(line: View) -> View:
    return line.sub(0, len(bytes(line).rstrip(b"\r\n")))
