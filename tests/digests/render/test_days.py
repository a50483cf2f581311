"""Days are written so that nobody can misread them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from digests.model import Basis, EventDate, Precision
from digests.render import days

SUNDAY = date(2024, 10, 13)
_PRECISION = {4: Precision.YEAR, 7: Precision.MONTH, 8: Precision.WEEK, 10: Precision.DAY}


def known(value: str, *, planned: bool = False) -> EventDate:
    return EventDate(value, _PRECISION[len(value)], Basis.WRITTEN, planned=planned)


def unknown(words: str = "", partial: str | None = None, *, planned: bool = False) -> EventDate:
    return EventDate(None, Precision.NONE, Basis.UNCLEAR, words, planned, partial)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2024-10-09", "Wed 9 Oct"),
        ("2024-10-13", "Sun 13 Oct"),
        ("2024-10-06", "Sun 6 Oct"),
        ("2024-10-05", "5 Oct"),
        ("2024-10-20", "Sun 20 Oct"),
        ("2024-01-01", "1 Jan"),
        ("2023-10-07", "7 Oct 2023"),
        ("2025-01-02", "2 Jan 2025"),
        ("2024-10", "October"),
        ("2023-10", "October 2023"),
        ("2019", "2019"),
        ("2024-W41", "week of 7 Oct"),
        ("2023-W41", "week of 9 Oct 2023"),
    ],
)
def test_a_day_is_written_from_the_digests_day(value: str, written: str) -> None:
    assert days.day(known(value), SUNDAY) == written


def test_a_week_across_new_year_needs_no_year() -> None:
    assert days.day(known("2024-12-30"), date(2025, 1, 2)) == "Mon 30 Dec"


@pytest.mark.parametrize(
    ("value", "written"),
    [("2024-10-09", "9 Oct 2024"), ("2024-10", "October 2024"), ("2024-W41", "week of 7 Oct 2024"), ("2024", "2024")],
)
def test_without_a_digests_day_all_days_are_in_full(value: str, written: str) -> None:
    assert days.day(known(value), None) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2024-10-20", "for Sun 20 Oct"),
        ("2024-11", "for November"),
        ("2024-W43", "for the week of 21 Oct"),
        ("2026", "for 2026"),
    ],
)
def test_a_planned_day_says_for(value: str, written: str) -> None:
    assert days.day(known(value, planned=True), SUNDAY) == written


@pytest.mark.parametrize(
    ("event", "written"),
    [
        (unknown("on Wednesday"), '"Wednesday", date unclear'),
        (unknown("Wednesday,"), '"Wednesday", date unclear'),
        (unknown("on April 13", "XXXX-04-13"), "13 Apr (year not stated)"),
        (unknown("in April", "XXXX-04"), "April (year not stated)"),
        (unknown("midweek", "XXXX-WXX-3"), '"midweek", date unclear'),
        (unknown("the thirteenth", "XXXX-13-13"), '"the thirteenth", date unclear'),
        (unknown(), "date unclear"),
        (unknown("on Sunday", planned=True), 'for "Sunday", date unclear'),
    ],
)
def test_what_is_unclear_says_so(event: EventDate, written: str) -> None:
    assert days.day(event, SUNDAY) == written


def test_a_missing_year_is_said_once() -> None:
    both = (unknown("", "XXXX-04-13"), unknown("", "XXXX-10-01"))

    assert days.several(both, None) == "13 Apr, 1 Oct (year not stated)"
    assert days.several((known("2023-10-07"), *both[:1]), SUNDAY) == "7 Oct 2023, 13 Apr (year not stated)"


def test_a_report_day_has_no_weekday() -> None:
    assert days.report(SUNDAY, SUNDAY) == "13 Oct"
    assert days.report(date(2023, 10, 13), SUNDAY) == "13 Oct 2023"
    assert days.report(SUNDAY, None) == "13 Oct 2024"


@pytest.mark.parametrize(
    ("value", "written"),
    [("2024-10-11", "on Fri 11 Oct"), ("2024-09", "in September"), ("2024-W40", "in the week of 30 Sep"), ("2019", "in 2019")],
)
def test_since_when_something_was_so(value: str, written: str) -> None:
    assert days.since(known(value), SUNDAY) == written
    assert days.since(unknown("once"), SUNDAY) == ""


def test_instants_are_on_the_channels_clock() -> None:
    instant = datetime(2024, 10, 12, 22, 30, tzinfo=UTC)

    assert days.instant(instant, SUNDAY, "Europe/Berlin", weekday=True) == "Sun 00:30"
    assert days.instant(instant, SUNDAY, "America/New_York", weekday=True) == "Sat 18:30"
    assert days.instant(instant, SUNDAY, "Europe/Berlin", weekday=False) == "13 Oct 00:30"
    assert days.instant(instant, date(2024, 10, 20), "Europe/Berlin", weekday=True) == "13 Oct 00:30"


def test_a_zone_without_letters_is_an_offset() -> None:
    assert days.zone_abbreviation(datetime(2024, 10, 12, tzinfo=UTC), "Europe/Berlin") == "CEST"
    assert days.zone_abbreviation(datetime(2024, 10, 12, tzinfo=UTC), "America/Sao_Paulo") == "UTC-03"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2024-10-20", "Crews vote on 20 October"),
        ("2024-10-20", "Crews vote on October 20th, in Naxos"),
        ("2024-10-20", "Crews vote on Oct. 20"),
        ("2024-09-05", "Crews voted on Sept. 5"),
        ("2023-10-07", "Crews voted on October 7, 2023"),
        ("2024-09", "In September crews voted"),
        ("2019", "Crews last voted in 2019"),
    ],
)
def test_a_fact_that_writes_its_day_needs_none_in_front(value: str, text: str) -> None:
    assert days.stands_in(known(value), text, SUNDAY)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("2024-10-20", "Crews vote on Sunday", id="a weekday alone"),
        pytest.param("2024-10-20", "Crews vote on 21 October", id="another day"),
        pytest.param("2024-10-02", "Crews voted on 20 October", id="a longer number"),
        pytest.param("2023-10-07", "Crews voted on October 7", id="a year that is not the digest's"),
        pytest.param("2024-W41", "Crews voted in the week of 7 October", id="a week"),
        pytest.param("2024-05", "Crews may vote again", id="a small word"),
        pytest.param("2018", "Crews voted last year", id="a year in other words"),
    ],
)
def test_a_fact_that_does_not_write_its_day_out_has_it_in_front(value: str, text: str) -> None:
    assert not days.stands_in(known(value), text, SUNDAY)


def test_a_day_that_nobody_knows_stands_in_no_fact() -> None:
    assert not days.stands_in(unknown("April 13", "XXXX-04-13"), "Crews voted on April 13", SUNDAY)
