"""What the registry says of verbs and their lines: whose they are, how long they may be."""

from __future__ import annotations

from smtp_lsp import registry
from smtp_lsp.grammar.speech import EVENTS, resembled
from smtp_lsp.rules.envelope import parameters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.grammar.speech import Command

LINE_LIMIT = 512
"""Octets of a command line, CRLF among them (RFC 5321 4.5.3.1.4)."""

_ELSEWHERE = frozenset(
    (
        *("STARTTLS", "AUTH", "BDAT", "VRFY", "EXPN", "HELP", "X-EXPS"),
        *("SEND", "SOML", "SAML", "TURN"),
    )
)
_verbs: dict[str, str] = {}
_parameters: dict[tuple[str, bytes], frozenset[str]] = {}


def extension_of_verb(verb: str) -> str:
    """Return the keyword of the extension that adds *verb*; nothing where another rule judges.

    A private verb that nobody lists is its own keyword.
    """
    if not _verbs:
        for row in registry.table("extensions")["extension"]:
            for each in row["verbs"]:
                _verbs[each] = row["keyword"]
    if verb in _ELSEWHERE:
        return ""
    return _verbs.get(verb, verb if verb.startswith("X") and len(verb) > 3 else "")


def extensions_of_parameter(verb: str, keyword: bytes) -> frozenset[str]:
    """Return the keywords of the extensions that add a parameter to MAIL or RCPT."""
    if not _parameters:
        for row in registry.table("extensions")["extension"]:
            for name, field in (("MAIL", "mail_params"), ("RCPT", "rcpt_params")):
                for each in row[field]:
                    place = name, each["name"].encode()
                    _parameters[place] = _parameters.get(place, frozenset()) | {row["keyword"]}
    return _parameters.get(("RCPT" if verb == "RCPT" else "MAIL", keyword), frozenset())


def line_limit(command: Command) -> int:
    """Return how long a command may be, with what the extensions add whose parameters it has."""
    used: set[str] = set()
    for each in parameters(command):
        found = extensions_of_parameter(command.verb, each.keyword)
        if each.keyword == b"BODY" and each.value != b"BINARYMIME":
            found = frozenset()
        used |= found
    verb = "RCPT" if command.verb == "RCPT" else "MAIL"
    rows = registry.table("limits")["line_increase"]
    added: int = sum(
        row["octets"] for row in rows if row["command"] == verb and row["extension"] in used
    )
    return LINE_LIMIT + added


def is_listed(verb: str) -> bool:
    return verb in EVENTS or registry.command(verb) is not None or verb in _known_to_extensions()


def _known_to_extensions() -> dict[str, str]:
    extension_of_verb("")
    return _verbs


_USUAL = (
    "EHLO",
    "HELO",
    "MAIL",
    "RCPT",
    "DATA",
    "RSET",
    "QUIT",
    "NOOP",
    "STARTTLS",
    "AUTH",
    "VRFY",
)
_JOINED = {"MAILFROM": "MAIL FROM:", "RCPTTO": "RCPT TO:", "HELLO": "HELO", "EXIT": "QUIT"}


def near_verb(word: str) -> str:
    """Return the verb that *word* was meant to be: one letter off, or two that changed places.

    Or however many digits stand where it has letters that look like them.
    """
    if word in _JOINED:
        return _JOINED[word]
    return resembled(word.encode()) or next((verb for verb in _USUAL if _is_near(word, verb)), "")


def _is_near(word: str, verb: str) -> bool:
    if abs(len(word) - len(verb)) > 1 or len(word) < 3 or word == verb:
        return False
    head = 0
    while head < min(len(word), len(verb)) and word[head] == verb[head]:
        head += 1
    rest, wanted = word[head:], verb[head:]
    if rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]:
        return True
    return rest[:2] == wanted[1::-1] and len(wanted) > 1 and rest[2:] == wanted[2:]


def is_remembered_secret(word: bytes) -> bool:
    """Say whether *word* may be a password or what encodes one, said when AUTH was over."""
    return not (word.isalpha() and word.isupper() and len(word) < 8)
