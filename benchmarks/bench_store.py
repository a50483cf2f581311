"""How the store fares with 100,000 articles against 1,000: ``python -m benchmarks.bench_store [--articles N]``.

Everything is made up from a seed; the database lies in a temporary folder.  CPU time of this process, the best of five.
The last column is what must stay near 1: the same day of news, found among more and more.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from bot.polling import Health
from bot.ports import EntryPrint, Poll
from bot.store import SqlStore, open_store
from digests.model import Article, Attribution, Citation, Claim, EventDate, Source, Understood, Window

NOW = datetime(2024, 10, 13, 12, tzinfo=UTC)
A_DAY = 1_000  # articles of the newest 24 hours, whatever lies before them
SENTENCES = 20  # about 2.6 kB
CLAIMS = 12
LETTERS = "etaoinshrdlucmfwypvbgkjqxz"


def words(seed: random.Random) -> list[str]:
    return ["".join(seed.choices(LETTERS, range(26, 0, -1), k=seed.randint(2, 10))) for _ in range(20_000)]


def article(number: int, source: Source, published_at: datetime, vocabulary: list[str], seed: random.Random) -> Understood:
    """An article of 20 sentences and 12 claims; rare words are rare as in prose (Zipf)."""
    drawn = [vocabulary[min(int(seed.paretovariate(0.6)) - 1, len(vocabulary) - 1)] for _ in range(SENTENCES * 18 + 8)]
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
    return Understood(made, tuple(claims))


async def fill(store: SqlStore, count: int) -> float:
    """Store ``count`` articles of 100 sources, oldest first; returns CPU seconds spent in storing."""
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
        began = time.process_time()
        await store.record(polls)
        spent += time.process_time() - began
    return spent


async def best(act: Callable[[], Awaitable[object]]) -> float:
    """The least CPU time of five runs, in ms."""
    figures = []
    for _ in range(5):
        began = time.process_time()
        await act()
        figures.append((time.process_time() - began) * 1_000)
    return min(figures)


async def measure(count: int) -> dict[str, float]:
    vocabulary = words(random.Random(1))
    day, everything = Window(NOW - timedelta(days=1), NOW), Window(None, NOW + timedelta(days=1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        async with open_store(str(path), clock=lambda: NOW) as store:
            stored = await fill(store, count)
            began = time.process_time()
            await store.articles_between(day)
            cold = (time.process_time() - began) * 1_000
            figures = {
                "store, ms an article": stored / count * 1_000,
                "day of articles, first read": cold,
                "day of articles, again": await best(lambda: store.articles_between(day)),
                "newest 100": await best(lambda: store.articles_between(everything, limit=100)),
                "search a day, common word": await best(lambda: store.search([vocabulary[20]], day)),
                "search a day, rare words": await best(lambda: store.search([vocabulary[900], vocabulary[30]], day)),
                "search everything, rare word": await best(lambda: store.search([vocabulary[9_000]], everything)),
                "search everything, common word": await best(lambda: store.search([vocabulary[20]], everything)),
                "claim what is due": await best(lambda: store.claim_due(NOW + timedelta(minutes=1), only=["s1"])),
            }
        figures["MB on disk"] = path.stat().st_size / 1e6

        async def open_again() -> None:
            async with open_store(str(path)):
                pass

        figures["open"] = await best(open_again)
    return figures


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--articles", type=int, default=100_000)
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    small, large = asyncio.run(measure(A_DAY)), asyncio.run(measure(chosen.articles))
    if chosen.json:
        print(json.dumps({"small": small, "large": large}))
        return
    print(f"{'CPU ms':<34}{A_DAY:>10,}{chosen.articles:>12,}{'ratio':>8}")
    for name, figure in small.items():
        print(f"{name:<34}{figure:>10.2f}{large[name]:>12.2f}{large[name] / figure:>8.2f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
