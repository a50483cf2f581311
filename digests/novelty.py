"""What is new to a channel: a sentence whose weight earlier sentences do not cover, or whose number has changed."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from digests import words

COVERED = 0.5
"""Share of a sentence's weight that all earlier sentences together may hold before it counts as told."""
COVERED_BY_ONE = 0.35
"""... and that one single earlier sentence must hold: words scattered over a history tell nothing."""


class History:
    """What a channel has been told, ready to be asked about many candidates."""

    def __init__(self, told: Sequence[str]) -> None:
        self._told = [(set(words.content(text)), words.numbers(text)) for text in told]
        self._all = set().union(*(content for content, _ in self._told)) if told else set()
        self._rarity = words.Rarity()

    def is_new(self, sentence: str) -> bool:
        """Whether the sentence says something that the history does not.

        A sentence that is told but for a number that none of its closest earlier sentences has is new again.
        """
        content = set(words.content(sentence))
        if not content or not self._told:
            return True
        closest = max(self._told, key=lambda told: self._share(content, told[0]))
        if self._share(content, self._all) < COVERED or self._share(content, closest[0]) < COVERED_BY_ONE:
            return True
        numbers = words.numbers(sentence)
        return bool(numbers and closest[1] and not numbers & closest[1])

    def _share(self, content: set[str], told: set[str]) -> float:
        total = fsum(self._rarity[word] for word in content)  # exact: a set has another order in every process
        return fsum(self._rarity[word] for word in content & told) / total
