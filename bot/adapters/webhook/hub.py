"""The adapters of webhooks: one for those of Slack, one for those of Discord, with the renderers of both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

from bot.adapters.discord import render as discord_render
from bot.adapters.slack import render as slack_render
from bot.adapters.webhook import discord, slack
from bot.adapters.webhook.calls import TIMEOUT_S, Calls
from bot.adapters.webhook.hooks import Hook, Kind
from bot.errors import OutcomeUnknown, Rejected, TargetGone
from bot.model import Abilities, Channel, Payload, Receipt
from bot.ports import Adapter
from digests.model import Digest


class Webhooks:
    """All webhooks of this installation.

    Args:
        timeout_s: for one call.
    """

    def __init__(self, hooks: Iterable[Hook], *, timeout_s: float = TIMEOUT_S) -> None:
        by_name = {hook.name: hook for hook in hooks}
        self._kinds = {name: hook.kind for name, hook in by_name.items()}
        self._adapters: dict[Kind, Adapter] = {
            "slack": SlackWebhooks(_of_kind("slack", by_name), Calls(timeout_s)),
            "discord": DiscordWebhooks(_of_kind("discord", by_name), Calls(timeout_s)),
        }

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        """Post while the context is open, by whichever adapter."""
        async with self._adapters["slack"].serve(), self._adapters["discord"].serve():
            yield

    def of(self, channel: Channel) -> Adapter:
        """The adapter for a channel.

        Raises:
            TargetGone: no webhook of that name is set.
        """
        kind = self._kinds.get(channel.id.lower())
        if kind is None:
            raise _missing(channel)
        return self._adapters[kind]


class _Hooked:
    """What both have in common: where an address is found, and that nothing can be looked up."""

    def __init__(self, hooks: Mapping[str, Hook], calls: Calls) -> None:
        self._hooks, self._calls = hooks, calls

    def serve(self) -> AbstractAsyncContextManager[None]:
        return self._calls.open()

    def _hook(self, channel: Channel) -> Hook:
        hook = self._hooks.get(channel.id.lower())
        if hook is None:
            raise _missing(channel)
        return hook

    async def check(self, channel: Channel) -> None:
        """That there is such a webhook; whether it still posts is not known before it does."""
        self._hook(channel)

    async def look_up(
        self, channel: Channel, nonce: str, *, since: datetime, number: int | None, thread: str | None = None
    ) -> Receipt | None:
        raise OutcomeUnknown(f"A webhook can't be asked what it posted; look at the channel of {channel.id} yourself.")


class SlackWebhooks(_Hooked):
    """A `bot.ports.Adapter` for incoming webhooks of Slack: they post, and nothing else."""

    @property
    def abilities(self) -> Abilities:
        return slack.ABILITIES

    def render(self, digest: Digest) -> list[Payload]:
        return slack_render.render(digest)

    def render_line(self, text: str) -> Payload:
        return slack_render.render_line(text)

    def plain(self, payload: Payload) -> list[Payload]:
        return slack_render.plain(payload)

    async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
        hook = self._hook(channel)
        return slack.read(await self._calls.send("POST", hook.address, payload, {}, hook.name), hook.name)

    async def edit(self, channel: Channel, message_id: str, payload: Payload) -> None:
        raise Rejected(f"A webhook of Slack can't edit what it posted ({channel.id}).")


class DiscordWebhooks(_Hooked):
    """A `bot.ports.Adapter` for webhooks of Discord: they post embeds, learn the id, and can edit by it."""

    @property
    def abilities(self) -> Abilities:
        return discord.ABILITIES

    def render(self, digest: Digest) -> list[Payload]:
        return discord_render.embeds(digest)

    def render_line(self, text: str) -> Payload:
        return discord_render.render_line(text)

    def plain(self, payload: Payload) -> list[Payload]:
        return discord_render.plain(payload)

    async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
        hook = self._hook(channel)
        params = {"wait": "true", **_place(hook)}
        return discord.read(await self._calls.send("POST", hook.address, _silent(payload), params, hook.name), hook.name)

    async def edit(self, channel: Channel, message_id: str, payload: Payload) -> None:
        hook = self._hook(channel)
        address = hook.message(message_id)
        discord.read(await self._calls.send("PATCH", address, _silent(payload), _place(hook), hook.name), hook.name)


def _of_kind(kind: Kind, hooks: Mapping[str, Hook]) -> dict[str, Hook]:
    return {name: hook for name, hook in hooks.items() if hook.kind == kind}


def _silent(payload: Payload) -> Payload:
    """The payload, allowed to mention nobody: a webhook that says nothing of it may mention users, on an edit again."""
    return {**payload, "allowed_mentions": {"parse": []}}


def _place(hook: Hook) -> dict[str, str]:
    return {"thread_id": hook.thread} if hook.thread else {}


def _missing(channel: Channel) -> TargetGone:
    return TargetGone(f"There is no webhook {channel.id}: set DATELINE_WEBHOOK_{channel.id.upper()} to its address.")
