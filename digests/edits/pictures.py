"""Gives the cuts of what points at a picture beside the sentence (E13): "The ferry (pictured) sank"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digests.edits.safety import Cut
from digests.model import Edit

_POINTER = re.compile(r"\s*\(pictured\b[^()]{0,60}\)", re.IGNORECASE)


def pointers(quote: str) -> Iterator[Cut]:
    """E13: each ``(pictured)`` goes, with what it says of its place: ``(pictured with her crew)``."""
    if "pictured" in quote.lower():
        yield from (Cut(Edit("E13", *found.span())) for found in _POINTER.finditer(quote))
