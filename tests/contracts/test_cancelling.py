"""Whoever is cancelled in the middle of a transaction leaves nothing half done and no lock behind, whatever the database."""

from __future__ import annotations

import asyncio
import random
import threading

import pytest
from sqlalchemy import Connection

from bot.store import open_store
from bot.store.tables import subscription as table
from tests.bot.newsdesk import EIGHT, NEWS, subscription


@pytest.mark.slow
async def test_a_transaction_that_is_cancelled_anywhere_leaves_the_database_to_the_next(database: str) -> None:
    async with open_store(database, busy_s=0.5) as store:
        await store.ledger.add_subscription(subscription())
        for steps in random.Random(7).choices(range(400), k=300):
            cancelled = asyncio.create_task(store.ledger.take_channel(NEWS, "a", EIGHT))
            for _ in range(steps):
                await asyncio.sleep(0)
            cancelled.cancel()
            await asyncio.gather(cancelled, return_exceptions=True)

            assert await store.ledger.pause_subscription("news")


async def test_a_transaction_ends_whole_before_its_cancelled_caller_goes_on(database: str) -> None:
    begun, over = threading.Event(), threading.Event()

    def rename(connection: Connection) -> None:
        begun.set()
        over.wait()
        connection.execute(table.update().values(title="Renamed"))

    async with open_store(database) as store:
        await store.ledger.add_subscription(subscription())
        caller = asyncio.create_task(store._database.write(rename))
        await asyncio.to_thread(begun.wait)
        for _ in range(3):
            caller.cancel()
            await asyncio.wait([caller], timeout=0)
        waited = not caller.done()
        over.set()
        await asyncio.wait([caller])

        assert waited
        assert caller.cancelled()
        [subscribed] = await store.ledger.subscriptions()
        assert subscribed.subscription.title == "Renamed"
