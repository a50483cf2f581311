"""What is new to a channel: a sentence that no earlier text covers, in words and their order, or whose number has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from math import fsum

from digests import data, numbers, words

TOLD = 0.3
"""How much of a sentence one earlier text must cover for the sentence to count as told: its words by what they tell, ..."""
_IN_ORDER = 0.4
"""... and so much of it by the pairs of words that follow each other: an event has its words again and again, but another fact
puts them together in another way."""

_WORDS_BESIDE, _NAMES = 4, 2
"""Content words beside the verb that turns an event, or names, in a sentence that says what it is about."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as what can be held against another: its content words, those that follow each other, its numbers, and
    whether it says of what it tells."""

    content: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    numbers: frozenset[Decimal]
    says_what: bool

    @classmethod
    def of(cls, text: str) -> _Text:
        content = words.content(text)
        told = len(set(content)) > _WORDS_BESIDE or len(words.all_names(text)) >= _NAMES
        return cls(frozenset(content), frozenset(pairwise(content)), numbers.values(text), told)


class History:
    """What a channel has been told, ready to be asked about many candidates."""

    def __init__(self, told: Sequence[str]) -> None:
        self._told = [_Text.of(text) for text in told]
        self._rarity = words.Rarity()

    def is_new(self, sentence: str) -> bool:
        """Whether the sentence says something that the history does not.

        A sentence that is told but for a number that its closest earlier text does not have is new again, and so is one that
        denies, dismisses, lifts or takes back what no text does, and says what: "the firm denies the claim" does not.
        """
        text = _Text.of(sentence)
        if not text.content or not self._told:
            return True
        closest = self._closest(text)
        share = self._weight(text.content & closest.content) / self._weight(text.content)
        order = len(text.pairs & closest.pairs) / max(len(text.pairs), 1)
        if (1 - _IN_ORDER) * share + _IN_ORDER * order < TOLD:
            return True
        if self._turns(text) and text.says_what:
            return True
        return bool(text.numbers and closest.numbers and not text.numbers & closest.numbers)

    def turns(self, sentence: str) -> bool:
        """Whether the sentence denies, dismisses, lifts or takes back something, as no text of the history does."""
        return bool(self._told) and self._turns(_Text.of(sentence))

    def _turns(self, text: _Text) -> bool:
        turning = text.content & _turning()
        return bool(turning) and not any(turning & told.content for told in self._told)

    def _closest(self, text: _Text) -> _Text:
        return max(self._told, key=lambda told: self._weight(text.content & told.content))

    def _weight(self, content: Iterable[str]) -> float:
        return fsum(self._rarity[word] for word in content)  # exact: a set has another order in every process


def denies(text: str) -> bool:
    """Whether a text says of something that was told that it is not so.

    >>> denies("Ostrel denies a sale to Halmer"), denies("Ostrel cancels a sale to Halmer")
    (True, False)
    """
    return not _listed("denies").isdisjoint(words.tokens(text))


@cache
def _turning() -> frozenset[str]:
    return frozenset(map(words.stem, _listed("turns")))


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(data.table("novelty.en.toml")[name])
