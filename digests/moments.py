"""Times as people name them: "yesterday", "monday", "12h", "last week", "9 Oct", "2024-10-09", an instant."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digests.errors import QueryError
from digests.model import utc
from digests.slips import MARKS

ACCEPTED = "today, yesterday, a weekday, 12h, 3d, week, last week, 9 Oct, a date such as 2026-03-09 or 2026-03-09T08:00Z"
"""What is understood, to follow "try"."""
MOST_WORDS = 5
"""Of the longest way to name a time: "Wed 9 Oct 2024 08:00"."""

_BEHIND = f"{MARKS} "
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FIRST_HALF = ("January", "February", "March", "April", "May", "June")
_MONTH_NAMES = ("", *_FIRST_HALF, "July", "August", "September", "October", "November", "December")
_WEEKDAYS = {word.lower(): number for number, name in enumerate(_DAY_NAMES) for word in (name, name[:3])}
_MONTHS = {word.lower(): number for number, name in enumerate(_MONTH_NAMES) if name for word in (name, name[:3])}
_MONTHS["sept"] = 9
_WEEKDAY, _MONTH = "|".join(_WEEKDAYS), "|".join(_MONTHS)
_SPAN = re.compile(r"(?:(?:last|past) )?([0-9]{1,4}) ?(?:(h)(?:ours?|rs?)?|(d)(?:ays?)?|(w)(?:eeks?)?|(m)onths?)(?: ago)?")
_UNITS = (timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30))
_NUMBERS = ("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTS = {word: max(at, 1) for at, word in enumerate(_NUMBERS)} | {"an": 1, "couple of": 2, "a couple of": 2}
_COUNTED = re.compile(rf"((?:last|past) )?({'|'.join(sorted(_COUNTS, key=len, reverse=True))}) (?=hour|day|week|month|year)")
_OF_A_SPAN = ("in", "over", "during", "within", "for")
_CLOSING = re.compile(
    rf"(?P<before>(?:{'|'.join((*_OF_A_SPAN, 'on', 'of', 'from'))}) )?(?:the )?(?P<time>(?:(?P<last>last|past) )?"
    rf"(?:(?P<count>[0-9]{{1,4}}|few|several|{'|'.join(_COUNTS)}) (?P<units>(?:hour|day|week|month|year)s?)"
    r"|(?P<unit>hour|day|week|month|year))|.+)"
)
"""A time at the end of a sentence; see `closing`."""
_LATELY = {"week": timedelta(days=7), "month": timedelta(days=30)}
_LONGEST = timedelta(days=3660)
_DAY = re.compile(
    rf"(?:(?P<weekday>{_WEEKDAY}) )?(?:(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})"
    rf"|(?P<month_first>{_MONTH}) (?P<day_last>[0-9]{{1,2}})(?:st|nd|rd|th)?)(?: (?P<year>[0-9]{{4}}))?"
)
_CLOCK = re.compile(r"(?:(?P<day>.+?) (?:at )?)?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ISO = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}|[0-9]{4}-[0-9]{2}-[0-9]{2}[t ].*|[0-9]{8}t.*")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that somebody named: an instant, in UTC, or days from the first to the last, both of them included."""

    first: date | datetime
    last: date | datetime

    def __post_init__(self) -> None:
        if isinstance(self.first, datetime) and self.first != self.last:
            raise ValueError("an instant has no end of its own")

    def start(self, zone: str) -> datetime:
        """When it begins, in UTC.  Raises OverflowError where the calendar begins later in that zone."""
        return self.first if isinstance(self.first, datetime) else midnight(self.first, zone)

    def end(self, zone: str) -> datetime:
        """When it is over, in UTC; what lies beyond the calendar is cut off."""
        return self.last if isinstance(self.last, datetime) else after(self.last, zone)


