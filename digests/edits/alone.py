"""Tells whether a sentence can be read without the ones before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from digests import words
from digests.data import table
from digests.edits.safety import speaking
from digests.happenings import Tells, tells
from digests.sentences import balanced, unquoted
from digests.verbs import first_verbs
from digests.words import WORD


def reads_alone(sentence: str, earlier: str) -> bool:
    """Whether ``sentence`` makes sense to somebody who has not read ``earlier``, the text before it.

    Not so if it opens with a connective or a pronoun without its noun, takes up "a ferry" as "The ferry", says "also" of
    something untold, credits only "he", or is a quotation whose speaker stands elsewhere, or half of one.

    Args:
        sentence: the words that will be shown, edits done.
    """
    if not balanced(sentence) or _is_bare_quotation(sentence):
        return False
    text = sentence.strip().lstrip("\"“”‘'’`([«•*–—- ")
    small = text.lower()
    if _pattern("connectives").match(small) or _points_back(text, small) or _echoes(small) or _some_of(small):
        return False
    return not (earlier and _takes_up(text, earlier))


def retells(summary: str, headline: str, *, further: bool = False, then: str = "") -> bool:
    """Whether a sentence of a feed's summary tells what its headline tells, and so can be read without it.

    One that shares hardly a word with its headline goes on from it ("The rules hardly bite"), and so does "The <noun>": the
    headline is what brought it in.  So does "that strike", or "the scene" inside it where no name stands before or the
    headline has it, and one whose subject has no name where the headline has one that it lacks: "A man has been charged",
    under "Naxos: ...".  "Must" and "should" that nobody says are a view.  What tells how things are explains the headline.
    Where the next sentence goes against it, the two are one, and the headline knows both: "Muslims begin fasting on Wednesday.
    But in several countries, ...".

    Args:
        further: a sentence before it retells the headline, so that this one tells more of the same.
        then: the text behind it.
    """
    if written("turns").match(then):
        return False
    told = set(words.content(headline))
    named = sum(not word.isdigit() for word in told)  # one such word is a label ("Report 12"): nothing goes on from it
    shared = len(told & set(words.content(summary)))
    if shared < min(1 if further else _SHARED, named - 1):
        return False
    alike = further or shared >= _MOST * len(told)
    if named > 1 and (not _tells_news(summary, alike=alike) or (not further and _leaves_out(summary, headline))):
        return False
    text = summary.lstrip("\"“”‘'’`([«•*–—- ")
    bare = (written("the").match(text) and not written("told_which").match(text)) or written("late_the").match(text)
    if bare or written("that_one").search(text) or (written("holds").search(text) and not speaking(text)):
        return False
    found = [*written("inside_the").finditer(text), *written("somebody_of").finditer(text)]
    pointed = [each for each in found if _looks_back(each["noun"])]
    return not any(words.stem(each["noun"]) in told or not words.names(text[: each.start()]) for each in pointed)


def _tells_news(summary: str, *, alike: bool) -> bool:
    """Whether a sentence tells what has happened, is said or planned; of a day that it does not name, or of what is going on,
    only where it is ``alike`` to its headline or follows one that retells it."""
    told = tells(summary)
    if told in (Tells.EVENT, Tells.GOING_ON):
        return alike or (told is Tells.EVENT and not _near().isdisjoint(words.tokens(summary)))
    return told in (Tells.DONE, Tells.SAID, Tells.AHEAD)


def _leaves_out(summary: str, headline: str) -> bool:
    """Whether a headline names somebody or some place that is not in a summary, and the subject of that has no name."""
    if _names(headline) <= {words.stem(token) for token in words.tokens(summary)}:
        return False
    verb = next((verb.start for verb in first_verbs(summary) if verb.finite), len(summary))
    return not _names(summary[:verb])


def _names(text: str) -> set[str]:
    """The names in a text (stems), its first word too if it may be one."""
    capitals = [token for token in WORD.findall(text) if token[0].isupper() and len(token) > 1]
    return {
        words.stem(words.tokens(token)[0])
        for token in capitals
        if token.isupper() or (words.content(token) and not words.written_small(token))
    }


def _is_bare_quotation(sentence: str) -> bool:
    """Whether all of it is what somebody says, and nobody is named who says it."""
    return sentence[:1] in "\"“‘'" and not WORD.search(unquoted(sentence))


def _echoes(small: str) -> bool:
    """Whether "also", "too" or "as well" adds to something that was told before, or "though" sets it against that."""
    if not (" also " in small or " too" in small or " as well" in small or " though" in small or ", however," in small):
        return False
    return bool(_pattern("echoes").search(small))


def _points_back(text: str, small: str) -> bool:
    """Whether a pronoun or demonstrative looks for its noun in front of the sentence."""
    points = _pattern("pointers").match(small) or _points_late(small) or _unnamed_speaker(text, small)
    return (bool(points) and not _pattern("empty").match(small)) or _points_back_late(text)


def _points_late(small: str) -> bool:
    """Whether an opening phrase brings in nobody whom the pronoun behind it could mean, or nothing that "this fair" is."""
    pronoun = " he" in small or " she" in small or " they" in small or ", this " in small or ", these " in small
    return pronoun and bool(_pattern("late_pointers").match(small))


def _points_back_late(text: str) -> bool:
    """Whether the subject behind an opening phrase is a pronoun or has one, and nobody in the phrase could be meant: "In early
    1931, her career began", "In addition to its order, it announced"."""
    if written("both").match(text) or written("apposed").match(text):
        return True
    found = written("late_owner").match(text)
    if found is None or _pattern("empty").match(text[found.end("opening") + 2 :].lower()):
        return False
    opening = found["opening"]
    own = written("own").search(opening)
    if written("name").search(opening, 0, own.start() if own else len(opening)):
        return False
    return bool(own or written("time").search(opening) or written("doing").match(opening))


