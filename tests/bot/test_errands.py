"""Work that was acknowledged is done in its own time, and nothing of it is lost in silence."""

from __future__ import annotations

import asyncio
import io

import pytest

from bot import log
from bot.errands import Errands


@pytest.fixture
def lines() -> io.StringIO:
    stream = io.StringIO()
    log.start(stream)
    return stream


async def test_an_errand_outlives_whoever_handed_it_over() -> None:
    done = asyncio.Event()

    async def errand() -> None:
        done.set()

    async with Errands("slack") as errands:
        errands.do(errand())
        assert not done.is_set()

    assert done.is_set()
    assert len(errands) == 0


async def test_a_fault_of_an_errand_is_logged_and_stops_no_other(lines: io.StringIO) -> None:
    async def broken() -> None:
        raise ValueError("no such thing")

    async def whole() -> int:
        return 7

    async with Errands("slack") as errands:
        errands.do(broken())
        task = errands.do(whole())

    assert task is not None
    assert task.result() == 7
    assert "bug" in lines.getvalue()
    assert "no such thing" in lines.getvalue()


async def test_an_errand_too_many_is_refused_and_said() -> None:
    gate = asyncio.Event()
    async with Errands("slack", most=1) as errands:
        assert errands.do(gate.wait()) is not None
        assert errands.do(gate.wait()) is None
        gate.set()


async def test_what_takes_too_long_is_cut_off_when_the_bot_stops() -> None:
    async with Errands("slack", drain_s=0.01) as errands:
        task = errands.do(asyncio.Event().wait())

    assert task is not None
    assert task.done()


async def test_errands_that_are_cut_off_themselves_leave_nothing_running() -> None:
    async def serving(errands: Errands) -> None:
        async with errands:
            under_way.append(errands.do(asyncio.Event().wait()))

    under_way: list[asyncio.Task[object] | None] = []
    part = asyncio.create_task(serving(Errands("slack", drain_s=60)))
    await asyncio.wait({part}, timeout=0.01)  # until it waits for them

    part.cancel()
    await asyncio.gather(part, return_exceptions=True)

    (task,) = under_way
    assert task is not None
    assert task.done()
