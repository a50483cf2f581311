"""Tells whether a sentence can be read without the ones before it."""

from __future__ import annotations

import re
from functools import cache

from digests.data import table
from digests.sentences import balanced


def reads_alone(sentence: str, earlier: str) -> bool:
    """Whether ``sentence`` makes sense to somebody who has not read ``earlier``, the text before it.

    Not so if it opens with a connective or a pronoun without its noun, takes up "a ferry" as "The ferry", says "also" of
    something untold, credits only "he", or is half of a quotation.

    Args:
        sentence: the words that will be shown, edits done.
    """
    if not balanced(sentence):
        return False
    text = sentence.strip().lstrip("\"“”‘'’`([«•*–—- ")
    small = text.lower()
    if _pattern("connectives").match(small) or _points_back(text, small) or _echoes(small):
        return False
    return not (earlier and _takes_up(text, earlier))


def _echoes(small: str) -> bool:
    """Whether "also", "too" or "as well" adds to something that was told before."""
    return (" also " in small or " too" in small or " as well" in small) and bool(_pattern("echoes").search(small))


def _points_back(text: str, small: str) -> bool:
    """Whether a pronoun or demonstrative looks for its noun in front of the sentence."""
    points = _pattern("pointers").match(small) or _pattern("late_pointers").match(small) or _unnamed_speaker(text, small)
    return bool(points) and not _pattern("empty").match(small)


def _unnamed_speaker(text: str, small: str) -> bool:
    """Whether the only speaker is a pronoun ("..., he said") and nobody opens the sentence who could be meant."""
    named = " he" in small or " she" in small or " they" in small or " it " in small
    if not named or not _pattern("unnamed").search(small):
        return False
    return not (text[:1].isupper() and text[1:2].islower() and small.split(" ", 1)[0] not in _small())


def _takes_up(text: str, earlier: str) -> bool:
    """Whether "The <noun>" takes up a noun of the text before: brought in with a/an, or one that always looks back."""
    found = _THE.match(text)
    if found is None:
        return False
    noun = found["noun"]
    return noun in _looking_back() or noun.endswith("-year-old") or _brought_in(noun, earlier)


def _brought_in(noun: str, earlier: str) -> bool:
    """Whether the text has the noun with a or an before it: "a rusty old ferry"."""
    at = -1
    for _ in range(_OFTEN):
        at = earlier.find(noun, at + 1)
        if at < 0:
            return False
        if _A.search(earlier, max(0, at - _FAR), at) and not earlier[at + len(noun) : at + len(noun) + 1].isalnum():
            return True
    return False


_A = re.compile(r"\b[Aa]n? (?:[\w'’-]+ ){0,3}\Z")
_FAR = 60  # characters: three words between an article and its noun
_OFTEN = 50  # times: what stands oftener in the text was brought in early or never
_MODIFIES = "of|for|in|that|who|which|on|to|between|behind|from|at"  # such words tell which one is meant
_THE = re.compile(
    rf"The (?:(?!\w+ed\b)[a-z0-9][\w-]* ){{0,2}}?(?P<noun>[a-z0-9][\w-]*)(?=,|['’]s?\b| (?!(?:{_MODIFIES})\b)[a-z]+)",
)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(table("alone.en.toml")[name], re.VERBOSE)


@cache
def _small() -> frozenset[str]:
    return frozenset(table("splitting.en.toml")["openers"])


@cache
def _looking_back() -> frozenset[str]:
    return frozenset(table("alone.en.toml")["looking_back"])
