"""Tells from the words beside a day whether it stands for itself: no limit ("by Friday") and no noun's ("Friday's close")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from digests.dates import TimeExpression
from digests.eventday.cues import any_of, cues
from digests.model import Basis, Precision
from digests.verbs import lexicon, verbs

_LAST_WORD = re.compile(r"([^\W_]+|['’]s)\Z")
_NEXT_WORD = re.compile(r"(['’]s?\b|-\w)|\s+([^\W_]+)")
_STAMP_REACH = 12  # characters before a date that is the stamp of what follows its colon
_REACH = 24  # characters back to the word that places a day
_LEADING = (Precision.DAY, Precision.MONTH, Precision.YEAR)


@dataclass(frozen=True, slots=True)
class Place:
    """How a day stands in its sentence.

    Args:
        word: before it, which may tie it to its clause; "late" and its like passed over.
        start: where the words of the day begin with that word, if it ties it: "on Wednesday".
        initial: they begin the sentence.
    """

    word: str
    start: int
    initial: bool


def is_calendar(expression: TimeExpression) -> bool:
    """Whether the words name a day, month or year, known or not, that a fact can lead with."""
    if expression.type not in ("DATE", "TIME"):
        return False
    if expression.precision in _LEADING:
        return True
    value = expression.value
    return expression.basis is Basis.UNCLEAR and (
        value is None or (value.startswith("XXXX-") and not value.startswith("XXXX-XX"))
    )


def place(text: str, expression: TimeExpression) -> Place | None:
    """How the day stands in its clause; None when it belongs to something else in it or is a limit."""
    word, begin = _placing_word(text, expression)
    if word in cues()["possessive"] or text[: expression.start].rstrip().endswith(":"):
        return None
    if expression.start < _STAMP_REACH and text.startswith(":", expression.end):
        return None  # "UPDATE 2031-05-13: the pier is open", "5 May: ..."
    initial = not text[:begin].strip(" \"“'‘,")
    if not _is_tied(text, expression, word) or not _stands_alone(text, expression, initial=initial):
        return None
    ties = expression.start - begin == len(word) + 1 and word in cues()["placing"] and word not in cues()["for"]
    return Place(word, begin if ties else expression.start, initial)


def _is_tied(text: str, expression: TimeExpression, word: str) -> bool:
    """Whether the word before a day ties it to the clause, or nothing has to."""
    lists = cues()
    if expression.type == "TIME" and word in lists["clock"]:
        return True
    if word in lists["limit"] or word in lists["determiner"]:
        return _is_stretch(text, expression, word)
    return _may_place(word, expression) if word in lists["placing"] else _is_bare(text, expression)


def _may_place(word: str, expression: TimeExpression) -> bool:
    """Whether the day is one: not a length of time ("for the next year"), nor what ends one ("in 3 days")."""
    lists = cues()
    if word in lists["for"]:
        return expression.words.split()[0].lower() not in lists["determiner"]
    return word not in lists["within"] or expression.precision is not Precision.DAY or expression.type != "DATE"


def _placing_word(text: str, expression: TimeExpression) -> tuple[str, int]:
    """The word before the day, "late" and its like passed over, and where it begins; "" for none."""
    end = expression.start
    nearly = cues()["nearly"]
    while word := _last_word(near := text[max(0, end - _REACH) : end].rstrip()):
        end = max(0, end - _REACH) + len(near) - len(word)
        if (word := word.lower()) not in nearly:
            return word, end
    return "", end


def _last_word(text: str) -> str:
    """The word with which a text ends; "" when it ends with a mark."""
    words = text.rsplit(maxsplit=1)
    if words and words[-1].isalnum():  # nearly always
        return words[-1]
    match = _LAST_WORD.search(text)
    return match[1] if match else ""


def _is_stretch(text: str, expression: TimeExpression, word: str) -> bool:
    """Whether what begins like a limit is none: "from April 30 to May 1", "on the morning of Friday"."""
    lists = cues()
    if word in lists["of"]:
        return _part_of_day().search(text, max(0, expression.start - _REACH), expression.start) is not None
    return word in lists["from"] and _until().match(text, expression.end) is not None


@cache
def _part_of_day() -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(cues()['part_of_day'])}\s+of\s+\Z")


@cache
def _until() -> re.Pattern[str]:
    return re.compile(rf"\s{any_of(cues()['stretch'])}\s")


def _is_bare(text: str, expression: TimeExpression) -> bool:
    """Whether a day needs no word to tie it: "arrested Friday", "last month", but not "5 October: ..."."""
    coarse = expression.precision in (Precision.MONTH, Precision.YEAR)
    if coarse and not _relative().match(expression.words):
        return False
    if expression.precision is not Precision.DAY and _ranked().search(text, max(0, expression.start - 40), expression.start):
        return False
    if _counted_weekday().match(expression.words):
        return False  # "its traditional first Saturday in May"
    dateline = not text[: expression.start].strip() and any(letter.isdigit() for letter in expression.words)
    return not dateline


def _names_something(text: str, expression: TimeExpression) -> bool:
    """Whether a weekday in front names what follows: "Sunday Thoughts", not "Yesterday Roe" or "On Sunday Roe"."""
    words = expression.words.split()
    bare = not text[: expression.start].strip(" \"“'‘") and all(word.istitle() for word in words)
    return bare and words[0].lower() not in cues()["here_and_now"] | cues()["relative_time"]


@cache
def _counted_weekday() -> re.Pattern[str]:
    return re.compile(rf"{any_of(cues()['rank'])}\s\w+\s(?:in|of)\s", re.IGNORECASE)


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
    word = match[2]
    if initial:
        return not (word[0].isupper() and _names_something(text, expression))
    if word in cues()["of"] and expression.words.split()[0].lower() in cues()["relative_time"]:
        return False  # "the last year of the war"
    if word[0].isupper():
        return expression.words.lower() in cues()["here_and_now"]
    return word in cues()["follows"] or word.endswith(tuple(lexicon()["adverb_ending"])) or bool(verbs(word))
