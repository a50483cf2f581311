"""What becomes of the places in which the bot is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import Channel, Space
from bot.places import KnownPlaces, forget_removed
from bot.store import SqlStore, open_store
from bot.talk import Text
from digests.render.layout import words
from tests.bot.newsdesk import DAY, EIGHT, NEWS, SPORT, subscription

TEAM = Space.of(NEWS)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    async with open_store(f"sqlite:///{tmp_path}/a.db") as opened:
        await opened.ledger.add_subscription(subscription())
        await opened.ledger.add_subscription(subscription("sport", SPORT))
        yield opened


@pytest.fixture
def places(store: SqlStore) -> KnownPlaces:
    return KnownPlaces(store.ledger, store.marks, {"slack": ("/digest", "/digest"), "discord": ("/ask", "/rule")})


async def running(store: SqlStore) -> list[bool]:
    return [each.active for each in await store.ledger.subscriptions()]


async def test_a_channel_is_greeted_once_with_how_to_begin(places: KnownPlaces) -> None:
    greeting = await places.joined(NEWS, EIGHT)

    assert greeting is not None
    assert greeting.public
    assert isinstance(greeting.parts[0], Text)
    assert "/digest setup" in words(greeting.parts[0].line)
    assert await places.joined(NEWS, EIGHT + DAY) is None
    assert await places.joined(SPORT, EIGHT) is not None


async def test_each_platform_is_greeted_with_what_is_typed_there(places: KnownPlaces) -> None:
    greeting = await places.joined(Channel.parse("discord:1/2"), EIGHT)

    assert greeting is not None
    assert isinstance(greeting.parts[0], Text)
    assert "/rule setup" in words(greeting.parts[0].line)
    assert "/ask help" in words(greeting.parts[0].line)


async def test_who_was_removed_from_a_channel_and_let_in_again_greets_again(places: KnownPlaces) -> None:
    await places.joined(NEWS, EIGHT)
    await places.gone(NEWS, EIGHT)

    assert await places.joined(NEWS, EIGHT + DAY) is not None


async def test_a_channel_that_is_gone_pauses_what_was_posted_there_alone(store: SqlStore, places: KnownPlaces) -> None:
    await places.gone(NEWS, EIGHT, archived=True)

    assert await running(store) == [False, True]
    paused, _ = await store.ledger.subscriptions()
    assert paused.reason == "The channel was archived, so nothing is posted there."


async def test_a_space_that_removed_the_bot_is_served_again_when_it_comes_back(store: SqlStore, places: KnownPlaces) -> None:
    await places.left(TEAM, EIGHT)
    assert await running(store) == [False, False]

    await places.back(TEAM, EIGHT + DAY)

    assert await running(store) == [True, True]
    assert await forget_removed(store.ledger, store.marks, EIGHT + 100 * DAY, 30 * DAY) == []


async def test_a_space_that_removed_the_bot_is_forgotten_after_its_time(store: SqlStore, places: KnownPlaces) -> None:
    await places.left(TEAM, EIGHT)
    await places.left(TEAM, EIGHT + DAY)  # the platform says it twice

    assert await forget_removed(store.ledger, store.marks, EIGHT + 30 * DAY - timedelta(seconds=1), 30 * DAY) == []
    assert await forget_removed(store.ledger, store.marks, EIGHT + 30 * DAY, 30 * DAY) == [TEAM]
    assert await store.ledger.subscriptions() == []
    assert await store.ledger.stopped_spaces() == []
