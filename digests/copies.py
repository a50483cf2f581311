"""Which articles are republished copies of one text: 4-word shingles, containment in the shorter, an inverted index."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, count
from math import ceil

from digests.words import tokens

SHINGLE_WORDS = 4
COPY = 0.5
"""Share of the shorter text's shingles that the other holds too: an agency text with small edits keeps well over half,
two reports of the same event share under a tenth."""
_MOST = 100
"""A text is compared with so many others, the likeliest first: a thousand that are made of the same phrases, and are no copies,
would cost half a million comparisons."""


_FEW = 16
"""Texts of which each is compared with each: to number their shingles first takes longer than that."""


Shingle = tuple[str, ...]
Print = frozenset[Hashable]
"""The shingles of a text; of many texts each by its number: to hash four words again and again takes twice as long."""


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
    few = len(texts) <= _FEW
    first: dict[Print, int] = {}
    prints: list[Print] = [frozenset(shingles(text)) for text in texts] if few else _numbered(texts)
    parent = [first.setdefault(each, index) if each else index for index, each in enumerate(prints)]
    if few:
        for (one, index), (two, other) in combinations(first.items(), 2):
            if _alike(one, two):
                _join(parent, index, other)
    else:
        _unite(parent, first)
    return [_root(parent, index) for index in range(len(texts))]


def _numbered(texts: Sequence[str]) -> list[Print]:
    number_of: defaultdict[Shingle, int] = defaultdict(count().__next__)
    return [frozenset(map(number_of.__getitem__, shingles(text))) for text in texts]


def _alike(one: Print, other: Print) -> bool:
    return len(one & other) >= COPY * min(len(one), len(other))


def _join(parent: list[int], one: int, other: int) -> tuple[int, int]:
    """Put two texts together with all that belongs to them; gives the one that stands for all of it, and the one that did."""
    first, second = sorted((_root(parent, one), _root(parent, other)))
    parent[second] = first
    return first, second


def _unite(parent: list[int], index_of: Mapping[Print, int]) -> None:
    """Put together what is alike of texts no two of which are the same.

    Two texts that are alike have one in common of any shingles that are half of the shorter and one more.  So each asks only
    for the holders of its rarest ones: words of the house, which stand in hundreds of texts, are not among them unless the text
    is made of them.  Nobody asks for those that belong together already, else a thousand copies were half a million pairs.
    """
    held = Counter(chain.from_iterable(index_of))
    holders: defaultdict[Hashable, int] = defaultdict(int)
    """Of a shingle that several texts hold these, each as the bit of its index."""
    for mine, index in index_of.items():
        for shingle in mine:
            if held[shingle] > 1:
                holders[shingle] |= 1 << index
    print_of = {index: mine for mine, index in index_of.items()}
    together = {index: 1 << index for index in print_of}
    for mine, index in index_of.items():
        shared = sorted((shingle for shingle in mine if held[shingle] > 1), key=held.__getitem__)
        least = ceil(COPY * len(mine))
        for other in _others((holders[each] for each in shared[: max(len(shared) - least + 1, 0)]), index, parent, together):
            if _alike(mine, print_of[other]):
                one, two = _join(parent, index, other)
                together[one] |= together.pop(two)


def _others(holders: Iterable[int], index: int, parent: list[int], together: Mapping[int, int]) -> Iterator[int]:
    """The texts to compare one with, those of its rarest shingles first; what is put together meanwhile is not among them."""
    asked = 0
    for some in holders:
        while others := some & ~asked & ~together[_root(parent, index)]:
            if asked.bit_count() >= _MOST:
                return
            nearest = others & -others
            asked |= nearest
            yield nearest.bit_length() - 1


def _root(parent: list[int], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index
