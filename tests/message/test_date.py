"""Dates: read as the standard library reads them, and what is wrong with others."""

import email.utils
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_lexis import PIECES, view

from smtp_lsp.message import date

# RFC 5322 appendix A.
EXAMPLES = [
    (b" Fri, 21 Nov 1997 09:55:06 -0600", 880127706, []),
    (b" Tue, 1 Jul 2003 10:52:37 +0200", 1057049557, []),
    (b" Thu, 13 Feb 1969 23:32:54 -0330", -27723426, []),
    (
        b" Thu,\r\n      13\r\n        Feb\r\n          1969\r\n      23:32\r\n"
        b"               -0330 (Newfoundland Time)",
        -27723480,
        [],
    ),
    (b"21 Nov 97 09:55:06 GMT", 880106106, [date.TWO_DIGIT_YEAR, date.OBSOLETE_ZONE]),
    (
        b"Fri, 21 Nov 1997 09(comment):   55  :  06 -0600",
        880127706,
        [date.OBSOLETE_COMMENT],
    ),
]


@pytest.mark.parametrize(("data", "utc", "sorts"), EXAMPLES)
def test_examples(data, utc, sorts):
    found = date.read(view(data))
    assert (found.utc, [defect.sort for defect in found.defects]) == (utc, sorts)


DEFECTS = [
    (b"", date.EMPTY, b" ", None),
    (b"yesterday", date.UNREADABLE, b"yesterday", None),
    (b"Mon, 2 Mar 2026", date.UNREADABLE, b"2026", None),
    (b"Mon, 2 Mars 2026 10:00:00 +0000", date.UNREADABLE, b"Mars", None),
    (b"2026-03-02T10:00:00Z", date.OTHER_FORMAT, None, None),
    (b"Mon Mar  2 10:00:00 2026", date.OTHER_FORMAT, None, None),
    (b"Monday, 02-Mar-26 10:00:00 GMT", date.OTHER_FORMAT, None, None),
    (b"Mon, 2 Mar 2026 10:00:00 +0000 CET", date.TEXT_BEHIND, b"CET", 1772445600),
    (b"Mon, 2 Mar 2026 10:00:00 PM +0000", date.TEXT_BEHIND, b"+0000", None),
    (b"Lun, 2 Mar 2026 10:00:00 +0000", date.UNKNOWN_WEEKDAY, b"Lun", 1772445600),
    (b"Monday, 2 Mar 2026 10:00:00 +0000", date.LONG_NAME, b"Monday", 1772445600),
    (b"Mon, 2 March 2026 10:00:00 +0000", date.LONG_NAME, b"March", 1772445600),
    (b"Mon 2 Mar 2026 10:00:00 +0000", date.MISSING_COMMA, b"Mon", 1772445600),
    (b"Tue, 2 Mar 2026 10:00:00 +0000", date.WEEKDAY_MISMATCH, b"Tue", 1772445600),
    (b"Mon, 31 Feb 2026 10:00:00 +0000", date.IMPOSSIBLE_DAY, b"31", None),
    (b"0 Mar 2026 10:00:00 +0000", date.IMPOSSIBLE_DAY, b"0", None),
    (b"29 Feb 1900 10:00:00 +0000", date.IMPOSSIBLE_DAY, b"29", None),
    (b"2 Mar 49 10:00:00 +0000", date.TWO_DIGIT_YEAR, b"49", 2498292000),
    (b"2 Mar 50 10:00:00 +0000", date.TWO_DIGIT_YEAR, b"50", -625932000),
    (b"2 Mar 126 10:00:00 +0000", date.THREE_DIGIT_YEAR, b"126", 1772445600),
    (b"2 Mar 1026 10:00:00 +0000", date.YEAR_BEFORE_1900, b"1026", None),
    (b"2 Mar 2026 9:00:00 +0000", date.ONE_DIGIT, b"9", 1772442000),
    (b"2 Mar 2026 24:00:00 +0000", date.HOUR_OUT_OF_RANGE, b"24", None),
    (b"2 Mar 2026 10:60 +0000", date.MINUTE_OUT_OF_RANGE, b"60", None),
    (b"2 Mar 2026 10:00:61 +0000", date.SECOND_OUT_OF_RANGE, b"61", None),
    (b"2 Mar 2026 10:00+0000", date.MISSING_BLANK, b"+0000", 1772445600),
    (b"2 Mar 2026 10:00:00-0100", date.MISSING_BLANK, b"-0100", 1772449200),
    (b"2 Mar 2026 10:00:00", date.MISSING_ZONE, b"00", None),
    (b"2 Mar 2026 10:00:00 (CET)", date.MISSING_ZONE, b"00", None),
    (b"2 Mar 2026 10:00:00 EST", date.OBSOLETE_ZONE, b"EST", 1772463600),
    (b"2 Mar 2026 10:00:00 z", date.OBSOLETE_ZONE, b"z", 1772445600),
    (b"2 Mar 2026 10:00:00 A", date.MILITARY_ZONE, b"A", 1772445600),
    (b"2 Mar 2026 10:00:00 CET", date.UNKNOWN_ZONE, b"CET", 1772445600),
    (b"2 Mar 2026 10:00:00 +100", date.UNKNOWN_ZONE, b"+100", 1772445600),
    (b"2 Mar 2026 10:00:00 +0060", date.ZONE_OUT_OF_RANGE, b"+0060", None),
    (b"2 Mar 2026 10:00:00 +1500", date.ABSURD_ZONE, b"+1500", None),
    (b"2 Mar 2026 10:00:00 -1300", date.ABSURD_ZONE, b"-1300", None),
    (b"2 Mar 2026 10:00:00 +0000 (x", "unterminated-comment", b"(", 1772445600),
    (b"2 Mar 2026 10:\x0000:00 +0000", "nul", b"\0", None),
]


