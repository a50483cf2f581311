"""Requests to the stand-in for Discord as a program without a library sends them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

from aiohttp import ClientSession, FormData

from tests.servers.discord_app import Discord
from tests.servers.discord_place import TOKEN, Act

Told = tuple[int, Any]  # a status, and the JSON of the answer


class Asking:
    """``await ask("POST", "/channels/5/messages", {"content": "x"})``; what is no JSON is None."""

    def __init__(self, place: Discord, session: ClientSession) -> None:
        self.place, self._session = place, session

    async def __call__(self, method: str, path: str, payload: Any = None, *, token: str = TOKEN, **query: str) -> Told:
        headers = {"Authorization": f"Bot {token}"} if token else {}
        call = self._session.request(method, self.place.api + path, json=payload, headers=headers, params=query)
        async with call as response:
            return response.status, (await response.json() if response.content_type == "application/json" else None)

    async def upload(self, path: str, payload: str, name: str, content: bytes, *, method: str = "POST") -> Told:
        form = FormData(quote_fields=False)
        form.add_field("payload_json", payload, content_type="application/json")
        form.add_field("files[0]", BytesIO(content), filename=name, content_type="text/xml")
        headers = {"Authorization": f"Bot {TOKEN}"}
        async with self._session.request(method, self.place.api + path, data=form, headers=headers) as response:
            return response.status, await response.json()

    async def respond(self, act: Act, kind: int, data: Any = None, **query: str) -> Told:
        """The first response to what somebody did."""
        payload = {"type": kind} if data is None else {"type": kind, "data": data}
        return await self("POST", f"/interactions/{act.id}/{act.token}/callback", payload, token="", **query)

    async def answer(self, act: Act, method: str, payload: Any = None, message: str = "@original") -> Told:
        """Read, edit or delete an answer."""
        return await self(method, f"/webhooks/{self.place.me.id}/{act.token}/messages/{message}", payload, token="")

    async def follow_up(self, act: Act, payload: Any) -> Told:
        return await self("POST", f"/webhooks/{self.place.me.id}/{act.token}", payload, token="", wait="true")

    async def sync(self, *commands: Any, guild: str = "") -> Told:
        scope = f"/guilds/{guild}" if guild else ""
        return await self("PUT", f"/applications/{self.place.me.id}{scope}/commands", list(commands))


@asynccontextmanager
async def asking(place: Discord) -> AsyncIterator[Asking]:
    async with ClientSession() as session:
        yield Asking(place, session)
