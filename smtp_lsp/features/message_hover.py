"""Hover in a message: a field's name and this message's use of it, a value taken apart, a part.

    found = at(message, offset, locale, line)

The offset is of the file; *line* gives the number of the line of an offset. Everything that the
file says is shown as a code span, with nothing in it that acts on a display.
"""

from __future__ import annotations

from smtp_lsp import registry
from smtp_lsp.explain import topics
from smtp_lsp.explain.composed import Composed, labelled
from smtp_lsp.features import message_values
from smtp_lsp.message import mime
from smtp_lsp.pages import phrase
from smtp_lsp.text.escape import code_span, quoted
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.mime import Part
    from smtp_lsp.text.view import View

Found = tuple["Composed", Span]


def at(message: Message, offset: int, locale: str, line: Callable[[int], int]) -> Found | None:
    """Return what is to be said about the octet at *offset* of the file, or None."""
    part = part_at(message, offset)
    if part is None:
        return _on_delimiter(message, offset, locale)
    for field in part.message.fields:
        if touches(field.name, offset):
            return _on_name(part, field, locale)
        if touches(field.value, offset):
            asked = message_values.Asked(part, field, offset, locale, line)
            lines, view = message_values.read(asked)
            if not lines:
                return None
            composed = Composed("field", code_span(quoted(bytes(field.name))))
            composed.add("", _listed(lines))
            return composed, view.span()
    return None


def touches(view: View, offset: int) -> bool:
    """Say whether the cursor at *offset* is on *view*; right behind its end counts."""
    span = view.span()
    return span.start <= offset <= span.end


def part_at(message: Message, offset: int) -> Part | None:
    """Return the message or the part in whose header the octet at *offset* is, or None."""
    for part in mime.tree(message).walk():
        header = part.message.header
        if header and touches(header, offset):
            return part
    return None


def _listed(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


# -- Names ----------------------------------------------------------------------------------


def _on_name(part: Part, field: Field, locale: str) -> Found | None:
    """Return the page of a field, who sets it, and how often it is in this header."""
    composed = topics.field(field.key, locale)
    if composed is None:
        return None
    lines = []
    setter = _setter(field.key)
    if setter:
        lines.append(labelled(locale, "set-by", phrase(locale, f"set-by-{setter}")))
    same = part.message.named(field.key)
    if len(same) > 1:
        number = next((n for n, each in enumerate(same, 1) if each is field), 1)
        named = {"number": str(number), "count": str(len(same))}
        lines.append(phrase(locale, "one-of-fields", named))
    if lines:
        composed.blocks.insert(1, ("", _listed(lines)))
    return composed, field.name.span()


def _setter(key: str) -> str:
    rows = registry.table("field_setters")
    return next((str(row["set_by"]) for row in rows if row["name"].lower() == key), "")


# -- Delimiters -----------------------------------------------------------------------------


def _on_delimiter(message: Message, offset: int, locale: str) -> Found | None:
    """Return what the part is that begins behind the delimiter under the cursor."""
    for part in mime.tree(message).walk():
        for number, delimiter in enumerate(part.delimiters):
            view = _line_of(delimiter)
            if touches(view, offset) and number < len(part.parts):
                composed = Composed("part", code_span(quoted(bytes(view))))
                composed.add("", _listed(message_values.part_lines(part.parts[number], locale)))
                return composed, view.span()
    return None


def _line_of(delimiter: View) -> View:
    """Return a delimiter without the line ends before and behind it."""
    data = bytes(delimiter)
    start = len(data) - len(data.lstrip(b"\r\n"))
    return delimiter.sub(start, max(start, len(data.rstrip(b"\r\n"))))
