"""Whether a bullet leans on a text that its reader does not see.

A lower bound: "The agency" of one that was named before is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from digests import data

_WORD = re.compile(r"\w+(?:[-–—]\w+)*|['’]s\b|[^\w\s]")
_MARKS = " \t\n\"“”'‘’`([«•*–—-"
_LONGEST = 16  # words of the opening that any rule looks at


def dangles(text: str, quote: str, sources: Iterable[str]) -> bool:
    """Whether a bullet cannot be read alone.

    It opens, quotation marks and small words skipped, with a connective or with a pronoun that points back, or with "The
    <noun>" whose noun an article brings in with "a" before that sentence.

    Args:
        text: what the bullet says.
        quote: the sentence that it stands on.
        sources: the texts of the articles that the sentence may stand in.
    """
    bare = text.lstrip(_MARKS)
    opening = [word.replace("’", "'") for word in _WORD.findall(bare[:400])][:_LONGEST]
    if bare.startswith(("IT ", "IT-")):  # information technology
        return False
    small = [word.lower() for word in opening]
    return _joins(small) or _points_back(small) or _takes_up(opening, quote, sources)


def _joins(opening: Sequence[str]) -> bool:
    return _opens(opening, "connectives") > 0 and not _opens(opening, "joins_nothing")


def _points_back(opening: Sequence[str]) -> bool:
    at = _small_words(opening)
    rest = opening[at:]
    if not _opens(rest, "pointers") or _opens(rest, "points_nowhere") or opening[at - 1 : at + 1] == ["now", "that"]:
        return False
    match rest[0]:
        case "this":
            return not _opens(rest[2:] if rest[1:2] == [","] else rest[1:], "times")
        case "those":
            return not (rest[1:] and rest[1].endswith(("ing", "ed")))
        case "there":
            adverb = rest[1:2] and (rest[1] in _list("adverbs") or rest[1].endswith("ly"))
            return not _opens(rest[2 if adverb else 1 :], "there_is")
        case "it":
            return not _stands_for_what_follows(rest)
    return True


def _small_words(opening: Sequence[str]) -> int:
    """How many words before the first that can point back are skipped."""
    at = 0
    while length := _opens(opening[at:], "quantities"):
        if opening[at : at + 2] == ["now", "that"]:
            break
        at += length
        at += opening[at : at + 1] == ["of"]
        at += opening[at : at + 1] == [","]
    length = _opens(opening[at:], "prepositions")
    return at + length if length and _opens(opening[at + length :], "objects") else at


def _stands_for_what_follows(opening: Sequence[str]) -> bool:
    """Whether an "it" is only there for the grammar: "It is not yet clear whether"."""
    verb = _opens(opening[1:], "it_is")
    if not verb:
        return False
    rest = opening[1 + verb :]
    if _opens(rest, "it_is_a"):
        return True
    for word in rest[:7] if rest[:1] and rest[0] not in _list("determiners") else ():
        if word in _list("it_stands_for"):
            return True
        if word in (",", "."):
            break
    return False


def _takes_up(opening: Sequence[str], quote: str, sources: Iterable[str]) -> bool:
    """Whether "The <noun>" is a noun that was brought in with "a" before the quote."""
    if opening[:1] != ["The"] or len(opening) < 3 or not opening[1].isalpha() or not opening[1].islower():
        return False
    noun, after = opening[1], opening[2:]
    if noun in _list("known"):
        return False
    if after[0] == ",":
        if not (after[1:] and after[1][:1].islower()):
            return False
    else:
        word = after[1] if after[0] in _list("said_between") and after[1:] else after[0]
        if word not in _list("predicates") and not re.fullmatch(r"\w+ed", word):
            return False
    brought_in = re.compile(rf"\b[Aa]n? (?:[\w'-]+ ){{0,3}}{re.escape(noun)}\b")
    base = " ".join(quote.split())
    for source in sources:
        before, found, _ = " ".join(source.split()).partition(base)
        if found and brought_in.search(before):
            return True
    return False


def _opens(words: Sequence[str], name: str) -> int:
    """How many words an entry of the list has with which these words open; 0 where none does."""
    return next((len(entry) for entry in _entries(name) if entry == tuple(words[: len(entry)])), 0)


@cache
def _entries(name: str) -> tuple[tuple[str, ...], ...]:
    """The entries of a list, those of most words first."""
    return tuple(sorted((tuple(entry.split()) for entry in _list(name)), key=len, reverse=True))


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(data.table("dangling.en.toml")[name])
