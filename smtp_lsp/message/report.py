"""Reports: groups of fields in a body, for programs to read (RFC 3464, RFC 8098, RFC 3886).

    read(part)          the ``Report`` of a leaf of one of the ``KINDS``, or None
    check_parts(part)   the defects of a multipart/report as such (RFC 6522)

A ``Report`` has ``groups``, each a ``Message`` whose header is the group's fields: the first is
of the message as a whole, the others are of one recipient each (a disposition-notification has
the first alone). Values that are dates are for ``message.date`` to read: ``dates()`` yields them.
What is wrong, as the ``sort`` of a ``Defect``; ``field`` is the name of the field in question:

    NO_FIELDS           the body holds no field
    NO_RECIPIENTS       no group for a recipient (RFC 3464 2.1)
    MISSING             a field that a group must have; at the group's first field
    REPEATED            a field that stands twice in a group; at the second one
    MISPLACED           a field of a recipient in the first group, or the other way round (once
                        in a group, and what is missing from such a group is not told)
    EMPTY               a field without a value
    UNREADABLE          a line that is no field
    NO_TYPE             a value that should be ``type; text`` and has no type (RFC 3464 2.1.2)
    BAD_ACTION          an Action that none of the RFCs has
    BAD_STATUS          a Status that is not like 5.1.1 (RFC 3464 2.3.4)
    STATUS_CLASS        a Status that does not begin with 2, 4 or 5
    RETRY_IN_FINAL      Will-Retry-Until of what is not delayed (RFC 3464 2.3.9)
    BAD_DISPOSITION     a Disposition that cannot be taken apart (RFC 8098 3.2.6)
    BAD_ACTION_MODE, BAD_SENDING_MODE, BAD_DISPOSITION_TYPE   words of it that no RFC has
    ENCODED             base64 or quoted-printable where 7bit is asked for

and of a multipart/report:

    NO_REPORT_TYPE      no report-type parameter; at the type
    WRONG_REPORT_TYPE   another one than the second part has; at the parameter
    NO_REPORT           no part, or only one
    NOT_A_REPORT        a second part of a type that reports cannot have
    WRONG_THIRD         a third part that is no message and no header of one
    MORE_PARTS          a fourth part
"""

from __future__ import annotations

from smtp_lsp.grammar import Production, rfc3464
from smtp_lsp.message import WIRE, Message
from smtp_lsp.message.defect import Defect, by_place
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Field
    from smtp_lsp.message.mime import Part

NO_FIELDS = "no fields"
NO_RECIPIENTS = "no recipients"
MISSING = "missing"
REPEATED = "repeated"
MISPLACED = "misplaced"
EMPTY = "empty"
UNREADABLE = "unreadable"
NO_TYPE = "no type"
BAD_ACTION = "bad action"
BAD_STATUS = "bad status"
STATUS_CLASS = "status class"
RETRY_IN_FINAL = "retry in final"
BAD_DISPOSITION = "bad disposition"
BAD_ACTION_MODE = "bad action mode"
BAD_SENDING_MODE = "bad sending mode"
BAD_DISPOSITION_TYPE = "bad disposition type"
ENCODED = "encoded"
NO_REPORT_TYPE = "no report type"
WRONG_REPORT_TYPE = "wrong report type"
NO_REPORT = "no report"
NOT_A_REPORT = "not a report"
WRONG_THIRD = "wrong third"
MORE_PARTS = "more parts"

DELIVERY = "delivery-status"
DISPOSITION = "disposition-notification"
TRACKING = "tracking-status"

KINDS = {
    b"message/delivery-status": DELIVERY,
    b"message/global-delivery-status": DELIVERY,
    b"message/disposition-notification": DISPOSITION,
    b"message/global-disposition-notification": DISPOSITION,
    b"message/tracking-status": TRACKING,
}
"""The reports that are read, by media type (RFC 3464, RFC 8098, RFC 3886, RFC 6533)."""

