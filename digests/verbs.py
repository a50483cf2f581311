"""Parts a sentence into words and finds its verbs and whether they look back or ahead, with word lists instead of a parser.

News is written in few tenses, so that is enough to tell "was arrested on Friday" from "will meet on Friday".
The lists are data (``digests/data/verbs.<language>.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple

from digests.data import table
from digests.words import PerWord

_WORD = re.compile(r"[^\W\d_]\w*(?:['’-]\w+)*|\d+(?:[.,:]\d+)*(?:[^\W\d_]+)?")
_ASCII_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:['-][A-Za-z0-9_]+)*|[0-9]+(?:[.,:][0-9]+)*[A-Za-z]*")
"""The same where there are no other letters, and quicker."""
_REMEMBERED = 64
"""Sentences: the tense of one is asked for day by day, and then its clauses are.  Few articles have more that tell a time, and
more of them would crowd the processor's cache."""


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
    finite: bool
    helped: bool
    auxiliary: bool
    bearing: Tense

    @property
    def saying(self) -> bool:
        """Whether it is a word of saying, after which the fact is what is said."""
        return self.word in lexicon()["saying"]


@cache
def lexicon(language: str = "en") -> dict[str, frozenset[str]]:
    """The word lists of ``language`` by name."""
    loaded: dict[str, Any] = table(f"verbs.{language}.toml")
    return {name: frozenset(words) for name, words in loaded.items()}


class Parsed(NamedTuple):
    """The words of a sentence, one list for each thing that is asked of them.  It is shared, so it is only to be read.

    Args:
        low: in lower case, with an empty one more, so that the neighbours of the first and the last can be asked for.
        spans: offsets of the sentence, in code points.
        verbs: the verb that the word is, or None.
        found: the verbs alone.
    """

    low: list[str]
    spans: list[tuple[int, int]]
    verbs: list[Verb | None]
    found: tuple[Verb, ...]


def parse(sentence: str) -> Parsed:
    """The words of ``sentence`` and which of them are verbs."""
    return _parse(sentence.rstrip(" ."))  # one with its full stop is the same as one without


@lru_cache(maxsize=_REMEMBERED)
def _parse(sentence: str) -> Parsed:
    scan = _Scan(sentence, _words())
    found = list(scan.run())
    return Parsed([*scan.low, ""], scan.spans, found, tuple(verb for verb in found if verb is not None))


def verbs(sentence: str) -> tuple[Verb, ...]:
    """The verbs of ``sentence`` in order; offsets are code points of it.

    >>> [(verb.word, verb.tense.value) for verb in verbs("The court, which sat on Monday, will rule in May.")]
    [('sat', 'past'), ('will', 'future'), ('rule', 'future')]
    """
    return parse(sentence).found


def first_verbs(sentence: str) -> Iterator[Verb]:
    """The same one by one, for one who asks only for the first: what stands behind them is not read."""
    return filter(None, _Scan(sentence.rstrip(" ."), _words()).run())


def direction(found: Iterable[Verb], start: int, end: int) -> Tense | None:
    """Where the verb nearest to the span looks to: the last one before it, else the first one after; None without one."""
    nearest = None
    for verb in found:
        if verb.end <= start:
            nearest = verb
        elif verb.start >= end:
            return (nearest or verb).tense
    return nearest.tense if nearest else None


# ------------------------------------------------------------------------------------------------- what words may be

