"""Date and time as header fields write it (RFC 5322 3.3 and 4.3).

``read`` returns a ``Date``: its parts as views, None where they are missing, and ``utc``: seconds
since 1970-01-01 00:00:00 +0000 in the proleptic Gregorian calendar, leap seconds not counted, or
None where the parts make no date. Of what follows from one another the first is told.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production, rfc5322
from smtp_lsp.message import lexis
from smtp_lsp.message.defect import Defect, by_place
from smtp_lsp.message.lexis import ATOM, COMMENT, SPACE, Token
from smtp_lsp.text.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match

# It is no date-time at all.
EMPTY = "empty-date"
UNREADABLE = "unreadable-date"
"""The view is the first token that no date-time has there, or the last where something lacks."""
OTHER_FORMAT = "other-date-format"
"""A date as ISO 8601, RFC 850 or asctime write it."""
TEXT_BEHIND = "text-behind-date"

# Its day.
UNKNOWN_WEEKDAY = "unknown-weekday"
LONG_NAME = "long-name"
"""``Friday`` or ``November``, where three letters are asked for."""
MISSING_COMMA = "missing-comma"
WEEKDAY_MISMATCH = "weekday-mismatch"
IMPOSSIBLE_DAY = "impossible-day"
TWO_DIGIT_YEAR = "two-digit-year"
THREE_DIGIT_YEAR = "three-digit-year"
YEAR_BEFORE_1900 = "year-before-1900"

# Its time.
ONE_DIGIT = "one-digit"
"""An hour, minute or second of one digit."""
HOUR_OUT_OF_RANGE = "hour-out-of-range"
MINUTE_OUT_OF_RANGE = "minute-out-of-range"
SECOND_OUT_OF_RANGE = "second-out-of-range"

# Its zone.
MISSING_ZONE = "missing-zone"
MISSING_BLANK = "missing-blank"
"""The zone touches the time: ``10:00+0100``."""
OBSOLETE_ZONE = "obsolete-zone"
"""A name of RFC 5322 4.3 whose offset is known: ``GMT``, ``EST``, ``Z``; or ``UTC``."""
MILITARY_ZONE = "military-zone"
"""One letter, whose meaning is unpredictable (4.3): it is read as -0000."""
UNKNOWN_ZONE = "unknown-zone"
"""Another name, or digits that are no zone: read as -0000 (4.3)."""
ZONE_OUT_OF_RANGE = "zone-out-of-range"
"""Its minutes are above 59."""
ABSURD_ZONE = "absurd-zone"
"""Farther from UTC than any place on earth: more than 14 hours east or 12 west."""

OBSOLETE_COMMENT = "obsolete-comment"
"""A comment between the parts: only the end may have one."""

DAYS = (b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun")
MONTHS = (
    *(b"jan", b"feb", b"mar", b"apr", b"may", b"jun"),
    *(b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"),
)
_LONG = (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")
_LONG_MONTHS = (
    *(b"january", b"february", b"march", b"april", b"may", b"june", b"july"),
    *(b"august", b"september", b"october", b"november", b"december"),
)
_ZONES = {b"UT": 0, b"GMT": 0, b"UTC": 0, b"Z": 0, b"EDT": -4, b"EST": -5, b"CDT": -5, b"CST": -6}
_ZONES |= {b"MDT": -6, b"MST": -7, b"PDT": -7, b"PST": -8}
_MONTHS = {name.title(): number for number, name in enumerate(MONTHS, 1)}
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_TOUCHING = Production(rb"([0-9]{1,2})([+-][0-9]{4})\Z")
_EAST, _WEST = 14 * 60, 12 * 60
_MOST_DIGITS = 9
_PARTS = ("weekday", "day", "month", "year", "hour", "minute", "second", "zone")


class Date:
    """A date-time: its parts as views, ``utc`` in seconds, ``offset`` of the zone in minutes."""

    __slots__ = (*_PARTS, "comments", "defects", "offset", "utc", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.weekday: View | None = None
        self.day: View | None = None
        self.month: View | None = None
        self.year: View | None = None
        self.hour: View | None = None
        self.minute: View | None = None
        self.second: View | None = None
        self.zone: View | None = None
        self.comments: list[View] = []
        self.offset: int | None = None
        self.utc: int | None = None
        self.defects: list[Defect] = []

    def __repr__(self) -> str:
        return f"<Date {bytes(self.view)!r}>"


def read(value: View) -> Date:
    """Return the date-time of *value*. Never fails; linear in its length."""
    buffer = value.buffer
    match = rfc5322.TIDY_DATE.compiled.match(buffer.data, value.start, value.end)
    if match is None:
        return _Reader(value).read()
    date = Date(View(buffer, match.start(1) if match[1] else match.start(2), match.end(8)))
    for number, name in enumerate(_PARTS, 1):
        if match[number] is not None:
            setattr(date, name, View(buffer, *match.span(number)))
    if match[9] is not None:
        date.comments.append(View(buffer, *match.span(9)))
    _compute(date)
    return date


def is_tidy(value: View) -> bool:
    """Say whether one pattern knows a date-time, and every part of it is in range."""
    match = rfc5322.TIDY_DATE.compiled.match(value.buffer.data, value.start, value.end)
    return match is not None and _in_range(match)


def _in_range(match: Match[bytes]) -> bool:
    """Say whether nothing is to be told of a date that ``TIDY_DATE`` knows."""
    weekday, day, month, year, hour, minute, second, zone, _ = match.groups()
    number, months, years = int(day), _MONTHS[month], int(year)
    if years < 1900 or not 0 < number <= days_in(months, years):
        return False
    if weekday is not None:
        named = DAYS.index(weekday.lower())
        if named != (days_since_1970(years, months, number) + 3) % 7:
            return False
    if hour > b"23" or minute > b"59" or (second is not None and second > b"60"):
        return False
    return zone[3:] <= b"59" and zone[1:] <= (b"1200" if zone[0] == 45 else b"1400")


def is_leap(year: int) -> bool:
    """Say whether *year* of the Gregorian calendar has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in(month: int, year: int) -> int:
    """Return how many days a month, 1 to 12, has."""
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def days_since_1970(year: int, month: int, day: int) -> int:
    """Return the days from 1970-01-01 to a day of the proleptic Gregorian calendar."""
    shifted = year - (month <= 2)  # years that begin in March end with the leap day
    in_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    leaps = shifted // 4 - shifted // 100 + shifted // 400
    return shifted * 365 + leaps + in_year - 719468


