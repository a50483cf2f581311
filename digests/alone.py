"""Tells whether words can be read without the ones before them: a bullet, or a headline as story line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digests.sentences import balanced, content_words


def reads_alone(sentence: str, earlier: Sequence[str]) -> bool:
    """Whether ``sentence`` makes sense to who has not read the sentences before it in its article.

    Not so with an opening connective or pronoun, with "The <noun>" that the article brought in before, with a speaker who is only "he", with
    half of a quotation.
    """
    text = sentence.strip().lstrip("\"“‘'`([«•*–—- ")
    return not (_opens_leaning(text) or _brought_in(text, earlier) or not balanced(sentence))


def headline_serves(title: str, first_sentences: Sequence[str]) -> bool:
    """E12: whether a headline may stand as the story line.

    Every name and number in it must stand in the article's first sentences, seven in ten of its content words must, and it may not tease
    ("?", you, why, how, here's).
    """
    if not title.strip() or _TEASES.search(title):
        return False
    told = " ".join(first_sentences)
    words, stands = content_words(title), content_words(told)
    exact = frozenset(_EXACT.findall(_POSSESSIVE.sub("", told)))
    lowered = frozenset(word.lower() for word in exact)
    for name in _names(title):
        if name not in exact and name.lower() not in lowered:
            return False
    return bool(words) and len(words & stands) >= 0.7 * len(words)


_TEASES = re.compile(r"\?|\b(?:you|your|why|how|here['’]s|here (?:is|are))\b", re.I)
_EXACT = re.compile(r"[^\W_]+(?:[.,’'-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s\b")


def _names(title: str) -> list[str]:
    """The names and numbers of a headline; in one written in capitals throughout, its numbers."""
    words = _EXACT.findall(_POSSESSIVE.sub("", title))
    numbers = [word for word in words if any(character.isdigit() for character in word)]
    capital = [word for word in words if word[0].isupper()]
    if len(capital) > 0.7 * len(words):
        return numbers
    return numbers + [word for word in capital[0 if capital and capital[0] != words[0] else 1 :]]


_LEANS = re.compile(
    r"(?:But|And|So|Also|Meanwhile|However|Instead|Then|Still|Yet|Nevertheless|Nonetheless|Moreover|Furthermore|In addition|He|She|They|It|Its|Their|His|Her|This|These|That|Those|Here|There)\b",
    re.I,
)


def _opens_leaning(text: str) -> bool:
    return bool(_LEANS.match(text))


_THE = re.compile(r"The (?P<noun>[a-z]+(?:-year-old)?)\b")


def _brought_in(text: str, earlier: Sequence[str]) -> bool:
    found = _THE.match(text)
    if not found or not earlier:
        return False
    noun = re.compile(rf"\b[Aa]n? (?:[\w'-]+ ){{0,3}}{re.escape(found['noun'])}\b")
    return any(noun.search(sentence) for sentence in earlier)
