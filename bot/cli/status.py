"""dateline status: how the installation is doing, the verdict first."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import typer

from bot.cli.settings import database_of, settings_from
from bot.cli.sources import called, described, in_words
from bot.cli.wording import counted


def status(
    as_json: bool = typer.Option(False, "--json", help="The same as JSON."),
    database: str | None = typer.Option(None, help="The archive. [default: the settings']", metavar="URL"),
    config: Path | None = typer.Option(None, help="A settings file.", metavar="FILE"),
) -> None:
    """Show how the sources and the archive are doing."""
    settings = settings_from(config)

    async def run() -> None:
        from bot import app

        async with app.archive(database_of(settings, database), make=database is None) as store:
            counts, followed = await store.counts(), await store.sources()
        failing = [each for each in followed if each.health.failures]
        if as_json:
            health = {"ok": counts.sources - len(failing), "failing": len(failing), "paused": counts.paused}
            sources = [described(each) for each in followed]
            held = {"articles": counts.articles, "stories": counts.stories, "health": health, "sources": sources}
            typer.echo(json.dumps(held, ensure_ascii=False, indent=2))
            return
        if not followed:
            typer.echo("Nothing is followed yet. Add a source with `dateline sources add ADDRESS`.")
        elif failing:
            others = "; the others answer" if len(failing) < len(followed) else ""
            typer.echo(f"{len(failing)} of {counted(len(followed), 'source')} failing{others}.")
        else:
            typer.echo(f"All is well: {counted(len(followed), 'source')}, none failing.")
        stories = f" in {counted(counts.stories, 'story', 'stories')}" if counts.stories else ""
        typer.echo(f"{counted(counts.articles, 'article')}{stories}.")
        for each in failing:
            typer.echo(f"  {called(each)}  {each.source.address}: {in_words(each)}")

    asyncio.run(run())
