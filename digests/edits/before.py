"""Gives the dated event phrases of a sentence, for the line *Before* only: what led to the news, never the news itself.

E8: ``Following the <day> <event>`` and ``X's <day> <event>``; E9: ``<event>, which occurred on <day> [and repeated on <day>]``.
Only phrases with a noun that names an event (``events`` in ``editing.en.toml``), and none that leans on the text before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from digests.data import table


@dataclass(frozen=True, slots=True)
class Phrase:
    """An event phrase: ``text`` is ``sentence[start:end]`` without its day; ``dates`` index the spans that were given."""

    text: str
    start: int
    end: int
    dates: tuple[int, ...]


def background(sentence: str, spans: Sequence[tuple[int, int]]) -> tuple[Phrase, ...]:
    """The dated event phrases in ``sentence``, in text order, each event once.

    Args:
        spans: where the time expressions of the sentence stand, in text order.
    """
    found: list[Phrase] = []
    for index in range(len(spans)):
        for phrase in (_after(sentence, spans, index), _possessed(sentence, spans, index), _which(sentence, spans, index)):
            if phrase and not any(phrase.start < other.end and other.start < phrase.end for other in found):
                found.append(phrase)
    return tuple(sorted(found, key=lambda phrase: phrase.start))


_AFTER = re.compile(r"(?:^|[^\w])(?:[Ff]ollowing|[Aa]fter|[Ss]ince) the $")
_POSSESSOR = re.compile(r"(?:(?:[A-Z][\w.&-]*|of|and) ){0,3}[A-Z][\w.&-]*['’]s? $")
_STATE = re.compile(r",\s(?:[A-Z][a-z]{1,5}\.|[A-Z]{2}\b),?\s")  # "the raid on a Naxos, Ga., clinic" goes on
_OWNS = ("'s ", "’s ", "' ", "’ ")
_CLAUSE = "has|have|had|was|were|is|are|that|which|who|when|while|and|but|as|will|would|could|to|because"
_NOUN_PHRASE = re.compile(rf",?\s*(?P<phrase>[^,.;:()\"“”—–]+?)(?=[,.;:()\"“”—–]|\s+(?:{_CLAUSE})\b|$)")
_LEANS = re.compile(
    r"\b(?:the (?:country|city|group|company|town|state|region|nation|village|capital|area|party|team|two|pair|man|woman|island"
    r"|kingdom|site|building)|(?i:it|its|they|their|them|he|she|his|her|him|this|that|these|those|there))\b"
)


def _after(sentence: str, spans: Sequence[tuple[int, int]], index: int) -> Phrase | None:
    """E8: "Following the <day> <event>"."""
    start, end = spans[index]
    before = sentence[max(0, start - 20) : start]
    return _named(sentence, end, "", end, index) if before.endswith(" the ") and _AFTER.search(before) else None


def _possessed(sentence: str, spans: Sequence[tuple[int, int]], index: int) -> Phrase | None:
    """E8: "X's <day> <event>"."""
    start, end = spans[index]
    before = sentence[max(0, start - 60) : start]
    owner = _POSSESSOR.search(before) if before.endswith(_OWNS) else None
    return _named(sentence, end, owner[0], start - len(owner[0]), index) if owner else None


def _named(sentence: str, at: int, owner: str, start: int, index: int) -> Phrase | None:
    """The phrase of an event that begins at ``at``, behind its day."""
    found = _NOUN_PHRASE.match(sentence, at)
    if found is None:
        return None
    words = found["phrase"].strip()
    if _LEANS.search(words) or not _event(words) or _STATE.match(sentence, found.end()):
        return None
    begins = start if owner else found.start("phrase")
    return Phrase(" ".join((owner + words).split()), begins, found.end("phrase"), (index,))


_HAPPENED = re.compile(
    r",\s+(?:which|that) (?:also )?(?:occurred|took place|happened|began|started|opened|ended|broke out|erupted|struck|hit)"
    r"(?: [^,;.]{0,40}?)? (?:(?:early |late )?(?:on|in|at|during) )?(?:the )?$"
)
_AGAIN = re.compile(
    r"\s*,? and (?:(?:was |were )?(?:repeated|again|resumed|recurred|reoccurred|ended)(?: again)? )?(?:on |in )?$"
)
_BOUND = re.compile(
    r"\b(?:to|from|for|after|before|following|since|about|into|during|despite|amid|over|under|through|than|as|that|which|and|or|but"
    r"|is|are|was|were|has|have|had|will|would|by|with|in|on|of|at|against|the|an?|\w+ed|\w{2,}ing)\b|[,;:()\"“”—–]"
)
_ARTICLE = re.compile(r"\s*(?:(?:the|an?|this|that)\s+)?", re.IGNORECASE)


def _which(sentence: str, spans: Sequence[tuple[int, int]], index: int) -> Phrase | None:
    """E9: "<event>, which occurred on <day> [and repeated on <day>]"."""
    start, end = spans[index]
    before = sentence[max(0, start - 100) : start]
    found = _HAPPENED.search(before) if "which" in before or "that" in before else None
    if found is None:
        return None
    comma = max(0, start - 100) + found.start()
    phrase = _noun_phrase(sentence, comma)
    if phrase is None:
        return None
    dates = [index]
    if index + 1 < len(spans) and _AGAIN.fullmatch(sentence, end, spans[index + 1][0]):
        dates.append(index + 1)
    return Phrase(" ".join(sentence[phrase:comma].split()), phrase, comma, tuple(dates))


def _noun_phrase(sentence: str, comma: int) -> int | None:
    """Where the noun phrase of the last event before ``comma`` begins: behind the last preposition or verb before its noun."""
    offset = max(0, comma - 120)
    left = sentence[offset:comma]
    nouns = list(_events().finditer(left))
    if not nouns:
        return None
    bounds = [bound.end() for bound in _BOUND.finditer(left, 0, nouns[-1].start())]
    if not bounds and offset:
        return None
    article = _ARTICLE.match(left, bounds[-1] if bounds else 0)
    begin = article.end() if article else 0
    return None if _LEANS.search(left[begin:]) else offset + begin


@cache
def _events() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(table('editing.en.toml')['events'])})(?:s|es)?\b", re.I)


def _event(words: str) -> bool:
    return bool(_events().search(words))
