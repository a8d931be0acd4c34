"""Showing octets to people: decoded for display, with nothing left that acts on a display."""

LONGEST = 80
"""Code points of a quotation; what is longer is cut in the middle."""


def _is_visible(character: str) -> bool:
    """Say whether *character* can be shown as it is.

    Not so controls, the bidirectional controls and zero-width characters that reorder or
    hide text, and what a decoder put in the place of an invalid octet's surrogate.
    """
    code = ord(character)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return False
    if 0x200B <= code <= 0x200F or 0x202A <= code <= 0x202E or 0x2060 <= code <= 0x206F:
        return False
    return code not in (0xFEFF, 0x061C, 0x2028, 0x2029) and not 0xD800 <= code <= 0xDFFF


def visible(text: str) -> str:
    """Return *text* with every character that would act on a display written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _is_visible(c) else _escaped(ord(c)) for c in text)


def _escaped(code: int) -> str:
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def quoted(raw: bytes, longest: int = LONGEST) -> str:
    """Return octets of a file as a short text that is safe to show.

    Octets that are no UTF-8 become U+FFFD.
    """
    text = visible(raw[: longest * 8].decode("utf-8", "replace"))
    if len(text) > longest:
        half = (longest - 1) // 2
        return f"{text[:half]}…{text[-half:]}"
    return text


def markdown(text: str) -> str:
    """Return *text* for use inside Markdown prose, none of it acting as markup."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+-.!|~&" else c for c in text)


def code_span(text: str) -> str:
    """Return *text* as a Markdown code span, whatever backticks it holds."""
    ticks = longest = 0
    for character in text:
        ticks = ticks + 1 if character == "`" else 0
        longest = max(longest, ticks)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text else ""
