"""RFC style octet by octet: whatever was said is written down and read back the same."""

from hypothesis import given
from hypothesis import strategies as st

from smtp_lsp.dialects import detect, octets
from smtp_lsp.dialects.utterance import CLIENT, SERVER, Utterance
from smtp_lsp.lint.run import analyse, lint
from smtp_lsp.text.source import Source

SIDES = st.lists(st.tuples(st.sampled_from((CLIENT, SERVER)), st.binary(min_size=1)), max_size=8)


def said_in(data):
    """Return the octets of each side in turn, as the dialect reads them."""
    reading = detect.read(Source(data), "octets")
    for item in reading.dialect.read(reading):
        assert isinstance(item, Utterance)
        return item.buffer.data
    return b""


@given(SIDES)
def test_read_back_to_the_same_octets(sides):
    text = octets.written(sides)
    assert said_in(text) == b"".join(piece for _, piece in sides)
    assert all(32 <= octet < 127 or octet == 10 for octet in text)


CONTENT = (
    b"Subject: a\r\nFrom: <a@example.org>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\n\r\n"
    b"NUL \0, bare LF\n, bare CR\r, \xe9\\ and blanks  \r\n.\r\n"
)


def session():
    return octets.written(
        [
            (SERVER, b"220 mx.example.test ESMTP\r\n"),
            (CLIENT, b"EHLO client.example.org\r\n"),
            (SERVER, b"250 mx.example.test\r\n"),
            (CLIENT, b"MAIL FROM:<a@example.org>\r\n"),
            (SERVER, b"250 2.1.0 Ok\r\n"),
            (CLIENT, b"RCPT TO:<b@example.test>\r\n"),
            (SERVER, b"250 2.1.5 Ok\r\n"),
            (CLIENT, b"DATA\r\n"),
            (SERVER, b"354 go ahead\r\n"),
            (CLIENT, CONTENT),
            (SERVER, b"250 2.0.0 Ok\r\n"),
            (CLIENT, b"QUIT\r\n"),
            (SERVER, b"221 2.0.0 Bye\r\n"),
        ]
    )


def test_content_is_what_was_sent():
    analysis = analyse(Source(session(), "a.smtp"), keep=True)
    (content,) = [e.content for e in analysis.sessions[0].exchanges if e.content is not None]
    assert bytes(content.view) == CONTENT.removesuffix(b".\r\n")


def test_what_only_octets_show_is_found_on_its_line():
    found = {
        (finding.rule, session()[: finding.span.start].count(b"\n") + 1)
        for finding in lint(Source(session(), "a.smtp"))
    }
    line = session().split(b"NUL")[0].count(b"\n") + 1
    assert {rule for rule, at in found if at == line} == {"WIR001", "WIR002", "WIR005", "WIR007"}


def test_a_backslash_is_a_backslash_elsewhere():
    data = session().replace(b"# smtp-lsp: dialect=octets\n", b"")
    reading = detect.read(Source(data))
    assert reading.dialect.name == "rfc"
