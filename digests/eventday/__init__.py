"""Decides which of a sentence's days is the day of its fact, and whether that day may move to the front.

A leading day says that *this very fact* happened then.  So the day must belong to the main clause: not to the saying of it
("X said on Tuesday that ..."), not to a clause of what came before or after, not to a noun ("the July 7 bombings"), it must
be no limit ("by Friday"), and it must go with the tense of its verb ("is safe", said on Friday, is of no day).  Where the cheap
cues here are in doubt the sentence gets no day: a false one is worse than none.

``clauses`` tells the fact from the rest of the sentence, ``placing`` looks at the words beside a day, ``moving`` at the front.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from digests.dates import TimeExpression
from digests.eventday.clauses import Fact, Head, fact
from digests.eventday.cues import cues
from digests.eventday.moving import movable
from digests.eventday.placing import is_calendar, place, words_start
from digests.model import Basis, EventDate, Precision
from digests.verbs import Tense, lexicon

__all__ = ["event_date", "inside", "movable"]

_LONGEST = 1500  # characters; what is longer is no sentence of news
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
    days = [expression for expression in expressions if is_calendar(expression)]
    if not days or len(sentence) > _LONGEST:
        return None
    sentence = _BLANK.sub(" ", sentence)
    told = fact(sentence, days)
    for day in days:
        if told is not None and _belongs(sentence, day, told, reference):
            return _event_date(sentence, day, told, reference)
    return None


def inside(expressions: Sequence[TimeExpression], start: int, end: int) -> tuple[TimeExpression, ...]:
    """The expressions of a text that lie in the span ``start``-``end``, their offsets counted from its start."""
    return tuple(
        replace(expression, start=expression.start - start, end=expression.end - start)
        for expression in expressions
        if start <= expression.start and expression.end <= end
    )


def _belongs(sentence: str, day: TimeExpression, told: Fact, reference: date | None) -> bool:
    """Whether the day is told of the main clause, goes with its tense and stands for itself."""
    gone_by = _gone_by(day, reference)
    head = told.verb_of(day, gone_by=gone_by)
    if head is None or (gone_by and not _looks_back(sentence, head, day)):
        return False
    placed = place(sentence, day)
    if placed is None:
        return False
    if placed.word in cues()["for"] and not any(
        verb is not None and verb.tense is Tense.FUTURE and verb.end <= day.start for verb in told.words.verbs
    ):
        return False
    return placed.initial or not _is_of_another(sentence, day, head)


def _gone_by(day: TimeExpression, reference: date | None) -> bool:
    """Whether all of the day lies before the report."""
    if day.day is None:
        return not day.ahead
    if reference is None:
        return False
    return day.day < reference.isoformat()[: len(day.day)]


def _looks_back(sentence: str, head: Head, day: TimeExpression) -> bool:
    """Whether a day gone by goes with the verb: "was closed" and "would close", not "is closed", "has been" or "will be"."""
    if head.first.word in cues()["never_back"] and head.last.bearing is not Tense.PAST:
        return False
    if head.last.bearing is not Tense.PRESENT or day.words.lower().split()[0] in cues()["present_time"]:
        return True
    close = sentence[head.last.end : day.start].split()
    return (
        day.start > head.last.end and head.first.word in lexicon()["perfect"] and set(close) <= cues()["placing"]
    )  # "has died on Friday"


def _is_of_another(sentence: str, day: TimeExpression, head: Head) -> bool:
    """Whether the verb makes the day that of another event: what is undone, punished, remembered or only said."""
    lists = cues()
    if head.saying and head.last.word not in lexicon()["saying_or_deed"]:
        return True
    if day.start < head.first.start:
        return head.last.word in lists["undoing"]
    between = sentence[head.last.end : day.start].lower().split()
    old = day.precision is not Precision.DAY or day.basis is Basis.WRITTEN
    return old and head.last.word in lists["judging"] and any(word in lists["judged"] for word in between)


def _event_date(sentence: str, day: TimeExpression, told: Fact, reference: date | None) -> EventDate | None:
    words = sentence[words_start(sentence, day) : day.end]
    if day.day is None:
        if reference is not None and day.value is None:
            return None  # not for want of a publication date
        partial = day.value.partition("T")[0] if day.value else None
        return EventDate(None, Precision.NONE, Basis.UNCLEAR, words, told.looks_ahead, partial)
    if reference is None:
        return EventDate(day.day, day.precision, day.basis, words, told.looks_ahead)
    first = _first_day(day.day)
    if first - reference > timedelta(days=1) and not day.ahead and not told.looks_ahead:
        return None  # told as past, yet it lies ahead: whatever it is, it is not this fact's day
    return EventDate(day.day, day.precision, day.basis, words, planned=first > reference)


def _first_day(value: str) -> date:
    """The first day of a day, month or year."""
    return date.fromisoformat((value + "-01-01")[:10])
