"""Finds the time expressions of a text and works out the days they mean.

Words and patterns are data (``digests/data/dates.<language>.toml``); here is how each kind of expression is resolved.
"Wednesday" and "April 13" look back or ahead as the nearest verb does, counted from the reference: the day of publication in
the outlet's zone.  Without one they stay unclear, with their words.  The grain of the words is kept: "last month" is a month.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from digests.data import table
from digests.model import Basis, Precision
from digests.verbs import Tense, Verb, direction, verbs

NEAR_DAYS = 45
"""A day without a year this near to the reference is the nearest one, whatever the verb."""


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words of a text that mean a time.

    Args:
        start: offset in code points of the text, as ``end``; ``words == text[start:end]``.
        value: in the forms of TIMEX3: ``2013-03-22``, ``2013-03``, ``2013-W12``, ``P1M``, ``PAST_REF``, ``2013-03-22TNI``;
            ``XXXX-04-13`` where the year is unknown; None where nothing of it is known.
        type: DATE, TIME, DURATION or SET.
        precision: of the calendar value; NONE for what is no day, week, month or year of the calendar.
        basis: WRITTEN when the words say it all, WORKED_OUT with the help of the reference, else UNCLEAR.
        ahead: the verb beside it looks forward ("will meet").
    """

    start: int
    end: int
    words: str
    value: str | None
    type: str
    precision: Precision
    basis: Basis
    ahead: bool = False

    @property
    def day(self) -> str | None:
        """The calendar value without a time of day: ``2013-03-22``, ``2013-03``, ``2013``; None for anything else."""
        if self.value is None or self.precision is Precision.NONE or self.basis is Basis.UNCLEAR:
            return None
        return self.value.partition("T")[0]


def tag(text: str, reference: date | None, *, language: str = "en") -> tuple[TimeExpression, ...]:
    """The time expressions of ``text`` in order, not overlapping.

    Args:
        reference: the day on which the text was published, in the zone of its outlet; None when unknown.

    >>> [(found.words, found.value) for found in tag("It sank on Wednesday, a month after the fire.", date(2024, 10, 13))]
    [('Wednesday', '2024-10-09'), ('a month', 'P1M')]
    """
    if reference is not None and not 1000 <= reference.year <= 9000:
        reference = None
    reader = _Reader(text, reference, _grammar(language))
    return tuple(_with_carried_years(text, reader.read()))


# ------------------------------------------------------------------------------------------------ the grammar, from data


@dataclass(frozen=True, slots=True)
class _Pattern:
    rule: str
    form: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Opening:
    """The patterns that a word may open, and all of them in one, for a quick no."""

    patterns: tuple[_Pattern, ...]
    any_of: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Grammar:
    values: dict[str, dict[str, Any]]
    words: dict[str, frozenset[str]]
    openings: dict[str, _Opening]
    digits: _Opening


@cache
def _grammar(language: str) -> _Grammar:
    data = table(f"dates.{language}.toml")
    lists: dict[str, list[str]] = {name: list(values) for name, values in data["values"].items()} | data["words"]
    slots = {name: _alternatives(words) for name, words in lists.items()}
    openings: dict[str, list[_Pattern]] = {}
    digits = []
    for entry in data["patterns"]:
        form = re.sub(r"\{([a-z_]+)\}", lambda slot: slots[slot[1]], entry["form"])
        form = re.sub(r"(?<![\\\[]) (?![?*])", r"\\s{1,9}", re.sub(r" \?", r"\\s?", form))
        pattern = _Pattern(entry["rule"], re.compile(form, re.IGNORECASE))
        if "digits" in entry["opens"]:
            digits.append(pattern)
        for word in {word.split()[0].lower() for name in entry["opens"] if name != "digits" for word in lists[name]}:
            openings.setdefault(re.split(r"['’]", word)[0], []).append(pattern)
    return _Grammar(
        data["values"],
        {name: frozenset(words) for name, words in data["words"].items()},
        {word: _opening(tuple(patterns)) for word, patterns in openings.items()},
        _opening(tuple(digits)),
    )


