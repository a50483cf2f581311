"""What every store promises of who follows what and under which topics, whatever database it stands on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.model import Channel, Space
from bot.ports.topics import EVERYWHERE, MOST_NAME, Change, Follow, Following, Place, Topic, Unfollow
from bot.store import SqlStore, migrate, open_store
from digests.errors import QueryError
from digests.model import Source, Window
from tests.bot.newsdesk import DAY, NEWS, SPORT, subscription
from tests.bot.store.making import HARBOUR, NOON, VALLEY, Clock, poll

TEAM = Space.of(NEWS)
OTHER = Space("slack", "T2")
IN_TEAM = Place(TEAM)
IN_NEWS = Place.of(NEWS)
EVERYTHING = Window(None, NOON + DAY)


@pytest.fixture
async def store(database: str) -> AsyncIterator[SqlStore]:
    if database.startswith("postgres"):
        await migrate(database)
    async with open_store(database, clock=Clock()) as opened:
        yield opened


async def ids(store: SqlStore) -> list[str]:
    return [each.source.id for each in await store.sources()]


# Who follows what


async def test_a_source_of_the_installation_is_followed_by_every_space(store: SqlStore) -> None:
    await store.add_source(HARBOUR, now=NOON)

    assert await store.topics.followed(TEAM) == await store.topics.followed(Space("console")) == {HARBOUR.id}
    assert await store.topics.follows() == [Following(HARBOUR.id, EVERYWHERE)]


async def test_what_a_space_follows_no_other_sees(store: SqlStore) -> None:
    followed = await store.topics.follow(HARBOUR, IN_TEAM, NOON)

    assert followed == Follow(HARBOUR, new=True)
    assert await store.topics.followed(TEAM) == await store.topics.followed(TEAM, SPORT) == {HARBOUR.id}
    assert await store.topics.followed(OTHER) == await store.topics.followed(Space("discord", "T1")) == frozenset()
    assert await store.topics.follows(OTHER) == []


async def test_what_one_channel_follows_its_space_does_not_see(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, IN_NEWS, NOON)

    assert await store.topics.followed(TEAM, NEWS) == {HARBOUR.id}
    assert await store.topics.followed(TEAM, SPORT) == await store.topics.followed(TEAM) == frozenset()
    assert await store.topics.follows(TEAM) == [Following(HARBOUR.id, IN_NEWS)]


async def test_a_source_is_there_once_however_many_follow_it_and_keeps_its_name(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, IN_TEAM, NOON)

    again = await store.topics.follow(replace(HARBOUR, id="other", name="Mine"), Place(OTHER), NOON)

    assert again == Follow(HARBOUR, new=False)
    assert await ids(store) == [HARBOUR.id]
    assert await store.topics.followed(OTHER) == {HARBOUR.id}


async def test_following_again_changes_nothing(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, IN_TEAM, NOON, topics=["Chips"])

    assert await store.topics.follow(HARBOUR, IN_TEAM, NOON, topics=["chips"]) == Follow(HARBOUR, changed=False)
    assert await store.topics.follow(HARBOUR, IN_NEWS, NOON) == Follow(HARBOUR, changed=False)
    assert await store.topics.follows() == [Following(HARBOUR.id, IN_TEAM)]


async def test_a_space_that_follows_all_of_it_takes_its_channels_along(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, IN_NEWS, NOON)

    assert (await store.topics.follow(HARBOUR, IN_TEAM, NOON)).changed
    assert await store.topics.follows() == [Following(HARBOUR.id, IN_TEAM)]


async def test_what_the_operator_gives_to_all_is_followed_by_each_already(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, EVERYWHERE, NOON)

    assert not (await store.topics.follow(HARBOUR, IN_TEAM, NOON)).changed
    assert await store.topics.followed(TEAM, NEWS) == {HARBOUR.id}


async def test_the_last_who_leaves_a_source_takes_it_along_with_its_articles(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, IN_TEAM, NOON, topics=["Chips"])
    await store.topics.follow(HARBOUR, Place(OTHER), NOON)
    await store.record([poll("a")])

    assert await store.topics.unfollow(HARBOUR.id, IN_TEAM) is Unfollow.LEFT
    assert await store.topics.followed(TEAM) == frozenset()
    assert len(await store.articles_between(EVERYTHING)) == 1
    assert await store.topics.unfollow(HARBOUR.id, Place(OTHER)) is Unfollow.GONE
    assert (await ids(store), await store.articles_between(EVERYTHING)) == ([], [])


async def test_a_space_cannot_leave_what_the_operator_gave_to_all_and_the_operator_can(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, IN_TEAM, NOON)
    await store.topics.follow(HARBOUR, EVERYWHERE, NOON)

    assert await store.topics.unfollow(HARBOUR.id, IN_TEAM) is Unfollow.GIVEN
    assert await store.topics.followed(TEAM) == {HARBOUR.id}
    assert await store.topics.unfollow(HARBOUR.id, EVERYWHERE) is Unfollow.GONE


async def test_a_space_that_leaves_a_source_leaves_it_in_its_channels_too(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, IN_NEWS, NOON)
    await store.topics.follow(VALLEY, IN_TEAM, NOON)

    assert await store.topics.unfollow(VALLEY.id, IN_NEWS) is Unfollow.ABSENT
    assert await store.topics.unfollow(HARBOUR.id, IN_TEAM) is Unfollow.GONE
    assert await store.topics.unfollow(HARBOUR.id, IN_TEAM) is Unfollow.ABSENT
    assert await ids(store) == [VALLEY.id]


async def test_articles_can_be_asked_for_by_their_sources(store: SqlStore) -> None:
    await store.add_source(HARBOUR, now=NOON)
    await store.add_source(VALLEY, now=NOON)
    await store.record([poll("a"), poll("b", source=VALLEY)])

    kept = await store.articles_between(EVERYTHING, sources={VALLEY.id}, limit=1)

    assert [each.understood.article.source_id for each in kept] == [VALLEY.id]
    assert await store.articles_between(EVERYTHING, sources=frozenset()) == []


async def test_a_space_that_is_forgotten_leaves_nothing_behind_that_was_its_own(store: SqlStore) -> None:
    other = Source("third", "feed", "https://third.example/feed", "Third")
    await store.topics.follow(HARBOUR, IN_TEAM, NOON, topics=["Chips"])
    await store.topics.follow(VALLEY, IN_NEWS, NOON)
    await store.topics.follow(VALLEY, Place(OTHER), NOON, topics=["Chips"])
    await store.topics.follow(other, EVERYWHERE, NOON, topics=["World"])

    await store.ledger.forget_space(Space.of(NEWS))

    assert sorted(await ids(store)) == [other.id, VALLEY.id]
    assert await store.topics.followed(TEAM, NEWS) == {other.id}
    assert [each.name for each in await store.topics.topics(TEAM)] == ["World"]
    assert [each.sources for each in await store.topics.topics(OTHER)] == [{VALLEY.id}, {other.id}]


async def test_a_webhook_is_a_space_of_its_own(store: SqlStore) -> None:
    hook = Channel.parse("webhook:news")
    await store.topics.follow(HARBOUR, Place.of(hook), NOON)

    assert await store.topics.followed(Space.of(hook), hook) == {HARBOUR.id}
    assert await store.topics.followed(Space("webhook", "sport"), Channel.parse("webhook:sport")) == frozenset()


def test_a_place_is_no_channel_of_another_space() -> None:
    with pytest.raises(ValueError, match="is no channel of slack:T2"):
        Place(OTHER, NEWS)


# Topics


async def test_a_topic_has_its_words_and_the_sources_that_carry_it(store: SqlStore) -> None:
    assert await store.topics.add_topic(TEAM, Topic("Chips", 'chips "export ban"'), NOON)
    await store.topics.follow(HARBOUR, IN_TEAM, NOON, topics=["chips"])

    assert await store.topics.topics(TEAM) == [Topic("Chips", 'chips "export ban"', frozenset({HARBOUR.id}))]
    assert await store.topics.topic(TEAM, "  CHIPS ") == (await store.topics.topics(TEAM))[0]
    assert await store.topics.topic(OTHER, "chips") is None


async def test_a_topic_is_there_once(store: SqlStore) -> None:
    await store.topics.add_topic(TEAM, Topic("Chips"), NOON)

    assert not await store.topics.add_topic(TEAM, Topic("CHIPS", "wafers"), NOON)
    assert await store.topics.topics(TEAM) == [Topic("Chips")]


async def test_topics_come_by_name_and_those_of_all_spaces_among_them(store: SqlStore) -> None:
    await store.topics.add_topic(TEAM, Topic("world"), NOON)
    await store.topics.add_topic(None, Topic("Business"), NOON)
    await store.topics.add_topic(OTHER, Topic("Private"), NOON)

    assert await store.topics.topics(TEAM) == [Topic("Business", given=True), Topic("world")]
    assert await store.topics.topics() == [Topic("Business", given=True)]


async def test_a_space_adds_to_a_topic_of_all_spaces_for_itself_alone(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, EVERYWHERE, NOON, topics=["Chips"])
    await store.topics.follow(VALLEY, IN_TEAM, NOON, topics=["chips"])
    await store.topics.describe_topic(TEAM, "Chips", "wafers")

    assert await store.topics.topics(TEAM) == [Topic("chips", "wafers", frozenset({HARBOUR.id, VALLEY.id}), given=True)]
    assert await store.topics.topics(OTHER) == [Topic("Chips", "", frozenset({HARBOUR.id}), given=True)]


async def test_a_space_cannot_take_away_a_topic_of_all_spaces(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, EVERYWHERE, NOON, topics=["Chips"])

    assert await store.topics.rename_topic(TEAM, "Chips", "Wafers") is Change.GIVEN
    assert await store.topics.remove_topic(TEAM, "Chips") is Change.GIVEN
    assert await store.topics.take_out(HARBOUR.id, TEAM, "Chips") is Change.GIVEN
    assert await store.topics.remove_topic(None, "chips") is Change.DONE
    assert await store.topics.topics(TEAM) == []
    assert await store.topics.followed(TEAM) == {HARBOUR.id}


async def test_its_own_part_of_a_topic_of_all_spaces_a_space_can_take_away(store: SqlStore) -> None:
    await store.topics.add_topic(None, Topic("Chips", "chips"), NOON)
    assert await store.topics.describe_topic(TEAM, "chips", "wafers") is Change.DONE

    assert await store.topics.remove_topic(TEAM, "Chips") is Change.DONE
    assert await store.topics.topics(TEAM) == [Topic("Chips", "chips", given=True)]


async def test_a_renamed_topic_keeps_its_sources_and_the_subscriptions_that_name_it(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, IN_TEAM, NOON, topics=["Chips"])
    await store.ledger.add_subscription(subscription("named", topic="chips"))
    await store.ledger.add_subscription(subscription("words", topic="chips prices"))
    await store.ledger.add_subscription(subscription("elsewhere", Channel.parse("slack:T2/C1"), topic="chips"))

    assert await store.topics.rename_topic(TEAM, "chips", "Semiconductors") is Change.DONE

    assert await store.topics.topics(TEAM) == [Topic("Semiconductors", "", frozenset({HARBOUR.id}))]
    assert {each.subscription.id: each.subscription.topic for each in await store.ledger.subscriptions()} == {
        "named": "Semiconductors",
        "words": "chips prices",
        "elsewhere": "chips",
    }


async def test_a_topic_of_all_spaces_that_is_renamed_takes_no_subscription_from_a_space_with_its_own(store: SqlStore) -> None:
    await store.topics.add_topic(None, Topic("Chips"), NOON)
    await store.topics.add_topic(TEAM, Topic("Chips"), NOON)
    await store.ledger.add_subscription(subscription("own", topic="chips"))
    await store.ledger.add_subscription(subscription("given", Channel.parse("slack:T2/C1"), topic="chips"))

    await store.topics.rename_topic(None, "chips", "Wafers")

    found = {each.subscription.id: each.subscription.topic for each in await store.ledger.subscriptions()}
    assert found == {"own": "chips", "given": "Wafers"}


async def test_a_topic_takes_no_name_that_is_taken_but_may_be_spelt_anew(store: SqlStore) -> None:
    await store.topics.add_topic(TEAM, Topic("Chips"), NOON)
    await store.topics.add_topic(None, Topic("World"), NOON)

    assert await store.topics.rename_topic(TEAM, "Chips", "world") is Change.TAKEN
    assert await store.topics.rename_topic(TEAM, "chips", "CHIPS") is Change.DONE
    assert await store.topics.rename_topic(TEAM, "gone", "new") is Change.ABSENT
    assert [each.name for each in await store.topics.topics(TEAM)] == ["CHIPS", "World"]


async def test_a_source_can_leave_a_topic_and_leaves_all_with_its_last_follower_of_the_space(store: SqlStore) -> None:
    await store.topics.follow(HARBOUR, IN_TEAM, NOON, topics=["Chips", "Coast"])
    await store.topics.follow(HARBOUR, Place(OTHER), NOON, topics=["Chips"])

    assert await store.topics.take_out(HARBOUR.id, TEAM, "Chips") is Change.DONE
    assert await store.topics.take_out(HARBOUR.id, TEAM, "Chips") is Change.ABSENT
    assert await store.topics.topics(TEAM) == [Topic("Chips"), Topic("Coast", "", frozenset({HARBOUR.id}))]

    await store.topics.unfollow(HARBOUR.id, IN_TEAM)

    assert await store.topics.topics(TEAM) == [Topic("Chips"), Topic("Coast")]
    assert await store.topics.topics(OTHER) == [Topic("Chips", "", frozenset({HARBOUR.id}))]


async def test_a_name_with_mark_up_is_a_name_like_any_other(store: SqlStore) -> None:
    name = "<b>Chips</b> & *co* <!channel>"
    await store.topics.follow(HARBOUR, IN_TEAM, NOON, topics=[name])

    assert (await store.topics.topic(TEAM, name)) == Topic(name, "", frozenset({HARBOUR.id}))


@pytest.mark.parametrize(
    ("name", "words", "answer"),
    [
        ("x" * 10_000, "", f"may have {MOST_NAME} characters; that one has 10,000"),
        ("two\nlines", "", "is one line"),
        ("a\u202eb", "", "is one line"),
        ('say "chips"', "", "without quotation marks"),
        ("", "", "needs a letter or a digit"),
        ("!!!", "", "needs a letter or a digit"),
        ("Chips", "w" * 10_000, "characters; I read 500 at most"),
        ("Chips", "wafers since:yesterday", "I take words only"),
        ("Chips", "wafers length:full", "I take words only"),
    ],
    ids=["long", "two lines", "turned round", "quoted", "empty", "no letter", "long words", "a time", "a length"],
)
async def test_what_is_no_topic_is_refused_in_words_and_nothing_is_kept(
    store: SqlStore, name: str, words: str, answer: str
) -> None:
    with pytest.raises(QueryError, match=answer):
        await store.topics.add_topic(TEAM, Topic(name, words), NOON)

    if not words:
        with pytest.raises(QueryError, match=answer):
            await store.topics.follow(HARBOUR, IN_TEAM, NOON, topics=[name])

    assert (await store.topics.topics(TEAM), await ids(store)) == ([], [])
