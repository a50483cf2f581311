"""Whoever is cancelled in the middle of a transaction leaves no lock behind, whatever database it stands on."""

from __future__ import annotations

import asyncio
import random

import pytest

from bot.store import open_store
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
