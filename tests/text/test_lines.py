"""Lines rejoin to the source; only CRLF, LF and CR end one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp_lsp.text import lines
from smtp_lsp.text.source import BINARY, BLANK, EMPTY, TEXT, UTF16, Source

TEXTS = st.lists(
    st.sampled_from([b"\r", b"\n", b"\r\n", b"a", b".", b"", "é".encode(), b"\x85", b"\x0b"])
).map(b"".join)


@given(TEXTS)
def test_lines_rejoin(data):
    assert b"".join(data[s:e] + t for s, e, t in lines.split(data)) == data
    for start, end, _ in lines.split(data):
        assert not set(data[start:end]) & {13, 10}


@given(TEXTS)
def test_offsets_and_lines_agree(data):
    table = lines.LineTable(data)
    assert table.starts == sorted(set(table.starts))
    for offset in range(len(data) + 1):
        line = table.line_of(offset)
        assert table.starts[line] <= offset
        assert line + 1 == len(table.starts) or offset < table.starts[line + 1]


@pytest.mark.parametrize("character", "\v\f\x1c\x1d\x1e\x85\u2028\u2029")
def test_what_python_takes_for_a_line_end_is_none(character):
    assert len(lines.line_starts(f"a{character}b".encode())) == 1


@pytest.mark.parametrize(
    ("data", "starts"),
    [(b"", [0]), (b"a", [0]), (b"a\n", [0, 2]), (b"a\r\nb", [0, 3]), (b"\r\r\n", [0, 1, 3])],
)
def test_line_starts(data, starts):
    assert lines.line_starts(data) == starts


@pytest.mark.parametrize(
    ("data", "nature"),
    [
        (b"", EMPTY),
        (b" \r\n\t\n", BLANK),
        ("220 mx\r\n".encode("utf-16"), UTF16),
        ("220 mx.example ESMTP\r\n".encode("utf-16-le"), UTF16),
        (b"\x7fELF\x02\x01\x01" + bytes(60), BINARY),
        (b"220 mx\0\r\nEHLO example.org\r\n", TEXT),
        ("220 größe\r\n".encode("latin-1"), TEXT),
    ],
)
def test_nature(data, nature):
    assert Source(data).nature() == nature


def test_columns_count_code_points():
    assert lines.code_points("aé😀".encode()) == 3
    assert lines.code_points(b"a\xff\xfeb") == 4


@given(st.binary(max_size=30), st.integers(0, 30), st.integers(0, 30), st.integers(1, 5))
def test_what_is_rare_is_found_where_it_is(data, start, end, block):
    before = lines._BLOCK
    lines._BLOCK = block
    try:
        for wanted in (b"\n.", b"..", b"\r."):
            text = data.replace(b"\x00", b"\n").replace(b"\x01", b".").replace(b"\x02", b"\r")
            stop = min(end, len(text))
            assert lines.find_rare(text, wanted, start, stop) == text.find(wanted, start, stop)
    finally:
        lines._BLOCK = before
