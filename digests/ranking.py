"""Which story comes first: a sum of named terms, so that "why is this here" has an answer."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import datetime

from digests.model import Term, Understood

ORIGINS, OUTLETS, FRESHNESS, ARTICLES = 0.4, 0.3, 0.2, 0.1
_HALF_LIFE_H = 24.0


def weigh(articles: Collection[Understood], outlets: int, origins: int, until: datetime) -> tuple[Term, ...]:
    """The terms of a story's weight: independent origins count most, then outlets, then how fresh its newest article is.

    Args:
        until: aware; freshness halves every 24 hours before it.  Articles without an instant are as old as that.
    """
    newest = max((each.article.published_at for each in articles if each.article.published_at), default=None)
    age_h = max(0.0, (until - newest).total_seconds() / 3600) if newest else _HALF_LIFE_H
    return (
        Term("origins", float(origins), ORIGINS),
        Term("outlets", round(math.log2(1 + outlets), 3), OUTLETS),
        Term("freshness", round(0.5 ** (age_h / _HALF_LIFE_H), 3), FRESHNESS),
        Term("articles", round(math.log2(1 + len(articles)), 3), ARTICLES),
    )


def weight(terms: Collection[Term]) -> float:
    """The weight itself."""
    return sum(term.value * term.weight for term in terms)
