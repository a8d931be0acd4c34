"""Encoded-words: what they say, where they may stand, and what is wrong with others."""

import email.header

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_lexis import PIECES, view

from smtp_lsp.message import encoded_word
from smtp_lsp.message.encoded_word import ELSEWHERE, PHRASE, UNSTRUCTURED

# RFC 2047 8.
PHRASES = [
    (b"=?US-ASCII?Q?Keith_Moore?= ", "Keith Moore"),
    (b"=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=", "Keld Jørn Simonsen"),
    (b"=?ISO-8859-1?Q?Andr=E9?= Pirard", "André Pirard"),
    (b"=?ISO-8859-1?Q?Olle_J=E4rnefors?=", "Olle Järnefors"),
    (b'"a \\" b"  =?utf-8?q?c=C3=A9?= (x) d', 'a " b cé d'),
    (b"=?utf-8*fr?q?c=C3=A9?=\r\n =?utf-8?q?_d?=", "cé d"),
    (b'"=?utf-8?q?a?="', "=?utf-8?q?a?="),
]


@pytest.mark.parametrize(("data", "wanted"), PHRASES)
def test_phrases(data, wanted):
    assert encoded_word.phrase(view(data)) == wanted


# The same.
COMMENTS = [
    (b"(=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=)", "(םולש ןב ילטפנ)"),
    (b"(=?ISO-8859-1?Q?a?=)", "(a)"),
    (b"(=?ISO-8859-1?Q?a?= b)", "(a b)"),
    (b"(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)"),
    (b"(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", "(ab)"),
    (b"(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)", "(ab)"),
    (b"(=?ISO-8859-1?Q?a_b?=)", "(a b)"),
    (b"(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)"),
]


@pytest.mark.parametrize(("data", "wanted"), COMMENTS)
def test_comments(data, wanted):
    assert encoded_word.comment(view(data, b"x", b"x")) == wanted
    assert encoded_word.text(view(data)) == data.decode().replace("\r\n", "")


TEXTS = [
    (
        b" =?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n"
        b"    =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
        "If you can read this you understand the example.",
    ),
    (b" Re: =?utf-8?q?caf=C3=A9?= ok", "Re: café ok"),
    (b" =?utf-8?q?caf=C3?=\r\n =?utf-8?q?=A9?=", "café"),
    (b" =?none?q?a?= =?none?q?b?= c", "=?none?q?a?= =?none?q?b?= c"),
    (b" a\r\n\tb", "a\tb"),
    ("é\n è".encode(), "é è"),
]


@pytest.mark.parametrize(("data", "wanted"), TEXTS)
def test_texts(data, wanted):
    assert encoded_word.text(view(data)) == wanted


LONG = b"=?utf-8?q?" + b"a" * 64 + b"?="

DEFECTS = [
    (b" =?utf-8?q?abc", UNSTRUCTURED, encoded_word.UNFINISHED),
    (b" =?utf-8?q?a b?=", UNSTRUCTURED, encoded_word.WHITE_SPACE_INSIDE),
    (b" =?utf-8?b?YWJj\r\n ZGVm?=", UNSTRUCTURED, encoded_word.WHITE_SPACE_INSIDE),
    (b" =?utf-8?q?a b?= <a@b>", PHRASE, encoded_word.WHITE_SPACE_INSIDE),
    (b" " + LONG, UNSTRUCTURED, encoded_word.TOO_LONG),
    (b" =?utf-8?q??=", UNSTRUCTURED, encoded_word.EMPTY),
    (b" a=?utf-8?q?a?=", UNSTRUCTURED, encoded_word.NOT_SEPARATED),
    (b" =?utf-8?q?a?=b", UNSTRUCTURED, encoded_word.NOT_SEPARATED),
    (b' =?utf-8?q?a?="b" <a@b>', PHRASE, encoded_word.TOUCHES_SPECIAL),
    (b" (=?utf-8?q?a?=b)", PHRASE, encoded_word.NOT_SEPARATED),
    (b" =?utf-8?q?a?=<a@b>", PHRASE, encoded_word.TOUCHES_SPECIAL),
    (b" =?utf-8?q?a,b?= <a@b>", PHRASE, encoded_word.SPECIAL_INSIDE),
    (b" (=?utf-8?q?a)b?=)", PHRASE, encoded_word.SPECIAL_INSIDE),
    (b' "=?utf-8?q?a?=" <a@b>', PHRASE, encoded_word.WRONG_PLACE),
    (b" A <=?utf-8?q?a?=@b>", PHRASE, encoded_word.WRONG_PLACE),
    (b" =?utf-8?q?a?=@b", PHRASE, encoded_word.WRONG_PLACE),
    (b" from =?utf-8?q?a?= by b", ELSEWHERE, encoded_word.WRONG_PLACE),
    (b" =?x-none?q?a?=", UNSTRUCTURED, encoded_word.UNKNOWN_CHARSET),
    (b" =?utf-8?x?a?=", UNSTRUCTURED, encoded_word.UNKNOWN_ENCODING),
    (b" =?utf-8?b?YWJ?=", UNSTRUCTURED, encoded_word.BAD_BASE64),
    (b" =?utf-8?b?YW-j?=", UNSTRUCTURED, encoded_word.BAD_BASE64),
    (b" =?utf-8?q?a=4?=", UNSTRUCTURED, encoded_word.BAD_Q),
    (b" =?utf-8?q?a\xc3\xa9?=", UNSTRUCTURED, encoded_word.BAD_Q),
    (b" =?utf-8?q?=E9?=", UNSTRUCTURED, encoded_word.UNDECODABLE),
    (b" =?utf-8?q?=C3?= =?utf-8?q?=A9?=", UNSTRUCTURED, encoded_word.SPLIT_CHARACTER),
    (b" =?utf-8?b?w4PD?= =?utf-8?b?qQ==?=", UNSTRUCTURED, encoded_word.SPLIT_CHARACTER),
    (b" =?utf-8?q?a=0D=0ABcc:_b?=", UNSTRUCTURED, encoded_word.DECODES_TO_LINE_BREAK),
    (b" =?utf-8?b?AA==?=", UNSTRUCTURED, encoded_word.DECODES_TO_LINE_BREAK),
    (b" =?utf-8?q?=1B?=", UNSTRUCTURED, encoded_word.DECODES_TO_CONTROL),
]


