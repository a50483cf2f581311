"""Slack and Discord in one process, through every fault that they have: what comes twice, and what is lost.

Both real adapters, the real desk and a real archive, over the loopback against the stand-ins of the tests.  In each round
messages fall due on both platforms, each of which may meet a fault, and so may the look for one that is in doubt; people ask
meanwhile, and what answers them meets faults too; connections break off.  In the end the platforms' own record is counted.
The bot's clock is moved by hand, so that pauses and doubts cost no time; what takes real time is a slow answer, and a
connection that is made anew.

    python -m benchmarks.bench_both --seed 1
    python -m benchmarks.bench_both --scale 0.2
    python -m benchmarks.bench_both --blind          nobody asks the platforms what they hold

Blind, what had no answer is sent again: that must show doubles, or the benchmark proves nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import itertools
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from pathlib import Path
from typing import Final

from benchmarks.table import Row, show
from bot import log, newsroom
from bot.adapters.discord import Discord
from bot.adapters.slack.adapter import Slack
from bot.app import Archive, archive
from bot.app.desk import Clock
from bot.deliver import deliver
from bot.model import Channel, DeliveryKind, DeliveryState
from bot.ports import Adapter
from tests.flows.conversing import furnished
from tests.flows.together import ANSWERS, LOOKS, POSTS, Together, listening, newsroom_desk, together
from tests.golden.news import full
from tests.servers import discord_app, slack
from tests.servers.discord_guilds import Channel as There
from tests.servers.discord_guilds import User
from tests.servers.discord_place import Act
from tests.servers.faults import NONE, Fault, broken, cut, says
from tests.servers.slack_workspace import Clock as SlackClock

PLATFORMS: Final = ("slack", "discord")
ROUNDS, CHANNELS, PEOPLE = 64, 4, 20
FEWEST: Final = 10  # of each fault, on each platform
SLOW_S: Final = 0.8  # the time-out of a call; nobody waits ten seconds for what never comes
AGES: Final = timedelta(minutes=6)  # so long Discord itself knows a message again that is sent twice
TRIES: Final = 4  # of somebody whose command went into a broken connection
ANSWERED_S: Final = 15.0  # within which an answer that was announced comes, however often it is tried
LOST_S: Final = 3.5  # after which somebody on Discord sees that the app did not respond
BACK_S: Final = 90.0  # until a connection that fell silent is back
ASKED: Final = ("help", "about storm", "now", "catchup", "sources storm")
KINDS: Final = (
    "429 with Retry-After",
    "500, 502 or 503, not stored",
    "500, 502 or 503, stored",
    "a page in the place of JSON",
    "cut before it was stored",
    "cut after it was stored",
    "slow, stored at once",
    "slow, stored after the time-out",
)
OF_ANSWERS: Final = (KINDS[0], KINDS[1], KINDS[2], KINDS[4], KINDS[5])
"""What befalls answers: what is slow costs real time there, and Slack itself says "ok" to one with a page."""
ANSWER: Final = "answer: "
LOOK: Final = "look for a message in doubt broken off or refused"
CUTS: Final = "connection cut, closed or to be made again"
SILENT: Final = "connection fell silent"
DUPLICATE: Final = "event or interaction told twice"


class BlindSlack(Slack):
    """Takes what had no answer to be absent."""

    async def look_up(
        self, channel: Channel, nonce: str, *, since: datetime, number: int | None, thread: str | None = None
    ) -> None:
        return None


class BlindDiscord(Discord):
    """Takes what had no answer to be absent."""

    async def look_up(
        self, channel: Channel, nonce: str, *, since: datetime, number: int | None, thread: str | None = None
    ) -> None:
        return None


class Hours(SlackClock):
    """The bot's clock for Slack; who waits for an instant waits no longer than it is away."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock().timestamp()

    async def reach(self, instant: float) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + instant - self.now()
        while self.now() < instant and loop.time() < until:  # noqa: ASYNC110  (the hand that moves the clock tells nobody)
            await asyncio.sleep(0.02)


@dataclass
class Tally:
    """What went wrong on the way, and what came of it."""

    faults: dict[str, Counter[str]] = field(default_factory=lambda: {each: Counter() for each in PLATFORMS})
    due: dict[str, list[tuple[Channel, str]]] = field(default_factory=lambda: {each: [] for each in PLATFORMS})
    asked: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    answered_twice: Counter[str] = field(default_factory=Counter)
    twice: Counter[str] = field(default_factory=Counter)
    lost: dict[str, list[str]] = field(default_factory=lambda: {each: [] for each in PLATFORMS})
    states: Counter[str] = field(default_factory=Counter)
    unmet: int = 0


