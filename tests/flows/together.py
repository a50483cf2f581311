"""Slack's and Discord's stand-ins side by side, for a bot that is connected to both in one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from bot import newsroom
from bot.adapters.discord import Discord as DiscordBot
from bot.adapters.discord import Settings as DiscordSettings
from bot.adapters.slack.adapter import Slack as SlackBot
from bot.adapters.slack.manifest import scopes
from bot.adapters.slack.settings import Settings as SlackSettings
from bot.app import Archive
from bot.app.desk import Room, desk, prefixes
from bot.commands.desk import Desk
from bot.places import KnownPlaces
from bot.ports import Adapters
from bot.ports.desk import House
from tests.fakes import InlineReader
from tests.flows.conversing import TITLE
from tests.servers.discord_app import Discord
from tests.servers.discord_guilds import Guild, Permission, User
from tests.servers.discord_place import utc_now
from tests.servers.faults import Fault
from tests.servers.slack import Slack
from tests.servers.slack_workspace import Clock

POSTS = {"slack": "chat.postMessage", "discord": "POST /channels/*/messages"}
"""How the request that posts a message is called, where faults are asked for."""
ANSWERS = {"slack": ("response_url",), "discord": ("POST /interactions/*", "PATCH /webhooks/*")}
"""Those by which somebody is answered: the first that they see of it, and the answer itself."""
LOOKS = {"slack": ("conversations.history",), "discord": ("GET /channels/*", "GET /channels/*/messages")}
"""Those by which a message in doubt is looked for."""


@dataclass
class Together:
    """A workspace of Slack and a server of Discord.

    Args:
        ann, boss: on Discord; ``boss`` may manage the server.  On Slack they are U2 and U1.
    """

    slack: Slack
    discord: Discord
    guild: Guild
    ann: User
    boss: User

    @property
    def environ(self) -> dict[str, str]:
        """What the bot needs in its environment to be connected to both."""
        return {
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api,
            "DISCORD_GATEWAY_URL": self.discord.gateway_address,
        }

    @property
    def channels(self) -> dict[str, str]:
        """The channel #news of each, as it is written."""
        return {"slack": "slack:T1/C1", "discord": f"discord:{self.guild.id}/{self.guild['news'].id}"}

    @property
    def for_slack(self) -> SlackSettings:
        tokens = SecretStr(self.slack.bot_token), SecretStr(self.slack.app_token)
        return SlackSettings.read(*tokens, api_url=self.slack.api_url)

    @property
    def for_discord(self) -> DiscordSettings:
        token = SecretStr(self.discord.token)
        return DiscordSettings.read(token, api_url=self.discord.api, gateway_url=self.discord.gateway_address)

    def shown(self, platform: str) -> list[str]:
        """The words of each message that stands in #news."""
        return self.slack.shown("C1") if platform == "slack" else self.discord.shown(self.guild["news"])

    def posts(self, platform: str) -> int:
        """How many requests to post there arrived."""
        if platform == "slack":
            return len(self.slack.calls_of("chat.postMessage"))
        return sum(str(call) == f"POST /channels/{self.guild['news'].id}/messages" for call in self.discord.calls)

    def meets(self, platform: str, fault: Fault, of: str) -> None:
        """Let the next request of that kind meet a fault."""
        if platform == "slack":
            self.slack.next(fault, of=of)
        else:
            self.discord.next(fault, to=of)

    async def connected(self) -> None:
        """Wait until the bot listens on both, and Discord knows its commands."""
        async with asyncio.timeout(30):
            await self.slack.connected()
            await self.discord.connected()
            await self.discord.until(lambda: self.discord.commands[""], "commands")


@asynccontextmanager
async def together(now: Callable[[], datetime] = utc_now, slack_clock: Clock | None = None) -> AsyncIterator[Together]:
    """Both, with a channel #news in each."""
    discord = Discord(now)
    guild = discord.add_guild("Newsroom", "news", "market")
    ann = discord.add_user("Ann", guild)
    boss = discord.add_user("Boss", guild, permissions=Permission.MANAGE_GUILD)
    async with Slack(scopes=scopes(), clock=slack_clock) as slack, discord:
        yield Together(slack, discord, guild, ann, boss)


def newsroom_desk(kept: Archive, adapters: Adapters) -> Desk:
    """The real desk over the newsroom's archive, without network."""
    room = newsroom.load()
    return desk(
        *(kept, Room(room, room), InlineReader(), adapters),
        owner="desk",
        title=TITLE,
        zone=room.zone,
        kept_days=90,
        prefixes=prefixes(),
    )


@asynccontextmanager
async def listening(
    places: Together, slack: SlackBot, discord: DiscordBot, at: Desk, kept: Archive, clock: Callable[[], datetime]
) -> AsyncIterator[None]:
    """Be connected to both, in this process."""
    house, stop = House(at, KnownPlaces(kept.ledger, kept.marks, prefixes()), kept.marks), asyncio.Event()
    with places.discord.pointed_at():
        async with slack.serve(), discord.serve():
            doors = [asyncio.create_task(door.listen(house, clock, stop)) for door in (slack, discord)]
            try:
                await places.connected()
                yield
            finally:
                stop.set()
                await asyncio.gather(*doors)
