"""Gives the cuts at the beginning of a sentence that say nothing of its fact: E1 the dateline, E10 the connective.

``at`` is where the sentence begins: behind what was cut before.
"""

from __future__ import annotations

import re

from digests.attribution import dateline
from digests.edits.safety import Cut
from digests.model import Edit

_CONNECTIVE = re.compile(r"\s*(?:Furthermore|Moreover|Meanwhile|In addition),\s+(?=\S)")


def opening_dateline(quote: str, at: int = 0) -> Cut | None:
    """E1: ``Place (AGENCY) --`` goes; the agency is the origin."""
    found = dateline(quote, at)
    if found is None:
        return None
    agency = found["agency"] or ""
    return Cut(Edit("E1", at, found.end()), agency, "agency" if agency else "")


def connective(quote: str, at: int = 0) -> Cut | None:
    """E10: an opening Furthermore, Moreover, Meanwhile or In addition goes with its comma."""
    found = _CONNECTIVE.match(quote, at)
    return Cut(Edit("E10", found.start(), found.end())) if found else None
