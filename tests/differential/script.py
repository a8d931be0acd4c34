"""A session as a client will play it: steps, each with what a strict server answers to it."""

from __future__ import annotations

import random
from typing import NamedTuple

SAY, TLS, CLOSE = "say", "tls", "close"
CLIENT = b"client.example.com"
SENDER = b"alice@example.com"
KNOWN = (b"bob@example.org", b"alice@example.org", b"carol@example.org")
UNKNOWN = b"nobody@example.org"
ELSEWHERE = b"dave@example.net"
USER, PASSWORD = b"user@example.org", b"pass"


class Offers(NamedTuple):
    """The keywords that a server lists in the clear and behind TLS, with their parameters."""

    clear: dict[str, str]
    secure: dict[str, str]


class Step(NamedTuple):
    """What the client does next.

    ``replies`` is how many replies a strict server gives to it. ``when`` lists the codes that
    the last reply must have, or the step is left out. ``about`` says what is tried, where the
    comparison must know it: ``content`` for what holds an end of content, ``rest`` for what goes
    on with it where that is no end, ``group`` for commands sent at once, ``chunk`` and ``tail``
    for what a server may read as commands, ``odd`` for the one command that is not as it should
    be.
    """

    kind: str
    octets: bytes = b""
    replies: int = 1
    when: tuple[int, ...] = ()
    about: str = ""


class Session(NamedTuple):
    """A session to be played: ``kind/name``, its steps, the rules that must speak, if any."""

    label: str
    steps: tuple[Step, ...]
    expects: frozenset[str]
    number: int


class Script:
    """Writes the steps of one session, for a server with these *offers*."""

    def __init__(self, rng: random.Random, offers: Offers) -> None:
        self.rng = rng
        self.offers = offers.clear
        self.secure = offers.secure
        self.steps: list[Step] = []
        self.group: list[bytes] | None = None

    # -- commands ------------------------------------------------------------

    def say(
        self,
        octets: bytes,
        replies: int = 1,
        when: tuple[int, ...] = (),
        about: str = "",
    ) -> None:
        """Send *octets*, with CRLF behind them where they are one line."""
        if b"\n" not in octets:
            octets += b"\r\n"
        if self.group is not None:
            self.group.append(octets)
            return
        self.steps.append(Step(SAY, octets, replies, when, about))

    def pipelined(self) -> None:
        """Begin a group: what is said is sent at once, up to ``flush``."""
        self.group = []

    def flush(self, about: str = "") -> None:
        """Send the group."""
        group, self.group = self.group or [], None
        self.steps.append(Step(SAY, b"".join(group), len(group), (), about))

    def hello(self, verb: bytes = b"EHLO", name: bytes = CLIENT) -> None:
        self.say(verb + b" " + name)

    def mail(self, parameters: bytes = b"", path: bytes = b"<" + SENDER + b">") -> None:
        self.say(b"MAIL FROM:" + path + parameters)

    def rcpt(self, address: bytes = b"", parameters: bytes = b"") -> None:
        self.say(b"RCPT TO:<" + (address or self.rng.choice(KNOWN)) + b">" + parameters)

    def data(self) -> None:
        self.say(b"DATA")

    def quit(self) -> None:
        self.say(b"QUIT")

    def starttls(self) -> None:
        """Negotiate TLS; from here on the offers are those behind it."""
        self.say(b"STARTTLS")
        self.steps.append(Step(TLS, when=(220,)))
        self.offers = self.secure

    # -- content -------------------------------------------------------------

    def header(self, subject: bytes = b"report", more: bytes = b"") -> bytes:
        """Return a header, with the empty line behind it."""
        number = b"%d" % self.rng.randrange(10**9)
        return (
            b"From: <" + SENDER + b">\r\nTo: <bob@example.org>\r\nSubject: " + subject + b"\r\n"
            b"Date: Tue, 24 Nov 2026 09:00:00 +0000\r\nMessage-ID: <"
            + number
            + b"@example.com>\r\n"
            + more
            + b"\r\n"
        )

    def content(self, octets: bytes, replies: int = 1, about: str = "content") -> None:
        """Send content, its end included, if DATA was answered with 354."""
        self.steps.append(Step(SAY, octets, replies, (354,), about))

    def message(self, body: bytes = b"Hello.\r\n", more: bytes = b"") -> None:
        """Send DATA, and a whole message if that was accepted."""
        self.data()
        self.content(self.header(more=more) + body + b".\r\n")

    def envelope(self) -> None:
        """Send MAIL and one RCPT."""
        self.mail()
        self.rcpt()

    def transaction(self, body: bytes = b"Hello.\r\n") -> None:
        """Send a whole transaction, a command at a time."""
        self.envelope()
        self.message(body)

    def offered(self, keyword: str) -> bool:
        return keyword in self.offers
