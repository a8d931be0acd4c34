"""TRN: the record itself."""

from __future__ import annotations

import re

from smtp_lsp.dialects import NAMES
from smtp_lsp.rules import INTEROPERABILITY, SOURCE, WARNING, Hit, rule
from smtp_lsp.text.escape import quoted
from smtp_lsp.text.source import BINARY, BLANK, EMPTY, UTF16
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.text.source import Source

_DIRECTIVE = re.compile(rb"#[ \t]*smtp-lsp:[ \t]*([^\s\[=]*)([=\[][^\r\n]*)?")
_KNOWN = (b"dialect",)


@rule("TRN001", "nothing-to-read", WARNING, shape=SOURCE, category=INTEROPERABILITY)
def nothing_to_read(source: Source, spoken: bool) -> Iterator[Hit]:
    """Say of a file that nothing can be checked in it, and why."""
    nature = source.nature()
    first = Span(0, min(len(source.data), 1))
    if nature in (EMPTY, BLANK, BINARY, UTF16):
        yield Hit(nature, first)
    elif not spoken:
        yield Hit("silent", first)


@rule("TRN002", "unknown-directive", WARNING, shape=SOURCE, category=INTEROPERABILITY)
def unknown_directive(source: Source, spoken: bool) -> Iterator[Hit]:
    """Say of a directive that nothing understands it, so that nobody relies on it."""
    if not spoken or b"smtp-lsp:" not in source.data:
        return
    for found in _DIRECTIVE.finditer(source.data):
        start = source.data.rfind(b"\n", 0, found.start()) + 1
        before = source.data[start : found.start()]
        if before.strip() and not before.endswith((b" ", b"\t")):
            continue
        if found[1] not in _KNOWN:
            yield Hit("unknown", Span(found.start(), found.end(1)), {"said": quoted(found[1])})
        elif (found[2] or b"")[1:].strip().decode("ascii", "replace") not in NAMES:
            span = Span(found.start(), found.end())
            named = {"said": quoted((found[2] or b"")[1:].strip()), "known": ", ".join(NAMES)}
            yield Hit("unknown-dialect", span, named)
