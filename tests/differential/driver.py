"""Plays a session against a server on loopback, and records who said what in which order.

A step is sent at once, and its replies are awaited by number. Where a strict server would say
no more but this one may, what else it says is waited for until it has taken up all that was
sent (its socket's queue is empty) and been silent for a moment. A session whose replies came
otherwise than expected is played once more, alone and with patience, before anybody judges it.
"""

from __future__ import annotations

import functools
import re
import socket
import ssl
import time
from pathlib import Path
from typing import NamedTuple

from script import CLOSE, SAY, TLS, Offers, Session, Step

from smtp_lsp.dialects.utterance import CLIENT, SERVER

AWAIT = 4.0  # seconds for a reply that has to come
SILENCE = 0.06  # seconds of silence behind which nothing else is expected
LEAVE = 1.0  # seconds for a server to close behind its 221

_REPLY = re.compile(rb"(?m)^([0-9]{3})(?: [^\n]*)?\r?\n")


class Answer(NamedTuple):
    """What came back on one step: the codes of the replies, and whether that was the end."""

    step: int
    codes: tuple[int, ...]
    closed: bool


class Record(NamedTuple):
    """A session as it was played: the octets in order, the answers by step, what went wrong."""

    said: tuple[tuple[int, bytes], ...]
    answers: tuple[Answer, ...]
    trouble: str


class Connection:
    """One connection, and what was said on it."""

    def __init__(self, port: int, patience: float = 1.0) -> None:
        self.patience = patience
        self.port = port
        self.plain = socket.create_connection(("127.0.0.1", port), AWAIT * patience)
        self.plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket: socket.socket = self.plain
        self.said: list[tuple[int, bytes]] = []
        self.heard = b""  # what came and is not a whole reply yet
        self.closed = False

    def send(self, octets: bytes) -> None:
        """Say *octets*; a server that is gone hears nothing."""
        self.said.append((CLIENT, octets))
        try:
            self.socket.settimeout(AWAIT * self.patience)
            self.socket.sendall(octets)
        except OSError:
            self._hear(0.01)
            self.closed = True

    def replies(self, count: int, *, more: bool) -> tuple[int, ...]:
        """Await *count* replies, and then what else comes where *more* may; return the codes."""
        codes: list[int] = []
        end = time.monotonic() + AWAIT * self.patience
        while len(codes) < count and not self.closed and time.monotonic() < end:
            self._hear(end - time.monotonic())
            codes += self._whole()
        while more and not self.closed:
            before = len(self.heard) + len(codes)
            self._hear(SILENCE * self.patience)
            codes += self._whole()
            if len(self.heard) + len(codes) == before and not self._busy():
                break
        return tuple(codes)

    def drain(self) -> None:
        """Take down what came unasked before the client speaks again."""
        self._hear(0.0)
        self.heard = b""

    def secure(self) -> None:
        """Do the handshake of TLS. Raises OSError where it fails."""
        self.plain.settimeout(AWAIT * self.patience)
        self.socket = _context().wrap_socket(self.plain, server_hostname="mta.example.org")

    def close(self) -> None:
        """Close the connection, having waited for the server to do so."""
        end = time.monotonic() + LEAVE * self.patience
        while not self.closed and time.monotonic() < end:
            self._hear(end - time.monotonic())
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connection without a word."""
        self.socket.close()
        self.closed = True

    def _hear(self, seconds: float) -> None:
        try:
            self.socket.settimeout(max(seconds, 0.0))
            octets = self.socket.recv(65536)
        except (TimeoutError, BlockingIOError, ssl.SSLWantReadError):
            return
        except OSError:
            octets = b""
        if not octets:
            self.closed = True
            return
        self.said.append((SERVER, octets))
        self.heard += octets

    def _whole(self) -> list[int]:
        """Return the codes of the replies that are complete, and forget them."""
        codes, end = [], 0
        for match in _REPLY.finditer(self.heard):
            codes.append(int(match[1]))
            end = match.end()
        self.heard = self.heard[end:]
        return codes

    def _busy(self) -> bool:
        """Say whether the server has not taken up yet what was sent."""
        mine = self.plain.getsockname()[1] if self.plain.fileno() >= 0 else 0
        wanted = (f":{self.port:04X}", f":{mine:04X}")
        for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(wanted[0]) and fields[2].endswith(wanted[1]):
                return fields[4].split(":")[1] != "00000000"
        return False


@functools.cache
def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the certificate was made a moment ago, by itself
    return context


def is_uncertain(step: Step, session: Session) -> bool:
    """Say whether a server that is not strict may answer *step* more than once, or never."""
    if step.about == "content":
        return not session.label.startswith("valid/")
    return bool(step.about)


def play(session: Session, port: int, patience: float = 1.0) -> Record:
    """Play *session*; return what was said. A server that does not answer is no exception."""
    answers: list[Answer] = []
    try:
        connection = Connection(port, patience)
    except OSError as error:
        return Record((), (), f"no connection: {error}")
    trouble = ""
    try:
        greeting = connection.replies(1, more=False)
        if greeting != (220,):
            trouble = f"the greeting was {greeting}"
        last = 220
        for number, step in enumerate(session.steps):
            if connection.closed or trouble:
                break
            if step.when and last not in step.when:
                continue
            if step.kind == CLOSE:
                break
            if step.kind == TLS:
                try:
                    connection.secure()
                except OSError as error:
                    trouble = f"TLS: {error}"
                continue
            assert step.kind == SAY
            connection.drain()
            connection.send(step.octets)
            codes = connection.replies(step.replies, more=is_uncertain(step, session))
            answers.append(Answer(number, codes, connection.closed))
            last = codes[-1] if codes else 0
        last_step = session.steps[-1] if session.steps else None
        if last_step is not None and last_step.octets.upper().startswith(b"QUIT"):
            connection.close()
    finally:
        connection.hang_up()
    return Record(_joined(connection.said), tuple(answers), trouble)


def _joined(said: list[tuple[int, bytes]]) -> tuple[tuple[int, bytes], ...]:
    """Return what was said with what follows from one server in one piece."""
    joined: list[tuple[int, bytes]] = []
    for who, octets in said:
        if joined and joined[-1][0] == who == SERVER:
            joined[-1] = (who, joined[-1][1] + octets)
        else:
            joined.append((who, octets))
    return tuple(joined)


def offers(port: int) -> Offers:
    """Return what the server at *port* offers in the clear and behind TLS.

    Raises OSError where it does not speak, or TLS fails.
    """
    connection = Connection(port, patience=5.0)
    try:
        connection.replies(1, more=False)
        clear = _listed(connection)
        secure: dict[str, str] = {}
        if "STARTTLS" in clear:
            connection.send(b"STARTTLS\r\n")
            connection.replies(1, more=False)
            connection.secure()
            secure = _listed(connection)
        connection.send(b"QUIT\r\n")
        return Offers(clear, secure)
    finally:
        connection.hang_up()


def _listed(connection: Connection) -> dict[str, str]:
    begin = len(connection.said)
    connection.send(b"EHLO client.example.com\r\n")
    connection.replies(1, more=False)
    text = b"".join(octets for who, octets in connection.said[begin:] if who == SERVER)
    found = {}
    for line in text.decode("latin-1").splitlines()[1:]:
        keyword, _, parameters = line[4:].partition(" ")
        found[keyword.upper()] = parameters
    return found
