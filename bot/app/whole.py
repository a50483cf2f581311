"""The whole bot: its rooms opened, wired and closed again."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable
from datetime import datetime, timedelta

from bot import __version__, log
from bot.app import archive, reading
from bot.app.platforms import Platforms
from bot.errors import ConfigError
from bot.model import Channel
from bot.rounds import Kept, Rounds
from bot.running import Step, run
from config.settings import Settings
from digests import make
from digests.errors import QueryError

PRUNE_S = 3_600.0
WATCH_S = 60.0


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
    async with archive(address) as store, reading(settings) as (fetcher, reader), platforms.serve():
        tell_start(settings, platforms, owner)
        rounds = Rounds(
            store,
            store.ledger,
            store.beats,
            fetcher,
            reader,
            platforms,
            owner,
            now,
            stop,
            make.clusters,
            Kept(timedelta(days=settings.retention.articles_days), timedelta(days=settings.retention.messages_days)),
            asyncio.get_running_loop().time,
            notices,
        )
        await run(steps(rounds, settings), stop, now=now)
    log.info("stopped", owner=owner)


def steps(rounds: Rounds, settings: Settings) -> list[Step]:
    """The rounds, each with its period."""
    tick_s = settings.run.tick_s
    return [
        Step("correct", tick_s, rounds.correct),
        Step("publish", tick_s, rounds.publish),
        Step("deliver", tick_s, rounds.deliver, finishes=True),
        Step("collect", settings.collect.every_s, rounds.collect),
        Step("watch", WATCH_S, rounds.watch),
        Step("prune", PRUNE_S, rounds.prune),
    ]


def tell_start(settings: Settings, platforms: Platforms, owner: str) -> None:
    """Say in the log what is on, what is off and why."""
    log.info("started", version=__version__, owner=owner, tick_s=settings.run.tick_s, collect_s=settings.collect.every_s)
    for name, what in platforms.on:
        log.info("on", what=name, words=what)
    for name, why in platforms.off:
        log.info("off", what=name, words=why)
    for peer in settings.fetch.allow:
        log.warning("allowed", peer=peer, words="it may be fetched although it is not public")


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
