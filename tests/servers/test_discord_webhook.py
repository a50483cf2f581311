"""The stand-in for Discord's webhooks refuses what Discord refuses, each limit on its own, and sees every ping."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.servers.discord_payloads import MESSAGES, POSTED, V2
from tests.servers.discord_webhook import DiscordWebhook, limited

Json = dict[str, Any]
LIMITS = {**MESSAGES, "flags": POSTED["flags"]}


@pytest.fixture
async def discord() -> AsyncIterator[DiscordWebhook]:
    async with DiscordWebhook() as server:
        yield server


async def call(method: str, address: str, payload: Any = None, **params: str) -> tuple[int, Any]:
    async with ClientSession() as session, session.request(method, address, json=payload, params=params) as response:
        return response.status, (await response.json() if response.content_type == "application/json" else None)


@pytest.mark.parametrize(("good", "bad"), LIMITS.values(), ids=LIMITS)
async def test_a_limit_is_taken_and_one_more_is_refused(discord: DiscordWebhook, good: Json, bad: Json) -> None:
    address = discord.add("news")

    status, message = await call("POST", address, good, wait="true")
    assert status == 200
    assert (await call("PATCH", f"{address}/messages/{message['id']}", good))[0] == 200

    for method, at in (("POST", address), ("PATCH", f"{address}/messages/{message['id']}")):
        status, told = await call(method, at, bad)
        assert (status, told["code"]) == (400, 50035)
        assert told["errors"]
    assert len(discord.messages) == 1


async def test_an_empty_message_is_refused(discord: DiscordWebhook) -> None:
    address = discord.add("news")

    assert (await call("POST", address, {"content": " "}))[1]["code"] == 50006
    assert (await call("POST", address, []))[1]["code"] == 50109


async def test_components_count_only_when_they_are_asked_for_and_never_listen(discord: DiscordWebhook) -> None:
    address = discord.add("news")
    shown = [{"type": 10, "content": "x"}]
    listens = [{"type": 1, "components": [{"type": 2, "style": 1, "custom_id": "a", "label": "x"}]}]

    assert (await call("POST", address, {"flags": V2, "components": shown}))[1]["code"] == 50006
    assert (await call("POST", address, {"flags": V2, "components": shown}, with_components="true"))[0] == 204
    assert (await call("POST", address, {"flags": V2, "components": listens}, with_components="true"))[1]["code"] == 50035


async def test_only_who_waits_learns_the_id(discord: DiscordWebhook) -> None:
    address = discord.add("news")

    assert await call("POST", address, {"content": "x"}) == (204, None)
    status, message = await call("POST", address, {"content": "x"}, wait="true")

    assert (status, message["id"]) == (200, discord.messages[1].id)


async def test_a_message_is_read_and_edited_by_its_id(discord: DiscordWebhook) -> None:
    address = discord.add("news")
    _, message = await call("POST", address, {"content": "24"}, wait="true")
    at = f"{address}/messages/{message['id']}"

    assert (await call("PATCH", at, {"content": "17"}))[0] == 200

    assert (await call("GET", at))[1]["content"] == "17"
    assert discord.shown("news") == ["17"]
    discord.forget(message["id"])
    assert (await call("PATCH", at, {"content": "17"}))[1]["code"] == 10008
    assert (await call("GET", at))[1]["code"] == 10008


async def test_a_webhook_edits_its_own_messages_only(discord: DiscordWebhook) -> None:
    _, message = await call("POST", discord.add("news"), {"content": "24"}, wait="true")

    assert (await call("PATCH", f"{discord.add('sport')}/messages/{message['id']}", {"content": "x"}))[0] == 404


async def test_dead_webhooks_say_why(discord: DiscordWebhook) -> None:
    address, gone, forum = discord.add("news"), discord.add("gone"), discord.add("forum", forum=True)
    discord.remove("gone")

    assert (await call("POST", f"{address}x", {"content": "x"}))[1]["code"] == 50027
    assert (await call("POST", gone, {"content": "x"}))[1]["code"] == 10015
    assert (await call("POST", forum, {"content": "x"}))[1]["code"] == 220001
    assert (await call("POST", address, {"content": "x"}, thread_id="9"))[1]["code"] == 10003
    discord.becomes("news", 403, 50013)
    assert await call("POST", address, {"content": "x"}) == (403, {"message": "There is something wrong here", "code": 50013})
    discord.new_token("news")
    assert (await call("POST", address, {"content": "x"}))[0] == 401


async def test_a_thread_is_posted_to_by_its_id(discord: DiscordWebhook) -> None:
    await call("POST", discord.add("forum", forum=True, thread="9"), {"content": "x"})

    assert discord.messages[0].thread == "9"


@pytest.mark.parametrize(
    ("payload", "count"),
    [
        ({"content": "@everyone", "allowed_mentions": {"parse": ["everyone"]}}, 1),
        ({"content": "\\@here", "allowed_mentions": {"parse": ["everyone"]}}, 1),
        ({"content": "<@&5>", "allowed_mentions": {"parse": ["roles"]}}, 1),
        ({"content": "<@5> <@!6>"}, 2),
        ({"content": "<@5> <@6>", "allowed_mentions": {"users": ["6"]}}, 1),
        ({"content": "@everyone <@&5>"}, 0),
        ({"content": "@everyone <@5> <@&5>", "allowed_mentions": {"parse": []}}, 0),
        ({"embeds": [{"description": "<@5>"}]}, 0),
    ],
)
async def test_every_ping_is_seen(discord: DiscordWebhook, payload: Json, count: int) -> None:
    await call("POST", discord.add("news"), payload)

    assert len(discord.messages[0].pings) == count


async def test_an_edit_does_not_inherit_what_the_post_allowed(discord: DiscordWebhook) -> None:
    address = discord.add("news")
    _, message = await call("POST", address, {"content": "x", "allowed_mentions": {"parse": []}}, wait="true")

    await call("PATCH", f"{address}/messages/{message['id']}", {"content": "<@5>"})

    assert discord.messages[0].pings == ["user:5"]


async def test_a_limit_counts_seconds_and_old_versions_count_milliseconds(discord: DiscordWebhook) -> None:
    address = discord.add("news").replace("/api/", "/api/v10/")
    discord.next(limited(1.5))

    told = await call("POST", address, {"content": "x"})
    discord.next(limited(1.5))
    told_without_version = await call("POST", address.replace("/v10/", "/"), {"content": "x"})

    assert (told[0], told[1]["retry_after"]) == (429, 1.5)
    assert told_without_version[1]["retry_after"] == 1_500
