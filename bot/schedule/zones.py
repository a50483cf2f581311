"""Time zones by the names that people know them by."""

from __future__ import annotations

import re
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from digests.errors import QueryError
from digests.slips import near

_MOST_CHARACTERS = 60
_NOWHERE = {"Factory", "localtime", "posixrules"}  # in the database of some machines, and another place on each
# What people write that names no zone, and where whoever writes it most likely lives.
_LIKELY: Final = {
    "et est edt eastern": "America/New_York",
    "ct cst cdt central": "America/Chicago",
    "mt mst mdt mountain": "America/Denver",
    "pt pst pdt pacific california": "America/Los_Angeles",
    "bst uk england": "Europe/London",
    "cest mez mesz germany": "Europe/Berlin",
    "eest": "Europe/Athens",
    "msk": "Europe/Moscow",
    "ist india": "Asia/Kolkata",
    "cn china": "Asia/Shanghai",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "hkt": "Asia/Hong_Kong",
    "sgt": "Asia/Singapore",
    "aest aedt": "Australia/Sydney",
    "nzst nzdt": "Pacific/Auckland",
    "z": "UTC",
}


def zone_named(words: str) -> str:
    """The IANA name of a time zone, in its own spelling; capitals and spaces do not matter.

    Raises:
        QueryError: there is no such zone; the text offers the likely one.

    >>> zone_named("america/new york")
    'America/New_York'
    """
    folded = _folded(words)
    if folded in _known():
        return _known()[folded]
    hint = "A zone is named after a place: *Europe/Berlin*."
    if re.fullmatch(r"(?:utc|gmt)?[+-]?\d[\d:]*", folded):
        hint = "An offset knows no summer time; name a place: *Europe/Berlin*."
    elif likely := _likely(folded[:_MOST_CHARACTERS]):
        hint = f"Try *{likely}*."
    raise QueryError(f"I don't know the time zone *{' '.join(words.split())[:_MOST_CHARACTERS]}*. {hint}")


def is_zone(words: str) -> bool:
    """Whether this names a time zone."""
    return _folded(words) in _known()


def place(zone: str) -> str:
    """The place that a zone is named after: ``New York``."""
    return zone.rpartition("/")[2].replace("_", " ")


def _folded(words: str) -> str:
    return "_".join(words.split()).casefold()


@cache
def _known() -> dict[str, str]:
    """Every zone of the database, by its name in small letters."""
    return {each.casefold(): each for each in sorted(available_timezones() - _NOWHERE)}


@cache
def _cities() -> dict[str, str]:
    """Zones by the last part of their name; of several the first in the alphabet."""
    return {folded.rpartition("/")[2]: name for folded, name in reversed(_known().items()) if "/" in folded}


def _likely(folded: str) -> str | None:
    """The zone that somebody means who writes this: by abbreviation, by place, by a slip of the hand."""
    letters, city = re.split("[^a-z]", folded)[0], folded.rpartition("/")[2]
    for names, zone in _LIKELY.items():
        if letters in names.split():
            return zone
    if city in _cities():
        return _cities()[city]
    if meant := near(folded, _known()):
        return _known()[meant]
    if meant := near(city, _cities()):
        return _cities()[meant]
    return None
