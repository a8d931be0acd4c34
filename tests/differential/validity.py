"""Valid sessions: whatever a client may do, drawn at random within what the server offers."""

from __future__ import annotations

import base64

from script import CLIENT, ELSEWHERE, KNOWN, PASSWORD, SENDER, UNKNOWN, USER, Script

BODIES = (
    b"Hello.\r\n",
    b"",
    b"..\r\n",
    b"..stuffed\r\n...\r\nend\r\n",
    b"one\r\n\r\n\r\ntwo\r\n",
    b"MAIL FROM:<x@example.com>\r\nQUIT\r\n",
    b"x" * 998 + b"\r\n",
    b"a line\r\n" * 200,
    b" . \r\n .\r\ntail\r\n",
    b"tab\there\r\n",
    b"From here\r\n",
)
UTF8 = "Gr\u00fc\u00dfe\r\n".encode()
MIME = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
CTE8 = b"Content-Transfer-Encoding: 8bit\r\n"


def plain(password: bytes = PASSWORD) -> bytes:
    """Return the response of AUTH PLAIN."""
    return base64.b64encode(b"\0" + USER + b"\0" + password)


def write_valid(script: Script) -> str:
    """Write a valid session; return a name for what is special in it."""
    rng, marks = script.rng, []
    if rng.random() < 0.2:
        script.hello(b"HELO")
        script.offers = script.secure = {}
    else:
        script.hello(name=rng.choice((CLIENT, CLIENT, CLIENT, b"[127.0.0.1]", b"[IPv6:::1]")))
    if script.offered("STARTTLS") and rng.random() < 0.4:
        marks.append("tls")
        script.starttls()
        script.hello()
        if script.offered("AUTH") and rng.random() < 0.6:
            marks.append(authenticate(script))
    for _ in range(rng.randint(1, 3)):
        aside(script)
        marks.append(transact(script))
    aside(script)
    script.quit()
    return "-".join(sorted(set(filter(None, marks))))


def authenticate(script: Script) -> str:
    """Write an AUTH exchange in one of its forms, a failed one now and then."""
    rng = script.rng
    mechanisms = script.offers["AUTH"].split()
    if rng.random() < 0.2:
        script.say(b"AUTH PLAIN " + plain(b"wrong"))
    if "LOGIN" in mechanisms and rng.random() < 0.3:
        script.say(b"AUTH LOGIN")
        script.say(base64.b64encode(USER), when=(334,))
        script.say(base64.b64encode(PASSWORD), when=(334,))
        return "login"
    if rng.random() < 0.2:
        script.say(b"AUTH PLAIN")
        script.say(b"*", when=(334,))
    if rng.random() < 0.5:
        script.say(b"AUTH PLAIN")
        script.say(plain(), when=(334,))
    else:
        script.say(b"AUTH PLAIN " + plain())
    return "plain"


def aside(script: Script) -> None:
    """Write commands that change nothing, or nothing but an open transaction."""
    rng = script.rng
    while rng.random() < 0.3:
        commands = [b"NOOP", b"RSET", b"NOOP ignored", b"noop", b"VRFY bob", b"Rset"]
        if script.offered("HELP"):
            commands.append(b"HELP")
        script.say(rng.choice(commands))


def transact(script: Script) -> str:
    """Write a transaction; return a name for how it was done."""
    rng = script.rng
    eight, utf8 = script.offered("8BITMIME"), script.offered("SMTPUTF8")
    body, more, parameters = rng.choice(BODIES), b"", b""
    if eight and rng.random() < 0.2:
        body, more, parameters = UTF8, MIME + CTE8, b" BODY=8BITMIME"
        if utf8 and rng.random() < 0.5:
            more += b"X-Note: " + UTF8
            parameters += b" SMTPUTF8"
    octets = script.header(more=more) + body
    if script.offered("SIZE") and rng.random() < 0.3:
        parameters += b" SIZE=%d" % (len(octets) + rng.randrange(50))
    if script.offered("DSN") and rng.random() < 0.2:
        parameters += b" RET=HDRS ENVID=QQ314159"
    recipients = rng.choices((*KNOWN, UNKNOWN, ELSEWHERE), (6, 6, 6, 1, 1), k=rng.randint(1, 4))
    recipients = [*dict.fromkeys(recipients)]
    if not set(recipients) & set(KNOWN):
        recipients.append(KNOWN[0])
    path = b"<>" if rng.random() < 0.1 else b"<" + SENDER + b">"
    chunked = script.offered("CHUNKING") and rng.random() < 0.5
    grouped = script.offered("PIPELINING") and rng.random() < 0.6
    if grouped:
        script.pipelined()
    script.mail(parameters, path)
    for address in recipients:
        wants = script.offered("DSN") and rng.random() < 0.2
        script.rcpt(address, b" NOTIFY=SUCCESS,FAILURE" if wants else b"")
    if chunked:
        chunks(script, octets)
    else:
        script.data()
    if grouped:
        script.flush()
    if not chunked:
        script.content(octets + b".\r\n")
    return "-".join(["chunked"] * chunked + ["pipelined"] * grouped)


def chunks(script: Script, octets: bytes) -> None:
    """Write the message in chunks, the last one empty now and then."""
    octets = octets.replace(b"\r\n..", b"\r\n.")
    if octets.endswith(b"\r\n.\r\n"):
        octets += b"a last line that is a dot would be legal, and look like a mistake\r\n"
    cut = script.rng.randrange(len(octets))
    pieces = [octets[:cut], octets[cut:]] if script.rng.random() < 0.5 else [octets]
    if script.rng.random() < 0.3:
        pieces.append(b"")
    for piece in pieces[:-1]:
        script.say(b"BDAT %d\r\n" % len(piece) + piece)
    script.say(b"BDAT %d LAST\r\n" % len(pieces[-1]) + pieces[-1])
