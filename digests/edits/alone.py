"""Tells whether a sentence can be read without the ones before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from digests.data import table
from digests.sentences import balanced


def reads_alone(sentence: str, earlier: Sequence[str]) -> bool:
    """Whether ``sentence`` makes sense to somebody who has not read ``earlier``, the sentences before it.

    Not so if it opens with a connective or a pronoun without its noun, takes up "a ferry" as "The ferry", says "also" of
    something untold, credits only "he", or is half of a quotation.

    Args:
        sentence: the words that will be shown, edits done.
    """
    if not balanced(sentence):
        return False
    text = sentence.strip().lstrip("\"“”‘'’`([«•*–—- ")
    if _pattern("connectives").match(text) or _points_back(text) or _echoes(text):
        return False
    return not (earlier and _takes_up(text, earlier))


def _echoes(text: str) -> bool:
    """Whether "also", "too" or "as well" adds to something that was told before."""
    return any(word in text for word in (" also ", " too", " as well")) and bool(_pattern("echoes").search(text))


def _points_back(text: str) -> bool:
    """Whether a pronoun or demonstrative looks for its noun in front of the sentence."""
    if _pattern("empty").match(text):
        return False
    return any(_pattern(name).match(text) for name in ("pointers", "late_pointers")) or _unnamed_speaker(text)


def _unnamed_speaker(text: str) -> bool:
    """Whether the only speaker is a pronoun ("..., he said") and nobody opens the sentence who could be meant."""
    found = _pattern("unnamed").search(text)
    first = text.split(" ", 1)[0].lower()
    return bool(found) and not (text[:1].isupper() and text[1:2].islower() and first not in _small())


def _takes_up(text: str, earlier: Sequence[str]) -> bool:
    """Whether "The <noun>" takes up a noun of the text before: brought in with a/an, or one that always looks back."""
    found = _THE.match(text)
    if found is None:
        return False
    noun = found["noun"]
    if noun in _looking_back() or noun.endswith("-year-old"):
        return True
    brought = re.compile(rf"\b[Aa]n? (?:[\w'’-]+ ){{0,3}}{re.escape(noun)}\b")
    return any(brought.search(sentence) for sentence in earlier)


_MODIFIES = "of|for|in|that|who|which|on|to|between|behind|from|at"  # such words tell which one is meant
_THE = re.compile(
    rf"The (?:(?!\w+ed\b)[a-z0-9][\w-]* ){{0,2}}?(?P<noun>[a-z0-9][\w-]*)(?=,|['’]s?\b| (?!(?:{_MODIFIES})\b)[a-z]+)",
)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(table("alone.en.toml")[name], re.IGNORECASE | re.VERBOSE)


@cache
def _small() -> frozenset[str]:
    return frozenset(table("splitting.en.toml")["openers"])


@cache
def _looking_back() -> frozenset[str]:
    return frozenset(table("alone.en.toml")["looking_back"])
