"""Decides which of a sentence's days is the day of its fact, and whether that day may move to the front.

A leading day says that *this very fact* happened then.  So the day must belong to the main clause: not to the saying of it
("X said on Tuesday that ..."), not to a clause of what came before or after, not to a noun ("the July 7 bombings"), it must
be no limit ("by Friday"), and it must go with the tense of its verb ("is safe", said on Friday, is of no day).  Where the cheap
cues here are in doubt the sentence gets no day: a false one is worse than none.

``placing`` looks at the words beside a day, ``told`` tells the fact from the rest of the sentence, ``agreement`` asks whether
the day goes with its verb; ``moving`` decides on the front.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from digests.dates import TimeExpression
from digests.eventday.agreement import belongs
from digests.eventday.cues import cues
from digests.eventday.moving import movable
from digests.eventday.placing import Place, is_calendar, place
from digests.eventday.told import Fact, fact
from digests.model import Basis, EventDate, Precision
from digests.verbs import Tense

__all__ = ["LONGEST", "event_date", "inside", "movable"]

LONGEST: Final = 1500
"""Characters of a sentence; what is longer is none of news, and would be read at a cost that grows with its square."""

_BLANK = re.compile(r"\s")


def event_date(sentence: str, expressions: Sequence[TimeExpression], reference: date | None) -> EventDate | None:
    """The day of the sentence's main fact; None when the sentence gives none for it.

    Args:
        expressions: those of the sentence, offsets counted in it; see ``inside``.
        reference: the day of publication in the outlet's zone; None when unknown.

    Returns:
        Basis WRITTEN or WORKED_OUT where the day is known; UNCLEAR, with its words, where it is this fact's but cannot be
        worked out.  ``planned`` for what lies ahead.  Never a week or a season: those are no day to lead with.

    >>> from digests.dates import tag
    >>> sentence = "The harbour was closed on Wednesday after the storm of 4 October."
    >>> found = event_date(sentence, tag(sentence, date(2024, 10, 13)), date(2024, 10, 13))
    >>> found.value, found.words
    ('2024-10-09', 'on Wednesday')
    """
    days = [expression for expression in expressions if is_calendar(expression)] if expressions else ()
    if not days or len(sentence) > LONGEST:
        return None
    if not sentence.isprintable():
        sentence = _BLANK.sub(" ", sentence)  # a line break or tab
    placed = [(day, where) for day in days if (where := place(sentence, day)) is not None]
    if placed and _nowadays(sentence, placed[0][0]):
        return None
    told = fact(sentence, days) if placed else None
    for day, where in placed:
        if told is not None and belongs(sentence, day, where, told, reference):
            return _event_date(sentence, day, where, told, reference)
    return None


def inside(expressions: Sequence[TimeExpression], start: int, end: int) -> tuple[TimeExpression, ...]:
    """The expressions of a text, in order, that lie in the span ``start``-``end``, their offsets counted from its start."""
    found: list[TimeExpression] = []
    for at in range(bisect_left(expressions, (start,)), len(expressions)):  # a tuple begins with its start
        expression = expressions[at]
        if expression.start >= end:
            break
        if expression.end <= end:
            found.append(TimeExpression(expression.start - start, expression.end - start, *expression[2:]))
    return tuple(found)


def _nowadays(sentence: str, day: TimeExpression) -> bool:
    """Whether an opening "Today" stands for these times, as in "Today it has never been easier", and names no day."""
    small = sentence.lower()
    return day.words.lower() in cues()["here_and_now"] and day.start == 0 and not cues()["lasting"].isdisjoint(small.split())


def _event_date(sentence: str, day: TimeExpression, where: Place, told: Fact, reference: date | None) -> EventDate | None:
    words, value = sentence[where.start : day.end], day.day
    if value is None:
        if reference is not None and day.value is None:
            return None  # not for want of a publication date
        partial = day.value.partition("T")[0] if day.value else None
        gone = not cues()["gone"].isdisjoint(day.words.lower().split())
        return EventDate(None, Precision.NONE, Basis.UNCLEAR, words, told.looks_ahead and not gone, partial)
    if reference is None:
        return EventDate(value, day.precision, day.basis, words, told.looks_ahead)
    first = date.fromisoformat((value + "-01-01")[:10])  # of a month or year, its first day
    if first - reference > timedelta(days=1) and not day.ahead and not told.looks_ahead:
        return None  # told as past, yet it lies ahead: whatever it is, it is not this fact's day
    head = told.verb_of(day, gone_by=False) if first == reference else None  # "will open on Monday", said on that Monday
    ahead = head is not None and head.first.tense is Tense.FUTURE
    return EventDate(value, day.precision, day.basis, words, planned=first > reference or ahead)
