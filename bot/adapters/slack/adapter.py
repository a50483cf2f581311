"""Slack, whole: the adapter that posts and the door at which people ask, of one workspace.

```python
slack = Slack(Settings.read(bot_token, app_token))
async with slack.serve():
    await slack.post(Channel.parse("slack:T1/C1"), slack.render_line("Hello"), nonce="a-1")
```
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from bot.adapters.slack import render
from bot.adapters.slack.calls import TIMEOUT_S, Calls
from bot.adapters.slack.door import LOOKS_S, SlackDoor
from bot.adapters.slack.manifest import scopes
from bot.adapters.slack.settings import Settings
from bot.errands import MOST
from bot.errors import DeliveryError, MessageGone, NotAllowed, OutcomeUnknown, RateLimited, TargetGone, Unreachable
from bot.model import Abilities, Channel, Payload, Receipt
from bot.ports.connections import DoorState
from bot.ports.desk import House
from bot.wording import marked, plain, say
from digests.model import Digest

ABILITIES: Final = Abilities(edit=True, thread=True, look_up=True, controls=True, ids=True)
EVENT: Final = "dateline_delivery"
"""What marks a message of ours; its payload holds the delivery, so that one of unknown outcome can be found again."""
LOOKED_AT: Final = 15
"""Messages in one look into a channel: all that Slack gives to some apps, once a minute."""

_SKEW = timedelta(minutes=2)  # by which this machine's clock may be ahead of Slack's
_MOST_LOOKS = 500  # kept, of deliveries that were not found in one look


class Slack:
    """A `bot.ports.Adapter` and a `bot.ports.desk.Door` for the workspace of a token.

    Args:
        timeout_s: for one call.
        most: answers under way; who asks then is told so.
        looks_s: seconds between two looks whether the connection is there.
    """

    name: Final = "slack"

    def __init__(self, settings: Settings, *, timeout_s: float = TIMEOUT_S, most: int = MOST, looks_s: float = LOOKS_S) -> None:
        self._settings = settings
        self._calls = Calls(settings, timeout_s=timeout_s)
        self._door = SlackDoor(settings, self._calls, most=most, looks_s=looks_s)
        self._cursors: dict[tuple[Channel, str], str] = {}

    # Posting

    @property
    def abilities(self) -> Abilities:
        return ABILITIES

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        """Post while the context is open."""
        async with self._calls.open():
            yield

    def render(self, digest: Digest) -> list[Payload]:
        return render.render(digest, controls=True)

    def render_line(self, text: str) -> Payload:
        return render.render_line(text)

    def plain(self, payload: Payload) -> list[Payload]:
        return render.plain(payload)

    async def check(self, channel: Channel) -> None:
        await self._own(channel)
        if channel.id.startswith("D"):  # somebody and the bot alone: there is nothing to be invited to
            return
        try:
            said = await self._calls.ask("conversations.info", channel=channel.id)
        except OutcomeUnknown as error:
            raise Unreachable(str(error)) from None
        about = said.get("channel") or {}
        name = f"#{about.get('name') or channel.id}"
        if about.get("is_archived"):
            raise TargetGone(plain(say("slack_channel_archived", channel=name)))
        if not about.get("is_member"):
            raise TargetGone(plain(say("slack_not_invited", channel=name, me=await self._called())))

    async def groups(self, channel: Channel) -> dict[str, str]:
        await self._own(channel)
        said = await self._calls.ask("usergroups.list")
        groups = [each for each in said.get("usergroups") or () if isinstance(each, dict) and each.get("id")]
        return {str(each["id"]): f"@{each.get('handle') or each['id']}" for each in groups}

    async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
        await self._own(channel)
        marked = {"event_type": EVENT, "event_payload": {"delivery": nonce}}
        under = {"thread_ts": thread} if thread else {}
        said = await self._calls.ask("chat.postMessage", channel=channel.id, metadata=marked, **under, **payload)
        ts = said.get("ts")
        if not isinstance(ts, str) or not ts:
            raise OutcomeUnknown(plain(say("slack_unnamed")))
        return Receipt(ts)

    async def edit(self, channel: Channel, message_id: str, payload: Payload) -> None:
        await self._own(channel)
        shown = {key: value for key, value in payload.items() if key in ("text", "blocks")}
        await self._calls.ask("chat.update", channel=channel.id, ts=message_id, **shown)

    async def look_up(
        self, channel: Channel, nonce: str, *, since: datetime, number: int | None, thread: str | None = None
    ) -> Receipt | None:
        """As `bot.ports.Adapter.look_up`, by one call; where more was written than that shows, the next goes on from there."""
        await self._own(channel)
        where = ("conversations.replies", {"ts": thread}) if thread else ("conversations.history", {})
        key = (channel, nonce)
        cursor = self._cursors.pop(key, "")
        try:
            said = await self._calls.ask(
                where[0],
                channel=channel.id,
                oldest=f"{(since - _SKEW).timestamp():.6f}",
                limit=str(LOOKED_AT),
                include_all_metadata="true",
                **where[1],
                **({"cursor": cursor} if cursor else {}),
            )
        except MessageGone:  # nothing stands under what is gone
            return None
        except (RateLimited, Unreachable, OutcomeUnknown):
            if cursor:  # the next look goes on where this one should have
                self._cursors[key] = cursor
            raise
        except (NotAllowed, TargetGone) as error:
            raise OutcomeUnknown(plain(say("slack_no_look", why=marked(str(error))))) from None
        if found := next((each for each in said.get("messages") or () if _is(each, nonce)), None):
            return Receipt(str(found["ts"]))
        more = (said.get("response_metadata") or {}).get("next_cursor")
        if not (said.get("has_more") and more):
            return None
        self._cursors[key] = str(more)
        while len(self._cursors) > _MOST_LOOKS:
            del self._cursors[next(iter(self._cursors))]
        raise OutcomeUnknown(plain(say("slack_look_on", messages=LOOKED_AT)))

    async def _own(self, channel: Channel) -> None:
        """Nothing, where the channel is one of this token's workspace.  Raises DeliveryError."""
        identity = await self._calls.identity()
        if channel.space != identity.team:
            here = {"workspace": identity.team_name, "team": identity.team}
            raise TargetGone(plain(say("slack_elsewhere", channel=str(channel), **here)))

    async def _called(self) -> str:
        return (await self._calls.identity()).user_name

    # The door

    async def listen(self, house: House, now: Callable[[], datetime], stop: asyncio.Event) -> None:
        async with self._calls.open():
            await self._door.listen(house, now, stop)

    def telling(self) -> DoorState:
        return self._door.telling()

    async def examine(self) -> list[tuple[bool, str]]:
        """What is well and what is not, each in words with the next step; without staying connected."""
        found: list[tuple[bool, str]] = []
        async with self._calls.open():
            try:
                identity = await self._calls.test()
            except DeliveryError as error:
                found.append((False, str(error)))
            else:
                found.append(
                    (True, f"The bot's token is good: @{identity.user_name} in {identity.team_name} ({identity.team}).")
                )
                found += _missing(identity.scopes)
            try:
                await self._calls.opened()
            except DeliveryError as error:
                found.append((False, str(error)))
            else:
                found.append((True, "The app-level token is good: it opens connections."))
        return found


def _missing(granted: frozenset[str]) -> list[tuple[bool, str]]:
    """The scopes that the manifest asks for and the installation does not have; nothing where Slack told none."""
    lacking = sorted(set(scopes()) - granted) if granted else []
    return [
        (
            False,
            f"The app lacks the scope {scope} ({scopes()[scope]}). Put in the manifest of `dateline slack manifest` "
            "at https://api.slack.com/apps › your app › App Manifest, then Install App › Reinstall.",
        )
        for scope in lacking
    ]


def _is(message: Any, nonce: str) -> bool:
    """Whether a message is the one that was sent with this mark."""
    metadata = message.get("metadata") if isinstance(message, dict) else None
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT:
        return False
    payload = metadata.get("event_payload")
    return isinstance(payload, dict) and payload.get("delivery") == nonce
