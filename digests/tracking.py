"""Which parameters of an address only follow its reader: they are no part of what is kept, compared or shown."""

from __future__ import annotations

from functools import cache
from urllib.parse import unquote

from digests.data import table


def tracks(name: str) -> bool:
    """Whether a parameter of this name, as it stands in an address, chooses nothing.

    >>> tracks("utm_source"), tracks("AT_Medium"), tracks("id")
    (True, True, False)
    """
    prefixes, names = _listed()
    plain = unquote(name).lower()
    return plain in names or plain.startswith(prefixes)


@cache
def _listed() -> tuple[tuple[str, ...], frozenset[str]]:
    listed: dict[str, list[str]] = table("tracking.toml")
    return tuple(listed["prefixes"]), frozenset(listed["names"])
