"""Opens a database: the engine, its pragmas, its schema up to date, and every failure of it in words."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Column, Connection, MetaData, String, Table, event, insert, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StoreError
from bot.store import fulltext
from bot.store.tables import metadata

REVISIONS = ("0001", "0002")  # as in migrations/versions, oldest first; named here so that Alembic is imported only to migrate
HEAD = REVISIONS[-1]
BUSY_S = 5.0

# Alembic's own table, known here so that the common case, a database that is up to date, needs no Alembic.
_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


@dataclass(frozen=True, slots=True)
class Database:
    """An open database: ``read`` and ``write`` give a connection in a transaction that ends with the block."""

    engine: AsyncEngine
    name: str

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        with in_words(self.name):
            async with self.engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that holds the write lock from its start, so that it cannot fail half way for want of it."""
        with in_words(self.name):
            async with self.engine.execution_options(writes=True).begin() as connection:
                yield connection


@asynccontextmanager
async def open_database(address: str, *, busy_s: float = BUSY_S) -> AsyncIterator[Database]:
    """Open the database at an address, made or migrated where that is needed; closed at the end of the block.

    Args:
        address: ``sqlite:///relative.db``, ``sqlite:////absolute.db``, or the bare path of a file.
        busy_s: how long a writer waits for another process, in seconds.

    Raises:
        StoreError: it cannot be used as it is; the text says what to do.
    """
    url = parse(address)
    name = url.database or ""
    with in_words(name):
        await _prepare(url, busy_s)
    engine = _engine(url, busy_s)
    try:
        yield Database(engine, name)
    finally:
        await engine.dispose()


def parse(address: str) -> URL:
    """The address as SQLAlchemy takes it.  Raises StoreError when it is none that we can open."""
    try:
        url = make_url(address if "://" in address else f"sqlite:///{address}")
    except (ArgumentError, ValueError):
        raise StoreError(f"{address.split(':')[0]}:... is no database address; try sqlite:///dateline.db") from None
    if url.get_backend_name() in ("postgres", "postgresql"):
        raise StoreError("PostgreSQL is not supported yet; use a file for now: sqlite:///dateline.db")
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        raise StoreError("The database must be a file: sqlite:///dateline.db")
    return url.set(drivername="sqlite+aiosqlite")


def _engine(url: URL, busy_s: float, *, foreign_keys: bool = True) -> AsyncEngine:
    # SQLAlchemy begins transactions below; sqlite3's own habit of beginning them is switched off.
    engine = create_async_engine(url, connect_args={"timeout": busy_s, "isolation_level": None}, pool_size=4)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


async def _prepare(url: URL, busy_s: float) -> None:
    """Make the schema what this code expects.  Cheap when it already is."""
    path = Path(url.database or "")
    if not str(path).startswith("file:"):  # SQLite's own way to give options, such as file:news.db?mode=ro&uri=true
        await asyncio.to_thread(_make_file, path, busy_s)
    # A migration may rebuild a table by copying it; with foreign keys on, dropping the old one would empty its children.
    engine = _engine(url, busy_s, foreign_keys=False)
    try:
        async with engine.begin() as connection:
            version = await connection.run_sync(_version, path)
        if version == HEAD:
            return
        async with engine.execution_options(writes=True).begin() as connection:
            version = await connection.run_sync(_version, path)  # another process may have been faster
            if version is None:
                await connection.run_sync(_create)
            elif version != HEAD:
                await asyncio.to_thread(_copy, path, path.with_name(f"{path.name}.before-{HEAD}"))
                await connection.run_sync(_migrate, path)
    finally:
        await engine.dispose()


def _version(connection: Connection, path: Path) -> str | None:
    """The revision of the schema; None when the database is empty.  Raises StoreError when it is not ours to use."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if _VERSION.name not in tables:
        raise StoreError(f"{path} holds the tables of another program; name another file")
    version: str | None = connection.execute(select(_VERSION.c.version_num)).scalar_one_or_none()
    if version not in REVISIONS:
        raise StoreError(
            f"{path} was written by a newer Dateline (schema {version}, this one knows {HEAD}); "
            f"update Dateline, or go back to the copy made before: {path}.before-{version}"
        )
    return version


def _make_file(path: Path, busy_s: float) -> None:
    """Put the file, made if it is missing, into the journal mode in which readers and the writer need not wait."""
    if path.is_dir():
        raise StoreError(f"{path} is a folder; name a file in it: {path}/dateline.db")
    if not path.parent.is_dir():
        raise StoreError(f"There is no folder {path.parent}; create it with: mkdir -p {path.parent}")
    with closing(sqlite3.connect(path, timeout=busy_s)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def _create(connection: Connection) -> None:
    metadata.create_all(connection)
    _VERSION.create(connection)
    connection.execute(insert(_VERSION).values(version_num=HEAD))


def _copy(path: Path, target: Path) -> None:
    """Copy the database as it was last committed; an older copy of the same name is replaced only when this one is whole."""
    part = target.with_name(f"{target.name}.part")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(part)) as copy:
        source.backup(copy)
    part.replace(target)


def _migrate(connection: Connection, path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise StoreError(f"{path} could not be migrated: {len(broken)} rows point nowhere; the file is as it was")


_ADVICE = {
    "SQLITE_READONLY": "cannot be written: it is read-only; give this user the right to write the file and its folder",
    "SQLITE_PERM": "cannot be written: give this user the right to write the file and its folder",
    "SQLITE_CANTOPEN": "cannot be opened; check that its folder exists and that this user may write in it",
    "SQLITE_FULL": "cannot grow: the disk is full; free some space and try again. Nothing was half written",
    "SQLITE_NOTADB": "is not a database; name another file",
    "SQLITE_CORRUPT": "is damaged; put back a copy of it, or name a new file",
    "SQLITE_IOERR": "cannot be read or written: the disk reports an error; look at the system's log",
    "SQLITE_BUSY": "is being written by another process, which does not let go; stop that one or try again",
    "SQLITE_LOCKED": "is being written by another process, which does not let go; stop that one or try again",
}


@contextmanager
def in_words(name: str) -> Iterator[None]:
    """Turn what can be mended outside this program into a StoreError; a bug passes."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(cause, "sqlite_errorname", None) or ""
        for prefix, advice in _ADVICE.items():
            if code.startswith(prefix):
                raise StoreError(f"{name} {advice}") from error
        if isinstance(error, OSError):
            raise StoreError(f"{name} cannot be used: {error.strerror or error}") from error
        raise


# Importing it is what puts the full-text index into ``metadata.create_all``.
_ = fulltext
