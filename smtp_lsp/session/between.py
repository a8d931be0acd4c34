"""Lines without a prefix that are what they are only by what stands around them.

A code outside 200 to 599 is no reply of SMTP's (RFC 5321 4.2), so in a capture without prefixes
such a line is taken for what a program or a person put there. Where one command waits, its
line comes next and the line behind it is the next command, nobody but the server can have said
it. Behind DATA and behind the dot it may still be the author's text, and where a real reply
follows that is the one.

Likewise a command behind an answered QUIT: `Help me` may be a remark, unless the server answers.
"""

from __future__ import annotations

from smtp_lsp.grammar import speech

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.dialects.utterance import Utterance
    from smtp_lsp.session.pending import Pending

_NEAR = 1024
"""Octets that are looked at on either side: commands and comments are no longer."""


def is_odd_reply(said: Utterance, line: bytes, pending: Pending) -> bool:
    """Say whether *line*, which is like a reply but for its code, is one to what is *pending*."""
    if len(pending) != 1 or not line[:3].isdigit():
        return False
    parsed = speech.reply_line(line)
    waiting = pending[0]
    before, command = waiting.said, waiting.command
    if parsed is None or parsed.separator == b"-" or waiting.replies:
        return False
    if before is None or command is None or not command.likely or waiting.event in _OWN:
        return False
    if before.buffer is not said.buffer or said.start - before.end > _NEAR:
        return False
    data = said.buffer.data
    if any(_spoken(data[before.end : said.start])):
        return False
    following = next(_spoken(data[said.end : said.end + _NEAR]), b"")
    return speech.command(following).likely


def is_answered(said: Utterance) -> bool:
    """Say whether the line behind *said* is a reply, other than one that comes unasked."""
    data = said.buffer.data
    following = next(_spoken(data[said.end : said.end + _NEAR]), b"")
    return speech.is_reply(following) and following[:3] not in (b"220", b"421")


def _spoken(text: bytes) -> Iterator[bytes]:
    """Yield the whole lines behind the first line end of *text*, comments left out."""
    for line in text.split(b"\n")[1:]:
        line = line.rstrip(b"\r")
        if not line.startswith(b"#"):
            yield line


_OWN = ("DATA", "BDAT", "BDAT LAST", "AUTH", "STARTTLS")
"""Events behind which the client's next lines are no commands."""
