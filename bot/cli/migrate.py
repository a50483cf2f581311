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
    """Bring the database up to this version.

    A SQLite file is brought up by itself whenever it is opened, after a copy of it was made beside it; this verb does it now.
    """
    address = database_of(settings_from(config), database)

    async def run() -> str:
        from bot import app

        file = app.archive_file(address)
        found = file is None or file.exists()
        async with app.archive(address):
            return f"{file or 'The database'} is up to date." if found else f"{file} was made; nothing is in it yet."

    typer.echo(asyncio.run(run()))
