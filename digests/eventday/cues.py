"""The small words by which clauses and days are told apart, in the form in which each word of a sentence asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from digests.data import table

CLAUSE, RELATIVE, PHRASE, JOIN, PRONOUN, PREPOSITION, DETERMINER, NUMBER, COMPARED, AS = (1 << bit for bit in range(10))

_ROLES = {
    "clause": CLAUSE,
    "relative": RELATIVE,
    "phrase": PHRASE,
    "join": JOIN,
    "pronoun": PRONOUN,
    "preposition": PREPOSITION,
    "determiner": DETERMINER,
    "number": NUMBER,
    "compared_from": COMPARED,
    "as": AS,
}


class Cues:
    """The lists of one language, each also as an attribute of ``roles``."""

    def __init__(self, loaded: Mapping[str, Any]) -> None:
        self._lists = {name: frozenset(words) for name, words in loaded.items() if isinstance(words, list)}
        self.only_with: Mapping[str, Mapping[str, list[str]]] = {
            name: words for name, words in loaded.items() if isinstance(words, dict)
        }
        self.roles: dict[str, int] = {}
        for name, role in _ROLES.items():
            for word in loaded[name]:
                self.roles[word] = self.roles.get(word, 0) | role
        self.caption = re.compile("|".join(re.escape(words) for words in loaded["caption"]), re.IGNORECASE)
        self.credit = re.compile(rf"(?:, )?\b{any_of(loaded['credit'])}\b[^,]*", re.IGNORECASE)

    def __getitem__(self, name: str) -> frozenset[str]:
        return self._lists[name]


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of ``words``."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


@cache
def cues(language: str = "en") -> Cues:
    """The cues of ``language``."""
    return Cues(table(f"clauses.{language}.toml"))