class _Reader:
    """Reads a date-time token by token, in the order in which one is written."""

    def __init__(self, value: View) -> None:
        every = [token for token in lexis.tokens(value) if token.sort != SPACE]
        self.value = value
        self.items = [token for token in every if token.sort != COMMENT]
        self.date = Date(_trimmed(value))
        self.date.comments = [token for token in every if token.sort == COMMENT]
        self.defects = self.date.defects
        self.defects += lexis.octet_defects(value)
        found = (lexis.token_defect(token) for token in every)
        self.defects += [defect for defect in found if defect is not None]
        self.index = 0

    def read(self) -> Date:
        date, told = self.date, bool(self.defects)
        if not self.items:
            if not told:
                self.defects.append(Defect(EMPTY, self.value))
            return date
        if not self._parts():
            if not told:
                self.defects[:] = [self._unreadable()]
            return date
        last = self.items[self.index - 1]
        early = [comment for comment in date.comments if comment.start < last.start]
        if early:
            self.defects.append(Defect(OBSOLETE_COMMENT, early[0]))
        if self.index < len(self.items) and not told:
            rest = View(last.buffer, self.items[self.index].start, self.items[-1].end)
            self.defects.append(Defect(TEXT_BEHIND, rest))
        _compute(date)
        self.defects.sort(key=by_place)
        return date

    def _parts(self) -> bool:
        """Read all parts; say whether they are there."""
        self._weekday()
        date = self.date
        date.day = self._number(2)
        date.month = self._month() if date.day else None
        date.year = self._number(_MOST_DIGITS, 2) if date.month else None
        date.hour = self._number(2) if date.year else None
        if not date.hour or not self._special(b":"):
            return False
        date.minute = self._before_zone()
        if not date.minute:
            return False
        if not date.zone and self._special(b":"):
            date.second = self._before_zone()
            if not date.second:
                return False
        zone = self._peek() if date.zone is None else None
        if zone is not None and zone.sort == ATOM:
            date.zone = zone
            self.index += 1
        return True

    def _before_zone(self) -> View | None:
        """Read a minute or a second, and the zone where it touches it."""
        token = self._peek()
        match = _TOUCHING.match(bytes(token)) if token is not None else None
        if token is None or match is None:
            return self._number(2)
        self.index += 1
        self.date.zone = token.sub(match.start(2))
        self.defects.append(Defect(MISSING_BLANK, self.date.zone))
        return token.sub(0, match.end(1))

    def _unreadable(self) -> Defect:
        if _is_other_format(bytes(self.date.view)):
            return Defect(OTHER_FORMAT, self.date.view)
        return Defect(UNREADABLE, self.items[min(self.index, len(self.items) - 1)])

    def _peek(self) -> Token | None:
        return self.items[self.index] if self.index < len(self.items) else None

    def _special(self, octet: bytes) -> bool:
        token = self._peek()
        if token is None or bytes(token) != octet:
            return False
        self.index += 1
        return True

    def _weekday(self) -> None:
        token = self._peek()
        if token is None or token.sort not in (ATOM, lexis.DOT_ATOM) or bytes(token).isdigit():
            return
        name = bytes(token).lower()
        following = self.items[self.index + 1 : self.index + 2]
        comma = bool(following) and bytes(following[0]) == b","
        if not comma and name not in DAYS and name not in _LONG:
            return
        self.index += 1
        self.date.weekday = token
        if name in _LONG:
            self.defects.append(Defect(LONG_NAME, token))
        elif name not in DAYS:
            self.defects.append(Defect(UNKNOWN_WEEKDAY, token))
        if not self._special(b","):
            self.defects.append(Defect(MISSING_COMMA, token))

    def _month(self) -> View | None:
        token = self._peek()
        if token is None:
            return None
        name = bytes(token).lower()
        if name not in MONTHS:
            if name not in _LONG_MONTHS:
                return None
            self.defects.append(Defect(LONG_NAME, token))
        self.index += 1
        return token

    def _number(self, most: int, least: int = 1) -> View | None:
        token = self._peek()
        if token is None or not least <= len(token) <= most or not bytes(token).isdigit():
            return None
        self.index += 1
        return token


