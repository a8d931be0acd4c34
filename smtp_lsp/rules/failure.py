"""RPL: why a session failed, in one finding."""

from __future__ import annotations

from smtp_lsp.dialects.reading import REPLY_TEXT
from smtp_lsp.rules import INFO, INTEROPERABILITY, SESSION, Hit, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.session.tree import Session


@rule(
    "RPL090",
    "session-failed",
    INFO,
    shape=SESSION,
    needs=REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.2.1", "RFC 4954 6", "RFC 3463"),
    default=True,
)
def session_failed(session: Session) -> Iterator[Hit]:
    """Say why no message got through, unless the client broke the order: then that is said."""
    if not session.refusals and _ends_well(session):
        return
    from smtp_lsp.rules.diagnosis import diagnose

    found = diagnose(session)
    if found is None or found.violated:
        return
    advice = found.known.place if found.known is not None else None
    yield Hit(found.key, found.span, found.parameters, related=found.related, advice=advice)


def _ends_well(session: Session) -> bool:
    """Say whether the last thing that was said got its answer, and none of that was a loss."""
    last = session.exchanges[-1] if session.exchanges else None
    return last is None or (last.event in ("QUIT", "END") and bool(last.replies))