_PAST, _PARTICIPLE, _AHEAD, _TIMETABLE, _PRESENT = "past", "participles", "ahead", "timetable", "present"
_AUXILIARY = {
    "auxiliary_past": Tense.PAST,
    "auxiliary_present": Tense.PRESENT,
    "auxiliary_future": Tense.FUTURE,
    "auxiliary_bare": Tense.PRESENT,
}
_NO_VERB = ""  # looks like one and is none
_NUMBER = "0"  # stands for any number before a word
_SHORTEST_PAST = 3  # letters; what is in -ed and no longer is a name
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
        self.kind_of = PerWord(self._kind)

    def _kinds(self) -> dict[str, str]:
        """What each word of the lists is, the first list that has it deciding."""
        order = [*_AUXILIARY, _AHEAD, "never", _PARTICIPLE, "irregular", _TIMETABLE, _PRESENT, "saying"]
        kinds: dict[str, str] = {}
        for name in order:
            kind = {"irregular": _PAST, "saying": _PRESENT, "never": _NO_VERB}.get(name, name)
            for word in self.lists[name]:
                past = word.endswith(self.past_ending) and kind == _PRESENT
                kinds.setdefault(word, _PAST if past else kind)
        return kinds

    def _kind(self, word: str) -> str:
        """What a word may be, in the lists or by its ending; "" for no verb."""
        kind = self.kinds.get(word)
        if kind is not None:
            return kind
        past = word.endswith(self.past_ending) and len(word) > _SHORTEST_PAST and "-" not in word
        return _PAST if past else _NO_VERB


@cache
def _words(language: str = "en") -> _Words:
    return _Words(lexicon(language))


# --------------------------------------------------------------------------------------------------------- the pass


