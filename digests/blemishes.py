"""Names what an editor would mend in a sentence that is shown alone.

None of these is a reason to refuse a sentence: each costs some of its worth, and a post shows only what is worth enough.  They
are looked for only in the claims that come up for a post, for to find the main verb of every sentence would cost too much.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from digests import words
from digests.data import table
from digests.happenings import TIMELESS, Tells, tells
from digests.model import Claim
from digests.sentences import unquoted


def blemishes(claim: Claim) -> Mapping[str, float]:
    """What an editor would mend in a claim, by name; from 0 to 1, only what is not 0.

    state: it tells how things are or could be, with no day, number or source.
    moment: "today" or "here" in it, which are another day and place to who reads it.
    points: it adds to something that was told before, "another", "then", "like the first one".
    view: a word that judges, and nobody is credited with it.
    voice: a quotation in which somebody speaks of himself.
    """
    text = claim.text
    own = unquoted(text)
    vouched, view = claim.attribution.said_by is not None, _holds("view", own)
    told = None if vouched or (claim.date.leads and not view) else tells(text)  # asked only where it decides something
    credited = vouched or told is Tells.SAID
    found = {
        "state": float(told in TIMELESS and not (credited or claim.date.leads)) * (0.5 if words.numbers(own) else 1.0),
        "moment": float(_holds("moment", own)),
        "points": float(_holds("points", own)),
        "view": float(view and not credited),
        "voice": float(own != text and _holds("voice", text)),
    }
    return {name: value for name, value in found.items() if value}


def _holds(name: str, text: str) -> bool:
    opening, inside = _patterns(name)
    return any(each.match(text) for each in opening) or any(each.search(text) for each in inside)


@cache
def _patterns(name: str) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
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
    return [re.compile("|".join(opening))] if opening else [], [re.compile(each) for each in inside]
