"""Names of character sets, and what octets say in them."""

import pytest

from smtp_lsp.message import charsets


@pytest.mark.parametrize(
    "name",
    [
        *(b"us-ascii", b"UTF-8", b"utf8", b"ISO-8859-15", b"windows-1252", b"cp1252", b"Big5"),
        *(b"ISO-2022-JP", b"GB18030", b"iso-8859-8-i", b"KOI8-R", b"iso-2022-cn", b"unknown-8bit"),
    ],
)
def test_known(name):
    assert charsets.is_known(name)


@pytest.mark.parametrize(
    "name",
    [
        *(b"", b"base64", b"rot13", b"hex", b"idna", b"punycode", b"unicode_escape", b"x-unknown"),
        *(b"utf 8", b"utf-8;", b"\xff", b"a\0b", b"../x", b"_", b"none", b"%s" % (b"a" * 5000)),
    ],
)
def test_unknown(name):
    assert not charsets.is_known(name)
    assert charsets.decode(b"x", name) is None


def test_decoding():
    assert charsets.decode(b"caf\xe9", b"Latin1") == "café"
    assert charsets.decode(b"caf\xe9", b"utf-8") is None
    assert charsets.decode(b"x", b"viscii") is None


def test_names_that_are_not_registered():
    assert charsets.preferred(b"UTF8") == "UTF-8"
    assert charsets.preferred(b"utf-8") is None
    assert charsets.preferred(b"iso-88591") == "ISO-8859-1"
