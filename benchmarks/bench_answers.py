"""How long the desk takes to answer out of 100,000 articles while a round of collecting writes.

    python -m benchmarks.bench_answers

What is measured is what somebody waits for, from the request to the reply as values; drawing it and sending it are the
platform's.  The archive has 90 days, told in stories that many or one article tell, ten posted digests, topics, and a person
with wishes, who asks everything.  The round reads feeds for the first time: what it stores is of any of the 90 days.  It is
wall time, of this process alone on SQLite; on PostgreSQL, which is measured with ``--only postgresql``, the server works too.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import random
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.bench_search import collecting, settle
from benchmarks.bench_store import NOW, article, words
from benchmarks.table import Row, show
from bot.adapters.console import Terminal
from bot.app.desk import Clock, desk
from bot.commands.completion import SOURCE, STORY, TOPIC
from bot.deliver import deliver
from bot.model import Channel, Space, Subscription
from bot.pauses import shorten_pauses
from bot.polling import Health
from bot.ports import Adapter, Poll
from bot.ports.people import Does, Sort, Thing, Wish
from bot.ports.topics import EVERYWHERE, Topic
from bot.publish import publish_due
from bot.schedule import parse
from bot.store import SqlStore, open_store
from bot.talk import Asked, Person, Pressed, Request, Typed, control_id
from digests.model import Source
from digests.stories import story_id
from tests.fakes import FakeFetcher, InlineReader
from tests.servers.postgres import postgres_server

ARTICLES, DAYS, SOURCES = 100_000, 90, 100
TIMES = 20  # each question, with other words or of another story
GOAL_MS, GOAL_WEEK_MS, GOAL_BLOCKED_MS = 300, 1_000, 50  # for a week 3,000 articles are read
WEEK = "now, of a week"
POSTED = 10  # days, one digest each
SEED = 5
JOINS = 0.6  # share of articles that tell a story of the last days once more, and sooner one that many tell
LIVE = 3_000  # articles that such a story is taken from, about three days
CHANNEL, SOMEBODY = Channel("console"), Person("somebody", admin=True, zone="Europe/Berlin")
A_REQUEST = timedelta(seconds=7)  # between two of one person, who may ask ten times a minute
OWNER = "bench"


class Unseen:
    """Adapters of a terminal that nobody sees."""

    def of(self, channel: Channel) -> Adapter:
        return Terminal(io.StringIO())


@dataclass(slots=True)
class Told:
    """What the archive holds, as far as it is asked for."""

    stories: list[str] = field(default_factory=list)
    newest: list[str] = field(default_factory=list)  # stories of the last day


async def fill(store: SqlStore, clock: Clock, articles: int, seed: random.Random, vocabulary: list[str]) -> Told:
    """Let 90 days go by: articles with their stories each day, and on the last ten a digest, a day before now the last."""
    sources = [Source(f"s{number}", "feed", f"https://{number}.example/feed", f"Outlet {number}") for number in range(SOURCES)]
    clock.at = NOW - timedelta(days=DAYS)
    for source in sources:
        await store.topics.follow(source, EVERYWHERE, clock.at, topics=["Carried"] if source.id < "s2" else ())
    for number in range(6):
        await store.topics.add_topic(None, Topic(f"Topic {number}", vocabulary[30 * 3**number]), clock.at)
    for does, sort, name in (
        (Does.FOLLOW, Sort.WORDS, vocabulary[300]),
        (Does.FOLLOW, Sort.TOPIC, "Topic 3"),
        (Does.MUTE, Sort.WORDS, vocabulary[3_000]),
        (Does.MUTE, Sort.SOURCE, "s7"),
    ):
        await store.people.set_wish(Space.of(CHANNEL), SOMEBODY.id, Wish(does, Thing(sort, name), clock.at), clock.at)
    told, lately, number = Told(), deque[str](maxlen=LIVE), 0
    for day in range(1, DAYS + 1):
        end = NOW - timedelta(days=DAYS - day)
        many = articles * day // DAYS - number
        made, placed = [], {}
        for at in range(many):
            number += 1
            source = sources[number % SOURCES]
            made.append(article(number, source, end - timedelta(days=1) * (many - at) / many, vocabulary, seed))
            name = made[-1].article.id
            placed[name] = seed.choice(lately) if lately and seed.random() < JOINS else story_id(name)
            lately.append(placed[name])
        clock.at = end - timedelta(minutes=5)
        polls = [Poll(each.article.source_id, Health(next_poll_at=NOW), new=((each.article.id, each),)) for each in made]
        for start in range(0, many, 500):
            await store.record(polls[start : start + 500])
        await store.assign_stories(placed, clock.at)
        clock.at = end
        told.stories += dict.fromkeys(placed.values())
        told.newest = list(dict.fromkeys(placed.values()))
        if day == DAYS - POSTED - 1:
            daily = parse(f"daily {NOW:%H:%M}", "UTC")
            await store.ledger.add_subscription(Subscription("daily", CHANNEL, "News", daily, end, end))
        elif DAYS - POSTED <= day < DAYS:
            await publish_due(store.ledger, store, Unseen(), end, OWNER)
            await deliver(store.ledger, Unseen(), clock, OWNER)
    return told


@asynccontextmanager
async def watching() -> AsyncIterator[list[float]]:
    """How late the event loop comes back to one who rests for 5 ms, in ms, again and again while the block lasts."""
    late: list[float] = []

    async def go() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            late.append((time.perf_counter() - began) * 1_000 - 5)

    task = asyncio.create_task(go())
    try:
        yield late
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def questions(told: Told, vocabulary: Sequence[str], seed: random.Random) -> Mapping[str, Callable[[], Asked]]:
    """What is asked, each time anew.  Every article holds the commonest words; the rarest stand in a few dozen."""

    def common() -> str:
        return vocabulary[seed.randrange(20, 200)]

    def rare() -> str:
        return vocabulary[seed.randrange(8_000, 16_000)]

    since = NOW - timedelta(days=POSTED)
    return {
        "now": lambda: Typed("now"),
        WEEK: lambda: Typed("now since:7d"),
        "now, of a topic of words": lambda: Typed(f'now topic:"Topic {seed.randrange(6)}"'),
        "now, of a topic that feeds carry": lambda: Typed("now topic:Carried"),
        "about a common word": lambda: Typed(f"about {common()}"),
        "about a rare word": lambda: Typed(f"about {rare()}"),
        "search a common word": lambda: Typed(f"search {common()}"),
        "search a rare word": lambda: Typed(f"search {rare()}"),
        "story": lambda: Typed(f"story {seed.choice(told.stories)}"),
        "sources": lambda: Typed(f"sources {seed.choice(told.stories)}"),
        "why, a story of any day": lambda: Typed(f"why {seed.choice(told.stories)}"),
        "why, a story of today": lambda: Typed(f"why {seed.choice(told.newest)}"),
        "catchup, after ten days": lambda: Typed(f"catchup since:{since:%Y-%m-%d}"),
        "left-out": lambda: Pressed(control_id("left-out", str(seed.randrange(1, POSTED + 1)))),
        "preview": lambda: Typed("preview"),
        "help": lambda: Typed("help"),
    }


@dataclass(slots=True)
class Figures:
    took: list[float] = field(default_factory=list)
    answered: int = 0

    def row(self, what: str, late: Sequence[float]) -> Row:
        middle, worst = statistics.median(self.took), statistics.quantiles(self.took, n=100, method="inclusive")[98]
        shown = f"p50 {middle:.0f} ms, p99 {worst:.0f} ms, loop at most {max(late, default=0):.0f} ms late"
        if self.answered < len(self.took):
            shown += f", {len(self.took) - self.answered} of {len(self.took)} without an answer"
        goal = GOAL_WEEK_MS if what == WEEK else GOAL_MS
        return Row(what, shown, f"p99 {goal:,} ms", worst <= goal and self.answered == len(self.took))


async def measure(address: str, articles: int, times: int) -> list[Row]:
    seed, vocabulary, clock = random.Random(SEED), words(random.Random(1)), Clock(NOW)
    began = time.perf_counter()
    async with open_store(address, clock=clock) as store:
        told = await fill(store, clock, articles, seed, vocabulary)
    await asyncio.to_thread(settle, address)
    counted = f"{SEED}, {articles:,}, {len(set(told.stories)):,}; stored in {time.perf_counter() - began:.0f} s"
    return [Row("seed, articles, stories", counted), *await answering(address, told, vocabulary, seed, times)]


async def answering(address: str, told: Told, vocabulary: list[str], seed: random.Random, times: int) -> list[Row]:
    clock, rows = Clock(NOW), list[Row]()
    async with (
        open_store(address, clock=clock) as store,
        collecting(store, vocabulary, seed, back=timedelta(days=DAYS)) as recorded,
        watching() as late,
    ):
        shorten_pauses()  # as `dateline run` does
        asked = desk(store, FakeFetcher({}), InlineReader(), Unseen(), owner=OWNER, title="News", zone="UTC", kept_days=DAYS)
        numbers = count()

        async def ask(one: Callable[[], Asked]) -> bool:
            clock.at += A_REQUEST
            request = Request(str(next(numbers)), SOMEBODY, CHANNEL, one(), clock.at)
            answer = await asked.answer(request)
            return answer is not None

        async def complete(kind: str) -> bool:
            clock.at += timedelta(minutes=2)  # longer than what was read before is kept
            return bool(await asked.offers(CHANNEL, kind, "", clock.at))

        async def timed(what: str, act: Callable[[], Awaitable[bool]]) -> Row:
            figures, before = Figures(), len(late)
            for _ in range(times):
                started = time.perf_counter()
                figures.answered += await act()
                figures.took.append((time.perf_counter() - started) * 1_000)
            return figures.row(what, late[before:])

        for what, one in questions(told, vocabulary, seed).items():
            rows.append(await timed(what, partial(ask, one)))
        for kind in (TOPIC, STORY, SOURCE):
            rows.append(await timed(f"completion, a {kind}", partial(complete, kind)))
        blocked = max(late)
        met = blocked <= GOAL_BLOCKED_MS
        rows.append(Row("the event loop was blocked at most", f"{blocked:.0f} ms", f"{GOAL_BLOCKED_MS} ms", met))
        rows.append(Row("articles stored meanwhile", f"{sum(recorded):,}", "some", bool(recorded)))
    return rows


def on_sqlite(articles: int, times: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(measure(str(Path(folder) / "bench.db"), articles, times))


def on_postgresql(articles: int, times: int) -> list[Row]:
    with postgres_server() as server:
        return asyncio.run(measure(server.database(), articles, times))


def main() -> int:
    """Return 0 when every goal is met, 1 when one is missed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--articles", type=int, default=ARTICLES)
    arguments.add_argument("--times", type=int, default=TIMES, help="of each question")
    arguments.add_argument("--only", choices=["sqlite", "postgresql"], default="sqlite")
    chosen = arguments.parse_args()
    measured = on_sqlite if chosen.only == "sqlite" else on_postgresql
    title = f"Answers out of {chosen.articles:,} articles while others are stored, {chosen.only}"
    return show(title, measured(chosen.articles, chosen.times))


if __name__ == "__main__":
    sys.exit(main())