@dataclass
class Office:
    """The bot on both platforms, and the people there."""

    places: Together
    slack: Slack
    discord: Discord
    kept: Archive
    clock: Clock
    chance: random.Random
    tally: Tally
    channels: dict[str, list[Channel]]
    rooms: dict[str, There]
    people: list[User]
    members: list[str]
    blind: bool
    gates: list[asyncio.Event] = field(default_factory=list)

    def of(self, channel: Channel) -> Adapter:
        return self.slack if channel.platform == "slack" else self.discord

    # Messages

    async def fall_due(self, number: int, *, well: bool) -> None:
        """Put a message into each channel, a digest or a line; and let most of them meet a fault, unless all is well."""
        for platform in PLATFORMS:
            for at, channel in enumerate(self.channels[platform]):
                serial = number * CHANNELS + at + 1
                words = f"Line {serial} of {platform}." if at else f"No. {serial} "
                adapter = self.of(channel)
                payloads = [adapter.render_line(words)] if at else adapter.render(replace(full(), number=serial))
                self.tally.due[platform].append((channel, words))
                for part, payload in enumerate(payloads):
                    key = f"{platform} {serial} {part}"
                    await self.kept.ledger.enqueue(channel, DeliveryKind.POST, payload, key, self.clock())
                if not well and self.chance.random() < 0.8:
                    self._meets(platform)

    def _meets(self, platform: str) -> None:
        """Let one of the next messages meet the fault that was met least so far."""
        met = self.tally.faults[platform]
        kind = min(KINDS, key=lambda each: (met[each], self.chance.random()))
        met[kind] += 1
        self.places.meets(platform, self._fault(platform, kind), POSTS[platform])
        if not self.blind and kind != KINDS[0] and self.chance.random() < 0.3:  # it is in doubt then
            met[LOOK] += 1
            look = self.chance.choice((broken(503), cut(stored=False), limited(platform, 7)))
            self.places.meets(platform, look, self.chance.choice(LOOKS[platform]))

    def hinder_answers(self) -> None:
        """Let one of the next answers on each platform meet the fault that was met least so far."""
        for platform in PLATFORMS:
            met = self.tally.faults[platform]
            kind = min(OF_ANSWERS, key=lambda each: (met[ANSWER + each], self.chance.random()))
            met[ANSWER + kind] += 1
            fault = limited(platform, 1) if kind == KINDS[0] else self._fault(platform, kind)
            self.places.meets(platform, fault, self.chance.choice(ANSWERS[platform]))

    def _fault(self, platform: str, kind: str) -> Fault:
        status = self.chance.choice((500, 502, 503))
        match KINDS.index(kind):
            case 0:
                return limited(platform, 7)
            case 1:
                return broken(status)
            case 2:
                return broken(status, stored=True)
            case 3:
                return says(200, "<html><h1>Sorry</h1></html>", "text/html", stored=self.chance.random() < 0.5)
            case 4 | 5 as at:
                return cut(stored=at == 5)
            case at:
                self.gates.append(gate := asyncio.Event())
                return replace(NONE, gate=gate, stored=at == 6)

    async def deliver(self) -> None:
        await deliver(self.kept.ledger, self, self.clock, "bench", wait=self._passes, timeout_s=SLOW_S)

    async def settle(self) -> None:
        """Let time pass until nothing waits any more."""
        for _ in range(60):
            for gate in self.gates:  # what was slow arrives now, though nobody waits for its answer
                gate.set()
            await asyncio.sleep(0.05 if self.gates else 0)
            self.gates.clear()
            if not await self.kept.ledger.deliveries(DeliveryState.PENDING, DeliveryState.SENDING):
                return
            self.clock.at += AGES
            await self.deliver()
        raise AssertionError("messages wait for ever")

    async def _passes(self, seconds: float) -> None:
        self.clock.at += timedelta(seconds=seconds)

    # People

    async def ask_in_slack(self, number: int) -> None:
        """Somebody types a command, and types it again where Slack says that it went wrong."""
        server, who = self.places.slack, self.members[number % PEOPLE]
        self.tally.asked["slack"] += 1
        before = len(server.inbox(who))
        for _ in range(TRIES):
            act = await server.command(who, "C1", "/digest", ASKED[number % len(ASKED)])
            if not act.error:
                try:
                    await server.until(lambda: len(server.inbox(who)) > before, "an answer")
                except AssertionError:
                    self.tally.unanswered["slack"] += 1
                return
            self.tally.again["slack"] += 1
            await self.connected("slack")
        self.tally.unanswered["slack"] += 1

    async def ask_in_discord(self, number: int) -> None:
        """The same on Discord; now and then the gateway tells of it twice."""
        server, who, words = self.places.discord, self.people[number % PEOPLE], ASKED[number % len(ASKED)]
        command, _, about = words.partition(" ")
        options = {"story" if command == "sources" else "words": about} if about else {}
        self.tally.asked["discord"] += 1
        for _ in range(TRIES):
            act = server.start_command(who, self.rooms["asked"], f"digest {command}", options)
            if command == "help" and not number % 2:
                self.tally.faults["discord"][DUPLICATE] += 1
                server.again(act)
            with suppress(AssertionError):  # it went into a connection that broke
                await server.until(partial(_is_settled, act), within_s=LOST_S)
            if act.first is not None:  # it goes on without the connection
                with suppress(AssertionError):
                    await server.until(partial(_is_settled, act), within_s=ANSWERED_S)
                self._count_answers(act, command)
                return
            self.tally.again["discord"] += 1
            await self.connected("discord")
        self.tally.unanswered["discord"] += 1

    def _count_answers(self, act: Act, command: str) -> None:
        self.tally.unanswered["discord"] += not act.settled or not act.messages
        self.tally.answered_twice["discord"] += command == "help" and len(act.messages) > 1

    async def write_in_slack(self, number: int) -> None:
        """Somebody writes to the bot alone, and Slack tells of it twice."""
        server, who = self.places.slack, self.members[number % PEOPLE]
        before = len(server.standing(f"D{who}"))
        server.dm(who, "help")
        await server.message_in(f"D{who}", before + 2)
        server.redeliver("message")
        await server.settled()
        self.tally.faults["slack"][DUPLICATE] += 1
        self.tally.answered_twice["slack"] += len(server.standing(f"D{who}")) > before + 2

    # Connections

    async def break_off(self, number: int) -> None:
        """Break the connections of both platforms, each time in another way."""
        for platform in PLATFORMS:
            self.tally.faults[platform][CUTS] += 1
        if number % 2:
            self.places.slack.cut()
        else:
            await self.places.slack.refresh()
        gateway = self.places.discord.gateway
        match number % 4:
            case 0:
                gateway.cut()
            case 1:
                gateway.ask_to_reconnect()
            case 2:
                gateway.invalidate(resumable=False)
            case _:
                gateway.close(4000)

    async def fall_silent(self) -> None:
        """Let nothing come over the connections any more, and wait until the bot found out."""
        slack_ever, gateway = self.places.slack.sockets.connected_ever, self.places.discord.gateway
        ever = gateway.identified + gateway.resumed
        self.places.slack.cut(silently=True)
        gateway.fall_silent()
        for platform in PLATFORMS:
            self.tally.faults[platform][SILENT] += 1
        await self.places.slack.workspace.until(
            lambda: self.places.slack.sockets.connected_ever > slack_ever, "a new connection to Slack", BACK_S
        )
        await self.places.discord.until(
            lambda: gateway.identified + gateway.resumed > ever, "a new connection to Discord", BACK_S
        )
        await self.connected(*PLATFORMS)

    async def connected(self, *platforms: str) -> None:
        if "slack" in platforms:
            await self.places.slack.connected()
        if "discord" in platforms:
            await self.places.discord.connected()

    # The end

    async def count(self) -> None:
        """Hold what the platforms show against what was due."""
        self.tally.unmet = self.places.slack.unmet + self.places.discord.unmet
        for platform in PLATFORMS:
            shown = {channel: self._shown(channel) for channel in self.channels[platform]}
            for channel, words in self.tally.due[platform]:
                times = sum(words in text for text in shown[channel])
                self.tally.twice[platform] += times > 1
                if not times:
                    self.tally.lost[platform].append(f"{channel}: {words}")
        keys = {str(channel) for channels in self.channels.values() for channel in channels}
        for each in await self.kept.ledger.deliveries(limit=100_000):
            if str(each.channel) in keys:
                self.tally.states[each.state.value] += 1

    def _shown(self, channel: Channel) -> list[str]:
        if channel.platform == "slack":
            return self.places.slack.shown(channel.id)
        return self.places.discord.shown(self.rooms[channel.id])


