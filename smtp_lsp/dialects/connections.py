"""Telling which part of an unlisted prefix names the connection, where several interleave."""

from __future__ import annotations

import re

from smtp_lsp.grammar import speech

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_PARTS = 24


def connection_part(lines: Iterable[bytes], head: list[bytes], client: bytes, server: bytes) -> int:
    """Return which of the variable parts of *head* names the connection, or -1.

    *head* alternates fixed and variable patterns, a variable one at each odd index; *client*
    and *server* are what follows for either side. The right part is the one by which the lines
    come apart into dialogues in which every reply has a command.
    """
    if len(head) > 2 * _MOST_PARTS:
        return -1
    pattern = re.compile(
        b"".join(b"(" + part + b")" if index % 2 else part for index, part in enumerate(head))
        + b"(?:"
        + client
        + rb"(?P<a>[^\r\n]*)|"
        + server
        + rb"(?P<b>[^\r\n]*))"
    )
    said: list[tuple[tuple[bytes, ...], bool, bytes]] = []
    for line in lines:
        match = pattern.match(line)
        if match is not None:
            by_server = match["b"] is not None
            text = match["b"] if by_server else match["a"]
            said.append((match.groups()[: len(head) // 2], by_server, text))
    best, fewest = -1, _unasked((b"", by_server, text) for _, by_server, text in said)
    for part in range(len(head) // 2):
        values = [key[part] for key, _, _ in said]
        if not 1 < len(set(values)) <= max(2, len(values) // 3) or not _returns(values):
            continue
        errors = _unasked((key[part], by_server, text) for key, by_server, text in said)
        if errors < fewest:
            best, fewest = part, errors
    return best


def _returns(values: list[bytes]) -> bool:
    """Say whether a value comes again behind another one."""
    seen: set[bytes] = set()
    before = b""
    for value in values:
        if value != before and value in seen:
            return True
        seen.add(value)
        before = value
    return False


def _unasked(said: Iterable[tuple[bytes, bool, bytes]]) -> int:
    """Count replies to nothing, and commands before the greeting, key by key."""
    waiting: dict[bytes, int] = {}
    errors = 0
    for key, by_server, text in said:
        # A literal may hold several lines: the last of them ends the reply.
        text = text.rstrip(b"\"'").removesuffix(b"\\r\\n").rsplit(b"\\r\\n", 1)[-1]
        if by_server:
            reply = speech.reply_line(text)
            if reply is None or reply.separator == b"-":
                continue
            if key not in waiting:
                errors += reply.code != 220
                waiting[key] = 0
            elif waiting[key]:
                waiting[key] -= 1
            else:
                errors += 1
        elif speech.command(text).likely:
            waiting[key] = waiting.get(key, 0) + 1
    return errors + sum(waiting.values())
