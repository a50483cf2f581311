"""One pass over a text that finds its time expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import accumulate, compress, islice

from digests.dates import clock, days, stretches
from digests.dates.arithmetic import is_day
from digests.dates.context import Context
from digests.dates.expression import Found, Meaning, TimeExpression
from digests.dates.grammar import Grammar, Opening, grammar
from digests.dates.neighbours import agreed
from digests.model import Basis, Precision

Reading = Callable[[Context, re.Match[str]], Meaning | list[Found] | None]

_READINGS: Mapping[str, Reading] = days.READINGS | stretches.READINGS | clock.READINGS
_NO_TIME = "none"  # the rule of words that only look like a time
_WORDS = re.compile(r"(\w+)")
_ASCII_WORDS = re.compile(r"([A-Za-z0-9_]+)")  # the same where there are no other letters, and twice as quick
_REACH = 48  # characters from the first word of an expression to the one that tells it is one


def tag(text: str, reference: date | None, *, language: str = "en") -> tuple[TimeExpression, ...]:
    """The time expressions of ``text`` in order, not overlapping.

    Args:
        reference: the day on which the text was published, in the zone of its outlet; None when unknown.

    >>> [(found.words, found.value) for found in tag("It sank on Wednesday, a month after the fire.", date(2024, 10, 13))]
    [('Wednesday', '2024-10-09'), ('a month', 'P1M')]
    """
    if reference is not None and not 1000 <= reference.year <= 9000:
        reference = None
    words = grammar(language)
    context = Context(text, reference, words)
    _read(context, words)
    return tuple(agreed(text, _with_carried_years(text, context.found, words.forms["listed"]), context.reference, words))


def _read(context: Context, words: Grammar) -> None:
    """Try each word that may open an expression; "the" and its like only when a telling word follows soon."""
    at, text, openings, telling = 0, context.text, words.openings, words.telling
    waiting: list[tuple[int, Opening]] = []
    for start, word, following in _candidates(text, words):
        opening = openings.get(word)
        if word in telling or word[0] <= "9":
            for earlier, weak in waiting:
                if earlier >= at and start - earlier <= _REACH:
                    at = _take(context, weak, earlier, at)
            waiting.clear()
            if word[0] <= "9":
                opening = words.digits if not word[:5].isdecimal() or len(word) < 5 else None
                opening = opening if _may_open(text, start) else None
            if opening is not None and start >= at:
                at = _take(context, opening, start, at)
        elif opening is not None and words.goes_on[following]:
            waiting.append((start, opening))


def _candidates(text: str, words: Grammar) -> Iterator[tuple[int, str, str]]:
    """Where the words begin that may open an expression or tell of one, each with the word behind it; numbers may always."""
    pieces = (_ASCII_WORDS if text.isascii() else _WORDS).split(text)  # what stands between the words, and they, in turn
    starts = islice(accumulate(map(len, pieces)), 0, None, 2)
    found = pieces[1::2]
    return compress(zip(starts, found, [*found[1:], ""], strict=False), words.heeded.each(found))


def _may_open(text: str, start: int) -> bool:
    """Whether a number that begins here can belong to a date: not the end of 7,223.98, $30 or A-380."""
    if start == 0:
        return True
    before = text[start - 1]
    if before in "$€£¥#.:/_@'’+" or before.isalnum():
        return False
    return before not in ",-–" or start == 1 or (before != "," and text[start - 2].isdigit())


def _take(context: Context, opening: Opening, start: int, at: int) -> int:
    """Add the expression that opens here, if one does; where to read on."""
    fits = opening.any_of.match(context.text, start)
    if fits is None or fits.lastindex is None:
        return at
    for pattern in opening.patterns[fits.lastindex - 1 :]:
        match = pattern.form.match(context.text, start)
        if match is None:
            continue
        if pattern.rule == _NO_TIME:
            return match.end()
        read = _READINGS[pattern.rule](context, match)
        if read is None:
            continue
        for first, last, meaning in read if isinstance(read, list) else [(start, match.end(), read)]:
            _add(context, first, last, meaning)
        return max(match.end(), context.found[-1].end)
    return at


def _add(context: Context, start: int, end: int, meaning: Meaning) -> None:
    value, type_, precision, basis, ahead = meaning
    if context.reference is None and basis is Basis.WORKED_OUT and precision is not Precision.NONE:
        value, basis = None, Basis.UNCLEAR
    context.found.append(TimeExpression(start, end, context.text[start:end], value, type_, precision, basis, ahead))


# ---------------------------------------------------------------------------------------- the year of a neighbour


def _with_carried_years(text: str, found: list[TimeExpression], listed: re.Pattern[str]) -> list[TimeExpression]:
    """Gives a day without a year the year written with its neighbour in a range or list: "March 3 to April 5, 2009"."""
    for at in range(len(found) - 2, -1, -1):
        this, following = found[at], found[at + 1]
        if _has_written_year(following) and _is_yearless_day(this) and listed.fullmatch(text, this.end, following.start):
            found[at] = _in_year_of(this, following)
    return found


def _is_yearless_day(expression: TimeExpression) -> bool:
    day = expression.precision is Precision.DAY or (expression.value or "").startswith("XXXX-")
    return day and expression.basis is not Basis.WRITTEN and any(letter.isdigit() for letter in expression.words)


def _has_written_year(expression: TimeExpression) -> bool:
    return expression.precision is Precision.DAY and expression.basis is Basis.WRITTEN


def _in_year_of(expression: TimeExpression, other: TimeExpression) -> TimeExpression:
    assert expression.value is not None
    assert other.value is not None
    year = int(other.value[:4])
    if expression.value[5:] > other.value[5:10]:
        year -= 1  # "December 30 to January 2, 2009"
    value = f"{year}{expression.value[4:]}"
    if not is_day(value):
        return expression
    return expression._replace(value=value, precision=Precision.DAY, basis=Basis.WRITTEN)
