"""dateline status: how the installation is doing, the verdict first."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import typer

from bot.cli.settings import database_of, settings_from
from bot.cli.sources import described, in_words


def status(
    as_json: bool = typer.Option(False, "--json", help="The same as JSON."),
    database: str | None = typer.Option(None, help="The archive. [default: the settings']", metavar="URL"),
    config: Path | None = typer.Option(None, help="A settings file.", metavar="FILE"),
) -> None:
    """Show how the sources and the archive are doing."""
    settings = settings_from(config)

    async def run() -> None:
        from bot import app

        async with app.archive(database_of(settings, database)) as store:
            counts, followed = await store.counts(), await store.sources()
        failing = [each for each in followed if each.health.failures]
        if as_json:
            health = {"ok": counts.sources - len(failing), "failing": len(failing), "paused": counts.paused}
            sources = [described(each) for each in followed]
            typer.echo(
                json.dumps({"articles": counts.articles, "stories": counts.stories, "health": health, "sources": sources})
            )
            return
        if not followed:
            typer.echo("Nothing is followed yet. Add a source with `dateline sources add ADDRESS`.")
        elif failing:
            typer.echo(f"{len(failing)} of {len(followed)} sources failing; the others answer.")
        else:
            typer.echo("All is well." if len(followed) == 1 else f"All is well: {len(followed)} sources, none failing.")
        typer.echo(f"{counts.articles} articles in {counts.stories} stories.")
        for each in failing:
            typer.echo(f"  {each.source.name}  {each.source.address}: {in_words(each)}")

    asyncio.run(run())
