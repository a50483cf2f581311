"""Gives the cuts at the beginning of a sentence that say nothing of its fact: E1 the dateline, E10 the connective."""

from __future__ import annotations

import re

from digests.attribution import dateline
from digests.edits.safety import Cut
from digests.model import Edit

_CONNECTIVE = re.compile(r"\s*(?:Furthermore|Moreover|Meanwhile|In addition),\s+(?=\S)")


def opening_dateline(quote: str) -> Cut | None:
    """E1: ``Place (AGENCY) --`` goes; the agency is the origin."""
    found = dateline(quote)
    if found is None:
        return None
    agency = found["agency"] or ""
    return Cut(Edit("E1", 0, found.end()), agency, "agency" if agency else "")


def connective(quote: str) -> Cut | None:
    """E10: an opening Furthermore, Moreover, Meanwhile or In addition goes with its comma."""
    line = dateline(quote)
    found = _CONNECTIVE.match(quote, line.end() if line else 0)
    return Cut(Edit("E10", found.start(), found.end())) if found else None
