"""Workers end what overruns, and nothing else is touched by it."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator

import pytest

from bot import reading
from bot.app import Workers
from bot.errors import SourceError
from bot.readers import Readers, WorkerError
from digests.model import Article, Kind
from tests.bot import reading_jobs as jobs

limits_cpu = pytest.mark.skipif(sys.platform == "win32", reason="only a deadline stops a job on Windows")


@pytest.fixture
async def one() -> AsyncIterator[Readers]:
    async with Readers(workers=1, cpu_s=1, deadline_s=60) as readers:
        yield readers


async def test_a_job_gives_what_its_function_returns(one: Readers) -> None:
    document = await one.call(jobs.read_nothing, "Harbour News", version="rss20")

    assert (document.title, document.version) == ("Harbour News", "rss20")


async def test_a_worker_lives_on_from_job_to_job(one: Readers) -> None:
    first, second = await one.call(jobs.process_id), await one.call(jobs.process_id)

    assert first == second != os.getpid()


@pytest.mark.skipif(sys.platform == "win32", reason="processes have no niceness there")
async def test_reading_gives_way_to_who_answers_people(one: Readers) -> None:
    assert await one.call(jobs.niceness) == min(os.nice(0) + reading.NICENESS, 19)


async def test_nothing_starts_before_the_first_job() -> None:
    async with Readers(workers=2) as readers:
        assert all(worker._process is None for worker in readers._workers)


@limits_cpu
@pytest.mark.slow
async def test_a_job_that_uses_up_its_cpu_time_is_stopped_and_the_next_one_runs(one: Readers) -> None:
    with pytest.raises(SourceError, match="took longer than 1 s to read and was stopped"):
        await one.call(jobs.spin)

    assert await one.call(jobs.double, 21) == 42


@limits_cpu
@pytest.mark.slow
async def test_cpu_time_is_counted_for_each_job_alone() -> None:
    async with Readers(workers=1, cpu_s=2, deadline_s=90) as readers:
        for _ in range(2):
            with pytest.raises(SourceError, match="took longer than 2 s"):
                await readers.call(jobs.spin)


async def test_a_job_that_only_waits_is_stopped_at_the_deadline() -> None:
    async with Readers(workers=1, deadline_s=0.5) as readers:
        with pytest.raises(SourceError, match=r"took longer than 0\.5 s"):
            await readers.call(jobs.wait, 60)

        readers._deadline_s = 10
        assert await readers.call(jobs.double, 21) == 42


@limits_cpu
async def test_a_job_that_needs_too_much_memory_is_refused_in_words(one: Readers) -> None:
    with pytest.raises(SourceError, match="more than 1,024 MiB"):
        await one.call(jobs.fill_memory)

    assert await one.call(jobs.double, 21) == 42


async def test_a_worker_that_dies_fails_only_its_own_job() -> None:
    async with Readers(workers=2) as readers:
        died, doubled = await asyncio.gather(readers.call(jobs.die), readers.call(jobs.double, 21), return_exceptions=True)

        assert isinstance(died, SourceError)
        assert "died" in str(died)
        assert doubled == 42
        assert [await readers.call(jobs.double, n) for n in (1, 2, 3)] == [2, 4, 6]


async def test_a_worker_killed_between_jobs_is_replaced(one: Readers) -> None:
    os.kill(await one.call(jobs.process_id), 9)
    process = one._workers[0]._process
    assert process is not None
    await asyncio.wait_for(process.wait(), 5)

    assert await one.call(jobs.double, 21) == 42


async def test_our_own_errors_travel_with_their_text_and_their_wait(one: Readers) -> None:
    with pytest.raises(SourceError, match=r"^the pier is closed$") as caught:
        await one.call(jobs.refuse, "the pier is closed", 90.0)

    assert caught.value.retry_after == 90.0


async def test_a_bug_shows_with_the_traceback_of_the_worker(one: Readers) -> None:
    with pytest.raises(WorkerError, match=r"(?s)stumble.*LookupError: a bug"):
        await one.call(jobs.stumble)


async def test_what_a_library_prints_does_not_disturb_the_answers(one: Readers) -> None:
    assert await one.call(jobs.print_loudly) == "quiet"


async def test_a_result_beyond_the_size_is_not_taken_in(one: Readers) -> None:
    with pytest.raises(SourceError, match="more than can be taken in"):
        await one.call(jobs.send_too_much)

    assert await one.call(jobs.double, 21) == 42


async def test_a_worker_cannot_make_the_parent_act(one: Readers) -> None:
    with pytest.raises(WorkerError, match="no value of ours"):
        await one.call(jobs.send_an_action)


async def test_members_of_enumerations_are_taken_as_each_python_pickles_them(one: Readers) -> None:
    assert await one.call(jobs.send_looked_up, Kind, "FACT") is Kind.FACT


@pytest.mark.parametrize("looked_up", [(Article, "__init__"), (Kind, "__init__"), (Kind, "mro")])
async def test_nothing_but_members_of_enumerations_is_looked_up(one: Readers, looked_up: tuple[type, str]) -> None:
    with pytest.raises(WorkerError, match="no value of ours"):
        await one.call(jobs.send_looked_up, *looked_up)


async def test_a_worker_knows_no_secret_of_the_environment(one: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-invented")

    assert "SLACK_BOT_TOKEN" not in await one.call(jobs.environment)


async def test_a_worker_leaves_ctrl_c_to_its_parent(one: Readers) -> None:
    assert await one.call(jobs.ignores_interrupts)


async def test_a_caller_who_gives_up_leaves_a_free_worker_behind(one: Readers) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(one.call(jobs.wait, 60), 0.5)

    assert await asyncio.wait_for(one.call(jobs.double, 21), 5) == 42


async def test_closing_ends_every_worker_at_once() -> None:
    started = time.monotonic()
    async with Readers(workers=1) as readers:
        pid = await readers.call(jobs.process_id)
        waiting = asyncio.create_task(readers.call(jobs.wait, 60))
        await asyncio.sleep(0)
    with pytest.raises(SourceError):
        await waiting

    assert time.monotonic() - started < 10
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_warming_imports_ahead_in_every_worker() -> None:
    async with Readers(workers=2) as readers:
        readers.warm(["wave"])
        await asyncio.gather(*readers._background)

        assert all(await asyncio.gather(readers.call(jobs.loaded, "wave"), readers.call(jobs.loaded, "wave")))


async def test_a_worker_that_understands_loads_nothing_but_the_thinking(one: Readers) -> None:
    await Workers(one).understand([Article("a", "Tern Wire", "", "Nobody was hurt.")])

    assert await one.call(jobs.loaded, "digests.claims")
    assert not await one.call(jobs.loaded, "config.settings")
