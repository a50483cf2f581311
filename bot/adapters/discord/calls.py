"""Posting, editing and finding messages: over REST alone, so that it goes on while the gateway is down.

How a message is found again.  Discord keeps no nonce with a message: it stands in the answer to its own sending alone (its
documents call it a means of "validating a message was sent"; discord.py issue 2451).  What it keeps and gives back are the
components, and the number (``id``) that an app gives one of them.  So the first component of each message that is sent gets a
number worked out from the nonce, and a look-up reads what the bot wrote since, looking for that number.  The plain form has no
components: there the number of the digest is looked for, and without it nothing is claimed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

from bot.adapters.discord import permissions
from bot.adapters.discord.refusals import (
    ARCHIVED,
    HAS_THREAD,
    LOCKED,
    MALFORMED,
    MISSING_PERMISSION,
    NO_TEXT_CHANNEL,
    TAG_NEEDED,
    UNKNOWN_CHANNEL,
    WRONG_CHANNEL_KIND,
    Answer,
    meaning,
    told,
)
from bot.adapters.discord.render import is_line, title
from bot.adapters.discord.rest import Rest
from bot.errors import DeliveryError, MessageGone, NotAllowed, OutcomeUnknown, TargetGone
from bot.model import Channel, Payload, Receipt
from bot.wording import name, say

SILENT: Final = 1 << 12  # SUPPRESS_NOTIFICATIONS
_PAGE = 100  # messages of one reading
_PAGES = 10
_SLACK: Final = timedelta(minutes=2)  # by which our clock may run before Discord's
_EPOCH_MS = 1_420_070_400_000
_NEEDS_TAG = 1 << 4
_LONGEST_NONCE = 25
_TAGS_WRONG = frozenset({TAG_NEEDED, MALFORMED})
_NO_THREAD_HERE = frozenset({MISSING_PERMISSION, WRONG_CHANNEL_KIND, NO_TEXT_CHANNEL, UNKNOWN_CHANNEL, 160006, 160007})
_CLOSED = frozenset({UNKNOWN_CHANNEL, LOCKED, ARCHIVED})  # a thread that somebody deleted, or locked and put away


class Calls:
    """What `bot.ports.Adapter` does with a platform's messages.

    A message has as its name its id, or ``THREAD/MESSAGE`` where it stands in a thread of the channel: a post of a forum, a
    line under a digest.
    """

    def __init__(self, rest: Rest, *, silent: bool = False) -> None:
        self._rest, self._silent = rest, silent
        self._forums: dict[str, Payload] = {}

    async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
        """Post one message: in the channel, in a post of the forum, or a line under a message."""
        body = self._marked(payload, nonce)
        under, inside, _ = (thread or "").partition("/")
        async with self._meaning(channel, inside=bool(inside)):
            if inside:
                return Receipt(f"{under}/{await self._send(under, body, nonce)}")
            if thread and is_line(payload):
                return await self._below(channel, thread, body, nonce)
            if channel.id not in self._forums:
                try:
                    return Receipt(await self._send(channel.id, body, nonce))
                except Answer as answer:
                    if answer.code not in (NO_TEXT_CHANNEL, WRONG_CHANNEL_KIND) or not await self._is_forum(channel.id):
                        raise
            return await self._in_forum(channel.id, body, title(payload))

    async def edit(self, channel: Channel, message_id: str, payload: Payload) -> None:
        """Put another payload in the place of a posted one."""
        thread, _, number = message_id.rpartition("/")
        async with self._meaning(channel, inside=bool(thread)):
            await self._awake(
                "PATCH", "/channels/{channel_id}/messages/{message_id}", thread or channel.id, json=payload, message_id=number
            )

    async def look_up(self, channel: Channel, nonce: str, *, since: datetime, number: int | None) -> Receipt | None:
        """Find a delivery again; None when it is surely absent.  Raises OutcomeUnknown when that cannot be told."""
        after = (int((since - _SLACK).timestamp() * 1000) - _EPOCH_MS) << 22
        async with self._meaning(channel):
            held = await self._channel(channel.id)
            forum = held["type"] in permissions.FORUMS
            places = ([] if forum else [channel.id]) + await self._threads(channel, after)
            for place in places:
                if message_id := await self._search(place, after, nonce, number):
                    return Receipt(message_id if place == channel.id else f"{place}/{message_id}")
            # Who may not read is shown an empty channel, and an empty channel says nothing then.
            if not (await self._allowed(held))[0] & permissions.READ_HISTORY:
                raise OutcomeUnknown(told(say("refused_history", permission=permissions.NAMES[permissions.READ_HISTORY])))
            return None

    async def check(self, channel: Channel) -> None:
        """Nothing when a digest can be posted in the channel.

        Raises:
            NotAllowed: a permission is missing; the text names it.
            TargetGone: there is no such channel in the server, or the bot cannot see it.
            DeliveryError: this cannot be told just now.
        """
        async with self._meaning(channel, diagnosed=False):
            held = await self._channel(channel.id)
            where = _called(held, channel)
            if str(held.get("guild_id", "")) != channel.space:
                raise TargetGone(told(say("refused_channel_gone", channel=where)))
            wants = permissions.needed(held["type"])
            if not wants:
                raise NotAllowed(told(say("refused_kind", channel=where)))
            has, role = await self._allowed(held)
            lacks = permissions.missing(has, wants)
            if lacks:
                key = "missing_permission" if len(lacks) == 1 else "missing_permissions"
                raise NotAllowed(told(say(key, channel=where, permission=", ".join(lacks), role=role)))

    async def groups(self, channel: Channel) -> dict[str, str]:
        """The roles of the channel's server that people are given, by id: not everyone's, and none of a bot."""
        async with self._meaning(channel, diagnosed=False):
            guild = await self._rest.call("GET", "/guilds/{guild_id}", guild_id=channel.space)
            given = (each for each in guild.get("roles", ()) if str(each["id"]) != channel.space and not each.get("managed"))
            return {str(each["id"]): f"@{each['name']}" for each in given}

    # What they rest on

    @asynccontextmanager
    async def _meaning(self, channel: Channel, *, diagnosed: bool = True, inside: bool = False) -> AsyncIterator[None]:
        """Read an answer that was no yes.  A missing permission is found out, so that the error can name it.

        Args:
            inside: the place was a thread in the channel; that it is gone or closed says nothing about the channel.
        """
        try:
            yield
        except Answer as answer:
            error = meaning(answer, str(channel))
            if inside and answer.code in _CLOSED:
                error = MessageGone(told(say("refused_thread", channel=str(channel))))
            if diagnosed and answer.code == MISSING_PERMISSION:
                try:
                    await self.check(channel)
                except (NotAllowed, TargetGone) as known:
                    error = known
                except DeliveryError:  # it stays with what Discord said
                    pass
            raise error from None

    def _marked(self, payload: Payload, nonce: str) -> Payload:
        """The payload with the number by which it is found again, and silent where that is set."""
        body = dict(payload)
        if components := body.get("components"):
            body["components"] = [{**components[0], "id": mark(nonce)}, *components[1:]]
        if self._silent:
            body["flags"] = int(body.get("flags", 0)) | SILENT
        return body

    async def _send(self, place: str, body: Payload, nonce: str) -> str:
        """Send a message; the same nonce within a few minutes gives the message that is there already."""
        sent = await self._awake(
            "POST", "/channels/{channel_id}/messages", place, json={**body, "nonce": short(nonce), "enforce_nonce": True}
        )
        return _id(sent)

    async def _awake(self, method: str, path: str, place: str, **more: Any) -> Any:
        """Make a call to a channel; a thread that is archived is opened first, once."""
        try:
            return await self._rest.call(method, path, channel_id=place, **more)
        except Answer as answer:
            if answer.code != ARCHIVED:
                raise
            archived = answer
        try:
            await self._rest.call("PATCH", "/channels/{channel_id}", channel_id=place, json={"archived": False})
        except Answer as answer:
            raise archived if answer.code == MISSING_PERMISSION else answer from None  # it is locked
        return await self._rest.call(method, path, channel_id=place, **more)

    async def _below(self, channel: Channel, message_id: str, body: Payload, nonce: str) -> Receipt:
        """A line under a message: in its thread, which has the id of the message; else in the channel, as a reply to it."""
        path, thread = "/channels/{channel_id}/messages/{message_id}/threads", {"name": name("thread_name")}
        try:
            try:
                await self._rest.call("POST", path, channel_id=channel.id, message_id=message_id, json=thread)
            except Answer as answer:
                if answer.code != HAS_THREAD:
                    raise
            return Receipt(f"{message_id}/{await self._send(message_id, body, nonce)}")
        except Answer as answer:
            if answer.code not in _NO_THREAD_HERE | _CLOSED:
                raise
        return Receipt(await self._send(channel.id, {**body, "message_reference": {"message_id": message_id}}, nonce))

    async def _in_forum(self, forum_id: str, body: Payload, called: str) -> Receipt:
        """A post of its own in a forum, with a tag; what is known of its tags may be old, and is read again once."""

        async def made() -> Any:
            tag = _tag(self._forums[forum_id], called)
            post = {"name": called, "message": body, **({"applied_tags": [tag]} if tag else {})}
            return await self._rest.call("POST", "/channels/{channel_id}/threads", channel_id=forum_id, json=post)

        try:
            thread = await made()
        except Answer as answer:
            if answer.code not in _TAGS_WRONG or (answer.code != TAG_NEEDED and b"applied_tags" not in answer.body):
                raise
            await self._is_forum(forum_id)
            thread = await made()
        return Receipt(f"{_id(thread)}/{_id(thread)}")  # the first message of a post has the id of the post

    async def _is_forum(self, channel_id: str) -> bool:
        held = await self._channel(channel_id)
        if held["type"] not in permissions.FORUMS:
            return False
        self._forums[channel_id] = held
        return True

    async def _channel(self, channel_id: str) -> Payload:
        held = await self._rest.call("GET", "/channels/{channel_id}", channel_id=channel_id)
        if not (isinstance(held, dict) and isinstance(held.get("type"), int)):
            raise OutcomeUnknown(told(say("refused_no_answer")))
        return held

    async def _allowed(self, held: Payload) -> tuple[int, str]:
        """What the bot may do in a channel that was read, and the name of its role."""
        guild_id, me = str(held.get("guild_id", "")), str((await self._rest.who())["id"])
        guild = await self._rest.call("GET", "/guilds/{guild_id}", guild_id=guild_id)
        member = await self._rest.call("GET", "/guilds/{guild_id}/members/{member_id}", guild_id=guild_id, member_id=me)
        of = await self._channel(str(held["parent_id"])) if held["type"] in permissions.THREADS else held
        own = (str(each["name"]) for each in guild["roles"] if (each.get("tags") or {}).get("bot_id") == me)
        return permissions.allowed(guild, member, of), next(own, str(self._rest.me.get("username", "")))

    async def _threads(self, channel: Channel, after: int) -> list[str]:
        """The threads of a channel in which something was written since."""
        found = await self._rest.call("GET", "/guilds/{guild_id}/threads/active", guild_id=channel.space)
        return [
            str(each["id"])
            for each in found.get("threads", ())
            if str(each.get("parent_id")) == channel.id and int(each.get("last_message_id") or each["id"]) > after
        ]

    async def _search(self, place: str, after: int, nonce: str, number: int | None) -> str | None:
        """The message in question among those that the bot wrote in a place; None when it is none of them."""
        me, unmarked = str((await self._rest.who())["id"]), False
        for _ in range(_PAGES):
            page = await self._rest.call(
                "GET", "/channels/{channel_id}/messages", channel_id=place, params={"after": str(after), "limit": str(_PAGE)}
            )
            for message in page or ():
                if str(message["author"]["id"]) != me:
                    continue
                if _is_it(message, nonce, number):
                    return _id(message)
                unmarked |= not message.get("components")
            if not page or len(page) < _PAGE:
                if unmarked:
                    raise OutcomeUnknown(told(say("refused_unmarked")))
                return None
            after = max(int(message["id"]) for message in page)
        raise OutcomeUnknown(told(say("refused_too_much")))


def mark(nonce: str) -> int:
    """The number of the first component of a message: above those that Discord gives, within 31 bits."""
    return 1_000 + int.from_bytes(blake2b(nonce.encode(), digest_size=8).digest()) % (2**31 - 1_001)


def short(nonce: str) -> str:
    """The nonce as Discord takes it: 25 characters at most."""
    return nonce if len(nonce) <= _LONGEST_NONCE else blake2b(nonce.encode(), digest_size=12).hexdigest()


def _is_it(message: Mapping[str, Any], nonce: str, number: int | None) -> bool:
    components = message.get("components") or ()
    if components:
        return bool(components[0].get("id") == mark(nonce))
    return number is not None and f"No. {number} " in f"{message.get('content', '')} ".replace("\\", "")


def _tag(forum: Payload, called: str) -> str | None:
    """The tag of a post: the one that the title names, else any where one is needed."""
    tags = [tag for tag in forum.get("available_tags", ()) if not tag.get("moderated")]
    named = [tag for tag in tags if str(tag["name"]).casefold() in called.casefold()]
    if named:
        return str(named[0]["id"])
    return str(tags[0]["id"]) if tags and int(forum.get("flags", 0)) & _NEEDS_TAG else None


def _called(held: Payload, channel: Channel) -> str:
    return f"#{held['name']}" if held.get("name") else str(channel)


def _id(held: Any) -> str:
    """The id of what Discord says it holds.  Raises OutcomeUnknown: it says something else."""
    found = held.get("id") if isinstance(held, dict) else None
    if not isinstance(found, str) or not found.isdecimal():
        raise OutcomeUnknown(told(say("refused_no_answer")))
    return found
