"""Starting the server, and leaving with the exit status that LSP asks for."""

from __future__ import annotations

import logging
import os
import sys


def serve(host: str = "", port: int = 0) -> int:
    """Serve one client until it leaves. Returns 0 after a shutdown, else 1."""
    # pygls logs whole messages, passwords and mail included, at INFO.
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="smtp-lsp: %(message)s")
    logging.getLogger("pygls").setLevel(logging.ERROR)
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    if host:
        return _tcp(host, port)
    # Nothing but frames may reach the client: whatever prints goes to standard error.
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from smtp_lsp.lsp.frames import Frames
    from smtp_lsp.lsp.server import make

    server = make()
    server.start_io(Frames(sys.stdin.buffer), wire)  # type: ignore[arg-type]
    return 0 if server.protocol._shutdown else 1


def _tcp(host: str, port: int) -> int:
    from smtp_lsp.lsp.server import make

    server = make()
    try:
        server.start_tcp(host, port)
    except OSError as error:
        print(f"smtp-lsp: {host}:{port}: {error.strerror or error}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, SystemExit):
        pass
    return 0 if server.protocol._shutdown else 1
