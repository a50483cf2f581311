"""What a place is shown: nothing of sources that it does not follow, and of a topic what belongs to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.answer import Asked, from_archive
from bot.model import Channel, DeliveryState, Payload, Space, Subscription
from bot.polling import Health
from bot.ports import EntryPrint, Poll
from bot.ports.topics import EVERYWHERE, Place, Topic
from bot.publish import preview, publish_due
from bot.scope import scope_of
from bot.store import SqlStore, open_store
from digests.errors import QueryError
from digests.model import Digest, Query, Source, Window
from tests.bot.newsdesk import EIGHT, MONDAY, NEWS, SPORT, article, subscription
from tests.bot.store.making import HARBOUR, VALLEY, Clock, new_database
from tests.fakes import FakeAdapter, Serving

NIGHT = EIGHT - timedelta(hours=1)
TEAM = Space.of(NEWS)
OTHER = Space("slack", "T2")
ELSEWHERE = Channel.parse("slack:T2/C1")
FERRY = "The ferry Alma ran aground off Port Alba with 140 passengers on board."
BANK = "A court in Orsk fined Mirel Bank 12 million euros for hiding losses."
CHIPS = "The ministry of Sorvania halted exports of memory chips to four countries."


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    async with open_store(new_database(tmp_path / "news.db"), clock=Clock(NIGHT)) as opened:
        yield opened


async def tell(store: SqlStore, source: Source, *texts: str) -> None:
    """Put an article of each text into the store, as one of that source."""
    told = []
    for text in texts:
        one = article(text, text, title=text.removesuffix("."), published_at=NIGHT)
        told.append((text, replace(one, article=replace(one.article, source_id=source.id, outlet=source.name))))
    prints = tuple(EntryPrint(key, key) for key, _ in told)
    health = Health(last_ok_at=NIGHT, next_poll_at=NIGHT)
    await store.record([Poll(source.id, health, entries=prints, new=tuple(told))])
    await store.assign_stories({one.article.id: f"s-{one.article.id[:8]}" for _, one in told}, NIGHT)


async def shown(store: SqlStore, space: Space, channel: Channel | None = None, typed: str = "") -> Digest:
    asked = Asked(Query(Window(None, EIGHT)), "News", "UTC", EIGHT)
    return (await from_archive(asked, store, await scope_of(store.topics, space, channel, typed))).digest


async def posted(store: SqlStore, *subscriptions: Subscription) -> list[Payload]:
    for each in subscriptions:
        await store.ledger.add_subscription(each)
    await publish_due(store.ledger, store, Serving(FakeAdapter()), EIGHT, "a")
    return [each.payload for each in reversed(await store.ledger.deliveries(DeliveryState.PENDING))]


def titles(digest: Digest) -> list[str]:
    return sorted([*(each.title for each in digest.stories), *(each.title for each in digest.also)])


async def test_a_digest_of_the_archive_holds_only_what_its_space_follows(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, Place(TEAM), MONDAY)
    await store.topics.follow(VALLEY, Place(OTHER), MONDAY)
    await tell(store, HARBOUR, FERRY)
    await tell(store, VALLEY, BANK)

    mine, theirs = await shown(store, TEAM, NEWS), await shown(store, OTHER, ELSEWHERE)

    assert (titles(mine), titles(theirs)) == ([FERRY[:-1]], [BANK[:-1]])
    assert mine.sources == theirs.sources == (1, 1)
    assert await shown(store, Space("console")) == replace(mine, stories=(), sources=None)


async def test_a_source_of_one_channel_is_shown_in_no_other(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, Place.of(NEWS), MONDAY)
    await tell(store, HARBOUR, FERRY)

    assert titles(await shown(store, TEAM, NEWS)) == [FERRY[:-1]]
    assert titles(await shown(store, TEAM, SPORT)) == titles(await shown(store, TEAM)) == []


async def test_a_posted_digest_holds_only_what_its_channel_follows(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, EVERYWHERE, MONDAY)
    await store.topics.follow(VALLEY, Place.of(NEWS), MONDAY)
    await tell(store, HARBOUR, FERRY)
    await tell(store, VALLEY, BANK)

    first, second = await posted(store, subscription("news"), subscription("other", ELSEWHERE))

    assert "Mirel Bank" in first["text"]
    assert "Alma" in first["text"]
    assert "2 of 2 feeds" in first["text"]
    assert "Alma" in second["text"]
    assert "Mirel Bank" not in second["text"]
    assert "1 of 1 feed " in second["text"]


async def test_nothing_new_counts_the_feeds_of_the_channel_alone(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, Place(TEAM), MONDAY)
    await store.topics.follow(VALLEY, Place(OTHER), MONDAY)
    await tell(store, VALLEY, BANK)

    [line] = await posted(store, subscription("news"))

    assert "1 feed checked, 0 failing" in line["text"]


async def test_a_preview_shows_nothing_of_other_spaces_not_even_as_a_sample(store: SqlStore) -> None:
    await store.topics.follow(VALLEY, Place(OTHER), MONDAY)
    await tell(store, VALLEY, BANK)
    await store.ledger.add_subscription(subscription())
    subscribed = await store.ledger.subscription("news")
    assert subscribed is not None

    digest = await preview(store.ledger, store, subscribed, EIGHT)

    assert (titles(digest), digest.notices) == ([], ())


async def test_an_article_belongs_to_a_topic_by_its_source_or_by_its_words(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, EVERYWHERE, MONDAY, topics=["Coast"])
    await store.topics.follow(VALLEY, EVERYWHERE, MONDAY)
    await store.topics.describe_topic(None, "coast", "memory chips")
    await tell(store, HARBOUR, FERRY)
    await tell(store, VALLEY, BANK, CHIPS)

    assert titles(await shown(store, TEAM, typed="COAST")) == sorted([FERRY[:-1], CHIPS[:-1]])
    [message] = await posted(store, subscription("news", topic="coast"))
    assert "Alma" in message["text"]
    assert "Sorvania" in message["text"]
    assert "Mirel Bank" not in message["text"]


async def test_a_topic_that_its_sources_carry_shows_headlines_that_tease_too_as_one_of_words_does(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, EVERYWHERE, MONDAY, topics=["Coast"])
    teases = article("t", "He left.", title="Why Orsk raises its harbour fees again", published_at=NIGHT)
    teases = replace(teases, article=replace(teases.article, page_read=False))
    told = (("f", article("f", FERRY, published_at=NIGHT)), ("t", teases))
    prints = tuple(EntryPrint(key, key) for key, _ in told)
    await store.record([Poll(HARBOUR.id, Health(last_ok_at=NIGHT, next_poll_at=NIGHT), entries=prints, new=told)])
    await store.assign_stories({one.article.id: f"s-{key}" for key, one in told}, NIGHT)

    assert titles(await shown(store, TEAM, typed="coast")) == sorted([FERRY[:-1], teases.article.title])
    assert titles(await shown(store, TEAM, typed="")) == [FERRY[:-1]]
    [message] = await posted(store, subscription("news", topic="coast"))
    assert teases.article.title in message["text"]


async def test_a_topic_of_words_alone_finds_what_the_words_find(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, EVERYWHERE, MONDAY)
    await store.topics.add_topic(TEAM, Topic("Semiconductors", '"memory chips"'), MONDAY)
    await tell(store, HARBOUR, FERRY, CHIPS)

    assert titles(await shown(store, TEAM, typed="semiconductors")) == [CHIPS[:-1]]
    assert titles(await shown(store, OTHER, typed="semiconductors")) == []


async def test_a_phrase_is_found_in_an_archive_in_whatever_form_its_words_stand(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, EVERYWHERE, MONDAY)
    await tell(store, HARBOUR, FERRY, CHIPS)

    assert titles(await shown(store, TEAM, typed='"halting exports of"')) == [CHIPS[:-1]]
    assert titles(await shown(store, TEAM, typed="sorv* -ferry")) == [CHIPS[:-1]]


async def test_who_was_shown_only_the_newest_articles_is_told_so(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, EVERYWHERE, MONDAY, topics=["Coast"])
    await store.topics.describe_topic(None, "coast", "memory")
    await tell(store, HARBOUR, FERRY, BANK, CHIPS)

    async def notices(typed: str, most: int) -> tuple[str, ...]:
        asked = Asked(Query(Window(None, EIGHT)), "News", "UTC", EIGHT)
        found = await from_archive(asked, store, await scope_of(store.topics, TEAM, None, typed), most=most)
        assert found.newest == (most if found.digest.notices else None)
        return found.digest.notices

    cut = ("Only the newest 1 articles were read; there may be more.",)
    assert [await notices(typed, 1) for typed in ("", "memory", "coast")] == [cut, cut, cut]
    assert [await notices(typed, 4) for typed in ("", "memory", "coast")] == [(), (), ()]


async def test_a_topic_whose_sources_are_gone_is_empty_and_says_so(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, EVERYWHERE, MONDAY)
    await store.topics.follow(VALLEY, Place(TEAM), MONDAY, topics=["Valley"])
    await store.topics.unfollow(VALLEY.id, Place(TEAM))
    await tell(store, HARBOUR, FERRY)

    digest = await shown(store, TEAM, typed="valley")

    assert titles(digest) == []
    assert digest.notices[-1] == "No story belongs to the topic “Valley”. Try an earlier time."


async def test_quoted_the_name_of_a_topic_means_the_word(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, EVERYWHERE, MONDAY)
    await store.topics.add_topic(TEAM, Topic("Ferry", "chips"), MONDAY)
    await tell(store, HARBOUR, FERRY, CHIPS)

    assert titles(await shown(store, TEAM, typed="ferry")) == [CHIPS[:-1]]
    assert titles(await shown(store, TEAM, typed='"ferry"')) == [FERRY[:-1]]
    assert titles(await shown(store, TEAM, typed="ferry alma")) == [FERRY[:-1]]


async def test_what_does_not_belong_to_the_topic_of_a_digest_does_not_count_as_sent(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, EVERYWHERE, MONDAY, topics=["Coast"])
    await store.topics.follow(VALLEY, EVERYWHERE, MONDAY)
    await tell(store, HARBOUR, FERRY)
    await tell(store, VALLEY, BANK)

    coast, rest = await posted(store, subscription("coast", topic="coast"), subscription("rest", created_at=MONDAY))

    assert "Alma" in coast["text"]
    assert "Mirel Bank" in rest["text"]


async def test_what_was_read_without_asking_by_source_is_not_shown_either(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, Place(TEAM), MONDAY)
    await store.topics.follow(VALLEY, Place(OTHER), MONDAY)
    await tell(store, HARBOUR, FERRY)
    await tell(store, VALLEY, BANK)
    everything = await store.articles_between(Window(None, EIGHT))

    mine = (await scope_of(store.topics, TEAM, NEWS)).of(everything)

    assert [each.understood.article.source_id for each in mine] == [HARBOUR.id]


async def test_words_that_nobody_understands_are_refused(store: SqlStore) -> None:
    with pytest.raises(QueryError, match="characters; I read 500 at most"):
        await scope_of(store.topics, TEAM, NEWS, "w" * 10_000)
