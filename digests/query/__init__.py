"""What somebody typed, as values, and which articles it wants: ``israel* -"gaza strip" since:yesterday length:full``."""

from digests.query.grammar import MOST_CHARACTERS, MOST_WORDS, MOST_YEARS, beside, is_picture, length, parse
from digests.query.matching import matches, share, told
from digests.query.typed import OPTIONS, Typed

__all__ = [
    "MOST_CHARACTERS",
    "MOST_WORDS",
    "MOST_YEARS",
    "OPTIONS",
    "Typed",
    "beside",
    "is_picture",
    "length",
    "matches",
    "parse",
    "share",
    "told",
]
