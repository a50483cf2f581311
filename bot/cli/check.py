"""dateline check: what is wrong, and the next keystroke."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.settings import database_of, settings_from
from bot.cli.sources import called, in_words
from bot.cli.wording import counted
from bot.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from bot.ports import Followed
    from config.settings import Settings


def check(
    database: str | None = typer.Option(None, help="The archive. [default: the settings']", metavar="URL"),
    config: Path | None = typer.Option(None, help="A settings file.", metavar="FILE"),
) -> None:
    """Check settings, database, workers and sources.

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
    lines = [(True, f"settings: {config or 'defaults and environment'}; days are written in {settings.digest.zone}")]
    lines += [(True, f"settings: {peer} may be fetched although it is not public") for peer in settings.fetch.allow]
    lines.append(await _workers(settings))
    try:
        from bot import app

        async with app.archive(database_of(settings, database), make=database is None) as store:
            counts, followed = await store.counts(), await store.sources()
    except StoreError as error:
        return [*lines, (False, f"database: {error}")]
    lines.append((True, f"database: {counted(counts.articles, 'article')} of {counted(counts.sources, 'source')}"))
    return [*lines, *_sources(followed)]


async def _workers(settings: Settings) -> tuple[bool, str]:
    """Whether a document can be read in a worker process here."""
    from datetime import UTC, datetime

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


def _sources(followed: list[Followed]) -> Iterator[tuple[bool, str]]:
    if not followed:
        yield True, "sources: none yet; add one with `dateline sources add ADDRESS`"
    for each in followed:
        good = not each.health.failures
        hint = "" if good else f"; if it stays so: dateline sources remove {each.source.address}"
        yield good, f"source {called(each)}: {in_words(each)}{hint}"
