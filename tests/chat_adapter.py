"""The adapter of `tests.servers.chat.Chat`: what a platform with an app can do, before there is one.

It has all abilities, so that the real program can be shown to look up what is in doubt.  ``tests/contracts/test_adapter.py``
asks of it what it asks of every adapter.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, TCPConnector

from bot.errors import (
    AuthDead,
    DeliveryError,
    MessageGone,
    NotAllowed,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TargetGone,
    Unreachable,
)
from bot.model import Abilities, Channel, Payload, Receipt
from tests.fakes import Lines

ALL = Abilities(edit=True, thread=True, look_up=True, controls=True, ids=True)
TIMEOUT = ClientTimeout(total=5)
_REFUSALS = {401: AuthDead, 403: NotAllowed, 404: TargetGone, 400: Rejected}


class ChatAdapter(Lines):
    """A `bot.ports.Adapter` for the channels of the chat at an address, ``http://127.0.0.1:PORT``."""

    def __init__(self, origin: str) -> None:
        super().__init__(ALL)
        self._origin = origin
        self._session: ClientSession | None = None

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        async with ClientSession(connector=TCPConnector(force_close=True), timeout=TIMEOUT) as self._session:
            yield

    async def check(self, channel: Channel) -> None:
        """Nothing is told without posting."""

    async def groups(self, channel: Channel) -> None:
        """Here are none."""

    async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
        said = await self._call("POST", channel, json={**payload, "nonce": nonce, "thread": thread})
        return Receipt(said["id"])

    async def edit(self, channel: Channel, message_id: str, payload: Payload) -> None:
        await self._call("PATCH", channel, f"/{message_id}", json=payload)

    async def look_up(
        self, channel: Channel, nonce: str, *, since: datetime, number: int | None, thread: str | None = None
    ) -> Receipt | None:
        said = await self._call("GET", channel, params={"since": since.isoformat()})
        return next((Receipt(each["id"]) for each in said["messages"] if each["nonce"] == nonce), None)

    async def _call(self, method: str, channel: Channel, message: str = "", **more: Any) -> dict[str, Any]:
        """What the chat answers.  One attempt; raises DeliveryError."""
        assert self._session is not None, "nothing is posted outside serve()"
        url = f"{self._origin}/channels/{channel.space}/{channel.id}/messages{message}"
        try:
            async with self._session.request(method, url, **more) as response:
                said = await response.json() if response.content_type == "application/json" else {}
                if response.status == 200:
                    return dict(said)
                raise _error(response.status, str(said.get("error", "")), response.headers.get("Retry-After"))
        except ClientConnectorError:
            raise Unreachable(f"{channel} can't be reached just now.") from None
        except (ClientError, OSError, TimeoutError):
            raise OutcomeUnknown(f"{channel} broke off; the message may be there.") from None


def _error(status: int, word: str, retry_after: str | None) -> DeliveryError:
    if status == 429:
        return RateLimited("Too much at once.", retry_after=float(retry_after or 60))
    if word == "no_such_message":
        return MessageGone("That message is no longer there.")
    known = _REFUSALS.get(status, OutcomeUnknown)
    return known(f"The chat answered {status} ({word}).")
