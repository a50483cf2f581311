"""Queries on runs: claim a slot, take over what was left, record what it came to.  Each takes a connection in a transaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Row,
    ScalarSelect,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from bot.model import SHORTEST_PERIOD, Channel, Run, RunState, Slot
from bot.ports import Composed, Composition, Heard
from bot.store import corrections, memory, outbox
from bot.store.articles import upsert
from bot.store.tables import counter, delivery, run, subscription
from digests.model import Window

CLAIM: Final = timedelta(minutes=2)  # how long a run is its owner's
EXTRA: Final = "now-"
NUMBER_OF: Final = "digest "
_EVER: Final = datetime.min.replace(tzinfo=UTC)
_CLOSED = (RunState.COMPOSED, RunState.EMPTY)
_LOST = (RunState.FAILED, RunState.SKIPPED)


# What is asked for each run is a statement that is built once: to build one takes longer than to answer it.

_OF: Final = run.c.subscription_id == bindparam("of")
_WAITS: Final = exists().where(delivery.c.run_id == run.c.id, outbox.WAITS)
_UNFINISHED: Final = or_(run.c.state == RunState.CLAIMED, run.c.state.in_(_CLOSED) & _WAITS)
_later, _other = run.alias(), run.alias()
_LAST: Final = (
    select(_later.c.id)
    .where(_later.c.subscription_id == bindparam("of"))
    .order_by(_later.c.claimed_at.desc(), _later.c.due.desc())
    .limit(1)
    .scalar_subquery()
)
_PREVIOUS_END: Final = select(func.max(run.c.window_end)).where(_OF, run.c.state.in_(_CLOSED))
_PLACE: Final = select(
    subscription.c.channel,
    exists().where(_OF, run.c.key == bindparam("slot")).label("claimed"),
    _PREVIOUS_END.scalar_subquery().label("previous_end"),
).where(subscription.c.id == bindparam("of"))
_LAST_AND_UNFINISHED: Final = (
    select(run.c.id, run.c.key, run.c.state, run.c.missed, run.c.window_start, _UNFINISHED.label("unfinished"))
    .where(_OF, or_(run.c.id == _LAST, _UNFINISHED))
    .order_by(run.c.claimed_at.desc(), run.c.due.desc())
)


def claim(
    connection: Connection, subscription_id: str, slot: Slot | None, now: datetime, owner: str, missed: int, late: bool
) -> Run | None:
    of = {"of": subscription_id}
    key = slot.key if slot else f"{EXTRA}{now.astimezone(UTC).isoformat()}"
    place = connection.execute(_PLACE, of | {"slot": key}).first()
    if place is None or place.claimed:
        return None
    before = connection.execute(_LAST_AND_UNFINISHED, of).all()
    skipped = {old.id for old in before if old.unfinished and _skip(connection, old, now)}
    lost = [old.window_start for old in before if old.id in skipped]
    if before and (before[0].id in skipped or before[0].state in _LOST):  # what the last run was to make up for is still owed
        missed += int(before[0].missed) + (not before[0].key.startswith(EXTRA))
        lost.append(before[0].window_start)
    end: datetime | None = connection.execute(_PREVIOUS_END, of).scalar() if skipped else place.previous_end
    fresh = Run(
        id="r-" + blake2b(f"{subscription_id}\0{key}".encode(), digest_size=8).hexdigest(),
        subscription=subscription_id,
        key=key,
        due=slot.due if slot else now,
        state=RunState.CLAIMED,
        owner=owner,
        fence=1,
        claimed_at=now,
        number=connection.execute(_count(upsert(connection)), {"name": f"{NUMBER_OF}{place.channel}", "value": 1}).scalar_one(),
        previous_end=None if end is None or None in lost else min([end, *filter(None, lost)]),
        late=late or missed > 0,
        missed=missed,
    )
    columns = {name: getattr(fresh, name) for name in ("id", "key", "due", "owner", "fence", "claimed_at", "number")}
    columns |= {"state": str(fresh.state), "late": fresh.late, "missed": missed, "error": ""}
    columns |= {"window_start": fresh.previous_end, "window_end": now}
    connection.execute(insert(run), {"subscription_id": subscription_id, **columns})
    return fresh


def _skip(connection: Connection, old: Row[Any], now: datetime) -> bool:
    """Give up a run that came to nothing, since a new one makes up for it; False when a message of it left after all."""
    if old.state != RunState.CLAIMED and not outbox.withdraw(connection, old.id, now):
        return False
    connection.execute(update(run).where(run.c.id == old.id).values(state=str(RunState.SKIPPED)))
    return True


@cache
def _count(put: Any) -> Any:
    """The next number of a counter."""
    more = {"value": counter.c.value + 1}
    return put(counter).on_conflict_do_update(index_elements=["name"], set_=more).returning(counter.c.value)


def unfinished(connection: Connection, now: datetime) -> list[Run]:
    # A claim far ahead of the clock was made before the clock was set back.
    left = (run.c.state == RunState.CLAIMED) & or_(run.c.claimed_at <= now - CLAIM, run.c.claimed_at > now + CLAIM)
    # Asked of the few messages that wait, for the runs that are closed grow in number for half a year.
    waited = run.c.state.in_(_CLOSED) & run.c.id.in_(select(delivery.c.run_id).where(outbox.is_stale(now)))
    stale = waited & ~exists().where(delivery.c.run_id == run.c.id, outbox.HAS_LEFT)
    rows = [*connection.execute(select(run).where(left)), *connection.execute(select(run).where(stale))]
    return [read(row) for row in sorted(rows, key=lambda row: (row.due, row.id))]


def take_over(connection: Connection, old: Run, now: datetime, owner: str) -> Run | None:
    if old.state is not RunState.CLAIMED and not outbox.withdraw(connection, old.id, now):
        return None
    late = old.late or old.state is not RunState.CLAIMED or now - old.due >= SHORTEST_PERIOD
    mine = update(run).where(run.c.id == old.id, run.c.fence == old.fence, run.c.state == str(old.state))
    values = {"state": str(RunState.CLAIMED), "owner": owner, "fence": old.fence + 1, "claimed_at": now, "late": late}
    taken = connection.execute(mine.values(**values, window_end=now).returning(run)).first()
    return None if taken is None else read(taken)


_OWN: Final = and_(
    run.c.id == bindparam("which"),
    run.c.state == RunState.CLAIMED,
    run.c.fence == bindparam("held"),
    run.c.owner == bindparam("by"),
)
_CHANNEL_OF_OWN: Final = select(subscription.c.channel).join_from(run, subscription).where(_OWN)
_CLOSE_OWN: Final = update(run).where(_OWN)


def compose(connection: Connection, mine: Run, made: Composition, now: datetime) -> Composed:
    own = {"which": mine.id, "held": mine.fence, "by": mine.owner}
    written = connection.execute(_CHANNEL_OF_OWN, own).scalar()
    if written is None:
        return Composed.LOST
    channel = Channel.parse(written)
    taken = memory.sent_among(connection, channel, [each.article for each in made.articles])
    if taken or not corrections.waits(connection, made.corrections):
        return Composed.CROWDED
    values = {"state": str(made.state), "window_start": made.window.start, "window_end": made.window.end, "error": ""}
    connection.execute(_CLOSE_OWN, own | values)
    ids = outbox.add(connection, mine, channel, made.payloads, now, made.not_after)
    memory.keep(connection, mine, channel, made, ids[0] if len(ids) == 1 else None, now)
    return Composed.DONE


def abandon(connection: Connection, mine: Run, error: str, now: datetime, final: bool) -> bool:
    own = and_(run.c.id == mine.id, run.c.state == RunState.CLAIMED, run.c.fence == mine.fence)
    values: dict[str, Any] = {"error": error} | ({"state": str(RunState.FAILED)} if final else {})
    return connection.execute(update(run).where(own).values(**values)).rowcount > 0


def newest(connection: Connection, subscription_id: str | None, limit: int) -> list[Run]:
    wanted: Select[Any] = select(run).order_by(run.c.claimed_at.desc(), run.c.due.desc()).limit(limit)
    if subscription_id is not None:
        wanted = wanted.where(run.c.subscription_id == subscription_id)
    return [read(row) for row in connection.execute(wanted)]


def heard(connection: Connection, days: int) -> dict[str, Heard]:
    news: dict[str, list[datetime]] = {}
    for row in connection.execute(_last_days(), {"days": days}):
        news.setdefault(row.subscription_id, []).append(row.due)
    nothing = {row.id: row.due for row in connection.execute(_last_nothing()) if row.due is not None}
    return {name: Heard(tuple(sorted(news.get(name, ()))), nothing.get(name)) for name in news.keys() | nothing.keys()}


def _newest(wanted: ColumnElement[Any], of: FromClause, *which: ColumnElement[bool]) -> ScalarSelect[Any]:
    """A column of the newest run among some of one subscription of ``of``: sought from its end, and no further."""
    return select(wanted).where(*which).order_by(_other.c.due.desc()).limit(1).correlate(of).scalar_subquery()


def _day(of: FromClause) -> ColumnElement[str]:
    """The day of a run, with which its key begins, see Slot.key."""
    begins = case((of.c.key.startswith(EXTRA), len(EXTRA) + 1), else_=1)
    return func.substr(of.c.key, begins, len("2026-03-29"), type_=String)


@cache
def _last_days() -> Select[Any]:
    """The last run with news of each of the last ``days`` days of every subscription.

    Each is sought behind the one before it: to part all runs of half a year into days would be done at each watch.
    """
    news = _other.c.state == RunState.COMPOSED
    last = _newest(_other.c.id, subscription, news, _other.c.subscription_id == subscription.c.id)
    first = select(run.c.subscription_id, run.c.due, _day(run).label("day"), literal(1).label("place"))
    found = first.join_from(subscription, run, run.c.id == last).cte("found", recursive=True)
    mine = _other.c.subscription_id == found.c.subscription_id
    before = _newest(_other.c.id, found, news, mine, _other.c.due < found.c.due, _day(_other) != found.c.day)
    next_ = select(run.c.subscription_id, run.c.due, _day(run), found.c.place + 1).join_from(found, run, run.c.id == before)
    every = found.union_all(next_.where(found.c.place < bindparam("days", type_=Integer)))
    return select(every.c.subscription_id, every.c.due)


@cache
def _last_nothing() -> Select[Any]:
    """When the last run of each subscription that found nothing was due; None unless it came after the last with news."""
    mine = _other.c.subscription_id == subscription.c.id
    news = _newest(_other.c.due, subscription, _other.c.state == RunState.COMPOSED, mine)
    empty = (_other.c.state == RunState.EMPTY) & ~_other.c.key.startswith(EXTRA)
    since = func.coalesce(news, literal(_EVER, type_=run.c.due.type))
    return select(subscription.c.id, _newest(_other.c.due, subscription, empty, mine, _other.c.due > since).label("due"))


def closed_until(connection: Connection) -> datetime | None:
    """The latest end of a window, closed or about to be: what is stored now must not fall behind it."""
    latest: datetime | None = connection.execute(select(func.max(run.c.window_end))).scalar()
    return latest


def read(row: Row[Any]) -> Run:
    state = RunState(row.state)
    window = Window(row.window_start, row.window_end) if state in _CLOSED else None
    return Run(
        id=row.id,
        subscription=row.subscription_id,
        key=row.key,
        due=row.due,
        state=state,
        owner=row.owner,
        fence=row.fence,
        claimed_at=row.claimed_at,
        number=row.number,
        previous_end=row.window_start if state is RunState.CLAIMED else None,
        window=window,
        late=row.late,
        missed=row.missed,
        error=row.error,
    )
