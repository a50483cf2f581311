"""How much one person, and one space, may ask: so that nobody can keep the others waiting."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Final

from bot.model import Space

MINUTE: Final = timedelta(minutes=1)
A_PERSON: Final = 10
"""Requests a minute."""
A_SPACE: Final = 1_200

_MOST_KEPT = 10_000  # people and spaces; those who asked longest ago are forgotten first


class Limits:
    """Counts the requests of the last minute, in this process."""

    def __init__(self) -> None:
        self._asked: dict[tuple[str, ...], deque[datetime]] = {}

    def wait_s(self, space: Space, person: str, now: datetime) -> tuple[int, int]:
        """Count a request; 0 when it may be answered, else how many seconds until the next one may, and the limit that it met.

        A request that is refused does not count.
        """
        both = ((("person", str(space), person), A_PERSON), (("space", str(space)), A_SPACE))
        for key, most in both:
            asked = self._recent(key, now)
            if len(asked) >= most:
                return max(1, round((asked[0] + MINUTE - now).total_seconds())), most
        for key, _ in both:
            self._recent(key, now).append(now)
        return 0, 0

    def _recent(self, key: tuple[str, ...], now: datetime) -> deque[datetime]:
        asked = self._asked.pop(key, None) or deque()
        while asked and not now - MINUTE < asked[0] <= now:  # too old, or of a clock that went back
            asked.popleft()
        self._asked[key] = asked
        while len(self._asked) > _MOST_KEPT:
            del self._asked[next(iter(self._asked))]
        return asked
