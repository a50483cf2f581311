"""Names what an editor would mend in a sentence that is shown alone.

None of these is a reason to refuse a sentence: each costs some of its worth, and a post shows only what is worth enough.  They
are looked for only in the claims that come up for a post, for to find the main verb of every sentence would cost too much.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cache

from digests import words
from digests.data import table
from digests.edits.safety import counted
from digests.happenings import TIMELESS, Tells, tells
from digests.model import Claim
from digests.sentences import unquoted

_SOFT = (1.0, 0.6, 0.25, 0.0, 0.0)  # by how many of the things it has that make a fact hard
_HARD = 3
_NOT_FOUND = 0.25
_NAMES = 2
_ASIDE = re.compile(r", (?:who|which|whose)\b[^,]*,")
_OPENING_YEAR = re.compile(r"(?:In|Since|By|During|Until|Between|Back in) (?:[A-Z]?[a-z]+ )?((?:19|20)\d\d)\b")
_OLD = timedelta(days=60)
_DAY = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|June|July|August|September|October|November|December)\b"
)


def blemishes(claim: Claim) -> Mapping[str, float]:
    """What an editor would mend in the words of a claim, by name; from 0 to 1, only what is not 0.

    moment: "today" or "here" in it, which are another day and place to who reads it.
    points: it adds to something that was told before, "another", "then", "like the first one".
    old: its day is long before that of its report, or its main verb in the past of the past, so it tells what came before.
    roundabout: it opens with how, why or in spite of what, not with who or when.
    voice: a quotation in which somebody speaks of himself.
    """
    text = claim.text
    own = unquoted(text)
    found = {
        "moment": _holds("moment", own),
        "points": _holds("points", own),
        "old": _is_old(claim) or (not claim.date.leads and _holds("before", own)),
        "roundabout": _holds("roundabout", text),
        "voice": _holds("voice", text),
    }
    return {name: 1.0 for name, held in found.items() if held}


def weakness(claim: Claim) -> Mapping[str, float]:
    """What an editor would miss in what a claim tells, by name; from 0 to 1, only what is not 0.

    state: it tells how things are or could be, what a picture shows ("The mayor arrives at the pier") or what somebody was
        doing, with no day, number or source.
    view: a word that judges, and nobody is credited with it.
    soft: what makes a fact hard is missing, of a number, a day, a source and two names; three are enough.  In a text in small
        letters nobody can count names, so they are taken as given.
    """
    text = claim.text
    own = unquoted(text)
    leads, view = claim.date.leads, _holds("view", own)
    vouched = claim.attribution.said_by is not None or _holds("credits", own)
    facts = counted(own) + (leads or _DAY.search(own) is not None) + vouched
    if facts < _HARD:
        facts += _is_named(claim, own)
    decides = view or not leads or facts < _HARD
    told = tells(text) if decides and not vouched else None  # asked only where it decides something
    credited = vouched or told is Tells.SAID
    still = 0.0 if credited or leads or told is None else _stillness(told, own)
    found = {
        "state": still * (0.5 if words.numbers(own) else 1.0),
        "view": float(view and not credited),
        "soft": _SOFT[facts + (credited and not vouched)],
    }
    return {name: value for name, value in found.items() if value}


def is_vouched(claim: Claim) -> bool:
    """Whether a claim names who says it, or a day; not that of an aside, ", who died on Monday, ".

    >>> from digests.claims import understand
    >>> from digests.model import Article
    >>> [is_vouched(each) for each in understand(Article("a", "", "", "The pier sank on Monday. A ferry sank.")).claims]
    [True, False]
    """
    own = _ASIDE.sub("", unquoted(claim.text))
    return claim.attribution.said_by is not None or _holds("credits", own) or _DAY.search(own) is not None


def _stillness(told: Tells, own: str) -> float:
    """How far a claim tells of nothing that happened: a quarter where its main verb was not found, but a form of
    which deeds are told stands in it."""
    if told is Tells.UNKNOWN:
        return _NOT_FOUND if _holds("deed", own) else 1.0
    if told is Tells.GOING_ON:
        return float(_holds("scene", own))
    return float(told in TIMELESS or (told is Tells.AHEAD and not _holds("ahead", own)))


def _is_old(claim: Claim) -> bool:
    """Whether its day, or a year that opens it, is long before that of its report."""
    year = _OPENING_YEAR.match(claim.text)
    if year and claim.article.published_day and int(year[1]) < claim.article.published_day.year:
        return True
    last, reported = claim.date.last_day, claim.article.published_day
    return claim.date.leads and last is not None and reported is not None and reported - last > _OLD


def _is_named(claim: Claim, own: str) -> bool:
    """Whether two names stand in it, or nobody can tell."""
    names = {name for name in words.names(f"the {own}") if words.content(name) and not words.written_small(name)}
    return len(names) >= _NAMES or not words.has_capitals(claim.article.text)


def _holds(name: str, text: str) -> bool:
    opening, inside = _patterns(name, re.ASCII if text.isascii() else re.NOFLAG)
    return any(each.match(text) for each in opening) or any(each.search(text) for each in inside)


@cache
def _patterns(name: str, flags: re.RegexFlag) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
    """The patterns of a blemish: those of a beginning, and those that are looked for everywhere.

    Those that begin where a word does become one that says so once, before them all: then it is tried at the words alone.
    """
    given = table("blemishes.en.toml")[name]
    listed = given if isinstance(given, list) else [given]
    opening = [each for each in listed if each.startswith("^")]
    at_words = [each.removeprefix(r"\b") for each in listed if each.startswith(r"\b")]
    others = [each for each in listed if not each.startswith(("^", r"\b"))]
    inside = [rf"\b(?:{'|'.join(at_words)})"] if at_words else []
    if others:
        inside.append("|".join(others))
    return [re.compile("|".join(opening), flags)] if opening else [], [re.compile(each, flags) for each in inside]
