"""Each dialect has samples, is told from them, and blames the mail for nothing in them."""

import pytest
from support import CASES, expected, found

from smtp_lsp import dialects
from smtp_lsp.dialects import detect
from smtp_lsp.dialects.utterance import CLIENT, SERVER, Boundary, Content, Utterance
from smtp_lsp.grammar import speech
from smtp_lsp.lint.run import analyse, lint
from smtp_lsp.text.source import Source

SAMPLES = [
    (name, path)
    for name in dialects.NAMES
    for path in sorted((CASES / "dialects" / name).glob("*.smtp"))
]
RECORDED = sorted((CASES / "samples").rglob("*.smtp"))

# True findings on real software, each justified in ../cases/README.md.
TRUE = {
    "curl-trace-ascii": {"HDR002"},
    "curl-trace-hex": {"HDR002"},
    "debuglevel1-rcpt-rejected": {"WIR001"},
    "perl-net-smtp": {"HDR002"},
    "protocollogger": {"HDR002"},
    "smtp-client-errors": {"RPL002"},
    "smtp-server-trace": {"ESC001", "HDR002"},
    "smtpd": {"CMD001"},
}
# What the folders and files of the recorded output are, where their names do not say so.
TOLD = {
    "curl-trace-ascii": "curl-trace-ascii",
    "curl-trace-hex": "curl-trace",
    "exim-v": "exim",
    "neomutt": "mutt",
    "openssl-s_client": "openssl",
    "perl-net-smtp": "perl",
    "postfix-transcript": "postfix-notice",
    "postfix-verbose": "postfix-log",
    "quiet-tty": "capture",
    "ruby-net-smtp": "ruby",
    "no-hints": "capture",
    "telnet": "capture",
    "wireshark-text": "wireshark",
}


def reading_of(path):
    return detect.read(Source(path.read_bytes(), path.name))


@pytest.mark.parametrize("name", dialects.NAMES)
def test_three_samples(name):
    assert len([path for dialect, path in SAMPLES if dialect == name]) >= 3


@pytest.mark.parametrize(("name", "path"), SAMPLES, ids=lambda value: getattr(value, "stem", value))
def test_told_by_content(name, path):
    reading = reading_of(path)
    assert reading is not None
    assert reading.dialect.name == name


@pytest.mark.parametrize(("name", "path"), SAMPLES, ids=lambda value: getattr(value, "stem", value))
def test_no_error_in_what_is_right(name, path):
    expectation = path.with_suffix(".expect")
    wanted = expected(expectation) if expectation.exists() else []
    assert found(path.read_bytes(), path.name) == wanted


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_recorded_output_is_read(path):
    analysis = analyse(Source(path.read_bytes(), str(path)), keep=True)
    folder = path.parent.name
    assert analysis.reading.dialect.name == TOLD.get(path.stem, TOLD.get(folder, folder))
    assert analysis.reading.certain
    assert analysis.sessions
    wrong = {f.rule for f in analysis.findings if f.severity in ("error", "warning")}
    assert wrong == TRUE.get(path.stem, TRUE.get(folder, set()))


@pytest.mark.parametrize(("name", "path"), SAMPLES, ids=lambda value: getattr(value, "stem", value))
def test_the_server_says_replies(name, path):
    """Whichever arrow or letter it has: outside content, the server's lines are replies."""
    reading = reading_of(path)
    said = {CLIENT: [], SERVER: []}
    for item in reading:
        assert isinstance(item, (Utterance, Content, Boundary))
        if isinstance(item, Utterance) and item.who in said:
            said[item.who].append(bytes(item))
    if name in ("capture", "client"):
        return
    replies = [line for line in said[SERVER] if speech.is_reply(line)]
    assert len(replies) * 10 >= len(said[SERVER]) * 8
    if said[CLIENT]:
        assert any(speech.command(line).likely for line in said[CLIENT])


def test_directive_names_the_dialect():
    source = Source(b"# smtp-lsp: dialect=capture\r\n220 mx\r\nEHLO a\r\n250 mx\r\n")
    assert detect.read(source).dialect.name == "capture"


def test_unknown_dialect_is_refused_when_asked_for():
    with pytest.raises(detect.UnknownDialectError):
        detect.read(Source(b"220 mx\r\n"), "telepathy")


def test_unknown_dialect_in_a_directive_is_a_finding():
    source = Source(b"# smtp-lsp: dialect=telepathy\r\nS: 220 mx\r\nC: QUIT\r\n", "a.smtp")
    assert [(f.rule, f.key) for f in lint(source)] == [("TRN002", "unknown-dialect")]


@pytest.mark.parametrize("who", ["C:", "Client:", "client:", "C :"])
def test_words_for_the_client(who):
    data = f"S: 220 mx\n{who} EHLO a\nS: 250 mx\n{who} DATA\nS: 503 no\n".encode()
    assert [f.rule for f in lint(Source(data, "a.smtp"))] == ["SEQ001"]


def test_positions_inside_a_repr_lead_back_to_the_file():
    data = (
        b"send: 'ehlo [127.0.0.1]\\r\\n'\n"
        b"reply: b'250 mx\\r\\n'\n"
        b"send: 'data\\r\\n'\n"
        b"reply: b'503 no\\r\\n'\n"
    )
    (finding,) = lint(Source(data, "a.smtp"))
    assert data[finding.span.start : finding.span.end] == b"data"
    assert (finding.rule, finding.range.start.line) == ("SEQ001", 3)


def test_stuffing_is_judged_inside_a_repr():
    data = (
        b"send: 'ehlo a\\r\\n'\nreply: b'250-mx\\r\\n'\nreply: b'250 SMTPUTF8\\r\\n'\n"
        b"send: 'mail FROM:<a@b.example>\\r\\n'\nreply: b'250 ok\\r\\n'\n"
        b"send: 'rcpt TO:<c@d.example>\\r\\n'\nreply: b'250 ok\\r\\n'\n"
        b"send: 'data\\r\\n'\nreply: b'354 go\\r\\n'\n"
        b"send: b'From: a@b.example\\r\\nDate: 3 Mar 2026 10:00 +0000\\r\\n\\r\\n"
        b"\\x41\\r\\n.profile\\r\\n.\\r\\n'\n"
        b"reply: b'250 ok\\r\\n'\n"
    )
    (finding,) = lint(Source(data, "a.smtp"))
    assert finding.rule == "DOT003"
    assert data[finding.span.start : finding.span.start + 8] == b".profile"


def test_bdat_octets_are_no_commands_whatever_the_line_ends():
    body = b"DATA\r\n.\r\nQUIT\r\n"
    head = b"220 mx\r\nEHLO a\r\n250 CHUNKING\r\nMAIL FROM:<a@b.example>\r\n250 ok\r\n"
    head += b"RCPT TO:<c@d.example>\r\n250 ok\r\nBDAT %d LAST\r\n" % len(body)
    tail = b"250 ok\r\nQUIT\r\n221 bye\r\n"
    for data in (head + body + tail, (head + body + tail).replace(b"\r\n", b"\n")):
        assert lint(Source(data, "a.smtp")) == []
