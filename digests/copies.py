"""Which articles are republished copies of one text: 4-word shingles, containment in the shorter, an inverted index."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from math import ceil

from digests.words import tokens

SHINGLE_WORDS = 4
COPY = 0.5
"""Share of the shorter text's shingles that the other holds too: an agency text with small edits keeps well over half,
two reports of the same event share under a tenth."""
_MOST = 100
"""A text is compared with so many others, the likeliest first: a thousand that are made of the same phrases, and are no copies,
would cost half a million comparisons."""


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
    first: dict[Numbers, int] = {}
    parent = [first.setdefault(each, index) if each else index for index, each in enumerate(prints)]
    _unite(parent, first)
    return [_root(parent, index) for index in range(len(texts))]


def _unite(parent: list[int], index_of: Mapping[Numbers, int]) -> None:
    """Put together what is alike of texts no two of which are the same.

    Two texts that are alike have one in common of any shingles that are half of the shorter and one more.  So each asks only
    for the holders of its rarest ones: words of the house, which stand in hundreds of texts, are not among them unless the text
    is made of them.  Nobody asks for those that belong together already, else a thousand copies were half a million pairs.
    """
    held = Counter(chain.from_iterable(index_of))
    holders: defaultdict[int, int] = defaultdict(int)
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
            if len(mine & print_of[other]) >= COPY * min(len(mine), len(print_of[other])):
                one, two = sorted((_root(parent, index), _root(parent, other)))
                parent[two] = one
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
