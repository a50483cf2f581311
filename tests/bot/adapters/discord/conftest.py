"""The stand-in for Discord, the adapter that posts to it, and a house that serves people there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from bot.adapters.discord import Discord, Settings
from bot.model import Channel, Space
from bot.ports.desk import Answers, House
from bot.ports.marks import Mark
from bot.talk import Reply
from tests.servers.discord_app import Discord as Place


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Heard:
    """A `bot.ports.desk.Places` that remembers what it heard, and greets as it was told to."""

    greeting: Reply | None = None
    told: list[tuple[str, str]] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def joined(self, channel: Channel, now: datetime) -> Reply | None:
        self._tell("joined", channel)
        return self.greeting

    async def gone(self, channel: Channel, now: datetime, *, archived: bool = False) -> None:
        self._tell("gone", channel)

    async def left(self, space: Space, now: datetime) -> None:
        self._tell("left", space)

    async def back(self, space: Space, now: datetime) -> None:
        self._tell("back", space)

    async def hears(self, what: str, where: Channel | Space, times: int = 1) -> None:
        """Wait until it heard that so many times.  Raises TimeoutError when it does not in time."""
        async with asyncio.timeout(10):
            while self.told.count((what, str(where))) < times:
                self.changed.clear()
                await self.changed.wait()

    def _tell(self, what: str, where: Channel | Space) -> None:
        self.told.append((what, str(where)))
        self.changed.set()


@dataclass
class Remembered:
    """A `bot.ports.marks.Marks` in memory."""

    held: dict[tuple[Space, str], Mark] = field(default_factory=dict)

    async def mark(self, space: Space, name: str, now: datetime, value: str = "") -> bool:
        known = self.held.get((space, name))
        if known is not None and known.value == value:
            return False
        self.held[space, name] = Mark(space, name, value, now)
        return True

    async def unmark(self, space: Space, name: str) -> bool:
        return self.held.pop((space, name), None) is not None

    async def marked(self, name: str) -> list[Mark]:
        return [mark for (_, each), mark in self.held.items() if each == name]


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    place = Place()
    with place.pointed_at():  # puts back what the adapter points elsewhere
        async with place:
            yield place


@pytest.fixture
def settings(place: Place) -> Settings:
    return Settings.read(SecretStr(place.token), api_url=place.api, gateway_url=place.gateway_address)


@pytest.fixture
async def discord(settings: Settings) -> AsyncIterator[Discord]:
    discord = Discord(settings)
    async with discord.serve():
        yield discord


@dataclass
class Served:
    """The bot as it serves people."""

    discord: Discord
    places: Heard
    marks: Remembered
    task: asyncio.Task[None]


@asynccontextmanager
async def serving(
    place: Place, settings: Settings, desk: Answers, *, places: Heard | None = None, marks: Remembered | None = None
) -> AsyncIterator[Served]:
    """The bot, connected, its commands told; it stops at the end."""
    served, stop = Served(Discord(settings), places or Heard(), marks or Remembered(), None), asyncio.Event()  # type: ignore[arg-type]
    house = House(desk, served.places, served.marks)
    served.task = asyncio.create_task(served.discord.listen(house, now, stop))
    try:
        await place.connected()
        await place.until(lambda: place.commands[""] or place.commands.get(settings.guild), "commands")
        for guild in place.guilds:
            await served.places.hears("back", Space("discord", guild.id))
        yield served
    finally:
        stop.set()
        async with asyncio.timeout(10):
            await served.task


def channel_of(there: object) -> Channel:
    """A channel of the stand-in, as the bot names it."""
    guild, number = there.guild, there.id  # type: ignore[attr-defined]
    return Channel.parse(f"discord:{guild.id if guild else number}/{number}")


def names(offers: Sequence[tuple[str, object]]) -> list[str]:
    return [name for name, _ in offers]
