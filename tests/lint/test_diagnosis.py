"""What made a session fail, case by case, in both languages; and what is no failure."""

import re
import tomllib

import pytest
from support import CASES, transcripts

from smtp_lsp import check, pages, registry
from smtp_lsp.features import hover, lens
from smtp_lsp.grammar import speech
from smtp_lsp.lint.diagnosis import Summary, never_begun
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import analyse
from smtp_lsp.registry import generate
from smtp_lsp.rules.diagnosis import diagnose, table
from smtp_lsp.text.source import Source

FOLDER = CASES / "diagnosis"
FORUM = sorted((CASES / "forum").glob("*.cause"))
PATHS = [*sorted(FOLDER.glob("*.smtp")), *sorted((CASES / "forum").glob("*.smtp"))]
REPLIES = [row.split("\t") for row in (FOLDER / "replies.tsv").read_text("utf-8").splitlines()[1:]]
KEYS = pages.entries(pages.read("en", "rules", "session-failed")["messages"])

HEAD = b"S: 220 mx.example\nC: EHLO a.example\nS: 250-mx.example\nS: 250 8BITMIME\n"
MAIL = b"C: MAIL FROM:<a@b.example>\nS: 250 2.1.0 ok\n"
RCPT = b"C: RCPT TO:<c@d.example>\nS: 250 2.1.5 ok\n"
REFUSED = b"C: RCPT TO:<e@d.example>\nS: 550 5.1.1 no such user\n"
DATE = b"C: Date: Tue, 24 Nov 2026 10:00:00 +0000\n"
DATA = b"C: DATA\nS: 354 go\nC: From: <a@b.example>\n" + DATE + b"C:\nC: hi\nC: .\n"
TAKEN = b"S: 250 2.0.0 ok\n"
QUIT = b"C: QUIT\nS: 221 2.0.0 bye\n"


def told(data, locale="en", name="a.smtp", **chosen):
    summaries = []
    source = Source(data, name)
    options = Options(locale=locale, **chosen)
    analyse(
        source,
        options,
        keep=True,
        each=lambda session, found: summaries.append(Summary(session, found, source, locale)),
    )
    return summaries


def keys(data):
    analysis = analyse(Source(data, "a.smtp"), keep=True)
    found = (diagnose(session) for session in analysis.sessions)
    return [each.key for each in found if each is not None]


def rules(data):
    return [finding.rule for finding in check(data, filename="a.smtp")]


@pytest.mark.parametrize("locale", pages.LOCALES)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_case(path, locale):
    data = path.read_bytes()
    lines = [line for each in told(data, locale, path.name) for line in each.lines]
    options = Options(locale=locale)
    lines = lines or never_begun(analyse(Source(data, path.name), options).findings)
    shown = "".join(f"{line}\n" for line in lines)
    assert shown == path.with_suffix(f".diagnosis.{locale}").read_text("utf-8")


@pytest.mark.parametrize("path", FORUM, ids=lambda path: path.stem)
def test_what_people_post(path):
    """Written by somebody who had not seen the program: the line that decided, or none."""
    line = path.read_text("utf-8").split("\n", 1)[0]
    subject = path.with_suffix(".smtp")
    data = subject.read_bytes()
    lines = [s.cause.range.start.line for s in told(data, name=subject.name) if s.cause]
    if not lines:
        findings = analyse(Source(data, subject.name)).findings
        lines = [f.range.start.line for f in findings if f.rule == "RPL090"]
    # A command that is wrong in itself is told where it stands, and not at its reply.
    assert not lines if line == "-" else int(line) in (lines[0], lines[0] + 1)


def test_there_are_cases():
    assert len(PATHS) >= 30


# -- what is a failure, and what is none ---------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        HEAD + QUIT,
        HEAD + MAIL + RCPT + QUIT,
        HEAD + MAIL + REFUSED + RCPT + DATA + TAKEN + QUIT,
        HEAD + MAIL + RCPT + REFUSED + DATA,
        HEAD + MAIL + REFUSED + RCPT,
        HEAD + b"C: VRFY bob\nS: 252 2.5.2 try\nC: EXPN x\nS: 502 5.5.1 no\n" + QUIT,
        HEAD + MAIL + REFUSED + b"C: RSET\nS: 250 ok\n" + MAIL + RCPT + DATA + TAKEN + QUIT,
        b"S: 220 mx.example\nC: EHLO a\nS: 502 no\nC: HELO a\nS: 250 mx\n" + MAIL + RCPT + QUIT,
    ],
)
def test_no_failure(data):
    assert keys(data) == []
    assert "RPL090" not in rules(data)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (HEAD + MAIL + REFUSED + QUIT, "no-such-recipient"),
        (HEAD + MAIL + RCPT + REFUSED + QUIT, "no-such-recipient"),
        (HEAD + MAIL + RCPT + DATA + b"S: 554 5.7.1 spam\n" + QUIT, "message-spam"),
        (HEAD + b"S: 421 4.3.2 shutting down\n", "closed-unasked"),
        (HEAD + b"C: STARTTLS\nS: 454 4.7.0 not now\n" + QUIT, "starttls-later"),
        (b"S: 554 no service\n", "greeting-refused"),
        (b"S: 521 5.3.2 no mail here\n", "greeting-no-mail"),
        (b"S: 421 4.3.2 too busy\n", "greeting-later"),
        (HEAD + b"C: HALLO\nS: 500 5.5.2 what?\n" + QUIT, "unknown-command"),
    ],
)
def test_failure(data, key):
    assert keys(data) == [key]


def test_one_cause_is_one_finding():
    """The refusal that decided, and all that follows from it, are told once."""
    data = HEAD + MAIL + REFUSED + REFUSED.replace(b"<e@", b"<f@") + QUIT
    (finding,) = check(data, filename="a.smtp")
    assert finding.rule == "RPL090"
    assert [place.key for place in finding.related] == ["answers", "refused-too"]


