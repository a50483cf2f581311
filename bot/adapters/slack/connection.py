"""slack-bolt, set up so that nothing of the environment changes what it does: its own OAuth stays off."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.calls import Calls, Identity
from bot.adapters.slack.listeners import Listeners
from bot.adapters.slack.settings import Settings
from bot.errands import Errands
from bot.ports.desk import House

PING_S: Final = 2.0
_CLOSES_S = 0.4

_LOGGER = logging.getLogger("slack_bolt.dateline")
_LOGGER.setLevel(logging.ERROR)  # it warns of tokens in the environment that it does not use, which is what we want


class Handler(AsyncSocketModeHandler):
    """A connection that measures how long it takes until what somebody did is acknowledged, in seconds."""

    def __init__(self, app: AsyncApp, app_token: str, web: AsyncWebClient, acknowledged: Callable[[float], None]) -> None:
        super().__init__(app, app_token, _LOGGER, web, ping_interval=PING_S)
        self.client.proxy = web.proxy = None  # they take one from the environment, for this machine too
        self._acknowledged = acknowledged

    async def open(self, address: str) -> None:
        """Connect to an address that was opened.  It tries for ever, and opens later ones itself."""
        self.client.wss_uri = address or None
        await self.connect_async()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """Say good-bye, and wait a moment for the answer: a peer that fell silent gives none."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSES_S):
                await self.close_async()  # type: ignore[no-untyped-call]
        await self.client.aiohttp_client_session.close()

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        loop = asyncio.get_running_loop()
        began = loop.time()
        await super().handle(client, req)
        self._acknowledged(loop.time() - began)


def connection(
    settings: Settings,
    calls: Calls,
    identity: Identity,
    house: House,
    errands: Errands,
    now: Callable[[], datetime],
    left: Callable[[str], None],
    acknowledged: Callable[[float], None],
) -> Handler:
    """A connection that is not open yet, with all its listeners."""

    async def authorize() -> AuthorizeResult:
        """Every request is for the one installation; a function here keeps bolt from asking, and from its own OAuth."""
        return AuthorizeResult(enterprise_id=None, team_id=identity.team, bot_user_id=identity.user, bot_id=identity.bot)

    web = AsyncWebClient(base_url=settings.api_url, retry_handlers=[], logger=_LOGGER)
    app = AsyncApp(
        name="dateline",
        logger=_LOGGER,
        client=web,
        signing_secret="",  # nothing comes over HTTP
        authorize=authorize,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    Listeners(settings, calls, identity, house, errands, now, left).register(app)
    return Handler(app, settings.app_token.get_secret_value(), web, acknowledged)
