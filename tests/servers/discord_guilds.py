"""Who and what there is at the stand-in for Discord: people, guilds, channels, threads, messages, and each as JSON.

Shapes, numbers and rules are those of Discord's own documents (User, Guild, Channel, Message, Permissions, Threads).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntFlag
from typing import Any

Json = dict[str, Any]

EPOCH_MS = 1_420_070_400_000  # what snowflakes count from
TEXT, DM, ANNOUNCEMENT, VOICE, CATEGORY, FORUM = 0, 1, 5, 2, 4, 15
ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12
THREADS = (ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)

CROSSPOSTED, SUPPRESS_EMBEDS, EPHEMERAL, LOADING, SUPPRESS_NOTIFICATIONS, V2 = 1, 1 << 2, 1 << 6, 1 << 7, 1 << 12, 1 << 15
REQUIRE_TAG = 1 << 4


class Permission(IntFlag):
    """What a role or an overwrite gives, by the bits of the Permissions document."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    PIN_MESSAGES = 1 << 51
    BYPASS_SLOWMODE = 1 << 52


NOTHING = Permission(0)
ALL = Permission(sum(Permission))
INVITED = (  # what an app is usually invited with
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.READ_MESSAGE_HISTORY
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
EVERYONE = INVITED | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE | Permission.USE_APPLICATION_COMMANDS


class Ids:
    """Snowflakes: each greater than those before it, with the time in front."""

    def __init__(self) -> None:
        self._count = itertools.count()

    def next(self, at: datetime) -> str:
        ms = int(at.timestamp() * 1000) - EPOCH_MS
        return str((max(ms, 0) << 22) + next(self._count) % (1 << 22))


@dataclass(eq=False)
class User:
    id: str
    name: str
    bot: bool = False
    locale: str = "en-US"
    closed: bool = False  # takes no direct messages from the app

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    def json(self) -> Json:
        return {
            "id": self.id,
            "username": self.name.lower(),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
            "flags": 0,
        }


@dataclass(eq=False)
class Role:
    id: str
    name: str
    permissions: Permission = NOTHING
    mentionable: bool = False
    position: int = 0
    bot: str = ""  # whose own role it is

    def json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": self.position,
            "permissions": str(int(self.permissions)),
            "managed": bool(self.bot),
            "mentionable": self.mentionable,
            "flags": 0,
            **({"tags": {"bot_id": self.bot}} if self.bot else {}),
        }


@dataclass(eq=False)
class Guild:
    """A server of people; ``guild["news"]`` is its channel of that name."""

    id: str
    name: str
    owner: User
    locale: str = "en-US"
    roles: list[Role] = field(default_factory=list)  # the first is @everyone
    members: dict[str, tuple[User, list[Role]]] = field(default_factory=dict)
    channels: list[Channel] = field(default_factory=list)
    threads: list[Channel] = field(default_factory=list)
    outage: bool = False
    joined_at: datetime = datetime(2024, 1, 1, tzinfo=UTC)

    def __getitem__(self, name: str) -> Channel:
        return next(channel for channel in self.channels if channel.name == name)

    def __contains__(self, user: User) -> bool:
        return user.id in self.members

    def permissions(self, user: User) -> Permission:
        """What a member may do in the guild as a whole."""
        if user is self.owner:
            return ALL
        found = self.roles[0].permissions
        for role in self.members[user.id][1]:
            found |= role.permissions
        return ALL if Permission.ADMINISTRATOR in found else found

    def member(self, user: User) -> Json:
        return {
            "user": user.json(),
            "nick": None,
            "avatar": None,
            "roles": [role.id for role in self.members[user.id][1]],
            "joined_at": self.joined_at.isoformat(),
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
        }

    def json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "owner_id": self.owner.id,
            "afk_channel_id": None,
            "afk_timeout": 300,
            "verification_level": 1,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "roles": [role.json() for role in self.roles],
            "emojis": [],
            "stickers": [],
            "features": ["COMMUNITY"],
            "mfa_level": 0,
            "application_id": None,
            "system_channel_id": self.channels[0].id if self.channels else None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "vanity_url_code": None,
            "description": None,
            "banner": None,
            "premium_tier": 0,
            "premium_progress_bar_enabled": False,
            "preferred_locale": self.locale,
            "nsfw_level": 0,
            "safety_alerts_channel_id": None,
        }

    def created(self, me: User) -> Json:
        """As ``GUILD_CREATE`` tells an app of it: threads that it may see, and no member but itself."""
        return self.json() | {
            "joined_at": self.joined_at.isoformat(),
            "large": False,
            "unavailable": False,
            "member_count": len(self.members),
            "voice_states": [],
            "members": [self.member(me)],
            "channels": [channel.json() for channel in self.channels],
            "threads": [thread.json() for thread in self.threads if not thread.archived],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }


