"""dateline sources: which feeds and pages are followed, by whom and under which topics."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.archive import with_archive
from bot.cli.errors import helped
from bot.cli.settings import checked_zone, database_of, settings_from
from bot.cli.space import place_named
from bot.cli.wording import counted, plain
from bot.errors import ConfigError, SourceError
from digests.model import Source

if TYPE_CHECKING:
    from bot.app import Archive
    from bot.feeds import Discovery
    from bot.lists import Listed, Taken
    from bot.opml import Outline
    from bot.ports import Fetcher, Followed, Reader
    from bot.ports.topics import Follow, Following, Place, Topic
    from config.settings import Settings

ADDRESS_OR_ID = typer.Argument(help="The address, or the id that `sources list --json` shows.", metavar="ADDRESS|ID")
DATABASE = typer.Option(None, help="The archive. [default: the settings']", metavar="URL")
CONFIG = typer.Option(None, help="A settings file.", metavar="FILE")
AS_JSON = typer.Option(False, "--json", help="The same as JSON.")
SPACE = typer.Option(None, help="For one space alone, such as slack:T024BE7LD. [default: every space]", metavar="SPACE")
CHANNEL = typer.Option(None, help="For one channel alone, such as slack:T024BE7LD/C061EG9SL.", metavar="CHANNEL")
TOPIC = typer.Option([], "--topic", help="A topic to put it under. Repeat for more.", metavar="NAME")
ONCE = "dateline digest --article ADDRESS"


def line() -> typer.Typer:
    """The verb with its own verbs."""
    verbs = typer.Typer(help="Which feeds and pages are followed.", invoke_without_command=True, rich_markup_mode=None)
    verbs.callback()(helped)
    verbs.command("add")(add)
    verbs.command("list")(list_)
    verbs.command("remove")(remove)
    verbs.command("pause")(pause)
    verbs.command("resume")(resume)
    verbs.command("test")(try_)
    verbs.command("import")(import_)
    verbs.command("export")(export)
    verbs.command("starters")(starters)
    return verbs


def add(
    address: str = typer.Argument(help="A feed, or a site or page that names one; one page with --page.", metavar="ADDRESS"),
    name: str = typer.Option("", help="What readers see as the outlet. [default: the feed's own title]"),
    zone: str = typer.Option("UTC", help="The outlet's time zone: it says which day a report is of.", metavar="IANA"),
    page: bool = typer.Option(False, "--page", help="The address is one page, not a feed."),
    topic: list[str] = TOPIC,
    space: str | None = SPACE,
    channel: str | None = CHANNEL,
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Follow a feed. It is read now, so that you see that it works; nothing old is posted.

    \b
    dateline sources add example.org --zone Europe/Berlin --topic World
    """
    checked_zone(zone)
    place = place_named(space, channel)
    settings, now = settings_from(config), datetime.now(UTC)

    async def run(store: Archive) -> tuple[Discovery, Follow | None]:
        from bot import app
        from bot.feeds import discover

        async with app.reading(settings) as (fetcher, reader):
            if page:
                found = await _page(address, fetcher, reader, now)
            else:
                found = await discover(address, place, store, fetcher, reader, now)
        if found.source is None and found.feed is None:
            return found, None
        wanted = found.source or replace(found.to_follow(name, zone), kind="page" if page else "feed")
        return found, await store.topics.follow(wanted, place, now, topics=topic)

    found, done = with_archive(settings, database, run, make=True)
    if done is None:
        raise _error(found, now, settings.digest.zone, adding=True)
    if as_json:
        result = {
            "id": done.source.id,
            "address": done.source.address,
            "name": done.source.name,
            "added": done.new,
            "changed": done.changed,
            "followed_by": str(place),
            "topics": topic,
            "newest": found.feed.newest if found.feed else (),
            "nearby": [{"title": title, "address": at} for title, at in found.nearby],
        }
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    for words in _added(found, done, place, topic):
        typer.echo(words)
    if done.changed:
        from bot import app

        option = f" --database {app.shown(database)}" if database else ""
        archive = app.shown(database_of(settings, database))
        typer.echo(f"Read it with `dateline collect{option}`, then see `dateline digest --database {archive}`.")


async def _page(address: str, fetcher: Fetcher, reader: Reader, now: datetime) -> Discovery:
    """One page that is to be followed itself, as an article that changes."""
    from bot.documents import tried
    from bot.feeds import Discovery, FoundFeed, addresses_of, failed

    try:
        source = Source("", "page", addresses_of(address)[0], "")
        outlet, titles = await tried(source, fetcher, reader, now)
    except SourceError as error:
        return failed(address, error)
    return Discovery(address, FoundFeed(source.address, outlet, titles))


