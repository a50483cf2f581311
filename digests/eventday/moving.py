"""Decides whether a day may leave its place in the sentence for the front of the bullet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from digests.data import table
from digests.dates import TimeExpression
from digests.eventday.cues import any_of, cues
from digests.model import EventDate, Precision
from digests.verbs import Tense, Verb, verbs

_BLANK = re.compile(r"\s")


def movable(sentence: str, expressions: Sequence[TimeExpression], day: EventDate | None) -> tuple[int, int] | None:
    """The span to cut because its day moves to the front of the bullet (rules E5 and E6); None when it has to stay.

    Strict: only a whole, plain day that is the sentence's one point in time (a duration elsewhere in it does no harm), close
    to its main verb, with nothing between that could make it another clause's, and nothing beside it that makes it more than
    a day ("until", "late", a clock time).

    >>> from datetime import date
    >>> from digests.dates import tag
    >>> from digests.eventday import event_date
    >>> sentence = "The ferry sank on Wednesday in the outer harbour."
    >>> found = tag(sentence, date(2024, 10, 13))
    >>> start, end = movable(sentence, found, event_date(sentence, found, date(2024, 10, 13)))
    >>> sentence[start:end]
    'on Wednesday'
    """
    if day is None or not day.leads or day.precision is not Precision.DAY or day.planned:
        return None
    times = [expression for expression in expressions if expression.type in ("DATE", "TIME")]
    if len(times) != 1:
        return None
    sentence, only, near = _BLANK.sub(" ", sentence), times[0], _near()
    if only.type != "DATE" or only.day != day.value or '"' in sentence or "“" in sentence:
        return None
    placed = near.placed.search(sentence, 0, only.start)
    start = placed.start() if placed else only.start
    before, after = sentence[:start], sentence[only.end :]
    if near.stays_after.search(before) or not near.leaves_before.match(after):
        return None
    if not before.strip():
        return (0, only.end + 1) if after.startswith(",") and not near.second_phrase.match(after) else None
    if (sentence[start].isupper() and placed) or not _beside_main_verb(sentence, start):
        return None
    both_commas = before.endswith(", ") and after.startswith(",")
    return (start, only.end + both_commas)


def _beside_main_verb(sentence: str, start: int) -> bool:
    """Whether the verb that stands last before ``start`` is the main one and nothing between can open a clause."""
    found = verbs(sentence)
    left = [verb for verb in found if verb.end <= start]
    main = next((verb for verb in found if verb.finite), None)
    if not left or main is None or any(verb.tense is Tense.FUTURE or verb.word in _near().had for verb in left):
        return False
    if main.word in cues()["same_happening"] or left[-1] not in _group(found, main):
        return False
    return _near().between.search(sentence, left[-1].end, start) is None


def _group(found: Sequence[Verb], first: Verb) -> list[Verb]:
    """The verb and those that it helps: "was", "arrested"."""
    at = found.index(first) + 1
    group = [first]
    while at < len(found) and found[at].helped:
        group.append(found[at])
        at += 1
    return group


class _Near:
    """What may stand beside a day, as patterns."""

    def __init__(self, loaded: dict[str, Any]) -> None:
        words = {name: any_of(listed) for name, listed in loaded.items()}
        self.had = frozenset(loaded["had"])
        self.placed = re.compile(rf"\b{words['placing']} \Z", re.IGNORECASE)
        self.stays_after = re.compile(rf"(?:\b{words['stays_after']}|['’]s|-)\s*\Z", re.IGNORECASE)
        self.leaves_before = re.compile(rf",|\.(?:\s|\Z)|\s{words['leaves_before']}\s|\Z")
        self.second_phrase = re.compile(rf",\s(?:{words['second_phrase']}|\w+{words['second_phrase_endings']})\b")
        self.between = re.compile(rf"[:;]|\b(?:{words['between']}|\w{{2,}}{words['between_endings']})\b")


@cache
def _near(language: str = "en") -> _Near:
    return _Near(table(f"clauses.{language}.toml")["moving"])
