"""Queries on the outbox: what waits, in which order, and what came of it.  Each takes a connection in a transaction.

A channel gets its messages by queue, part and piece.  A part waits for those before it in its digest; a channel waits while its
first message must.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, case, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Channel, Delivery, DeliveryKind, DeliveryState, Payload, Receipt, Run, Space
from bot.ports import About
from bot.store import memory
from bot.store.tables import Instant, delivery, fact, lease, run, stopped_space, subscription

LEASE: Final = timedelta(seconds=60)  # how long a channel is its sender's, and after which a message is in doubt
LEASE_OF: Final = "channel "
WITHDRAWN: Final = "It had not left yet; a newer digest goes in its place."
OUTDONE: Final = "A newer edit of the same message goes in its place."

MOST_PARTS: Final = 1_000
"""Messages of a digest, and all that concerns them: far more than there ever are."""

_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)
_OVER = (DeliveryState.SENT, DeliveryState.REPLACED)
_AGAIN = (DeliveryState.UNCONFIRMED, DeliveryState.FAILED)

WAITS: Final = delivery.c.state == DeliveryState.PENDING
POSTS: Final = delivery.c.kind == DeliveryKind.POST
HAS_LEFT: Final = and_(
    POSTS,
    or_(
        delivery.c.state.not_in((DeliveryState.PENDING, DeliveryState.REPLACED)),
        and_(WAITS, delivery.c.not_after.is_(None)),  # a person said that this very message is to be sent again
    ),
)


def is_stale(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a message waited too long to be news."""
    return and_(WAITS, delivery.c.not_after.is_not(None), delivery.c.not_after <= now)


async def add(
    connection: AsyncConnection,
    mine: Run,
    channel: Channel,
    payloads: Sequence[Payload],
    now: datetime,
    not_after: datetime | None,
) -> list[str]:
    """Put the messages of a digest into the outbox; returns their ids, which are made of run, fence and part."""
    queue = await _next_in_queue(connection)
    rows = [
        _row(f"{mine.id}\0{mine.fence}\0{part}", channel, DeliveryKind.POST, payload, now, queue)
        | {"run_id": mine.id, "part": part, "not_after": not_after}
        for part, payload in enumerate(payloads, 1)
    ]
    if rows:
        await connection.execute(insert(delivery), rows)
    return [row["id"] for row in rows]


async def enqueue(
    connection: AsyncConnection,
    channel: Channel,
    kind: DeliveryKind,
    payload: Payload,
    key: str,
    now: datetime,
    concerns: str | None,
) -> bool:
    row = _row(f"{channel}\0{key}", channel, kind, payload, now, await _next_in_queue(connection))
    if (await connection.execute(select(delivery.c.id).where(delivery.c.id == row["id"]))).first():
        return False
    await connection.execute(insert(delivery).values(**row | {"concerns": concerns}))
    return True


async def enqueue_about(
    connection: AsyncConnection, run_id: str, channel: Channel, about: Sequence[About], key: str, now: datetime
) -> None:
    """Put what concerns messages of a digest in the outbox; each goes out after the message that it concerns.

    An edit holds all that earlier ones changed.  They are over: one that failed, sent again, would bring old words back.
    """
    edited = [each.concerns for each in about if each.kind is DeliveryKind.EDIT]
    earlier = update(delivery).where(delivery.c.concerns.in_(edited), delivery.c.kind == DeliveryKind.EDIT)
    outdone = earlier.where(delivery.c.state.in_((DeliveryState.PENDING, DeliveryState.FAILED)))
    await connection.execute(outdone.values(state=str(DeliveryState.REPLACED), error=OUTDONE, settled_at=now))
    queue = await _next_in_queue(connection)
    rows = [
        _row(f"{run_id}\0{key}\0{place}", channel, each.kind, each.payload, now, queue + place)
        | {"run_id": run_id, "concerns": each.concerns}
        for place, each in enumerate(about)
    ]
    if rows:
        await connection.execute(insert(delivery), rows)


async def withdraw(connection: AsyncConnection, run_id: str, now: datetime) -> bool:
    """Replace the messages of a run, and forget what it would have told; False when one of them left, or may have."""
    mine = delivery.c.run_id == run_id
    if (await connection.execute(select(delivery.c.id).where(mine, HAS_LEFT))).first():
        return False
    over = {"state": str(DeliveryState.REPLACED), "error": WITHDRAWN, "settled_at": now}
    replaced = update(delivery).where(mine, WAITS).values(over)
    if (await connection.execute(replaced)).rowcount == 0:
        return False
    await memory.forget(connection, run_id)
    return True


