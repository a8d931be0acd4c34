"""RPL: why a session failed, in one finding."""

from __future__ import annotations

from smtp_lsp.dialects.reading import REPLY_TEXT
from smtp_lsp.rules import INFO, INTEROPERABILITY, SESSION, SOURCE, Hit, rule
from smtp_lsp.session.tree import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.rules.transcript import Record


@rule(
    "RPL090",
    "session-failed",
    INFO,
    shape=(SESSION, SOURCE),
    needs=REPLY_TEXT,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.2.1", "RFC 4954 6", "RFC 3463"),
    default=True,
)
def session_failed(subject: Session | Record) -> Iterator[Hit]:
    """Say why no message got through, unless the client broke the order: then that is said."""
    if not isinstance(subject, Session):
        yield from _never_begun(subject)
        return
    if not subject.refusals and _ends_well(subject):
        return
    from smtp_lsp.rules.diagnosis import diagnose

    found = diagnose(subject)
    if found is None or found.violated:
        return
    advice = found.known.place if found.known is not None else None
    yield Hit(found.key, found.span, found.parameters, related=found.related, advice=advice)


def _ends_well(session: Session) -> bool:
    """Say whether the last thing that was said got its answer, and none of that was a loss."""
    last = session.exchanges[-1] if session.exchanges else None
    return last is None or (last.event in ("QUIT", "END") and bool(last.replies))


def _never_begun(record: Record) -> Iterator[Hit]:
    """Say of a record in which nobody spoke why the connection did not come to be."""
    if record.spoken:
        return
    from smtp_lsp.rules.diagnosis.lost import never_begun

    found = never_begun(record.source)
    if found is not None:
        yield Hit(*found)
