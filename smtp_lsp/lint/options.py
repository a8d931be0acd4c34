"""What a run is asked to do, wherever it was asked: command line, configuration, editor."""

from __future__ import annotations

from smtp_lsp.rules import (
    INFO,
    MESSAGE,
    SEVERITIES,
    Rule,
    all_rules,
    answers,
    matching,
    shaped,
    suited,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KINDS = ("transcript", "message")
PROFILES = ("smtp", "submission", "lmtp")
_MOST_COMBINATIONS = 1000


class OptionError(ValueError):
    """A setting has a value that it cannot have. ``str()`` is one line for the user."""


class Options:
    """Settings of a run. Rule selectors are names, codes, prefixes, categories or ``ALL``.

    ``select`` is None for the rules that are on by default; an empty selection selects none.

    Raises OptionError for a selector that no rule answers to, or an unknown severity.
    """

    __slots__ = (
        "_levels",
        "_of_traits",
        "_shaped",
        "as_kind",
        "context",
        "dialect",
        "extend_select",
        "header_charset",
        "ignore",
        "locale",
        "select",
        "severity",
        "unsafe_fixes",
    )

    def __init__(
        self,
        *,
        select: Sequence[str] | None = None,
        ignore: Sequence[str] = (),
        extend_select: Sequence[str] = (),
        severity: dict[str, str] | None = None,
        dialect: str = "",
        context: str = "stored",
        header_charset: str = "",
        as_kind: str = "",
        locale: str = "en",
        unsafe_fixes: bool = False,
    ) -> None:
        self.select = None if select is None else tuple(select)
        self.ignore = tuple(ignore)
        self.extend_select = tuple(extend_select)
        self.severity = dict(severity or {})
        self.dialect = dialect
        self.context = context
        self.header_charset = _charset(header_charset)
        self.as_kind = as_kind
        self.locale = locale
        self.unsafe_fixes = unsafe_fixes
        self._levels: dict[str, str | None] = {}
        self._shaped: dict[str, list[tuple[Rule, str]]] = {}
        self._of_traits: dict[tuple[int, bool], list[tuple[Rule, str]]] = {}
        _checked((*(self.select or ()), *self.ignore, *self.extend_select, *self.severity))
        for name, level in self.severity.items():
            if level not in (*SEVERITIES, "off"):
                raise OptionError(f"severity of {name}: {level!r} is none of {_list(SEVERITIES)}")

    def rules(self, shape: str) -> list[tuple[Rule, str]]:
        """Return the rules of a shape that run, each with its overridden severity or ``""``."""
        found = self._shaped.get(shape)
        if found is None:
            levels = ((rule, self.level(rule)) for rule in shaped(shape))
            found = [(rule, level) for rule, level in levels if level is not None]
            self._shaped[shape] = found
        return found

    def rules_for(self, traits: int, *, enclosed: bool = False) -> list[tuple[Rule, str]]:
        """Return the message rules that may find something in a message of these *traits*.

        Those for messages in a transcript are *enclosed*.
        """
        found = self._of_traits.get((traits, enclosed))
        if found is None:
            found = [
                (rule, level)
                for rule, level in self._suited(traits)
                if (not rule.traits or rule.traits & traits) and (rule.enclosed or not enclosed)
            ]
            if len(self._of_traits) >= _MOST_COMBINATIONS:
                self._of_traits.clear()
            self._of_traits[traits, enclosed] = found
        return found

    def _suited(self, traits: int) -> list[tuple[Rule, str]]:
        if self.select is not None or self.extend_select:
            return self.rules(MESSAGE)
        levels = ((rule, self.level(rule)) for rule in suited(traits))
        return [(rule, level) for rule, level in levels if level is not None]

    def enabled(self) -> dict[str, str]:
        """Return the codes of the rules that run, each with its overridden severity or ``""``."""
        levels = ((rule.code, self.level(rule)) for rule in all_rules())
        return {code: level for code, level in levels if level is not None}

    def level(self, rule: Rule) -> str | None:
        """Return the severity that a rule is to have, ``""`` for its own; None: it does not run."""
        try:
            return self._levels[rule.code]
        except KeyError:
            level = self._levels[rule.code] = self._choose(rule)
            return level

    def _choose(self, rule: Rule) -> str | None:
        named = (*(self.select or ()), *self.extend_select)
        chosen = self.select is None and rule.default
        if not (chosen or any(answers(rule, selector) for selector in named)):
            return None
        for selector in self.ignore:
            # A narrower selection wins over a broader exclusion, as in ruff.
            narrow = _is_named(rule, named) and not _is_named(rule, (selector,))
            if answers(rule, selector) and not narrow:
                return None
        level = ""
        for selector, asked in sorted(self.severity.items(), key=lambda item: len(item[0])):
            if answers(rule, selector):
                level = asked
        return None if level == "off" else level


def _is_named(rule: Rule, selectors: Iterable[str]) -> bool:
    words = {selector.strip().lower() for selector in selectors}
    return rule.name in words or rule.code.lower() in words or bool(words & set(rule.aliases))


def _charset(name: str) -> str:
    """Return *name*. Raises OptionError for one that nobody can encode words in."""
    if name:
        from smtp_lsp.message import charsets

        if not charsets.extends_ascii(name.encode("utf-8")):
            raise OptionError(f"header-charset: {name!r} is no charset that extends ASCII")
    return name


def _checked(selectors: Iterable[str]) -> None:
    for selector in selectors:
        if not any(True for _ in matching(selector)):
            import difflib

            known = [word for rule in all_rules() for word in (rule.name, rule.code, *rule.aliases)]
            close = difflib.get_close_matches(selector, known, 1, 0.6)
            hint = f"; did you mean {close[0]}?" if close else "; see `smtp-lsp rules`"
            raise OptionError(f"no rule answers to {selector!r}{hint}")


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)


def rank(severity: str) -> int:
    """Return how mild a severity is: 0 for an error."""
    return SEVERITIES.index(severity)


DEFAULT_FAIL_ON = "warning"
FAIL_LEVELS = tuple(s for s in SEVERITIES[: SEVERITIES.index(INFO) + 1])
