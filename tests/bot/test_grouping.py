"""Grouping: what comes finds its story whoever stored it, and a channel is not told a story twice because it was regrouped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from bot.errors import StoreError
from bot.grouping import REPAIR, Grouping
from bot.model import DeliveryState
from bot.polling import Health
from bot.ports import EntryPrint, Poll
from bot.publish import publish_due
from bot.store import SqlStore, migrate, open_store
from digests.likeness import Telling
from digests.model import Understood, Window
from digests.stories import Change, Happened, group
from tests.bot.newsdesk import DAY, EIGHT, article, follow, store_articles, subscription
from tests.bot.store.making import HARBOUR, Clock
from tests.fakes import FakeAdapter, Serving

HOUR = timedelta(hours=1)
FERRY = {
    "aground": "The ferry Alma ran aground off Port Alba on Sunday with 140 passengers on board, the coast guard said.",
    "lifeboats": "Lifeboats took 140 passengers off the ferry Alma, which ran aground off Port Alba, the coast guard said.",
    "tugs": "Two tugs pulled the ferry Alma off Port Alba on the tide, and divers found a crack of two metres in its hull.",
    "skipper": "The coast guard questioned the skipper of the ferry Alma, which ran aground off Port Alba with 140 passengers.",
}
BANK = {
    "fine": "A court in Orsk fined Mirel Bank 12 million euros for hiding losses from its investors.",
    "appeal": "Mirel Bank will appeal the fine of 12 million euros for hidden losses, its lawyer told the court in Orsk.",
}
VIEWS = {
    "keep": "Which password manager is best depends on where you keep it, how many machines you own and who lives with you.",
    "paper": "A notebook in a drawer beats every password manager, since paper needs no machine, no battery and no cloud.",
}
TEXTS = FERRY | BANK


@pytest.fixture
def clock() -> Clock:
    return Clock(EIGHT - 4 * HOUR)


@pytest.fixture
async def store(database: str, clock: Clock) -> AsyncIterator[SqlStore]:
    if database.startswith("postgres"):
        await migrate(database)
    async with open_store(database, clock=clock) as opened:
        await follow(opened)
        yield opened


def told_by(key: str, at: datetime = EIGHT - 5 * HOUR) -> Understood:
    return article(key, (TEXTS | VIEWS)[key], title="", published_at=at)


async def stored(store: SqlStore, *keys: str, at: datetime = EIGHT - 5 * HOUR) -> None:
    named = tuple((key, told_by(key, at)) for key in keys)
    prints = tuple(EntryPrint(key, f"print of {key}") for key in keys)
    await store.record([Poll(HARBOUR.id, Health(next_poll_at=EIGHT), entries=prints, new=named)])


def stories_of_reports(*keys: str) -> list[int]:
    """The stories of such texts, were they reports."""
    return group([Telling("", VIEWS[key]) for key in keys])


async def found(store: SqlStore) -> list[set[str]]:
    """The stories of all articles, as sets of their keys."""
    kept = await store.articles_between(Window(None, EIGHT + 400 * DAY))
    names = {(one.understood.article.url or "").rsplit("/", 1)[-1]: one.story for one in kept}
    assert None not in names.values()
    return sorted(({key for key in names if names[key] == story} for story in set(names.values())), key=sorted)


async def test_what_comes_later_finds_its_story_after_a_restart_too(store: SqlStore, clock: Clock) -> None:
    grouping = Grouping()
    for key in ("aground", "fine", "lifeboats"):
        await stored(store, key)
        await grouping.group(store, clock.now)

    await stored(store, "tugs", "appeal")
    await Grouping().group(store, clock.now)

    assert await found(store) == [{"aground", "lifeboats", "tugs"}, {"appeal", "fine"}]


async def test_what_two_writers_say_of_one_matter_is_no_story(store: SqlStore, clock: Clock) -> None:
    assert stories_of_reports("keep", "paper") == [0, 0]  # alike enough, if they told an event

    await stored(store, "keep", "paper")
    await Grouping().group(store, clock.now)

    assert await found(store) == [{"keep"}, {"paper"}]


async def test_what_was_stored_before_reports_were_told_apart_counts_as_a_report(store: SqlStore, clock: Clock) -> None:
    for key in VIEWS:
        prints = (EntryPrint(key, f"print of {key}"),)
        new = ((key, replace(told_by(key), report=None)),)
        await store.record([Poll(HARBOUR.id, Health(next_poll_at=EIGHT), entries=prints, new=new)])

    await Grouping().group(store, clock.now)

    assert await found(store) == [{"keep", "paper"}]


async def test_two_processes_know_what_the_other_has_found(store: SqlStore, clock: Clock) -> None:
    one, other = Grouping(), Grouping()
    for key, grouping in zip(("aground", "fine", "appeal", "lifeboats", "tugs", "skipper"), (one, other) * 3, strict=True):
        await stored(store, key)
        await grouping.group(store, clock.now)

    assert await found(store) == [{"aground", "lifeboats", "skipper", "tugs"}, {"appeal", "fine"}]


async def test_a_process_sees_that_another_has_regrouped(store: SqlStore, clock: Clock) -> None:
    grouping = Grouping()
    await stored(store, "fine", "aground")
    await grouping.group(store, clock.now)
    fine = told_by("fine").article.id
    [was] = {one.story for one in await store.articles_between(Window(None, EIGHT)) if one.understood.article.id == fine}
    assert was is not None
    renamed = Change(Happened.SPLIT, was, "s-renamed", (fine,), 0.0, 0.2)
    await store.assign_stories({}, clock.now, changes=[renamed])

    await stored(store, "appeal")
    await grouping.group(store, clock.now)

    assert await found(store) == [{"aground"}, {"appeal", "fine"}]
    kept = await store.articles_between(Window(None, EIGHT))
    assert "s-renamed" in {one.story for one in kept}


class Failing(SqlStore):
    """A store that cannot write what became of stories."""

    async def assign_stories(self, placed: Mapping[str, str], now: datetime, *, changes: Sequence[Change] = ()) -> None:
        if changes:
            raise StoreError("news.db cannot grow: the disk is full")


async def test_what_could_not_be_kept_is_done_by_the_next_call(store: SqlStore, clock: Clock) -> None:
    grouping, full = Grouping(), Failing(store._database, clock)
    await grouping.group(store, clock.now)  # nothing is there yet, and the next repair is an hour away
    await store_articles(store, clock.now, *map(told_by, TEXTS), stories={told_by(key).article.id: "s-all" for key in TEXTS})
    await grouping.group(store, clock.now)
    with pytest.raises(StoreError):
        await grouping.group(full, clock.now + REPAIR)

    await grouping.group(store, clock.now + REPAIR)

    assert await found(store) == [set(FERRY), set(BANK)]


async def test_what_was_grouped_wrongly_is_repaired_once_an_hour_and_leaves_a_trace(store: SqlStore, clock: Clock) -> None:
    grouping = Grouping()
    await grouping.group(store, clock.now)
    await store_articles(store, clock.now, *map(told_by, TEXTS), stories={told_by(key).article.id: "s-all" for key in TEXTS})
    await grouping.group(store, clock.now)
    untouched = await found(store)

    await grouping.group(store, clock.now + REPAIR)

    assert untouched == [set(TEXTS)]
    assert await found(store) == [set(FERRY), set(BANK)]
    [regrouped] = await store.story_changes("s-all")
    assert regrouped.change.happened is Happened.SPLIT
    assert regrouped.at == clock.now + REPAIR


async def test_old_articles_take_in_no_new_ones(store: SqlStore, clock: Clock) -> None:
    grouping = Grouping()
    await stored(store, "aground")
    await grouping.group(store, clock.now)

    clock.now += 4 * DAY
    await grouping.group(store, clock.now)
    await stored(store, "lifeboats", at=clock.now - HOUR)
    await grouping.group(store, clock.now)

    assert await found(store) == [{"aground"}, {"lifeboats"}]


async def digest(store: SqlStore, clock: Clock, at: datetime) -> str:
    """What a channel is posted at an instant."""
    clock.now = at
    await publish_due(store.ledger, store, Serving(FakeAdapter()), at, "a")
    fresh = await store.ledger.deliveries(DeliveryState.PENDING)
    for each in fresh:
        fence = await store.ledger.take_channel(each.channel, "a", at)
        assert fence is not None
        begun = await store.ledger.begin(each, "a", fence, at)
        assert begun is not None
        await store.ledger.settle(begun, DeliveryState.SENT, at)
    return "\n".join(str(each.payload) for each in fresh)


async def test_a_channel_that_was_told_a_story_gets_what_joined_it_as_an_update(store: SqlStore, clock: Clock) -> None:
    await store.ledger.add_subscription(subscription())
    lifeboats, aground = told_by("lifeboats"), told_by("aground")
    await store_articles(store, clock.now, lifeboats, stories={lifeboats.article.id: "s-old"}, backlog=True)  # never posted
    clock.now += HOUR
    await store_articles(store, clock.now, aground, stories={aground.article.id: "s-young"})
    morning = await digest(store, clock, EIGHT)
    clock.now = EIGHT + HOUR
    await stored(store, "tugs")

    await Grouping().group(store, clock.now)
    [joined] = await store.story_changes("s-young")
    next_day = await digest(store, clock, EIGHT + DAY)

    assert (joined.change.happened, joined.change.now) == (Happened.JOINED, "s-old")
    assert "aground" in morning
    assert "UPDATE" in next_day
    assert "Two tugs" in next_day
    assert "aground" not in next_day


async def test_a_story_that_is_split_from_one_that_was_told_is_new_to_the_channel(store: SqlStore, clock: Clock) -> None:
    await store.ledger.add_subscription(subscription())
    both = dict.fromkeys((told_by(key).article.id for key in ("aground", "lifeboats", "fine")), "s-both")
    await store_articles(store, clock.now, told_by("aground"), told_by("lifeboats"), stories=both)
    await digest(store, clock, EIGHT)
    clock.now = EIGHT + HOUR
    await store_articles(store, clock.now, told_by("fine"), stories=both)

    await Grouping().group(store, clock.now)
    next_day = await digest(store, clock, EIGHT + DAY)

    assert "Mirel Bank" in next_day
    assert "UPDATE" not in next_day


async def test_a_digest_sees_one_state_of_the_stories_while_they_are_regrouped(store: SqlStore, clock: Clock) -> None:
    await store.ledger.add_subscription(subscription())
    aground, tugs = told_by("aground"), told_by("tugs")
    await store_articles(store, clock.now, aground, stories={aground.article.id: "s-young"})
    await digest(store, clock, EIGHT)
    clock.now = EIGHT + HOUR
    await store_articles(store, clock.now, tugs, stories={tugs.article.id: "s-young"})
    joins = [Change(Happened.JOINED, "s-young", "s-old", (aground.article.id, tugs.article.id), 0.4, 0.2)]
    loop = asyncio.get_running_loop()

    @event.listens_for(store._database.engine, "after_cursor_execute")
    def regroup(connection: object, cursor: object, statement: str, *_: object) -> None:
        if joins and "article.stored_at" in statement:  # the digest has read its articles, and nothing else yet
            join = store.assign_stories({}, clock.now, changes=[joins.pop()])
            asyncio.run_coroutine_threadsafe(join, loop).result()

    next_day = await digest(store, clock, EIGHT + DAY)

    assert joins == []
    assert "UPDATE" in next_day


async def test_what_a_feed_had_before_it_was_followed_is_grouped_among_itself(store: SqlStore, clock: Clock) -> None:
    await stored(store, "aground", "lifeboats", "fine", at=clock.now - 10 * DAY)
    await stored(store, "tugs", at=clock.now - HOUR)

    await Grouping().group(store, clock.now)

    assert await found(store) == [{"aground", "lifeboats"}, {"fine"}, {"tugs"}]
