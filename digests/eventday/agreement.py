"""Tells whether a day goes with the verb of its clause: by tense, and by what the verb does to the day."""

from __future__ import annotations

from datetime import date

from digests.dates import TimeExpression
from digests.eventday.clauses import Head
from digests.eventday.cues import cues
from digests.eventday.placing import Place
from digests.eventday.told import Fact
from digests.model import Basis, Precision
from digests.verbs import Tense, Verb, lexicon


def belongs(sentence: str, day: TimeExpression, placed: Place, told: Fact, reference: date | None) -> bool:
    """Whether the day is that of the fact: told in its clause, in its tense, and of no other event."""
    gone_by = _gone_by(day, reference)
    head = told.verb_of(day, gone_by=gone_by)
    if head is None or (gone_by and not _looks_back(sentence, head, day, placed)):
        return False
    if placed.word in cues()["for"] and not _is_planned_before(told, day):
        return False
    return placed.initial or not _is_of_another(sentence, day, head)


def _gone_by(day: TimeExpression, reference: date | None) -> bool:
    """Whether all of the day lies before the report."""
    value = day.day
    if value is None:
        return not day.ahead
    return reference is not None and value < reference.isoformat()[: len(value)]


def _looks_back(sentence: str, head: Head, day: TimeExpression, placed: Place) -> bool:
    """Whether a day gone by goes with the verb: "was closed" and "would close", not "is closed", "has been" or "will be"."""
    if head.last.bearing is Tense.PAST:
        return True
    if head.last.bearing is Tense.FUTURE:
        return day.day is None or (_was_ahead(head.first) and (placed.initial or day.start > head.first.start))
    if day.words.lower().split()[0] in cues()["present_time"]:
        return True
    if day.start < head.last.end or head.first.word not in lexicon()["perfect"]:
        return False
    return set(sentence[head.last.end : day.start].split()) <= cues()["placing"]  # "has died on Friday"


def _was_ahead(verb: Verb) -> bool:
    """Whether a verb tells of what once lay ahead: "would", "was to", "planned"."""
    past_form = verb.tense is Tense.PAST or verb.word.endswith(tuple(lexicon()["past_ending"]))
    return past_form or verb.word in cues()["conditional"]


def _is_planned_before(told: Fact, day: TimeExpression) -> bool:
    """Whether a verb before the day looks ahead: only then "for Friday" is the day of what happens."""
    return any(verb is not None and verb.tense is Tense.FUTURE and verb.end <= day.start for verb in told.words.verbs)


def _is_of_another(sentence: str, day: TimeExpression, head: Head) -> bool:
    """Whether the verb makes the day that of another event: what is undone, punished, remembered or only said."""
    lists = cues()
    if head.saying and head.last.word not in lexicon()["saying_or_deed"]:
        return True
    if day.start < head.first.start:
        return head.last.word in lists["undoing"]
    old = day.precision is not Precision.DAY or day.basis is Basis.WRITTEN
    if not old or head.last.word not in lists["judging"]:
        return False
    return not lists["judged"].isdisjoint(sentence[head.last.end : day.start].lower().split())
