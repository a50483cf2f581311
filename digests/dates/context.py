"""The text around an expression, as far as the rules ask for it: its verb, its neighbours and the days told before."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from digests.dates.expression import TimeExpression
from digests.dates.grammar import Grammar
from digests.model import Precision
from digests.verbs import Tense, Verb, direction, parse

# One set of characters first: so the engine skips to the next of them.
_STOP = re.compile(r"[.!?;\n](?:(?<=\n)|(?<![A-Z]\.)(?<![ap]\.m\.)(?<![A-Z][a-z]\.)(?<![A-Z][a-z]{2}\.)[\"'”’)]*\s)")
_LAST_WORD = re.compile(r"([^\W\d_]+|\d+)[\s-]*\Z")
_NEXT_WORD = re.compile(r"\s*([^\W_]+)")
_LONG_SENTENCE = 1200  # characters; in a longer one only the neighbourhood is read, so that time stays linear
_NEIGHBOURHOOD = 400
_BESIDE = 20  # characters back in which the word before ends
_TOLD_BEFORE = 400  # characters, as far back as "the next day" looks


class Context:
    """A text, the day it is counted from and what was found in it so far."""

    def __init__(self, text: str, reference: date | None, grammar: Grammar) -> None:
        self.text = text
        self.reference = reference
        self.grammar = grammar
        self.found: list[TimeExpression] = []
        self._stops: list[int] | None = None
        self._read: tuple[int, int] | None = None
        self._verbs: tuple[Verb, ...] = ()

    def tense(self, start: int, end: int) -> Tense | None:
        """Where the nearest verb of the same sentence looks to."""
        left, right = self._sentence(start)
        if self._read != (left, right):  # one sentence is asked for several of its times
            self._read, self._verbs = (left, right), parse(self.text[left:right].rstrip()).found
        found = self._verbs
        deadline = self.word_before(start) in self.grammar.words["deadline"]
        start, end = start - left, end - left
        if deadline and found and found[0].end <= start and not _looks_back(found, start):
            return Tense.FUTURE
        return direction(found, start, end)

    def _sentence(self, start: int) -> tuple[int, int]:
        """Where the sentence around ``start`` begins and ends, or what is near in one without end."""
        if self._stops is None:
            self._stops = [match.end() for match in _STOP.finditer(self.text)]
        at = bisect_right(self._stops, start)
        left = self._stops[at - 1] if at else 0
        right = self._stops[at] if at < len(self._stops) else len(self.text)
        if right - left > _LONG_SENTENCE:
            block = start - (start - left) % _NEIGHBOURHOOD
            left, right = max(left, block - _NEIGHBOURHOOD), min(right, block + 2 * _NEIGHBOURHOOD)
        return left, right

    def word_before(self, start: int) -> str:
        """The word before ``start``, in lower case."""
        near = self.text[max(0, start - _BESIDE) : start]
        if (words := near.split()) and words[-1].isalpha():  # nearly always
            return words[-1].lower()
        match = _LAST_WORD.search(near)
        return match[1].lower() if match else ""

    def word_after(self, end: int) -> str:
        """The word after ``end``, as written."""
        match = _NEXT_WORD.match(self.text, end)
        return match[1] if match else ""

    def anchor(self, start: int, grains: Sequence[Precision] = (Precision.DAY,)) -> date | None:
        """The last day told before (its first, for a month or year), which "the next day" counts from."""
        for expression in reversed(self.found):
            if start - expression.end > _TOLD_BEFORE:
                return None
            if expression.precision in grains and expression.day:
                return date.fromisoformat((expression.day + "-01-01")[:10])
        return None


def _looks_back(found: Sequence[Verb], start: int) -> bool:
    return any(verb.auxiliary and verb.tense is Tense.PAST and verb.end <= start for verb in found)
