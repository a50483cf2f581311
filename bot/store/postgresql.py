"""A store on a PostgreSQL server: its connections, its one writer, its migration by hand, and every failure of it in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.errors import StoreError
from bot.store import schema

_WRITER = int.from_bytes(b"dateline", "big")  # the advisory lock of the writer; such locks are of one database
WRITES: Mapping[str, Any] = {
    "writes": True,
    "isolation_level": "READ COMMITTED",
}  # execution options of a transaction that writes

# No wait without an end: for a server that does not answer, or that went away without a word.  The address may say otherwise.
_PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
    "application_name": "dateline",
}


def name(url: URL) -> str:
    """What errors call the database: no user, no password."""
    at = url.host or url.query.get("host") or "this machine"
    port = f":{url.port}" if url.port else ""
    return f"The database {url.database or url.username or ''} at {at}{port}"


def engine(url: URL, busy_s: float) -> Engine:
    """Connections to the server.

    A transaction reads one state of the database from its beginning to its end, as on SQLite.  One that writes first
    takes the lock of the one writer and then sees all that was committed before, so that nothing it does can be refused
    for what another did meanwhile.
    """
    made = create_engine(
        url,
        connect_args={key: value for key, value in _PATIENCE.items() if key not in url.query},
        isolation_level="REPEATABLE READ",
        pool_pre_ping=True,  # a connection that was lost while nobody used it is replaced
    )

    @event.listens_for(made, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # Instants come in the zone of the session, and those at the ends of the calendar would leave it in most zones.
        cursor = connection.cursor()
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.close()
        connection.commit()

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            # The limit of waiting is of this transaction, so that a pooler between us and the server may share sessions.
            limit = f"set_config('lock_timeout', '{max(1, round(busy_s * 1_000))}ms', true)"
            connection.exec_driver_sql(f"SELECT {limit}, pg_advisory_xact_lock({_WRITER})")

    return made


def make_ready(url: URL, busy_s: float) -> None:
    """Raise StoreError, with what to do, unless the schema is what this code expects.

    A server may serve several copies of the bot, so that one of them must not change the tables under the others by itself.
    """
    made = engine(url, busy_s)
    try:
        with made.begin() as connection:
            found = _revision(connection, url)
    finally:
        made.dispose()
    if found is None:
        raise StoreError(f"{name(url)} is empty; make the tables with: dateline migrate")
    if found != schema.HEAD:
        raise StoreError(
            f"{name(url)} was written by an older Dateline (schema {found}, this one needs {schema.HEAD}); stop every other "
            "copy of the bot, save the database with pg_dump, then bring it up to date with: dateline migrate"
        )


def migrate(url: URL, busy_s: float) -> str | None:
    """Make the schema what this code expects, whole or not at all; returns the revision it had."""
    made = engine(url, busy_s)
    try:
        with made.execution_options(**WRITES).begin() as connection:
            found = _revision(connection, url)
            if found is None:
                schema.create(connection)
            elif found != schema.HEAD:
                schema.upgrade(connection)
        return found
    finally:
        made.dispose()


def _revision(connection: Connection, url: URL) -> str | None:
    return schema.revision(connection, name(url), lambda _: ", or go back to a copy made before")


_BROKE_OFF = "broke off the connection; what was being written is there whole or not at all. Try again"
_BUSY = "is being written by another process, which does not let go; stop that one or try again"
_RIVAL = "could not do it at once with what another program was doing; try again"
_DAMAGED = "is damaged; look at the server's log, and put back a copy if need be"

# By SQLSTATE, or by its first letters.
_ADVICE = {
    "08": _BROKE_OFF,
    "25006": "cannot be written: it is read-only; give the address of the primary server",
    "3D000": "is not there any more",
    "40": _RIVAL,
    "42501": "does not let {user} do this: {reason}; grant it, or give the address another user",
    "42P01": "lacks a table: {reason}; put back a copy, or name an empty database and type: dateline migrate",
    "53100": "cannot grow: the disk of the server is full; free some space. Nothing was half written",
    "53": "has nothing left for us: {reason}; give the server more, or close what else uses it",
    "55P03": _BUSY,
    "57014": "gave up: {reason}; try again, or let it take longer (statement_timeout)",
    "57": _BROKE_OFF,
    "58": "cannot be read or written: {reason}; look at the server's log",
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}

# Before there is a session there is no SQLSTATE, only the text of the client library; what is not here cannot be reached.
_DOOR = {
    "password": "refuses the password of {user}; put the right one into its address",
    "no pg_hba.conf entry": "does not let {user} in: {reason}",
    "not permitted to log in": "does not let {user} in: {reason}",
    "role ": "knows no user {user}; make it with: createuser {user}",
    "database ": "is not there; make it with: createdb {database}",
    "invalid": "cannot be reached by this address: {reason}",
    "starting up": "is not ready yet: {reason}; try again in a moment",
    "shutting down": "is not ready: {reason}; try again in a moment",
    "": "cannot be reached: {reason}; check that the server runs and that its address is right",
}


def narrow(_url: URL) -> str:
    """``""``: a server looks after its own disk."""
    return ""


def advice(error: Exception, url: URL) -> str | None:
    """What failed and what to do, to be read after the name of the database; None for a bug.  Never the password."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return None
    told = {"user": url.username or "this user", "database": url.database or "", "reason": _reason(error.orig, url)}
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        said = next((said for start, said in _ADVICE.items() if state.startswith(start)), None)
    elif error.connection_invalidated:
        said = _BROKE_OFF
    elif isinstance(error, OperationalError) or "connection option" in told["reason"]:
        said = next(said for part, said in _DOOR.items() if part in told["reason"])
    else:
        said = None
    return None if said is None else said.format(**told)


def _reason(cause: BaseException, url: URL) -> str:
    """The words of the server or of its client library, in one line and without secrets."""
    line = next(iter(str(cause).splitlines()), "").rpartition(" failed: ")[2]
    line = line.removeprefix("connection is bad: ").removeprefix("FATAL:").strip()
    for secret in (url.password, url.query.get("password"), url.query.get("sslpassword")):
        if secret:
            line = line.replace(str(secret), "***")
    return line
