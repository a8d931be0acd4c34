"""A part of a large file is shown as it is in the whole."""

import pytest

from smtp_lsp.features import folding, hover, status, tokens
from smtp_lsp.features.window import window
from smtp_lsp.lint.run import analyse
from smtp_lsp.text.source import Source

PLAIN = b"""S: 220 mx.example ESMTP
C: EHLO a.example
S: 250 mx.example
C: MAIL FROM:<a%d@b.example>
S: 250 2.1.0 ok
C: RCPT TO:<c@d.example>
S: 250 2.1.5 ok
C: DATA
S: 354 go
C: Subject: x
C:
C: QUIT
C: .
S: 250 2.0.0 queued
C: QUIT
S: 221 2.0.0 bye
"""
BAD = PLAIN.replace(b"C: RCPT TO:<c@d.example>\nS: 250 2.1.5 ok\n", b"").replace(b"354", b"503")

DATA = b"".join((BAD if number % 7 == 3 else PLAIN) % number for number in range(60))
WHOLE = analyse(Source(DATA, "a.smtp"), keep=True)
SKIMMED = analyse(Source(DATA, "a.smtp"))
PLACES = range(0, len(DATA), 397)


def test_the_file_was_passed_over():
    assert not SKIMMED.sessions
    assert len(SKIMMED.reading.boundaries) == 59
    assert [f.span.start for f in SKIMMED.findings] == [f.span.start for f in WHOLE.findings]


@pytest.mark.parametrize("place", PLACES)
def test_tokens(place):
    seen = window(SKIMMED, place, place + 1000)
    found = tokens.tokens(seen.analysis, place - seen.start, place + 1000 - seen.start)
    shifted = [(seen.shifted(span).start, kind) for span, kind in found]
    assert shifted == [(s.start, kind) for s, kind in tokens.tokens(WHOLE, place, place + 1000)]
    assert seen.end - seen.start < 3000


@pytest.mark.parametrize("place", PLACES)
def test_hover(place):
    seen = window(SKIMMED, place, place)
    part = hover.hover(seen.analysis, place - seen.start)
    full = hover.hover(WHOLE, place)
    assert (part is None) == (full is None)
    if part is not None and full is not None:
        assert part.markdown() == full.markdown()
        assert seen.shifted(part.span) == full.span


def test_sessions_fold_and_are_counted():
    assert len(list(folding.folds(SKIMMED))) == 60
    assert status.status(SKIMMED, window(SKIMMED, 0, 0).analysis) == status.status(WHOLE)


def test_a_file_that_cannot_be_passed_over_is_its_own_window():
    data = DATA.replace(b"C: ", b"").replace(b"S: ", b"").replace(b"C:", b"")
    light = analyse(Source(data, "a.smtp"))
    seen = window(light, 5000, 6000)
    assert (seen.start, seen.end) == (0, len(data))
