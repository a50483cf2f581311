"""Slack's stand-in, the real library against it, and a desk behind."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from bot import log
from bot.adapters.slack.adapter import Slack
from bot.adapters.slack.door import LOOKS_S
from bot.adapters.slack.manifest import scopes
from bot.adapters.slack.settings import Settings
from bot.errands import MOST
from bot.model import Channel, Space
from bot.ports.desk import Answers, House
from bot.ports.marks import Mark
from bot.talk import Reply
from tests.fakes import FakeDesk
from tests.servers.slack import Slack as Server

NOW = datetime(2024, 10, 13, 8, tzinfo=UTC)


def settings_of(server: Server) -> Settings:
    return Settings.read(SecretStr(server.bot_token), SecretStr(server.app_token), api_url=server.api_url)


class Places:
    """A `bot.ports.desk.Places` that remembers what it heard."""

    def __init__(self, greeting: Reply | None = None) -> None:
        self.heard: list[tuple[str, object]] = []
        self.greeting = greeting

    async def joined(self, channel: Channel, now: datetime) -> Reply | None:
        self.heard.append(("joined", channel))
        return self.greeting

    async def gone(self, channel: Channel, now: datetime, *, archived: bool = False) -> None:
        self.heard.append(("archived" if archived else "gone", channel))

    async def left(self, space: Space, now: datetime) -> None:
        self.heard.append(("left", space))

    async def back(self, space: Space, now: datetime) -> None:
        self.heard.append(("back", space))


class NoMarks:
    """A `bot.ports.marks.Marks` that nobody needs here."""

    async def mark(self, space: Space, name: str, now: datetime, value: str = "") -> bool:
        return True

    async def unmark(self, space: Space, name: str) -> bool:
        return False

    async def marked(self, name: str) -> list[Mark]:
        return []


@dataclass
class Open:
    """A bot that listens: what it is asked goes to the desk."""

    server: Server
    slack: Slack
    desk: FakeDesk
    places: Places
    stop: asyncio.Event
    lines: io.StringIO
    task: asyncio.Task[None] | None = field(default=None)

    def answers(self, *replies: Reply | None, form: bool = False, offered: Sequence[tuple[str, str]] = ()) -> None:
        self.desk.replies += replies
        self.desk.form, self.desk.offered = form, offered or self.desk.offered


@asynccontextmanager
async def listening(
    server: Server, desk: Answers, places: Places, *, wait: bool = True, most: int = MOST, looks_s: float = LOOKS_S
) -> AsyncIterator[Slack]:
    """The real app against the stand-in, for as long as the context is open."""
    slack, stop = Slack(settings_of(server), most=most, looks_s=looks_s), asyncio.Event()
    house = House(desk, places, NoMarks())
    async with slack.serve():
        task = asyncio.create_task(slack.listen(house, lambda: datetime.now(UTC), stop))
        try:
            if wait:
                await server.connected()
            yield slack
        finally:
            stop.set()
            async with asyncio.timeout(10):
                await task


@pytest.fixture
def lines() -> io.StringIO:
    stream = io.StringIO()
    log.start(stream)
    return stream


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server(scopes=scopes()) as server:
        yield server


@pytest.fixture
async def bot(server: Server, lines: io.StringIO) -> AsyncIterator[Open]:
    desk, places = FakeDesk(), Places()
    async with listening(server, desk, places, looks_s=60.0) as slack:  # what ends it is heard, not looked for
        yield Open(server, slack, desk, places, asyncio.Event(), lines)
