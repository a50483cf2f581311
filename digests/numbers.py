"""The numbers of a sentence: where they stand, what they count, and when two spellings are one number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from digests import data, words

_SCALES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}
_SHARES = r"percent|per\s+cent|percentage\s+points"
_SCALED = rf"(?:\s?%|[\s-]+(?:{'|'.join(_SCALES)}|{_SHARES})\b)?"
_IN_DIGITS = re.compile(rf"(?<![\w.,])[$€£]?\d+(?:[.,]\d+)*{_SCALED}(?![\w%])", re.I)
_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?,?\s*$", re.I)
_MONTH_BEHIND = re.compile(r"\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.I)
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_FURTHEST = 3
"""Words behind a number that say of what it is."""


def numbers(text: str, *, in_words: bool = False) -> Iterator[re.Match[str]]:
    """Each number of a text with its scale ("2.2 million", "41%"), where it stands; ``in_words`` also "twenty-four"."""
    return (_either() if in_words else _IN_DIGITS).finditer(text)


def counted(text: str) -> dict[str, str]:
    """The numbers of a sentence by what they count; a number that counts nothing, a day or a year is none of them.

    >>> counted("On 3 May 2024 some 1,200 seamen and seven dogs were on board")
    {'seamen': '1,200', 'dog': 'seven'}
    """
    found: dict[str, str] = {}
    twice = set()
    for number in numbers(text, in_words=True):
        before, behind = text[: number.start()], text[number.end() :]
        if number[0].lower() == "one":
            continue  # "one of them" counts nothing
        if _MONTH.search(before) or _MONTH_BEHIND.match(behind) or _YEAR.fullmatch(number[0]):
            continue
        of = words.content(" ".join(words.tokens(behind)[:_FURTHEST]))
        if not of or not of[0].isalpha():
            continue
        twice |= {of[0]} & found.keys()
        found[of[0]] = " ".join(number[0].split())
    return {of: number for of, number in found.items() if of not in twice}


def values(text: str) -> frozenset[Decimal]:
    """What the numbers of a text come to, in digits or words; "one" is none.

    >>> values("Four of 1,200 homes; one of them") == {4, 1200}
    True
    """
    return frozenset(value(number[0]) for number in numbers(text, in_words=True) if number[0].lower() != "one")


def without(text: str) -> str:
    """The text with its numbers blanked."""
    return _either().sub(" ", text)


def value(number: str) -> Decimal:
    """What a number of ``numbers`` comes to, whatever its spelling; of a share or a sum its figure.

    >>> value("2.2 million") == value("2,200,000"), value("twenty-four") == value("24")
    (True, True)
    """
    figure, scale = Decimal(0), Decimal(1)
    for part in re.findall(r"\d+(?:[.,]\d+)*|[a-z]+", number.lower()):
        if part[0].isdigit():
            figure += _figure(part)
        elif part in _SCALES:
            scale *= _SCALES[part]
        else:
            figure += _named().get(part, 0)
    return figure * scale


def _figure(digits: str) -> Decimal:
    """``1,200`` is a thousand and more, ``2.2`` and ``2,2`` are two and a bit; of ``1.2.3`` only the digits count."""
    plain = re.sub(r",(?=\d{3}(?!\d))", "", digits).replace(",", ".")
    return Decimal(plain if plain.count(".") < 2 else plain.replace(".", ""))


@cache
def _named() -> dict[str, int]:
    table: dict[str, int] = data.table("dates.en.toml")["values"]["number"]
    return {word: number for word, number in table.items() if word not in ("a", "an")}


@cache
def _either() -> re.Pattern[str]:
    named = "|".join(sorted(_named(), key=len, reverse=True))
    return re.compile(rf"{_IN_DIGITS.pattern}|\b(?:{named})(?:-(?:{named}))?\b{_SCALED}(?![\w-])", re.I)