_REPORT_TYPES = {media: kind.encode() for media, kind in KINDS.items()}
_REPORT_TYPES[b"message/feedback-report"] = b"feedback-report"
_RETURNED = frozenset(
    (b"message/rfc822", b"message/global", b"text/rfc822-headers", b"message/global-headers")
)
# RFC 6522 leaves open what reports may come; application/tlsrpt+json is one (RFC 8460 5.3).
_READ_BY_PROGRAMS = (b"message/", b"application/")

# The fields that must be there: in the first group, and in the others.
_PER_MESSAGE = {
    DELIVERY: ("reporting-mta",),
    DISPOSITION: ("final-recipient", "disposition"),
    TRACKING: ("original-envelope-id", "reporting-mta"),
}
_PER_RECIPIENT = ("final-recipient", "action", "status")

_OF_MESSAGE = frozenset(
    (
        *("original-envelope-id", "reporting-mta", "dsn-gateway", "received-from-mta"),
        *("arrival-date",),
    )
)
_OF_RECIPIENT = frozenset(
    (
        *("original-recipient", "final-recipient", "action", "status", "remote-mta"),
        *(
            "diagnostic-code",
            "last-attempt-date",
            "final-log-id",
            "will-retry-until",
        ),
    )
)
_OF_DISPOSITION = frozenset(
    (
        *("reporting-ua", "mdn-gateway", "original-recipient", "final-recipient"),
        *(
            "original-message-id",
            "disposition",
        ),
    )
)
# "*-type" ";" *text                                   (RFC 3464 2.1.2, RFC 8098 3.2)
_TYPED = frozenset(
    (
        *(
            "reporting-mta",
            "dsn-gateway",
            "received-from-mta",
            "original-recipient",
            "remote-mta",
        ),
        *(
            "final-recipient",
            "diagnostic-code",
            "mdn-gateway",
        ),
    )
)
DATES = frozenset(("arrival-date", "last-attempt-date", "will-retry-until"))
"""Fields whose value is a date-time of RFC 5322 with a numeric zone, in small letters."""

ACTIONS = frozenset((b"failed", b"delayed", b"delivered", b"relayed", b"expanded"))
"""Values of Action (RFC 3464 2.3.3)."""
TRACKING_ACTIONS = ACTIONS | {b"transferred", b"opaque"}
"""Values of Action in a tracking-status (RFC 3886 3.3.3)."""

_ACTION_MODES = frozenset((b"manual-action", b"automatic-action"))
_SENDING_MODES = frozenset((b"mdn-sent-manually", b"mdn-sent-automatically"))
# denied and failed are of RFC 2298 and RFC 3798, and still sent
_DISPOSITION_TYPES = frozenset(
    (b"displayed", b"deleted", b"dispatched", b"processed", b"denied", b"failed")
)

_BLANK_LINE = {b"\n": Production(rb"\n(?:[ \t\r]*+\n)++"), b"\r": Production(rb"\r(?:[ \t]*+\r)++")}
_COMMENT = Production(rb"\((?:[^()\\]++|\\.)*+\)", 16)


class FieldDefect(Defect):
    """A defect of a field; ``field`` is its name in small letters."""

    __slots__ = ("field",)

    def __init__(self, sort: str, view: View, field: str) -> None:
        super().__init__(sort, view)
        self.field = field


class Report:
    """A body of groups of fields: its ``kind``, ``groups`` and ``defects``."""

    __slots__ = ("defects", "groups", "kind", "part")

    def __init__(self, part: Part, kind: str, groups: list[Message]) -> None:
        self.part = part
        self.kind = kind
        self.groups = groups
        self.defects: list[Defect] = []

    def dates(self) -> Iterator[Field]:
        """Yield the fields whose values are dates."""
        for group in self.groups:
            for field in group.fields:
                if field.key in DATES:
                    yield field

    def __repr__(self) -> str:
        return f"<Report {self.kind} of {len(self.groups)}>"


def trimmed(field: Field) -> View:
    """Return the value of a field without the white space around it."""
    data = bytes(field.value)
    stop = len(data.rstrip())
    return field.value.sub(min(stop, len(data) - len(data.lstrip())), stop)


