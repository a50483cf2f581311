"""What putting 1,000 new articles into stories costs with 100,000 stored against 1,000: ``python -m benchmarks.bench_stories``.

The articles are made up from a seed, a thousand a day; each tells of one of the events of its day in words that its event
shares.  All is done as ``dateline run`` does it, in rounds of 50 new articles; the time is CPU time of this process, SQLite's
included.  Only what is live is looked at, three days, so that the last column must stay near 1 but for the three days that an
archive of 1,000 does not have.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from benchmarks.bench_store import A_DAY, NOW, article, words
from bot.grouping import REPAIR, Grouping
from bot.polling import Health
from bot.ports import EntryPrint, Poll
from bot.store import SqlStore, open_store
from digests.claims import understand
from digests.model import Article, Source, Understood, Window

NEW = 1_000
ROUND = 50
AN_EVENT = 5  # articles of an event, on average
EVENT_WORDS = 12
SOURCE = Source("s1", "feed", "https://1.example/feed", "Outlet 1")


def told(number: int, count: int, vocabulary: list[str], seed: random.Random) -> Understood:
    """An article about an event of its day: half of its title and of its first sentence are words of the event."""
    published_at = NOW - timedelta(days=1) * (count - number) / A_DAY
    event = random.Random(f"{published_at.date()} {seed.randrange(A_DAY // AN_EVENT)}")
    of_event = event.sample(vocabulary[200:], EVENT_WORDS)
    plain = article(number, SOURCE, published_at, vocabulary, seed)
    title = " ".join([*of_event[:4], *plain.article.title.split()[:4]])
    lead = " ".join([*of_event, *plain.article.text.split()[:EVENT_WORDS]]).capitalize()
    rest = plain.article.text.split(". ", 1)[1]
    return replace(plain, article=replace(plain.article, title=title, text=f"{lead}. {rest}"), claims=())


async def store_all(store: SqlStore, articles: list[Understood]) -> None:
    new = tuple((each.article.id, each) for each in articles)
    prints = tuple(EntryPrint(key, "0" * 24) for key, _ in new)
    await store.record([Poll(SOURCE.id, Health(next_poll_at=NOW), (), prints, new)])


async def timed(act: Awaitable[object]) -> float:
    """Its CPU time, in ms."""
    began = time.process_time()
    await act
    return (time.process_time() - began) * 1_000


async def measure(address: str, count: int) -> dict[str, float]:
    seed = random.Random(1)
    vocabulary = words(seed)
    total = count + NEW
    async with open_store(address, clock=lambda: NOW) as store:
        await store.add_source(SOURCE, now=NOW)
        for start in range(0, count, 500):
            await store_all(store, [told(number, total, vocabulary, seed) for number in range(start, min(start + 500, count))])
        now = NOW - timedelta(days=1) * NEW / A_DAY
        await Grouping().group(store, now)
        grouping = Grouping()
        started = await timed(grouping.group(store, now))
        spent = 0.0
        for start in range(count, total, ROUND):
            await store_all(store, [told(number, total, vocabulary, seed) for number in range(start, start + ROUND)])
            spent += await timed(grouping.group(store, now))
        repaired = await timed(grouping.group(store, now + REPAIR))
        newest = await store.articles_between(Window(now, NOW))
        found = len({kept.story for kept in newest}) / len(newest)
    text = (Path(__file__).parent / "article.txt").read_text(encoding="utf-8")
    began = time.process_time()
    for number in range(100):
        understand(Article(str(number), "Outlet 1", "", text, published_day=NOW.date()))
    understood = (time.process_time() - began) * 10
    return {
        "understand, ms an article": understood,
        "place, ms an article": spent / NEW,
        "both": understood + spent / NEW,
        "read what is live, at start, ms": started,
        "group it anew, once an hour, ms": repaired,
        "stories an article": found,
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--articles", type=int, default=100_000)
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    figures = []
    for count in (A_DAY, chosen.articles):
        with tempfile.TemporaryDirectory() as folder:
            figures.append(asyncio.run(measure(str(Path(folder) / "bench.db"), count)))
    if chosen.json:
        print(json.dumps(dict(zip(("small", "large"), figures, strict=True))))
        return
    small, large = figures
    print(f"{'':<34}{A_DAY:>10,}{chosen.articles:>12,}{'ratio':>8}")
    for what, figure in small.items():
        print(f"{what:<34}{figure:>10.2f}{large[what]:>12.2f}{large[what] / figure:>8.2f}")


if __name__ == "__main__":
    main()
