"""Which chat platforms are on: those that the environment names, and the terminal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TextIO

from bot.adapters.console import Terminal
from bot.errors import ConfigError, TargetGone
from bot.model import Channel
from bot.ports import Adapter
from bot.ports.desk import Door
from config.secrets import WebhookAddress, webhooks
from config.settings import SettingsError
from digests.errors import QueryError

if TYPE_CHECKING:
    from bot.adapters.webhook import Webhooks

PLATFORMS: Final = ("webhook", "console")
"""Those that an adapter is built for; a channel of another is refused, and ``dateline run --only`` takes one of them."""

_FORMS: Final = {
    "console": "*console*",
    "webhook": "*webhook:NAME*, a webhook of Slack or Discord whose address stands in DATELINE_WEBHOOK_NAME",
}


@dataclass(frozen=True, slots=True)
class Platforms:
    """The chat platforms that this process serves: a `bot.ports.Adapters`.

    Args:
        on: each channel or platform that can be posted to, with what is known of it.
        off: each that cannot, with the reason and what to do.
        secrets: what no log may show.
        doors: the platforms on which people ask.
    """

    on: tuple[tuple[str, str], ...]
    off: tuple[tuple[str, str], ...]
    secrets: tuple[str, ...] = field(default=(), repr=False)
    terminal: Terminal | None = None
    hooks: Webhooks | None = None
    doors: tuple[Door, ...] = ()

    def of(self, channel: Channel) -> Adapter:
        """The adapter of a channel.

        Raises:
            TargetGone: this process does not serve it.
        """
        if channel.platform == "console" and self.terminal is not None:
            return self.terminal
        why = next((why for name, why in self.off if name in (str(channel), channel.platform)), "")
        if channel.platform == "webhook" and self.hooks is not None and not why:
            return self.hooks.of(channel)
        why = why or "it is not on here"
        raise TargetGone(f"{channel} is not served: {why}.")

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        """Be connected while the context is open."""
        async with AsyncExitStack() as stack:
            for room in (self.terminal, self.hooks):
                if room is not None:
                    await stack.enter_async_context(room.serve())
            yield


def channel_named(words: str) -> Channel:
    """The channel that is written so, of a platform that this program can post to.

    Raises:
        QueryError: there is no adapter for it, or it cannot be read; the text says what would do.
    """
    platform = words.partition(":")[0].strip().lower()
    if platform not in PLATFORMS:
        forms = " or ".join(_FORMS[each] for each in reversed(PLATFORMS))
        raise QueryError(f"I can't post to *{' '.join(words.split())[:80]}*. A channel is {forms}.")
    return Channel.parse(words)


def platforms(environ: Mapping[str, str], stream: TextIO, only: str | None = None) -> Platforms:
    """The platforms that are on by this environment; a webhook whose address is wrong is off, and the others are not.

    Args:
        stream: where the terminal's messages go.
        only: one of ``PLATFORMS``; None for all.

    Raises:
        ConfigError: a secret cannot be read, or ``only`` is none of them.
    """
    if only is not None and only not in PLATFORMS:
        raise ConfigError(f"--only is {only!r}; accepted: {', '.join(PLATFORMS)}.")
    on: list[tuple[str, str]] = []
    off = [(name, f"--only {only} was asked for") for name in PLATFORMS if only not in (None, name)]
    secrets: list[str] = []
    terminal, hooks = None, None
    if only in (None, "webhook"):
        try:
            given = webhooks(environ)
        except SettingsError as error:
            raise ConfigError(str(error)) from None
        secrets = [each.address.get_secret_value() for each in given]
        hooks, on, off = _webhooks(given, off)
    if only in (None, "console"):
        terminal = Terminal(stream)
        on.append(("console", "messages go to standard output"))
    return Platforms(tuple(on), tuple(off), tuple(secrets), terminal, hooks)


def _webhooks(
    given: tuple[WebhookAddress, ...], off: list[tuple[str, str]]
) -> tuple[Webhooks | None, list[tuple[str, str]], list[tuple[str, str]]]:
    """The adapters of webhooks, which of them are on, and what is off."""
    if not given:
        return None, [], [*off, ("webhook", "no address is set; set DATELINE_WEBHOOK_NAME to one")]
    from bot.adapters.webhook import Hook, Webhooks

    hooks: list[Hook] = []
    on, wrong = [], list(off)
    for each in given:
        try:
            hook = Hook.read(each.name, each.address, each.kind, variable=each.variable)
        except ConfigError as error:
            wrong.append((f"webhook:{each.name}", str(error).rstrip(".")))
        else:
            twin = next((one.name for one in hooks if (one.address, one.thread) == (hook.address, hook.thread)), "")
            warned = f", the same as webhook:{twin}: what both are sent comes there twice" if twin else ""
            hooks.append(hook)
            on.append((f"webhook:{hook.name}", f"a webhook of {hook.kind.capitalize()}{warned}"))
    return Webhooks(hooks), on, wrong
