"""Transfer encodings: what decoders of Python say, and what is wrong where."""

import base64
import quopri
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smtp_lsp.message import transfer
from smtp_lsp.text.view import Buffer, View


def view(data):
    """Return *data* as a body that stands in the middle of a file."""
    return View(Buffer(b"A: b\n\n" + data + b"\n--b--\n"), 6, 6 + len(data))


def found(data, encoding):
    return [(d.sort, bytes(d.view), d.view.start - 6) for d in transfer.check(view(data), encoding)]


ENDS = st.sampled_from([b"\n", b"\r\n"])


@given(st.binary(max_size=400), ENDS)
def test_base64_of_python(data, end):
    encoded = base64.encodebytes(data).replace(b"\n", end)
    assert found(encoded, b"base64") == []
    assert transfer.decode(view(encoded), b"base64") == data
    assert transfer.decoded_size(view(encoded), b"base64") == len(data)


TEXT = st.lists(
    st.sampled_from([b"word ", b"\xc3\xa9", b"=", b"x" * 50, b".", b"\n", b"\t", b" "]), max_size=30
).map(b"".join)


@given(TEXT, ENDS)
def test_quoted_printable_of_python(data, end):
    encoded = quopri.encodestring(data, quotetabs=False).replace(b"\n", end)
    sorts = {sort for sort, _, _ in found(encoded, b"quoted-printable")}
    assert sorts <= {transfer.LONE_DOT}
    assert transfer.decode(view(encoded), b"quoted-printable") == data.replace(b"\n", end)


LINES = st.lists(
    st.tuples(st.integers(0, 80), st.sampled_from([b"\n", b"\r\n", b"\r\r\n"])), max_size=8
).map(lambda lines: b"".join(b"x" * length + end for length, end in lines))


@settings(max_examples=400)
@given(LINES, st.integers(0, 80))
def test_long_lines(data, last):
    """Whole-block scans find the lines that a look at each line finds."""
    data += b"x" * last
    wanted = []
    for line in re.finditer(rb"[^\n]+", data):
        text = line[0].rstrip(b"\r")
        if len(text) > 76:
            wanted.append((transfer.LONG_LINE, text, line.start()))
    assert found(data, b"quoted-printable") == wanted


@given(st.integers(1, 80), st.integers(1, 6), st.integers(0, 80), ENDS)
def test_even_lines(length, count, last, end):
    data = (b"A" * length + end) * count + b"A" * last
    sorts = [place for sort, _, place in found(data, b"base64") if sort == transfer.LONG_LINE]
    lines = [*((length + len(end)) * number for number in range(count))] if length > 76 else []
    assert sorts == lines + ([(length + len(end)) * count] if last > 76 else [])


OCTETS = st.lists(
    st.one_of(
        st.sampled_from(
            [b"=", b"==", b"=3D", b"=c3", b"= ", b" ", b"\t", b"\n", b"\r\n", b"\r", b".", b"QUJD"]
        ),
        st.binary(max_size=3),
        st.sampled_from([b"x" * 80, b"y" * 1000]),
    ),
    max_size=20,
).map(b"".join)


@settings(max_examples=600)
@given(OCTETS, st.sampled_from([b"base64", b"quoted-printable", b"7bit", b"8bit", b"binary", b"x"]))
def test_any_octets(data, encoding):
    body = view(data)
    for defect in transfer.check(body, encoding):
        assert body.start <= defect.view.start < defect.view.end <= body.end
    assert transfer.decoded_size(body, encoding) == len(transfer.decode(body, encoding))
    assert transfer.uuencoded(body) is None


