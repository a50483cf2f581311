"""What one person sees of a place at a glance."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import Space
from bot.ports.people import SpaceSettings
from bot.ports.topics import Topic
from bot.talk import Control
from tests.bot.commands.office import ADMIN, READER, Office, controls, office, said
from tests.bot.newsdesk import EIGHT, NEWS, SPORT, mark

HOUR = timedelta(hours=1)
TEAM = Space.of(NEWS)
HOME = "v1:home"


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as opened:
        yield opened


async def test_it_shows_what_comes_next_and_the_stories_of_the_day(at: Office) -> None:
    await at.subscribed("morning")
    await at.subscribed("sport", SPORT)
    await at.store.ledger.pause_subscription("sport")
    await at.stored(EIGHT - HOUR, 1, 2)

    home = said(await at.pressed(HOME, READER))

    assert "Morning · " in home
    assert "Sport" not in home, "a paused one does not come"
    assert "The last 24 hours: 2 stories" in home
    assert mark(1) in home
    assert mark(2) in home


async def test_each_story_opens_and_all_of_them_are_one_press_away(at: Office) -> None:
    await at.stored(EIGHT - HOUR, 1)
    pressable = controls(await at.pressed(HOME, READER))

    opens = next(each for each in pressable if each.label == "Open")

    assert mark(1) in said(await at.pressed(opens.id, READER))
    assert "v1:now" in [each.id for each in pressable]


async def test_what_the_person_follows_can_be_ended_and_a_topic_followed(at: Office) -> None:
    await at.store.topics.add_topic(None, Topic("Ferries", "ferry"), EIGHT)
    await at.store.topics.add_topic(None, Topic("Weather", "storm"), EIGHT)
    await at.typed("follow Ferries", READER)

    pressable = controls(await at.pressed(HOME, READER))

    assert [each.id for each in pressable if each.label == "Unfollow"] == ["v1:unfollow:topic:Ferries"]
    assert Control("v1:follow:topic:Weather", "Follow Weather") in pressable


async def test_what_another_person_follows_is_not_shown(at: Office) -> None:
    await at.typed("follow ferries", ADMIN)

    assert "ferries" not in said(await at.pressed(HOME, READER))


async def test_only_admins_see_what_is_to_be_set_up_and_it_goes_once_all_is(at: Office) -> None:
    todo = said(await at.pressed(HOME))
    assert "✓ Feeds are followed" in todo
    assert "○ A digest is posted on schedule" in todo
    assert "○ Somebody hears of faults" in todo
    assert "Set up" not in said(await at.pressed(HOME, READER))

    await at.subscribed()
    await at.store.people.change_settings(TEAM, replace(SpaceSettings(), notices=NEWS))

    done = await at.pressed(HOME)
    assert "Set up" not in said(done)
    assert {"v1:feeds", "v1:status", "v1:settings"} <= {each.id for each in controls(done)}


async def test_an_empty_place_says_so_in_words(at: Office) -> None:
    home = said(await at.pressed(HOME, READER))

    assert "No digest is posted here on schedule yet." in home
    assert "No news in the last 24 hours." in home


async def test_an_admin_sees_what_is_wrong_and_not_that_something_is(at: Office) -> None:
    await at.subscribed()
    at.clock.now += HOUR

    home = said(await at.pressed(HOME, ADMIN))

    assert "2 alarms:" in home
    assert "The bot has never run, so nothing is posted." in home
