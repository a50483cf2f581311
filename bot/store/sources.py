"""Queries on sources: who is followed, who is due, how they are doing.  Each takes a connection in a transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, or_, select, update

from bot.address import domain_at
from bot.model import Validators
from bot.polling import FLOOR_S, Health
from bot.ports import Followed
from bot.store.tables import source
from digests.model import Source

LEASE = timedelta(minutes=15)  # how long a claimed source is nobody else's, even when all are asked for


def add(connection: Connection, new: Source, now: datetime, floor_s: float) -> bool:
    """Add a source that is due at once; False when its address is there."""
    if connection.execute(select(source.c.id).where(source.c.address == new.address)).first():
        return False
    values = {"id": new.id, "kind": new.kind, "address": new.address, "name": new.name, "zone": new.zone}
    health = columns(Health(next_poll_at=now))
    connection.execute(insert(source).values(**values, **health, floor_s=floor_s, paused=False, added_at=now))
    return True


def at_address(connection: Connection, address: str) -> Source:
    """The source that has an address, which one has."""
    row = connection.execute(select(source).where(source.c.address == address)).one()
    return Source(row.id, row.kind, row.address, row.name, row.zone)


def remove(connection: Connection, source_id: str) -> bool:
    return connection.execute(delete(source).where(source.c.id == source_id)).rowcount > 0


def pause(connection: Connection, source_id: str, paused: bool, now: datetime) -> bool:
    """Pause or resume; one that had stopped for good is due at once when it is resumed."""
    changed = connection.execute(update(source).where(source.c.id == source_id).values(paused=paused))
    if not paused:
        stopped = (source.c.id == source_id) & source.c.next_poll_at.is_(None)
        connection.execute(update(source).where(stopped).values(next_poll_at=now, failures=0, failing_since=None))
    return changed.rowcount > 0


def every(connection: Connection) -> list[Followed]:
    rows = connection.execute(select(source).order_by(source.c.added_at, source.c.id))
    return [_followed(row) for row in rows]


def claim(connection: Connection, now: datetime, everything: bool, only: Collection[str] | None, early: bool) -> list[Followed]:
    """Take the sources that are due: in one statement, so that of two who ask at once each gets its own.

    Nothing else is asked here, for whoever wants to write waits meanwhile: see :func:`bot.store.articles.posts`.
    """
    free = ~source.c.paused & or_(source.c.leased_until.is_(None), source.c.leased_until <= now)
    wanted = select(source.c.id).where(free)
    if not everything:
        due = source.c.next_poll_at <= now
        wanted = wanted.where(or_(due, source.c.early_at <= now) if early else due)
    if only is not None:
        wanted = wanted.where(source.c.id.in_(only))
    taken = connection.execute(
        update(source)
        .where(source.c.id.in_(wanted.with_for_update(skip_locked=True)))
        .values(leased_until=now + LEASE, next_poll_at=now + timedelta(seconds=FLOOR_S), early_at=None)
        .returning(source)
    )
    followed = [_followed(row) for row in taken]
    return sorted(followed, key=lambda one: (one.health.last_polled_at is not None, one.source.id))


def leave_alone(connection: Connection, pauses: Mapping[str, datetime]) -> None:
    """Ask no source of a registrable domain before the instant until which one of them, by its id, is to be left alone.

    The process that was asked remembers that too, but another one, or the next, would not.
    """
    rows = connection.execute(select(source.c.id, source.c.address)).all()
    domains = {row.id: domain for row in rows if (domain := domain_at(row.address)) is not None}
    until: dict[str, datetime] = {}
    for name in pauses.keys() & domains.keys():
        until[domains[name]] = max(pauses[name], until.get(domains[name], pauses[name]))
    paused = [{"of": name, "until": until[domain]} for name, domain in domains.items() if domain in until]
    if paused:
        earlier = (source.c.id == bindparam("of")) & (source.c.next_poll_at < bindparam("until"))
        connection.execute(update(source).where(earlier).values(next_poll_at=bindparam("until")), paused)
        connection.execute(update(source).where(source.c.id.in_(each["of"] for each in paused)).values(early_at=None))


def name(connection: Connection, names: Mapping[str, str]) -> None:
    """Call sources, by their id, what their articles say; one that has a name keeps it."""
    called = [{"of": one, "called": given} for one, given in names.items()]
    if called:
        nameless = (source.c.id == bindparam("of")) & (source.c.name == "")
        connection.execute(update(source).where(nameless).values(name=bindparam("called")), called)


def columns(health: Health) -> dict[str, Any]:
    """The health of a source as column values; whoever claimed it lets go."""
    return {
        "etag": health.validators.etag,
        "last_modified": health.validators.last_modified,
        "body_hash": health.body_hash,
        "ttl_s": health.ttl_s,
        "next_poll_at": health.next_poll_at,
        "early_at": health.early_at,
        "last_polled_at": health.last_polled_at,
        "last_ok_at": health.last_ok_at,
        "failures": health.failures,
        "failing_since": health.failing_since,
        "last_error": health.last_error,
        "moved_to": health.moved_to,
        "moved_times": health.moved_times,
        "moved_since": health.moved_since,
        "leased_until": None,
    }


def _followed(row: Row[Any]) -> Followed:
    names = set(Health.__dataclass_fields__) - {"validators"}
    return Followed(
        Source(row.id, row.kind, row.address, row.name, row.zone),
        Health(validators=Validators(row.etag, row.last_modified), **{name: getattr(row, name) for name in names}),
        row.floor_s,
        row.paused,
        row.added_at,
    )
