"""The clock of the running bot: it says when to look, and nothing else.  The only door of APScheduler.

What is due stands in our own tables and is worked out anew at each tick; a job here sets a flag and is done.  So nothing of
ours runs inside the scheduler, which cancels its jobs when it is shut down, drops late ones and knows no due times.

```python
async with Clock() as clock:
    ticks = clock.every(5.0)
    while True:
        await ticks.next()  # the first at once
        ...
```
"""

from __future__ import annotations

import asyncio
from datetime import UTC
from types import TracebackType
from typing import Final, Self

from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import log

LATE: Final = 3
"""After so many periods without a tick the loop's own clock ticks instead."""


class Clock:
    """Ticks at even intervals while its context is open."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    async def __aenter__(self) -> Self:
        self._scheduler.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # it shuts down at the next turn of the loop

    def every(self, seconds: float) -> Ticks:
        """A tick every so many seconds, the first at once; those that nobody waits for become one."""
        due = asyncio.Event()

        async def tick() -> None:  # of a plain function it would make a thread's work
            due.set()

        return Ticks(seconds, due, self._scheduler.add_job(tick, "interval", seconds=seconds))


class Ticks:
    """The ticks of one interval, for one who waits."""

    def __init__(self, seconds: float, due: asyncio.Event, job: Job) -> None:
        self._seconds, self._due, self._job = seconds, due, job
        due.set()

    async def next(self) -> None:
        """Return at the next tick, or at once when there was one since the last call.

        APScheduler lives by the wall clock: when that is set back by a day, it says nothing for a day.  The loop's own clock,
        which cannot be set, then ticks in its place.
        """
        try:
            async with asyncio.timeout(LATE * self._seconds):
                await self._due.wait()
        except TimeoutError:
            log.warning("clock_late", waited_s=LATE * self._seconds)
            self._job.reschedule("interval", seconds=self._seconds)
        self._due.clear()
