"""Windows of time, of what people typed and of days."""

from __future__ import annotations

from datetime import UTC, date, datetime

from digests.errors import QueryError
from digests.model import Window, utc
from digests.moments import ACCEPTED, Moment, after, midnight, named
from digests.slips import shown


def moment(words: str, now: datetime, zone: str) -> Moment:
    """The time that words name, as `digests.moments.named`.

    Raises:
        QueryError: nobody can say what the words mean, or no calendar has that day; the text says what would be understood.
    """
    found = named(words, now, zone)
    try:
        if found is not None:
            found.start(zone)
            return found
    except OverflowError:  # in some zones the first day of the calendar has no instant
        pass
    raise QueryError(f"I don't know the time “{shown(words)}”; try {ACCEPTED}.")


def instant_of(words: str, now: datetime, zone: str) -> datetime:
    """The instant, in UTC, at which a time named by words begins; a day begins at midnight in ``zone``.

    Raises:
        QueryError: as ``moment``.

    >>> instant_of("monday", datetime(2026, 3, 12, 7, tzinfo=UTC), "Europe/Berlin").isoformat()
    '2026-03-08T23:00:00+00:00'
    """
    return moment(words, now, zone).start(zone)


def window(since: str | None, until: str | None, now: datetime, zone: str) -> Window:
    """The half-open window from ``since`` to ``until``; None means everything before, and up to ``now``.

    ``until`` a day means up to the end of that day.

    Raises:
        QueryError: as ``moment``, or the window would end before it starts.
    """
    start = instant_of(since, now, zone) if since else None
    end = moment(until, now, zone).end(zone) if until else utc(now)
    if start is not None and (start > end or (until and start == end)):  # a day may begin now
        latest = f"until:{shown(until)}" if until else "now"
        raise QueryError(f"since:{shown(since or '')} lies after {latest}; give an earlier time.")
    return Window(start, end)


def of_day(day: date, zone: str) -> Window:
    """A day from its midnight in ``zone`` to the next: 23 to 25 hours; what lies beyond the calendar is cut off."""
    try:
        start = midnight(day, zone)
    except OverflowError:
        start = datetime.min.replace(tzinfo=UTC)
    return Window(start, after(day, zone))
