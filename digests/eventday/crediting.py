"""Leaves out of a sentence who says it: ", police said on Tuesday" and its like, whose day is that of the saying."""

from __future__ import annotations

from functools import cache

from digests.eventday.cues import ADVERB, BE, CLAUSE, JOIN, PREPOSITION, RELATIVE, cues
from digests.eventday.words import Words
from digests.verbs import lexicon

_MOST_BEFORE = 9  # words between the comma and the word of saying
_MOST_AFTER = 16


def without_credits(words: Words) -> Words:
    """The words less each credit that stands between commas, or behind the last one."""
    saying = _words_of_saying()
    spans = [
        span
        for at, verb in enumerate(words.verbs)
        if verb is not None and not verb.auxiliary and verb.word in saying and (span := _credit(words, at)) is not None
    ]
    return words.without(spans) if spans else words


@cache
def _words_of_saying() -> frozenset[str]:
    return lexicon()["saying"] | cues()["worded_deed"]


def _credit(words: Words, at: int) -> tuple[int, int] | None:
    """The words from a comma to the next mark that say no more than who says it."""
    first = _start(words, at)
    if first is None:
        return None
    last = _end(words, at, inverted=first == at)
    if last is None or last - at > _MOST_AFTER:
        return None
    told_before = any(verb is not None and verb.finite for verb in words.verbs[:first])
    between = last < len(words) and words.marks[last] == ","
    return (first, last) if told_before or between else None


def _start(words: Words, at: int) -> int | None:
    """The first word after the comma that opens the credit; None when none does."""
    first = at
    while first > 0 and not words.marks[first]:
        first -= 1
        verb = words.verbs[first]
        if at - first > _MOST_BEFORE or (verb is not None and (not verb.auxiliary or words.may(first, BE))):
            return None
    if first == 0:
        return None
    if first < at:
        return None if words.may(first, JOIN | RELATIVE | CLAUSE) else first
    ends = words.ends(at + 1) or words.days[at + 1] or words.may(at + 1, PREPOSITION)
    return _apposed(words, at) if ends else at


def _apposed(words: Words, at: int) -> int | None:
    """The start of "the coach, Dr. Lena Holt, said": the comma before last."""
    first = at
    for _ in range(2):
        first -= 1
        while first > 0 and not words.marks[first] and words.verbs[first] is None:
            first -= 1
    return first if first > 0 and words.marks[first] and words.verbs[first] is None else None


def _end(words: Words, at: int, *, inverted: bool) -> int | None:
    """The word after the credit; None when what is said follows."""
    last = at + 1
    if words.ends(last):
        return last
    plain = words.days[last] or words.may(last, PREPOSITION | ADVERB)
    if not (plain or inverted or words.low[at] in cues()["told"]):
        return None
    in_phrase = words.may(last, PREPOSITION)
    while not words.ends(last):
        verb = words.verbs[last]
        reduced = verb is not None and not (verb.auxiliary or verb.helped) and in_phrase
        if words.low[last] in cues()["that"] or (verb is not None and verb.finite and not reduced):
            return None
        last += 1
    return last
