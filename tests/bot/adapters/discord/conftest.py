"""The stand-in for Discord, and the adapter that posts to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.adapters.discord import Discord, Settings
from tests.servers.discord_app import Discord as Place


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
