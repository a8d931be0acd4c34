"""What an editor shows unasked: tokens, folds, what a file is taken for; hover inside content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import transcripts

from smtp_lsp.features import folding, hover, status, tokens
from smtp_lsp.lint.run import analyse
from smtp_lsp.text.source import Source

SESSION = b"""S: 220 mx.example ESMTP
C: EHLO a.example
S: 250-mx.example
S: 250-SIZE 1000
S: 250 DSN
C: MAIL FROM:<a@b.example> SIZE=10
S: 250 2.1.0 ok
C: RCPT TO:<c@d.example> NOTIFY=NEVER
S: 250 2.1.5 ok
C: DATA
S: 354 go
C: Subject: x
C:
C: QUIT
C: .
S: 250 2.0.0 queued
C: QUIT # smtp-lsp: ignore[lone-dot]
S: 221 2.0.0 bye
"""


def analysed(data, name="a.smtp"):
    return analyse(Source(data, name), keep=True)


def shown(data, name="a.smtp", start=0, end=None):
    found = tokens.tokens(analysed(data, name), start, len(data) if end is None else end)
    return [(data[span.start : span.end].decode(), kind) for span, kind in found]


def test_what_reads_as_a_command_inside_content_is_text():
    found = shown(SESSION)
    assert ("QUIT", tokens.TEXT) in found
    assert ("QUIT", tokens.VERB) in found
    assert ("Subject", tokens.NAME) in found
    assert (".", tokens.DOT_ALONE) in found


def test_every_kind_is_told():
    found = shown(SESSION)
    assert {kind for _, kind in found} == set(tokens.KINDS)
    for pair in (
        ("354", tokens.CODE),
        ("2.1.5", tokens.ENHANCED),
        ("DSN", tokens.NAME),
        ("NOTIFY", tokens.PARAMETER),
        ("<c@d.example>", tokens.TEXT),
    ):
        assert pair in found


def test_a_part_of_a_file_has_the_tokens_of_that_part():
    half = SESSION.index(b"C: DATA")
    assert shown(SESSION, start=0, end=half) + shown(SESSION, start=half) == shown(SESSION)


@pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.stem)
def test_tokens_are_in_order_and_within_lines(path):
    data = path.read_bytes()
    position = 0
    for span, _ in tokens.tokens(analysed(data, path.name), 0, len(data)):
        assert position <= span.start < span.end <= len(data)
        assert b"\n" not in data[span.start : span.end]
        position = span.end


@given(st.binary(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_any_octets(data, start, end):
    analysis = analysed(SESSION + data)
    tokens.tokens(analysis, start, end)
    list(folding.folds(analysis))
    status.status(analysis)


def folded(data, name="a.smtp"):
    lines = [data[: offset + 1].count(b"\n") for offset in range(len(data))]
    return [(lines[s.start] + 1, lines[s.end - 1] + 1) for s in folding.folds(analysed(data, name))]


def test_content_and_long_replies_fold():
    assert sorted(folded(SESSION)) == [(3, 5), (12, 14)]


def test_each_of_several_sessions_folds():
    assert folded(SESSION * 2)[0] == (1, 18)
    assert (19, 36) in folded(SESSION * 2)


def test_the_header_of_a_message_folds():
    assert folded(b"From: a@b.example\nDate: x\n\ntext\n", "a.eml") == [(1, 2)]


@pytest.mark.parametrize(
    ("data", "profile"),
    [
        (SESSION, "smtp"),
        (SESSION.replace(b"EHLO", b"LHLO"), "lmtp"),
        (
            SESSION.replace(b"C: MAIL", b"C: AUTH PLAIN AGEAYg==\nS: 235 2.7.0 ok\nC: MAIL"),
            "submission",
        ),
    ],
)
def test_the_profile_is_told_by_the_session(data, profile):
    found = status.status(analysed(data))
    assert (found["kind"], found["dialect"], found["sessions"]) == ("transcript", "rfc", 1)
    assert found["profile"] == profile


def test_a_message_has_no_dialect():
    found = status.status(analysed(b"From: a@b.example\nDate: x\n\n", "a.eml"))
    assert (found["kind"], found["dialect"], found["profile"]) == ("message", "", "")


def test_hover_on_a_field_inside_a_session():
    found = hover.hover(analysed(SESSION), SESSION.index(b"Subject") + 2)
    assert found is not None
    assert "# Subject" in found.markdown()
    assert hover.hover(analysed(SESSION), SESSION.index(b"QUIT\nC: .") + 1) is None


def test_hover_finds_the_session_of_many():
    data = SESSION * 50
    at = data.rindex(b"NOTIFY") + 1
    found = hover.hover(analysed(data), at)
    assert found is not None
    assert found.span.start <= at <= found.span.end
