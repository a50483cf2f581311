"""Which articles a query wants, and how far a text is about its words.

Words are those that a search of the archive sees (`digests.folding`), and a word is found in each of its forms, by its stem
(`digests.words.stem`): "strike" in "striking"; of a place its people are found too: "Iran" in "Iranians".  So what a digest is
about and what a search finds agree, but for two things: a search looks through the whole text, also where an article makes no
claim (for words that must not occur too), and in a phrase it lets only the last word vary.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from digests import words
from digests.folding import words_of
from digests.model import Query, Understood


def matches(query: Query, understood: Understood) -> bool:
    """Whether an article is about the words of a query: each occurs in its headline or in one of its claims, and none occurs
    there of those that must not.

    A phrase occurs within one of these, not across two.  What has no letter or digit occurs nowhere.
    """
    if not query.words and not query.without:
        return True
    quotes = (claim.citation.quote for claim in understood.claims)
    return told(query.words, (understood.article.title, *quotes), without=query.without)


def told(wanted: Iterable[str], texts: Iterable[str], *, without: Iterable[str] = ()) -> bool:
    """Whether each word or phrase occurs in one of the texts, and none of those that must not in any."""
    read = [_Told(text) for text in texts]
    return all(any(text.holds(word) for text in read) for word in wanted) and not any(
        text.holds(word) for word in without for text in read
    )


def share(query: Query, text: str) -> float:
    """What share of the words of a query a text holds, 0 for a query without words or where a word occurs that must not."""
    if not query.words:
        return 0.0
    read = _Told(text)
    if any(read.holds(word) for word in query.without):
        return 0.0
    return sum(read.holds(word) for word in query.words) / len(query.words)


class _Told:
    """The words of a text, and their stems, with one space around each, so that only whole words are found in it."""

    def __init__(self, text: str) -> None:
        folded = words_of(text)
        self._words = _spaced(folded)
        self._stems = _spaced(map(words.stem, folded))

    def holds(self, word: str) -> bool:
        sought, beginning = _sought(word)
        inside = self._words if beginning else self._stems
        return any(each in inside for each in sought)


@lru_cache(maxsize=1_000)
def _sought(word: str) -> tuple[tuple[str, ...], bool]:
    """What is looked for, any of it: the stems of a word or phrase, or as it is written where it is a beginning; none for
    nothing."""
    folded = words_of(word)
    if not folded:
        return (), False
    if word.endswith("*"):
        return (_spaced(folded)[:-1],), True
    return tuple(_spaced(map(words.stem, each)) for each in words.asked_for(folded)), False


def _spaced(folded: Iterable[str]) -> str:
    return f" {' '.join(folded)} "
