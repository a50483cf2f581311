"""What the running bot does, and when: steps that come round, each kept up on its own.

A step is a use case with a period.  It is given the instant of its tick, and may be cut off at any point: what it began stands
in the store, and its next turn goes on from there.  So stopping cuts off every step but those that *finish*, which are the
ones with a message on the wire.

```python
await run([Step("collect", 60.0, collecting), Step("deliver", 5.0, delivering, finishes=True)], stop, now=clock)
```
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot import log
from bot.scheduler import Clock, Ticks
from bot.supervisor import DRAIN_S, FIRST_WAIT_S, Part, cut_by, supervise

LIMIT_S: Final = 1_800.0


@dataclass(frozen=True, slots=True)
class Step:
    """Something that the bot does again and again.

    Args:
        name: in the log.
        every_s: seconds between two turns; a turn that takes longer delays the next, and never runs beside it.
        do: one turn; given the present instant.
        finishes: it looks at the stop itself and returns soon, so that it is waited for when the bot stops.
        limit_s: a turn that takes longer is cut off and counts as a fault.
    """

    name: str
    every_s: float
    do: Callable[[datetime], Awaitable[object]]
    finishes: bool = False
    limit_s: float = LIMIT_S


async def run(
    steps: Sequence[Step],
    stop: asyncio.Event,
    *,
    now: Callable[[], datetime],
    parts: Sequence[Part] = (),
    drain_s: float = DRAIN_S,
    first_wait_s: float = FIRST_WAIT_S,
) -> tuple[str, ...]:
    """Do all steps, and keep up the parts, until ``stop`` is set.

    Returns the names of those that had to be cut off while they should have finished.

    Args:
        now: the present instant, aware, in UTC.
        parts: what runs beside the steps for ever, such as a connection.
        drain_s: how long parts and steps that finish have for it.
        first_wait_s: as of `bot.supervisor.supervise`.
    """
    async with Clock() as clock:
        every = [*(_part(step, clock, stop, now) for step in steps), *parts]
        late = await supervise(every, stop, drain_s=drain_s, first_wait_s=first_wait_s)
    for name in late:
        log.warning("cut_off", part=name, after_s=drain_s)
    return late


def _part(step: Step, clock: Clock, stop: asyncio.Event, now: Callable[[], datetime]) -> Part:
    ticks = clock.every(step.every_s)
    failed = False  # its last turn

    async def turns() -> None:
        nonlocal failed
        while not stop.is_set():
            if await _before(stop, ticks):
                before, failed = failed, True
                await _turn(step, stop, now())
                failed = False
                if before:
                    log.info("part_well", part=step.name, words="its turn succeeded again")

    return Part(step.name, turns)


async def _before(stop: asyncio.Event, ticks: Ticks) -> bool:
    """Whether a tick came before the stop."""
    return not await cut_by(stop, ticks.next())


async def _turn(step: Step, stop: asyncio.Event, at: datetime) -> None:
    limit = asyncio.timeout(step.limit_s)
    try:
        async with limit:
            if step.finishes:
                await step.do(at)
            else:
                await cut_by(stop, step.do(at))
    except TimeoutError as error:
        if not limit.expired():  # some wait within it
            raise
        raise TimeoutError(f"a turn of {step.name} took longer than {step.limit_s:g} s") from error
