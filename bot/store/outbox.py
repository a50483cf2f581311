"""Queries on the outbox: what waits, in which order, and what came of it.  Each takes a connection in a transaction.

A channel gets its messages by queue, part and piece.  A part waits for those before it in its digest; a channel waits while its
first message must.

What is asked for each message is a statement that is built once: to build one takes longer than to answer it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, case, exists, func, insert, or_, select, update

from bot.model import Channel, Delivery, DeliveryKind, DeliveryState, Payload, Receipt, Run, Space
from bot.ports import About
from bot.store import memory
from bot.store.articles import upsert
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


def add(
    connection: Connection,
    mine: Run,
    channel: Channel,
    payloads: Sequence[Payload],
    now: datetime,
    not_after: datetime | None,
) -> list[str]:
    """Put the messages of a digest into the outbox; returns their ids, which are made of run, fence and part."""
    queue = _next_in_queue(connection)
    rows = [
        _row(f"{mine.id}\0{mine.fence}\0{part}", channel, DeliveryKind.POST, payload, now, queue)
        | {"run_id": mine.id, "part": part, "not_after": not_after}
        for part, payload in enumerate(payloads, 1)
    ]
    if rows:
        connection.execute(insert(delivery), rows)
    return [row["id"] for row in rows]


def enqueue(
    connection: Connection,
    channel: Channel,
    kind: DeliveryKind,
    payload: Payload,
    key: str,
    now: datetime,
    concerns: str | None,
) -> bool:
    row = _row(f"{channel}\0{key}", channel, kind, payload, now, _next_in_queue(connection))
    if connection.execute(select(delivery.c.id).where(delivery.c.id == row["id"])).first():
        return False
    connection.execute(insert(delivery).values(**row | {"concerns": concerns}))
    return True


def enqueue_about(
    connection: Connection, run_id: str, channel: Channel, about: Sequence[About], key: str, now: datetime
) -> None:
    """Put what concerns messages of a digest in the outbox; each goes out after the message that it concerns.

    An edit holds all that earlier ones changed.  They are over: one that failed, sent again, would bring old words back.
    """
    edited = [each.concerns for each in about if each.kind is DeliveryKind.EDIT]
    earlier = update(delivery).where(delivery.c.concerns.in_(edited), delivery.c.kind == DeliveryKind.EDIT)
    outdone = earlier.where(delivery.c.state.in_((DeliveryState.PENDING, DeliveryState.FAILED)))
    connection.execute(outdone.values(state=str(DeliveryState.REPLACED), error=OUTDONE, settled_at=now))
    queue = _next_in_queue(connection)
    rows = [
        _row(f"{run_id}\0{key}\0{place}", channel, each.kind, each.payload, now, queue + place)
        | {"run_id": run_id, "concerns": each.concerns}
        for place, each in enumerate(about)
    ]
    if rows:
        connection.execute(insert(delivery), rows)


def withdraw(connection: Connection, run_id: str, now: datetime) -> bool:
    """Replace the messages of a run, and forget what it would have told; False when one of them left, or may have."""
    mine = delivery.c.run_id == run_id
    if connection.execute(select(delivery.c.id).where(mine, HAS_LEFT)).first():
        return False
    over = {"state": str(DeliveryState.REPLACED), "error": WITHDRAWN, "settled_at": now}
    replaced = update(delivery).where(mine, WAITS).values(over)
    if connection.execute(replaced).rowcount == 0:
        return False
    memory.forget(connection, run_id)
    return True


def waiting(connection: Connection, now: datetime) -> list[Channel]:
    return [Channel.parse(row.channel) for row in connection.execute(_heads(), {"now": now}) if _ready(row, now)]


def next_delivery(connection: Connection, channel: Channel, now: datetime) -> Delivery | None:
    first = connection.execute(_first(), {"now": now, "of": str(channel)}).first()
    return _read(first) if first is not None and _ready(first, now) else None


def take(connection: Connection, channel: Channel, owner: str, now: datetime) -> int | None:
    row = {"name": f"{LEASE_OF}{channel}", "owner": owner, "fence": 1, "until": now + LEASE}
    return connection.execute(_take(upsert(connection)), row | {"now": now, "longest": now + LEASE}).scalar()


@cache
def _take(put: Any) -> Any:
    """Take the lease when it is ours, or nobody's any more; gives its fence, or nothing."""
    # A lease that lasts longer than leases do was taken before the clock was set back.
    over = or_(lease.c.until <= bindparam("now"), lease.c.until > bindparam("longest"))
    new = put(lease)
    taken = {"owner": new.excluded.owner, "fence": lease.c.fence + 1, "until": new.excluded.until}
    free = or_(lease.c.owner == new.excluded.owner, over)
    return new.on_conflict_do_update(index_elements=["name"], set_=taken, where=free).returning(lease.c.fence)


