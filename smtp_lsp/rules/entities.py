"""What the rules about MIME ask of a message: its entities, and what is wrong with each.

The parts of a message are walked once, whatever the number of rules, and every defect is kept
by its sort: a rule looks up those that are its own. What has no field of MIME costs a look at
three names. Left out is what would not be this sender's fault, or is told elsewhere:

* in a transcript, a sketch and what a record cuts off (``Message.sketch``);
* what stands in a message that a multipart/report returns, which servers cut as they like;
* what follows from another defect: a multipart whose boundary a broken Content-Type hides.
"""

from __future__ import annotations

from functools import lru_cache

from smtp_lsp.grammar import rfc2045
from smtp_lsp.message import even, mime, parameters, transfer
from smtp_lsp.message.mime import Part
from smtp_lsp.rules import ERROR, Hit, Related
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.defect import Defect
    from smtp_lsp.message.even import Stretch
    from smtp_lsp.message.parameters import Value
    from smtp_lsp.text.span import Span
    from smtp_lsp.text.view import View

    Found = dict[str, list["Fault"]]

IDENTITIES = frozenset((b"7bit", b"8bit", b"binary"))
ENCODED = frozenset((b"quoted-printable", b"base64"))
ATTACHMENT = b"attachment"

_OF_MIME = ("content-type", "content-transfer-encoding", "content-disposition")
_RELATED = 9
_LONGEST = 998
_WORDS = 3
_AHEAD = 1000

# What may keep a reader from finding the boundary, and is then why there seems to be none.
_HIDING = frozenset(
    (
        *(parameters.OPEN_QUOTE, parameters.OPEN_COMMENT, parameters.NO_EQUALS),
        *(parameters.BAD_NAME, parameters.UNQUOTED, parameters.TEXT_BEHIND_VALUE),
        *(parameters.REPEATED, parameters.SECTION_GAP, parameters.BAD_SECTION),
        *(parameters.TEXT_BEHIND_TYPE, parameters.NO_SEMICOLON, parameters.NO_NAME),
    )
)
# What makes a line of base64 longer than it was meant to be.
_LENGTHENING = frozenset((transfer.BAD_CHARACTER, transfer.BLANKS))
# What makes the octets of a text say nothing of its character set.
_GARBLING = (transfer.EIGHT_BIT, transfer.BAD_CHARACTER, transfer.BLANKS)

# The defects of a value by which it is not read as meant, of which one is told; and those of
# pieces and percent signs, of which one sort is told: those that others follow from come first.
SYNTAX = frozenset(
    (
        *(parameters.NO_TYPE, parameters.NO_SUBTYPE, parameters.BAD_TYPE),
        *(parameters.TEXT_BEHIND_TYPE, parameters.OPEN_QUOTE, parameters.OPEN_COMMENT),
        *(parameters.NO_SEMICOLON, parameters.NO_EQUALS, parameters.NO_VALUE),
        *(parameters.NO_NAME, parameters.BAD_NAME, parameters.TEXT_BEHIND_VALUE),
    )
)
EXTENDED = (
    *(parameters.SECTION_GAP, parameters.SECTION_REPEATED, parameters.BAD_SECTION),
    *(parameters.BAD_PERCENT, parameters.NO_CHARSET, parameters.EMPTY_CHARSET),
    *(parameters.UNKNOWN_CHARSET, parameters.UNDECODABLE, parameters.QUOTED_EXTENDED),
)
_HIDDEN = frozenset((mime.NO_BOUNDARY, mime.EMPTY_BOUNDARY, mime.NOT_SEEN))


class Fault:
    """One defect of one part; ``field`` is the field that it is in, or None.

    ``grave`` says that a multipart cannot be read because of it.
    """

    __slots__ = ("field", "grave", "part", "sort", "view")

    def __init__(
        self, part: Part, defect: Defect, field: Field | None = None, *, grave: bool = False
    ) -> None:
        self.part = part
        self.sort = defect.sort
        self.view = defect.view
        self.field = field
        self.grave = grave

    def span(self) -> Span:
        """Return the octets that are wrong, or the field's name where there are none."""
        view = self.view
        if not view and self.field is not None:
            view = self.field.name
        return view.span()

    def said(self) -> dict[str, str]:
        """Return the octets that are wrong and the field's name, as a message shows them."""
        named = {"said": quoted(bytes(self.view)[:400].strip())}
        if self.field is not None:
            named["field"] = quoted(bytes(self.field.name))
        return named


