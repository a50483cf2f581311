"""How days and instants are written for a reader: ``Wed 9 Oct`` within seven days, then ``1 Oct``, then ``7 Oct 2023``.

Months are words, never numbers.  The event day of a fact is written out here and never left to a platform's timestamp,
which would shift it to the reader's zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from digests.model import Basis, EventDate, Precision

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_NEAR = timedelta(days=7)
_PREPOSITION = re.compile(r"(?:on|in|at|during)\s+", re.IGNORECASE)
_NO_YEAR = " (year not stated)"


def day(event: EventDate, today: date | None) -> str:
    """The day of a fact as a reader sees it.

    ``today`` is the digest's day; None writes every year.  Examples, seen from Sunday 13 October 2024:

    >>> from digests.model import Basis
    >>> sunday = date(2024, 10, 13)
    >>> day(EventDate("2024-10-09", Precision.DAY, Basis.WORKED_OUT, "on Wednesday"), sunday)
    'Wed 9 Oct'
    >>> day(EventDate("2024-10-20", Precision.DAY, Basis.WRITTEN, "October 20", planned=True), sunday)
    'for Sun 20 Oct'
    >>> day(EventDate(None, Precision.NONE, Basis.UNCLEAR, "April 13", partial="XXXX-04-13"), sunday)
    '13 Apr (year not stated)'
    >>> day(EventDate(None, Precision.NONE, Basis.UNCLEAR, "on Wednesday"), None)
    '"Wednesday", date unclear'
    """
    written = _known(event, today) if event.value is not None else _unclear(event)
    if not event.planned:
        return written
    return f"for the {written}" if event.precision is Precision.WEEK else f"for {written}"


def stands_in(event: EventDate, text: str, today: date | None) -> bool:
    """Whether ``text`` itself writes the day of its fact, so that in front of it the day would only be repeated.

    A weekday alone does not: in front its date is told.  Nor does a day without its year where that is not the digest's.

    >>> from digests.model import Basis
    >>> planned = EventDate("2024-10-20", Precision.DAY, Basis.WRITTEN, "on 20 October", planned=True)
    >>> sunday = date(2024, 10, 13)
    >>> [stands_in(planned, text, sunday) for text in ("Crews vote on 20 October", "Crews vote on Sunday")]
    [True, False]
    """
    first = event.first_day
    if event.value is None or first is None or event.precision is Precision.WEEK:
        return False
    year = re.search(rf"\b{first.year}\b", text) is not None
    if event.precision not in (Precision.DAY, Precision.MONTH):
        return year
    name = _MONTHS[first.month - 1]
    month, number = rf"{name[:3]}(?:\.|t\.?|{name[3:]})?" if name[3:] else name, rf"{first.day}(?:st|nd|rd|th)?"
    written = rf"{month} {number}|{number} (?:of )?{month}" if event.precision is Precision.DAY else month
    return re.search(rf"\b(?:{written})(?!\w)", text) is not None and (year or (today is not None and first.year == today.year))


def several(events: Iterable[EventDate], today: date | None) -> str:
    """Days of one phrase: ``13 Apr, 1 Oct``; that a year is not stated is said once."""
    written = [day(event, today) for event in events]
    shortened = [one.removesuffix(_NO_YEAR) if following.endswith(_NO_YEAR) else one for one, following in pairwise(written)]
    return ", ".join([*shortened, *written[-1:]])


def since(event: EventDate, today: date | None) -> str:
    """The day on which something was so, for a sentence: ``on Fri 11 Oct``, ``in October``; "" when it is unknown."""
    if event.value is None:
        return ""
    word = {Precision.DAY: "on", Precision.WEEK: "in the"}.get(event.precision, "in")
    return f"{word} {_known(event, today)}"


_WRITTEN_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")


def known(event: EventDate, reported: date | None, today: date | None) -> str:
    """How a day is known, in words; ``reported`` is the day of the report that gives it.

    >>> from digests.model import Basis
    >>> sunday = date(2024, 10, 13)
    >>> known(EventDate("2024-10-09", Precision.DAY, Basis.WORKED_OUT, "on Wednesday"), sunday, sunday)
    'from "Wednesday", the last one before 13 Oct'
    >>> known(EventDate("2024-04-13", Precision.DAY, Basis.WORKED_OUT, "April 13"), sunday, sunday)
    'from "April 13", year from publication date'
    >>> known(EventDate("2023-10-07", Precision.DAY, Basis.WRITTEN, "October 7, 2023"), sunday, sunday)
    'written'
    """
    if event.basis is Basis.WRITTEN:
        return "written"
    if event.basis is Basis.REPORT:
        return "day of its report; the text gives none"
    words = _PREPOSITION.sub("", event.words.strip(" ,"), count=1)
    if event.basis is Basis.UNCLEAR or event.first_day is None:
        return f'unclear: "{words}"' if words else "unclear"
    counted = _counted(words, event.first_day, reported, today)
    return f'from "{words}", {counted}' if words else counted


def _counted(words: str, first: date, reported: date | None, today: date | None) -> str:
    """From what a day was worked out."""
    if reported is None:
        return "worked out"
    folded, when = words.lower(), report(reported, today)
    numbered = any(character.isdigit() for character in words)
    if not numbered and folded.startswith(_DAYS[first.weekday()].lower()):
        if first == reported:
            return f"the day of its report, {when}"
        return f"the last one before {when}" if first < reported else f"the next one after {when}"
    if numbered and any(month[:3].lower() in folded for month in _MONTHS) and not _WRITTEN_YEAR.search(words):
        return "year from publication date"
    return f"counted from {when}"


def report(day: date, today: date | None) -> str:
    """The day of a report, behind its outlet: never with a weekday, so that it cannot pose as the day of the event."""
    return _plain(day, with_year=today is None or day.year != today.year)


def posted(day: date, today: date | None) -> str:
    """The day of an earlier digest: ``Sat 12 Oct`` within seven days, ``1 Oct`` this year, ``7 Oct 2023`` otherwise."""
    return _known(EventDate.of_report(day), today)


def full(day: date) -> str:
    """The day of a digest, in its header: ``Sun 13 Oct``."""
    return f"{_DAYS[day.weekday()]} {_plain(day, with_year=False)}"


def instant(moment: datetime, today: date | None, zone: str, *, weekday: bool) -> str:
    """An instant on the clock of ``zone``: ``Sun 08:00`` within six days where ``weekday`` is asked for, else with its date."""
    local = moment.astimezone(ZoneInfo(zone))
    if weekday and is_this_week(moment, today, zone):
        return f"{_DAYS[local.weekday()]} {local:%H:%M}"
    return f"{report(local.date(), today)} {local:%H:%M}"


def is_this_week(moment: datetime, today: date | None, zone: str) -> bool:
    """Whether a weekday alone names the day of the instant: it lies less than seven days from the digest's day."""
    return today is not None and abs(moment.astimezone(ZoneInfo(zone)).date() - today) < _NEAR


