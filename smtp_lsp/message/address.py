"""Address lists of header fields, taken apart tolerantly (RFC 5322 3.4, RFC 6854)."""

from __future__ import annotations

from smtp_lsp.grammar import Production
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# What is more than itself in an address list; a quoted pair is nothing but itself.
_SPECIAL = Production(rb"(?s)\\.|[\"()<>\[\],:;]")


def mailboxes(value: View) -> Iterator[View]:
    """Yield the mailboxes of an address list, those inside groups among them.

    Elements are told by the commas, colons and semicolons that stand outside of quoted
    strings, comments, angle brackets and domain literals. What a list leaves open (a quoted
    string, say) goes on to its end. Empty elements, which the obsolete syntax has (RFC 5322
    4.4), are no mailboxes. Linear in the length; comments may nest to any depth.
    """
    data = value.buffer.data
    start, blank_from = value.start, value.start
    said = False
    inside = b""
    depth = 0
    for match in _SPECIAL.compiled.finditer(data, value.start, value.end):
        special = match[0]
        if depth:
            depth += (special == b"(") - (special == b")")
            blank_from = match.end()
            continue
        if inside:
            inside = b"" if special == inside else inside
            continue
        said = said or bool(data[blank_from : match.start()].strip())
        blank_from = match.end()
        if special == b"(":
            depth = 1
        elif special in b",:;":
            if said and special != b":":
                yield _trimmed(View(value.buffer, start, match.start()))
            start, said = match.end(), False
        else:
            said = True
            inside = {b'"': b'"', b"<": b">", b"[": b"]"}.get(special, b"")
    if said or (not depth and data[blank_from : value.end].strip()):
        yield _trimmed(View(value.buffer, start, value.end))


def _trimmed(view: View) -> View:
    """Return *view* without the white space around it."""
    data = bytes(view)
    left = len(data) - len(data.lstrip())
    return view.sub(left, len(data.rstrip()))
