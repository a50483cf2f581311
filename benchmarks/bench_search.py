"""How long a search of 100,000 articles takes while a round of collecting writes: ``python -m benchmarks.bench_search``.

What is measured is what somebody waits for: the search and the articles of one page of what it found, which nobody read before.
The archive is that of `benchmarks.bench_store`.  It is wall time, of this process alone on SQLite; on PostgreSQL, which is
measured with ``--only postgresql``, the server works too.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import text

from benchmarks.bench_store import NOW, article, fill, words
from benchmarks.table import Row, show
from bot.polling import Health
from bot.ports import Poll
from bot.store import SqlStore, open_store
from digests.model import Query, Source, Window
from tests.servers.postgres import connected, postgres_server

ARTICLES = 100_000
TIMES = 40  # of each kind, each with other words
PAGE = 10
GOAL_MS = 300
A_POLL, EVERY_S = 5, 0.02  # new articles of a source, and how soon the next: a round of a hundred sources in two seconds
SOME = [f"s{number}" for number in range(5)]  # of a hundred sources

Asks = Iterator[tuple[Query, Collection[str] | None]]


def kinds(vocabulary: Sequence[str], seed: random.Random) -> Mapping[str, Callable[[], Asks]]:
    """What is searched for.  Every article holds the commonest words; the rarest that are asked for stand in a few dozen."""

    def common() -> str:
        return vocabulary[seed.randrange(20, 200)]

    def rare() -> str:
        return vocabulary[seed.randrange(8_000, 16_000)]

    def asked(one: Callable[[], Query], sources: Collection[str] | None = None) -> Callable[[], Asks]:
        return lambda: ((one(), sources) for _ in range(TIMES))

    return {
        "a common word": asked(lambda: about(common())),
        "a rare word": asked(lambda: about(rare())),
        "two words": asked(lambda: about(common(), rare())),
        "a phrase": asked(lambda: about(f"{common()} {common()}")),
        "a beginning of three letters": asked(lambda: about(f"{common()[:3]}*")),
        "a beginning of two letters": asked(lambda: about(f"{common()[:2]}*")),
        "a common word without another": asked(lambda: about(common(), without=common())),
        "a common word, of 5 sources in 100": asked(lambda: about(common()), SOME),
        "a rare word, of 5 sources in 100": asked(lambda: about(rare()), SOME),
        "a common word, in a week": asked(lambda: about(common(), days=7)),
    }


def about(*asked: str, without: str = "", days: int | None = None) -> Query:
    start = None if days is None else NOW - timedelta(days=days)
    return Query(Window(start, NOW + timedelta(days=1)), asked, without=(without,) if without else ())


@asynccontextmanager
async def collecting(
    store: SqlStore, vocabulary: list[str], seed: random.Random, *, back: timedelta = timedelta(0)
) -> AsyncIterator[list[int]]:
    """Polls are recorded, round after round, while the block lasts; gives how many articles each had.

    Args:
        back: the articles are of so long a time, as those of a feed that is read for the first time.
    """
    recorded: list[int] = []

    async def go() -> None:
        for number in count():
            source = Source(f"s{number % 100}", "feed", "", "Outlet")
            made = [
                article(10**9 + number * A_POLL + at, source, NOW - back * seed.random(), vocabulary, seed)
                for at in range(A_POLL)
            ]
            new = tuple((one.article.id, one) for one in made)
            poll = Poll(source.id, Health(next_poll_at=NOW), new=new, backlog=frozenset(key for key, _ in new if back))
            await store.record([poll])
            recorded.append(A_POLL)
            await asyncio.sleep(EVERY_S)

    task = asyncio.create_task(go())
    try:
        yield recorded
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def settle(address: str) -> None:
    """Do what a PostgreSQL server does by itself some time after so much was stored; nothing of SQLite.

    Until then it has counted nothing of the tables, and part of the index waits to be sorted in.
    """
    if address.startswith("postgresql"):
        with connected(address) as connection:
            connection.execute(text("VACUUM ANALYZE"))


async def measure(address: str, articles: int) -> list[Row]:
    seed = random.Random(2)
    vocabulary = words(random.Random(1))
    rows = []
    async with open_store(address, clock=lambda: NOW) as store:
        await fill(store, articles)
    await asyncio.to_thread(settle, address)
    async with open_store(address, clock=lambda: NOW) as store, collecting(store, vocabulary, seed) as recorded:
        for what, asks in kinds(vocabulary, seed).items():
            took, found = [], 0
            for query, sources in asks():
                began = time.perf_counter()
                page = await store.articles(await store.search(query, sources=sources, limit=PAGE))
                took.append((time.perf_counter() - began) * 1_000)
                found += bool(page)
            middle, worst = statistics.median(took), statistics.quantiles(took, n=100, method="inclusive")[98]
            shown = f"p50 {middle:.0f} ms, p99 {worst:.0f} ms ({found} of {TIMES} found something)"
            rows.append(Row(what, shown, f"p99 {GOAL_MS} ms", worst <= GOAL_MS))
        rows.append(Row("articles stored meanwhile", str(sum(recorded)), "some", bool(recorded)))
    return rows


def on_sqlite(articles: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(measure(str(Path(folder) / "bench.db"), articles))


def on_postgresql(articles: int) -> list[Row]:
    with postgres_server() as server:
        return asyncio.run(measure(server.database(), articles))


def main() -> int:
    """Return 0 when every goal is met, 1 when one is missed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--articles", type=int, default=ARTICLES)
    arguments.add_argument("--only", choices=["sqlite", "postgresql"], default="sqlite")
    chosen = arguments.parse_args()
    measured = on_sqlite if chosen.only == "sqlite" else on_postgresql
    return show(f"A search of {chosen.articles:,} articles while others are stored, {chosen.only}", measured(chosen.articles))


if __name__ == "__main__":
    sys.exit(main())
