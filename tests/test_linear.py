"""Twice the input takes about twice the time, for inputs made to make it take more.

Times are of the process itself, the better of several, and the bound is far from both
linear (2) and quadratic (4 and up), so that a noisy machine does not decide.
"""

import gc
import time

import pytest

from smtp_lsp.lint.run import lint
from smtp_lsp.text.source import Source

HEAD = b"S: 220 mx\nC: EHLO a\nS: 250 mx\nC: MAIL FROM:<a@b>\nS: 250 ok\n"
RCPT = b"C: RCPT TO:<c@d>\nS: 250 ok\n"
BARE = b"220 mx\r\nEHLO a\r\n250 mx\r\nMAIL FROM:<a@b>\r\n250 ok\r\nRCPT TO:<c@d>\r\n250 ok\r\n"

LOG = (
    b"Mar  2 10:00:00 mx postfix/smtpd[%d]: < c[192.0.2.1]: EHLO a\n"
    b"Mar  2 10:00:00 mx postfix/smtpd[%d]: > c[192.0.2.1]: 250 mx\n"
)
PLAIN = HEAD + RCPT + b"C: QUIT\nS: 221 bye\n"
LINES = PLAIN.splitlines(True)


def each_line(before, after, count):
    """Return *count* lines of sessions with something around each."""
    lines = (LINES[i % len(LINES)].rstrip(b"\n") for i in range(count))
    return b"".join(before + line + after + b"\n" for line in lines)


