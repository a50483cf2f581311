"""Tells what a sentence is about by its main verb: what happened, is said or planned, or how things are."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import Final

from digests.data import table
from digests.eventday import LONGEST
from digests.eventday.clauses import Clauses, Head
from digests.eventday.told import Fact, fact_in
from digests.eventday.words import read
from digests.verbs import Tense, lexicon


class Tells(StrEnum):
    """What the main clause of a sentence is about."""

    EVENT = "event"
    DONE = "done"
    SAID = "said"
    GOING_ON = "going on"
    AHEAD = "ahead"
    SUPPOSED = "supposed"
    STATE = "state"
    UNKNOWN = "unknown"


TIMELESS: Final = frozenset({Tells.STATE, Tells.SUPPOSED, Tells.UNKNOWN})
"""Nothing happened in these."""


def tells(sentence: str) -> Tells:
    """What ``sentence`` tells: the verb of its main clause decides, behind "X said" too.

    EVENT is a deed in the past, DONE one in the perfect, of which news is made; GOING_ON what somebody is doing; AHEAD what is
    to come, SUPPOSED what could, should or must be; STATE what is, was or always has been so.  UNKNOWN where no main verb is
    found, and of what is too long for a sentence of news.

    >>> [tells(text).value for text in ("The pier has been closed.", "The pier is old.", "Roe said the pier could sink.")]
    ['done', 'state', 'said']
    """
    words = read(sentence, ()) if len(sentence) <= LONGEST else None
    if not words:  # a question, or nothing but a quotation
        return Tells.UNKNOWN
    head = Clauses(words, 0).read_to_head()
    if head is not None and head.saying:
        return Tells.SAID
    told = fact_in(words)
    if told is None:
        return Tells.UNKNOWN
    return _of(told, told.heads[0])


def happened(sentence: str) -> bool:
    """Whether ``sentence`` tells that something happened or was said.

    >>> happened("Crews restored power to 900,000 homes"), happened("The harbour has three piers")
    (True, False)
    """
    return tells(sentence) in (Tells.EVENT, Tells.DONE, Tells.SAID)


def _of(told: Fact, head: Head) -> Tells:
    first, last = head.first, head.last
    between = told.words.text[first.end : last.start].lower().split()
    if first.word in _listed("supposing"):
        return Tells.SUPPOSED
    if first.tense is Tense.FUTURE or last.bearing is Tense.FUTURE:
        return Tells.GOING_ON if _is_doing(told, head) else Tells.AHEAD
    if first is last or last.auxiliary:
        if first.auxiliary:
            return Tells.GOING_ON if _is_doing(told, head) else Tells.STATE
        return Tells.EVENT if first.tense is Tense.PAST and first.word not in _listed("lasting_past") else Tells.STATE
    if not _listed("lasting").isdisjoint(between) or last.tense is not Tense.PAST or last.word in _listed("lasting_past"):
        return Tells.STATE
    if first.word in _listed("perfect"):
        return Tells.STATE if _DENIED.search(f"{first.word} {' '.join(between)}") else Tells.DONE
    return Tells.EVENT if first.tense is Tense.PAST else Tells.STATE


_DENIED = re.compile(r"n['’]t|\bnot\b")  # "has not stopped" is how things are


def _is_doing(told: Fact, head: Head) -> bool:
    """Whether it is in the middle of it: "is looking into"."""
    if head.first.word not in lexicon()["be"]:
        return False
    behind = told.words.low[told.words.start.index(head.first.start) + 1 :][:2]
    doing = behind[1:] if behind and (behind[0].endswith("ly") or behind[0] in _listed("still")) else behind[:1]
    return any(word.endswith("ing") and word not in _listed("no_doing") for word in doing)


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(table("happenings.en.toml")[name])
