"""Queries on what channels were posted: whole digests, and what became of a story in them.  Each takes a connection in a
transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select

from bot.model import Channel, DeliveryState
from bot.ports import Appearance, Posted, Stood
from bot.store import digest_codec, outbox, stories
from bot.store.tables import delivery, digest, run, subscription
from digests.model import Digest

_ARRIVED = (DeliveryState.SENT, DeliveryState.UNCONFIRMED)


def since(connection: Connection, channel: Channel, instant: datetime, limit: int) -> list[Posted]:
    rows = connection.execute(_posted(channel).having(instant <= _AT).limit(limit))
    return _read(connection, rows.all()[::-1])


def numbered(connection: Connection, channel: Channel, number: int) -> Posted | None:
    rows = connection.execute(_posted(channel).where(run.c.number == number))
    return next(iter(_read(connection, rows.all())), None)


def appearances(connection: Connection, channel: Channel, story_id: str, limit: int) -> list[Appearance]:
    names = stories.names_of(connection, story_id)
    # Only lines that hold a name are read: it stands in quotation marks, as a text could not have it.
    named = or_(*(digest.c.line.contains(f'"{name}"', autoescape=True) for name in sorted(names)))
    made = select(run.c.id, run.c.number, digest.c.line).select_from(subscription.join(run).join(digest))
    made = made.where(subscription.c.channel == str(channel), named)
    if begun := stories.begun(connection, names):  # what was made before it is not looked into
        made = made.where(run.c.claimed_at >= begun)
    rows = connection.execute(made).all()
    messages = outbox.posts_of(connection, [row.id for row in rows], _ARRIVED)
    settled = {name: [each.settled_at for each in some if each.settled_at] for name, some in messages.items()}
    posted_at = {name: min(instants) for name, instants in settled.items() if instants}
    found: list[Appearance] = []
    arrived = [row for row in rows if row.id in posted_at]
    for row in sorted(arrived, key=lambda row: (posted_at[row.id], row.number), reverse=True)[:limit]:
        shown = digest_codec.legible(row.line, row.id)
        as_what = next(_stood(shown, names), None) if shown else None
        if as_what:
            found.append(Appearance(row.number, posted_at[row.id], *as_what))
    return found


_AT = func.min(delivery.c.settled_at)


def _posted(channel: Channel) -> Select[Any]:
    """The digests of a channel of which something arrived, newest first."""
    arrived: ColumnElement[bool] = delivery.c.state.in_(_ARRIVED) & outbox.POSTS
    return (
        select(run.c.id, run.c.number, digest.c.line, _AT.label("posted_at"))
        .select_from(digest.join(run, run.c.id == digest.c.run_id).join(delivery, delivery.c.run_id == run.c.id))
        .where(delivery.c.channel == str(channel), arrived)
        .group_by(run.c.id, run.c.number, digest.c.line)
        .order_by(_AT.desc(), run.c.number.desc())
    )


def _read(connection: Connection, rows: Sequence[Row[Any]]) -> list[Posted]:
    messages = outbox.posts_of(connection, [row.id for row in rows], _ARRIVED)
    found = []
    for row in rows:
        made = digest_codec.legible(row.line, row.id)
        if made:
            found.append(Posted(row.number, row.posted_at, made, tuple(messages[row.id])))
    return found


def _stood(made: Digest, names: Collection[str]) -> Iterator[tuple[Stood, str]]:
    """As what stories of these names stood in a digest; what was seen of them comes first."""
    for shown in made.stories:
        if shown.id in names:
            yield Stood.SHOWN, ""
    for also in made.also:
        if also.id in names:
            yield Stood.ALSO, ""
    for left_out in made.left_out:
        if any(each.id in names for each in left_out.stories):
            yield Stood.LEFT_OUT, left_out.kind
