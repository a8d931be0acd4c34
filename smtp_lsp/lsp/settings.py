"""Which settings hold for a document: the file in the workspace, then the editor's."""

from __future__ import annotations

import os

from smtp_lsp import config
from smtp_lsp.lint.baseline import Baseline, BaselineError, load
from smtp_lsp.lint.options import OptionError, Options
from smtp_lsp.pages import locale_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SECTION = "smtp-lsp"
_EDITOR = "editor settings"


class Broken:
    """A configuration file that cannot be used, and why."""

    __slots__ = ("path", "why")

    def __init__(self, path: str, why: str) -> None:
        self.path = path
        self.why = why


_KINDS = {"eml": "message", "mail": "message", "smtp": "transcript"}
"""What a document is by its language's name (``-cr``: with lines that end in CR)."""


class Settings:
    """The settings of all documents. The last good state of each file is kept."""

    def __init__(self) -> None:
        self.locale = "en"
        self.editor: dict[str, Any] = {}
        self.folders: tuple[str, ...] = ()
        self.broken: dict[str, Broken] = {}
        self.editor_error = ""
        self._found: dict[str, str] = {}
        self._loaded: dict[str, config.Settings] = {}
        self._baselines: dict[str, Baseline] = {}
        self._options: dict[tuple[str, str, tuple[str, ...]], Options] = {}

    def take_editor(self, values: object) -> bool:
        """Take what the editor sends under ``smtp-lsp``; keys of its own are left alone.

        What cannot be used leaves the last good state. Says whether there is anything new.
        """
        before = self.editor
        self.editor_error = ""
        if isinstance(values, dict) and isinstance(values.get(_SECTION), dict):
            values = values[_SECTION]
        chosen = {}
        if isinstance(values, dict):
            chosen = {k: v for k, v in values.items() if k in config.KEYS and v is not None}
        try:
            config.options(config.Settings(_EDITOR, config.checked(chosen, _EDITOR)))
            self.editor = chosen
        except (config.ConfigError, OptionError) as error:
            self.editor_error = str(error)
        self._options.clear()
        return self.editor != before or bool(self.editor_error)

    def forget_files(self) -> None:
        """Look for configuration files again; what was read last stays until it is replaced."""
        self._found.clear()
        self._options.clear()
        self.broken.clear()
        self._baselines.clear()
        for path in list(self._loaded):
            self._load(path)

    def options_for(self, path: str, language: str) -> Options:
        """Return the options for the document at *path* (may be empty: not yet saved)."""
        settings = self._settings_for(path)
        kind = _KINDS.get(language.removesuffix("-cr"), "")
        ignored = tuple(settings.ignores_in(path)) if path else ()
        place = (settings.path, kind, ignored)
        if place not in self._options:
            locale = settings.get("locale", "") or self.locale
            try:
                made = config.options(settings, as_kind=kind, locale=locale, ignore=ignored)
            except (config.ConfigError, OptionError) as error:
                self.broken[settings.path] = Broken(settings.path, str(error))
                made = Options(as_kind=kind, locale=locale)
            self._options[place] = made
        return self._options[place]

    def is_excluded(self, path: str) -> bool:
        return bool(path) and self._settings_for(path).excludes(path)

    def baseline_for(self, path: str) -> Baseline:
        """Return the baseline that the settings name; one that cannot be read holds nothing."""
        settings = self._settings_for(path)
        name = settings.get("baseline", "") if path else ""
        if not name:
            return Baseline()
        place = os.path.join(settings.root, name)
        if place not in self._baselines:
            try:
                self._baselines[place] = load(place)
            except BaselineError as error:
                self.broken[settings.path] = Broken(settings.path, str(error))
                self._baselines[place] = Baseline()
        return self._baselines[place]

    def _settings_for(self, path: str) -> config.Settings:
        """Return the nearest file's settings laid over the editor's."""
        found = ""
        if path:
            folder = os.path.dirname(path)
            if folder not in self._found:
                self._found[folder] = config.find(folder)
            found = self._found[folder]
        if found and found not in self._loaded:
            self._load(found)
        from_file = self._loaded.get(found)
        if from_file is None:
            return config.Settings(self._editor_place(path), self.editor)
        return config.Settings(from_file.path, {**self.editor, **from_file.values})

    def _editor_place(self, path: str) -> str:
        """Return where the editor's settings would stand if they were a file.

        Its patterns are relative to the folder of the workspace that holds the document, and
        never to where somebody started the server.
        """
        if not path:
            return ""
        around = [folder for folder in self.folders if path.startswith(os.path.join(folder, ""))]
        return os.path.join(max(around, key=len, default=os.path.dirname(path)), config.NAMES[0])

    def _load(self, path: str) -> None:
        try:
            loaded = config.load(path)
            config.options(loaded)
            self._loaded[path] = loaded
        except config.ConfigError as error:
            if not os.path.exists(path):
                self._loaded.pop(path, None)
            else:
                self.broken[path] = Broken(path, error.why)

    def take_locale(self, wanted: str | None) -> None:
        """Take the editor's language."""
        if wanted:
            self.locale = locale_of(wanted)
