"""Small pieces of the sentences that the verbs print."""

from __future__ import annotations


def counted(number: int, one: str, several: str = "") -> str:
    """``1 source``, ``2,000 sources``, ``0 entries``."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"
