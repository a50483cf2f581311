"""What every store promises about stories: what is to be grouped, and that what was told goes where its article goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.grouping import Grouping
from bot.model import Fact, RunState
from bot.ports import Composition, SentArticle
from bot.store import SqlStore, migrate, open_store
from bot.store.tables import sent
from digests.model import EventDate, Window
from digests.stories import Change, Happened, story_id
from tests.bot.newsdesk import DAY, EIGHT, NEWS, follow, slot, subscription, told_to
from tests.bot.store.making import NOON, Clock, poll, understood

EVERYTHING = Window(None, NOON + timedelta(days=400))
LIVE = NOON - timedelta(days=3)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(database: str, clock: Clock) -> AsyncIterator[SqlStore]:
    if database.startswith("postgres"):
        await migrate(database)
    async with open_store(database, clock=clock) as opened:
        await follow(opened)
        yield opened


def of(*keys: str) -> list[str]:
    return [understood(key).article.id for key in keys]


async def in_stories(store: SqlStore, **stories: str) -> None:
    """Articles by key, stored and put into stories."""
    await store.record([poll(*stories)])
    await store.assign_stories({understood(key).article.id: story for key, story in stories.items()}, NOON)


async def stories(store: SqlStore) -> dict[str, str | None]:
    kept = await store.articles_between(EVERYTHING)
    return {(one.understood.article.url or "").rsplit("/", 1)[-1]: one.story for one in kept}


async def tell(store: SqlStore, **stories: str) -> None:
    """Tell a channel one fact of each article, by key, under a story."""
    ledger = store.ledger
    await ledger.add_subscription(subscription())
    run = await ledger.claim("news", slot(EIGHT), EIGHT, "a")
    assert run is not None
    pairs = [(understood(key).article.id, story) for key, story in stories.items()]
    facts = tuple(Fact(story, "It sank", EventDate.of_report(EIGHT.date()), one, 0, 9, EIGHT) for one, story in pairs)
    shown = tuple(SentArticle(one, 0, story) for one, story in pairs)
    await ledger.compose(run, Composition(RunState.COMPOSED, Window(EIGHT - DAY, EIGHT), ({},), shown, facts), EIGHT)


async def told(store: SqlStore) -> dict[str, str]:
    """The story of what the channel was told, by article; its memory of articles agrees with that of facts."""
    facts = {fact.article: fact.story for fact in await told_to(store.ledger, NEWS)}
    rows = await store._database.read(lambda connection: connection.execute(select(sent.c.article, sent.c.story)).all())
    assert {row.article: row.story for row in rows} == facts
    return facts


async def test_what_is_to_be_grouped_is_what_came_since_and_what_has_no_story(store: SqlStore) -> None:
    await in_stories(store, a="s-1")
    await store.record([poll("b")])
    first = await store.live(LIVE)
    await store.record([poll("c")])

    later = await store.live(LIVE, after=first.last)

    assert [(one.id, one.story) for one in first.arrivals] == [(*of("a"), "s-1"), (*of("b"), None)]
    assert [one.id for one in later.arrivals] == of("b", "c")
    assert first.arrivals[0].since == NOON
    assert first.arrivals[0].telling.title == "Ferry sinks"
    assert first.arrivals[0].telling.text == understood("a").article.text
    assert first.arrivals[0].telling.day == understood("a").article.published_day


async def test_what_is_no_longer_live_is_not_to_be_grouped(store: SqlStore) -> None:
    old = understood("old", published_at=LIVE - timedelta(minutes=1))
    await store.record([replace(poll("old"), new=(("old", old),)), poll("a")])

    assert [one.id for one in (await store.live(LIVE)).arrivals] == of("a")


async def test_the_first_that_puts_an_article_into_a_story_decides(store: SqlStore) -> None:
    await in_stories(store, a="s-1")

    await store.assign_stories(dict.fromkeys(of("a"), "s-2"), NOON)

    assert await stories(store) == {"a": "s-1"}


async def test_a_story_that_joins_another_takes_all_that_was_told_of_it_along(store: SqlStore, clock: Clock) -> None:
    await in_stories(store, a="s-old", b="s-young", c="s-young", d="s-other")
    await tell(store, a="s-old", b="s-young", d="s-other")
    joined = Change(Happened.JOINED, "s-young", "s-old", tuple(of("c")), 0.4, 0.2)

    await store.assign_stories({}, NOON + DAY, changes=[joined])

    assert await stories(store) == {"a": "s-old", "b": "s-old", "c": "s-old", "d": "s-other"}
    assert await told(store) == dict(zip(of("a", "b", "d"), ["s-old", "s-old", "s-other"], strict=True))
    assert (await store.counts()).stories == 2


async def test_what_was_told_of_a_story_that_is_split_goes_with_its_article(store: SqlStore) -> None:
    await in_stories(store, a="s-both", b="s-both", c="s-other")
    await tell(store, a="s-both", b="s-both", c="s-other")
    split = Change(Happened.SPLIT, "s-both", "s-new", tuple(of("b")), 0.05, 0.2)

    await store.assign_stories({}, NOON, changes=[split])

    assert await stories(store) == {"a": "s-both", "b": "s-new", "c": "s-other"}
    assert await told(store) == dict(zip(of("a", "b", "c"), ["s-both", "s-new", "s-other"], strict=True))


async def test_an_article_that_was_told_before_it_had_a_story_is_told_of_that_story(store: SqlStore) -> None:
    await store.record([poll("a")])
    await tell(store, a=story_id(*of("a")))

    await store.assign_stories(dict.fromkeys(of("a"), "s-1"), NOON)

    assert await told(store) == dict.fromkeys(of("a"), "s-1")


async def test_a_digest_that_was_made_before_a_join_is_remembered_under_the_story_of_now(store: SqlStore) -> None:
    await in_stories(store, a="s-old", b="s-young")
    joined = Change(Happened.JOINED, "s-young", "s-old", tuple(of("b")), 0.4, 0.2)
    await store.assign_stories({}, NOON, changes=[joined])

    await tell(store, b="s-young")

    assert await told(store) == dict.fromkeys(of("b"), "s-old")


async def test_what_became_of_a_story_can_be_asked(store: SqlStore) -> None:
    await in_stories(store, a="s-1", b="s-2", c="s-2")
    moved = Change(Happened.MOVED, "s-2", "s-1", tuple(of("b")), 0.3, 0.2)
    joined = Change(Happened.JOINED, "s-2", "s-1", tuple(of("c")), 0.25, 0.2)
    before = (await store.live(LIVE)).change

    await store.assign_stories({}, NOON, changes=[moved])
    await store.assign_stories({}, NOON + DAY, changes=[joined])

    for story in ("s-1", "s-2"):
        found = await store.story_changes(story)
        assert [(one.change, one.at) for one in found] == [(joined, NOON + DAY), (moved, NOON)]
    assert await store.story_changes("s-3") == []
    assert (before, (await store.live(LIVE)).change) == (0, 2)


async def test_the_trace_of_stories_is_forgotten_with_old_articles(store: SqlStore) -> None:
    await in_stories(store, a="s-1", b="s-2")
    joined = Change(Happened.JOINED, "s-2", "s-1", tuple(of("b")), 0.25, 0.2)
    await store.assign_stories({}, NOON, changes=[joined])

    await store.prune(NOON)
    kept = await store.story_changes("s-1")
    await store.prune(NOON + DAY)

    assert len(kept) == 1
    assert await store.story_changes("s-1") == []


async def test_what_is_too_old_for_a_live_story_is_given_apart_until_it_has_one(store: SqlStore) -> None:
    await in_stories(store, a="s-1")
    await store.record([poll("b")])
    later = NOON + timedelta(days=1)

    live = await store.live(later)
    await store.assign_stories({one.id: story_id(one.id) for one in live.old}, NOON)

    assert (live.arrivals, [one.id for one in live.old]) == ((), of("b"))
    assert (await store.live(later)).old == ()


async def test_a_column_is_grouped_with_nothing_and_is_a_story_of_its_own(store: SqlStore) -> None:
    column = understood("column", comment=True)
    await store.record([replace(poll("a"), new=(("a", understood("a")), ("column", column)))])

    live = await store.live(LIVE)
    await Grouping().group(store, NOON)

    assert ([one.id for one in live.arrivals], live.comments) == (of("a"), (column.article.id,))
    assert (await store.live(LIVE)).comments == ()
    assert (await stories(store))["column"] == story_id(column.article.id)
    [kept] = await store.articles([column.article.id])
    assert kept.understood.article.comment
