"""A webhook: an address that is a secret, read once and kept where no log or error shows it; and what all kinds of them share.

A kind is one file beside this one: how its addresses are told and written, what it posts, and what its answers mean.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import ClassVar
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from bot.adapters.webhook.calls import Calls
from bot.address import is_loopback
from bot.errors import ConfigError, OutcomeUnknown, TargetGone
from bot.model import Channel, Receipt
from bot.ports import Adapter

_LONGEST = 2_048


class Hook(BaseModel):
    """The settings of one webhook.

    Args:
        name: as in the channel ``webhook:NAME``, in lower case; no secret.
        kind: the ``KIND`` of its `Hooked`.
        thread: where its address names one (Discord's ``?thread_id=...``): all messages go there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str
    kind: str
    address: SecretStr
    thread: str | None = None


class Hooked(Adapter, ABC):
    """The adapter for the webhooks of one kind.  None can be looked up, so an unknown outcome stays unknown."""

    KIND: ClassVar[str]
    """As it is typed in ``DATELINE_WEBHOOK_NAME_KIND``."""
    PATH: ClassVar[str]
    """What the path of its addresses holds, for who looks for it."""

    def __init__(self, hooks: Mapping[str, Hook], calls: Calls) -> None:
        self._hooks, self._calls = hooks, calls

    @classmethod
    @abstractmethod
    def knows(cls, path: str) -> bool:
        """Whether the path of an address shows that it is of this kind."""

    @classmethod
    def written(cls, parts: SplitResult, where: str) -> tuple[str, str | None]:
        """The address as it is called, and the thread that it names.

        Raises:
            ConfigError: it is not whole, or more than an address; ``where`` says whose it is.
        """
        return f"{parts.scheme}://{parts.netloc}{parts.path}", None

    def serve(self) -> AbstractAsyncContextManager[None]:
        """Post while the context is open."""
        return self._calls.open()

    async def check(self, channel: Channel) -> None:
        """That there is such a webhook; whether it still posts is not known before it does."""
        self._hook(channel)

    async def groups(self, channel: Channel) -> None:
        """A webhook knows nobody."""

    async def look_up(
        self, channel: Channel, nonce: str, *, since: datetime, number: int | None, thread: str | None = None
    ) -> Receipt | None:
        raise OutcomeUnknown(f"A webhook can't be asked what it posted; look at the channel of {channel.id} yourself.")

    def _hook(self, channel: Channel) -> Hook:
        hook = self._hooks.get(channel.id.lower())
        if hook is None:
            raise missing(channel)
        return hook


def parts_of(address: str, where: str) -> SplitResult:
    """The parts of what may be the address of a webhook.

    Raises:
        ConfigError: it is none.  The text does not repeat it; ``where`` says whose it is.
    """
    try:
        parts = urlsplit(address)
        _ = parts.port, (parts.hostname or "").encode("idna")
    except ValueError:
        raise ConfigError(f"{where}: this is not an address; accepted: https://HOST/PATH.") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.path in ("", "/") or len(address) > _LONGEST:
        raise ConfigError(f"{where}: this is not the address of a webhook; accepted: https://HOST/PATH.")
    if not address.isascii() or re.search(r"[\s\x00-\x20\x7f\\\"<>]", address) or "@" in parts.netloc:
        raise ConfigError(f"{where}: the address holds characters that no webhook has (a space, a quote, a user name).")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ConfigError(f"{where}: plain http would send the secret readable over the net; accepted: https://HOST/PATH.")
    return parts


def missing(channel: Channel) -> TargetGone:
    """What is said of a webhook whose address nobody set."""
    return TargetGone(f"There is no webhook {channel.id}: set DATELINE_WEBHOOK_{channel.id.upper()} to its address.")
