"""What every store promises to know of the running bot, and to forget of its ledger, whatever database it stands on."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event as events

from bot.deliver import deliver
from bot.model import DeliveryState, RunState
from bot.ports import Composition
from bot.ports.connections import DoorState
from bot.publish import publish_due
from bot.store import SqlStore, migrate, open_store
from digests.model import Window
from tests.bot.newsdesk import DAY, EIGHT, NEWS, event, follow, shown_to, slot, store_articles, subscription, told_to
from tests.bot.store.making import Clock
from tests.fakes import FakeAdapter, Serving

MINUTE = timedelta(minutes=1)
EVER = Window(None, EIGHT + 1_000 * DAY)


@pytest.fixture
def clock() -> Clock:
    return Clock(EIGHT - MINUTE)


@pytest.fixture
async def store(database: str, clock: Clock) -> AsyncIterator[SqlStore]:
    if database.startswith("postgres"):
        await migrate(database)
    async with open_store(database, clock=clock) as opened:
        await follow(opened)
        await opened.ledger.add_subscription(subscription())
        yield opened


async def a_day(store: SqlStore, clock: Clock, number: int, *, send: bool = True) -> None:
    """An article arrives at night and is in the digest of the morning, which is sent."""
    morning = EIGHT + number * DAY
    clock.now = morning - MINUTE
    await store_articles(store, clock.now, event(number, clock.now))
    clock.now = morning
    await publish_due(store.ledger, store, Serving(FakeAdapter()), morning, "a")
    if send:
        await deliver(store.ledger, Serving(FakeAdapter()), clock, "a", wait=nothing)


async def nothing(_: float) -> None:
    """No time passes."""


async def test_the_last_tick_of_any_process_is_known(store: SqlStore) -> None:
    assert await store.beats.ticked_at() is None

    await store.beats.beat("one", EIGHT)
    await store.beats.beat("other", EIGHT + MINUTE)

    assert await store.beats.ticked_at() == EIGHT + MINUTE


async def test_a_bot_has_stopped_once_the_last_process_whose_clock_ticked_ended_in_order(store: SqlStore) -> None:
    await store.beats.beat("one", EIGHT)
    await store.beats.beat("other", EIGHT)
    await store.beats.stop("one", EIGHT + MINUTE)
    other_runs = await store.beats.stopped()

    await store.beats.stop("other", EIGHT + 2 * MINUTE)
    ended = await store.beats.stopped(), await store.beats.ticked_at()
    await store.beats.beat("next", EIGHT + 3 * MINUTE)

    assert (other_runs, ended) == (False, (True, EIGHT + 2 * MINUTE))
    assert not await store.beats.stopped()


async def test_how_a_platform_was_doing_that_is_not_used_any_more_is_forgotten(store: SqlStore) -> None:
    for platform in ("discord", "slack"):
        await store.beats.connection(platform, DoorState(False, "make another token.", refused=True), EIGHT)

    await store.beats.disconnect("slack")

    assert [each.platform for each in await store.beats.connections()] == ["discord"]


async def test_whether_anything_can_be_written_is_found_out_by_trying(store: SqlStore) -> None:
    assert [await store.beats.refused(EIGHT + number * MINUTE) for number in range(2)] == ["", ""]
    engine = store._database.engine
    if engine.dialect.name != "sqlite":
        return

    def hinder(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    engine.dispose()
    events.listen(engine, "connect", hinder)

    assert "cannot be written" in await store.beats.refused(EIGHT + DAY)

    events.remove(engine, "connect", hinder)
    engine.dispose()
    assert await store.beats.refused(EIGHT + DAY) == ""


async def test_old_messages_are_forgotten_and_nothing_is_posted_again(store: SqlStore, clock: Clock) -> None:
    for number in range(4):
        await a_day(store, clock, number)

    forgotten = await store.beats.forget_messages(EIGHT + 3 * DAY - MINUTE)

    assert forgotten == 3
    assert [run.due for run in await store.ledger.runs("news")] == [EIGHT + 3 * DAY]
    clock.now = EIGHT + 3 * DAY + MINUTE
    again = await publish_due(store.ledger, store, Serving(FakeAdapter()), clock.now, "a")
    assert again.runs == ()


async def test_the_last_run_stays_however_old_so_that_its_slot_is_not_due_again(store: SqlStore, clock: Clock) -> None:
    await a_day(store, clock, 0)

    await store.beats.forget_messages(EIGHT + 400 * DAY)

    assert [run.due for run in await store.ledger.runs("news")] == [EIGHT]
    assert (await publish_due(store.ledger, store, Serving(FakeAdapter()), EIGHT + MINUTE, "a")).runs == ()


async def test_the_last_run_stays_also_where_it_failed_so_that_its_slot_is_not_due_again(store: SqlStore, clock: Clock) -> None:
    await a_day(store, clock, 0)
    run = await store.ledger.claim("news", slot(EIGHT + DAY), EIGHT + DAY, "a")
    assert run is not None
    await store.ledger.abandon(run, "a bug", EIGHT + DAY, final=True)

    await store.beats.forget_messages(EIGHT + 400 * DAY)

    assert [each.due for each in await store.ledger.runs("news")] == [EIGHT + DAY, EIGHT]
    assert await store.ledger.claim("news", slot(EIGHT + DAY), EIGHT + DAY, "a") is None


async def test_an_extra_run_is_no_slot_so_that_the_one_before_it_stays(store: SqlStore, clock: Clock) -> None:
    await a_day(store, clock, 0)
    extra = await store.ledger.claim("news", None, EIGHT + MINUTE, "a")
    assert extra is not None
    await store.ledger.compose(extra, Composition(RunState.EMPTY, Window(EIGHT, EIGHT + MINUTE)), EIGHT + MINUTE)

    await store.beats.forget_messages(EIGHT + 400 * DAY)

    assert EIGHT in [each.due for each in await store.ledger.runs("news")]
    [found] = await store.ledger.subscriptions()
    assert found.last == slot(EIGHT)


@pytest.mark.parametrize("state", [DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNCONFIRMED])
async def test_a_message_that_is_not_settled_is_never_forgotten(store: SqlStore, clock: Clock, state: DeliveryState) -> None:
    await a_day(store, clock, 0, send=False)
    (waits,) = await store.ledger.deliveries(DeliveryState.PENDING)
    if state is not DeliveryState.PENDING:
        fence = await store.ledger.take_channel(NEWS, "a", EIGHT)
        assert fence is not None
        begun = await store.ledger.begin(waits, "a", fence, EIGHT)
        assert begun is not None
        await store.ledger.settle(begun, state, EIGHT)

    assert await store.beats.forget_messages(EIGHT + 400 * DAY) == 0
    assert [each.id for each in await store.ledger.deliveries(state)] == [waits.id]


async def test_a_message_that_is_not_settled_keeps_its_digest(store: SqlStore, clock: Clock) -> None:
    await a_day(store, clock, 0, send=False)
    (waits,) = await store.ledger.deliveries()
    fence = await store.ledger.take_channel(NEWS, "a", EIGHT)
    assert fence is not None
    begun = await store.ledger.begin(waits, "a", fence, EIGHT)
    assert begun is not None
    await store.ledger.settle(begun, DeliveryState.UNCONFIRMED, EIGHT)
    await store.ledger.release_channel(NEWS, "a", fence, EIGHT)
    await a_day(store, clock, 1)
    await a_day(store, clock, 2)

    await store.beats.forget_messages(EIGHT + 400 * DAY)

    (left,) = await store.ledger.deliveries()
    assert (left.id, left.subscription, left.number) == (waits.id, "news", 1)
    assert [run.due for run in await store.ledger.runs("news")] == [EIGHT + 2 * DAY, EIGHT]


async def test_what_a_channel_was_sent_is_known_as_long_as_its_articles_are(store: SqlStore, clock: Clock) -> None:
    await a_day(store, clock, 0)
    sent = event(0).article.id
    assert await shown_to(store.ledger, NEWS, [sent]) == {sent}

    await store.beats.forget_messages(EIGHT + 400 * DAY)
    still = await shown_to(store.ledger, NEWS, [sent])
    await store.prune(EIGHT + 300 * DAY)
    await store.beats.forget_messages(EIGHT + 400 * DAY)

    assert still == {sent}
    assert await shown_to(store.ledger, NEWS, [sent]) == set()


async def test_what_a_channel_was_told_of_a_story_that_lives_is_kept(store: SqlStore, clock: Clock) -> None:
    await a_day(store, clock, 0)
    await a_day(store, clock, 1)
    stories = {fact.story for fact in await told_to(store.ledger, NEWS)}
    living = event(1).article.id
    later: datetime = EIGHT + 400 * DAY
    await store.assign_stories({living: f"s-{living[:8]}"}, later)

    await store.beats.forget_messages(EIGHT + 300 * DAY)

    assert len(stories) == 2
    assert {fact.story for fact in await told_to(store.ledger, NEWS)} == {f"s-{living[:8]}"}


async def test_an_old_article_stays_while_its_story_takes_in_new_ones(store: SqlStore, clock: Clock) -> None:
    for number, story in enumerate(("s-lives", "s-over")):
        await store_articles(store, EIGHT, event(number), stories={event(number).article.id: story})
    clock.now = EIGHT + 200 * DAY
    await store_articles(store, clock.now, event(2), stories={event(2).article.id: "s-lives"})

    forgotten = await store.prune(EIGHT + 100 * DAY)

    assert forgotten == 1
    assert await kept(store) == {event(0).article.id, event(2).article.id}


@pytest.mark.parametrize("state", [DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNCONFIRMED])
async def test_what_a_message_that_is_not_settled_tells_of_is_kept(store: SqlStore, clock: Clock, state: DeliveryState) -> None:
    await a_day(store, clock, 0)
    await a_day(store, clock, 1, send=False)
    if state is not DeliveryState.PENDING:
        (waits,) = await store.ledger.deliveries(DeliveryState.PENDING)
        fence = await store.ledger.take_channel(NEWS, "a", EIGHT + DAY)
        assert fence is not None
        begun = await store.ledger.begin(waits, "a", fence, EIGHT + DAY)
        assert begun is not None
        await store.ledger.settle(begun, state, EIGHT + DAY)
    unsent = event(1).article.id

    await store.prune(EIGHT + 400 * DAY)
    await store.beats.forget_messages(EIGHT + 400 * DAY)

    assert await kept(store) == {unsent}
    assert await shown_to(store.ledger, NEWS, [event(0).article.id, unsent]) == {unsent}
    assert {fact.article for fact in await told_to(store.ledger, NEWS)} == {unsent}


async def kept(store: SqlStore) -> set[str]:
    return {each.understood.article.id for each in await store.articles_between(EVER, by="stored")}
