"""MIM: reports for programs to read, in a multipart/report (RFC 6522).

Delivery status (RFC 3464), message disposition (RFC 8098), tracking status (RFC 3886, of which
only what it shares with RFC 3464 is judged), and the global kinds (RFC 6533). A report that the
end of the file cuts off, or that is a sketch, is not asked for what it lacks.
"""

from __future__ import annotations

from functools import lru_cache

from smtp_lsp.message import DRAFT, mime, report
from smtp_lsp.message import date as dates
from smtp_lsp.message.report import DELIVERY, DISPOSITION, TRACKING, FieldDefect
from smtp_lsp.rules import INTEROPERABILITY, MESSAGE, WARNING, Hit, Related, rule, traits
from smtp_lsp.rules.entities import is_unquoted, misspelt_close
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.defect import Defect
    from smtp_lsp.message.mime import Part
    from smtp_lsp.message.report import Report

_NAMES = {
    name.lower(): name
    for name in (
        *("Action", "Arrival-Date", "Diagnostic-Code", "Disposition", "DSN-Gateway"),
        *("Final-Log-ID", "Final-Recipient", "Last-Attempt-Date", "MDN-Gateway"),
        *("Original-Envelope-Id", "Original-Message-ID", "Original-Recipient"),
        *("Received-From-MTA", "Remote-MTA", "Reporting-MTA", "Reporting-UA", "Status"),
        "Will-Retry-Until",
    )
}

# Classes of Status that an Action may have (RFC 3464 2.3.3): what failed may have failed for
# reasons that were temporary, and what was relayed may have lost something on the way.
_CLASSES = {
    b"failed": b"45",
    b"delayed": b"4",
    b"delivered": b"2",
    b"expanded": b"2",
    b"relayed": b"245",
}

_NO_DATE = frozenset((dates.UNREADABLE, dates.OTHER_FORMAT, dates.TEXT_BEHIND))
_IMPOSSIBLE = frozenset(
    (
        *(dates.IMPOSSIBLE_DAY, dates.HOUR_OUT_OF_RANGE, dates.MINUTE_OUT_OF_RANGE),
        *(dates.SECOND_OUT_OF_RANGE, dates.ZONE_OUT_OF_RANGE, dates.WEEKDAY_MISMATCH),
    )
)
_NO_ZONE = frozenset((dates.MISSING_ZONE, dates.UNKNOWN_ZONE, dates.MILITARY_ZONE))

_SHAPE = (
    *(report.NO_FIELDS, report.NO_RECIPIENTS, report.REPEATED, report.MISPLACED),
    *(report.EMPTY, report.UNREADABLE, report.NO_TYPE),
)
_LACKS = frozenset((report.NO_FIELDS, report.NO_RECIPIENTS))


class _Found:
    """The multipart/report parts of a message with their defects, and the reports in it."""

    __slots__ = ("containers", "reports")

    def __init__(self) -> None:
        self.containers: list[tuple[Part, Defect]] = []
        self.reports: list[Report] = []

    def add(self, part: Part) -> None:
        kind = part.media_type
        if kind == b"multipart/report":
            self.containers += ((part, defect) for defect in report.check_parts(part))
        elif kind in report.KINDS:
            read = report.read(part)
            if read is not None:
                self.reports.append(read)


_NOTHING = _Found()


@lru_cache(maxsize=1)
def _found(message: Message) -> _Found:
    """Return the reports of a message, those within an enclosed message left out."""
    sketch = message.sketch or message.context == DRAFT
    if sketch or message.field("content-type") is None:
        return _NOTHING
    found, waiting = _Found(), [mime.tree(message)]
    while waiting:
        part = waiting.pop()
        found.add(part)
        if part.is_multipart:
            waiting.extend(reversed(part.parts))
    return found


def receipts(message: Message, name: str) -> Iterator[Field]:
    """Yield the fields of that *name* in the dispositions that a message reports."""
    for found in _found(message).reports:
        if found.kind == DISPOSITION:
            for group in found.groups:
                yield from group.named(name)


def _is_whole(part: Part) -> bool:
    """Say whether a part ends where its author ended it, and not with the file."""
    parent = part.parent
    return parent is None or parent.close is not None or parent.parts[-1] is not part


def _name(defect: Defect) -> str:
    name = defect.field if isinstance(defect, FieldDefect) else ""
    return _NAMES.get(name, name.title())


