"""The schema of a database: which revision it has, making it, bringing it up to date.  The same on every database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select

from bot.errors import StoreError
from bot.store import fulltext
from bot.store.tables import metadata

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
)  # as in migrations/versions, oldest first; named here so that Alembic is imported only to migrate
HEAD = REVISIONS[-1]

# Alembic's own table, known here so that the common case, a database that is up to date, needs no Alembic.
_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
_OURS = {_VERSION.name, "source", "article"}


def revision(connection: Connection, name: str, way_back: Callable[[str | None], str]) -> str | None:
    """The revision of the schema; None when the database is empty.

    Args:
        name: of the database, as errors call it.
        way_back: what can be done beside an update, of a revision that is not known here; ``""`` for nothing.

    Raises:
        StoreError: it is not ours to use.
    """
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if not set(tables) >= _OURS:
        raise StoreError(f"{name} holds the tables of another program; name another one")
    found: str | None = connection.execute(select(_VERSION.c.version_num)).scalar_one_or_none()
    if found not in REVISIONS:
        raise StoreError(
            f"{name} was written by a newer Dateline (schema {found}, this one knows {HEAD}); update Dateline{way_back(found)}"
        )
    return found


def create(connection: Connection) -> None:
    """Make all tables in an empty database."""
    metadata.create_all(connection)
    _VERSION.create(connection)
    connection.execute(insert(_VERSION).values(version_num=HEAD))


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, in the transaction of the connection."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


# Importing it is what puts the full-text index into ``metadata.create_all``.
_ = fulltext
