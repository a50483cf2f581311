"""The ledger on a SQL database: who wants a digest, what became of each, and every message on its way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Channel, Delivery, DeliveryKind, DeliveryState, Fact, Payload, Receipt, Run, Slot, Subscription
from bot.ports import Appearance, Composed, Composition, Correcting, Heard, Outdated, Posted, Revised, Subscribed
from bot.store import corrections, memory, outbox, posted, runs, subscriptions
from bot.store.database import Database
from bot.store.tables import subscription as table
from digests.model import Correction


class SqlLedger:
    """See :class:`bot.ports.Ledger` for what its methods promise.  What it wrote is on disk when a method returns.

    Only a claim, and who has a channel, need not be: a power cut ends whoever has it, and before anything follows from it that
    others can see, a later write has put both on disk.
    """

    def __init__(self, database: Database, one_writer: asyncio.Lock) -> None:
        self._database, self._one_writer = database, one_writer

    async def add_subscription(self, subscription: Subscription) -> bool:
        async with self._write() as connection:
            return await subscriptions.add(connection, subscription)

    async def change_subscription(self, subscription: Subscription) -> bool:
        async with self._write() as connection:
            return await subscriptions.change(connection, subscription)

    async def subscriptions(self) -> list[Subscribed]:
        async with self._database.read() as connection:
            return await subscriptions.every(connection)

    async def subscription(self, subscription_id: str) -> Subscribed | None:
        async with self._database.read() as connection:
            return next(iter(await subscriptions.every(connection, [subscription_id])), None)

    async def pause_subscription(self, subscription_id: str, reason: str = "") -> bool:
        async with self._write() as connection:
            return await subscriptions.pause(connection, table.c.id == subscription_id, reason)

    async def resume_subscription(self, subscription_id: str, now: datetime) -> bool:
        async with self._write() as connection:
            return await subscriptions.resume(connection, subscription_id, now)

    async def remove_subscription(self, subscription_id: str) -> bool:
        async with self._write() as connection:
            return await subscriptions.remove(connection, subscription_id)

    async def start_space(self, channel: Channel) -> bool:
        async with self._write() as connection:
            return await subscriptions.start_space(connection, channel)

    async def stopped_spaces(self) -> list[tuple[str, str, str]]:
        async with self._database.read() as connection:
            return await subscriptions.stopped(connection)

    async def forget_space(self, channel: Channel) -> int:
        async with self._write() as connection:
            return await subscriptions.forget_space(connection, channel)

    async def claim(
        self, subscription_id: str, slot: Slot | None, now: datetime, owner: str, *, missed: int = 0, late: bool = False
    ) -> Run | None:
        async with self._write(durable=False) as connection:
            return await runs.claim(connection, subscription_id, slot, now, owner, missed, late)

    async def unfinished(self, now: datetime) -> list[Run]:
        async with self._database.read() as connection:
            return await runs.unfinished(connection, now)

    async def take_over(self, run: Run, now: datetime, owner: str) -> Run | None:
        async with self._write() as connection:
            return await runs.take_over(connection, run, now, owner)

    async def compose(self, run: Run, composition: Composition, now: datetime) -> Composed:
        async with self._write() as connection:
            return await runs.compose(connection, run, composition, now)

    async def abandon(self, run: Run, error: str, now: datetime, *, final: bool) -> bool:
        async with self._write() as connection:
            return await runs.abandon(connection, run, error, now, final)

    async def sent(self, channel: Channel, articles: Collection[str]) -> set[str]:
        async with self._database.read() as connection:
            return await memory.sent_among(connection, channel, articles)

    async def told(self, channel: Channel) -> list[Fact]:
        async with self._database.read() as connection:
            return await memory.told(connection, channel)

    async def posted(self, channel: Channel, since: datetime, *, limit: int = 100) -> list[Posted]:
        async with self._database.read() as connection:
            return await posted.since(connection, channel, since, limit)

    async def posted_digest(self, channel: Channel, number: int) -> Posted | None:
        async with self._database.read() as connection:
            return await posted.numbered(connection, channel, number)

    async def appearances(self, channel: Channel, story_id: str, *, limit: int = 100) -> list[Appearance]:
        async with self._database.read() as connection:
            return await posted.appearances(connection, channel, story_id, limit)

    async def outdated(self) -> list[Outdated]:
        async with self._database.read() as connection:
            return await corrections.outdated(connection)

    async def revised(self, about: Outdated) -> Revised | None:
        async with self._database.read() as connection:
            return await corrections.revised(connection, about)

    async def correct(self, revised: Revised, correcting: Correcting, now: datetime) -> bool:
        async with self._write() as connection:
            return await corrections.correct(connection, revised, correcting, now)

    async def corrections(self, channel: Channel) -> list[tuple[int, Correction]]:
        async with self._database.read() as connection:
            return await corrections.waiting(connection, channel)

    async def correction_counts(self) -> tuple[int, int]:
        async with self._database.read() as connection:
            return await corrections.counts(connection)

    async def enqueue(
        self, channel: Channel, kind: DeliveryKind, payload: Payload, key: str, now: datetime, *, concerns: str | None = None
    ) -> bool:
        async with self._write() as connection:
            return await outbox.enqueue(connection, channel, kind, payload, key, now, concerns)

    async def waiting(self, now: datetime) -> list[Channel]:
        async with self._database.read() as connection:
            return await outbox.waiting(connection, now)

    async def take_channel(self, channel: Channel, owner: str, now: datetime) -> int | None:
        async with self._write(durable=False) as connection:
            return await outbox.take(connection, channel, owner, now)

    async def release_channel(self, channel: Channel, owner: str, fence: int, now: datetime) -> None:
        async with self._write(durable=False) as connection:
            await outbox.release(connection, channel, owner, fence, now)

    async def next_delivery(self, channel: Channel, now: datetime) -> Delivery | None:
        async with self._database.read() as connection:
            return await outbox.next_delivery(connection, channel, now)

    async def begin(self, delivery: Delivery, owner: str, fence: int, now: datetime) -> Delivery | None:
        async with self._write() as connection:
            return await outbox.begin(connection, delivery, owner, fence, now)

    async def settle(
        self,
        delivery: Delivery,
        state: DeliveryState,
        now: datetime,
        *,
        receipt: Receipt | None = None,
        not_before: datetime | None = None,
        error: str = "",
    ) -> bool:
        async with self._write() as connection:
            return await outbox.settle(connection, delivery, state, now, receipt, not_before, error)

    async def refuse(self, delivery: Delivery, error: str, now: datetime, *, whole_space: bool) -> bool:
        async with self._write() as connection:
            if not await outbox.settle(connection, delivery, DeliveryState.FAILED, now, None, None, error):
                return False
            if whole_space:
                await subscriptions.stop_space(connection, delivery.channel, error, now)
            else:
                await subscriptions.pause(connection, table.c.channel == str(delivery.channel), error)
            return True

    async def replace(self, delivery: Delivery, payloads: Sequence[Payload], error: str, now: datetime) -> bool:
        async with self._write() as connection:
            return await outbox.replace(connection, delivery, payloads, error, now)

    async def resend(self, delivery_id: str, now: datetime) -> bool:
        async with self._write() as connection:
            return await outbox.resend(connection, delivery_id)

    async def runs(self, subscription_id: str | None = None, *, limit: int = 20) -> list[Run]:
        async with self._database.read() as connection:
            return await runs.newest(connection, subscription_id, limit)

    async def heard(self, days: int) -> dict[str, Heard]:
        async with self._database.read() as connection:
            return await runs.heard(connection, days)

    async def deliveries(self, *states: DeliveryState, run: str | None = None, limit: int = 100) -> list[Delivery]:
        async with self._database.read() as connection:
            return await outbox.newest(connection, states, run, limit)

    async def delivery_counts(self) -> dict[DeliveryState, int]:
        async with self._database.read() as connection:
            return await outbox.counts(connection)

    @asynccontextmanager
    async def _write(self, *, durable: bool = True) -> AsyncIterator[AsyncConnection]:
        async with self._one_writer, self._database.write(durable=durable) as connection:
            yield connection
