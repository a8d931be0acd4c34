"""Reading frames: in any spelling, and whatever stands between them."""

import io

from hypothesis import given
from hypothesis import strategies as st

from smtp_lsp.lsp import frames
from smtp_lsp.lsp.frames import Frames

SPELLINGS = st.sampled_from(
    [
        b"Content-Length: %d\r\n\r\n",
        b"content-length:%d\r\n\r\n",
        b"CONTENT-LENGTH :\t%d \r\nContent-Type: x; charset=utf-8\r\n\r\n",
        b"Content-Type: x\r\nContent-Length: %d\r\n\r\n",
        b"Content-Length: %d\n\n",
        b"\r\n\r\nContent-Length: %d\r\n\r\n",
    ]
)
BETWEEN = st.sampled_from(
    [
        b"",
        b"\r\n",
        b"Content-Length: 0\r\n\r\n",
        b"Content-Length: x\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 9" + b"9" * 40 + b"\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"long: " + b"x" * 20_000 + b"\r\n\r\n",
    ]
)
BODIES = st.binary(min_size=1, max_size=60)


def messages(stream):
    """Read as pygls reads: a header line by line, then as many octets as it said."""
    found = []
    while line := stream.readline():
        assert line.startswith(b"Content-Length: ")
        assert stream.readline() == b"\r\n"
        found.append(stream.read(int(line.split()[1])))
    return found


@given(st.lists(st.tuples(BETWEEN, SPELLINGS, BODIES), max_size=6), BETWEEN)
def test_every_spelling(sent, tail):
    data = b"".join(noise + head % len(body) + body for noise, head, body in sent) + tail
    assert messages(Frames(io.BytesIO(data))) == [body for _, _, body in sent]


@given(st.binary(max_size=200), BODIES)
def test_any_octets_end(noise, body):
    """Nothing raises, and the end of the stream is the end."""
    data = noise + b"\r\n\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    reader = Frames(io.BytesIO(data))
    messages(reader)
    assert reader.readline() == b""


def test_a_body_that_breaks_off():
    data = b"Content-Length: 3\r\n\r\nabcContent-Length: 9\r\n\r\nabc"
    assert messages(Frames(io.BytesIO(data))) == [b"abc"]


class Huge(io.RawIOBase):
    """A stream that pours out more zeros than memory holds, and remembers the largest read."""

    def __init__(self, count, tail):
        self.head = io.BytesIO(b"Content-Length: %d\r\n\r\n" % count)
        self.left = count
        self.tail = io.BytesIO(tail)
        self.largest = 0

    def readline(self, limit=-1):
        return self.head.readline(limit) or (b"" if self.left else self.tail.readline(limit))

    def read(self, count=-1):
        self.largest = max(self.largest, count)
        if not self.left:
            return self.tail.read(count)
        taken = min(count, self.left)
        self.left -= taken
        return bytes(taken)


def test_what_is_longer_than_anything_is_skipped():
    stream = Huge(frames.LONGEST + 1, b"Content-Length: 3\r\n\r\nabc")
    assert messages(Frames(stream)) == [b"abc"]
    assert stream.largest <= 1 << 20
