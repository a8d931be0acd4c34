"""What IANA and the RFCs name: reply codes, enhanced codes, verbs, extensions, fields.

Each table is loaded by the first question about it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Row = dict[str, Any]

_loaded: dict[str, Any] = {}


def table(name: str) -> Any:
    """Return a generated table by the name of its module.

    Raises ModuleNotFoundError where there is no such table.
    """
    if name not in _loaded:
        module = __import__(f"smtp_lsp.registry.tables.{name}", fromlist=["TABLE"])
        _loaded[name] = module.TABLE
    return _loaded[name]


def _index(name: str, key: str, field: str) -> dict[Any, Row]:
    place = f"{name}:{key}"
    if place not in _loaded:
        _loaded[place] = {row[field]: row for row in table(name)[key]}
    index: dict[Any, Row] = _loaded[place]
    return index


def reply_code(code: int) -> Row | None:
    """Return what is known of a basic reply code (RFC 5321 4.2.3 and the extensions)."""
    return _index("reply_codes", "code", "code").get(code)


def reply_codes() -> list[int]:
    """Return every listed reply code, in order."""
    return sorted(_index("reply_codes", "code", "code"))


def command(verb: str) -> Row | None:
    """Return what is known of a verb, written in capitals (RFC 5321 4.1.1 and extensions)."""
    return _index("commands", "command", "verb").get(verb)


def verbs() -> list[str]:
    """Return every listed verb, in the order of the facts."""
    return list(_index("commands", "command", "verb"))


def replies_to(verb: str) -> Row | None:
    """Return which codes a verb, ``(connection)`` or ``(end-of-data)`` may draw."""
    return _index("command_replies", "command", "command").get(verb)


def enhanced_code(code: str) -> Row | None:
    """Return the registry row of an enhanced status code such as ``5.1.1`` (RFC 3463)."""
    if "enhanced" not in _loaded:
        _loaded["enhanced"] = {row["code"]: row for row in table("enhanced_codes")}
    index: dict[str, Row] = _loaded["enhanced"]
    return index.get(code) or index.get("X" + code[1:])


def enhanced_class(digit: str) -> Row | None:
    """Return the row of the first digit of an enhanced status code."""
    rows = table("enhanced_classes")
    return next((r for r in rows if r["level"] == "class" and r["value"] == digit), None)


def header_field(name: str) -> Row | None:
    """Return what is known of a header field, by its name in any case."""
    if "fields" not in _loaded:
        _loaded["fields"] = {row["name"].lower(): row for row in table("header_fields")}
    index: dict[str, Row] = _loaded["fields"]
    return index.get(name.lower())