def named(words: str, now: datetime, zone: str) -> Moment | None:
    """The time that words name; None when they name none.

    A weekday ("monday" or "mon", as digests write it) is the latest one before today, and a day without a year the latest that
    has come.  "week" is the last seven times 24 hours, "last week" the week from Monday to Sunday before this one.  A mark
    behind a time ("monday?") means nothing.

    Args:
        now: aware; "today" and "12h" count from it.
        zone: IANA name; of the days, and of a time of day without an offset.

    Raises:
        QueryError: a day that no calendar has; the text says so.

    >>> named("9 Oct", datetime(2026, 3, 12, 7, tzinfo=UTC), "Europe/Berlin").first
    datetime.date(2025, 10, 9)
    """
    folded = counted(" ".join(words.rstrip(_BEHIND).replace(",", " ").casefold().split()))
    today = now.astimezone(ZoneInfo(zone)).date()
    try:
        if days := _days(folded, today):
            return Moment(*days)
        if back := _back(folded):
            return _at(utc(now) - back)
        if _ISO.fullmatch(folded):
            return _iso(folded.upper(), zone)
        if clock := _CLOCK.fullmatch(folded):
            return _at_the_clock(clock, today, now, zone)
    except QueryError:
        raise
    except (ValueError, OverflowError):  # no such hour, or the calendar ends
        pass
    return None


def closing(words: str, now: datetime, zone: str, *, alone: bool = False) -> Moment | None:
    """The time that words name as they close a question, "in the last two days", "on Monday", "yesterday"; None for none.

    A word that says other things too is no time by itself: "Today" with a capital is a newspaper, "Friday" may be a black one.

    Args:
        now, zone: as for `named`.
        alone: nothing stands before them, so that "last week" may be what is looked for, and "of last week" is not.

    Raises:
        QueryError: so much time back is certainly meant, and nobody can say how much it is: "in the last few years".

    >>> closing("in the last two days", datetime(2026, 3, 12, 7, tzinfo=UTC), "UTC").first.isoformat()
    '2026-03-10T07:00:00+00:00'
    """
    said = words.rstrip(_BEHIND)
    found = _CLOSING.fullmatch(" ".join(said.casefold().split()))
    if found is None or (alone and not found["before"]):
        return None
    before, time = (found["before"] or "").strip(), found["time"]
    if found["last"] and (found["count"] or (found["unit"] and (before in _OF_A_SPAN or found["last"] == "past"))):
        span = f"{found['count'] or 'one'} {found['units'] or found['unit']}"
        if moment := named(span, now, zone):
            return moment
        raise QueryError(f"I don't know the time “{time}”; try {ACCEPTED}.")
    apart = before in ("on", "of", "from") or said in ("today", "yesterday", "Yesterday")
    apart = apart or time.startswith(("last ", "this ")) or time.endswith(" ago")
    return named(time, now, zone) if apart and len(time) > len("sun") and not (found["unit"] and not found["last"]) else None


def counted(span: str) -> str:
    """A length of time with its number in digits.

    >>> counted("two weeks"), counted("last couple of days"), counted("a week"), counted("a weak spot")
    ('2 weeks', 'last 2 days', '1 week', 'a weak spot')
    """
    return _COUNTED.sub(_as_digits, span, count=1)


def midnight(day: date, zone: str) -> datetime:
    """When a day begins in a zone, in UTC.  Raises OverflowError where the calendar begins later."""
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


def after(day: date, zone: str) -> datetime:
    """When a day is over in a zone, in UTC; what lies beyond the calendar is cut off."""
    try:
        return midnight(day + timedelta(days=1), zone)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _at(instant: datetime) -> Moment:
    return Moment(instant, instant)


def _days(folded: str, today: date) -> tuple[date, date] | None:
    """The days, the first and the last, that words name."""
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    several = {
        "this week": (monday, today),
        "last week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "this month": (first, today),
        "last month": ((first - timedelta(days=1)).replace(day=1), first - timedelta(days=1)),
    }
    if folded in several:
        return several[folded]
    day = _day(folded, today)
    return (day, day) if day else None


