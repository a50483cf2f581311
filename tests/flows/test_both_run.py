"""The whole bot as its own process, connected to Slack and to Discord at once, seen from both platforms."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.bot.cli.running import ROOT, ran
from tests.flows.living import BRIDGE, FERRY, Bot, aged, due, opened, read_again, rss, subscribed, with_news
from tests.flows.together import POSTS, Together, together
from tests.servers.faults import Fault, cut, held
from tests.servers.web import Web

pytestmark = pytest.mark.slow

PLATFORMS = ("slack", "discord")


@pytest.fixture
async def places() -> AsyncIterator[Together]:
    async with together() as places:
        yield places


@asynccontextmanager
async def feed(home: Path) -> AsyncIterator[Web]:
    """A feed on the web that the bot has read once; there is news in it since."""
    fresh = BRIDGE | {"pubDate": format_datetime(datetime.now(UTC) - timedelta(hours=1))}
    async with Web() as web:
        web.serve("/feed", rss(FERRY, fresh), content_type="application/rss+xml")
        await with_news(home, address=web.url("/feed"))
        await read_again(home)
        yield web


async def states(home: Path) -> dict[str, int]:
    """How many messages are in which state."""
    async with opened(home) as store:
        return {state.value: number for state, number in (await store.ledger.delivery_counts()).items() if number}


async def test_one_process_reads_a_feed_and_posts_and_answers_on_both_platforms(tmp_path: Path, places: Together) -> None:
    async with feed(tmp_path) as web, Bot(tmp_path, allow=[web.peer], environ=places.environ) as bot:
        await bot.said("connection_made platform=slack", "as @dateline")
        await bot.said("connection_made platform=discord", "servers=1")
        await bot.said("collected", "new=1")
        await subscribed(tmp_path, *(due(channel) for channel in places.channels.values()))
        await bot.said("delivery_posted", f"channel={places.channels['slack']}")
        await bot.said("delivery_posted", f"channel={places.channels['discord']}")

        await places.connected()
        asked = await places.slack.command("U2", "C1", "/digest", "about bridge")
        in_slack = places.slack.words(await asked.answered())
        answer = await places.discord.command(places.ann, places.guild["news"], "digest about", {"words": "bridge"})
        in_discord = "\n".join(map(places.discord.text, answer.messages))
        code, seconds = await bot.stopped()

    for platform in PLATFORMS:
        (digest,) = places.shown(platform)
        assert "bridge of Asterby" in digest
        assert "Aurelia" not in digest  # it was there before we came
    assert asked.error == ""
    assert answer.ephemeral
    assert "bridge of Asterby" in in_slack
    assert "bridge of Asterby" in in_discord
    assert (code, seconds < 5) == (0, True), bot.log
    assert " alarm " not in bot.log
    assert " bug " not in bot.log
    assert await states(tmp_path) == {"sent": 2}
    for secret in (places.slack.bot_token, places.slack.app_token, places.discord.token):
        assert secret not in bot.log


def stored_and_slow(gate: asyncio.Event) -> Fault:
    return held(gate, stored=True)


def slow_and_not_stored(gate: asyncio.Event) -> Fault:
    return held(gate)


def stored_and_cut(_: asyncio.Event) -> Fault:
    return cut(stored=True)


@pytest.mark.parametrize("fault", [stored_and_slow, slow_and_not_stored, stored_and_cut], ids=lambda each: each.__name__)
async def test_a_bot_that_is_killed_between_post_and_record_posts_once_on_each_platform(
    tmp_path: Path, places: Together, fault: Callable[[asyncio.Event], Fault]
) -> None:
    await with_news(tmp_path, BRIDGE)
    async with opened(tmp_path) as store:
        await store.pause_source("harbour", True)  # its address leads nowhere
    await subscribed(tmp_path, *(due(channel) for channel in places.channels.values()))
    gate = asyncio.Event()
    places.slack.next(fault(gate), of=POSTS["slack"])
    places.discord.next(fault(gate), to=POSTS["discord"])

    async with Bot(tmp_path, environ=places.environ) as bot:
        await places.slack.called("chat.postMessage")
        await places.discord.until(lambda: places.posts("discord"), "a post on Discord")
        await bot.stopped(signal.SIGKILL)
    assert await states(tmp_path) == {"sending": 2}
    await aged(tmp_path)
    async with Bot(tmp_path, environ=places.environ) as again:
        await again.said("delivery_posted", count=2)
        code, seconds = await again.stopped()

    for platform in PLATFORMS:
        (digest,) = places.shown(platform)
        assert "bridge of Asterby" in digest
    assert (code, seconds < 5) == (0, True), again.log
    assert await states(tmp_path) == {"sent": 2}


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("xoxb-1-wrong", ("connection_refused platform=slack", "SLACK_BOT_TOKEN", "https://api.slack.com/apps")),
        ("xapp-1-swapped", ("off what=slack:token", "SLACK_BOT_TOKEN", "https://api.slack.com/apps")),
    ],
    ids=["one that Slack refuses", "one that is none"],
)
async def test_a_wrong_token_of_slack_is_said_in_words_and_discord_goes_on(
    tmp_path: Path, places: Together, token: str, words: tuple[str, ...]
) -> None:
    await with_news(tmp_path, BRIDGE)
    await subscribed(tmp_path, due(places.channels["discord"]))
    environ = places.environ | {"SLACK_BOT_TOKEN": token}

    async with Bot(tmp_path, environ=environ) as bot:
        await bot.said(*words)
        await bot.said("connection_made platform=discord")
        await bot.said("delivery_posted", f"channel={places.channels['discord']}")
        await places.discord.until(lambda: places.discord.commands[""], "commands")
        answer = await places.discord.command(places.ann, places.guild["news"], "digest help")
        code, seconds = await bot.stopped()
    checked = await ran(tmp_path, "check", cwd=ROOT, **environ)

    assert places.discord.text(answer.answer)
    assert len(places.shown("discord")) == 1
    assert (code, seconds < 5) == (0, True), bot.log
    assert token not in bot.log + checked.out
    assert checked.code == 1
    assert any(line.startswith("wrong") and "SLACK_BOT_TOKEN" in line for line in checked.out.splitlines()), checked.out


async def test_a_wrong_token_of_discord_is_said_in_words_and_slack_goes_on(tmp_path: Path, places: Together) -> None:
    await with_news(tmp_path, BRIDGE)
    await subscribed(tmp_path, due(places.channels["slack"]))

    async with Bot(tmp_path, environ=places.environ | {"DISCORD_TOKEN": "not-the-token"}) as bot:
        await bot.said("connection_refused platform=discord", "DISCORD_TOKEN")
        await bot.said("delivery_posted", f"channel={places.channels['slack']}")
        await places.slack.connected()
        asked = await places.slack.command("U2", "C1", "/digest", "help")
        answer = await asked.answered()
        code, seconds = await bot.stopped()

    assert places.slack.words(answer)
    assert (code, seconds < 5) == (0, True), bot.log
    assert "not-the-token" not in bot.log


async def test_check_and_status_name_both_connections(tmp_path: Path, places: Together) -> None:
    checked = await ran(tmp_path, "check", cwd=ROOT, **places.environ)
    async with Bot(tmp_path, environ=places.environ) as bot:
        await places.connected()
        async with opened(tmp_path) as store, asyncio.timeout(30):
            while sum(each.state.connected for each in await store.beats.connections()) < 2:  # noqa: ASYNC110  (a database tells nobody)
                await asyncio.sleep(0.05)
        told = await ran(tmp_path, "status", cwd=ROOT, **places.environ)
        as_json = await ran(tmp_path, "status", "--json", cwd=ROOT, **places.environ)
        await bot.stopped()

    assert checked.code == 0, checked.out
    assert "ok     slack: The bot's token is good: @dateline" in checked.out
    assert "ok     slack: The app-level token is good" in checked.out
    assert "ok     discord: " in checked.out
    assert "Slack: connected as @dateline to " in told.out
    assert "Discord: connected as @dateline to 1 server since " in told.out
    assert sorted(each["platform"] for each in as_json.json["connections"]) == sorted(PLATFORMS)
