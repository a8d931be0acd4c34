"""The open document, held against a text cut and joined character by character."""

import pytest
from clients import NO_LINE_ENDS, bounds, index, place
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types

from smtp_lsp.lsp.document import ClientLines, Document

PIECES = [
    *("\r", "\n", "\r\n", "a", "."),
    *("é", "e\u0301", "\ufffd", "😀", "𝒳", "\ud800"),
    *NO_LINE_ENDS,
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=25).map("".join)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32"])
PLACES = st.tuples(st.integers(0, 12), st.integers(0, 15))


def octets(text):
    return text.encode("utf-8", "surrogatepass")


@settings(max_examples=400)
@given(TEXTS, ENCODINGS, st.booleans())
def test_every_place_and_back(text, encoding, lf_only):
    lines = ClientLines(octets(text), encoding, lf_only=lf_only)
    assert len(lines.starts) == len(lines.ends) == len(bounds(text, lf_only))
    for at in range(len(text) + 1):
        offset = len(octets(text[:at]))
        where = place(text, at, encoding, lf_only)
        assert lines.position(offset) == where
        there = index(text, *where, encoding, lf_only)
        assert lines.offset(*where) == len(octets(text[:there]))
        # Inside a terminator there is no place; its line's end stands for it.
        assert there == at or text[there:at] == "\r"


@settings(max_examples=400)
@given(TEXTS, ENCODINGS, st.booleans(), PLACES)
def test_places_that_are_none(text, encoding, lf_only, where):
    """Beyond a line's end is its end, inside a character is behind it."""
    lines = ClientLines(octets(text), encoding, lf_only=lf_only)
    at = index(text, *where, encoding, lf_only)
    assert lines.offset(*where) == len(octets(text[:at]))


@given(TEXTS, ENCODINGS, st.booleans())
def test_an_octet_inside_a_character(text, encoding, lf_only):
    lines = ClientLines(octets(text), encoding, lf_only=lf_only)
    offset = 0
    for at, character in enumerate(text):
        for _ in range(1, len(octets(character))):
            offset += 1
            assert lines.position(offset) == place(text, at + 1, encoding, lf_only)
        offset += 1


EDITS = st.lists(st.tuples(PLACES, PLACES, TEXTS), min_size=1, max_size=8)


@settings(max_examples=300)
@given(TEXTS, ENCODINGS, st.booleans(), EDITS)
def test_edits(text, encoding, lf_only, edits):
    document = Document("untitled:a", source=text, encoding=encoding, lf_only=lf_only)
    lf_only = document.lf_only
    stamps = {document.stamp}
    for first, last, new in edits:
        begin, end = sorted((first, last))
        change = types.TextDocumentContentChangePartial(
            range=types.Range(types.Position(*begin), types.Position(*end)), text=new
        )
        document.apply_change(change)
        start = index(text, *begin, encoding, lf_only)
        stop = index(text, *end, encoding, lf_only)
        text = text[:start] + new + text[stop:]
        assert document.data == octets(text)
        assert document.source == text
        stamps.add(document.stamp)
    assert len(stamps) == len(edits) + 1
    document.apply_change(types.TextDocumentContentChangeWholeDocument(text="a\nb"))
    assert document.client_lines.starts == [0, 2]


def test_a_range_that_ends_before_it_begins():
    """It stands for no text; what is new goes where it begins."""
    document = Document("untitled:a", source="abcd")
    where = types.Range(types.Position(0, 3), types.Position(0, 1))
    document.apply_change(types.TextDocumentContentChangePartial(range=where, text="-"))
    assert document.source == "abc-d"


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("a\rb\nc\n", [0, 4, 6]),  # a CR that is a character
        ("a\r\nb\r\n", [0, 3, 6]),
        ("a\rb\r", [0]),  # the same: one line of the buffer
        ("a\rb", [0]),  # one line without an end
        ("", [0]),
    ],
)
def test_neovims_lines(text, starts):
    document = Document("untitled:a", source=text, encoding="utf-8", lf_only=True)
    assert document.client_lines.starts == starts


def test_neovims_lines_with_fileformat_mac():
    """Only the plugin can tell: the text is the same, and its lines are others."""
    document = Document(
        "untitled:a", source="a\rb\r", language_id="smtp-cr", encoding="utf-8", lf_only=True
    )
    assert document.client_lines.starts == [0, 2, 4]
