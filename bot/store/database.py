"""Opens a database by its address: a file by SQLite, a server by PostgreSQL; every failure of it comes in words."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.errors import StoreError
from bot.store import postgresql, sqlite

P = ParamSpec("P")
T = TypeVar("T")

BUSY_S = 5.0
CONNECTIONS = 3  # one that writes, two that read: more take turns at the interpreter, and each has a cache


class Dialect(Protocol):
    """What :mod:`bot.store.sqlite` and :mod:`bot.store.postgresql` both do, each in its way."""

    WRITES: Mapping[str, Any]

    def name(self, url: URL) -> str: ...
    def engine(self, url: URL, busy_s: float) -> Engine: ...
    def make_ready(self, url: URL, busy_s: float) -> None: ...
    def migrate(self, url: URL, busy_s: float) -> str | None: ...
    def advice(self, error: Exception, url: URL) -> str | None: ...
    def narrow(self, url: URL) -> str: ...


class Database:
    """An open database.  Each transaction is one function of a connection, and runs from end to end in a thread.

    ``narrow()`` says in words that its disk is nearly full; ``""`` when it is not, or when that is not known.

    Whoever is cancelled meanwhile, the transaction is not: it ends by itself, well or undone, before its caller goes on.
    """

    def __init__(
        self,
        engine: Engine,
        writes: Mapping[str, Any],
        in_words: Callable[[], AbstractContextManager[None]],
        narrow: Callable[[], str],
    ) -> None:
        self.engine, self.narrow = engine, narrow
        self._writing = {durable: engine.execution_options(**writes, durable=durable) for durable in (False, True)}
        self._in_words = in_words
        self._one_writer = asyncio.Lock()  # tasks of this process queue here; other processes wait at the database
        self._threads = ThreadPoolExecutor(CONNECTIONS, "database")

    async def read(self, ask: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``ask`` finds in one state of the database, whatever others write meanwhile."""
        return await self._run(self.engine, lambda connection: ask(connection, *args, **kwargs))

    async def write(self, do: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``do`` gives; it has the write lock from its start, so that it cannot fail half way for want of it."""
        async with self._one_writer:
            return await self._run(self._writing[False], lambda connection: do(connection, *args, **kwargs))

    async def write_durably(self, do: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As ``write``; once it ended well, not even a power cut undoes it."""
        async with self._one_writer:
            return await self._run(self._writing[True], lambda connection: do(connection, *args, **kwargs))

    async def _run(self, engine: Engine, work: Callable[[Connection], T]) -> T:
        with self._in_words():
            return await _whole(asyncio.get_running_loop().run_in_executor(self._threads, _transaction, engine, work))

    def close(self) -> None:
        self._threads.shutdown()
        self.engine.dispose()


def _transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


async def _whole(work: asyncio.Future[T]) -> T:
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
        await _whole(asyncio.get_running_loop().run_in_executor(None, dialect.make_ready, url, busy_s))
    database = Database(
        dialect.engine(url, busy_s), dialect.WRITES, lambda: _in_words(dialect, url), lambda: dialect.narrow(url)
    )
    try:
        yield database
    finally:
        database.close()


async def migrate(address: str, *, busy_s: float = BUSY_S) -> str | None:
    """Bring the schema at an address up to this version, making it in an empty database; whole or not at all.

    Returns:
        The revision that it had (``bot.store.schema.HEAD`` when there was nothing to do); None when it was empty.

    Raises:
        StoreError: it cannot be used as it is; the text says what to do.
    """
    dialect, url = _parse(address)
    with _in_words(dialect, url):
        return await _whole(asyncio.get_running_loop().run_in_executor(None, dialect.migrate, url, busy_s))


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
    return sqlite, url.set(drivername="sqlite+pysqlite")


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
