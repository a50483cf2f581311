"""How good the answers to questions are: each measure a share of cases, counted over all answers of a set.

Grouping alone is an average over the questions, for each of them is a whole set of articles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from digests.evaluate.dangling import dangles
from digests.evaluate.grounding import grounded
from digests.evaluate.questions import Question

Answer = Mapping[str, Any]
Answered = Sequence[tuple[Question, Answer]]
_SAYS_AGAIN = 0.6  # of the words of the shorter bullet stand in the other
_SAME_SOURCE = 0.5  # of the words of the shorter name stand in the other
_NO_NAME = frozenset(["a", "an", "her", "his", "its", "mr", "mrs", "ms", "s", "the", "their"])


class Better(StrEnum):
    """Which way a measure is better."""

    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a set of answers.

    Args:
        name: one that stays: programs read it.
        means: a few words.
        better: None where neither is.
        value: in ``unit``; None where the questions give nothing to measure it by.
        cases: how many it was counted over.
    """

    name: str
    means: str
    better: Better | None
    value: float | None
    cases: int
    unit: str = "%"


def measures(answered: Answered) -> list[Measure]:
    """The measures of answers that have been checked, all to questions of one task (and of one way to group)."""
    if not answered:
        return []
    return _OF_TASK[answered[0][0].task](answered)


def _share(name: str, means: str, better: Better, cases: Collection[bool]) -> Measure:
    """The share of the cases that are true."""
    return Measure(name, means, better, 100 * sum(cases) / len(cases) if cases else None, len(cases))


# ---------------------------------------------------------------- digests


def _digests(answered: Answered) -> list[Measure]:
    stands: list[bool] = []
    leans: list[bool] = []
    again: list[bool] = []
    noisy: list[bool] = []
    good: list[bool] = []
    bad: list[bool] = []
    for question, answer in answered:
        articles, right = question.articles, question.right
        bullets = answer["bullets"][: (question.asked.get("budget") or {}).get("max_bullets") or None]
        stands += (grounded(each, articles) for each in bullets)
        leans += (dangles(each["text"], _quote(each), (article["text"] for article in articles)) for each in bullets)
        again += _repeats([each["text"] for each in bullets])
        if right.get("noise") is not None:
            noisy += (any(_flat(noise) in _flat(each["text"]) for noise in right["noise"] if _flat(noise)) for each in bullets)
        if right.get("good") is not None:
            good += (among(_quote(each), right["good"]) for each in bullets)
        if right.get("bad") is not None:
            bad += (among(_quote(each), right["bad"]) for each in bullets)
    each_digest = len(stands) / len(answered)
    return [
        Measure("bullets", "bullets a digest, within its budget", None, each_digest, len(answered), "bullets a digest"),
        _share("grounded", "bullets that are their source's words", Better.HIGH, stands),
        _share("dangling", "bullets that cannot be read alone", Better.LOW, leans),
        _share("repeats", "bullets that say what another says", Better.LOW, again),
        _share("furniture", "bullets of captions or page furniture", Better.LOW, noisy),
        _share("chosen", "bullets that an editor would choose", Better.HIGH, good),
        _share("refused", "bullets that an editor would refuse", Better.LOW, bad),
    ]


def _quote(bullet: Answer) -> str:
    return str(bullet.get("quote") or bullet["text"])


def _repeats(texts: Sequence[str]) -> list[bool]:
    """Of each text, whether most of its words, or of those of one before it, stand in both."""
    words = [set(_words(text)) for text in texts]
    return [
        any(one and other and len(one & other) >= _SAYS_AGAIN * min(len(one), len(other)) for other in islice(words, at))
        for at, one in enumerate(words)
    ]


def among(quote: str, sentences: Iterable[str]) -> bool:
    """Whether a quote is one of these sentences, holds one (with its dateline, or two in one bullet), or is a part of one."""
    return any(same(quote, each) for each in sentences)


def same(quote: str, other: str) -> bool:
    """Whether one of two sentences holds the other, white space and the form of quotation marks aside."""
    one, two = folded(quote), folded(other)
    return bool(one and two) and (one in two or two in one)


def folded(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("“", '"').replace("”", '"').split())


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _flat(text: str) -> str:
    return " ".join(_words(text))


# ---------------------------------------------------------------- days and dates


def _days(answered: Answered) -> list[Measure]:
    wrong: list[bool] = []
    found: list[bool] = []
    kept: list[bool] = []
    for question, answer in answered:
        gold, day = question.right["gold"], answer["day"] or None
        right = {gold["day"], *(gold.get("ok") or ())} - {None}
        rough = day is not None and any(each.startswith(f"{day}-") for each in right)  # its true month or year
        wrong.append(day is not None and day not in right and not rough)
        if gold["day"] is not None:
            found.append(day in right)
        else:
            kept.append(day is None or day in right or rough)
    return [
        _share("wrong day", "given a day that is not the fact's", Better.LOW, wrong),
        _share("day found", "of those that have a day: given it", Better.HIGH, found),
        _share("none kept", "of those that have none: given none", Better.HIGH, kept),
    ]


