"""Reads weeks, months, years and lengths of time: "last March", "in 2013", "two weeks ago", "the past two months"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from digests.dates.arithmetic import shifted
from digests.dates.context import Context
from digests.dates.days import from_told
from digests.dates.expression import ELSEWHERE, UNKNOWN, Found, Meaning
from digests.model import Basis, Precision
from digests.verbs import Tense

_Match = re.Match[str]

_YEAR_BEFORE = re.compile(r"(?:1[5-9]|20)\d\d,?\s?(?:[a-z]+\s|[-–,]\s?)\Z")
_NAME = re.compile(r"\s([A-Z][a-z]+)")
_SEASON_BEGINS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_ROUGH = 100  # years: a round number of so many names no year
_FARTHEST = 4000  # units; what is counted from farther is no news
_IN_YEARS = {"E": 10, "C": 100}


def _month(context: Context, match: _Match) -> Meaning | None:
    groups, values, reference = match.groupdict(), context.grammar.values, context.reference
    if not match["month"][0].isupper():
        return None
    month = values["month"][match["month"].lower()]
    if groups.get("year"):
        return Meaning(f"{match['year']}-{month:02d}", precision=Precision.MONTH, basis=Basis.WRITTEN)
    if groups.get("which_year") and reference is not None:
        year = reference.year + values["which"][match["which_year"].lower()]
        return Meaning(f"{year}-{month:02d}", precision=Precision.MONTH, ahead=year > reference.year)
    if "bare" in groups and not _is_bare_month(context, match):
        return None
    ahead = (tense := context.tense(*match.span())) is Tense.FUTURE
    if reference is None:
        return Meaning(f"XXXX-{month:02d}", basis=Basis.UNCLEAR, ahead=ahead)
    step = values["which"].get((groups.get("which") or "").lower(), 0)
    year = reference.year + _years_off(month, reference.month, step, tense)
    return Meaning(f"{year}-{month:02d}", precision=Precision.MONTH, ahead=ahead)


def _years_off(month: int, present: int, step: int, tense: Tense | None) -> int:
    """How many years the month that is meant lies from that of the present one: -1, 0 or 1.

    Args:
        step: -1 for "last", 1 for "next", 0 for neither.
    """
    if step < 0:
        return -(month >= present)
    if step > 0:
        return int(month <= present)
    if tense is Tense.FUTURE:
        return int(month < present)
    if tense is Tense.PAST or (present - month) % 12 <= 6:
        return -(month > present)
    return int(month < present)


def _is_bare_month(context: Context, match: _Match) -> bool:
    """Whether a month's name alone means the month: "in May", not "May Smith" or "March on"."""
    words, name, text = context.grammar.words, match["month"].lower(), context.text
    if context.grammar.forms["day_before"].search(text, max(0, match.start() - 4), match.start()):
        return False  # "31 February"
    doubtful = name in words["doubtful"] or name in words["abbreviated"]
    if context.word_before(match.start()) in words["before_month"]:
        named = re.match(r"\s[A-Z][a-z]", text[match.end() : match.end() + 4]) is not None
        return not (named and doubtful)
    return not doubtful


def _year(context: Context, match: _Match) -> Meaning | None:
    words, text, start, end = context.grammar.words, context.text, match.start(), match.end()
    before, after = context.word_before(start), context.word_after(end)
    told = before in words["before_year"] and text[start - 1].isspace()
    if before in words["before_many"] and after.islower() and after.endswith(tuple(words["plural_ending"])) and len(after) > 3:
        told = False
    if before in words["to"] and context.word_before(text.rfind(before, 0, start)) in words["back_to"]:
        told = True
    bracketed = text[start - 1 : start] == "(" and text[end : end + 1] in (")", "-", "–")
    if not (told or bracketed or _joins_years(context, start, before)):
        return None
    if after.lower() in words["counted"] or _is_address(context, end):
        return None
    return Meaning(match["year"], precision=Precision.YEAR, basis=Basis.WRITTEN)


def _joins_years(context: Context, start: int, before: str) -> bool:
    """Whether another year stands before: "1995 and 1996", "1995-96"."""
    if before not in context.grammar.words["joins_years"] and context.text[start - 1] not in "-– ":
        return False
    return _YEAR_BEFORE.search(context.text, max(0, start - 16), start) is not None


def _is_address(context: Context, end: int) -> bool:
    following = _NAME.findall(context.text, end, end + 40)[:3]
    return any(word.lower() in context.grammar.words["address"] for word in following)


def _unit(context: Context, match: _Match) -> Meaning:
    grammar, which = context.grammar, match["which"].lower()
    step, unit = grammar.values["which"][which], grammar.values["period"][match["unit"].lower()]
    if match["anaphor"]:
        return from_told(context, match.start(), match["unit"].lower(), step)
    if which in grammar.words["lasting"] or (unit in _IN_YEARS and step):
        return Meaning(f"P{_IN_YEARS[unit]}Y" if unit in _IN_YEARS else f"P1{unit}", "DURATION")
    if context.reference is None:
        return Meaning(None, basis=Basis.UNCLEAR, ahead=step > 0)
    return _at_weekend(context, step) if unit == "WE" else shifted(context.reference, unit, step)


