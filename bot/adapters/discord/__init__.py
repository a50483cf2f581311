"""Discord: an application of one's own, on discord.py.

```python
discord = Discord(Settings.read(SecretStr(token)))
async with discord.serve():
    await discord.post(Channel.parse("discord:GUILD/CHANNEL"), discord.render(digest)[0], nonce="a-1")
```

Posting goes over REST alone; people are served over the gateway (`listen`).  Importing this room imports no chat library.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from bot.adapters.discord import permissions, render
from bot.adapters.discord.settings import Settings
from bot.model import Abilities, Channel, Payload, Receipt
from bot.ports.connections import DoorState
from bot.ports.desk import House
from digests.model import Digest

if TYPE_CHECKING:
    from bot.adapters.discord.calls import Calls
    from bot.adapters.discord.door import Reception
    from bot.adapters.discord.rest import Rest

__all__ = ["Discord", "Settings", "invitation"]


class Discord:
    """A `bot.ports.Adapter` and a `bot.ports.desk.Door`, for all servers that the application is in."""

    name = "discord"
    abilities = Abilities(edit=True, thread=True, look_up=True, controls=True, ids=True)

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._rest: Rest | None = None
        self._calls: Calls | None = None
        self._reception: Reception | None = None

    # Posting

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        """Nothing is called before the first message; the token is tried with it."""
        async with self._connected().open():
            yield

    def render(self, digest: Digest) -> list[Payload]:
        return render.render(digest, controls=True)

    def render_line(self, text: str) -> Payload:
        return render.displayed_line(text)

    def plain(self, payload: Payload) -> list[Payload]:
        return render.plain(payload)

    async def check(self, channel: Channel) -> None:
        await self._posting().check(channel)

    async def groups(self, channel: Channel) -> dict[str, str]:
        return await self._posting().groups(channel)

    async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
        """Post one message.  Parts of a digest follow in the channel, in a forum in the post of the first; a line goes under
        the message ``thread``."""
        return await self._posting().post(channel, payload, nonce=nonce, thread=thread)

    async def edit(self, channel: Channel, message_id: str, payload: Payload) -> None:
        await self._posting().edit(channel, message_id, payload)

    async def look_up(
        self, channel: Channel, nonce: str, *, since: datetime, number: int | None, thread: str | None = None
    ) -> Receipt | None:
        """Find a delivery again, in the channel and in its threads: a line may stand in either, whatever ``thread`` says."""
        return await self._posting().look_up(channel, nonce, since=since, number=number)

    def _connected(self) -> Rest:
        if self._rest is None:
            from bot.adapters.discord.rest import Rest

            self._rest = Rest(self._settings)
        return self._rest

    def _posting(self) -> Calls:
        if self._calls is None:
            from bot.adapters.discord.calls import Calls

            self._calls = Calls(self._connected(), silent=self._settings.silent)
        return self._calls

    # Serving people

    async def listen(self, house: House, now: Callable[[], datetime], stop: asyncio.Event) -> None:
        """Be connected to the gateway and answer until ``stop`` is set."""
        from bot.adapters.discord.door import Reception
        from bot.adapters.discord.rest import Rest

        self._reception = Reception(self._settings, Rest(self._settings, keeps=True), house, now)
        await self._reception.listen(stop)

    def telling(self) -> DoorState:
        limited = self._rest.limited if self._rest else 0
        return self._reception.telling(limited) if self._reception else DoorState(False)

    async def examine(self) -> list[tuple[bool, str]]:
        """Whether the token is good and Discord can be reached, and what to do if not; without staying connected."""
        from bot.adapters.discord.examining import examine

        return await examine(self._connected())

    async def invite(self) -> str:
        """The address at which the application is let into a server.

        Raises:
            DeliveryError: the token does not name the application, and Discord cannot be asked for it.
        """
        from bot.adapters.discord.examining import application

        return invitation(self._settings.application() or await application(self._connected()))


def invitation(application: str) -> str:
    """The address at which somebody lets an application into a server, with the permissions that it needs there.

    >>> invitation("1234")
    'https://discord.com/oauth2/authorize?client_id=1234&scope=bot+applications.commands&permissions=309237730304'
    """
    return (
        f"https://discord.com/oauth2/authorize?client_id={application}"
        f"&scope=bot+applications.commands&permissions={permissions.INVITED}"
    )