async def waiting(connection: AsyncConnection, now: datetime) -> list[Channel]:
    heads = await _heads(connection, now)
    return [Channel.parse(row.channel) for row in heads if _ready(row, now)]


async def next_delivery(connection: AsyncConnection, channel: Channel, now: datetime) -> Delivery | None:
    heads = await _heads(connection, now, channel)
    if not heads or not _ready(heads[0], now):
        return None
    return await one(connection, heads[0].id)


async def take(connection: AsyncConnection, channel: Channel, owner: str, now: datetime) -> int | None:
    name = f"{LEASE_OF}{channel}"
    held = (await connection.execute(select(lease).where(lease.c.name == name))).first()
    if held is None:
        await connection.execute(insert(lease).values(name=name, owner=owner, fence=1, until=now + LEASE))
        return 1
    # A lease that lasts longer than leases do was taken before the clock was set back.
    if held.owner != owner and now < held.until <= now + LEASE:
        return None
    taken = update(lease).where(lease.c.name == name).values(owner=owner, fence=held.fence + 1, until=now + LEASE)
    await connection.execute(taken)
    return int(held.fence) + 1


async def release(connection: AsyncConnection, channel: Channel, owner: str, fence: int, now: datetime) -> None:
    mine = update(lease).where(lease.c.name == f"{LEASE_OF}{channel}", lease.c.owner == owner, lease.c.fence == fence)
    await connection.execute(mine.values(until=now))


async def begin(connection: AsyncConnection, waits: Delivery, owner: str, fence: int, now: datetime) -> Delivery | None:
    ours = update(lease).where(
        lease.c.name == f"{LEASE_OF}{waits.channel}", lease.c.owner == owner, lease.c.fence == fence, lease.c.until > now
    )
    if (await connection.execute(ours.values(until=now + LEASE))).rowcount == 0:
        return None
    values: dict[str, Any] = {"owner": owner, "fence": fence, "not_before": None}
    if waits.state is DeliveryState.PENDING:
        values |= {"state": str(DeliveryState.SENDING), "sending_since": now, "attempts": waits.attempts + 1, "looks": 0}
        values |= {"error": ""}  # of an attempt before, and no word on this one
    else:
        values |= {"looks": waits.looks + 1}
        # Begun before the clock was set back, perhaps by one that still sends it: a minute from now it is in doubt.
        values |= {"sending_since": now} if waits.sending_since and waits.sending_since > now else {}
    mine = update(delivery).where(
        delivery.c.id == waits.id, delivery.c.state == str(waits.state), delivery.c.attempts == waits.attempts
    )
    begun = await connection.execute(mine.where(delivery.c.looks == waits.looks).values(**values))
    if begun.rowcount == 0 or (waits.state is DeliveryState.SENDING and "sending_since" in values):
        return None
    return await one(connection, waits.id)


async def settle(
    connection: AsyncConnection,
    begun: Delivery,
    state: DeliveryState,
    now: datetime,
    receipt: Receipt | None,
    not_before: datetime | None,
    error: str,
) -> bool:
    mine = and_(delivery.c.id == begun.id, delivery.c.attempts == begun.attempts)
    if state is DeliveryState.SENT:
        # The platform's word holds even when it comes late, unless somebody has begun to send the message anew.
        mine &= delivery.c.state.in_((*_OPEN, DeliveryState.UNCONFIRMED))
    else:
        mine &= _owned(begun)
    values = {"state": str(state), "error": error, "not_before": not_before}
    values |= {"settled_at": None if state in _OPEN else now}
    if receipt is not None and receipt.message_id is not None:
        values |= {"message_id": receipt.message_id}
    return (await connection.execute(update(delivery).where(mine).values(**values))).rowcount > 0


async def replace(connection: AsyncConnection, begun: Delivery, payloads: Sequence[Payload], error: str, now: datetime) -> bool:
    changed = update(delivery).where(delivery.c.id == begun.id, _owned(begun))
    over = await connection.execute(changed.values(state=str(DeliveryState.REPLACED), error=error, settled_at=now))
    if over.rowcount == 0:
        return False
    old = (await connection.execute(select(delivery).where(delivery.c.id == begun.id))).one()
    same = {name: getattr(old, name) for name in ("run_id", "part", "concerns", "not_after")}
    rows = [
        _row(f"{old.id}\0plain\0{piece}", begun.channel, begun.kind, payload, now, old.queue)
        | same
        | {"piece": old.piece + piece, "plain": True}
        for piece, payload in enumerate(payloads, 1)
    ]
    await connection.execute(insert(delivery), rows)
    told_by = rows[0]["id"] if len(rows) == 1 else None
    await connection.execute(update(fact).where(fact.c.delivery_id == old.id).values(delivery_id=told_by))
    await _concern(connection, old.id, rows[0]["id"], now)
    return True


