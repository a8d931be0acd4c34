"""Configuration files, read into the options of a run.

``smtp-lsp.toml``, ``.smtp-lsp.toml`` or ``[tool.smtp-lsp]`` in ``pyproject.toml``: the
nearest upward from the file that is linted. Unknown keys are errors.
"""

from __future__ import annotations

import os
import re

from smtp_lsp import dialects
from smtp_lsp.lint.options import OptionError, Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NAMES = ("smtp-lsp.toml", ".smtp-lsp.toml", "pyproject.toml")
MARK = b"smtp-lsp"

# Every key that a file may hold, with the type of its value.
KEYS: dict[str, type | tuple[type, ...]] = {
    "select": list,
    "ignore": list,
    "extend-select": list,
    "exclude": list,
    "per-file-ignores": dict,
    "severity": dict,
    "unsafe-fixes": bool,
    "dialect": str,
    "context": str,
    "header-charset": str,
    "locale": str,
    "baseline": str,
}
LATER = ("profile", "max-line-length")
"""Keys that are part of the design and not of this version; they are refused by name."""

_TYPES = {list: "a list of strings", dict: "a table", bool: "true or false", str: "a string"}


class ConfigError(ValueError):
    """A configuration file cannot be used. ``str()`` is one line that names it and the remedy."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why


class Settings:
    """What one configuration file says, or nothing where ``path`` is empty."""

    __slots__ = ("path", "values")

    def __init__(self, path: str = "", values: dict[str, Any] | None = None) -> None:
        self.path = path
        self.values = values or {}

    def get(self, key: str, default: Any) -> Any:
        return self.values.get(key, default)

    @property
    def root(self) -> str:
        """The folder that patterns in the file are relative to."""
        return os.path.dirname(os.path.abspath(self.path)) if self.path else os.getcwd()

    def excludes(self, path: str) -> bool:
        """Say whether ``exclude`` names *path* or a folder that it is in."""
        patterns = self.get("exclude", [])
        return bool(patterns) and _matches(path, self.root, patterns)

    def ignores_in(self, path: str) -> list[str]:
        """Return the selectors that ``per-file-ignores`` has for *path*."""
        found: list[str] = []
        for pattern, selectors in self.get("per-file-ignores", {}).items():
            if _matches(path, self.root, [pattern]):
                found.extend(selectors)
        return found


def _matches(path: str, root: str, patterns: list[str]) -> bool:
    from fnmatch import fnmatchcase

    relative = os.path.relpath(os.path.abspath(path), root).replace(os.sep, "/")
    parts = relative.split("/")
    for pattern in patterns:
        wanted = pattern.rstrip("/")
        if fnmatchcase(relative, wanted) or any(fnmatchcase(part, wanted) for part in parts):
            return True
        prefixes = ("/".join(parts[: count + 1]) for count in range(len(parts)))
        if any(fnmatchcase(prefix, wanted) for prefix in prefixes):
            return True
        if wanted.startswith("**/") and fnmatchcase(relative, wanted[3:]):
            return True
    return False


def find(start: str) -> str:
    """Return the configuration file that is nearest upward from the folder *start*, or ``""``."""
    folder = os.path.abspath(start)
    while True:
        for name in NAMES:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and (name != "pyproject.toml" or _has_section(path)):
                return path
        parent = os.path.dirname(folder)
        if parent == folder:
            return ""
        folder = parent


def _table() -> re.Pattern[bytes]:
    """Return what is found wherever TOML may open a table ``tool.smtp-lsp``."""
    return re.compile(rb"(?m)^[ \t]*\[[ \t]*tool[ \t]*\]|tool[ \t\"']*\.[ \t\"']*smtp-lsp")


def _has_section(path: str) -> bool:
    """Say whether a ``pyproject.toml`` has a table for us.

    One that does not name us at all is not read as TOML, which costs more than linting.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return False
    if MARK not in data or not _table().search(data):
        return False
    import tomllib

    try:
        tool = tomllib.loads(data.decode("utf-8")).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return True  # loading it will say what is wrong
    return isinstance(tool, dict) and MARK.decode() in tool


def load(path: str) -> Settings:
    """Return what the configuration file at *path* says.

    Raises ConfigError where it cannot be read, is no TOML, or has a key or value it may not.
    """
    import tomllib

    try:
        with open(path, "rb") as file:
            document = tomllib.load(file)
    except OSError as error:
        raise ConfigError(path, error.strerror or "cannot be read") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path, f"no valid TOML: {error}") from None
    if os.path.basename(path) == "pyproject.toml":
        document = document.get("tool", {}).get("smtp-lsp", {})
        if not isinstance(document, dict):
            raise ConfigError(path, "'tool.smtp-lsp' must be a table")
    return Settings(path, checked(document, path))


def checked(values: dict[str, Any], path: str) -> dict[str, Any]:
    """Return *values* if every key and type is right; else raise ConfigError."""
    for key, value in values.items():
        if key in LATER:
            raise ConfigError(path, f"{key!r} is not part of this version")
        if key not in KEYS:
            import difflib

            close = difflib.get_close_matches(key, KEYS, 1, 0.5)
            hint = f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(KEYS)}"
            raise ConfigError(path, f"unknown key {key!r}{hint}")
        wanted = KEYS[key]
        right = isinstance(value, wanted)
        if right and wanted is list:
            right = all(isinstance(item, str) for item in value)
        if not right:
            raise ConfigError(path, f"{key!r} must be {_TYPES[wanted]}")  # type: ignore[index]
    _check_choices(values, path)
    return values


def _check_choices(values: dict[str, Any], path: str) -> None:
    from smtp_lsp.message import CONTEXTS

    for key, choices in (("dialect", dialects.NAMES), ("context", CONTEXTS)):
        if key in values and values[key] not in choices:
            raise ConfigError(path, f"{key!r} must be one of {', '.join(choices)}")
    for pattern, selectors in values.get("per-file-ignores", {}).items():
        if not isinstance(selectors, list) or not all(isinstance(s, str) for s in selectors):
            raise ConfigError(path, f"'per-file-ignores' of {pattern!r} must be a list of strings")
    for name, level in values.get("severity", {}).items():
        if not isinstance(level, str):
            raise ConfigError(path, f"'severity' of {name!r} must be a string")


def options(settings: Settings, **given: Any) -> Options:
    """Return the options that *settings* and what was *given* on top of them make.

    Raises ConfigError where a selector or severity in the file is unknown, OptionError where
    one that was given is.
    """
    values = settings.values
    from_file = {
        "select": values.get("select"),
        "ignore": values.get("ignore", ()),
        "extend_select": values.get("extend-select", ()),
        "severity": values.get("severity"),
        "dialect": values.get("dialect", ""),
        "context": values.get("context", "stored"),
        "header_charset": values.get("header-charset", ""),
        "locale": values.get("locale", "en"),
        "unsafe_fixes": values.get("unsafe-fixes", False),
    }
    try:
        Options(**from_file)
        for selectors in values.get("per-file-ignores", {}).values():
            Options(ignore=selectors)
    except OptionError as error:
        raise ConfigError(settings.path, str(error)) from None
    merged = {**from_file, **{key: value for key, value in given.items() if value}}
    if given.get("ignore"):
        merged["ignore"] = (*from_file["ignore"], *given["ignore"])
    if given.get("extend_select"):
        merged["extend_select"] = (*from_file["extend_select"], *given["extend_select"])
    return Options(**merged)