class Entities:
    """The parts of a message that are judged, and their defects by sort.

    ``structure`` are those of multiparts, ``values`` those of Content-Type and
    Content-Disposition, ``mechanisms`` those of Content-Transfer-Encoding, ``bodies`` those of
    what is encoded. ``even`` are bodies of base64 without any, in the order of the file, and
    ``named`` the parts that may give a file a name.
    """

    __slots__ = ("bodies", "even", "mechanisms", "named", "parts", "structure", "values")

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.structure: Found = {}
        self.values: Found = {}
        self.mechanisms: Found = {}
        self.bodies: Found = {}
        self.even: list[Stretch] = []
        self.named: list[Part] = []

    def _add(self, part: Part, root: Part) -> None:
        self.parts.append(part)
        message = part.message
        broken: list[Defect] = []
        if message.fields:
            broken = self._add_values(part)
            if _may_name(part):
                self.named.append(part)
        if part.defects:
            self._add_structure(part, root, broken)
        if not part.parts and part.boundary is None and part.encoding in ENCODED:
            self._add_body(part, root)

    def _add_values(self, part: Part) -> list[Defect]:
        """Add the defects of the fields of MIME; return those that hide what is in a multipart."""
        kind, disposition, label = part.content_type, part.disposition, part.transfer_encoding
        if not (
            (kind is not None and kind.defects)
            or (disposition is not None and disposition.defects)
            or (label is not None and label.defects)
        ):
            return []
        broken: list[Defect] = []
        for name, value, found in (
            ("content-type", kind, self.values),
            ("content-disposition", disposition, self.values),
            ("content-transfer-encoding", label, self.mechanisms),
        ):
            if value is None or not value.defects:
                continue
            field = part.message.field(name)
            if name == "content-type":
                broken = [d for d in value.defects if d.sort in _HIDING or is_second_boundary(d)]
            grave = broken[0] if broken and name == "content-type" and _hides(part) else None
            for defect in _telling(value):
                _put(found, Fault(part, defect, field, grave=defect is grave))
        return broken

    def _add_structure(self, part: Part, root: Part, broken: list[Defect]) -> None:
        sorts = {defect.sort for defect in part.defects}
        twice = len(part.message.named("content-type")) > 1
        # What a missing empty line did to the header is told by rules about the header.
        headless = part is root and (bool(part.message.unreadable) or not _has_separator(part))
        untold = set(_HIDDEN) if broken or twice or headless or mime.ENCODED in sorts else set()
        if headless:
            untold.add(mime.NOT_CLOSED)
        field = part.message.field("content-type")
        for defect in part.defects:
            if defect.sort in untold:
                continue
            if mime.NOT_CLOSED in sorts and is_misspelt_close(part, defect):
                continue
            _put(self.structure, Fault(part, defect, field))

    def _add_body(self, part: Part, root: Part) -> None:
        if mime.is_encoded(part):
            return
        stretch = even.stretch(part.body) if part.encoding == b"base64" else None
        if stretch is not None:
            self.even.append(stretch)
            return
        cut_off = part.whole.end == root.whole.end and _is_open(part)
        defects = transfer.check(part.body, part.encoding)
        foreign = [d.view for d in defects if d.sort in _LENGTHENING]
        end = misspelt_close(part) if defects else 0
        for defect in defects:
            if end and defect.view.end > end:
                continue  # what stands there was to be outside of the part
            if defect.sort == transfer.LONG_LINE and _is_long_for(defect.view, foreign):
                continue
            if defect.sort in (transfer.INCOMPLETE, transfer.FINAL_EQUALS) and cut_off:
                continue  # told as a multipart that is not closed
            if defect.sort == transfer.CONTROL and not bytes(defect.view).strip(b"\0"):
                continue  # told as NUL
            _put(self.bodies, Fault(part, defect))

    def _finish(self) -> None:
        """Leave out what a boundary that is used twice does to the multipart around."""
        if mime.BOUNDARY_SAME in self.structure:
            self.structure.pop(mime.NOT_CLOSED, None)


def is_misspelt_close(part: Part, defect: Defect) -> bool:
    """Say whether a line is a close-delimiter but for its last hyphens: it lacks one."""
    if defect.sort != mime.DELIMITER_TEXT:
        return False
    return bytes(defect.view)[2 + len(part.boundary or b"") :].startswith(b"-")


