"""Finds the verbs of a sentence and whether they look back or ahead, with word lists and endings instead of a parser.

News is written in few tenses, so that is enough to tell "was arrested on Friday" from "will meet on Friday".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from digests.data import table

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PLURAL = frozenset(["they", "we", "people"])
_BE = frozenset(["is", "are", "be", "also", "not"])
_IS_TO = re.compile(r"(?:is|are|was|were) to ")


class Tense(StrEnum):
    """Where a verb looks to."""

    PAST = "past"
    PRESENT = "present"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Verb:
    """A word that works as a verb.

    Args:
        finite: it can be a clause's own verb: an auxiliary or a form like "fell"; "fallen" alone cannot.
        helped: an auxiliary stands before it ("was arrested").
        auxiliary: it is one itself.
    """

    start: int
    end: int
    word: str
    tense: Tense
    finite: bool = True
    helped: bool = False
    auxiliary: bool = False

    @property
    def saying(self) -> bool:
        """Whether it is a word of saying, after which the fact is what is said."""
        return self.word in lexicon()["saying"]


@cache
def lexicon(language: str = "en") -> dict[str, frozenset[str]]:
    """The word lists of ``language`` by name."""
    loaded: dict[str, Any] = table(f"verbs.{language}.toml")
    return {name: frozenset(words) for name, words in loaded.items()}


def verbs(sentence: str) -> tuple[Verb, ...]:
    """The verbs of ``sentence`` in order; offsets are code points of it.

    >>> [(verb.word, verb.tense.value) for verb in verbs("The court, which sat on Monday, will rule in May.")]
    [('sat', 'past'), ('will', 'future'), ('rule', 'future')]
    """
    lists, found = lexicon(), []
    before, help_left, helper = "", 0, Tense.PRESENT
    for match in _WORD.finditer(sentence):
        written = match[0]
        word = written.lower()
        verb = _verb(match, word, before, lists)
        if verb is not None and verb.auxiliary:
            ahead = help_left and helper is Tense.FUTURE
            tense = Tense.FUTURE if ahead else verb.tense
            if word in lists["auxiliary_bare"] and help_left:
                tense = helper
            if word == "could" and sentence[verb.end : verb.end + 4] == " not":
                tense = Tense.PAST
            found.append(Verb(verb.start, verb.end, word, tense, auxiliary=True, helped=bool(help_left)))
            help_left, helper = 4, Tense.FUTURE if _IS_TO.match(sentence, verb.start) else tense
        elif verb is not None:
            helped = help_left > 0
            tense = helper if helped and helper is Tense.FUTURE and verb.tense is not Tense.FUTURE else verb.tense
            found.append(Verb(verb.start, verb.end, word, tense, finite=verb.finite or helped, helped=helped))
            leads_on = verb.tense is Tense.FUTURE and sentence.startswith(" to ", verb.end)
            help_left, helper = (3, Tense.FUTURE) if leads_on else (0, helper)
        elif (
            help_left
            and (helper is Tense.FUTURE)
            and written.islower()
            and not word.endswith("ly")
            and word not in lists["small"]
        ):
            found.append(Verb(match.start(), match.end(), word, Tense.FUTURE, helped=True))
            help_left = 0
        else:
            help_left = max(0, help_left - 1) if word not in lists["determiner"] else 0
        before = word
    return tuple(found)


def _verb(match: re.Match[str], word: str, before: str, lists: dict[str, frozenset[str]]) -> Verb | None:
    kind = _kinds().get(word) or ("past" if word.endswith("ed") and len(word) > 3 and "-" not in word else None)
    if kind is None or kind == "never":
        return None
    start, end = match.span()
    tense = _TENSES.get(kind)
    if tense is not None:
        return None if match[0] == "May" else Verb(start, end, word, tense, auxiliary=True)
    if match[0][0].isupper() and start > 0:
        return None
    described = before in lists["determiner"]
    if kind == "ahead" or (word == "set" and re.match(r"\s(?:to|for)\s", match.string[end : end + 5])):
        noun = described or (word == "plans" and before.endswith("ed"))
        return None if noun else Verb(start, end, word, Tense.FUTURE)
    if described:
        return None
    if kind == "timetable":
        tense = _timetable(word, before, lists)
        return Verb(start, end, word, tense) if tense else None
    if kind == "present":
        return Verb(start, end, word, Tense.PRESENT)
    return Verb(start, end, word, Tense.PAST, finite=kind != "participles")


_TENSES = {
    "auxiliary_past": Tense.PAST,
    "auxiliary_present": Tense.PRESENT,
    "auxiliary_future": Tense.FUTURE,
    "auxiliary_bare": Tense.PRESENT,
}


def _timetable(word: str, before: str, lists: dict[str, frozenset[str]]) -> Tense | None:
    """The tense of "opens" or "are meeting": ahead, unless it is another part of speech here."""
    if word.endswith("ing"):
        return Tense.FUTURE if before in _BE else None
    if word.endswith("s") or before.endswith("s") or before in _PLURAL:
        return Tense.FUTURE
    return Tense.PRESENT if word in lists["present"] else None


@cache
def _kinds() -> dict[str, str]:
    """What each word of the lists is, the first list that has it deciding."""
    order = [*_TENSES, "ahead", "never", "participles", "irregular", "timetable", "present", "saying"]
    kinds: dict[str, str] = {}
    for name in order:
        for word in lexicon()[name]:
            ends_past = word.endswith("ed") and name in ("present", "saying")
            kinds.setdefault(word, "past" if ends_past else "present" if name == "saying" else name)
    return kinds


def direction(found: tuple[Verb, ...], start: int, end: int) -> Tense | None:
    """Where the verb nearest to the span looks to: the last one before it, else the first one after; None without one."""
    left = [verb for verb in found if verb.end <= start]
    if left:
        return left[-1].tense
    right = [verb for verb in found if verb.start >= end]
    return right[0].tense if right else None
