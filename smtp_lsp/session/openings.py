"""How sessions begin: what a greeting looks like, and whether TLS was up before it."""

from __future__ import annotations

from smtp_lsp.grammar import Production

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Reading
    from smtp_lsp.grammar.speech import ReplyLine

# ehlo-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-"), in capitals as all servers write it
_KEYWORD = Production(rb"[A-Z0-9][A-Z0-9-]*(?=[ =]|$)")
# What says in a record, before anybody speaks, that TLS is up already.
_TLS_IS_UP = Production(
    rb"(?i)SSL connection using|TLS started|TLS(?:v1[.0-9]*)? connection (?:established|using)"
    rb"|^ *(?:Protocol *: *TLSv1|New, TLSv1)|^c tls_connect|^SSL-Session:|Verify return code:",
    8,
)
_NEAR = 1 << 16


def looks_like_greeting(line: ReplyLine) -> bool:
    """Say whether the text of a 220 names a host or the protocol (RFC 5321 4.2)."""
    text = line.text[line.text_start :].strip()
    if not text or b"SMTP" in text.upper() or text[:1] in b"<[*":
        return True
    return line.enhanced is None and b"." in text.split(None, 1)[0].strip(b".")


def is_keyword_line(line: ReplyLine) -> bool:
    """Say whether a line has the looks of an EHLO keyword and its parameters."""
    text = line.text[line.text_start :].strip()
    return _KEYWORD.match(text) is not None


def is_tls_up(reading: Reading, start: int, since: int) -> bool:
    """Say whether the record tells that TLS was up before what is said at *start*.

    Looked at is what stands between *since*, where the session before ended, and *start*;
    both are offsets of the file. swaks writes ``<~`` and ``~>`` inside TLS.
    """
    data = reading.source.data
    if reading.dialect.name == "swaks" and b"~" in data[max(0, start - 4) : start]:
        return True
    begin = max(since, start - _NEAR)
    return begin < start and _TLS_IS_UP.search(data, begin, start) is not None
