"""A month of two hundred subscriptions, as fast as it goes: a set clock, a real store, and what the platform got.

    python -m tests.flows.month

The bot ticks whenever the clocks of some zone show a time that somebody wants, or have just been changed, and an article comes
every six hours.  The month holds the change of the clocks in New York (8 March), Berlin (29 March) and Lord Howe (5 April
2026).  Run as a program it writes what it counted as JSON: its memory is then its own.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.deliver import deliver
from bot.model import Channel, DeliveryState, IfNothing, Subscription
from bot.publish import publish_due
from bot.schedule import parse
from bot.store import open_store
from tests.bot.newsdesk import event, follow, store_articles
from tests.bot.store.making import Clock
from tests.fakes import FakeAdapter, Serving, Waits

FIRST, LAST = date(2026, 3, 7), date(2026, 4, 6)
"""The days whose slots are counted, on the clocks of each zone; the month begins a day before and ends a day after."""

HALF_HOUR = timedelta(minutes=30)
"""All clocks, and all changes of the month, are whole ones away from UTC; so are the times that are wanted."""

NEWS_EVERY = timedelta(hours=6)
CACHES_KIB = 16 << 10
"""What may be added after the first day: 2 MB of pages in each of SQLite's connections, and the newest articles."""

FLAT_AFTER, FLAT_KIB = 10, 5 << 10
"""After so many days those are full, and what is added then is less than this."""

DAY = timedelta(days=1)
START = datetime(2026, 3, 6, tzinfo=UTC)
DAYS = (LAST - FIRST).days + 3
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
WISHES = (  # how many subscriptions want what, by day of the week and time
    (80, "weekdays 08:00", range(5), ("08:00",)),
    (60, "mon,thu 08:00", (0, 3), ("08:00",)),
    (30, "daily 08:00", range(7), ("08:00",)),
    (15, "daily 02:30", range(7), ("02:30",)),  # which a change of the clocks leaves out or repeats
    (10, "daily 08:00 and 20:00", range(7), ("08:00", "20:00")),
    (5, "every 6h", range(7), ("00:00", "06:00", "12:00", "18:00")),
)
TOPICS = ("", "", "hospital", "railway")


@dataclass
class Month:
    """What a month came to.

    Args:
        runs: how often each slot ran, by subscription and slot, of the days that count.
        late: how many of them were late.
        doubled: messages whose nonce the platform got twice.
        unsent: messages that are not sent.
        most_kib: the most memory that the process had had by the end of each day.
    """

    runs: dict[str, int] = field(default_factory=dict)
    late: int = 0
    doubled: int = 0
    posted: int = 0
    unsent: int = 0
    most_kib: list[int] = field(default_factory=list)
    wall_s: float = 0.0
    cpu_s: float = 0.0


def subscriptions() -> list[tuple[Subscription, list[str]]]:
    """Everybody with the slots that they are owed, counted by the calendar alone, whatever the clocks do."""
    found: list[tuple[Subscription, list[str]]] = []
    days = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
    for count, words, weekdays, times in WISHES:
        for _ in range(count):
            n = len(found)
            wanted = Subscription(
                id=f"n{n}",
                channel=Channel.parse(f"slack:T1/C{n:03}"),
                title="News",
                schedule=parse(words, ZONES[n % len(ZONES)]),
                created_at=START,
                counts_from=START,
                topic=TOPICS[n // len(ZONES) % len(TOPICS)],
                if_nothing=IfNothing.SILENT if n % 3 else IfNothing.POST,
            )
            owed = [f"{day}T{at}" for day in days if day.weekday() in weekdays for at in times]
            found.append((wanted, owed))
    return found


def owed() -> dict[str, int]:
    """Every slot that counts, each once."""
    return {f"{wanted.id} {slot}": 1 for wanted, slots in subscriptions() for slot in slots}


def ticks() -> list[datetime]:
    """The instants, each half an hour, at which a slot may fall due."""
    wanted = {at for _, _, _, times in WISHES for at in times}
    zones = [ZoneInfo(zone) for zone in ZONES]
    found = []
    for before, now in pairwise(START + n * HALF_HOUR for n in range(-1, DAYS * (DAY // HALF_HOUR))):
        local = [(before.astimezone(zone), now.astimezone(zone)) for zone in zones]
        if any(f"{after:%H:%M}" in wanted or after.utcoffset() != ago.utcoffset() for ago, after in local):
            found.append(now)
    return found


async def live(folder: Path) -> Month:
    """Let the month pass."""
    began_s, began_cpu_s = time.monotonic(), time.process_time()
    clock, adapter, month = Clock(START), FakeAdapter(), Month()
    serving, runs = Serving(adapter), Counter(dict.fromkeys(owed(), 0))  # all at once, for it is the bot that is measured
    async with open_store(f"sqlite:///{folder / 'news.db'}", clock=clock) as store:
        await follow(store)
        for wanted, _ in subscriptions():
            await store.ledger.add_subscription(wanted)
        nonces: set[int] = set()
        news = 0
        for clock.now, coming in pairwise([*ticks(), START + DAYS * DAY]):
            if START + news * NEWS_EVERY <= clock.now:
                await store_articles(store, clock.now, event(news, clock.now))
                news += 1
            published = await publish_due(store.ledger, store, serving, clock.now, "bot")
            delivered = await deliver(store.ledger, serving, clock, "bot", wait=Waits())
            assert not published.bugs, published.bugs
            assert not delivered.bugs, delivered.bugs
            for run in published.runs:
                if str(FIRST) <= run.key < str(LAST + DAY):
                    runs[f"{run.subscription} {run.key}"] += 1
                    month.late += run.late
            month.posted += len(adapter.posted)
            fresh = {hash(each.nonce) for each in adapter.posted}
            month.doubled += len(adapter.posted) - len(fresh - nonces)
            nonces |= fresh
            adapter.posted.clear()
            if coming.date() > clock.now.date():
                month.most_kib.append(_most_kib())
        counts = await store.ledger.delivery_counts()
    month.unsent = sum(number for state, number in counts.items() if state is not DeliveryState.SENT)
    month.runs = dict(runs)
    month.wall_s, month.cpu_s = time.monotonic() - began_s, time.process_time() - began_cpu_s
    return month


def grown_kib(most_kib: list[int], after: int) -> int:
    """By how much the most memory grew after so many days."""
    return most_kib[-1] - most_kib[after - 1]


def _most_kib() -> int:
    """The most memory that this process had so far."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 1024 if sys.platform == "darwin" else most


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        json.dump(asdict(asyncio.run(live(Path(folder)))), sys.stdout)


if __name__ == "__main__":
    main()
