"""Tells whether a sentence states something at all: no lead-in to a list, no fragment, no teaser.

A page's sentences are whole only where somebody wrote whole ones; what a page breaks up or leaves hanging makes no bullet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from digests.data import table
from digests.edits.safety import finite_forms, has_finite_verb
from digests.words import WORD

_LEADS_IN = (":", ",", ";", "–", "—", " -")  # what it leads to stands in the next lines
_ADDRESS = re.compile(r"\bhttps?://|\bwww\.\w")
"""Written out it stands where a link was: the sentence sends its reader there."""
_LIST_MARKS = "-–—•*"
_MARKS = "\"“”‘'’([«*•·–—- "


def states(sentence: str, *, capitals: bool = True) -> bool:
    """Whether ``sentence`` states something by itself, as far as its form tells.

    Args:
        capitals: sentences of its text begin with one; in a text in small letters a small one says nothing.

    >>> states("The harbour has three piers."), states("The harbour has these piers:"), states("A harbour for all.")
    (True, False, False)
    """
    text = sentence.strip()
    if text.rstrip("\"”’'* ").endswith(_LEADS_IN) or _is_aside(text) or _ADDRESS.search(text):
        return False
    bare = text.lstrip(_MARKS)
    opening = _openings().match(bare)
    if (capitals and _is_piece(bare)) or (opening and _leaves_open(bare, opening.lastgroup)):
        return False
    words = bare.split()
    if _listed("english").isdisjoint(words):
        return True  # of a language whose verbs nobody here knows
    if text[0] in _LIST_MARKS:
        return has_finite_verb(bare)
    return _tells(bare, words)


def tells_of_its_outlet(sentence: str, outlet: str) -> bool:
    """Whether ``sentence`` tells what its own outlet did for the story: "The Echo followed the opening", "QT asks whether".

    An outlet that is itself the news ("The Echo is sold") is not meant: what outlets do for a story are few verbs.

    Args:
        outlet: who published it; its initials are it too.
    """
    written, own = _names_of(outlet)
    if not any(name in sentence for name in written):
        return False
    return any(_plain(found["who"]) in own for found in _outlet_work().finditer(sentence))


@lru_cache(maxsize=256)
def _names_of(outlet: str) -> tuple[frozenset[str], frozenset[str]]:
    """What must stand in a sentence that names an outlet, and its names as ``_plain`` gives them: all of it, its initials, a
    part in capitals."""
    named = WORD.findall(outlet)
    initials = "".join(name[0] for name in named)
    capitals = {name for name in named if name.isupper()} | ({initials} if len(initials) > 1 else set())
    whole = "".join(named).lower().removeprefix("the").removesuffix("com")
    first = next((name[:1].upper() + name[1:] for name in named if name.lower() not in ("the", "www")), None)
    return frozenset(capitals | ({first} if first else set())), frozenset({name.lower() for name in capitals} | {whole})


def _plain(name: str) -> str:
    """A name as one small word, without its article and what it calls a desk: "BBC Verify" is the BBC."""
    first, _, rest = name.removeprefix("The ").removeprefix("A ").removeprefix("An ").partition(" ")
    return first.lower() if first.isupper() else (first + rest.replace(" ", "")).lower()


@cache
def _outlet_work() -> re.Pattern[str]:
    """A name, perhaps with one who works there, and what outlets do."""
    verbs = "|".join(table("editing.en.toml")["statements"]["outlet_work"])
    before = r"(?:^|, )(?:(?:An?|[Tt]he) )?"
    name = r"(?P<who>[A-Z][\w.-]*(?: [A-Z][\w.-]*){0,5}?)"
    staff = r"(?:['’‘]s (?:[\w-]+ ){1,4}?| (?:(?:investigation|analysis|review|report|team|reporter|journalist) )?)"
    return re.compile(rf"{before}{name}{staff}(?:{verbs})\b")


def _is_aside(text: str) -> bool:
    """Whether all of it stands in brackets: something said by the way of what stands before."""
    return text[0] in "([" and text.rstrip(".")[-1:] in (")", "]") and not text[1:-2].count(text[0])


def _leaves_open(bare: str, opening: str | None) -> bool:
    """Whether a sentence with such an opening has no subject, or says that something is told without telling it."""
    if opening == "hanging":
        return not bare.rstrip("\"”’')").endswith("?")
    return opening == "no_subject" or not _unknown().search(bare)


def _tells(bare: str, words: Sequence[str]) -> bool:
    """Whether a verb in it can be that of its main clause."""
    if bare.startswith(("A ", "An ")) and (found := _ONLY_THAT.match(bare)):
        verbs = sum(word in finite_forms() or word.endswith("ed") for word in found["rest"].split())
        if verbs < 2 and not has_finite_verb(found["noun"]):
            return False
    if "(" in bare:
        bare = _BRACKETS.sub("", bare)
        words = bare.split()
    if ", wh" in bare and (found := _ONLY_RELATIVE.match(bare)):
        bare = found["noun"]
        words = bare.split()
    elif (" – " in bare or " — " in bare or " - " in bare) and (found := _WHO_IS_WHO.match(bare)):
        return not finite_forms().isdisjoint(found["what"].split())
    # Most sentences have an auxiliary or an irregular form; to look for these alone costs a tenth.
    return not finite_forms().isdisjoint(words) or has_verb(bare)


def has_verb(text: str) -> bool:
    """Whether a finite verb stands in ``text``, or a word that could be one: "join", "battles"."""
    return has_finite_verb(text) or _may_have_verb(text)


_BRACKETS = re.compile(r" ?\([^()]*\)")
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
