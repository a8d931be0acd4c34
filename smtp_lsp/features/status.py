"""What a file is taken for, in a few words: for an editor's status line."""

from __future__ import annotations

from smtp_lsp.session import guards

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.lint.run import Analysis
    from smtp_lsp.session.tree import Session

SMTP = "smtp"
SUBMISSION = "submission"
LMTP = "lmtp"


def status(analysis: Analysis, beginning: Analysis | None = None) -> dict[str, object]:
    """Return the kind of a file, its dialect by name and title, its profile, how many sessions.

    Of a large file, whose sessions are not kept, *beginning* is the window at its start.
    """
    dialect = analysis.reading.dialect if analysis.reading is not None else None
    return {
        "kind": analysis.kind,
        "dialect": dialect.name if dialect else "",
        "dialect_title": dialect.title if dialect else "",
        "profile": next((p for p in map(_profile, (beginning or analysis).sessions) if p), ""),
        "sessions": len(analysis.sessions) or _passed_over(analysis),
        "findings": len(analysis.findings),
    }


def _passed_over(analysis: Analysis) -> int:
    """Return how many sessions a file holds that was analysed for its findings alone."""
    begins = analysis.reading.boundaries if analysis.reading is not None else []
    return len(begins) + 1 if begins else 0


def _profile(session: Session) -> str:
    """Return what the first session shows itself to be.

    LHLO makes it LMTP (RFC 2033); whoever authenticates submits (RFC 6409 4.3).
    """
    states = [exchange.after for exchange in session.exchanges if exchange.after is not None]
    if not states:
        return ""
    if any(guards.is_lmtp(state) for state in states):
        return LMTP
    return SUBMISSION if any(state.authenticated for state in states) else SMTP
