"""Schedules in words: ``weekdays 08:00``, ``mon,thu 07:30``, ``every 6h``, ``daily 08:00 and 18:00``.

Days before times or after them; commas, "and" and "at" are as good as spaces; ``mon-fri`` is a span of days; a time is
``08:00``, ``8am``, ``8:30 pm``, ``noon`` or ``midnight``.  Without days every day is meant; ``every`` counts from midnight.
"""

from __future__ import annotations

import difflib
import re
from datetime import time, timedelta
from itertools import groupby
from typing import Final

from bot.model import SHORTEST_PERIOD, Schedule
from bot.schedule.zones import is_zone, zone_named
from digests.errors import QueryError

ACCEPTED: Final = "*weekdays 08:00*, *mon,thu 07:30*, *daily 08:00 and 18:00* or *every 6h*"

_MOST_CHARACTERS = 200
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK, _WEEKDAYS, _WEEKEND = frozenset(range(7)), frozenset(range(5)), frozenset({5, 6})
_DAYS: Final = (
    {form: frozenset({day}) for day, name in enumerate(_NAMES) for form in (name, name + "s", name[:3])}
    | {"tues": frozenset({1}), "weds": frozenset({2}), "thur": frozenset({3}), "thurs": frozenset({3})}
    | dict.fromkeys(("daily", "day", "days", "everyday"), _WEEK)
    | dict.fromkeys(("weekday", "weekdays"), _WEEKDAYS)
    | dict.fromkeys(("weekend", "weekends"), _WEEKEND)
)
_FILLERS = {"and", "at", "on", "the"}
_EVERY = {"every", "each"}
_A_DAY = 24 * 60  # minutes
_UNITS = {"s": 1 / 60, "m": 1, "h": 60, "d": _A_DAY, "w": 7 * _A_DAY}
_ROUND_PERIODS = (15, 20, 30, 60, 120, 180, 240, 360, 480, 720)  # minutes, to offer

_PERIOD = re.compile(r"(\d{1,6})?(s|m|h|d|w)(?:ecs?|econds?|ins?|inutes?|rs?|ours?|ays?|eeks?)?")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d\d))?(am|pm)?")
_CRON = re.compile(r"[\d*/,-]+ [\d*/,-]+ [\d*/,?l-]+ [\d*/,a-z-]+ [\d*/,a-z#-]+")
_DATE = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|(?:month|year)(?:ly|s)?|first|last"
    r"|\d+(?:st|nd|rd|th)|\d{4}-\d\d?-\d\d?|\d+/\d+(?:/\d+)?|\d+\.\d+\.\d*"
)
_SPLIT_TIME = re.compile(r"(\d) (?=[ap]m\b)")
_SPLIT_PERIOD = re.compile(r"(?<![:.\d])(\d+) (?=(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)\b)")
_SPAN = re.compile(r"(?<=[a-z]) ?(?:[-–—]|\b(?:to|through)\b) ?(?=[a-z])")


def parse(words: str, zone: str) -> Schedule:
    """The schedule that somebody describes.

    Args:
        words: as typed.
        zone: name of a time zone, as typed.

    Raises:
        QueryError: it cannot be understood, never comes, or comes too often; the text says what would do.

    >>> in_words(parse("Mon and Thursday at 7:30am", "europe/berlin"))
    'mon,thu 07:30'
    """
    zone = zone_named(zone)
    parts = _parts(words)
    days: set[int] = set()
    times: set[time] = set()
    kinds = []
    for part in parts:
        if found := _days(part):
            days |= found
        else:
            times |= _times(part)
        kinds.append("days" if found else "every" if part.startswith("every ") else "times")
    _check(parts, kinds)
    return Schedule(frozenset(days) or _WEEK, tuple(sorted(times)), zone)


def is_begun(words: str) -> bool:
    """Whether words begin as those of a schedule do, so that what is wrong with them is wrong with the times.

    >>> is_begun("every 5m"), is_begun("at 25:00"), is_begun("weekdays noonish"), is_begun("ferry strike")
    (True, True, True, False)
    """
    first, _, behind = " ".join(words.lower().split()).partition(" ")
    days, times = _EVERY | set(_DAYS), ("hourly", "noon", "midnight")
    named = first.partition("-")[0].partition(",")[0]
    return named in days or first in times or bool(_TIME.fullmatch(first)) or (first in _FILLERS and is_begun(behind))


def in_words(schedule: Schedule) -> str:
    """The shortest words for a schedule, without its zone; ``parse`` reads them back."""
    every = _period_of(schedule.times)
    days = {_WEEK: "" if every else "daily", _WEEKDAYS: "weekdays", _WEEKEND: "weekends"}.get(schedule.days)
    if days is None:
        days = ",".join(_NAMES[day][:3] for day in sorted(schedule.days))
    *first, last = [f"{each:%H:%M}" for each in schedule.times]
    times = every or (f"{', '.join(first)} and {last}" if first else last)
    return f"{days} {times}".strip()


