"""Queries on subscriptions: who wants a digest where and when.  Each takes a connection in a transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, delete, exists, insert, select, true, update

from bot.model import Channel, IfNothing, Run, Schedule, Slot, Space, Subscription
from bot.ports import Subscribed
from bot.store import marks, memory, outbox, people, runs, topics
from bot.store.articles import upsert
from bot.store.tables import correction, counter, delivery, fact, lease, run, sent, stopped_space, subscription
from digests.model import Length

_run = run.alias()
_EXTRA = _run.c.key.startswith(runs.EXTRA)


def realm(space: Space) -> dict[str, str]:
    """What stops as one when a token is dead."""
    return {"platform": space.platform, "space": space.id}


def add(connection: Connection, new: Subscription) -> bool:
    if connection.execute(select(subscription.c.id).where(subscription.c.id == new.id)).first():
        return False
    kept = {"id": new.id, "paused": new.paused, "reason": "", **_columns(new)}
    connection.execute(insert(subscription).values(**kept))
    return True


def change(connection: Connection, new: Subscription) -> bool:
    changed = connection.execute(update(subscription).where(subscription.c.id == new.id).values(**_columns(new)))
    return changed.rowcount > 0


def pause(connection: Connection, which: ColumnElement[bool], reason: str) -> bool:
    """Pause subscriptions; one that is paused keeps its reason."""
    active = update(subscription).where(which, ~subscription.c.paused)
    connection.execute(active.values(paused=True, reason=reason))
    return connection.execute(select(subscription.c.id).where(which)).first() is not None


def resume(connection: Connection, subscription_id: str, now: datetime) -> bool:
    mine = connection.execute(select(subscription.c.paused).where(subscription.c.id == subscription_id)).first()
    if mine is None:
        return False
    if mine.paused:
        again = update(subscription).where(subscription.c.id == subscription_id)
        connection.execute(again.values(paused=False, reason="", counts_from=now))
    return True


def remove(connection: Connection, subscription_id: str) -> bool:
    """Remove a subscription; what it had made and not posted yet, its channel was not told."""
    mine = delivery.c.run_id == run.c.id
    unsent = exists().where(mine, outbox.WAITS, outbox.POSTS) & ~exists().where(mine, outbox.HAS_LEFT)
    made = select(run.c.id).where(run.c.subscription_id == subscription_id, unsent)
    for run_id in connection.execute(made).scalars().all():
        memory.forget(connection, run_id)
    return connection.execute(delete(subscription).where(subscription.c.id == subscription_id)).rowcount > 0


def stop_space(connection: Connection, space: Space, reason: str, now: datetime) -> bool:
    stopped = upsert(connection)(stopped_space).values(**realm(space), reason=reason, stopped_at=now)
    made = stopped.on_conflict_do_nothing(index_elements=["platform", "space"]).returning(stopped_space.c.space)
    return connection.execute(made).first() is not None


def start_space(connection: Connection, space: Space) -> bool:
    place = realm(space)
    mine = (stopped_space.c.platform == place["platform"]) & (stopped_space.c.space == place["space"])
    return connection.execute(delete(stopped_space).where(mine)).rowcount > 0


def stopped(connection: Connection) -> list[tuple[str, str, str]]:
    rows = connection.execute(select(stopped_space).order_by(stopped_space.c.platform, stopped_space.c.space))
    return [(row.platform, row.space, row.reason) for row in rows]


def forget_space(connection: Connection, space: Space) -> int:
    """Delete all that concerns a space, whether or not its subscriptions are still there."""
    inside = _inside(space)
    gone = connection.execute(delete(subscription).where(inside(subscription.c.channel)))
    for table in (delivery, sent, fact, correction):
        connection.execute(delete(table).where(inside(table.c.channel)))
    for table, kind in ((lease, outbox.LEASE_OF), (counter, runs.NUMBER_OF)):
        connection.execute(delete(table).where(inside(table.c.name, kind)))
    topics.forget_space(connection, space)
    start_space(connection, space)
    people.forget_space(connection, space)
    marks.forget_space(connection, space)
    return gone.rowcount


def _inside(space: Space) -> Any:
    """Whether a column names a channel of a space, after a prefix."""

    def condition(column: ColumnElement[str], prefix: str = "") -> ColumnElement[bool]:
        if space.platform in ("console", "webhook"):  # each is one place
            return column == f"{prefix}{space}"
        return column.startswith(f"{prefix}{space}/", autoescape=True)

    return condition


def every(connection: Connection, only: Collection[str] | None = None) -> list[Subscribed]:
    wanted, slots, last = (connection.execute(each, {"only": only or ()}) for each in _every(of_some=only is not None))
    newest_slot = {row.subscription_id: _slot(row) for row in slots}
    newest_run = {row.subscription_id: runs.read(row) for row in last}
    return [_subscribed(row, newest_slot.get(row.id), newest_run.get(row.id)) for row in wanted]


@cache
def _every(*, of_some: bool) -> list[Select[Any]]:
    """The subscriptions, the newest slot that ran of each, and its newest run.  Built once, for each tick asks for them."""
    stop = and_(stopped_space.c.platform == subscription.c.platform, stopped_space.c.space == subscription.c.space)
    wanted = select(subscription, stopped_space.c.reason.label("stopped_for")).outerjoin(stopped_space, stop)
    slots = _newest(_run.c.due, run.c.subscription_id, run.c.key, run.c.due, among=~_EXTRA)
    all_three = [wanted.order_by(subscription.c.number), slots, _newest(_run.c.claimed_at, run, among=true())]
    if of_some:
        return [each.where(subscription.c.id.in_(bindparam("only", expanding=True))) for each in all_three]
    return all_three


def _newest(by: ColumnElement[Any], *columns: Any, among: ColumnElement[bool]) -> Select[Any]:
    """Columns of the newest run of each subscription."""
    of_one = select(_run.c.id).where(_run.c.subscription_id == subscription.c.id, among).order_by(by.desc()).limit(1)
    return select(*columns).join_from(subscription, run, run.c.id == of_one.scalar_subquery())


def _columns(one: Subscription) -> dict[str, Any]:
    return {
        "channel": str(one.channel),
        **realm(Space.of(one.channel)),
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
    kept = Subscription(
        id=row.id,
        channel=_channel(row.channel),
        title=row.title,
        schedule=_schedule(tuple(row.days), tuple(row.times), row.zone),
        created_at=row.created_at,
        counts_from=row.counts_from,
        topic=row.topic,
        length=Length(row.length),
        if_nothing=IfNothing(row.if_nothing),
        paused=row.paused,
    )
    return Subscribed(kept, row.reason or row.stopped_for or "", row.stopped_for is not None, slot, last)


@lru_cache(4_096)
def _schedule(days: tuple[int, ...], times: tuple[str, ...], zone: str) -> Schedule:
    return Schedule(frozenset(days), tuple(time.fromisoformat(each) for each in times), zone)


_channel = lru_cache(4_096)(Channel.parse)


def _slot(row: Row[Any]) -> Slot:
    day, _, clock = row.key.partition("T")
    return Slot(date.fromisoformat(day), time.fromisoformat(clock), row.due)
