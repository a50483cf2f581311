"""Which articles tell of the same event.

Lead-biased TF-IDF vectors (title and names count twice), average-linkage clustering on the sparse graph of articles that
share a word that is not everywhere, and a discount for days between publications.  A copy job is another question
(``digests.copies``): no one threshold answers both.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from digests import words

SAME_EVENT = 0.16
"""Average cosine above which two groups of articles are one story."""
LEAD_WORDS = 30
"""The first words of an article, where the news stands, count in full; what follows counts a fifth."""
_TITLE, _NAMES, _REST = 2.0, 2.0, 0.2
_DAYS_TO_HALF = 6.0
"""Articles this many days apart count as half as alike: long events go on, but seldom a week in silence."""
_COMMON_SHARE, _COMMON_LEAST = 0.4, 10
"""Words in more than this share of the articles, and in more articles than this, are not compared: they cost most and tell
least.  Of few articles all words are: a handful of reports may well be of one event."""
_MOST_WORDS = 250
_ENOUGH_SHARED = 6
"""Articles that share fewer words than this count as less alike: two rare names in common make no event."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What grouping looks at in an article."""

    title: str
    text: str
    day: date | None = None


def group(tellings: Sequence[Telling]) -> list[int]:
    """For each article the index of the first article of its story.

    >>> group([Telling("Ferry runs aground off Port Alba", ""), Telling("Court fines Mirel Bank", ""),
    ...        Telling("Ferry aground off Port Alba is refloated", "")])
    [0, 1, 0]
    """
    if len(tellings) < 2:
        return list(range(len(tellings)))
    counts = [_counts(telling) for telling in tellings]
    rarity = words.Rarity(counts)
    vectors = [words.unit({word: count * rarity[word] for word, count in each.items()}) for each in counts]
    similar = _pairs(vectors, [telling.day for telling in tellings])
    return _average_linkage(len(tellings), similar)


def _counts(telling: Telling) -> dict[str, float]:
    counts: defaultdict[str, float] = defaultdict(float)
    names = words.names(telling.text) | words.names(telling.title)
    for word in words.content(telling.title):
        counts[word] += _TITLE
    for at, word in enumerate(words.content(telling.text)[:_MOST_WORDS]):
        counts[word] += (1.0 if at < LEAD_WORDS else _REST) * (_NAMES if word in names else 1.0)
    for word, count in counts.items():
        counts[word] = min(count, 6.0) ** 0.75
    return counts


def _pairs(vectors: Sequence[dict[str, float]], days: Sequence[date | None]) -> dict[tuple[int, int], float]:
    """The similarity of every two articles that share a word which is not everywhere."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    common = max(_COMMON_LEAST, int(len(vectors) * _COMMON_SHARE))
    for index, vector in enumerate(vectors):
        for word in vector:
            holders[word].append(index)
    shared: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for word, indexes in holders.items():
        if 1 < len(indexes) <= common:
            for at, one in enumerate(indexes):
                weight = vectors[one][word]
                for other in indexes[at + 1 :]:
                    shared[one, other].append(weight * vectors[other][word])
    return {
        (one, other): sum(products) * min(1.0, len(products) / _ENOUGH_SHARED) * _nearness(days[one], days[other])
        for (one, other), products in shared.items()
    }


def _nearness(one: date | None, other: date | None) -> float:
    if one is None or other is None:
        return 1.0
    return 1.0 / (1.0 + max(0, abs((one - other).days) - 1) / _DAYS_TO_HALF)


def _average_linkage(count: int, similar: dict[tuple[int, int], float]) -> list[int]:
    """Merge the two groups of the highest average similarity until none reaches the threshold (UPGMA on a sparse graph)."""
    members = {index: [index] for index in range(count)}
    links: dict[int, dict[int, float]] = {index: {} for index in range(count)}
    heap: list[tuple[float, int, int]] = []
    for (one, other), value in similar.items():
        links[one][other] = links[other][one] = value
        if value >= SAME_EVENT:
            heap.append((-value, one, other))
    heapq.heapify(heap)
    while heap:
        value, one, other = heapq.heappop(heap)
        if one not in members or other not in members:
            continue
        total = links[one].get(other, 0.0)
        if abs(total / (len(members[one]) * len(members[other])) + value) > 1e-9:
            continue  # the pair has changed since it was pushed
        for third, link in links.pop(other).items():
            if third != one:
                links[third].pop(other)
                links[one][third] = links[third][one] = links[one].get(third, 0.0) + link
        links[one].pop(other, None)
        members[one] += members.pop(other)
        for third, link in links[one].items():
            average = link / (len(members[one]) * len(members[third]))
            if average >= SAME_EVENT:
                heapq.heappush(heap, (-average, min(one, third), max(one, third)))
    story = [0] * count
    for group_members in members.values():
        for index in group_members:
            story[index] = min(group_members)
    return story
