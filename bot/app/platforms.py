"""Which chat platforms are on: those that the environment names, and the terminal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, TextIO

from bot.adapters.console import Terminal
from bot.errors import ConfigError, TargetGone
from bot.model import Channel
from bot.ports import Adapter
from bot.ports.desk import Door
from config import secrets
from config.settings import Settings, SettingsError

if TYPE_CHECKING:
    from bot.adapters.webhook import Webhooks

PLATFORMS: Final = ("slack", "discord", "webhook", "console")
"""In the order in which they are told of; ``dateline run --only`` takes one of them."""


class App(Adapter, Door, Protocol):
    """A platform that is posted to and on which people ask."""


class Room(Protocol):
    """A platform that is on."""

    def serve(self) -> AbstractAsyncContextManager[None]:
        """Be able to post while the context is open."""
        ...


@dataclass(frozen=True, slots=True)
class Platforms:
    """The chat platforms that this process serves: a `bot.ports.Adapters`.

    Args:
        on: each channel or platform that can be posted to, with what is known of it.
        off: each that cannot, with the reason and what to do.
        secrets: what no log may show.
        adapters: by platform, but for the webhooks, of which there are several kinds.
        doors: the platforms on which people ask.
        unset: those on which people could ask, if a token were set.
    """

    on: tuple[tuple[str, str], ...]
    off: tuple[tuple[str, str], ...]
    secrets: tuple[str, ...] = field(default=(), repr=False)
    adapters: Mapping[str, Adapter] = field(default_factory=dict)
    hooks: Webhooks | None = None
    doors: tuple[Door, ...] = ()
    unset: tuple[str, ...] = ()

    def of(self, channel: Channel) -> Adapter:
        """The adapter of a channel.

        Raises:
            TargetGone: this process does not serve it.
        """
        if channel.platform in self.adapters:
            return self.adapters[channel.platform]
        why = next((why for name, why in self.off if name in (str(channel), channel.platform, f"{channel.platform}:token")), "")
        if channel.platform == "webhook" and self.hooks is not None and not why:
            return self.hooks.of(channel)
        why = why or "it is not on here"
        raise TargetGone(f"{channel} is not served: {why}.")

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        """Be able to post while the context is open."""
        rooms: list[Room] = [*self.adapters.values(), *([self.hooks] if self.hooks else [])]
        async with AsyncExitStack() as stack:
            for room in rooms:
                await stack.enter_async_context(room.serve())
            yield


def platforms(environ: Mapping[str, str], stream: TextIO, settings: Settings, only: str | None = None) -> Platforms:
    """The platforms that are on by this environment; one whose token or address is wrong is off, and the others are not.

    Args:
        stream: where the terminal's messages go.
        only: one of ``PLATFORMS``; None for all.

    Raises:
        ConfigError: a secret cannot be read, or ``only`` is none of them or is off.
    """
    if only is not None and only not in PLATFORMS:
        raise ConfigError(f"--only is {only!r}; accepted: {', '.join(PLATFORMS)}.")
    opening = _Opening(environ, stream, settings)
    for name in PLATFORMS:
        if only not in (None, name):
            opening.off.append((name, f"--only {only} was asked for"))
            continue
        try:
            opening.open(name)
        except SettingsError as error:
            raise ConfigError(str(error)) from None
    if only and not opening.on:
        reasons = "; ".join(why for name, why in opening.off if name.partition(":")[0] == only)
        raise ConfigError(f"--only {only} was asked for, but that is off: {reasons}.")
    return Platforms(
        tuple(opening.on),
        tuple(opening.off),
        tuple(opening.secrets),
        opening.adapters,
        opening.hooks,
        tuple(opening.doors),
        tuple(opening.unset),
    )


class _Opening:
    """What is on and off, as it is found out."""

    def __init__(self, environ: Mapping[str, str], stream: TextIO, settings: Settings) -> None:
        self._environ, self._stream, self._settings = environ, stream, settings
        self.on, self.off = list[tuple[str, str]](), list[tuple[str, str]]()
        self.secrets, self.unset = list[str](), list[str]()
        self.adapters: dict[str, Adapter] = {}
        self.doors: list[Door] = []
        self.hooks: Webhooks | None = None

    def open(self, name: str) -> None:
        """Look whether a platform is on.  Raises SettingsError."""
        match name:
            case "slack":
                self._slack(secrets.slack(self._environ))
            case "discord":
                self._discord(secrets.discord(self._environ))
            case "webhook":
                self._webhooks(secrets.webhooks(self._environ))
            case "console":
                self.adapters["console"] = Terminal(self._stream)
                self.on.append(("console", "messages go to standard output"))

    def _slack(self, given: secrets.SlackTokens | None) -> None:
        if given is None:
            self.off.append(("slack", "no token is set; set SLACK_BOT_TOKEN and SLACK_APP_TOKEN"))
            self.unset.append("slack")
            return
        from bot.adapters.slack.adapter import Slack
        from bot.adapters.slack.settings import Settings as Chosen

        self.secrets += [given.bot.get_secret_value(), given.app.get_secret_value()]
        try:
            chosen = Chosen.read(given.bot, given.app, api_url=given.api_url, command=self._settings.slack.command)
        except ConfigError as error:
            self.off.append(("slack:token", str(error).rstrip(".")))
            return
        self._enter(Slack(chosen), "an app with its two tokens")

    def _discord(self, given: secrets.DiscordToken | None) -> None:
        if given is None:
            self.off.append(("discord", "no token is set; set DISCORD_TOKEN"))
            self.unset.append("discord")
            return
        from bot.adapters.discord import Discord
        from bot.adapters.discord.settings import Settings as Chosen

        self.secrets.append(given.bot.get_secret_value())
        wanted = self._settings.discord
        try:
            chosen = Chosen.read(
                given.bot, api_url=given.api_url, gateway_url=given.gateway_url, guild=wanted.guild, silent=wanted.silent
            )
        except ConfigError as error:
            self.off.append(("discord:token", str(error).rstrip(".")))
            return
        self._enter(Discord(chosen), "a bot with its token")

    def _enter(self, app: App, what: str) -> None:
        self.adapters[app.name] = app
        self.doors.append(app)
        self.on.append((app.name, what))

    def _webhooks(self, given: tuple[secrets.WebhookAddress, ...]) -> None:
        """The adapters of webhooks; one whose address is wrong is off alone."""
        if not given:
            self.off.append(("webhook", "no address is set; set DATELINE_WEBHOOK_NAME to one"))
            return
        from bot.adapters.webhook import Hook, Webhooks, read_hook

        self.secrets += [each.address.get_secret_value() for each in given]
        hooks: list[Hook] = []
        for each in given:
            try:
                hook = read_hook(each.name, each.address, each.kind, variable=each.variable)
            except ConfigError as error:
                self.off.append((f"webhook:{each.name}", str(error).rstrip(".")))
            else:
                twin = next((one.name for one in hooks if (one.address, one.thread) == (hook.address, hook.thread)), "")
                warned = f", the same as webhook:{twin}: what both are sent comes there twice" if twin else ""
                hooks.append(hook)
                self.on.append((f"webhook:{hook.name}", f"a webhook of {hook.kind.capitalize()}{warned}"))
        self.hooks = Webhooks(hooks)
