"""dateline run: the whole bot, until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from bot.cli.settings import database_of, settings_from

if TYPE_CHECKING:
    from bot.app.platforms import Platforms
    from config.settings import Settings

HARD_STOP_S = 4.3
"""A platform gives a process that it stops five seconds or more, on a busy machine too, where the signal is heard late and the
end is seen late; whatever is then under way stands in the database."""


def _now() -> datetime:
    return datetime.now(UTC)


def run(
    only: str | None = typer.Option(
        None, help="Serve one platform alone: slack, discord, webhook or console.", metavar="PLATFORM"
    ),
    database: str | None = typer.Option(None, help="The archive. [default: the settings']", metavar="URL"),
    config: Path | None = typer.Option(None, help="A settings file.", metavar="FILE"),
) -> None:
    """Run the bot until it is told to stop.

    It reads the sources and posts each digest when it is due.
    Tokens and webhooks come from the environment. The log is on standard error; Ctrl-C stops it.

    \b
    DATELINE_WEBHOOK_NEWS=https://hooks.slack.com/services/... dateline run
    """
    settings = settings_from(config)
    address = database_of(settings, database)
    from bot.app.platforms import platforms

    serve(settings, address, platforms(os.environ, sys.stdout, settings, only))


def serve(settings: Settings, address: str, served: Platforms, *, now: Callable[[], datetime] = _now) -> None:
    """Run the bot until a signal stops it; its log is on standard error.

    Args:
        address: of the archive.
        now: the present instant, aware, in UTC.

    Raises:
        StoreError: the archive cannot be used as it is.
        ConfigError: a setting names what there is not.
    """
    from bot import log

    password = urlsplit(address).password if "://" in address else None
    log.start(sys.stderr, secrets=[*served.secrets, *([password] if password else [])], clock=now)
    asyncio.run(_until_stopped(settings, address, served, now))


async def _until_stopped(settings: Settings, address: str, served: Platforms, now: Callable[[], datetime]) -> None:
    from bot import log
    from bot.app.whole import run_bot
    from bot.pauses import shorten_pauses

    shorten_pauses()
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def told(name: str) -> None:
        if stop.is_set():
            os._exit(0)  # told twice: whatever is under way stands in the database
        log.info("stopping", signal=name, within_s=HARD_STOP_S)
        stop.set()
        last = threading.Timer(HARD_STOP_S, os._exit, (0,))  # a thread that thinks cannot be cut off otherwise
        last.daemon = True
        last.start()

    for each in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows: Ctrl-C interrupts
            loop.add_signal_handler(each, told, each.name)
    await run_bot(settings, address, served, stop, now=now)
