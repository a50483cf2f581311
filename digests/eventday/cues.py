"""The small words by which clauses and days are told apart, in the form in which each word of a sentence asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from digests.data import table
from digests.verbs import lexicon
from digests.words import PerWord

(
    CLAUSE,
    RELATIVE,
    PHRASE,
    AS,
    COMPARED,
    WITH,
    JOIN,
    PRONOUN,
    SUBJECT,
    OBJECT,
    PREPOSITION,
    DETERMINER,
    NUMBER,
    DIGITS,
    ADVERB,
    ING,
    TO,
    BE,
    BY,
) = (1 << bit for bit in range(19))
"""What a word may do, as bits: a word can do several."""

_LISTED = {
    "clause": CLAUSE,
    "relative": RELATIVE,
    "phrase": PHRASE,
    "as": AS,
    "compared_from": COMPARED,
    "with": WITH,
    "join": JOIN,
    "pronoun": PRONOUN,
    "subject": SUBJECT,
    "object": OBJECT,
    "preposition": PREPOSITION,
    "determiner": DETERMINER,
    "number": NUMBER,
    "adverb": ADVERB,
}
_LISTED_WITH_VERBS = {"infinitive": TO, "be": BE, "by": BY}

OPENERS = CLAUSE | RELATIVE | PHRASE | AS
"""They may open a clause or phrase that tells of something else."""


class Cues(dict[str, frozenset[str]]):
    """The lists of one language, each by its name, and what each word may do.

    Args:
        only_with: for some words those that must, or must not, stand beside them.
    """

    def __init__(self, loaded: Mapping[str, Any], verbs: Mapping[str, frozenset[str]]) -> None:
        super().__init__({name: frozenset(words) for name, words in loaded.items() if isinstance(words, list)})
        self.only_with: Mapping[str, Mapping[str, list[str]]] = {
            name: words for name, words in loaded.items() if isinstance(words, dict)
        }
        self._adverb_ending, self._gerund_ending = tuple(verbs["adverb_ending"]), tuple(verbs["gerund_ending"])
        self._listed = dict.fromkeys(verbs["no_adverb"], 0)
        listed = [(loaded[name], role) for name, role in _LISTED.items()]
        listed += [(verbs[name], role) for name, role in _LISTED_WITH_VERBS.items()]
        for words, role in listed:
            for word in words:
                self._listed[word] = self._role(word) | role
        self._roles = PerWord(self._role)
        self.credit = re.compile(rf"(?:, )?\b{any_of(loaded['credit'])}\b[^,]*", re.IGNORECASE)

    def roles_of(self, words: Iterable[str]) -> list[int]:
        """What each of ``words``, in lower case, may do."""
        return list(self._roles.each(words))

    def _role(self, word: str) -> int:
        if (role := self._listed.get(word)) is not None:
            return role
        if word.endswith(self._gerund_ending):
            return ING
        return ADVERB if word.endswith(self._adverb_ending) else DIGITS if word[:1].isdigit() else 0


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of ``words``."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


@cache
def cues(language: str = "en") -> Cues:
    """The cues of ``language``."""
    return Cues(table(f"clauses.{language}.toml"), lexicon(language))
