"""dateline migrate: the database brought up to this version."""

from __future__ import annotations

import asyncio
from pathlib import Path

import typer

from bot.cli.settings import database_of, settings_from


def migrate(
    database: str | None = typer.Option(None, help="The archive. [default: the settings']", metavar="URL"),
    config: Path | None = typer.Option(None, help="A settings file.", metavar="FILE"),
) -> None:
    """Bring the database up to this version of the program.

    A SQLite file is brought up by itself whenever it is opened, after a copy of it was made beside it; this verb does it now.
    """
    address = database_of(settings_from(config), database)

    async def run() -> None:
        from bot import app

        async with app.archive(address):
            pass

    asyncio.run(run())
    typer.echo("The database is up to date.")