_LEASED = and_(lease.c.name == bindparam("of"), lease.c.owner == bindparam("by"), lease.c.fence == bindparam("held"))
_RELEASE = update(lease).where(_LEASED)
_RENEW = _RELEASE.where(lease.c.until > bindparam("now"))


def release(connection: Connection, channel: Channel, owner: str, fence: int, now: datetime) -> None:
    connection.execute(_RELEASE, {"of": f"{LEASE_OF}{channel}", "by": owner, "held": fence, "until": now})


_BEGIN = update(delivery).where(
    delivery.c.id == bindparam("which"),
    delivery.c.state == bindparam("was"),
    delivery.c.attempts == bindparam("attempted"),
    delivery.c.looks == bindparam("looked"),
)


def begin(connection: Connection, waits: Delivery, owner: str, fence: int, now: datetime) -> Delivery | None:
    holder = {"of": f"{LEASE_OF}{waits.channel}", "by": owner, "held": fence}
    if connection.execute(_RENEW, holder | {"now": now, "until": now + LEASE}).rowcount == 0:
        return None
    values: dict[str, Any] = {"owner": owner, "fence": fence, "not_before": None}
    if waits.state is DeliveryState.PENDING:
        values |= {"state": DeliveryState.SENDING, "sending_since": now, "attempts": waits.attempts + 1, "looks": 0}
        values |= {"error": ""}  # of an attempt before, and no word on this one
    else:
        values |= {"looks": waits.looks + 1}
        # Begun before the clock was set back, perhaps by one that still sends it: a minute from now it is in doubt.
        values |= {"sending_since": now} if waits.sending_since and waits.sending_since > now else {}
    same = {"which": waits.id, "was": str(waits.state), "attempted": waits.attempts, "looked": waits.looks}
    begun = connection.execute(_BEGIN, same | values)
    if begun.rowcount == 0 or (waits.state is DeliveryState.SENDING and "sending_since" in values):
        return None
    # The rest of it is as it was when it was read: nobody but the one who has the channel could have changed it.
    return dataclasses.replace(waits, **values)


_OWNED = and_(
    delivery.c.id == bindparam("which"),
    delivery.c.state == DeliveryState.SENDING,
    delivery.c.owner == bindparam("by"),
    delivery.c.fence == bindparam("held"),
    delivery.c.looks == bindparam("looked"),
    delivery.c.attempts == bindparam("attempted"),
)
_SETTLE = update(delivery).where(_OWNED)
# The platform's word holds even when it comes late, unless somebody has begun to send the message anew.
_SETTLE_SENT = update(delivery).where(
    delivery.c.id == bindparam("which"),
    delivery.c.attempts == bindparam("attempted"),
    delivery.c.state.in_((*_OPEN, DeliveryState.UNCONFIRMED)),
)


def _as_begun(begun: Delivery) -> dict[str, Any]:
    """What ``_OWNED`` compares with."""
    mine = {"which": begun.id, "by": begun.owner, "held": begun.fence}
    return mine | {"looked": begun.looks, "attempted": begun.attempts}


def settle(
    connection: Connection,
    begun: Delivery,
    state: DeliveryState,
    now: datetime,
    receipt: Receipt | None,
    not_before: datetime | None,
    error: str,
) -> bool:
    values: dict[str, Any] = {"state": str(state), "error": error, "not_before": not_before}
    values |= {"settled_at": None if state in _OPEN else now}
    if receipt is not None and receipt.message_id is not None:
        values |= {"message_id": receipt.message_id}
    if state is DeliveryState.SENT:
        settled = connection.execute(_SETTLE_SENT, values | {"which": begun.id, "attempted": begun.attempts})
    else:
        settled = connection.execute(_SETTLE, values | _as_begun(begun))
    return settled.rowcount > 0


