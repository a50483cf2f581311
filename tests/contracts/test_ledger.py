"""What every ledger promises, whatever database it stands on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.model import Channel, Delivery, DeliveryKind, DeliveryState, Fact, Receipt, Run, RunState, Space
from bot.polling import Health
from bot.ports import Composed, Composition, Heard, Poll, SentArticle
from bot.store import SqlStore, migrate, open_store
from bot.store.ledger import SqlLedger
from digests.model import EventDate, Window
from digests.stories import story_id
from tests.bot.newsdesk import (
    DAY,
    EIGHT,
    MONDAY,
    NEWS,
    SPORT,
    article,
    follow,
    shown_to,
    slot,
    store_articles,
    subscription,
    told_to,
)
from tests.bot.store.making import HARBOUR, Clock

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WINDOW = Window(EIGHT - DAY, EIGHT)


@pytest.fixture
def clock() -> Clock:
    return Clock(EIGHT)


@pytest.fixture
async def store(database: str, clock: Clock) -> AsyncIterator[SqlStore]:
    if database.startswith("postgres"):
        await migrate(database)
    async with open_store(database, clock=clock) as opened:
        yield opened


@pytest.fixture
async def ledger(store: SqlStore) -> SqlLedger:
    await store.ledger.add_subscription(subscription())
    return store.ledger


def composed(
    *texts: str,
    window: Window = WINDOW,
    articles: tuple[str, ...] = ("a1",),
    not_after: datetime | None = EIGHT + timedelta(hours=6),
) -> Composition:
    sent = tuple(SentArticle(each, 0, "s-1") for each in articles)
    told = tuple(Fact("s-1", f"{each} is news", EventDate.of_report(EIGHT.date()), each, 0, 9, EIGHT) for each in articles)
    payloads = tuple({"text": text} for text in texts or ("one",))
    return Composition(RunState.COMPOSED, window, payloads, sent, told, not_after)


async def claimed(ledger: SqlLedger, due: datetime = EIGHT, *, owner: str = "a", name: str = "news") -> Run:
    run = await ledger.claim(name, slot(due), due, owner)
    assert run is not None
    return run


async def posted(ledger: SqlLedger, *texts: str, name: str = "news") -> list[Delivery]:
    """A digest of several messages in the outbox, in order."""
    run = await claimed(ledger, name=name)
    assert await ledger.compose(run, composed(*texts, articles=(name,)), EIGHT) is Composed.DONE
    return await ledger.deliveries(run=run.id)


async def begun(ledger: SqlLedger, now: datetime = EIGHT, owner: str = "a", channel: Channel = NEWS) -> Delivery:
    fence = await ledger.take_channel(channel, owner, now)
    waits = await ledger.next_delivery(channel, now)
    assert fence is not None
    assert waits is not None
    sending = await ledger.begin(waits, owner, fence, now)
    assert sending is not None
    return sending


async def test_a_subscription_comes_back_as_it_was_given(ledger: SqlLedger) -> None:
    given = subscription("sport", SPORT, at=(7, 19), topic='football "cup final"')

    assert await ledger.add_subscription(given)
    assert not await ledger.add_subscription(replace(given, title="Another"))

    assert [each.subscription for each in await ledger.subscriptions()] == [subscription(), given]
    found = await ledger.subscription("sport")
    assert found is not None
    assert found.subscription == given
    assert found.active
    assert await ledger.subscription("none") is None


async def test_an_edited_subscription_keeps_its_pause(ledger: SqlLedger) -> None:
    await ledger.pause_subscription("news", "gone")

    assert await ledger.change_subscription(replace(subscription(), title="World"))
    assert not await ledger.change_subscription(subscription("none"))

    [found] = await ledger.subscriptions()
    assert (found.subscription.title, found.subscription.paused, found.reason, found.active) == ("World", True, "gone", False)


async def test_a_resumed_subscription_counts_from_then_on(ledger: SqlLedger) -> None:
    await ledger.pause_subscription("news", "The channel is archived.")
    await ledger.pause_subscription("news", "Another reason.")
    [paused] = await ledger.subscriptions()

    assert await ledger.resume_subscription("news", EIGHT)

    [resumed] = await ledger.subscriptions()
    assert paused.reason == "The channel is archived."
    assert (resumed.subscription.paused, resumed.reason, resumed.subscription.counts_from) == (False, "", EIGHT)
    assert not await ledger.pause_subscription("none")
    assert not await ledger.resume_subscription("none", EIGHT)


async def test_a_slot_is_claimed_once(ledger: SqlLedger) -> None:
    first = await ledger.claim("news", slot(EIGHT), EIGHT, "a")
    second = await ledger.claim("news", slot(EIGHT), EIGHT, "b")

    assert first is not None
    assert second is None
    assert (first.state, first.number, first.previous_end, first.late) == (RunState.CLAIMED, 1, None, False)
    [found] = await ledger.subscriptions()
    assert found.last == slot(EIGHT)
    assert found.last_run == first


async def test_what_the_runs_came_to_is_told_day_by_day(ledger: SqlLedger) -> None:
    await ledger.add_subscription(subscription("sport", SPORT))
    due = [EIGHT - 3 * DAY, EIGHT - 2 * DAY, EIGHT - DAY, EIGHT - DAY + 60 * MINUTE, EIGHT]
    for at, state in zip(due, [RunState.COMPOSED] * 4 + [RunState.EMPTY], strict=True):
        made = replace(composed(articles=()), state=state, payloads=())
        assert await ledger.compose(await claimed(ledger, at), made, at) is Composed.DONE
    failed = await claimed(ledger, EIGHT + DAY)
    await ledger.abandon(failed, "a bug", EIGHT + DAY, final=True)
    by_hand = await ledger.claim("news", None, EIGHT + DAY, "a")
    assert by_hand is not None
    await ledger.compose(by_hand, replace(composed(articles=()), state=RunState.EMPTY), EIGHT + DAY)

    heard = await ledger.heard(2)

    assert heard == {"news": Heard((EIGHT - 2 * DAY, EIGHT - DAY + 60 * MINUTE), EIGHT)}


async def test_nothing_was_found_only_since_the_last_news(ledger: SqlLedger) -> None:
    for at, state in ((EIGHT - DAY, RunState.EMPTY), (EIGHT, RunState.COMPOSED)):
        made = replace(composed(articles=()), state=state, payloads=())
        assert await ledger.compose(await claimed(ledger, at), made, at) is Composed.DONE

    assert await ledger.heard(2) == {"news": Heard((EIGHT,), None)}


async def test_numbers_count_the_digests_of_a_channel(ledger: SqlLedger) -> None:
    await ledger.add_subscription(subscription("more"))
    await ledger.add_subscription(subscription("sport", SPORT))

    assert (await claimed(ledger)).number == 1
    assert (await claimed(ledger, name="more")).number == 2
    assert (await claimed(ledger, name="sport")).number == 1


async def test_a_window_begins_where_the_last_closed_one_ended(ledger: SqlLedger) -> None:
    await ledger.compose(await claimed(ledger), replace(composed(), payloads=()), EIGHT)
    failed = await claimed(ledger, EIGHT + DAY)
    await ledger.abandon(failed, "a bug", EIGHT + DAY, final=True)

    following = await claimed(ledger, EIGHT + 2 * DAY)

    assert following.previous_end == EIGHT
    assert (following.late, following.missed) == (True, 1)
    assert [run.state for run in await ledger.runs("news")] == [RunState.CLAIMED, RunState.FAILED, RunState.COMPOSED]


async def test_an_extra_run_is_none_of_the_schedule(ledger: SqlLedger) -> None:
    extra = await ledger.claim("news", None, EIGHT - MINUTE, "a")

    assert extra is not None
    assert extra.key.startswith("now-")
    [found] = await ledger.subscriptions()
    assert found.last is None
    assert found.last_run == extra


async def test_a_claim_is_taken_over_when_its_owner_does_not_finish(ledger: SqlLedger) -> None:
    run = await claimed(ledger)
    early = await ledger.unfinished(EIGHT + MINUTE)
    [left] = await ledger.unfinished(EIGHT + 3 * MINUTE)

    taken = await ledger.take_over(left, EIGHT + 3 * MINUTE, "b")

    assert early == []
    assert taken is not None
    assert (taken.owner, taken.fence, taken.number) == ("b", 2, run.number)
    assert await ledger.take_over(left, EIGHT + 3 * MINUTE, "c") is None
    assert await ledger.compose(run, composed(), EIGHT) is Composed.LOST
    assert not await ledger.abandon(run, "late", EIGHT, final=True)
    assert await ledger.compose(taken, composed(), EIGHT) is Composed.DONE
    assert len(await ledger.deliveries()) == 1


async def test_a_claim_from_before_the_clock_was_set_back_is_no_stale_lock(ledger: SqlLedger) -> None:
    await claimed(ledger)

    assert len(await ledger.unfinished(EIGHT - DAY)) == 1


async def test_a_composition_is_recorded_whole(ledger: SqlLedger) -> None:
    run = await claimed(ledger)

    await ledger.compose(run, composed("one", "two", articles=("a1", "a2")), EIGHT)

    first, second = await ledger.deliveries(run=run.id)
    assert [(each.part, each.payload, each.state, each.number) for each in (first, second)] == [
        (1, {"text": "one"}, DeliveryState.PENDING, 1),
        (2, {"text": "two"}, DeliveryState.PENDING, 1),
    ]
    assert first.nonce != second.nonce
    assert len(first.nonce) <= 25
    assert await shown_to(ledger, NEWS, ["a1", "a2", "a3"]) == {"a1", "a2"}
    assert await shown_to(ledger, SPORT, ["a1"]) == set()
    assert [fact.text for fact in await told_to(ledger, NEWS)] == ["a1 is news", "a2 is news"]
    assert (await ledger.runs())[0].window == WINDOW


async def test_a_fact_comes_back_as_it_was_told(ledger: SqlLedger) -> None:
    run = await claimed(ledger)
    composition = composed()

    await ledger.compose(run, composition, EIGHT)

    [fact] = await told_to(ledger, NEWS)
    [message] = await ledger.deliveries()
    assert fact == replace(composition.facts[0], delivery=message.id)


async def test_two_digests_of_a_channel_cannot_take_the_same_article(ledger: SqlLedger) -> None:
    await ledger.add_subscription(subscription("more"))
    one, other = await claimed(ledger), await claimed(ledger, name="more")
    await ledger.compose(one, composed(), EIGHT)

    assert await ledger.compose(other, composed("x", articles=("a0", "a1")), EIGHT) is Composed.CROWDED

    assert await shown_to(ledger, NEWS, ["a0"]) == set()
    assert len(await ledger.deliveries()) == 1
    assert await ledger.compose(other, composed("x", articles=("a0",)), EIGHT) is Composed.DONE


async def test_a_digest_that_could_not_leave_in_time_is_made_anew(ledger: SqlLedger) -> None:
    run = await claimed(ledger)
    await ledger.compose(run, composed(), EIGHT)
    late = EIGHT + timedelta(hours=6)
    early = await ledger.unfinished(late - MINUTE)
    [left] = await ledger.unfinished(late)

    taken = await ledger.take_over(left, late, "b")

    assert early == []
    assert taken is not None
    assert (taken.id, taken.late, taken.number, taken.previous_end) == (run.id, True, 1, WINDOW.start)
    assert (await ledger.deliveries())[0].state is DeliveryState.REPLACED
    assert await shown_to(ledger, NEWS, ["a1"]) == set()
    assert await told_to(ledger, NEWS) == []
    assert await ledger.compose(taken, composed(), late) is Composed.DONE


async def test_what_was_said_of_an_attempt_is_no_word_on_the_next(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    await ledger.settle(await begun(ledger), DeliveryState.PENDING, EIGHT, error="Cannot be reached.")

    again = await begun(ledger, EIGHT + MINUTE)

    assert (again.state, again.attempts, again.error) == (DeliveryState.SENDING, 2, "")


async def test_a_message_that_is_withdrawn_says_so_and_not_what_its_platform_said_before(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    await ledger.settle(await begun(ledger), DeliveryState.PENDING, EIGHT, error="Cannot be reached.")

    await claimed(ledger, EIGHT + DAY)

    [withdrawn] = await ledger.deliveries()
    assert withdrawn.state is DeliveryState.REPLACED
    assert withdrawn.error == "It had not left yet; a newer digest goes in its place."


async def test_a_digest_that_left_in_part_is_not_made_anew(ledger: SqlLedger) -> None:
    await posted(ledger, "one", "two")
    await ledger.settle(await begun(ledger), DeliveryState.SENT, EIGHT, receipt=Receipt("m1"))
    late = EIGHT + timedelta(hours=7)

    assert await ledger.unfinished(late) == []
    waits = await ledger.next_delivery(NEWS, late)
    assert waits is not None
    assert waits.part == 2


async def test_a_stale_message_is_not_sent(ledger: SqlLedger) -> None:
    await posted(ledger, "one")

    assert await ledger.waiting(EIGHT + timedelta(hours=6)) == []


async def test_the_next_run_makes_up_for_one_whose_messages_could_not_leave(ledger: SqlLedger) -> None:
    await ledger.compose(await claimed(ledger), composed(not_after=None), EIGHT)
    second = composed("two", window=Window(EIGHT, EIGHT + DAY), articles=("a2",), not_after=EIGHT + 2 * DAY)
    await ledger.compose(await claimed(ledger, EIGHT + DAY), second, EIGHT)

    third = await claimed(ledger, EIGHT + DAY + timedelta(hours=1))

    states = [(run.state, run.missed) for run in await ledger.runs()]
    assert states == [(RunState.CLAIMED, 1), (RunState.SKIPPED, 0), (RunState.COMPOSED, 0)]
    assert third.previous_end == EIGHT
    assert await shown_to(ledger, NEWS, ["a1", "a2"]) == {"a1"}


async def test_a_window_that_came_to_nothing_is_owed_even_when_a_later_one_is_closed(ledger: SqlLedger) -> None:
    before = replace(composed(articles=()), window=Window(EIGHT - 2 * DAY, EIGHT - DAY), payloads=())
    await ledger.compose(await claimed(ledger, EIGHT - DAY), before, EIGHT - DAY)
    first = await claimed(ledger)
    await ledger.compose(first, replace(composed(), window=Window(EIGHT - DAY, EIGHT)), EIGHT)
    sending = await begun(ledger)
    second = await claimed(ledger, EIGHT + DAY)
    await ledger.compose(second, replace(composed(), window=Window(EIGHT, EIGHT + DAY), payloads=(), articles=()), EIGHT + DAY)

    await ledger.settle(sending, DeliveryState.PENDING, EIGHT + DAY)

    [left] = await ledger.unfinished(EIGHT + DAY)
    anew = await ledger.take_over(left, EIGHT + DAY, "b")
    assert anew is not None
    assert anew.previous_end == EIGHT - DAY
    third, fourth = await claimed(ledger, EIGHT + 2 * DAY), await claimed(ledger, EIGHT + 3 * DAY)
    assert [third.previous_end, fourth.previous_end] == [EIGHT - DAY, EIGHT - DAY]


async def test_messages_go_in_order_and_one_at_a_time(ledger: SqlLedger) -> None:
    await posted(ledger, "one", "two")
    sending = await begun(ledger)
    while_sending = await ledger.next_delivery(NEWS, EIGHT)

    await ledger.settle(sending, DeliveryState.SENT, EIGHT, receipt=Receipt("m1"))

    second = await ledger.next_delivery(NEWS, EIGHT)
    assert sending.part == 1
    assert while_sending is None
    assert second is not None
    assert (second.part, second.thread) == (2, "m1")


async def test_deliveries_are_counted_by_space(ledger: SqlLedger) -> None:
    for number, channel in enumerate(("slack:T1/C1", "slack:T1/C2", "slack:T12/C1", "webhook:t1")):
        payload = {"text": channel}
        assert await ledger.enqueue(Channel.parse(channel), DeliveryKind.POST, payload, f"key {number}", EIGHT)

    counted = {
        str(space): (await ledger.delivery_counts(space))[DeliveryState.PENDING]
        for space in (Space("slack", "T1"), Space("slack", "T12"), Space("webhook", "t1"), Space("discord", "1"))
    }

    assert counted == {"slack:T1": 2, "slack:T12": 1, "webhook:t1": 1, "discord:1": 0}
    assert (await ledger.delivery_counts())[DeliveryState.PENDING] == 4


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.UNCONFIRMED])
async def test_a_part_that_did_not_arrive_holds_back_the_later_parts_of_its_own_digest(
    ledger: SqlLedger, state: DeliveryState
) -> None:
    await ledger.add_subscription(subscription("more"))
    await posted(ledger, "one", "two")
    await posted(ledger, "other", name="more")
    sending = await begun(ledger)

    await ledger.settle(sending, state, EIGHT, error="why")

    following = await ledger.next_delivery(NEWS, EIGHT)
    assert following is not None
    assert following.payload == {"text": "other"}
    assert (await ledger.deliveries(state))[0].error == "why"
    assert (await ledger.delivery_counts())[DeliveryState.PENDING] == 2
    assert await ledger.resend(sending.id, EIGHT)
    assert not await ledger.resend(sending.id, EIGHT)
    again = await ledger.next_delivery(NEWS, EIGHT)
    assert again is not None
    assert (again.id, again.nonce) == (sending.id, sending.nonce)


async def test_what_a_person_sends_again_is_sent_however_late_and_never_made_anew(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    sending = await begun(ledger)
    await ledger.settle(sending, DeliveryState.UNCONFIRMED, EIGHT)

    await ledger.resend(sending.id, EIGHT + DAY)

    assert await ledger.unfinished(EIGHT + DAY) == []
    await claimed(ledger, EIGHT + DAY)
    assert await ledger.next_delivery(NEWS, EIGHT + DAY) is not None


async def test_a_channel_waits_while_its_first_message_must(ledger: SqlLedger) -> None:
    await ledger.add_subscription(subscription("more"))
    await posted(ledger, "one")
    await posted(ledger, "other", name="more")
    await ledger.settle(await begun(ledger), DeliveryState.PENDING, EIGHT, not_before=EIGHT + MINUTE, error="too much")

    assert await ledger.next_delivery(NEWS, EIGHT) is None
    assert await ledger.waiting(EIGHT) == []
    assert await ledger.waiting(EIGHT + MINUTE) == [NEWS]


async def test_a_channel_has_one_sender(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    fence = await ledger.take_channel(NEWS, "a", EIGHT)
    assert fence is not None
    [waits] = await ledger.deliveries()

    assert await ledger.take_channel(NEWS, "b", EIGHT + MINUTE / 2) is None
    stolen = await ledger.take_channel(NEWS, "b", EIGHT + MINUTE)

    assert stolen is not None
    assert await ledger.begin(waits, "a", fence, EIGHT + MINUTE) is None
    assert await ledger.begin(waits, "b", stolen, EIGHT + MINUTE) is not None


async def test_a_channel_that_was_let_go_is_free_at_once(ledger: SqlLedger) -> None:
    fence = await ledger.take_channel(NEWS, "a", EIGHT)
    assert fence is not None

    await ledger.release_channel(NEWS, "b", fence, EIGHT)
    held = await ledger.take_channel(NEWS, "c", EIGHT)
    await ledger.release_channel(NEWS, "a", fence, EIGHT)

    assert held is None
    assert await ledger.take_channel(NEWS, "c", EIGHT) is not None


async def test_a_lease_from_before_the_clock_was_set_back_is_no_stale_lock(ledger: SqlLedger) -> None:
    await ledger.take_channel(NEWS, "a", EIGHT)

    assert await ledger.take_channel(NEWS, "b", EIGHT - DAY) is not None


async def test_a_message_is_in_doubt_after_a_minute_without_an_answer(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    sending = await begun(ledger)

    assert await ledger.waiting(EIGHT + MINUTE * 0.99) == []
    in_doubt = await begun(ledger, EIGHT + MINUTE, "b")

    assert (in_doubt.state, in_doubt.looks, in_doubt.attempts) == (DeliveryState.SENDING, 1, 1)
    assert in_doubt.sending_since == sending.sending_since
    assert not await ledger.settle(sending, DeliveryState.PENDING, EIGHT + MINUTE)
    assert await ledger.settle(in_doubt, DeliveryState.PENDING, EIGHT + MINUTE)


async def test_a_message_of_a_clock_that_was_set_back_is_in_doubt_a_minute_later(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    await begun(ledger)
    earlier = EIGHT - timedelta(hours=1)
    fence = await ledger.take_channel(NEWS, "b", earlier)
    waits = await ledger.next_delivery(NEWS, earlier)
    assert fence is not None
    assert waits is not None

    assert await ledger.begin(waits, "b", fence, earlier) is None

    assert await ledger.waiting(earlier + MINUTE * 0.99) == []
    assert await ledger.waiting(earlier + MINUTE) == [NEWS]


@pytest.mark.parametrize("meanwhile", [DeliveryState.PENDING, DeliveryState.UNCONFIRMED])
async def test_the_word_of_the_platform_holds_even_when_it_comes_late(ledger: SqlLedger, meanwhile: DeliveryState) -> None:
    await posted(ledger, "one")
    sending = await begun(ledger)
    await ledger.settle(await begun(ledger, EIGHT + MINUTE, "b"), meanwhile, EIGHT + MINUTE)

    assert await ledger.settle(sending, DeliveryState.SENT, EIGHT + 2 * MINUTE, receipt=Receipt("m1"))

    [message] = await ledger.deliveries()
    assert (message.state, message.message_id) == (DeliveryState.SENT, "m1")
    assert await ledger.waiting(EIGHT + DAY) == []


async def test_a_place_that_takes_nothing_pauses_the_subscriptions_of_its_channel(ledger: SqlLedger) -> None:
    await ledger.add_subscription(subscription("more"))
    await ledger.add_subscription(subscription("sport", SPORT))
    await posted(ledger, "one")
    await posted(ledger, "other", name="more")

    assert await ledger.refuse(await begun(ledger), "The channel is archived.", EIGHT, whole_space=False)

    assert [(each.active, each.reason) for each in await ledger.subscriptions()] == [
        (False, "The channel is archived."),
        (False, "The channel is archived."),
        (True, ""),
    ]
    assert await ledger.waiting(EIGHT) == []
    await ledger.resume_subscription("more", EIGHT)
    assert await ledger.waiting(EIGHT) == [NEWS]


async def test_a_dead_token_stops_its_whole_space_until_it_is_mended(ledger: SqlLedger) -> None:
    elsewhere = Channel.parse("slack:T2/C1")
    await ledger.add_subscription(subscription("sport", SPORT))
    await ledger.add_subscription(subscription("far", elsewhere))
    for name in ("news", "sport", "far"):
        await posted(ledger, "one", name=name)

    assert await ledger.refuse(await begun(ledger), "The token is revoked.", EIGHT, whole_space=True)

    assert [each.active for each in await ledger.subscriptions()] == [False, False, True]
    assert await ledger.stopped_spaces() == [("slack", "T1", "The token is revoked.")]
    assert await ledger.waiting(EIGHT) == [elsewhere]
    assert await ledger.start_space(Space.of(NEWS))
    assert not await ledger.start_space(Space.of(NEWS))
    assert await ledger.waiting(EIGHT) == [SPORT, elsewhere]


async def test_a_space_is_stopped_once_and_keeps_the_first_reason(ledger: SqlLedger) -> None:
    await ledger.add_subscription(subscription())

    assert await ledger.stop_space(Space.of(NEWS), "Removed.", EIGHT)
    assert not await ledger.stop_space(Space.of(NEWS), "Removed again.", EIGHT)

    assert await ledger.stopped_spaces() == [("slack", "T1", "Removed.")]
    assert [each.active for each in await ledger.subscriptions()] == [False]


async def test_a_channel_that_is_closed_pauses_its_subscriptions_with_the_reason(ledger: SqlLedger) -> None:
    await ledger.add_subscription(subscription())
    await ledger.add_subscription(subscription("sport", SPORT))

    assert await ledger.pause_channel(NEWS, "Archived.")
    assert not await ledger.pause_channel(Channel.parse("slack:T1/C9"), "Archived.")

    assert [(each.active, each.reason) for each in await ledger.subscriptions()] == [(False, "Archived."), (True, "")]


async def test_a_webhook_is_a_space_of_its_own(ledger: SqlLedger) -> None:
    one, other = Channel.parse("webhook:one"), Channel.parse("webhook:other")
    await ledger.add_subscription(subscription("one", one))
    await ledger.add_subscription(subscription("other", other))
    await posted(ledger, "one", name="one")

    await ledger.refuse(await begun(ledger, channel=one), "Revoked.", EIGHT, whole_space=True)

    assert [each.active for each in await ledger.subscriptions()] == [True, False, True]


async def test_the_plain_form_takes_the_place_of_what_was_refused(ledger: SqlLedger) -> None:
    await posted(ledger, "one", "two")
    sending = await begun(ledger)

    assert await ledger.replace(sending, [{"text": "o"}, {"text": "ne"}], "invalid_blocks", EIGHT)

    sent = []
    while await ledger.waiting(EIGHT):
        sent.append(await begun(ledger))
        await ledger.settle(sent[-1], DeliveryState.SENT, EIGHT, receipt=Receipt(sent[-1].payload["text"]))
    assert [(each.payload["text"], each.part, each.plain, each.thread) for each in sent] == [
        ("o", 1, True, None),
        ("ne", 1, True, "o"),
        ("two", 2, False, "o"),
    ]
    assert len({each.nonce for each in (*sent, sending)}) == 4


async def test_a_line_about_a_message_is_put_out_once_and_after_it(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    sending = await begun(ledger)
    line = {"text": "17, not 24"}

    first = await ledger.enqueue(NEWS, DeliveryKind.REPLY, line, "correction 1", EIGHT, concerns=sending.id)
    again = await ledger.enqueue(NEWS, DeliveryKind.REPLY, line, "correction 1", EIGHT, concerns=sending.id)
    before = await ledger.waiting(EIGHT)
    await ledger.settle(sending, DeliveryState.SENT, EIGHT, receipt=Receipt("m1"))
    reply = await ledger.next_delivery(NEWS, EIGHT)

    assert (first, again, before) == (True, False, [])
    assert reply is not None
    assert (reply.kind, reply.thread, reply.payload) == (DeliveryKind.REPLY, "m1", line)


async def test_a_removed_subscription_takes_its_messages_along_but_not_what_was_told(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    await begun(ledger)

    assert await ledger.remove_subscription("news")

    assert not await ledger.remove_subscription("news")
    assert await ledger.waiting(EIGHT) == []
    assert await ledger.runs() == []
    assert await shown_to(ledger, NEWS, ["news"]) == {"news"}


async def test_what_a_removed_subscription_had_not_sent_yet_its_channel_was_not_told(ledger: SqlLedger) -> None:
    await posted(ledger, "one", "two")

    await ledger.remove_subscription("news")

    assert await shown_to(ledger, NEWS, ["news"]) == set()
    assert await told_to(ledger, NEWS) == []


async def test_nothing_of_a_forgotten_space_is_left(ledger: SqlLedger) -> None:
    elsewhere = Channel.parse("slack:T10/C1")
    await ledger.add_subscription(subscription("far", elsewhere))
    await posted(ledger, "one")
    await posted(ledger, "one", name="far")

    assert await ledger.forget_space(Space.of(NEWS)) == 1

    assert [each.subscription.id for each in await ledger.subscriptions()] == ["far"]
    assert await shown_to(ledger, NEWS, ["news"]) == set()
    assert await told_to(ledger, NEWS) == []
    assert await shown_to(ledger, elsewhere, ["far"]) == {"far"}
    assert await ledger.waiting(EIGHT) == [elsewhere]


async def test_what_is_stored_never_falls_into_a_window_that_is_closed(
    store: SqlStore, ledger: SqlLedger, clock: Clock
) -> None:
    await follow(store)
    await claimed(ledger)
    clock.now = MONDAY

    await store_articles(store, clock.now, article("early", "The ferry sank on Sunday. Nobody was hurt."))

    [kept] = await store.articles_between(Window(EIGHT, EIGHT + DAY), by="stored")
    assert kept.stored_at == EIGHT


async def test_what_a_digest_is_made_of_is_what_was_stored_and_what_its_channel_knows_of_it(
    store: SqlStore, ledger: SqlLedger, clock: Clock
) -> None:
    await follow(store)
    ferry, tugs, old = (article(key, f"The {key} sank on Sunday. Nobody was hurt.") for key in ("ferry", "tugs", "old"))
    await store_articles(store, clock.now, old, backlog=True)
    await store_articles(store, clock.now, ferry, stories={ferry.article.id: "s-1"})
    clock.now += MINUTE
    await store_articles(store, clock.now, tugs, stories={tugs.article.id: "s-1"})
    run = await claimed(ledger)
    elsewhere = Fact("s-2", "Port Selene reopens", EventDate.of_report(EIGHT.date()), "gone", 0, 9, EIGHT)
    first = composed(articles=(ferry.article.id, "gone"))
    await ledger.compose(run, replace(first, facts=(*first.facts, elsewhere)), EIGHT)

    news = await store.news(NEWS, Window(EIGHT, EIGHT + HOUR), limit=10, sources={HARBOUR.id})
    newest = await store.news(SPORT, Window(EIGHT, EIGHT + HOUR), limit=1, sources={HARBOUR.id})

    assert [(each.understood.article.id, each.story) for each in news.articles] == [
        (tugs.article.id, "s-1"),
        (ferry.article.id, "s-1"),
    ]
    assert set(news.sent) == {ferry.article.id}
    assert [fact.text for fact in news.told] == [f"{ferry.article.id} is news", "gone is news"]
    assert [each.understood.article.id for each in newest.articles] == [tugs.article.id]
    assert (set(newest.sent), newest.told) == (set(), [])


async def test_from_before_its_window_a_digest_gets_only_what_is_of_stories_that_its_channel_was_told(
    store: SqlStore, ledger: SqlLedger, clock: Clock
) -> None:
    await follow(store)
    ferry, tugs, crane = (article(key, f"The {key} sank on Sunday. Nobody was hurt.") for key in ("ferry", "tugs", "crane"))
    for each, of in ((ferry, "s-1"), (tugs, "s-2"), (crane, "s-3")):
        await store_articles(store, clock.now, each, stories={each.article.id: of})
        clock.now += HOUR
    told = Fact("s-1", "It sank", EventDate.of_report(EIGHT.date()), "gone", 0, 7, EIGHT)
    await ledger.compose(await claimed(ledger), replace(composed(), facts=(told,)), EIGHT)
    window = Window(EIGHT + 2 * HOUR, EIGHT + 3 * HOUR)

    async def read(channel: Channel, back: timedelta, sources: set[str], limit: int = 10) -> list[str]:
        news = await store.news(channel, window, limit=limit, sources=sources, back=back)
        return [each.understood.article.id for each in news.articles]

    assert await read(NEWS, 2 * HOUR, {HARBOUR.id}) == [crane.article.id, ferry.article.id]
    assert await read(NEWS, HOUR, {HARBOUR.id}) == [crane.article.id]
    assert await read(NEWS, 2 * HOUR, {HARBOUR.id}, limit=1) == [crane.article.id]
    assert await read(SPORT, 2 * HOUR, {HARBOUR.id}) == [crane.article.id]
    assert await read(NEWS, 2 * HOUR, set()) == []


async def test_an_article_without_a_story_is_known_as_one_of_its_own(store: SqlStore, ledger: SqlLedger, clock: Clock) -> None:
    await follow(store)
    ferry = article("ferry", "The ferry sank on Sunday. Nobody was hurt.")
    await store.record([Poll(HARBOUR.id, Health(next_poll_at=clock.now), new=(("ferry", ferry),))])
    alone = Fact(story_id(ferry.article.id), "It sank", EventDate.of_report(EIGHT.date()), ferry.article.id, 0, 9, EIGHT)
    await ledger.compose(await claimed(ledger), replace(composed(), facts=(alone,)), EIGHT)

    news = await store.news(NEWS, Window(EIGHT, EIGHT + HOUR), limit=10, sources={HARBOUR.id})

    assert [each.story for each in news.articles] == [None]
    assert [fact.text for fact in news.told] == ["It sank"]


# One sender of a channel: the lease, and what only its holder may do


async def test_a_sender_whose_lease_ran_out_begins_nothing_even_when_nobody_took_it(ledger: SqlLedger) -> None:
    [waits] = await posted(ledger, "one")
    fence = await ledger.take_channel(NEWS, "a", EIGHT)
    assert fence is not None

    assert await ledger.begin(waits, "a", fence, EIGHT + MINUTE) is None
    assert await ledger.begin(waits, "a", fence, EIGHT + MINUTE * 0.99) is not None


async def test_a_message_is_begun_by_the_holder_of_the_lease_alone(ledger: SqlLedger) -> None:
    [waits] = await posted(ledger, "one")
    older = await ledger.take_channel(NEWS, "a", EIGHT)
    fence = await ledger.take_channel(NEWS, "a", EIGHT)
    assert older is not None
    assert fence is not None

    assert await ledger.begin(waits, "a", older, EIGHT) is None
    assert await ledger.begin(waits, "b", fence, EIGHT) is None
    assert await ledger.begin(waits, "a", fence, EIGHT) is not None


async def test_each_message_begun_holds_the_channel_for_another_minute(ledger: SqlLedger) -> None:
    [waits] = await posted(ledger, "one")
    fence = await ledger.take_channel(NEWS, "a", EIGHT)
    assert fence is not None

    await ledger.begin(waits, "a", fence, EIGHT + MINUTE * 0.9)

    assert await ledger.take_channel(NEWS, "b", EIGHT + MINUTE * 1.8) is None
    assert await ledger.take_channel(NEWS, "b", EIGHT + MINUTE * 1.9) is not None


async def test_an_older_lease_of_the_same_sender_does_not_let_the_channel_go(ledger: SqlLedger) -> None:
    older = await ledger.take_channel(NEWS, "a", EIGHT)
    assert older is not None
    await ledger.take_channel(NEWS, "a", EIGHT)

    await ledger.release_channel(NEWS, "a", older, EIGHT)

    assert await ledger.take_channel(NEWS, "b", EIGHT) is None


# Begun as it was seen, or not at all


async def sender(ledger: SqlLedger, owner: str, now: datetime) -> int:
    """The fence of a sender that took the channel."""
    fence = await ledger.take_channel(NEWS, owner, now)
    assert fence is not None
    return fence


async def test_a_message_that_another_began_meanwhile_is_not_begun_again(ledger: SqlLedger) -> None:
    [seen] = await posted(ledger, "one")
    await begun(ledger)
    fence = await sender(ledger, "b", EIGHT + MINUTE)

    assert await ledger.begin(seen, "b", fence, EIGHT + MINUTE) is None


async def test_a_message_that_was_tried_meanwhile_is_not_begun_as_if_it_were_new(ledger: SqlLedger) -> None:
    [seen] = await posted(ledger, "one")
    await ledger.settle(await begun(ledger), DeliveryState.PENDING, EIGHT)
    fence = await sender(ledger, "a", EIGHT)

    assert await ledger.begin(seen, "a", fence, EIGHT) is None
    assert (await begun(ledger)).attempts == 2


async def test_a_message_in_doubt_that_was_looked_up_meanwhile_is_not_looked_up_beside_it(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    await begun(ledger)
    seen = await ledger.next_delivery(NEWS, EIGHT + MINUTE)
    assert seen is not None
    looking = await begun(ledger, EIGHT + MINUTE)
    fence = await sender(ledger, "b", EIGHT + 2 * MINUTE)

    assert await ledger.begin(seen, "b", fence, EIGHT + 2 * MINUTE) is None
    assert await ledger.settle(looking, DeliveryState.PENDING, EIGHT + 2 * MINUTE)


async def test_a_message_that_is_settled_is_not_begun(ledger: SqlLedger) -> None:
    [seen] = await posted(ledger, "one")
    await ledger.settle(await begun(ledger), DeliveryState.SENT, EIGHT, receipt=Receipt("m1"))
    fence = await sender(ledger, "a", EIGHT)

    assert await ledger.begin(replace(seen, attempts=1), "a", fence, EIGHT) is None


async def test_each_attempt_is_looked_up_as_often_as_the_first_and_no_longer_waits(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    await begun(ledger)
    looking = await begun(ledger, EIGHT + MINUTE)
    await ledger.settle(looking, DeliveryState.PENDING, EIGHT + MINUTE, not_before=EIGHT + 2 * MINUTE)

    again = await begun(ledger, EIGHT + 2 * MINUTE)

    assert (looking.looks, again.looks, again.attempts, again.not_before) == (1, 0, 2, None)


# Settled by whoever began it, once


@pytest.mark.parametrize("other", [{"owner": "b"}, {"fence": 9}, {"looks": 1}, {"attempts": 2}], ids=str)
async def test_what_came_of_a_message_is_said_by_whoever_began_it_alone(ledger: SqlLedger, other: dict[str, Any]) -> None:
    await posted(ledger, "one")
    sending = await begun(ledger)

    assert not await ledger.settle(replace(sending, **other), DeliveryState.FAILED, EIGHT)
    assert not await ledger.replace(replace(sending, **other), [{"text": "o"}], "invalid_blocks", EIGHT)
    assert not await ledger.refuse(replace(sending, **other), "It is archived.", EIGHT, whole_space=False)
    assert [each.state for each in await ledger.deliveries()] == [DeliveryState.SENDING]
    assert [each.active for each in await ledger.subscriptions()] == [True]
    assert await ledger.settle(sending, DeliveryState.FAILED, EIGHT)


@pytest.mark.parametrize("over", [DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNCONFIRMED])
async def test_what_is_settled_is_not_settled_anew(ledger: SqlLedger, over: DeliveryState) -> None:
    await posted(ledger, "one")
    sending = await begun(ledger)
    await ledger.settle(sending, over, EIGHT)

    assert not await ledger.settle(sending, DeliveryState.PENDING, EIGHT)
    assert not await ledger.replace(sending, [{"text": "o"}], "invalid_blocks", EIGHT)
    assert await ledger.waiting(EIGHT + DAY) == []


async def test_a_late_yes_to_an_earlier_attempt_does_not_settle_the_one_on_its_way(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    first = await begun(ledger)
    await ledger.settle(await begun(ledger, EIGHT + MINUTE), DeliveryState.PENDING, EIGHT + MINUTE)
    second = await begun(ledger, EIGHT + MINUTE)

    assert not await ledger.settle(first, DeliveryState.SENT, EIGHT + MINUTE, receipt=Receipt("m1"))
    assert await ledger.settle(second, DeliveryState.SENT, EIGHT + MINUTE, receipt=Receipt("m2"))


async def test_a_late_yes_to_a_message_that_was_replaced_changes_nothing(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    sending = await begun(ledger)
    await ledger.settle(sending, DeliveryState.PENDING, EIGHT)
    late = EIGHT + timedelta(hours=6)
    [left] = await ledger.unfinished(late)
    await ledger.take_over(left, late, "b")

    assert not await ledger.settle(sending, DeliveryState.SENT, late, receipt=Receipt("m1"))
    assert [each.state for each in await ledger.deliveries()] == [DeliveryState.REPLACED]


@pytest.mark.parametrize("state", [DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT])
async def test_a_person_sends_again_only_what_failed_or_is_unconfirmed(ledger: SqlLedger, state: DeliveryState) -> None:
    await posted(ledger, "one")
    sending = await begun(ledger)
    await ledger.settle(sending, state, EIGHT, receipt=Receipt("m1") if state is DeliveryState.SENT else None)

    assert not await ledger.resend(sending.id, EIGHT)
    assert [each.state for each in await ledger.deliveries()] == [state]


# In order


async def test_the_digest_that_was_made_first_is_sent_whole_before_the_next(ledger: SqlLedger) -> None:
    await ledger.add_subscription(subscription("more"))
    await posted(ledger, "one", "two")
    await posted(ledger, "other", "another", name="more")

    sent = []
    while await ledger.waiting(EIGHT):
        sent.append(await begun(ledger))
        await ledger.settle(sent[-1], DeliveryState.SENT, EIGHT)

    assert [each.payload["text"] for each in sent] == ["one", "two", "other", "another"]


async def test_a_piece_of_a_plain_form_waits_for_the_one_before(ledger: SqlLedger) -> None:
    await posted(ledger, "one", "two")
    await ledger.replace(await begun(ledger), [{"text": "o"}, {"text": "ne"}], "invalid_blocks", EIGHT)

    await ledger.settle(await begun(ledger), DeliveryState.UNCONFIRMED, EIGHT)

    assert await ledger.waiting(EIGHT) == []


async def test_the_plain_form_tells_what_it_replaces_and_goes_stale_with_it(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    await ledger.replace(await begun(ledger), [{"text": "o"}], "invalid_blocks", EIGHT)

    waits = await ledger.next_delivery(NEWS, EIGHT)
    assert waits is not None
    assert [fact.delivery for fact in await told_to(ledger, NEWS)] == [waits.id]
    assert await ledger.waiting(EIGHT + timedelta(hours=6)) == []


async def test_the_plain_form_of_a_reply_goes_under_the_same_message(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    first = await begun(ledger)
    await ledger.settle(first, DeliveryState.SENT, EIGHT, receipt=Receipt("m1"))
    await ledger.enqueue(NEWS, DeliveryKind.REPLY, {"text": "17"}, "correction", EIGHT, concerns=first.id)

    await ledger.replace(await begun(ledger), [{"text": "seventeen"}], "invalid_blocks", EIGHT)

    plain = await ledger.next_delivery(NEWS, EIGHT)
    assert plain is not None
    assert (plain.kind, plain.thread, plain.payload) == (DeliveryKind.REPLY, "m1", {"text": "seventeen"})


@pytest.mark.parametrize("state", [DeliveryState.UNCONFIRMED, DeliveryState.FAILED])
async def test_a_line_about_a_message_that_is_not_there_waits_until_it_is(ledger: SqlLedger, state: DeliveryState) -> None:
    await posted(ledger, "one")
    about = await begun(ledger)
    await ledger.settle(about, state, EIGHT)

    await ledger.enqueue(NEWS, DeliveryKind.REPLY, {"text": "17"}, "correction", EIGHT, concerns=about.id)
    before = await ledger.waiting(EIGHT)
    await ledger.resend(about.id, EIGHT)
    await ledger.settle(await begun(ledger), DeliveryState.SENT, EIGHT, receipt=Receipt("m1"))

    waits = await ledger.next_delivery(NEWS, EIGHT)
    assert before == []
    assert waits is not None
    assert (waits.payload, waits.thread) == ({"text": "17"}, "m1")


async def test_a_pause_from_before_the_clock_was_set_back_does_not_last_a_day(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    await ledger.settle(await begun(ledger), DeliveryState.PENDING, EIGHT, not_before=EIGHT + MINUTE)

    assert await ledger.waiting(EIGHT - DAY) == [NEWS]


# A run is recorded by whoever has it, once


@pytest.mark.parametrize("other", [{"owner": "b"}, {"fence": 2}], ids=str)
async def test_a_run_is_recorded_by_whoever_has_it_alone(ledger: SqlLedger, other: dict[str, Any]) -> None:
    run = await claimed(ledger)

    assert await ledger.compose(replace(run, **other), composed(), EIGHT) is Composed.LOST

    assert await ledger.deliveries() == []
    assert await shown_to(ledger, NEWS, ["a1"]) == set()
    assert await told_to(ledger, NEWS) == []
    assert await ledger.compose(run, composed(), EIGHT) is Composed.DONE


async def test_a_run_is_recorded_once(ledger: SqlLedger) -> None:
    run = await claimed(ledger)
    await ledger.compose(run, composed(), EIGHT)

    assert await ledger.compose(run, composed(articles=("a2",)), EIGHT) is Composed.LOST
    assert not await ledger.abandon(run, "a bug", EIGHT, final=True)

    assert len(await ledger.deliveries()) == 1
    assert [each.state for each in await ledger.runs()] == [RunState.COMPOSED]


async def test_a_run_is_given_up_by_whoever_has_it_alone(ledger: SqlLedger) -> None:
    run = await claimed(ledger)
    [left] = await ledger.unfinished(EIGHT + 3 * MINUTE)
    taken = await ledger.take_over(left, EIGHT + 3 * MINUTE, "b")
    assert taken is not None

    assert not await ledger.abandon(run, "a bug", EIGHT, final=True)
    assert await ledger.abandon(taken, "a bug", EIGHT, final=True)


async def test_a_run_that_its_owner_finished_after_all_is_not_taken_over(ledger: SqlLedger) -> None:
    run = await claimed(ledger)
    [left] = await ledger.unfinished(EIGHT + 3 * MINUTE)
    await ledger.compose(run, composed(), EIGHT)

    assert await ledger.take_over(left, EIGHT + 3 * MINUTE, "b") is None
    assert [each.state for each in await ledger.runs()] == [RunState.COMPOSED]


async def test_a_digest_that_is_on_its_way_after_all_is_not_made_anew(ledger: SqlLedger) -> None:
    await posted(ledger, "one")
    late = EIGHT + timedelta(hours=6)
    [left] = await ledger.unfinished(late)
    await begun(ledger, late - MINUTE)

    assert await ledger.take_over(left, late, "b") is None
    assert [each.state for each in await ledger.deliveries()] == [DeliveryState.SENDING]
    assert await shown_to(ledger, NEWS, ["news"]) == {"news"}


async def test_an_article_of_another_channel_may_stand_here_too(ledger: SqlLedger) -> None:
    await ledger.add_subscription(subscription("sport", SPORT))
    await ledger.compose(await claimed(ledger), composed(), EIGHT)

    assert await ledger.compose(await claimed(ledger, name="sport"), composed(), EIGHT) is Composed.DONE
    assert [fact.text for fact in await told_to(ledger, SPORT)] == ["a1 is news"]


async def test_what_is_stored_never_falls_into_the_window_of_a_run_that_was_taken_over(
    store: SqlStore, ledger: SqlLedger, clock: Clock
) -> None:
    await follow(store)
    await claimed(ledger)
    [left] = await ledger.unfinished(EIGHT + 10 * MINUTE)
    await ledger.take_over(left, EIGHT + 10 * MINUTE, "b")
    clock.now = EIGHT + 5 * MINUTE

    await store_articles(store, clock.now, article("early", "The ferry sank on Sunday. Nobody was hurt."))

    [kept] = await store.articles_between(Window(EIGHT, EIGHT + DAY), by="stored")
    assert kept.stored_at == EIGHT + 10 * MINUTE
