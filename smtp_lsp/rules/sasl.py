"""An AUTH exchange and what is said in it (RFC 4954 4, 8), for rules that never show it."""

from __future__ import annotations

from smtp_lsp import registry
from smtp_lsp.grammar import Production

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar.speech import Command
    from smtp_lsp.registry import Row
    from smtp_lsp.session.tree import Exchange, Reply
    from smtp_lsp.text.view import View

_IGNORECASE = 2

# base64 = base64-terminal / ( 1*(4base64-char) [base64-terminal] )              (RFC 4954 8)
_BASE64 = Production(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")

_UNPADDED = Production(rb"[A-Za-z0-9+/]{6,}")

# What a log or an author puts in the place of a secret, or of the rest of a long line.
_MASKED = Production(
    rb"[*<>\[\](){}]|\.\.|\xe2\x80\xa6|hidden|mask|redact|remov|suppress|passw|secret|credential"
    rb"|base64|token|user_?name|omit|snip|xxx|not shown|elided",
    _IGNORECASE,
)

# What swaks and others encode in the place of a password.
_BLANKED = Production(rb"remov|redact|hidden|masked|\*\*", _IGNORECASE)

_BASE64_CHARS = Production(rb"[A-Za-z0-9+/]+={0,2}")

# What servers of one make answer to AUTH NTLM and AUTH GSSAPI before the exchange proper.
_MSG_ID = Production(rb"<[0-9.]+@[^<>\s]+>")
_SUPPORTED = Production(rb"[A-Z0-9-]+ supported", _IGNORECASE)

# What a reader of the log wrote behind a challenge, such as its decoded text.
_ANNOTATED = Production(rb"[A-Za-z0-9+/]{4,}={0,2}[ \t]+(?:[(\[{<#;\"'=|-]|//|\xe2).*")

# xtext = *( xchar / hexchar )                                                (RFC 3461 4)
_XTEXT = Production(rb"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*")

_ON_MD5 = (b"CRAM-MD5", b"DIGEST-MD5")

_mechanisms: dict[str, Row] = {}


def offered_mechanisms(words: list[list[bytes]]) -> set[bytes]:
    """Return what the AUTH lines of an EHLO reply list, the old ``AUTH=`` among them."""
    return {name for line in words if line[0] == b"AUTH" for name in line[1:]}


def strongest(words: list[list[bytes]]) -> str:
    """Return the best listed mechanism for a password that does not show it, or nothing.

    Those of SCRAM come before those that rest on MD5 alone (RFC 5802, RFC 6331).
    """
    offered = offered_mechanisms(words)
    scram = [name for name in offered if name.startswith(b"SCRAM-") and name[6:] != b"PLUS"]
    found = sorted(scram, reverse=True) or [name for name in _ON_MD5 if name in offered]
    return found[0].decode("latin-1") if found and found[0].isascii() else ""


def mechanism_row(name: str) -> Row | None:
    """Return the facts of a SASL mechanism, whose name is in capitals."""
    if not _mechanisms:
        for row in registry.table("mechanisms")["mechanism"]:
            _mechanisms[row["name"]] = row
    return _mechanisms.get(name)


def mechanism(command: Command | None) -> str:
    """Return the mechanism of an AUTH command in capitals, or nothing."""
    if command is None or command.verb != "AUTH" or not command.likely:
        return ""
    words = command.arguments.split()
    return words[0].upper().decode("latin-1") if words else ""


def shown(name: str) -> str:
    """Return a mechanism's name if it is one: what else stands there may be a secret."""
    return name if mechanism_row(name) else "…"


def initial_response(command: Command) -> tuple[int, int] | None:
    """Return where the initial response of an AUTH command lies in its line."""
    words = command.arguments.split()
    if len(words) < 2 or not command.likely:
        return None
    start = command.text.find(words[1], command.argument + len(words[0]))
    return start, start + len(words[1])


def responses(exchange: Exchange) -> Iterator[tuple[View, Reply | None]]:
    """Yield what the client sent in an AUTH exchange, each with the reply that it drew."""
    command, said = exchange.command, exchange.said
    replies = exchange.replies
    if command is None or said is None:
        return
    place = initial_response(command)
    if place is not None:
        yield said.sub(*place), replies[0] if replies else None
    counted = len(replies) == len(exchange.responses) + 1
    for number, response in enumerate(exchange.responses, 1):
        yield response, replies[number] if counted else None


def is_base64(value: bytes) -> bool:
    """Say whether a response is base64, padded as it has to be."""
    return _BASE64.fullmatch(value) is not None


def is_masked(value: bytes) -> bool:
    """Say whether a response is what a log writes in its place."""
    return _MASKED.search(value) is not None or len(set(value.lower())) <= 2


def sends_credentials(exchange: Exchange) -> bool:
    """Say whether an AUTH exchange went as far as that the client sent something of its own."""
    values = (bytes(view).strip() for view, _ in responses(exchange))
    return any(value not in (b"", b"=", b"*") for value in values)


def lacks_padding(value: bytes) -> bool:
    """Say whether *value* is base64 but for its padding: decoded, it is what SASL would send."""
    bare = value.rstrip(b"=")
    text = _decoded(bare) if _UNPADDED.fullmatch(bare) else b""
    if not text:
        return False
    return text.count(b"\0") == 2 or (text.isascii() and text.decode("latin-1").isprintable())


def _decoded(value: bytes) -> bytes:
    """Return *value* decoded, padded where it has to be; nothing where it cannot be."""
    import binascii

    try:
        return binascii.a2b_base64(value + b"=" * (-len(value) % 4))
    except binascii.Error:
        return b""


def is_secret(value: bytes, name: str) -> bool:
    """Say whether a response can be read by whoever reads the record."""
    value = value.strip()
    if not value or is_masked(value) or not _BASE64.fullmatch(value):
        return False
    text = _decoded(value)
    if _BLANKED.search(text) or not text.replace(b"\0", b"").isascii():
        return False
    if name == "PLAIN":
        return text.count(b"\0") == 2 and not text.endswith(b"\0")
    return text.decode("latin-1").isprintable()


def may_be_challenge(text: bytes) -> bool:
    """Say whether the text of a 334 may be base64, whole, cut, masked or explained."""
    if not text or _BASE64_CHARS.fullmatch(text) or _SUPPORTED.fullmatch(text):
        return True
    if _MSG_ID.fullmatch(text):
        return False  # a CRAM-MD5 challenge as it is before it is encoded (RFC 2195 2)
    if text[:1] in (b"<", b"[", b"(", b"{", b"*", b"#", b"=") or b".." in text:
        return True
    return b"\xe2\x80\xa6" in text or _ANNOTATED.fullmatch(text) is not None


def is_xtext(value: bytes) -> bool:
    return _XTEXT.fullmatch(value) is not None


def fault_of_identity(value: bytes) -> str:
    """Return what is wrong with the value of MAIL's AUTH parameter, or nothing.

    It is ``<>`` or a mailbox in xtext (RFC 4954 5); what stands in brackets otherwise is
    somebody's placeholder.
    """
    if not value:
        return "empty"
    if value[:1] == b"<":
        return "brackets" if value[-1:] == b">" and b"@" in value else ""
    return "" if value[:1] == b"[" or is_xtext(value) else "no-xtext"
