"""Words of a text as things to count: content words, names, numbers, and the weight of a rare word."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import TypeVar

from digests import data

WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+|,\d+)*")
"""A word as it is written: "U.S", "co-owner's", "1,200" are one.  What is counted and compared are ``tokens``."""
_TOKEN = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_ASCII_TOKEN = re.compile(r"[a-z0-9]+(?:[.,][0-9]+)*")  # the same where there are no other letters, and quicker
_INSIDE_NUMBER = re.compile(r"[.,][0-9]")
_ONLY_WORDS = {code: chr(code) if chr(code).isalnum() else " " for code in range(128)}
"""Every mark a blank: where none stands inside a number, ASCII words are what lies between blanks, found in half the time."""
_PRINTED_MARKS = "’“”‘–—\u00a0…"
# What stands before the capital is asked last: from every letter of the text it would cost more than all the rest.
_NAME = re.compile(r"[A-Z](?<!\w[A-Z])(?<![.!?:\"“‘]\s[A-Z])(?<!^[A-Z])[\w'’-]*[\w]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORDS_KEPT = 50_000
_ENDINGS = (("ing", 6), ("ied", 5), ("ies", 5), ("ed", 5), ("es", 5), ("s", 4), ("e", 5), ("y", 5))  # with the least length
T = TypeVar("T")


@cache
def _function_words() -> frozenset[str]:
    return frozenset(word for line in data.lines("stopwords.en.txt") for word in line.split())


class PerWord(dict[str, T]):
    """What a function says of each word.  The same words come in every text, so its answers are kept, up to a number."""

    def __init__(self, ask: Callable[[str], T]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, word: str) -> T:
        if len(self) >= _WORDS_KEPT:
            self.clear()
        found = self[word] = self._ask(word)
        return found

    def each(self, words: Iterable[str]) -> Iterator[T]:
        """What it says of each of ``words``, in turn: quicker than to ask for one after the other, as all texts are."""
        return map(self.__getitem__, words)


@lru_cache(maxsize=_WORDS_KEPT)
def stem(word: str) -> str:
    """A word without its plural or verb ending: crude, but the same for "strike", "strikes" and "striking".

    >>> stem("strikes") == stem("striking") == stem("strike")
    True
    """
    if not word.endswith(("g", "d", "s", "e", "y")):  # half of all words
        return word
    for ending, least in _ENDINGS:
        if len(word) >= least and word.endswith(ending) and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


def forms(word: str) -> list[str]:
    """Everything that has the stem of a word, the word first; most of it is no word of any language, and found nowhere.

    >>> forms("mail")[:4]
    ['mail', 'mailing', 'mailied', 'mailies']
    """
    root = stem(word)
    found = dict.fromkeys([word, root, *(root + ending for ending, _ in _ENDINGS)])
    return [form for form in found if stem(form) == root]


def asked_for(phrase: Sequence[str]) -> list[list[str]]:
    """What who asks for a word or a phrase wants to find: these, and of a place its people too.

    Args:
        phrase: its words, folded (`digests.folding`).

    >>> asked_for(["iran"]), asked_for(["saudi", "arabia"]), asked_for(["south", "korea"])
    ([['iran'], ['iranian']], [['saudi', 'arabia'], ['saudi']], [['south', 'korea'], ['south', 'korean']])
    """
    listed: dict[str, list[str]] = data.table("peoples.en.toml")
    whole = [people.split() for people in listed.get(" ".join(phrase), ())]
    *before, last = phrase
    return [[*phrase], *(whole or ([*before, people] for people in listed.get(last, ())))]


def tokens(text: str) -> list[str]:
    """All words and numbers of a text, in order, in small letters."""
    small = text.lower()
    if not small.isascii():
        for mark in _PRINTED_MARKS:
            small = small.replace(mark, " ")
        if not small.isascii():
            return _TOKEN.findall(small)
    if _INSIDE_NUMBER.search(small):
        return _ASCII_TOKEN.findall(small)
    return small.translate(_ONLY_WORDS).split()


def content(text: str) -> list[str]:
    """The words that say what a text is about: stems, without function words, in order."""
    return telling(tokens(text))


def telling(tokens: Iterable[str]) -> list[str]:
    """The content words among the tokens of a text, for one who has these already."""
    return list(filter(None, _TELLING.each(tokens)))


def _telling(word: str) -> str:
    """What a word tells, its stem; "" for a function word and a lone letter."""
    return stem(word) if word not in _function_words() and (len(word) > 1 or word.isdigit()) else ""


_TELLING = PerWord(_telling)


def names(text: str) -> set[str]:
    """Capitalised words that do not open a sentence, as stems."""
    return {stem(name.lower().replace("’", "'").removesuffix("'s")) for name in _NAME.findall(text)}


def all_names(text: str) -> set[str]:
    """The same with the word that opens the text, where it is written with a capital elsewhere too.

    >>> all_names("Putin cancels Kyiv summit") == {"putin", "kyiv"}, all_names("Ferry sinks")
    (True, set())
    """
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return names(text) | (set() if written_small(first) else set(content(first)))


@cache
def calendar() -> frozenset[str]:
    """The stems of months and weekdays: they have capitals, and name neither somebody nor a place."""
    values = data.table("dates.en.toml")["values"]
    return frozenset(stem(name) for name in (*values["month"], *values["weekday"]))


def in_english(text: str) -> bool:
    """Whether a text is in the language of the word lists, as far as its small words tell; a few words tell nothing.

    English texts have half of their words in the list, at least one in eight; those of other languages that were counted at
    most one in nine, but for two.

    >>> in_english("Le ferry a quitté le port lundi matin avec tous les passagers, puis il a coulé devant les îles. " * 2)
    False
    """
    beginning = text[:_BEGINNING].lower().split()
    return len(beginning) < _ENOUGH or sum(map(_function_words().__contains__, beginning)) >= _ENGLISH * len(beginning)


_ENOUGH = 20  # words
_ENGLISH = 0.12


def has_capitals(text: str) -> bool:
    """Whether names, and so sentences too, begin with a capital in ``text``: not where it was written in small letters."""
    beginning = text[:_BEGINNING]
    enough = beginning.count(" ") // _RARE + 1
    return sum(1 for _ in islice(_CAPITAL_INSIDE.finditer(beginning), enough)) == enough


_BEGINNING = 3000  # characters, to tell how a text is written
_RARE = 60  # words to a capital inside a sentence: news has one in ten
_CAPITAL_INSIDE = re.compile(r"[a-z,] [A-Z][a-z]")


def written_small(word: str) -> bool:
    """Whether news mostly writes a word, or each part of "long-awaited", in small letters, so that a capital in a headline
    marks no name.

    >>> written_small("Gives"), written_small("Naxos")
    (True, False)
    """
    stems = content(word)
    return bool(stems) and not word.isupper() and _small_words().issuperset(stems)


@cache
def _small_words() -> frozenset[str]:
    return frozenset(data.lines("small_words.en.txt"))


def numbers(text: str) -> set[str]:
    """The numbers of a text as written, without thousands separators."""
    return {number.replace(",", "") for number in _NUMBER.findall(text)}


@cache
def _general_counts() -> tuple[int, dict[str, int]]:
    rows = [line.split() for line in data.lines("word_counts.en.txt")]
    return int(rows[0][1]), {word: int(count) for word, count in rows[1:]}


_IN_ALL_NEWS = 1 / 12
"""Share of the texts of general news: who stands in so many needs no introduction."""


def in_all_news(word: str) -> bool:
    """Whether a twelfth of all news texts hold a word (its stem), as they do the names of a few people."""
    total, counts = _general_counts()
    return counts.get(word, 0) >= _IN_ALL_NEWS * total


class Rarity:
    """How much a word tells: its inverse document frequency (Spärck Jones 1972, smoothed), never below 0.5.

    Counted over general news and, when given, over the texts at hand as well: in a large archive its own counts decide.
    """

    def __init__(self, documents: Iterable[Iterable[str]] = ()) -> None:
        total, self._counts = _general_counts()
        here: Counter[str] = Counter()
        for document in documents:
            here.update(set(document))
            total += 1
        self._total = total
        self._unseen = _weight(total, 1)
        self._here = {word: _weight(total, self._counts.get(word, 1) + count) for word, count in here.items()}

    def __getitem__(self, word: str) -> float:
        if not self._here:
            return _general().get(word, self._unseen)
        weight = self._here.get(word)
        if weight is not None:
            return weight
        return _weight(self._total, self._counts[word]) if word in self._counts else self._unseen

    def of(self, found: Iterable[str]) -> dict[str, float]:
        """How much each of the words tells."""
        if not self._here:
            known, unseen = _general(), self._unseen
            return {word: known.get(word, unseen) for word in found}
        here = self._here  # nearly every word that is asked for is of the texts at hand
        return {word: here[word] if word in here else self[word] for word in found}


class Tally:
    """How much a word tells among texts that come and go: as ``Rarity``, counted over general news and the texts at hand."""

    def __init__(self) -> None:
        self.texts = 0
        self._general_total, self._general = _general_counts()
        self._here: Counter[str] = Counter()

    def add(self, document: Iterable[str]) -> None:
        """Count a text by its words."""
        self._here.update(set(document))
        self.texts += 1

    def remove(self, document: Iterable[str]) -> None:
        """Take back a text that was counted."""
        for word in set(document):
            self._here[word] -= 1
            if not self._here[word]:
                del self._here[word]
        self.texts -= 1

    def holders(self, word: str) -> int:
        """How many of the texts at hand hold the word."""
        return self._here[word]

    def __getitem__(self, word: str) -> float:
        return _weight(self._general_total + self.texts, self._general.get(word, 1) + self._here[word])


def _weight(total: int, count: int) -> float:
    return math.log((total + 1) / (count + 0.5)) + 0.5


@cache
def _general() -> dict[str, float]:
    """The weights of the words of general news."""
    total, counts = _general_counts()
    return {word: _weight(total, count) for word, count in counts.items()}


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Cosine of the angle between two sparse vectors of length 1."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[word] for word, weight in one.items() if word in other)


def unit(vector: Mapping[str, float]) -> dict[str, float]:
    """The vector scaled to length 1; an empty one stays empty."""
    length = math.hypot(*vector.values())
    return {word: weight / length for word, weight in vector.items()} if length else {}
