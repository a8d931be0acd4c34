"""CMD: blanks before, behind and between the words of a command (RFC 5321 4.1.1).

Blanks within the argument of MAIL and RCPT belong to the rules about paths and parameters.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE, LINE_ENDS
from smtp_lsp.grammar import Production
from smtp_lsp.rules import (
    ERROR,
    INFO,
    INTEROPERABILITY,
    LINE,
    STYLE,
    WARNING,
    Fix,
    LineHit,
    rule,
)
from smtp_lsp.rules.path import SYNTAX
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar.speech import Command

# Not what stands before a reader's remark.
_WIDE = Production(rb"(?<![ \t])(?:[ \t]{2,}+|\t)(?=[A-Za-z])")


@rule(
    "CMD017",
    "no-trailing-space",
    INFO,
    shape=LINE,
    needs=CLIENT_SIDE,
    category=STYLE,
    references=("RFC 5321 4.1.1",),
    fixes={"no-blank": Fix.SAFE, "one-blank": Fix.SAFE},
)
def no_trailing_space(command: Command) -> Iterator[LineHit]:
    text = command.text
    end = len(text.rstrip(b" \t"))
    # Behind AUTH it may be an empty initial response: ``auth-empty-ir-equals``.
    if not command.likely or command.verb == "AUTH":
        return
    if end < len(text) and (command.arguments or command.event != "HELLO"):
        yield LineHit("blank", end, len(text), edits=((end, len(text), b""),), mends="no-blank")
    elif command.path is not None:
        for match in _WIDE.compiled.finditer(text, command.path[1]):
            edits = ((*match.span(), b" "),)
            yield LineHit("several", *match.span(), edits=edits, mends="one-blank")
            return


@rule(
    "CMD027",
    "one-space-after-verb",
    ERROR,
    accepted=WARNING,
    explains=SYNTAX,
    shape=LINE,
    needs=CLIENT_SIDE,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.1.1", "RFC 5321 2.4"),
    fixes={"one-blank": Fix.SAFE},
)
def one_space_after_verb(command: Command) -> Iterator[LineHit]:
    """Find a TAB, or several blanks, between a verb and its argument."""
    text, start, end = command.text, command.verb_end, command.argument
    if end - start < 2 and text[start:end] != b"\t":
        return
    verb = text[command.verb_start : start]
    # `Mail  from: somebody`, `Help  me`: that is how sentences begin.
    if not command.likely or not command.arguments or (verb[:1].isupper() and verb[1:].islower()):
        return
    key = "tab" if b"\t" in text[start:end] else "several"
    edits = ((start, end, b" "),)
    named = {"verb": command.verb, "count": str(end - start)}
    yield LineHit(key, start, end, named, WARNING, edits=edits, mends="one-blank")


@rule(
    "CMD028",
    "no-blank-before-verb",
    ERROR,
    accepted=WARNING,
    explains=SYNTAX,
    shape=LINE,
    needs=CLIENT_SIDE | LINE_ENDS,
    category=INTEROPERABILITY,
    references=("RFC 5321 4.1.1", "RFC 5321 2.4"),
    fixes={"no-blank": Fix.SAFE},
)
def no_blank_before_verb(command: Command) -> Iterator[LineHit]:
    """Find blanks before a verb, where a record shows each octet and no layout of its own."""
    start = command.verb_start
    if start and command.likely:
        edits = ((0, start, b""),)
        named = {"verb": quoted(command.text[start : command.verb_end])}
        yield LineHit("before", 0, start, named, WARNING, edits=edits, mends="no-blank")
