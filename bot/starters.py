"""Feeds to begin with, by topic, as data that ships with the program; none of them was fetched to make the list."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Starter:
    """A public feed.

    Args:
        zone: IANA name; the outlet's own.
        language: as in BCP 47.
        seen: the day on which a public document was seen to name the address; it may have moved since.
        where: the address of that document, of the revision that was seen.
    """

    topic: str
    name: str
    address: str
    zone: str
    language: str
    seen: date
    where: str


@cache
def load() -> tuple[Starter, ...]:
    """Every starter, topic by topic."""
    read = tomllib.loads(files("bot").joinpath("starters.toml").read_text(encoding="utf-8"))
    return tuple(Starter(**{**each, "where": read["documents"][each["where"]]}) for each in read["feed"])


def topics() -> tuple[str, ...]:
    """The topics that there are starters for, in their order."""
    return tuple(dict.fromkeys(each.topic for each in load()))
