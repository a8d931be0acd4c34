"""Hover: the page of what is under the cursor, and what it means in this session."""

import pytest

from smtp_lsp.features import hover
from smtp_lsp.lint.run import analyse
from smtp_lsp.text.source import Source

SESSION = b"""S: 220 mx ESMTP
C: EHLO client.example
S: 250-mx
S: 250-SIZE 1000
S: 250 AUTH PLAIN LOGIN
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: YWxpY2U=
S: 334 UGFzc3dvcmQ6
C: Y2FuYXJ5
S: 235 2.7.0 ok
C: MAIL FROM:<alice@example.org> SIZE=500 BODY=8BITMIME
S: 250 2.1.0 ok
C: RCPT TO:<bob@example.test>
S: 550 5.1.1 no such user
C: DATA # smtp-lsp: ignore[misordered-data] on purpose
S: 503 5.5.1 need RCPT
"""


def at(data, needle, skip=0, name="a.smtp"):
    analysis = analyse(Source(data, name), keep=True)
    return hover.hover(analysis, data.index(needle) + skip)


@pytest.mark.parametrize(
    ("needle", "skip", "title", "here"),
    [
        (b"220 mx", 0, "220 ", "greeting"),
        (b"EHLO client", 0, "EHLO ", "Before: greeted"),
        (b"SIZE 1000", 0, "SIZE ", ""),
        (b"AUTH LOGIN\n", 5, "LOGIN ", "user `alice`"),
        (b"235", 0, "235 ", "authenticated"),
        (b"SIZE=500", 2, "SIZE ", "- offered in"),
        (b"BODY=8", 0, "BODY ", "- not offered in"),
        (b"550", 1, "550 ", "about recipient `<bob@example.test>`"),
        (b"5.1.1", 4, "550 ", "`5.1.1`"),
        (b"DATA #", 1, "DATA ", "was answered 503"),
        (b"misordered-data]", 3, "misordered-data (SEQ001)", ""),
    ],
)
def test_transcript(needle, skip, title, here):
    found = at(SESSION, needle, skip)
    assert found is not None
    assert found.composed.title.startswith(title)
    assert here in found.markdown()


@pytest.mark.parametrize("needle", [b"YWxpY2U=", b"Y2FuYXJ5", b"on purpose", b"client.example"])
def test_nothing_to_say(needle):
    assert at(SESSION, needle, 1) is None


def test_no_secret_anywhere():
    analysis = analyse(Source(SESSION, "a.smtp"), keep=True)
    for offset in range(len(SESSION)):
        found = hover.hover(analysis, offset)
        text = found.markdown() if found else ""
        assert "canary" not in text
        assert "Y2FuYXJ5" not in text


def test_header_fields():
    found = at(b"From: a@b.example\nX-Nothing: y\n\nbody\n", b"From", 2, "a.eml")
    assert found.composed.title.startswith("From ")
    assert at(b"From: a@b.example\nX-Nothing: y\n\nbody\n", b"X-Noth", 2, "a.eml") is None


def test_plain_shows_the_user_and_not_the_password():
    data = b"S: 220 x\nC: AUTH PLAIN AGFsaWNlAGNhbmFyeQ==\nS: 235 ok\n"
    text = at(data, b"PLAIN").markdown()
    assert "`alice`" in text
    assert "canary" not in text
