"""Values of header fields: what a finding says, and that no octets in any of them matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import CASES

from smtp_lsp import message
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.rules import all_rules
from smtp_lsp.text.source import Source

HEAD = b"From: a@b.example\nDate: Mon, 02 Mar 2026 10:00:00 +0000\nMessage-ID: <1@b.example>\n"
NAMES = (
    *("Date", "Message-ID", "References", "Received", "DKIM-Signature", "Authentication-Results"),
    *("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Priority", "Bcc", "Subject"),
)
WORDS = (
    *(b"<", b">", b"@", b";", b",", b":", b"=", b"(", b")", b'"', b"\\", b"[", b"]", b"%%a%%"),
    *(b" ", b"\n ", b"\r\n\t", b"Mon", b"02", b"Mar", b"2026", b"99", b"10", b"+0100", b"GMT"),
    *(b"from", b"by", b"with", b"id", b"for", b"a.example", b"v=1", b"b=", b"spf=pass", b"none"),
    *(b"https:", b"NO", b"\xe9", b"\xc3\xa9", b"\x00", b"\x1b$B", b"=?utf-8?q?a?=", b"{{a}}"),
)
MINE = {
    rule.name
    for rule in all_rules()
    if rule.code[:3] == "HDR" and rule.default and rule.check.__module__ != "smtp_lsp.rules.header"
}


def findings(header, **options):
    found = lint(Source(HEAD + header + b"Subject: x\n\nhi\n", "a.eml"), Options(**options))
    return [finding for finding in found if finding.rule[:3] == "HDR"]


@given(st.sampled_from(NAMES), st.lists(st.sampled_from(WORDS), max_size=14))
def test_any_value_is_judged_and_the_places_are_in_the_file(name, words):
    value = b"".join(words)
    data = HEAD + name.encode() + b": " + value + b"\n\nhi\n"
    for finding in lint(Source(data, "a.eml"), Options(extend_select=["HDR"])):
        for span in (finding.span, *(place.span for place in finding.related)):
            assert 0 <= span.start <= span.end <= len(data)
        assert finding.message
        assert finding.help


@pytest.mark.parametrize("context", [message.STORED, message.WIRE])
def test_the_weekday_that_it_is(context):
    data = b"Resent-From: a@b.example\nResent-Date: Fri, 29 Feb 2024 10:00:00 +0000\n"
    (finding,) = findings(data, context=context)
    assert finding.parameters["date"] == "29 Feb 2024"
    assert finding.parameters["right"] == "Thu"


def test_places_that_belong_together_are_related():
    (finding,) = findings(b"X-A: \xe9\nX-B: b\nX-C: \xe9\xe9\n")
    assert finding.parameters == {"name": "X-A", "octet": "E9", "count": "2"}
    assert [place.range.start.line for place in finding.related] == [6]


def test_a_blind_copy_is_shown_from_the_first_to_the_last_address():
    stamp = b"Received: from a by b; Mon, 02 Mar 2026 10:00:00 +0000\n"
    (finding,) = findings(b"Bcc: c@b.example, D <d@b.example>\n" + stamp)
    assert finding.parameters["count"] == "2"
    assert finding.span.end - finding.span.start == len("c@b.example, D <d@b.example>")


def test_the_recipients_of_each_message_of_a_session():
    """Those of the transaction before are none, nor is one that was refused."""
    lines = [b"S: 220 mx", b"C: EHLO a", b"S: 250 mx"]
    for recipients in ((b"c@b.example",), (b"c@b.example", b"d@b.example")):
        lines += [b"C: MAIL FROM:<a@b.example>", b"S: 250 Ok", b"C: RCPT TO:<no@b.example>"]
        lines += [b"S: 550 5.1.1 No such user"]
        for recipient in recipients:
            lines += [b"C: RCPT TO:<" + recipient + b">", b"S: 250 Ok"]
        lines += [b"C: DATA", b"S: 354 Go ahead"]
        lines += [b"C: " + line for line in (HEAD + b"Bcc: c@b.example\n\nhi\n.").split(b"\n")]
        lines += [b"S: 250 Ok"]
    found = lint(Source(b"\n".join(lines) + b"\n", "a.smtp"))
    bcc = [finding.range.start.line for finding in found if finding.rule == "HDR032"]
    assert bcc == [i for i, line in enumerate(lines, 1) if line.startswith(b"C: Bcc")][1:]


@pytest.mark.parametrize("path", sorted((CASES / "messages").rglob("*.eml")), ids=str)
def test_what_libraries_write_is_in_order_but_for_what_is_known(path):
    """Lines of an ``.expect`` there are: line, slug, and what is wrong."""
    known = path.with_suffix(".expect")
    rows = (
        [line.split() for line in known.read_text("utf-8").splitlines()] if known.exists() else []
    )
    wanted = [(int(row[0]), row[1]) for row in rows if row and row[1] in MINE]
    found = lint(Source(path.read_bytes(), str(path)))
    mine = [(each.range.start.line, each.name) for each in found if each.name in MINE]
    assert mine == wanted
