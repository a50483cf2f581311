"""A week of news to be read by eye: the real bot on Slack and on Discord, on a clock that is set by hand.

    python -m benchmarks.week --out FOLDER
    python -m benchmarks.week --corpora PATH
    python -m benchmarks.week --out FOLDER --ask "/digest about storm"

The feeds of the corpora and the newsroom are served by a local server, and list an entry once the clock has passed its date.
Most news feeds of the corpora were captured on 18 February 2026, so the week ends the morning after and they keep their own
dates.  The rest (blogs, mostly) are moved by whole weeks until the newest entry falls into the week: weekdays stay true, but
their texts may speak of another year.  The newsroom is moved too, with the days that its texts name.  Behind an entry is a page
where the corpora or the newsroom have one, else a 404, so that of most real news there is no more than the feed says.

Without corpora the newsroom lives alone, in its own days.

In the folder (``build/week`` without ``--out``): what each channel shows, as text and as it was sent; the log, the archive,
each feed and what came of it, and a summary.  The stand-ins of the tests are the platforms; everything else is what
``dateline run`` does.  A capture holds no more than its last entries, so that a busy outlet looks quiet before they begin, and
is asked rarely.

``--ask`` asks the bot afterwards, at the end of the week that is in the folder: by the machine's clock its news would be too
old to be told.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from benchmarks.bench_both import Hours
from benchmarks.table import ROOT
from bot import log, newsroom
from bot.adapters.console.conversation import Conversation
from bot.adapters.discord import Discord
from bot.adapters.discord.render import draw
from bot.adapters.slack.adapter import Slack
from bot.app import Archive, archive, reading
from bot.app.desk import Clock, desk, prefixes
from bot.app.platforms import platforms
from bot.app.whole import steps
from bot.errors import SourceError
from bot.feeds import source_id
from bot.grouping import Grouping
from bot.model import Channel, Subscription
from bot.ports import Adapter
from bot.ports.topics import EVERYWHERE, Topic
from bot.rounds import Kept, Rounds
from bot.running import Step
from bot.schedule import parse
from bot.talk import Person
from config.settings import Settings, load
from digests.model import Source, Window
from tests.flows.conversing import TITLE, replayed
from tests.flows.together import Together, listening, together
from tests.servers.discord_words import read, shown, spoken
from tests.servers.news import WEEK, Capture, Ferried, News, captured_pages, captures, newsroom_outlets
from tests.servers.web import Web

OWNER: Final = "week"
CAPTURED: Final = datetime(2026, 2, 12, 8, 0, tzinfo=UTC)
"""When the week of the captures begins: an hour after its Thursday's digest.  The newest of their own dates is the 18th."""
TICK: Final = timedelta(minutes=10)
ROOMS: Final = ("news", "topic", "quiet", "ops")
QUIET: Final = "earthquake"
_WORLD: Final = "world.json"


@dataclass(frozen=True, slots=True)
class World:
    """Who publishes, and when the week begins."""

    begin: datetime
    room: newsroom.Newsroom
    captures: tuple[Capture, ...]
    corpora: Path | None
    topic: str

    @property
    def moved(self) -> int:
        """By how many weeks the newsroom is moved, so that the week ends with its own."""
        return round((self.begin + WEEK - self.room.now) / WEEK)

    def serve(self, news: News) -> dict[Source, int]:
        """Every outlet with the weeks by which it is moved."""
        newsroom_outlets(news, self.room, self.moved)
        outlets = dict.fromkeys(self.room.sources, self.moved)
        if self.corpora:
            captured_pages(news, self.corpora)
        for each in self.captures:
            weeks = each.weeks_to(self.begin)
            news.feed(each.address, each.content_type, each.listing(weeks))
            outlets[Source(each.address, "feed", each.address, "")] = weeks
        return {replace(source, id=source_id(source.address)): weeks for source, weeks in outlets.items()}


def world(corpora: Path | None) -> World:
    """The week of the captures with the newsroom in it, or the newsroom's own week."""
    room = newsroom.load()
    if corpora is None:
        return World(room.now - WEEK, room, (), None, "storm*")
    return World(CAPTURED, room, tuple(captures(corpora)), corpora, "iran")


