"""The archive, as the verbs open it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from bot.cli.settings import database_of

if TYPE_CHECKING:
    from bot.app import Archive
    from config.settings import Settings

T = TypeVar("T")


def with_archive(settings: Settings, database: str | None, work: Callable[[Archive], Awaitable[T]], *, make: bool = False) -> T:
    """What the work gives with the archive open.

    Args:
        database: as typed; None takes the settings' own.
        make: as of `bot.cli.settings.database_of`: the work puts something into it.

    Raises:
        StoreError: it cannot be used, or is not there.
    """

    async def run() -> T:
        from bot import app

        async with app.archive(database_of(settings, database, make=make)) as archive:
            return await work(archive)

    return asyncio.run(run())
