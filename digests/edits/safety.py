"""Tells whether a cut may be made: what must be left, and which words no cut may take or touch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise

from digests.data import table
from digests.model import Edit
from digests.sentences import balanced
from digests.words import WORD

FEWEST = 6  # words that must be left of a sentence


@dataclass(frozen=True, slots=True)
class Cut:
    """One deletion and who is credited by it: ``role`` is says, first, also or agency; "" credits nobody."""

    edit: Edit
    who: str = ""
    role: str = ""

    @property
    def span(self) -> tuple[int, int]:
        return self.edit.start, self.edit.end


def stands(rest: str) -> bool:
    """Whether what a cut leaves is a sentence: six words or more, a finite verb, quotation marks paired."""
    return rest.count(" ") + 1 >= FEWEST and balanced(rest) and has_finite_verb(rest)


def rest(quote: str, spans: Sequence[tuple[int, int]]) -> str:
    """The quote without ``spans``, white space folded."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        pieces.append(quote[at:start])
        at = end
    return " ".join("".join([*pieces, " ", quote[at:]]).split()).strip(" ,;:–—-")


def has_finite_verb(text: str) -> bool:
    """Whether a finite verb stands in ``text``, as far as the forms of its words tell.

    >>> has_finite_verb("Crews restored power"), has_finite_verb("the restored power of the crews")
    (True, False)
    """
    small = text.lower().replace("’", "'")
    if not _forms().finite.isdisjoint(small.split()):
        return True  # nearly always; to part the text at its marks too costs four times as much
    return any(_finite(before, word) for before, word in pairwise(["", *WORD.findall(small)]))


def finite_forms() -> frozenset[str]:
    """The forms that are finite wherever they stand, in small letters."""
    return _forms().finite


def guarded(words: str) -> bool:
    """Whether a word that limits or doubts stands in ``words``."""
    return bool(_pattern("guard").search(words.lower()))


def grave(words: str) -> bool:
    """Whether ``words`` tell a crime, a harm, a toll or a verdict: their source stays beside them."""
    return bool(_pattern("grave").search(words.lower()))


def speaking(words: str) -> bool:
    """Whether somebody speaks, judges or shows in ``words``."""
    return bool(_pattern("speaking").search(words.lower()))


def counted(words: str) -> bool:
    """Whether a number, in figures or written out, stands in ``words``."""
    return bool(_pattern("number").search(words.lower()))


def named(words: str) -> bool:
    """Whether a capitalised word stands in ``words``."""
    return any(word[0].isupper() for word in WORD.findall(words))


def in_quotes(quote: str, at: int) -> bool:
    """Whether position ``at`` lies inside quotation marks or brackets."""
    return not balanced(quote[:at])


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(table('editing.en.toml')[name])})\b")


def _finite(before: str, word: str) -> bool:
    forms = _forms()
    if word in forms.finite:
        return True
    if before in forms.before_noun:
        return False
    return word in forms.present or (word.endswith("ed") and len(word) > 3 and word not in forms.never)


# Not digests.verbs itself: that looks for tenses, so "according" and "due" are verbs to it, and it costs four times as much.
@dataclass(frozen=True, slots=True)
class _Forms:
    """Forms that are finite anywhere; third persons; the words after which such a form is no verb; what only looks like one."""

    finite: frozenset[str]
    present: frozenset[str]
    before_noun: frozenset[str]
    never: frozenset[str]


@cache
def _forms() -> _Forms:
    verbs, more = table("verbs.en.toml"), table("finite.en.toml")
    auxiliaries = chain(verbs["auxiliary_past"], verbs["auxiliary_present"], verbs["auxiliary_future"])
    return _Forms(
        frozenset(auxiliaries) | (frozenset(verbs["irregular"]) - frozenset(verbs["participles"])),
        frozenset(_third(verb) for verb in more["base"]) | frozenset(more["plural"]),
        frozenset(verbs["determiner"] + more["before_noun"]),
        frozenset(verbs["never"]),
    )


def _third(verb: str) -> str:
    """The third person: pass -> passes, carry -> carries, play -> plays."""
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2] not in "aeo" else verb + "s"
