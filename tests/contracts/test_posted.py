"""What every ledger promises to know of what a channel was posted: whole digests, and what became of a story in them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.deliver import deliver
from bot.model import Channel, DeliveryKind, DeliveryState, Receipt, RunState
from bot.ports import About, Appearance, Composed, Composition, Stood
from bot.publish import publish_due
from bot.store import SqlStore, digest_codec, migrate, open_store
from bot.store.outbox import enqueue_about
from bot.store.tables import digest as kept_digest
from digests.catchup import catch_up
from digests.model import Also, Bullet, Citation, Digest, EventDate, LeftOut, StoryDigest, Unshown, Window
from digests.stories import Change, Happened
from tests.bot.newsdesk import DAY, EIGHT, NEWS, SPORT, article, event, follow, slot, store_articles, subscription
from tests.bot.store.making import NOON, Clock, poll, understood
from tests.build import NOBODY
from tests.fakes import FakeAdapter, Serving

MINUTE = timedelta(minutes=1)
EVER = EIGHT - 1_000 * DAY


@pytest.fixture
async def store(database: str) -> AsyncIterator[SqlStore]:
    if database.startswith("postgres"):
        await migrate(database)
    async with open_store(database, clock=Clock()) as opened:
        await opened.ledger.add_subscription(subscription())
        await opened.ledger.add_subscription(subscription("sport", SPORT))
        yield opened


def story(name: str) -> StoryDigest:
    told = article(name, f"The ferry of {name} sank.").article
    cited = Citation(told, 0, len(told.text))
    bullet = Bullet(told.text.rstrip("."), EventDate.of_report(told.published_day), NOBODY, (cited,))
    return StoryDigest(name, f"Ferry of {name}", told.url, (bullet,), cited=cited, articles=(told.id,))


def also(name: str) -> Also:
    cited = story(name).bullets[0].citations
    return Also(name, f"Ferry of {name}", None, EventDate.of_report(None), cited)


def left_out(kind: str, *names: str) -> LeftOut:
    return LeftOut(kind, len(names), (), tuple(Unshown(name, f"Ferry of {name}", None) for name in names))


def digest(
    number: int, stories: Sequence[str] = (), lines: Sequence[str] = (), capped: Sequence[str] = (), muted: Sequence[str] = ()
) -> Digest:
    gone = [left_out(kind, *names) for kind, names in (("capped", capped), ("headline", muted)) if names]
    window = Window(EIGHT - DAY, EIGHT)
    return Digest(
        "News",
        "UTC",
        window,
        EIGHT.date(),
        tuple(map(story, stories)),
        tuple(map(also, lines)),
        left_out=tuple(gone),
        number=number,
    )


async def compose(store: SqlStore, made: Digest | None, at: datetime, *payloads: str, name: str = "news") -> str:
    """Record a digest of so many messages; returns the id of its run."""
    run = await store.ledger.claim(name, slot(at), at, "a")
    assert run is not None
    assert made is None or made.number == run.number
    state = RunState.COMPOSED if made else RunState.EMPTY
    texts = tuple({"text": text} for text in payloads or ("one",))
    composition = Composition(state, Window(at - DAY, at), texts, digest=made)
    assert await store.ledger.compose(run, composition, at) is Composed.DONE
    return run.id


async def settle(store: SqlStore, channel: Channel, at: datetime, *states: DeliveryState) -> None:
    """What became of the next messages of a channel, a minute after each other."""
    for late, state in enumerate(states):
        now = at + late * MINUTE
        fence = await store.ledger.take_channel(channel, "a", now)
        waits = await store.ledger.next_delivery(channel, now)
        assert fence is not None
        assert waits is not None
        begun = await store.ledger.begin(waits, "a", fence, now)
        assert begun is not None
        receipt = Receipt(f"m{late}") if state is DeliveryState.SENT else None
        assert await store.ledger.settle(begun, state, now, receipt=receipt)


async def post(store: SqlStore, made: Digest, at: datetime, *, name: str = "news", channel: Channel = NEWS) -> None:
    await compose(store, made, at, name=name)
    await settle(store, channel, at, DeliveryState.SENT)


# Whole digests


async def test_the_digests_of_a_channel_come_oldest_first_and_as_they_were(store: SqlStore) -> None:
    made = [digest(number, [f"s-{number}"], [f"s-{number}x"], [f"s-{number}y"]) for number in (1, 2, 3)]
    for number, each in enumerate(made):
        await post(store, each, EIGHT + number * DAY)
    await post(store, digest(1, ["s-9"]), EIGHT, name="sport", channel=SPORT)

    found = await store.ledger.posted(NEWS, EVER)

    assert [(each.number, each.posted_at) for each in found] == [(1, EIGHT), (2, EIGHT + DAY), (3, EIGHT + 2 * DAY)]
    assert [[one.title for one in each.digest.stories] for each in found] == [[f"Ferry of s-{one}"] for one in (1, 2, 3)]
    assert [each.digest.left_out for each in found] == [each.left_out for each in made]
    assert [one.message_id for each in found for one in each.messages] == ["m0"] * 3


async def test_a_digest_that_this_version_cannot_read_hides_no_other(store: SqlStore) -> None:
    for number in (1, 2, 3):
        await post(store, digest(number, ["s-1"]), EIGHT + number * DAY)
    [_, second, _] = await store.ledger.posted(NEWS, EVER)
    line = digest_codec.encode(second.digest)
    spoilt = update(kept_digest).where(kept_digest.c.line == line).values(line=line.replace('"UTC"', '"Nowhere/Gone"'))
    await store.ledger._database.write(lambda connection: connection.execute(spoilt).rowcount)

    assert [each.number for each in await store.ledger.posted(NEWS, EVER)] == [1, 3]
    assert await store.ledger.posted_digest(NEWS, 2) is None
    assert [each.number for each in await store.ledger.appearances(NEWS, "s-1")] == [3, 1]


async def test_what_was_posted_at_the_instant_itself_counts_and_of_many_the_newest(store: SqlStore) -> None:
    for number in range(4):
        await post(store, digest(number + 1, [f"s-{number}"]), EIGHT + number * DAY)

    since = await store.ledger.posted(NEWS, EIGHT + DAY)
    later = await store.ledger.posted(NEWS, EIGHT + DAY + timedelta(microseconds=1))
    newest = await store.ledger.posted(NEWS, EVER, limit=2)

    assert [each.number for each in since] == [2, 3, 4]
    assert [each.number for each in later] == [3, 4]
    assert [each.number for each in newest] == [3, 4]


async def test_a_digest_is_posted_when_its_first_message_is_and_has_the_messages_that_may_be_there(store: SqlStore) -> None:
    await compose(store, digest(1, ["s-1"]), EIGHT, "one", "two", "three")
    assert await store.ledger.posted(NEWS, EVER) == []

    await settle(store, NEWS, EIGHT, DeliveryState.SENT, DeliveryState.SENT, DeliveryState.UNCONFIRMED)

    [found] = await store.ledger.posted(NEWS, EVER)
    assert found.posted_at == EIGHT
    assert [(each.part, each.state) for each in found.messages] == [
        (1, DeliveryState.SENT),
        (2, DeliveryState.SENT),
        (3, DeliveryState.UNCONFIRMED),
    ]


async def test_a_part_that_failed_is_none_of_the_messages(store: SqlStore) -> None:
    await compose(store, digest(1, ["s-1"]), EIGHT, "one", "two")

    await settle(store, NEWS, EIGHT, DeliveryState.SENT, DeliveryState.FAILED)

    [found] = await store.ledger.posted(NEWS, EVER)
    assert [each.part for each in found.messages] == [1]


async def test_a_digest_that_never_arrived_was_not_posted(store: SqlStore) -> None:
    await compose(store, digest(1, ["s-1"]), EIGHT)

    await settle(store, NEWS, EIGHT, DeliveryState.FAILED)

    assert await store.ledger.posted(NEWS, EVER) == []
    assert await store.ledger.posted_digest(NEWS, 1) is None
    assert await store.ledger.appearances(NEWS, "s-1") == []


async def test_a_line_that_nothing_is_new_is_no_digest(store: SqlStore) -> None:
    await compose(store, None, EIGHT)

    await settle(store, NEWS, EIGHT, DeliveryState.SENT)

    assert await store.ledger.posted(NEWS, EVER) == []


async def test_edits_and_lines_under_a_digest_are_none_of_its_messages(store: SqlStore) -> None:
    run = await compose(store, digest(1, ["s-1"]), EIGHT)
    await settle(store, NEWS, EIGHT, DeliveryState.SENT)
    [message] = await store.ledger.deliveries()
    about = [About(kind, {"text": "x"}, message.id) for kind in (DeliveryKind.EDIT, DeliveryKind.REPLY)]
    await store._database.write(enqueue_about, run, NEWS, about, "key", EIGHT + MINUTE)

    await settle(store, NEWS, EIGHT + MINUTE, DeliveryState.SENT, DeliveryState.SENT)

    [found] = await store.ledger.posted(NEWS, EVER)
    assert found.posted_at == EIGHT
    assert [each.id for each in found.messages] == [message.id]


async def test_one_digest_is_found_by_its_number_in_its_channel(store: SqlStore) -> None:
    await post(store, digest(1, ["s-1"]), EIGHT)
    await post(store, digest(2, ["s-2"]), EIGHT + DAY)
    await post(store, digest(1, ["s-9"]), EIGHT, name="sport", channel=SPORT)

    assert [
        [one.id for one in found.digest.stories] if found else None
        for found in [await store.ledger.posted_digest(channel, number) for channel in (NEWS, SPORT) for number in (1, 2, 3)]
    ] == [["s-1"], ["s-2"], None, ["s-9"], None, None]


async def test_what_the_bot_really_posted_is_caught_up_with_story_by_story(database: str) -> None:
    clock = Clock()
    if database.startswith("postgres"):
        await migrate(database)
    async with open_store(database, clock=clock) as opened:
        await follow(opened)
        await opened.ledger.add_subscription(subscription())
        for day in range(3):
            morning = EIGHT + day * DAY
            clock.now = morning - MINUTE
            text = f"The storm in Ashby cut the power of {90 - 10 * day},000 homes on the coast. Crews worked all night."
            told = article(f"storm {day}", text, title=f"Storm in Ashby, day {day}", published_at=clock.now)
            await store_articles(opened, clock.now, told, stories={told.article.id: f"s-storm{day % 2}"})
            await store_articles(opened, clock.now, event(day, clock.now))
            clock.now = morning
            await publish_due(opened.ledger, opened, Serving(FakeAdapter()), morning, "a")
            await deliver(opened.ledger, Serving(FakeAdapter()), clock, "a", wait=nothing)
        joined = Change(Happened.JOINED, "s-storm1", "s-storm0", (article("storm 1", "x").article.id,), 0.5, 0.4)
        await opened.assign_stories({}, clock.now, changes=[joined])

        posted = await opened.ledger.posted(NEWS, EIGHT)
        ids = {each.id for one in posted for each in one.digest.stories} | {
            each.id for one in posted for each in one.digest.also
        }
        found = catch_up([each.digest for each in posted], now=await opened.stories_now(ids))

    (storm,) = [each for each in found.stories if "storm" in each.line.id]
    assert (storm.line.id, storm.numbers, len(found.stories)) == ("s-storm0", (1, 2, 3), 4)
    tolls = [
        (each.text.split(" of ")[1][:6], each.was and each.was.text) for each in storm.facts if "cut the power" in each.text
    ]
    assert tolls == [("70,000", "90,000")]


async def nothing(_: float) -> None:
    """No time passes."""


# What became of a story


async def test_a_story_is_found_in_the_digests_in_which_it_stood_and_as_what(store: SqlStore) -> None:
    await post(store, digest(1, capped=["s-0", "s-1"]), EIGHT)
    await post(store, digest(2, muted=["s-1"]), EIGHT + DAY)
    await post(store, digest(3, ["s-0"], lines=["s-1"]), EIGHT + 2 * DAY)
    await post(store, digest(4, ["s-0"]), EIGHT + 3 * DAY)
    await post(store, digest(5, ["s-0", "s-1"]), EIGHT + 4 * DAY)
    await post(store, digest(1, ["s-1"]), EIGHT, name="sport", channel=SPORT)

    found = await store.ledger.appearances(NEWS, "s-1")

    assert found == [
        Appearance(5, EIGHT + 4 * DAY, Stood.SHOWN),
        Appearance(3, EIGHT + 2 * DAY, Stood.ALSO),
        Appearance(2, EIGHT + DAY, Stood.LEFT_OUT, "headline"),
        Appearance(1, EIGHT, Stood.LEFT_OUT, "capped"),
    ]
    assert await store.ledger.appearances(NEWS, "s-1", limit=1) == found[:1]


async def test_a_story_is_found_in_each_digest_since_its_first_article_came(store: SqlStore) -> None:
    await follow(store)
    await post(store, digest(1, ["s-9"]), EIGHT - DAY)
    await store_articles(store, EIGHT - MINUTE, event(1), stories={event(1).article.id: "s-1"})
    for number in (2, 3):
        await post(store, digest(number, ["s-1"]), EIGHT + number * DAY)

    assert [each.number for each in await store.ledger.appearances(NEWS, "s-1")] == [3, 2]


async def test_a_name_in_the_text_of_a_digest_or_a_part_of_another_name_is_no_story(store: SqlStore) -> None:
    made = digest(1, ["s-11"])
    quoting = replace(made, notices=('A story called "s-1" is not here', "s-1"), title='"s-1"')
    await post(store, quoting, EIGHT)

    assert await store.ledger.appearances(NEWS, "s-1") == []
    assert await store.ledger.appearances(NEWS, "s_11") == []


# Stories that joined another


@pytest.fixture
async def joined(store: SqlStore) -> SqlStore:
    """A store in which ``s-a`` joined ``s-b``, which then joined ``s-c``; ``s-d`` stands alone."""
    await follow(store)
    await store.record([poll("a", "b", "c", "d")])
    ids = [understood(key).article.id for key in "abcd"]
    await store.assign_stories(dict(zip(ids, ("s-a", "s-b", "s-c", "s-d"), strict=True)), NOON)
    for was, now, one in (("s-a", "s-b", ids[0]), ("s-b", "s-c", ids[1])):
        await store.assign_stories({}, NOON, changes=[Change(Happened.JOINED, was, now, (one,), 0.5, 0.4)])
    return store


async def test_the_name_that_a_story_has_now_is_known_whatever_it_joined(joined: SqlStore) -> None:
    found = await joined.stories_now(["s-a", "s-b", "s-c", "s-d", "s-none"])

    assert found == {"s-a": "s-c", "s-b": "s-c", "s-c": "s-c", "s-d": "s-d", "s-none": "s-none"}
    assert await joined.stories_now([]) == {}


async def test_a_name_that_a_split_gave_back_is_a_story_again(joined: SqlStore) -> None:
    first = understood("a").article.id
    await joined.assign_stories({}, NOON, changes=[Change(Happened.SPLIT, "s-c", "s-a", (first,), 0.1, 0.4)])

    assert await joined.stories_now(["s-a", "s-b"]) == {"s-a": "s-a", "s-b": "s-c"}


async def test_stories_that_joined_each_other_in_turn_have_one_name_when_all_are_gone(joined: SqlStore) -> None:
    change = Change(Happened.JOINED, "s-c", "s-a", (understood("c").article.id,), 0.5, 0.4)
    await joined.assign_stories({}, NOON + DAY, changes=[change])
    await joined.remove_source("harbour")
    await joined.prune(NOON - DAY)

    assert set((await joined.stories_now(["s-a", "s-b", "s-c"])).values()) == {"s-a"}


async def test_a_story_stood_where_those_stood_that_joined_it(joined: SqlStore) -> None:
    await post(joined, digest(1, ["s-a"]), EIGHT)
    await post(joined, digest(2, ["s-d"], lines=["s-b"]), EIGHT + DAY)
    await post(joined, digest(3, ["s-d"], capped=["s-c"]), EIGHT + 2 * DAY)

    found = await joined.ledger.appearances(NEWS, "s-c")

    assert [(each.number, each.stood) for each in found] == [(3, Stood.LEFT_OUT), (2, Stood.ALSO), (1, Stood.SHOWN)]
    assert [each.number for each in await joined.ledger.appearances(NEWS, "s-d")] == [3, 2]


async def test_a_story_that_was_split_off_again_stands_for_itself(joined: SqlStore) -> None:
    await post(joined, digest(1, ["s-a"], lines=["s-b"]), EIGHT)
    await post(joined, digest(2, ["s-a"]), EIGHT + DAY)
    first = understood("a").article.id
    await joined.assign_stories({}, NOON, changes=[Change(Happened.SPLIT, "s-c", "s-a", (first,), 0.1, 0.4)])

    assert [(each.number, each.stood) for each in await joined.ledger.appearances(NEWS, "s-c")] == [(1, Stood.ALSO)]
    assert [each.number for each in await joined.ledger.appearances(NEWS, "s-a")] == [2, 1]
