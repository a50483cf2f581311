"""Dates as feeds write them: right or not at all."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest

from bot.sources.feed_dates import FeedDate, parse

NOON = datetime(2023, 3, 7, 12, 5, 9, tzinfo=UTC)
TO_THE_MINUTE = NOON.replace(second=0)

INSTANTS = {
    # RFC 2822 and its slips
    "Tue, 07 Mar 2023 12:05:09 GMT": NOON,
    "Tue, 7 Mar 2023 12:05:09 +0000": NOON,
    "Tue, 07 Mar 2023 14:05:09 +0200": NOON,
    "Tue, 07 Mar 2023 06:35:09 -0530": NOON,
    "7 Mar 2023 12:05:09 GMT": NOON,
    "Fri, 07 Mar 2023 12:05:09 GMT": NOON,  # the weekday is wrong, the date is not
    "Tue,07 Mar 2023 12:05:09 GMT": NOON,
    "Tue 07 Mar 2023 12:05:09 GMT": NOON,
    "Tue, 07 Mar 23 12:05:09 GMT": NOON,
    "Tue, 07 March 2023 12:05:09 GMT": NOON,
    "Tuesday, 07 March 2023 12:05:09 GMT": NOON,
    "Tue, 07-Mar-2023 12:05:09 GMT": NOON,
    "Tue, 07 Mar 2023 12:05 GMT": TO_THE_MINUTE,
    "Tue, 07 Mar 2023 12:05:09 UT": NOON,
    "Tue, 07 Mar 2023 12:05:09 Z": NOON,
    "Tue, 07 Mar 2023 12:05:09GMT": NOON,
    "Tue, 07 Mar 2023 14:05:09+02:00": NOON,
    "Tue, 07 Mar 2023 14:05:09 GMT+2": NOON,
    "Tue, 07 Mar 2023 14:05:09 UTC+0200": NOON,
    "Tue, 07 Mar 2023 12:05:09 +0000 (UTC)": NOON,
    "Tue, 07 Mar 2023 07:05:09 -0500 (EST)": NOON,
    "  Tue, 07 Mar 2023\n 12:05:09  GMT ": NOON,
    "Tue, 07 Mar 2023 12:05:09 -0000": NOON,
    "Tue, 07 Mar 2023 12:04:60 GMT": TO_THE_MINUTE,
    "Tue, 07 Mar 2023 24:00:00 GMT": datetime(2023, 3, 8, tzinfo=UTC),
    # zones by name
    "Tue, 07 Mar 2023 07:05:09 EST": NOON,
    "Tue, 07 Mar 2023 08:05:09 EDT": NOON,
    "Tue, 07 Mar 2023 04:05:09 PST": NOON,
    "Tue, 07 Mar 2023 13:05:09 CET": NOON,
    "Tue, 07 Mar 2023 14:05:09 CEST": NOON,
    "Tue, 07 Mar 2023 13:05:09 BST": NOON,
    "Tue, 07 Mar 2023 14:05:09 EET": NOON,
    "Tue, 07 Mar 2023 15:05:09 MSK": NOON,
    "Tue, 07 Mar 2023 17:35:09 IST": NOON,
    "Tue, 07 Mar 2023 21:05:09 JST": NOON,
    "Tue, 07 Mar 2023 23:05:09 AEDT": NOON,
    # the months of other languages
    "Mi, 15 Mai 2024 08:00:00 +0200": datetime(2024, 5, 15, 6, tzinfo=UTC),
    "mer., 15 août 2024 08:00:00 +0200": datetime(2024, 8, 15, 6, tzinfo=UTC),
    "15 de diciembre de 2024 08:00 GMT": datetime(2024, 12, 15, 8, tzinfo=UTC),
    "gio, 15 ago 2024 08:00:00 +0200": datetime(2024, 8, 15, 6, tzinfo=UTC),
    "Qui, 15 fevereiro 2024 08:00:00 -0300": datetime(2024, 2, 15, 11, tzinfo=UTC),
    "vr 15 maart 2024 08:00:00 +0100": datetime(2024, 3, 15, 7, tzinfo=UTC),
    "Thu, 15 Sept 2024 08:00:00 GMT": datetime(2024, 9, 15, 8, tzinfo=UTC),
    # RFC 3339 and ISO 8601
    "2023-03-07T12:05:09Z": NOON,
    "2023-03-07T14:05:09+02:00": NOON,
    "2023-03-07T14:05:09+0200": NOON,
    "2023-03-07T12:05:09.1234567Z": NOON,
    "2023-03-07t12:05:09z": NOON,
    "2023-03-07 12:05:09 UTC": NOON,
    "2023-03-07 14:05:09 +0200": NOON,
    "2023-03-07T12:05Z": TO_THE_MINUTE,
    "20230307T120509Z": NOON,
    # other habits
    "2023/03/07 12:05:09 GMT": NOON,
    "Tue Mar  7 12:05:09 2023": NOON,
    "Tue Mar 7 12:05:09 UTC 2023": NOON,
    "March 7, 2023 7:05 am EST": TO_THE_MINUTE,
    "Mar 7, 2023 at 12:05 PM UTC": TO_THE_MINUTE,
    "07.03.2023 12:05": TO_THE_MINUTE,
    "1678190709": NOON,
    "1678190709000": NOON,
}  # fmt: skip

DAYS = {
    "2023-03-07": date(2023, 3, 7),
    "20230307": date(2023, 3, 7),
    "Tue, 07 Mar 2023": date(2023, 3, 7),
    "March 7, 2023": date(2023, 3, 7),
    "7th March 2023": date(2023, 3, 7),
    "07.03.2023": date(2023, 3, 7),
    "3/27/2023": date(2023, 3, 27),
    "27/3/2023": date(2023, 3, 27),
    "3/3/2023": date(2023, 3, 3),
    "2023年3月7日": date(2023, 3, 7),
}

NO_DATES = (
    "", "now", "today", "yesterday 10:00", "0000-00-00", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z", "31 Feb 2023",
    "2023-13-01", "Tue, 07 Mar 2023 25:00:00 GMT", "Tue, 07 Mar 2023 12:61:00 GMT", "7/3/2023", "07/03/2023 12:05",
    "Thu, 01 Jan 1970 00:00:00 GMT", "0", "12345", "1994-12-31", "2023-W10", "2023", "2023-03", "Tue, 07 Foo 2023 12:05:09 GMT",
    "13:05 PM, 7 March 2023", "2023-03-07T12:05:09Z and a lot more that makes no sense at all, so that nothing can be trusted",
    "9" * 10_000, " " * 100_000,
)  # fmt: skip


@pytest.mark.parametrize("raw", INSTANTS)
def test_an_instant_is_read_as_it_was_meant(raw: str) -> None:
    found = parse(raw)

    assert found is not None
    assert found.at == INSTANTS[raw]


@pytest.mark.parametrize("raw", DAYS)
def test_a_date_without_a_time_is_a_day_not_midnight(raw: str) -> None:
    assert parse(raw) == FeedDate(None, DAYS[raw], False)


@pytest.mark.parametrize("raw", NO_DATES, ids=lambda raw: repr(raw[:30]))
def test_no_date_beats_a_wrong_one(raw: str) -> None:
    assert parse(raw) is None


def test_the_day_is_the_one_that_the_outlet_wrote() -> None:
    late_in_new_york = parse("Tue, 07 Mar 2023 23:30:00 EST")

    assert late_in_new_york == FeedDate(datetime(2023, 3, 8, 4, 30, tzinfo=UTC), date(2023, 3, 7), True)


def test_a_time_without_a_zone_is_taken_as_utc_and_says_so() -> None:
    assert parse("2023-03-07 12:05:09") == FeedDate(NOON, date(2023, 3, 7), False)


def test_a_time_in_an_unknown_zone_leaves_the_day() -> None:
    assert parse("2023-03-07 12:05:09 XYZT") == FeedDate(None, date(2023, 3, 7), False)


def test_no_form_is_slow_on_hostile_strings() -> None:
    hostile = ("1 " * 40, "Mon, " * 16, "a" * 80, "2023-03-07T" + " " * 60, "1" * 80, "12:" * 26, "Z" * 79 + ")")

    started = time.process_time()
    for raw in hostile * 20:
        parse(raw)

    assert time.process_time() - started < 0.2
