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


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def context(*texts: str) -> Json:
    return {"type": "context", "elements": [{"type": "plain_text", "text": text} for text in texts]}


def rich(*runs: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(runs)}]}


def text(words: str = "x", **more: Any) -> Json:
    return {"type": "text", "text": words, **more}


def bullets(style: str = "bullet", kind: str = "rich_text_section") -> Json:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": style, "elements": [{"type": kind, "elements": [text()]}]}],
    }


def button(label: str = "x", action_id: str = "a", value: str = "v") -> Json:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": action_id, "value": value}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(count: int = 1, label: str = "x", value: str = "v") -> Json:
    option = {"text": {"type": "plain_text", "text": label}, "value": value}
    return actions({"type": "static_select", "action_id": "s", "options": [option] * count})


LIMITS: dict[str, tuple[list[Json], list[Json]]] = {  # the most that is taken, and one more
    "blocks": ([context("x")] * 50, [context("x")] * 51),
    "header": ([header("x" * 150)], [header("x" * 151)]),
    "empty header": ([header()], [header("")]),
    "markup in a header": ([header()], [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]),
    "section": ([section("x" * 3_000)], [section("x" * 3_001)]),
    "empty section": ([section()], [section("")]),
    "fields": (
        [section(fields=[{"type": "mrkdwn", "text": "x"}] * 10)],
        [section(fields=[{"type": "mrkdwn", "text": "x"}] * 11)],
    ),
    "field": (
        [section(fields=[{"type": "mrkdwn", "text": "x" * 2_000}])],
        [section(fields=[{"type": "mrkdwn", "text": "x" * 2_001}])],
    ),
    "context": ([context(*"x" * 10)], [context(*"x" * 11)]),
    "empty context": ([context("x")], [context()]),
    "context text": ([context("x" * 3_000)], [context("x" * 3_001)]),
    "all texts": ([context("x" * 2_600)] * 5, [*[context("x" * 2_600)] * 5, context("x")]),
    "all texts and addresses": (
        [*[context("x" * 2_600)] * 4, rich({"type": "link", "url": "https://a.example/" + "x" * 2_581, "text": "x"})],
        [*[context("x" * 2_600)] * 4, rich({"type": "link", "url": "https://a.example/" + "x" * 2_582, "text": "x"})],
    ),
    "block id": ([{**context("x"), "block_id": "b" * 255}], [{**context("x"), "block_id": "b" * 256}]),
    "same block id": (
        [{**context("x"), "block_id": "a"}, {**context("x"), "block_id": "b"}],
        [{**context("x"), "block_id": "a"}, {**context("x"), "block_id": "a"}],
    ),
    "actions": (
        [actions(*(button(action_id=f"a{n}") for n in range(25)))],
        [actions(*(button(action_id=f"a{n}") for n in range(26)))],
    ),
    "no actions": ([actions(button())], [actions()]),
    "same action id": (
        [actions(button(action_id="a"), button(action_id="b"))],
        [actions(button(action_id="a"), button(action_id="a"))],
    ),
    "action id": ([actions(button(action_id="a" * 255))], [actions(button(action_id="a" * 256))]),
    "button": ([actions(button("x" * 75))], [actions(button("x" * 76))]),
    "button value": ([actions(button(value="x" * 2_000))], [actions(button(value="x" * 2_001))]),
    "options": ([select(100)], [select(101)]),
    "no options": ([select()], [select(0)]),
    "option": ([select(label="x" * 75)], [select(label="x" * 76)]),
    "option value": ([select(value="x" * 150)], [select(value="x" * 151)]),
    "list style": ([bullets("ordered")], [bullets("dash")]),
    "list of sections": ([bullets()], [bullets(kind="text")]),
    "empty run": ([rich(text())], [rich(text(""))]),
    "style": ([rich(text(style={"bold": True}))], [rich(text(style={"loud": True}))]),
    "style is a switch": ([rich(text(style={"bold": True}))], [rich(text(style={"bold": "yes"}))]),
    "kind of run": ([rich({"type": "emoji", "name": "wave"})], [rich({"type": "blink", "text": "x"})]),
    "link": ([rich({"type": "link", "url": "https://a.example/"})], [rich({"type": "link", "url": "javascript:alert(1)"})]),
    "empty label": (
        [rich({"type": "link", "url": "https://a.example/", "text": "x"})],
        [rich({"type": "link", "url": "https://a.example/", "text": ""})],
    ),
    "unknown key": ([rich(text())], [rich(text(colour="red"))]),
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
