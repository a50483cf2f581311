"""A sentence as the words that tell its fact: without quotations, asides in brackets and the credit to its source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digests.dates import TimeExpression
from digests.eventday.cues import CLAUSE, JOIN, PREPOSITION, RELATIVE, Cues, cues
from digests.verbs import Verb, lexicon, verbs

_QUOTED = re.compile(
    r"[\"“][^\"”“]{12,}(?:[\"”]|\Z)|``.{12,}?(?:''|\Z)|\([^)]*\)|\[[^\]]*\]| [–—-]{1,2} .*?(?: [–—-]{1,2} |\Z)|—.*?(?:—|\Z)",
    re.DOTALL,
)
_QUOTES = ('"', "“", "``")
_MARKED = re.compile(r"[\"“`(\[—]| [–-]")
_DATELINE = re.compile(r"\s*(?:[A-Z][\w.'’/-]{0,30},? ){1,5}(?:\([^)]{1,30}\) )?(?:--?|—|–)\s+(?=[^\sa-z])")
_WORD = re.compile(r"\d+(?:[.,:]\d+)*(?:[^\W\d_]+)?|[^\W_]+(?:['’-][^\W_]+)*")

_MOST_BETWEEN = 9  # words between a comma and the word of saying
_MOST_AFTER = 16


@dataclass(slots=True)
class Words:
    """The words of a sentence, one list for each thing that is asked of them; word ``k`` is entry ``k`` of each.

    Args:
        text: the sentence, blanks in the place of what was left out; offsets stay true.
        low: in lower case; an entry more, "", so that the neighbours of the first and the last can be asked for.
        marks: the mark before the word, ``,`` or ``;`` or "".
        verbs: the verb that the word is, or None.
        days: whether the word belongs to a time expression of the calendar.
        roles: what the word may do, of ``cues``.
        quotes: whether words of somebody's were left out.
    """

    text: str
    low: list[str]
    start: list[int]
    end: list[int]
    marks: list[str]
    verbs: list[Verb | None]
    days: list[bool]
    roles: list[int]
    quotes: bool = False

    def __len__(self) -> int:
        return len(self.start)

    def is_number(self, at: int) -> bool:
        return self.low[at][:1].isdigit()

    def is_capital(self, at: int) -> bool:
        return at < len(self) and self.text[self.start[at]].isupper()


def read(sentence: str, days: Sequence[TimeExpression]) -> Words | None:
    """The words of ``sentence``; None for a question and for the words of a picture."""
    lists = cues()
    if lists.caption.search(sentence) or sentence.rstrip().endswith("?"):
        return None
    quotes = False
    begin = dateline.end() if (dateline := _DATELINE.match(sentence)) else 0
    text = " " * begin + sentence[begin:] if begin else sentence
    if _MARKED.search(text):
        text = _QUOTED.sub(_blank, text)
        quotes = any(mark in sentence and mark not in text for mark in _QUOTES)
    text = lists.credit.sub(_blank, text)
    words = _words(text, days, lists)
    words.quotes = quotes
    return _without_credits(words, lists)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _words(text: str, days: Sequence[TimeExpression], lists: Cues) -> Words:
    by_start = {verb.start: verb for verb in verbs(text)}
    words = Words(text, [], [], [], [], [], [], [])
    spans = iter([*((day.start, day.end) for day in days), (len(text), len(text))])
    first, last = next(spans)
    before = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        while start >= last:
            first, last = next(spans)
        low = match[0].lower()
        words.low.append(low)
        words.start.append(start)
        words.end.append(end)
        gap = text[before:start]
        words.marks.append("" if gap == " " else ";" if ";" in gap or ":" in gap else "," if "," in gap else "")
        words.verbs.append(by_start.get(start))
        words.days.append(start >= first)
        words.roles.append(lists.roles.get(low, 0))
        before = end
    words.low.append("")
    words.roles.append(0)
    return words


# ----------------------------------------------------------------------------------------------- who says it


def _without_credits(words: Words, lists: Cues) -> Words:
    """The words without ", police said on Tuesday" and its like: their day is that of the saying."""
    spans = []
    for at, verb in enumerate(words.verbs):
        if verb is not None and not verb.auxiliary and (verb.saying or verb.word in lists["worded_deed"]):
            span = _credit(words, at, lists)
            if span is not None:
                spans.append(span)
    if not spans:
        return words
    kept = [at for at in range(len(words)) if not any(first <= at < last for first, last in spans)]
    text = words.text
    for first, last in spans:
        start, end = words.start[first], words.end[last - 1]
        text = text[:start] + " " * (end - start) + text[end:]
    return Words(
        text,
        [*(words.low[at] for at in kept), ""],
        [words.start[at] for at in kept],
        [words.end[at] for at in kept],
        [words.marks[at] for at in kept],
        [words.verbs[at] for at in kept],
        [words.days[at] for at in kept],
        [*(words.roles[at] for at in kept), 0],
        words.quotes,
    )


def _credit(words: Words, at: int, lists: Cues) -> tuple[int, int] | None:
    """The words from a comma to the next mark that say no more than who says it."""
    first = _credit_start(words, at)
    if first is None:
        return None
    last = _credit_end(words, at, inverted=first == at)
    if last is None or last - at > _MOST_AFTER:
        return None
    told_before = any(verb is not None and verb.finite for verb in words.verbs[:first])
    between = last < len(words) and words.marks[last] == ","
    return (first, last) if told_before or between else None


def _credit_start(words: Words, at: int) -> int | None:
    """The first word after the comma that opens the credit; None when none does."""
    first = at
    while first > 0 and not words.marks[first]:
        first -= 1
        verb = words.verbs[first]
        if at - first > _MOST_BETWEEN or (verb is not None and (not verb.auxiliary or verb.word in lexicon()["be"])):
            return None
    if first == 0:
        return None
    if first < at:
        return None if words.roles[first] & (JOIN | RELATIVE | CLAUSE) else first
    ends = at + 1 >= len(words) or words.marks[at + 1] or words.days[at + 1] or words.roles[at + 1] & PREPOSITION
    return _apposed(words, at) if ends else at


def _apposed(words: Words, at: int) -> int | None:
    """The start of "the coach, Dr. Lena Holt, said": the comma before last."""
    first = at
    for _ in range(2):
        first -= 1
        while first > 0 and not words.marks[first] and words.verbs[first] is None:
            first -= 1
    return first if first > 0 and words.marks[first] and words.verbs[first] is None else None


def _credit_end(words: Words, at: int, *, inverted: bool) -> int | None:
    """The word after the credit; None when what is said follows."""
    last = at + 1
    if last == len(words) or words.marks[last]:
        return last
    plain = words.days[last] or words.roles[last] & PREPOSITION or words.low[last].endswith(tuple(lexicon()["adverb_ending"]))
    if not (plain or inverted or words.low[at] in cues()["told"]):
        return None
    while last < len(words) and not words.marks[last]:
        verb = words.verbs[last]
        reduced = verb is not None and not (verb.auxiliary or verb.helped) and words.roles[at + 1] & PREPOSITION
        if words.low[last] in cues()["that"] or (verb is not None and verb.finite and not reduced):
            return None
        last += 1
    return last
