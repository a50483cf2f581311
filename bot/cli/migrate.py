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
    PostgreSQL waits for this verb: release it before the bot.
    """
    address = database_of(settings_from(config), database, make=True)

    async def run() -> str:
        from bot import app

        name = app.archive_file(address) or "The database"
        found = await app.migrate(address)
        return f"{name} is up to date." if found else f"{name} was made; nothing is in it yet."

    typer.echo(asyncio.run(run()))
