"""Which story comes first: a sum of named terms, so that "why is this here" has an answer."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import UTC, datetime, time

from digests.model import Article, Term, Understood

ORIGINS, OUTLETS, FRESHNESS, ARTICLES = 0.4, 0.3, 0.2, 0.1
TOLL = 0.6
"""How many died or were hurt comes before what one outlet tells too, and weighs about what a second one with news of its own
does: with the words of hard news in it a little more."""
TOLD = 0.1
"""How a story goes on that its readers know of comes before another like it."""
AFFAIRS = 0.2
"""Hard news of one outlet comes before soft of another, also when it is a day older, and behind what two tell."""
TOPIC = 2.0
"""What somebody asks for outweighs how many tell it: a story about it comes before one that mentions it."""
FOLLOWED = 2.0
"""What its reader follows comes before what many tell, too: it is worth five more origins."""
_HALF_LIFE_H = 24.0
_AFFAIRS, _TOLL = "public affairs", "toll"
SOFT = frozenset({"origins", "outlets", "freshness", "articles"})
"""The terms that any story has: of one with no other nobody asks, and it concerns nobody's safety, state or money."""


def weigh(
    articles: Collection[Understood],
    outlets: int,
    origins: int,
    until: datetime,
    topic: float | None = None,
    *,
    followed: bool = False,
    told: bool = False,
    toll: bool = False,
    affairs: float = 0.0,
) -> tuple[Term, ...]:
    """The terms of a story's weight: independent origins count most, then outlets, then how fresh its newest article is.

    Args:
        until: aware; freshness halves every 24 hours before it, and is half where no article has a date.
        topic: how far the story is about the words that were asked for, from 0 to 1; None where none were.
        followed: its reader follows it, or what it is about.
        told: its readers were told of it before.
        toll: it begins with how many died, were hurt or are missing.
        affairs: how far it is of public affairs, from 0 to 1.
    """
    last = newest(articles)
    age_h = max(0.0, (until - last).total_seconds() / 3600) if last else _HALF_LIFE_H
    return (
        *([Term("topic", round(topic, 3), TOPIC)] if topic is not None else []),
        *([Term("followed", 1.0, FOLLOWED)] if followed else []),
        *([Term("told before", 1.0, TOLD)] if told else []),
        *([Term(_TOLL, 1.0, TOLL)] if toll else []),
        *([Term(_AFFAIRS, affairs, AFFAIRS)] if affairs else []),
        Term("origins", float(origins), ORIGINS),
        Term("outlets", round(math.log2(1 + outlets), 3), OUTLETS),
        Term("freshness", round(0.5 ** (age_h / _HALF_LIFE_H), 3), FRESHNESS),
        Term("articles", round(math.log2(1 + len(articles)), 3), ARTICLES),
    )


def newest(articles: Collection[Understood]) -> datetime | None:
    """When the newest of the articles was published; None where nothing is known of any."""
    return max((at for each in articles if (at := published(each.article))), default=None)


def published(article: Article) -> datetime | None:
    """The instant by which articles are put in order: of a bare day its noon, in UTC; None where nothing is known."""
    if article.published_at is None and article.published_day is not None:
        return datetime.combine(article.published_day, time(12), UTC)
    return article.published_at


def weight(terms: Collection[Term]) -> float:
    """The weight itself."""
    return sum(term.value * term.weight for term in terms)


def is_hard_news(terms: Collection[Term]) -> bool:
    """Whether a story of these terms is of public affairs beyond doubt, or counts its dead."""
    return any(each.term in (_AFFAIRS, _TOLL) and each.value >= 1 for each in terms)
