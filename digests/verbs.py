"""Finds the verbs of a sentence and whether they look back or ahead, with word lists and endings instead of a parser.

News is written in few tenses, so that is enough to tell "was arrested on Friday" from "will meet on Friday".
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from digests.data import table

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class Tense(StrEnum):
    """Where a verb looks to."""

    PAST = "past"
    PRESENT = "present"
    FUTURE = "future"


class Verb(NamedTuple):
    """A word that works as a verb.

    Args:
        tense: where the word looks to.
        finite: it can be a clause's own verb: an auxiliary or a form like "fell"; "fallen" alone cannot.
        helped: an auxiliary stands before it ("was arrested").
        auxiliary: it is one itself.
        bearing: where its whole group looks to: "killed" in "has been killed" is PRESENT, in "will be killed" FUTURE.
    """

    start: int
    end: int
    word: str
    tense: Tense
    finite: bool = True
    helped: bool = False
    auxiliary: bool = False
    bearing: Tense = Tense.PAST

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
    words, scan = _words(), _Scan(sentence)
    kinds, before, end = words.kinds, "", -1
    for match in _WORD.finditer(sentence):
        start = match.start()
        if start != end + 1:  # a mark or a number stands between
            before = _NUMBER if sentence[start - 2 : start - 1].isdigit() else ""
        end = match.end()
        written = match[0]
        word = written.lower()
        kind = kinds.get(word) or (_PAST if word.endswith(words.past_ending) and len(word) > 3 and "-" not in word else "")
        if kind and scan.take(kind, written, word, before, start):
            pass
        elif scan.reach:
            scan.pass_by(written, word, start)
        before = word
    return tuple(scan.found)


def direction(found: tuple[Verb, ...], start: int, end: int) -> Tense | None:
    """Where the verb nearest to the span looks to: the last one before it, else the first one after; None without one."""
    nearest = None
    for verb in found:
        if verb.end <= start:
            nearest = verb
        elif verb.start >= end:
            return (nearest or verb).tense
    return nearest.tense if nearest else None


_PAST, _PARTICIPLE, _AHEAD, _TIMETABLE, _PRESENT = "past", "participles", "ahead", "timetable", "present"
_AUXILIARY = {
    "auxiliary_past": Tense.PAST,
    "auxiliary_present": Tense.PRESENT,
    "auxiliary_future": Tense.FUTURE,
    "auxiliary_bare": Tense.PRESENT,
}
_NUMBER = "0"  # stands for any number before a word
_REACH = 4  # words, from an auxiliary to the verb that it helps


class _Words:
    """The lists in the form that is asked for at each word."""

    def __init__(self, lists: dict[str, frozenset[str]]) -> None:
        self.past_ending, self.gerund_ending, self.adverb_ending, self.possessive_ending = (
            tuple(lists[f"{name}_ending"]) for name in ("past", "gerund", "adverb", "possessive")
        )
        self.lists = lists
        self.noun_follows = lists["determiner"] | lists["preposition"]
        self.kinds = self._kinds()

    def _kinds(self) -> dict[str, str]:
        """What each word of the lists is, the first list that has it deciding; "" for what only looks like a verb."""
        order = [*_AUXILIARY, _AHEAD, "never", _PARTICIPLE, "irregular", _TIMETABLE, _PRESENT, "saying"]
        kinds: dict[str, str] = {}
        for name in order:
            kind = {"irregular": _PAST, "saying": _PRESENT}.get(name, name)
            for word in self.lists[name]:
                past = word.endswith(self.past_ending) and kind == _PRESENT
                kinds.setdefault(word, _PAST if past else kind)
        return kinds


@cache
def _words(language: str = "en") -> _Words:
    return _Words(lexicon(language))


class _Scan:
    """One pass over one sentence.

    ``reach`` is how many words further the last auxiliary may still help a verb; ``helper`` is what that one makes of its verb.
    """

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence
        self._words = _words()
        self.found: list[Verb] = []
        self.reach = 0
        self._helper = self._bears = Tense.PRESENT

    def take(self, kind: str, written: str, word: str, before: str, start: int) -> bool:
        """Add the word if it is a verb here."""
        if (tense := _AUXILIARY.get(kind)) is not None:
            if written == "May":
                return False
            self._take_auxiliary(kind, word, tense, before, start)
            return True
        if kind == "never" or (written[0].isupper() and start > 0) or self._describes(before):
            return False
        own = self._tense(kind, word, before, start)
        if own is not None:
            self._take_verb(kind, word, own, before, start)
        return own is not None

    def _describes(self, before: str) -> bool:
        """Whether a noun or what belongs to one follows the word."""
        return before in self._words.noun_follows or before.endswith(self._words.possessive_ending)

    def pass_by(self, written: str, word: str, start: int) -> None:
        """Count a word that is no verb by itself; after "will" any plain word is one."""
        lists = self._words.lists
        if (
            self._helper is Tense.FUTURE
            and written.islower()
            and not word.endswith(self._words.adverb_ending)
            and word not in lists["small"]
        ):
            self.found.append(
                Verb(start, start + len(word), word, Tense.FUTURE, helped=True, bearing=self._bears)
            )
            self.reach = 0
        else:
            done = word in lists["determiner"] or word.endswith(self._words.gerund_ending)
            self.reach = 0 if done else self.reach - 1

    def _take_auxiliary(self, kind: str, word: str, tense: Tense, before: str, start: int) -> None:
        end, helped, sentence, lists = start + len(word), self.reach > 0, self._sentence, self._words.lists
        if helped and (self._helper is Tense.FUTURE or kind == "auxiliary_bare"):
            tense = self._helper
        if word in lists["past_when_denied"] and _next_word(sentence, end) in lists["denial"]:
            tense = Tense.PAST
        bears = tense
        if helped:  # "may have been" looks back
            bears = Tense.PAST if word in lists["perfect"] and self._helper is Tense.FUTURE else self._bears
        elif word in lists["perfect"] and before in lists["infinitive"]:
            bears = Tense.PAST  # "is said to have died on Friday"
        self.found.append(Verb(start, end, word, tense, True, helped, True, bears))
        going = word in lists["be"] and _next_word(sentence, end) in lists["infinitive"]
        self._helper, self._bears = (Tense.FUTURE, Tense.FUTURE) if going else (tense, bears)
        self.reach = _REACH

    def _take_verb(self, kind: str, word: str, tense: Tense, before: str, start: int) -> None:
        helped, end, lists = self.reach > 0, start + len(word), self._words.lists
        finite = helped or (kind != _PARTICIPLE and word not in lists["never_finite"] and before not in lists["infinitive"])
        bearing = self._bears if helped and tense is not Tense.FUTURE else tense
        if helped and self._helper is Tense.FUTURE:
            tense = Tense.FUTURE
        self.found.append(Verb(start, end, word, tense, finite, helped, False, bearing))
        leads_on = kind == _AHEAD and _next_word(self._sentence, end) in lists["infinitive"]
        self.reach = _REACH - 1 if leads_on else 0
        if leads_on:
            self._helper = self._bears = Tense.FUTURE

    def _tense(self, kind: str, word: str, before: str, start: int) -> Tense | None:
        """The tense of the word by itself; None where it is no verb here."""
        lists = self._words.lists
        if word in lists["ahead_before"] and _next_word(self._sentence, start + len(word)) in lists["ahead_follows"]:
            kind = _AHEAD
        if kind == _AHEAD:
            return None if word in lists["plural"] and self.found and self.found[-1].end == start - 1 else Tense.FUTURE
        if kind in (_TIMETABLE, _PRESENT) and start == 0:
            return None  # "Work on the dam", "Reports of"
        if kind in (_TIMETABLE, _PRESENT) and word.endswith("s") and (before == _NUMBER or before in lists["number"]):
            return None
        if kind == _PRESENT and word.endswith(self._words.gerund_ending):
            return None
        if kind == _TIMETABLE:
            return self._timetable(word, before)
        return Tense.PRESENT if kind == _PRESENT else Tense.PAST

    def _timetable(self, word: str, before: str) -> Tense | None:
        """The tense of "opens" or "are meeting": ahead, unless it is another part of speech here."""
        lists = self._words.lists
        if word.endswith(self._words.gerund_ending):
            return Tense.FUTURE if before in lists["progressive"] else None
        if word in lists["never_noun"] and before not in lists["infinitive"]:
            return Tense.FUTURE
        if word.endswith("s") or before.endswith("s") or before in lists["plural_subject"]:
            return Tense.FUTURE
        return Tense.PRESENT if word in lists["present"] else None


def _next_word(sentence: str, end: int) -> str:
    """The word after the blank at ``end``, in lower case; "" where a mark stands."""
    if sentence[end : end + 1] != " ":
        return ""
    return sentence[end + 1 : end + 12].split(" ", 1)[0].lower()
