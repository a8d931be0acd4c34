"""Passing over sessions of a known shape finds the same as walking them all."""

from hypothesis import given
from hypothesis import strategies as st

from smtp_lsp.dialects import detect
from smtp_lsp.session.walk import Inspector, walk
from smtp_lsp.text.source import Source

LINES = [
    "S: 220 mx",
    "C: EHLO a",
    "S: 250-mx",
    "S: 250 SIZE",
    "C: MAIL FROM:<a@b.example>",
    "S: 250 ok",
    "C: RCPT TO:<c@d.example>",
    "S: 250 ok",
    "C: DATA",
    "S: 354 go",
    "C: Subject: x",
    "C: ",
    "C: text",
    "C: .",
    "S: 250 queued",
    "C: QUIT",
    "S: 221 bye",
]
EXTRA = [
    "C: .",
    "C: ..",
    "C: .x",
    "S: 550 no",
    "S: 250 ok",
    "C: RSET",
    "C: DATA",
    "text",
    "",
    "C: QUIT",
]


@st.composite
def sessions(draw):
    lines = list(LINES)
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        at = draw(st.integers(0, len(lines) - 1))
        if draw(st.booleans()):
            del lines[at]
        else:
            lines.insert(at, draw(st.sampled_from(EXTRA)))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(lines) + end


def faults(data, *, skim):
    reading = detect.read(Source(data))
    if reading is None:
        return []
    found = []
    for session in walk(reading, inspector=Inspector() if skim else None):
        for violation in session.violations:
            span = violation.view.span()
            found.append((violation.event, violation.reason, span.start, span.end))
        for exchange in session.refusals:
            found.append(("refused", exchange.replies[-1].code, exchange.replies[-1].span.start, 0))
    return found


@given(st.lists(sessions(), min_size=2, max_size=8))
def test_skimmed_equals_walked(texts):
    data = "".join(texts).encode()
    assert faults(data, skim=True) == faults(data, skim=False)


def test_whole_sessions_are_passed_over():
    data = ("\n".join(LINES) + "\n").encode() * 50
    reading = detect.read(Source(data))
    assert len(list(walk(reading, inspector=Inspector()))) < 5
    assert len(list(walk(detect.read(Source(data))))) == 50
