"""Parts that fail are started again, alone; parts that are told to stop may finish."""

from __future__ import annotations

import asyncio
import contextlib
import io

from bot.errors import StoreError
from bot.supervisor import Part, supervise

NOW = 0.001


class Failing:
    """A part that fails so many times, then runs until it is told to stop."""

    def __init__(self, stop: asyncio.Event, times: int, fault: BaseException) -> None:
        self._stop, self._times, self._fault = stop, times, fault
        self.starts: list[float] = []
        self.begun, self.well = asyncio.Event(), asyncio.Event()

    async def run(self) -> None:
        self.starts.append(asyncio.get_running_loop().time())
        self.begun.set()
        if len(self.starts) <= self._times:
            raise self._fault
        self.well.set()
        await self._stop.wait()


async def test_a_part_that_fails_is_started_again_and_the_others_run_on(lines: io.StringIO) -> None:
    stop = asyncio.Event()
    broken, sound = Failing(stop, 3, RuntimeError("a bug")), Failing(stop, 0, RuntimeError())
    supervising = asyncio.create_task(supervise([Part("tick", broken.run), Part("collect", sound.run)], stop, first_wait_s=NOW))

    async with asyncio.timeout(5):
        await broken.well.wait()
        stop.set()
        late = await supervising

    assert (len(broken.starts), len(sound.starts)) == (4, 1)
    assert late == ()
    assert lines.getvalue().count("error part_failed part=tick") == 3
    assert "RuntimeError: a bug" in lines.getvalue()


async def test_each_failure_in_a_row_is_waited_for_longer():
    stop = asyncio.Event()
    broken = Failing(stop, 4, RuntimeError())
    supervising = asyncio.create_task(supervise([Part("tick", broken.run)], stop, first_wait_s=0.01, longest_wait_s=0.04))

    async with asyncio.timeout(5):
        await broken.well.wait()
        stop.set()
        await supervising

    waits = [later - earlier for earlier, later in zip(broken.starts, broken.starts[1:], strict=False)]
    assert all(wait >= least for wait, least in zip(waits, (0.01, 0.02, 0.04, 0.04), strict=True)), waits


async def test_a_part_that_ends_by_itself_is_started_again(lines: io.StringIO) -> None:
    stop, again = asyncio.Event(), asyncio.Event()
    starts = 0

    async def ends() -> None:
        nonlocal starts
        starts += 1
        if starts == 2:
            again.set()
            await stop.wait()

    supervising = asyncio.create_task(supervise([Part("tick", ends)], stop, first_wait_s=NOW))
    async with asyncio.timeout(5):
        await again.wait()
        stop.set()
        await supervising

    assert "part_ended part=tick" in lines.getvalue()


async def test_what_a_database_says_is_logged_in_words_without_a_traceback(lines: io.StringIO) -> None:
    stop = asyncio.Event()
    broken = Failing(stop, 1, StoreError("news.db cannot grow: the disk is full; free some space."))
    supervising = asyncio.create_task(supervise([Part("tick", broken.run)], stop, first_wait_s=NOW))
    async with asyncio.timeout(5):
        await broken.well.wait()
        stop.set()
        await supervising

    assert "the disk is full" in lines.getvalue()
    assert "Traceback" not in lines.getvalue()


async def test_a_part_may_finish_what_it_began_when_the_bot_stops():
    begun, stop, finished = asyncio.Event(), asyncio.Event(), []

    async def posting() -> None:
        begun.set()
        await stop.wait()
        for _ in range(3):
            await asyncio.sleep(0)
        finished.append("posted")

    supervising = asyncio.create_task(supervise([Part("deliver", posting)], stop))
    async with asyncio.timeout(5):
        await begun.wait()
        stop.set()
        late = await supervising

    assert (finished, late) == (["posted"], ())


async def test_a_part_that_does_not_finish_is_cut_off_and_named():
    begun, stop, cut = asyncio.Event(), asyncio.Event(), []

    async def hangs() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cut.append("hangs")

    async def ends() -> None:
        await stop.wait()

    supervising = asyncio.create_task(supervise([Part("hangs", hangs), Part("ends", ends)], stop, drain_s=0.05))
    async with asyncio.timeout(5):
        await begun.wait()
        stop.set()
        late = await supervising

    assert (late, cut) == (("hangs",), ["hangs"])


async def test_a_part_in_its_pause_does_not_hold_up_the_end():
    stop = asyncio.Event()
    broken = Failing(stop, 100, RuntimeError())
    supervising = asyncio.create_task(supervise([Part("tick", broken.run)], stop, first_wait_s=3_600, longest_wait_s=3_600))
    async with asyncio.timeout(5):
        await broken.begun.wait()
    stop.set()

    async with asyncio.timeout(1):
        assert await supervising == ()


async def test_a_part_that_will_not_even_be_cut_off_does_not_hold_up_the_end():
    begun, stop, enough = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def stubborn() -> None:
        begun.set()
        while not enough.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await enough.wait()

    supervising = asyncio.create_task(supervise([Part("stubborn", stubborn)], stop, drain_s=0.05))
    async with asyncio.timeout(5):
        await begun.wait()
        stop.set()
        late = await supervising
    enough.set()

    assert late == ("stubborn",)