@pytest.mark.parametrize(("data", "sort", "place", "utc"), DEFECTS)
def test_one_defect(data, sort, place, utc):
    found = date.read(view(b" " + data))
    assert [defect.sort for defect in found.defects] == [sort]
    assert bytes(found.defects[0].view) == (data if place is None else place)
    assert utc is None or found.utc == utc


@pytest.mark.parametrize(
    "data",
    [
        b"31 Dec 2016 23:59:60 +0000",
        b"31 Dec 2016 18:59:60 -0500",
        b"2 Mar 2026 10:00 -0000",
        b"mon, 2 MAR 2026 10:00 +1400",
        b"29 Feb 2000 10:00 -1200",
        b"Mon, 2 Mar 2026 10:00:00 +0100 (CET (really))",
        b"2 Mar 12026 10:00 +0000",
    ],
)
def test_nothing_wrong(data):
    found = date.read(view(data))
    assert not found.defects
    assert found.utc is not None


MOMENTS = st.datetimes(
    min_value=datetime(1900, 1, 1),
    max_value=datetime(9999, 12, 30),
    timezones=st.integers(-12 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
)


@given(MOMENTS)
def test_agrees_with_the_standard_library(moment):
    moment = moment.replace(microsecond=0)
    found = date.read(view(email.utils.format_datetime(moment).encode()))
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert not found.defects
    assert found.utc == (moment - epoch) // timedelta(seconds=1)


@given(
    st.one_of(
        PIECES,
        st.lists(
            st.sampled_from(
                [
                    *(b"Mon", b",", b" ", b"2", b"31", b"Feb", b"2026", b"26", b":", b"10", b"60"),
                    *(b"(x)", b"+0100", b"GMT", b"\r\n ", b"x", b"-9999", b"\xb2"),
                ]
            ),
            max_size=16,
        ).map(b"".join),
    )
)
def test_never_raises(data):
    value = view(data, b"1", b"1")
    found = date.read(value)
    for defect in found.defects:
        assert value.start <= defect.view.start <= defect.view.end <= value.end
    assert found.utc is None or found.day is not None


@given(MOMENTS, st.sampled_from([b" ", b"\r\n "]), st.sampled_from([b"", b" (x)"]))
def test_the_short_way_reads_the_same(moment, blank, comment):
    data = email.utils.format_datetime(moment).encode().replace(b" ", blank) + comment
    value = view(b" " + data)
    short, full = date.read(value), date._Reader(value).read()
    assert (short.utc, short.offset, short.defects) == (full.utc, full.offset, full.defects)
    for name in date._PARTS:
        one, other = getattr(short, name), getattr(full, name)
        assert (one and (one.start, one.end)) == (other and (other.start, other.end))


NUMBERS = st.integers(0, 99).map("{:02}".format)


@given(
    st.sampled_from(["", *(f"{name.decode().title()}, " for name in date.DAYS)]),
    NUMBERS,
    st.sampled_from([name.decode().title() for name in date.MONTHS]),
    st.integers(1000, 9999),
    st.tuples(NUMBERS, NUMBERS, NUMBERS).map(":".join),
    st.tuples(st.sampled_from("+-"), NUMBERS, NUMBERS).map("".join),
)
def test_tidy_means_no_defects(weekday, day, month, year, time, zone):
    value = view(f" {weekday}{day} {month} {year} {time} {zone}".encode())
    assert date.is_tidy(value) == (not date._Reader(value).read().defects)
