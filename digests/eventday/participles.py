"""Tells whether a form in -ing (", killing nine") or a past participle (", built in 1990,") opens a phrase of its own."""

from __future__ import annotations

from dataclasses import dataclass

from digests.eventday.cues import (
    ADVERB,
    BE,
    BY,
    DETERMINER,
    DIGITS,
    JOIN,
    NUMBER,
    OBJECT,
    OPENERS,
    PHRASE,
    PREPOSITION,
    PRONOUN,
    TO,
    cues,
)
from digests.eventday.openers import opens
from digests.eventday.words import Words
from digests.verbs import Tense, Verb, lexicon

_SHORTEST_ING = 6  # letters
_OBJECT = DETERMINER | NUMBER | DIGITS | OBJECT


@dataclass(slots=True)
class Standing:
    """Where in a main clause the reading stands.

    Args:
        begin: its first word.
        subject: the first after the phrase that opens it ("On Friday, ...").
        in_opening: that phrase is still open.
        commas: those since the subject began; an odd number of them holds something apart from it.
        has_verb: it has its verb.
    """

    begin: int
    subject: int
    in_opening: bool
    commas: int = 0
    has_verb: bool = False


# ------------------------------------------------------------------------------------------------------ forms in -ing


def opens_in_ing(words: Words, at: int, standing: Standing) -> bool:
    """Whether a form in -ing opens a phrase of its own, and is no noun, adjective or second verb ("began pumping")."""
    noun = words.low[at] in cues()["no_gerund"]
    if len(words.low[at]) < _SHORTEST_ING or words.may(at, PREPOSITION):
        return False
    if at == standing.begin:
        return not noun and not words.is_capital(at + 1)
    if words.may(at - 1, BE) or words.low[at - 1].endswith(tuple(lexicon()["gerund_ending"])):
        return False
    alone = words.ends(at + 1) or words.days[at + 1] or words.may(at + 1, JOIN)
    if words.marks[at] == ",":
        return not (noun and alone)
    if words.verbs[at - 1] is not None:
        return False
    governs = words.may(at + 1, _OBJECT | PRONOUN)
    if noun:
        return governs and not words.may(at - 1, DETERMINER)
    if words.may(at + 1, TO) and words.may(at - 1, PREPOSITION):
        return True  # "for failing to"
    return not words.may(at - 1, DETERMINER | NUMBER | DIGITS) and _governs_or_describes(
        words, at, standing, governs=governs, alone=alone
    )


def _governs_or_describes(words: Words, at: int, standing: Standing, *, governs: bool, alone: bool) -> bool:
    """Whether a form in -ing inside a clause has an object ("photos showing it") or describes the subject."""
    if governs:
        return True
    if alone or words.may(at + 1, PREPOSITION):
        return not standing.has_verb and not words.may(at - 1, PREPOSITION)
    return not any(words.may(other, DETERMINER) for other in range(max(standing.begin, at - 3), at))


# -------------------------------------------------------------------------------------------------- past participles


def completes(words: Words, at: int, begin: int) -> bool:
    """Whether a participle only completes the verb before it: "stayed closed"."""
    before = before_adverb(words, at)
    return before >= begin and words.verbs[before] is not None and not words.marks[at]


def before_adverb(words: Words, at: int) -> int:
    """The word before a verb, an adverb between them passed over."""
    return at - 2 if words.may(at - 1, ADVERB) and not words.marks[at] else at - 1


def is_participle(words: Words, at: int, verb: Verb, standing: Standing | None, *, loose: bool) -> bool:
    """Whether a past form is no clause's verb but a shortened clause: ", built in 1990,", "numbers released on Thursday".

    Args:
        standing: where the main clause stands; None inside an aside.
        loose: that aside is a form in -ing that may be the subject ("Trading in the shares was halted").
    """
    if verb.auxiliary:
        return verb.word in lexicon()["auxiliary_bare"]
    if not _may_be_participle(verb):
        return False
    if standing is None and words.may(at + 1, BY) and not words.may(min(at + 2, len(words)), DIGITS | NUMBER):
        return True
    if standing is not None and not standing.has_verb:
        return _describes_subject(words, at, verb, standing)
    if loose and "," in words.marks[at + 1 :] and not _governs(words, at):
        return True
    return words.marks[at] == "," and not _lists_verbs(words, at)


def _may_be_participle(verb: Verb) -> bool:
    verbs = lexicon()
    if verb.word in verbs["simple_past"]:
        return False
    return verb.tense is Tense.PAST or verb.word in verbs["irregular"] or verb.word.endswith(tuple(verbs["past_ending"]))


def _describes_subject(words: Words, at: int, verb: Verb, standing: Standing) -> bool:
    """Whether a past form before the clause's own verb belongs to the subject or to the phrase in front of it."""
    if at in (standing.begin, standing.subject):
        return True
    if words.may(at - 1, PRONOUN) or words.may(standing.begin, PRONOUN):
        return False
    if standing.in_opening and "," in words.marks[at + 1 :] and not words.days[at - 1]:
        return not any(words.days[standing.begin : at])
    if words.marks[before_adverb(words, at) + 1] == ",":
        return standing.commas % 2 == 1  # a subject's own verb has no single comma before it
    return _is_reduced(words, at, verb, standing.begin)


def _is_reduced(words: Words, at: int, verb: Verb, begin: int) -> bool:
    """Whether another verb follows that is the clause's: "the men arrested on Friday were freed"."""
    after, lists = at + 1, cues()
    if words.ends(after) or (words.may(after, _OBJECT | PRONOUN) and not words.days[after]):
        return False
    follower = _follower(words, at, begin)
    if follower is None:
        return False
    other = words.verbs[follower]
    assert other is not None
    plain = words.days[after] or words.may(after, PREPOSITION | TO)
    if verb.saying or verb.word in lists["worded_deed"]:
        between = range(after, follower)
        return plain and all(words.days[word] or words.may(word, PREPOSITION) for word in between)
    if other.auxiliary or other.word in lexicon()["simple_past"]:
        return True
    return plain and _governs(words, follower)


def _follower(words: Words, at: int, begin: int) -> int | None:
    """The verb after a verb that stands unjoined on the same level; None when none does."""
    waiting = commas = 0
    joined = False
    for other in range(at + 1, len(words)):
        if words.marks[other] in (";", ":"):
            return None
        commas += words.marks[other] == ","
        verb = words.verbs[other]
        if verb is None:
            joined |= commas % 2 == 0 and words.may(other, JOIN)
            waiting += words.may(other, OPENERS & ~PHRASE) and opens(words, other, begin)
        elif verb.helped or not verb.finite or words.days[other] or words.may(other - 1, TO):
            continue
        elif waiting:
            waiting -= 1
        elif joined or words.may(other - 1, PRONOUN):
            return None
        else:
            return other if commas == 0 or (commas >= 2 and words.marks[other]) else None
    return None


def _governs(words: Words, at: int) -> bool:
    """Whether the object of a verb follows it: then it is no participle."""
    return words.may(at + 1, _OBJECT)


def _lists_verbs(words: Words, at: int) -> bool:
    """Whether a verb after a comma is one of a list: "entered the shop, fired twice and fled"."""
    for other in range(at + 1, len(words) - 1):
        if words.marks[other] in (";", ":"):
            return False
        following = words.verbs[other + 1]
        if words.may(other, JOIN) and following is not None and following.finite:
            return not words.may(at + 1, BY)
    return False
