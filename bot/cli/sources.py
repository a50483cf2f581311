"""dateline sources: which feeds and pages are followed."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from bot.cli.errors import helped
from bot.cli.settings import checked_zone, database_of, settings_from
from bot.cli.wording import counted
from bot.errors import ConfigError
from digests.model import Source

if TYPE_CHECKING:
    from bot.ports import Followed

DATABASE = typer.Option(None, help="The archive. [default: the settings']", metavar="URL")
CONFIG = typer.Option(None, help="A settings file.", metavar="FILE")
AS_JSON = typer.Option(False, "--json", help="The same as JSON.")


def line() -> typer.Typer:
    """The verb with its own verbs."""
    verbs = typer.Typer(help="Which feeds and pages are followed.", invoke_without_command=True, rich_markup_mode=None)
    verbs.callback()(helped)
    verbs.command("add")(add)
    verbs.command("list")(list_)
    verbs.command("remove")(remove)
    return verbs


def add(
    address: str = typer.Argument(help="The address of a feed, or of a page with --page.", metavar="ADDRESS"),
    name: str = typer.Option("", help="What readers see as the outlet. [default: the feed's own title]"),
    zone: str = typer.Option("UTC", help="The outlet's time zone: it says which day a report is of.", metavar="IANA"),
    page: bool = typer.Option(False, "--page", help="The address is one page, not a feed."),
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Follow a feed. It is read now, so that you see that it works; nothing old is posted.

    \b
    dateline sources add https://example.org/feed.xml --zone Europe/Berlin
    """
    checked_zone(zone)
    address = address.strip()
    if not address.lower().startswith(("http://", "https://")):
        raise ConfigError(f"{address!r} is no web address; give one that begins with https://.")
    settings = settings_from(config)
    source = Source(source_id(address), "page" if page else "feed", address, name, zone)

    async def run() -> tuple[str, tuple[str, ...], bool]:
        from bot import app, collect

        now = datetime.now(UTC)
        async with app.archive(database_of(settings, database)) as store:
            if any(each.source.address == address for each in await store.sources()):
                return "", (), False
            async with app.reading(settings) as (fetcher, reader):
                outlet, titles = await collect.tried(source, fetcher, reader, now)
            named = Source(source.id, source.kind, address, name or outlet, zone)
            return named.name, titles, await store.add_source(named, now=now)

    outlet, titles, added = asyncio.run(run())
    if as_json:
        result = {"id": source.id, "address": address, "name": outlet, "added": added, "newest": titles}
        typer.echo(json.dumps(result, ensure_ascii=False))
    elif not added:
        typer.echo(f"You already have {address}. Nothing changed.")
    else:
        typer.echo(f"Following {outlet}: {address}")
        for title in titles:
            typer.echo(f"  {title}")
        from bot import app

        option = f" --database {app.shown(database)}" if database else ""
        archive = app.shown(database_of(settings, database))
        typer.echo(f"Read it with `dateline collect{option}`, then see `dateline digest --database {archive}`.")


def list_(as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG) -> None:
    """Show every source and how it is doing."""
    settings = settings_from(config)

    async def run() -> list[Followed]:
        from bot import app

        async with app.archive(database_of(settings, database), make=database is None) as store:
            return await store.sources()

    followed = asyncio.run(run())
    if as_json:
        typer.echo(json.dumps([described(each) for each in followed], ensure_ascii=False, indent=2))
    elif not followed:
        typer.echo("No sources yet. Add one with `dateline sources add ADDRESS`.")
    for each in [] if as_json else followed:
        typer.echo(f"{called(each)}  {each.source.address}\n  {in_words(each)}")


def remove(
    address: str = typer.Argument(help="The address, or the id that `sources list --json` shows.", metavar="ADDRESS|ID"),
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Stop following a source and forget its articles."""
    settings = settings_from(config)

    async def run() -> bool:
        from bot import app

        async with app.archive(database_of(settings, database), make=database is None) as store:
            wanted = [each.source.id for each in await store.sources() if address in (each.source.address, each.source.id)]
            return bool(wanted) and await store.remove_source(wanted[0])

    removed = asyncio.run(run())
    if as_json:
        typer.echo(json.dumps({"address": address, "removed": removed}))
    elif not removed:
        raise ConfigError(f"There is no source {address}. `dateline sources list` shows those there are.")
    else:
        typer.echo(f"No longer following {address}; its articles are forgotten.")


def source_id(address: str) -> str:
    """A short name for a source, made from its address."""
    return hashlib.blake2s(address.encode(), digest_size=6).hexdigest()


def called(each: Followed) -> str:
    """What a source is called; by its host as long as nobody gave it a name."""
    return each.source.name or urlsplit(each.source.address).hostname or Path(each.source.address).name


def described(each: Followed) -> dict[str, object]:
    """A source as JSON values; instants in UTC."""
    health = each.health
    return {
        "id": each.source.id,
        "kind": each.source.kind,
        "address": each.source.address,
        "name": each.source.name,
        "zone": each.source.zone,
        "paused": each.paused,
        "failures": health.failures,
        "last_error": health.last_error or None,
        "last_ok": health.last_ok_at.isoformat() if health.last_ok_at else None,
        "next_poll": health.next_poll_at.isoformat() if health.next_poll_at else None,
    }


def in_words(each: Followed) -> str:
    """How a source is doing, in a line."""
    health = each.health
    if each.paused:
        return "paused"
    if health.failures:
        again = f"again at {health.next_poll_at:%d %b %H:%M} UTC" if health.next_poll_at else "not asked again"
        return f"failing {counted(health.failures, 'time')} in a row: {health.last_error.rstrip('.')} ({again})"
    if health.last_ok_at is None:
        return "not read yet"
    due = f", next {health.next_poll_at:%d %b %H:%M} UTC" if health.next_poll_at else ""
    return f"ok at {health.last_ok_at:%d %b %H:%M} UTC{due}"
