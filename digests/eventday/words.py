"""A sentence as the words that tell its fact: without quotations, asides in brackets and the credit to its source."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from digests.dates import TimeExpression
from digests.eventday.cues import Cues, cues
from digests.verbs import Verb, parse

_QUOTED = re.compile(
    r"[\"“][^\"”“]{12,}(?:[\"”]|\Z)|``.{12,}?(?:''|\Z)|\([^)]*\)|\[[^\]]*\]| [–—-]{1,2} .*?(?: [–—-]{1,2} |\Z)|—.*?(?:—|\Z)",
    re.DOTALL,
)
_END_OF_QUOTE = re.compile(r"[^\"“”]*[,.!?][\"”]\s")  # the sentence began within it
# One set of characters first: so the engine skips to the next of them.
_MARKED = re.compile(r"[\"“”`(\[—–-](?:(?<![–-])|(?<= [–-]))")
_QUOTES = ('"', "“", "”", "``")
_DATELINE = re.compile(r"\s*(?:[A-Z][\w.'’/-]{0,30},? ){1,5}(?:\([^)]{1,30}\) )?(?:--?|—|–)\s+(?=[^\sa-z])")


@dataclass(slots=True)
class Words:
    """The words of a sentence, one list for each thing that is asked of them; word ``k`` is entry ``k`` of each.

    Args:
        text: the sentence, blanks in the place of what was left out; offsets stay true.
        low: in lower case.  It and ``roles`` have an empty entry more, so that a neighbour can be asked for on either side.
        marks: the mark before the word: ``,``, ``;``, ``:`` or "".
        verbs: the verb that the word is, or None.
        days: whether the word belongs to a time expression of the calendar.
        roles: what the word may do, of ``cues``.
        quotes: whether somebody's own words were left out.
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

    def may(self, at: int, roles: int) -> bool:
        """Whether the word may do one of ``roles``; the one after the last does nothing."""
        return at < len(self.roles) and self.roles[at] & roles != 0

    def ends(self, at: int) -> bool:
        """Whether the sentence has ended or a mark stands before the word."""
        return at >= len(self.start) or bool(self.marks[at])

    def is_capital(self, at: int) -> bool:
        return at < len(self.start) and self.text[self.start[at]].isupper()

    def without(self, spans: Sequence[tuple[int, int]]) -> Words:
        """The same less the words of ``spans``, first and one past the last."""
        kept = [at for at in range(len(self)) if not any(first <= at < last for first, last in spans)]
        text = self.text
        for first, last in spans:
            text = _blanked(text, self.start[first], self.end[last - 1])
        return Words(
            text,
            [*(self.low[at] for at in kept), ""],
            [self.start[at] for at in kept],
            [self.end[at] for at in kept],
            [self.marks[at] for at in kept],
            [self.verbs[at] for at in kept],
            [self.days[at] for at in kept],
            [*(self.roles[at] for at in kept), 0],
            self.quotes,
        )


def read(sentence: str, days: Sequence[TimeExpression]) -> Words | None:
    """The words of ``sentence`` less quotations, brackets and "according to X"; None for a question and a picture's words."""
    lists, low = cues(), sentence.lower()
    if sentence.rstrip().endswith("?") or any(cue in low for cue in lists["caption"]):
        return None
    text, quotes = sentence, False
    if (dateline := _DATELINE.match(sentence)) is not None:
        text = _blanked(text, 0, dateline.end())
    if _MARKED.search(text):
        text = _QUOTED.sub(_blank, _END_OF_QUOTE.sub(_blank, text, count=1) if _END_OF_QUOTE.match(text) else text)
        quotes = any(mark in sentence and mark not in text for mark in _QUOTES)
    if any(cue in low for cue in lists["credit"]):
        text = lists.credit.sub(_blank, text)
    return _words(text, days, lists, quotes=quotes)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _words(text: str, days: Sequence[TimeExpression], lists: Cues, *, quotes: bool) -> Words:
    low, spans, verbs, _ = parse(text)
    start, end = [first for first, _ in spans], [last for _, last in spans]
    marks, before = [""] * len(spans), -1
    for at, (first, last) in enumerate(spans):
        if first != before + 1:
            marks[at] = _mark(text[max(0, before) : first])
            if marks[at] == ":" and low[at][0].isdigit():
                marks[at] = ""  # "at 9: 25"
        before = last
    is_day = [False] * len(spans)
    for day in days:
        for at in range(bisect_left(start, day.start), bisect_left(start, day.end)):
            is_day[at] = True
    return Words(text, low, start, end, marks, verbs, is_day, lists.roles_of(low), quotes)


def _mark(gap: str) -> str:
    if ";" in gap:
        return ";"
    if ":" in gap:
        return ":"
    return "," if "," in gap else ""
