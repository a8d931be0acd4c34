"""``smtp-lsp serve``."""

from __future__ import annotations

from smtp_lsp.console import parser, refuse


def run(words: list[str]) -> int:
    """Serve until the client leaves, and return the exit status that LSP asks for."""
    made = parser("serve", "The language server, over standard input and output.")
    made.add_argument("--stdio", action="store_true", help="the default")
    made.add_argument("--tcp", metavar="HOST:PORT", help="wait for one client there")
    made.add_argument("--check", metavar="FILE", help="run every feature over a file and exit")
    try:
        asked = made.parse_args(words)
    except SystemExit as end:
        return int(end.code or 0)
    host, port = "", 0
    if asked.tcp:
        host, _, number = asked.tcp.rpartition(":")
        if not host or not number.isdigit() or not 0 <= int(number) < 65536:
            return refuse(f"--tcp {asked.tcp}: HOST:PORT is wanted, such as 127.0.0.1:2525")
        host, port = host.strip("[]"), int(number)
    if asked.check:
        return _check(asked.check)
    from smtp_lsp.lsp import main

    return main.serve(host, port)


def _check(path: str) -> int:
    """Run every feature at every place of a file, as for a report of what went wrong."""
    from smtp_lsp.features import selfcheck

    try:
        with open(path, "rb") as file:
            data = file.read()
    except (OSError, ValueError) as error:
        return refuse(f"{path}: {getattr(error, 'strerror', None) or error}")
    print(selfcheck.run(data, path))
    return 0
