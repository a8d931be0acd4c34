"""Every octet of a view leads back to where the file has it."""

from hypothesis import given
from hypothesis import strategies as st

from smtp_lsp.text.span import Span
from smtp_lsp.text.view import Buffer, Joiner, View

PIECES = st.lists(st.tuples(st.binary(min_size=1, max_size=5), st.integers(0, 3)), min_size=1)


@given(PIECES)
def test_pieces_that_match_octet_by_octet_map_back_exactly(pieces):
    file, joiner = b"", Joiner()
    for octets, gap in pieces:
        file += b"#" * gap
        joiner.add(octets, len(file), len(file) + len(octets))
        file += octets
    view = joiner.view()
    assert bytes(view) == b"".join(octets for octets, _ in pieces)
    for index in range(len(view)):
        span = view.span(index, index + 1)
        assert len(span) == 1
        assert file[span.start : span.end] == bytes(view)[index : index + 1]


@given(PIECES)
def test_spans_are_ordered_and_inside_the_file(pieces):
    file, joiner = b"", Joiner()
    for octets, gap in pieces:
        escape = b"\\" * (len(octets) + gap)
        joiner.add(octets, len(file), len(file) + len(escape))
        file += escape
    view = joiner.view()
    previous = 0
    for index in range(len(view)):
        span = view.span(index, index + 1)
        assert previous <= span.start <= span.end <= len(file)
        previous = span.start
    assert view.span() == Span(0, len(file))


def test_an_escape_is_indivisible():
    joiner = Joiner()
    joiner.add(b"ab", 10, 12)
    joiner.add(b"\r", 12, 14)
    joiner.add(b"cd", 14, 16)
    view = joiner.view()
    assert view.span(2, 3) == Span(12, 14)
    assert view.span(1, 4) == Span(11, 15)
    assert view.span(5, 5) == Span(16, 16)


def test_a_contiguous_view_is_the_file():
    view = View(Buffer(b"EHLO example.org"), 5, 16)
    assert bytes(view) == b"example.org"
    assert view.span(0, 7) == Span(5, 12)
    assert bytes(view.sub(8)) == b"org"
