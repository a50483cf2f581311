"""Several copies of the bot on one database: whichever ticks first makes the digest, and the others none."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import DeliveryState
from bot.store import open_store
from tests.bot.newsdesk import MONDAY, subscription

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = 3
DAYS = 8
TICKING = """
import asyncio, sys
from datetime import timedelta
from bot.publish import publish_due
from bot.store import open_store
from tests.bot.newsdesk import MONDAY
from tests.fakes import FakeAdapter, Serving

async def main(address, owner, hours):
    adapters = Serving(FakeAdapter())
    async with open_store(address) as store:
        print(flush=True)
        for hour in range(int(hours)):
            sys.stdin.readline()  # the clock that all of them share
            done = await publish_due(store.ledger, store, adapters, MONDAY + timedelta(hours=hour), owner)
            print(*(run.key for run in done.runs if run.fence == 1), flush=True)  # a higher one makes the same run anew

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.slow
async def test_three_processes_that_tick_at_once_make_each_digest_once(database: str) -> None:
    async with open_store(database) as store:
        await store.ledger.add_subscription(subscription(at=(2, 8, 14, 20)))
    pipe = asyncio.subprocess.PIPE
    processes = []
    for number in range(PROCESSES):
        ticking = [sys.executable, "-c", TICKING, database, f"copy-{number}", str(24 * DAYS)]
        processes.append(await asyncio.create_subprocess_exec(*ticking, stdin=pipe, stdout=pipe, cwd=ROOT))
    made: list[str] = []
    for _ in range(24 * DAYS + 1):  # the first answer: its store is open
        answers = await asyncio.gather(*(process.stdout.readline() for process in processes if process.stdout))
        made += [key for answer in answers for key in answer.decode().split()]
        for process in processes:
            if process.stdin is not None:
                process.stdin.write(b"tick\n")
    await asyncio.gather(*(process.communicate() for process in processes))

    slots = [MONDAY + timedelta(days=day, hours=hour) for day in range(DAYS) for hour in (2, 8, 14, 20)]
    assert sorted(made) == [f"{slot:%Y-%m-%dT%H:%M}" for slot in slots]
    async with open_store(database) as store:
        assert len(await store.ledger.runs(limit=1_000)) == len(slots)
        unsent = await store.ledger.deliveries(DeliveryState.PENDING, limit=1_000)
        assert len({each.run for each in unsent}) == len(unsent)  # one line of each digest that waits to be sent
