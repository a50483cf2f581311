"""The state of the stand-in for Discord: who is where, what stands there, what was typed, and the gateway that tells of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.discord_gateway import DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS, MESSAGE_CONTENT, Event, Gateway, Session
from tests.servers.discord_guilds import (
    DM,
    EVERYONE,
    INVITED,
    NOTHING,
    PUBLIC_THREAD,
    TEXT,
    Attachment,
    Channel,
    Guild,
    Ids,
    Json,
    Message,
    Permission,
    Role,
    Tag,
    User,
)

ANSWER_S, TOKEN_S = 3.0, 15 * 60.0  # until the first response; until an interaction's token dies
NONCE_S = 5 * 60.0  # "the past few minutes"
TOKEN = "token-of-the-app"


class Refused(Exception):  # noqa: N818  (an answer, named for what it says)
    """What Discord answers instead: a status, a code of its list, and which field is wrong."""

    def __init__(self, code: int, status: int = 0, errors: Json | None = None) -> None:
        super().__init__(code)
        self.code, self.status, self.errors = code, status or STATUS.get(code, 400), errors


STATUS = {
    0: 404, 10002: 404, 10003: 404, 10004: 404, 10008: 404, 10011: 404, 10013: 404, 10015: 404, 10062: 404, 10063: 404,
    20028: 429, 20016: 429, 50001: 403, 50003: 403, 50005: 403, 50007: 403, 50013: 403, 50027: 401,
}  # fmt: skip
WORDS = {
    10002: "Unknown application",
    10003: "Unknown channel",
    10004: "Unknown guild",
    10008: "Unknown message",
    10013: "Unknown user",
    10015: "Unknown webhook",
    10062: "Unknown interaction",
    10063: "Unknown application command",
    20016: "This action cannot be performed due to slowmode rate limit",
    20028: "The channel you are writing has hit the write rate limit",
    30034: "Max number of daily application command creates has been reached (200)",
    40060: "Interaction has already been acknowledged",
    40067: "A tag is required to create a forum post in this channel",
    40094: "This interaction has hit the maximum number of follow up messages",
    50001: "Missing access",
    50003: "Cannot execute action on a DM channel",
    50005: "Cannot edit a message authored by another user",
    50006: "Cannot send an empty message",
    50007: "Cannot send messages to this user",
    50008: "Cannot send messages in a non-text channel",
    50013: "You lack permissions to perform that action",
    50024: "Cannot execute action on this channel type",
    50027: "Invalid webhook token provided",
    50035: "Invalid form body",
    50083: "Tried to perform an operation on an archived thread, such as editing a message or adding a user to the thread",
    50109: "The request body contains invalid JSON.",
    160004: "A thread has already been created for this message",
    160005: "Thread is locked",
    160006: "Maximum number of active threads reached",
}


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(eq=False)
class Act:
    """What a person did, and what came of it.

    Attributes:
        states: what the person saw, in order: ``thinking``, ``message``, ``choices``, ``modal``, ``updated``, ``silent``
            (acknowledged, nothing shown), ``deleted``, ``failed`` ("The application did not respond").
        answer: the first message, or the one that a button stands under once it is updated.
        modal: the form that opened; it is open until what was sent of it is answered.
        filled_in: the act that opened the form of which this is the sending.
        choices: what is offered while one types, as (name, value).
    """

    id: str
    token: str
    kind: int
    user: User
    channel: Channel
    at: datetime
    data: Json
    source: Message | None = None
    told: Json = field(default_factory=dict)
    first: int | None = None
    states: list[str] = field(default_factory=list)
    answer: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[tuple[str, Any]] | None = None
    filled_in: Act | None = None
    form_open: bool = False
    guest_follow_ups: int = 0

    @property
    def failed(self) -> bool:
        return "failed" in self.states

    @property
    def settled(self) -> bool:
        """The person need not wait any longer."""
        if self.first is None:
            return self.failed
        return self.answer is None or not self.answer.thinking or self.failed

    @property
    def messages(self) -> list[Message]:
        """All that came as an answer and still stands: first the message that a control stands under where that may change."""
        return [message for message in (self.answer, *self.follow_ups) if message is not None and not message.gone]

    @property
    def ephemeral(self) -> bool:
        """Something new came as an answer, and nobody but the asker sees any of it."""
        new = [message for message in self.messages if message is not self.source]
        return bool(new) and all(message.ephemeral for message in new)


class Place:
    """All that the stand-in knows.

    Args:
        clock: Discord's own; `passes` adds to it.
        privileged: intents that were switched on for the app in the portal.
        interval_s: between two heartbeats of the gateway.
    """

    def __init__(
        self,
        clock: Callable[[], datetime] = utc_now,
        *,
        token: str = TOKEN,
        privileged: int = 0,
        interval_s: float = 41.25,
    ) -> None:
        super().__init__()
        self.token = token
        self.users: list[User] = []
        self.guilds: list[Guild] = []
        self.elsewhere: list[Guild] = []  # without the app
        self.direct: list[Channel] = []
        self.messages: list[Message] = []  # in order, those that are gone too
        self.acts: list[Act] = []
        self.commands: dict[str, list[Json]] = {"": []}  # by guild; global ones under ""
        self.most_threads = 1_000  # active ones, in a guild
        self.syncs: list[str] = []  # for which guild commands were put, in order; "" is globally
        self.creates: list[tuple[datetime, str]] = []
        self.files: dict[str, Attachment] = {}
        self.refusals: dict[str, tuple[int, int]] = {}
        self._clock, self._later = clock, timedelta()
        self._ids = Ids()
        self._change = asyncio.Event()
        self._alarms: list[asyncio.TimerHandle] = []
        self.me = self._user("Dateline", bot=True)
        self.gateway = Gateway(
            lambda token: token == self.token,
            self._ready,
            lambda: len(self.guilds),
            self.changed,
            privileged=privileged,
            interval_s=interval_s,
        )

    # Who is there

    def add_user(self, name: str, *guilds: Guild, permissions: Permission = NOTHING, locale: str = "en-US") -> User:
        """A person, member of these guilds, with what the person may do besides what everyone may."""
        user = self._user(name)
        user.locale = locale
        for guild in guilds:
            self.join(user, guild, permissions)
        return user

    def join(self, user: User, guild: Guild, permissions: Permission = NOTHING) -> None:
        """A person becomes member of a guild, with a role of that person's own."""
        roles = [self.add_role(guild, f"{user.name}'s", permissions)] if permissions else []
        guild.members[user.id] = (user, roles)

    def add_role(self, guild: Guild, name: str, permissions: Permission = NOTHING, *, mentionable: bool = False) -> Role:
        role = Role(self.new_id(), name, permissions, mentionable, len(guild.roles))
        guild.roles.append(role)
        if guild in self.guilds:
            self.tell_guild(guild, "GUILD_ROLE_CREATE", {"guild_id": guild.id, "role": role.json()})
        return role

    def add_guild(
        self, name: str, *channels: str, permissions: Permission = INVITED, locale: str = "en-US", installed: bool = True
    ) -> Guild:
        """A guild with text channels; the app is a member with these permissions unless it is not installed."""
        owner = self._user(f"Owner of {name}")
        guild = Guild(self.new_id(), name, owner, locale)
        guild.roles.append(Role(guild.id, "@everyone", EVERYONE))
        guild.members[owner.id] = (owner, [])
        for channel in channels:
            self._place_channel(guild, channel, TEXT)
        self.elsewhere.append(guild)
        if installed:
            self.join_guild(guild, permissions)
        return guild

    def add_channel(
        self, guild: Guild, name: str, kind: int = TEXT, *, tags: Iterable[str] = (), needs_tag: bool = False
    ) -> Channel:
        channel = self._place_channel(guild, name, kind)
        channel.tags = [Tag(self.new_id(), tag) for tag in tags]
        channel.needs_tag = needs_tag
        self.tell_guild(guild, "CHANNEL_CREATE", channel.json())
        return channel

    def dm(self, user: User) -> Channel:
        """The direct messages between a person and the app."""
        for channel in self.direct:
            if channel.person is user:
                return channel
        channel = Channel(self.new_id(), user.name, DM, person=user, made_at=self.now())
        self.direct.append(channel)
        return channel

    def everyones(self) -> Iterator[Channel]:
        """Every channel and thread that the app could know."""
        for guild in self.guilds:
            yield from guild.channels
            yield from guild.threads
        yield from self.direct

    def channel(self, number: str) -> Channel:
        """Raises Refused: there is none, or it is in a guild where the app is not."""
        for channel in self.everyones():
            if channel.id == number:
                return channel
        hidden = any(number == channel.id for guild in self.elsewhere for channel in (*guild.channels, *guild.threads))
        raise Refused(50001 if hidden else 10003)

    def guild(self, number: str) -> Guild:
        """Raises Refused: the app is in none of that number."""
        for guild in self.guilds:
            if guild.id == number:
                return guild
        raise Refused(10004)

    # What happens to guilds and channels

    def join_guild(self, guild: Guild, permissions: Permission = INVITED) -> None:
        """Somebody invites the app."""
        self.elsewhere.remove(guild)
        guild.members[self.me.id] = (self.me, [self.add_role(guild, self.me.name, permissions)])
        guild.members[self.me.id][1][0].bot = self.me.id
        self.guilds.append(guild)
        guild.joined_at = self.now()
        told = guild.created(self.me)
        del told["unavailable"]
        self.tell_guild(guild, "GUILD_CREATE", told)

    def remove_bot(self, guild: Guild) -> None:
        """Somebody throws the app out."""
        self.guilds.remove(guild)
        self.elsewhere.append(guild)
        del guild.members[self.me.id]
        self.tell_guild(guild, "GUILD_DELETE", {"id": guild.id})

    def outage(self, guild: Guild) -> None:
        """The guild is not to be reached for a while; the app stays in it."""
        guild.outage = True
        self.tell_guild(guild, "GUILD_DELETE", {"id": guild.id, "unavailable": True})

    def back(self, guild: Guild) -> None:
        """The outage is over."""
        guild.outage = False
        self.tell_guild(guild, "GUILD_CREATE", guild.created(self.me))

    def delete_channel(self, channel: Channel) -> None:
        """Somebody deletes a channel or thread, and with it the threads in it."""
        assert channel.guild is not None
        guild = channel.guild
        event = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        (guild.threads if channel.is_thread else guild.channels).remove(channel)
        guild.threads = [thread for thread in guild.threads if thread.parent is not channel]
        self.tell_guild(guild, event, channel.json())

    def archive_thread(self, thread: Channel, *, locked: bool = False) -> None:
        thread.archived, thread.locked = True, locked
        assert thread.guild is not None
        self.tell_guild(thread.guild, "THREAD_UPDATE", thread.json())

    def forbid(self, channel: Channel, permission: Permission, user: User | None = None) -> None:
        """The channel takes this from somebody; from the app when nobody is named."""
        self._overwrite(channel, user or self.me, deny=permission)

    def allow(self, channel: Channel, permission: Permission, user: User | None = None) -> None:
        """The channel gives it (back)."""
        self._overwrite(channel, user or self.me, allow=permission)

    def _overwrite(self, channel: Channel, user: User, *, allow: Permission = NOTHING, deny: Permission = NOTHING) -> None:
        channel = channel.parent or channel
        _, allowed, denied = channel.overwrites.get(user.id, (1, NOTHING, NOTHING))
        channel.overwrites[user.id] = (1, allowed & ~deny | allow, denied & ~allow | deny)
        assert channel.guild is not None
        self.tell_guild(channel.guild, "CHANNEL_UPDATE", channel.json())

    def becomes(self, channel: Channel, status: int, code: int) -> None:
        """From now on whatever is asked of the channel is answered so: ``403 50013``."""
        self.refusals[channel.id] = (status, code)

    def revoke_token(self, new: str = "another-token") -> None:
        """The token is replaced while the app runs: requests get 401, connections are closed."""
        self.token = new
        self.gateway.close(4004)

    # Time and waiting

    def now(self) -> datetime:
        return self._clock() + self._later

    def passes(self, seconds: float) -> None:
        """So much time goes by at Discord: what has had its time is over."""
        self._later += timedelta(seconds=seconds)
        self._expire()

    async def until(self, holds: Callable[[], object], what: str = "", within_s: float = 10) -> None:
        """Wait until something holds that this place can see.  Raises AssertionError when it does not in time."""
        try:
            async with asyncio.timeout(within_s):
                while not holds():
                    self._change.clear()
                    await self._change.wait()
        except TimeoutError:
            raise AssertionError(f"{what or 'what was waited for'} did not come within {within_s} s") from None

    async def connected(self, count: int = 1) -> None:
        """Wait until so many sessions of the gateway are connected."""
        await self.until(lambda: len(self.gateway.connected) >= count, "a connection to the gateway")

    async def message_in(self, channel: Channel, count: int = 1) -> Message:
        """Wait until so many messages of the app stand in a channel; returns the last."""
        await self.until(lambda: len(self.standing(channel)) >= count, f"a message in {channel.name}")
        return self.standing(channel)[-1]

    def standing(self, channel: Channel, viewer: User | None = None) -> list[Message]:
        """The messages that everybody sees in a channel or thread, and those that only the viewer does."""
        return [message for message in channel.messages if not message.gone and message.viewer in (None, viewer)]

    def answers(self, user: User) -> list[Message]:
        """What only that person sees, anywhere."""
        return [message for message in self.messages if message.viewer is user and not message.gone]

    def forms(self, user: User) -> list[Act]:
        """The acts of a person whose forms are open."""
        return [act for act in self.acts if act.user is user and act.form_open]

    def changed(self) -> None:
        self._change.set()

    def _expire(self) -> None:
        now = self.now()
        for act in self.acts:
            age = (now - act.at).total_seconds()
            late = act.first is None and age >= ANSWER_S
            never = act.first is not None and not act.settled and age >= TOKEN_S
            if (late or never) and not act.failed:
                act.states.append("failed")
        self.changed()

    def _expire_later(self) -> None:
        self._alarms.append(asyncio.get_running_loop().call_later(ANSWER_S + 0.01, self._expire))

    def _cancel_alarms(self) -> None:
        for alarm in self._alarms:
            alarm.cancel()
        self._alarms.clear()

    # Below: what the other modules of this stand-in use

    def new_id(self) -> str:
        return self._ids.next(self.now())

    def _user(self, name: str, *, bot: bool = False) -> User:
        user = User(self.new_id(), name, bot)
        self.users.append(user)
        return user

    def _place_channel(self, guild: Guild, name: str, kind: int) -> Channel:
        channel = Channel(self.new_id(), name, kind, guild, made_at=self.now())
        guild.channels.append(channel)
        return channel

    def tell_guild(self, guild: Guild, event: str, data: Json) -> None:
        self.gateway.tell(event, data, intents=GUILDS, guild_id=guild.id)
        self.changed()

    def _ready(self, session: Session) -> tuple[Json, list[Event]]:
        mine = [guild for guild in self.guilds if session.sees(guild.id)]
        ready = {
            "v": 10,
            "user": self.me.json() | {"verified": True, "mfa_enabled": True, "email": None},
            "guilds": [{"id": guild.id, "unavailable": True} for guild in mine],
            "resume_gateway_url": self.gateway_address,
            "application": {"id": self.me.id, "flags": 1 << 23},
            "private_channels": [],
            "user_settings": {},
        }
        there = [guild for guild in mine if not guild.outage] if session.intents & GUILDS else []
        return ready, [("GUILD_CREATE", guild.created(self.me)) for guild in there]

    @property
    def gateway_address(self) -> str:
        raise NotImplementedError

    @property
    def files_address(self) -> str:
        raise NotImplementedError

    def store(self, message: Message) -> Message:
        """Put a message where it belongs, and tell sessions that asked for messages."""
        message.channel.messages.append(message)
        self.messages.append(message)
        if not message.ephemeral:
            guild = message.channel.guild
            told = message.json(for_stranger=self.is_strange(message)) | ({"guild_id": guild.id} if guild else {})
            if guild and message.author.id in guild.members:
                told["member"] = {key: value for key, value in guild.member(message.author).items() if key != "user"}
            self.tell_message(message, "MESSAGE_CREATE", told)
        self.changed()
        return message

    def thread(
        self,
        parent: Channel,
        name: str,
        kind: int = PUBLIC_THREAD,
        *,
        owner: User,
        number: str | None = None,
        archive: int = 1440,
    ) -> Channel:
        """A new thread in a channel.  Raises Refused: the guild has too many active ones."""
        assert parent.guild is not None
        if sum(not thread.archived for thread in parent.guild.threads) >= self.most_threads:
            raise Refused(160006)
        thread = Channel(
            number or self.new_id(), name, kind, parent.guild, parent, owner=owner, auto_archive=archive, made_at=self.now()
        )
        parent.guild.threads.append(thread)
        self.tell_guild(parent.guild, "THREAD_CREATE", thread.json() | {"newly_created": True})
        return thread

    def tell_message(self, message: Message, event: str, data: Json) -> None:
        """Tell sessions that asked for messages."""
        guild = message.channel.guild
        intents = GUILD_MESSAGES if guild else DIRECT_MESSAGES
        self.gateway.tell(event, data, intents=intents, guild_id=guild.id if guild else None)

    def upload(self, name: str, content: bytes, content_type: str = "", description: str | None = None) -> Attachment:
        """Keep a file where it can be fetched from."""
        number = self.new_id()
        file = Attachment(number, name, content, f"{self.files_address}/{number}/{name}", content_type, description)
        self.files[number] = file
        return file

    def names(self) -> dict[str, str]:
        """Users, roles and channels by id, as mentions of them read."""
        guilds = [*self.guilds, *self.elsewhere]
        named = {user.id: user.name for user in self.users}
        named |= {role.id: role.name for guild in guilds for role in guild.roles}
        return named | {channel.id: channel.name for guild in guilds for channel in (*guild.channels, *guild.threads)}

    def is_strange(self, message: Message) -> bool:
        """Whether the app reads no words of it: somebody else's, not to it, and the intent is off."""
        to_me = message.channel.guild is None or f"user:{self.me.id}" in message.pings
        return message.author is not self.me and not to_me and not self.gateway.privileged & MESSAGE_CONTENT