async def _concern(connection: AsyncConnection, old: str, new: str, now: datetime) -> None:
    """Let what waits for a message concern the plain form of it; an edit has the form that was refused, and is given up."""
    about = update(delivery).where(delivery.c.concerns == old, WAITS)
    over = {"state": str(DeliveryState.REPLACED), "settled_at": now}
    await connection.execute(about.where(delivery.c.kind == DeliveryKind.EDIT).values(**over))
    await connection.execute(about.where(delivery.c.kind != DeliveryKind.EDIT).values(concerns=new))


async def resend(connection: AsyncConnection, delivery_id: str) -> bool:
    again = update(delivery).where(delivery.c.id == delivery_id, delivery.c.state.in_(_AGAIN))
    changed = await connection.execute(
        again.values(state=str(DeliveryState.PENDING), not_before=None, not_after=None, settled_at=None, looks=0)
    )
    return changed.rowcount > 0


async def newest(
    connection: AsyncConnection, states: Sequence[DeliveryState], run_id: str | None, limit: int
) -> list[Delivery]:
    wanted = _full().order_by(delivery.c.queue.desc(), delivery.c.part, delivery.c.piece).limit(limit)
    if states:
        wanted = wanted.where(delivery.c.state.in_([str(state) for state in states]))
    if run_id is not None:
        wanted = wanted.where(delivery.c.run_id == run_id)
    return [_read(row) for row in await connection.execute(wanted)]


async def posts_of(
    connection: AsyncConnection, run_ids: Sequence[str], states: Sequence[DeliveryState]
) -> dict[str, list[Delivery]]:
    """The messages of digests that are in some states, by their run, in order."""
    found: dict[str, list[Delivery]] = {each: [] for each in run_ids}
    wanted = _full().where(delivery.c.run_id.in_(run_ids), POSTS, delivery.c.state.in_([str(state) for state in states]))
    for row in await connection.execute(wanted.order_by(delivery.c.part, delivery.c.piece)):
        found[row.run_id].append(_read(row))
    return found


async def counts(connection: AsyncConnection) -> dict[DeliveryState, int]:
    rows = await connection.execute(select(delivery.c.state, func.count().label("number")).group_by(delivery.c.state))
    found = {DeliveryState(row.state): int(row.number) for row in rows}
    return {state: found.get(state, 0) for state in DeliveryState}


async def one(connection: AsyncConnection, delivery_id: str) -> Delivery | None:
    row = (await connection.execute(_one(), {"wanted": delivery_id})).first()
    return None if row is None else _read(row)


_other = delivery.alias("other")
_SAME_DIGEST = and_(_other.c.run_id == delivery.c.run_id, _other.c.id != delivery.c.id, _other.c.kind == DeliveryKind.POST)
_EARLIER = and_(
    _SAME_DIGEST,
    or_(_other.c.part < delivery.c.part, and_(_other.c.part == delivery.c.part, _other.c.piece < delivery.c.piece)),
)
_HELD = exists().where(_EARLIER, _other.c.state.not_in(_OVER))
_BEGUN = exists().where(_SAME_DIGEST, _other.c.state.not_in((DeliveryState.PENDING, DeliveryState.REPLACED)))
_POSTED = exists().where(_other.c.id == delivery.c.concerns, _other.c.state == DeliveryState.SENT)
_UNPOSTED = and_(delivery.c.concerns.is_not(None), ~_POSTED)
_STOPPED = exists().where(stopped_space.c.platform == delivery.c.platform, stopped_space.c.space == delivery.c.space)


async def _heads(connection: AsyncConnection, now: datetime, channel: Channel | None = None) -> list[Row[Any]]:
    """The first message of each channel that is not over and not held back."""
    which = {} if channel is None else {"of": str(channel)}
    return list(await connection.execute(_first(of_one=channel is not None), {"now": now, **which}))


# Both are asked for each message, and to build one takes longer than to answer it.


@cache
def _one() -> Select[Any]:
    return _full().where(delivery.c.id == bindparam("wanted"))


