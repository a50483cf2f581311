"""Who follows which source, and under which topics, on a SQL database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, insert, or_, select, update

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

    def __init__(self, database: Database) -> None:
        self._database = database

    async def follow(
        self, source: Source, place: Place, now: datetime, *, topics: Collection[str] = (), floor_s: float = FLOOR_S
    ) -> Follow:
        under = {folded(name): Topic(name) for name in topics}
        return await self._database.write(_follow, source, place, now, list(under.values()), floor_s)

    async def unfollow(self, source_id: str, place: Place) -> Unfollow:
        return await self._database.write(_unfollow, source_id, place)

    async def followed(self, space: Space, channel: Channel | None = None) -> frozenset[str]:
        return await self._database.read(_followed, space, channel)

    async def follows(self, space: Space | None = None) -> list[Following]:
        return await self._database.read(_follows, space)

    async def topics(self, space: Space | None = None) -> list[Topic]:
        return await self._database.read(_topics, space)

    async def topic(self, space: Space, name: str) -> Topic | None:
        return next(iter(await self._database.read(_topics, space, folded(name))), None)

    async def add_topic(self, space: Space | None, topic: Topic, now: datetime) -> bool:
        return (await self._database.write(_made, space, topic, now))[1]

    async def describe_topic(self, space: Space | None, name: str, words: str) -> Change:
        words_of(words)
        return await self._database.write(_describe, space, name, words)

    async def rename_topic(self, space: Space | None, name: str, to: str) -> Change:
        return await self._database.write(_rename, space, name, Topic(to))

    async def remove_topic(self, space: Space | None, name: str) -> Change:
        return await self._database.write(_remove, space, name)

    async def take_out(self, source_id: str, space: Space | None, name: str) -> Change:
        return await self._database.write(_take_out, source_id, space, name)


def give(connection: Connection, new: Source, now: datetime, floor_s: float) -> bool:
    """Add a source that every space follows; False when its address is there."""
    added = sources.add(connection, new, now, floor_s)
    if added:
        _begin(connection, new.id, Place())
    return added


def _follow(connection: Connection, new: Source, place: Place, now: datetime, under: Sequence[Topic], floor_s: float) -> Follow:
    added = sources.add(connection, new, now, floor_s)
    kept = sources.at_address(connection, new.address)
    changed = _begin(connection, kept.id, place)
    for each in under:
        changed |= _put(connection, kept.id, place.space, each, now)
    return Follow(kept, added, changed)


def _unfollow(connection: Connection, source_id: str, place: Place) -> Unfollow:
    ended = connection.execute(delete(follow).where(follow.c.source_id == source_id, _in(place)))
    given = select(follow.c.number).where(follow.c.source_id == source_id, _of(follow, None))
    if connection.execute(given).first():
        return Unfollow.GIVEN
    if not ended.rowcount:
        return Unfollow.ABSENT
    _leave_topics(connection, [source_id], place.space)
    return Unfollow.GONE if forget_unfollowed(connection, [source_id]) else Unfollow.LEFT


def _followed(connection: Connection, space: Space, channel: Channel | None) -> frozenset[str]:
    channels = ["", str(channel)] if channel is not None else [""]
    wanted = select(follow.c.source_id).where(_seen_in(follow, space), follow.c.channel.in_(channels))
    return frozenset(connection.execute(wanted).scalars())


def _follows(connection: Connection, space: Space | None) -> list[Following]:
    wanted = select(follow).order_by(follow.c.number)
    if space is not None:
        wanted = wanted.where(_seen_in(follow, space))
    return [Following(row.source_id, _place(row)) for row in connection.execute(wanted)]


def _describe(connection: Connection, space: Space | None, name: str, words: str) -> Change:
    mine = update(topic).where(_named(space, name))
    if connection.execute(mine.values(words=words)).rowcount:
        return Change.DONE
    given = connection.execute(select(topic).where(_named(None, name))).first()
    if given is None:
        return Change.ABSENT
    _made(connection, space, Topic(given.name, words), given.created_at)
    return Change.DONE


def _rename(connection: Connection, space: Space | None, name: str, new: Topic) -> Change:
    if (change := _changeable(connection, space, name)) is not Change.DONE:
        return change
    to = folded(new.name)
    taken = select(topic.c.number).where(_seen_in(topic, space), topic.c.folded == to)
    if to != folded(name) and connection.execute(taken).first():
        return Change.TAKEN
    _renamed_in_subscriptions(connection, space, name, new.name)
    connection.execute(update(topic).where(_named(space, name)).values(name=new.name, folded=to))
    return Change.DONE


def _remove(connection: Connection, space: Space | None, name: str) -> Change:
    if (change := _changeable(connection, space, name)) is Change.DONE:
        connection.execute(delete(topic).where(_named(space, name)))
    return change


def _take_out(connection: Connection, source_id: str, space: Space | None, name: str) -> Change:
    if (change := _changeable(connection, space, name)) is not Change.DONE:
        return change
    mine = topic_source.c.topic_number.in_(select(topic.c.number).where(_named(space, name)))
    taken = connection.execute(delete(topic_source).where(mine, topic_source.c.source_id == source_id))
    return Change.DONE if taken.rowcount else Change.ABSENT


def forget_space(connection: Connection, space: Space) -> None:
    """Forget what a space follows and its topics, and the sources that nobody else follows."""
    left = connection.execute(select(follow.c.source_id).where(_of(follow, space))).scalars().all()
    connection.execute(delete(follow).where(_of(follow, space)))
    connection.execute(delete(topic).where(_of(topic, space)))
    forget_unfollowed(connection, left)


def forget_unfollowed(connection: Connection, source_ids: Sequence[str]) -> int:
    """Forget those of the sources that nobody follows; returns how many."""
    followers = exists().where(follow.c.source_id == source.c.id)
    return connection.execute(delete(source).where(source.c.id.in_(source_ids), ~followers)).rowcount


def _begin(connection: Connection, source_id: str, place: Place) -> bool:
    """Follow a source in a place; False when it is followed there or in all around it.  Channels of the place go with it."""
    wider = or_(_of(follow, None), _of(follow, place.space) & follow.c.channel.in_(["", str(place.channel or "")]))
    if connection.execute(select(follow.c.number).where(follow.c.source_id == source_id, wider)).first():
        return False
    connection.execute(delete(follow).where(follow.c.source_id == source_id, _in(place)))
    values = {"source_id": source_id, **_columns(place.space), "channel": str(place.channel or "")}
    connection.execute(insert(follow).values(**values))
    return True


def _put(connection: Connection, source_id: str, space: Space | None, new: Topic, now: datetime) -> bool:
    """Put a source under a topic, which is made where it is missing; False when it is there."""
    number, _ = _made(connection, space, new, now)
    row = upsert(connection)(topic_source).values(topic_number=number, source_id=source_id)
    return connection.execute(row.on_conflict_do_nothing()).rowcount > 0


def _made(connection: Connection, space: Space | None, new: Topic, now: datetime) -> tuple[int, bool]:
    """The number of a topic of a space itself, and whether it was made for it."""
    held: int | None = connection.execute(select(topic.c.number).where(_named(space, new.name))).scalar()
    if held is not None:
        return held, False
    values = {**_columns(space), "name": new.name, "folded": folded(new.name), "words": new.words, "created_at": now}
    made = connection.execute(insert(topic).values(**values).returning(topic.c.number))
    return int(made.scalar_one()), True


def _leave_topics(connection: Connection, source_ids: Sequence[str], space: Space | None) -> None:
    """Take sources that a space does not follow any more out of its own topics."""
    own = select(topic.c.number).where(_of(topic, space))
    still = select(follow.c.source_id).where(_seen_in(follow, space))
    gone = topic_source.c.source_id.in_(source_ids) & topic_source.c.source_id.not_in(still)
    connection.execute(delete(topic_source).where(gone, topic_source.c.topic_number.in_(own)))


def _changeable(connection: Connection, space: Space | None, name: str) -> Change:
    """Whether a topic is the space's own (``done``), the operator's or not there."""
    found = connection.execute(
        select(topic.c.platform, topic.c.space).where(_seen_in(topic, space), topic.c.folded == folded(name))
    )
    owners = {(row.platform, row.space) for row in found}
    own = _columns(space)
    if (own["platform"], own["space"]) in owners:
        return Change.DONE
    return Change.GIVEN if owners else Change.ABSENT


def _renamed_in_subscriptions(connection: Connection, space: Space | None, name: str, to: str) -> None:
    """Let the subscriptions that name a topic name it anew; not those of a space that has one of that name itself."""
    wanted = select(subscription.c.id, subscription.c.topic, subscription.c.platform, subscription.c.space)
    if space is not None:
        wanted = wanted.where(_of(subscription, space))
    rows = [row for row in connection.execute(wanted) if folded(row.topic) == folded(name)]
    if space is None:
        theirs = connection.execute(select(topic.c.platform, topic.c.space).where(topic.c.folded == folded(name)))
        own = {(row.platform, row.space) for row in theirs}
        rows = [row for row in rows if (row.platform, row.space) not in own]
    for row in rows:
        connection.execute(update(subscription).where(subscription.c.id == row.id).values(topic=to))


def _topics(connection: Connection, space: Space | None, only: str | None = None) -> list[Topic]:
    """The topics that a space has, by name; ``only`` the one of that folded name."""
    wanted = select(topic).where(_seen_in(topic, space)).order_by(topic.c.platform.desc())  # its own first
    if only is not None:
        wanted = wanted.where(topic.c.folded == only)
    rows = connection.execute(wanted).all()
    carrying: dict[int, set[str]] = {row.number: set() for row in rows}
    held = select(topic_source).where(topic_source.c.topic_number.in_(wanted.with_only_columns(topic.c.number).order_by(None)))
    for row in connection.execute(held):
        carrying[row.topic_number].add(row.source_id)
    found: dict[str, Topic] = {}
    for row in rows:
        own = found.get(row.folded, Topic(row.name))
        found[row.folded] = Topic(
            own.name, own.words or row.words, own.sources | carrying[row.number], own.given or not row.platform
        )
    return [found[name] for name in sorted(found)]  # databases sort letters in many ways


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