def _parts(words: str) -> list[str]:
    """Days, spans of days, times and ``every 6h``, each one part."""
    folded = " ".join(words.lower().split())
    if len(folded) > _MOST_CHARACTERS:
        raise QueryError(f"That is {len(folded)} characters; a schedule is short, such as {ACCEPTED}.")
    if not folded:
        raise QueryError(f"When should I post? Write {ACCEPTED}.")
    if _CRON.fullmatch(folded):
        raise QueryError(f"That looks like cron; I read plain words, such as {ACCEPTED}.")
    folded = re.sub(r"\b([ap])\.m\.?", r"\1m", folded)
    folded = _SPLIT_PERIOD.sub(r"\1", _SPLIT_TIME.sub(r"\1", folded))
    folded = re.sub(r"\bhourly\b", "every 1h", _SPAN.sub("-", folded))
    tokens = [each for each in re.split(r"[\s,;&+]+", folded) if each not in _FILLERS and each]
    parts: list[str] = []
    for before, token in zip(["", *tokens], tokens, strict=False):
        period = _PERIOD.fullmatch(token) if before in _EVERY and token not in _DAYS else None
        if period:
            parts.append(f"every {token}")
        elif _DATE.fullmatch(token):
            raise QueryError(f"*{token[:40]}*: I post by days of the week, not by dates. Write {ACCEPTED}.")
        elif token not in _EVERY:
            parts.append(token)
    return parts


def _days(part: str) -> frozenset[int]:
    """The days that a part names; none when it names a time."""
    first, dash, last = part.partition("-")
    if dash and first in _DAYS and last in _DAYS and len(_DAYS[first]) == len(_DAYS[last]) == 1:
        (start,), (end,) = _DAYS[first], _DAYS[last]
        return frozenset((start + n) % 7 for n in range((end - start) % 7 + 1))
    return _DAYS.get(part, frozenset())


def _times(part: str) -> set[time]:
    """The times that a part names."""
    if part.startswith("every "):
        return _periodic(part.removeprefix("every "))
    if part in ("noon", "midnight"):
        return {time(12 if part == "noon" else 0)}
    found = _TIME.fullmatch(part)
    if found is None:
        raise QueryError(_unknown(part))
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if found[2] is None and half is None:
        written = f"*{hour:02}:00*" if hour < 24 else "*08:00*"
        raise QueryError(f"I can't tell what *{part}* is. A time is written {written}.")
    if half and not 1 <= hour <= 12:
        raise QueryError(f"There is no *{part}*; am and pm go from 1 to 12. Write *{hour % 24:02}:{minute % 60:02}*.")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if (hour, minute) == (24, 0):
        raise QueryError("*24:00* never comes: a day ends at 23:59. Write *00:00*, on the day that begins then.")
    if hour > 23 or minute > 59:
        raise QueryError(f"*{part}* never comes: a day goes from 00:00 to 23:59.")
    return {time(hour, minute)}


def _periodic(words: str) -> set[time]:
    """Each time of the day at which a period ends, counted from midnight."""
    found = _PERIOD.fullmatch(words)
    assert found is not None
    minutes = int(found[1] or 1) * _UNITS[found[2]]
    words = re.sub(r"(?<=\d)(?=[a-z]{2})", " ", words)
    if minutes < SHORTEST_PERIOD / timedelta(minutes=1):
        raise QueryError(f"*Every {words}* is too often: I post every 15 minutes at most. Try *every 15m* or *every 6h*.")
    if minutes > _A_DAY:
        raise QueryError(f"*Every {words}* is longer than a day. Name the days instead: *mon,wed,fri 08:00*.")
    if _A_DAY % minutes:
        shorter = max(each for each in _ROUND_PERIODS if each < minutes)
        longer = min((each for each in _ROUND_PERIODS if each > minutes), default=_A_DAY)
        offered = f"*every {_period(shorter)}* or *every {_period(longer)}*"
        raise QueryError(f"*Every {words}* does not divide a day into equal parts. Try {offered}.")
    return {time(minute // 60, minute % 60) for minute in range(0, _A_DAY, int(minutes))}


def _period_of(times: tuple[time, ...]) -> str:
    """``every 6h`` where that gives exactly these times; else ""."""
    minutes = _A_DAY // len(times)
    if len(times) == 1 or _A_DAY % len(times) or set(times) != _periodic(_period(minutes)):
        return ""
    return f"every {_period(minutes)}"


def _period(minutes: int) -> str:
    return f"{minutes}m" if minutes % 60 else f"{minutes // 60}h"


def _check(parts: list[str], kinds: list[str]) -> None:
    """Raise QueryError for parts that make no schedule together."""
    groups = [kind for kind, _ in groupby(kinds)]
    if "times" not in groups and "every" not in groups:
        raise QueryError(f"At what time? Write *{' '.join(parts)} 08:00*." if parts else f"When? Write {ACCEPTED}.")
    if "every" in groups and ("times" in groups or kinds.count("every") > 1):
        raise QueryError("Either times or *every 6h*, not both in one schedule. Make a second one for the rest.")
    if len(groups) > 2:
        raise QueryError("One schedule has the same times on each of its days. Make a second one for the other days.")


def _unknown(part: str) -> str:
    """What to answer to a part that is neither day nor time."""
    shown = part[:40]
    if part in ("never", "off", "none"):
        return f"*{shown}* never comes. To post nothing for a while, pause the subscription."
    if re.fullmatch(r"\d\d?[:.]\d\d[:.]\d\d", part):
        return f"*{shown}* is finer than a minute. Write *{part[:-3]}*."
    if _PERIOD.fullmatch(part):
        return f"*{shown}* may be a period or a time. Write *every {shown}* or a time such as *08:00*."
    if is_zone(part):
        return f"*{shown}* is a time zone; give it apart, as the zone of the schedule."
    near = difflib.get_close_matches(part, [*_DAYS, "noon", "midnight"], n=1, cutoff=0.75)
    return f"I don't know *{shown}*. {f'Did you mean *{near[0]}*?' if near else f'Try {ACCEPTED}.'}"