@cache
def _first(*, of_one: bool) -> Select[Any]:
    paused = func.coalesce(subscription.c.paused, False)
    too_late = and_(is_stale(bindparam("now", type_=Instant)), ~_BEGUN)
    free = or_(delivery.c.state == DeliveryState.SENDING, and_(WAITS, ~paused, ~_HELD, ~_UNPOSTED, ~too_late))
    place = func.row_number().over(
        partition_by=delivery.c.channel, order_by=(delivery.c.queue, delivery.c.part, delivery.c.piece)
    )
    columns = (delivery.c.id, delivery.c.channel, delivery.c.state, delivery.c.sending_since, delivery.c.not_before)
    inner = (
        select(*columns, delivery.c.queue, place.label("place"))
        .select_from(delivery.outerjoin(run, run.c.id == delivery.c.run_id).outerjoin(subscription))
        .where(delivery.c.state.in_(_OPEN), free, ~_STOPPED)
    )
    if of_one:
        inner = inner.where(delivery.c.channel == bindparam("of"))
    ranked = inner.subquery()
    return select(ranked).where(ranked.c.place == 1).order_by(ranked.c.queue)


def _ready(head: Row[Any], now: datetime) -> bool:
    if head.not_before is not None and now < head.not_before <= now + _LONGEST_WAIT:
        return False
    since = head.sending_since
    return head.state != DeliveryState.SENDING or not now - LEASE < since <= now


_LONGEST_WAIT = timedelta(hours=1)  # one that is longer was set before the clock was set back


def _owned(begun: Delivery) -> ColumnElement[bool]:
    return and_(
        delivery.c.state == DeliveryState.SENDING,
        delivery.c.owner == begun.owner,
        delivery.c.fence == begun.fence,
        delivery.c.looks == begun.looks,
        delivery.c.attempts == begun.attempts,
    )


def _full() -> Select[Any]:
    """Deliveries with what they need of their digest: its number, and the message under which they go."""
    first = (
        select(_other.c.message_id)
        .where(_EARLIER, _other.c.message_id.is_not(None))
        .order_by(_other.c.part, _other.c.piece)
        .limit(1)
        .correlate(delivery)
        .scalar_subquery()
    )
    concerned = select(_other.c.message_id).where(_other.c.id == delivery.c.concerns).correlate(delivery).scalar_subquery()
    thread = case((delivery.c.concerns.is_not(None), concerned), else_=first)
    joined = delivery.outerjoin(run, run.c.id == delivery.c.run_id)
    return select(
        delivery, run.c.subscription_id.label("subscription_id"), run.c.number.label("of"), thread.label("thread")
    ).select_from(joined)


def _read(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        nonce=row.nonce,
        channel=Channel.parse(row.channel),
        kind=DeliveryKind(row.kind),
        part=row.part,
        payload=row.payload,
        state=DeliveryState(row.state),
        created_at=row.created_at,
        run=row.run_id,
        subscription=row.subscription_id,
        piece=row.piece,
        plain=row.plain,
        number=row.of,
        thread=row.thread,
        concerns=row.concerns,
        owner=row.owner,
        fence=row.fence,
        sending_since=row.sending_since,
        attempts=row.attempts,
        looks=row.looks,
        not_before=row.not_before,
        not_after=row.not_after,
        message_id=row.message_id,
        error=row.error,
        settled_at=row.settled_at,
    )


async def _next_in_queue(connection: AsyncConnection) -> int:
    return int((await connection.execute(select(func.coalesce(func.max(delivery.c.queue), 0)))).scalar_one()) + 1


def _row(name: str, channel: Channel, kind: DeliveryKind, payload: Payload, now: datetime, queue: int) -> dict[str, Any]:
    identity = "d-" + blake2b(name.encode(), digest_size=10).hexdigest()
    return {
        "id": identity,
        "nonce": "n" + blake2b(identity.encode(), digest_size=12).hexdigest(),
        "run_id": None,
        "channel": str(channel),
        "platform": channel.platform,
        "space": Space.of(channel).id,
        "queue": queue,
        "kind": str(kind),
        "part": 1,
        "piece": 0,
        "plain": False,
        "payload": payload,
        "concerns": None,
        "state": str(DeliveryState.PENDING),
        "owner": "",
        "fence": 0,
        "sending_since": None,
        "attempts": 0,
        "looks": 0,
        "not_before": None,
        "not_after": None,
        "message_id": None,
        "error": "",
        "created_at": now,
        "settled_at": None,
    }
