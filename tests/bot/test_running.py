"""The steps of the running bot: each on its own period, none in the way of another, and stopped as it should be."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime

from bot.errors import StoreError
from bot.running import Step, run

NOON = datetime(2024, 10, 13, 12, tzinfo=UTC)
SOON = 0.02


def clock() -> datetime:
    return NOON


class Turns:
    """A step that counts its turns, and says when it had enough of them."""

    def __init__(self, enough: int, fault: Exception | None = None) -> None:
        self.at: list[datetime] = []
        self._enough, self._fault = enough, fault
        self.had_enough = asyncio.Event()

    async def __call__(self, now: datetime) -> None:
        self.at.append(now)
        if len(self.at) >= self._enough:
            self.had_enough.set()
        if self._fault:
            raise self._fault


async def test_each_step_comes_round_and_is_told_the_time():
    stop, quick, rare = asyncio.Event(), Turns(4), Turns(1)
    running = asyncio.create_task(run([Step("quick", SOON, quick), Step("rare", 3_600, rare)], stop, now=clock))
    async with asyncio.timeout(5):
        await quick.had_enough.wait()
        stop.set()
        assert await running == ()

    assert set(quick.at) == {NOON}
    assert len(rare.at) == 1


async def test_a_step_that_fails_each_time_holds_no_other_up(lines: io.StringIO) -> None:
    stop, broken, sound = asyncio.Event(), Turns(1, RuntimeError("a bug")), Turns(5)
    running = asyncio.create_task(run([Step("broken", SOON, broken), Step("sound", SOON, sound)], stop, now=clock))
    async with asyncio.timeout(5):
        await broken.had_enough.wait()
        await sound.had_enough.wait()
        stop.set()
        await running

    assert "part_failed part=broken" in lines.getvalue()
    assert "part=sound" not in lines.getvalue()


async def test_a_step_that_failed_is_said_to_be_well_again_once(lines: io.StringIO) -> None:
    stop, enough = asyncio.Event(), asyncio.Event()
    faults = [RuntimeError("a bug"), StoreError("the disk is full"), None, None, None]

    async def mends(_: datetime) -> None:
        if len(faults) == 1:
            enough.set()
        if fault := faults.pop(0) if len(faults) > 1 else None:
            raise fault

    step = Step("mends", SOON, mends)
    async with asyncio.timeout(10):
        running = asyncio.create_task(run([step], stop, now=clock, first_wait_s=SOON))
        await enough.wait()
        stop.set()
        await running

    assert lines.getvalue().count("part_failed part=mends") == 2
    assert lines.getvalue().count("part_well part=mends") == 1
    assert lines.getvalue().rindex("part_failed") < lines.getvalue().index("part_well")


async def test_a_step_that_hangs_is_a_fault_after_its_limit(lines: io.StringIO) -> None:
    stop, sound = asyncio.Event(), Turns(1)

    async def hangs(_: datetime) -> None:
        await asyncio.Event().wait()

    async def told() -> None:
        while "part_failed" not in lines.getvalue():
            await sound.had_enough.wait()
            sound.had_enough.clear()

    steps = [Step("hangs", SOON, hangs, limit_s=SOON), Step("sound", SOON, sound)]
    running = asyncio.create_task(run(steps, stop, now=clock))
    async with asyncio.timeout(5):
        await told()
        stop.set()
        await running

    assert "a turn of hangs took longer than 0.02 s" in lines.getvalue()


async def test_a_long_step_never_runs_beside_itself():
    stop, go_on, others = asyncio.Event(), asyncio.Event(), Turns(5)
    under_way, most = 0, 0

    async def slow(_: datetime) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await go_on.wait()
        under_way -= 1

    running = asyncio.create_task(run([Step("slow", SOON, slow), Step("others", SOON, others)], stop, now=clock))
    async with asyncio.timeout(5):
        await others.had_enough.wait()
        go_on.set()
        stop.set()
        await running

    assert most == 1


async def test_the_stop_cuts_a_step_off_but_lets_one_finish_that_posts(lines: io.StringIO) -> None:
    stop, both = asyncio.Event(), asyncio.Barrier(3)
    ended: list[str] = []

    async def collects(_: datetime) -> None:
        await both.wait()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cut off")

    async def posts(_: datetime) -> None:
        await both.wait()
        await stop.wait()
        await asyncio.sleep(SOON)
        ended.append("posted")

    steps = [Step("collect", 60, collects), Step("deliver", 60, posts, finishes=True)]
    running = asyncio.create_task(run(steps, stop, now=clock))
    async with asyncio.timeout(5):
        await both.wait()
        stop.set()
        late = await running

    assert (ended, late) == (["cut off", "posted"], ())
    assert lines.getvalue() == ""


async def test_a_step_that_should_finish_and_does_not_is_named(lines: io.StringIO) -> None:
    stop, begun = asyncio.Event(), asyncio.Event()

    async def posts(_: datetime) -> None:
        begun.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(run([Step("deliver", 60, posts, finishes=True)], stop, now=clock, drain_s=0.05))
    async with asyncio.timeout(5):
        await begun.wait()
        stop.set()
        late = await running

    assert late == ("deliver",)
    assert lines.getvalue() == "warning cut_off part=deliver after_s=0.05\n"
