"""How many digests come twice or get lost when the bot is killed again and again while it posts.

The real program posts to a stand-in and is ended by SIGKILL: while a message is on the wire, before or after the platform
stored it, while one in doubt is looked up, or at any other instant.  One more digest falls due before each start.  Then the bot
may finish, and the platform's own record is counted against what the bot says of each message.

    python -m benchmarks.bench_kills --place chat --kills 300 --seed 1
    python -m benchmarks.bench_kills --place webhook

A chat can be asked what it holds, Slack's webhooks cannot.  With ``--blind`` nobody asks the chat, and what had no answer is
sent again: that must show doubles, or the benchmark proves nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from benchmarks.table import Row, show
from bot.model import Channel, DeliveryState, Subscription
from bot.schedule import parse
from tests.flows.living import BRIDGE, Bot, aged, opened, subscribed, with_news
from tests.servers.chat import Chat
from tests.servers.faults import Platform
from tests.servers.slack_webhook import SlackWebhook

LONGEST_S = 3.0  # until a kill at any instant
PATIENCE_S = 20.0
FEWEST = 50  # of 300 kills, before and after the platform stored the message
BEFORE, AFTER = "before it was stored", "after it was stored"
CAUGHT = {"before": "POST", "after": "POST", "looking": "GET"}


class Watched(Platform):
    """A platform whose requests can be caught on the wire, with a channel for each digest.

    ``catch``: ``before`` a message is stored, ``after`` that, while one is looked up (``looking``), or nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.catch = ""
        self.caught = asyncio.Event()
        self._gone = asyncio.Event()

    def let_go(self) -> None:
        """Nobody waits for an answer any more."""
        self._gone.set()
        self.catch, self.caught, self._gone = "", asyncio.Event(), asyncio.Event()

    @abstractmethod
    def open(self, number: int) -> Channel:
        """Make the channel of a digest."""

    @abstractmethod
    def held(self, channel: Channel) -> int:
        """How many messages the channel shows."""

    @abstractmethod
    def bot(self, home: Path) -> Bot: ...

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body, catch, caught, gone = await request.read(), self.catch, self.caught, self._gone
        catch = catch if CAUGHT.get(catch) == request.method else ""
        answer = self.take(request, body) if catch != "before" else web.Response(status=500)
        if catch:
            caught.set()
            await gone.wait()
            if request.transport is not None:
                request.transport.abort()
        return answer


class Hooks(Watched, SlackWebhook):
    """Slack's webhooks, which nobody can ask."""

    can_be_asked = False

    def __init__(self) -> None:
        super().__init__()
        self._environ: dict[str, str] = {}

    def open(self, number: int) -> Channel:
        self._environ[f"DATELINE_WEBHOOK_N{number}"] = self.add(f"n{number}")
        return Channel.parse(f"webhook:n{number}")

    def held(self, channel: Channel) -> int:
        return len(self.shown(channel.id))

    def bot(self, home: Path) -> Bot:
        return Bot(home, "--only", "webhook", environ=self._environ)


class Chats(Watched, Chat):
    """A chat that can be asked, unless the bot is blind."""

    def __init__(self, *, blind: bool) -> None:
        super().__init__()
        self.can_be_asked = not blind
        self._options = ("--blind",) if blind else ()

    def open(self, number: int) -> Channel:
        return Channel.parse(f"slack:T1/C{number:06}")

    def held(self, channel: Channel) -> int:
        return len(self.shown(f"{channel.space}/{channel.id}"))

    def bot(self, home: Path) -> Bot:
        return Bot(home, "--chat", self.origin, *self._options, program=["tests.flows.start"])


Place = Hooks | Chats
Attempt = tuple[str, int]


@dataclass
class Tally:
    """What the kills hit, and what came of the digests."""

    kills: Counter[str] = field(default_factory=Counter)
    landed: Counter[str] = field(default_factory=Counter)
    attempts: set[Attempt] = field(default_factory=set)
    twice: int = 0
    copies: int = 0
    lost: list[str] = field(default_factory=list)
    unconfirmed: int = 0
    posted: int = 0


def due_once(number: int, channel: Channel) -> Subscription:
    """A subscription with a channel of its own, whose one slot of the day passed five minutes ago."""
    slot = datetime.now(UTC) - timedelta(minutes=5)
    since = slot - timedelta(minutes=5)
    return Subscription(f"n{number}", channel, f"Digest {number}", parse(f"daily {slot:%H:%M}", "UTC"), since, since)


async def measure(place: Place, kills: int, seed: int) -> Tally:
    chance, tally = random.Random(seed), Tally()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        await with_news(home, BRIDGE)
        async with opened(home) as store:
            await store.pause_source("harbour", True)  # its address leads nowhere
        async with place:
            channels = [place.open(number) for number in range(kills)]
            for number, channel in enumerate(channels):
                await subscribed(home, due_once(number, channel))
                looking = place.can_be_asked and bool(_sending(home))
                [where] = chance.choices((_seldom_hit(tally, chance), "anywhere", "looking"), (4, 1, looking))
                held = {channel: place.held(channel) for channel in channels}
                tally.kills[await _kill(home, place, chance, where)] += 1
                _note(home, place, held, tally)
                await aged(home)
            await _finish(home, place, kills)
            await _count(home, place, channels, tally)
    return tally


