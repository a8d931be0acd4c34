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
    assert between.lstrip(b"\r") in (b"", b"\n")
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


def test_lines_that_end_at_cr():
    parsed = message.parse(b"A: b\r c\rD: e\r\rbody\rmore\r")
    assert [bytes(field.value) for field in parsed.fields] == [b" b\r c", b" e"]
    assert bytes(parsed.body) == b"body\rmore\r"


def test_cr_cr_lf():
    parsed = message.parse(b"A: b\r\r\nD: e\r\r\n\r\r\nbody\r\r\n")
    assert [bytes(field.value) for field in parsed.fields] == [b" b", b" e"]
    assert bytes(parsed.body) == b"body\r\r\n"


def test_the_line_of_a_mail_folder():
    parsed = message.parse(b"From a@b Mon Mar  2 10:00:00 2026\nA: b\n\n")
    assert bytes(parsed.mbox).startswith(b"From a@b")
    assert not parsed.unreadable
    assert [bytes(field.name) for field in parsed.fields] == [b"A"]
    assert message.parse(b"From a@b\nA: b\n\n", message.WIRE).unreadable


def test_unsent_is_a_draft():
    assert message.parse(b"X-Unsent: 1\n\n").context == message.DRAFT
    assert message.parse(b"X-Unsent: 0\n\n").context == message.STORED
    assert message.parse(b"X-Unsent: 1\n\n", message.WIRE).context == message.WIRE


def test_header_lines():
    parsed = message.parse(b"A: b\r\n \r\nC: d\r\n\r\nbody\r\n")
    assert [bytes(line) for line in parsed.header_lines()] == [b"A: b", b" ", b"C: d"]


@given(
    st.lists(st.sampled_from([b"xx", b"x", b"\n", b"\r\n", b"\r"]), max_size=40).map(b"".join),
    st.integers(1, 5),
)
def test_longer_lines(data, limit):
    cut = b"\n" if b"\n" in data else b"\r"
    wanted = [line for line in (x.rstrip(b"\r") for x in data.split(cut)) if len(line) > limit]
    assert [bytes(line) for line in message.parse(data).longer_lines(limit)] == wanted
