"""A connection to SQLite that lives in a thread of its own, and is asked with one trip to it for each statement.

aiosqlite makes a trip each for a new cursor, its statement, its rows and its end.  A trip wakes two threads, which costs more
than most of our statements do; and SQLAlchemy, which stands above, wants all rows at once in any case.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, cast

import aiosqlite


def connect(path: str, **options: Any) -> Connection:
    """What SQLAlchemy's dialect for aiosqlite awaits, with the arguments of :func:`sqlite3.connect`."""
    connection = Connection(partial(sqlite3.connect, path, **options), iter_chunk_size=1)
    connection._thread.daemon = True  # as SQLAlchemy has it: one that nobody closed must not keep the process alive
    return connection


class Connection(aiosqlite.Connection):
    """As aiosqlite's, but for its cursors, and that nothing is rolled back where nothing was begun."""

    def cursor(self) -> Any:
        return Cursor(self)

    async def rollback(self) -> None:
        if self.in_transaction:
            await super().rollback()

    async def ask(self, work: partial[Answer]) -> Answer:
        """What the work, which is called with the connection of the thread, came to there."""
        return cast("Answer", await self._execute(work, self._conn))  # type: ignore[no-untyped-call]


class Answer:
    """All that a cursor has to tell of a statement."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self.rows = cursor.fetchall() if cursor.description else []
        # Only now: what a statement changed that returns rows is known when the last of them is read.
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid


class Cursor:
    """As much of a cursor as SQLAlchemy asks for."""

    arraysize = 1
    _answer: Answer | None = None

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> None:
        self._answer = await self._connection.ask(partial(_executed, sql, parameters))

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any] | Mapping[str, Any]]) -> None:
        self._answer = await self._connection.ask(partial(_executed_many, sql, parameters))

    async def fetchall(self) -> list[Any]:
        return self._answer.rows if self._answer else []

    async def close(self) -> None:
        """Nothing is open any more."""

    @property
    def description(self) -> Any:
        return self._answer.description if self._answer else None

    @property
    def rowcount(self) -> int:
        return self._answer.rowcount if self._answer else -1

    @property
    def lastrowid(self) -> int | None:
        return self._answer.lastrowid if self._answer else None


def _executed(sql: str, parameters: Any, connection: sqlite3.Connection) -> Answer:
    return Answer(connection.execute(sql, parameters))


def _executed_many(sql: str, parameters: Any, connection: sqlite3.Connection) -> Answer:
    return Answer(connection.executemany(sql, parameters))
