"""Bodies in their transfer encoding: checked where they are, and decoded (RFC 2045 2, 6).

    check(body, encoding)          the defects of a leaf's body
    decode(body, encoding)         its octets, as well as they can be had
    place(body, encoding, octets, at)   where one of these octets stands in the body
    decoded_size(body, encoding)   how many octets that are
    uuencoded(body)                the line with which a uuencoded file begins in a text

A whole body is looked at in a handful of scans; nothing is done for each line, unless it is one
that has a defect. Of each sort at most ``MOST`` places are kept. Line ends are the business of
other rules: they are never a defect here.

    EIGHT_BIT          octets above 127 in 7bit or quoted-printable (2.7, 6.7)
    NUL                in 7bit and 8bit (2.7, 2.8)
    CONTROL            a control other than TAB in quoted-printable (6.7); NUL among them
    LONG_LINE          of more than 998 octets in 7bit and 8bit, of more than 76 in the others
    BAD_ESCAPE         "=" without two hex digits (6.7)
    FINAL_EQUALS       "=" at the very end, a soft line break before nothing (6.7, note 3)
    LOWER_CASE_HEX     "=c3", which decoders take (6.7 rule 1): a note
    SOFT_BREAK_BLANKS  white space behind the "=" of a soft line break
    TRAILING_BLANKS    white space at the end of a line of quoted-printable, which decoders
                       take off (6.7 rule 3)
    LONE_DOT           a line of one period in quoted-printable (RFC 2049 3): a note
    BAD_CHARACTER      not of base64's alphabet, which decoders pass over (6.8)
    BLANKS             white space in base64 lines: a note
    INCOMPLETE         base64 that ends within a quantum, without any padding
    BAD_PADDING        padding that does not fit what is before it
    BEHIND_PADDING     characters behind the padding, which some decoders take and some do not
"""

from __future__ import annotations

from itertools import islice

from smtp_lsp.grammar import Production, rfc2045
from smtp_lsp.message.defect import Defect, by_place
from smtp_lsp.text.view import View

EIGHT_BIT = "eight bit"
NUL = "nul"
CONTROL = "control"
LONG_LINE = "long line"
BAD_ESCAPE = "bad escape"
FINAL_EQUALS = "final equals"
LOWER_CASE_HEX = "lower-case hex"
SOFT_BREAK_BLANKS = "soft break blanks"
TRAILING_BLANKS = "trailing blanks"
LONE_DOT = "lone dot"
BAD_CHARACTER = "bad character"
BLANKS = "blanks"
INCOMPLETE = "incomplete"
BAD_PADDING = "bad padding"
BEHIND_PADDING = "behind padding"

MOST = 100
"""Places of one sort that are kept of one body."""

LONGEST = {b"7bit": 998, b"8bit": 998, b"quoted-printable": 76, b"base64": 76}
"""Octets of a line, its end not counted, by encoding (2.7, 2.8, 6.7, 6.8)."""

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_ALPHABET = bytes(octet for octet in range(256) if octet not in ALPHABET)
_PRINTABLE = bytes((9, 10, 13, *range(32, 127)))

_PIECE = 1 << 18

# A line that is too long, by the octet at which lines end and how long they may be. The first
# line has no line end before it and is looked at by itself.
_LONG = {
    (separator, limit): Production(rb"%b[^\r\n]{%d}[^\r\n]*+" % (separator, limit + 1))
    for separator in (b"\n", b"\r")
    for limit in (76, 998)
}


def check(body: View, encoding: bytes) -> list[Defect]:
    """Return what is wrong with *body*, whose encoding is given in small letters, in order.

    Of binary, and of an encoding that is not known, nothing can be said.
    """
    data = bytes(body)
    if encoding == b"base64":
        defects = _check_base64(body, data)
    elif encoding == b"quoted-printable":
        defects = _check_quoted_printable(body, data)
    elif encoding in (b"7bit", b"8bit"):
        defects = _check_identity(body, data, encoding)
    else:
        return []
    defects.sort(key=by_place)
    return defects


