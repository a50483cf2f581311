"""A database that cannot be written just now: the bot says so and goes on trying, and its digest comes once, when it can."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event as events

from bot.deliver import deliver
from bot.errors import StoreError
from bot.publish import publish_due, publish_now
from bot.store import SqlStore, open_store
from tests.bot.newsdesk import EIGHT, NEWS, event, follow, mark, store_articles, subscription, told_to
from tests.bot.store.making import Clock
from tests.fakes import FakeAdapter, Serving, Waits
from tests.flows.living import BRIDGE, Bot, due, subscribed, with_news
from tests.servers.slack_webhook import SlackWebhook

MINUTE = timedelta(minutes=1)


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Another process writes the database, and does not let go before the end of the block."""
    with closing(sqlite3.connect(home / "dateline.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


@pytest.mark.slow
async def test_a_database_that_another_process_holds_is_said_and_the_digest_comes_when_it_lets_go(tmp_path: Path) -> None:
    await with_news(tmp_path, BRIDGE)
    await subscribed(tmp_path, due("webhook:news"))
    async with SlackWebhook() as slack, Bot(tmp_path, DATELINE_WEBHOOK_NEWS=slack.add("news")) as bot:
        with locked(tmp_path):
            await bot.said("part_failed", "part=publish", "is being written by another process", "again_in_s=")
            before = slack.shown("news")
        await bot.said("delivery_posted", "channel=webhook:news")
        await bot.stopped()

    assert before == []
    assert len(slack.shown("news")) == 1
    assert "Traceback" not in bot.log


@pytest.mark.slow
async def test_a_database_that_is_read_only_is_said_and_nothing_is_posted_from_it(tmp_path: Path) -> None:
    await with_news(tmp_path, BRIDGE)
    await subscribed(tmp_path, due("webhook:news"))
    read_only = f"sqlite:///file:{tmp_path / 'dateline.db'}?mode=ro&uri=true"
    async with SlackWebhook() as slack:
        address = slack.add("news")
        async with Bot(tmp_path, "--database", read_only, DATELINE_WEBHOOK_NEWS=address) as bot:
            await bot.said("part_failed", "part=publish", "it is read-only; give this user the right to write")
            await bot.stopped()
        before = slack.shown("news")
        async with Bot(tmp_path, DATELINE_WEBHOOK_NEWS=address) as again:
            await again.said("delivery_posted", "channel=webhook:news")
            await again.stopped()

    assert before == []
    assert len(slack.shown("news")) == 1
    assert "Traceback" not in bot.log


@pytest.mark.slow
async def test_two_bots_with_one_database_and_one_webhook_post_each_digest_once(tmp_path: Path) -> None:
    await with_news(tmp_path, BRIDGE)
    async with SlackWebhook() as slack:
        address = slack.add("news")
        await subscribed(tmp_path, due("webhook:news"))
        bots = [Bot(tmp_path, DATELINE_WEBHOOK_NEWS=address) for _ in range(2)]
        async with bots[0] as one, bots[1] as other:
            posted = [asyncio.create_task(bot.said("delivery_posted")) for bot in (one, other)]
            await asyncio.wait(posted, return_when=asyncio.FIRST_COMPLETED)
            for task in posted:
                task.cancel()
            await asyncio.gather(*posted, return_exceptions=True)
            await asyncio.gather(one.said("started"), other.said("started"))
            await asyncio.gather(one.stopped(), other.stopped())

    assert len(slack.shown("news")) == 1
    assert "error" not in one.log + other.log


@contextmanager
def full_disk(store: SqlStore) -> Iterator[None]:
    """The database cannot grow within the block."""
    engine = store._database.engine

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # as many as there are

    events.listen(engine, "connect", limit)
    yield
    events.remove(engine, "connect", limit)


async def test_a_disk_that_is_full_is_said_and_the_digest_comes_when_there_is_space(tmp_path: Path) -> None:
    clock, adapter = Clock(EIGHT - MINUTE), FakeAdapter()
    async with open_store(f"sqlite:///{tmp_path}/news.db", clock=clock) as store:
        await follow(store)
        await store.ledger.add_subscription(subscription())
        await store_articles(store, clock.now, *map(event, range(9)))
        clock.now = EIGHT
        store._database.engine.dispose()
        with full_disk(store):
            with pytest.raises(StoreError, match="the disk is full; free some space"):
                await publish_due(store.ledger, store, Serving(adapter), EIGHT, "bot")
            during = (await store.ledger.deliveries(), await told_to(store.ledger, NEWS), adapter.calls)
        store._database.engine.dispose()

        for _ in range(3):
            clock.now += 2 * MINUTE
            await publish_due(store.ledger, store, Serving(adapter), clock.now, "bot")
            await deliver(store.ledger, Serving(adapter), clock, "bot", wait=Waits())

    assert during == ([], [], 0)
    assert len(adapter.posted) == 1
    assert mark(0) in adapter.posted[0].text


async def test_a_digest_that_a_person_asked_for_and_that_met_a_full_disk_says_that_it_comes_by_itself(tmp_path: Path) -> None:
    clock, adapter = Clock(EIGHT - MINUTE), FakeAdapter()
    async with open_store(f"sqlite:///{tmp_path}/news.db", clock=clock) as store:
        await follow(store)
        await store.ledger.add_subscription(subscription())
        await store_articles(store, clock.now, *map(event, range(9)))
        clock.now = EIGHT - MINUTE / 2
        store._database.engine.dispose()
        with full_disk(store), pytest.raises(StoreError) as caught:
            await publish_now(store.ledger, store, Serving(adapter), "news", clock.now, "person")
        store._database.engine.dispose()
        begun = await store.ledger.runs()

        clock.now += 3 * MINUTE
        await publish_due(store.ledger, store, Serving(adapter), clock.now, "bot")
        await deliver(store.ledger, Serving(adapter), clock, "bot", wait=Waits())

    assert str(caught.value).startswith(
        "The digest was begun and is kept: the running bot (`dateline run`) posts it once it can"
    )
    assert "the disk is full; free some space" in str(caught.value)
    assert [run.key.startswith("now-") for run in begun] == [True]
    assert mark(0) in adapter.posted[0].text
