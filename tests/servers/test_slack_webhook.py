"""The stand-in for Slack's webhooks refuses what Slack refuses, each limit on its own, and sees every ping."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientError, ClientSession

from tests.servers.faults import broken, cut, held
from tests.servers.slack_webhook import SlackWebhook, limited

Json = dict[str, Any]


@pytest.fixture
async def slack() -> AsyncIterator[SlackWebhook]:
    async with SlackWebhook() as server:
        yield server


async def post(address: str, payload: Any) -> tuple[int, str]:
    async with ClientSession() as session, session.post(address, json=payload) as response:
        return response.status, await response.text()


def header(text: str = "x") -> Json:
    return {"type": "header", "text": {"type": "plain_text", "text": text}}


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def context(*texts: str) -> Json:
    return {"type": "context", "elements": [{"type": "plain_text", "text": text} for text in texts]}


def rich(*runs: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(runs)}]}


def text(words: str = "x") -> Json:
    return {"type": "text", "text": words}


def button() -> Json:
    return {"type": "button", "text": {"type": "plain_text", "text": "x"}, "action_id": "a", "value": "v"}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select() -> Json:
    option = {"text": {"type": "plain_text", "text": "x"}, "value": "v"}
    return actions({"type": "static_select", "action_id": "s", "options": [option]})


LIMITS: dict[str, tuple[list[Json], list[Json]]] = {  # some of those in test_slack_blocks: the most that is taken, and one more
    "header": ([header("x" * 150)], [header("x" * 151)]),
    "all texts": ([context("x" * 2_600)] * 5, [*[context("x" * 2_600)] * 5, context("x")]),
    "unknown block": ([{"type": "divider"}], [{"type": "fireworks"}]),
}


@pytest.mark.parametrize(("good", "bad"), LIMITS.values(), ids=LIMITS)
async def test_a_limit_is_taken_and_one_more_is_refused(slack: SlackWebhook, good: list[Json], bad: list[Json]) -> None:
    address = slack.add("news")

    assert await post(address, {"text": "x", "blocks": good}) == (200, "ok")
    status, word = await post(address, {"text": "x", "blocks": bad})

    assert status == 400
    assert word in ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
    assert len(slack.messages) == 1


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        ({}, "no_text"),
        ({"text": "  "}, "no_text"),
        ({"text": 7}, "invalid_payload"),
        ({"text": "x", "blocks": {}}, "invalid_payload"),
        ([], "invalid_payload"),
        ({"text": "x", "blocks": ["x"]}, "invalid_blocks_format"),
    ],
)
async def test_what_is_no_message_is_refused(slack: SlackWebhook, payload: Any, word: str) -> None:
    assert await post(slack.add("news"), payload) == (400, word)
    assert slack.messages == []


async def test_only_json_is_read(slack: SlackWebhook) -> None:
    async with ClientSession() as session, session.post(slack.add("news"), data=b'{"text": "x"}') as response:
        assert (response.status, await response.text()) == (400, "invalid_payload")


async def test_only_a_known_webhook_is_posted_to(slack: SlackWebhook) -> None:
    address = slack.add("news")
    assert await post(address + "x", {"text": "x"}) == (404, "no_service")

    slack.becomes("news", 410, "channel_is_archived")

    assert await post(address, {"text": "x"}) == (410, "channel_is_archived")
    async with ClientSession() as session, session.get(address) as response:
        assert response.status == 405


@pytest.mark.parametrize(
    "payload",
    [
        {"text": "<!channel>"},
        {"text": "<!here|here>"},
        {"text": "<!everyone>", "blocks": [rich(text())]},
        {"text": "<@U123>"},
        {"text": "<!subteam^S123>"},
        {"text": "@anna", "link_names": True},
        {"text": "@anna", "parse": "full"},
        {"text": "x", "blocks": [section("<!channel>")]},
        {"text": "x", "blocks": [{"type": "context", "elements": [{"type": "mrkdwn", "text": "<@U1>"}]}]},
        {"text": "x", "blocks": [rich({"type": "broadcast", "range": "channel"})]},
        {"text": "x", "blocks": [rich({"type": "user", "user_id": "U1"})]},
        {"text": "x", "blocks": [rich({"type": "usergroup", "usergroup_id": "S1"})]},
    ],
)
async def test_every_ping_is_seen(slack: SlackWebhook, payload: Json) -> None:
    await post(slack.add("news"), payload)

    assert len(slack.messages[0].pings) == 1


async def test_what_is_literal_rings_nobody(slack: SlackWebhook) -> None:
    await post(slack.add("news"), {"text": "&lt;!channel&gt; @anna", "blocks": [rich(text("<!channel>")), header("<@U1>")]})

    assert slack.messages[0].pings == []
    assert slack.messages[0].shown == "<!channel>\n<@U1>"


async def test_controls_are_counted(slack: SlackWebhook) -> None:
    await post(slack.add("news"), {"text": "x", "blocks": [actions(button()), select()]})

    assert slack.messages[0].controls == 2


@pytest.mark.parametrize("stored", [False, True])
async def test_a_connection_is_cut_before_or_after_storing(slack: SlackWebhook, stored: bool) -> None:
    slack.next(cut(stored=stored))

    with pytest.raises(ClientConnectionError):
        await post(slack.add("news"), {"text": "x"})

    assert len(slack.messages) == stored


@pytest.mark.parametrize("stored", [False, True])
async def test_it_breaks_before_or_after_storing(slack: SlackWebhook, stored: bool) -> None:
    slack.next(broken(502, stored=stored))

    status, page = await post(slack.add("news"), {"text": "x"})

    assert status == 502
    assert "<html>" in page
    assert len(slack.messages) == stored


async def test_a_limit_names_its_seconds_and_passes(slack: SlackWebhook) -> None:
    address = slack.add("news")
    slack.next(limited(3))

    async with ClientSession() as session, session.post(address, json={"text": "x"}) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "3")
        assert (await response.json())["error"] == "rate_limited"
    assert await post(address, {"text": "x"}) == (200, "ok")


async def test_a_held_request_is_answered_when_the_gate_opens(slack: SlackWebhook) -> None:
    gate = asyncio.Event()
    slack.next(held(gate))
    posting = asyncio.create_task(post(slack.add("news"), {"text": "x"}))

    await slack.received(1)
    assert slack.messages == []
    gate.set()

    assert await posting == (200, "ok")
    assert slack.shown("news") == ["x"]


async def test_once_stopped_it_refuses_connections(slack: SlackWebhook) -> None:
    address = slack.add("news")
    await slack.stop()

    with pytest.raises(ClientError):
        await post(address, {"text": "x"})
