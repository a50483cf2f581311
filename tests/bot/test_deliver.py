"""Delivering: every answer of a platform has one consequence, and nothing is sent again that may be there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.deliver import Delivered, deliver
from bot.errors import (
    AuthDead,
    DeliveryError,
    MessageGone,
    NotAllowed,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TargetGone,
    Unreachable,
)
from bot.model import Abilities, Channel, Delivery, DeliveryKind, DeliveryState, Payload, Receipt, RunState
from bot.ports import Adapter, Composed, Composition
from bot.steps import DELIVERING, around
from bot.store import SqlStore, open_store
from digests.model import Window
from tests.bot.newsdesk import DAY, EIGHT, NEWS, SPORT, slot, subscription
from tests.bot.store.making import Clock, new_database
from tests.fakes import FakeAdapter, Serving, Waits

MINUTE = timedelta(minutes=1)
ABLE = Abilities(edit=True, thread=True, look_up=True, ids=True)
WEBHOOK = Abilities()


class Post:
    """An outbox in a store with a clock, and the platform that it is delivered to."""

    def __init__(self, store: SqlStore, adapter: FakeAdapter) -> None:
        self.ledger, self.adapter, self.clock, self.waits = store.ledger, adapter, Clock(EIGHT), Waits()
        self.reached: list[str] = []

    async def digest(self, *texts: str, name: str = "news", channel: Channel = NEWS) -> None:
        await self.ledger.add_subscription(subscription(name, channel))
        run = await self.ledger.claim(name, slot(EIGHT), EIGHT, "a")
        assert run is not None
        payloads = tuple({"text": text, "controls": True} for text in texts)
        made = Composition(RunState.COMPOSED, Window(EIGHT - DAY, EIGHT), payloads, not_after=EIGHT + timedelta(hours=6))
        assert await self.ledger.compose(run, made, EIGHT) is Composed.DONE

    async def round(self, owner: str = "a", adapter: Adapter | None = None) -> Delivered:
        serving = Serving(adapter or self.adapter)
        return await deliver(self.ledger, serving, self.clock, owner, wait=self.waits, points=self.note)

    async def note(self, point: str) -> None:
        self.reached.append(point)

    async def later(self, span: timedelta, owner: str = "a") -> Delivered:
        self.clock.now += span
        return await self.round(owner)

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.adapter.posted]

    async def states(self) -> dict[str, DeliveryState]:
        return {each.payload["text"]: each.state for each in await self.ledger.deliveries()}


@pytest.fixture
def adapter() -> FakeAdapter:
    return FakeAdapter()


@pytest.fixture
async def post(tmp_path: Path, adapter: FakeAdapter) -> AsyncIterator[Post]:
    async with open_store(new_database(tmp_path / "news.db")) as store:
        yield Post(store, adapter)


async def test_parts_are_posted_in_order_under_the_first_and_a_second_apart(post: Post) -> None:
    await post.digest("one", "two", "three")

    delivered = await post.round()

    assert [(message.text, message.thread) for message in post.adapter.posted] == [
        ("one", None),
        ("two", "m1"),
        ("three", "m1"),
    ]
    assert [each.state for each in delivered.settled] == [DeliveryState.SENT] * 3
    assert [each.message_id for each in delivered.settled] == ["m1", "m2", "m3"]
    assert post.waits.seconds == [1.0] * 2  # between them
    assert (await post.round()).settled == ()


async def test_channels_go_side_by_side(post: Post) -> None:
    await post.digest("one")
    await post.digest("other", name="sport", channel=SPORT)
    both = asyncio.Barrier(2)

    class Meeting(FakeAdapter):
        async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
            await both.wait()  # neither comes back before the other has begun
            return await super().post(channel, payload, nonce=nonce, thread=thread)

    await post.round(adapter=Meeting())

    assert set((await post.states()).values()) == {DeliveryState.SENT}


async def test_a_channel_has_one_sender_at_a_time(post: Post) -> None:
    await post.digest("one")
    await post.ledger.take_channel(NEWS, "b", EIGHT)

    assert (await post.round("a")).settled == ()
    assert post.adapter.calls == 0


@pytest.mark.parametrize(
    ("error", "wait_s"),
    [
        (RateLimited("Too much.", retry_after=90.0), 90.0),
        (RateLimited("Too much.", retry_after=86_400.0), 3600.0),
        (RateLimited("Too much.", retry_after=0.0), 1.0),
        (RateLimited("Too much."), 30.0),
        (Unreachable("No connection."), 30.0),
    ],
    ids=["as asked", "an hour at most", "a second at least", "unasked", "unreachable"],
)
async def test_what_was_surely_not_delivered_is_sent_again_when_it_makes_sense(
    post: Post, error: DeliveryError, wait_s: float
) -> None:
    await post.digest("one")
    post.adapter.fail_next(error)

    [waits] = (await post.round()).settled
    early = await post.later(timedelta(seconds=wait_s - 0.5))
    await post.later(timedelta(seconds=0.5))

    assert (waits.state, waits.error, waits.not_before) == (
        DeliveryState.PENDING,
        str(error),
        EIGHT + timedelta(seconds=wait_s),
    )
    assert early.settled == ()
    assert post.texts == ["one"]


async def test_a_payload_that_is_refused_goes_in_its_plain_form_once(post: Post) -> None:
    await post.digest("one", "two")
    post.adapter.fail_next(Rejected("invalid_blocks"))

    await post.round()

    assert [(message.text, message.payload["controls"]) for message in post.adapter.posted] == [("one", False), ("two", True)]
    states = [each.state for each in await post.ledger.deliveries()]
    assert states == [DeliveryState.REPLACED, DeliveryState.SENT, DeliveryState.SENT]


async def test_a_plain_form_that_is_refused_too_failed(post: Post) -> None:
    await post.digest("one", "two")
    post.adapter.fail_next(Rejected("invalid_blocks"))
    post.adapter.fail_next(Rejected("no_text"))

    delivered = await post.round()

    assert post.texts == []
    assert [(each.state, each.error) for each in delivered.settled] == [
        (DeliveryState.REPLACED, "invalid_blocks"),
        (DeliveryState.FAILED, "no_text"),
    ]


@pytest.mark.parametrize("error", [TargetGone("It is archived."), NotAllowed("*Send Messages* is off.")])
async def test_a_place_that_takes_nothing_is_paused_with_the_reason(post: Post, error: DeliveryError) -> None:
    await post.digest("one", "two")
    await post.digest("other", name="sport", channel=SPORT)
    post.adapter.fail_next(error, channel=NEWS)

    delivered = await post.round()

    assert delivered.paused == ((NEWS, str(error)),)
    assert post.texts == ["other"]
    assert [(each.active, each.reason) for each in await post.ledger.subscriptions()] == [(False, str(error)), (True, "")]
    assert (await post.states())["one"] is DeliveryState.FAILED


async def test_a_dead_token_stops_its_space(post: Post) -> None:
    await post.digest("one")
    post.adapter.fail_next(AuthDead("The token is revoked."))

    delivered = await post.round()

    assert delivered.stopped == ((NEWS, "The token is revoked."),)
    assert [each.active for each in await post.ledger.subscriptions()] == [False]


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "lost"])
async def test_a_message_without_an_answer_is_looked_up_after_a_minute(post: Post, stored: bool) -> None:
    await post.digest("one", "two")
    post.adapter.fail_next(OutcomeUnknown("No answer."), stored=stored)

    await post.round()
    at_once = (await post.states(), list(post.texts))
    await post.later(MINUTE * 0.9)
    calls = post.adapter.calls
    await post.later(MINUTE * 0.1)

    assert at_once == (
        {"one": DeliveryState.SENDING, "two": DeliveryState.PENDING},
        ["one"] if stored else [],
    )
    assert calls == 1
    assert post.texts == ["one", "two"]
    assert [message.thread for message in post.adapter.posted] == [None, "m1"]


async def test_a_message_that_nobody_can_look_up_is_left_to_a_person(post: Post) -> None:
    post.adapter.abilities = WEBHOOK
    await post.digest("one", "two")
    post.adapter.fail_next(OutcomeUnknown("The connection broke."), stored=True)
    await post.round()

    [left] = (await post.later(MINUTE)).settled
    await post.later(DAY)

    assert (left.state, left.error) == (DeliveryState.UNCONFIRMED, "The connection broke.")
    assert post.texts == ["one"]
    assert await post.ledger.resend(left.id, post.clock.now)
    await post.round()
    assert post.texts == ["one", "one", "two"]


class Blind(FakeAdapter):
    """Can look up, but comes to nothing for now."""

    error: DeliveryError = OutcomeUnknown("History can't be read.")

    async def look_up(
        self, channel: Channel, nonce: str, *, since: object, number: int | None, thread: str | None = None
    ) -> Receipt | None:
        self.calls += 1
        raise self.error


@pytest.mark.parametrize("error", [OutcomeUnknown("History can't be read."), NotAllowed("*Read History* is off.")])
async def test_a_look_up_that_comes_to_nothing_ends_with_a_person(post: Post, error: DeliveryError) -> None:
    post.adapter = blind = Blind()
    blind.error = error
    await post.digest("one")
    blind.fail_next(OutcomeUnknown("No answer."), stored=True)
    await post.round()

    for _ in range(10):
        await post.later(2 * MINUTE)

    assert await post.states() == {"one": DeliveryState.UNCONFIRMED}
    assert blind.calls <= 6
    assert post.texts == ["one"]


async def test_a_platform_that_is_down_leaves_a_message_in_doubt_until_it_is_back(post: Post) -> None:
    blind = Blind()
    blind.error = Unreachable("No connection.")
    await post.digest("one")
    post.adapter.fail_next(OutcomeUnknown("No answer."), stored=True)
    await post.round()

    for _ in range(30):
        post.clock.now += 12 * MINUTE
        await post.round(adapter=blind)
    during = await post.states()
    await post.later(12 * MINUTE)

    assert during == {"one": DeliveryState.SENDING}
    assert await post.states() == {"one": DeliveryState.SENT}
    assert post.texts == ["one"]


async def test_a_bug_in_one_channel_stops_no_other_and_leaves_its_message_in_doubt(post: Post) -> None:
    class Buggy(FakeAdapter):
        async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
            if channel == NEWS:
                raise ZeroDivisionError
            return await super().post(channel, payload, nonce=nonce, thread=thread)

    await post.digest("one")
    await post.digest("other", name="sport", channel=SPORT)

    delivered = await post.round(adapter=Buggy())

    assert [type(bug) for bug in delivered.bugs] == [ZeroDivisionError]
    assert await post.states() == {"one": DeliveryState.SENDING, "other": DeliveryState.SENT}


async def test_a_channel_that_is_not_served_here_is_left_to_others(post: Post) -> None:
    await post.digest("one")

    delivered = await deliver(post.ledger, Serving(post.adapter, without=[NEWS]), post.clock, "a", wait=post.waits)

    assert delivered.unserved == ((NEWS, "slack:T1/C1 is not served here."),)
    assert await post.states() == {"one": DeliveryState.PENDING}


async def sent_digest(post: Post) -> Delivery:
    await post.digest("one")
    [sent] = (await post.round()).settled
    return sent


async def test_an_edit_changes_the_message_and_a_reply_goes_under_it(post: Post) -> None:
    sent = await sent_digest(post)
    await post.ledger.enqueue(NEWS, DeliveryKind.EDIT, {"text": "uno"}, "e1", EIGHT, concerns=sent.id)
    await post.ledger.enqueue(NEWS, DeliveryKind.REPLY, {"text": "It said one."}, "r1", EIGHT, concerns=sent.id)

    await post.round()

    assert [(message.text, message.thread) for message in post.adapter.posted] == [("uno", None), ("It said one.", "m1")]
    assert set((await post.states()).values()) == {DeliveryState.SENT}


async def test_an_edit_without_an_answer_is_simply_done_again(post: Post) -> None:
    sent = await sent_digest(post)
    await post.ledger.enqueue(NEWS, DeliveryKind.EDIT, {"text": "uno"}, "e1", EIGHT, concerns=sent.id)
    post.adapter.fail_next(OutcomeUnknown("No answer."))
    await post.round()

    await post.later(MINUTE)

    assert post.texts == ["uno"]


@pytest.mark.parametrize("kind", [DeliveryKind.EDIT, DeliveryKind.REPLY])
async def test_a_message_that_is_gone_is_not_posted_anew_and_is_no_failure(post: Post, kind: DeliveryKind) -> None:
    sent = await sent_digest(post)
    await post.ledger.enqueue(NEWS, kind, {"text": "uno"}, "e1", EIGHT, concerns=sent.id)
    post.adapter.fail_next(MessageGone("Somebody deleted it."))

    [over] = (await post.round()).settled

    assert (over.state, over.error) == (DeliveryState.REPLACED, "Somebody deleted it.")
    assert [each.active for each in await post.ledger.subscriptions()] == [True]
    assert post.texts == ["one"]


async def test_a_part_whose_thread_is_gone_has_failed(post: Post) -> None:
    await post.digest("one")
    post.adapter.fail_next(MessageGone("Somebody deleted the thread."))

    [failed] = (await post.round()).settled

    assert failed.state is DeliveryState.FAILED


@pytest.mark.parametrize("kind", [DeliveryKind.EDIT, DeliveryKind.REPLY])
async def test_a_message_that_a_person_found_without_its_name_is_neither_edited_nor_answered(
    post: Post, kind: DeliveryKind
) -> None:
    await post.digest("one")
    post.adapter.fail_next(OutcomeUnknown("No answer."))
    await post.round()
    [doubtful] = await post.ledger.deliveries()
    await post.ledger.settle(doubtful, DeliveryState.SENT, EIGHT)
    await post.ledger.enqueue(NEWS, kind, {"text": "uno"}, "e1", EIGHT, concerns=doubtful.id)

    [over] = (await post.round()).settled

    assert over.state is DeliveryState.REPLACED
    assert post.texts == []


async def test_a_cancelled_sender_leaves_its_message_in_doubt_and_its_channel_free(post: Post) -> None:
    started = asyncio.Event()

    class Hanging(FakeAdapter):
        async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
            started.set()
            await asyncio.Event().wait()
            raise AssertionError

    await post.digest("one")
    task = asyncio.create_task(post.round(adapter=Hanging()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await post.states() == {"one": DeliveryState.SENDING}
    assert await post.ledger.take_channel(NEWS, "b", EIGHT) is not None


async def test_every_step_of_delivering_is_named(post: Post) -> None:
    sent = await sent_digest(post)
    await post.ledger.enqueue(NEWS, DeliveryKind.EDIT, {"text": "uno"}, "e1", EIGHT, concerns=sent.id)
    await post.round()
    for error in (OutcomeUnknown("?"), Rejected("no"), TargetGone("gone")):
        post.adapter.fail_next(error)
        await post.ledger.enqueue(NEWS, DeliveryKind.POST, {"text": str(error)}, str(error), EIGHT)
        await post.round()
        await post.later(2 * MINUTE)

    assert set(post.reached) == set(around(DELIVERING))


class Asked(FakeAdapter):
    """Keeps what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[datetime, int | None]] = []

    async def look_up(
        self, channel: Channel, nonce: str, *, since: datetime, number: int | None, thread: str | None = None
    ) -> Receipt | None:
        self.asked.append((since, number))
        return await super().look_up(channel, nonce, since=since, number=number, thread=thread)


