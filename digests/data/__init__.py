"""The one room that reads package data: each file once, on first use."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of a text file of this folder; empty ones and those that begin with ``#`` are left out."""
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def table(name: str) -> dict[str, Any]:
    """A TOML file of this folder as a dictionary; treat it as read-only."""
    return tomllib.loads(files(__name__).joinpath(name).read_text(encoding="utf-8"))
