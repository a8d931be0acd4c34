"""Names of character sets: which are known, and what their octets say.

A name is taken for known where Python has a codec that goes by it, or where IANA lists it and
Python has none (``_WITHOUT_CODEC``). Codecs are looked up when a name is first asked for.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production

# mime-charset = 1*mime-charset-chars (RFC 2978 2.3), and what else IANA's names have. They begin
# with a letter or a digit; Python's codecs pass over apostrophes that somebody took for quotes.
_NAME = Production(rb"[A-Za-z0-9][A-Za-z0-9!#$%&'+^_`{}~.:()-]{0,59}")

# Registered names that Python cannot decode.
_WITHOUT_CODEC = frozenset(
    (
        *("adobe-standard-encoding", "adobe-symbol-encoding", "ansi_x3.110-1983", "bocu-1"),
        *("cesu-8", "dec-mcs", "ebcdic-us", "gb_1988-80", "hp-legal", "inis"),
        *("iso-10646-ucs-2", "iso-10646-ucs-4", "iso-10646-utf-1", "iso-2022-cn"),
        *("iso-2022-cn-ext", "iso-8859-6-e", "iso-8859-6-i", "iso-8859-8-e", "iso-8859-8-i"),
        *("iso-unicode-ibm-1261", "jis_c6220-1969-ro", "jis_x0201", "jis_x0212-1990"),
        *("koi7-switched", "mnem", "mnemonic", "osd_ebcdic_df04_1", "scsu", "tscii"),
        *("unicode-1-1", "unknown-8bit", "utf-7-imap", "ventura-us"),
        *("viqr", "viscii", "windows-874", "amiga-1251", "brf", "us-dk", "csiso88596e"),
        *("csiso88596i", "csiso88598e", "csiso88598i", "csunknown8bit", "x0201", "x0212"),
    )
)

# Codecs of Python that are no character sets of mail.
_NO_CHARSETS = frozenset(
    (
        *("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"),
        *("palmos", "charmap", "utf-8-sig"),
    )
)

# What is written although it is not registered, and the name that is meant.
_PREFERRED = {
    "ascii": "US-ASCII",
    "big-5": "Big5",
    "cp932": "Windows-31J",
    "cp949": "EUC-KR",
    "eucjp": "EUC-JP",
    "euckr": "EUC-KR",
    "gb2312-80": "GB2312",
    "koi8r": "KOI8-R",
    "koi8u": "KOI8-U",
    "latin-1": "ISO-8859-1",
    "latin_1": "ISO-8859-1",
    "shiftjis": "Shift_JIS",
    "shift-jis": "Shift_JIS",
    "sjis": "Shift_JIS",
    "utf": "UTF-8",
    "utf8": "UTF-8",
    "utf_8": "UTF-8",
    **{f"cp125{digit}": f"windows-125{digit}" for digit in "012345678"},
    **{f"iso8859-{part}": f"ISO-8859-{part}" for part in (*range(1, 12), 13, 14, 15, 16)},
    **{f"iso-8859{part}": f"ISO-8859-{part}" for part in (*range(1, 12), 13, 14, 15, 16)},
}

_codecs: dict[str, str | None] = {}


def codec(name: bytes) -> str | None:
    """Return the name of Python's codec for a character set, or None where there is none."""
    key = name[:61].decode("latin-1").lower()
    if key not in _codecs:
        if len(_codecs) > 1000:
            _codecs.clear()
        _codecs[key] = _codec(key) if _NAME.fullmatch(name) else None
    return _codecs[key]


def _codec(name: str) -> str | None:
    import codecs

    try:
        found = codecs.lookup(name)
        # Codecs such as base64 or rot13 are refused by decode as no text encodings.
        b"text".decode(name)
    except UnicodeError:
        pass
    except (LookupError, ValueError):
        return None
    return None if found.name in _NO_CHARSETS else found.name


_SHIFTING = ("iso2022", "utf-7", "utf_7", "hz")
"""Codecs by which octets mean what those before them say: a text may not be cut anywhere."""


def extends_ascii(name: bytes) -> bool:
    """Say whether a text in that character set may be cut anywhere, and its ASCII is ASCII."""
    found = codec(name)
    if found is None or found.startswith(_SHIFTING):
        return False
    try:
        return "a=".encode(found) == b"a="
    except (UnicodeError, ValueError):
        return False


def registered(name: bytes) -> str:
    """Return *name* as mail has it, where it is another one for ISO-8859 or a Windows charset."""
    found = codec(name) or ""
    for start, mail in (("iso8859-", "iso-8859-"), ("cp125", "windows-125")):
        if found.startswith(start):
            return mail + found[len(start) :]
    return preferred(name) or name.decode("ascii", "replace")


def is_known(name: bytes) -> bool:
    """Say whether *name* names a character set, registered or widely understood."""
    return codec(name) is not None or name.decode("latin-1").lower() in _WITHOUT_CODEC


def preferred(name: bytes) -> str | None:
    """Return the registered name that a common unregistered one means, else None.

    Many of the unregistered names are known (``utf8``), some are not (``iso-88591``).
    """
    return _PREFERRED.get(name.decode("latin-1").lower())


def decode(octets: bytes, name: bytes) -> str | None:
    """Return what *octets* say, or None where they are no text of that character set.

    None also for a character set that is unknown, or that Python has no codec for.
    """
    found = codec(name)
    if found is None:
        return None
    try:
        return octets.decode(found)
    except (UnicodeError, ValueError):
        return None
