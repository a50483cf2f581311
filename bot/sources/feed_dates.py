"""The dates of feeds, read from the string as written.

No date beats a wrong one: what cannot be understood for certain is None.  A date without a time is a day, not midnight UTC.
feedparser's own readings are not used: it takes ``1746966600`` for the year 1746 and CEST for UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

EARLIEST_YEAR = 1995  # feeds are younger; what is dated earlier is an epoch zero or a typing error
LATEST_YEAR = 2200
_LONGEST = 80  # characters; the longest honest form is near 50

_ZONE_HOURS = {
    "UTC": 0, "UT": 0, "GMT": 0, "Z": 0, "WET": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
    "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "BST": 1, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "IST": 5.5, "SGT": 8, "HKT": 8, "JST": 9, "KST": 9, "AWST": 8, "ACST": 9.5, "ACDT": 10.5, "AEST": 10,
    "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip

_MONTH_WORDS = (
    "jan january januar janvier janv enero ene gennaio gen janeiro januari jänner",
    "feb february februar février févr fev febrero febbraio fevereiro februari",
    "mar march märz mär mrz mars marzo março maart mrt",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august août aoû aout agosto ago augustus",
    "sep sept september septembre septiembre settembre set setembro",
    "oct october oktober okt octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december dezember dez décembre déc diciembre dic dicembre dezembro",
)
_MONTHS = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}

_TIME = r"(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d{1,9})?)?\s?(?P<half>[ap]\.?m\.?)?"
_CLOCK = rf"(?:(?:[T,]|\s+at\b|\s+um\b|\s+à\b|\s*-(?=\s))?\s*{_TIME}\s*(?P<zone>\S.*)?)?"
_WEEKDAY = r"(?:[^\W\d_]{2,12}\.?\s*,?\s+|[^\W\d_]{2,12}\.?,\s*)?"
_MONTH = r"(?P<word>[^\W\d_]{3,10})\.?"

_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<year>\d{{4}})([-/.])(?P<month>\d\d?)\2(?P<day>\d\d?){_CLOCK}",
        rf"(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?(?P<year>\d{{4}}){_CLOCK}",
        rf"{_WEEKDAY}(?P<day>\d\d?)(?:st|nd|rd|th|er|º|\.)?[\s-]\s*(?:de\s+)?{_MONTH}(?:,|\s+de\b)?[\s-]\s*(?P<year>\d{{4}}|\d\d){_CLOCK}",
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d\d?)(?:st|nd|rd|th)?(?:,|\s)\s*(?P<year>\d{{4}}){_CLOCK}",
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d\d?)\s+{_TIME}(?:\s+(?P<zone>\S+))?\s+(?P<year>\d{{4}})",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:T?(?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)?(?:\.\d+)?\s?(?P<zone>\S.*)?)?",
        rf"(?P<first>\d\d?)/(?P<other>\d\d?)/(?P<year>\d{{4}}){_CLOCK}",
        rf"(?P<year>\d{{4}})\s?[年년]\s?(?P<month>\d\d?)\s?[月월]\s?(?P<day>\d\d?)\s?[日일]{_CLOCK}",
    )
)
_EPOCH = re.compile(r"(\d{9,10}|\d{12,13})(?:\.\d+)?")
_NUMERIC_ZONE = re.compile(r"(?:(?:GMT|UTC|UT)\s?)?([+-])(\d{1,2})(?::?(\d\d))?(?::?00)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedDate:
    """A date as a feed wrote it.

    Args:
        at: the instant, aware, in UTC; None when no time of day was written, or one in a zone that nobody knows.
        day: the day as written, in the zone of the feed.
        zone_given: the zone was written; a time without one is taken as UTC.
    """

    at: datetime | None
    day: date
    zone_given: bool


def parse(raw: str) -> FeedDate | None:
    """The date that a feed's string means, or None when it means none for certain.

    Reads RFC 2822 and 3339 with the usual slips (a wrong weekday, two-digit years, month names of seven languages, second 60,
    hour 24, named zones), ``YYYY/MM/DD``, ``DD.MM.YYYY``, ``M/D/YYYY`` when only one reading is possible, and the epoch in
    seconds or milliseconds.

    >>> parse("Sun, 13 Oct 2024 14:00 CEST").at
    datetime.datetime(2024, 10, 13, 12, 0, tzinfo=datetime.timezone.utc)
    """
    words = " ".join(raw[: _LONGEST + 1].split())
    if not words or len(raw) > 4 * _LONGEST or len(words) > _LONGEST:
        return None
    try:
        if epoch := _EPOCH.fullmatch(words):
            return _of_epoch(epoch[1])
        for form in _FORMS:
            if found := form.fullmatch(words):
                return _of_parts(found.groupdict())
    except (ValueError, OverflowError):  # 31 February, hour 25
        pass
    return None


def _of_epoch(digits: str) -> FeedDate | None:
    at = datetime.fromtimestamp(int(digits) / (1000 if len(digits) > 10 else 1), UTC)
    return FeedDate(at, at.date(), True) if EARLIEST_YEAR <= at.year <= LATEST_YEAR else None


def _of_parts(parts: dict[str, str | None]) -> FeedDate | None:
    day = _day(parts)
    if day is None or not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return None
    if parts.get("hour") is None:
        return FeedDate(None, day, False)
    written = (parts.get("zone") or "").strip()
    zone = _zone(written) if written else UTC
    if zone is None:  # the time of day cannot be placed, the day can
        return FeedDate(None, day, False)
    local = datetime.combine(day, datetime.min.time(), zone) + _since_midnight(parts)
    return FeedDate(local.astimezone(UTC), local.date(), bool(written))


def _day(parts: dict[str, str | None]) -> date | None:
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:
        year += 2000 if year < 80 else 1900
    if word := parts.get("word"):
        month = _MONTHS.get(word.lower())
        return date(year, month, int(parts["day"] or 0)) if month else None
    if first := parts.get("first"):
        one, two = int(first), int(parts["other"] or 0)
        if one <= 12 and two <= 12 and one != two:  # 5/6/2025 is two days, depending on the country
            return None
        return date(year, one, two) if two > 12 or one == two else date(year, two, one)
    return date(year, int(parts["month"] or 0), int(parts["day"] or 0))


def _since_midnight(parts: dict[str, str | None]) -> timedelta:
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError("no such hour on a twelve-hour clock")
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise ValueError("no such time")
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _zone(written: str) -> timezone | None:
    """The zone as written; None when nobody knows it."""
    written = re.sub(r"\s*\(.*\)$", "", written).strip() or written.strip("() ")
    if written.upper() in _ZONE_HOURS:
        return timezone(timedelta(hours=_ZONE_HOURS[written.upper()]))
    if numeric := _NUMERIC_ZONE.fullmatch(written):
        offset = timedelta(hours=int(numeric[2]), minutes=int(numeric[3] or 0))
        if offset > timedelta(hours=14):
            return None
        return timezone(-offset if numeric[1] == "-" else offset)
    return None
