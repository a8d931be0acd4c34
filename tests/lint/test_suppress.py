"""Comments that suppress, and comments that expect."""

import pytest
from support import transcripts

import smtp_lsp
from smtp_lsp.lint import suppress
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import analyse
from smtp_lsp.text.source import Source

HEAD = "S: 220 mx\nC: EHLO a\nS: 250 mx\n"


def found(text, **options):
    findings = smtp_lsp.check(text.encode(), filename="a.smtp", options=Options(**options))
    return [(f.range.start.line, f.rule, f.key) for f in findings]


@pytest.mark.parametrize(
    "name", ["SEQ001", "misordered-data", "SEQ", "correctness", "data-needs-rcpt"]
)
def test_ignore_at_the_end_of_the_line(name):
    assert found(HEAD + f"C: DATA # smtp-lsp: ignore[{name}] why\nS: 503 no\n") == []


def test_ignore_alone_speaks_of_the_next_line_that_says_something():
    text = HEAD + "# smtp-lsp: ignore[SEQ001]\n\n# a remark\nC: DATA\nS: 503 no\n"
    assert found(text) == []
    assert found(HEAD + "C: DATA\n# smtp-lsp: ignore[SEQ001]\nS: 503 no\n") == [
        (4, "SEQ001", "no-mail"),
        (5, "TRN003", "unused"),
    ]


def test_ignore_without_brackets_speaks_of_all_rules():
    assert found(HEAD + "C: DATA # smtp-lsp: ignore\nS: 503 no\n") == []
    assert found(HEAD + "C: NOOP # smtp-lsp: ignore\nS: 250 ok\n") == [(4, "TRN003", "all")]


def test_another_rule_is_still_found_and_the_comment_unused():
    assert found(HEAD + "C: DATA # smtp-lsp: ignore[DOT001]\nS: 503 no\n") == [
        (4, "SEQ001", "no-mail"),
        (4, "TRN003", "unused"),
    ]


def test_a_suppression_for_a_rule_that_does_not_run_is_not_unused():
    text = HEAD + "C: NOOP # smtp-lsp: ignore[SEQ007]\nS: 250 ok\n"
    assert found(text) == []
    assert found(text, extend_select=["SEQ007"]) == [(4, "TRN003", "unused")]


def test_disable_and_enable():
    two = "C: DATA\nS: 503 no\nC: MAIL FROM:<a@b>\nS: 250 ok\nC: DATA\nS: 503 no\n"
    assert found(HEAD + two) == [(4, "SEQ001", "no-mail"), (8, "SEQ001", "no-rcpt")]
    assert found(HEAD + "# smtp-lsp: disable[SEQ]\n" + two) == []
    halves = two.replace("C: MAIL", "# smtp-lsp: enable[SEQ]\nC: MAIL")
    assert found(HEAD + "# smtp-lsp: disable[SEQ]\n" + halves) == [(10, "SEQ001", "no-rcpt")]


def test_expect():
    assert found(HEAD + "C: DATA # smtp-lsp: expect[SEQ001]\nS: 503 no\n") == []
    assert found(HEAD + "C: NOOP # smtp-lsp: expect[SEQ001]\nS: 250 ok\n") == [
        (4, "TRN004", "unmet")
    ]


def test_unknown_names_are_reported():
    text = HEAD + "C: NOOP # smtp-lsp: ignore[SEQ999]\nS: 250 ok\n"
    assert found(text) == [(4, "TRN002", "unknown-rule")]


def test_content_is_the_authors():
    text = HEAD + "C: MAIL FROM:<a@b>\nS: 250 ok\nC: RCPT TO:<c@d>\nS: 250 ok\nC: DATA\nS: 354 go\n"
    text += "C: # smtp-lsp: ignore[SEQ]\nC: text # smtp-lsp: nonsense\nC: .\nS: 250 ok\n"
    assert found(text) == []
    bare = text.replace("C: ", "").replace("S: ", "")
    assert found(bare) == []
    early = text.replace("S: 354 go\n", "") + "S: 250 ok\n"
    assert [row for row in found(early) if row[1] in ("TRN002", "TRN003")] == []


@pytest.mark.parametrize(
    "text",
    [
        "220 mx\r\nEHLO a\r\n250 mx\r\nDATA # smtp-lsp: ignore[SEQ001]\r\n503 no\r\n",
        "# smtp-lsp: disable[SEQ001]\nEHLO a\nDATA\nHi\n.\nQUIT\n",
        "send: 'ehlo a\\r\\n'\nreply: b'250 mx\\r\\n'\n"
        "send: 'data\\r\\n' # smtp-lsp: ignore[SEQ001]\nreply: b'503 no\\r\\n'\n",
        "<-  250 mx\n -> EHLO a\n<-  250 mx\n# smtp-lsp: ignore[SEQ001]\n -> DATA\n<-  503 no\n",
        ">>> EHLO a\n<<< 250 mx\n>>> DATA # smtp-lsp: ignore[SEQ001]\n<<< 503 no\n",
        "< 220 mx\n> EHLO a\n< 250 mx\n> DATA # smtp-lsp: ignore[SEQ001]\n< 503 no\n",
    ],
)
def test_every_dialect(text):
    assert found(text) == []


@pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.stem)
def test_comments_written_above_silence_what_is_found(path):
    """``--add-ignore``: nothing that was said is touched, and nothing is found any more."""
    data = path.read_bytes()
    source = Source(data, path.name)
    analysis = analyse(source, keep=True)
    changed = suppress.with_ignores(source, analysis.findings, suppress.contents_of(analysis))
    if changed == data:
        return
    kept = [
        line for line in changed.splitlines(True) if not line.startswith(b"# smtp-lsp: ignore[")
    ]
    assert b"".join(kept) == data
    left = analyse(Source(changed, path.name)).findings
    assert [f for f in left if f.rule not in ("TRN001", "TRN005")] == []
