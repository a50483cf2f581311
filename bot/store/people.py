"""What is remembered of people and spaces, on a SQL database.  The queries take a connection in a transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, exists, func, or_, select, update

from bot.model import Channel, IfNothing, Space
from bot.ports.people import (
    MOST_WISHES,
    REQUESTS_KEPT,
    Does,
    Sort,
    SpaceSettings,
    Thing,
    Wish,
    person_id,
)
from bot.store.articles import upsert
from bot.store.database import Database
from bot.store.tables import request, space_settings, story, visit, wish
from bot.wording import query_error
from digests.errors import QueryError
from digests.model import Length, Order


class SqlPeople:
    """See :class:`bot.ports.people.People` for what its methods promise.

    What a person said is on disk when a method returns, above all that everything is forgotten; of visits and requests a power
    cut may take the last few.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def wishes(self, space: Space, person: str, now: datetime) -> list[Wish]:
        return await self._database.read(wishes, space, person, now)

    async def set_wish(self, space: Space, person: str, wished: Wish, now: datetime) -> Wish | None:
        return await self._database.write_durably(set_wish, space, person, wished, now)

    async def withdraw_wish(self, space: Space, person: str, does: Does, thing: Thing, now: datetime) -> Wish | None:
        return await self._database.write_durably(withdraw_wish, space, person, does, thing, now)

    async def visited(self, person: str, channel: Channel) -> datetime | None:
        return await self._database.read(visited, person, channel)

    async def visit(self, person: str, channel: Channel, now: datetime) -> None:
        await self._database.write(put_visit, person, channel, now)

    async def settings(self, space: Space, *, default: SpaceSettings | None = None) -> SpaceSettings:
        return read_settings(await self._database.read(_kept, space), default or SpaceSettings())

    async def change_settings(self, space: Space, settings: SpaceSettings) -> None:
        if settings.notices is not None and Space.of(settings.notices) != space:
            raise query_error("notices_in_another")
        await self._database.write_durably(change_settings, space, settings)

    async def take(self, space: Space, request_id: str, now: datetime) -> bool:
        return await self._database.write(take, space, request_id, now)

    async def forget_person(self, space: Space, person: str) -> int:
        return await self._database.write_durably(forget_person, space, person)

    async def prune(self, now: datetime, *, before: datetime) -> int:
        return await self._database.write(prune, now, before)


def wishes(connection: Connection, space: Space, person: str, now: datetime) -> list[Wish]:
    wanted = select(wish).where(_of(wish, space, person), _lasts(now)).order_by(wish.c.made_at, wish.c.sort, wish.c.key)
    return [_read(row) for row in connection.execute(wanted)]


def withdraw_wish(connection: Connection, space: Space, person: str, does: Does, thing: Thing, now: datetime) -> Wish | None:
    mine = _of(wish, space, person) & _about(thing) & (wish.c.does == str(does))
    before = connection.execute(select(wish).where(mine, _lasts(now))).first()
    connection.execute(delete(wish).where(mine))
    return _read(before) if before else None


def visited(connection: Connection, person: str, channel: Channel) -> datetime | None:
    mine = _of(visit, Space.of(channel), person) & (visit.c.channel == str(channel))
    at: datetime | None = connection.execute(select(visit.c.visited_at).where(mine)).scalar()
    return at


def put_visit(connection: Connection, person: str, channel: Channel, now: datetime) -> None:
    place = _key(Space.of(channel)) | {"person": person_id(person), "channel": str(channel)}
    new = upsert(connection)(visit).values(**place, visited_at=now)
    connection.execute(new.on_conflict_do_update(index_elements=list(place), set_={"visited_at": now}))


def change_settings(connection: Connection, space: Space, settings: SpaceSettings) -> None:
    values = {**_kept(connection, space), **_written(settings)}
    new = upsert(connection)(space_settings).values(**_key(space), settings=values)
    connection.execute(new.on_conflict_do_update(index_elements=["platform", "space"], set_={"settings": values}))


