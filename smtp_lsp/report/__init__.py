"""Writing findings: one writer per output format.

A writer is made with the output's colour and locale, is handed one file after the other,
and is closed at the end. It returns text; somebody else writes it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.lint.finding import Finding
    from smtp_lsp.text.source import Source

FORMATS = (
    "full",
    "concise",
    "json",
    "json-lines",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "rdjson",
)
WHOLE = ("json", "sarif", "gitlab", "junit", "rdjson")
"""Formats whose output is one document, also where nothing was found or even looked at."""


class Writer:
    """What every format writes. Each method returns the text to be written, maybe empty."""

    def __init__(self, *, color: bool = False, locale: str = "en") -> None:
        self.color = color
        self.locale = locale
        self.count = 0
        self.fixable = 0
        self.unsafe = 0

    def file(self, source: Source, findings: list[Finding]) -> str:
        """Return what is written for the findings of one file."""
        raise NotImplementedError

    def end(self) -> str:
        """Return what is written behind the last file."""
        return ""


def writer(name: str, *, color: bool, locale: str) -> Writer:
    """Return the writer of a format. Raises KeyError for a name that is none."""
    if name in ("full", "concise"):
        from smtp_lsp.report import text

        return {"full": text.Full, "concise": text.Concise}[name](color=color, locale=locale)
    if name in ("json", "json-lines"):
        from smtp_lsp.report import json

        return {"json": json.Array, "json-lines": json.Lines}[name](color=color, locale=locale)
    if name == "sarif":
        from smtp_lsp.report import sarif

        return sarif.Sarif(color=color, locale=locale)
    if name in ("github", "gitlab", "junit", "rdjson"):
        from smtp_lsp.report import ci

        made = {
            "github": ci.GitHub,
            "gitlab": ci.GitLab,
            "junit": ci.JUnit,
            "rdjson": ci.ReviewDog,
        }
        return made[name](color=color, locale=locale)
    raise KeyError(name)
