"""Lets expressions that stand together agree: "10 a.m. Friday, Dec. 6" is one moment, on the sixth.

A weekday is first read by the verb beside it, and a time of the clock as on the day told before it or that of publication.
Where a written day stands beside them it is that day that is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from digests.dates.arithmetic import is_day
from digests.dates.expression import TimeExpression
from digests.dates.grammar import Grammar
from digests.model import Basis, Precision

_FAR = 60  # characters: a day that stands so near before a time of the clock is its day
_WIDEST = 30  # characters between two months of a list: ", September and "
_NARROW = 12  # characters between two expressions that are one


def agreed(text: str, found: Sequence[TimeExpression], reference: date | None, grammar: Grammar) -> list[TimeExpression]:
    """The expressions, each weekday and time beside a written day on that day, and each day in a year that has its weekday.

    Args:
        found: in text order.
        reference: the day of publication; None when unknown.
    """
    agreeing = _in_years_of_weekdays(found, reference, grammar)
    for at in range(len(agreeing) - 2, -1, -1):
        this, following = agreeing[at], agreeing[at + 1]
        if following.start - this.end > _WIDEST or following.day is None:
            continue
        gap = text[this.end : following.start]
        if following.precision is Precision.MONTH and _shares_year(this, following, gap, grammar):
            agreeing[at] = _in_year_of(this, following)
        if following.precision is not Precision.DAY or len(gap) > _NARROW:
            continue
        before = agreeing[at - 1] if at else None
        if _is_lone_date(following, grammar) and not _has_date(this, grammar) and grammar.forms["beside"].fullmatch(gap):
            following = agreeing[at + 1] = _in_year_with(_weekday(this, grammar), following, reference)
        if _same_moment(this, following, gap, grammar) or (
            _has_no_day(this, before, grammar) and _joins(this, following, gap, grammar)
        ):
            agreeing[at] = _on(this, following)
        elif _same_moment(following, this, gap, grammar):
            agreeing[at + 1] = _on(following, this)
    return agreeing


def _shares_year(this: TimeExpression, following: TimeExpression, gap: str, grammar: Grammar) -> bool:
    """Whether a month without a year stands before one with its year: "in January and February 2003"."""
    month = this.precision is Precision.MONTH or bool(_YEARLESS_MONTH.fullmatch(this.value or ""))
    loose = month and this.basis is not Basis.WRITTEN and following.basis is Basis.WRITTEN
    return loose and bool(grammar.forms["months_listed"].fullmatch(gap))


def _in_year_of(this: TimeExpression, following: TimeExpression) -> TimeExpression:
    """The month in the year of the one behind it, or in the year before: "from November to January 2003"."""
    month, year = str(this.value)[-2:], int(str(following.value)[:4])
    year -= month > str(following.value)[-2:]
    return this._replace(value=f"{year}-{month}", precision=Precision.MONTH, basis=Basis.WRITTEN, ahead=following.ahead)


def _in_years_of_weekdays(found: Sequence[TimeExpression], reference: date | None, grammar: Grammar) -> list[TimeExpression]:
    """Each day that names its weekday in a year that has it; that of "Saturday, Dec. 6 and 7" is the last day's."""
    fitting = list(found)
    for at, each in enumerate(found):
        if not _has_date(each, grammar) or (number := _weekday(each, grammar)) is None:
            continue
        listed = found[at : at + 2] if found[at + 1 : at + 2] and found[at + 1].words.isdigit() else [each]
        meant = _in_year_with(number, listed[-1], reference)
        if meant is not listed[-1] and meant.value is not None:
            for index, day in enumerate(listed, at):
                fitting[index] = day._replace(value=meant.value[:4] + str(day.value)[4:], ahead=meant.ahead)
    return fitting


def _in_year_with(number: int | None, day: TimeExpression, reference: date | None) -> TimeExpression:
    """A day without a year in the near year in which it is such a weekday: "Friday, Dec. 6" is one of few."""
    if number is None or reference is None or day.day is None or day.basis is Basis.WRITTEN:
        return day
    years = (reference.year, reference.year + 1, reference.year - 1)
    days = [
        meant
        for year in years
        if is_day(value := f"{year}{day.day[4:]}") and (meant := date.fromisoformat(value)).weekday() == number
    ]
    if not days or day.day in (meant.isoformat() for meant in days):
        return day
    meant = min(days, key=lambda each: abs(each - reference))
    return day._replace(value=meant.isoformat(), ahead=meant > reference)


def _same_moment(loose: TimeExpression, written: TimeExpression, gap: str, grammar: Grammar) -> bool:
    """Whether a weekday and a written day beside it are one: "Friday, Dec. 6", "Dec. 6 (Friday)", and the first of each in
    "Friday and Saturday, Dec. 6 and 7"."""
    name = _weekday(loose, grammar)
    if (
        name is None
        or _has_date(loose, grammar)
        or not _has_date(written, grammar)
        or written.day is None
        or written.precision is not Precision.DAY
    ):
        return False
    if date.fromisoformat(written.day).weekday() != name:
        return False
    listed = _weekday(written, grammar) not in (None, name)
    return bool(grammar.forms["both_times" if listed else "beside"].fullmatch(gap))


def _joins(this: TimeExpression, following: TimeExpression, gap: str, grammar: Grammar) -> bool:
    """Whether a time of the clock is on the day behind it, or on that of a second time: "9 a.m. and noon on Dec. 6"."""
    joined = grammar.forms["both_times" if following.type == "TIME" else "beside"].fullmatch(gap)
    return this.type == "TIME" and this.value is not None and bool(joined)


def _has_no_day(this: TimeExpression, before: TimeExpression | None, grammar: Grammar) -> bool:
    """Whether nothing says on which day the time of the clock is."""
    if this.type != "TIME" or _weekday(this, grammar) is not None or not _CLOCK.search(this.value or ""):
        return False
    return before is None or before.precision is not Precision.DAY or this.start - before.end >= _FAR


_YEARLESS_MONTH = re.compile(r"XXXX-\d\d")
_CLOCK = re.compile(r"T\d\d:")
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")


def _weekday(expression: TimeExpression, grammar: Grammar) -> int | None:
    """The number of the weekday that the words name; None for none."""
    names = grammar.values["weekday"]
    return next((names[word] for word in _words(expression) if word in names), None)


def _has_date(expression: TimeExpression, grammar: Grammar) -> bool:
    """Whether the words name a day by its number and its month."""
    if expression.type != "DATE" or not _DIGIT.search(expression.words):
        return False
    return any(word in grammar.values["month"] for word in _words(expression))


def _is_lone_date(expression: TimeExpression, grammar: Grammar) -> bool:
    """Whether it is a day by its number and month that does not name its weekday."""
    return _has_date(expression, grammar) and _weekday(expression, grammar) is None


def _words(expression: TimeExpression) -> Iterable[str]:
    return _LETTERS.findall(expression.words.lower())


def _on(expression: TimeExpression, day: TimeExpression) -> TimeExpression:
    """The expression on another day, its part of the day kept."""
    _, mark, time = (expression.value or "").partition("T")
    return expression._replace(value=f"{day.day}{mark}{time}", precision=Precision.DAY, basis=day.basis, ahead=day.ahead)
