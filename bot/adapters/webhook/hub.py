"""All webhooks of this installation, each with the adapter of its kind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from pydantic import SecretStr

from bot.adapters.webhook.calls import TIMEOUT_S, Calls
from bot.adapters.webhook.discord import DiscordWebhooks
from bot.adapters.webhook.hooks import Hook, Hooked, missing, parts_of
from bot.adapters.webhook.slack import SlackWebhooks
from bot.errors import ConfigError
from bot.model import Channel
from bot.ports import Adapter

KINDS: Final[tuple[type[Hooked], ...]] = (SlackWebhooks, DiscordWebhooks)
_NAMES: Final = [each.KIND for each in KINDS]


def read_hook(name: str, address: SecretStr, kind: str | None = None, *, variable: str = "") -> Hook:
    """Read the address of a webhook.

    Args:
        kind: the name of one, for an address whose path does not tell.
        variable: where the address came from, for the complaint.

    Raises:
        ConfigError: it is no such address.  The text does not repeat it.
    """
    where = variable or f"webhook {name}"
    if kind is not None and kind not in _NAMES:
        raise ConfigError(f"{where}_KIND: the kind is {kind[:20]!r}; accepted: {', '.join(_NAMES)}.")
    parts = parts_of(address.get_secret_value().strip(), where)
    for each in KINDS:
        if kind == each.KIND or (kind is None and each.knows(parts.path)):
            written, thread = each.written(parts, where)
            return Hook(name=name.lower(), kind=each.KIND, address=SecretStr(written), thread=thread)
    paths = ", ".join(f"{each.KIND.capitalize()}'s has {each.PATH}" for each in KINDS)
    raise ConfigError(
        f"{where}: the path of the address does not say whose webhook it is ({paths}). "
        f"Set {where}_KIND to {' or '.join(_NAMES)}."
    )


class Webhooks:
    """Posts to all of them.

    Args:
        timeout_s: for one call.
    """

    def __init__(self, hooks: Iterable[Hook], *, timeout_s: float = TIMEOUT_S) -> None:
        by_name = {hook.name: hook for hook in hooks}
        self._kinds = {name: hook.kind for name, hook in by_name.items()}
        self._adapters = {
            each.KIND: each({name: hook for name, hook in by_name.items() if hook.kind == each.KIND}, Calls(timeout_s))
            for each in KINDS
        }

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        """Post while the context is open, by whichever adapter."""
        async with AsyncExitStack() as stack:
            for adapter in self._adapters.values():
                await stack.enter_async_context(adapter.serve())
            yield

    def of(self, channel: Channel) -> Adapter:
        """The adapter for a channel.

        Raises:
            TargetGone: no webhook of that name is set.
        """
        kind = self._kinds.get(channel.id.lower())
        if kind is None:
            raise missing(channel)
        return self._adapters[kind]
