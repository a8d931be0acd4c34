"""What a run is asked to do, wherever it was asked: command line, configuration, editor."""

from __future__ import annotations

from smtp_lsp.rules import INFO, SEVERITIES, Rule, all_rules, matching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KINDS = ("transcript", "message")
PROFILES = ("smtp", "submission", "lmtp")


class OptionError(ValueError):
    """A setting has a value that it cannot have. ``str()`` is one line for the user."""


class Options:
    """Settings of a run. Rule selectors are names, codes, prefixes, categories or ``ALL``.

    ``select`` is None for the rules that are on by default; an empty selection selects none.

    Raises OptionError for a selector that no rule answers to, or an unknown severity.
    """

    __slots__ = (
        "_enabled",
        "as_kind",
        "context",
        "dialect",
        "extend_select",
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
        self.as_kind = as_kind
        self.locale = locale
        self.unsafe_fixes = unsafe_fixes
        self._enabled: dict[str, str] | None = None
        _checked((*(self.select or ()), *self.ignore, *self.extend_select, *self.severity))
        for name, level in self.severity.items():
            if level not in (*SEVERITIES, "off"):
                raise OptionError(f"severity of {name}: {level!r} is none of {_list(SEVERITIES)}")

    def enabled(self) -> dict[str, str]:
        """Return the codes of the rules that run, each with its overridden severity or ``""``."""
        if self._enabled is None:
            self._enabled = self._choose()
        return self._enabled

    def _choose(self) -> dict[str, str]:
        chosen: set[str] = set()
        for rule in all_rules():
            if self.select is None and rule.default:
                chosen.add(rule.code)
        named = (*(self.select or ()), *self.extend_select)
        for selector in named:
            chosen.update(rule.code for rule in matching(selector))
        for selector in self.ignore:
            # A narrower selection wins over a broader exclusion, as in ruff.
            for rule in matching(selector):
                if not _is_named(rule, named) or _is_named(rule, (selector,)):
                    chosen.discard(rule.code)
        levels = dict.fromkeys(chosen, "")
        for selector, level in sorted(self.severity.items(), key=lambda item: len(item[0])):
            for rule in matching(selector):
                if rule.code in levels:
                    levels[rule.code] = level
        return {code: level for code, level in levels.items() if level != "off"}


def _is_named(rule: Rule, selectors: Iterable[str]) -> bool:
    words = {selector.strip().lower() for selector in selectors}
    return rule.name in words or rule.code.lower() in words or bool(words & set(rule.aliases))


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
