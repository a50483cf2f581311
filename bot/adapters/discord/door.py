"""The connection to Discord's gateway: made again whenever it breaks, and what comes over it handed on.

`discord.Client` gives up at the first login that fails, and by itself waits up to a quarter of an hour between two attempts
later on.  So a session lives as long as the library can resume it; after that a new client begins, with a pause of our own.
Only a token or intents that are refused are final.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import aiohttp
import discord

from bot import connection_words, log
from bot.adapters.discord import commands, replies
from bot.adapters.discord.conversation import Conversation
from bot.adapters.discord.refusals import Answer, meaning, told
from bot.adapters.discord.rest import LONGEST_PAUSE_S, Rest
from bot.adapters.discord.settings import Settings
from bot.adapters.discord.visits import Met
from bot.errands import Errands
from bot.errors import DeliveryError, OutcomeUnknown, RateLimited, Unreachable
from bot.model import Channel, Space
from bot.ports.connections import DoorState
from bot.ports.desk import House
from bot.supervisor import WELL_AFTER_S, stopped_within
from bot.talk import Person
from bot.wording import plain, say

FIRST_PAUSE_S: Final = 1.0
LONGEST_RETRY_S: Final = 90.0
"""Discord takes a thousand new sessions a day: one in 86 seconds."""
_READY_S = 0.05  # after the last server that came; READY announced them all, also those that have an outage
_SYNCED: Final = "commands"
_FINAL = {4004: "refused_connection_token", 4013: "refused_connection_intents", 4014: "refused_connection_intents"}
_FINAL |= {4010: "refused_connection_shards", 4011: "refused_connection_shards"}


class Reception:
    """Serves people on all servers of an application.

    Args:
        pause_s: before the first new attempt; it doubles with each.
        well_after_s: a session that lasted so long was well, and the next begins with the shortest pause.
    """

    def __init__(
        self,
        settings: Settings,
        rest: Rest,
        house: House,
        now: Callable[[], datetime],
        *,
        pause_s: float = FIRST_PAUSE_S,
        well_after_s: float = WELL_AFTER_S,
    ) -> None:
        self._settings, self._rest, self._house, self._now = settings, rest, house, now
        self._pause_s, self._well_after_s = pause_s, well_after_s
        self._conversation = Conversation(rest, house.desk, now)
        self._client: Guests | None = None
        self._since: datetime | None = None
        self._ready_s = 0.0  # by the clock of the loop
        self._refused, self._synced, self._over = "", False, False
        self._syncing = asyncio.Lock()

    async def listen(self, stop: asyncio.Event) -> None:
        """Be connected until ``stop`` is set; a connection that is refused for good is said once."""
        async with self._rest.open(), Errands("discord") as errands:
            connecting = asyncio.create_task(self._connect(errands))
            stopping = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait({connecting, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if connecting.done():
                    connecting.result()
                await stopping
            finally:
                self._over = True  # before Python 3.12 a cancellation may be lost while the library connects
                if self._client is not None:
                    await self._client.close()
                for task in (connecting, stopping):
                    task.cancel()
                await asyncio.gather(connecting, stopping, return_exceptions=True)
                self._since = None

    def telling(self, limited: int = 0) -> DoorState:
        """How the connection is doing; ``limited`` counts how often posting was told to wait."""
        if self._refused:
            return DoorState(False, self._refused, refused=True)
        talked = self._conversation
        counts = connection_words.counts(talked.count, talked.acknowledged_ms, self._rest.limited + limited)
        if self._since is None or self._client is None or self._client.user is None:
            return DoorState(False, counts=counts)
        servers = plain(say("connected_servers", servers=len(self._client.guilds)))
        return DoorState(True, connection_words.whom(self._client.user.name, servers), self._since, counts)

    # The connection

    async def _connect(self, errands: Errands) -> None:
        """Connect again and again.  Returns when that can never succeed."""
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice is wanted
        pause_s, clock = self._pause_s, asyncio.get_running_loop().time
        while not self._over:
            client = self._client = Guests(self, errands)
            why = "the connection was closed"
            try:
                await client.start(self._settings.token.get_secret_value(), reconnect=False)
            except discord.LoginFailure:
                return self._give_up("refused_connection_token")
            except discord.PrivilegedIntentsRequired:
                return self._give_up("refused_connection_intents")
            except discord.ConnectionClosed as closed:
                if closed.code in _FINAL:
                    return self._give_up(_FINAL[closed.code])
                why = f"Discord closed the connection ({closed.code})"
            except (discord.DiscordException, aiohttp.ClientError, OSError) as fault:
                why = type(fault).__name__
            except Exception as fault:  # a fault of the library ends one attempt, not the bot
                log.error("bug", fault, part="discord", words=f"{type(fault).__name__}: {fault}")
            finally:
                was_well = self._since is not None and clock() - self._ready_s >= self._well_after_s
                self._since = None
                with suppress(Exception):
                    await client.close()
            if self._over:
                return None
            pause_s = self._pause_s if was_well else pause_s
            log.warning("connection_lost", platform="discord", words=why, again_in_s=round(pause_s, 1))
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_RETRY_S)
        return None

    def _give_up(self, key: str) -> None:
        self._refused = told(say(key))
        log.error("connection_refused", platform="discord", words=self._refused)

    # What comes over it

    async def connected(self, client: Guests) -> None:
        """A session began: which servers the bot is in is known."""
        if self._since is None:  # a session may be made ready again and again
            self._ready_s = asyncio.get_running_loop().time()
        self._since = self._now()
        log.info("connection_made", platform="discord", servers=len(client.guilds))
        for guild in client.guilds:
            await self.back(guild)
        if client.application_id is not None:
            await self._tell_commands(client, client.application_id)

    async def back(self, guild: discord.Guild) -> None:
        await self._house.places.back(Space("discord", str(guild.id)), self._now())

    async def left(self, guild: discord.Guild) -> None:
        await self._house.places.left(Space("discord", str(guild.id)), self._now())

    async def gone(self, guild_id: int, channel_id: int) -> None:
        await self._house.places.gone(Channel("discord", str(guild_id), str(channel_id)), self._now())

    async def joined(self, guild: discord.Guild) -> None:
        """Greet where the server has its notices, else in the first channel where the bot may write, else nowhere."""
        await self.back(guild)
        places = [each for each in (guild.system_channel, *guild.text_channels) if each is not None]
        writable = (each for each in places if each.permissions_for(guild.me).send_messages)
        if (place := next(writable, None)) is None:
            return
        channel = Channel("discord", str(guild.id), str(place.id))
        greeting = await self._house.places.joined(channel, self._now())
        for message in replies.messages(greeting) if greeting else ():
            try:
                await self._rest.call(
                    "POST", "/channels/{channel_id}/messages", channel_id=channel.id, json=dict(message.payload)
                )
            except Answer as answer:
                log.warning("greeting_failed", channel=channel, words=str(meaning(answer, f"#{place.name}")))
            except DeliveryError as error:
                log.warning("greeting_failed", channel=channel, words=str(error))

    async def meet(self, met: Met) -> None:
        await self._conversation.meet(met)

    def met(self, interaction: discord.Interaction[Any]) -> Met | None:
        """An interaction as a value; None for one that comes from nowhere."""
        user, channel_id = interaction.user, interaction.channel_id or interaction.guild_id
        if not user or not channel_id or interaction.data is None:
            return None
        may, in_guild = interaction.permissions, interaction.guild_id is not None
        roles = getattr(user, "roles", ())
        return Met(
            id=str(interaction.id),
            token=interaction.token,
            application=str(interaction.application_id),
            kind=interaction.type.value,
            person=Person(
                str(user.id),
                admin=in_guild and (may.manage_guild or may.administrator),
                groups=frozenset(str(role.id) for role in roles),
            ),
            # Direct messages are a space of their own: what is set there is nobody else's.
            channel=Channel("discord", str(interaction.guild_id or channel_id), str(channel_id)),
            data=dict(interaction.data),
            on_ephemeral=interaction.message is not None and interaction.message.flags.ephemeral,
            at=self._now(),
            came=asyncio.get_running_loop().time(),
        )

    async def _tell_commands(self, client: Guests, application: int) -> None:
        """Tell Discord the commands, again and again while the session lasts and it could not take them."""
        pause_s = self._pause_s
        async with self._syncing:
            while not self._synced and not client.is_closed():
                try:
                    await self._sync(application)
                except (RateLimited, Unreachable, OutcomeUnknown) as error:
                    wait_s = max(pause_s, getattr(error, "retry_after", None) or 0.0)
                    log.warning("commands_not_told", platform="discord", words=str(error), again_in_s=round(wait_s, 1))
                    await client.closed_within(wait_s)
                    pause_s = min(2 * pause_s, LONGEST_RETRY_S)
                except DeliveryError as error:  # they are refused, and would be again
                    log.error("commands_not_told", platform="discord", words=str(error))
                    return
                else:
                    self._synced = True

    async def _sync(self, application: int) -> None:
        """Tell Discord the commands, if it does not know them so already.  Raises DeliveryError."""
        wanted, guild = commands.told(), self._settings.guild
        space, mark = Space("discord", str(application)), f"{_SYNCED} {guild}".strip()
        value = commands.fingerprint(wanted)
        marks = self._house.marks
        if any((each.space, each.value) == (space, value) for each in await marks.marked(mark)):
            return
        path = (
            "/applications/{application_id}/guilds/{guild_id}/commands" if guild else "/applications/{application_id}/commands"
        )
        ids: dict[str, Any] = {"application_id": str(application)} | ({"guild_id": guild} if guild else {})
        try:
            await self._rest.call("PUT", path, json=wanted, **ids)
        except Answer as answer:
            raise meaning(answer, "Discord") from None
        await marks.mark(space, mark, self._now(), value)
        log.info("commands_told", platform="discord", commands=len(wanted))


class Guests(discord.Client):
    """A session with the gateway: which servers there are, and who asks."""

    def __init__(self, reception: Reception, errands: Errands) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=_READY_S,
            max_ratelimit_timeout=LONGEST_PAUSE_S,
        )
        self._reception, self._errands = reception, errands
        self._closed_now = asyncio.Event()

    async def close(self) -> None:
        self._closed_now.set()
        await super().close()

    async def closed_within(self, seconds: float) -> None:
        """Let so many seconds pass, or fewer when the session ends."""
        await stopped_within(self._closed_now, seconds)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Nothing is told after the end: the library would, of servers that were on their way."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def on_ready(self) -> None:
        self._errands.do(self._reception.connected(self))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self._errands.do(self._reception.joined(guild))

    async def on_guild_remove(self, guild: discord.Guild) -> None:  # never for an outage
        self._errands.do(self._reception.left(guild))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self._errands.do(self._reception.gone(channel.guild.id, channel.id))

    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        self._errands.do(self._reception.gone(thread.guild_id, thread.thread_id))

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        if met := self._reception.met(interaction):
            self._errands.do(self._reception.meet(met))

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        fault = sys.exc_info()[1]
        log.error("bug", fault, part="discord", words=f"{event_method}: {type(fault).__name__}")
