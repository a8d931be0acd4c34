"""Raw text in a header is encoded in the charset that was asked for, and in no other."""

import pytest
from support import CASES

from smtp_lsp import config
from smtp_lsp.lint import fix
from smtp_lsp.lint.options import OptionError, Options
from smtp_lsp.lint.run import lint
from smtp_lsp.text.source import Source

RAW = (
    b"From: Ren\xe9 <r@example.org>\nDate: Tue, 3 Mar 2026 09:12:44 +0100\nSubject: \x8c\xe9\n\nx\n"
)


def mended(data, charset, name="a.eml"):
    findings = lint(Source(data, name), Options(header_charset=charset))
    return fix.applied(data, fix.edits_of(findings, unsafe=True))


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("windows-1252", b"windows-1252"),
        ("cp1252", b"windows-1252"),
        ("koi8-r", b"koi8-r"),
        ("latin2", b"iso-8859-2"),
    ],
)
def test_what_was_asked_for(charset, name):
    data = RAW.replace(b"\x8c", b"")
    wanted = data.replace(b"Ren\xe9", b"=?%b?Q?Ren=E9?=" % name)
    assert mended(data, charset) == wanted.replace(b": \xe9", b": =?%b?Q?=E9?=" % name)


def test_nothing_without_it():
    assert mended(RAW, "") == RAW


def test_what_it_cannot_say_is_left():
    """0x8C is a control in ISO-8859-1: it is not that."""
    assert mended(RAW, "iso-8859-1") == RAW
    assert b"=?windows-1252?Q?=8C=E9?=" in mended(RAW, "windows-1252")


def test_in_a_transcript():
    data = (CASES / "fixes" / "message-in-dialogue.smtp").read_bytes()
    raw = data.replace(b"C: From:", b"C: Subject: \xe9t\xe9 a\nC: From:", 1)
    assert raw != data
    assert b"=?iso-8859-15?Q?=E9t=E9?= " in mended(raw, "iso-8859-15", "a.smtp")


@pytest.mark.parametrize("charset", ["nonsense", "rot13", "utf-16", "iso-2022-jp", "é", "base64"])
def test_what_is_none_is_refused(charset):
    with pytest.raises(OptionError, match="header-charset"):
        Options(header_charset=charset)


def test_the_key():
    settings = config.Settings("x", config.checked({"header-charset": "koi8-r"}, "x"))
    assert config.options(settings).header_charset == "koi8-r"
    with pytest.raises(config.ConfigError, match="header-charset"):
        config.options(config.Settings("x", {"header-charset": "rot13"}))
