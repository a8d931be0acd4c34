"""Mail folders: each message is judged as if it were a file of its own, in its place."""

from bisect import bisect_right
from itertools import pairwise

import pytest
from support import CASES, expected, found, subject_of

from smtp_lsp.features import folding, hover, tokens
from smtp_lsp.features.window import window
from smtp_lsp.lint import fix, flood
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import analyse
from smtp_lsp.message import mbox
from smtp_lsp.text.source import Source
from smtp_lsp.text.view import Buffer, View
from tests.messages.mutants import mutate, read_table

FOLDERS = sorted((CASES / "folder").glob("*.expect"))
EVERYTHING = Options(extend_select=("ALL",))
LINE = b"From a@b.example Thu Nov 24 18:22:48 2022\n"


def may_stand(data):
    """Say whether a folder could hold a message without quoting anything in it."""
    first = data.split(b":", 1)[0]
    field = 0 < len(first) <= 76 and all(33 <= octet <= 126 for octet in first)
    return field and data.endswith(b"\n") and b"\nFrom " not in data


MESSAGES = [
    data
    for data in (
        *(path.read_bytes() for path in sorted(CASES.rglob("*.eml"))),
        *(mutate(row.path.read_bytes(), row.edit) for row in read_table()),
    )
    if may_stand(data)
]


def row(messages):
    return b"".join(LINE + message + b"\n" for message in messages)


def told(finding, by):
    """Return all that a finding says, with places counted from *by*; the time of day left out."""
    edits = finding.fix.edits if finding.fix else ()
    undated = [(s.start - by, s.end - by, t if b"Date: " not in t else b"") for s, t in edits]
    return (
        *(finding.span.start - by, finding.span.end - by, finding.rule, finding.key),
        *(finding.severity, sorted(finding.parameters.items())),
        [(place.span.start - by, place.key) for place in finding.related],
        *(finding.fix.key if finding.fix else "", undated),
        finding.withheld.reason if finding.withheld else "",
    )


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.stem)
def test_case(path):
    subject = subject_of(path)
    assert found(subject.read_bytes(), subject.name) == expected(path)


def test_each_message_is_judged_by_itself():
    assert len(MESSAGES) > 1500
    folder = analyse(Source(row(MESSAGES), "a.mbox"), EVERYTHING)
    starts = [0, *folder.begins]
    assert len(starts) == len(MESSAGES)
    by_message = [[] for _ in starts]
    for finding in folder.findings:
        number = bisect_right(starts, finding.span.start) - 1
        by_message[number].append(told(finding, starts[number] + len(LINE)))
    for number, message in enumerate(MESSAGES[:-1]):
        alone = [told(each, 0) for each in analyse(Source(message, "a.eml"), EVERYTHING).findings]
        assert sorted(by_message[number], key=str) == sorted(alone, key=str), message


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "all"])
def test_fixes_stay_in_their_message(unsafe):
    data = row(MESSAGES)
    findings = analyse(Source(data, "a.mbox")).findings
    edits = fix.edits_of(findings, unsafe=unsafe)
    assert len(edits) > 100
    mended = fix.applied(data, edits)
    row_of = list(mbox.entries(View(Buffer(mended), 0, len(mended))))
    assert len(row_of) == len(MESSAGES)
    assert {bytes(entry.line) for entry in row_of} == {LINE}
    kept = mbox.entries(View(Buffer(data), 0, len(data)))
    spans = [(entry.message.start, entry.message.end) for entry in kept]
    for start, end, _ in edits:
        assert any(first <= start <= end <= last for first, last in spans)


# -- What is kept, and what an editor asks ----------------------------------------------------

FOLDER = row(message for message in MESSAGES[:300] if b"\n\n" in message)
KEPT = analyse(Source(FOLDER, "a.mbox"), keep=True)
PASSED = analyse(Source(FOLDER, "a.mbox"))
PLACES = range(0, len(FOLDER), 1999)


def test_messages_are_not_kept_for_a_linter():
    assert len(PASSED.messages) == 1
    assert len(KEPT.messages) == len(KEPT.begins) + 1 > 100
    assert PASSED.message is PASSED.messages[0]


@pytest.mark.parametrize("place", PLACES)
def test_a_part_of_a_large_folder_is_shown_as_in_the_whole(place):
    seen = window(PASSED, place, place + 500)
    assert seen.start <= place < seen.end
    shown = tokens.tokens(seen.analysis, place - seen.start, place + 500 - seen.start)
    shifted = [(seen.shifted(span).start, kind) for span, kind in shown]
    assert shifted == [(s.start, kind) for s, kind in tokens.tokens(KEPT, place, place + 500)]
    part, full = hover.hover(seen.analysis, place - seen.start), hover.hover(KEPT, place)
    assert (part is None) == (full is None)
    if part is not None and full is not None:
        assert part.markdown() == full.markdown()


def test_each_message_folds_under_its_line():
    whole = [0, *KEPT.begins]
    folds = [span.start for span in folding.folds(KEPT)]
    assert set(whole) <= set(folds)
    passed = {span.start for span in folding.folds(PASSED)}
    assert set(whole) <= passed


def test_hover_is_of_the_message_at_the_cursor():
    data = (CASES / "folder" / "faults.mbox").read_bytes()
    analysis = analyse(Source(data, "a.mbox"), keep=True)
    texts = []
    for name in (b"Subject: Lunch", b"Subject: Re"):
        shown = hover.hover(analysis, data.index(name) + 1)
        assert shown is not None
        texts.append(shown.markdown())
    assert all("Subject" in text for text in texts)


def test_of_one_rule_so_many_are_shown():
    one = b"From: a@example.org\nMessage-ID: <1@example.org>\n\nx\n"
    findings = analyse(Source(row([one] * 250), "a.mbox")).findings
    assert [each.rule for each in findings] == ["HDR002"] * 250
    shown = flood.shown(findings)
    assert len(shown) == flood.MOST + 1
    for first, second in pairwise(shown[: flood.MOST]):
        assert second.span.start - first.span.start == len(LINE + one + b"\n")


@pytest.mark.parametrize("data", [LINE, LINE + b"\n", b"From \n", b"From a\nFrom b\n", b"x", b""])
def test_what_holds_no_row(data):
    assert analyse(Source(data, "a.mbox")).begins == []