def misspelt_close(part: Part) -> int:
    """Return where a line in *part* was to close a multipart around it, or 0."""
    for outer in around(part):
        if outer.is_multipart and outer.close is None:
            for defect in outer.defects:
                if is_misspelt_close(outer, defect) and defect.view.start >= part.body.start:
                    return defect.view.start
    return 0


def _is_long_for(line: View, foreign: list[View]) -> bool:
    """Say whether another rule tells why *line* is too long: no server takes it, or what is in it
    that does not belong there.
    """
    return len(line) > _LONGEST or any(line.start <= v.start < line.end for v in foreign)


def _telling(value: Value) -> Iterator[Defect]:
    """Yield the defects of a value that tell something, and few of each sort.

    Of its syntax that is the first one, or the quote that swallows the rest; of pieces and
    percent signs those of one sort.
    """
    syntax = [defect for defect in value.defects if defect.sort in SYNTAX]
    swallowing = [defect for defect in syntax if defect.sort == parameters.OPEN_QUOTE]
    valued = [defect for defect in syntax if not _is_bare_boundary(defect)]
    leading = next(iter(swallowing or valued), None)
    sorts = {defect.sort for defect in value.defects}
    extended = next((sort for sort in EXTENDED if sort in sorts), "")
    counts: dict[str, int] = {}
    for defect in value.defects:
        sort = defect.sort
        if (sort in SYNTAX and defect is not leading) or (sort in EXTENDED and sort != extended):
            continue
        counts[sort] = counts.get(sort, 0) + 1
        if counts[sort] <= _RELATED + 1:
            yield defect


def _is_bare_boundary(defect: Defect) -> bool:
    """Say whether a boundary has no value, which is told as such."""
    bare = defect.sort == parameters.NO_VALUE
    return bare and bytes(defect.view)[:8].lower() == b"boundary"


def is_unquoted(value: Value | None, view: View) -> bool:
    """Say whether *view* is a parameter's value that wants quotes, which is told as such."""
    if value is None or not value.defects:
        return False
    return any(
        defect.sort == parameters.UNQUOTED and defect.view.start == view.start
        for defect in value.defects
    )


def around(part: Part) -> Iterator[Part]:
    """Yield the parts around *part*, as many as readers go down."""
    parent = part.parent
    for _ in range(mime.DEEPEST):
        if parent is None:
            return
        yield parent
        parent = parent.parent


def _may_name(part: Part) -> bool:
    """Say whether a part may give a file a name: by a parameter ``filename``, or ``name``."""
    for value in (part.disposition, part.content_type):
        if value is not None and b"name" in bytes(value.view).lower():
            return True
    return False


def _put(found: Found, fault: Fault) -> None:
    found.setdefault(fault.sort, []).append(fault)


def is_second_boundary(defect: Defect | Fault) -> bool:
    """Say whether a boundary is given plain and once more as RFC 2231 has it."""
    name = bytes(defect.view).lower() if defect.sort == parameters.BOTH_FORMS else b""
    return name.partition(b"*")[0] == b"boundary"


def _hides(part: Part) -> bool:
    return any(defect.sort in _HIDDEN for defect in part.defects)


def _has_separator(part: Part) -> bool:
    """Say whether something ends the header: a file of fields alone is no message cut short."""
    return part.body.start > part.message.header.end


def _is_open(part: Part) -> bool:
    """Say whether a multipart around *part* is not closed."""
    return any(each.is_multipart and each.close is None for each in around(part))


def _is_returned(part: Part) -> bool:
    """Say whether *part* holds a message that a report returns."""
    parent = part.parent
    return (
        parent is not None and not part.is_multipart and (parent.media_type == b"multipart/report")
    )


_NOTHING = Entities()


@lru_cache(maxsize=1)
def entities(message: Message) -> Entities:
    """Return what there is to be judged in *message*; nothing where it has no field of MIME."""
    if message.sketch or not any(message.named(name) for name in _OF_MIME):
        return _NOTHING
    found = Entities()
    root = mime.tree(message)
    waiting = [root]
    while waiting:
        part = waiting.pop()
        found._add(part, root)
        if part.parts and not _is_returned(part):
            waiting.extend(reversed(part.parts))
    found._finish()
    return found


