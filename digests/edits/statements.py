"""Tells whether a sentence states something at all: no lead-in to a list, no fragment, no teaser.

A page's sentences are whole only where somebody wrote whole ones; what a page breaks up or leaves hanging makes no bullet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from digests.data import table
from digests.edits.safety import finite_forms, has_finite_verb
from digests.words import WORD

_LEADS_IN = (":", ",", ";", "–", "—", " -")  # what it leads to stands in the next lines
_LIST_MARKS = "-–—•*"
_MARKS = "\"“”‘'’([«*•·–—- "


def states(sentence: str) -> bool:
    """Whether ``sentence`` states something by itself, as far as its form tells.

    >>> states("The harbour has three piers."), states("The harbour has these piers:"), states("A harbour for all.")
    (True, False, False)
    """
    text = sentence.strip()
    if text.rstrip("\"”’'* ").endswith(_LEADS_IN):
        return False
    bare = text.lstrip(_MARKS)
    opening = _openings().match(bare)
    if _is_piece(bare) or (opening and _leaves_open(bare, opening.lastgroup)):
        return False
    words = bare.split()
    if _listed("english").isdisjoint(words):
        return True  # of a language whose verbs nobody here knows
    if text[0] in _LIST_MARKS:
        return has_finite_verb(bare)
    return _tells(bare, words)


def _leaves_open(bare: str, opening: str | None) -> bool:
    """Whether a sentence with such an opening has no subject, or says that something is told without telling it."""
    if opening == "hanging":
        return not bare.rstrip("\"”’')").endswith("?")
    return opening == "no_subject" or not _unknown().search(bare)


def _tells(bare: str, words: Sequence[str]) -> bool:
    """Whether a verb in it can be that of its main clause."""
    if found := _ONLY_THAT.match(bare):
        verbs = sum(word in finite_forms() or word.endswith("ed") for word in found["rest"].split())
        if verbs < 2 and not has_finite_verb(found["noun"]):
            return False
    if ", wh" in bare and (found := _ONLY_RELATIVE.match(bare)):
        bare = found["noun"]
        words = bare.split()
    elif not _DASHES.isdisjoint(words) and (found := _WHO_IS_WHO.match(bare)):
        return not finite_forms().isdisjoint(found["what"].split())
    # Most sentences have an auxiliary or an irregular form; to look for these alone costs a tenth.
    return not finite_forms().isdisjoint(words) or has_verb(bare)


def has_verb(text: str) -> bool:
    """Whether a finite verb stands in ``text``, or a word that could be one: "join", "battles"."""
    return has_finite_verb(text) or _may_have_verb(text)


_DASHES = frozenset("—–-")
_WHO_IS_WHO = re.compile(r"[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){1,3} [—–-] (?P<what>[A-Z].*)")
"""A name, a dash and who that is: a line of a list of guests."""
_ONLY_THAT = re.compile(r"(?P<noun>An? [^,;:]{3,80}?) (?:that|who|which) (?P<rest>[^,;:]*)$")
"""The same without a comma: "A victory that will change the islands"."""
_ONLY_RELATIVE = re.compile(r"(?P<noun>[^,;:]+), (?:who|whose|which) [^,;:]*$")
"""A noun and a clause that tells more of it, and nothing that tells what it did: a caption."""


def _is_piece(bare: str) -> bool:
    """Whether it begins in a small letter, as the second half of something; "eBay" and "de Gaulle" are names."""
    if not bare[:1].islower() or not bare[:1].isascii():
        return False
    first, _, rest = bare.partition(" ")
    return first.isalpha() and first.islower() and not (rest[:1].isupper() and first in _particles())


def _may_have_verb(bare: str) -> bool:
    """Whether a small word behind the first could be a verb of the present: "join", "battles"."""
    words = WORD.findall(bare)
    return any(_may_be_verb(before, word) for before, word in pairwise(words))


def _may_be_verb(before: str, word: str) -> bool:
    small = before.lower()
    if small in _listed("before_noun") or small in table("verbs.en.toml")["determiner"]:
        return False
    if word in _listed("base") or word in _listed("plain"):
        return True
    return word.islower() and word.endswith("s") and not word.endswith(("ss", "us", "is", "'s", "’s"))


@cache
def _openings() -> re.Pattern[str]:
    """Openings that leave something open, by the name of the group."""
    patterns = table("editing.en.toml")["statements"]
    return re.compile("|".join(f"(?P<{name}>{patterns[name]})" for name in ("no_subject", "hanging", "teasers")))


@cache
def _unknown() -> re.Pattern[str]:
    return re.compile(table("editing.en.toml")["statements"]["unknown"])


@cache
def _particles() -> frozenset[str]:
    return frozenset(table("editing.en.toml")["statements"]["particles"])


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(table("finite.en.toml")[name])