def word(view: View) -> bytes:
    """Return a value in small letters, comments and white space left out."""
    data = bytes(view)
    if b"(" in data:
        data = _COMMENT.compiled.sub(b"", data)
    return data.strip().lower()


def groups_of(body: View) -> Iterator[Message]:
    """Yield what stands between blank lines, each as a message that is all header."""
    buffer, data = body.buffer, body.buffer.data
    separator = b"\n" if data.find(b"\n", body.start, body.end) >= 0 else b"\r"
    octets = bytes(body)
    # A blank line at the top is one too many, and harmless.
    position = body.start + len(octets) - len(octets.lstrip(b"\r\n"))
    while position < body.end:
        found = _BLANK_LINE[separator].search(data, position, body.end)
        stop = body.end if found is None else found.start() + 1
        if data[position:stop].strip():
            yield Message(View(buffer, position, stop), WIRE)
        position = body.end if found is None else found.end()


def read(part: Part) -> Report | None:
    """Return the report that a leaf holds, checked; None where it is none, or is encoded.

    An encoded one of a kind that must not be (all but the global ones, RFC 6533 4) has its
    defect and no groups.
    """
    kind = KINDS.get(part.media_type)
    if kind is None:
        return None
    if part.encoding in (b"base64", b"quoted-printable"):
        report = Report(part, kind, [])
        if b"global" not in part.media_type and part.transfer_encoding is not None:
            place = part.transfer_encoding.kind or part.body
            report.defects.append(Defect(ENCODED, place))
        return report
    report = Report(part, kind, list(groups_of(part.body)))
    _check(report)
    return report


def _check(report: Report) -> None:
    groups, defects, body = report.groups, report.defects, report.part.body
    if not any(group.fields for group in groups):
        defects.append(Defect(NO_FIELDS, body))
        return
    for number, group in enumerate(groups):
        for line in group.unreadable:
            if bytes(line).strip():
                defects.append(Defect(UNREADABLE, line))
        if report.kind == DISPOSITION:
            # All fields belong together; a blank line between them is not told a second time.
            required = _PER_MESSAGE[DISPOSITION] if number == 0 else ()
        else:
            required = _PER_RECIPIENT if number else _PER_MESSAGE[report.kind]
        defects += _check_group(report, number, required)
    told = any(defect.sort == MISPLACED for defect in defects)
    if report.kind != DISPOSITION and len(groups) == 1 and not told:
        defects.append(Defect(NO_RECIPIENTS, groups[0].fields[0].name))
    defects.sort(key=by_place)


def _check_group(report: Report, number: int, required: tuple[str, ...]) -> Iterator[Defect]:
    group, elsewhere = report.groups[number], frozenset[str]()
    once = _OF_DISPOSITION if report.kind == DISPOSITION else _OF_MESSAGE | _OF_RECIPIENT
    if report.kind != DISPOSITION:
        elsewhere = _OF_MESSAGE if number else _OF_RECIPIENT
    seen: dict[str, Field] = {}
    misplaced = False
    for field in group.fields:
        name = field.key
        if name in seen and name in once:
            yield FieldDefect(REPEATED, field.name, name)
        elif name in elsewhere and not misplaced:
            misplaced = True
            yield FieldDefect(MISPLACED, field.name, name)
        seen.setdefault(name, field)
        yield from _check_field(report.kind, name, field)
    names = set(seen)
    if report.kind == DISPOSITION:
        names = {field.key for other in report.groups for field in other.fields}
    # What is missing from a group that was cut at the wrong place may stand in the next.
    if group.fields and not misplaced:
        for name in required:
            if name not in names:
                yield FieldDefect(MISSING, group.fields[0].name, name)
    if report.kind == DELIVERY:
        yield from _check_retry(seen)


