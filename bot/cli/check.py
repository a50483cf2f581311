"""dateline check: what is wrong, and the next keystroke."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.settings import database_of, settings_from
from bot.cli.sources import called, in_words
from bot.cli.status import look
from bot.cli.wording import counted, plain
from bot.errors import ConfigError, DeliveryError, NotAllowed, StoreError, TargetGone

if TYPE_CHECKING:
    from bot.app.platforms import Platforms
    from bot.model import Channel
    from bot.overview import Seen
    from bot.ports import Followed
    from config.settings import Settings

CLOCK_SLIP = timedelta(minutes=2)


def check(
    database: str | None = typer.Option(None, help="The archive. [default: the settings']", metavar="URL"),
    config: Path | None = typer.Option(None, help="A settings file.", metavar="FILE"),
) -> None:
    """Check what can go wrong, and say what to do.

    Settings, platforms, workers, the database and its disk, clock, subscriptions, sources and alarms are looked at.

    Each line says what was looked at; a line that begins with "wrong" also says what to do next, and the exit code is then 1.
    """
    wrong = False
    for good, line in asyncio.run(_lines(database, config)):
        typer.echo(("ok     " if good else "wrong  ") + line)
        wrong = wrong or not good
    if wrong:
        raise typer.Exit(1)


async def _lines(database: str | None, config: Path | None) -> list[tuple[bool, str]]:
    try:
        settings = settings_from(config)
    except ConfigError as error:
        return [(False, f"settings: {error}")]
    from bot import app

    lines = [(True, f"settings: {config or 'defaults and environment'}; days are written in {settings.digest.zone}")]
    lines += [(True, f"settings: {peer} may be fetched although it is not public") for peer in app.allowed(settings)]
    lines.append(await _workers(settings))
    try:
        from bot.app.platforms import platforms

        served = platforms(os.environ, sys.stdout, settings)
    except ConfigError as error:
        return [*lines, (False, f"platforms: {error}")]
    lines += _platforms(served)
    for door in served.doors:
        lines += [(good, f"{door.name}: {words}") for good, words in await door.examine()]
    now = datetime.now(UTC)
    try:
        seen = await look(database_of(settings, database), now)
    except StoreError as error:
        return [*lines, (False, f"database: {error}")]
    counts, zone = seen.counts, settings.digest.zone
    lines.append((True, f"database: {counted(counts.articles, 'article')} of {counted(counts.sources, 'source')}"))
    refused = await _refused({each.subscription.channel for each in seen.subscriptions if each.active}, served)
    lines += [
        _clock(seen, zone),
        *_subscriptions(seen, served, refused),
        *_notices(settings, served),
        *_sources(seen.observed.sources, zone),
    ]
    return [*lines, *((False, f"alarm: {alarm.told(zone)}") for alarm in seen.alarms if alarm.word != "source_failing")]


def _platforms(served: Platforms) -> Iterator[tuple[bool, str]]:
    for name, what in served.on:
        yield True, f"{name}: {what}"
    for name, why in served.off:
        yield ":" not in name, f"{name}: off, {why}"  # a platform may be off, but not an address that was given


def _clock(seen: Seen, zone: str) -> tuple[bool, str]:
    """Whether the clock of this machine runs behind what the bot has seen."""
    from bot.instants import told

    ticked, shows = seen.observed.ticked_at, told(seen.at, zone)
    if ticked and ticked - seen.at > CLOCK_SLIP:
        return False, f"clock: it shows {shows}, but the bot ran at {told(ticked, zone)}; set the clock"
    last = "the bot was stopped" if seen.observed.stopped else "the bot last looked at it"
    return True, f"clock: {shows}; {last} {told(ticked, zone)}" if ticked else f"clock: {shows}"


async def _refused(channels: Collection[Channel], served: Platforms) -> dict[Channel, str]:
    """Why a channel takes nothing, of those where that can be told just now; a token that is refused is told of elsewhere."""
    refused: dict[Channel, str] = {}
    with suppress(DeliveryError):
        async with served.serve():
            for channel in channels:
                try:
                    await served.of(channel).check(channel)
                except (NotAllowed, TargetGone) as error:
                    refused[channel] = str(error)
                except DeliveryError:
                    continue
    return refused


def _subscriptions(seen: Seen, served: Platforms, refused: Mapping[Channel, str]) -> Iterator[tuple[bool, str]]:
    from bot import subscribing

    if not seen.subscriptions:
        yield True, "subscriptions: none yet; add one with `dateline subscriptions add`"
    for each in seen.subscriptions:
        wanted = each.subscription
        name = f"subscription {wanted.id}: {wanted.channel}, {plain(subscribing.when(wanted))}"
        try:
            served.of(wanted.channel)
        except DeliveryError as error:
            yield not each.active, f"{name}: {error}"
            continue
        if each.active and wanted.channel in refused:
            yield False, f"{name}: {refused[wanted.channel]}"
        elif each.active and wanted.id in seen.unfed:
            yield False, f"{name}: it follows no source; dateline sources add ADDRESS --channel {wanted.channel}"
        else:
            yield True, f"{name}: {plain(subscribing.how(each))}"


def _notices(settings: Settings, served: Platforms) -> Iterator[tuple[bool, str]]:
    from bot.app.whole import channel_of

    try:
        channel = channel_of(settings.run.notices, "run.notices")
        if channel is not None:
            served.of(channel)
            yield True, f"notices: alarms go to {channel} too"
    except (ConfigError, DeliveryError) as error:
        yield False, f"notices: {error}"


async def _workers(settings: Settings) -> tuple[bool, str]:
    """Whether a document can be read in a worker process here."""
    from bot import app, newsroom
    from bot.errors import SourceError

    room = newsroom.load()
    with suppress(SourceError):
        async with app.reading(settings) as (_, reader):
            fetched = await room.fetch(room.sources[0].address, kind="feed")
            await reader.feed(fetched, datetime.now(UTC))
            return True, "workers: a feed was read in a worker process"
    hint = "raise read.memory_mib" if settings.read.memory_mib < 512 else "see that this user may start processes"
    return False, f"workers: no worker process could read a feed; {hint}"


def _sources(followed: Sequence[Followed], zone: str) -> Iterator[tuple[bool, str]]:
    if not followed:
        yield True, "sources: none yet; add one with `dateline sources add ADDRESS`"
    for each in followed:
        good = not each.health.failures
        hint = "" if good else f"; if it stays so: dateline sources remove {each.source.address}"
        yield good, f"source {called(each)}: {in_words(each, zone)}{hint}"