def zone_abbreviation(moment: datetime, zone: str) -> str:
    """``CEST``; ``UTC-03`` where a zone has no letters of its own."""
    name = moment.astimezone(ZoneInfo(zone)).strftime("%Z")
    return f"UTC{name}" if name[:1] in "+-" else name


def _known(event: EventDate, today: date | None) -> str:
    first = event.first_day
    assert first is not None
    assert event.value is not None
    near = today is not None and abs(first - today) <= _NEAR
    with_year = today is None or (first.year != today.year and not near)
    match event.precision:
        case Precision.DAY:
            return f"{_DAYS[first.weekday()]} {_plain(first, with_year=False)}" if near else _plain(first, with_year=with_year)
        case Precision.WEEK:
            return f"week of {_plain(first, with_year=with_year)}"
        case Precision.MONTH:
            month = _MONTHS[first.month - 1]
            return month if today is not None and first.year == today.year else f"{month} {first.year}"
        case _:
            return event.value


def _unclear(event: EventDate) -> str:
    partial = re.fullmatch(r"XXXX-(\d\d)(?:-(\d\d))?", event.partial or "")
    if partial and 1 <= int(partial[1]) <= 12:
        month = _MONTHS[int(partial[1]) - 1]
        return f"{int(partial[2])} {month[:3]}{_NO_YEAR}" if partial[2] else f"{month}{_NO_YEAR}"
    words = _PREPOSITION.sub("", event.words.strip(" ,"), count=1)
    return f'"{words}", date unclear' if words else "date unclear"


def _plain(day: date, *, with_year: bool) -> str:
    written = f"{day.day} {_MONTHS[day.month - 1][:3]}"
    return f"{written} {day.year}" if with_year else written
