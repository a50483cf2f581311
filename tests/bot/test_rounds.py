"""The rounds of the running bot: what they do is told once, and what is wrong is told to whoever must mend it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.alarms import Observed, Stuck, alarms
from bot.errors import RateLimited, Rejected, TargetGone, Unreachable
from bot.grouping import Grouping
from bot.model import Channel, DeliveryState, Fetched, Payload
from bot.polling import Health
from bot.ports import Poll
from bot.ports.connections import Connection, DoorState
from bot.ports.desk import House
from bot.rounds import Changes, Kept, Rounds
from bot.store import SqlStore, open_store
from bot.store.beats import SqlBeats
from digests.model import Digest
from tests.bot.newsdesk import DAY, EIGHT, NEWS, article, event, follow, mark, revise_articles, store_articles, subscription
from tests.bot.store.making import Clock, new_database
from tests.fakes import FakeAdapter, FakeFetcher, InlineReader, Serving

MINUTE = timedelta(minutes=1)
OPS = Channel.parse("slack:T1/OPS")
RSS = b"<rss version='2.0'><channel><title>Harbour</title></channel></rss>"


@pytest.fixture
def clock() -> Clock:
    return Clock(EIGHT)


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[SqlStore]:
    async with open_store(new_database(tmp_path / "news.db"), clock=clock) as opened:
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
        store.people,
        store.marks,
        FakeFetcher({}),
        InlineReader(),
        Serving(adapter),
        "a",
        clock,
        asyncio.Event(),
        Grouping(),
        Kept(90 * DAY, 180 * DAY, 30 * DAY),
        lambda: 0.0,
        notices,
        wait=no_wait,
    )


async def no_wait(stop: asyncio.Event, seconds: float) -> None:
    """Between two messages no time passes here."""


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
    assert "info run_composed subscription=news slot=2024-10-14T08:00 due=2024-10-14T08:00:00Z number=1" in lines.getvalue()
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


async def test_a_message_that_waits_for_the_same_reason_is_told_once_until_it_is_settled(
    store: SqlStore, clock: Clock, lines: io.StringIO
) -> None:
    adapter = FakeAdapter()
    for words in ("Down.", "Down.", "Down.", "Slow down.", "Slow down."):
        adapter.fail_next(Unreachable(words, retry_after=60))
    rounds = rounds_of(store, clock, adapter)
    await rounds.publish(EIGHT)
    for _ in range(6):
        await rounds.deliver(clock.now)
        clock.now += MINUTE

    assert ["Slow" in line for line in told(lines, "delivery_pending")] == [False, True]
    assert "attempt=6" in told(lines, "delivery_posted")[0]


async def test_a_platform_that_is_down_is_an_alarm_after_a_quarter_of_an_hour_until_it_is_back(
    store: SqlStore, clock: Clock, lines: io.StringIO
) -> None:
    adapter = FakeAdapter()
    for _ in range(17):
        adapter.fail_next(Unreachable("Down.", retry_after=60))
    rounds = rounds_of(store, clock, adapter)
    await rounds.publish(EIGHT)
    for minute in range(20):
        clock.now = EIGHT + minute * MINUTE
        await rounds.deliver(clock.now)
        await rounds.watch(clock.now)
        await rounds.publish(clock.now)
        if minute in (14, 15):
            lines.write(f"after {minute} minutes\n")

    words = [line.split()[1] for line in lines.getvalue().splitlines() if "stuck" in line or line.startswith("after")]
    assert words == ["14", "alarm", "15", "alarm_over"]


async def test_a_pause_that_the_platform_asked_for_is_no_alarm(store: SqlStore, clock: Clock, lines: io.StringIO) -> None:
    adapter = FakeAdapter()
    adapter.fail_next(RateLimited("Slow down.", retry_after=3_000))
    rounds = rounds_of(store, clock, adapter)
    await rounds.watch(EIGHT)
    await rounds.publish(EIGHT)
    await rounds.deliver(EIGHT)

    await rounds.watch(EIGHT + 20 * MINUTE)

    assert [line for line in told(lines, "alarm") if "stuck" in line] == []


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


@pytest.mark.parametrize("restarts", [False, True], ids=["one process", "ended while no bot ran"])
async def test_an_alarm_that_comes_back_on_one_day_is_told_again(
    store: SqlStore, clock: Clock, lines: io.StringIO, restarts: bool
) -> None:
    adapter = FakeAdapter()
    rounds = rounds_of(store, clock, adapter, OPS)
    for hours in range(2):
        at = clock.now = EIGHT + hours * 60 * MINUTE
        await store.ledger.pause_subscription("news", "The channel is archived.")
        await rounds.watch(at)
        await store.ledger.resume_subscription("news", at + MINUTE)
        rounds = rounds_of(store, clock, adapter, OPS) if restarts else rounds
        await rounds.watch(at + MINUTE)
        await rounds.deliver(at + MINUTE)

    notices = [each.text for each in adapter.posted if each.channel == OPS]
    assert len([text for text in notices if text.startswith("News in slack:T1/C1 is paused")]) == 2
    assert len([text for text in notices if text.startswith("Over: News")]) == (0 if restarts else 2)


async def test_the_channel_for_notices_hears_that_an_alarm_is_over(store: SqlStore, clock: Clock, lines: io.StringIO) -> None:
    adapter = FakeAdapter()
    rounds = rounds_of(store, clock, adapter, OPS)
    [source] = await store.sources()
    failing = Health(next_poll_at=EIGHT, failures=12, failing_since=EIGHT - 8 * DAY, last_error="It answered 500.")
    for health in (failing, Health(next_poll_at=EIGHT, last_ok_at=EIGHT)):
        await store.record([Poll(source.source.id, health)])
        for _ in range(2):
            await rounds.watch(clock.now)
            await rounds.deliver(clock.now)

    begun, over = [each.text for each in adapter.posted if each.channel == OPS]
    assert begun.startswith("The Harbour Post failed 12 times")
    assert over == "Over: The Harbour Post failed 12 times since 6 Oct 08:00 UTC: It answered 500."
    assert "The Harbour Post failed 12 times" in "".join(told(lines, "alarm_over"))


def test_of_a_message_that_was_lost_nothing_is_told_when_its_time_is_over() -> None:
    lost = [Stuck("d-1", NEWS, EIGHT, "No.")]

    assert [each.ends_unsaid for each in alarms(Observed(failed=lost, unconfirmed=lost), EIGHT)] == [True, True]


async def test_the_channel_for_notices_hears_of_alarms_on_the_clocks_of_the_installation(
    store: SqlStore, clock: Clock, lines: io.StringIO
) -> None:
    adapter = FakeAdapter()
    rounds = rounds_of(store, clock, adapter, OPS)
    rounds.zone = "Europe/Berlin"
    failing = Health(next_poll_at=EIGHT, failures=12, failing_since=EIGHT - 8 * DAY, last_error="It answered 500.")
    [source] = await store.sources()
    await store.record([Poll(source.source.id, failing)])
    await rounds.watch(clock.now)
    await rounds.deliver(clock.now)

    assert any("failed 12 times since 6 Oct 10:00 CEST" in each.text for each in adapter.posted if each.channel == OPS)
    assert "failed 12 times since 6 Oct 08:00 UTC" in "".join(told(lines, "alarm")), "the log is in UTC"


async def test_a_platform_that_stays_down_is_an_alarm_however_often_it_is_tried(
    store: SqlStore, clock: Clock, lines: io.StringIO
) -> None:
    adapter = FakeAdapter()
    rounds = rounds_of(store, clock, adapter)
    await rounds.publish(clock.now)
    for _ in range(16):
        adapter.fail_next(Unreachable("No connection.", retry_after=60))
        await rounds.deliver(clock.now)
        await rounds.watch(clock.now)
        clock.now += MINUTE
    stuck = told(lines, "alarm")
    await rounds.deliver(clock.now)
    await rounds.watch(clock.now)

    (alarm,) = [line for line in stuck if "alarm=outbox_stuck" in line]
    assert "A message to slack:T1/C1 has waited to be sent since 14 Oct 08:00 UTC: No connection." in alarm
    assert any("alarm=outbox_stuck" in line for line in told(lines, "alarm_over"))


async def test_a_message_of_a_paused_subscription_waits_without_an_alarm(
    store: SqlStore, clock: Clock, lines: io.StringIO
) -> None:
    rounds = rounds_of(store, clock, FakeAdapter())
    await rounds.publish(clock.now)
    await store.ledger.pause_subscription("news")
    clock.now += DAY

    await rounds.watch(clock.now)

    assert not any("alarm=outbox_stuck" in line for line in told(lines, "alarm"))


async def test_a_part_that_is_held_back_by_an_earlier_one_is_told_of_by_that_one_alone(
    store: SqlStore, clock: Clock, lines: io.StringIO
) -> None:
    clock.now = EIGHT - MINUTE
    await store_articles(store, clock.now, event(1, clock.now))
    clock.now = EIGHT
    adapter = FakeAdapter(items_per_message=1)
    rounds = rounds_of(store, clock, adapter)
    for _ in ("as it is", "in its plain form"):
        adapter.fail_next(Rejected("invalid_blocks"))
    await rounds.publish(clock.now)
    await rounds.deliver(clock.now)
    clock.now += 20 * MINUTE

    await rounds.watch(clock.now)

    counts = await store.ledger.delivery_counts()
    assert (counts[DeliveryState.FAILED], counts[DeliveryState.PENDING] > 0) == (1, True)
    assert any("alarm=failed" in line for line in told(lines, "alarm"))
    assert not any("alarm=outbox_stuck" in line for line in told(lines, "alarm"))


async def test_a_digest_that_cannot_be_made_at_all_is_an_alarm_until_one_is_made(
    store: SqlStore, clock: Clock, lines: io.StringIO
) -> None:
    class Broken(FakeAdapter):
        def render(self, digest: Digest) -> list[Payload]:
            raise ZeroDivisionError

    rounds = rounds_of(store, clock, Broken())
    for _ in range(4):
        await rounds.publish(clock.now)
        clock.now += 3 * MINUTE
    await rounds.watch(clock.now)
    before = told(lines, "alarm")
    await rounds.publish(clock.now)
    await rounds.watch(clock.now)
    clock.now = EIGHT + DAY
    rounds.adapters = Serving(FakeAdapter())
    await rounds.publish(clock.now)
    await rounds.watch(clock.now)

    assert before == []
    (alarm,) = [line for line in told(lines, "alarm") if "alarm=run_failed about=news" in line]
    assert "could not be made: ZeroDivisionError while making it" in alarm
    assert any("alarm=run_failed" in line for line in told(lines, "alarm_over"))


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


async def test_right_before_a_digest_a_source_is_asked_before_its_turn(store: SqlStore, clock: Clock) -> None:
    [source] = await store.sources()
    tomorrow = EIGHT + DAY
    resting = Health(next_poll_at=tomorrow + DAY / 3, early_at=EIGHT, last_ok_at=EIGHT, last_polled_at=EIGHT)
    rounds = rounds_of(store, clock, FakeAdapter())
    rounds.fetcher = fetcher = FakeFetcher({source.source.address: Fetched(source.source.address, 200, RSS)})

    for before, asked in ((31 * MINUTE, 0), (29 * MINUTE, 1)):
        await store.record([Poll(source.source.id, resting)])
        await rounds.collect(tomorrow - before)
        assert sum(kind == "feed" for _, kind, _ in fetcher.asked) == asked


async def test_a_source_that_is_well_again_is_told_once(store: SqlStore, clock: Clock, lines: io.StringIO) -> None:
    [source] = await store.sources()
    await store.record([Poll(source.source.id, Health(next_poll_at=EIGHT, failures=4, failing_since=EIGHT - 4 * DAY))])
    rounds = rounds_of(store, clock, FakeAdapter())
    rounds.fetcher = FakeFetcher({source.source.address: Fetched(source.source.address, 200, RSS)})

    await rounds.collect(EIGHT + DAY)
    await rounds.collect(EIGHT + 3 * DAY)

    (well,) = told(lines, "source_well")
    assert "source=https://harbour.example/feed failures=4 since=2024-10-10T08:00:00Z" in well


async def test_what_is_old_is_forgotten(store: SqlStore, clock: Clock, lines: io.StringIO) -> None:
    rounds = rounds_of(store, clock, FakeAdapter())
    rounds.kept = Kept(DAY, DAY, 30 * DAY)

    await rounds.prune(EIGHT + 10 * DAY)

    assert "info pruned articles=1 messages=0" in lines.getvalue()


async def test_a_visit_is_remembered_as_long_as_what_was_posted(store: SqlStore, clock: Clock) -> None:
    rounds = rounds_of(store, clock, FakeAdapter())
    await store.people.visit("U1", NEWS, EIGHT)
    await store.people.visit("U2", NEWS, EIGHT + DAY)

    await rounds.prune(EIGHT + 181 * DAY)

    assert [await store.people.visited(person, NEWS) for person in ("U1", "U2")] == [None, EIGHT + DAY]


async def test_a_bot_that_begins_after_a_long_absence_says_nothing_of_what_it_will_make_up_for(
    store: SqlStore, clock: Clock, lines: io.StringIO
) -> None:
    await rounds_of(store, clock, FakeAdapter()).publish(EIGHT)  # its digest waits to be sent
    rounds = rounds_of(store, clock, FakeAdapter())

    await rounds.watch(EIGHT + DAY)
    at_first = told(lines, "alarm")
    await rounds.watch(EIGHT + DAY + 10 * MINUTE)

    assert at_first == []
    alarms = [line.split()[2] for line in told(lines, "alarm")]
    assert alarms == ["alarm=clock_stopped", "alarm=outbox_stuck", "alarm=nothing_collected"]


async def test_a_bot_says_at_its_first_tick_how_long_none_ran(store: SqlStore, clock: Clock, lines: io.StringIO) -> None:
    for now in (EIGHT, EIGHT + 12 * MINUTE, EIGHT + 24 * MINUTE):
        rounds = rounds_of(store, clock, FakeAdapter())
        await rounds.publish(now)
        await rounds.publish(now + 11 * MINUTE)  # a long tick is no absence

    assert [line.split(" words=")[0] for line in told(lines, "was_away")] == [
        "info was_away since=2024-10-14T08:11:00Z minutes=1",
        "info was_away since=2024-10-14T08:23:00Z minutes=1",
    ]


async def test_a_clock_that_is_set_back_is_said_once_and_nothing_is_posted_again(
    store: SqlStore, clock: Clock, lines: io.StringIO
) -> None:
    adapter = FakeAdapter()
    rounds = rounds_of(store, clock, adapter)
    for now in (EIGHT, EIGHT - DAY, EIGHT - DAY + MINUTE, EIGHT - MINUTE, EIGHT + MINUTE):
        clock.now = now
        await rounds.publish(now)
        await rounds.deliver(now)

    [said] = told(lines, "clock_back")
    assert "was=2024-10-14T08:00:00Z now=2024-10-13T08:00:00Z" in said
    assert len(adapter.posted) == 1


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


class Filling(SqlBeats):
    """What is known of a bot whose disk has so many MiB left; at none nothing can be written."""

    free = 100.0

    async def refused(self, now: datetime) -> str:
        return "" if self.free else "news.db cannot grow: the disk is full"

    def narrow(self) -> str:
        return f"Only {self.free} MiB are free" if self.free < 16 else ""


async def test_a_disk_that_was_nearly_full_and_is_full_is_not_over(store: SqlStore, clock: Clock, lines: io.StringIO) -> None:
    rounds = rounds_of(store, clock, FakeAdapter())
    rounds.beats = disk = Filling(store._database)

    for disk.free in (3.6, 0.0, 100.0):
        await rounds.watch(EIGHT)

    assert [line.split()[2] for line in told(lines, "alarm")] == ["alarm=store_narrow", "alarm=store_failing"]
    assert [line.split()[2] for line in told(lines, "alarm_over")] == ["alarm=store_failing"]


class Telling:
    """A door that tells what it is given, one word after the other."""

    name = "slack"

    def __init__(self, *states: DoorState) -> None:
        self._states = list(states)

    async def listen(self, house: House, now: Callable[[], datetime], stop: asyncio.Event) -> None:
        await stop.wait()

    def telling(self) -> DoorState:
        return self._states.pop(0)

    async def examine(self) -> list[tuple[bool, str]]:
        return []


async def test_how_a_connection_is_doing_is_kept_when_it_changes(store: SqlStore, clock: Clock) -> None:
    rounds = rounds_of(store, clock, FakeAdapter())
    broken, there = DoorState(False, "A token is wrong."), DoorState(True, "as @digest", EIGHT + MINUTE, "1 request")
    asked = replace(there, counts="2 requests")
    rounds.doors = [Telling(broken, there, there, asked)]

    kept = []
    for minute in range(4):
        await rounds.connections(EIGHT + minute * MINUTE)
        kept += await store.beats.connections()

    assert kept == [
        Connection("slack", broken, EIGHT),
        Connection("slack", there, EIGHT + MINUTE),
        Connection("slack", there, EIGHT + MINUTE),
        Connection("slack", asked, EIGHT + MINUTE),
    ]
