"""The baseline: findings that were there before, by file and rule, and not shown again.

It holds counts and never any text of a file: transcripts and messages are private. Where a
file has more findings of a rule than the baseline allows, all of them are shown, since nobody
can tell the new ones from the old.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.lint.finding import Finding

VERSION = 1


class BaselineError(ValueError):
    """A baseline cannot be used. ``str()`` is one line that names the file and why."""


class Baseline:
    """Counts by path (relative to the baseline's folder *root*, with ``/``) and rule."""

    __slots__ = ("counts", "root")

    def __init__(self, root: str = ".", counts: dict[str, dict[str, int]] | None = None) -> None:
        self.root = os.path.abspath(root)
        self.counts = counts or {}

    def filtered(self, path: str, findings: list[Finding]) -> list[Finding]:
        """Return the findings of one file that the baseline does not account for."""
        allowed = self.counts.get(self._key(path)) if self.counts else None
        if not allowed:
            return findings
        found = counted(findings)
        return [f for f in findings if found[f.rule] > allowed.get(f.rule, 0)]

    def record(self, path: str, findings: list[Finding]) -> None:
        """Account for the findings of one file."""
        if findings:
            self.counts[self._key(path)] = counted(findings)

    def _key(self, path: str) -> str:
        return os.path.relpath(os.path.abspath(path), self.root).replace(os.sep, "/")


def counted(findings: list[Finding]) -> dict[str, int]:
    """Return how many findings each rule has."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
    return dict(sorted(counts.items()))


def load(path: str) -> Baseline:
    """Read a baseline. Raises BaselineError where it cannot be read or is none."""
    import json

    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        if document["version"] != VERSION:
            raise BaselineError(f"{path}: version {document['version']} is not known")
        counts = {
            str(name): {str(rule): int(count) for rule, count in rules.items()}
            for name, rules in document["files"].items()
        }
    except OSError as error:
        raise BaselineError(f"{path}: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, BaselineError):
            raise
        raise BaselineError(f"{path}: no baseline; write one with --write-baseline") from None
    return Baseline(os.path.dirname(path) or ".", counts)


def save(path: str, baseline: Baseline) -> None:
    """Write a baseline. Raises BaselineError where it cannot be written."""
    import json

    files = {name: baseline.counts[name] for name in sorted(baseline.counts)}
    text = json.dumps({"version": VERSION, "files": files}, indent=2) + "\n"
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise BaselineError(f"{path}: {error.strerror or error}") from None
