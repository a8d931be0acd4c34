"""``smtp-lsp`` and ``python -m smtp_lsp``: which face is asked for, and ending quietly.

The two faces know nothing of each other; here alone both are known.
"""

from __future__ import annotations

import os
import sys

from smtp_lsp.console import COULD_NOT, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

USAGE = """\
usage: smtp-lsp COMMAND ...

Says what went wrong in an SMTP session or a mail message, on which line, and why.

commands:
  check [PATH ...]     lint transcripts (.smtp) and messages (.eml); `-` is standard input
  explain THING ...    a code, verb, keyword, parameter, mechanism, field or rule, such as
                       354, 5.1.1, RCPT, SIZE, PLAIN, lone-dot
  compare CODE CODE    two reply codes side by side
  rules                the list of rules; --not-checked, --peers
  convert FILE --to json
                       the tree of sessions, transactions and exchanges
  serve                the language server (stdio; --tcp HOST:PORT)

  --version            the version
  smtp-lsp COMMAND --help says what a command takes.
"""

COMMANDS = {
    "check": ("smtp_lsp.cli.check", "run"),
    "explain": ("smtp_lsp.cli.explain", "run"),
    "compare": ("smtp_lsp.cli.explain", "run_compare"),
    "rules": ("smtp_lsp.cli.rules", "run"),
    "convert": ("smtp_lsp.cli.convert", "run"),
    "serve": ("smtp_lsp.lsp.command", "run"),
}
LATER = ("config", "redact", "diagram")
"""Commands of the design that this version does not have."""

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status (0 clean, 1 findings, 2 could not)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 (as long as the process)
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: SIM115
    if sys.stdout is None:
        return refuse("standard output is closed")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _dispatch(words)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        return _leave()
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        _leave()
        return refuse(f"the output cannot be written: {error.strerror or error}")


def run() -> NoReturn:
    """Be the whole process: run the command it was started with, and end.

    Nothing is freed that ends with the process anyway: that takes a tenth of a short run's time.
    The language server, which has threads, ends as programs do.
    """
    status = main()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        sys.exit(status)
    if sys.argv[1:2] == ["serve"]:
        sys.exit(status)
    os._exit(status)


def _leave() -> int:
    """Leave without a word: whoever read us has had enough (``| head``)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(USAGE)
        return 0 if words else COULD_NOT
    if words[0] in ("-V", "--version"):
        from smtp_lsp import __version__

        sys.stdout.write(f"smtp-lsp {__version__}\n")
        return 0
    if words[0] not in COMMANDS:
        return _unknown(words[0])
    module, function = COMMANDS[words[0]]
    status: int = getattr(__import__(module, fromlist=[function]), function)(words[1:])
    return status


def _unknown(command: str) -> int:
    if command in LATER:
        return refuse(f"`{command}` is not part of this version")
    import difflib

    close = difflib.get_close_matches(command, COMMANDS, 1)
    if close:
        hint = f"did you mean `{close[0]}`?"
    elif os.path.exists(command):
        hint = f"to lint a file say `smtp-lsp check {command}`"
    else:
        hint = f"commands are {', '.join(COMMANDS)}"
    return refuse(f"no command `{command}`; {hint}")


if __name__ == "__main__":
    run()
