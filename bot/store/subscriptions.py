"""Queries on subscriptions: who wants a digest where and when.  Each takes a connection in a transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Channel, IfNothing, Run, Schedule, Slot, Space, Subscription
from bot.ports import Subscribed
from bot.store import memory, outbox, runs, topics
from bot.store.articles import upsert
from bot.store.tables import correction, counter, delivery, fact, lease, run, sent, stopped_space, subscription
from digests.model import Length

_EXTRA = run.c.key.startswith(runs.EXTRA)


def realm(channel: Channel) -> dict[str, str]:
    """What stops as one when a token is dead."""
    space = Space.of(channel)
    return {"platform": space.platform, "space": space.id}


async def add(connection: AsyncConnection, new: Subscription) -> bool:
    if (await connection.execute(select(subscription.c.id).where(subscription.c.id == new.id))).first():
        return False
    kept = {"id": new.id, "paused": new.paused, "reason": "", **_columns(new)}
    await connection.execute(insert(subscription).values(**kept))
    return True


async def change(connection: AsyncConnection, new: Subscription) -> bool:
    changed = await connection.execute(update(subscription).where(subscription.c.id == new.id).values(**_columns(new)))
    return changed.rowcount > 0


async def pause(connection: AsyncConnection, which: ColumnElement[bool], reason: str) -> bool:
    """Pause subscriptions; one that is paused keeps its reason."""
    active = update(subscription).where(which, ~subscription.c.paused)
    await connection.execute(active.values(paused=True, reason=reason))
    return (await connection.execute(select(subscription.c.id).where(which))).first() is not None


async def resume(connection: AsyncConnection, subscription_id: str, now: datetime) -> bool:
    mine = (await connection.execute(select(subscription.c.paused).where(subscription.c.id == subscription_id))).first()
    if mine is None:
        return False
    if mine.paused:
        again = update(subscription).where(subscription.c.id == subscription_id)
        await connection.execute(again.values(paused=False, reason="", counts_from=now))
    return True


async def remove(connection: AsyncConnection, subscription_id: str) -> bool:
    """Remove a subscription; what it had made and not posted yet, its channel was not told."""
    mine = delivery.c.run_id == run.c.id
    unsent = exists().where(mine, outbox.WAITS, outbox.POSTS) & ~exists().where(mine, outbox.HAS_LEFT)
    made = select(run.c.id).where(run.c.subscription_id == subscription_id, unsent)
    for run_id in (await connection.execute(made)).scalars().all():
        await memory.forget(connection, run_id)
    return (await connection.execute(delete(subscription).where(subscription.c.id == subscription_id))).rowcount > 0


async def stop_space(connection: AsyncConnection, channel: Channel, reason: str, now: datetime) -> None:
    stopped = upsert(connection)(stopped_space).values(**realm(channel), reason=reason, stopped_at=now)
    await connection.execute(stopped.on_conflict_do_nothing(index_elements=["platform", "space"]))


async def start_space(connection: AsyncConnection, channel: Channel) -> bool:
    place = realm(channel)
    mine = (stopped_space.c.platform == place["platform"]) & (stopped_space.c.space == place["space"])
    return (await connection.execute(delete(stopped_space).where(mine))).rowcount > 0


async def stopped(connection: AsyncConnection) -> list[tuple[str, str, str]]:
    rows = await connection.execute(select(stopped_space).order_by(stopped_space.c.platform, stopped_space.c.space))
    return [(row.platform, row.space, row.reason) for row in rows]


async def forget_space(connection: AsyncConnection, channel: Channel) -> int:
    """Delete all that concerns a space, whether or not its subscriptions are still there."""
    inside = _inside(channel)
    gone = await connection.execute(delete(subscription).where(inside(subscription.c.channel)))
    for table in (delivery, sent, fact, correction):
        await connection.execute(delete(table).where(inside(table.c.channel)))
    for table, kind in ((lease, outbox.LEASE_OF), (counter, runs.NUMBER_OF)):
        await connection.execute(delete(table).where(inside(table.c.name, kind)))
    await topics.forget_space(connection, Space.of(channel))
    await start_space(connection, channel)
    return gone.rowcount


def _inside(channel: Channel) -> Any:
    """Whether a column names a channel of the same space, after a prefix."""

    def condition(column: ColumnElement[str], prefix: str = "") -> ColumnElement[bool]:
        if channel.space:
            return column.startswith(f"{prefix}{channel.platform}:{channel.space}/", autoescape=True)
        return column == f"{prefix}{channel}"

    return condition


async def every(connection: AsyncConnection, only: Collection[str] | None = None) -> list[Subscribed]:
    wanted: Select[Any] = (
        select(subscription, stopped_space.c.reason.label("stopped_for"))
        .outerjoin(
            stopped_space,
            and_(stopped_space.c.platform == subscription.c.platform, stopped_space.c.space == subscription.c.space),
        )
        .order_by(subscription.c.number)
    )
    if only is not None:
        wanted = wanted.where(subscription.c.id.in_(only))
    rows = (await connection.execute(wanted)).all()
    slots = {row.subscription_id: _slot(row) for row in await _newest(connection, run.c.due, ~_EXTRA, only)}
    last = {row.subscription_id: runs.read(row) for row in await _newest(connection, run.c.claimed_at, None, only)}
    return [_subscribed(row, slots.get(row.id), last.get(row.id)) for row in rows]


async def _newest(
    connection: AsyncConnection, by: ColumnElement[Any], which: ColumnElement[bool] | None, only: Collection[str] | None
) -> list[Row[Any]]:
    """The newest run of each subscription."""
    place = func.row_number().over(partition_by=run.c.subscription_id, order_by=by.desc()).label("place")
    inner = select(run, place)
    if which is not None:
        inner = inner.where(which)
    if only is not None:
        inner = inner.where(run.c.subscription_id.in_(only))
    ranked = inner.subquery()
    return list(await connection.execute(select(ranked).where(ranked.c.place == 1)))


def _columns(one: Subscription) -> dict[str, Any]:
    return {
        "channel": str(one.channel),
        **realm(one.channel),
        "title": one.title,
        "topic": one.topic,
        "days": sorted(one.schedule.days),
        "times": [f"{each:%H:%M}" for each in one.schedule.times],
        "zone": one.schedule.zone,
        "length": str(one.length),
        "if_nothing": str(one.if_nothing),
        "created_at": one.created_at,
        "counts_from": one.counts_from,
    }


def _subscribed(row: Row[Any], slot: Slot | None, last: Run | None) -> Subscribed:
    times = tuple(time.fromisoformat(each) for each in row.times)
    kept = Subscription(
        id=row.id,
        channel=Channel.parse(row.channel),
        title=row.title,
        schedule=Schedule(frozenset(row.days), times, row.zone),
        created_at=row.created_at,
        counts_from=row.counts_from,
        topic=row.topic,
        length=Length(row.length),
        if_nothing=IfNothing(row.if_nothing),
        paused=row.paused,
    )
    return Subscribed(kept, row.reason or row.stopped_for or "", row.stopped_for is not None, slot, last)


def _slot(row: Row[Any]) -> Slot:
    day, _, clock = row.key.partition("T")
    return Slot(date.fromisoformat(day), time.fromisoformat(clock), row.due)
