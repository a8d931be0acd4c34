"""TRN: the record itself."""

from __future__ import annotations

from smtp_lsp.dialects import NAMES
from smtp_lsp.rules import (
    CORRECTNESS,
    ERROR,
    INFO,
    INTEROPERABILITY,
    SOURCE,
    STYLE,
    WARNING,
    Fix,
    Hit,
    matching,
    rule,
)
from smtp_lsp.text.escape import visible
from smtp_lsp.text.source import BINARY, BLANK, EMPTY, UTF16
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.dialects.directive import Directive
    from smtp_lsp.dialects.reading import Reading
    from smtp_lsp.text.source import Source


class Record:
    """What is known of a file beyond its sessions: whether anybody speaks, and its directives."""

    __slots__ = ("directives", "reading", "source", "spoken", "unmet", "unused")

    def __init__(self, source: Source, *, spoken: bool, reading: Reading | None = None) -> None:
        self.source = source
        self.reading = reading
        self.spoken = spoken
        self.directives: list[Directive] = []
        self.unused: list[Directive] = []
        self.unmet: list[Directive] = []


KNOWN = ("dialect", "ignore", "disable", "enable", "expect")


@rule("TRN001", "nothing-to-read", WARNING, shape=SOURCE, category=INTEROPERABILITY)
def nothing_to_read(record: Record) -> Iterator[Hit]:
    """Say of a file that nothing can be checked in it, and why."""
    nature = record.source.nature()
    first = Span(0, min(len(record.source.data), 1))
    if nature in (EMPTY, BLANK, BINARY, UTF16):
        yield Hit(nature, first)
    elif not record.spoken:
        from smtp_lsp.rules.diagnosis.lost import never_begun

        # Why a connection never came to be says more than that nobody speaks.
        if never_begun(record.source) is None:
            yield Hit("silent", first)


@rule("TRN002", "unknown-directive", WARNING, shape=SOURCE, category=INTEROPERABILITY)
def unknown_directive(record: Record) -> Iterator[Hit]:
    """Say of a directive that nothing understands it, so that nobody relies on it."""
    for directive in record.directives:
        if directive.word not in KNOWN:
            yield Hit("unknown", directive.word_span, {"said": visible(directive.word)})
        elif directive.word == "dialect" and directive.value not in NAMES:
            named = {"said": visible(directive.value), "known": ", ".join(NAMES)}
            yield Hit("unknown-dialect", directive.span, named)
        for name in directive.names:
            if not any(True for _ in matching(name)):
                yield Hit("unknown-rule", directive.span, {"said": visible(name)})


@rule(
    "TRN003",
    "unused-suppression",
    WARNING,
    shape=SOURCE,
    category=STYLE,
    fixes={"no-directive": Fix.SAFE},
)
def unused_suppression(record: Record) -> Iterator[Hit]:
    """Say of a suppression that it suppresses nothing: what it was for has gone."""
    for directive in record.unused:
        named = {"said": visible(", ".join(directive.names))}
        fix = Fix(Fix.SAFE, "no-directive", [(_whole(record.source, directive), b"")])
        yield Hit("all" if not directive.names else "unused", directive.span, named, fix=fix)


def _whole(source: Source, directive: Directive) -> Span:
    """Return what goes with a directive: its line, or the blanks between it and what was said."""
    data, span = source.data, directive.span
    if directive.alone:
        line = source.lines.line_of(span.start)
        following = source.lines.starts[line + 1 : line + 2]
        return Span(source.lines.starts[line], following[0] if following else len(data))
    start = span.start
    while data[start - 1 : start] in (b" ", b"\t"):
        start -= 1
    return Span(start, span.end)


@rule("TRN004", "unmet-expectation", ERROR, shape=SOURCE, category=CORRECTNESS)
def unmet_expectation(record: Record) -> Iterator[Hit]:
    """Say of a fixture that is wrong on purpose that it is no longer wrong."""
    for directive in record.unmet:
        yield Hit("unmet", directive.span, {"said": visible(", ".join(directive.names))})


@rule(
    "TRN005",
    "assumed-dialect",
    INFO,
    shape=SOURCE,
    category=INTEROPERABILITY,
    default=True,
    fixes={"settle-dialect": Fix.UNSAFE},
)
def assumed_dialect(record: Record) -> Iterator[Hit]:
    """Say what a file was taken for where its dialect is not certain, and how to settle it."""
    reading, data = record.reading, record.source.data
    if reading is None or reading.certain or not record.spoken:
        return
    mark = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    named = {"name": reading.dialect.name}
    for key, prefix in zip(("client", "server"), reading.dialect.prefixes, strict=False):
        named[key] = visible(prefix.decode("utf-8", "replace").strip())
    comment = b"# smtp-lsp: dialect=" + reading.dialect.name.encode("ascii")
    end = b"\r\n" if b"\r\n" in data else b"\n"
    settle = Fix(Fix.UNSAFE, "settle-dialect", [(Span(mark, mark), comment + end)])
    same = named.get("client") == named.get("server")
    yield Hit("same" if same else "pair", Span(mark, min(len(data), mark + 1)), named, fix=settle)
