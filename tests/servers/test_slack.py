"""The stand-in for Slack, driven by the real slack-bolt and slack-sdk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.servers.slack import Slack

Json = dict[str, Any]


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as server:
        yield server


def client_of(slack: Slack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@asynccontextmanager
async def running(slack: Slack, ping_interval: float = 0.5) -> AsyncIterator[AsyncApp]:
    app = AsyncApp(client=client_of(slack), signing_secret="x", process_before_response=False)
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=ping_interval)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        await slack.connected()
        yield app
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


async def test_a_command_is_acknowledged_and_answered(slack: Slack) -> None:
    async with running(slack) as app:

        @app.command("/digest")
        async def digest(ack: Any, respond: Any, command: Any) -> None:
            await ack()
            await respond(f"you said {command['text']}")

        act = await slack.command("U1", "C1", "/digest", "about ferry")

        assert act.error == ""
        answer = await act.answered()
        assert slack.words(answer) == "you said about ferry"
        assert answer.reader == "U1"
        assert act.ack_s is not None
