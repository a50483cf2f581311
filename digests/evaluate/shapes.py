"""What a JSON value must look like, and in words where it does not.

A shape is a function of a value and its place (``articles[2].text``); it raises ValueError with the place, what stands there
and what is accepted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Shape = Callable[[Any, str], None]
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)


def text(value: Any, place: str) -> None:
    _accept(isinstance(value, str), value, place, "a text")


def count(value: Any, place: str) -> None:
    _accept(isinstance(value, int) and not isinstance(value, bool) and value >= 0, value, place, "a whole number from 0")


def flag(value: Any, place: str) -> None:
    _accept(isinstance(value, bool), value, place, "true or false")


def label(value: Any, place: str) -> None:
    _accept(isinstance(value, str | int) and not isinstance(value, bool), value, place, "a text or a whole number")


def written_day(value: Any, place: str) -> None:
    """``2024-10-09``, ``2024-10`` or ``2024``."""
    fits = isinstance(value, str) and bool(_DAY.fullmatch(value))
    _accept(fits, value, place, "a day, month or year such as 2024-10-09, 2024-10 or 2024")


def publication(value: Any, place: str) -> None:
    """``2024-10-13``, or an instant."""
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        _accept(False, value, place, "a day such as 2024-10-13, or null")


def one_of(*accepted: str) -> Shape:
    def shape(value: Any, place: str) -> None:
        _accept(value in accepted, value, place, " or ".join(map(json.dumps, accepted)))

    return shape


def or_null(inner: Shape) -> Shape:
    def shape(value: Any, place: str) -> None:
        if value is not None:
            inner(value, place)

    return shape


def each(inner: Shape) -> Shape:
    """A list whose items are all of one shape."""

    def shape(value: Any, place: str) -> None:
        _accept(isinstance(value, list), value, place, "a list")
        for at, item in enumerate(value):
            inner(item, f"{place}[{at}]")

    return shape


def fields(inner: Mapping[str, Shape]) -> Shape:
    """An object with those fields; one whose name ends in ``?`` may be missing or null.  Others are left alone."""

    def shape(value: Any, place: str) -> None:
        _accept(isinstance(value, dict), value, place or "the line", "an object")
        for name, within in inner.items():
            key = name.removesuffix("?")
            where = f"{place}.{key}".lstrip(".")
            if value.get(key) is None and name.endswith("?"):
                continue
            if key not in value:
                raise ValueError(f"{where} is missing")
            within(value[key], where)

    return shape


def _accept(fits: bool, value: Any, place: str, accepted: str) -> None:
    if not fits:
        shown = json.dumps(value, ensure_ascii=False, default=str)
        raise ValueError(f"{place} is {shown if len(shown) <= 40 else shown[:39] + '…'}; accepted: {accepted}")