@dataclass(frozen=True, slots=True)
class Both:
    """The platforms: `bot.ports.Adapters`."""

    slack: Slack
    discord: Discord

    def of(self, channel: Channel) -> Adapter:
        return self.slack if channel.platform == "slack" else self.discord


@dataclass(slots=True)
class Bot:
    """The bot of the week, and the world that it sees."""

    places: Together
    news: News
    kept: Archive
    clock: Clock
    steps: list[Step]
    outlets: dict[Source, int]
    rooms: dict[str, dict[str, str]]

    async def live(self, until: datetime) -> None:
        """Let the clock go on, a tick at a time; each step has its turn when its period is over."""
        began = self.clock.at
        while self.clock.at <= until:
            for step in self.steps:
                if (self.clock.at - began) % max(timedelta(seconds=step.every_s), TICK) == timedelta(0):
                    await step.do(self.clock.at)
            self.clock.at += TICK

    async def subscribe(self, topic: str, zone: str) -> None:
        """Follow every outlet, and want a digest each morning, one of a topic on weekdays, and one that is seldom any."""
        now = self.clock.at
        for source in self.outlets:
            await self.kept.topics.follow(source, EVERYWHERE, now)
        await self.kept.topics.add_topic(None, Topic("In focus", topic), now)
        await self.kept.topics.add_topic(None, Topic("Tremors", QUIET), now)
        wishes = {
            "news": ("Morning digest", "daily 08:00", ""),
            "topic": ("In focus", "weekdays 08:00", "In focus"),
            "quiet": ("Tremors", "daily 08:00", "Tremors"),
        }
        for platform, rooms in self.rooms.items():
            for room, (title, schedule, about) in wishes.items():
                channel = Channel.parse(rooms[room])
                wanted = Subscription(f"{platform}-{room}", channel, title, parse(schedule, zone), now, now, about)
                await self.kept.ledger.add_subscription(wanted)


@asynccontextmanager
async def opened(folder: Path, chosen: World, clock: Clock) -> AsyncIterator[Bot]:
    """The bot, connected to both platforms, with an empty archive in the folder."""
    async with (
        Web() as web,
        together(clock, Hours(clock)) as places,
        archive(f"sqlite:///{folder / 'dateline.db'}", now=clock) as kept,
    ):
        rooms = _rooms(places)
        settings = load(None, {"DATELINE_FETCH__ALLOW": json.dumps([web.peer])})
        async with reading(settings) as (client, reader):
            news = News(web, clock)
            outlets = chosen.serve(news)
            both, fetcher = Both(Slack(places.for_slack), Discord(places.for_discord)), Ferried(client, news)
            rounds = Rounds(
                *(kept, kept.ledger, kept.beats, kept.people, kept.marks, fetcher, reader, both, OWNER, clock),
                asyncio.Event(),
                Grouping(),
                _kept(settings),
                asyncio.get_running_loop().time,
                Channel.parse(rooms["slack"]["ops"]),
                (both.slack, both.discord),
                jitter=lambda: 0.5,
            )
            days = settings.retention.articles_days
            zone = chosen.room.zone
            asked = desk(
                *(kept, fetcher, reader, both), owner=OWNER, title=TITLE, zone=zone, kept_days=days, prefixes=prefixes()
            )
            async with listening(places, both.slack, both.discord, asked, kept, clock):
                yield Bot(places, news, kept, clock, steps(rounds, settings), outlets, rooms)


def _kept(settings: Settings) -> Kept:
    keep = settings.retention
    return Kept(*(timedelta(days=days) for days in (keep.articles_days, keep.messages_days, keep.removed_days)))


def _rooms(places: Together) -> dict[str, dict[str, str]]:
    """The channels of each platform by name, as they are written."""
    guild = places.guild
    there = {name: guild["news"] if name == "news" else places.discord.add_channel(guild, name) for name in ROOMS}
    return {
        "slack": {name: f"slack:T1/{'C1' if name == 'news' else places.slack.add_channel(name)}" for name in ROOMS},
        "discord": {name: f"discord:{guild.id}/{channel.id}" for name, channel in there.items()},
    }


