"""dateline digest: one digest, made now, printed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib import import_module
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from bot.cli.errors import tell_bugs
from bot.cli.progress import Bar
from bot.cli.settings import checked_zone, database_of, settings_from
from bot.cli.space import space_named
from bot.errors import ConfigError, SourceError
from bot.model import Channel, Space
from digests import windows
from digests.model import Query, Source, utc

if TYPE_CHECKING:
    from bot.answer import Answer, Asked
    from bot.app import Workers
    from bot.opml import Outline
    from bot.ports import Fetcher, Store
    from config.settings import Settings
    from digests.model import Digest

FORMATS = ("text", "markdown", "json", "slack", "discord")
TITLE = "Digest"
ARCHIVE_SINCE = "24h"
DATING_HINT = "Add one: `--published 2024-10-13`"


def digest(
    feed: list[str] = typer.Option([], help="A feed to read now: an address or a file. Repeat for more.", metavar="URL|FILE"),
    article: list[str] = typer.Option([], help="A page or a plain text to read now. Repeat for more.", metavar="URL|FILE"),
    opml: list[str] = typer.Option([], help="A list of feeds (OPML) to read now. Repeat for more.", metavar="FILE"),
    published: str | None = typer.Option(
        None,
        help="When the --article was published, if it does not say: 2024-10-13 (a day in --zone) or an instant.",
        metavar="ISO",
    ),
    topic: str = typer.Option(
        "", help="Only stories with these words; quote a phrase. Of an archive: a topic's name too.", metavar="WORDS"
    ),
    since: str | None = typer.Option(
        None, help="today, yesterday, a weekday, 12h, 3d, week, a date or an instant. For an archive: 24h.", metavar="WORDS"
    ),
    now: str | None = typer.Option(None, help="The instant of the digest; the clock, if left out.", metavar="ISO"),
    zone: str | None = typer.Option(
        None, help="The time zone to read in, such as Europe/Berlin. [default: UTC]", metavar="IANA"
    ),
    length: str | None = typer.Option(
        None, help="short (one bullet a story), normal or full (no limits). [default: normal]", metavar="LENGTH"
    ),
    format: str = typer.Option(  # noqa: A002
        "text", help="text, markdown, json, slack or discord (the payloads).", metavar="FORMAT"
    ),
    drawn: bool = typer.Option(False, "--drawn", help="Draw the slack or discord payloads as text."),
    database: str | None = typer.Option(
        None,
        help="The archive to read, such as sqlite:///news.db. With --feed: also where to keep what was read.",
        metavar="URL",
    ),
    space: str = typer.Option("console", help="The archive as a space sees it, such as slack:T024BE7LD.", metavar="SPACE"),
    config: Path | None = typer.Option(None, help="A settings file.", metavar="FILE"),
) -> None:
    """Make one digest now and print it.

    Without a feed, an article or a database it is made of the newsroom that ships with the program.

    \b
    dateline digest --feed https://example.org/feed.xml --since 3d
    dateline digest --article story.txt --published 2024-10-13 --length full
    dateline digest --database sqlite:///news.db --topic '"supreme court" ruling'
    """
    if format not in FORMATS:
        raise ConfigError(f"--format is {format!r}; accepted: {', '.join(FORMATS)}.")
    if drawn and format not in ("slack", "discord"):
        raise ConfigError("--drawn draws payloads; give --format slack or --format discord with it.")
    settings = settings_from(config)
    wishes = Wishes(settings, topic, since, now, zone, length)
    given = Given(feed, article, opml, published, database, space_named(space))
    answer, asked = asyncio.run(_answer(wishes, given, shown=format == "text"))
    for address, words in (*answer.failures, *answer.notes):
        typer.echo(f"dateline: {address}: {words}", err=True)
    if answer.failures and len(answer.failures) == asked:
        tell_bugs(answer.bugs)
        raise SourceError("Nothing could be fetched, so there is no digest.")
    if format == "text":
        from bot.adapters import console

        console.show(answer.digest, sys.stdout)
    else:
        typer.echo(written(answer.digest, format, drawn).rstrip("\n"))
    tell_bugs(answer.bugs)


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed about where to read."""

    feeds: Sequence[str]
    articles: Sequence[str]
    lists: Sequence[str]
    published: str | None
    database: str | None
    space: Space

    def __bool__(self) -> bool:
        """Whether anything is to be read now."""
        return bool(self.feeds or self.articles or self.lists)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was typed about the digest itself, not yet understood."""

    settings: Settings
    topic: str = ""
    since: str | None = None
    now: str | None = None
    zone: str | None = None
    length: str | None = None

    def asked(
        self, *, title: str, clock: datetime, zone: str | None = None, since: str | None = None, counted: bool = False
    ) -> Asked:
        """What is asked for, in full.

        Args:
            clock: now, where ``--now`` is left out; ``zone`` and ``since`` likewise.
            counted: days are counted from ``clock`` too, not from the newest publication.

        Raises:
            QueryError, ConfigError: something typed cannot be understood.
        """
        from bot.answer import Asked
        from digests import query

        name = self.zone or zone or self.settings.digest.zone
        checked_zone(name)
        instant = instant_in(self.now, name, "--now") if self.now else clock
        typed = query.parse(self.topic, instant, name)
        window = windows.window(self.since or since, None, instant, name)
        length = query.length(self.length or self.settings.digest.length)
        wanted = Query(window, typed.words, length, typed.without)
        day = instant.astimezone(ZoneInfo(name)).date() if self.now or counted else None
        return Asked(wanted, self.topic.strip() or title, name, max(clock, instant), day, DATING_HINT)


async def _answer(wishes: Wishes, given: Given, *, shown: bool) -> tuple[Answer, int]:
    """The answer, and how many sources were asked for it.

    Args:
        shown: it will be printed for a person.
    """
    if given.published and not given.articles:
        raise ConfigError("--published belongs to an --article; give one with it.")
    if given.published and given.database:
        raise ConfigError("--published cannot be kept; give it without --database.")
    if given:
        return await _read_now(wishes, given)
    if given.database:
        from bot import app

        asked = wishes.asked(title=TITLE, clock=datetime.now(UTC), since=ARCHIVE_SINCE, counted=True)
        async with app.archive(database_of(wishes.settings, given.database)) as store:
            return await _from_archive(asked, wishes.topic, given.space, store), 0
    return await _newsroom(wishes, shown=shown)


async def _newsroom(wishes: Wishes, *, shown: bool) -> tuple[Answer, int]:
    from bot import app, newsroom

    room = newsroom.load()
    async with app.reading(wishes.settings) as (_, reader):
        reader.warm()  # the workers load their libraries while this process loads its own
        await asyncio.to_thread(_load, shown=shown)
        from bot import answer

        asked = wishes.asked(title=room.title, clock=room.now, zone=room.zone, counted=True)
        with Bar("Reading") as bar:
            found = await answer.from_sources(asked, room.sources, room, reader, progress=bar)
    return replace(found, notes=()), len(room.sources)  # nobody can mend an invented feed


def _load(*, shown: bool) -> None:
    """Import what a digest is made with, and shown with."""
    for module in ("bot.answer", *(["bot.adapters.console"] if shown else [])):
        import_module(module)


async def _read_now(wishes: Wishes, given: Given) -> tuple[Answer, int]:
    from bot import answer, app

    clock = datetime.now(UTC)
    asked = wishes.asked(title=TITLE, clock=clock)
    published = published_in(given.published, asked) if given.published else None
    async with AsyncExitStack() as stack:
        fetcher, reader = await stack.enter_async_context(app.reading(wishes.settings))
        feeds = dict.fromkeys(given.feeds, "")
        for file in given.lists:
            for title, address, _ in await listed(file, fetcher, reader):
                feeds.setdefault(address, title)
        sources = [
            *(named("feed", address, asked.zone, title) for address, title in feeds.items()),
            *(named("page", address, asked.zone) for address in dict.fromkeys(given.articles)),
        ]
        store = await stack.enter_async_context(app.archive(given.database)) if given.database else None
        bar = stack.enter_context(Bar("Reading"))
        if store is None:
            found = await answer.from_sources(asked, sources, fetcher, reader, published=published, progress=bar)
        else:
            kept = [to_keep(source) for source in sources]
            found = await answer.kept(asked, kept, store, fetcher, reader, now=clock, progress=bar)
        return found, len(sources)


async def _from_archive(asked: Asked, typed: str, space: Space, store: Store) -> Answer:
    """What the archive shows in a space; the typed topic may be the name of one that the space has, which then is the title."""
    from bot import answer
    from bot.scope import scope_of

    scope = await scope_of(store.topics, space, Channel("console") if space == Space("console") else None, typed)
    named = replace(asked, title=scope.topic.name, query=replace(asked.query, words=())) if scope.topic else asked
    return await answer.from_archive(named, store, scope)


async def listed(file: str, fetcher: Fetcher, reader: Workers) -> tuple[Outline, ...]:
    """The feeds of an OPML file.  Raises SourceError, which names the file, when it is none."""
    try:
        return await reader.opml(await fetcher.fetch(file, kind="feed"))
    except SourceError as error:
        raise SourceError(f"{file}: {str(error).removeprefix(f'{file} ')}") from None


def named(kind: str, address: str, zone: str, name: str = "") -> Source:
    """The source that an address or a file on the command line stands for; a lone file is called by its name."""
    from bot.app import is_web

    if not name and kind == "page" and not is_web(address):
        name = Path(address).name
    return Source(address, kind, address, name, zone)


def to_keep(source: Source) -> Source:
    """The source as an archive knows it: under a short id, a file by its whole path."""
    from bot.app import is_web
    from bot.feeds import source_id

    address = source.address if is_web(source.address) else str(Path(source.address).resolve())
    return replace(source, id=source_id(address), address=address)


def written(digest: Digest, form: str, drawn: bool) -> str:
    """The digest in one of the forms that programs read."""
    from bot.adapters.discord import render as discord
    from bot.adapters.slack import render as slack
    from digests.render import json, markdown

    if form == "markdown":
        return markdown.render(digest)
    if form == "json":
        return json.dumps(digest)
    platform = slack if form == "slack" else discord
    payloads = platform.render(digest)
    return platform.draw(payloads) if drawn else dumps(payloads, ensure_ascii=False, indent=2)


def instant_in(words: str, zone: str, option: str) -> datetime:
    """The instant, in UTC, that an option names; without an offset it is a time in ``zone``, a bare day its beginning.

    Raises:
        ConfigError: the words are no instant.
    """
    try:
        instant = datetime.fromisoformat(words)
        return utc(instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(zone)))
    except (ValueError, OverflowError):
        raise ConfigError(f"{option} is {words!r}; accepted: a day such as 2024-10-13, or 2024-10-13T08:00Z.") from None


def published_in(words: str, asked: Asked) -> date | datetime:
    """The bare day, or the instant in UTC, of ``--published``.

    Raises:
        ConfigError: the words are neither, or it lies after the end of the digest, which could then show nothing.
    """
    given = day_or_instant(words, asked.zone)
    end = asked.query.window.end
    late = given > end if isinstance(given, datetime) else given > end.astimezone(ZoneInfo(asked.zone)).date()
    if late:
        raise ConfigError(
            f"--published is {words!r}, which lies after the digest's end, {end:%Y-%m-%dT%H:%MZ}; give --now too."
        )
    return given


def day_or_instant(words: str, zone: str) -> date | datetime:
    """The bare day, or the instant in UTC, of ``--published``.

    Raises:
        ConfigError: the words are neither.
    """
    try:
        return date.fromisoformat(words)
    except ValueError:
        return instant_in(words, zone, "--published")
