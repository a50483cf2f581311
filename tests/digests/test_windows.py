from datetime import UTC, datetime

import pytest

from digests.errors import QueryError
from digests.windows import instant_of, window

THURSDAY = datetime(2026, 3, 12, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "instant"),
    [
        ("today", "2026-03-11T23:00:00+00:00"),
        ("yesterday", "2026-03-10T23:00:00+00:00"),
        ("Monday", "2026-03-08T23:00:00+00:00"),
        ("thursday", "2026-03-04T23:00:00+00:00"),
        ("12h", "2026-03-11T19:30:00+00:00"),
        ("3d", "2026-03-09T07:30:00+00:00"),
        ("week", "2026-03-05T07:30:00+00:00"),
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


@pytest.mark.parametrize("words", ["soon", "13:99", "12x", "99999d", "2026-02-30", "", "0x10"])
def test_a_time_nobody_knows_is_answered_with_what_would_be_understood(words: str) -> None:
    with pytest.raises(QueryError, match="try today, yesterday, a weekday"):
        instant_of(words, THURSDAY, "UTC")


def test_until_a_day_includes_that_day():
    whole = window("2026-03-01", "2026-03-02", THURSDAY, "UTC")

    assert datetime(2026, 3, 2, 23, 59, tzinfo=UTC) in whole
    assert datetime(2026, 3, 3, tzinfo=UTC) not in whole


def test_a_window_that_ends_before_it_starts_is_refused_in_words():
    with pytest.raises(QueryError, match="lies after"):
        window("today", "2026-01-01", THURSDAY, "UTC")
