"""Tag lists of DKIM and ARC."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_lexis import PIECES, view

from smtp_lsp.message import taglist

# RFC 6376 3.5, in its form.
EXAMPLE = (
    b" v=1; a=rsa-sha256; d=example.net; s=brisbane;\r\n c=simple; q=dns/txt; i=@eng.example.net;"
    b"\r\n h=from:to:subject:date;\r\n bh=MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=;"
    b"\r\n b=dzdVyOfAKCdLXdJOc9G2q8LoXSlEniSb\r\n av+yuU4zGeeruD00lszZVoG4ZHRNiYzR"
)


def test_tags():
    found = taglist.read(view(EXAMPLE))
    assert not found.defects
    assert [bytes(tag.name) for tag in found.tags][:4] == [b"v", b"a", b"d", b"s"]
    assert bytes(found.tag(b"bh").value).endswith(b"MTI=")
    assert (
        found.tag(b"b").octets
        == b"dzdVyOfAKCdLXdJOc9G2q8LoXSlEniSbav+yuU4zGeeruD00lszZVoG4ZHRNiYzR"
    )
    assert found.tag(b"B") is None


@pytest.mark.parametrize(
    ("data", "sort", "place"),
    [
        (b"v=1; abc; d=x", taglist.MISSING_EQUALS, b"abc"),
        (b"v=1; 1a=x", taglist.INVALID_NAME, b"1a"),
        (b"v=1; =x", taglist.INVALID_NAME, b"=x"),
        (b"v=1; v=1", taglist.DUPLICATE_TAG, b"v"),
        (b"v=1;; d=x", taglist.EMPTY_TAG, b";"),
        (b" ; ", taglist.EMPTY_LIST, b";"),
        (b"v=\x01", taglist.INVALID_VALUE, b"\x01"),
        (b"v=\xff", taglist.INVALID_VALUE, b"\xff"),
    ],
)
def test_one_defect(data, sort, place):
    found = taglist.read(view(data, b";", b";"))
    assert [(d.sort, bytes(d.view)) for d in found.defects] == [(sort, place)]


@pytest.mark.parametrize("data", [b"v=1", b"v=1;", b"v = 1 ; d= ;", b"v=1; V=2", b"b=a=b\r\n =="])
def test_nothing_wrong(data):
    assert not taglist.read(view(data)).defects


@given(PIECES)
def test_never_raises(data):
    value = view(data, b";", b";")
    found = taglist.read(value)
    for tag in found.tags:
        assert value.start <= tag.view.start <= tag.name.start <= tag.view.end <= value.end
    for defect in found.defects:
        assert value.start <= defect.view.start <= defect.view.end <= value.end


@pytest.mark.parametrize("data", [b";" * 20_000, b"v=1;" * 10_000, b" " * 20_000])
def test_long(data):
    assert taglist.read(view(data)).defects


TAGS = st.lists(
    st.sampled_from(
        [b"v=1", b" a = b c ", b"V=", b"b=a\r\n =", b"x", b"", b" ", b"1=a", b"c=\x7f"]
    ),
    max_size=5,
).map(b";".join)


@given(st.one_of(TAGS, PIECES))
def test_tidy_means_no_defects(data):
    value = view(data, b"v=1;", b";v=1")
    assert not (taglist.is_tidy(value) and taglist.read(value).defects)


def test_what_signers_write_is_tidy():
    assert taglist.is_tidy(view(EXAMPLE))
    assert taglist.is_tidy(view(b"v=1; a=b;"))
    assert not taglist.is_tidy(view(b"v=1; v=1"))
