"""Message identifiers, alone and in lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_lexis import PIECES, view

from smtp_lsp.message import identifier


@pytest.mark.parametrize(
    ("data", "identifiers"),
    [
        (b" <1234@local.machine.example>", [b"1234@local.machine.example"]),
        (b" <a@b>\r\n <c.d@[192.0.2.1]>", [b"a@b", b"c.d@[192.0.2.1]"]),
        (b"<a@b><c@d>", [b"a@b", b"c@d"]),
        (b" <a@b> (x) <c@d> (y)", [b"a@b", b"c@d"]),
        ("<é@b>".encode(), ["é@b".encode()]),
        (b"", []),
    ],
)
def test_nothing_wrong(data, identifiers):
    found = identifier.read(view(data))
    assert [bytes(one) for one in found.identifiers] == identifiers
    assert not found.defects


@pytest.mark.parametrize(
    ("data", "sort", "place"),
    [
        (b"a@b", identifier.MISSING_BRACKETS, b"a@b"),
        (b"<a@b", identifier.UNCLOSED, b"<"),
        (b"<a@b <c@d>", identifier.UNCLOSED, b"<"),
        (b"<a@b>>", identifier.UNCLOSED, b">"),
        (b"< >", identifier.EMPTY, b"< >"),
        (b"<abc>", identifier.MISSING_AT, b"<abc>"),
        (b"<a@b@c>", identifier.SEVERAL_AT_SIGNS, b"@"),
        (b"<@b>", identifier.MISSING_LEFT, b"@"),
        (b"<a@>", identifier.MISSING_RIGHT, b"@"),
        (b"<a @b>", identifier.BLANK_INSIDE, b"<a @b>"),
        (b"<a@b >", identifier.BLANK_INSIDE, b"<a@b >"),
        (b"<a(x)@b>", identifier.BLANK_INSIDE, b"<a(x)@b>"),
        (b'<"a b"@c>', identifier.QUOTED_LEFT, b'"a b"'),
        (b"<a..b@c>", identifier.INVALID_LEFT, b"a..b"),
        (b"<[a]@c>", identifier.INVALID_LEFT, b"[a]"),
        (b"<a@b:c>", identifier.INVALID_RIGHT, b"b:c"),
        (b"<a@[b c]>", identifier.INVALID_RIGHT, b"[b c]"),
        (b"your message of Monday <a@b>", identifier.PHRASE, b"your message of Monday"),
        (b"<a@b>, <c@d>, <e@f>", identifier.SEPARATOR, b","),
        (b'<a@b> "x', "unterminated-quoted-string", b'"'),
        (b"<a@b\0>", "nul", b"\0"),
    ],
)
def test_one_defect(data, sort, place):
    found = identifier.read(view(data, b" ", b" "))
    assert [defect.sort for defect in found.defects] == [sort]
    assert bytes(found.defects[0].view) == place


TEXT = st.lists(st.text("abAB01!#$%&'*+/=?^_`{|}~-", min_size=1), min_size=1).map(".".join)
LISTS = st.lists(st.tuples(TEXT, TEXT).map(lambda p: f"<{p[0]}@{p[1]}>"), min_size=1)


@given(st.one_of(PIECES, LISTS.map(" ".join).map(str.encode)))
def test_tidy_means_no_defects(data):
    value = view(data, b"<", b">")
    full = identifier._read(identifier.Identifiers(value), value)
    for defect in full.defects:
        assert value.start <= defect.view.start < defect.view.end <= value.end
    if identifier.is_tidy(value):
        short = identifier.read(value)
        assert not full.defects
        assert [bytes(one.view) for one in short.identifiers] == [
            bytes(one.view) for one in full.identifiers
        ]


@given(LISTS)
def test_well_formed_lists_are_tidy(identifiers):
    assert identifier.is_tidy(view("\r\n ".join(["", *identifiers]).encode()))


@pytest.mark.parametrize("data", [b"<" * 20_000, b"<a@b" * 10_000, b"a@ " * 10_000])
def test_long(data):
    assert identifier.read(view(data)).defects