def _trimmed(value: View) -> View:
    data = bytes(value)
    left = len(data) - len(data.lstrip())
    return value.sub(left, max(left, len(data.rstrip())))


def _is_other_format(said: bytes) -> bool:
    return bool(rfc5322.OTHER_DATE.match(said))


def _compute(date: Date) -> None:
    """Set the offset and the seconds, and tell what is out of range."""
    assert date.day is not None
    assert date.month is not None
    assert date.year is not None
    year = _year(date, date.year)
    month = MONTHS.index(bytes(date.month)[:3].lower()) + 1
    day = int(bytes(date.day))
    possible = 0 < day <= days_in(month, year)
    days = days_since_1970(year, month, day)
    if not possible:
        date.defects.append(Defect(IMPOSSIBLE_DAY, date.day))
    elif date.weekday is not None:
        name = bytes(date.weekday)[:3].lower()
        if name in DAYS and DAYS.index(name) != (days + 3) % 7:
            date.defects.append(Defect(WEEKDAY_MISMATCH, date.weekday))
    seconds = _seconds(date)
    date.offset = _offset(date)
    if possible and seconds is not None and date.offset is not None:
        date.utc = days * 86400 + seconds - date.offset * 60


def year_of(view: View) -> int:
    """Return the year that digits mean: of two or three by the rule of RFC 5322 4.3."""
    year, digits = int(bytes(view)), len(view)
    if digits < 4:
        return year + (2000 if digits == 2 and year < 50 else 1900)
    return year


def _year(date: Date, view: View) -> int:
    year, digits = year_of(view), len(view)
    if digits < 4:
        date.defects.append(Defect(TWO_DIGIT_YEAR if digits == 2 else THREE_DIGIT_YEAR, view))
    elif year < 1900:
        date.defects.append(Defect(YEAR_BEFORE_1900, view))
    return year


def _seconds(date: Date) -> int | None:
    """Return the seconds since midnight; 60 is a leap second, wherever the zone puts it."""
    said = ((date.hour, 23, HOUR_OUT_OF_RANGE), (date.minute, 59, MINUTE_OUT_OF_RANGE))
    total, known = 0, True
    for view, most, sort in (*said, (date.second, 60, SECOND_OUT_OF_RANGE)):
        number = 0 if view is None else int(bytes(view))
        if view is not None and number > most:
            date.defects.append(Defect(sort, view))
            known = False
        elif view is not None and len(view) == 1:
            date.defects.append(Defect(ONE_DIGIT, view))
        total = total * 60 + number
    return total if known else None


def _offset(date: Date) -> int | None:
    """Return how many minutes the zone is east of UTC."""
    if date.zone is None:
        if not any(defect.sort == TEXT_BEHIND for defect in date.defects):
            date.defects.append(Defect(MISSING_ZONE, date.second or date.minute or date.view))
        return None
    zone = bytes(date.zone)
    if len(zone) == 5 and zone[:1] in b"+-" and zone[1:].isdigit():
        hours, minutes = int(zone[1:3]), int(zone[3:])
        offset = (hours * 60 + minutes) * (-1 if zone[:1] == b"-" else 1)
        if minutes > 59:
            date.defects.append(Defect(ZONE_OUT_OF_RANGE, date.zone))
        elif not -_WEST <= offset <= _EAST:
            date.defects.append(Defect(ABSURD_ZONE, date.zone))
        return offset
    name = zone.upper()
    if name in _ZONES:
        date.defects.append(Defect(OBSOLETE_ZONE, date.zone))
        return _ZONES[name] * 60
    if any(defect.sort == TEXT_BEHIND for defect in date.defects):
        return None
    military = len(name) == 1 and name.isalpha() and name != b"J"
    date.defects.append(Defect(MILITARY_ZONE if military else UNKNOWN_ZONE, date.zone))
    return 0
