"""Reads the days: "22 March 2013", "April 13", "Wednesday", "yesterday", "the next day"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from digests.dates.arithmetic import choose, is_day, nearest_year, nth_weekday, shifted
from digests.dates.context import Context
from digests.dates.expression import ELSEWHERE, UNKNOWN, Found, Meaning
from digests.model import Basis, Precision
from digests.verbs import Tense

_Match = re.Match[str]


def written(value: str) -> Meaning | None:
    """The day ``value`` as the words say it; None when the calendar has none such."""
    return Meaning(value, precision=Precision.DAY, basis=Basis.WRITTEN) if is_day(value) else None


def _iso(_context: Context, match: _Match) -> Meaning | None:
    return written(f"{match['year']}-{match['month']}-{match['day']}")


def _numeric(_context: Context, match: _Match) -> Meaning | None:
    """ "22/03/2013", and "03/22/2013" where only one order is a day; "22.03.2013" has its order."""
    first, second, year = int(match["first"]), int(match["second"]), match["year"]
    orders = [(first, second), (second, first)] if match["mark"] == "/" else [(second, first)]
    days = {value for month, day in orders if is_day(value := f"{year}-{month:02d}-{day:02d}")}
    if not days:
        return None
    return UNKNOWN if len(days) > 1 else written(days.pop())


# ------------------------------------------------------------------------------------------------- a month and a day


def _day(context: Context, match: _Match) -> list[Found] | None:
    if not match["month"][0].isupper():
        return None
    meaning = _of_month(context, match, int(match["day"]), match["year"])
    if meaning is None:
        return None
    return [(match.start(), match.end(), meaning), *_further_day(context, match)]


def _further_day(context: Context, match: _Match) -> list[Found]:
    """The further day of "April 24 and 25" and "April 24-26"."""
    if match["year"] is not None or match.end() != match.end("day"):
        return []
    more = context.grammar.forms["further_day"].match(context.text, match.end())
    last = _of_month(context, match, int(more["day"]), more["year"]) if more is not None else None
    return [(more.start("day"), more.end(), last)] if more is not None and last is not None else []


def _days(context: Context, match: _Match) -> list[Found] | None:
    """Both ends of "4 to 6 June"."""
    first = _of_month(context, match, int(match["day"]), match["year"])
    last = _of_month(context, match, int(match["last"]), match["year"])
    if first is None or last is None or not match["month"][0].isupper():
        return None
    return [(match.start("day"), match.end("day"), first), (match.start("last"), match.end(), last)]


def _of_month(context: Context, match: _Match, day: int, year: str | None) -> Meaning | None:
    month = context.grammar.values["month"][match["month"].lower()]
    return _calendar_day(context, match, month, day, year)


def _calendar_day(context: Context, match: _Match, month: int, day: int, year: str | None) -> Meaning | None:
    if year is not None:
        return written(f"{year}-{month:02d}-{day:02d}")
    if not is_day(f"2000-{month:02d}-{day:02d}"):
        return None
    partial = Meaning(f"XXXX-{month:02d}-{day:02d}", basis=Basis.UNCLEAR)
    ahead = (tense := context.tense(*match.span())) is Tense.FUTURE
    if context.reference is None:
        return partial._replace(ahead=ahead)
    meant = nearest_year(month, day, context.reference, tense)
    return partial if meant is None else Meaning(meant.isoformat(), precision=Precision.DAY, ahead=ahead)


def _holiday(context: Context, match: _Match) -> Meaning | None:
    name, year = match["holiday"], match["year"]
    if not name[0].isupper():
        return None
    if " " not in name and year is None and not _is_named_as_day(context, match):
        return None
    rule = context.grammar.values["holiday"][name.lower()]
    if len(rule) == 2:
        return _calendar_day(context, match, rule[0], rule[1], year)
    if year is not None:
        return Meaning(nth_weekday(int(year), *rule).isoformat(), precision=Precision.DAY, basis=Basis.WRITTEN)
    if context.reference is None:
        return UNKNOWN
    around, tense = context.reference.year, context.tense(*match.span())
    day = choose([nth_weekday(other, *rule) for other in (around - 1, around, around + 1)], context.reference, tense)
    return UNKNOWN if day is None else Meaning(day.isoformat(), precision=Precision.DAY, ahead=tense is Tense.FUTURE)


def _is_named_as_day(context: Context, match: _Match) -> bool:
    """Whether a feast is meant as a day: "on Christmas", not "Christmas sales"."""
    if context.word_before(match.start()) in context.grammar.words["before_holiday"]:
        return True
    return re.match(r"\s?(?:[.,;]|\Z)", context.text[match.end() : match.end() + 2]) is not None


# --------------------------------------------------------------------------------------------------- a day of the week


def _nth_weekday(context: Context, match: _Match) -> Meaning | None:
    """ "The first Saturday in May", "last Sunday of October 2019"."""
    values, reference = context.grammar.values, context.reference
    if not match["month"][0].isupper() or not match["weekday"][0].isupper():
        return None
    month, weekday_ = values["month"][match["month"].lower()], values["weekday"][match["weekday"].lower()]
    nth = values["ordinal"].get(match["ordinal"].lower(), 0)
    if match["year"]:
        return Meaning(
            _of_weekdays(int(match["year"]), month, weekday_, nth).isoformat(), precision=Precision.DAY, basis=Basis.WRITTEN
        )
    if reference is None:
        return UNKNOWN
    tense = context.tense(*match.span())
    around = [_of_weekdays(reference.year + step, month, weekday_, nth) for step in (-1, 0, 1)]
    day = choose(around, reference, tense)
    return UNKNOWN if day is None else Meaning(day.isoformat(), precision=Precision.DAY, ahead=tense is Tense.FUTURE)


def _of_weekdays(year: int, month: int, weekday_: int, nth: int) -> date:
    """The ``nth`` such weekday of a month; its last for 0."""
    if nth:
        return nth_weekday(year, month, weekday_, nth)
    fifth = nth_weekday(year, month, weekday_, 5)
    return fifth if fifth.month == month else fifth - timedelta(days=7)


def _weekday(context: Context, match: _Match) -> Meaning | None:
    if not match["weekday"][0].isupper() or context.word_before(match.start()) in context.grammar.words["before_named_weekday"]:
        return None
    number = context.grammar.values["weekday"][match["weekday"].lower()]
    if match["many"]:
        return Meaning(f"XXXX-WXX-{number + 1}", "SET")
    ahead = (tense := context.tense(*match.span())) is Tense.FUTURE
    part = part_of_day(context, match["daypart"])
    kind = "TIME" if part else "DATE"
    if context.reference is None:
        return Meaning(None, kind, basis=Basis.UNCLEAR, ahead=ahead)
    day = weekday(context, context.reference, number, (match["which"] or "").lower(), (match["week"] or "").lower(), tense)
    return Meaning(day.isoformat() + part, kind, Precision.DAY, ahead=ahead or day > context.reference)


def weekday(context: Context, reference: date, number: int, which: str, week: str, tense: Tense | None) -> date:
    """The day of the week that is meant: the nearest on the side to which the words or else the verb look.

    Args:
        number: 0 for Monday.
        which: "last", "next" and their like; "" for none.
        week: "next week" and its like behind it; "" for none.
    """
    words = context.grammar.words
    back, forth = (reference.weekday() - number) % 7, (number - reference.weekday()) % 7
    if week:
        offset = context.grammar.values["which"][week.split()[0]]
        return reference + timedelta(days=7 * offset + number - reference.weekday())
    if which in words["which_back"]:
        return reference - timedelta(days=back or 7)
    if which in words["which_forth"]:
        return reference + timedelta(days=forth if forth > 1 else forth + 7)
    if which in words["which_coming"] or tense is Tense.FUTURE or (which in words["which_this"] and tense is not Tense.PAST):
        return reference + timedelta(days=forth)
    return reference - timedelta(days=back)


def part_of_day(context: Context, word: str | None) -> str:
    """What "morning" and its like add to a day: ``TMO``; "" for None."""
    return "T" + context.grammar.values["daypart"][word.lower()] if word else ""


# ---------------------------------------------------------------------------------------- counted from another day


def _deictic(context: Context, match: _Match) -> Meaning:
    return _from_today(context, match["deictic"].lower(), match["daypart"], 0)


def _around(context: Context, match: _Match) -> Meaning:
    """ "The day before yesterday"."""
    return _from_today(context, match["deictic"].lower(), None, context.grammar.values["step"][match["way"].lower()])


def _from_today(context: Context, word: str, daypart: str | None, more: int) -> Meaning:
    values = context.grammar.values
    offset = values["deictic"][word] + more
    part = "T" + values["deictic_part"][word] if word in values["deictic_part"] else part_of_day(context, daypart)
    kind = "TIME" if part else "DATE"
    if context.reference is None:
        return Meaning(None, kind, basis=Basis.UNCLEAR, ahead=offset > 0)
    day = context.reference + timedelta(days=offset)
    return Meaning(day.isoformat() + part, kind, Precision.DAY, ahead=offset > 0)


def _this_part(context: Context, match: _Match) -> Meaning:
    if context.reference is None:
        return Meaning(None, "TIME", basis=Basis.UNCLEAR)
    day = context.reference + timedelta(days=context.grammar.values["which"][match["which"].lower()])
    return Meaning(day.isoformat() + part_of_day(context, match["daypart"]), "TIME", Precision.DAY)


def _back(context: Context, match: _Match) -> Meaning:
    step = context.grammar.values["step"][match["how"].lower()]
    return from_told(context, match.start(), match["unit"].lower(), step)


def from_told(context: Context, start: int, word: str, step: int) -> Meaning:
    """ "The same day", "the next morning", "the previous year": counted from the last day told before ``start``."""
    values = context.grammar.values
    unit = values["unit"].get(word, "D")
    anchor = context.anchor(start)
    if anchor is None and unit in "MY":
        anchor = context.anchor(start, (Precision.MONTH, Precision.YEAR))
    if anchor is None:
        return ELSEWHERE
    if unit == "D":
        part = part_of_day(context, word) if word in values["daypart"] else ""
        day = anchor + timedelta(days=step)
        return Meaning(day.isoformat() + part, "TIME" if part else "DATE", Precision.DAY)
    return shifted(anchor, unit, step)


READINGS: dict[str, Callable[[Context, _Match], Meaning | list[Found] | None]] = {
    "iso": _iso,
    "numeric": _numeric,
    "day": _day,
    "days": _days,
    "holiday": _holiday,
    "weekday": _weekday,
    "nth_weekday": _nth_weekday,
    "deictic": _deictic,
    "around": _around,
    "this_part": _this_part,
    "back": _back,
}
