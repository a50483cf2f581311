"""Words for a time, as people type them: "yesterday", "monday", "12h", "3d", "week", a date or an instant."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digests.errors import QueryError
from digests.model import Window, utc

ACCEPTED = "today, yesterday, a weekday, 12h, 3d, week, a date such as 2026-03-09 or an instant such as 2026-03-09T08:00Z"
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = {word: number for number, name in enumerate(_NAMES) for word in (name, name[:3])}
_SPAN = re.compile(r"(\d{1,4})\s*(h|d|w)(?:ours?|ays?|eeks?)?")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(days=7)}
_LONGEST = timedelta(days=3660)


def instant_of(words: str, now: datetime, zone: str) -> datetime:
    """The instant, in UTC, at which a stretch of time named by words begins.

    A day begins at midnight in ``zone``; a weekday ("monday" or "mon", as digests write it) is the latest one before today.

    Raises:
        QueryError: nobody can say what the words mean; the text says what would be understood.

    >>> instant_of("monday", datetime(2026, 3, 12, 7, tzinfo=UTC), "Europe/Berlin").isoformat()
    '2026-03-08T23:00:00+00:00'
    """
    folded = words.strip().lower()
    today = now.astimezone(ZoneInfo(zone)).date()
    if folded == "today":
        return _midnight(today, zone)
    if folded == "yesterday":
        return _midnight(today - timedelta(days=1), zone)
    if folded == "week":
        return utc(now) - timedelta(days=7)
    if folded in _WEEKDAYS:
        return _midnight(today - timedelta(days=(today.weekday() - _WEEKDAYS[folded] - 1) % 7 + 1), zone)
    if span := _SPAN.fullmatch(folded):
        length = int(span[1]) * _UNITS[span[2]]
        if length <= _LONGEST:
            return utc(now) - length
    try:
        if day := _day(folded):
            return _midnight(day, zone)
        instant = datetime.fromisoformat(words.strip())
        return utc(instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(zone)))
    except (ValueError, OverflowError):  # the calendar ends: in some zones its first day has no instant
        raise QueryError(f"I don't know the time {words!r}; try {ACCEPTED}.") from None


def window(since: str | None, until: str | None, now: datetime, zone: str) -> Window:
    """The half-open window from ``since`` to ``until``; None means everything before, and up to ``now``.

    ``until`` a day means up to the end of that day.

    Raises:
        QueryError: as ``instant_of``, or the window would end before it starts.
    """
    start = instant_of(since, now, zone) if since else None
    end = instant_of(until, now, zone) if until else utc(now)
    if until and _is_day(until):
        end = of_day(end.astimezone(ZoneInfo(zone)).date(), zone).end
    if start is not None and start > end:
        raise QueryError(f"since:{since} lies after {'until:' + until if until else 'now'}; give an earlier time.")
    return Window(start, end)


def of_day(day: date, zone: str) -> Window:
    """A day from its midnight in ``zone`` to the next: 23 to 25 hours; what lies beyond the calendar is cut off."""
    try:
        start = _midnight(day, zone)
    except OverflowError:
        start = datetime.min.replace(tzinfo=UTC)
    try:
        end = _midnight(day + timedelta(days=1), zone)
    except OverflowError:
        end = datetime.max.replace(tzinfo=UTC)
    return Window(start, end)


def _is_day(words: str) -> bool:
    folded = words.strip().lower()
    return folded in ("today", "yesterday", *_WEEKDAYS) or _day(folded) is not None


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)
