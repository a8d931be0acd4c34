"""Whatever a learned pattern matches is as faultless as the session that it was made of."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.rules import all_rules
from smtp_lsp.session import likeness
from smtp_lsp.session.likeness import Likeness
from smtp_lsp.text.source import Source

HEADER = [
    "C: Date: Tue, 24 Nov 2026 10:00:00 +0000",
    "C: From: Alice <alice@example.com>",
    "C: Message-ID: <4F1Zq85@example.com>",
    "C: To: bob@example.org",
    "C: Subject: minutes",
]
SAMPLES = {
    "postfix": [
        "S: 220 mx.example.org ESMTP Postfix (Debian/GNU)",
        "C: EHLO client.example.com",
        "S: 250-mx.example.org",
        "S: 250-PIPELINING",
        "S: 250-SIZE 10240000",
        "S: 250-ENHANCEDSTATUSCODES",
        "S: 250 8BITMIME",
        "C: MAIL FROM:<alice@example.com> SIZE=1234 BODY=8BITMIME",
        "S: 250 2.1.0 Ok",
        "C: RCPT TO:<bob@example.org>",
        "S: 250 2.1.5 Ok",
        "C: DATA",
        "S: 354 End data with <CR><LF>.<CR><LF>",
        *HEADER,
        "C: ",
        "C: See you there.",
        "C: ..",
        "C:",
        "C: .",
        "S: 250 2.0.0 Ok: queued as 4F1Zq85Kzkz1qxqf",
        "C: QUIT",
        "S: 221 2.0.0 Bye",
    ],
    "exim": [
        "S: 220 mx.example.org ESMTP Exim 4.96 Tue, 24 Nov 2026 10:00:00 +0000",
        "C: EHLO client.example.com",
        "S: 250-mx.example.org Hello client.example.com [192.0.2.1]",
        "S: 250-SIZE 52428800",
        "S: 250 HELP",
        "C: MAIL FROM:<>",
        "S: 250 OK",
        "C: RCPT TO:<bob@example.org>",
        "S: 250 Accepted",
        "C: RSET",
        "S: 250 Reset OK",
        "C: MAIL FROM:<alice+x@mail.example.com>",
        "S: 250 OK",
        "C: RCPT TO:<bob@example.org>",
        "S: 250 Accepted",
        "C: RCPT TO:<carol.b@example.org>",
        "S: 250 Accepted for carol.b@example.org now",
        "C: DATA",
        'S: 354 Enter message, ending with "." on a line by itself',
        *HEADER,
        "C: ",
        "C: .",
        "S: 250 OK id=1tF0Zx-000abc-2D",
        "C: QUIT",
        "S: 221 mx.example.org closing connection",
    ],
    "sendmail": [
        "S: 220 mx.example.org ESMTP Sendmail 8.17.1; Tue, 24 Nov 2026 10:00:00 GMT",
        "C: HELO client.example.com",
        "S: 250 mx.example.org Hello client.example.com [192.0.2.1], pleased to meet you",
        "C: MAIL FROM:<alice@example.com>",
        "S: 250 2.1.0 <alice@example.com>... Sender ok",
        "C: RCPT TO:<bob@example.org>",
        "S: 250 2.1.5 <bob@example.org>... Recipient ok",
        "C: DATA",
        'S: 354 Enter mail, end with "." on a line by itself',
        *HEADER,
        "C: ",
        "C: See you there.",
        "C: .",
        "S: 250 2.0.0 4AOA00xx012345 Message accepted for delivery",
        "C: QUIT",
        "S: 221 2.0.0 mx.example.org closing connection",
    ],
}
# With a `thorough` rule no session is passed over.
THOROUGH = tuple(rule.code for rule in all_rules() if rule.thorough)
EVERYTHING = Options(extend_select=("ALL",), ignore=THOROUGH)


def found(data, options=EVERYTHING):
    return {finding.rule for finding in lint(Source(data, "a.smtp"), options)}


def learned(name, end):
    session = (end.join(SAMPLES[name]) + end).encode()
    pattern = Likeness(b"C: ", b"S: ").pattern(session)
    assert pattern is not None
    assert pattern.fullmatch(session)
    return session, pattern


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", SAMPLES)
def test_what_a_pattern_is_made_of_is_faultless(name, end):
    session, _ = learned(name, end)
    assert not found(session, Options())


def drawable(source):
    """Return the pattern with less asked: what is drawn from it matches the whole one mostly."""
    for asked in (likeness.REFUSED, likeness.SMALL_LETTER, rb"(?<!-)", rb"(?<! )", rb"\r"):
        source = source.replace(asked, b"")
    return re.compile(re.sub(rb"([*+?}])\+", rb"\1", source.removesuffix(rb"\n")))


def spoken(lines):
    """Yield the number of each command and each line of a reply, and its pattern."""
    like = Likeness(b"C: ", b"S: ")
    content = hello = False
    for number, line in enumerate(lines):
        if content:
            content = line != "C: ."
        elif line.startswith("S: "):
            named = hello or number == 0
            yield number, like.reply(line.encode(), named=named, offers=hello)
            hello = hello and line[6] == "-"
            content = line.startswith("S: 354")
        else:
            yield number, like.command(line.encode())
            hello = line.startswith("C: EHLO")


def fields(lines):
    """Yield the number of each line of a header, and the pattern of its value."""
    for number, line in enumerate(lines):
        name, _, _ = line.removeprefix("C: ").partition(": ")
        value = likeness.FIELDS.get(name.lower().encode())
        if value is not None and line.startswith("C: ") and not name.startswith("MAIL"):
            yield number, rb"C: " + name.encode() + rb": (?:" + value + rb")"


OPEN = {
    name: [
        (number, drawable(source))
        for number, source in (*spoken(lines), *fields(lines))
        if b"]" in source
    ]
    for name, lines in SAMPLES.items()
}
TEXTS = [b"error: no such user", b"MIXED Case", b"SIZE 5", b"try again later", b"4.7.1 x"]


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=60)
@given(data=st.data())
def test_what_matches_is_as_faultless(name, data):
    session, pattern = learned(name, "\n")
    lines = session.split(b"\n")
    for _ in range(data.draw(st.integers(1, 3))):
        number, line = data.draw(st.sampled_from(OPEN[name]))
        drawn = data.draw(st.from_regex(line, fullmatch=True))
        kept = data.draw(st.integers(0, len(drawn)))
        drawn = drawn[:kept] + data.draw(st.sampled_from([drawn[kept:], *TEXTS]))
        lines[number] = drawn
    text = b"\n".join(lines)
    if pattern.fullmatch(text) and b"smtp-lsp:" not in text:
        assert found(text) <= found(session), text


EDITS = [
    *("", " ", ".", "\t", "@", "<", "x", "-", ",", "RSET", "\r", "\n", "550", "C: ", "S: ", "=9"),
    "xn--",
]


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=150)
@given(data=st.data())
def test_an_edit_makes_it_unlike_or_is_no_fault(name, data):
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    session, pattern = learned(name, end)
    at = data.draw(st.integers(0, len(session) - 1))
    cut = data.draw(st.integers(0, 3))
    text = session[:at] + data.draw(st.sampled_from(EDITS)).encode() + session[at + cut :]
    if pattern.fullmatch(text):
        assert found(text) <= found(session), text


def test_what_is_in_doubt_is_left_to_the_shape():
    pattern = Likeness(b"C: ", b"S: ").pattern
    prose = "S: 220 a.example\nC: DATA\nS: 354 go\nC: no header at all\nC: .\nS: 250 ok\n"
    assert pattern(prose.encode()) is None
    for field in (
        "From: a@b.example, c@d.example",
        "From:  a@b.example",
        "From: a@xn--0049.example",
        "To: Bob <b@mail.XN--0049.example>",
        "Subject: {{subject}}",
        "Subject: =?utf-8?q?x?=",
        "Date: Tue, 24 Nov 2026 25:00:00 +0000",
        "X-Other: 1",
        "To: a@b.example\nC:  c",
    ):
        some = prose.replace("no header at all", f"{field}\nC: ")
        assert pattern(some.encode()) is None


@pytest.mark.parametrize("said", [b"error: no such user", b"Message rejected: spam", b"QUEUED X1"])
def test_another_meaning_is_another_session(said):
    session, pattern = learned("postfix", "\n")
    assert pattern.fullmatch(session.replace(b"Ok: queued as 4F1Zq85Kzkz1qxqf", b"Ok: queued as 7"))
    assert not pattern.fullmatch(session.replace(b"Ok: queued as 4F1Zq85Kzkz1qxqf", said))
