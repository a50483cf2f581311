"""Tells from the words beside a day whether it stands for itself: no limit ("by Friday") and no noun's ("Friday's close")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from digests.dates import TimeExpression
from digests.eventday.cues import any_of, cues
from digests.model import Basis, Precision
from digests.verbs import lexicon, verbs

_LAST_WORD = re.compile(r"([^\W_]+|['’]s)\s*\Z")
_NEXT_WORD = re.compile(r"(['’]s?\b|-\w)|\s+([^\W_]+)")
_REACH = 24  # characters back to the word that places a day


@dataclass(frozen=True, slots=True)
class Place:
    """How a day is tied to its clause: by a word (``on``; "" for none), and whether both begin the sentence."""

    word: str
    initial: bool


def is_calendar(expression: TimeExpression) -> bool:
    """Whether the words name a day, month or year, known or not, that a fact can lead with."""
    if expression.type not in ("DATE", "TIME"):
        return False
    if expression.precision in (Precision.DAY, Precision.MONTH, Precision.YEAR):
        return True
    value = expression.value
    return expression.basis is Basis.UNCLEAR and (
        value is None or (value.startswith("XXXX-") and not value.startswith("XXXX-XX"))
    )


def place(text: str, expression: TimeExpression) -> Place | None:
    """How the day of ``text`` is tied to its clause; None when it belongs to something else in it or is a limit."""
    word, begin = _placing_word(text, expression)
    initial = not text[:begin].strip(" \"“'‘,")
    lists, type_ = cues(), expression.type
    if word in ("'s", "’s") or text[: expression.start].rstrip().endswith(":"):
        return None
    if type_ == "TIME" and word in lists["clock"]:
        found = Place(word, initial)
    elif word in lists["limit"] or word in lists["determiner"]:
        found = _stretched(text, expression, word, initial=initial)
    elif word in lists["placing"]:
        found = Place(word, initial) if _may_place(word, expression) else None
    else:
        found = _bare(text, expression, initial=initial)
    return found if found is not None and _stands_alone(text, expression, initial=found.initial) else None


def _may_place(word: str, expression: TimeExpression) -> bool:
    """Whether the day is one: not a length of time ("for the next year"), nor what ends one ("in 3 days")."""
    lists = cues()
    if word in lists["for"]:
        return expression.words.split()[0].lower() not in lists["determiner"]
    return word not in lists["within"] or expression.precision is not Precision.DAY or expression.type != "DATE"


def words_start(text: str, expression: TimeExpression) -> int:
    """Where the words of a day begin with the one that places it: "on Wednesday"."""
    match = _placed().search(text, max(0, expression.start - 8), expression.start)
    return match.start() if match else expression.start


@cache
def _placed() -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(cues()['placing'] - cues()['for'])}\s\Z", re.IGNORECASE)


def _placing_word(text: str, expression: TimeExpression) -> tuple[str, int]:
    """The word before the day, "late" and its like passed over, and where it begins; "" for none."""
    word, end = "", expression.start
    while (match := _LAST_WORD.search(text, max(0, end - _REACH), end)) is not None:
        word, end = match[1].lower(), match.start()
        if word not in cues()["nearly"]:
            return word, end
    return "", end


def _stretched(text: str, expression: TimeExpression, word: str, *, initial: bool) -> Place | None:
    """The place of "from April 30 to May 1" and "on the morning of Friday", which begin like limits."""
    if word == "of" and _part_of_day().search(text, 0, expression.start):
        return Place("on", initial)
    if word == "from" and _until().match(text, expression.end):
        return Place("on", initial)
    return None


@cache
def _part_of_day() -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(cues()['part_of_day'])}\s+of\s+\Z")


@cache
def _until() -> re.Pattern[str]:
    return re.compile(rf"\s{any_of(cues()['stretch'])}\s")


def _bare(text: str, expression: TimeExpression, *, initial: bool) -> Place | None:
    """The place of a day with no word to tie it: "arrested Friday", "last month", but not "5 October: ..."."""
    before = text[: expression.start]
    coarse = expression.precision in (Precision.MONTH, Precision.YEAR)
    if coarse and not _relative().match(expression.words):
        return None
    if expression.precision is not Precision.DAY and _ranked().search(before, max(0, expression.start - 40)):
        return None
    if not before.strip() and any(letter.isdigit() for letter in expression.words):
        return None  # a dateline
    return Place("", initial)


@cache
def _relative() -> re.Pattern[str]:
    lists = cues()
    return re.compile(rf"{any_of(lists['relative_time'])}\b|.*\b{any_of(lists['ago'])}\Z", re.IGNORECASE)


@cache
def _ranked() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{any_of(cues()['rank'])}|\d+th|the \w+est)\s(?:[\w-]+\s){{1,2}}\Z", re.IGNORECASE)


def _stands_alone(text: str, expression: TimeExpression, *, initial: bool) -> bool:
    """Whether no noun follows that the day only describes ("the July 7 bombers", "Friday's close")."""
    match = _NEXT_WORD.match(text, expression.end)
    if match is None:
        return True
    if match[1]:
        return False
    if initial:
        return True
    word = match[2]
    if word[0].isupper():
        return expression.words.lower() in cues()["here_and_now"]
    return word in cues()["follows"] or word.endswith(tuple(lexicon()["adverb_ending"])) or bool(verbs(word))
