"""The nine servers: their names, how each is started, awaited and stopped."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent / "servers"
PATIENCE = 30.0  # seconds that a server has to begin

SERVERS = {
    "postfix": "Postfix 3.7.11",
    "exim": "Exim 4.96",
    "sendmail": "Sendmail 8.17.1.9",
    "aiosmtpd": "aiosmtpd 1.4.6",
    "opensmtpd": "OpenSMTPD 6.8.0p2",
    "chasquid": "chasquid 1.11",
    "haraka": "Haraka 3.3.4",
    "smtp-server": "smtp-server 3.21.6",
    "qpsmtpd": "qpsmtpd 0.94",
}


class ServerError(Exception):
    """A server did not begin; the text says which, and what it said last."""


class Server(NamedTuple):
    """A running server."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """End the server and everything that it started."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def last_words(self) -> str:
        """Return the end of what the server printed."""
        return self.log.read_text("utf-8", "replace")[-2000:]


def free_port() -> int:
    """Return a port that nobody has on loopback."""
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return int(some.getsockname()[1])


def start(name: str, cache: Path, logs: Path) -> Server:
    """Start the server *name*; it may not listen yet.

    Raises ServerError where there is none of that name in *cache*.
    """
    script = HERE / "start" / f"{name}.sh"
    if not script.exists():
        raise ServerError(f"{name}: there is no such server")
    log = logs / f"{name}.log"
    port = free_port()
    environment = dict(
        os.environ,
        CACHE=str(cache),
        CONF=str(HERE / "conf"),
        SERVERS=str(HERE),
        PORT=str(port),
        PORT2=str(free_port()),
        NODE=shutil.which("node") or "node",
    )
    with log.open("wb") as output:
        process = subprocess.Popen(
            [script],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return Server(name, port, process, log)


def await_greeting(server: Server) -> None:
    """Wait until *server* greets.

    Raises ServerError, with what the server said last, where it does not.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", server.port), 1.0) as connection:
                connection.settimeout(PATIENCE)
                if connection.recv(3) == b"220":
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise ServerError(f"{server.name} does not answer. It said last:\n{server.last_words()}")
