"""What an installation remembers, in one database: sources, articles with their claims, stories; and its ledger.

>>> async with open_store("sqlite:///news.db") as store:  # doctest: +SKIP
...     articles = await store.articles_between(window)
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, case, func, select

from bot.model import Channel
from bot.polling import FLOOR_S
from bot.ports import Counts, EntryPrint, Followed, Kept, Live, News, Poll, Regrouped
from bot.store import articles, corrections, memory, runs, sources, stories, topics
from bot.store.beats import UNSENT_ARTICLES, SqlBeats
from bot.store.database import BUSY_S, Database, migrate, open_database
from bot.store.ledger import SqlLedger
from bot.store.marks import SqlMarks
from bot.store.people import SqlPeople
from bot.store.tables import article, source, story
from bot.store.topics import SqlTopics
from digests.model import Query, Source, Window
from digests.stories import Change, story_id

__all__ = ["SqlStore", "migrate", "open_store"]


EARLIEST = datetime.min.replace(tzinfo=UTC)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def open_store(
    address: str, *, clock: Callable[[], datetime] = _utc_now, busy_s: float = BUSY_S
) -> AsyncIterator[SqlStore]:
    """Open the store at an address; closed at the end of the block.

    A file is made or migrated where that is needed; a server must have been brought up to date by :func:`migrate`.

    Args:
        address: ``sqlite:///news.db``, the bare path of a file, or ``postgresql://USER:PASSWORD@HOST/NAME``.
        clock: the present instant, aware.  It is asked while the write lock is held, so that whoever reads up to an
            instant and comes back later misses nothing that was stored in between.
        busy_s: how long a writer waits for another process, in seconds.

    Raises:
        StoreError: it cannot be used as it is (newer, older, read-only, full, locked, out of reach); the text says what to do.
    """
    async with open_database(address, busy_s=busy_s) as database:
        yield SqlStore(database, clock)


class SqlStore:
    """The store on a SQL database; see :class:`bot.ports.Store` for what its methods promise."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._shelf = articles.Shelf()
        self.ledger = SqlLedger(database)
        self.beats = SqlBeats(database)
        self.people = SqlPeople(database)
        self.topics = SqlTopics(database)
        self.marks = SqlMarks(database)

    async def add_source(self, source: Source, *, now: datetime, floor_s: float = FLOOR_S) -> bool:
        return await self._database.write(topics.give, source, now, floor_s)

    async def remove_source(self, source_id: str) -> bool:
        return await self._database.write(sources.remove, source_id)

    async def pause_source(self, source_id: str, paused: bool) -> bool:
        return await self._database.write(sources.pause, source_id, paused, self._clock())

    async def sources(self) -> list[Followed]:
        return await self._database.read(sources.every)

    async def claim_due(
        self, now: datetime, *, everything: bool = False, only: Collection[str] | None = None, early: bool = False
    ) -> list[Followed]:
        taken = await self._database.write(sources.claim, now, everything, only, early)
        return await self._database.read(_claimed, taken, now) if taken else []

    async def known(self, source_id: str, keys: Collection[str]) -> dict[str, str]:
        return await self._database.read(articles.known, source_id, keys)

    async def alike(self, source_id: str, prints: Collection[EntryPrint]) -> set[str]:
        return await self._database.read(articles.alike, source_id, prints)

    async def record(self, polls: Sequence[Poll]) -> list[str]:
        return await self._database.write(_record, polls, self._clock)

    async def articles_between(
        self,
        window: Window,
        *,
        by: Literal["published", "stored"] = "published",
        sources: Collection[str] | None = None,
        limit: int | None = None,
    ) -> list[Kept]:
        return await self._database.read(articles.between, self._shelf, window, by, sources, limit)

    async def articles(self, ids: Collection[str]) -> list[Kept]:
        return await self._database.read(articles.named, self._shelf, ids)

    async def at_address(self, url: str) -> list[Kept]:
        return await self._database.read(articles.at_address, self._shelf, url)

    async def story(self, story_id: str, *, sources: Collection[str] | None = None) -> list[Kept]:
        return await self._database.read(_story, self._shelf, story_id, sources)

    async def search(
        self, wanted: Query, *, sources: Collection[str] | None = None, limit: int = 1_000, offset: int = 0
    ) -> list[str]:
        return await self._database.read(articles.search, wanted, sources, limit, offset)

    async def live(self, since: datetime, *, after: int = 0) -> Live:
        return await self._database.read(stories.live, since, after)

    async def assign_stories(self, placed: Mapping[str, str], now: datetime, *, changes: Sequence[Change] = ()) -> None:
        await self._database.write(stories.assign, placed, changes, now)

    async def story_changes(self, story_id: str) -> list[Regrouped]:
        return await self._database.read(stories.changes, story_id)

    async def stories_now(self, story_ids: Collection[str]) -> dict[str, str]:
        return await self._database.read(stories.now, story_ids)

    async def news(
        self,
        channel: Channel,
        window: Window,
        *,
        limit: int,
        sources: Collection[str] | None = None,
        back: timedelta = timedelta(0),
    ) -> News:
        return await self._database.read(_news, self._shelf, channel, window, limit, sources, back)

    async def feeds(self, sources: Collection[str]) -> tuple[int, int] | None:
        return await self._database.read(_feeds, sources)

    async def counts(self, sources: Collection[str] | None = None) -> Counts:
        return await self._database.read(_counts, sources)

    async def prune(self, before: datetime) -> int:
        total = 0
        while forgotten := await self._database.write(articles.forget, before, UNSENT_ARTICLES):
            total += forgotten
        await self._database.write(_forget_rest, before)
        return total


