"""Remarks that a reader of a log wrote behind what was said: ``250 OK   <== here``."""

from __future__ import annotations

from smtp_lsp.grammar import Production

# Flag 16 is re.DOTALL: a remark may hold anything.
_BEHIND = Production(rb"(?<=[ \t])(?:<{3,}|<=+|<-+|\xe2\x86\x90)(?:[ \t=-].*)?$", 16)


def without(data: bytes, start: int, stop: int) -> int:
    """Return where the text of the line ``data[start:stop]`` ends before a remark, if any."""
    if data.find(b"<", start + 1, stop) < 0 and data.find(b"\xe2", start + 1, stop) < 0:
        return stop
    line = data[start:stop]
    found = _BEHIND.search(line)
    if found is None:
        return stop
    text = line[: found.start()].rstrip(b" \t")
    return start + len(text) if text else stop
