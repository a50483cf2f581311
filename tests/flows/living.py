"""The real bot as a process of its own, and an archive in which something is due."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from bot.app import Archive, archive
from bot.collect import collect
from bot.grouping import Grouping
from bot.model import Channel, Fetched, IfNothing, Subscription
from bot.schedule import parse
from digests.model import Source
from tests.bot.cli.running import BRIDGE, FERRY, clean, rss
from tests.bot.store.making import new_database
from tests.fakes import FakeFetcher, InlineReader

DEADLINE_S = 30.0


class Bot:
    """``dateline run`` until the end of the block; ``lines`` is what it logged so far.

    Args:
        program: the module that runs it, with its first arguments.
    """

    def __init__(
        self,
        home: Path,
        *arguments: str,
        allow: list[str] | None = None,
        environ: Mapping[str, str] | None = None,
        program: Sequence[str] = ("bot", "run"),
        **more: str,
    ) -> None:
        self._command = [sys.executable, "-m", *program, *arguments]
        quick = {"DATELINE_RUN__TICK_S": "1", "DATELINE_FETCH__ALLOW": json.dumps(allow or [])}
        self._environ = clean(home) | quick | dict(environ or {}) | more
        self.lines: list[str] = []
        self._changed = asyncio.Condition()
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(*self._command, stdout=DEVNULL, stderr=PIPE, env=self._environ)
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        if self._reading is not None:
            await self._reading

    @property
    def process(self) -> Process:
        assert self._process is not None
        return self._process

    @property
    def log(self) -> str:
        return "\n".join(self.lines)

    async def said(self, *words: str, count: int = 1) -> None:
        """Wait until so many lines hold all the words; an error shows the whole log."""
        try:
            async with asyncio.timeout(DEADLINE_S), self._changed:
                await self._changed.wait_for(lambda: sum(all(word in line for word in words) for line in self.lines) >= count)
        except TimeoutError:
            raise AssertionError(f"never said {words} {count} times:\n{self.log}") from None

    async def stopped(self, told: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal and wait for the end: the exit code, and how many seconds that took."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        with suppress(ProcessLookupError):
            self.process.send_signal(told)
        async with asyncio.timeout(DEADLINE_S):
            code = await self.process.wait()
        return code, loop.time() - began

    async def _read(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            async with self._changed:
                self.lines.append(line.decode().rstrip("\n"))
                self._changed.notify_all()


def database(home: Path) -> str:
    return f"sqlite:///{home / 'dateline.db'}"


@asynccontextmanager
async def opened(home: Path) -> AsyncIterator[Archive]:
    file = home / "dateline.db"
    async with archive(database(home) if file.exists() else new_database(file)) as found:
        yield found


async def with_news(home: Path, *items: Mapping[str, str], address: str = "https://harbour.example/feed") -> None:
    """An archive whose one source was read twice: what it held at first is backlog, the items came after."""
    now = datetime.now(UTC)
    async with opened(home) as store:
        await store.add_source(Source("harbour", "feed", address, "Harbour News"), now=now)
        for held in ((FERRY,), (FERRY, *items)):
            fetched = Fetched(address, 200, rss(*held), "application/rss+xml")
            report = await collect(store, FakeFetcher({address: fetched}), InlineReader(), now, all=True, grouping=Grouping())
            assert not report.errors, report


def due(channel: str, title: str = "World", *, if_nothing: IfNothing = IfNothing.POST) -> Subscription:
    """A subscription a slot of which has just passed and never ran; the next one comes when its test is long over."""
    now = datetime.now(UTC)
    since, daily = now - timedelta(minutes=20), parse(f"daily {now - timedelta(minutes=5):%H:%M}", "UTC")
    name = f"{title.lower()}-{channel.partition(':')[2] or channel}"
    return Subscription(name, Channel.parse(channel), title, daily, since, since, if_nothing=if_nothing)


async def subscribed(home: Path, *wanted: Subscription) -> None:
    async with opened(home) as store:
        for each in wanted:
            assert await store.ledger.add_subscription(each)


async def aged(home: Path) -> None:
    """Let the minutes pass after which a message on its way is in doubt, its channel another's, and a pause over."""
    long_ago = (datetime.now(UTC) - timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with closing(sqlite3.connect(home / "dateline.db")) as connection, connection:
        connection.execute("UPDATE delivery SET sending_since = ? WHERE state = 'sending'", (long_ago,))
        connection.execute("UPDATE delivery SET not_before = NULL")
        connection.execute("UPDATE lease SET until = ?", (long_ago,))


async def read_again(home: Path) -> None:
    """Let the hour pass after which a source is asked again."""
    long_ago = (datetime.now(UTC) - timedelta(hours=2)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with closing(sqlite3.connect(home / "dateline.db")) as connection, connection:
        connection.execute("UPDATE source SET next_poll_at = ?, leased_until = NULL", (long_ago,))


__all__ = ["BRIDGE", "FERRY", "Bot", "aged", "due", "opened", "read_again", "rss", "subscribed", "with_news"]
