"""Gives what ships beside the code: word lists and tables.  Each is read once in the life of the process."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def lines(name: str) -> tuple[str, ...]:
    """The entries of ``name``: its lines, without blank ones and those that begin with ``#``.

    Raises:
        FileNotFoundError: no such file ships with this package.
    """
    return tuple(line for raw in _text(name).splitlines() if (line := raw.strip()) and not line.startswith("#"))


@cache
def table(name: str) -> dict[str, Any]:
    """The TOML table ``name``.  It is shared by all who ask, so it is only to be read.

    Raises:
        FileNotFoundError: no such file ships with this package.
    """
    return tomllib.loads(_text(name))


def _text(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
