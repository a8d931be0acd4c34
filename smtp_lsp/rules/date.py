"""HDR: date and time in header fields, those of Received among them (RFC 5322 3.3)."""

from __future__ import annotations

from smtp_lsp.message import date as dates
from smtp_lsp.message import syntax
from smtp_lsp.rules import (
    INFO,
    INTEROPERABILITY,
    MESSAGE,
    WARNING,
    Fix,
    Hit,
    Related,
    rule,
    traits,
    values,
)
from smtp_lsp.rules.values import UNBALANCED
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from smtp_lsp.message import Field, Message
    from smtp_lsp.message.defect import Defect

_OF_DATES = (syntax.DATE, syntax.RECEIVED)
_DAY = 86400
_SURPLUS = 2 * _DAY
"""By how much a Date may be later than the first Received: more than any wrong zone makes."""

_SYNTAX = {
    dates.EMPTY: "empty",
    dates.UNREADABLE: "unreadable",
    dates.OTHER_FORMAT: "other-format",
    dates.TEXT_BEHIND: "behind",
    dates.UNKNOWN_WEEKDAY: "weekday",
    dates.LONG_NAME: "long-name",
    dates.MISSING_COMMA: "no-comma",
    dates.ONE_DIGIT: "one-digit",
    dates.MISSING_ZONE: "no-zone",
    dates.MISSING_BLANK: "touching",
    dates.UNKNOWN_ZONE: "zone",
    dates.MILITARY_ZONE: "military",
}
_RANGES = {
    dates.IMPOSSIBLE_DAY: "day",
    dates.HOUR_OUT_OF_RANGE: "time",
    dates.MINUTE_OUT_OF_RANGE: "time",
    dates.SECOND_OUT_OF_RANGE: "time",
    dates.ZONE_OUT_OF_RANGE: "zone",
    dates.ABSURD_ZONE: "far-zone",
}
_YEARS = {
    dates.TWO_DIGIT_YEAR: "digits",
    dates.THREE_DIGIT_YEAR: "digits",
    dates.YEAR_BEFORE_1900: "early",
}


def _hits(message: Message, keys: Mapping[str, str]) -> Iterator[Hit]:
    for how in _OF_DATES:
        yield from values.hits(message, how, keys)


@rule(
    "HDR016",
    "date-syntax",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_DATE | traits.UNTIDY_RECEIVED,
    enclosed=True,
    references=("RFC 5322 3.3", "RFC 5322 4.3"),
    fixes={"write-as": Fix.SAFE},
)
def date_syntax(message: Message) -> Iterator[Hit]:
    for key, field, defect in values.told(message, syntax.DATE, {**_SYNTAX, **UNBALANCED}):
        if not values.is_left_blank(message, field):
            hit = values.hit(key, field, defect)
            yield _in_digits(message, hit, field, defect) if key == "military" else hit
    yield from values.hits(message, syntax.RECEIVED, _SYNTAX)


@rule(
    "HDR017",
    "date-weekday-matches",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_DATE | traits.UNTIDY_RECEIVED,
    enclosed=True,
    references=("RFC 5322 3.3",),
    fixes={"write-as": Fix.SAFE},
)
def date_weekday_matches(message: Message) -> Iterator[Hit]:
    for how in _OF_DATES:
        mismatch = {dates.WEEKDAY_MISMATCH: "mismatch"}
        for key, field, defect in values.told(message, how, mismatch):
            date = field.received.date if how == syntax.RECEIVED else field.date
            hit = values.hit(key, field, defect)
            if date is not None and date.day is not None and date.year is not None:
                hit.parameters["date"] = quoted(bytes(date.view.sub(*_of_day(date))))
                hit.parameters["right"] = _weekday(date)
                if how == syntax.DATE:  # a Received is never changed (RFC 5321 4.4)
                    from smtp_lsp.rules import rewording

                    hit = rewording.weekday(message, hit, defect, hit.parameters["right"])
            yield hit


def _of_day(date: dates.Date) -> tuple[int, int]:
    """Return where day, month and year stand in what is written."""
    assert date.day is not None
    assert date.year is not None
    return date.day.start - date.view.start, date.year.end - date.view.start


def _weekday(date: dates.Date) -> str:
    """Return the name of the day of the week that *date* was, as a header has it."""
    assert date.day is not None
    assert date.month is not None
    assert date.year is not None
    month = dates.MONTHS.index(bytes(date.month)[:3].lower()) + 1
    days = dates.days_since_1970(dates.year_of(date.year), month, int(bytes(date.day)))
    return dates.DAYS[(days + 3) % 7].decode("ascii").title()


@rule(
    "HDR018",
    "date-ranges",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_DATE | traits.UNTIDY_RECEIVED,
    enclosed=True,
    references=("RFC 5322 3.3",),
)
def date_ranges(message: Message) -> Iterator[Hit]:
    return _hits(message, _RANGES)


@rule(
    "HDR019",
    "date-four-digit-year",
    WARNING,
    shape=MESSAGE,
    traits=traits.UNTIDY_DATE | traits.UNTIDY_RECEIVED,
    enclosed=True,
    references=("RFC 5322 3.3", "RFC 5322 4.3", "RFC 5321 F.5"),
)
def date_four_digit_year(message: Message) -> Iterator[Hit]:
    return _hits(message, _YEARS)


@rule(
    "HDR020",
    "date-obsolete-zone",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5322 3.3", "RFC 5322 4.3"),
    fixes={"write-as": Fix.SAFE},
)
def date_obsolete_zone(message: Message) -> Iterator[Hit]:
    """Find the forms of 4.3 that every reader takes; those of Received have their own rule."""
    keys = {dates.OBSOLETE_ZONE: "zone", dates.OBSOLETE_COMMENT: "comment"}
    for key, field, defect in values.told(message, syntax.DATE, keys):
        hit = values.hit(key, field, defect)
        yield _in_digits(message, hit, field, defect) if key == "zone" else hit


def _in_digits(message: Message, hit: Hit, field: Field, defect: Defect) -> Hit:
    from smtp_lsp.rules import rewording

    return rewording.zone(message, hit, field, defect)


@rule(
    "HDR021",
    "date-not-in-future",
    INFO,
    shape=MESSAGE,
    enclosed=True,
    category=INTEROPERABILITY,
    references=("RFC 5322 3.6.1", "RFC 5321 4.4"),
)
def date_not_in_future(message: Message) -> Iterator[Hit]:
    """Find a Date that is days later than when the first server took the message."""
    field, hops = message.field("date"), message.named("received")
    if field is None or not hops:
        return
    written, taken = field.date, hops[-1].received.date
    if written.utc is None or taken is None or taken.utc is None:
        return
    surplus = written.utc - taken.utc
    if surplus > _SURPLUS:
        named = {"days": str(surplus // _DAY)}
        yield Hit(
            "later",
            written.view.span(),
            named,
            related=[Related("taken-here", taken.view.span())],
        )
