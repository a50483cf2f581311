"""Where a report was written and by whose agency, as it stands in front of it: ``BRENNHAVEN (CPA) --``."""

from __future__ import annotations

import re

_DATELINE = re.compile(
    r"\s*(?P<place>[A-Z][\w.’'/-]*(?:,? [A-Z][\w.’'/-]*){0,4}(?:, (?:[A-Z][a-z]{2,8}\.? )?\d{1,2}(?:, \d{4})?)? ?)?"
    r"(?:\((?P<agency>[A-Z][\w.&’' /-]{0,28}[\w.])\)\s*(?P<dash>--?|[—–―:])?|(?P<plain>--|[—–―]))\s*(?=[\"“‘'(]?[A-Z0-9])"
)


def dateline(sentence: str, at: int = 0) -> re.Match[str] | None:
    """The dateline that stands at ``at``: a place with an agency in brackets, or a place in capitals, and a dash."""
    opening = sentence[at : at + 90]
    marked = "(" in opening or "--" in opening or "—" in opening or "–" in opening or "―" in opening
    found = _DATELINE.match(sentence, at) if marked else None
    if found is None:
        return None
    place = (found["place"] or "").strip()
    capitals = place.split(",")[0].isupper() and len(place.split(",")[0]) > 2
    if found["plain"]:
        return found if capitals else None
    return found if found["dash"] or not place or capitals else None


def without_dateline(text: str) -> str:
    """The text without the datelines that it begins with: where it was written is not what it tells.

    >>> without_dateline("PORT SELENE (CPA) -- Armendar won.")
    'Armendar won.'
    """
    at = 0
    while found := dateline(text, at):
        at = found.end()
    return text[at:]