def test_another_reason_stays_a_finding():
    data = HEAD + MAIL + REFUSED + b"C: RCPT TO:<f@d.example>\nS: 452 4.2.2 full\n" + QUIT
    assert rules(data) == ["RPL090", "RPL001"]


def test_an_error_that_is_the_cause_stands_alone():
    data = HEAD + MAIL + b"C: DATA\nS: 503 5.5.1 no recipient\n" + QUIT
    assert rules(data) == ["SEQ001"]
    (summary,) = told(data)
    assert summary.failed
    assert summary.cause.rule == "SEQ001"


def test_what_comes_out_of_order_points_back():
    data = HEAD + b"C: MAIL FROM:<a@b.example>\nS: 450 4.3.2 later\nC: RCPT TO:<c@d.example>\n"
    found = {f.rule: f for f in check(data + b"S: 503 5.5.1 MAIL first\n", filename="a.smtp")}
    assert set(found) == {"RPL090", "SEQ003"}
    line = found["RPL090"].range.start.line
    assert line in [place.range.start.line for place in found["SEQ003"].related]


def test_a_directive_that_means_the_refusal_means_the_failure():
    data = HEAD + MAIL + b"# smtp-lsp: expect[refused-by-server]\n" + REFUSED
    assert rules(data.replace(b"\nS: 550", b"\n# smtp-lsp: ignore[RPL001]\nS: 550")) != ["RPL090"]
    wanted = HEAD + MAIL + REFUSED.replace(b"\nS:", b"\n# smtp-lsp: expect[refused-by-server]\nS:")
    assert rules(wanted) == []


def test_the_summary_does_not_need_the_rule():
    (summary,) = told(HEAD + MAIL + REFUSED + QUIT, select=["SEQ"])
    assert summary.title.startswith("failed: there is no such recipient")


def test_secrets_are_not_shown():
    secret = b"c2VjcmV0LXNlY3JldA=="
    data = HEAD.replace(b"8BITMIME", b"AUTH LOGIN PLAIN") + b"C: AUTH PLAIN " + secret
    data += b"\nS: 535 5.7.8 no\nC: " + secret + b"\nS: 500 5.5.2 what?\n" + QUIT
    for locale in pages.LOCALES:
        for summary in told(data, locale):
            assert secret.decode() not in "\n".join(summary.lines)
    for one in lens.lenses(analyse(Source(data, "a.smtp"), keep=True)):
        assert secret.decode() not in one.title


# -- the tables ----------------------------------------------------------------


@pytest.mark.parametrize("row", REPLIES, ids=lambda row: f"{row[0]}-{row[1][:40]}")
def test_what_a_reply_means(row):
    """Replies as servers in use write them, each with the cause that it tells."""
    event, reply, key = row
    line = speech.reply_line(reply.encode())
    enhanced = line.text[slice(*line.enhanced)] if line.enhanced else b""
    assert table.key_of(event, line.code, enhanced, line.text[line.text_start :]) == key


def test_every_kind_of_refusal_has_words():
    refined_always = {"auth-needs-tls"}
    assert {row.key for row in table.ROWS} - refined_always <= set(KEYS)


@pytest.mark.parametrize("event", ["GREETING", "HELLO", "AUTH", "MAIL", "RCPT", "DATA", "END", ""])
@pytest.mark.parametrize("code", [421, 450, 500, 535, 550, 554, 650])
def test_every_refusal_is_of_some_kind(event, code):
    assert table.key_of(event, code, b"", b"")


@pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.stem)
def test_every_case_has_words(path):
    for summary in told(path.read_bytes(), name=path.name):
        assert "{" not in summary.title or "{" in path.read_text("latin-1")
        assert "session-failed:" not in summary.title


def test_providers_have_pages_in_both_languages():
    rows = registry.table("providers")["provider"]
    assert len(rows) <= 20
    for row in rows:
        assert row["reference"]
        wanted = {reply["key"] for reply in row["reply"]}
        assert len(wanted) == len(row["reply"])
        for locale in pages.LOCALES:
            page = pages.read(locale, "providers", row["name"])
            assert page.title == row["title"]
            found = pages.entries(page["replies"])
            assert set(found) == wanted
            assert all(meaning and do for meaning, do in found.values())


def test_providers_are_told_by_words_and_patterns_that_are_linear():
    facts = tomllib.loads((generate.FACTS / "providers.toml").read_text("utf-8"))
    for row in facts["provider"]:
        words = [*row["greeting"], *row["text"]]
        for reply in row["reply"]:
            words += reply["words"]
            assert reply["words"] or reply["pattern"]
            re.compile(reply["pattern"].encode())
            assert not re.search(r"[*+]\)[*+]|\.\*.*\.\*", reply["pattern"])
        assert all(word == word.lower() and len(word) > 2 for word in words)


def test_a_hover_says_what_the_provider_means():
    data = (FOLDER / "gmail-app-password-phpmailer.smtp").read_bytes()
    analysis = analyse(Source(data, "a.smtp"), keep=True)
    shown = hover.hover(analysis, data.index(b"534-5.7.9")).markdown()
    assert "Gmail says: " in shown
    assert shown.count("Gmail says: ") == 1


def test_a_thousand_good_sessions_are_told_in_a_line():
    good = HEAD + MAIL + RCPT + DATA + TAKEN + QUIT
    summaries = []
    source = Source(good * 1000, "a.smtp")
    options = Options()
    analysis = analyse(
        source,
        options,
        each=lambda session, found: summaries.append(Summary(session, found, source, "en")),
    )
    assert len(summaries) < 5
    assert analysis.reading.boundaries