def _some_of(small: str) -> bool:
    """Whether some of people speak whom a sentence before brought in: "two of the people said"."""
    return " of the" in small and bool(_pattern("some_of").search(small))


def _unnamed_speaker(text: str, small: str) -> bool:
    """Whether the only speaker is a pronoun ("..., he said") and nobody opens the sentence who could be meant."""
    named = " he" in small or " she" in small or " they" in small or " it " in small or " another" in small
    if not named or not _pattern("unnamed").search(small):
        return False
    return not (text[:1].isupper() and text[1:2].islower() and small.split(" ", 1)[0] not in _small())


def _takes_up(text: str, earlier: str) -> bool:
    """Whether "The <noun>" takes up a noun of the text before: brought in with a/an, or one that always looks back."""
    if written("somebody_from").match(text) or _opens_after_it(text):  # "The American has won"
        return True
    found = written("the").match(text) or written("late_the").match(text)
    if found is None:
        return _points_inside(text)
    noun = found["noun"]
    if noun.endswith("-year-old") or any(_looks_back(word) for word in _heads(text, found.start("noun"))):
        return True
    if noun in _owners() and text[found.end("noun") :].startswith(("'s", "’s")):
        return True  # "The country's economy": of which
    return text.startswith("The ") and _brought_in(noun, earlier)


def _heads(text: str, start: int) -> Iterator[str]:
    """The words from ``start`` on that may be the noun of "The low ranking was": three, up to a verb or a preposition."""
    for _ in range(3):
        found = written("head").match(text, start)
        if found is None or found["stops"] or written("modifies").match(text, found.end()):
            return
        yield found["word"]
        start = found.end()


def _looks_back(noun: str) -> bool:
    return noun in _looking_back() or noun.removesuffix("s") in _looking_back()


def _points_inside(text: str) -> bool:
    """Whether "these partners" inside a sentence looks for those of another: no list stands before it in this one."""
    found = written("these").search(text) if " these " in text or " such " in text else None
    return found is not None and text.count(",", 0, found.start()) < _LISTED


def _opens_after_it(text: str) -> bool:
    """Whether an opening phrase takes up what was told, "After the collision,", or what somebody says does: "Roe said the
    suspect fled"."""
    found = written("after_the").match(text)
    if found is None and ("said" in text or "says" in text or "add" in text):
        found = written("said_the").search(text)
    return found is not None and _looks_back(found["noun"])


def _brought_in(noun: str, earlier: str) -> bool:
    """Whether the text has the noun with a or an before it: "a rusty old ferry"."""
    at = -1
    for _ in range(_OFTEN):
        at = earlier.find(noun, at + 1)
        if at < 0:
            return False
        whole = earlier[at - 1 : at] == " " and not earlier[at + len(noun) : at + len(noun) + 1].isalnum()
        if whole and _A.search(earlier, max(0, at - _FAR), at):
            return True
    return False


_A = re.compile(r"\b[Aa]n? (?:[\w'’-]+ ){0,3}\Z")
_MOST = 0.6  # of the content words of a headline
_SHARED = 2  # content words that a summary and its headline have in common
_LISTED = 2  # commas: so many may make a list of what "these" means
_FAR = 60  # characters: three words between an article and its noun
_OFTEN = 50  # times: what stands oftener in the text was brought in early or never
_SLOT = re.compile(r"\{([a-z_]+)\}")


@cache
def written(name: str) -> re.Pattern[str]:
    """A pattern of ``alone.en.toml`` for a sentence as it is written."""
    return re.compile(_filled(name))


def _filled(name: str) -> str:
    """The pattern with those that it names put in."""
    return _SLOT.sub(lambda slot: f"(?:{_filled(slot[1])})", table("alone.en.toml")["as_written"][name])


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(table("alone.en.toml")[name], re.VERBOSE)


@cache
def _near() -> frozenset[str]:
    return frozenset(table("happenings.en.toml")["near_days"])


@cache
def _small() -> frozenset[str]:
    return frozenset(table("splitting.en.toml")["openers"])


@cache
def _owners() -> frozenset[str]:
    return frozenset(table("alone.en.toml")["owners"])


@cache
def _looking_back() -> frozenset[str]:
    return frozenset(table("alone.en.toml")["looking_back"])
