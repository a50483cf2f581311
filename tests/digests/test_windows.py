from datetime import UTC, date, datetime, timedelta

import pytest

from digests.errors import QueryError
from digests.model import Window
from digests.windows import instant_of, of_day, window

THURSDAY = datetime(2026, 3, 12, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "instant"),
    [
        ("today", "2026-03-11T23:00:00+00:00"),
        ("yesterday", "2026-03-10T23:00:00+00:00"),
        ("Monday", "2026-03-08T23:00:00+00:00"),
        ("mon", "2026-03-08T23:00:00+00:00"),
        ("thursday", "2026-03-04T23:00:00+00:00"),
        ("12h", "2026-03-11T19:30:00+00:00"),
        ("3d", "2026-03-09T07:30:00+00:00"),
        ("week", "2026-03-05T07:30:00+00:00"),
        ("Last  Week", "2026-03-01T23:00:00+00:00"),
        ("this month", "2026-02-28T23:00:00+00:00"),
        ("last month", "2026-01-31T23:00:00+00:00"),
        ("last monday", "2026-03-08T23:00:00+00:00"),
        ("past 3 days", "2026-03-09T07:30:00+00:00"),
        ("2 weeks ago", "2026-02-26T07:30:00+00:00"),
        ("9 Oct", "2025-10-08T22:00:00+00:00"),
        ("12 march", "2026-03-11T23:00:00+00:00"),
        ("13 mar", "2025-03-12T23:00:00+00:00"),
        ("29 feb", "2024-02-28T23:00:00+00:00"),
        ("October 9th, 2024", "2024-10-08T22:00:00+00:00"),
        ("2nd of Sept 2024", "2024-09-01T22:00:00+00:00"),
        ("Wed 9 Oct", "2024-10-08T22:00:00+00:00"),
        ("yesterday 08:00", "2026-03-11T07:00:00+00:00"),
        ("monday at 8:00", "2026-03-09T07:00:00+00:00"),
        ("08:00", "2026-03-12T07:00:00+00:00"),
        ("09:00", "2026-03-11T08:00:00+00:00"),
        ("2026-03-01", "2026-02-28T23:00:00+00:00"),
        ("2026-03-01T08:00Z", "2026-03-01T08:00:00+00:00"),
        ("2026-03-01T08:00", "2026-03-01T07:00:00+00:00"),
    ],
)
def test_words_for_a_time_begin_at_midnight_of_the_readers_zone(words: str, instant: str) -> None:
    assert instant_of(words, THURSDAY, "Europe/Berlin").isoformat() == instant


def test_a_day_of_a_clock_change_still_begins_at_its_own_midnight():
    after_the_change = datetime(2026, 3, 29, 12, tzinfo=UTC)

    assert instant_of("today", after_the_change, "Europe/Berlin").isoformat() == "2026-03-28T23:00:00+00:00"


@pytest.mark.parametrize("words", ["soon", "13:99", "12x", "99999d", "", "0x10", "1 h x", "sun day"])
def test_a_time_nobody_knows_is_answered_with_what_would_be_understood(words: str) -> None:
    with pytest.raises(QueryError, match="try today, yesterday, a weekday"):
        instant_of(words, THURSDAY, "UTC")


@pytest.mark.parametrize("words", ["2026-02-30", "30 Feb", "30 Feb 2026", "0 March", "32 January", "29 Feb 2025", "2026-00-01"])
def test_a_day_that_no_calendar_has_is_answered_so(words: str) -> None:
    with pytest.raises(QueryError, match="There is no"):
        instant_of(words, THURSDAY, "UTC")


def test_until_last_week_is_until_its_sunday_is_over():
    assert window("last week", "last week", THURSDAY, "UTC") == Window(
        datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
    )


def test_until_a_day_includes_that_day():
    whole = window("2026-03-01", "2026-03-02", THURSDAY, "UTC")

    assert datetime(2026, 3, 2, 23, 59, tzinfo=UTC) in whole
    assert datetime(2026, 3, 3, tzinfo=UTC) not in whole


def test_a_window_that_ends_before_it_starts_is_refused_in_words():
    with pytest.raises(QueryError, match="lies after"):
        window("today", "2026-01-01", THURSDAY, "UTC")


def test_the_first_day_of_the_calendar_is_no_instant_everywhere():
    assert instant_of("0001-01-01", THURSDAY, "UTC") == datetime.min.replace(tzinfo=UTC)
    with pytest.raises(QueryError, match="try today"):
        instant_of("0001-01-01", THURSDAY, "Europe/Berlin")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_up_to_the_last_day_of_the_calendar_is_up_to_its_end(zone: str) -> None:
    assert window(None, "9999-12-31", THURSDAY, zone).end == datetime.max.replace(tzinfo=UTC)


def test_a_day_of_a_clock_change_has_all_its_hours():
    long = of_day(date(2026, 10, 25), "Europe/Berlin")
    short = of_day(date(2026, 3, 29), "Europe/Berlin")

    assert long.start is not None
    assert long.end - long.start == timedelta(hours=25)
    assert short.start is not None
    assert short.end - short.start == timedelta(hours=23)
