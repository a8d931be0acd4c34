"""The differences that are known: ``known.toml``, and what is written from it.

``sentences`` says of each class of difference, in words that follow a server's name, what the
server does. ``sessions`` holds for each server the classes that it shows, with the lines of a
session in which one can see it.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

PATH = Path(__file__).with_name("known.toml")
HEAD = """\
# Classes of differences between smtp-lsp and the servers; see README.md. A class that is not here
# fails the run. `run.py --learn` adds it to its server with the session that shows it; the sentence
# is written by hand, after the RFC has been asked who is right.
"""

Sessions = dict[str, dict[str, str]]


class Known:
    """What ``known.toml`` says."""

    def __init__(self, path: Path = PATH) -> None:
        data = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
        self.path = path
        self.sentences: dict[str, str] = data.get("sentences", {})
        self.sessions: Sessions = data.get("sessions", {})

    def has(self, server: str, key: str) -> bool:
        """Say whether *server* is known to show the class *key*."""
        return key in self.sessions.get(server, {})

    def learn(self, server: str, key: str, shows: str) -> None:
        """Add a class to a server, with a session and, if it has none, room for a sentence."""
        self.sessions.setdefault(server, {}).setdefault(key, shows)
        self.sentences.setdefault(key, "")

    def forget(self, server: str, keys: set[str]) -> None:
        """Leave out those of a server's classes that it shows no more."""
        for key in keys & self.sessions.get(server, {}).keys():
            del self.sessions[server][key]

    def write(self) -> None:
        """Write the file anew, in order."""
        used = {key for keys in self.sessions.values() for key in keys}
        self.sentences = {key: self.sentences[key] for key in used}
        lines = [HEAD, "[sentences]"]
        lines += [f"{_string(k)} = {_string(self.sentences[k])}" for k in sorted(used)]
        for server in sorted(self.sessions):
            lines += ["", f"[sessions.{server}]"]
            for key in sorted(self.sessions[server]):
                lines.append(f"{_string(key)} = '''")
                lines.append(self.sessions[server][key] + "'''")
        self.path.write_text("\n".join(lines) + "\n", "utf-8")


def _string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