@pytest.mark.parametrize("set_back", [timedelta(), timedelta(hours=1)], ids=["as ever", "after the clock was set back"])
async def test_a_message_in_doubt_is_looked_for_from_its_making_or_sending_on_whichever_is_earlier(
    post: Post, set_back: timedelta
) -> None:
    post.adapter = asked = Asked()
    await post.digest("one")
    asked.fail_next(OutcomeUnknown("No answer."), stored=True)
    post.clock.now += 5 * MINUTE - set_back
    sent_at = post.clock.now

    await post.round()
    await post.later(MINUTE)

    assert asked.asked == [(min(sent_at, EIGHT), 1)]


async def test_a_sender_that_lost_its_channel_before_it_began_sends_nothing(post: Post) -> None:
    async def overtake(point: str) -> None:
        if point == "before begin":
            post.clock.now += MINUTE
            await post.ledger.take_channel(NEWS, "b", post.clock.now)

    await post.digest("one")
    delivered = await deliver(post.ledger, Serving(post.adapter), post.clock, "a", wait=post.waits, points=overtake)

    assert delivered.settled == ()
    assert post.adapter.calls == 0
    assert await post.states() == {"one": DeliveryState.PENDING}


async def test_a_call_that_takes_too_long_is_in_doubt_and_holds_nothing_up(post: Post) -> None:
    class Hanging(FakeAdapter):
        async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
            await super().post(channel, payload, nonce=nonce, thread=thread)
            await asyncio.Event().wait()
            raise AssertionError

    await post.digest("one")
    hanging = Serving(Hanging())
    async with asyncio.timeout(10):
        delivered = await deliver(post.ledger, hanging, post.clock, "a", wait=post.waits, timeout_s=0.01)

    [left] = delivered.settled
    assert (left.state, left.error) == (DeliveryState.SENDING, "No answer within 0.01 s.")


async def test_an_edit_in_doubt_is_done_again_also_where_nothing_can_be_looked_up(post: Post) -> None:
    sent = await sent_digest(post)
    post.adapter.abilities = Abilities(edit=True, ids=True)
    await post.ledger.enqueue(NEWS, DeliveryKind.EDIT, {"text": "uno"}, "e1", EIGHT, concerns=sent.id)
    post.adapter.fail_next(OutcomeUnknown("No answer."))
    await post.round()

    await post.later(MINUTE)
    await post.later(MINUTE)

    assert post.texts == ["uno"]
    assert set((await post.states()).values()) == {DeliveryState.SENT}
