"""Small pieces of the sentences that the verbs print."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digests.render.layout import Line


def counted(number: int, one: str, several: str = "") -> str:
    """``1 source``, ``2,000 sources``, ``0 entries``."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def plain(line: Line) -> str:
    """A sentence of ``bot/words`` for a terminal: what is to be typed stands in backticks."""
    from bot import wording

    return wording.plain(line)