class _Scan:
    """One pass over the words of one sentence, which reads them as it goes: ``low`` and ``spans`` hold those read so far.

    ``_reach`` is how many words further the last auxiliary may still help a verb; ``_helper`` is the tense that it gives to
    that verb, ``_bears`` the bearing.
    """

    def __init__(self, sentence: str, words: _Words) -> None:
        self.low: list[str] = []
        self.spans: list[tuple[int, int]] = []
        self._sentence, self._words, self._lists = sentence, words, words.lists
        self._last: Verb | None = None
        self._reach = 0
        self._helper = self._bears = Tense.PRESENT
        self._helper_end = 0

    def run(self) -> Iterator[Verb | None]:
        """The verb that each word is, or None, in turn."""
        kind_of = self._words.kind_of
        sentence, lowered = self._sentence, self._sentence.lower()
        grown = len(lowered) != len(sentence)  # by a letter such as "İ"
        for at, match in enumerate((_ASCII_WORD if sentence.isascii() else _WORD).finditer(sentence)):
            start, end = span = match.span()
            word = sentence[start:end].lower() if grown else lowered[start:end]
            self.spans.append(span)
            self.low.append(word)
            kind = kind_of[word]
            verb = self._verb(at, kind, word) if kind else None
            if verb is None and self._reach:
                verb = self._helped_word(at, word)
            if verb is not None:
                self._last = verb
            yield verb

    def _verb(self, at: int, kind: str, word: str) -> Verb | None:
        """The verb that a word of the lists is here, if it is one."""
        start, end = self.spans[at]
        capital, before = self._sentence[start].isupper(), self._before(at, start)
        if (tense := _AUXILIARY.get(kind)) is not None:
            return None if capital and word in self._lists["month"] else self._auxiliary(kind, word, tense, before, start, end)
        if (capital and start > 0) or self._describes(at, before):
            return None
        own = self._tense(kind, word, before, start, end)
        return self._plain(kind, word, own, before, start, end) if own is not None else None

    def _describes(self, at: int, before: str) -> bool:
        """Whether the word only describes a noun: "the arrested man", "the newly arrested man", "its planned sale"."""
        if at > 1 and before.endswith(self._words.adverb_ending) and before not in self._lists["no_adverb"]:
            return self.low[at - 2] in self._words.noun_follows
        owner = before.endswith(self._words.possessive_ending) and before not in self._words.kinds  # not "it's closed"
        return owner or before in self._words.noun_follows

    def _helped_word(self, at: int, word: str) -> Verb | None:
        """Count a word that is no verb by itself; after "will" any plain word is one."""
        start, end = self.spans[at]
        lists, written = self._lists, self._sentence[start:end]
        if written[0].isdigit():
            return None
        adverb = word.endswith(self._words.adverb_ending)
        if self._helper is Tense.FUTURE and written.islower() and not adverb and word not in lists["small"]:
            self._reach = 0
            return Verb(start, end, word, Tense.FUTURE, True, True, False, self._bears)
        done = word in lists["determiner"] or word.endswith(self._words.gerund_ending)
        self._reach = 0 if done else self._reach - 1
        return None

    def _before(self, at: int, start: int) -> str:
        """The word before, in lower case; "" where a mark stands between, a stand-in for a number."""
        if at == 0 or self.spans[at - 1][1] != start - 1:
            return ""
        before = self.low[at - 1]
        return _NUMBER if before[0].isdigit() else before

    def _auxiliary(self, kind: str, word: str, tense: Tense, before: str, start: int, end: int) -> Verb:
        lists, perfect = self._lists, word in self._lists["perfect"]
        helped = self._reach > 0 and (kind == "auxiliary_bare" or word in lists["helped_auxiliary"])
        if helped and (self._helper is Tense.FUTURE or kind == "auxiliary_bare"):
            tense = self._helper
        if word in lists["past_when_denied"] and self._next_word(end) in lists["denial"]:
            tense = Tense.PAST
        bears = tense
        if helped:  # "may have been" looks back
            bears = Tense.PAST if perfect and self._helper is Tense.FUTURE else self._bears
        elif perfect and before in lists["infinitive"]:
            bears = Tense.PAST  # "is said to have died on Friday"
        leads_on = word in lists["be"] and self._next_word(end) in lists["infinitive"]
        self._helper, self._bears = (Tense.FUTURE, Tense.FUTURE) if leads_on else (tense, bears)
        self._reach, self._helper_end = _REACH, end
        return Verb(start, end, word, tense, True, helped, True, bears)

    def _plain(self, kind: str, word: str, tense: Tense, before: str, start: int, end: int) -> Verb:
        helped, lists = self._reach > 0 and not self._set_apart(start), self._lists
        finite = helped or not (kind == _PARTICIPLE or word in lists["never_finite"] or before in lists["infinitive"])
        bearing = self._bears if helped and tense is not Tense.FUTURE else tense
        if helped and self._helper is Tense.FUTURE:
            tense = Tense.FUTURE
        self._reach = 0
        if kind == _AHEAD and self._next_word(end) in lists["infinitive"]:
            self._reach, self._helper, self._bears = _REACH - 1, Tense.FUTURE, Tense.FUTURE
        return Verb(start, end, word, tense, finite, helped, False, bearing)

    def _set_apart(self, start: int) -> bool:
        """Whether a comma parts the verb from the auxiliary before: "who is 82, handed"; not so in "was, however, freed"."""
        return self._sentence[start - 2 : start - 1] == "," and self._sentence[self._helper_end : self._helper_end + 1] != ","

    def _tense(self, kind: str, word: str, before: str, start: int, end: int) -> Tense | None:
        """The tense of the word by itself; None where it is no verb here."""
        lists = self._lists
        if word in lists["ahead_before"] and self._next_word(end) in lists["ahead_follows"]:
            kind = _AHEAD
        if kind == _AHEAD:
            after_verb = self._last is not None and self._last.end == start - 1
            return None if after_verb and word in lists["plural"] else Tense.FUTURE
        if kind not in (_TIMETABLE, _PRESENT):
            return Tense.PAST
        if start == 0:
            return None  # "Work on the dam", "Reports of"
        if word.endswith("s") and (before == _NUMBER or before in lists["number"]):
            return None
        if kind == _TIMETABLE:
            return self._timetable(word, before)
        return None if word.endswith(self._words.gerund_ending) else Tense.PRESENT

    def _timetable(self, word: str, before: str) -> Tense | None:
        """The tense of "opens" or "are meeting": ahead, unless it is another part of speech here."""
        lists = self._lists
        if word.endswith(self._words.gerund_ending):
            return Tense.FUTURE if before in lists["progressive"] else None
        if word in lists["never_noun"] and before not in lists["infinitive"]:
            return Tense.FUTURE
        if word.endswith("s") or before.endswith("s") or before in lists["plural_subject"]:
            return Tense.FUTURE
        return Tense.PRESENT if word in lists["present"] else None

    def _next_word(self, end: int) -> str:
        """The word after the blank at ``end``, in lower case; "" where a mark stands."""
        if self._sentence[end : end + 1] != " ":
            return ""
        return self._sentence[end + 1 : end + 12].split(" ", 1)[0].lower()
