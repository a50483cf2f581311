"""Manners towards servers: who is asked when, and how long the answers ask us to stay away."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import inf
from weakref import WeakValueDictionary

from bot.errors import SourceError

AT_ONCE = 32
GAP_S = 1.0
HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
LONGEST_WAIT_S = 31 * DAY_S

_MAX_AGE = re.compile(r'max-age\s*=\s*"?(\d+)')


class Turns:
    """Lets requests go when it is their turn: 32 at once, one to a host, and a gap between starts within a domain.

    Args:
        clock: seconds that only grow (`time.monotonic`).
        pause: waits that many seconds (`asyncio.sleep`).
    """

    def __init__(self, *, clock: Callable[[], float], pause: Callable[[float], Awaitable[None]]) -> None:
        self._clock = clock
        self._pause = pause
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._hosts: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._domains: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._started: OrderedDict[str, float] = OrderedDict()
        self._closed_until: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str, domain: str | None) -> AsyncIterator[None]:
        """Wait for a turn at ``host`` and hold it; without a ``domain`` no gap is kept.

        Raises:
            SourceError: the domain asked to be left alone, before or while we waited.
        """
        async with self._hosts.setdefault(host, asyncio.Lock()):
            if domain is None:
                await self._slots.acquire()
            else:
                # The gap is between starts, so the slot is taken before the start is noted, and both under one lock.
                async with self._domains.setdefault(domain, asyncio.Lock()):
                    self._refuse_while_closed(domain)
                    await self._keep_gap(domain)
                    await self._slots.acquire()
                    self._started[domain] = self._clock()
                    self._started.move_to_end(domain)
            try:
                yield
            finally:
                self._slots.release()

    def close(self, domain: str, seconds: float) -> None:
        """Note that ``domain`` asked to be left alone for so long."""
        now = self._clock()
        self._closed_until = {name: until for name, until in self._closed_until.items() if until > now}
        self._closed_until[domain] = max(now + seconds, self._closed_until.get(domain, now))

    def _refuse_while_closed(self, domain: str) -> None:
        closed_s = self._closed_until.get(domain, -inf) - self._clock()
        if closed_s > 0:
            words = f"{domain} asked to be left alone for a while."
            raise SourceError(words, retry_after=closed_s, status=429, asked=True)

    async def _keep_gap(self, domain: str) -> None:
        due = self._started.get(domain, -GAP_S) + GAP_S  # it stays: who waits for the gap may give up
        while self._started and next(iter(self._started.values())) < self._clock() - GAP_S:
            self._started.popitem(last=False)
        if (wait_s := due - self._clock()) > 0:
            await self._pause(wait_s)


def wait_s(headers: Mapping[str, str]) -> float | None:
    """Return for how many seconds a good answer asks not to be fetched again; None when it does not say.

    ``max-age`` unless ``no-cache``, else ``Expires``, for a day at most; ``Retry-After`` for 31 days at most; the longer
    one counts.
    """
    waits = (_fresh_s(headers), retry_after_s(headers))
    return max((wait for wait in waits if wait), default=None)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, 31 days at most; None without a readable one.

    A date counts from the answer's own ``Date``, for the server's clock need not be ours; without it it is not read.
    """
    written = headers.get("Retry-After", "").strip()
    if written.isascii() and written.isdigit():
        return min(float(written[:12]), LONGEST_WAIT_S)
    return _until_s(written, headers, LONGEST_WAIT_S)


def _fresh_s(headers: Mapping[str, str]) -> float | None:
    control = headers.get("Cache-Control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return None
    if found := _MAX_AGE.search(control):
        return min(float(found[1][:12]), DAY_S)
    return _until_s(headers.get("Expires", ""), headers, DAY_S)


def _until_s(written: str, headers: Mapping[str, str], most: float) -> float | None:
    then = _instant(written)
    now = _instant(headers.get("Date", "")) if then else None
    if then is None or now is None:
        return None
    return min(max((then - now).total_seconds(), 0.0), most)


def _instant(written: str) -> datetime | None:
    if not written:
        return None
    try:
        instant = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