def _added(found: Discovery, done: Follow, place: Place, topics: Collection[str]) -> list[str]:
    """What adding a source came to, in lines."""
    from bot import feed_words

    if not done.changed:
        return [plain(feed_words.already(done.source, str(found.already or place)))]
    where = "" if place.space is None else f" in {place}"
    under = f" under {', '.join(topics)}" if topics else ""
    lines = [f"Following {done.source.name}{where}{under}: {done.source.address}"]
    lines += [f"  {title}" for title in (found.feed.newest if found.feed else ())]
    return lines + ([_nearby(found)] if found.nearby else [])


def _nearby(found: Discovery) -> str:
    from bot import feed_words

    return plain(feed_words.nearby(found)).strip()


def try_(
    address: str = typer.Argument(help="A feed, or a site or page that names one.", metavar="ADDRESS"),
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Look for the feed behind an address, and keep nothing.

    \b
    dateline sources test example.org
    """
    from bot.ports.topics import EVERYWHERE

    settings, now = settings_from(config), datetime.now(UTC)

    async def run(store: Archive) -> Discovery:
        from bot import app
        from bot.feeds import discover

        async with app.reading(settings) as (fetcher, reader):
            return await discover(address, EVERYWHERE, store, fetcher, reader, now, anew=True)

    found = with_archive(settings, database, run)
    if as_json:
        typer.echo(json.dumps(as_values(found), ensure_ascii=False))
        return
    if found.feed is None:
        raise _error(found, now, settings.digest.zone, adding=False)
    typer.echo(f"{found.feed.title}: {found.feed.address}")
    for title in found.feed.newest:
        typer.echo(f"  {title}")
    if not found.feed.newest:
        typer.echo("  It has no entries yet.")
    if found.nearby:
        typer.echo(_nearby(found))
    if found.source:
        typer.echo(f"It is followed as {found.source.name or found.source.address}. Nothing changed.")
    else:
        typer.echo(f"Nothing was kept. Follow it with `dateline sources add {found.feed.address}`.")


def as_values(found: Discovery) -> dict[str, object]:
    """What an address leads to, as JSON values."""
    feed = found.feed
    return {
        "typed": found.typed,
        "problem": found.problem,
        "why": found.why or None,
        "address": feed.address if feed else None,
        "title": feed.title if feed else None,
        "language": feed.language if feed else None,
        "newest": feed.newest if feed else (),
        "source": found.source.id if found.source else None,
        "nearby": [{"title": title, "address": at} for title, at in found.nearby],
    }


def list_(
    space: str | None = typer.Option(None, help="What one space is shown, such as slack:T024BE7LD.", metavar="SPACE"),
    channel: str | None = typer.Option(None, help="What one channel is shown.", metavar="CHANNEL"),
    topic: str | None = typer.Option(None, help="Only those under a topic.", metavar="NAME"),
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Show every source, how it is doing and who follows it."""
    from bot.ports.topics import folded

    place = place_named(space, channel)
    settings = settings_from(config)

    async def run(store: Archive) -> list[tuple[Followed, list[Following], list[Topic]]]:
        everyone = await store.topics.follows()
        seen = None if place.space is None else await store.topics.followed(place.space, place.channel)
        return [
            (each, mine, topics)
            for each in await store.sources()
            if seen is None or each.source.id in seen
            for mine in [[one for one in everyone if one.source == each.source.id]]
            for topics in [await _topics_of(store, each.source.id, mine, place)]
            if topic is None or folded(topic) in {folded(one.name) for one in topics}
        ]

    found = with_archive(settings, database, run)
    if as_json:
        values = [
            described(each) | {"followed_by": [str(one.place) for one in mine], "topics": sorted({one.name for one in topics})}
            for each, mine, topics in found
        ]
        typer.echo(json.dumps(values, ensure_ascii=False, indent=2))
        return
    if not found and place.space is None and topic is None:
        typer.echo("No sources yet. Add one with `dateline sources add ADDRESS`, or see `dateline sources starters`.")
    elif not found:
        typer.echo("No source is followed there. `dateline sources list` shows all.")
    for each, mine, topics in found:
        own = [str(one.place) for one in mine if one.place.space is not None]
        under = sorted({one.name for one in topics})
        more = f" · topics: {', '.join(under)}" if under else ""
        more += f" · for {', '.join(own)}" if own else ""
        typer.echo(f"{called(each)}  {each.source.address}\n  {in_words(each, settings.digest.zone)}{more}")


async def _topics_of(store: Archive, source_id: str, mine: Collection[Following], place: Place) -> list[Topic]:
    """The topics that a source carries in a space, or wherever it is followed."""
    spaces = [place.space] if place.space is not None else list(dict.fromkeys(each.place.space for each in mine))
    return [each for space in spaces for each in await store.topics.topics(space) if source_id in each.sources]


def remove(
    address: str = ADDRESS_OR_ID,
    space: str | None = typer.Option(None, help="In one space alone. [default: everywhere]", metavar="SPACE"),
    channel: str | None = typer.Option(None, help="In one channel alone.", metavar="CHANNEL"),
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Stop following a source and forget its articles.

    Where a space or a channel is named, only there; with the last who follows it, the articles go.
    """
    from bot.ports.topics import Unfollow

    place = place_named(space, channel)

    async def run(store: Archive) -> tuple[Source, Unfollow]:
        source = (await _named(store, address)).source
        if place.space is None:
            return source, Unfollow.GONE if await store.remove_source(source.id) else Unfollow.ABSENT
        return source, await store.topics.unfollow(source.id, place)

    source, outcome = with_archive(settings_from(config), database, run)
    if as_json:
        typer.echo(json.dumps({"address": source.address, "removed": outcome is Unfollow.GONE, "outcome": outcome}))
    elif place.space is None:
        typer.echo(f"No longer following {source.address}; its articles are forgotten.")
    elif outcome in (Unfollow.GIVEN, Unfollow.ABSENT):
        from bot import feed_words

        hint = f" Everywhere: `dateline sources remove {address}`." if outcome is Unfollow.GIVEN else ""
        raise ConfigError(f"{plain(feed_words.left(outcome, source, str(place)))}{hint}")
    else:
        from bot import feed_words

        typer.echo(plain(feed_words.left(outcome, source, str(place))))


def pause(
    address: str = ADDRESS_OR_ID, as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG
) -> None:
    """Ask a source no more until it is resumed. What it gave so far stays."""
    words = "{name} is paused. Go on with `dateline sources resume {address}`."
    _pause(address, True, words, as_json, database, config)


def resume(
    address: str = ADDRESS_OR_ID, as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG
) -> None:
    """Ask a source again that was paused, or was gone."""
    _pause(address, False, "{name} is read again, with the next `dateline collect`.", as_json, database, config)


def _pause(address: str, paused: bool, words: str, as_json: bool, database: str | None, config: Path | None) -> None:
    async def run(store: Archive) -> Followed:
        named = await _named(store, address)
        await store.pause_source(named.source.id, paused)
        return named

    named = with_archive(settings_from(config), database, run)
    if as_json:
        typer.echo(json.dumps({"id": named.source.id, "address": named.source.address, "paused": paused}))
    else:
        typer.echo(words.format(name=called(named), address=named.source.address))


def import_(
    file: str = typer.Argument(help="A list of feeds (OPML): a file or an address.", metavar="FILE"),
    topic: list[str] = TOPIC,
    space: str | None = SPACE,
    channel: str | None = CHANNEL,
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Follow the feeds of a list (OPML) of a feed reader.

    Its folders become topics. Nothing is fetched now; `dateline collect` reads them one after the other.
    """
    from bot.cli.digest import listed

    place, settings = place_named(space, channel), settings_from(config)

    async def feeds() -> list[Listed]:
        from bot import app
        from bot.lists import listed_in

        async with app.reading(settings) as (fetcher, reader):
            return listed_in(await listed(file, fetcher, reader), topic)

    _follow_all(asyncio.run(feeds()), place, settings, database, as_json)


def export(
    space: str | None = typer.Option(None, help="Those of one space, such as slack:T024BE7LD.", metavar="SPACE"),
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Print the feeds as a list (OPML) for feed readers.

    Topics become folders. Pages are no feeds and stay out of it.
    """
    from bot.opml import write_opml

    place = place_named(space, None)

    async def run(store: Archive) -> tuple[list[Outline], int]:
        from bot.lists import listed

        return await listed(store, place)

    feeds, others = with_archive(settings_from(config), database, run)
    if not feeds:
        raise ConfigError("There is no feed to export. `dateline sources list` shows what there is.")
    if as_json:
        values = [{"title": title, "address": address, "topics": topics} for title, address, topics in feeds]
        typer.echo(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        typer.echo(write_opml("Dateline", feeds), nl=False)
    if others:
        typer.echo(f"dateline: {counted(others, 'source')} that {'is' if others == 1 else 'are'} no feed left out.", err=True)


def starters(
    topic: list[str] = typer.Option([], "--topic", help="Only those of a topic. Repeat for more.", metavar="NAME"),
    add: bool = typer.Option(False, "--add", help="Follow them, each under its topic."),
    space: str | None = SPACE,
    channel: str | None = CHANNEL,
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Show public feeds to begin with, or follow them.

    \b
    dateline sources starters --topic Science --add
    """
    from bot import starters as room
    from bot.lists import of_starters
    from bot.ports.topics import folded

    wanted = {folded(name): name for name in topic}
    unknown = [name for key, name in wanted.items() if key not in map(folded, room.topics())]
    if unknown:
        raise ConfigError(f"There are no starters for {unknown[0]!r}; accepted: {', '.join(room.topics())}.")
    chosen = [each for each in room.load() if not wanted or folded(each.topic) in wanted]
    if add:
        _follow_all(of_starters(chosen), place_named(space, channel), settings_from(config), database, as_json)
    elif as_json:
        values = [
            {
                "topic": each.topic,
                "name": each.name,
                "address": each.address,
                "zone": each.zone,
                "language": each.language,
                "seen": each.seen.isoformat(),
                "where": each.where,
            }
            for each in chosen
        ]
        typer.echo(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        for name in dict.fromkeys(each.topic for each in chosen):
            typer.echo(name)
            for each in (one for one in chosen if one.topic == name):
                typer.echo(f"  {each.name}  {each.address}  (seen {each.seen:%d %b %Y})")
        typer.echo("Follow them with `dateline sources starters --add`, or those of a topic with --topic NAME.")


def _follow_all(feeds: list[Listed], place: Place, settings: Settings, database: str | None, as_json: bool) -> None:
    async def run(store: Archive) -> Taken:
        from bot import app
        from bot.lists import follow_all

        return await follow_all(feeds, place, store, datetime.now(UTC), allow=app.allowed(settings))

    taken = with_archive(settings, database, run, make=True)
    if as_json:
        values = {
            "new": taken.new,
            "followed": taken.followed,
            "already": taken.already,
            "refused": [{"address": address, "why": why} for address, why in taken.refused],
        }
        typer.echo(json.dumps(values, ensure_ascii=False, indent=2))
        return
    for address, why in taken.refused:
        typer.echo(f"dateline: {address}: {why}", err=True)
    now_followed = len(taken.new) + len(taken.followed)
    had = f", {len(taken.already)} you had already" if taken.already else ""
    out = f", {len(taken.refused)} refused" if taken.refused else ""
    typer.echo(
        f"Following {counted(now_followed, 'more feed')}{had}{out}. `dateline collect` reads them; nothing old is posted."
    )


async def _named(store: Archive, address: str) -> Followed:
    """The source with this address or id.

    Raises:
        ConfigError: there is none.
    """
    for each in await store.sources():
        if address.strip() in (each.source.address, each.source.id):
            return each
    raise ConfigError(f"There is no source {address}. `dateline sources list` shows those there are.")


def _error(found: Discovery, now: datetime, zone: str, *, adding: bool) -> Exception:
    """What is wrong with an address: with what was typed, or with the world."""
    from bot import feed_words
    from bot.feeds import Problem

    words = plain(feed_words.answer(found, now, once=ONCE, zone=zone, adding=adding))
    return ConfigError(words) if found.problem in (None, Problem.REFUSED) else SourceError(words)


def called(each: Followed) -> str:
    """What a source is called."""
    from bot import feed_words

    return feed_words.called(each)


def described(each: Followed) -> dict[str, object]:
    """A source as JSON values; instants in UTC."""
    from bot.feed_words import state

    health = each.health
    return {
        "id": each.source.id,
        "kind": each.source.kind,
        "address": each.source.address,
        "name": each.source.name,
        "zone": each.source.zone,
        "state": state(each),
        "paused": each.paused,
        "failures": health.failures,
        "last_error": health.last_error or None,
        "last_ok": health.last_ok_at.isoformat() if health.last_ok_at else None,
        "next_poll": health.next_poll_at.isoformat() if health.next_poll_at else None,
    }


def in_words(each: Followed, zone: str) -> str:
    """How a source is doing, in a line; instants on the clocks of ``zone``."""
    from bot.feed_words import health

    return plain(health(each, zone))