@cache
def _opening(patterns: tuple[_Pattern, ...]) -> _Opening:
    nameless = [re.sub(r"\(\?P<\w+>", "(?:", pattern.form.pattern).replace("(?P=mark)", "[/.]") for pattern in patterns]
    return _Opening(patterns, re.compile("|".join(nameless), re.IGNORECASE))


def _alternatives(words: Sequence[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


# ------------------------------------------------------------------------------------------------------- reading a text

_WORD = re.compile(r"[0-9]+|[^\W\d_]+")
_STOP = re.compile(r"(?<![A-Z]\.)(?<![A-Z][a-z]\.)(?<![A-Z][a-z]{2}\.)(?<=[.!?;])[\"'”’)]*\s|\n")
_LAST_WORD = re.compile(r"([^\W\d_]+|\d+)[\s-]*\Z")
_FURTHER_DAY = re.compile(
    r"(?:\s?[-–]\s?|\s(?:and|to|or|until|through)\s)(?P<day>\d{1,2})(?:,\s(?P<year>(?:1[5-9]|20)\d\d))?"
    r"(?=\s?[.,;:)]|\s(?:in|at|on|for|to|as|when|by|after|and|with)\b|\Z)(?![.,]\d)"
)
_NEXT_WORD = re.compile(r"\s*([^\W_]+)")


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What an expression turned out to mean; ``precision`` of a calendar value, NONE for any other."""

    value: str | None
    type: str = "DATE"
    precision: Precision = Precision.NONE
    basis: Basis = Basis.WORKED_OUT
    ahead: bool = False


_UNKNOWN = _Meaning(None, basis=Basis.UNCLEAR)
# "The same day": it hangs on words that were not found, so that no publication date could settle it.
_ELSEWHERE = _Meaning("XXXX-XX-XX", basis=Basis.UNCLEAR)


_LONG_SENTENCE = 1200  # characters; in a longer one only the neighbourhood is read, so that time stays linear
_NEIGHBOURHOOD = 400


class _Reader:
    """One pass over one text."""

    def __init__(self, text: str, reference: date | None, grammar: _Grammar) -> None:
        self._text = text
        self._reference = reference
        self._grammar = grammar
        self._found: list[TimeExpression] = []
        self._stops: list[int] | None = None
        self._verbs: dict[int, tuple[Verb, ...]] = {}

    def read(self) -> list[TimeExpression]:
        at, text, openings, digits = 0, self._text, self._grammar.openings, self._grammar.digits
        for match in _WORD.finditer(text):
            start = match.start()
            if start < at:
                continue
            word = match[0]
            if word[0] <= "9":
                if len(word) <= 4 and self._may_open(start):
                    at = self._take(digits, start, at)
            elif (opening := openings.get(word.lower())) is not None:
                at = self._take(opening, start, at)
        return self._found

    def _may_open(self, start: int) -> bool:
        """Whether a number that begins here can belong to a date: not the end of 7,223.98, $30 or A-380."""
        if start == 0:
            return True
        before = self._text[start - 1]
        if before in "$€£¥#.:/_@'’+" or before.isalnum():
            return False
        return before not in ",-–" or start == 1 or (before != "," and self._text[start - 2].isdigit())

    def _take(self, opening: _Opening, start: int, at: int) -> int:
        if opening.any_of.match(self._text, start) is None:
            return at
        for pattern in opening.patterns:
            match = pattern.form.match(self._text, start)
            if match is None:
                continue
            if pattern.rule == "none":
                return match.end()
            read = getattr(self, f"_read_{pattern.rule}")(match)
            if read is None:
                continue
            for first, last, meaning in read if isinstance(read, list) else [(start, match.end(), read)]:
                self._add(first, last, meaning)
            return max(match.end(), self._found[-1].end)
        return at

    def _add(self, start: int, end: int, meaning: _Meaning) -> None:
        if self._reference is None and meaning.basis is Basis.WORKED_OUT and meaning.precision is not Precision.NONE:
            meaning = replace(meaning, value=None, basis=Basis.UNCLEAR)
        words = self._text[start:end]
        self._found.append(
            TimeExpression(start, end, words, meaning.value, meaning.type, meaning.precision, meaning.basis, meaning.ahead)
        )

    # ---------------------------------------------------------------------------------------------------- the context

    def _tense(self, start: int, end: int) -> Tense | None:
        """Where the nearest verb of the same sentence looks to."""
        if self._stops is None:
            self._stops = [match.end() for match in _STOP.finditer(self._text)]
        at = bisect_right(self._stops, start)
        left = self._stops[at - 1] if at else 0
        right = self._stops[at] if at < len(self._stops) else len(self._text)
        if right - left > _LONG_SENTENCE:
            block = start - (start - left) % _NEIGHBOURHOOD
            left, right = max(left, block - _NEIGHBOURHOOD), min(right, block + 2 * _NEIGHBOURHOOD)
        if left not in self._verbs:
            self._verbs[left] = verbs(self._text[left:right])
        found = self._verbs[left]
        if self._word_before(start) in self._grammar.words["deadline"] and not any(
            verb.auxiliary and verb.tense is Tense.PAST and verb.end <= start - left for verb in found
        ):
            return (
                Tense.FUTURE if any(verb.end <= start - left for verb in found) else direction(found, start - left, end - left)
            )
        return direction(found, start - left, end - left)

    def _word_before(self, start: int) -> str:
        match = _LAST_WORD.search(self._text, max(0, start - 20), start)
        return match[1].lower() if match else ""

    def _word_after(self, end: int) -> str:
        match = _NEXT_WORD.match(self._text, end)
        return match[1] if match else ""

    def _anchor(self, start: int, grains: Sequence[Precision] = (Precision.DAY,)) -> date | None:
        """The last day told before (its first, for a month or year), which "the next day" counts from."""
        for expression in reversed(self._found):
            if start - expression.end > 400:
                return None
            if expression.precision in grains and expression.day:
                return date.fromisoformat((expression.day + "-01-01")[:10])
        return None

    # ------------------------------------------------------------------------------------------------- calendar days

    def _read_iso(self, match: re.Match[str]) -> _Meaning | None:
        value = f"{match['year']}-{match['month']}-{match['day']}"
        return _Meaning(value, precision=Precision.DAY, basis=Basis.WRITTEN) if _is_day(value) else None

    def _read_numeric(self, match: re.Match[str]) -> _Meaning | None:
        first, second, year = int(match["first"]), int(match["second"]), match["year"]
        orders = [(first, second), (second, first)] if match["mark"] == "/" else [(second, first)]
        days = {value for month, day in orders if _is_day(value := f"{year}-{month:02d}-{day:02d}")}
        if not days:
            return None
        if len(days) > 1:
            return _Meaning(None, precision=Precision.NONE, basis=Basis.UNCLEAR)
        return _Meaning(days.pop(), precision=Precision.DAY, basis=Basis.WRITTEN)

    def _read_day(self, match: re.Match[str]) -> list[tuple[int, int, _Meaning]] | None:
        if not match["month"][0].isupper():
            return None
        month, day = self._grammar.values["month"][match["month"].lower()], int(match["day"])
        meaning = self._day(month, day, match["year"], match.start(), match.end())
        if meaning is None:
            return None
        return [(match.start(), match.end(), meaning), *self._more_days(match)]

    def _more_days(self, match: re.Match[str]) -> list[tuple[int, int, _Meaning]]:
        """The further days of "April 24 and 25" and "April 24-26"."""
        if match["year"] is not None or match.end() != match.end("day"):
            return []
        more = _FURTHER_DAY.match(self._text, match.end())
        if more is None:
            return []
        month = self._grammar.values["month"][match["month"].lower()]
        last = self._day(month, int(more["day"]), more["year"], match.start(), match.end())
        return [(more.start("day"), more.end(), last)] if last is not None else []

    def _read_days(self, match: re.Match[str]) -> list[tuple[int, int, _Meaning]] | None:
        """Both ends of "4 to 6 June"."""
        month = self._grammar.values["month"][match["month"].lower()]
        first = self._day(month, int(match["day"]), match["year"], match.start(), match.end())
        last = self._day(month, int(match["last"]), match["year"], match.start(), match.end())
        if first is None or last is None or not match["month"][0].isupper():
            return None
        return [(match.start("day"), match.end("day"), first), (match.start("last"), match.end(), last)]

    def _day(self, month: int, day: int, year: str | None, start: int, end: int) -> _Meaning | None:
        if year is not None:
            value = f"{year}-{month:02d}-{day:02d}"
            return _Meaning(value, precision=Precision.DAY, basis=Basis.WRITTEN) if _is_day(value) else None
        if not _is_day(f"2000-{month:02d}-{day:02d}"):
            return None
        partial = f"XXXX-{month:02d}-{day:02d}"
        tense = self._tense(start, end)
        if self._reference is None:
            return _Meaning(partial, precision=Precision.NONE, basis=Basis.UNCLEAR, ahead=tense is Tense.FUTURE)
        meant = _nearest_year(month, day, self._reference, tense)
        if meant is None:
            return _Meaning(partial, precision=Precision.NONE, basis=Basis.UNCLEAR)
        return _Meaning(meant.isoformat(), precision=Precision.DAY, ahead=tense is Tense.FUTURE)

    def _read_holiday(self, match: re.Match[str]) -> _Meaning | None:
        if not match["holiday"][0].isupper():
            return None
        if " " not in match["holiday"] and match["year"] is None:
            beside = self._word_before(match.start()) in self._grammar.words["before_holiday"]
            if not beside and not re.match(r"\s?(?:[.,;]|\Z)", self._text[match.end() : match.end() + 2]):
                return None
        rule = self._grammar.values["holiday"][match["holiday"].lower()]
        if len(rule) == 2:
            return self._day(rule[0], rule[1], match["year"], match.start(), match.end())
        if self._reference is None and match["year"] is None:
            return _UNKNOWN
        tense = self._tense(match.start(), match.end())
        year = int(match["year"]) if match["year"] else None
        around = self._reference.year if self._reference else 0
        days = [_nth_weekday(y, *rule) for y in ([year] if year else [around - 1, around, around + 1])]
        day = days[0] if year or self._reference is None else _choose(days, self._reference, tense)
        if day is None:
            return _UNKNOWN
        basis = Basis.WRITTEN if year else Basis.WORKED_OUT
        return _Meaning(day.isoformat(), precision=Precision.DAY, basis=basis, ahead=tense is Tense.FUTURE)

    def _read_weekday(self, match: re.Match[str]) -> _Meaning | None:
        if not match["weekday"][0].isupper():
            return None
        number = self._grammar.values["weekday"][match["weekday"].lower()]
        if match["many"]:
            return _Meaning(f"XXXX-WXX-{number + 1}", "SET")
        tense = self._tense(match.start(), match.end())
        part = self._part(match["daypart"])
        kind = "TIME" if part else "DATE"
        if self._reference is None:
            return _Meaning(None, kind, basis=Basis.UNCLEAR, ahead=tense is Tense.FUTURE)
        day = self._weekday(number, (match["which"] or "").lower(), (match["week"] or "").lower(), tense)
        return _Meaning(day.isoformat() + part, kind, Precision.DAY, ahead=tense is Tense.FUTURE or day > self._reference)

    def _weekday(self, number: int, which: str, week: str, tense: Tense | None) -> date:
        assert self._reference is not None
        reference = self._reference
        back, forth = (reference.weekday() - number) % 7, (number - reference.weekday()) % 7
        if week:
            offset = self._grammar.values["which"][week.split()[0]]
            return reference + timedelta(days=7 * offset + number - reference.weekday())
        if which in ("last", "past", "previous"):
            return reference - timedelta(days=back or 7)
        if which in ("next", "following"):
            return reference + timedelta(days=forth if forth > 1 else forth + 7)
        if which == "coming" or tense is Tense.FUTURE or (which == "this" and tense is not Tense.PAST):
            return reference + timedelta(days=forth)
        return reference - timedelta(days=back)

    def _read_deictic(self, match: re.Match[str]) -> _Meaning | None:
        return self._deictic(match["deictic"], match["daypart"], 0)

    def _read_around(self, match: re.Match[str]) -> _Meaning | None:
        return self._deictic(match["deictic"], None, -1 if match["way"].lower() == "before" else 1)

    def _deictic(self, word: str, daypart: str | None, more: int) -> _Meaning | None:
        offset = self._grammar.values["deictic"][word.lower()] + more
        part = "TNI" if word.lower() == "tonight" else self._part(daypart)
        kind = "TIME" if part else "DATE"
        if self._reference is None:
            return _Meaning(None, kind, basis=Basis.UNCLEAR, ahead=offset > 0)
        day = self._reference + timedelta(days=offset)
        return _Meaning(day.isoformat() + part, kind, Precision.DAY, ahead=offset > 0)

    def _read_this_part(self, match: re.Match[str]) -> _Meaning | None:
        if self._reference is None:
            return _Meaning(None, "TIME", basis=Basis.UNCLEAR)
        day = self._reference - timedelta(days=match["which"].lower() == "last")
        return _Meaning(day.isoformat() + self._part(match["daypart"]), "TIME", Precision.DAY)

    def _part(self, daypart: str | None) -> str:
        return "T" + self._grammar.values["daypart"][daypart.lower()] if daypart else ""

    def _read_back(self, match: re.Match[str]) -> _Meaning | None:
        """ "The same day", "the next morning": counted from the last day told."""
        step = {"same": 0, "that": 0, "previous": -1, "before": -1, "earlier": -1}.get(match["how"].lower(), 1)
        return self._back(match.start(), match["unit"].lower(), step)

    def _back(self, start: int, unit: str, step: int) -> _Meaning:
        anchor = self._anchor(start)
        if anchor is None and unit in ("month", "year"):
            anchor = self._anchor(start, (Precision.MONTH, Precision.YEAR))
        if anchor is None:
            return _ELSEWHERE
        part = self._part(unit) if unit in self._grammar.values["daypart"] else ""
        if unit == "day" or part:
            day = anchor + timedelta(days=step)
            return _Meaning(day.isoformat() + part, "TIME" if part else "DATE", Precision.DAY)
        return _shifted(anchor, unit[0].upper(), step)

    # ----------------------------------------------------------------------------------- weeks, months, years and more

    def _read_month(self, match: re.Match[str]) -> _Meaning | None:
        groups = match.groupdict()
        name = match["month"]
        if not name[0].isupper():
            return None
        month = self._grammar.values["month"][name.lower()]
        if groups.get("year"):
            return _Meaning(f"{match['year']}-{month:02d}", precision=Precision.MONTH, basis=Basis.WRITTEN)
        which = (groups.get("which") or "").lower()
        if groups.get("which_year") and self._reference is not None:
            year = self._reference.year + self._grammar.values["which"][match["which_year"].lower()]
            return _Meaning(f"{year}-{month:02d}", precision=Precision.MONTH, ahead=year > self._reference.year)
        if "bare" in groups and not self._is_bare_month(match):
            return None
        tense = self._tense(match.start(), match.end())
        if self._reference is None:
            return _Meaning(f"XXXX-{month:02d}", basis=Basis.UNCLEAR, ahead=tense is Tense.FUTURE)
        year, present = self._reference.year, self._reference.month
        if which in ("last", "past"):
            year -= month >= present
        elif which in ("next", "coming"):
            year += month <= present
        elif tense is Tense.FUTURE:
            year += month < present
        elif tense is Tense.PAST or (present - month) % 12 <= 6:
            year -= month > present
        else:
            year += month < present
        return _Meaning(f"{year}-{month:02d}", precision=Precision.MONTH, ahead=tense is Tense.FUTURE)

    def _is_bare_month(self, match: re.Match[str]) -> bool:
        """Whether a month's name alone means the month: "in May", not "May Smith" or "March on"."""
        words, name = self._grammar.words, match["month"].lower()
        if re.search(r"\d(?:st|nd|rd|th)?\s\Z", self._text[max(0, match.start() - 4) : match.start()]):
            return False  # "31 February"
        if self._word_before(match.start()) in words["before_month"]:
            named = re.match(r"\s[A-Z][a-z]", self._text[match.end() : match.end() + 4]) is not None
            return not (named and (name in words["doubtful"] or name in words["abbreviated"]))
        return name not in words["doubtful"] and name not in words["abbreviated"]

    def _read_year(self, match: re.Match[str]) -> _Meaning | None:
        words, before = self._grammar.words, self._word_before(match.start())
        after = self._word_after(match.end())
        if after.lower() in words["counted"] or self._is_address(match.end()):
            return None
        text, start, end = self._text, match.start(), match.end()
        joined = re.search(r"(?:1[5-9]|20)\d\d,?\s?(?:[a-z]+\s|[-–,]\s?)\Z", text[max(0, start - 16) : start]) is not None
        bracketed = text[start - 1 : start] == "(" and text[end : end + 1] in (")", "-", "–")
        before_word = before in words["before_year"] and text[start - 1].isspace()
        if before in ("the", "of", "for", "by", "from") and after.islower() and after.endswith("s") and len(after) > 3:
            before_word = False
        if before == "to" and self._word_before(text.rfind("to", 0, start)) in words["back_to"]:
            before_word = True
        joins = joined and (before in words["joins_years"] or text[start - 1] in "-– ")
        if not (before_word or joins or bracketed):
            return None
        return _Meaning(match["year"], precision=Precision.YEAR, basis=Basis.WRITTEN)

    def _is_address(self, end: int) -> bool:
        following = re.findall(r"\s([A-Z][a-z]+)", self._text[end : end + 40])[:3]
        return any(word.lower() in self._grammar.words["address"] for word in following)

    def _read_unit(self, match: re.Match[str]) -> _Meaning | None:
        unit, which = match["unit"].lower(), match["which"].lower()
        if match["anaphor"]:
            return self._back(match.start(), unit, 1 if which == "next" else -1)
        step = self._grammar.values["which"][which]
        if which == "past" or (unit in ("decade", "century") and step):
            code = {"decade": "P10Y", "century": "P100Y", "weekend": "P1WE"}.get(unit, f"P1{unit[0].upper()}")
            return _Meaning(code, "DURATION")
        if self._reference is None:
            return _Meaning(None, basis=Basis.UNCLEAR, ahead=step > 0)
        if unit == "weekend":
            return self._weekend(step)
        return _shifted(self._reference, unit[0].upper(), step, decade=unit == "decade")

    def _read_weekend(self, match: re.Match[str]) -> _Meaning | None:
        return self._weekend(-1 if self._reference is not None and self._reference.weekday() < 3 else 0)

    def _weekend(self, step: int) -> _Meaning:
        if self._reference is None:
            return _UNKNOWN
        year, week, _ = (self._reference + timedelta(weeks=step)).isocalendar()
        return _Meaning(f"{year}-W{week:02d}-WE", precision=Precision.NONE)

    def _read_season(self, match: re.Match[str]) -> _Meaning | None:
        groups = match.groupdict()
        season = self._grammar.values["season"][match["season"].lower()]
        if groups.get("year"):
            return _Meaning(f"{match['year']}-{season}", basis=Basis.WRITTEN)
        if self._reference is None:
            return _UNKNOWN
        step = self._grammar.values["which"][match["which"].lower()]
        begins = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[season]
        year = self._reference.year
        if step < 0:
            year -= self._reference.month < begins + 3
        elif step > 0:
            year += self._reference.month >= begins
        return _Meaning(f"{year}-{season}")

    def _read_quarter(self, match: re.Match[str]) -> _Meaning | None:
        ordinal = self._grammar.values["ordinal"][match["ordinal"].lower()]
        return _Meaning(f"{match['year']}-Q{ordinal}", basis=Basis.WRITTEN)

    def _read_decade(self, match: re.Match[str]) -> _Meaning | None:
        return _Meaning(match["decade"] if len(match["decade"]) == 3 else None, basis=Basis.WRITTEN)

    # ------------------------------------------------------------------------------------- how long, how often, how far

    def _read_ago(self, match: re.Match[str]) -> _Meaning | None:
        unit, way = self._unit(match["unit"]), match["way"].lower()
        count = self._number(match["number"])
        if count is None or unit.startswith("T") or match["half"]:
            return _Meaning("FUTURE_REF" if way == "from now" else "PAST_REF")
        anchor = self._reference
        if way in ("earlier", "later", "before"):
            anchor = self._anchor(match.start()) or (self._reference if unit in "MQY" and way == "earlier" else None)
        if anchor is None or count > 4000:
            return _UNKNOWN if way in ("ago", "from now") else _ELSEWHERE
        return _shifted(anchor, unit, count if way in ("later", "from now") else -count)

    def _read_lasting(self, match: re.Match[str]) -> _Meaning | None:
        word = match["number"].lower()
        unit = self._unit(match["unit"])
        if word in ("a", "an", "one") and match["unit"].lower() in ("second", "quarter"):
            return None
        number = self._number(word)
        if match.groupdict().get("ones"):
            number = (number or 0) + self._grammar.values["number"][match["ones"][1:].lower()]
        amount = word if "." in word else number
        if unit in "EC":
            amount, unit = (number or 0) * (10 if unit == "E" else 100), "Y"
        return _Meaning(f"PT{amount}{unit[1:]}" if unit.startswith("T") else f"P{amount}{unit}", "DURATION")

    def _read_vague(self, match: re.Match[str]) -> _Meaning | None:
        unit = self._unit(match["unit"])
        unit, time = (unit[1:], "T") if unit.startswith("T") else ("Y" if unit in "EC" else unit, "")
        return _Meaning(f"P{time}X{unit}", "DURATION")

    def _read_every(self, match: re.Match[str]) -> _Meaning | None:
        what = match["what"].lower()
        if (number := self._grammar.values["weekday"].get(what)) is not None:
            return _Meaning(f"XXXX-WXX-{number + 1}", "SET")
        if (unit := self._grammar.values["unit"].get(what)) is not None:
            return _Meaning(f"P{unit[:1]}1{unit[1:]}" if unit.startswith("T") else f"P1{unit}", "SET")
        return _Meaning(None, "SET", basis=Basis.UNCLEAR)

    def _read_often(self, match: re.Match[str]) -> _Meaning | None:
        return _Meaning(self._grammar.values["often"][match["often"].lower()], "SET")

    def _read_ref(self, match: re.Match[str]) -> _Meaning | None:
        return _Meaning(self._grammar.values["ref"][match["ref"].lower()])

    def _unit(self, word: str) -> str:
        unit: str = self._grammar.values["unit"][word.lower()]
        return unit

    def _number(self, word: str) -> int | None:
        if word.isdecimal():
            return int(word)
        number: int | None = self._grammar.values["number"].get(word.lower())
        return number

    # -------------------------------------------------------------------------------------------------- clock times

    def _read_clock(self, match: re.Match[str]) -> _Meaning | None:
        groups = match.groupdict()
        hour, minute = int(match["hour"]), int(groups.get("minute") or 0)
        half = (groups.get("half") or "").lower()
        if hour > (12 if half else 23):
            return None
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        time = f"T{hour:02d}:{minute:02d}" + ("Z" if groups.get("zone") in ("UTC", "GMT") else "")
        return self._at(time, groups.get("weekday"), match)

    def _read_noon(self, match: re.Match[str]) -> _Meaning | None:
        return self._at({"midnight": "T24:00"}.get(match["noon"].lower(), "T12:00"), None, match)

    def _at(self, time: str, weekday: str | None, match: re.Match[str]) -> _Meaning:
        if weekday is not None and self._reference is not None:
            number = self._grammar.values["weekday"][weekday.lower()]
            tense = self._tense(match.start(), match.end())
            day = self._weekday(number, "", "", tense)
            return _Meaning(day.isoformat() + time, "TIME", Precision.DAY, ahead=tense is Tense.FUTURE)
        beside = self._found[-1] if self._found and match.start() - self._found[-1].end < 60 else None
        if beside is not None and beside.precision is Precision.DAY and beside.day:
            return _Meaning(beside.day + time, "TIME")
        if self._reference is not None:
            return _Meaning(self._reference.isoformat() + time, "TIME")
        return _Meaning("XXXX-XX-XX" + time, "TIME", basis=Basis.UNCLEAR)


# ---------------------------------------------------------------------------------------------------- calendar arithmetic


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _nearest_year(month: int, day: int, reference: date, tense: Tense | None) -> date | None:
    """The day meant by a month and a day without a year; None when no year near has it."""
    days = [
        date(year, month, day) for year in range(reference.year - 1, reference.year + 2) if day <= monthrange(year, month)[1]
    ]
    return _choose(days, reference, tense) if days else None


def _choose(days: Sequence[date], reference: date, tense: Tense | None) -> date | None:
    nearest = min(days, key=lambda day: abs(day - reference))
    if abs(nearest - reference) <= timedelta(days=NEAR_DAYS):
        return nearest
    if tense is Tense.FUTURE:
        return min((day for day in days if day >= reference), default=None)
    return max((day for day in days if day <= reference), default=None)


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _shifted(anchor: date, unit: str, step: int, *, decade: bool = False) -> _Meaning:
    """The day, week, month or year that lies ``step`` of them from the anchor's."""
    ahead = step > 0
    try:
        match unit:
            case "D" if not decade:
                return _Meaning((anchor + timedelta(days=step)).isoformat(), precision=Precision.DAY, ahead=ahead)
            case "W":
                year, week, _ = (anchor + timedelta(weeks=step)).isocalendar()
                return _Meaning(f"{year}-W{week:02d}", precision=Precision.WEEK, ahead=ahead)
            case "M" | "Q":
                months = anchor.year * 12 + anchor.month - 1 + step * (3 if unit == "Q" else 1)
                year, month = divmod(months, 12)
                if unit == "Q":
                    return _Meaning(f"{year:04d}-Q{month // 3 + 1}", ahead=ahead)
                return _Meaning(f"{year:04d}-{month + 1:02d}", precision=Precision.MONTH, ahead=ahead)
            case "Y":
                date(anchor.year + step, 1, 1)
                return _Meaning(f"{anchor.year + step:04d}", precision=Precision.YEAR, ahead=ahead)
            case _:
                years = {"C": 100}.get(unit, 10)
                date(anchor.year + step * years, 1, 1)
                return _Meaning(f"{anchor.year // 10 + step * years // 10:03d}", ahead=ahead)
    except (ValueError, OverflowError):
        return _UNKNOWN


_LISTED = re.compile(r"\s?(?:,?\s(?:and|or|to|until|through)\s(?:on\s)?|[-–]\s?|,\s)")


def _with_carried_years(text: str, found: list[TimeExpression]) -> list[TimeExpression]:
    """Gives a day without a year the year written with its neighbour in a range or list: "March 3 to April 5, 2009"."""
    for at in range(len(found) - 2, -1, -1):
        this, following = found[at], found[at + 1]
        if _is_yearless_day(this) and _has_written_year(following) and _LISTED.fullmatch(text, this.end, following.start):
            found[at] = _in_year_of(this, following)
    return found


def _is_yearless_day(expression: TimeExpression) -> bool:
    day = expression.precision is Precision.DAY or (expression.value or "").startswith("XXXX-")
    return day and expression.basis is not Basis.WRITTEN and re.search(r"\d", expression.words) is not None


def _has_written_year(expression: TimeExpression) -> bool:
    return expression.precision is Precision.DAY and expression.basis is Basis.WRITTEN


def _in_year_of(expression: TimeExpression, other: TimeExpression) -> TimeExpression:
    assert expression.value is not None
    assert other.value is not None
    year = int(other.value[:4])
    if expression.value[5:] > other.value[5:10]:
        year -= 1  # "December 30 to January 2, 2009"
    value = f"{year}{expression.value[4:]}"
    return replace(expression, value=value, precision=Precision.DAY, basis=Basis.WRITTEN) if _is_day(value) else expression
