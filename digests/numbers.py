"""The numbers of a sentence: where they stand, what they count, and when two spellings are one number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from digests import data, words

_FURTHEST = 3
"""Words behind a number that say of what it is."""
_LAST_DAY = 31
_LONGEST_MONTH = 16  # characters, with its mark, blanks and the one before it
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_WORDS_BEHIND = re.compile(rf"(?:\s+[^\W\d_]+(?:-[^\W\d_]+)*){{1,{_FURTHEST}}}")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_STRONG = re.compile(r"-strong\b", re.I)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in a text: "2.2 million", "£5m", "41C", "twenty-four".

    Args:
        text: with its sign, scale or unit, white space folded.
        start, end: where it stands.
        value: what it comes to, whatever its spelling; of a share, a sum or a measure its figure.
        unit: the measure that is glued on, "km".
        spaced: the same with what is glued on standing apart, a scale as its word: "£5 million", "41 C".
    """

    text: str
    start: int
    end: int
    value: Decimal
    unit: str
    spaced: str


def numbers(text: str, *, in_words: bool = False) -> Iterator[Number]:
    """Each number of a text, whole or not at all: of "14th" and "76ers" there is none; ``in_words`` also "twenty-four".

    >>> [(each.text, int(each.value)) for each in numbers("A fund of £5m for 40k homes, 300m from the 14th lock")]
    [('£5m', 5000000), ('40k', 40000), ('300m', 300)]
    """
    for found in (_either() if in_words else _in_digits()).finditer(text):
        number = _glued(found) if found["glued"] else _plain(found)
        if number:
            yield number


def counted(text: str) -> dict[str, Number]:
    """The numbers of a sentence by what they count; a number that counts nothing, a day or a year is none of them.

    >>> {of: number.text for of, number in counted("On 3 May 2024 some 1,200 seamen and seven dogs were on board").items()}
    {'seamen': '1,200', 'dog': 'seven'}
    """
    found: dict[str, Number] = {}
    twice = set()
    for number in numbers(text, in_words=True):
        if number.text.lower() == "one" or _is_dated(number, text):
            continue  # "one of them" counts nothing
        of = [words.stem(number.unit)] if number.unit else _counts(text[number.end :])
        if not of or not of[0].isalpha():
            continue
        twice |= {of[0]} & found.keys()
        found[of[0]] = number
    return {of: number for of, number in found.items() if of not in twice}


def values(text: str) -> frozenset[Decimal]:
    """What the numbers of a text come to, in digits or words; "one" is none.

    >>> values("Four of 1,200 homes; one of them") == {4, 1200}
    True
    >>> values("$2.3bn") == values("$2.3 billion")
    True
    """
    return frozenset(number.value for number in numbers(text, in_words=True) if number.text.lower() != "one")


def without(text: str) -> str:
    """The text with its numbers blanked."""
    return _replaced(text, lambda number: " ", in_words=True)


def spaced(text: str) -> str:
    """The text with what is glued to its numbers standing apart, so that its words are those of another spelling.

    >>> spaced("A £5m fund, 300m from the lock")
    'A £5 million fund, 300 m from the lock'
    """
    return _replaced(text, lambda number: number.spaced)


def _replaced(text: str, by: Callable[[Number], str], *, in_words: bool = False) -> str:
    pieces, at = [], 0
    for number in numbers(text, in_words=in_words):
        pieces += [text[at : number.start], by(number)]
        at = number.end
    return "".join([*pieces, text[at:]])


def _counts(behind: str) -> list[str]:
    """The words that say what a number counts, the first of them first."""
    return words.content(" ".join(words.tokens(behind)[:_FURTHEST]))


def _is_dated(number: Number, text: str) -> bool:
    """Whether a number is a year, or the day of the month beside it; "In May 40 boats sank" counts boats."""
    if _YEAR.fullmatch(number.text):
        return True
    if not number.text.isdigit() or number.value > _LAST_DAY:
        return False
    before = text[max(0, number.start - _LONGEST_MONTH) : number.start]
    return bool(_month_before().search(before) or _month_behind().match(text, number.end))


def _plain(found: re.Match[str]) -> Number:
    text = " ".join(found[0].split())
    spaced = _LAST_WORD.sub(lambda last: _table()["short"].get(last[0].lower(), last[0]), text)
    return Number(text, found.start(), found.end(), _value(spaced), "", spaced)


def _glued(found: re.Match[str]) -> Number | None:
    """The number with what is glued to its figure; None when that is neither a scale nor a unit, as in "14th"."""
    table, glued = _table(), found["glued"]
    scale = _scale(found)
    is_unit = glued in table["units"]["as_written"] or glued.lower() in table["units"]["any_case"]
    if not (scale or is_unit or glued.lower() in table["shares"]):
        return None
    text = " ".join(found[0].split())
    spaced = f"{text.removesuffix(glued)} {scale or glued}"
    unit = glued.strip("°").lower() if is_unit and not scale else ""
    return Number(text, found.start(), found.end(), _value(spaced), unit, spaced)