def replace(connection: Connection, begun: Delivery, payloads: Sequence[Payload], error: str, now: datetime) -> bool:
    over = {"state": str(DeliveryState.REPLACED), "error": error, "settled_at": now}
    if connection.execute(_SETTLE, over | _as_begun(begun)).rowcount == 0:
        return False
    old = connection.execute(select(delivery).where(delivery.c.id == begun.id)).one()
    same = {name: getattr(old, name) for name in ("run_id", "part", "concerns", "not_after")}
    rows = [
        _row(f"{old.id}\0plain\0{piece}", begun.channel, begun.kind, payload, now, old.queue)
        | same
        | {"piece": old.piece + piece, "plain": True}
        for piece, payload in enumerate(payloads, 1)
    ]
    connection.execute(insert(delivery), rows)
    told_by = rows[0]["id"] if len(rows) == 1 else None
    connection.execute(update(fact).where(fact.c.delivery_id == old.id).values(delivery_id=told_by))
    _concern(connection, old.id, rows[0]["id"], now)
    return True


def _concern(connection: Connection, old: str, new: str, now: datetime) -> None:
    """Let what waits for a message concern the plain form of it; an edit has the form that was refused, and is given up."""
    about = update(delivery).where(delivery.c.concerns == old, WAITS)
    over = {"state": str(DeliveryState.REPLACED), "settled_at": now}
    connection.execute(about.where(delivery.c.kind == DeliveryKind.EDIT).values(**over))
    connection.execute(about.where(delivery.c.kind != DeliveryKind.EDIT).values(concerns=new))


def resend(connection: Connection, delivery_id: str) -> bool:
    again = update(delivery).where(delivery.c.id == delivery_id, delivery.c.state.in_(_AGAIN))
    changed = connection.execute(
        again.values(state=str(DeliveryState.PENDING), not_before=None, not_after=None, settled_at=None, looks=0)
    )
    return changed.rowcount > 0


def newest(connection: Connection, states: Sequence[DeliveryState], run_id: str | None, limit: int) -> list[Delivery]:
    wanted = _full().order_by(delivery.c.queue.desc(), delivery.c.part, delivery.c.piece).limit(limit)
    if states:
        wanted = wanted.where(delivery.c.state.in_([str(state) for state in states]))
    if run_id is not None:
        wanted = wanted.where(delivery.c.run_id == run_id)
    return [_read(row) for row in connection.execute(wanted)]


def counts(connection: Connection) -> dict[DeliveryState, int]:
    rows = connection.execute(select(delivery.c.state, func.count().label("number")).group_by(delivery.c.state))
    found = {DeliveryState(row.state): int(row.number) for row in rows}
    return {state: found.get(state, 0) for state in DeliveryState}


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


def _free(*columns: Any) -> Select[Any]:
    """What is not over and not held back."""
    paused = func.coalesce(subscription.c.paused, False)
    too_late = and_(is_stale(bindparam("now", type_=Instant)), ~_BEGUN)
    free = or_(delivery.c.state == DeliveryState.SENDING, and_(WAITS, ~paused, ~_HELD, ~_UNPOSTED, ~too_late))
    joined = delivery.outerjoin(run, run.c.id == delivery.c.run_id).outerjoin(subscription)
    return select(*columns).select_from(joined).where(delivery.c.state.in_(_OPEN), free, ~_STOPPED)


_IN_ORDER = (delivery.c.queue, delivery.c.part, delivery.c.piece)


@cache
def _heads() -> Select[Any]:
    """The first free message of each channel."""
    place = func.row_number().over(partition_by=delivery.c.channel, order_by=_IN_ORDER)
    columns = (delivery.c.channel, delivery.c.state, delivery.c.sending_since, delivery.c.not_before, delivery.c.queue)
    ranked = _free(*columns, place.label("place")).subquery()
    return select(ranked).where(ranked.c.place == 1).order_by(ranked.c.queue)


@cache
def _first() -> Select[Any]:
    """The first free message of a channel."""
    first = _free(delivery.c.id).where(delivery.c.channel == bindparam("of")).order_by(*_IN_ORDER).limit(1).subquery()
    return _full().where(delivery.c.id == select(first.c.id).scalar_subquery())


def _ready(head: Row[Any], now: datetime) -> bool:
    if head.not_before is not None and now < head.not_before <= now + _LONGEST_WAIT:
        return False
    since = head.sending_since
    return head.state != DeliveryState.SENDING or not now - LEASE < since <= now


_LONGEST_WAIT = timedelta(hours=1)  # one that is longer was set before the clock was set back


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


_LAST_IN_QUEUE = select(func.coalesce(func.max(delivery.c.queue), 0))


def _next_in_queue(connection: Connection) -> int:
    return int(connection.execute(_LAST_IN_QUEUE).scalar_one()) + 1


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