def limited(platform: str, seconds: int) -> Fault:
    return slack.limited(seconds) if platform == "slack" else discord_app.limited(seconds)


def _is_settled(act: Act) -> bool:
    return act.settled


@asynccontextmanager
async def opened(folder: Path, chance: random.Random, *, blind: bool) -> AsyncIterator[Office]:
    """The bot, connected to both, over an archive of some days' news."""
    file = folder / "news.db"
    await furnished(file)
    clock = Clock(newsroom.load().now)
    async with together(clock, Hours(clock)) as places, archive(f"sqlite:///{file}", now=clock) as kept:
        members = [places.slack.add_person(f"person-{number}") for number in range(PEOPLE)]
        people = [places.discord.add_user(f"Person {number}", places.guild) for number in range(PEOPLE)]
        named = [f"due-{number}" for number in range(CHANNELS)]
        rooms = {name: places.discord.add_channel(places.guild, name) for name in named}
        of_slack = [Channel("slack", "T1", places.slack.add_channel(name)) for name in named]
        of_discord = [Channel("discord", places.guild.id, rooms[name].id) for name in named]
        rooms = {each.id: each for each in rooms.values()} | {"asked": places.guild["news"]}
        office = Office(
            places,
            (BlindSlack if blind else Slack)(places.for_slack),
            (BlindDiscord if blind else Discord)(places.for_discord),
            kept,
            clock,
            chance,
            Tally(),
            {"slack": of_slack, "discord": of_discord},
            rooms,
            people,
            members,
            blind,
        )
        async with listening(places, office.slack, office.discord, newsroom_desk(kept, office), kept, clock):
            yield office


