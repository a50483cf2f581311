"""What an installation remembers, in one database: sources, articles with their claims, stories; and its ledger.

>>> async with open_store("sqlite:///news.db") as store:  # doctest: +SKIP
...     articles = await store.articles_between(window)
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import case, func, select

from bot.polling import FLOOR_S
from bot.ports import Counts, EntryPrint, Followed, Kept, Live, Poll, Regrouped
from bot.store import articles, runs, sources, stories, topics
from bot.store.beats import UNSENT_ARTICLES, SqlBeats
from bot.store.database import BUSY_S, Database, migrate, open_database
from bot.store.ledger import SqlLedger
from bot.store.tables import article, source, story
from bot.store.topics import SqlTopics
from digests.model import Source, Window
from digests.stories import Change

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
        self._one_writer = asyncio.Lock()  # tasks of this process queue here; other processes wait at the database
        self.ledger = SqlLedger(database, self._one_writer)
        self.beats = SqlBeats(database, self._one_writer)
        self.topics = SqlTopics(database, self._one_writer)

    async def add_source(self, source: Source, *, now: datetime, floor_s: float = FLOOR_S) -> bool:
        async with self._one_writer, self._database.write() as connection:
            added = await sources.add(connection, source, now, floor_s)
            if added:
                await topics.give(connection, source.id)
            return added

    async def remove_source(self, source_id: str) -> bool:
        async with self._one_writer, self._database.write() as connection:
            return await sources.remove(connection, source_id)

    async def pause_source(self, source_id: str, paused: bool) -> bool:
        async with self._one_writer, self._database.write() as connection:
            return await sources.pause(connection, source_id, paused, self._clock())

    async def sources(self) -> list[Followed]:
        async with self._database.read() as connection:
            return await sources.every(connection)

    async def claim_due(
        self, now: datetime, *, everything: bool = False, only: Collection[str] | None = None
    ) -> list[Followed]:
        async with self._one_writer, self._database.write() as connection:
            return await sources.claim(connection, now, everything, only)

    async def known(self, source_id: str, keys: Collection[str]) -> dict[str, str]:
        async with self._database.read() as connection:
            return await articles.known(connection, source_id, keys)

    async def alike(self, source_id: str, prints: Collection[EntryPrint]) -> set[str]:
        async with self._database.read() as connection:
            return await articles.alike(connection, source_id, prints)

    async def record(self, polls: Sequence[Poll]) -> list[str]:
        async with self._one_writer, self._database.write() as connection:
            # A clock that was set back must not put articles behind a window that is closed: no digest would show them.
            closed = await runs.closed_until(connection)
            return await articles.record(connection, polls, max(self._clock(), closed or EARLIEST))

    async def articles_between(
        self,
        window: Window,
        *,
        by: Literal["published", "stored"] = "published",
        limit: int | None = None,
        sources: Collection[str] | None = None,
    ) -> list[Kept]:
        async with self._database.read() as connection:
            rows = await articles.between(connection, window, by, limit, sources)
            read = {row.id: understood for row in rows if (understood := self._shelf.get(row)) is not None}
            full = await articles.full(connection, [row.number for row in rows if row.id not in read])
        read |= await articles.decoded(full)
        found = [Kept(read[row.id], row.stored_at, row.story_id, row.revision) for row in rows]
        self._shelf.put(found)
        return found

    async def search(self, words: Sequence[str], window: Window, *, limit: int = 1_000) -> list[str]:
        async with self._database.read() as connection:
            return await articles.search(connection, words, window, limit)

    async def live(self, since: datetime, *, after: int = 0) -> Live:
        async with self._database.read() as connection:
            return await stories.live(connection, since, after)

    async def assign_stories(self, placed: Mapping[str, str], now: datetime, *, changes: Sequence[Change] = ()) -> None:
        async with self._one_writer, self._database.write() as connection:
            await stories.assign(connection, placed, changes, now)

    async def story_changes(self, story_id: str) -> list[Regrouped]:
        async with self._database.read() as connection:
            return await stories.changes(connection, story_id)

    async def newest_story_change(self) -> int:
        async with self._database.read() as connection:
            return await stories.newest_change(connection)

    async def counts(self) -> Counts:
        failing = source.c.failures > 0
        stopped = failing & source.c.next_poll_at.is_(None)
        marks = {"paused": source.c.paused, "failing": failing, "stopped": stopped}
        numbers = [func.count().label("sources"), *(func.count(case((one, 1))).label(name) for name, one in marks.items())]
        async with self._database.read() as connection:
            followed = (await connection.execute(select(*numbers).select_from(source))).one()
            kept = (await connection.execute(select(func.count()).select_from(article))).scalar_one()
            told_apart = (await connection.execute(select(func.count()).select_from(story))).scalar_one()
        return Counts(**followed._mapping, articles=kept, stories=told_apart)

    async def prune(self, before: datetime) -> int:
        total = 0
        while True:
            async with self._one_writer, self._database.write() as connection:
                forgotten = await articles.forget(connection, before, UNSENT_ARTICLES)
            total += forgotten
            if not forgotten:
                break
        async with self._one_writer, self._database.write() as connection:
            await articles.forget_keys(connection)
            await stories.forget_changes(connection, before)
        return total