@pytest.mark.parametrize(("data", "place", "sort"), DEFECTS)
def test_one_defect(data, place, sort):
    words = encoded_word.find(view(data, b"=?", b"?="), place)
    assert [defect.sort for word in words for defect in word.defects] == [sort]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"=?utf-8?q?a?=", UNSTRUCTURED),
        (b" =?utf-8?q?" + b"a" * 63 + b"?=", UNSTRUCTURED),
        (b" =?utf-8?Q?a,b(c)=22?=", UNSTRUCTURED),
        (b" (=?utf-8?q?a?= =?utf-8?q?b?=)", ELSEWHERE),
        (b" =?utf-8?q?a?= =?iso-2022-jp?b?GyRCJCIbKEI=?= <a@b>", PHRASE),
        (b" what =? is =?this", UNSTRUCTURED),
        (b" 1=?2?3?=4", UNSTRUCTURED),
        (b" =?unknown-8bit?q?=E9?=", UNSTRUCTURED),
    ],
)
def test_nothing_wrong(data, place):
    words = encoded_word.find(view(data), place)
    assert not [defect for word in words for defect in word.defects]


def test_parts():
    (word,) = encoded_word.find(view(b" =?utf-8*fr?Q?c=C3=A9?="))
    parts = (word.charset, word.language, word.encoding, word.text)
    assert [bytes(part) for part in parts] == [b"utf-8", b"fr", b"Q", b"c=C3=A9"]
    assert (word.octets, word.decoded) == ("cé".encode(), "cé")


@given(PIECES, st.sampled_from([UNSTRUCTURED, PHRASE, ELSEWHERE]))
def test_never_raises(data, place):
    value = view(data, b"=?", b"?=")
    for word in encoded_word.find(value, place):
        assert value.start <= word.view.start < word.view.end <= value.end
        for defect in word.defects:
            assert word.view.start <= defect.view.start < defect.view.end <= word.view.end
    assert isinstance(encoded_word.text(value) + encoded_word.phrase(value), str)


WORDS = st.lists(
    st.one_of(
        st.text("abc xyz", min_size=1).map(str.strip).filter(bool),
        st.text('aé世 =?_"(),.:', min_size=1, max_size=10),
    ),
    min_size=1,
    max_size=4,
)


@given(WORDS, st.sampled_from(["utf-8", "iso-8859-1"]))
def test_agrees_with_the_standard_library(words, charset):
    header = email.header.Header(header_name="Subject")
    for word in words:
        try:
            word.encode(charset)
        except UnicodeError:
            continue
        header.append(word, "us-ascii" if word.isascii() and "=" not in word else charset)
    data = header.encode().replace("\n", "\r\n").encode("ascii")
    shown = str(email.header.make_header(email.header.decode_header(header.encode())))
    found = encoded_word.find(view(b" " + data))
    assert not [defect for word in found for defect in word.defects]
    assert encoded_word.text(view(b" " + data)).split() == shown.split()


@pytest.mark.parametrize(
    "data",
    [b"=?" * 100_000, b"=?a?q?" * 50_000, b"=?utf-8?q?a?= " * 5_000, b"=?a?q?" + b"x" * 200_000],
)
def test_long(data):
    words = encoded_word.find(view(data))
    assert sum(len(word.view) for word in words) <= len(data)
    assert len(encoded_word.text(view(data))) <= len(data)
