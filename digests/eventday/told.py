"""Tells which parts of a sentence are its fact, and by which verbs: its main clauses, or those of what somebody says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digests.dates import TimeExpression
from digests.eventday.clauses import Aside, Clauses, Head
from digests.eventday.crediting import without_credits
from digests.eventday.cues import CLAUSE, JOIN, PREPOSITION, RELATIVE, cues
from digests.eventday.words import Words, read
from digests.model import Precision
from digests.verbs import Tense, lexicon

_DEEPEST = 3  # "X said that Y told Z that ..."
_MOST_BEFORE_DAY = 7  # words between that of saying and its day


@dataclass(frozen=True, slots=True)
class Fact:
    """What of a sentence is its fact.

    Args:
        begin: offset where it begins, after "X said that".
        heads: the verbs of its main clauses, in order; never empty.
    """

    words: Words
    begin: int
    asides: tuple[Aside, ...]
    heads: tuple[Head, ...]

    @property
    def looks_ahead(self) -> bool:
        """Whether a verb of the fact tells of what is to come."""
        return any(
            verb is not None and verb.tense is Tense.FUTURE and verb.start >= self.begin and not self._around(verb.start)
            for verb in self.words.verbs
        )

    def verb_of(self, day: TimeExpression, *, gone_by: bool) -> Head | None:
        """The verb that the day belongs to; None when it stands in no main clause of the fact."""
        if day.start < self.begin or self.words.text[day.start] == " ":
            return None
        around = self._around(day.start)
        if around and not (gone_by and day.precision is Precision.DAY and all(aside.present for aside in around)):
            return None
        before = [head for head in self.heads if head.first.start < day.start]
        if not before:
            return self.heads[0]
        return None if self._trails_aside(day, before[-1]) else before[-1]

    def _around(self, at: int) -> list[Aside]:
        return [aside for aside in self.asides if aside.start <= at < aside.end]

    def _trails_aside(self, day: TimeExpression, head: Head) -> bool:
        """Whether the day stands behind an aside that follows the verb: ", after a raid, which went wrong, on Friday"."""
        return any(
            head.last.end < aside.start and aside.end <= day.start and self.words.text[aside.end : day.start].count(" ") <= 1
            for aside in self.asides
        )


def fact(sentence: str, days: Sequence[TimeExpression]) -> Fact | None:
    """The fact of ``sentence``; None where it cannot be told apart.

    Args:
        days: those of its time expressions that name days, months or years; nothing in them opens a clause.
    """
    words = read(sentence, days)
    return fact_in(words) if words is not None else None


def fact_in(words: Words) -> Fact | None:
    """The same of a sentence whose words were read."""
    return _fact(without_credits(words), 0, 0)


def _fact(words: Words, begin: int, depth: int) -> Fact | None:
    if begin >= len(words):
        return None
    clauses = Clauses(words, begin)
    head = clauses.read_to_head()
    if head is None:
        return None
    if head.saying and depth < _DEEPEST:
        content = _content(words, head)
        if content is not None:
            return _fact(words, content, depth + 1)
        if head.last.word not in lexicon()["saying_or_deed"] or words.quotes:
            return None
    clauses.read_to_end()
    return Fact(words, words.start[begin], tuple(clauses.asides), tuple(clauses.heads))


def _content(words: Words, head: Head) -> int | None:
    """The first word of what is said; None when no clause follows the word of saying."""
    lists, deed = cues(), head.last.word in lexicon()["saying_or_deed"]
    after = first = words.start.index(head.last.start) + 1
    tells = head.last.word in lists["told"] or words.may(after, PREPOSITION) or words.days[after : after + 1] == [True]
    for at in range(after, len(words)):
        verb, mark = words.verbs[at], words.marks[at]
        if words.low[at] in lists["that"]:
            return at + 1
        if mark == ";" or (
            at > after and words.may(at, JOIN | RELATIVE | CLAUSE) and (mark or (deed and not words.may(at, JOIN)))
        ):
            return None
        if verb is not None and verb.finite:
            return first
        if words.days[at] and tells and at - after <= _MOST_BEFORE_DAY:
            first = at + 1
    return None