def _places(
    body: View, sort: str, production: Production, start: int = 0, end: int | None = None
) -> list[Defect]:
    """Return the matches in the octets *start* to *end* of *body* as defects."""
    stop = body.end if end is None else body.start + end
    found = production.compiled.finditer(body.buffer.data, body.start + start, stop)
    return [Defect(sort, View(body.buffer, *match.span())) for match in islice(found, MOST)]


def _long_lines(body: View, data: bytes, limit: int) -> list[Defect]:
    separator = b"\n" if b"\n" in data else b"\r"
    if len(data) <= limit or _is_even(data, separator, limit):
        return []
    if _is_short(data, separator, limit):
        return []
    defects = []
    first = data.find(separator)
    first = len(data) if first < 0 else first
    if len(data[:first].rstrip(b"\r")) > limit:
        defects.append(Defect(LONG_LINE, body.sub(0, len(data[:first].rstrip(b"\r")))))
    for found in islice(_LONG[separator, limit].compiled.finditer(data), MOST):
        defects.append(Defect(LONG_LINE, body.sub(found.start() + 1, found.end())))
    return defects


def _is_even(data: bytes, separator: bytes, limit: int) -> bool:
    """Say whether all lines are as long as the first, as encoders make them, and short enough."""
    step = data.find(separator) + 1
    if not step or step - 1 > limit + 1 or len(data[: step - 1].rstrip(b"\r")) > limit:
        return False
    ends = data[step - 1 :: step]
    last = len(data) % step
    rest = data[len(data) - last :] if last else b""
    return (
        ends.count(separator) == len(ends)
        and data.count(separator) == len(ends) + rest.count(separator)
        and len(rest.rstrip(b"\r\n")) <= limit
        and separator not in rest.rstrip(b"\r\n")
    )


def _is_short(data: bytes, separator: bytes, limit: int) -> bool:
    """Say whether no line is too long; no may be said of lines that just fit.

    The octets are taken in pieces of whole lines, so that not all lines are there at once.
    """
    position, last = 0, len(data) - data.rfind(separator) - 1
    if separator == b"\n" and last <= limit and data.count(b"\r\n") == data.count(b"\n"):
        limit += 1
    while position < len(data):
        stop = data.find(separator, position + _PIECE) + 1 or len(data)
        if max(map(len, data[position:stop].split(separator))) > limit:
            return False
        position = stop
    return True


def _check_identity(body: View, data: bytes, encoding: bytes) -> list[Defect]:
    defects = _long_lines(body, data, LONGEST[encoding])
    if encoding == b"7bit" and not data.isascii():
        defects += _places(body, EIGHT_BIT, rfc2045.EIGHT_BIT)
    if b"\0" in data:
        defects += _places(body, NUL, rfc2045.NUL)
    return defects


# -- Quoted-printable (6.7) ----------------------------------------------------------------


def _check_quoted_printable(body: View, data: bytes) -> list[Defect]:
    defects = _long_lines(body, data, LONGEST[b"quoted-printable"])
    if data.translate(None, _PRINTABLE):
        if not data.isascii():
            defects += _places(body, EIGHT_BIT, rfc2045.EIGHT_BIT)
        defects += _places(body, CONTROL, rfc2045.CONTROL)
    if rfc2045.ODD_ESCAPE.search(data):
        defects += _places(body, BAD_ESCAPE, rfc2045.BAD_ESCAPE)
        defects += _places(body, LOWER_CASE_HEX, rfc2045.LOWER_CASE_HEX)
        defects += _places(body, SOFT_BREAK_BLANKS, rfc2045.SOFT_BREAK_BLANKS)
    if data.endswith(b"="):
        defects.append(Defect(FINAL_EQUALS, body.sub(len(body) - 1, len(body))))
    if _ends_in_blanks(data):
        defects += _places(body, TRAILING_BLANKS, rfc2045.TRAILING_BLANKS)
    if data[:1] == b"." or b"\n." in data:
        defects += _places(body, LONE_DOT, rfc2045.LONE_DOT)
    return defects


def _ends_in_blanks(data: bytes) -> bool:
    """Say whether a line may end in white space."""
    if data[-1:] in (b" ", b"\t"):
        return True
    ends = [end for end in (b"\n", b"\r") if end in data]
    return any(blank in data and blank + end in data for blank in (b" ", b"\t") for end in ends)


