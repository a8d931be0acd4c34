"""Tokens of structured values: they rejoin, whatever is nested or left open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp_lsp.message import lexis
from smtp_lsp.text.view import Buffer, View

PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(b"a", b"a.b", b"@", b"<", b">", b'"', b"\\", b"(", b")", b"[", b"]", b":", b";"),
                *(b",", b".", b" ", b"\r\n ", b"\n", b"\r", b"\0", b"\x1b$", b"\xc3\xa9", b"\xff"),
                *(b"=?utf-8?q?a?=", b"=?", b"?=", b"?", b"=", b"\t"),
            ]
        ),
        st.binary(max_size=3),
    ),
    max_size=30,
).map(b"".join)


def view(data, before=b"", after=b""):
    return View(Buffer(before + data + after), len(before), len(before) + len(data))


@given(PIECES)
def test_tokens_rejoin(data):
    value = view(data, b'(<"', b'">)')
    tokens = list(lexis.tokens(value))
    assert b"".join(bytes(token) for token in tokens) == data
    ends = [value.start, *(token.end for token in tokens)]
    assert [token.start for token in tokens] == ends[:-1]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a.b@c", ["dot-atom a.b", "special @", "atom c"]),
        (b'"a \\" b"', ['quoted-string "a \\" b"']),
        (b"(a (b \\) (c)) d)e", ["comment (a (b \\) (c)) d)", "atom e"]),
        (b"@[1.2 \\] 3]", ["special @", "domain-literal [1.2 \\] 3]"]),
        (b"\\,\\", ["pair \\,", "special \\"]),
        (b"=?a?q?x,y?= z", ["encoded-word =?a?q?x,y?=", "atom z"]),
        (b"=?a?q?x y?=", ["atom =?a?q?x", "atom y?="]),
        (b"a. b", ["atom a", "special .", "atom b"]),
        (b"[a", ["special [", "atom a"]),
        (b"\xc3\xa9.\x01", ["dot-atom \xc3\xa9.\x01"]),
    ],
)
def test_tokens(data, expected):
    told = [
        f"{token.sort} {bytes(token).decode('latin-1')}"
        for token in lexis.tokens(view(data))
        if token.sort != lexis.SPACE
    ]
    assert told == expected


@pytest.mark.parametrize(
    ("data", "closed"),
    [
        (b'"a"', True),
        (b'"', False),
        (b'"a\\"', False),
        (b'"a\\\\"', True),
        (b'"\\', False),
        (b"((a)", False),
        (b"(\\)", False),
    ],
)
def test_left_open(data, closed):
    (token,) = lexis.tokens(view(data))
    assert token.closed == closed
    assert (lexis.token_defect(token) is None) == closed


@pytest.mark.parametrize(
    "data", [b"(" * 100_000, b"(" * 100_000 + b")" * 100_000, b"(a)" * 50_000, b"[\\[" * 50_000]
)
def test_any_depth(data):
    assert b"".join(bytes(token) for token in lexis.tokens(view(data))) == data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a \r\n b\n\tc\r d", []),
        (b"a\0b\0", [(lexis.NUL, 1)]),
        (b"a\r\nb", [(lexis.LINE_BREAK, 1)]),
        (b"a\rb", [(lexis.LINE_BREAK, 1)]),
        (b"a\x1b$B\x07", [(lexis.ISO_2022, 1), (lexis.CONTROL, 4)]),
        (b"caf\xc3\xa9", []),
        (b"caf\xe9", [(lexis.EIGHT_BIT, 3)]),
    ],
)
def test_octets(data, expected):
    defects = lexis.octet_defects(view(data, b"\0"))
    assert [(d.sort, d.view.start - 1) for d in defects] == expected


def test_unquoted():
    assert lexis.unquoted(b'a\\"b\\\\c\\d\r\n e') == b'a"b\\cd e'