@dataclass(frozen=True)
class Tag:
    """A tag of a forum; only moderators may set a moderated one."""

    id: str
    name: str
    moderated: bool = False


@dataclass(eq=False)
class Channel:
    """A channel, a forum, a thread (then it has a ``parent``) or the direct messages of one person."""

    id: str
    name: str
    kind: int = TEXT
    guild: Guild | None = None
    parent: Channel | None = None
    person: User | None = None
    owner: User | None = None
    overwrites: dict[str, tuple[int, Permission, Permission]] = field(default_factory=dict)
    tags: list[Tag] = field(default_factory=list)
    needs_tag: bool = False
    applied: list[str] = field(default_factory=list)
    archived: bool = False
    locked: bool = False
    auto_archive: int = 1440
    nsfw: bool = False
    made_at: datetime = datetime(2024, 1, 1, tzinfo=UTC)
    messages: list[Message] = field(default_factory=list)

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"

    @property
    def is_thread(self) -> bool:
        return self.kind in THREADS

    def permissions(self, user: User) -> Permission:
        """What somebody may do here: roles, then what the channel denies and allows to everyone, roles, the person."""
        if self.parent is not None:
            return self.parent.permissions(user)
        if self.guild is None:
            return ALL if user.bot or user is self.person else NOTHING
        if user not in self.guild:
            return NOTHING
        found = self.guild.permissions(user)
        if found == ALL:
            return ALL
        everyone, *_ = self.guild.roles
        for ids in ([everyone.id], [role.id for role in self.guild.members[user.id][1]], [user.id]):
            allow = deny = NOTHING
            for each in ids:
                _, more, less = self.overwrites.get(each, (0, NOTHING, NOTHING))
                allow, deny = allow | more, deny | less
            found = found & ~deny | allow
        return found if Permission.VIEW_CHANNEL in found else NOTHING

    def json(self) -> Json:
        if self.kind == DM:
            people = [self.person.json()] if self.person else []
            return {"id": self.id, "type": DM, "last_message_id": None, "recipients": people, "flags": 0}
        assert self.guild is not None
        last = self.messages[-1].id if self.messages else None
        told = {
            "id": self.id,
            "type": self.kind,
            "guild_id": self.guild.id,
            "name": self.name,
            "parent_id": self.parent.id if self.parent else None,
            "rate_limit_per_user": 0,
            "last_message_id": last,
            "flags": 0,
        }
        if self.is_thread:
            return told | {
                "owner_id": self.owner.id if self.owner else "0",
                "message_count": len(self.messages),
                "total_message_sent": len(self.messages),
                "member_count": 1,
                "applied_tags": self.applied,
                "thread_metadata": {
                    "archived": self.archived,
                    "auto_archive_duration": self.auto_archive,
                    "archive_timestamp": self.made_at.isoformat(),
                    "create_timestamp": self.made_at.isoformat(),
                    "locked": self.locked,
                },
            }
        told |= {
            "position": self.guild.channels.index(self) if self in self.guild.channels else 0,
            "topic": None,
            "nsfw": self.nsfw,
            "permission_overwrites": [
                {"id": each, "type": kind, "allow": str(int(allow)), "deny": str(int(deny))}
                for each, (kind, allow, deny) in self.overwrites.items()
            ],
        }
        if self.kind == FORUM:
            told |= {
                "flags": REQUIRE_TAG if self.needs_tag else 0,
                "available_tags": [
                    {"id": tag.id, "name": tag.name, "moderated": tag.moderated, "emoji_id": None, "emoji_name": None}
                    for tag in self.tags
                ],
                "default_reaction_emoji": None,
                "default_sort_order": None,
                "default_forum_layout": 0,
            }
        return told


