"""However a schedule is edited, each article comes once: no window is repeated, and none is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.deliver import deliver
from bot.model import RunState
from bot.publish import publish_due
from bot.schedule import parse, rescheduled
from bot.store import SqlStore, open_store
from digests.model import Length
from tests.bot.newsdesk import DAY, event, follow, mark, store_articles, subscription
from tests.bot.store.making import Clock
from tests.fakes import FakeAdapter, Serving, Waits

HOUR = timedelta(hours=1)
TEN = datetime(2024, 10, 14, 10, tzinfo=UTC)  # a Monday, when the subscription is made


async def tick(store: SqlStore, clock: Clock, adapter: FakeAdapter) -> None:
    published = await publish_due(store.ledger, store, Serving(adapter), clock.now, "a")
    assert not published.bugs
    if published.runs:
        await deliver(store.ledger, Serving(adapter), lambda: clock.now, "a", wait=Waits())


async def edit(store: SqlStore, words: str, zone: str, now: datetime) -> None:
    found = await store.ledger.subscription("news")
    assert found is not None
    changed = rescheduled(found.subscription, parse(words, zone), now, last=found.last)
    assert await store.ledger.change_subscription(changed)


@pytest.mark.parametrize(
    ("edits", "keys"),
    [
        pytest.param(
            {},
            ["2024-10-15T08:00", "2024-10-16T08:00", "2024-10-17T08:00"],
            id="as it was made",
        ),
        pytest.param(
            {10: ("every 6h", "UTC"), 20: ("daily 08:00", "UTC")},
            ["2024-10-15T00:00", "2024-10-15T08:00", "2024-10-16T08:00", "2024-10-17T08:00"],
            id="before it ever ran",
        ),
        pytest.param(
            {21: ("daily 06:00", "UTC")},
            ["2024-10-15T06:00", "2024-10-16T06:00", "2024-10-17T06:00"],
            id="to an earlier time that the day has passed",
        ),
        pytest.param(
            {23: ("daily 20:00", "UTC")},
            ["2024-10-15T08:00", "2024-10-15T20:00", "2024-10-16T20:00"],
            id="to a later time after the day had its digest",
        ),
        pytest.param(
            {24: ("daily 08:00", "America/New_York"), 48: ("daily 08:00", "Asia/Tokyo")},
            ["2024-10-15T08:00", "2024-10-16T08:00", "2024-10-17T08:00"],
            id="from zone to zone",
        ),
        pytest.param(
            {23: ("thu 09:00", "UTC")},
            ["2024-10-15T08:00", "2024-10-17T09:00"],
            id="to fewer days",
        ),
    ],
)
async def test_an_edited_schedule_repeats_no_window_and_leaves_none_out(
    database: str, edits: dict[int, tuple[str, str]], keys: list[str]
) -> None:
    clock, adapter = Clock(TEN), FakeAdapter()
    async with open_store(database, clock=clock) as store:
        await follow(store)
        await store.ledger.add_subscription(replace(subscription(created_at=TEN), length=Length.FULL))
        stored = []
        for hour in range(1, 72):
            clock.now = TEN + hour * HOUR
            if hour in edits:
                await edit(store, *edits[hour], clock.now - timedelta(minutes=30))
            await tick(store, clock, adapter)
            if hour % 9 == 0:
                stored.append(hour)
                await store_articles(store, clock.now, event(hour, clock.now))
        clock.now += 8 * DAY
        await tick(store, clock, adapter)  # so that every article has had its digest
        runs = sorted(await store.ledger.runs("news", limit=100), key=lambda run: run.due)

    windows = [run.window for run in runs if run.window is not None]
    assert [run.key for run in runs][:-1] == keys
    assert {run.state for run in runs} <= {RunState.COMPOSED, RunState.EMPTY}
    assert windows[0].start is not None
    assert windows[0].start <= TEN
    assert [one.end for one, _ in pairwise(windows)] == [following.start for _, following in pairwise(windows)]
    shown = [message.text for message in adapter.posted]
    assert {hour: sum(mark(hour) in text for text in shown) for hour in stored} == dict.fromkeys(stored, 1)
