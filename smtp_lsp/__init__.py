"""smtp-lsp: what went wrong in an SMTP session or a mail message, on which line, and why.

From Python::

    for finding in smtp_lsp.check(transcript):
        print(finding.range.start.line, finding.rule, finding.message)
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.lint.finding import Finding as Finding
    from smtp_lsp.lint.options import Options as Options

__all__ = ["Finding", "Options", "__version__", "check"]


def check(
    source: bytes, *, filename: str | None = None, options: Options | None = None
) -> list[Finding]:
    """Return the findings of one transcript or message, in the order of the file.

    What the file is, is told by *filename* (``.smtp``, ``.eml``) or else by its content. No
    configuration file is read: *options* is all that counts. Never fails on what *source*
    holds; raises TypeError where it is no bytes.
    """
    if not isinstance(source, (bytes, bytearray, memoryview)):
        raise TypeError(f"source must be bytes, not {type(source).__name__}")
    from smtp_lsp.lint.run import lint
    from smtp_lsp.text.source import Source

    return lint(Source(bytes(source), filename or ""), options)


def __getattr__(name: str) -> object:
    """Load the public classes when they are first asked for: start-up stays cheap."""
    if name == "Finding":
        from smtp_lsp.lint.finding import Finding

        return Finding
    if name == "Options":
        from smtp_lsp.lint.options import Options

        return Options
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