# -- The container --------------------------------------------------------------------------


@rule(
    "MIM060",
    "report-type-mismatch",
    WARNING,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 6522 3", "RFC 3464 2", "RFC 8098 3"),
)
def report_type_mismatch(message: Message) -> Iterator[Hit]:
    for part, defect in _found(message).containers:
        second = part.parts[1].media_type.decode("latin-1") if len(part.parts) > 1 else ""
        named = {"type": second, "subtype": second.partition("/")[2]}
        if defect.sort == report.NO_REPORT_TYPE:
            yield Hit("missing" if second else "missing-alone", defect.view.span(), named)
        elif defect.sort == report.WRONG_REPORT_TYPE:
            if is_unquoted(part.content_type, defect.view):
                continue
            named["said"] = quoted(bytes(defect.view))
            second_type = part.parts[1].content_type
            kind = second_type.kind if second_type is not None else None
            related = [] if kind is None else [Related("report-here", kind.span())]
            yield Hit("differs", defect.view.span(), named, related=related)


@rule(
    "MIM061",
    "report-parts",
    WARNING,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 6522 3",),
)
def report_parts(message: Message) -> Iterator[Hit]:
    keys = {
        report.NO_REPORT: "alone",
        report.NOT_A_REPORT: "no-report",
        report.WRONG_THIRD: "third",
        report.MORE_PARTS: "more",
    }
    for part, defect in _found(message).containers:
        key = keys.get(defect.sort)
        if key is None or (key == "alone" and part.close is None):
            continue
        named = {"count": str(len(part.parts))}
        if key in ("no-report", "third"):
            shown = part.parts[1 if key == "no-report" else 2]
            named["type"] = quoted(shown.media_type)
        yield Hit(key, defect.view.span(), named)


# -- The fields of all kinds ----------------------------------------------------------------


@rule(
    "MIM062",
    "dsn-fields",
    WARNING,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    references=("RFC 3464 2.1", "RFC 3464 2.2", "RFC 3464 2.3", "RFC 6533 4.1"),
)
def dsn_fields(message: Message) -> Iterator[Hit]:
    for found in _found(message).reports:
        if found.kind in (DELIVERY, TRACKING):
            yield from _shape(found)


@rule(
    "MIM068",
    "mdn-fields",
    WARNING,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    references=("RFC 8098 3.1", "RFC 8098 3.2", "RFC 6533 5"),
)
def mdn_fields(message: Message) -> Iterator[Hit]:
    for found in _found(message).reports:
        if found.kind == DISPOSITION:
            yield from _shape(found)


def _shape(found: Report) -> Iterator[Hit]:
    """Yield what is wrong with the fields of a report as such: for what a group lacks, one."""
    whole = _is_whole(found.part)
    end = 0 if whole else misspelt_close(found.part)
    lacking: dict[int, list[Defect]] = {}
    for defect in found.defects:
        if end and defect.view.end > end:
            continue  # what stands there was to be outside of the part
        if defect.sort == report.MISSING:
            lacking.setdefault(defect.view.start, []).append(defect)
        elif defect.sort in _SHAPE and (whole or defect.sort not in _LACKS):
            named = {"name": _name(defect), "said": quoted(bytes(defect.view).strip())}
            view, value = defect.view, found.part.content_type
            if defect.sort == report.NO_FIELDS and value is not None and value.kind is not None:
                view = value.kind  # rather than all of the body
            yield Hit(defect.sort.replace(" ", "-"), view.span(), named)
    firsts = [group.fields[0].name.start for group in found.groups if group.fields]
    for start, defects in lacking.items() if found.kind != TRACKING else ():
        if not whole and start == firsts[-1]:
            continue
        names = ", ".join(_name(defect) for defect in defects)
        key = "missing-one" if len(defects) == 1 else "missing"
        yield Hit(key, defects[0].view.span(), {"names": names})


@rule(
    "MIM070",
    "report-encoded",
    WARNING,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 3464 2.1", "RFC 8098 3.1", "RFC 2045 6.4"),
)
def report_encoded(message: Message) -> Iterator[Hit]:
    for found in _found(message).reports:
        for defect in found.defects:
            if defect.sort == report.ENCODED:
                named = {
                    "type": quoted(found.part.media_type),
                    "encoding": quoted(found.part.encoding),
                }
                yield Hit("encoded", defect.view.span(), named)


# -- Delivery status ------------------------------------------------------------------------


