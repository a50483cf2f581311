"""A store in a file: SQLite, its pragmas, its migration by itself, and every failure of it in words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage
from typing import Any, Final, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError
from bot.store import schema

WRITES: Mapping[str, Any] = {"writes": True}  # options of a transaction that writes


def name(url: URL) -> str:
    """What errors call the database."""
    return url.database or ""


def engine(url: URL, busy_s: float, *, foreign_keys: bool = True) -> Engine:
    """Connections to the file.  Those with the execution option ``writes`` take the write lock as their transaction begins."""
    # SQLAlchemy begins transactions below; sqlite3's own habit of beginning them is switched off.
    made = create_engine(url, connect_args={"timeout": busy_s, "isolation_level": None})

    @event.listens_for(made, "connect")
    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.close()

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("writes"):
            connection.exec_driver_sql("BEGIN")
            return
        # What a poll gave can be had again after a power cut; what was said cannot be unsaid.
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options.get('durable') else 'NORMAL'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return made


def make_ready(url: URL, busy_s: float) -> None:
    """Make the schema what this code expects, after a copy of the file."""
    migrate(url, busy_s)


def migrate(url: URL, busy_s: float) -> str | None:
    """Make the schema what this code expects; returns the revision it had.  Cheap when nothing is to be done."""
    path = Path(url.database or "")
    if not str(path).startswith("file:"):  # SQLite's own way to give options, such as file:news.db?mode=ro&uri=true
        _make_file(path, busy_s)
    # A migration may rebuild a table by copying it; with foreign keys on, dropping the old one would empty its children.
    made = engine(url, busy_s, foreign_keys=False)
    try:
        with made.begin() as connection:
            found = _revision(connection, path)
        if found == schema.HEAD:
            return found
        with made.execution_options(**WRITES).begin() as connection:
            found = _revision(connection, path)  # another process may have been faster
            if found is None:
                schema.create(connection)
            elif found != schema.HEAD:
                _copy(path, path.with_name(f"{path.name}.before-{schema.HEAD}"))
                _upgrade(connection, path)
        return found
    finally:
        made.dispose()


def _revision(connection: Connection, path: Path) -> str | None:
    def copy(found: str | None) -> str:
        before = path.with_name(f"{path.name}.before-{found}")
        return f", or go back to the copy made before: {before}" if before.is_file() else ""

    return schema.revision(connection, str(path), copy)


def _make_file(path: Path, busy_s: float) -> None:
    """Put the file, made if it is missing, into the journal mode in which readers and the writer need not wait."""
    if path.is_dir():
        raise StoreError(f"{path} is a folder; name a file in it: {path}/dateline.db")
    if not path.parent.is_dir():
        raise StoreError(f"There is no folder {path.parent}; create it with: mkdir -p {path.parent}")
    with closing(sqlite3.connect(path, timeout=busy_s)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def _copy(path: Path, target: Path) -> None:
    """Copy the database as it was last committed; an older copy of the same name is replaced only when this one is whole."""
    part = target.with_name(f"{target.name}.part")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(part)) as copy:
        source.backup(copy)
    part.replace(target)


def _upgrade(connection: Connection, path: Path) -> None:
    schema.upgrade(connection)
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise StoreError(f"{path} could not be migrated: {len(broken)} rows point nowhere; the file is as it was")


LEAST_FREE: Final = 16 << 20
"""Bytes on the disk of the file; with fewer it soon cannot grow."""


def narrow(url: URL, least: int = LEAST_FREE) -> str:
    """That the disk of the file is nearly full, in words; ``""`` when it is not, or cannot be asked."""
    try:
        free = disk_usage(Path(url.database or "").parent).free
    except OSError:
        return ""
    return f"Only {free / (1 << 20):.1f} MiB are free where {name(url)} is, so it soon cannot grow" if free < least else ""


_ADVICE = {
    "SQLITE_READONLY": "cannot be written: it is read-only; give this user the right to write the file and its folder",
    "SQLITE_PERM": "cannot be written: give this user the right to write the file and its folder",
    "SQLITE_CANTOPEN": "cannot be opened; check that its folder exists and that this user may write in it",
    "SQLITE_FULL": "cannot grow: the disk is full; free some space. Nothing was half written",
    "SQLITE_NOTADB": "is not a database; name another file",
    "SQLITE_CORRUPT": "is damaged; put back a copy of it, or name a new file",
    "SQLITE_IOERR": "cannot be read or written: the disk reports an error; look at the system's log",
    "SQLITE_BUSY": "is being written by another process, which does not let go; stop that one or try again",
    "SQLITE_LOCKED": "is being written by another process, which does not let go; stop that one or try again",
}


_NONE_FREE: Final = 256 << 10
"""Bytes; with fewer SQLite cannot make the files that it opens beside its own, and calls that an error of the disk."""


@dataclass(frozen=True, slots=True)
class Disk:
    """What is known of the disk of a file: bytes that are free, and whether it is mounted so that nobody may write."""

    free: int = 1 << 40
    read_only: bool = False

    @classmethod
    def of(cls, file: Path) -> Self:
        """What the system says of it; nothing to note where it says nothing."""
        try:
            total, _, free = disk_usage(file.parent)
            read_only = hasattr(os, "statvfs") and bool(os.statvfs(file.parent).f_flag & os.ST_RDONLY)
            return cls(free if total else cls().free, read_only)  # /proc and its like have no size at all
        except OSError:
            return cls()


def advice(error: Exception, url: URL) -> str | None:
    """What failed and what to do, to be read after the name of the file; None for a bug."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorname", None) or ""
    return advised(code, Disk.of(Path(url.database or ""))) if code else None


def advised(code: str, disk: Disk) -> str | None:
    """The same for a code of SQLite, such as ``SQLITE_IOERR_SHMSIZE``, which often hides what its disk says."""
    if code.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR")):
        if disk.read_only:
            return "cannot be written: its disk is mounted read-only; mount it for writing, or name a file on another one"
        if disk.free < _NONE_FREE and not code.startswith("SQLITE_READONLY"):
            return _ADVICE["SQLITE_FULL"]
    return next((said for prefix, said in _ADVICE.items() if code.startswith(prefix)), None)
