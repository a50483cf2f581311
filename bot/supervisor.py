"""Keeps the parts of the running bot alive: one that fails is started again, and none of its faults reaches another.

```python
await supervise([Part("collect", collecting), Part("tick", ticking)], stop)
```
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot import log
from bot.errors import StoreError

FIRST_WAIT_S: Final = 1.0
LONGEST_WAIT_S: Final = 60.0
WELL_AFTER_S: Final = 60.0
"""A part that ran so long without a fault begins anew with the shortest wait."""

DRAIN_S: Final = 3.5
"""How long parts may finish what they began when the bot stops; within the five seconds that it has in all."""

_CUT_S = 0.3


@dataclass(frozen=True, slots=True)
class Part:
    """Something that runs until the bot stops.

    Args:
        name: in the log.
        run: runs for ever, and returns soon after the bot is told to stop; started again when it returns earlier or raises.
    """

    name: str
    run: Callable[[], Awaitable[None]]


async def supervise(
    parts: Sequence[Part],
    stop: asyncio.Event,
    *,
    drain_s: float = DRAIN_S,
    first_wait_s: float = FIRST_WAIT_S,
    longest_wait_s: float = LONGEST_WAIT_S,
) -> tuple[str, ...]:
    """Run the parts until ``stop`` is set and they have finished; returns the names of those that had to be cut off.

    Args:
        drain_s: how long they have for that.
        first_wait_s: before a part that failed is started again; doubled with each failure in a row.
    """
    tasks = {
        asyncio.create_task(_kept_up(part, stop, first_wait_s, longest_wait_s), name=part.name): part.name for part in parts
    }
    stopping = asyncio.create_task(stop.wait())
    try:
        await stopping
        _, late = await asyncio.wait(tasks, timeout=drain_s) if tasks else (set(), set())
    finally:
        for task in (stopping, *tasks):
            task.cancel()
        await asyncio.wait((stopping, *tasks), timeout=_CUT_S)  # not for ever: one may swallow its cancellation
    return tuple(sorted(tasks[task] for task in late))


async def _kept_up(part: Part, stop: asyncio.Event, first_wait_s: float, longest_wait_s: float) -> None:
    clock = asyncio.get_running_loop().time
    wait_s = first_wait_s
    while not stop.is_set():
        began = clock()
        fault = await _fault_of(part)
        if stop.is_set():
            if fault is not None:
                _tell(part, fault, 0.0)
            return
        if clock() - began >= WELL_AFTER_S:
            wait_s = first_wait_s
        _tell(part, fault, wait_s)
        await stopped_within(stop, wait_s)
        wait_s = min(2 * wait_s, longest_wait_s)


async def _fault_of(part: Part) -> Exception | None:
    try:
        await part.run()
    except Exception as fault:  # the boundary at which a bug is logged and does not spread
        return fault
    return None


def _tell(part: Part, fault: Exception | None, wait_s: float) -> None:
    if isinstance(fault, StoreError):  # the world's fault or the operator's to mend, in words: no traceback
        log.error("part_failed", part=part.name, words=str(fault), again_in_s=wait_s)
    elif fault is not None:
        log.error("part_failed", fault, part=part.name, words=f"{type(fault).__name__}: {fault}", again_in_s=wait_s)
    else:
        log.error("part_ended", part=part.name, words="it ended without being told to", again_in_s=wait_s)


async def stopped_within(stop: asyncio.Event, seconds: float) -> None:
    """Let so many seconds pass, or fewer when ``stop`` is set."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


async def cut_by(stop: asyncio.Event, work: Awaitable[object]) -> bool:
    """Do the work, but no longer than until the stop; returns whether it was cut off."""
    doing, stopping = asyncio.ensure_future(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((doing, stopping), return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            doing.result()
            return False
        return True
    finally:
        for task in (doing, stopping):
            task.cancel()
        await asyncio.gather(doing, stopping, return_exceptions=True)
