"""Marks on a SQL database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, update

from bot.model import Space
from bot.ports.marks import Mark
from bot.store.articles import upsert
from bot.store.database import Database
from bot.store.tables import mark as table


class SqlMarks:
    """See :class:`bot.ports.marks.Marks` for what its methods promise."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mark(self, space: Space, name: str, now: datetime, value: str = "") -> bool:
        return await self._database.write_durably(mark, space, name, now, value)

    async def unmark(self, space: Space, name: str) -> bool:
        return await self._database.write_durably(unmark, space, name)

    async def marked(self, name: str) -> list[Mark]:
        return await self._database.read(marked, name)


def forget_space(connection: Connection, space: Space) -> None:
    connection.execute(delete(table).where(_in(space)))


def mark(connection: Connection, space: Space, name: str, now: datetime, value: str) -> bool:
    new = upsert(connection)(table).values(platform=space.platform, space=space.id, name=name, value=value, made_at=now)
    made = new.on_conflict_do_nothing(index_elements=["platform", "space", "name"]).returning(table.c.name)
    if connection.execute(made).first():
        return True
    other = update(table).where(_in(space), table.c.name == name, table.c.value != value)
    return connection.execute(other.values(value=value, made_at=now)).rowcount > 0


def unmark(connection: Connection, space: Space, name: str) -> bool:
    return connection.execute(delete(table).where(_in(space), table.c.name == name)).rowcount > 0


def marked(connection: Connection, name: str) -> list[Mark]:
    rows = connection.execute(
        select(table).where(table.c.name == name).order_by(table.c.made_at, table.c.platform, table.c.space)
    )
    return [Mark(Space(row.platform, row.space), row.name, row.value, row.made_at) for row in rows]


def _in(space: Space) -> ColumnElement[bool]:
    return (table.c.platform == space.platform) & (table.c.space == space.id)
