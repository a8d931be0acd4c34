"""Starting the server, and leaving with the exit status that LSP asks for."""

from __future__ import annotations

import logging
import os
import signal
import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO


def serve(host: str = "", port: int = 0) -> int:
    """Serve one client until it leaves. Returns 0 after a shutdown, else 1."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="smtp-lsp: %(message)s")
    # pygls logs whole messages, passwords and mail included, at INFO, and with an error the
    # exception's text, which may quote the document. Server.report_server_error says the rest.
    for name in ("pygls", "asyncio", "concurrent.futures"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    # Python's own handler would wait for the thread that reads, and that one for the client.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if host:
        return _tcp(host, port)
    # Nothing but frames may reach the client: whatever prints goes to standard error.
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return _serve(sys.stdin.buffer, wire)


def _serve(stream: BinaryIO, wire: BinaryIO) -> int:
    from smtp_lsp.lsp.frames import Frames
    from smtp_lsp.lsp.server import make

    server = make()
    server.start_io(Frames(stream), wire)  # type: ignore[arg-type]
    with suppress(OSError):
        wire.close()  # a client that has gone takes what was left for it along
    return 0 if server.protocol._shutdown else 1


def _tcp(host: str, port: int) -> int:
    """Wait for one client, and listen no longer once it is there.

    pygls's own TCP server sends everything to whoever connected last.
    """
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as listener:
            connection, _ = listener.accept()
    except OSError as error:
        from smtp_lsp.console import refuse

        return refuse(f"{host}:{port}: {error.strerror or error}")
    with connection, connection.makefile("rb") as stream:
        return _serve(stream, connection.makefile("wb"))
