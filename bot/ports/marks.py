"""What the bot remembers of its own doings in a place: whether it greeted there, which commands it told the platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import Space


@dataclass(frozen=True, slots=True)
class Mark:
    """A short value under a name, in a space.

    Args:
        made_at: when it was given this value, aware, in UTC.
    """

    space: Space
    name: str
    value: str
    made_at: datetime


class Marks(Protocol):
    """Every method is one transaction and may raise StoreError.  A name has at most 100 characters."""

    async def mark(self, space: Space, name: str, now: datetime, value: str = "") -> bool:
        """Remember a value; False when it is remembered already, by whatever process, and nothing changes."""
        ...

    async def unmark(self, space: Space, name: str) -> bool:
        """Forget a value; False when there is none."""
        ...

    async def marked(self, name: str) -> list[Mark]:
        """The marks of a name in all spaces, the oldest first."""
        ...