async def _kill(home: Path, place: Place, chance: random.Random, where: str) -> str:
    """Start the bot and kill it; returns at which kind of instant."""
    place.catch = "" if where == "anywhere" else where
    async with place.bot(home):
        try:
            if where == "anywhere":
                await asyncio.sleep(chance.uniform(0.0, LONGEST_S))
            else:
                async with asyncio.timeout(PATIENCE_S):
                    await place.caught.wait()
        except TimeoutError:
            where = "nothing on the wire"
    place.let_go()
    return where


def _seldom_hit(tally: Tally, chance: random.Random) -> str:
    """The side of the storing of a message, ``before`` or ``after``, on which fewer kills landed so far."""
    before, after = tally.landed[BEFORE], tally.landed[AFTER]
    return chance.choice(("before", "after")) if before == after else "before" if before < after else "after"


def _note(home: Path, place: Place, held: Mapping[Channel, int], tally: Tally) -> None:
    """Note whether a kill left an attempt without an answer, and whether the platform had stored the message by then.

    ``held`` is how many messages each channel showed when the bot was started: a message that is sent again may be there from
    an attempt before, which says nothing of this one.
    """
    fresh = {attempt: channel for attempt, channel in _sending(home).items() if attempt not in tally.attempts}
    tally.attempts |= set(fresh)
    if fresh:
        stored = all(place.held(channel) > held[channel] for channel in fresh.values())
        tally.landed[AFTER if stored else BEFORE] += 1


def _sending(home: Path) -> dict[Attempt, Channel]:
    with closing(sqlite3.connect(home / "dateline.db")) as connection:
        rows = connection.execute("SELECT id, attempts, channel FROM delivery WHERE state = 'sending'").fetchall()
    return {(name, attempts): Channel.parse(channel) for name, attempts, channel in rows}


async def _finish(home: Path, place: Place, digests: int) -> None:
    """Let the bot go on until nothing is left to do."""
    async with place.bot(home) as bot, asyncio.timeout(120):
        while True:
            async with opened(home) as store:
                counts = await store.ledger.delivery_counts()
                runs = await store.ledger.runs(limit=10_000)
            open_ = counts.get(DeliveryState.PENDING, 0) + counts.get(DeliveryState.SENDING, 0)
            if len({run.subscription for run in runs}) == digests and not open_:
                if all(run.state.value != "claimed" for run in runs):
                    break
                await _let_claims_age(home)
            await asyncio.sleep(0.5)
        await bot.stopped()


async def _let_claims_age(home: Path) -> None:
    long_ago = (datetime.now(UTC) - timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with closing(sqlite3.connect(home / "dateline.db")) as connection, connection:
        connection.execute("UPDATE run SET claimed_at = ? WHERE state = 'claimed'", (long_ago,))


async def _count(home: Path, place: Place, channels: list[Channel], tally: Tally) -> None:
    """Hold what the platform shows against what the bot says."""
    async with opened(home) as store:
        told = {each.channel: each.state for each in await store.ledger.deliveries(limit=10_000)}
    for channel in channels:
        shown, state = place.held(channel), told.get(channel)
        tally.posted += shown > 0
        tally.twice += shown > 1
        tally.copies += max(shown - 1, 0)
        tally.unconfirmed += state is DeliveryState.UNCONFIRMED
        if shown == 0 and state not in (DeliveryState.UNCONFIRMED, DeliveryState.FAILED):
            tally.lost.append(str(channel))


def _rows(tally: Tally, kills: int, *, asked: bool, blind: bool, seconds: float) -> Iterator[Row]:
    least = FEWEST * kills // 300
    landed = sum(tally.landed.values())
    yield Row("kills while a message was sending", str(landed), f"at least {2 * least}", landed >= 2 * least)
    for when in (BEFORE, AFTER):
        yield Row(f"  {when}", str(tally.landed[when]), f"at least {least}", tally.landed[when] >= least)
    for kind, number in sorted(tally.kills.items()):
        yield Row(f"kills aimed: {kind}", str(number))
    yield Row("digests posted", f"{tally.posted} of {kills}")
    many = f"{tally.twice} digests, {tally.copies} messages too many"
    yield Row("twice", many, "some, or it proves nothing" if blind else "0", (tally.twice > 0) is blind)
    yield Row("lost without a word", str(len(tally.lost)), "0", not tally.lost)
    yield Row("left unconfirmed", str(tally.unconfirmed), "0" if asked else "", tally.unconfirmed == 0 if asked else None)
    yield Row("took", f"{seconds:.0f} s")


def main() -> int:
    """Return 0 when every goal is met, 1 when one is missed."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--place", choices=["chat", "webhook"], default="chat")
    arguments.add_argument("--kills", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--blind", action="store_true", help="the chat is not asked")
    chosen = arguments.parse_args()
    if chosen.blind and chosen.place != "chat":
        arguments.error("a webhook can't be asked anyway")
    began = time.monotonic()
    place: Place = Chats(blind=chosen.blind) if chosen.place == "chat" else Hooks()
    tally = asyncio.run(measure(place, chosen.kills, chosen.seed))
    seconds = time.monotonic() - began
    title = f"{chosen.kills} kills, {chosen.place}{', blind' if chosen.blind else ''}, seed {chosen.seed}"
    return show(title, _rows(tally, chosen.kills, asked=place.can_be_asked, blind=chosen.blind, seconds=seconds))


if __name__ == "__main__":
    sys.exit(main())
