"""Messages: header fields and body with spans, nothing lost."""

from hypothesis import given
from hypothesis import strategies as st

from smtp_lsp import message

PARTS = st.lists(
    st.sampled_from([b"A: b", b" fold", b"\n", b"\r\n", b"no field", b".", b":", b"\r", b"\0"]),
    max_size=20,
).map(b"".join)


def test_fields():
    parsed = message.parse(b"From: a@b\r\nSubject : x\r\n y\r\nbroken\r\n\r\nbody\r\n")
    assert [bytes(field.name) for field in parsed.fields] == [b"From", b"Subject"]
    assert bytes(parsed.field("subject").value) == b" x\r\n y"
    assert [bytes(line) for line in parsed.unreadable] == [b"broken"]
    assert bytes(parsed.body) == b"body\r\n"
    assert parsed.field("to") is None


def test_no_body_and_no_header():
    assert bytes(message.parse(b"A: b\n").body) == b""
    parsed = message.parse(b"\nbody")
    assert (parsed.fields, bytes(parsed.body)) == ([], b"body")


@given(PARTS)
def test_nothing_is_lost(data):
    parsed = message.parse(data)
    header, body = bytes(parsed.header), bytes(parsed.body)
    between = data[len(header) : len(data) - len(body)]
    assert data == header + between + body
    assert between in (b"", b"\n", b"\r\n")
    for field in parsed.fields:
        span = field.lines.span()
        assert data[span.start : span.end] == bytes(field.lines)


def test_lone_dots():
    parsed = message.parse(b".\nA: b\r\n\r\n.\r\n..\r\n. \r\n.")
    assert [view.start for view in parsed.lone_dots()] == [0, 10, 21]


def test_looks_like():
    assert message.looks_like(b"From: a\nTo: b\n\n")
    assert message.looks_like(b"From a@b Mon\nFrom: a\n\n")
    assert not message.looks_like(b"220 mx\n")
    assert not message.looks_like(b"Dear all,\n")
