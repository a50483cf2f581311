"""Which articles are republished copies of one text: 4-word shingles, containment in the shorter, an inverted index."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain

from digests.words import tokens

SHINGLE_WORDS = 4
COPY = 0.5
"""Share of the shorter text's shingles that the other holds too: an agency text with small edits keeps well over half,
two reports of the same event share under a tenth."""
_COMMON = 40
"""A shingle that stands in more texts than this is a phrase of the house, not evidence."""


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """All runs of four words; of a shorter text its words."""
    words = tokens(text)
    if len(words) < SHINGLE_WORDS:
        return frozenset({tuple(words)} if words else ())
    return frozenset(zip(words, words[1:], words[2:], words[3:], strict=False))


def group(texts: Sequence[str]) -> list[int]:
    """For each text the index of the first text that it is a copy of (itself when of none).

    Copies of copies belong together.
    """
    if len(texts) < 2:
        return list(range(len(texts)))
    prints = [shingles(text) for text in texts]
    where: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    parent = list(range(len(texts)))
    for index, shingle_set in enumerate(prints):
        postings = [holders for shingle in shingle_set if len(holders := where[shingle]) <= _COMMON]
        shared = Counter(chain.from_iterable(postings))
        for holders in postings:
            holders.append(index)
        for other, count in shared.items():
            if count >= COPY * min(len(shingle_set), len(prints[other])):
                one, two = _root(parent, index), _root(parent, other)
                parent[max(one, two)] = min(one, two)
    return [_root(parent, index) for index in range(len(texts))]


def _root(parent: list[int], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index
