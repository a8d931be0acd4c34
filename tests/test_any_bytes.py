"""Any octets are read: no exception, spans inside the file, the same answer every time."""

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import CASES, transcripts

from smtp_lsp.features import selfcheck
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import analyse
from smtp_lsp.text.source import Source

FRAGMENTS = [
    b"S: 220 mx\r\n",
    b"C: EHLO a\r\n",
    b"S: 250-mx\r\n",
    b"S: 250 ok\n",
    b"C: MAIL FROM:<a@b>\n",
    b"C: RCPT TO:<c@d>\n",
    b"C: DATA\n",
    b"S: 354 go\n",
    b"C: .\n",
    b".\n",
    b". \n",
    b"C: BDAT 10 LAST\n",
    b"BDAT 99999999999999999999\r\n",
    b"C: AUTH PLAIN AAAA\n",
    b"S: 334 \n",
    b"C: *\n",
    b"220 mx\r\n",
    b"EHLO a\r\n",
    b"DATA\r\n",
    b"354\r\n",
    b"QUIT\r\n",
    b"221 bye\r\n",
    b"send: 'data\\r\\n'\n",
    b"reply: b'354 \\xff\\r\\n'\n",
    b"send: b'a\\r\\n.\\r\\n'\n",
    b" -> DATA\n",
    b"<-  354 go\n",
    b"> DATA\r\n",
    b"< 354 go\r\n",
    b">>> RCPT TO:<a> \\\n   X=Y\n",
    b"<<< 250 ok\n",
    b"# smtp-lsp: dialect=rfc\n",
    b" # smtp-lsp: nonsense\n",
    b"\r",
    b"\0",
    b"\xff\xfe",
    b"\n\n",
    b"C:\n",
    b"prose between\n",
    "é😀\u2028".encode(),
    b"   ",
    b"S: 250",
]
FILES = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=12)), max_size=40).map(
    b"".join
)
CUTS = 25 if settings.default.max_examples >= 10_000 else 7
"""Places at which each case is cut; the thorough profile takes more."""
NAMES = st.sampled_from(["a.smtp", "a.eml", "a"])


def checked(data, name):
    analysis = analyse(Source(data, name), Options(select=["ALL"]), keep=True)
    for finding in analysis.findings:
        for span in (finding.span, *(place.span for place in finding.related)):
            assert 0 <= span.start <= span.end <= len(data)
        assert finding.range.start.line >= 1
        assert finding.message
    return [(f.rule, f.key, f.span.start, f.span.end) for f in analysis.findings]


@settings(max_examples=1500)
@given(FILES, NAMES)
def test_any_octets(data, name):
    assert checked(data, name) == checked(data, name)


@settings(max_examples=300)
@given(FILES, NAMES)
def test_every_feature_at_every_place(data, name):
    assert selfcheck.run(data, name)


@pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.stem)
def test_every_case_cut_anywhere(path):
    """A record that breaks off is read, whatever it breaks off in: elsewhere in each file."""
    data = path.read_bytes()[:6000]
    step = max(1, len(data) // CUTS)
    for end in range(zlib.crc32(data) % step, len(data), step):
        checked(data[:end], path.name)
        checked(data[end:], path.name)


def test_the_message_reader_rejoins():
    from smtp_lsp import message

    for path in sorted(CASES.rglob("*.eml")):
        data = path.read_bytes()
        parsed = message.parse(data)
        header, body = bytes(parsed.header), bytes(parsed.body)
        assert data.startswith(header)
        assert data.endswith(body)
        assert data[len(header) : len(data) - len(body)].strip() == b""
