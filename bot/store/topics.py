"""Who follows which source, and under which topics, on a SQL database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Channel, Space
from bot.polling import FLOOR_S
from bot.ports.topics import Change, Follow, Following, Place, Topic, Unfollow, folded, words_of
from bot.store import sources
from bot.store.articles import upsert
from bot.store.database import Database
from bot.store.tables import follow, source, subscription, topic, topic_source
from digests.model import Source


class SqlTopics:
    """See :class:`bot.ports.topics.Topics` for what its methods promise."""

    def __init__(self, database: Database, one_writer: asyncio.Lock) -> None:
        self._database, self._one_writer = database, one_writer

    async def follow(
        self, source: Source, place: Place, now: datetime, *, topics: Collection[str] = (), floor_s: float = FLOOR_S
    ) -> Follow:
        under = {folded(name): Topic(name) for name in topics}
        async with self._write() as connection:
            added = await sources.add(connection, source, now, floor_s)
            kept = await sources.at_address(connection, source.address)
            changed = await _begin(connection, kept.id, place)
            for each in under.values():
                changed |= await _put(connection, kept.id, place.space, each, now)
        return Follow(kept, added, changed)

    async def unfollow(self, source_id: str, place: Place) -> Unfollow:
        async with self._write() as connection:
            ended = await connection.execute(delete(follow).where(follow.c.source_id == source_id, _in(place)))
            given = select(follow.c.number).where(follow.c.source_id == source_id, _of(follow, None))
            if (await connection.execute(given)).first():
                return Unfollow.GIVEN
            if not ended.rowcount:
                return Unfollow.ABSENT
            await _leave_topics(connection, [source_id], place.space)
            return Unfollow.GONE if await forget_unfollowed(connection, [source_id]) else Unfollow.LEFT

    async def followed(self, space: Space, channel: Channel | None = None) -> frozenset[str]:
        channels = ["", str(channel)] if channel is not None else [""]
        wanted = select(follow.c.source_id).where(_seen_in(follow, space), follow.c.channel.in_(channels))
        async with self._database.read() as connection:
            return frozenset((await connection.execute(wanted)).scalars())

    async def follows(self, space: Space | None = None) -> list[Following]:
        wanted = select(follow).order_by(follow.c.number)
        if space is not None:
            wanted = wanted.where(_seen_in(follow, space))
        async with self._database.read() as connection:
            return [Following(row.source_id, _place(row)) for row in await connection.execute(wanted)]

    async def topics(self, space: Space | None = None) -> list[Topic]:
        async with self._database.read() as connection:
            return await _topics(connection, space)

    async def topic(self, space: Space, name: str) -> Topic | None:
        async with self._database.read() as connection:
            return next(iter(await _topics(connection, space, folded(name))), None)

    async def add_topic(self, space: Space | None, topic: Topic, now: datetime) -> bool:
        async with self._write() as connection:
            return (await _made(connection, space, topic, now))[1]

    async def describe_topic(self, space: Space | None, name: str, words: str) -> Change:
        words_of(words)
        async with self._write() as connection:
            mine = update(topic).where(_named(space, name))
            if (await connection.execute(mine.values(words=words))).rowcount:
                return Change.DONE
            given = (await connection.execute(select(topic).where(_named(None, name)))).first()
            if given is None:
                return Change.ABSENT
            await _made(connection, space, Topic(given.name, words), given.created_at)
            return Change.DONE

    async def rename_topic(self, space: Space | None, name: str, to: str) -> Change:
        new = Topic(to)
        async with self._write() as connection:
            if (change := await _changeable(connection, space, name)) is not Change.DONE:
                return change
            taken = select(topic.c.number).where(_seen_in(topic, space), topic.c.folded == folded(to))
            if folded(to) != folded(name) and (await connection.execute(taken)).first():
                return Change.TAKEN
            await _renamed_in_subscriptions(connection, space, name, new.name)
            await connection.execute(update(topic).where(_named(space, name)).values(name=new.name, folded=folded(to)))
            return Change.DONE

    async def remove_topic(self, space: Space | None, name: str) -> Change:
        async with self._write() as connection:
            if (change := await _changeable(connection, space, name)) is Change.DONE:
                await connection.execute(delete(topic).where(_named(space, name)))
            return change

    async def take_out(self, source_id: str, space: Space | None, name: str) -> Change:
        async with self._write() as connection:
            if (change := await _changeable(connection, space, name)) is not Change.DONE:
                return change
            mine = topic_source.c.topic_number.in_(select(topic.c.number).where(_named(space, name)))
            taken = await connection.execute(delete(topic_source).where(mine, topic_source.c.source_id == source_id))
            return Change.DONE if taken.rowcount else Change.ABSENT

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[AsyncConnection]:
        async with self._one_writer, self._database.write() as connection:
            yield connection


async def give(connection: AsyncConnection, source_id: str) -> None:
    """Let every space follow a source."""
    await _begin(connection, source_id, Place())


async def forget_space(connection: AsyncConnection, space: Space) -> None:
    """Forget what a space follows and its topics, and the sources that nobody else follows."""
    left = (await connection.execute(select(follow.c.source_id).where(_of(follow, space)))).scalars().all()
    await connection.execute(delete(follow).where(_of(follow, space)))
    await connection.execute(delete(topic).where(_of(topic, space)))
    await forget_unfollowed(connection, left)


async def forget_unfollowed(connection: AsyncConnection, source_ids: Sequence[str]) -> int:
    """Forget those of the sources that nobody follows; returns how many."""
    followers = exists().where(follow.c.source_id == source.c.id)
    return (await connection.execute(delete(source).where(source.c.id.in_(source_ids), ~followers))).rowcount


async def _begin(connection: AsyncConnection, source_id: str, place: Place) -> bool:
    """Follow a source in a place; False when it is followed there or in all around it.  Channels of the place go with it."""
    wider = or_(_of(follow, None), _of(follow, place.space) & follow.c.channel.in_(["", str(place.channel or "")]))
    if (await connection.execute(select(follow.c.number).where(follow.c.source_id == source_id, wider))).first():
        return False
    await connection.execute(delete(follow).where(follow.c.source_id == source_id, _in(place)))
    values = {"source_id": source_id, **_columns(place.space), "channel": str(place.channel or "")}
    await connection.execute(insert(follow).values(**values))
    return True


async def _put(connection: AsyncConnection, source_id: str, space: Space | None, new: Topic, now: datetime) -> bool:
    """Put a source under a topic, which is made where it is missing; False when it is there."""
    number, _ = await _made(connection, space, new, now)
    row = upsert(connection)(topic_source).values(topic_number=number, source_id=source_id)
    return (await connection.execute(row.on_conflict_do_nothing())).rowcount > 0


async def _made(connection: AsyncConnection, space: Space | None, new: Topic, now: datetime) -> tuple[int, bool]:
    """The number of a topic of a space itself, and whether it was made for it."""
    held: int | None = (await connection.execute(select(topic.c.number).where(_named(space, new.name)))).scalar()
    if held is not None:
        return held, False
    values = {**_columns(space), "name": new.name, "folded": folded(new.name), "words": new.words, "created_at": now}
    made = await connection.execute(insert(topic).values(**values).returning(topic.c.number))
    return int(made.scalar_one()), True


async def _leave_topics(connection: AsyncConnection, source_ids: Sequence[str], space: Space | None) -> None:
    """Take sources that a space does not follow any more out of its own topics."""
    own = select(topic.c.number).where(_of(topic, space))
    still = select(follow.c.source_id).where(_seen_in(follow, space))
    gone = topic_source.c.source_id.in_(source_ids) & topic_source.c.source_id.not_in(still)
    await connection.execute(delete(topic_source).where(gone, topic_source.c.topic_number.in_(own)))


async def _changeable(connection: AsyncConnection, space: Space | None, name: str) -> Change:
    """Whether a topic is the space's own (``done``), the operator's or not there."""
    found = await connection.execute(
        select(topic.c.platform, topic.c.space).where(_seen_in(topic, space), topic.c.folded == folded(name))
    )
    owners = {(row.platform, row.space) for row in found}
    own = _columns(space)
    if (own["platform"], own["space"]) in owners:
        return Change.DONE
    return Change.GIVEN if owners else Change.ABSENT


async def _renamed_in_subscriptions(connection: AsyncConnection, space: Space | None, name: str, to: str) -> None:
    """Let the subscriptions that name a topic name it anew; not those of a space that has one of that name itself."""
    wanted = select(subscription.c.id, subscription.c.topic, subscription.c.platform, subscription.c.space)
    if space is not None:
        wanted = wanted.where(_of(subscription, space))
    rows = [row for row in await connection.execute(wanted) if folded(row.topic) == folded(name)]
    if space is None:
        theirs = await connection.execute(select(topic.c.platform, topic.c.space).where(topic.c.folded == folded(name)))
        own = {(row.platform, row.space) for row in theirs}
        rows = [row for row in rows if (row.platform, row.space) not in own]
    for row in rows:
        await connection.execute(update(subscription).where(subscription.c.id == row.id).values(topic=to))


async def _topics(connection: AsyncConnection, space: Space | None, only: str | None = None) -> list[Topic]:
    """The topics that a space has, by name; ``only`` the one of that folded name."""
    wanted = select(topic).where(_seen_in(topic, space)).order_by(topic.c.folded, topic.c.platform.desc())  # its own first
    if only is not None:
        wanted = wanted.where(topic.c.folded == only)
    rows = (await connection.execute(wanted)).all()
    carrying: dict[int, set[str]] = {row.number: set() for row in rows}
    held = select(topic_source).where(topic_source.c.topic_number.in_(wanted.with_only_columns(topic.c.number).order_by(None)))
    for row in await connection.execute(held):
        carrying[row.topic_number].add(row.source_id)
    found: dict[str, Topic] = {}
    for row in rows:
        own = found.get(row.folded, Topic(row.name))
        found[row.folded] = Topic(
            own.name, own.words or row.words, own.sources | carrying[row.number], own.given or not row.platform
        )
    return list(found.values())


def _columns(space: Space | None) -> dict[str, str]:
    """A space as column values; every space has no platform."""
    return {"platform": space.platform, "space": space.id} if space is not None else {"platform": "", "space": ""}


def _of(table: Any, space: Space | None) -> ColumnElement[bool]:
    """Whether a row is of this space itself."""
    own = _columns(space)
    return and_(table.c.platform == own["platform"], table.c.space == own["space"])


def _seen_in(table: Any, space: Space | None) -> ColumnElement[bool]:
    """Whether a row is of this space or of every space."""
    return _of(table, None) if space is None else or_(_of(table, None), _of(table, space))


def _in(place: Place) -> ColumnElement[bool]:
    """Whether a follow lies in a place."""
    if place.channel is None:
        return _of(follow, place.space)
    return _of(follow, place.space) & (follow.c.channel == str(place.channel))


def _named(space: Space | None, name: str) -> ColumnElement[bool]:
    """Whether a topic is of this space itself and has this name."""
    return _of(topic, space) & (topic.c.folded == folded(name))


def _place(row: Row[Any]) -> Place:
    if not row.platform:
        return Place()
    return Place(Space(row.platform, row.space), Channel.parse(row.channel) if row.channel else None)
