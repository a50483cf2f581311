"""The rounds of the running bot: what they do is told once, and what is wrong is told to whoever must mend it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import TargetGone, Unreachable
from bot.model import Channel, DeliveryState
from bot.rounds import Changes, Kept, Rounds
from bot.store import SqlStore, open_store
from tests.bot.newsdesk import DAY, EIGHT, NEWS, article, event, follow, mark, revise_articles, store_articles, subscription
from tests.bot.store.making import Clock
from tests.fakes import FakeAdapter, FakeFetcher, InlineReader, Serving

MINUTE = timedelta(minutes=1)
OPS = Channel.parse("slack:T1/OPS")


@pytest.fixture
def clock() -> Clock:
    return Clock(EIGHT)


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[SqlStore]:
    async with open_store(f"sqlite:///{tmp_path}/news.db", clock=clock) as opened:
        await follow(opened)
        await opened.ledger.add_subscription(subscription())
        clock.now = EIGHT - MINUTE
        await store_articles(opened, clock.now, event(0, clock.now))
        clock.now = EIGHT
        yield opened


def rounds_of(store: SqlStore, clock: Clock, adapter: FakeAdapter, notices: Channel | None = None) -> Rounds:
    return Rounds(
        store,
        store.ledger,
        store.beats,
        FakeFetcher({}),
        InlineReader(),
        Serving(adapter),
        "a",
        clock,
        asyncio.Event(),
        lambda articles: list(range(len(articles))),
        Kept(90 * DAY, 180 * DAY),
        lambda: 0.0,
        notices,
    )


def told(lines: io.StringIO, word: str) -> list[str]:
    return [line for line in lines.getvalue().splitlines() if f" {word} " in f" {line} "]


async def test_a_digest_goes_from_its_slot_to_the_platform(store: SqlStore, clock: Clock, lines: io.StringIO) -> None:
    adapter = FakeAdapter()
    rounds = rounds_of(store, clock, adapter)

    await rounds.publish(EIGHT)
    await rounds.deliver(EIGHT)
    await rounds.publish(EIGHT + MINUTE)

    (posted,) = adapter.posted
    assert mark(0) in posted.text
    assert "info run_composed subscription=news due=2024-10-14T08:00 number=1" in lines.getvalue()
    assert len(told(lines, "delivery_posted")) == 1
    assert await store.beats.ticked_at() == EIGHT + MINUTE


async def test_a_platform_that_is_down_is_told_with_when_it_is_tried_again(
    store: SqlStore, clock: Clock, lines: io.StringIO
) -> None:
    adapter = FakeAdapter()
    adapter.fail_next(Unreachable("No connection.", retry_after=60))
    rounds = rounds_of(store, clock, adapter)

    await rounds.publish(EIGHT)
    await rounds.deliver(EIGHT)
    clock.now = EIGHT + 2 * MINUTE
    await rounds.deliver(clock.now)

    (delayed,) = told(lines, "delivery_pending")
    assert 'words="No connection."' in delayed
    assert "again_at=2024-10-14T08:01:00" in delayed
    assert len(adapter.posted) == 1


async def test_a_bot_that_stops_begins_no_message_and_says_nothing_of_it(
    store: SqlStore, clock: Clock, lines: io.StringIO
) -> None:
    adapter = FakeAdapter()
    rounds = rounds_of(store, clock, adapter)
    await rounds.publish(EIGHT)
    lines.truncate(0)

    rounds.stop.set()
    await rounds.deliver(EIGHT)

    assert adapter.calls == 0
    assert "error" not in lines.getvalue()
    assert (await store.ledger.delivery_counts())[DeliveryState.PENDING] == 1


async def test_a_bot_that_is_stopped_between_two_parts_leaves_the_second_and_lets_the_channel_go(
    store: SqlStore, clock: Clock, lines: io.StringIO
) -> None:
    rounds = rounds_of(store, clock, FakeAdapter())

    class Stopping(FakeAdapter):
        async def post(self, *args, **kwargs):
            rounds.stop.set()
            return await super().post(*args, **kwargs)

    rounds.adapters = Serving(adapter := Stopping(items_per_message=1))
    clock.now = EIGHT - MINUTE
    await store_articles(store, clock.now, event(1, clock.now), event(2, clock.now))
    clock.now = EIGHT

    await rounds.publish(EIGHT)
    await rounds.deliver(EIGHT)

    assert len(adapter.posted) == 1
    assert (await store.ledger.delivery_counts())[DeliveryState.PENDING] >= 1
    assert await store.ledger.take_channel(NEWS, "b", EIGHT) is not None
    assert "bug" not in lines.getvalue()


async def test_an_alarm_is_told_once_here_and_in_the_operators_channel_and_once_that_it_is_over(
    store: SqlStore, clock: Clock, lines: io.StringIO
) -> None:
    adapter = FakeAdapter()
    adapter.fail_next(TargetGone("The channel is archived."))
    rounds = rounds_of(store, clock, adapter, OPS)

    await rounds.publish(EIGHT)
    await rounds.deliver(EIGHT)
    await rounds.watch(EIGHT)
    await rounds.deliver(EIGHT)
    restarted = rounds_of(store, clock, adapter, OPS)
    await restarted.watch(EIGHT)
    await restarted.deliver(EIGHT)
    await store.ledger.resume_subscription("news", EIGHT)
    await rounds.watch(EIGHT)

    assert len([line for line in told(lines, "alarm") if "alarm=refused" in line]) == 2  # once a process
    notices = [each.text for each in adapter.posted if each.channel == OPS]
    assert len(notices) == len(set(notices))
    assert any("News in slack:T1/C1 is paused: The channel is archived." in text for text in notices)
    assert any("alarm=refused" in line for line in told(lines, "alarm_over"))


async def test_a_channel_that_this_process_does_not_serve_is_told_once(
    store: SqlStore, clock: Clock, lines: io.StringIO
) -> None:
    rounds = rounds_of(store, clock, FakeAdapter())

    class Nowhere:
        def of(self, channel: Channel) -> FakeAdapter:
            raise TargetGone(f"{channel} is not served.")

    rounds.adapters = Nowhere()
    for minute in range(3):
        await rounds.publish(EIGHT + minute * MINUTE)

    assert len(told(lines, "channel_unserved")) == 1


async def test_a_source_that_fails_is_told_and_the_round_is_counted(store: SqlStore, clock: Clock, lines: io.StringIO) -> None:
    await rounds_of(store, clock, FakeAdapter()).collect(EIGHT + DAY)

    (failed,) = told(lines, "source_failed")
    assert "source=https://harbour.example/feed" in failed
    assert "collected asked=1 unchanged=0 new=0 changed=0 failed=1" in lines.getvalue()


async def test_what_is_old_is_forgotten(store: SqlStore, clock: Clock, lines: io.StringIO) -> None:
    rounds = rounds_of(store, clock, FakeAdapter())
    rounds.kept = Kept(DAY, DAY)

    await rounds.prune(EIGHT + 10 * DAY)

    assert "info pruned articles=1 messages=0" in lines.getvalue()


async def test_a_correction_is_one_line_of_the_log(store: SqlStore, clock: Clock, lines: io.StringIO) -> None:
    rounds = rounds_of(store, clock, FakeAdapter())
    await rounds.publish(EIGHT)
    await rounds.deliver(EIGHT)
    title = event(0).article.title
    await revise_articles(store, EIGHT, article("event 0", f"{title.replace('12', '21')}. Nobody expected it.", title=title))

    await rounds.correct(EIGHT)
    await rounds.correct(EIGHT)

    (line,) = told(lines, "corrected")
    assert 'posted="12 million pounds" now="21 million pounds" edits=1 lines=1' in line


async def test_a_bug_in_correcting_is_told_once_and_tried_again(store: SqlStore, clock: Clock, lines: io.StringIO) -> None:
    rounds = rounds_of(store, clock, FakeAdapter())
    await rounds.publish(EIGHT)
    title = event(0).article.title
    await revise_articles(store, EIGHT, article("event 0", f"{title.replace('12', '21')}. Nobody expected it.", title=title))

    class Broken(FakeAdapter):
        def render(self, digest):
            raise ZeroDivisionError

    rounds.adapters = Serving(Broken())
    await rounds.correct(EIGHT)
    await rounds.correct(EIGHT)
    rounds.adapters = Serving(FakeAdapter())
    await rounds.correct(EIGHT)

    assert len(told(lines, "bug")) == 1
    assert len(told(lines, "corrected")) == 1


def test_changes_are_what_is_new_and_what_is_gone():
    changes = Changes()

    assert changes.to([("a", ""), ("b", "")]) == ([("a", ""), ("b", "")], [])
    assert changes.to([("b", ""), ("c", "")]) == ([("c", "")], [("a", "")])
