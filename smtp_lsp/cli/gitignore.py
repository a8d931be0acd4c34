"""``.gitignore``: which paths git would leave alone (gitignore(5))."""

from __future__ import annotations

import os
import re


class Ignore:
    """The patterns of the ``.gitignore`` files from the repository's root down to a folder."""

    __slots__ = ("layers",)

    def __init__(self, layers: tuple[tuple[str, list[tuple[re.Pattern[str], bool, bool]]], ...]):
        self.layers = layers

    def below(self, folder: str) -> Ignore:
        """Return these patterns and those of *folder*."""
        patterns = _read(os.path.join(folder, ".gitignore"))
        if not patterns:
            return self
        return Ignore((*self.layers, (os.path.abspath(folder), patterns)))

    def covers(self, path: str, *, is_folder: bool) -> bool:
        """Say whether *path* is ignored. The last pattern that matches decides."""
        absolute = os.path.abspath(path)
        for base, patterns in reversed(self.layers):
            if not absolute.startswith(base.rstrip(os.sep) + os.sep):
                continue
            relative = absolute[len(base.rstrip(os.sep)) + 1 :].replace(os.sep, "/")
            for pattern, negated, folders_only in reversed(patterns):
                if folders_only and not is_folder:
                    continue
                if pattern.fullmatch(relative):
                    return not negated
        return False


def above(folder: str) -> Ignore:
    """Return the patterns that hold in *folder*, from its repository's root down."""
    folders = [os.path.abspath(folder)]
    while not os.path.exists(os.path.join(folders[-1], ".git")):
        parent = os.path.dirname(folders[-1])
        if parent == folders[-1]:
            return Ignore(()).below(folder)
        folders.append(parent)
    ignore = Ignore(())
    for place in reversed(folders):
        ignore = ignore.below(place)
    return ignore


def _read(path: str) -> list[tuple[re.Pattern[str], bool, bool]]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines()
    except OSError:
        return []
    return [pattern for pattern in map(_parsed, lines) if pattern is not None]


def _parsed(line: str) -> tuple[re.Pattern[str], bool, bool] | None:
    line = re.sub(r"(?<!\\)\s+$", "", line)
    if not line or line.startswith("#"):
        return None
    negated = line.startswith("!")
    line = line[1:] if negated else line
    folders_only = line.endswith("/")
    line = line.rstrip("/")
    anchored = "/" in line
    text = _translated(line.lstrip("/"))
    try:
        return re.compile(text if anchored else f"(?:.*/)?{text}"), negated, folders_only
    except re.error:
        return None


def _translated(glob: str) -> str:
    out, position = "", 0
    while position < len(glob):
        if glob.startswith("**/", position):
            out, position = out + "(?:.*/)?", position + 3
        elif glob.startswith("**", position):
            out, position = out + ".*", position + 2
        elif glob[position] == "*":
            out, position = out + "[^/]*", position + 1
        elif glob[position] == "?":
            out, position = out + "[^/]", position + 1
        elif glob[position] == "[" and (close := glob.find("]", position + 2)) > 0:
            inside = glob[position + 1 : close].replace("\\", "\\\\")
            inside = "^" + inside[1:] if inside[:1] in "!^" else inside
            out, position = out + f"[{inside}]", close + 1
        elif glob[position] == "\\" and position + 1 < len(glob):
            out, position = out + re.escape(glob[position + 1]), position + 2
        else:
            out, position = out + re.escape(glob[position]), position + 1
    return out
