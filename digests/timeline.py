"""A story told in the order of its days, oldest first: every claim once, and what came before it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from digests import extract
from digests.composing import bullet_of, ranked_claims
from digests.model import Before, Bullet, Length, Query, Story, Window

Moment = Bullet | Before
_ALL = Query(Window(None, datetime.max.replace(tzinfo=UTC)), length=Length.FULL)


def timeline(story: Story) -> list[Moment]:
    """The moments of a story, oldest first; those whose day nobody knows come last, in the order of the text.

    A plan stands at the day that it is for, a phrase of what came before at the first of its days.
    """
    bullets = [bullet_of(choice) for choice in extract.choose(ranked_claims(story, _ALL), None)]
    return sorted([*_before(story), *bullets], key=_place)


def _before(story: Story) -> list[Before]:
    """The dated phrases of what came before, each once."""
    phrases = (phrase for each in story.articles for claim in each.claims for phrase in claim.background)
    found: dict[tuple[str, date], Before] = {}
    for phrase in phrases:
        found.setdefault((phrase.text.casefold(), _day(phrase)), phrase)
    return [phrase for (_, day), phrase in found.items() if day != date.max]


def _day(moment: Moment) -> date:
    days = moment.dates if isinstance(moment, Before) else (moment.date,)
    return min((day.first_day for day in days if day.first_day), default=date.max)


def _place(moment: Moment) -> tuple[date, date, int]:
    reported = min((day for each in moment.citations if (day := each.article.published_day)), default=date.max)
    return _day(moment), reported, moment.citations[0].start
