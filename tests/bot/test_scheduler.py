"""The tick: on time, never the owner of the work, and not silent when the clock is set back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import time_machine

from bot.scheduler import Clock

SOON = 0.05


async def test_the_first_tick_comes_at_once_and_the_others_after_it():
    async with Clock() as clock, asyncio.timeout(5):
        ticks = clock.every(SOON)
        began = asyncio.get_running_loop().time()
        await ticks.next()
        first = asyncio.get_running_loop().time() - began
        await ticks.next()
        await ticks.next()

    assert first < SOON
    assert asyncio.get_running_loop().time() - began >= SOON


async def test_ticks_that_nobody_waited_for_are_one():
    async with Clock() as clock, asyncio.timeout(5):
        slow, quick = clock.every(SOON), clock.every(SOON)
        for _ in range(4):
            await quick.next()

        await slow.next()
        nothing_more = asyncio.create_task(slow.next())
        await asyncio.sleep(0)

        assert not nothing_more.done()
        await nothing_more


async def test_the_end_of_the_clock_cancels_no_work():
    finished = asyncio.Event()

    async def work(started: asyncio.Event) -> str:
        await ticks.next()
        started.set()
        await finished.wait()
        return "done"

    async with Clock() as clock, asyncio.timeout(5):
        ticks = clock.every(SOON)
        started = asyncio.Event()
        working = asyncio.create_task(work(started))
        await started.wait()
    finished.set()

    assert await working == "done"


async def test_a_clock_that_was_set_back_a_day_ticks_on():
    now = datetime(2024, 10, 14, 12, tzinfo=UTC)
    with time_machine.travel(now) as traveller:
        async with Clock() as clock, asyncio.timeout(5):
            ticks = clock.every(SOON)
            await ticks.next()
            await ticks.next()

            traveller.move_to(now - timedelta(days=1))

            for _ in range(4):
                await ticks.next()


async def test_two_intervals_do_not_hold_each_other_up():
    async with Clock() as clock, asyncio.timeout(5):
        quick, rare = clock.every(SOON), clock.every(3_600)
        await rare.next()
        for _ in range(3):
            await quick.next()
