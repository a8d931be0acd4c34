"""Remarks that a reader of a log wrote behind what was said: ``250 OK   <== here``."""

from __future__ import annotations

from smtp_lsp.grammar import Production

_MARKS = (b" <=", b" <-", b" <<<", b"\t<=", b"\t<-", b"\t<<<", b" \xe2\x86\x90", b"\t\xe2\x86\x90")
# Flag 16 is re.DOTALL: a remark may hold anything.
_BEHIND = Production(rb"(?<=[ \t])(?:<{3,}|<=+|<-+|\xe2\x86\x90)(?:[ \t=-].*)?$", 16)


def any_in(data: bytes) -> bool:
    """Say whether a remark may stand anywhere in *data*."""
    return any(mark in data for mark in _MARKS)


def without(data: bytes, start: int, stop: int) -> int:
    """Return where the text of the line ``data[start:stop]`` ends before a remark, if any."""
    line = data[start:stop]
    found = _BEHIND.search(line)
    if found is None:
        return stop
    text = line[: found.start()].rstrip(b" \t")
    return start + len(text) if text else stop