@dataclass(frozen=True)
class Attachment:
    id: str
    name: str
    content: bytes
    url: str
    content_type: str = "application/octet-stream"
    description: str | None = None

    def json(self) -> Json:
        told = {"id": self.id, "filename": self.name, "size": len(self.content), "url": self.url, "proxy_url": self.url}
        return told | {"content_type": self.content_type, "description": self.description, "ephemeral": False}


@dataclass(eq=False)
class Message:
    """What stands in a channel.

    Attributes:
        viewer: the only one who sees it; None where all do.
        thinking: it still says "is thinking...".
        pings: whom it rang: ``everyone``, ``here``, ``role:ID``, ``user:ID``; edits add to it.
        previews: addresses that Discord unfolds below it.
        gone: somebody deleted it.
    """

    id: str
    channel: Channel
    author: User
    at: datetime
    payload: Json
    viewer: User | None = None
    thinking: bool = False
    kind: int = 0
    webhook: str | None = None
    reply_to: Message | None = None
    thread: Channel | None = None
    attachments: list[Attachment] = field(default_factory=list)
    started_by: Json | None = None
    edited_at: datetime | None = None
    edits: int = 0
    pings: list[str] = field(default_factory=list)
    previews: list[str] = field(default_factory=list)
    gone: bool = False

    @property
    def ephemeral(self) -> bool:
        return self.viewer is not None

    @property
    def flags(self) -> int:
        held = int(self.payload.get("flags") or 0)
        return held | (EPHEMERAL if self.ephemeral else 0) | (LOADING if self.thinking else 0)

    @property
    def quiet(self) -> bool:
        """It was sent without a notification."""
        return bool(self.flags & SUPPRESS_NOTIFICATIONS)

    @property
    def content(self) -> str:
        return str(self.payload.get("content") or "")

    def parts(self) -> Iterator[Json]:
        """Each component, nested ones after what holds them."""
        yield from parts(self.payload.get("components") or [])

    @property
    def controls(self) -> int:
        """How many of its components tell the app when they are used."""
        return sum("custom_id" in part for part in self.parts())

    def control(self, custom_id: str) -> Json:
        """The button or menu of that id, or with that label."""
        for part in self.parts():
            if custom_id in (part.get("custom_id"), part.get("label"), part.get("placeholder")):
                return part
        known = [part.get("custom_id") for part in self.parts() if part.get("custom_id")]
        raise LookupError(f"the message has no control {custom_id!r}; it has {known}")

    def json(self, *, for_stranger: bool = False) -> Json:
        """As an app reads it; of others' messages it reads no content without the intent for it."""
        shut = for_stranger
        told: Json = {
            "id": self.id,
            "type": self.kind,
            "channel_id": self.channel.id,
            "author": self.author.json(),
            "content": "" if shut else self.content,
            "timestamp": self.at.isoformat(),
            "edited_timestamp": self.edited_at.isoformat() if self.edited_at else None,
            "tts": False,
            "mention_everyone": any(ping in ("everyone", "here") for ping in self.pings),
            "mentions": [],
            "mention_roles": [ping[5:] for ping in self.pings if ping.startswith("role:")],
            "attachments": [] if shut else [each.json() for each in self.attachments],
            "embeds": [] if shut else [{"type": "rich", **each} for each in self.payload.get("embeds") or []],
            "components": [] if shut else self.payload.get("components") or [],
            "pinned": False,
            "flags": self.flags,
        }
        if self.webhook:
            told |= {"webhook_id": self.webhook, "application_id": self.webhook}
        if self.started_by:
            told["interaction_metadata"] = self.started_by
        if self.reply_to:
            told["message_reference"] = {"type": 0, "message_id": self.reply_to.id, "channel_id": self.channel.id}
        if self.thread:
            told["thread"] = self.thread.json()
        return told


def parts(components: list[Json]) -> Iterator[Json]:
    """Each of these components, and each that stands in one of them, accessories too."""
    for component in components:
        yield component
        yield from parts(component.get("components") or [])
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                yield from parts([component[key]])