def _of_deliveries(message: Message, sort: str, *others: str) -> Iterator[Defect]:
    for found in _found(message).reports:
        if found.kind == DELIVERY:
            yield from (defect for defect in found.defects if defect.sort in (sort, *others))


@rule(
    "MIM063",
    "dsn-action",
    WARNING,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    references=("RFC 3464 2.3.3", "RFC 3886 3.3.3"),
)
def dsn_action(message: Message) -> Iterator[Hit]:
    for found in _found(message).reports:
        key = "tracking" if found.kind == TRACKING else "unknown"
        for defect in found.defects if found.kind in (DELIVERY, TRACKING) else ():
            if defect.sort == report.BAD_ACTION:
                yield Hit(key, defect.view.span(), {"said": quoted(bytes(defect.view))})


@rule(
    "MIM064",
    "dsn-status",
    WARNING,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    references=("RFC 3464 2.3.4", "RFC 3463 2"),
)
def dsn_status(message: Message) -> Iterator[Hit]:
    for defect in _of_deliveries(message, report.BAD_STATUS, report.STATUS_CLASS):
        key = "class" if defect.sort == report.STATUS_CLASS else "syntax"
        yield Hit(key, defect.view.span(), {"said": quoted(bytes(defect.view))})


@rule(
    "MIM065",
    "dsn-status-fits-action",
    WARNING,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    references=("RFC 3464 2.3.3", "RFC 3464 2.3.4"),
)
def dsn_status_fits_action(message: Message) -> Iterator[Hit]:
    for found in _found(message).reports:
        for group in found.groups if found.kind == DELIVERY else ():
            action, status = group.field("action"), group.field("status")
            if action is None or status is None:
                continue
            word, code = report.word(action.value), bytes(status.value).strip()
            allowed = _CLASSES.get(word)
            if allowed is None or code[1:2] != b"." or code[:1] not in (b"2", b"4", b"5"):
                continue
            if code[:1] not in (allowed[n : n + 1] for n in range(len(allowed))):
                named = {"action": quoted(word), "status": quoted(code.split(b" ")[0])}
                value = report.trimmed(status)
                related = [Related("action-here", report.trimmed(action).span())]
                yield Hit("contradicts", value.span(), named, related=related)


@rule(
    "MIM066",
    "dsn-date",
    WARNING,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    references=("RFC 3464 2.2.5", "RFC 3464 2.3.7", "RFC 3464 2.3.9", "RFC 5322 3.3"),
)
def dsn_date(message: Message) -> Iterator[Hit]:
    """Find dates that say nothing certain; a zone by name that everybody knows is let pass."""
    for found in _found(message).reports:
        for field in found.dates():
            hit = _date(field)
            if hit is not None:
                yield hit


def _date(field: Field) -> Hit | None:
    named = {"name": quoted(bytes(field.name)), "said": quoted(bytes(field.value).strip())}
    for defect in () if dates.is_tidy(field.value) else field.date.defects:
        for sorts, key in ((_NO_DATE, "unreadable"), (_IMPOSSIBLE, "impossible")):
            if defect.sort in sorts:
                return Hit(key, defect.view.span(), named)
        if defect.sort in _NO_ZONE:
            return Hit("zone", defect.view.span(), named)
    return None


@rule(
    "MIM067",
    "dsn-retry",
    WARNING,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    references=("RFC 3464 2.3.9",),
)
def dsn_retry(message: Message) -> Iterator[Hit]:
    for defect in _of_deliveries(message, report.RETRY_IN_FINAL):
        yield Hit("final", defect.view.span())


# -- Disposition ----------------------------------------------------------------------------


@rule(
    "MIM069",
    "mdn-disposition",
    WARNING,
    shape=MESSAGE,
    traits=traits.NESTED,
    enclosed=True,
    references=("RFC 8098 3.2.6",),
)
def mdn_disposition(message: Message) -> Iterator[Hit]:
    keys = {
        report.BAD_DISPOSITION: "syntax",
        report.BAD_ACTION_MODE: "action-mode",
        report.BAD_SENDING_MODE: "sending-mode",
        report.BAD_DISPOSITION_TYPE: "type",
    }
    for found in _found(message).reports:
        for defect in found.defects:
            key = keys.get(defect.sort)
            if key is not None:
                yield Hit(key, defect.view.span(), {"said": quoted(bytes(defect.view))})
