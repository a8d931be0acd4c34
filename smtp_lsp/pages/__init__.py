"""What a person reads, as files: ``pages/LOCALE/KIND/NAME.md``, read when shown.

A page has a title line and sections under ASCII keys that are the same in every language.
A rule's page has its messages by key, each with what to do; examples and references are
shared by all languages and stand under ``pages/shared``. ``words.md`` holds the phrases
that belong to no page. What a language lacks is shown in English.
"""

from __future__ import annotations

HERE = __file__.rpartition("/")[0] if "/" in __file__ else "."
DEFAULT = "en"
LOCALES = ("en", "fr")


class Page:
    """One page: its title, and its sections by key, as Markdown."""

    __slots__ = ("locale", "sections", "title")

    def __init__(self, title: str, sections: dict[str, str], locale: str) -> None:
        self.title = title
        self.sections = sections
        self.locale = locale

    def __getitem__(self, key: str) -> str:
        return self.sections.get(key, "")


_pages: dict[tuple[str, str, str], Page | None] = {}
_entries: dict[tuple[str, str, str], dict[str, tuple[str, str]]] = {}


def locale_of(wanted: str) -> str:
    """Return the language to use for a locale such as ``fr_CA.UTF-8``."""
    language = wanted.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return language if language in LOCALES else DEFAULT


def read(locale: str, kind: str, name: str) -> Page | None:
    """Return a page in exactly this language, or None where there is none."""
    place = (locale, kind, name)
    if place not in _pages:
        path = "/".join(part for part in (HERE, locale, kind, f"{name}.md") if part)
        try:
            with open(path, encoding="utf-8") as file:
                _pages[place] = parse(file.read(), locale)
        except (FileNotFoundError, NotADirectoryError):
            _pages[place] = None
    return _pages[place]


def find(locale: str, kind: str, name: str) -> Page | None:
    """Return a page in this language, or in English, or None."""
    return read(locale, kind, name) or read(DEFAULT, kind, name)


def parse(text: str, locale: str = DEFAULT) -> Page:
    """Return the page that *text* holds: ``# title``, then ``## key`` sections."""
    title = ""
    sections: dict[str, str] = {}
    key = ""
    lines: list[str] = []
    fenced = False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        if not fenced and line.startswith("# ") and not title:
            title = line[2:].strip()
        elif not fenced and line.startswith("## "):
            if key:
                sections[key] = "\n".join(lines).strip()
            key, lines = line[3:].strip(), []
        else:
            lines.append(line)
    if key:
        sections[key] = "\n".join(lines).strip()
    return Page(title, sections, locale)


def entries(section: str) -> dict[str, tuple[str, str]]:
    """Return what a section of ``- key: text`` lines holds, each with its ``help``.

    An entry's text goes on in indented lines; a line ``  help: text`` begins what to do.
    """
    found: dict[str, list[list[str]]] = {}
    current: list[list[str]] | None = None
    for line in section.splitlines():
        if line.startswith("- "):
            key, _, text = line[2:].partition(": ")
            current = found.setdefault(key.strip(), [[text.strip()], []])
        elif current is not None and line.strip().startswith("help: "):
            current[1].append(line.strip()[6:])
        elif current is not None and line.strip():
            (current[1] or current[0]).append(line.strip())
    return {key: (" ".join(text), " ".join(help_)) for key, (text, help_) in found.items()}


def _rule_entries(locale: str, name: str) -> dict[str, tuple[str, str]]:
    place = (locale, "rules", name)
    if place not in _entries:
        page = read(locale, "rules", name)
        _entries[place] = entries(page["messages"]) if page else {}
    return _entries[place]


def _words(locale: str) -> dict[str, tuple[str, str]]:
    place = (locale, "", "words")
    if place not in _entries:
        page = read(locale, "", "words")
        _entries[place] = {} if page is None else entries("\n".join(page.sections.values()))
    return _entries[place]


def provider(locale: str, name: str, key: str) -> tuple[str, str] | None:
    """Return what a provider means by the reply *key*, and what to do; None where unknown."""
    for language in (locale, DEFAULT):
        place = (language, "providers", name)
        if place not in _entries:
            page = read(language, "providers", name)
            _entries[place] = entries(page["replies"]) if page else {}
        if key in _entries[place]:
            return _entries[place][key]
    return None


class _Named(dict[str, str]):
    """Parameters of a message; one that is missing shows as nothing, never as an error."""

    def __missing__(self, key: str) -> str:
        return ""


def _filled(template: str, parameters: dict[str, str]) -> str:
    return template.format_map(_Named(parameters))


def as_markdown(template: str, parameters: dict[str, str]) -> str:
    """Return a template of ours filled with what a file says, none of that acting as markup.

    The template's own code spans stay code spans.
    """
    from smtp_lsp.text.escape import markdown

    inside = {key: value.replace("`", "'") for key, value in parameters.items()}
    outside = {key: markdown(value) for key, value in parameters.items()}
    parts = template.split("`")
    return "`".join(
        _filled(part, inside if number % 2 else outside) for number, part in enumerate(parts)
    )


def template(locale: str, rule: str, key: str) -> tuple[str, str]:
    """Return what rule *rule* says under *key* and what to do, with nothing filled in."""
    entry = _rule_entries(locale, rule).get(key) or _rule_entries(DEFAULT, rule).get(key)
    return entry or (f"{rule}: {key}", "")


def message(locale: str, rule: str, key: str, parameters: dict[str, str]) -> str:
    """Return what rule *rule* says under *key*, with the parameters filled in."""
    return _filled(template(locale, rule, key)[0], parameters)


def remedy(locale: str, rule: str, key: str, parameters: dict[str, str]) -> str:
    """Return what to do about what rule *rule* says under *key*."""
    return _filled(template(locale, rule, key)[1], parameters)


def place(locale: str, rule: str, key: str, parameters: dict[str, str]) -> str:
    """Return what is said of another place of a finding: a phrase, or words of the rule's own."""
    if key in _words(DEFAULT) or key not in _rule_entries(DEFAULT, rule):
        return phrase(locale, key, parameters)
    return message(locale, rule, key, parameters)


def phrase(locale: str, key: str, parameters: dict[str, str] | None = None) -> str:
    """Return a phrase that belongs to no page."""
    entry = _words(locale).get(key) or _words(DEFAULT).get(key)
    return _filled(entry[0], parameters or {}) if entry else key