def _scale(found: re.Match[str]) -> str:
    """The scale that is glued to a figure, as a word; ``""`` when it has none.

    A letter may be a measure too: "300m" is a length or a crowd, "5t" a weight, "2b" a flat.  The sign of a currency makes it a
    scale; without one "5m" is millions where it counts something ("5m homes", "5m were left"), and else metres; "5M" is never a
    length, "5b" a billion only of what it counts, and "5t" a weight.
    """
    glued: str = found["glued"]
    small, table = glued.lower(), _table()
    sure: str = small if small in table["scales"] else table["short"].get(small, "")
    if sure:
        return sure
    scale: str = table["letters"].get(small, "")
    if found["sum"] or small == "k" or glued == "M" or (small in ("m", "b") and _is_counted(found)):
        return scale
    return ""


def _is_counted(found: re.Match[str]) -> bool:
    """Whether something follows that comes in numbers, not in lengths."""
    table = _table()
    if _STRONG.match(found.string, found.end()) or re.search(table["millions_of"], found.string[: found.start()]):
        return True
    behind = _WORDS_BEHIND.match(found.string, found.end())
    if not behind or re.search(table["one_of_that_length"], found.string[: found.start()]):
        return False
    for word in behind[0].lower().split():
        if word in table["people"] or (words.content(word) and word.endswith("s") and word not in table["far"]):
            return True
        if word in table["far"] or not words.content(word):
            return False
    return False


def _value(number: str) -> Decimal:
    """What the parts of a number come to, added up to each scale: (2 x 100 + 5) x 1,000."""
    scales = _table()["scales"]
    whole, figure = Decimal(0), Decimal(0)
    for part in re.findall(r"\d*(?:[.,]\d+)+|\d+|[^\W\d_]+", number.lower()):
        if part[-1].isdigit():
            figure += _figure(part)
        elif part in scales and scales[part] >= scales["thousand"]:
            whole, figure = whole + figure * scales[part], Decimal(0)
        elif part in scales:
            figure *= scales[part]
        else:
            figure += _named().get(part, 0)
    return whole + figure


def _figure(digits: str) -> Decimal:
    """``1,200`` is a thousand and more, ``2.2`` and ``2,2`` are two and a bit; of ``1.2.3`` only the digits count."""
    plain = re.sub(r",(?=\d{3}(?!\d))", "", digits).replace(",", ".")
    return Decimal(plain if plain.count(".") < 2 else plain.replace(".", ""))


@cache
def _table() -> dict[str, Any]:
    return data.table("numbers.en.toml")


@cache
def _named() -> dict[str, int]:
    table: dict[str, int] = data.table("dates.en.toml")["values"]["number"]
    return {word: number for word, number in table.items() if word not in ("a", "an")}


@cache
def _months() -> str:
    """The months as they are written, with a capital: "may" is a verb, and "Marines" are no month."""
    names = sorted(data.table("dates.en.toml")["values"]["month"], key=len, reverse=True)
    return "|".join(spelling for name in names for spelling in (name.capitalize(), name.upper()))


@cache
def _month_before() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_months()})\.?,?\s*\Z")


@cache
def _month_behind() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:{_months()})\b")


# All of it is possessive: what a number cannot be followed by must not be got round by reading less of the number.  No group
# has a possessive quantifier, though: Python 3.11.2 goes on behind what such a group has read of a turn that then fails.
def _all_of(pattern: str) -> str:
    return rf"(?:{pattern})*(?!{pattern})"


def _if_there(pattern: str) -> str:
    return rf"(?:{pattern}|(?!{pattern}))"


@cache
def _scaled() -> str:
    scales = "|".join(sorted({**_table()["scales"], **_table()["short"]}, key=len, reverse=True))
    shares = "|".join(share.replace(" ", r"\s+") for share in _table()["shares"])
    return _all_of(rf"[\s-]+(?i:{scales})\b") + _if_there(rf"(?:\s?%|[\s-]+(?i:{shares})\b)")


@cache
def _digits() -> str:
    money = r"(?P<sum>(?:(?<![\w.,])[A-Z]{1,3})?[$€£¥₹]\s?+)"
    figure = r"(?:\d++(?:[.,]\d++)*|\.\d++)(?![.,]\d)"
    return rf"(?:{money}|(?<![\w.,$€£¥₹])){figure}(?:(?P<glued>°?+[^\W\d_]++|°)|{_scaled()})(?![\w%])"


@cache
def _in_digits() -> re.Pattern[str]:
    return re.compile(_digits())


@cache
def _either() -> re.Pattern[str]:
    """Digits, or words: "twenty-four", "five hundred thousand", "two hundred and five"."""
    one = "|".join(sorted(_named(), key=len, reverse=True))
    named = rf"(?i:{one}){_if_there(rf'-(?i:{one})')}\b"
    rest = _if_there(rf"\s+and\s+{named}(?![\s-]+hundred\b)")  # "between one and two hundred" is two numbers
    hundreds = _if_there(rf"[\s-]+(?i:hundred)\b{rest}")
    return re.compile(rf"{_digits()}|\b{named}{hundreds}{_scaled()}(?![\w-])")
