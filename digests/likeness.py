"""How alike articles are: lead-biased TF-IDF vectors in an inverted index, and a discount for days between publications.

An article is held against those that came before it, by way of the words that they share, so that adding one costs by the
words of it and not by the number of articles that are there.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import ne

from digests import data, words
from digests.datelines import without_dateline

LEAD_WORDS = 30
"""The first words of an article, where the news stands, count in full; what follows counts a fifth."""
LEAST = 0.03
"""Articles less alike than this count as not alike at all: unrelated ones often reach it, and there are many of them."""
MOST_CHARACTERS = 4_000
"""What comes after them is not looked at; they hold the words that are."""
_TITLE, _NAMES, _REST = 2.0, 2.0, 0.2
_CAPITAL = re.compile(r"\b([A-Z][\w-]+)(['’]s\b)?")
_MOST_WORDS = 250
_DAYS_TO_HALF = 6.0
"""Articles this many days apart count as half as alike: long events go on, but seldom a week in silence."""
_COMMON_SHARE, _COMMON_LEAST, _COMMON_MOST = 0.4, 10, 400
"""Words in more than this share of the articles, and in more articles than the second figure, are not compared: they cost most
and tell least.  Of few articles all words are: a handful of reports may well be of one event.  The third bounds the cost."""
SAME_OUTLET = 0.6
"""Two articles of one outlet count as so much as alike: they share its name, its town and its country, whatever they tell."""
NO_REPORTS = (1.0, 0.6, 0.4)
"""So much as alike count two articles of which none, one or both report no news: what is no report is about a matter, not of an
event, and two writers on one matter share its words."""
ONE_FORM = 0.1
"""So much as alike count two short texts that one form gave: quakes, arrests and decisions on rates are told in the same words,
but for what and where."""
_SHORT = 60  # words; a longer text tells by itself what it is about
_FORM_MOST = 1 / 3
"""Of the words of a headline or a first sentence so many may differ in its form, its numbers not counted: what reads the same
but for a number is the same event, told later."""
_FORM_LEAST = 4  # words of it
_SPELT = 5  # letters that two spellings of one name have in common
_FIRST = re.compile(r"(?<=[.!?])\s")
_ENOUGH_SHARED = 4
"""Articles that share fewer words than this are less alike, by the square of what is wanting: two teasers of fifteen words that
share the name of a country and a verb have a high cosine and no event in common."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What is looked at in an article.

    Args:
        outlet: its name, or the id of its source; ``""`` where it is not known.
        report: whether it reports news; True where it is not known.
    """

    title: str
    text: str
    day: date | None = None
    outlet: str = ""
    report: bool = True


@dataclass(frozen=True, slots=True)
class _Form:
    """The words of a short text's headline and of its first sentence, in order, and which of all its words are names."""

    lines: tuple[tuple[str, ...], ...]
    names: frozenset[str]

    @classmethod
    def of(cls, telling: Telling) -> _Form | None:
        """None for a longer text."""
        if len(telling.text.split(maxsplit=_SHORT)) > _SHORT:
            return None
        lines = (telling.title, _FIRST.split(without_dateline(telling.text), maxsplit=1)[0])
        named = words.names(telling.title) | words.names(telling.text)
        return cls(tuple(tuple(words.tokens(line)) for line in lines), frozenset(named) - words.calendar())

    def gave(self, other: _Form, *, same_outlet: bool) -> bool:
        """Whether headlines or first sentences read the same but for names, or of one outlet both but for any words where they
        name nothing in common: of two, one may have mended a word of what the other wrote; an outlet goes on with its own."""
        pairs = [self._open(*lines) for lines in zip(self.lines, other.lines, strict=True)]
        if any(self._name(other, each) for each in pairs):
            return True
        return same_outlet and all(pairs) and self.names.isdisjoint(other.names)

    @staticmethod
    def _open(mine: Sequence[str], theirs: Sequence[str]) -> list[tuple[str, str]]:
        """What a form leaves open in two lines, but for numbers and days; nothing where no form gave them."""
        if len(mine) != len(theirs) or len(mine) < _FORM_LEAST or sum(map(ne, mine, theirs)) > len(mine) / 2:
            return []
        changing = _changing()
        pairs = [
            (a, b)
            for a, b in zip(mine, theirs, strict=True)
            if a != b and not ((a[0].isdigit() or a in changing) and (b[0].isdigit() or b in changing))
        ]
        return pairs if len(pairs) <= _FORM_MOST * len(mine) else []

    def _name(self, other: _Form, pairs: Sequence[tuple[str, str]]) -> bool:
        """Whether names differ, and not only in how they are spelt."""
        return any(words.stem(a) in self.names and words.stem(b) in other.names and a[:_SPELT] != b[:_SPELT] for a, b in pairs)


@cache
def _changing() -> frozenset[str]:
    """Words that tell how many, or on which day: an event goes on with others."""
    values = data.table("dates.en.toml")["values"]
    return frozenset((*values["number"], *values["weekday"], *values["month"]))