# What is to be read


@dataclass(frozen=True, slots=True)
class Post:
    """A message as its platform shows it in the end.

    Args:
        how: what a reader sees beside it, such as "edited".
    """

    at: datetime
    drawn: str
    payload: dict[str, Any]
    how: str = ""

    @property
    def bullets(self) -> int:
        """Bullets and one-liners, which look the same."""
        return sum(line.startswith(" • ") for line in self.drawn.splitlines())


def posts(bot: Bot, platform: str, room: str) -> list[Post]:
    """What stands in a channel, in order."""
    channel = Channel.parse(bot.rooms[platform][room]).id
    if platform == "slack":
        slack = bot.places.slack
        return [
            Post(
                datetime.fromtimestamp(float(each.ts), UTC),
                slack.drawn(each),
                each.payload,
                ", edited" * each.edited + ", in a thread" * bool(each.thread),
            )
            for each in slack.standing(channel)
        ]
    there = bot.places.discord.standing(bot.places.guild[room])
    return [Post(each.at, _drawn(each.payload), each.payload, ", edited" * bool(each.edits)) for each in there]


def _drawn(payload: dict[str, Any]) -> str:
    """A message on Discord, and under it where its links lead."""
    links = [what for text in spoken(payload) for kind, what in read(text).marks if kind in ("link", "quiet link", "url")]
    drawn = draw([payload]) if payload.get("components") or payload.get("embeds") else shown(payload)
    return "\n".join([drawn, *(f"  -> {link}" for link in dict.fromkeys(links))])


def write(bot: Bot, folder: Path, zone: str) -> Iterator[str]:
    """Write what each channel shows; a line of the summary for each."""
    for platform, rooms in bot.rooms.items():
        (folder / platform).mkdir(exist_ok=True)
        for room in rooms:
            found = posts(bot, platform, room)
            file = folder / platform / room
            times = [f"=== {each.at.astimezone(ZoneInfo(zone)):%a %d %b %Y %H:%M %Z}{each.how}" for each in found]
            text = [f"{when}\n\n{each.drawn.strip()}\n" for when, each in zip(times, found, strict=True)]
            file.with_suffix(".txt").write_text("\n".join(text), encoding="utf-8")
            sent = [{"at": each.at.isoformat(), "payload": each.payload} for each in found]
            file.with_suffix(".json").write_text(json.dumps(sent, ensure_ascii=False, indent=1), encoding="utf-8")
            yield f"{platform} #{room}: {len(found)} posts, {sum(each.bullets for each in found)} bullets and one-liners"


async def outlets_told(bot: Bot, chosen: World) -> list[str]:
    """Each feed: how often it was asked for, what came of it in the week, and what it fails with."""
    kept = await bot.kept.articles_between(Window(chosen.begin, bot.clock.at), by="stored")
    new = Counter(each.understood.article.source_id for each in kept)
    weeks = {source.id: number for source, number in bot.outlets.items()}
    return [
        f"{each.source.address}  asked {bot.news.feeds[each.source.address]}, new {new[each.source.id]}"
        + (f", moved by {weeks[each.source.id]} weeks" if weeks[each.source.id] else "")
        + (f", FAILS: {each.health.last_error}" if each.health.last_error else "")
        for each in await bot.kept.sources()
    ]


async def summary(bot: Bot, folder: Path, chosen: World) -> list[str]:
    """Write all that is to be read but the log; returns the summary."""
    told = await outlets_told(bot, chosen)
    (folder / "outlets.txt").write_text("\n".join(told), encoding="utf-8")
    counts, states = await bot.kept.counts(), await bot.kept.ledger.delivery_counts()
    logged = Counter(line.split()[2] for line in (folder / "log.txt").read_text("utf-8").splitlines() if line.count(" ") > 2)
    return [
        f"{chosen.begin:%a %d %b %Y %H:%M} to {chosen.begin + WEEK:%a %d %b %Y %H:%M} UTC",
        f"feeds: {len(chosen.captures)} of the corpora, {len(chosen.room.sources)} of the newsroom ({chosen.moved:+} weeks)",
        *write(bot, folder, chosen.room.zone),
        f"{counts.articles} articles in {counts.stories} stories; pages: {bot.news.pages} read, {bot.news.missing} missing",
        f"{sum(bot.news.feeds.values())} polls, of which {bot.news.unchanged} answered that nothing changed",
        f"sources: {counts.failing} fail, {counts.stopped} stopped; source_failed {logged['source_failed']} times",
        f"messages: {', '.join(f'{number} {state}' for state, number in states.items())}",
        f"alarms: {logged['alarm']}; bugs: {logged['bug']}; corrections: {logged['corrected']}",
    ]


