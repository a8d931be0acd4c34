"""Fields whose value is one word of a few, with parameters or comments behind.

Auto-Submitted (RFC 3834 5), Importance, Priority, Sensitivity (RFC 2156), TLS-Required (RFC
8689), List-Unsubscribe-Post (RFC 8058), MIME-Version (RFC 2045 4).
"""

from __future__ import annotations

from smtp_lsp.grammar import rfc5322
from smtp_lsp.message import lexis
from smtp_lsp.message.addr_spec import is_special, over
from smtp_lsp.message.defect import Defect, by_place
from smtp_lsp.message.lexis import COMMENT, SPACE
from smtp_lsp.text.view import View

MISSING = "missing-keyword"
EXTRA_WORDS = "extra-words"
"""More words than one before any semicolon; the view is the second."""


class Keyword:
    """``word`` is the keyword or None, ``parameters`` what stands behind a semicolon or None."""

    __slots__ = ("comments", "defects", "parameters", "view", "word")

    def __init__(self, view: View) -> None:
        self.view = view
        self.word: View | None = None
        self.parameters: View | None = None
        self.comments: list[View] = []
        self.defects: list[Defect] = []

    def __bytes__(self) -> bytes:
        """Return the word in small letters: case does not count in any of these fields."""
        return b"" if self.word is None else bytes(self.word).lower()


def is_tidy(value: View) -> bool:
    """Say whether *value* is one word and nothing else."""
    return bool(rfc5322.TIDY_WORD.compiled.match(value.buffer.data, value.start, value.end))


def read(value: View) -> Keyword:
    """Return the keyword of *value*. Never fails; linear in its length."""
    found = Keyword(value)
    every = [token for token in lexis.tokens(value) if token.sort != SPACE]
    found.comments = [token for token in every if token.sort == COMMENT]
    told = (lexis.token_defect(token) for token in every)
    found.defects = [defect for defect in told if defect is not None]
    found.defects += lexis.octet_defects(value)
    words = [token for token in every if token.sort != COMMENT]
    end = next((i for i, token in enumerate(words) if is_special(token, b";")), len(words))
    if end < len(words):
        found.parameters = View(value.buffer, words[end].end, value.end)
    run = 1
    while run < end and words[run].start == words[run - 1].end:
        run += 1
    if end:
        found.word = over(words[:run])
        if run < end:
            found.defects.append(Defect(EXTRA_WORDS, words[run]))
    elif not found.defects:
        found.defects.append(Defect(MISSING, value))
    found.defects.sort(key=by_place)
    return found
