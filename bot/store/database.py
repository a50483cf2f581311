"""Opens a database by its address: a file by SQLite, a server by PostgreSQL; every failure of it comes in words."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress
from typing import Any, Protocol, TypeVar

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import StoreError
from bot.store import postgresql, sqlite

T = TypeVar("T")

BUSY_S = 5.0


class Dialect(Protocol):
    """What :mod:`bot.store.sqlite` and :mod:`bot.store.postgresql` both do, each in its way."""

    WRITES: Mapping[str, Any]

    def name(self, url: URL) -> str: ...
    def engine(self, url: URL, busy_s: float) -> AsyncEngine: ...
    async def make_ready(self, url: URL, busy_s: float) -> None: ...
    async def migrate(self, url: URL, busy_s: float) -> str | None: ...
    def advice(self, error: Exception, url: URL) -> str | None: ...


class Database:
    """An open database: ``read`` and ``write`` give a connection in a transaction that ends with the block."""

    def __init__(
        self, engine: AsyncEngine, writes: Mapping[str, Any], in_words: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self.engine = engine
        self._writing = {durable: engine.execution_options(**writes, durable=durable) for durable in (False, True)}
        self._in_words = in_words

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one state of the database, whatever others write meanwhile."""
        with self._in_words():
            async with _transaction(self.engine) as connection:
                yield connection

    @asynccontextmanager
    async def write(self, *, durable: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction that holds the write lock from its start, so that it cannot fail half way for want of it.

        Args:
            durable: once it ended well, not even a power cut undoes it.
        """
        with self._in_words():
            async with _transaction(self._writing[durable]) as connection:
                yield connection


@asynccontextmanager
async def _transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection in a transaction that ends with the block: well, or undone.

    Whoever is cancelled meanwhile, what the database is asked is not: cut off in the middle of it, a connection that nobody
    has would hold the lock of the database.
    """
    begun = asyncio.create_task(_begun(engine))
    try:
        connection = await _whole(begun)
    except asyncio.CancelledError:
        if not begun.cancelled() and begun.exception() is None:
            await _whole(asyncio.create_task(_ended(begun.result(), well=False)))
        raise
    try:
        yield connection
    except BaseException:
        await _whole(asyncio.create_task(_ended(connection, well=False)))
        raise
    await _whole(asyncio.create_task(_ended(connection, well=True)))


class _Connection(AsyncConnection):
    """A connection whose statements are done to their end even when their caller is cancelled."""

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        return await _whole(asyncio.create_task(super().execute(*args, **kwargs)))


async def _begun(engine: AsyncEngine) -> AsyncConnection:
    connection = await _Connection(engine).start()
    try:
        await connection.begin()
    except BaseException:
        await connection.close()
        raise
    return connection


async def _ended(connection: AsyncConnection, *, well: bool) -> None:
    try:
        await (connection.commit() if well else connection.rollback())
    finally:
        await connection.close()


async def _whole(work: asyncio.Task[T]) -> T:
    """What the work gives, done to its end even when its caller is cancelled, which is then cancelled afterwards."""
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        while not work.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([work])
        _ = work.cancelled() or work.exception()  # nobody is left to hear of it
        raise


@asynccontextmanager
async def open_database(address: str, *, busy_s: float = BUSY_S) -> AsyncIterator[Database]:
    """Open the database at an address; closed at the end of the block.

    A file is made or migrated where that is needed; a server must have been brought up to date by :func:`migrate`.

    Args:
        address: ``sqlite:///relative.db``, ``sqlite:////absolute.db``, the bare path of a file, or
            ``postgresql://USER:PASSWORD@HOST/NAME`` (``postgres://`` too).
        busy_s: how long a writer waits for another process, in seconds.

    Raises:
        StoreError: it cannot be used as it is; the text says what to do.
    """
    dialect, url = _parse(address)
    with _in_words(dialect, url):
        await dialect.make_ready(url, busy_s)
    engine = dialect.engine(url, busy_s)
    try:
        yield Database(engine, dialect.WRITES, lambda: _in_words(dialect, url))
    finally:
        await engine.dispose()


async def migrate(address: str, *, busy_s: float = BUSY_S) -> str | None:
    """Bring the schema at an address up to this version, making it in an empty database; whole or not at all.

    Returns:
        The revision that it had (``bot.store.schema.HEAD`` when there was nothing to do); None when it was empty.

    Raises:
        StoreError: it cannot be used as it is; the text says what to do.
    """
    dialect, url = _parse(address)
    with _in_words(dialect, url):
        return await dialect.migrate(url, busy_s)


def parse(address: str) -> URL:
    """The address as SQLAlchemy takes it.  Raises StoreError when it is none that we can open."""
    return _parse(address)[1]


def _parse(address: str) -> tuple[Dialect, URL]:
    """What opens the address, and the address as SQLAlchemy takes it.  Raises StoreError when it is none that we can open."""
    try:
        url = make_url(address if "://" in address else f"sqlite:///{address}")
    except (ArgumentError, ValueError):
        raise StoreError(f"{address.split(':')[0]}:... is no database address; try sqlite:///dateline.db") from None
    kind = url.get_backend_name()
    if kind in ("postgres", "postgresql"):
        return postgresql, url.set(drivername="postgresql+psycopg")
    if kind != "sqlite" or url.database in (None, "", ":memory:"):
        raise StoreError(
            "The database must be a file, sqlite:///dateline.db, or a server, postgresql://USER:PASSWORD@HOST/NAME"
        )
    return sqlite, url.set(drivername="sqlite+aiosqlite")


@contextmanager
def _in_words(dialect: Dialect, url: URL) -> Iterator[None]:
    """Turn what can be mended outside this program into a StoreError; a bug passes."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        advice = dialect.advice(error, url)
        if advice is not None:
            raise StoreError(f"{dialect.name(url)} {advice}") from error
        if isinstance(error, OSError):
            raise StoreError(f"{dialect.name(url)} cannot be used: {error.strerror or error}") from error
        raise
