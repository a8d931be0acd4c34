"""What people wrap around a record changes nothing in what is found in it."""

from functools import lru_cache

import pytest
from support import CASES

from smtp_lsp import dialects
from smtp_lsp.lint.run import analyse
from smtp_lsp.text.source import Source

RECORDS = [
    path for name in dialects.NAMES for path in sorted((CASES / "dialects" / name).glob("*.smtp"))
]


def each_line(wrap):
    def wrapped(data):
        ends = b"\r\n" if data.count(b"\r\n") * 2 > data.count(b"\n") else b"\n"
        lines = data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").split(b"\n")
        if lines and not lines[-1]:
            lines.pop()
        return ends.join(wrap(number, line) for number, line in enumerate(lines)) + ends

    return wrapped


def stamp(number, line):
    return b"2026-03-02 10:%02d:%02d " % (number // 60 % 60, number % 60) + line


def syslog_stamp(number, line):
    return b"Mar  2 10:%02d:%02d: " % (number // 60 % 60, number % 60) + line


def bracket_stamp(number, line):
    return b"[10:%02d:%02d.%03d] " % (number // 60 % 60, number % 60, number % 1000) + line


def lf(data):
    return data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n")


def crlf(data):
    return lf(data).replace(b"\n", b"\r\n")


def fenced(data):
    return b"```\n" + data + (b"" if data.endswith(b"\n") else b"\n") + b"```\n"


def html(data):
    return data.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


WRAPS = {
    "lf": (lf, 0),
    "crlf": (crlf, 0),
    "fence": (fenced, 1),
    "quotation": (each_line(lambda _, line: b"> " + line), 0),
    "quotation-twice": (each_line(lambda _, line: b"> > " + line), 0),
    "indentation": (each_line(lambda _, line: b"    " + line), 0),
    "timestamp": (each_line(stamp), 0),
    "syslog-timestamp": (each_line(syslog_stamp), 0),
    "bracket-timestamp": (each_line(bracket_stamp), 0),
    "box": (each_line(lambda _, line: b"\xe2\x94\x82 " + line + b" \xe2\x94\x82"), 0),
    "html": (html, 0),
    "br": (lambda data: html(lf(data)).replace(b"\n", b"<br>\n"), 0),
    "fence-in-quotation": (lambda data: WRAPS["quotation"][0](fenced(data)), 1),
}


@lru_cache
def findings(data, name):
    """Return the dialect, and by line what is found of the mail; line ends are another matter."""
    analysis = analyse(Source(data, name))
    dialect = analysis.reading.dialect.name if analysis.reading else None
    found = [
        (analysis.source.lines.line_of(finding.span.start), finding.rule, finding.severity)
        for finding in analysis.findings
        if finding.rule not in ("WIR001", "WIR002", "WIR003", "WIR004")
    ]
    return dialect, sorted(found)


# The innermost loop is over the wraps, so that what is expected is found once.
@pytest.mark.parametrize("path", RECORDS, ids=lambda path: f"{path.parent.name}-{path.stem}")
@pytest.mark.parametrize("wrap", WRAPS)
def test_same_findings_in_any_wrapping(path, wrap):
    data = lf(path.read_bytes())
    if b"\r" in data.replace(b"\r\n", b""):
        pytest.fail("a sample with bare CR shows its line ends, and belongs elsewhere")
    name, expected = findings(data, path.name)
    wrapped, shift = WRAPS[wrap]
    told, found = findings(wrapped(data), path.name)
    assert told == name
    # What is said of the file as a whole stands in its first line.
    moved = [(line + shift * (rule != "TRN005"), rule, level) for line, rule, level in expected]
    assert found == moved
