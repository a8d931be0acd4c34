"""WIR: line ends, lengths, octets, and the grid of false ends of data."""

import itertools

import pytest
from support import CASES, expected, found, subject_of

from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.text.source import Source

EXPECTATIONS = sorted((CASES / "wire").glob("*.expect"))

CRLF, LF, CR, CRCRLF = b"\r\n", b"\n", b"\r", b"\r\r\n"
BEFORE = (CRLF, LF, CR, CRCRLF, CRLF + b"\0", LF + b"\0")
AFTER = (CRLF, LF, CR, CRCRLF)
GRID = list(itertools.product(BEFORE, (b"", b"\0"), AFTER))
TRUE_ENDS = ((CRLF, b"", CRLF), (CRCRLF, b"", CRLF))
HEADER = b"From: a@example.org\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\nSubject: Hi\r\n\r\n"
COMMANDS = b"EHLO a.example\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.test>\r\nDATA\r\n"
SMUGGLED = b"MAIL FROM:<c@example.org>\r\nRCPT TO:<d@example.test>\r\nDATA\r\nSubject: x\r\n\r\ny"


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_case(path):
    subject = subject_of(path)
    rows = [row for row in found(subject.read_bytes(), str(subject)) if row[1].startswith("WIR")]
    wanted = [row for row in expected(path) if row[1].startswith("WIR")]
    assert rows == wanted, path.read_text("utf-8").splitlines()[0]


def client(content):
    return COMMANDS + content + b"\r\n.\r\nQUIT\r\n"


def capture(content):
    return (
        b"220 mx.example.test ESMTP\r\nEHLO a.example\r\n250 mx.example.test\r\n"
        b"MAIL FROM:<a@example.org>\r\n250 Ok\r\nRCPT TO:<b@example.test>\r\n250 Ok\r\n"
        b"DATA\r\n354 go ahead\r\n" + content + b"\r\n.\r\n250 Ok\r\nQUIT\r\n221 Bye\r\n"
    )


def smtplib(content):
    sent = [line + b"\r\n" for line in COMMANDS.splitlines()]
    replies = [b"250 mx\r\n", b"250 Ok\r\n", b"250 Ok\r\n", b"354 go ahead\r\n", b"250 Ok\r\n"]
    lines = []
    for said, reply in zip([*sent, content + b"\r\n.\r\n"], replies, strict=True):
        lines += [f"send: {said!r}", f"reply: {reply!r}"]
    return "\n".join([*lines, "send: b'quit\\r\\n'", "reply: b'221 Bye\\r\\n'", ""]).encode()


def wire(data):
    findings = lint(Source(data, "a.smtp"), Options(extend_select=["WIR"]))
    return [(f.name, f.severity) for f in findings if f.rule.startswith("WIR")]


def name(cell):
    return repr(b"".join((cell[0], b".", *cell[1:])))[2:-1]


@pytest.mark.parametrize("written", [client, capture, smtplib], ids=lambda f: f.__name__)
@pytest.mark.parametrize("cell", [cell for cell in GRID if cell not in TRUE_ENDS], ids=name)
class TestFalseEnds:
    def test_with_commands_behind_it(self, cell, written):
        before, nul, after = cell
        content = HEADER + b"text" + before + b"." + nul + after + SMUGGLED
        assert wire(written(content)) == [("smuggling-eod", "error")]

    def test_with_text_behind_it(self, cell, written):
        before, nul, after = cell
        content = HEADER + b"text" + before + b"." + nul + after + b"More text, and no more."
        assert wire(written(content)) == [("smuggling-eod", "warning")]

    def test_with_line_ends_that_say_nothing(self, cell, written):
        before, nul, after = cell
        content = HEADER + b"text" + before + b"." + nul + after + SMUGGLED
        if written is not smtplib and not nul and not before.endswith(b"\0"):
            data = written(content).replace(CRLF, LF).replace(CR, LF)
            assert wire(data) == []


def test_the_grid_has_46_false_ends():
    assert len(GRID) == 48
    assert len([cell for cell in GRID if cell not in TRUE_ENDS]) == 46


@pytest.mark.parametrize("written", [client, capture, smtplib], ids=lambda f: f.__name__)
def test_the_true_end(written):
    assert wire(written(HEADER + b"text")) == []


@pytest.mark.parametrize("written", [client, capture, smtplib], ids=lambda f: f.__name__)
def test_a_bare_cr_before_the_true_end(written):
    assert wire(written(HEADER + b"text\r")) == [("no-bare-cr", "warning")]


def test_off_by_default():
    content = HEADER.replace(b"Subject: Hi", b"Apparently-To: b@example.test") + b"bell \x07"
    data = client(content)
    assert [f.rule for f in lint(Source(data, "a.smtp"))] == []
    assert wire(data) == [("no-apparently-to", "info"), ("control-chars-avoided", "info")]


def test_a_7_bit_character_set_shifts_by_controls():
    content = HEADER + b"\x1b$B$3$s\x1b(B"
    assert wire(client(content)) == []
    assert wire(client(content + b"\x07")) == [("control-chars-avoided", "info")]


@pytest.mark.parametrize(
    ("label", "rules"),
    [
        (b"", ["8bit-body-needs-cte"]),
        (b"Content-Transfer-Encoding: 7bit\n", ["8bit-body-needs-cte"]),
        (b"Content-Transfer-Encoding:\n 8bit\n", []),
        (b"Content-Transfer-Encoding: binary\n", []),
    ],
)
def test_the_label_of_a_stored_message(label, rules):
    data = b"From: a@example.org\nMIME-Version: 1.0\n" + label + "\nété\n".encode()
    found = lint(Source(data, "a.eml"))
    assert [f.name for f in found if f.rule.startswith("WIR")] == rules


def test_nothing_says_what_octets_above_127_are_without_mime():
    found = lint(Source("From: a@example.org\n\nété\n".encode(), "a.eml"))
    assert [f.name for f in found if f.rule.startswith("WIR")] == ["8bit-body-needs-cte"]


def test_a_chunk_may_end_in_the_midst_of_a_line_end():
    data = (
        b"EHLO a.example\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.test>\r\n"
        b"BDAT 8\r\nA: b\r\n\r\rBDAT 8 LAST\r\n\ntext\r\n\r\nQUIT\r\n"
    )
    assert [name for name, _ in wire(data) if name == "no-bare-lf"] == []
