"""What the store knows of the running bot itself: that its clock ticks, and what of its ledger is old enough to forget."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, exists, insert, or_, select, update

from bot.errors import StoreError
from bot.model import DeliveryState, RunState, Space
from bot.ports import connections
from bot.ports.connections import DoorState
from bot.store import marks
from bot.store.database import Database
from bot.store.tables import article, correction, delivery, digest, fact, lease, run, sent, story

BATCH: Final = 500
CLOCK: Final = "clock"
CLOCK_LEASE: Final = timedelta(minutes=1)
"""A tick is a lease on the clock for so long; several processes may tick, and the last one counts."""

_NOBODY: Final = ""  # whose the lease on the clock is once its owner ended in order

_CONNECTED = "connected"  # a mark of a platform that changes when it is connected, or no longer is
_TOLD = "connection told"  # and one of what else there is to say of it, which changes with each request

_TRIED: Final = Space("archive")  # where it is tried whether anything can be written

_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNCONFIRMED)
_UNSENT: Final = select(delivery.c.run_id).where(delivery.c.state.in_(_OPEN), delivery.c.run_id.is_not(None))
UNSENT_ARTICLES: Final = select(sent.c.article).where(sent.c.run_id.in_(_UNSENT))
"""Articles of digests that have a message which did not leave, or of which nobody knows."""


class SqlBeats:
    """See :class:`bot.ports.Beats` for what its methods promise."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def beat(self, owner: str, now: datetime) -> None:
        await self._database.write(_beat, owner, now)

    async def ticked_at(self) -> datetime | None:
        return await self._database.read(_ticked_at)

    async def stop(self, owner: str, now: datetime) -> None:
        await self._database.write_durably(_stop, owner, now)

    async def stopped(self) -> bool:
        return await self._database.read(_stopped)

    async def refused(self, now: datetime) -> str:
        try:
            await self._database.write(marks.mark, _TRIED, "written", now, now.isoformat())
        except StoreError as error:
            return str(error)
        return ""

    def narrow(self) -> str:
        return self._database.narrow()

    async def connection(self, platform: str, state: DoorState, now: datetime) -> None:
        await self._database.write(_keep_state, Space(platform), state, now)

    async def disconnect(self, platform: str) -> None:
        await self._database.write(_disconnect, Space(platform))

    async def connections(self) -> list[connections.Connection]:
        return await self._database.read(_states)

    async def forget_messages(self, before: datetime) -> int:
        forgotten = 0
        for table, key, old in _old(before):
            while some := await self._database.write(_forget, table, key, old):
                forgotten += some if table is delivery else 0
        return forgotten


def _beat(connection: Connection, owner: str, now: datetime) -> None:
    values = {"owner": owner, "until": now + CLOCK_LEASE}
    ticked = connection.execute(update(lease).where(lease.c.name == CLOCK).values(**values))
    if ticked.rowcount == 0:
        connection.execute(insert(lease).values(name=CLOCK, fence=0, **values))


def _stop(connection: Connection, owner: str, now: datetime) -> None:
    mine = update(lease).where(lease.c.name == CLOCK, lease.c.owner == owner)
    connection.execute(mine.values(owner=_NOBODY, until=now + CLOCK_LEASE))


def _stopped(connection: Connection) -> bool:
    return connection.execute(select(lease.c.owner).where(lease.c.name == CLOCK)).scalar() == _NOBODY


def _disconnect(connection: Connection, space: Space) -> None:
    for name in (_CONNECTED, _TOLD):
        marks.unmark(connection, space, name)


def _keep_state(connection: Connection, space: Space, state: DoorState, now: datetime) -> None:
    since = state.since.isoformat() if state.since else None
    marks.mark(connection, space, _CONNECTED, now, "yes" if state.connected else "no")
    marks.mark(connection, space, _TOLD, now, json.dumps([state.words, since, state.counts, state.refused], ensure_ascii=False))


def _states(connection: Connection) -> list[connections.Connection]:
    told = {each.space: json.loads(each.value) for each in marks.marked(connection, _TOLD)}
    found = []
    for each in marks.marked(connection, _CONNECTED):
        words, since, counts, refused = told[each.space]
        state = DoorState(each.value == "yes", words, datetime.fromisoformat(since) if since else None, counts, refused)
        found.append(connections.Connection(each.space.platform, state, each.made_at))
    return sorted(found, key=lambda each: each.platform)


def _ticked_at(connection: Connection) -> datetime | None:
    until: datetime | None = connection.execute(select(lease.c.until).where(lease.c.name == CLOCK)).scalar()
    return until - CLOCK_LEASE if until else None


def _old(before: datetime) -> list[tuple[Table, ColumnElement[Any], ColumnElement[bool]]]:
    """What to forget, as (table, column of its rows, which): messages, runs that have none left, what channels were told."""
    mine = delivery.c.run_id == run.c.id
    other = run.alias()
    # The last slot that ran stays, so that it never seems due again; an extra run is no slot.
    later = exists().where(
        other.c.subscription_id == run.c.subscription_id, other.c.due > run.c.due, other.c.key.not_like("now-%")
    )
    closes = (RunState.COMPOSED, RunState.EMPTY)
    closed_later = exists().where(
        other.c.subscription_id == run.c.subscription_id, other.c.state.in_(closes), other.c.window_end > run.c.window_end
    )
    lives = exists().where(story.c.id == fact.c.story, story.c.last_at >= before)
    concerned = delivery.alias()
    # What was to change or answer a message that failed waits for it as long as somebody may send that again.
    left = delivery.c.concerns.is_not(None) & ~exists().where(concerned.c.id == delivery.c.concerns)
    return [
        (delivery, delivery.c.number, (delivery.c.created_at < before) & or_(delivery.c.state.not_in(_OPEN), left)),
        (
            run,
            run.c.id,
            (run.c.claimed_at < before)
            & (run.c.state != RunState.CLAIMED)
            & ~exists().where(mine)
            & later
            & or_(run.c.state.not_in(closes), closed_later),
        ),
        (sent, sent.c.article, (sent.c.sent_at < before) & ~exists().where(article.c.id == sent.c.article)),
        (fact, fact.c.number, (fact.c.told_at < before) & ~lives & fact.c.run_id.not_in(_UNSENT)),
        (digest, digest.c.run_id, digest.c.kept_at < before),
        (correction, correction.c.number, correction.c.made_at < before),
    ]


def _forget(connection: Connection, table: Table, key: ColumnElement[Any], old: ColumnElement[bool]) -> int:
    some: Select[Any] = select(key).where(old).limit(BATCH)
    return connection.execute(delete(table).where(old, key.in_(some.scalar_subquery()))).rowcount