def _check_retry(seen: dict[str, Field]) -> Iterator[Defect]:
    until, action = seen.get("will-retry-until"), seen.get("action")
    if until is None or action is None:
        return
    said = word(action.value)
    if said in ACTIONS and said != b"delayed":
        yield FieldDefect(RETRY_IN_FINAL, until.name, "will-retry-until")


def _check_field(kind: str, name: str, field: Field) -> Iterator[Defect]:
    if name not in _OF_MESSAGE | _OF_RECIPIENT | _OF_DISPOSITION:
        return
    value = trimmed(field)
    if not value:
        if name not in ("original-envelope-id", "final-log-id", "reporting-ua"):
            yield FieldDefect(EMPTY, field.name, name)
        return
    if name in _TYPED:
        if not rfc3464.TYPED.match(bytes(value)):
            yield FieldDefect(NO_TYPE, value, name)
    elif name == "action":
        if word(value) not in (TRACKING_ACTIONS if kind == TRACKING else ACTIONS):
            yield FieldDefect(BAD_ACTION, value, name)
    elif name == "status":
        yield from _check_status(value)
    elif name == "disposition" and kind == DISPOSITION:
        yield from _check_disposition(value)


def _check_status(value: View) -> Iterator[Defect]:
    data = bytes(value)
    found = rfc3464.STATUS.match(data)
    rest = b"" if found is None else data[found.end() :].strip()
    if found is None or (rest and rest[:1] != b"("):
        yield FieldDefect(BAD_STATUS, value, "status")
    elif found[1] not in (b"2", b"4", b"5"):
        yield FieldDefect(STATUS_CLASS, value.sub(0, found.end()), "status")


def _check_disposition(value: View) -> Iterator[Defect]:
    data = bytes(value)
    if b"(" in data:
        data = _COMMENT.compiled.sub(lambda found: b" " * len(found[0]), data)
    found = rfc3464.DISPOSITION.fullmatch(data)
    if found is None:
        yield FieldDefect(BAD_DISPOSITION, value, "disposition")
        return
    known = (
        (1, _ACTION_MODES, BAD_ACTION_MODE),
        (2, _SENDING_MODES, BAD_SENDING_MODE),
        (3, _DISPOSITION_TYPES, BAD_DISPOSITION_TYPE),
    )
    for number, words, sort in known:
        if found[number].lower() not in words:
            yield FieldDefect(sort, value.sub(*found.span(number)), "disposition")


def check_parts(part: Part) -> list[Defect]:
    """Return what is wrong with a multipart/report as such; nothing for any other part."""
    value = part.content_type
    if part.media_type != b"multipart/report" or value is None or value.kind is None:
        return []
    defects = []
    said = value.get(b"report-type")
    if not said:
        defects.append(Defect(NO_REPORT_TYPE, value.kind))
    if len(part.parts) < 2:
        if part.is_multipart and part.delimiters:
            defects.append(Defect(NO_REPORT, value.kind))
        return defects
    second = part.parts[1]
    kind = _REPORT_TYPES.get(second.media_type)
    if second.media_type in _RETURNED or not second.media_type.startswith(_READ_BY_PROGRAMS):
        defects.append(Defect(NOT_A_REPORT, _type_of(second)))
    elif said and kind is not None and bytes(said).strip().lower() not in _names_of(kind):
        defects.append(Defect(WRONG_REPORT_TYPE, said))
    third = part.parts[2].media_type if len(part.parts) > 2 else b"text/plain"
    # A portion of the message in another form of text is returned content as well.
    if third not in _RETURNED and not third.startswith(b"text/"):
        defects.append(Defect(WRONG_THIRD, _type_of(part.parts[2])))
    if len(part.parts) > 3:
        defects.append(Defect(MORE_PARTS, part.delimiters[3]))
    return defects


def _names_of(kind: bytes) -> tuple[bytes, ...]:
    """Return the report types of a kind; the global ones are called by either name."""
    return kind, b"global-" + kind


def _type_of(part: Part) -> View:
    """Return where a part's type is named, or the part."""
    value = part.content_type
    return part.whole if value is None else value.kind or value.view
