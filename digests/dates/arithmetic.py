"""Counts in days, weeks, months and years of the calendar."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from datetime import date, timedelta

from digests.dates.expression import UNKNOWN, Meaning
from digests.model import Precision
from digests.verbs import Tense

NEAR_DAYS = 45
"""A day without a year this near to the reference is the nearest one, whatever the verb."""

_LEAP_DAY = (2, 29)
_YEARS = {"E": 10, "C": 100}


def is_day(value: str) -> bool:
    """Whether ``value`` is a day of the calendar, in ISO form."""
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def nearest_year(month: int, day: int, reference: date, tense: Tense | None) -> date | None:
    """The day meant by a month and a day, which some year has, without a year; None when no year near has it."""
    years = range(reference.year - 1, reference.year + 2)
    days = [date(year, month, day) for year in years if (month, day) != _LEAP_DAY or isleap(year)]
    return choose(days, reference, tense) if days else None


def choose(days: Sequence[date], reference: date, tense: Tense | None) -> date | None:
    """The one of ``days`` that is meant: the nearest if it is near, else the one to which the verb looks."""
    nearest = min(days, key=lambda day: abs(day - reference))
    if abs(nearest - reference) <= timedelta(days=NEAR_DAYS):
        return nearest
    if tense is Tense.FUTURE:
        return min((day for day in days if day >= reference), default=None)
    return max((day for day in days if day <= reference), default=None)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The ``nth`` such weekday (Monday is 0) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def shifted(anchor: date, unit: str, step: int) -> Meaning:
    """The stretch that lies ``step`` units from the anchor's.

    Args:
        unit: D, W, M, Q (quarter), Y, E (decade) or C (century).
    """
    ahead = step > 0
    try:
        match unit:
            case "D":
                return Meaning((anchor + timedelta(days=step)).isoformat(), precision=Precision.DAY, ahead=ahead)
            case "W":
                year, week, _ = (anchor + timedelta(weeks=step)).isocalendar()
                return Meaning(f"{year}-W{week:02d}", precision=Precision.WEEK, ahead=ahead)
            case "M":
                year, month = _month(anchor, step)
                return Meaning(f"{year:04d}-{month + 1:02d}", precision=Precision.MONTH, ahead=ahead)
            case "Q":
                year, month = _month(anchor, 3 * step)
                return Meaning(f"{year:04d}-Q{month // 3 + 1}", ahead=ahead)
            case "Y":
                date(anchor.year + step, 1, 1)
                return Meaning(f"{anchor.year + step:04d}", precision=Precision.YEAR, ahead=ahead)
            case _:
                years = _YEARS[unit]
                date(anchor.year + step * years, 1, 1)
                return Meaning(f"{anchor.year // 10 + step * years // 10:03d}", ahead=ahead)
    except (ValueError, OverflowError):
        return UNKNOWN


def _month(anchor: date, step: int) -> tuple[int, int]:
    """The year and the month, from 0, that lies ``step`` months from the anchor's."""
    return divmod(anchor.year * 12 + anchor.month - 1 + step, 12)
