"""The blocks of Resent fields, one for each time that a message was resent (RFC 5322 3.6.6)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Field, Message

_OF_BLOCK = frozenset(
    (
        *("resent-date", "resent-from", "resent-sender", "resent-to", "resent-cc"),
        *("resent-bcc", "resent-message-id"),
    )
)


def repeated(message: Message) -> Iterator[tuple[list[Field], int]]:
    """Yield fields of one name of which there are more than resendings, and how many these are.

    Each resending puts a block of its own on top, with one Resent-Date and one Resent-From.
    Nothing stands between two of them but what servers put there, so that blocks are counted
    by these two, where both are there; of each run of blocks the first such name is yielded.
    """
    runs: list[dict[str, list[Field]]] = [{}]
    for field in message.fields:
        if field.key == "received":
            runs.append({})
        elif field.key in _OF_BLOCK:
            runs[-1].setdefault(field.key, []).append(field)
    for run in runs:
        dates, authors = run.get("resent-date", []), run.get("resent-from", [])
        if not dates or not authors:
            continue  # told as what is missing
        for name, found in run.items():
            fewest = min if name in ("resent-date", "resent-from") else max
            count = fewest(len(dates), len(authors))
            if len(found) > count:
                yield found, count
                break
