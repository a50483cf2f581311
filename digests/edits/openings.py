"""Gives the cuts at the beginning of a sentence that say nothing of its fact: E1 what stands before it, E10 the connective.

E1 is the dateline, and what a page runs into its first words: the mark of a list, a stamp of time or date, a byline.
``at`` is where the sentence begins: behind what was cut before.
"""

from __future__ import annotations

import re
from functools import cache

from digests.data import table
from digests.datelines import dateline
from digests.edits.safety import Cut
from digests.model import Edit

_CONNECTIVE = re.compile(r"\s*(?:Furthermore|Moreover|Meanwhile|Meantime|In addition),\s+(?=\S)")


_DASH = r"(?:--|[—–|:-])"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_MONTH = rf"(?:(?:{_MONTHS})[a-z]{{0,6}}|(?:{_MONTHS.upper()})[A-Z]{{0,6}})\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = rf"(?:{_MONTH} {_DAY}, \d{{4}}|{_DAY} {_MONTH},? \d{{4}}|\d{{1,2}} ?[/.] ?\d{{1,2}} ?[/.] ?\d{{4}})"
_ZONE = r"(?:GMT|UTC|BST|IST|JST|HKT|SGT|CES?T|AE[SD]T|[ECMP][SD]?T|local time)\b"
_CLOCK = rf"\d{{1,2}}[:.] ?\d\d ?(?:[AaPp]\.?[Mm]\.?)?(?: {_ZONE})?"
_NAME = r"[A-Z][\w.’'-]*"
_LIST_MARK = re.compile(rf"\s*(?:[-–—•*▪‣·■►]\s+|\(?[1-9]\d?[.)]\s+)(?!{_MONTH}\s|Bundesliga|Liga\b)(?=[\"“‘'(]?[A-Z0-9])")
_WEEKDAY = r"(?:[A-Z][a-z]{2,8}day|[A-Z]{3,6}DAY|Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_DAYDATE = rf"(?:{_WEEKDAY},? )?{_DATE}"
_CHANGED = r"(?:(?:(?:Last )?[Uu]pdated|UPDATED|Published|PUBLISHED|Posted|POSTED):? ?(?:on |at )?)"
_BEGINS = r"(?=[\"“‘'(]?[A-Z])"
_AFTER_DATE = rf"(?:(?:,? | [–|-] |\|)(?:at )?{_CLOCK})?(?:\s*{_DASH}\s*|\s+)"
_YEARLESS = rf"{_WEEKDAY},? {_MONTH} {_DAY},? (?:at )?"
_STAMP = re.compile(
    rf"\s*(?:{_CHANGED}?(?:{_CLOCK}\s*{_DASH}\s*|(?:{_CLOCK},? )?{_DAYDATE}{_AFTER_DATE})"
    rf"|{_CHANGED}(?:{_YEARLESS})?{_CLOCK}\s+){_BEGINS}"
)
_BYLINE = re.compile(
    rf"(?:[^.!?]{{0,90}}?\s)?[Bb][Yy] {_NAME}(?: {_NAME}){{1,3}},? ?{_DASH}? ?{_DAYDATE}\s*{_DASH}?\s+{_BEGINS}"
)
_CAPITALS = re.compile(
    r"(?P<place>[A-Z][A-Z.’'-]+(?:,? [A-Z][A-Z.’'-]+){0,3}(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?): ?(?=[\"“‘'(]?[A-Z0-9])"
)
_TOWN = re.compile(rf"{_NAME}(?: {_NAME}){{0,2}}, [A-Z][\w. ]{{2,24}} (?:--|[–—-]) (?=[\"“‘'(]?[A-Z])")
_DIGIT = re.compile(r"\d")
_SOON = 24  # characters up to the first number of a stamp
_LONGEST_BYLINE = 170  # characters
_SHORTEST_PLACE = 4  # letters: shorter capitals are initials, "NASA" and its like too


def opening_dateline(quote: str, at: int = 0) -> Cut | None:
    """E1: ``Place (AGENCY) --`` goes; the agency is the origin."""
    found = dateline(quote, at)
    if found is None:
        return None
    agency = found["agency"] or ""
    return Cut(Edit("E1", at, found.end()), agency, "agency" if agency else "")


def opening_place(quote: str, at: int = 0) -> Cut | None:
    """E1: a dateline in capitals with a colon, ``NEW DELHI:``, or a town and its region with a dash, ``Meadow Bay, Ontario –``.

    Only in an article's first sentence: later capitals speak, and a later dash sets somebody apart.
    """
    found = _CAPITALS.match(quote, at)
    if found is None:
        return _first_cut(_TOWN, quote, at)
    first = found["place"].split(",")[0]
    return (
        None if len(first) <= _SHORTEST_PLACE or not _labels().isdisjoint(first.split()) else Cut(Edit("E1", at, found.end()))
    )


def opening_mark(quote: str, at: int = 0) -> Cut | None:
    """E1: the mark of a list item, "- " or "2. "."""
    return None if quote[at : at + 1].isalpha() else _first_cut(_LIST_MARK, quote, at)


def opening_stamp(quote: str, at: int = 0) -> Cut | None:
    """E1: the stamp of a live page or a written date before a dash, "10:42 a.m. -" or "April 17, 2024 --", or such a
    date that runs into the sentence."""
    return _first_cut(_STAMP, quote, at) if _DIGIT.search(quote, at, at + _SOON) else None


def opening_byline(quote: str, at: int = 0) -> Cut | None:
    """E1: a headline, byline and date that a page ran into its first sentence."""
    opening = quote[at : at + _LONGEST_BYLINE]
    return _first_cut(_BYLINE, quote, at) if ("by " in opening or "By " in opening) and _DIGIT.search(opening) else None


def _first_cut(pattern: re.Pattern[str], quote: str, at: int) -> Cut | None:
    found = pattern.match(quote, at)
    return Cut(Edit("E1", at, found.end())) if found else None


@cache
def _labels() -> frozenset[str]:
    return frozenset(table("editing.en.toml")["labels"])


def connective(quote: str, at: int = 0) -> Cut | None:
    """E10: an opening Furthermore, Moreover, Meanwhile, Meantime or In addition goes with its comma."""
    found = _CONNECTIVE.match(quote, at)
    return Cut(Edit("E10", found.start(), found.end())) if found else None