def _claimed(connection: Connection, taken: Sequence[Followed], now: datetime) -> list[Followed]:
    ids = [each.source.id for each in taken]
    posts, unread = articles.posts(connection, ids, now), articles.unread(connection, ids)
    return [replace(each, posts_a_week=posts.get(each.source.id, 0), unread=unread.get(each.source.id, ())) for each in taken]


def _record(connection: Connection, polls: Sequence[Poll], clock: Callable[[], datetime]) -> list[str]:
    # A clock that was set back must not put articles behind a window that is closed: no digest would show them.
    closed = runs.closed_until(connection)
    return articles.record(connection, polls, max(clock(), closed or EARLIEST))


def _story(connection: Connection, shelf: articles.Shelf, story_id: str, sources: Collection[str] | None) -> list[Kept]:
    now = stories.lives_on(connection, story_id)
    return [] if now is None else articles.of_story(connection, shelf, now, sources)


def _news(
    connection: Connection,
    shelf: articles.Shelf,
    channel: Channel,
    window: Window,
    limit: int,
    sources: Collection[str] | None,
    back: timedelta,
) -> News:
    found = articles.between(connection, shelf, window, "stored", sources, limit)
    if back and window.start and len(found) < limit:
        before = Window(window.start - back, window.start)
        found += articles.told_of(connection, shelf, channel, before, sources, limit - len(found))
    return News(
        found,
        memory.sent_among(connection, channel, [each.understood.article.id for each in found]),
        memory.told(connection, channel, {each.story or story_id(each.understood.article.id) for each in found}),
        corrections.waiting(connection, channel),
    )


def _feeds(connection: Connection, of: Collection[str]) -> tuple[int, int] | None:
    answered = func.count(case((source.c.failures == 0, 1)))
    mine = source.c.id.in_(of) & (source.c.kind == "feed") & ~source.c.paused
    counted = connection.execute(select(answered, func.count()).where(mine)).one()
    return (counted[0], counted[1]) if counted[1] else None


def _counts(connection: Connection, of: Collection[str] | None) -> Counts:
    failing = source.c.failures > 0
    stopped = failing & source.c.next_poll_at.is_(None)
    marks = {"paused": source.c.paused, "failing": failing, "stopped": stopped}
    numbers = [func.count().label("sources"), *(func.count(case((one, 1))).label(name) for name, one in marks.items())]
    sources_, kept = select(*numbers).select_from(source), select(func.count()).select_from(article)
    told_apart = select(func.count()).select_from(story)
    if of is not None:
        theirs = article.c.source_id.in_(of)
        sources_, kept = sources_.where(source.c.id.in_(of)), kept.where(theirs)
        told_apart = select(func.count(article.c.story_id.distinct())).where(theirs)
    followed = connection.execute(sources_).one()
    articles_, stories_ = (connection.execute(each).scalar_one() for each in (kept, told_apart))
    return Counts(**followed._mapping, articles=articles_, stories=stories_)


def _forget_rest(connection: Connection, before: datetime) -> None:
    articles.forget_keys(connection)
    stories.forget_changes(connection, before)
