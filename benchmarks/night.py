"""A night to be read by eye: the platform is down for an hour, the bot is killed twice, and the clocks change.

    python -m benchmarks.night

The real program runs by a clock that goes thirty times as fast, through the night of 29 March 2026, in which Berlin goes from
01:59 to 03:00.  Printed is what its operator would see: the log, and ``dateline status`` now and then.  The exit code is 1
when a digest came twice, or was lost without a word.

What goes by seconds and not by the clock (a tick, the pause between two messages, a look for alarms each minute) takes thirty
times as long by that clock.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import archive
from bot.cli.status import in_lines, look
from bot.collect import collect
from bot.grouping import Grouping
from bot.model import Channel, DeliveryState, Fetched, Subscription
from bot.schedule import parse
from digests.model import Source
from tests.bot.cli.running import rss
from tests.fakes import FakeFetcher, InlineReader
from tests.flows.living import Bot, database
from tests.flows.start import Clock
from tests.servers.faults import held
from tests.servers.slack_webhook import SlackWebhook
from tests.servers.web import Web

HOUR = timedelta(hours=1)
EVENING = datetime(2026, 3, 28, 22, 50, tzinfo=UTC)
NEWS = (
    ("Old bridge of Asterby reopens after repairs", "The old bridge of Asterby reopened on Saturday, the town hall said."),
    ("Fire closes the mill of Corley", "A fire closed the timber mill of Corley on Saturday night, the fire brigade said."),
    ("Storm cuts the power of Dunmore", "A storm cut the power of 4,000 homes in Dunmore on Saturday, the grid company said."),
    ("Hospital of Elstow opens a ward", "The hospital of Elstow opened a ward for 60 patients on Saturday, its director said."),
    ("Rail tunnel at Farnham closes", "The railway closed the tunnel at Farnham on Sunday for seven weeks, it said."),
)


class Night:
    """The world of one night: a source, a platform, an archive, and a bot that comes and goes."""

    def __init__(self, home: Path, clock: Clock, web: Web, slack: SlackWebhook) -> None:
        self._home, self._clock, self._web, self._slack = home, clock, web, slack
        self._hooks = {f"DATELINE_WEBHOOK_{name.upper()}": slack.add(name) for name in ("news", "desk", "ops")}
        self._items = [{"title": f"Lot {lot} is sold", "pubDate": _stamp(EVENING - lot * HOUR / 2)} for lot in range(4, 300)]

    async def begin(self) -> None:
        """Follow a source that has news so often that it is read every hour, and want two digests."""
        self._serve()
        address = self._web.url("/feed")
        earlier = EVENING - 2 * HOUR
        async with archive(database(self._home), now=lambda: earlier) as store:
            await store.add_source(Source("harbour", "feed", address, "Harbour News"), now=earlier)
            for now, items in ((earlier, self._items[1:]), (earlier + HOUR, self._items)):
                fetched = Fetched(address, 200, rss(*items), "application/rss+xml")
                await collect(store, FakeFetcher({address: fetched}), InlineReader(), now, all=True, grouping=Grouping())
            for name, words in (("news", "daily 02:30"), ("desk", "every 1h")):
                schedule, since = parse(words, "Europe/Berlin"), self._clock()
                wanted = Subscription(name, Channel.parse(f"webhook:{name}"), name.title(), schedule, since, since)
                await store.ledger.add_subscription(wanted)

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        """The bot, until the end of the block; then its log is printed."""
        environ = self._hooks | {"DATELINE_RUN__NOTICES": "webhook:ops", "DATELINE_COLLECT__EVERY_S": "10"}
        start = ["tests.flows.start", "--clock", str(self._clock)]
        async with Bot(self._home, allow=[self._web.peer], environ=environ, program=start) as bot:
            yield bot
        print("\n".join(bot.lines), flush=True)

    async def until(self, hour: int, minute: int) -> None:
        """Wait for a time of the night, UTC."""
        wanted = EVENING.replace(hour=hour, minute=minute) + timedelta(days=hour < EVENING.hour)
        await asyncio.sleep(max((wanted - self._clock()).total_seconds() / self._clock.pace, 0))

    def happens(self, number: int) -> None:
        """Something is in the news."""
        title, text = NEWS[number]
        said = f"{text} It was not known at first how long that would last, and nobody was hurt."
        self._items.append({"title": title, "pubDate": _stamp(self._clock()), "description": said})
        self._serve()

    async def status(self, words: str) -> None:
        """What ``dateline status`` shows now."""
        print(f"\n--- {self._clock():%H:%M} UTC, {words}: dateline status")
        print(*in_lines(await look(database(self._home), self._clock()), "UTC"), "---\n", sep="\n", flush=True)

    async def verdict(self) -> int:
        """What the platform holds, and whether each slot came once or was reported."""
        print("--- What the channels show")
        for message in self._slack.messages:
            print(f"{message.hook}: {message.shown.splitlines()[0]}")
        async with archive(database(self._home)) as store:
            told = await store.ledger.deliveries(limit=1_000)
        posted = Counter(message.hook for message in self._slack.messages)
        sent = Counter(each.channel.id for each in told if each.state is DeliveryState.SENT)
        unknown = Counter(each.channel.id for each in told if each.state is DeliveryState.UNCONFIRMED)
        return int(any(not sent[name] <= posted[name] <= sent[name] + unknown[name] for name in ("news", "desk", "ops")))

    def _serve(self) -> None:
        self._web.serve("/feed", rss(*self._items), content_type="application/rss+xml")


def _stamp(instant: datetime) -> str:
    return f"{instant:%a, %d %b %Y %H:%M:%S} GMT"


async def live(home: Path, pace: float) -> int:
    """Let the night pass; returns the exit code."""
    gate = asyncio.Event()
    async with Web() as web:
        slack = SlackWebhook()
        await slack.__aenter__()
        night = Night(home, Clock.from_now(EVENING, pace), web, slack)
        await night.begin()
        async with night.bot() as bot:
            await bot.said("started")
            night.happens(0)
            await night.until(23, 5)
            await night.status("an hour that went well")
            night.happens(1)
            slack.next(held(gate))
            await slack.received(len(slack.requests) + 1)
        print("--- killed while the digest of midnight is on its way")
        gate.set()
        night.happens(2)
        async with night.bot() as bot:
            await night.until(0, 40)
            await slack.stop()
            night.happens(3)
            await night.until(1, 20)
            await night.status("the platform is down")
        print("--- killed while the platform is down")
        async with night.bot() as bot:
            await night.until(1, 40)
            await slack.__aenter__()
            night.happens(4)
            await night.until(1, 55)
            await night.status("the platform is back")
            await night.until(2, 5)
            await bot.stopped()
        await night.status("stopped")
        await slack.stop()
        return await night.verdict()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pace", type=float, default=30.0, help="how many times as fast the clock runs")
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(live(Path(folder), arguments.parse_args().pace))


if __name__ == "__main__":
    sys.exit(main())
