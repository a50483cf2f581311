"""Reads the times of the clock: "9 a.m. on Tuesday", "16:15 UTC", "noon"."""

from __future__ import annotations

import re
from collections.abc import Callable

from digests.dates.context import Context
from digests.dates.days import weekday
from digests.dates.expression import Found, Meaning
from digests.model import Basis, Precision
from digests.verbs import Tense

_BESIDE = 60  # characters, as far as the day may stand before its time


def _clock(context: Context, match: re.Match[str]) -> Meaning | None:
    groups, words = match.groupdict(), context.grammar.words
    hour, minute = int(match["hour"]), int(groups.get("minute") or 0)
    half = (groups.get("half") or "").lower()
    if hour > (12 if half else 23):
        return None
    if half:
        hour = hour % 12 + (12 if half in words["after_noon"] else 0)
    zulu = "Z" if groups.get("zone") in ("UTC", "GMT") else ""
    return _at(context, f"T{hour:02d}:{minute:02d}{zulu}", groups.get("weekday"), match)


def _noon(context: Context, match: re.Match[str]) -> Meaning:
    return _at(context, context.grammar.values["noon"][match["noon"].lower()], None, match)


def _at(context: Context, time: str, name: str | None, match: re.Match[str]) -> Meaning:
    """A time on the weekday behind it, the day before it, or the day of publication."""
    reference = context.reference
    if name is not None and reference is not None:
        tense = context.tense(*match.span())
        day = weekday(context, reference, context.grammar.values["weekday"][name.lower()], "", "", tense)
        return Meaning(day.isoformat() + time, "TIME", Precision.DAY, ahead=tense is Tense.FUTURE)
    beside = context.found[-1] if context.found and match.start() - context.found[-1].end < _BESIDE else None
    if beside is not None and beside.precision is Precision.DAY and beside.day:
        return Meaning(beside.day + time, "TIME")
    if reference is not None:
        return Meaning(reference.isoformat() + time, "TIME")
    return Meaning("XXXX-XX-XX" + time, "TIME", basis=Basis.UNCLEAR)


READINGS: dict[str, Callable[[Context, re.Match[str]], Meaning | list[Found] | None]] = {"clock": _clock, "noon": _noon}
