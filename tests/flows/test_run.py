"""The whole bot as its own process, seen from the platform: each digest once, whatever happens on the way."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digests.model import Source
from tests.bot.cli.running import BOMB
from tests.flows.living import BRIDGE, Bot, aged, due, opened, subscribed, with_news
from tests.servers.chat import Chat
from tests.servers.faults import cut, held
from tests.servers.slack_webhook import SlackWebhook
from tests.servers.web import Web

pytestmark = pytest.mark.slow


async def states(home: Path) -> dict[str, int]:
    """How many messages are in which state."""
    async with opened(home) as store:
        return {state.value: number for state, number in (await store.ledger.delivery_counts()).items() if number}


@asynccontextmanager
async def opened_at_last() -> AsyncIterator[asyncio.Event]:
    """A gate that is open at the end, so that the platform can close."""
    gate = asyncio.Event()
    try:
        yield gate
    finally:
        gate.set()


async def ticked(home: Path, bot: Bot, times: int = 2) -> None:
    """Wait until the clock of the bot ticked again, several times over."""
    async with opened(home) as store, asyncio.timeout(30):
        first = await store.beats.ticked_at()
        while True:
            now = await store.beats.ticked_at()
            if now and first and now - first >= timedelta(seconds=times - 0.5):
                return
            first = first or now
            assert bot.process.returncode is None, bot.log
            await asyncio.sleep(0.05)


async def test_a_slot_that_falls_due_is_posted_exactly_once_also_over_a_restart(tmp_path: Path) -> None:
    await with_news(tmp_path, BRIDGE)
    async with SlackWebhook() as slack:
        address = slack.add("news")
        await subscribed(tmp_path, due("webhook:news"))
        async with Bot(tmp_path, DATELINE_WEBHOOK_NEWS=address) as bot:
            await bot.said("delivery_posted", "channel=webhook:news")
            await ticked(tmp_path, bot)
            code, seconds = await bot.stopped()
        async with opened(tmp_path) as store:
            seen_as_stopped = await store.beats.stopped()
        async with Bot(tmp_path, DATELINE_WEBHOOK_NEWS=address) as again:
            await ticked(tmp_path, again)
            await again.stopped()

    (shown,) = slack.shown("news")
    assert "bridge of Asterby" in shown
    assert "Aurelia" not in shown  # it was there before we came
    assert (code, seconds < 5) == (0, True), bot.log
    assert seen_as_stopped
    assert " alarm " not in bot.log
    assert address not in bot.log
    assert "secret-of-news" not in bot.log
    assert await states(tmp_path) == {"sent": 1}


async def test_the_log_says_at_the_start_what_is_on_what_is_off_and_why(tmp_path: Path) -> None:
    async with Bot(tmp_path, DATELINE_WEBHOOK_OPS="https://example.org", DATELINE_RUN__NOTICES="webhook:ops") as bot:
        await bot.said("error off what=webhook:ops", "accepted: https://HOST/PATH")
        await bot.said("off what=notices", "webhook:ops is not served")
        await bot.said("off what=sources", "dateline sources add ADDRESS")
        await bot.said("off what=subscriptions", "dateline subscriptions add")
        await bot.said("on what=database", "dateline.db")
        await bot.stopped()
    async with Bot(tmp_path, "--only", "console") as quiet:
        await quiet.said("on what=console")
        await quiet.said("off what=webhook", "--only console")
        await quiet.stopped(signal.SIGINT)

    assert "started version=" in bot.log
    assert bot.process.returncode == 0
    assert quiet.process.returncode == 0


async def test_a_bot_that_is_told_to_stop_lets_a_message_finish_that_is_on_its_way(tmp_path: Path) -> None:
    await with_news(tmp_path, BRIDGE)
    async with SlackWebhook() as slack, opened_at_last() as gate:
        slack.next(held(gate))
        await subscribed(tmp_path, due("webhook:news"))
        async with Bot(tmp_path, DATELINE_WEBHOOK_NEWS=slack.add("news")) as bot:
            async with asyncio.timeout(30):
                await slack.received(1)
            stopping = asyncio.create_task(bot.stopped())
            await bot.said("stopping")
            gate.set()
            code, seconds = await stopping

    assert (code, seconds < 5) == (0, True), bot.log
    assert len(slack.shown("news")) == 1
    assert await states(tmp_path) == {"sent": 1}


async def test_a_bot_that_is_told_to_stop_ends_in_time_though_its_platform_does_not_answer(tmp_path: Path) -> None:
    await with_news(tmp_path, BRIDGE)
    async with SlackWebhook() as slack, opened_at_last() as gate:
        slack.next(held(gate))
        await subscribed(tmp_path, due("webhook:news"))
        async with Bot(tmp_path, DATELINE_WEBHOOK_NEWS=slack.add("news")) as bot:
            async with asyncio.timeout(30):
                await slack.received(1)
            code, seconds = await bot.stopped()

    assert (code, seconds < 5) == (0, True), bot.log
    assert set(await states(tmp_path)) <= {"sending", "unconfirmed"}  # in doubt: never sent again by itself


@pytest.mark.parametrize("stored", [False, True], ids=["before the platform stored it", "after"])
async def test_a_bot_that_is_killed_while_it_posts_posts_once_or_says_that_it_does_not_know(
    tmp_path: Path, stored: bool
) -> None:
    await with_news(tmp_path, BRIDGE)
    async with SlackWebhook() as slack, opened_at_last() as gate:
        address = slack.add("news")
        slack.next(held(gate) if not stored else cut(stored=True))
        await subscribed(tmp_path, due("webhook:news"))
        async with Bot(tmp_path, DATELINE_WEBHOOK_NEWS=address) as bot:
            async with asyncio.timeout(30):
                await slack.received(1)
            await bot.stopped(signal.SIGKILL)
        await aged(tmp_path)
        async with Bot(tmp_path, DATELINE_WEBHOOK_NEWS=address) as again:
            await again.said("delivery_unconfirmed", "channel=webhook:news")
            await again.said("alarm=unconfirmed")
            await again.stopped()

    assert len(slack.shown("news")) <= 1
    assert await states(tmp_path) == {"unconfirmed": 1}


@pytest.mark.parametrize("stored", [False, True], ids=["before the platform stored it", "after"])
async def test_a_bot_that_is_killed_while_it_posts_asks_a_platform_that_can_be_asked_and_posts_once(
    tmp_path: Path, stored: bool
) -> None:
    await with_news(tmp_path, BRIDGE)
    async with Chat() as chat:
        chat.next(cut(stored=stored))
        await subscribed(tmp_path, due("slack:T1/C1"))
        start = ["tests.flows.start", "--chat", chat.origin]
        async with Bot(tmp_path, program=start) as bot:
            async with asyncio.timeout(30):
                await chat.received(1)
            await bot.stopped(signal.SIGKILL)
        await aged(tmp_path)
        async with Bot(tmp_path, program=start) as again:
            await again.said("delivery_posted", "channel=slack:T1/C1", f"attempt={1 if stored else 2}")
            await ticked(tmp_path, again)
            await again.stopped()

    assert len(chat.shown("T1/C1")) == 1
    assert chat.look_ups == 1
    assert await states(tmp_path) == {"sent": 1}


async def test_a_platform_that_is_down_for_a_while_gets_its_digest_once_when_it_is_back(tmp_path: Path) -> None:
    await with_news(tmp_path, BRIDGE)
    async with SlackWebhook() as slack:
        address = slack.add("news")
        await slack.stop()
        await subscribed(tmp_path, due("webhook:news"))
        async with Bot(tmp_path, DATELINE_WEBHOOK_NEWS=address) as bot:
            await bot.said("delivery_pending", "can't be reached", "again_at=")
            await bot.stopped()
    assert await states(tmp_path) == {"pending": 1}
    await aged(tmp_path)
    async with SlackWebhook() as back, Bot(tmp_path, DATELINE_WEBHOOK_NEWS=back.add("news")) as bot:
        await bot.said("delivery_posted", "attempt=2")
        await ticked(tmp_path, bot)
        await bot.stopped()

    assert len(back.shown("news")) == 1
    assert await states(tmp_path) == {"sent": 1}


async def test_one_channel_that_is_gone_does_not_hold_up_another(tmp_path: Path) -> None:
    await with_news(tmp_path, BRIDGE)
    async with SlackWebhook() as slack:
        news, gone = slack.add("news"), slack.add("gone")
        slack.becomes("gone", 404, "no_service")
        await subscribed(tmp_path, due("webhook:gone"), due("webhook:news"))
        async with Bot(tmp_path, DATELINE_WEBHOOK_NEWS=news, DATELINE_WEBHOOK_GONE=gone) as bot:
            await bot.said("delivery_posted", "channel=webhook:news")
            await bot.said("channel_paused", "channel=webhook:gone")
            await bot.said("alarm=refused", "dateline subscriptions resume world-gone")
            await bot.stopped()

    assert len(slack.shown("news")) == 1
    assert slack.shown("gone") == []


async def test_sources_that_fail_hold_up_no_digest_and_are_not_asked_again_because_of_a_restart(tmp_path: Path) -> None:
    await with_news(tmp_path, BRIDGE)
    async with SlackWebhook() as slack, Web() as web:
        web.serve("/broken", b"<html>down</html>", status=500)
        web.serve("/bomb", BOMB, content_type="application/rss+xml")
        async with opened(tmp_path) as store:
            for name in ("broken", "bomb"):
                await store.add_source(Source(name, "feed", web.url(f"/{name}"), name), now=datetime.now(UTC))
        await subscribed(tmp_path, due("webhook:news"))
        address = slack.add("news")
        async with Bot(tmp_path, allow=[web.peer], DATELINE_WEBHOOK_NEWS=address) as bot:
            await bot.said("source_failed", count=2)
            await bot.said("delivery_posted")
            await bot.stopped()
        async with Bot(tmp_path, allow=[web.peer], DATELINE_WEBHOOK_NEWS=address) as again:
            await ticked(tmp_path, again)
            await again.stopped()

    assert sorted(seen.path for seen in web.seen) == ["/bomb", "/broken"]
    assert len(slack.shown("news")) == 1
