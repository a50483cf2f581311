"""Tells hard news, which concerns everybody's safety, state and money, from what is soft: sport, culture, leisure, a hobby.

Newspapers have long put the one before the other (Tuchman 1973, "Making News by Doing Work").  Among stories that one outlet
tells, it is what they have in place of the number of outlets.
"""

from __future__ import annotations

from functools import cache

from digests import data, words

_ENOUGH = 2
"""Different words of hard news in a headline with its first sentence."""


def share(text: str) -> float:
    """How far a headline with its first sentence is of hard news: 0, 0.5 with one word of it, 1 with more or one beyond doubt.

    Words count as they are written, for "policies" has the stem of "police"; several forms of one count once.

    >>> share("Rebels flee. Soldiers were killed."), share("Court fines Roe"), share("Five art exhibitions")
    (1.0, 0.5, 0.0)
    >>> share("Cyclone nears Ostby")
    1.0
    """
    found = _listed().intersection(words.tokens(text))
    if not found.isdisjoint(_topics()["beyond_doubt"]):
        return 1.0
    return min(1.0, len({words.stem(word) for word in found}) / _ENOUGH)


@cache
def _topics() -> dict[str, list[str]]:
    topics: dict[str, list[str]] = data.table("public_affairs.en.toml")
    return topics


@cache
def _listed() -> frozenset[str]:
    return frozenset(word for listed in _topics().values() for word in listed)
