"""Queries on what a channel was told: the articles that stand in its digests, and the facts.  Each takes a connection in a
transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, insert, select, update

from bot.model import Channel, Fact, Run
from bot.ports import Composition
from bot.store import digest_codec, stories
from bot.store.articles import chunks
from bot.store.codec import read_date, write_date
from bot.store.tables import article, correction, digest, fact, sent

_SHOWN = select(sent.c.article).where(sent.c.channel == bindparam("of"), sent.c.article.in_(bindparam("some", expanding=True)))
_TOLD = select(fact).where(fact.c.channel == bindparam("of"), fact.c.story.in_(bindparam("some", expanding=True)))
_SINCE = exists().where(article.c.id == fact.c.article, article.c.revision > fact.c.revision)
_OUTDATED = update(fact).where(fact.c.run_id == bindparam("by"), _SINCE)  # what was made of a text that changed meanwhile


def sent_among(connection: Connection, channel: Channel, articles: Collection[str]) -> set[str]:
    """Those of the articles that stand in a digest of the channel, whatever their revision."""
    found: set[str] = set()
    for some in chunks(articles):
        found.update(connection.execute(_SHOWN, {"of": str(channel), "some": some}).scalars())
    return found


def told(connection: Connection, channel: Channel, of: Collection[str]) -> list[Fact]:
    """What a channel was told of some stories, oldest first; of the rest, which grows with the years, nothing is read."""
    rows = [row for some in chunks(of) for row in connection.execute(_TOLD, {"of": str(channel), "some": some})]
    return [read_fact(row) for row in sorted(rows, key=lambda row: row.number)]


def read_fact(row: Row[Any]) -> Fact:
    return Fact(
        story=row.story,
        text=row.text,
        date=read_date(*row.date),
        article=row.article,
        start=row.start,
        end=row.end,
        told_at=row.told_at,
        update=row.is_update,
        delivery=row.delivery_id,
        revision=row.revision,
        withdrawn=row.withdrawn,
    )


def keep(connection: Connection, run: Run, channel: Channel, made: Composition, delivery: str | None, now: datetime) -> None:
    """Remember what a digest shows, under the stories of now: they may have been regrouped since it was made.

    ``delivery`` is the message that shows all of it; None when there are several.
    """
    shown = {one.article for one in made.articles} | {one.article for one in made.facts}
    story_of = stories.of_articles(connection, shown)
    articles = [
        {
            "channel": str(channel),
            "article": one.article,
            "revision": one.revision,
            "story": story_of.get(one.article, one.story),
            "run_id": run.id,
            "sent_at": now,
        }
        for one in made.articles
    ]
    facts = [
        {
            "channel": str(channel),
            "story": story_of.get(one.article, one.story),
            "text": one.text,
            "date": write_date(one.date),
            "article": one.article,
            "start": one.start,
            "end": one.end,
            "told_at": one.told_at,
            "is_update": one.update,
            "run_id": run.id,
            "delivery_id": delivery,
            "revision": one.revision,
            "outdated": False,
            "withdrawn": one.withdrawn,
        }
        for one in made.facts
    ]
    if articles:
        connection.execute(insert(sent), articles)
    if facts:
        connection.execute(insert(fact), facts)
        connection.execute(_OUTDATED, {"by": run.id, "outdated": True})
    if made.digest is not None:
        line = digest_codec.encode(made.digest)
        connection.execute(insert(digest), {"run_id": run.id, "line": line, "edition": 0, "kept_at": now})
    if made.corrections:
        carried = update(correction).where(correction.c.number.in_(made.corrections))
        connection.execute(carried.values(carried_by=run.id))


def forget(connection: Connection, run_id: str) -> None:
    """Forget what a digest would have shown: it never left.  The corrections that it carried come with another."""
    for table in (sent, fact, digest, correction):
        connection.execute(delete(table).where(table.c.run_id == run_id))
    connection.execute(update(correction).where(correction.c.carried_by == run_id).values(carried_by=None))
