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
    "header": lambda n: b"Subject: x\n" + b" folded\n" * (n * 3),
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
    name = "a.eml" if family == "header" else "a.smtp"
    make = FAMILIES[family]
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
