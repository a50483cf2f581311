"""Lists of feeds: what of them is followed, and what a list is made of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import starters
from bot.address import Peer
from bot.lists import Listed, follow_all, listed, listed_in, of_starters, topic_name
from bot.model import Channel, Space
from bot.ports.topics import EVERYWHERE, MOST_NAME, Place, Topic
from bot.store import SqlStore, open_store
from tests.bot.store.making import NOON, new_database

TEAM = Place(Space("slack", "T1"))
NEWS = Place.of(Channel.parse("slack:T1/C1"))
ONE, TWO = "https://harbour.example/1", "https://harbour.example/2"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    async with open_store(new_database(tmp_path / "news.db")) as opened:
        yield opened


async def test_what_is_followed_is_told_from_what_was_there(store: SqlStore) -> None:
    await follow_all([Listed("Harbour", ONE)], Place(Space("slack", "T2")), store, NOON)

    taken = await follow_all([Listed("Other name", ONE), Listed("", TWO), Listed("", f"{TWO}/")], TEAM, store, NOON)

    assert (taken.new, taken.followed, taken.already) == ((TWO,), (ONE,), (TWO,))
    assert [each.source.name for each in await store.sources()] == ["Harbour", ""]


async def test_an_address_inside_a_private_network_is_refused_but_for_what_the_operator_allows(store: SqlStore) -> None:
    inside = [Listed("", "http://127.0.0.1:8080/feed"), Listed("", "http://127.0.0.1:8081/feed")]

    taken = await follow_all(inside, TEAM, store, NOON, allow=[Peer(IPv4Address("127.0.0.1"), 8080)])

    assert taken.new == ("http://127.0.0.1:8080/feed",)
    assert [address for address, _ in taken.refused] == ["http://127.0.0.1:8081/feed"]


async def test_a_list_holds_what_a_place_is_shown_with_the_topics_of_its_space(store: SqlStore) -> None:
    await follow_all([Listed("Harbour", ONE, ("Coast",))], EVERYWHERE, store, NOON)
    await follow_all([Listed("Valley", TWO, ("Own",))], TEAM, store, NOON)

    assert await listed(store, TEAM) == ([("Harbour", ONE, ("Coast",)), ("Valley", TWO, ("Own",))], 0)
    assert await listed(store, Place(Space("slack", "T2"))) == ([("Harbour", ONE, ("Coast",))], 0)
    assert (await listed(store, EVERYWHERE))[0] == (await listed(store, TEAM))[0]


async def test_what_one_channel_follows_stands_in_its_list_and_not_in_that_of_the_space(store: SqlStore) -> None:
    await follow_all([Listed("", ONE)], NEWS, store, NOON)

    assert await listed(store, NEWS) == ([("harbour.example", ONE, ())], 0)
    assert await listed(store, TEAM) == ([], 0)


def test_folders_become_topics_beside_those_for_all() -> None:
    assert listed_in([("Harbour", ONE, ("Coast", "News")), ("", TWO, ())], ["Mine", "News"]) == [
        Listed("Harbour", ONE, ("Mine", "News", "Coast")),
        Listed("", TWO, ("Mine", "News")),
    ]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("News / Europe", "News / Europe"),
        ('The "best" of', "The 'best' of"),
        ("A" * 50 + " / " + "B" * 50, "B" * 50),
        ("A" * 10_000, "A" * MOST_NAME),
        ("two\nlines\u202e", "two lines"),
        ("!!!", "Unnamed"),
        ("! " * 40 + "late", "Unnamed"),
    ],
    ids=["nested", "quoted", "deep", "long", "hidden", "no letter", "late letter"],
)
def test_every_folder_becomes_a_topic_that_can_be_typed(folder: str, name: str) -> None:
    assert topic_name(folder) == Topic(name).name


@given(st.text(max_size=200))
def test_no_folder_makes_a_name_that_is_none(folder: str) -> None:
    Topic(topic_name(folder))


async def test_starters_are_followed_under_their_topics(store: SqlStore) -> None:
    science = [each for each in starters.load() if each.topic == "Science"]

    taken = await follow_all(of_starters(science), TEAM, store, NOON)

    assert len(taken.new) == len(science)
    assert [(each.name, len(each.sources)) for each in await store.topics.topics(TEAM.space)] == [("Science", len(science))]
