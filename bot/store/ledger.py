"""The ledger on a SQL database: who wants a digest, what became of each, and every message on its way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.model import Channel, Delivery, DeliveryKind, DeliveryState, Payload, Receipt, Run, Slot, Space, Subscription
from bot.ports import Appearance, Composed, Composition, Correcting, Heard, Outdated, Posted, Revised, Subscribed
from bot.store import corrections, outbox, posted, runs, subscriptions
from bot.store.database import Database
from bot.store.tables import subscription as table


class SqlLedger:
    """See :class:`bot.ports.Ledger` for what its methods promise.  What it wrote is on disk when a method returns.

    Only a claim, and who has a channel, need not be: a power cut ends whoever has it, and before anything follows from it that
    others can see, a later write has put both on disk.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_subscription(self, subscription: Subscription) -> bool:
        return await self._database.write_durably(subscriptions.add, subscription)

    async def change_subscription(self, subscription: Subscription) -> bool:
        return await self._database.write_durably(subscriptions.change, subscription)

    async def subscriptions(self) -> list[Subscribed]:
        return await self._database.read(subscriptions.every)

    async def subscription(self, subscription_id: str) -> Subscribed | None:
        return next(iter(await self._database.read(subscriptions.every, [subscription_id])), None)

    async def pause_subscription(self, subscription_id: str, reason: str = "") -> bool:
        return await self._database.write_durably(subscriptions.pause, table.c.id == subscription_id, reason)

    async def resume_subscription(self, subscription_id: str, now: datetime) -> bool:
        return await self._database.write_durably(subscriptions.resume, subscription_id, now)

    async def remove_subscription(self, subscription_id: str) -> bool:
        return await self._database.write_durably(subscriptions.remove, subscription_id)

    async def pause_channel(self, channel: Channel, reason: str) -> bool:
        return await self._database.write_durably(subscriptions.pause, table.c.channel == str(channel), reason)

    async def stop_space(self, space: Space, reason: str, now: datetime) -> bool:
        return await self._database.write_durably(subscriptions.stop_space, space, reason, now)

    async def start_space(self, space: Space) -> bool:
        return await self._database.write_durably(subscriptions.start_space, space)

    async def stopped_spaces(self) -> list[tuple[str, str, str]]:
        return await self._database.read(subscriptions.stopped)

    async def forget_space(self, space: Space) -> int:
        return await self._database.write_durably(subscriptions.forget_space, space)

    async def claim(
        self, subscription_id: str, slot: Slot | None, now: datetime, owner: str, *, missed: int = 0, late: bool = False
    ) -> Run | None:
        return await self._database.write(runs.claim, subscription_id, slot, now, owner, missed, late)

    async def unfinished(self, now: datetime) -> list[Run]:
        return await self._database.read(runs.unfinished, now)

    async def take_over(self, run: Run, now: datetime, owner: str) -> Run | None:
        return await self._database.write_durably(runs.take_over, run, now, owner)

    async def compose(self, run: Run, composition: Composition, now: datetime) -> Composed:
        return await self._database.write_durably(runs.compose, run, composition, now)

    async def abandon(self, run: Run, error: str, now: datetime, *, final: bool) -> bool:
        return await self._database.write_durably(runs.abandon, run, error, now, final)

    async def posted(self, channel: Channel, since: datetime, *, limit: int = 100) -> list[Posted]:
        return await self._database.read(posted.since, channel, since, limit)

    async def posted_digest(self, channel: Channel, number: int) -> Posted | None:
        return await self._database.read(posted.numbered, channel, number)

    async def appearances(self, channel: Channel, story_id: str, *, limit: int = 100) -> list[Appearance]:
        return await self._database.read(posted.appearances, channel, story_id, limit)

    async def outdated(self) -> list[Outdated]:
        return await self._database.read(corrections.outdated)

    async def revised(self, about: Outdated) -> Revised | None:
        return await self._database.read(corrections.revised, about)

    async def correct(self, revised: Revised, correcting: Correcting, now: datetime) -> bool:
        return await self._database.write_durably(corrections.correct, revised, correcting, now)

    async def correction_counts(self, space: Space | None = None) -> tuple[int, int]:
        return await self._database.read(corrections.counts, space)

    async def enqueue(
        self, channel: Channel, kind: DeliveryKind, payload: Payload, key: str, now: datetime, *, concerns: str | None = None
    ) -> bool:
        return await self._database.write_durably(outbox.enqueue, channel, kind, payload, key, now, concerns)

    async def waiting(self, now: datetime) -> list[Channel]:
        return await self._database.read(outbox.waiting, now)

    async def take_channel(self, channel: Channel, owner: str, now: datetime) -> int | None:
        return await self._database.write(outbox.take, channel, owner, now)

    async def release_channel(self, channel: Channel, owner: str, fence: int, now: datetime) -> None:
        await self._database.write(outbox.release, channel, owner, fence, now)

    async def next_delivery(self, channel: Channel, now: datetime) -> Delivery | None:
        return await self._database.read(outbox.next_delivery, channel, now)

    async def begin(self, delivery: Delivery, owner: str, fence: int, now: datetime) -> Delivery | None:
        return await self._database.write_durably(outbox.begin, delivery, owner, fence, now)

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
        return await self._database.write_durably(outbox.settle, delivery, state, now, receipt, not_before, error)

    async def refuse(self, delivery: Delivery, error: str, now: datetime, *, whole_space: bool) -> bool:
        return await self._database.write_durably(_refuse, delivery, error, now, whole_space)

    async def replace(self, delivery: Delivery, payloads: Sequence[Payload], error: str, now: datetime) -> bool:
        return await self._database.write_durably(outbox.replace, delivery, payloads, error, now)

    async def resend(self, delivery_id: str, now: datetime) -> bool:
        return await self._database.write_durably(outbox.resend, delivery_id)

    async def runs(self, subscription_id: str | None = None, *, limit: int = 20) -> list[Run]:
        return await self._database.read(runs.newest, subscription_id, limit)

    async def heard(self, days: int) -> dict[str, Heard]:
        return await self._database.read(runs.heard, days)

    async def deliveries(self, *states: DeliveryState, run: str | None = None, limit: int = 100) -> list[Delivery]:
        return await self._database.read(outbox.newest, states, run, limit)

    async def delivery_counts(self, space: Space | None = None) -> dict[DeliveryState, int]:
        return await self._database.read(outbox.counts, space)


def _refuse(connection: Connection, delivery: Delivery, error: str, now: datetime, whole_space: bool) -> bool:
    if not outbox.settle(connection, delivery, DeliveryState.FAILED, now, None, None, error):
        return False
    if whole_space:
        subscriptions.stop_space(connection, Space.of(delivery.channel), error, now)
    else:
        subscriptions.pause(connection, table.c.channel == str(delivery.channel), error)
    return True