def take(connection: Connection, space: Space, request_id: str, now: datetime) -> bool:
    # What a platform names its requests by has no bound of ours.
    name = blake2b(request_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    new = upsert(connection)(request).values(**_key(space), id=name, taken_at=now)
    once = new.on_conflict_do_nothing(index_elements=["platform", "space", "id"]).returning(request.c.id)
    return connection.execute(once).first() is not None


def forget_person(connection: Connection, space: Space, person: str) -> int:
    return sum(connection.execute(delete(each).where(_of(each, space, person))).rowcount for each in (wish, visit))


def prune(connection: Connection, now: datetime, before: datetime) -> int:
    gone = (wish.c.sort == str(Sort.STORY)) & ~exists().where(story.c.id == wish.c.key)
    old = (
        delete(wish).where(or_(~_lasts(now), gone & (wish.c.made_at < before))),
        delete(visit).where(visit.c.visited_at < before),
        delete(request).where(request.c.taken_at < now - REQUESTS_KEPT),
    )
    return sum(connection.execute(each).rowcount for each in old)


def set_wish(connection: Connection, space: Space, person: str, wished: Wish, now: datetime) -> Wish | None:
    mine = _of(wish, space, person)
    before = connection.execute(select(wish).where(mine, _about(wished.thing), _lasts(now))).first()
    if before is None:
        count = select(func.count()).select_from(wish).where(mine, _lasts(now))
        if connection.execute(count).scalar_one() >= MOST_WISHES:
            raise query_error("most_wishes", most=MOST_WISHES)
    name = _key(space) | {"person": person, "sort": str(wished.thing.sort), "key": wished.thing.key}
    values = {
        "does": str(wished.does),
        "name": wished.thing.name,
        "made_at": wished.made_at,
        "until": wished.until,
    }
    new = upsert(connection)(wish).values(**name, **values)
    connection.execute(new.on_conflict_do_update(index_elements=list(name), set_=values))
    return _read(before) if before else None


def follow_story(connection: Connection, was: str, becomes: str, now: datetime) -> None:
    """Let what people wished of a story be of the one that it joined; who wished something of both has the newer wish."""
    of_story = wish.c.sort == str(Sort.STORY)
    either = of_story & wish.c.key.in_((was, becomes))
    connection.execute(delete(wish).where(either, ~_lasts(now)))
    in_order = select(wish).where(either).order_by(wish.c.made_at)
    newest = {(row.platform, row.space, row.person): row for row in connection.execute(in_order)}
    for row in newest.values():
        theirs = _of(wish, Space(row.platform, row.space), row.person) & of_story
        if row.key == was:
            connection.execute(delete(wish).where(theirs, wish.c.key == becomes))
            connection.execute(update(wish).where(theirs, wish.c.key == was).values(key=becomes, name=becomes))
    connection.execute(delete(wish).where(of_story, wish.c.key == was))


def forget_space(connection: Connection, space: Space) -> None:
    """Forget all people of a space, what was set for it and what was asked in it."""
    for table in (wish, visit, space_settings, request):
        connection.execute(delete(table).where(_in(table, space)))


def read_settings(kept: dict[str, Any], default: SpaceSettings) -> SpaceSettings:
    """Settings as they were written by this version, an older or a newer one: each that cannot be read is the default's."""
    readers: dict[str, Callable[[Any], Any]] = {
        "zone": str,
        "language": str,
        "length": Length,
        "order": Order,
        "if_nothing": IfNothing,
        "notices": lambda written: Channel.parse(written) if written else None,
        "admins": str,
    }
    settings = default
    for name, read in readers.items():
        if name in kept:
            settings = _with(settings, name, read, kept[name])
    return settings


def _with(settings: SpaceSettings, name: str, read: Callable[[Any], Any], written: Any) -> SpaceSettings:
    try:
        return replace(settings, **{name: read(written)})
    except (ValueError, KeyError, TypeError, AttributeError, OSError, QueryError):
        return settings


def _written(settings: SpaceSettings) -> dict[str, str]:
    return {
        "zone": settings.zone,
        "language": settings.language,
        "length": str(settings.length),
        "order": str(settings.order),
        "if_nothing": str(settings.if_nothing),
        "notices": str(settings.notices) if settings.notices else "",
        "admins": settings.admins,
    }


def _kept(connection: Connection, space: Space) -> dict[str, Any]:
    wanted = select(space_settings.c.settings).where(_in(space_settings, space))
    kept: dict[str, Any] = connection.execute(wanted).scalar() or {}
    return kept


def _key(space: Space) -> dict[str, str]:
    return {"platform": space.platform, "space": space.id}


def _in(table: Table, space: Space) -> ColumnElement[bool]:
    return (table.c.platform == space.platform) & (table.c.space == space.id)


def _of(table: Table, space: Space, person: str) -> ColumnElement[bool]:
    return _in(table, space) & (table.c.person == person_id(person))


def _about(thing: Thing) -> ColumnElement[bool]:
    return (wish.c.sort == str(thing.sort)) & (wish.c.key == thing.key)


def _lasts(now: datetime) -> ColumnElement[bool]:
    return or_(wish.c.until.is_(None), wish.c.until > now)


def _read(row: Row[Any]) -> Wish:
    return Wish(Does(row.does), Thing(Sort(row.sort), row.name), row.made_at, row.until)
