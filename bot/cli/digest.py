"""dateline digest: one digest, made now, printed."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.errors import ConfigError, SourceError

if TYPE_CHECKING:
    pass

FORMATS = ("text", "markdown", "json", "slack", "discord")
ARCHIVE_WINDOW = timedelta(hours=24)


def digest(
    feed: list[str] = typer.Option([], help="A feed to read now: an address or a file. Repeat for more.", metavar="URL|FILE"),
    article: list[str] = typer.Option([], help="A page or a plain text to read now. Repeat for more.", metavar="URL|FILE"),
    published: str | None = typer.Option(
        None, help="When the --article was published, if it does not say: 2024-10-13 (a day in --zone) or an instant."
    ),
    topic: str = typer.Option("", help="Only stories with these words.", metavar="WORDS"),
    since: str | None = typer.Option(
        None, help="today, yesterday, a weekday, 12h, 3d, week, a date or an instant. For an archive: 24h.", metavar="WORDS"
    ),
    now: str | None = typer.Option(None, help="The instant of the digest; the clock, if left out.", metavar="ISO"),
    zone: str | None = typer.Option(
        None, help="The time zone to read in, such as Europe/Berlin. [default: UTC]", metavar="IANA"
    ),
    length: str | None = typer.Option(None, help="short, normal or full. [default: normal]"),
    format: str = typer.Option("text", help="text, markdown, json, slack or discord (the payloads)."),  # noqa: A002
    drawn: bool = typer.Option(False, "--drawn", help="Draw the slack or discord payloads as text."),
    database: str | None = typer.Option(
        None, help="The archive to read. With --feed: also where to keep what was read.", metavar="URL"
    ),
    config: Path | None = typer.Option(None, help="A settings file.", metavar="FILE"),
) -> None:
    """Make one digest now and print it.

    Without a feed, an article or a database it is made of the newsroom that ships with the program.

    \b
    dateline digest --feed https://example.org/feed.xml --since 3d --zone Europe/Berlin
    dateline digest --article story.txt --published 2024-10-13 --length full
    dateline digest --database sqlite:///news.db --topic "supreme court" --format markdown
    """
    if format not in FORMATS:
        raise ConfigError(f"--format is {format!r}; accepted: {', '.join(FORMATS)}.")
    if drawn and format not in ("slack", "discord"):
        raise ConfigError("--drawn draws payloads; give --format slack or --format discord with it.")
    from config.settings import load

    settings = load(config, os.environ)
    wishes = Wishes(settings, topic, since, now, zone, length)
    answer = asyncio.run(_answer(wishes, feed, article, published, database))
    for address, words in answer.failures:
        typer.echo(f"dateline: {address}: {words}", err=True)
    for address, words in answer.notes:
        typer.echo(f"dateline: note on {address}: {words}", err=True)
    if answer.failures and len(answer.failures) == len(feed) + len(article):
        raise SourceError("Nothing could be fetched." if len(answer.failures) > 1 else "It could not be read.")
    typer.echo(written(answer.digest, format, drawn), nl=False)