FAMILIES = {
    "sessions of a log, interleaved": lambda n: b"".join(LOG % (i, i) for i in range(n // 4)),
    "one connection of a log": lambda n: (LOG % (7, 7)) * (n // 4),
    "an unlisted pair": lambda n: each_line(b"[a 17] x-", b"", n),
    "an unlisted pair in quotes": lambda n: each_line(b'{"t":1,"m":"', b'"}', n),
    "quoted": lambda n: each_line(b"> ", b"", n),
    "stamped": lambda n: each_line(b"2026-03-02 10:00:00 ", b"", n),
    "boxed": lambda n: each_line(b"| ", b"   |", n),
    "escaped as HTML": lambda n: each_line(b"", b"<br>", n).replace(b"<a@b>", b"&lt;a@b&gt;"),
    "line ends written down": lambda n: each_line(b"", b"\\r\\n", n),
    "remarks behind": lambda n: each_line(b"", b"  <== " + b"<- " * 20, n // 2),
    "blanks before remarks": lambda n: b"S: 220 mx" + b" " * (n * 20) + b"x <== y\n",
    "glued replies": lambda n: b"SERVER -> CLIENT: " + b"250-SIZE 1" * n + b"250 x\n",
    "hex": lambda n: (
        b"<= Recv header, 3 bytes (0x3)\n0000: 32 35 30 20 78 0d 0a          250 x..\n" * (n // 2)
    ),
    "one long line": lambda n: b"S: 220 " + b"x" * (n * 40) + b"\n",
    "only CR": lambda n: b"\r" * (n * 20),
    "only LF": lambda n: b"\n" * (n * 20),
    "only dots": lambda n: HEAD + RCPT + b"C: DATA\nS: 354 go\n" + b"C: .x\n" * n,
    "dots in a capture": lambda n: BARE + b"DATA\r\n354 go\r\n" + b". \r\n" * (n * 3),
    "lone dots": lambda n: HEAD + RCPT + b"C: DATA\nS: 354 go\n" + b"C: .\n" * n,
    "recipients pipelined": lambda n: HEAD + b"C: RCPT TO:<c@d>\n" * n + b"S: 250 ok\n" * n,
    "recipients refused": lambda n: HEAD + b"C: RCPT TO:<c@d>\nS: 550 no\n" * n + b"C: DATA\n",
    "a reply without end": lambda n: b"C: EHLO a\n" + b"S: 250-x\n" * (n * 2),
    "DATA without content": lambda n: HEAD + RCPT + b"C: DATA\nS: 354 go\nS: 250 ok\n" * n,
    "content after 503": lambda n: HEAD + b"C: DATA\nS: 503 no\n" + b"C: text\nS: 500 no\n" * n,
    "early content": lambda n: HEAD + RCPT + b"C: DATA\n" + b"C: text\n" * n + b"S: 503 no\n",
    "sessions": lambda n: (HEAD + RCPT + b"C: QUIT\nS: 221 bye\n") * (n // 8),
    "captures without dots": lambda n: (BARE + b"DATA\r\n354 go\r\nx\r\n421 x\r\n") * (n // 8),
    "escapes in a repr": lambda n: (
        b"send: 'data\\r\\n'\nreply: b'354 x'\nsend: b'" + b"\\r\\n.\\x41" * n + b"'\n"
    ),
    "backslashes": lambda n: b">>> RCPT TO:<a> \\\n" * n + b"<<< 250 ok\n",
    "wrapped": lambda n: b"S: 220 mx\nC: EHLO a\n" + b"      b\n" * n,
    "chunks": lambda n: BARE + b"BDAT 3\nabc\n" * n,
    "AUTH responses": lambda n: b"S: 220 x\nC: AUTH LOGIN\n" + b"S: 334 x\nC: eA==\n" * n,
    "directives": lambda n: b"S: 220 mx # smtp-lsp: x\n" * n,
    "blanks": lambda n: b"S: 220 mx\nC: NOOP" + b" " * (n * 20) + b"x\n",
    "digits": lambda n: b"2" * (n * 20) + b"\n",
    "dots behind a dot": lambda n: (
        BARE + b"DATA\r\n354 go\r\nhi\r\n" + b".\r\n" * n + b"250 ok\r\n"
    ),
    "words behind DATA": lambda n: BARE + b"DATA\r\n" + b"foo\r\n" * n,
    "words behind a message": lambda n: (
        BARE + b"DATA\r\n354 go\r\nx\r\n.\r\n" + b"foo\r\n\r\n" * n + b"250 ok\r\n"
    ),
    "suspects": lambda n: (
        BARE + b"DATA\r\n354 go\r\nx\r\n.\r\n250 ok\r\n" + b"foo\r\n500 x\r\n" * n
    ),
    "backspaces": lambda n: BARE + b"a" * (n * 5) + b"\b" * (n * 5) + b"\r\n",
    "arrows behind DATA": lambda n: b"S: 220 x\nC: DATA " + b"<- " * (n * 5) + b"<\n",
    "dots in a repr": lambda n: (
        b"send: 'data\\r\\n'\nreply: b'354 x'\nsend: b'" + b"\\r\\n.\\r\\n" * n + b"'\n"
    ),
}

HEADER = b"From: a@b.example\nDate: Tue, 3 Mar 2026 10:00:00 +0000\nSubject: x\n"
MIXED = HEADER + b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
ENCODED = HEADER + b"MIME-Version: 1.0\nContent-Transfer-Encoding: "


def nested(count):
    """Return *count* multiparts, each the only part of the one around it."""
    heads = (
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(count)
    )
    ends = (b"--b%d--\n" % i for i in range(count - 1, -1, -1))
    return HEADER + b"MIME-Version: 1.0\n" + b"".join(heads) + b"\nx\n" + b"".join(ends)


MESSAGES = {
    "folded": lambda n: b"Subject: x\n" + b" folded\n" * (n * 3),
    "fields": lambda n: HEADER + b"X: y\n" * n + b"\nx\n",
    "fields of many names": lambda n: HEADER + b"".join(b"X-%d: y\n" % i for i in range(n)),
    "lines that are no fields": lambda n: HEADER + b"no field\n" * n,
    "From, again and again": lambda n: HEADER + b"From: a@b.example\n" * n,
    "Received": lambda n: (
        HEADER + b"Received: by a.example; Tue, 3 Mar 2026 10:00:00 +0000\n" * (n // 4)
    ),
    "nested comments": lambda n: (
        HEADER + b"To: " + b"(" * (n * 5) + b")" * (n * 5) + b" a@b.example\n"
    ),
    "open comments": lambda n: HEADER + b"To: " + b"(" * (n * 10) + b"\n",
    "addresses": lambda n: HEADER + b"To: " + b"a@b.example,\n " * n + b"c@d.example\n",
    "names that want quotes": lambda n: HEADER + b"To: " + b"A. B: <a@b>, " * (n // 4) + b"\n",
    "open quotes": lambda n: HEADER + b"To: " + b'"a, ' * n + b"\n",
    "angle brackets": lambda n: HEADER + b"To: " + b"<" * (n * 5) + b">" * (n * 5) + b"\n",
    "references": lambda n: HEADER + b"References:" + b" <a@b.example>" * n + b"\n",
    "encoded-words": lambda n: HEADER + b"Comments:" + b" =?utf-8?q?a=C3=A9?=" * n + b"\n",
    "words that seem encoded": lambda n: HEADER + b"Comments: " + b"=?" * (n * 5) + b"\n",
    "raw octets": lambda n: HEADER + b"Comments: " + b"a\xe9 " * n + b"\n",
    "tags": lambda n: HEADER + b"DKIM-Signature: " + b"v=1; " * n + b"\n",
    "parameters": lambda n: (
        HEADER + b"MIME-Version: 1.0\nContent-Type: text/plain" + b"; a=b" * n + b"\n\n"
    ),
    "pieces of a parameter": lambda n: (
        HEADER
        + b"MIME-Version: 1.0\nContent-Type: text/plain"
        + b"".join(b"; a*%d=b" % i for i in range(n))
        + b"\n\n"
    ),
    "parts": lambda n: MIXED + b"--b\n\nx\n" * n + b"--b--\n",
    "parts with headers": lambda n: (
        MIXED + b"--b\nContent-Type: text/plain\n\nx\n" * (n // 2) + b"--b--\n"
    ),
    "delimiters": lambda n: MIXED + b"--b\n" * n,
    "lines that seem delimiters": lambda n: MIXED + b"--b\n\n" + b"--c\n--bc\n" * n + b"--b--\n",
    "nested multiparts": lambda n: nested(n // 4),
    "nested messages": lambda n: HEADER + b"Content-Type: message/rfc822\n\n" * (n // 2) + b"x\n",
    "base64, even": lambda n: ENCODED + b"base64\n\n" + (b"QUJD" * 19 + b"\n") * (n * 4),
    "base64, ragged": lambda n: ENCODED + b"base64\n\n" + (b"QUJD" * 19 + b"\nQQ=\n!\n") * n,
    "base64 in one line": lambda n: ENCODED + b"base64\n\n" + b"QUJD" * (n * 9),
    "quoted-printable": lambda n: ENCODED + b"quoted-printable\n\n" + b"=C3=A9 a=\n" * (n * 2),
    "broken quoted-printable": lambda n: ENCODED + b"quoted-printable\n\n" + b"=zz \n.\n" * (n * 2),
    "line ends mixed": lambda n: HEADER + b"\n" + b"a\r\nb\nc\rd\n" * n,
    "dots": lambda n: HEADER + b"\n" + b".\n" * (n * 3),
    "placeholders": lambda n: HEADER + b"Content-Type: text/html\n\n" + b"{{" * (n * 5),
    "a delivery report": lambda n: (
        HEADER
        + b"MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;"
        + b" boundary=b\n\n--b\n\nx\n--b\nContent-Type: message/delivery-status\n\n"
        + b"Reporting-MTA: dns; a.example\n"
        + b"\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n" * (n // 2)
        + b"--b--\n"
    ),
    "a mail folder": lambda n: (
        (b"From a Tue Mar  3 10:00:00 2026\n" + HEADER + b"\nx\n\n") * (n // 4)
    ),
}


def cost(data, name):
    """Return seconds of one run, without the collector's own steps (it looks at all objects)."""
    best = float("inf")
    gc.disable()
    try:
        for _ in range(2):
            start = time.process_time()
            lint(Source(data, name))
            best = min(best, time.process_time() - start)
            gc.collect()
    finally:
        gc.enable()
    return best


@pytest.mark.parametrize("family", FAMILIES)
def test_linear(family):
    check(family, FAMILIES[family], "a.smtp")


@pytest.mark.parametrize("family", MESSAGES)
def test_messages(family):
    check(family, MESSAGES[family], "a.mbox" if family == "a mail folder" else "a.eml")


def check(family, make, name):
    gc.collect()
    gc.freeze()  # what other tests have left is not looked at again and again
    size = 2000
    while cost(make(size), name) < 0.01 and size < 200_000:
        size *= 2
    ratios = []
    for _ in range(3):
        ratios.append(cost(make(size * 2), name) / max(cost(make(size), name), 1e-4))
        if min(ratios) < 2.6:
            return
    pytest.fail(f"{family}: time grows by {min(ratios):.1f} when the input doubles")


@pytest.mark.parametrize(
    ("make", "keys"),
    [
        (lambda: HEADER + b"To: " + b"(" * 100_000 + b")" * 100_000 + b" a@b.example\n", []),
        (lambda: nested(10_000), ["deep", "many"]),
        (lambda: HEADER + b"X: y\n" * 200_000 + b"\nx\n", []),
    ],
    ids=["nested comments", "nested multiparts", "fields"],
)
def test_as_deep_and_long_as_it_may_be(make, keys):
    """No recursion error, and of more levels and parts than readers take one finding each."""
    found = [each.key for each in lint(Source(make(), "a.eml")) if each.rule == "MIM037"]
    assert found == keys
