"""How many digests come twice or get lost when the bot is killed again and again while it posts.

The real ``dateline run`` posts to a stand-in of Slack's webhooks and is ended by SIGKILL: while a message is on the wire,
before or after the platform stored it, or at any other instant.  One more digest falls due before each start.  Then the bot
may finish, and the platform's own record is counted against what the bot says of each message.

    python -m benchmarks.bench_kills --kills 300 --seed 1

``--blind`` sends what is in doubt again, as a bot without doubts would: it must show doubles, or the benchmark proves nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.model import Channel, DeliveryState, Subscription
from bot.schedule import parse
from tests.flows.living import BRIDGE, Bot, aged, opened, subscribed, with_news
from tests.servers.slack_webhook import SlackWebhook

LONGEST_S = 3.0  # until a kill at any instant
PATIENCE_S = 20.0


@dataclass
class Tally:
    """What the kills hit, and what came of the digests."""

    kills: Counter[str] = field(default_factory=Counter)
    doubts: set[str] = field(default_factory=set)
    sending: Counter[str] = field(default_factory=Counter)
    twice: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unconfirmed: int = 0
    posted: int = 0


def due_once(number: int) -> Subscription:
    """A subscription with a channel of its own, whose one slot of the day passed five minutes ago."""
    slot = datetime.now(UTC) - timedelta(minutes=5)
    since = slot - timedelta(minutes=5)
    schedule = parse(f"daily {slot:%H:%M}", "UTC")
    return Subscription(f"n{number}", Channel.parse(f"webhook:n{number}"), f"Digest {number}", schedule, since, since)


class Watched(SlackWebhook):
    """Slack's webhooks, of which messages can be caught on the wire: before they are stored, or before the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.catch = ""
        self.caught = asyncio.Event()
        self._gone = asyncio.Event()

    def let_go(self) -> None:
        """Nobody waits for an answer any more."""
        self._gone.set()
        self.catch, self.caught, self._gone = "", asyncio.Event(), asyncio.Event()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body, catch, caught, gone = await request.read(), self.catch, self.caught, self._gone
        answer = self.take(request, body) if catch != "before" else web.Response(status=500)
        if catch:
            caught.set()
            await gone.wait()
            if request.transport is not None:
                request.transport.abort()
        return answer


async def measure(kills: int, seed: int, blind: bool) -> Tally:
    chance, tally = random.Random(seed), Tally()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        await with_news(home, BRIDGE)
        async with Watched() as slack:
            hooks = {f"DATELINE_WEBHOOK_N{number}": slack.add(f"n{number}") for number in range(kills)}
            for number in range(kills):
                await subscribed(home, due_once(number))
                where = await _kill(home, hooks, slack, chance)
                fresh = _in_doubt(home, blind) - tally.doubts
                tally.kills[where] += 1
                tally.sending[where] += bool(fresh)
                tally.doubts |= fresh
                await aged(home)
            await _finish(home, hooks)
            await _count(home, slack, kills, tally)
    return tally


async def _kill(home: Path, hooks: dict[str, str], slack: Watched, chance: random.Random) -> str:
    """Start the bot and kill it at an instant that chance decides; returns which kind of instant."""
    where = chance.choice(["before", "after", "anywhere"])
    slack.catch = "" if where == "anywhere" else where
    async with Bot(home, "--only", "webhook", environ=hooks) as bot:
        try:
            if where == "anywhere":
                await asyncio.sleep(chance.uniform(0.0, LONGEST_S))
            else:
                async with asyncio.timeout(PATIENCE_S):
                    await slack.caught.wait()
        except TimeoutError:
            where = "nothing on the wire"
        bot.process.kill()
    slack.let_go()
    return where


def _in_doubt(home: Path, blind: bool) -> set[str]:
    """The messages that are in doubt after a kill; ``blind`` puts them back as if they had never left."""
    with closing(sqlite3.connect(home / "dateline.db")) as connection, connection:
        found = {row[0] for row in connection.execute("SELECT id FROM delivery WHERE state = 'sending'")}
        if blind:
            connection.execute("UPDATE delivery SET state = 'pending', sending_since = NULL WHERE state = 'sending'")
    return found


async def _finish(home: Path, hooks: dict[str, str]) -> None:
    """Let the bot go on until nothing is left to do."""
    async with Bot(home, "--only", "webhook", environ=hooks) as bot, asyncio.timeout(120):
        while True:
            async with opened(home) as store:
                counts = await store.ledger.delivery_counts()
                runs = await store.ledger.runs(limit=10_000)
            open_ = counts.get(DeliveryState.PENDING, 0) + counts.get(DeliveryState.SENDING, 0)
            if len({run.subscription for run in runs}) == len(hooks) and not open_:
                if all(run.state.value != "claimed" for run in runs):
                    break
                await _let_claims_age(home)
            await asyncio.sleep(0.5)
        await bot.stopped()


async def _let_claims_age(home: Path) -> None:
    long_ago = (datetime.now(UTC) - timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with closing(sqlite3.connect(home / "dateline.db")) as connection, connection:
        connection.execute("UPDATE run SET claimed_at = ? WHERE state = 'claimed'", (long_ago,))


async def _count(home: Path, slack: Watched, digests: int, tally: Tally) -> None:
    """Hold what the platform shows against what the bot says."""
    async with opened(home) as store:
        told = {str(each.channel): each.state for each in await store.ledger.deliveries(limit=10_000)}
    for number in range(digests):
        shown, state = len(slack.shown(f"n{number}")), told.get(f"webhook:n{number}")
        tally.posted += shown > 0
        tally.unconfirmed += state is DeliveryState.UNCONFIRMED
        if shown > 1:
            tally.twice.append(f"n{number}")
        if shown == 0 and state not in (DeliveryState.UNCONFIRMED, DeliveryState.FAILED):
            tally.lost.append(f"n{number}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--kills", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--blind", action="store_true")
    chosen = arguments.parse_args()
    began = time.monotonic()
    tally = asyncio.run(measure(chosen.kills, chosen.seed, chosen.blind))
    print(f"seed {chosen.seed}{', blind' if chosen.blind else ''}, {time.monotonic() - began:.0f} s")
    for where, number in sorted(tally.kills.items()):
        print(f"kills {where}: {number}, of which {tally.sending[where]} left a message in doubt")
    print(f"digests: {chosen.kills} due, {tally.posted} posted, {tally.unconfirmed} reported as unconfirmed")
    print(f"twice: {len(tally.twice)} {' '.join(tally.twice)}".rstrip())
    print(f"lost without a word: {len(tally.lost)} {' '.join(tally.lost)}".rstrip())
    if bool(tally.twice or tally.lost) is not chosen.blind:
        sys.exit(1)


if __name__ == "__main__":
    main()