class Index:
    """Articles by number, and how alike every two of them are.

    ``links`` has for each number those that are alike to it, at least ``LEAST`` and at most 1.
    """

    def __init__(self) -> None:
        self.links: dict[int, dict[int, float]] = {}
        self._tally = words.Tally()
        self._days: dict[int, date | None] = {}
        self._outlets: dict[int, str] = {}
        self._reports: dict[int, bool] = {}
        self._forms: dict[int, _Form | None] = {}
        self._words: dict[int, tuple[str, ...]] = {}
        self._holders: dict[str, tuple[array[int], array[float]]] = {}
        self._next = 0

    def add(self, tellings: Sequence[Telling]) -> list[int]:
        """Take in articles; returns their numbers, which rise.

        How much a word tells is counted over all of them before the first is compared, so that their order says nothing.
        """
        counted = [_counts(each) for each in tellings]
        for counts in counted:
            self._tally.add(counts)
        return [self._put(telling, counts) for telling, counts in zip(tellings, counted, strict=True)]

    def drop(self, numbers: Collection[int]) -> None:
        """Forget articles.  It goes through the whole index: drop many at once."""
        gone = set(numbers)
        for number in gone:
            self._tally.remove(self._words.pop(number))
            del self._days[number], self._outlets[number], self._reports[number], self._forms[number]
            for other in self.links.pop(number):
                if other not in gone:
                    del self.links[other][number]
        for word in list(self._holders):
            holders, weights = self._holders[word]
            if not gone.isdisjoint(holders):
                kept = [(one, weight) for one, weight in zip(holders, weights, strict=True) if one not in gone]
                self._holders[word] = (array("Q", [one for one, _ in kept]), array("f", [weight for _, weight in kept]))
                if not kept:
                    del self._holders[word]

    def _put(self, telling: Telling, counts: dict[str, float]) -> int:
        number, self._next = self._next, self._next + 1
        vector = words.unit({word: count * self._tally[word] for word, count in counts.items()})
        self._days[number], self._outlets[number], self._reports[number] = telling.day, telling.outlet, telling.report
        self._forms[number] = _Form.of(telling)
        self.links[number] = {}
        for other, value in self._alike(vector, telling, self._forms[number]).items():
            self.links[number][other] = self.links[other][number] = value
        for word, weight in vector.items():
            holders, weights = self._holders.setdefault(word, (array("Q"), array("f")))
            holders.append(number)
            weights.append(weight)
        self._words[number] = tuple(vector)
        return number

    def _alike(self, vector: dict[str, float], telling: Telling, form: _Form | None) -> dict[int, float]:
        common = max(_COMMON_LEAST, min(_COMMON_MOST, int(self._tally.texts * _COMMON_SHARE)))
        totals: defaultdict[int, float] = defaultdict(float)
        shared: Counter[int] = Counter()
        for word, weight in vector.items():
            if word in self._holders and self._tally.holders(word) <= common:
                holders, weights = self._holders[word]
                shared.update(holders)
                for other, theirs in zip(holders, weights, strict=True):
                    totals[other] += weight * theirs
        found = {}
        for other, total in totals.items():
            if total >= LEAST:
                value = total * min(1.0, shared[other] / _ENOUGH_SHARED) ** 2 * _nearness(telling.day, self._days[other])
                same_outlet = bool(telling.outlet) and telling.outlet == self._outlets[other]
                if same_outlet:
                    value *= SAME_OUTLET
                value *= NO_REPORTS[(not telling.report) + (not self._reports[other])]
                its = self._forms[other] if form and value >= LEAST else None
                if form and its and form.gave(its, same_outlet=same_outlet):
                    value *= ONE_FORM
                if value >= LEAST:
                    found[other] = value
        return found


def _counts(telling: Telling) -> dict[str, float]:
    """How much each word weighs in an article."""
    counts: defaultdict[str, float] = defaultdict(float)
    text = without_dateline(telling.text[:MOST_CHARACTERS])
    names = _names(f"{telling.title}. {text}", words.names(text) | words.names(telling.title))
    for word in words.content(telling.title):
        counts[word] += _TITLE
    for at, word in enumerate(words.content(text)[:_MOST_WORDS]):
        counts[word] += (1.0 if at < LEAD_WORDS else _REST) * (_NAMES if word in names else 1.0)
    for word, count in counts.items():
        counts[word] = min(count, 6.0) ** 0.75
    return counts


def _names(text: str, names: set[str]) -> set[str]:
    """Those of the names that stand as more than an owner: "Sorvania's largest port" tells where something is, and what a
    country has is all that happens there."""
    owners, others = set[str](), set[str]()
    for found in _CAPITAL.finditer(text):
        (owners if found[2] else others).update(words.content(found[1]))
    return names - (owners - others)


def _nearness(one: date | None, other: date | None) -> float:
    if one is None or other is None:
        return 1.0
    return 1.0 / (1.0 + max(0, abs((one - other).days) - 1) / _DAYS_TO_HALF)
