"""A server that takes everything: sessions can be played to it without any server at all.

It says yes to every command, refuses nothing but recipients it does not know, and ends content
where RFC 5321 ends it. It knows no order and no syntax: whoever judges a session that it took
has nothing but the client's own words to go by.
"""

from __future__ import annotations

import re

from driver import Answer, Record
from script import CLOSE, SAY, TLS, Offers, Session
from validity import plain

from smtp_lsp.dialects.utterance import CLIENT, SERVER

OFFERS = Offers(
    {
        "PIPELINING": "",
        "SIZE": "10485760",
        "STARTTLS": "",
        "ENHANCEDSTATUSCODES": "",
        "8BITMIME": "",
        "SMTPUTF8": "",
        "CHUNKING": "",
        "DSN": "",
        "HELP": "",
    },
    {
        "PIPELINING": "",
        "SIZE": "10485760",
        "AUTH": "PLAIN LOGIN",
        "ENHANCEDSTATUSCODES": "",
        "8BITMIME": "",
        "SMTPUTF8": "",
        "CHUNKING": "",
        "DSN": "",
        "HELP": "",
    },
)
BARE = Offers({"SIZE": "10485760", "8BITMIME": "", "HELP": ""}, {})
"""What a server offers that has neither PIPELINING, CHUNKING, TLS nor DSN."""

_BDAT = re.compile(rb"(?i)BDAT ([0-9]{1,9})(?: LAST)?")


class YesServer:
    """Answers octets with replies; ``heard`` is what it has not taken up yet."""

    def __init__(self, offers: Offers) -> None:
        self.offers = offers
        self.secure = False
        self.heard = b""
        self.content = False
        self.challenges = 0
        self.closed = False

    def hear(self, octets: bytes) -> list[bytes]:
        """Return the replies to *octets*."""
        self.heard += octets
        replies = []
        while not self.closed:
            reply = self._next()
            if reply is None:
                break
            replies.append(reply + b"\r\n")
        return replies

    def _next(self) -> bytes | None:
        if self.content:
            return self._end()
        end = self.heard.find(b"\n")
        if end < 0:
            return None
        line = self.heard[:end].rstrip(b"\r")
        chunk = _BDAT.fullmatch(line)
        behind = end + 1 + (int(chunk[1]) if chunk else 0)
        if behind > len(self.heard):
            return None
        self.heard = self.heard[behind:]
        return self._answer(line)

    def _end(self) -> bytes | None:
        octets = b"\r\n" + self.heard
        at = octets.find(b"\r\n.\r\n")
        if at < 0:
            return None
        self.heard = octets[at + 5 :]
        self.content = False
        return b"250 2.0.0 Ok: queued"

    def _answer(self, line: bytes) -> bytes:
        verb = line.upper().split()[0] if line.split() else b""
        if self.challenges:
            self.challenges -= 1
            return b"501 5.7.0 Cancelled" if line == b"*" else self._authenticated()
        if verb == b"EHLO":
            listed = self.offers.secure if self.secure else self.offers.clear
            lines = ["mta.example.org", *(f"{k} {v}".strip() for k, v in listed.items())]
            texts = [f"250-{text}" for text in lines]
            texts[-1] = texts[-1].replace("-", " ", 1)
            return "\r\n".join(texts).encode()
        if verb == b"DATA":
            self.content = True
            return b"354 End data with <CR><LF>.<CR><LF>"
        if verb == b"RCPT" and (b"nobody@" in line or b"@example.net>" in line):
            return b"550 5.1.1 No such user"
        if verb == b"AUTH":
            return self._auth(line)
        if verb == b"QUIT":
            self.closed = True
        return _FIXED.get(verb, b"250 2.0.0 Ok")

    def _auth(self, line: bytes) -> bytes:
        words = line.split()
        if len(words) == 2:
            self.challenges = 2 if words[1].upper() == b"LOGIN" else 1
            return b"334 " + (b"VXNlcm5hbWU6" if self.challenges == 2 else b"")
        return _REFUSED if words[-1] == plain(b"wrong") else _WELCOME

    def _authenticated(self) -> bytes:
        if self.challenges:
            return b"334 UGFzc3dvcmQ6"
        return _WELCOME


_WELCOME = b"235 2.7.0 Authentication successful"
_REFUSED = b"535 5.7.8 Authentication failed"
_FIXED = {
    b"HELO": b"250 mta.example.org",
    b"STARTTLS": b"220 2.0.0 Ready to start TLS",
    b"QUIT": b"221 2.0.0 Bye",
    b"VRFY": b"252 2.0.0 Cannot verify",
    b"HELP": b"214 2.0.0 No help here",
}


def rehearse(session: Session, offers: Offers) -> Record:
    """Play *session* to a server with these *offers* that takes everything."""
    server, last = YesServer(offers), 220
    said = [(SERVER, b"220 mta.example.org ESMTP\r\n")]
    answers = []
    for number, step in enumerate(session.steps):
        if server.closed or (step.when and last not in step.when):
            continue
        if step.kind == CLOSE:
            break
        if step.kind == TLS:
            server.secure = True
            continue
        assert step.kind == SAY
        said.append((CLIENT, step.octets))
        replies = server.hear(step.octets)
        said.extend((SERVER, reply) for reply in replies)
        codes = tuple(int(reply[:3]) for reply in replies)
        answers.append(Answer(number, codes, server.closed))
        last = codes[-1] if codes else 0
    return Record(tuple(said), tuple(answers), "")
