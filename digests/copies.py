"""Which articles are republished copies of one text: 4-word shingles, containment in the shorter, an inverted index."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count

from digests.words import tokens

SHINGLE_WORDS = 4
COPY = 0.5
"""Share of the shorter text's shingles that the other holds too: an agency text with small edits keeps well over half,
two reports of the same event share under a tenth."""
_COMMON = 40
"""A shingle that stands in more texts than this is a phrase of the house, not evidence."""


Shingle = tuple[str, ...]
Numbers = frozenset[int]
"""The shingles of a text, each by its number: to hash four words again and again takes twice as long."""


def shingles(text: str) -> Iterable[Shingle]:
    """All runs of four words; of a shorter text its words."""
    words = tokens(text)
    if len(words) < SHINGLE_WORDS:
        return [tuple(words)] if words else []
    return zip(words, words[1:], words[2:], words[3:], strict=False)


def group(texts: Sequence[str]) -> list[int]:
    """For each text the index of the first text that it is a copy of (itself when of none).

    Copies of copies belong together.
    """
    if len(texts) < 2:
        return list(range(len(texts)))
    number_of: defaultdict[Shingle, int] = defaultdict(count().__next__)
    prints = [frozenset(map(number_of.__getitem__, shingles(text))) for text in texts]
    parent = list(range(len(texts)))
    for index, other, both in _shared(prints) if len(prints) <= _COMMON else _shared_by_index(prints):
        if both >= COPY * min(len(prints[index]), len(prints[other])):
            one, two = _root(parent, index), _root(parent, other)
            parent[max(one, two)] = min(one, two)
    return [_root(parent, index) for index in range(len(texts))]


def _shared(prints: Sequence[Numbers]) -> Iterator[tuple[int, int, int]]:
    """Of every two texts that share shingles, how many.  For the few articles of a story this takes a quarter of an index."""
    for index, mine in enumerate(prints):
        for other in range(index):
            if both := len(mine & prints[other]):
                yield index, other, both


def _shared_by_index(prints: Sequence[Numbers]) -> Iterator[tuple[int, int, int]]:
    """The same of many texts, without the shingles that stand in too many."""
    where: defaultdict[int, list[int]] = defaultdict(list)
    for index, mine in enumerate(prints):
        postings = [holders for shingle in mine if len(holders := where[shingle]) <= _COMMON]
        for other, both in Counter(chain.from_iterable(postings)).items():
            yield index, other, both
        for holders in postings:
            holders.append(index)


def _root(parent: list[int], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index
