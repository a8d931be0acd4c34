"""Even base64 is what the whole check finds nothing in, and its line ends are those counted."""

import base64
import re

from hypothesis import given
from hypothesis import strategies as st

from smtp_lsp.message import even, parse, transfer
from smtp_lsp.text.view import Buffer, View

LENGTHS = st.sampled_from([4, 8, 60, 64, 72, 76, 80])
ENDS = st.sampled_from([b"\n", b"\r\n"])
PIECES = st.sampled_from(
    [b"\n", b"\r", b"\r\n", b"=", b"==", b" ", b"A", b"AAAA", b"-", b"\0", b"\xe9"]
)


def view(data):
    """Return *data* as a body that stands in the middle of a file."""
    return View(Buffer(b"A: b\n\n" + data + b"\n--b--\n"), 6, 6 + len(data))


def encoded(octets, length, end):
    text = base64.b64encode(octets)
    lines = [text[place : place + length] for place in range(0, len(text), length)]
    return end.join(lines) + end


@given(st.binary(max_size=900), LENGTHS, ENDS)
def test_what_encoders_write(octets, length, end):
    body = view(encoded(octets, length, end))
    found = even.stretch(body)
    if found is None:
        # One line alone has no other to be even with; 80 is too long.
        assert length == 80 or len(base64.b64encode(octets)) == 0
    else:
        assert (found.start, found.end, found.end_of_line) == (body.start, body.end, end)


@given(
    st.binary(max_size=400),
    LENGTHS,
    ENDS,
    st.lists(st.tuples(st.integers(0, 700), st.integers(0, 3), PIECES), max_size=3),
)
def test_nothing_wrong_is_even(octets, length, end, changes):
    data = encoded(octets, length, end)
    for place, size, piece in changes:
        place = min(place, len(data))
        data = data[:place] + piece + data[place + size :]
    found = even.stretch(view(data))
    if found is not None:
        assert transfer.check(view(data), b"base64") == []
        assert set(re.findall(rb"\r*\n|\r", data)) == {found.end_of_line}
        assert found.lines == data.count(b"\n")


@given(st.lists(st.sampled_from([b"x" * 90, b"x" * 20, b"x" * 76]), max_size=8), ENDS)
def test_long_lines_around_it(lines, end):
    """Where a stretch is known, the lines around are looked at as ever."""
    before, after = end.join(lines), end.join(lines[::-1])
    body = encoded(bytes(range(200)), 76, end)
    message = parse(b"A: b" + end * 2 + before + end + body + after)
    start = len(message.whole) - len(after) - len(body)
    found = even.stretch(View(message.whole.buffer, start, start + len(body)))
    assert found is not None
    plain = [bytes(line) for line in message.longer_lines(78)]
    assert [bytes(line) for line in message.longer_lines(78, [found])] == plain
