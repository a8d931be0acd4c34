"""What several tests need: where the cases are, and what a finding is to them."""

from __future__ import annotations

from pathlib import Path

from smtp_lsp.lint.run import lint
from smtp_lsp.text.source import Source

CASES = Path(__file__).parent / "cases"

Expected = tuple[int, str, str]


def subject_of(expectation: Path) -> Path:
    """Return the file that an ``.expect`` file speaks of."""
    found = [expectation.with_suffix(s) for s in (".smtp", ".eml", ".mbox")]
    return next(path for path in found if path.exists())


def expected(expectation: Path) -> list[Expected]:
    """Return (line, code, severity) of every finding that is expected."""
    rows = []
    for line in expectation.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            number, code, severity = line.split()[:3]
            rows.append((int(number), code, severity))
    return sorted(rows)


def found(
    data: bytes, name: str, severities: tuple[str, ...] = ("error", "warning")
) -> list[Expected]:
    """Return (line, code, severity) of what is found, of the given severities."""
    source = Source(data, name)
    return sorted(
        (finding.range.start.line, finding.rule, finding.severity)
        for finding in lint(source)
        if finding.severity in severities
    )


def transcripts() -> list[Path]:
    """Return every transcript among the cases."""
    return sorted(CASES.rglob("*.smtp"))
