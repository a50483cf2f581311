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
    told = tells(text)
    credited = claim.attribution.said_by is not None or told is Tells.SAID
    found = {
        "state": float(told in TIMELESS and not (credited or claim.date.leads)) * (0.5 if words.numbers(own) else 1.0),
        "moment": float(bool(_pattern("moment").search(own))),
        "points": float(bool(_pattern("points").search(own))),
        "view": float(not credited and bool(_pattern("view").search(own))),
        "voice": float(own != text and bool(_pattern("voice").search(text))),
    }
    return {name: value for name, value in found.items() if value}


@cache
def _pattern(name: str) -> re.Pattern[str]:
    given = table("blemishes.en.toml")[name]
    return re.compile("|".join(given) if isinstance(given, list) else given)
