"""Names what an editor would mend in a sentence that is shown alone.

None of these is a reason to refuse a sentence: each costs some of its worth, and a post shows only what is worth enough.  They
are looked for only in the claims that come up for a post, for to find the main verb of every sentence would cost too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache

from digests import words
from digests.data import table
from digests.edits.safety import counted
from digests.happenings import Tells, tells
from digests.model import Claim
from digests.sentences import unquoted

_SOFT = (1.0, 0.6, 0.25, 0.0, 0.0)  # by how many of the things it has that make a fact hard
_NAMES = 2
_OPENING_YEAR = re.compile(r"(?:In|Since|By|During|Until|Between|Back in) (?:[A-Z]?[a-z]+ )?((?:19|20)\d\d)\b")
_OLD = timedelta(days=60)
_DAY = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|June|July|August|September|October|November|December)\b"
)
_TIMELESS = (Tells.STATE, Tells.SUPPOSED, Tells.UNKNOWN)


def blemishes(claim: Claim) -> Mapping[str, float]:
    """What an editor would mend in a claim, by name; from 0 to 1, only what is not 0.

    state: it tells how things are or could be, with no day, number or source.
    moment: "today" or "here" in it, which are another day and place to who reads it.
    points: it adds to something that was told before, "another", "then", "like the first one".
    old: its day is long before that of its report, so it tells what came before.
    roundabout: it opens with how, why or in spite of what, not with who or when.
    view: a word that judges, and nobody is credited with it.
    voice: a quotation in which somebody speaks of himself.
    soft: what makes a fact hard is missing, of a number, a day, a source and two names; three are enough.
    """
    text = claim.text
    own = unquoted(text)
    told = tells(text)
    credited = claim.attribution.said_by is not None or told is Tells.SAID or bool(_pattern("credits").search(own))
    found = {
        "state": float(told in _TIMELESS and not (credited or claim.date.leads)) * (0.5 if words.numbers(own) else 1.0),
        "moment": float(bool(_pattern("moment").search(own))),
        "points": float(bool(_pattern("points").search(own))),
        "old": float(_is_old(claim)),
        "roundabout": float(bool(_pattern("roundabout").match(text))),
        "view": float(not credited and bool(_pattern("view").search(own))),
        "voice": float(own != text and bool(_pattern("voice").search(text))),
        "soft": _SOFT[sum(_facts(claim, own, credited=credited))],
    }
    return {name: value for name, value in found.items() if value}


def _is_old(claim: Claim) -> bool:
    """Whether its day, or a year that opens it, is long before that of its report."""
    year = _OPENING_YEAR.match(claim.text)
    if year and claim.article.published_day and int(year[1]) < claim.article.published_day.year:
        return True
    last, reported = claim.date.last_day, claim.article.published_day
    return claim.date.leads and last is not None and reported is not None and reported - last > _OLD


def _facts(claim: Claim, own: str, *, credited: bool) -> Iterator[bool]:
    """Which of the things that make a fact hard a claim has."""
    yield counted(own)
    yield claim.date.leads or _DAY.search(own) is not None
    yield credited
    names = {name for name in words.names(f"the {own}") if words.content(name) and not words.written_small(name)}
    yield len(names) >= _NAMES


@cache
def _pattern(name: str) -> re.Pattern[str]:
    given = table("blemishes.en.toml")[name]
    return re.compile("|".join(given) if isinstance(given, list) else given)