async def measure(rounds: int, seed: int, *, blind: bool) -> Tally:
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder), random.Random(seed), blind=blind) as office:
            cuts = itertools.count()
            for number in range(rounds):
                await office.fall_due(number, well=number == rounds - 1)  # what faults are left meet the last messages
                if number % 5 == 2:
                    await office.break_off(next(cuts))
                if number < rounds - 1:
                    office.hinder_answers()
                asking = [*map(office.ask_in_slack, (2 * number, 2 * number + 1))]
                asking += [*map(office.ask_in_discord, (2 * number, 2 * number + 1))]
                await asyncio.gather(office.deliver(), *asking)
                if number % 5 == 4:
                    await office.write_in_slack(number)
                await office.settle()
                if number == rounds // 2:
                    await office.fall_silent()
            await office.count()
    return office.tally


def rows(tally: Tally, scale: float, *, blind: bool, seconds: float) -> Iterator[Row]:
    fewest = int(FEWEST * min(scale, 1))
    for platform in PLATFORMS:
        met, name = tally.faults[platform], platform.capitalize()
        yield Row(f"{name}: messages due", str(len(tally.due[platform])))
        for kind in (*KINDS, *[LOOK] * (not blind), *(ANSWER + each for each in OF_ANSWERS), CUTS, DUPLICATE):
            yield Row(f"  {kind}", str(met[kind]), f"at least {fewest}", met[kind] >= fewest)
        yield Row(f"  {SILENT}", str(met[SILENT]))
        asked = f"{tally.asked[platform]}, {tally.again[platform]} of them typed again when the connection was broken"
        yield Row(f"{name}: commands", asked)
        yield Row("  never answered", str(tally.unanswered[platform]), "0", not tally.unanswered[platform])
        yield Row("  answered twice", str(tally.answered_twice[platform]), "0", not tally.answered_twice[platform])
        goal = "some, or it proves nothing" if blind else "0"
        yield Row(f"{name}: twice", str(tally.twice[platform]), goal, (tally.twice[platform] > 0) is blind)
        lost = tally.lost[platform]
        yield Row(f"{name}: lost", "; ".join([str(len(lost)), *lost[:3]]), "0", not lost)
    total, asked_ = sum(map(len, tally.due.values())), tally.asked.total()
    yield Row("messages, commands", f"{total}, {asked_}", _least(scale), total >= 500 * scale and asked_ >= 200 * scale)
    yield Row("faults that met nothing", str(tally.unmet), "0", not tally.unmet)
    yield Row("as the bot tells it", ", ".join(f"{number} {state}" for state, number in sorted(tally.states.items())))
    yield Row("took", f"{seconds:.0f} s")


def _least(scale: float) -> str:
    return f"at least {500 * scale:g}, {200 * scale:g}"


def main() -> int:
    """Return 0 when every goal is met, 1 when one is missed."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--scale", type=float, default=1.0, help="of messages and commands")
    arguments.add_argument("--blind", action="store_true", help="the platforms are not asked")
    chosen = arguments.parse_args()
    log.start(io.StringIO())
    began = time.monotonic()
    tally = asyncio.run(measure(max(2, ceil(ROUNDS * chosen.scale)), chosen.seed, blind=chosen.blind))
    seconds = time.monotonic() - began
    title = f"Slack and Discord in one process{', blind' if chosen.blind else ''}, seed {chosen.seed}"
    return show(title, rows(tally, chosen.scale, blind=chosen.blind, seconds=seconds))


if __name__ == "__main__":
    sys.exit(main())