def _weekend(context: Context, _match: _Match) -> Meaning:
    return _at_weekend(context, -1 if context.reference is not None and context.reference.weekday() < 3 else 0)


def _at_weekend(context: Context, step: int) -> Meaning:
    if context.reference is None:
        return UNKNOWN
    year, week, _ = (context.reference + timedelta(weeks=step)).isocalendar()
    return Meaning(f"{year}-W{week:02d}-WE")


def _season(context: Context, match: _Match) -> Meaning:
    groups, reference = match.groupdict(), context.reference
    season = context.grammar.values["season"][match["season"].lower()]
    if groups.get("year"):
        return Meaning(f"{match['year']}-{season}", basis=Basis.WRITTEN)
    if reference is None:
        return UNKNOWN
    step, begins, year = context.grammar.values["which"][match["which"].lower()], _SEASON_BEGINS[season], reference.year
    if step < 0:
        year -= reference.month < begins + 3
    elif step > 0:
        year += reference.month >= begins
    return Meaning(f"{year}-{season}")


def _quarter(context: Context, match: _Match) -> Meaning:
    ordinal = context.grammar.values["ordinal"][match["ordinal"].lower()]
    if match["year"]:
        return Meaning(f"{match['year']}-Q{ordinal}", basis=Basis.WRITTEN)
    if context.reference is None:
        return UNKNOWN
    step = context.grammar.values["which"][match["which_year"].lower()]
    return Meaning(f"{context.reference.year + step}-Q{ordinal}", ahead=step > 0)


def _decade(_context: Context, match: _Match) -> Meaning:
    return Meaning(match["decade"], basis=Basis.WRITTEN)


# ------------------------------------------------------------------------------------------ how long, how often, how far


def _ago(context: Context, match: _Match) -> Meaning:
    words, way = context.grammar.words, match["way"].lower()
    unit, count, step = _code(context, match["unit"]), _number(context, match["number"]), context.grammar.values["way"][way]
    halved = match["half"] or context.word_before(match.start()) in words["halving"]
    rough = unit == "Y" and count is not None and count >= _ROUGH and count % 10 == 0
    if count is None or unit.startswith("T") or halved or rough:
        return Meaning("FUTURE_REF" if way in words["from_now"] else "PAST_REF")
    anchor, told = context.reference, way in words["from_told"]
    if told:
        anchor = context.anchor(match.start()) or (anchor if unit in "MQY" and way in words["told_or_now"] else None)
    if anchor is None or count > _FARTHEST:
        return ELSEWHERE if told else UNKNOWN
    return shifted(anchor, unit, step * count)


def _lasting(context: Context, match: _Match) -> Meaning | None:
    words, word = context.grammar.words, match["number"].lower()
    if word in words["one"] and match["unit"].lower() in words["one_of_many"]:
        return None  # "a second": which one
    unit, number = _code(context, match["unit"]), _number(context, word) or 0
    if match.groupdict().get("ones"):
        number += context.grammar.values["number"][match["ones"][1:].lower()]
    if unit in _IN_YEARS:
        return Meaning(f"P{number * _IN_YEARS[unit]}Y", "DURATION")
    amount = word if "." in word else str(number)
    return Meaning(f"PT{amount}{unit[1:]}" if unit.startswith("T") else f"P{amount}{unit}", "DURATION")


def _vague(context: Context, match: _Match) -> Meaning:
    unit = _code(context, match["unit"])
    if unit.startswith("T"):
        return Meaning(f"PTX{unit[1:]}", "DURATION")
    return Meaning("PXY" if unit in _IN_YEARS else f"PX{unit}", "DURATION")


def _every(context: Context, match: _Match) -> Meaning:
    values, what = context.grammar.values, match["what"].lower()
    if (number := values["weekday"].get(what)) is not None:
        return Meaning(f"XXXX-WXX-{number + 1}", "SET")
    if (unit := values["unit"].get(what)) is not None:
        return Meaning(f"PT1{unit[1:]}" if unit.startswith("T") else f"P1{unit}", "SET")
    return Meaning(None, "SET", basis=Basis.UNCLEAR)


def _often(context: Context, match: _Match) -> Meaning:
    return Meaning(context.grammar.values["often"][match["often"].lower()], "SET")


def _ref(context: Context, match: _Match) -> Meaning:
    return Meaning(context.grammar.values["ref"][match["ref"].lower()])


def _tense_noun(context: Context, match: _Match) -> Meaning:
    return Meaning(context.grammar.values["tense_noun"][match["noun"].lower()])


def _code(context: Context, word: str) -> str:
    """The unit's letter; ``T`` before those of the clock."""
    return str(context.grammar.values["unit"][word.lower()])


def _number(context: Context, word: str) -> int | None:
    return int(word) if word.isdecimal() else context.grammar.values["number"].get(word.lower())


READINGS: dict[str, Callable[[Context, _Match], Meaning | list[Found] | None]] = {
    "month": _month,
    "year": _year,
    "unit": _unit,
    "weekend": _weekend,
    "season": _season,
    "quarter": _quarter,
    "decade": _decade,
    "ago": _ago,
    "lasting": _lasting,
    "vague": _vague,
    "every": _every,
    "often": _often,
    "ref": _ref,
    "tense_noun": _tense_noun,
}
