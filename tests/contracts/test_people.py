"""What every store promises to remember of people and spaces, and to forget, whatever database it stands on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.model import Channel, IfNothing, Space
from bot.ports.people import MOST_WISHES, Does, Sort, SpaceSettings, Thing, Wish
from bot.store import SqlStore, migrate, open_store
from bot.store.tables import space_settings
from digests.errors import QueryError
from digests.model import Length, Order
from digests.stories import Change, Happened
from tests.bot.newsdesk import DAY, EIGHT, NEWS, SPORT, follow
from tests.bot.store.making import NOON, Clock, poll, understood

TEAM, ELSEWHERE = Space("slack", "T1"), Space("slack", "T10")
ANN, BEN = "U1", "U2"
CHIPS = Thing(Sort.TOPIC, "chips")
HOUR = timedelta(hours=1)


@pytest.fixture
async def store(database: str) -> AsyncIterator[SqlStore]:
    if database.startswith("postgres"):
        await migrate(database)
    async with open_store(database, clock=Clock()) as opened:
        yield opened


def follows(thing: Thing = CHIPS, *, at: datetime = EIGHT, until: datetime | None = None) -> Wish:
    return Wish(Does.FOLLOW, thing, at, until)


def mutes(thing: Thing = CHIPS, *, at: datetime = EIGHT, until: datetime | None = None) -> Wish:
    return Wish(Does.MUTE, thing, at, until)


def story(name: str) -> Thing:
    return Thing(Sort.STORY, name)


# Wishes


async def test_a_wish_comes_back_as_it_was_made_and_in_its_space_alone(store: SqlStore) -> None:
    made = [
        follows(CHIPS),
        mutes(Thing(Sort.WORDS, '"supreme court" Zürich 東京'), at=EIGHT + HOUR, until=EIGHT + DAY),
        mutes(Thing(Sort.SOURCE, "harbour"), at=EIGHT + 2 * HOUR),
        follows(story("s-7f3a"), at=EIGHT + 3 * HOUR, until=EIGHT + 7 * DAY),
    ]

    for each in reversed(made):
        assert await store.people.set_wish(TEAM, ANN, each, EIGHT + 4 * HOUR) is None

    assert await store.people.wishes(TEAM, ANN, EIGHT + 4 * HOUR) == made
    assert await store.people.wishes(TEAM, BEN, EIGHT + 4 * HOUR) == []
    assert await store.people.wishes(ELSEWHERE, ANN, EIGHT + 4 * HOUR) == []


async def test_a_thing_that_is_followed_again_is_followed_until_the_new_time(store: SqlStore) -> None:
    first, second = follows(until=EIGHT + DAY), follows(at=EIGHT + HOUR, until=EIGHT + 30 * DAY)
    await store.people.set_wish(TEAM, ANN, first, EIGHT)

    assert await store.people.set_wish(TEAM, ANN, second, EIGHT + HOUR) == first

    assert await store.people.wishes(TEAM, ANN, EIGHT + HOUR) == [second]


async def test_what_is_muted_is_followed_no_more_and_an_undo_brings_it_back(store: SqlStore) -> None:
    await store.people.set_wish(TEAM, ANN, follows(), EIGHT)

    before = await store.people.set_wish(TEAM, ANN, mutes(at=EIGHT + HOUR), EIGHT + HOUR)

    assert before == follows()
    assert await store.people.wishes(TEAM, ANN, EIGHT + HOUR) == [mutes(at=EIGHT + HOUR)]
    await store.people.set_wish(TEAM, ANN, before, EIGHT + 2 * HOUR)
    assert await store.people.wishes(TEAM, ANN, EIGHT + 2 * HOUR) == [before]


async def test_a_withdrawn_wish_is_returned_so_that_it_can_be_set_again(store: SqlStore) -> None:
    await store.people.set_wish(TEAM, ANN, mutes(until=EIGHT + DAY), EIGHT)

    assert await store.people.withdraw_wish(TEAM, ANN, Does.FOLLOW, CHIPS, EIGHT) is None
    assert await store.people.withdraw_wish(TEAM, BEN, Does.MUTE, CHIPS, EIGHT) is None
    assert await store.people.withdraw_wish(TEAM, ANN, Does.MUTE, CHIPS, EIGHT) == mutes(until=EIGHT + DAY)

    assert await store.people.wishes(TEAM, ANN, EIGHT) == []
    assert await store.people.withdraw_wish(TEAM, ANN, Does.MUTE, CHIPS, EIGHT) is None


async def test_capitals_make_no_other_topic(store: SqlStore) -> None:
    await store.people.set_wish(TEAM, ANN, follows(Thing(Sort.TOPIC, "Straße  News")), EIGHT)

    assert await store.people.withdraw_wish(TEAM, ANN, Does.FOLLOW, Thing(Sort.TOPIC, "STRASSE news"), EIGHT) is not None


async def test_words_are_no_topic_of_the_same_name(store: SqlStore) -> None:
    for sort in (Sort.TOPIC, Sort.WORDS):
        assert await store.people.set_wish(TEAM, ANN, follows(Thing(sort, "chips")), EIGHT) is None

    assert len(await store.people.wishes(TEAM, ANN, EIGHT)) == 2


async def test_a_wish_ends_at_its_time_and_is_then_as_if_it_had_never_been(store: SqlStore) -> None:
    end = EIGHT + DAY
    await store.people.set_wish(TEAM, ANN, mutes(until=end), EIGHT)

    assert len(await store.people.wishes(TEAM, ANN, end - timedelta(microseconds=1))) == 1
    assert await store.people.wishes(TEAM, ANN, end) == []
    assert await store.people.set_wish(TEAM, ANN, follows(at=end), end) is None
    assert await store.people.wishes(TEAM, ANN, end) == [follows(at=end)]
    await store.people.set_wish(TEAM, ANN, mutes(until=end), EIGHT)
    assert await store.people.withdraw_wish(TEAM, ANN, Does.MUTE, CHIPS, end) is None


async def test_a_person_has_two_hundred_wishes_at_most_and_hears_so(store: SqlStore) -> None:
    many = [follows(Thing(Sort.WORDS, f"word {number}"), until=EIGHT + DAY) for number in range(MOST_WISHES)]
    for each in many:
        await store.people.set_wish(TEAM, ANN, each, EIGHT)

    with pytest.raises(QueryError, match="200 things"):
        await store.people.set_wish(TEAM, ANN, follows(), EIGHT)

    assert await store.people.wishes(TEAM, ANN, EIGHT) == sorted(many, key=lambda each: each.thing.name)
    assert await store.people.set_wish(TEAM, ANN, mutes(many[7].thing), EIGHT) == many[7]
    assert await store.people.set_wish(TEAM, BEN, follows(), EIGHT) is None
    assert await store.people.set_wish(TEAM, ANN, follows(at=EIGHT + DAY), EIGHT + DAY) is None, "those that ran out count"


# Stories that join another


@pytest.fixture
async def joining(store: SqlStore) -> SqlStore:
    """A store with the stories ``s-old`` and ``s-new``."""
    await follow(store)
    await store.record([poll("a", "b")])
    ids = [understood(key).article.id for key in "ab"]
    await store.assign_stories(dict(zip(ids, ("s-old", "s-new"), strict=True)), NOON)
    return store


async def join(store: SqlStore) -> None:
    await store.assign_stories(
        {}, NOON, changes=[Change(Happened.JOINED, "s-old", "s-new", (understood("a").article.id,), 0.5, 0.4)]
    )


async def test_a_wish_goes_with_a_story_that_joins_another(joining: SqlStore) -> None:
    await joining.people.set_wish(TEAM, ANN, mutes(story("s-old")), EIGHT)
    await joining.people.set_wish(TEAM, BEN, follows(story("s-new")), EIGHT)
    await joining.people.set_wish(ELSEWHERE, ANN, follows(story("s-old")), EIGHT)
    await joining.people.set_wish(TEAM, ANN, mutes(Thing(Sort.WORDS, "s-old")), EIGHT)

    await join(joining)

    assert {(each.does, each.thing) for each in await joining.people.wishes(TEAM, ANN, EIGHT)} == {
        (Does.MUTE, story("s-new")),
        (Does.MUTE, Thing(Sort.WORDS, "s-old")),
    }
    assert await joining.people.wishes(TEAM, BEN, EIGHT) == [follows(story("s-new"))]
    assert await joining.people.wishes(ELSEWHERE, ANN, EIGHT) == [follows(story("s-new"))]


@pytest.mark.parametrize("newer", ["s-old", "s-new"])
async def test_of_two_wishes_on_stories_that_became_one_the_newer_stays(joining: SqlStore, newer: str) -> None:
    for name in ("s-old", "s-new"):
        wish = mutes(story(name), at=EIGHT + HOUR) if name == newer else follows(story(name))
        await joining.people.set_wish(TEAM, ANN, wish, EIGHT + HOUR)

    await join(joining)

    assert await joining.people.wishes(TEAM, ANN, EIGHT + HOUR) == [mutes(story("s-new"), at=EIGHT + HOUR)]


async def test_a_wish_that_ran_out_takes_no_place_when_stories_join(joining: SqlStore) -> None:
    await joining.people.set_wish(TEAM, ANN, follows(story("s-new"), at=NOON - 9 * DAY), NOON - 9 * DAY)
    await joining.people.set_wish(TEAM, ANN, mutes(story("s-old"), at=NOON - 2 * DAY, until=NOON - DAY), NOON - 2 * DAY)

    await join(joining)

    assert await joining.people.wishes(TEAM, ANN, NOON) == [follows(story("s-new"), at=NOON - 9 * DAY)]


# Visits


async def test_a_visit_is_known_by_person_and_channel(store: SqlStore) -> None:
    assert await store.people.visited(ANN, NEWS) is None

    await store.people.visit(ANN, NEWS, EIGHT)
    await store.people.visit(ANN, NEWS, EIGHT + HOUR)
    await store.people.visit(ANN, SPORT, EIGHT)

    assert await store.people.visited(ANN, NEWS) == EIGHT + HOUR
    assert await store.people.visited(ANN, SPORT) == EIGHT
    assert await store.people.visited(BEN, NEWS) is None


# Settings of a space


async def test_settings_come_back_as_they_were_given_and_in_their_space_alone(store: SqlStore) -> None:
    given = SpaceSettings("Europe/Berlin", "pt-BR", Length.FULL, Order.NEWEST, IfNothing.SILENT, NEWS, "S0614TZR7")
    assert await store.people.settings(TEAM) == SpaceSettings()

    await store.people.change_settings(TEAM, replace(given, zone="UTC"))
    await store.people.change_settings(TEAM, given)

    assert await store.people.settings(TEAM) == given
    assert await store.people.settings(ELSEWHERE) == SpaceSettings()
    assert await store.people.settings(ELSEWHERE, default=given) == given


async def test_notices_never_go_to_another_space(store: SqlStore) -> None:
    with pytest.raises(QueryError, match="another"):
        await store.people.change_settings(TEAM, SpaceSettings(notices=Channel.parse("slack:T10/C1")))

    assert await store.people.settings(TEAM) == SpaceSettings()


async def test_settings_of_a_newer_version_are_read_as_far_as_they_are_known_and_kept_when_others_change(
    store: SqlStore,
) -> None:
    newer = {"zone": "Mars/Olympus", "length": "huge", "order": 7, "language": "de", "notices": "matrix:x/y", "mood": "calm"}
    written = insert(space_settings).values(platform="slack", space="T1", settings=newer)
    await store._database.write(lambda connection: connection.execute(written).rowcount)  # as a newer version would

    found = await store.people.settings(TEAM, default=SpaceSettings("Europe/Berlin"))

    assert found == SpaceSettings("Europe/Berlin", "de")
    await store.people.change_settings(TEAM, found)
    kept = await store._database.read(lambda connection: connection.execute(space_settings.select()).one())
    assert kept.settings["mood"] == "calm"


# Requests


async def test_a_request_is_taken_once(store: SqlStore) -> None:
    asked = "\ud800 1234.5678 " * 90

    assert await store.people.take(TEAM, asked, EIGHT)

    assert not await store.people.take(TEAM, asked, EIGHT + HOUR)
    assert await store.people.take(TEAM, asked + "9", EIGHT)
    assert await store.people.take(ELSEWHERE, asked, EIGHT)


async def test_of_two_processes_one_takes_a_request(store: SqlStore, database: str) -> None:
    async with open_store(database, clock=Clock()) as other:
        both = [one.people.take(TEAM, f"ask {number}", EIGHT) for number in range(20) for one in (store, other)]
        taken = await asyncio.gather(*both)

    assert [sum(pair) for pair in zip(taken[::2], taken[1::2], strict=True)] == [1] * 20


# Forgetting


async def test_a_person_is_forgotten_in_one_space_and_hears_how_much_that_was(store: SqlStore) -> None:
    for space, person in ((TEAM, ANN), (TEAM, BEN), (ELSEWHERE, ANN)):
        await store.people.set_wish(space, person, follows(), EIGHT)
        await store.people.set_wish(space, person, mutes(Thing(Sort.WORDS, "rain")), EIGHT)
    far = Channel.parse("slack:T10/C1")
    for person, channel in ((ANN, NEWS), (BEN, NEWS), (ANN, far)):
        await store.people.visit(person, channel, EIGHT)

    assert await store.people.forget_person(TEAM, ANN) == 3

    assert await store.people.wishes(TEAM, ANN, EIGHT) == []
    assert await store.people.visited(ANN, NEWS) is None
    assert await store.people.forget_person(TEAM, ANN) == 0
    for space, person, channel in ((TEAM, BEN, NEWS), (ELSEWHERE, ANN, far)):
        assert len(await store.people.wishes(space, person, EIGHT)) == 2
        assert await store.people.visited(person, channel) == EIGHT


async def test_with_a_space_its_people_its_settings_and_its_requests_are_forgotten(store: SqlStore) -> None:
    far = Channel.parse("slack:T10/C1")
    for space, channel in ((TEAM, NEWS), (ELSEWHERE, far)):
        await store.people.set_wish(space, ANN, follows(), EIGHT)
        await store.people.visit(ANN, channel, EIGHT)
        await store.people.change_settings(space, SpaceSettings(notices=channel))
        await store.people.take(space, "ask", EIGHT)

    await store.ledger.forget_space(Space.of(NEWS))

    assert await store.people.forget_person(TEAM, ANN) == 0
    assert await store.people.settings(TEAM) == SpaceSettings()
    assert await store.people.take(TEAM, "ask", EIGHT)
    assert await store.people.forget_person(ELSEWHERE, ANN) == 2
    assert await store.people.settings(ELSEWHERE) == SpaceSettings(notices=far)
    assert not await store.people.take(ELSEWHERE, "ask", EIGHT)


async def test_what_ran_out_is_pruned_and_nothing_else(store: SqlStore) -> None:
    now = EIGHT + 10 * DAY
    await store.people.set_wish(TEAM, ANN, follows(), EIGHT)
    await store.people.set_wish(TEAM, ANN, mutes(Thing(Sort.WORDS, "rain"), until=now), EIGHT)
    await store.people.set_wish(TEAM, ANN, mutes(Thing(Sort.WORDS, "snow"), until=now + HOUR), EIGHT)
    await store.people.visit(ANN, NEWS, EIGHT)
    await store.people.visit(ANN, SPORT, EIGHT + DAY)
    await store.people.take(TEAM, "old", now - 2 * DAY - HOUR)
    await store.people.take(TEAM, "new", now - 2 * DAY)

    assert await store.people.prune(now, before=EIGHT + DAY) == 3

    assert [each.thing.name for each in await store.people.wishes(TEAM, ANN, EIGHT)] == ["chips", "snow"]
    assert await store.people.visited(ANN, NEWS) is None
    assert await store.people.visited(ANN, SPORT) == EIGHT + DAY
    assert await store.people.take(TEAM, "old", now)
    assert not await store.people.take(TEAM, "new", now)


async def test_a_wish_on_a_story_that_is_long_gone_takes_no_place_for_ever(joining: SqlStore) -> None:
    for name, at in (("s-new", EIGHT), ("s-gone", EIGHT), ("s-young", EIGHT + DAY)):
        await joining.people.set_wish(TEAM, ANN, follows(story(name), at=at), EIGHT + DAY)
    await joining.people.set_wish(TEAM, ANN, mutes(), EIGHT + DAY)

    assert await joining.people.prune(EIGHT + 2 * DAY, before=EIGHT + DAY) == 1

    left = [each.thing.name for each in await joining.people.wishes(TEAM, ANN, EIGHT + 2 * DAY)]
    assert sorted(left) == ["chips", "s-new", "s-young"]


# What comes from outside


@pytest.mark.parametrize("person", ["", " ", "U1 ", "U1\n", "x" * 65, "U1' OR '1'='1", "ü", "\0"])
async def test_what_is_no_id_of_a_person_is_refused_everywhere(store: SqlStore, person: str) -> None:
    for call in (
        lambda: store.people.wishes(TEAM, person, EIGHT),
        lambda: store.people.set_wish(TEAM, person, follows(), EIGHT),
        lambda: store.people.withdraw_wish(TEAM, person, Does.FOLLOW, CHIPS, EIGHT),
        lambda: store.people.visited(person, NEWS),
        lambda: store.people.visit(person, NEWS, EIGHT),
        lambda: store.people.forget_person(TEAM, person),
    ):
        with pytest.raises(ValueError, match="no id of a person"):
            await call()


@pytest.mark.parametrize("sort", [Sort.TOPIC, Sort.WORDS])
@pytest.mark.parametrize("name", ["", "  ", "\u200b", "-- !", "x" * 201])
def test_a_name_that_cannot_be_looked_for_is_refused_in_words(sort: Sort, name: str) -> None:
    with pytest.raises(QueryError):
        Thing(sort, name)


async def test_a_name_is_one_line_without_marks_that_nobody_sees(store: SqlStore) -> None:
    await store.people.set_wish(TEAM, ANN, follows(Thing(Sort.WORDS, " supreme\n\0 court\u202e \ud800 ")), EIGHT)

    assert [each.thing.name for each in await store.people.wishes(TEAM, ANN, EIGHT)] == ["supreme court"]


@pytest.mark.parametrize("name", ["", "s 1", "s-'; --", "x" * 33])
def test_what_is_no_id_of_a_story_or_a_source_is_refused(name: str) -> None:
    for sort in (Sort.STORY, Sort.SOURCE):
        with pytest.raises(ValueError, match="is no id"):
            Thing(sort, name)


@pytest.mark.parametrize("wrong", [{"zone": "Europe/Atlantis"}, {"language": "English!"}, {"admins": "@news admins"}])
def test_settings_that_mean_nothing_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises((ValueError, KeyError)):
        SpaceSettings(**wrong)  # type: ignore[arg-type]


def test_a_wish_that_is_over_before_it_begins_is_none() -> None:
    with pytest.raises(ValueError, match="run out"):
        follows(until=EIGHT)