# -- Base64 (6.8) --------------------------------------------------------------------------


def _check_base64(body: View, data: bytes) -> list[Defect]:
    defects = _long_lines(body, data, LONGEST[b"base64"])
    others = data.translate(None, ALPHABET).translate(None, b"\r\n")
    if not others:
        return defects + _check_quantum(body, data, len(data))
    first = data.find(b"=")
    padding = rfc2045.PADDING.match(data, first) if first >= 0 else None
    end = len(data) if padding is None else padding.start()
    bad = _places(body, BAD_CHARACTER, rfc2045.NOT_BASE64, 0, end)
    defects += bad
    if not bad and (b" " in others or b"\t" in others):
        defects += _places(body, BLANKS, rfc2045.BASE64_BLANKS, 0, end)
    if padding is not None and padding.end() < len(data):
        behind = body.sub(padding.end(), len(data.rstrip()))
        defects.append(Defect(BEHIND_PADDING, behind))
    # Where foreign characters stand among them, the count of the others says nothing.
    return defects if bad else defects + _check_quantum(body, data, end)


def _check_quantum(body: View, data: bytes, end: int) -> list[Defect]:
    """Check that the letters before *end* and the padding there make whole quanta."""
    # Where there is nothing foreign, all else is white space.
    letters = end - sum(data.count(blank, 0, end) for blank in (b"\n", b"\r", b" ", b"\t"))
    if end == len(data):
        if letters % 4:
            text = data.rstrip()
            return [Defect(INCOMPLETE, body.sub(max(0, len(text) - letters % 4), len(text)))]
        return []
    found = rfc2045.PADDING.match(data, end)
    padding = b"" if found is None else found[0]
    if (letters + padding.count(b"=")) % 4 or letters % 4 < 2 or padding.count(b"=") > 2:
        return [Defect(BAD_PADDING, body.sub(end, end + len(padding.rstrip())))]
    return []


# -- Decoding ------------------------------------------------------------------------------


def decode(body: View, encoding: bytes) -> bytes:
    """Return what *body* encodes. What is broken is read as decoders do that go on."""
    data = bytes(body)
    if encoding == b"base64":
        return _decode_base64(data)
    if encoding == b"quoted-printable":
        from binascii import a2b_qp

        return a2b_qp(data)
    return data


def _letters(data: bytes) -> bytes:
    """Return the letters of base64 up to the padding, in whole quanta or what is left."""
    end = data.find(b"=")
    letters = data[: len(data) if end < 0 else end].translate(None, _NOT_ALPHABET)
    return letters[:-1] if len(letters) % 4 == 1 else letters


def _decode_base64(data: bytes) -> bytes:
    from binascii import a2b_base64

    letters = _letters(data)
    return a2b_base64(letters + b"=" * (-len(letters) % 4))


def place(body: View, encoding: bytes, octets: bytes, at: int) -> View | None:
    """Return where in *body* the octet *at* of what it encodes stands, if it is seen there.

    That is what is not encoded, and an octet above 127 in quoted-printable.
    """
    if encoding in (b"7bit", b"8bit", b"binary"):
        return body.sub(at, at + 1)
    if encoding != b"quoted-printable" or octets[at] < 128:
        return None
    before = sum(octet > 127 for octet in octets[:at])
    places = rfc2045.HIGH_ESCAPE.compiled.finditer(body.buffer.data, body.start, body.end)
    found = next(islice(places, before, None), None)
    return None if found is None else View(body.buffer, *found.span())


def decoded_size(body: View, encoding: bytes) -> int:
    """Return how many octets *body* encodes; of base64 without decoding it."""
    if encoding == b"base64":
        return len(_letters(bytes(body))) * 3 // 4
    return len(decode(body, encoding))


def uuencoded(body: View) -> View | None:
    """Return the line with which a uuencoded file begins in *body*, or None."""
    data = body.buffer.data
    if data.find(b"begin ", body.start, body.end) < 0:
        return None
    found = rfc2045.UUENCODED.search(data, body.start, body.end)
    return View(body.buffer, *found.span()) if found else None
