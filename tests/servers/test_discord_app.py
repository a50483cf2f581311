"""The stand-in for Discord, driven by the real discord.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.servers.discord_app import Discord
from tests.servers.discord_place import TOKEN


class App(discord.Client):
    """A small app of the library's own parts."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.01,
            max_ratelimit_timeout=30,
        )
        self.tree = app_commands.CommandTree(self)


@asynccontextmanager
async def running(app: App, server: Discord) -> AsyncIterator[App]:
    with server.pointed_at():
        task = asyncio.create_task(app.start(TOKEN))
        try:
            await server.connected()
            await app.wait_until_ready()
            yield app
        finally:
            await app.close()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def place() -> AsyncIterator[Discord]:
    async with Discord() as server:
        yield server


async def test_a_command_is_deferred_then_answered(place: Discord) -> None:
    guild = place.add_guild("Newsroom", "news")
    ann = place.add_user("Ann", guild)
    app = App()
    group = app_commands.Group(name="digest", description="News")

    @group.command(name="about", description="x")
    async def about(interaction: discord.Interaction, words: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(content=f"About **{words}**")

    app.tree.add_command(group)
    async with running(app, place):
        await app.tree.sync()
        act = await place.command(ann, guild["news"], "digest about", {"words": "ferry"})

    assert act.states == ["thinking", "message"]
    assert act.ephemeral
    assert place.text(act.answer) == "About ferry"
    assert place.shown(guild["news"]) == []
    assert place.shown(guild["news"], ann) == ["About ferry"]


async def test_a_message_is_stored_once_for_a_nonce(place: Discord) -> None:
    guild = place.add_guild("Newsroom", "news")
    async with running(App(), place) as app:
        channel: Any = app.get_channel(int(guild["news"].id))
        first = await channel.send("x", nonce="n1")
        again = await channel.send("x", nonce="n1")
        history = [message.id async for message in channel.history(limit=5)]

    assert first.id == again.id
    assert history == [first.id]
    assert place.shown(guild["news"]) == ["x"]