def _day(folded: str, today: date) -> date | None:
    if folded in ("today", "yesterday"):
        return today - timedelta(days=folded == "yesterday")
    weekday = folded.removeprefix("last ")
    if weekday in _WEEKDAYS:
        return today - timedelta(days=(today.weekday() - _WEEKDAYS[weekday] - 1) % 7 + 1)
    if iso := _ISO_DAY.fullmatch(folded):
        return _dated(int(iso[1]), int(iso[2]), int(iso[3]))
    if found := _DAY.fullmatch(folded):
        return _written(found, today)
    return None


def _written(found: re.Match[str], today: date) -> date:
    """The day of "9 Oct", "October 9, 2024", "Wed 9 Oct"."""
    month, day = _MONTHS[found["month"] or found["month_first"]], int(found["day"] or found["day_last"])
    weekday = _WEEKDAYS[found["weekday"]] if found["weekday"] else None
    if found["year"]:
        dated = _dated(int(found["year"]), month, day)
        if weekday not in (None, dated.weekday()):
            raise QueryError(f"{_spelt(month, day)} {dated.year} is a {_DAY_NAMES[dated.weekday()]}; leave the weekday out.")
        return dated
    if not 1 <= day <= _longest(month):
        raise QueryError(f"There is no {_spelt(month, day)}; {_MONTH_NAMES[month]} has {_longest(month)} days.")
    for latest in _past(month, day, today):
        if weekday in (None, latest.weekday()):
            return latest
    raise QueryError(f"{_spelt(month, day)} was no {found['weekday'].capitalize()} lately; leave the weekday out.")


def _past(month: int, day: int, today: date) -> Iterator[date]:
    """A day of the calendar in this year and those before, where it was; the 29th of February is up to eight years away."""
    for year in range(today.year, max(today.year - 12, 0), -1):
        if day <= _longest(month, year) and (past := date(year, month, day)) <= today:
            yield past


def _dated(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        if not 1 <= month <= 12 or not year:
            raise QueryError(f"There is no {year:04}-{month:02}-{day:02}; a date is written 2026-03-09.") from None
        days = f"{_MONTH_NAMES[month]} has {_longest(month, year)} days in that year"
        raise QueryError(f"There is no {_spelt(month, day)} {year:04}; {days}.") from None


def _longest(month: int, year: int = 2024) -> int:
    """How many days a month has; where no year is given, in a leap year."""
    return monthrange(year, month)[1]


def _spelt(month: int, day: int) -> str:
    return f"{day} {_MONTH_NAMES[month][:3]}"


def _as_digits(found: re.Match[str]) -> str:
    return f"{found[1] or ''}{_COUNTS[found[2]]} "


def _back(folded: str) -> timedelta | None:
    """How far "12h", "last 3 days" and "2 months ago" lie back; more than ten years is no such time."""
    if folded in _LATELY:
        return _LATELY[folded]
    if span := _SPAN.fullmatch(folded):
        back = next(int(span[1]) * each for unit, each in zip(span.groups()[1:], _UNITS, strict=True) if unit)
        return back if back <= _LONGEST else None
    return None


def _iso(words: str, zone: str) -> Moment:
    """An instant, or a day in the calendar of the standard without its hyphens; raises ValueError for neither."""
    try:
        day = date.fromisoformat(words)
        return Moment(day, day)
    except ValueError:
        instant = datetime.fromisoformat(words)
        return _at(utc(instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(zone))))


def _at_the_clock(clock: re.Match[str], today: date, now: datetime, zone: str) -> Moment | None:
    """A time of a day, "yesterday 08:00"; without a day the latest that has come."""
    day = _day(clock["day"], today) if clock["day"] else today
    if day is None or int(clock["hour"]) > 23 or int(clock["minute"]) > 59:
        return None
    at = time(int(clock["hour"]), int(clock["minute"]), tzinfo=ZoneInfo(zone))
    instant = datetime.combine(day, at).astimezone(UTC)
    if not clock["day"] and instant > now:
        instant = datetime.combine(day - timedelta(days=1), at).astimezone(UTC)
    return _at(instant)