BASE64 = [
    (b"QUJD\nREVG\n", []),
    (b"QUI=\n\n", []),
    (b"QQ=\n=\n", []),
    (b"", []),
    (b"QUI\n", [(transfer.INCOMPLETE, b"QUI", 0)]),
    (b"QUJDQ\n", [(transfer.INCOMPLETE, b"Q", 4)]),
    (b"QUI==\n", [(transfer.BAD_PADDING, b"==", 3)]),
    (b"QQ=\n", [(transfer.BAD_PADDING, b"=", 2)]),
    (b"QUJD=\n", [(transfer.BAD_PADDING, b"=", 4)]),
    (b"QQ==\nQUJD\n", [(transfer.BEHIND_PADDING, b"QUJD", 5)]),
    (b"QUI=\n\n-- \nlist\n", [(transfer.BEHIND_PADDING, b"-- \nlist", 6)]),
    (b"QU*JD\n", [(transfer.BAD_CHARACTER, b"*", 2)]),
    (b"QUJD\xff\x00", [(transfer.BAD_CHARACTER, b"\xff\x00", 4)]),
    (b"QUJD \nREVG\n", [(transfer.BLANKS, b" ", 4)]),
    (b"A" * 80, [(transfer.LONG_LINE, b"A" * 80, 0)]),
    (b"A" * 76 + b"\r\n" + b"A" * 80, [(transfer.LONG_LINE, b"A" * 80, 78)]),
]


@pytest.mark.parametrize(("data", "wanted"), BASE64)
def test_base64(data, wanted):
    assert found(data, b"base64") == wanted


QUOTED_PRINTABLE = [
    (b"caf=C3=A9 =3D=\nmore\n", []),
    (b"at the end=", [(transfer.FINAL_EQUALS, b"=", 10)]),
    (b"at the end=\r\n", []),
    (b"a =\r\nb", []),
    (b"a=zz b=4", [(transfer.BAD_ESCAPE, b"=zz", 1), (transfer.BAD_ESCAPE, b"=4", 6)]),
    (b"a==\nb", [(transfer.BAD_ESCAPE, b"=", 1)]),
    (b"=c3", [(transfer.LOWER_CASE_HEX, b"=c3", 0)]),
    (b"a= \nb", [(transfer.SOFT_BREAK_BLANKS, b"= ", 1)]),
    (b"a \t\r\nb ", [(transfer.TRAILING_BLANKS, b" \t", 1), (transfer.TRAILING_BLANKS, b" ", 6)]),
    (b"caf\xc3\xa9", [(transfer.EIGHT_BIT, b"\xc3\xa9", 3)]),
    (b"a\x00\x08", [(transfer.CONTROL, b"\x00\x08", 1)]),
    (b"a\n.\n..\n.b\n.", [(transfer.LONE_DOT, b".", 2), (transfer.LONE_DOT, b".", 10)]),
    (b"x" * 77, [(transfer.LONG_LINE, b"x" * 77, 0)]),
    (b"x" * 76 + b"\n", []),
]


@pytest.mark.parametrize(("data", "wanted"), QUOTED_PRINTABLE)
def test_quoted_printable(data, wanted):
    assert found(data, b"quoted-printable") == wanted


def test_what_changes_nothing():
    long = b"x" * 999
    eight, nul = (transfer.EIGHT_BIT, b"\xe4", 0), (transfer.NUL, b"\0", 1)
    assert found(b"\xe4\0", b"7bit") == [eight, nul]
    assert found(b"\xe4\0", b"8bit") == [nul]
    assert found(b"\xe4\0" + long, b"binary") == []
    assert found(b"a\n" + long, b"8bit") == [(transfer.LONG_LINE, long, 2)]
    assert found(b"a\r" + long + b"\rb", b"7bit") == [(transfer.LONG_LINE, long, 2)]
    assert found(b"x" * 998 + b"\r\n", b"7bit") == []


def test_places_without_end_are_not_all_kept():
    assert len(found(b"=zz" * 20_000, b"quoted-printable")) == transfer.MOST + 1


def test_broken_base64_is_read_as_far_as_it_goes():
    assert transfer.decode(view(b"QUJDQ"), b"base64") == b"ABC"
    assert transfer.decode(view(b"QU JD*RE\xffVG"), b"base64") == b"ABCDEF"
    assert transfer.decode(view(b"QQ==QUJD"), b"base64") == b"A"


def test_a_uuencoded_file_in_a_text():
    line = b"M" + b"x" * 60 + b"\n"
    body = view(b"text\nbegin 644 a.txt\n" + line.replace(b"x", b"A") + b"`\nend\n")
    assert bytes(transfer.uuencoded(body)) == b"begin 644 a.txt"
    assert transfer.uuencoded(view(b"begin 644 times\nand so on\n")) is None