async def live(folder: Path, chosen: World, clock: Clock) -> list[str]:
    """Let the week pass, and write what is to be read into the folder; returns the summary."""
    async with opened(folder, chosen, clock) as bot:
        await bot.subscribe(chosen.topic, chosen.room.zone)
        await bot.live(chosen.begin + WEEK)
        return await summary(bot, folder, chosen)


def week(folder: Path, chosen: World) -> list[str]:
    """The week with its log, in a folder that may hold an earlier one; returns the summary, which is written too."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("dateline.db*"):
        old.unlink()
    lived = json.dumps({"corpora": str(chosen.corpora.resolve()) if chosen.corpora else None})
    (folder / _WORLD).write_text(lived, encoding="utf-8")
    began, clock = time.monotonic(), Clock(chosen.begin)
    with (folder / "log.txt").open("w", encoding="utf-8", buffering=1) as file:
        log.start(file, clock=clock)
        lines = [*asyncio.run(live(folder, chosen, clock)), f"took {time.monotonic() - began:.0f} s"]
    (folder / "summary.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lines


def lived_in(folder: Path) -> World:
    """The world of the week that is in a folder.

    Raises:
        FileNotFoundError: there is none.
    """
    corpora = json.loads((folder / _WORLD).read_text(encoding="utf-8"))["corpora"]
    return world(Path(corpora) if corpora else None)


async def _no_file(name: str) -> bytes:
    raise SourceError(f"There is no file {name}.")


async def answered(folder: Path, chosen: World, lines: list[str]) -> str:
    """What the bot answers an admin in the terminal, at the end of a week that is over."""
    clock = Clock(chosen.begin + WEEK)
    settings = load(None, {})
    async with (
        archive(f"sqlite:///{folder / 'dateline.db'}", now=clock) as kept,
        reading(settings) as (client, reader),
    ):
        zone, days = chosen.room.zone, settings.retention.articles_days
        served = platforms({}, io.StringIO(), settings)
        asked = desk(kept, client, reader, served, owner=OWNER, title=TITLE, zone=zone, kept_days=days)
        person, numbers = Person("someone", admin=True, zone=zone), map(f"{time.time_ns()}-{{}}".format, count())
        talk = Conversation(asked, person, Channel("console"), clock=clock, ids=lambda: next(numbers), attached=_no_file)
        return await replayed("\n".join(f"> {line}" for line in lines), talk, clock)


def main() -> int:
    """Return 0 when the week is over."""
    beside = ROOT.parent / "shared" / "corpora"
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=Path, default=ROOT / "build" / "week", help="the folder to write into")
    arguments.add_argument("--corpora", type=Path, help="the folder of the corpora; without, those beside the project")
    arguments.add_argument("--newsroom", action="store_true", help="the newsroom alone, in its own days")
    arguments.add_argument("--ask", action="append", help="ask the bot of the week that is in the folder, such as /digest now")
    wanted = arguments.parse_args()
    if wanted.ask:
        if not (wanted.out / _WORLD).is_file():
            arguments.error(f"no week was lived in {wanted.out}: live one first, without --ask")
        print(asyncio.run(answered(wanted.out, lived_in(wanted.out), wanted.ask)))
        return 0
    corpora = wanted.corpora or (beside if beside.is_dir() else None)
    if wanted.newsroom or corpora is None:
        print("the newsroom alone" if wanted.newsroom else f"no corpora at {beside}: the newsroom alone", file=sys.stderr)
        corpora = None
    elif not (corpora / "collection").is_dir():
        arguments.error(f"{corpora} has no folder collection")
    print(*week(wanted.out, world(corpora)), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
