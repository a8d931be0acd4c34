"""A finding: what a rule found in one file. Its words are joined when somebody reads them."""

from __future__ import annotations

from smtp_lsp.rules import Fix, Hit, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.text.source import Source
    from smtp_lsp.text.span import Span


class Position:
    """A place as people count: ``line`` and ``column`` from 1, columns in code points."""

    __slots__ = ("column", "line")

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Position) and (self.line, self.column) == (
            other.line,
            other.column,
        )

    def __hash__(self) -> int:
        return hash((self.line, self.column))

    def __repr__(self) -> str:
        return f"{self.line}:{self.column}"


class Range:
    """From ``start`` up to, not including, ``end``."""

    __slots__ = ("end", "start")

    def __init__(self, start: Position, end: Position) -> None:
        self.start = start
        self.end = end

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Range) and (self.start, self.end) == (other.start, other.end)

    def __hash__(self) -> int:
        return hash((self.start, self.end))

    def __repr__(self) -> str:
        return f"{self.start}-{self.end}"


class Place:
    """Another place of the same file that belongs to a finding, with what is said about it."""

    __slots__ = ("_key", "_parameters", "_rule", "_source", "locale", "span")

    def __init__(
        self,
        key: str,
        parameters: dict[str, str],
        span: Span,
        source: Source,
        locale: str,
        rule: str = "",
    ) -> None:
        self._rule = rule
        self._key = key
        self._parameters = parameters
        self._source = source
        self.span = span
        self.locale = locale

    @property
    def key(self) -> str:
        """The key of what is said about it."""
        return self._key

    @property
    def message(self) -> str:
        from smtp_lsp import pages

        return pages.place(self.locale, self._rule, self._key, self._parameters)

    @property
    def range(self) -> Range:
        return range_of(self._source, self.span)


class Finding:
    """One finding, in the words of one language.

    ``rule`` is the code, ``name`` the rule's name; ``span`` counts octets of the file,
    ``range`` lines and columns; ``fix`` is None where nothing can be mended. ``codes`` are the
    rules that a directive may name to mean it: its own, and those it stands in the place of.
    ``whole`` says that it is about the record itself, whichever place it shows. ``withheld`` is
    the fix that there would be if the message were not signed.
    """

    __slots__ = (
        "advice",
        "codes",
        "definition",
        "fix",
        "key",
        "locale",
        "parameters",
        "related",
        "severity",
        "source",
        "span",
        "whole",
        "withheld",
    )

    def __init__(self, definition: Rule, hit: Hit, source: Source, locale: str, level: str) -> None:
        self.definition = definition
        self.codes = {definition.code}
        self.whole = False
        self.advice = hit.advice
        self.key = hit.key
        self.parameters = hit.parameters
        self.severity = level or hit.severity or definition.severity
        self.span = hit.span
        self.fix: Fix | None = hit.fix
        self.withheld = hit.withheld
        self.source = source
        self.locale = locale
        self.related = [
            Place(place.key, place.parameters, place.span, source, locale, definition.name)
            for place in hit.related
        ]

    @property
    def rule(self) -> str:
        return self.definition.code

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def category(self) -> str:
        return self.definition.category

    @property
    def references(self) -> tuple[str, ...]:
        return self.definition.references

    @property
    def url(self) -> str:
        return self.definition.url

    @property
    def path(self) -> str:
        return self.source.name

    @property
    def message(self) -> str:
        """What is wrong, in one sentence."""
        from smtp_lsp import pages

        return pages.message(self.locale, self.definition.name, self.key, self.parameters)

    def markdown(self, *, advised: bool = True) -> str:
        """What is wrong and what to do, as Markdown in which the file's octets do nothing.

        What the provider means by it comes last, unless *advised* says that it is said already.
        """
        from smtp_lsp import pages

        wrong, remedy = pages.template(self.locale, self.definition.name, self.key)
        text = pages.as_markdown(wrong, self.parameters) + "."
        text = f"{text} {pages.as_markdown(remedy, self.parameters)}".rstrip()
        text = f"{text} {self.withheld_message}".rstrip()
        return f"{text} {self._advised()}".rstrip() if advised else text

    def _advised(self) -> str:
        """What the provider that speaks means by it, where that is known."""
        if self.advice is None:
            return ""
        from smtp_lsp.lint import advice

        return advice.sentence(self.locale, *self.advice)

    @property
    def help(self) -> str:
        """What to do about it, in a sentence or two."""
        from smtp_lsp import pages

        text = pages.remedy(self.locale, self.definition.name, self.key, self.parameters)
        text = f"{text} {self.withheld_message}".rstrip()
        return f"{text} {self._advised()}".rstrip() if self.advice else text

    @property
    def fix_message(self) -> str:
        from smtp_lsp import pages

        return pages.phrase(self.locale, self.fix.key, self.parameters) if self.fix else ""

    @property
    def withheld_message(self) -> str:
        """Why it is not mended, where it could be."""
        from smtp_lsp import pages

        why = self.withheld
        return pages.phrase(self.locale, why.reason, why.parameters) if why else ""

    @property
    def range(self) -> Range:
        return range_of(self.source, self.span)

    def __repr__(self) -> str:
        return f"<Finding {self.rule} {self.severity} {self.range}>"


def range_of(source: Source, span: Span) -> Range:
    """Return where *span* is, as people count."""
    return Range(position_of(source, span.start), position_of(source, span.end))


def position_of(source: Source, offset: int) -> Position:
    """Return where the octet at *offset* is, as people count."""
    from smtp_lsp.text.lines import code_points

    lines = source.lines
    line = lines.line_of(offset)
    start = lines.starts[line]
    return Position(line + 1, code_points(source.data[start:offset]) + 1)