_FULL_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _dates(answered: Answered) -> list[Measure]:
    values, days = _Found(), _Found()
    for question, answer in answered:
        gold, given = question.right["gold"], sorted(answer["dates"], key=lambda each: int(each["start"]))
        values.add(gold=len(gold), given=len(given))
        days.add(gold=sum(map(_names_a_day, gold)), given=sum(map(_names_a_day, given)))
        free = list(given)
        for right in gold:
            best = max(free, key=lambda each: _overlap(each, right), default=None)
            if best is None or not _overlap(best, right):
                continue
            free.remove(best)
            values.add(right=best.get("value") == right.get("value"))
            if _names_a_day(right):
                days.add(right=(best.get("value") or "")[:10] == right["value"][:10])
    return [
        values.measure("date values", "time expressions read rightly (F1)"),
        days.measure("full days", "of these, those of a full day (F1)"),
    ]


def _overlap(one: Answer, other: Answer) -> int:
    return max(0, int(min(one["end"], other["end"])) - int(max(one["start"], other["start"])))


def _names_a_day(expression: Answer) -> bool:
    return bool(_FULL_DAY.match(expression.get("value") or "")) and expression.get("type", "DATE") in ("DATE", "TIME")


@dataclass(slots=True)
class _Found:
    """How many there are, how many were given, how many of these are right."""

    gold: int = 0
    given: int = 0
    right: int = 0

    def add(self, *, gold: int = 0, given: int = 0, right: int = 0) -> None:
        self.gold += gold
        self.given += given
        self.right += right

    def measure(self, name: str, means: str) -> Measure:
        """The balance of how many of the given are right and how many there are were found (F1)."""
        both = self.gold + self.given
        return Measure(name, means, Better.HIGH, 200 * self.right / both if both else None, self.gold)


# ---------------------------------------------------------------- groups


def _groups(answered: Answered) -> list[Measure]:
    scores = [bcubed(question.right["gold"], answer["clusters"]) for question, answer in answered if question.articles]
    articles = sum(len(question.articles) for question, _ in answered)
    what = "copies of one text" if answered[0][0].by == "copy" else "reports of one event"
    means = (
        ("grouping", f"{what} together (F1)"),
        ("precision", "what a group holds that belongs there"),
        ("recall", "what belongs to a group that it holds"),
    )
    values = [100 * sum(column) / len(scores) for column in zip(*scores, strict=True)] if scores else [None] * 3
    return [Measure(*each, Better.HIGH, value, articles) for each, value in zip(means, values, strict=True)]


def bcubed(gold: Sequence[Hashable], given: Sequence[Hashable]) -> tuple[float, float, float]:
    """F1, precision and recall of a grouping, averaged over the articles (BCubed, Bagga and Baldwin 1998); each from 0 to 1.

    Args:
        gold: the true group of each article; at least one.
        given: the group that each was put into.

    >>> bcubed(["a", "a", "b"], [1, 1, 1])
    (0.7142857142857143, 0.5555555555555556, 1.0)
    """
    true, put, both = Counter(gold), Counter(given), Counter(zip(gold, given, strict=True))
    precision = sum(count * count / put[group] for (_, group), count in both.items()) / len(gold)
    recall = sum(count * count / true[group] for (group, _), count in both.items()) / len(gold)
    return 2 * precision * recall / (precision + recall), precision, recall


# ---------------------------------------------------------------- sources and news


def _sources(answered: Answered) -> list[Measure]:
    named, outlets = _Found(), []
    for question, answer in answered:
        for gold, given in zip(question.right["gold"], answer["sources"], strict=True):
            named.add(gold=len(gold), given=len(given))
            free = list(given)
            for right in gold:
                match = next((name for name in free if _same_source(name, right["source"])), None)
                if match is not None:
                    free.remove(match)
                    named.add(right=1)
                if right.get("outlet"):
                    outlets.append(match is not None)
    return [
        named.measure("sources", "who is credited in a sentence (F1)"),
        _share("outlets", "of the outlets credited: found", Better.HIGH, outlets),
    ]


def _same_source(one: str, other: str) -> bool:
    first, second = set(_words(one)) - _NO_NAME, set(_words(other)) - _NO_NAME
    return bool(first and second) and len(first & second) >= _SAME_SOURCE * min(len(first), len(second))


def _novelties(answered: Answered) -> list[Measure]:
    pairs = [pair for question, answer in answered for pair in zip(question.right["gold"], answer["new"], strict=True)]
    new = [said for right, said in pairs if right]
    passed = [said for right, said in pairs if not right]
    let = _share("old let in", "old sentences taken for new", Better.LOW, passed)
    told = _share("new", "", Better.HIGH, new)
    both = None if told.value is None or let.value is None else (told.value + 100 - let.value) / 2
    return [Measure("new or old", "told apart (balanced accuracy)", Better.HIGH, both, len(pairs)), let]


_OF_TASK: Mapping[str, Callable[[Answered], list[Measure]]] = {
    "digest": _digests,
    "bullet-day": _days,
    "dates": _dates,
    "cluster": _groups,
    "attribute": _sources,
    "novelty": _novelties,
}
