"""The whole bot: its rooms opened, wired and closed again."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot import __version__, log
from bot.app import Archive, allowed, archive, archive_file, reading
from bot.app.desk import desk, prefixes
from bot.app.platforms import Platforms
from bot.errors import ConfigError, DeliveryError, StoreError
from bot.grouping import Grouping
from bot.model import Channel
from bot.places import KnownPlaces
from bot.ports import Beats
from bot.ports.connections import DoorState
from bot.ports.desk import House
from bot.rounds import Kept, Rounds
from bot.running import Step, run
from bot.supervisor import Part
from config.settings import Settings
from digests.errors import QueryError
from digests.model import Length

TITLE = "Digest"
"""What digests are called that somebody asks for."""
PRUNE_S = 3_600.0
WATCH_S = 60.0


@dataclass(frozen=True, slots=True)
class Room:
    """Something that is on or off, and what or why, in words."""

    name: str
    on: bool
    words: str


async def run_bot(
    settings: Settings, address: str, platforms: Platforms, stop: asyncio.Event, *, now: Callable[[], datetime]
) -> None:
    """Run until ``stop`` is set: collect, correct, publish, deliver, watch and prune, each kept up on its own.

    Args:
        address: of the archive.
        now: the present instant, aware, in UTC.

    Raises:
        StoreError: the archive cannot be used as it is.
        ConfigError: a setting names what there is not.
    """
    notices = channel_of(settings.run.notices, "run.notices")
    owner = process_name()
    async with archive(address, now=now) as store, reading(settings) as (fetcher, reader), platforms.serve():
        tell_start(settings, platforms, owner, await rooms_of(store, address, platforms, notices))
        with suppress(StoreError):  # the rounds tell of it, and try again what matters
            await keep_unserved(store.beats, platforms, now())
        rounds = Rounds(
            store,
            store.ledger,
            store.beats,
            store.people,
            store.marks,
            fetcher,
            reader,
            platforms,
            owner,
            now,
            stop,
            Grouping(),
            Kept(
                timedelta(days=settings.retention.articles_days),
                timedelta(days=settings.retention.messages_days),
                timedelta(days=settings.retention.removed_days),
            ),
            asyncio.get_running_loop().time,
            notices,
            platforms.doors,
            settings.digest.zone,
        )
        days = settings.retention.articles_days
        typed = prefixes(settings.slack.command)
        answers = desk(
            store,
            fetcher,
            reader,
            platforms,
            owner=owner,
            title=TITLE,
            zone=settings.digest.zone,
            length=Length(settings.digest.length),
            kept_days=days,
            prefixes=typed,
        )
        house = House(answers, KnownPlaces(store.ledger, store.marks, typed), store.marks)
        doors = [Part(door.name, partial(door.listen, house, now, stop)) for door in platforms.doors]
        await run(steps(rounds, settings), stop, now=now, parts=doors)
        with suppress(StoreError):  # then it is seen two minutes later, by a clock that does not tick
            await store.beats.stop(owner, now())
    log.info("stopped", owner=owner)


def steps(rounds: Rounds, settings: Settings) -> list[Step]:
    """The rounds, each with its period."""
    tick_s = settings.run.tick_s
    return [
        Step("correct", tick_s, rounds.correct),
        Step("publish", tick_s, rounds.publish),
        Step("deliver", tick_s, rounds.deliver, finishes=True),
        Step("collect", settings.collect.every_s, rounds.collect),
        Step("connections", tick_s, rounds.connections),
        Step("watch", WATCH_S, rounds.watch),
        Step("prune", PRUNE_S, rounds.prune),
    ]


async def keep_unserved(beats: Beats, platforms: Platforms, now: datetime) -> None:
    """Keep why people are not answered on a platform whose token is wrong, and forget one that is not used any more.

    What an earlier process was told there, with other tokens perhaps, does not hold for this one.
    """
    for platform in platforms.unset:
        await beats.disconnect(platform)
    for name, why in platforms.off:
        platform, _, part = name.partition(":")
        if part == "token":
            await beats.connection(platform, DoorState(False, why, refused=True), now)


def tell_start(settings: Settings, platforms: Platforms, owner: str, rooms: Sequence[Room]) -> None:
    """Say in the log what is on, what is off and why."""
    log.info("started", version=__version__, owner=owner, tick_s=settings.run.tick_s, collect_s=settings.collect.every_s)
    on = [Room(name, True, what) for name, what in platforms.on]
    for room in (*rooms, *on, *(Room(name, False, why) for name, why in platforms.off)):
        if room.on:
            log.info("on", what=room.name, words=room.words)
        elif ":" in room.name:  # a token or an address that was given, and is wrong
            log.error("off", what=room.name, words=room.words)
        else:
            log.info("off", what=room.name, words=room.words)
    for peer in allowed(settings):
        log.warning("allowed", peer=peer, words="it may be fetched although it is not public")


async def rooms_of(store: Archive, address: str, platforms: Platforms, notices: Channel | None) -> list[Room]:
    """What there is to do, and who hears of alarms.  Raises StoreError."""
    file = archive_file(address)
    counts, wanted = await store.counts(), await store.ledger.subscriptions()
    paused = sum(1 for each in wanted if not each.active)
    return [
        Room("database", True, f"the file {file}" if file else "a PostgreSQL server"),
        _counted("sources", counts.sources, counts.paused, "dateline sources add ADDRESS"),
        _counted("subscriptions", len(wanted), paused, "dateline subscriptions add"),
        _told(notices, platforms),
    ]


def _counted(name: str, number: int, paused: int, add: str) -> Room:
    if not number:
        return Room(name, False, f"there are none; add one: {add}")
    counted = f"{number} {name if number != 1 else name.removesuffix('s')}"
    return Room(name, paused < number, f"{counted}, {paused} paused" if paused else counted)


def _told(notices: Channel | None, platforms: Platforms) -> Room:
    if notices is None:
        return Room("notices", False, "run.notices names no channel; alarms stand in this log and in `dateline status`")
    try:
        platforms.of(notices)
    except DeliveryError as error:
        return Room("notices", False, str(error))
    return Room("notices", True, f"alarms go to {notices} too")


def channel_of(written: str, setting: str) -> Channel | None:
    """The channel that a setting names; None where it names none.

    Raises:
        ConfigError: it names none that can be.
    """
    if not written:
        return None
    try:
        return Channel.parse(written)
    except QueryError as error:
        raise ConfigError(f"{setting} is {written!r}; {error}") from None


def process_name() -> str:
    """A name that no other process has, nor this one after a restart."""
    return f"{socket.gethostname()[:40]}-{secrets.token_hex(4)}"