def told(
    found: Found,
    keys: Mapping[str, str],
    *,
    name: Callable[[Fault], dict[str, str]] = Fault.said,
    severities: Mapping[str, str] | None = None,
    spared: Callable[[Fault], bool] | None = None,
) -> Iterator[Hit]:
    """Yield a hit for each sort of *keys* that was found: the first place, and the others with it.

    *keys* are the messages' keys by sort; what *spared* says of a fault leaves it out.
    """
    if not found:
        return
    places: dict[str, list[Fault]] = {}
    for sort, key in keys.items():
        for fault in found.get(sort, ()):
            if spared is None or not spared(fault):
                places.setdefault(key, []).append(fault)
    for key, faults in places.items():
        first = min(faults, key=_by_place)
        severity = (severities or {}).get(key, "")
        if any(fault.grave for fault in faults):
            severity = ERROR
        yield Hit(key, first.span(), name(first), related=again(faults, first), severity=severity)


def one_each(check: Callable[[Message], Iterable[Hit]]) -> Callable[[Message], Iterable[Hit]]:
    """Have *check* report each key once: the first place, and the others with it."""

    def checked(message: Message) -> Iterable[Hit]:
        first: dict[str, Hit] = {}
        for hit in check(message):
            before = first.setdefault(hit.key, hit)
            if before is not hit and len(before.related) < _RELATED:
                before.related.append(Related("again", hit.span))
        return first.values()

    checked.__module__, checked.__doc__ = check.__module__, check.__doc__
    return checked


def _by_place(fault: Fault) -> int:
    return fault.view.start


def again(faults: Sequence[Fault], first: Fault) -> list[Related]:
    others = [fault for fault in faults if fault is not first]
    return [Related("again", fault.span()) for fault in others[:_RELATED]]


def folded(key: str, places: Sequence[View], named: dict[str, str]) -> Hit:
    """Return one hit for all *places*, the first of which it is at."""
    related = [Related("again", place.span()) for place in places[1 : _RELATED + 1]]
    return Hit(key, places[0].span(), named, related=related)


def first_line(part: Part) -> View:
    """Return the first line of a body that is not empty, at most ``_AHEAD`` octets of it."""
    body = part.body
    blank = bytes(body.sub(0, min(_AHEAD, len(body))))
    start = len(blank) - len(blank.lstrip())
    head = bytes(body.sub(start, min(start + _AHEAD, len(body))))
    text = head.splitlines()[0] if head.strip() else b""
    return body.sub(start, start + len(text))


def is_plain(part: Part) -> bool:
    """Say whether a body labelled base64 is text that nobody has encoded: words and blanks."""
    return len(bytes(first_line(part)).split()) >= _WORDS


# -- Texts ----------------------------------------------------------------------------------


def is_text(part: Part) -> bool:
    """Say whether *part* is a text for reading: attachments are files, whatever they hold."""
    if part.parts or part.boundary is not None or not part.media_type.startswith(b"text/"):
        return False
    return part.disposition is None or part.disposition.token != ATTACHMENT


def charset(part: Part) -> View | None:
    """Return the charset parameter's value, or None."""
    value: Value | None = part.content_type
    return None if value is None else value.get(b"charset")


@lru_cache(maxsize=1)
def texts(message: Message) -> list[tuple[Part, bytes]]:
    """Return the texts that hold octets above 127 once decoded, with their octets.

    Of an encoding that is not known nothing is said, nor of a body that is not all encoded.
    """
    found = []
    bodies = entities(message).bodies
    garbled = {id(fault.part) for sort in _GARBLING for fault in bodies.get(sort, ())}
    for part in entities(message).parts:
        if id(part) in garbled or not is_text(part):
            continue
        if part.encoding in ENCODED or part.encoding in IDENTITIES:
            octets = _eight_bit(part)
            if octets:
                found.append((part, octets))
    return found


def _eight_bit(part: Part) -> bytes:
    """Return the octets of a text, decoded, or nothing where they are ASCII."""
    octets = bytes(part.body)
    if part.encoding == b"quoted-printable":
        if octets.isascii() and rfc2045.HIGH_ESCAPE.search(octets) is None:
            return b""
    elif part.encoding != b"base64":
        return b"" if octets.isascii() else octets
    octets = transfer.decode(part.body, part.encoding)
    return b"" if octets.isascii() else octets


def mislabelled(message: Message) -> Iterator[tuple[int, bool]]:
    """Yield the first octet above 127 in a part that is 7bit, and whether the part says so."""
    for part in entities(message).parts:
        if part.parts or part.encoding != b"7bit" or part.media_type.startswith(b"multipart/"):
            continue
        found = rfc2045.EIGHT_BIT.search(part.body.buffer.data, part.body.start, part.body.end)
        if found:
            yield found.start(), part.transfer_encoding is not None
            return
