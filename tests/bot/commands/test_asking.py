"""What a reader asks: words, topics and times, and what they are told where there is nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.adapters.console.conversation import Conversation
from tests.bot.commands.conftest import Asker


async def test_who_asks_for_words_is_told_of_them_whatever_they_muted(ask: Asker):
    before = await ask("about tamsin")
    await ask("mute tamsin")

    assert await ask("about tamsin") == before
    assert "Cyclone Tamsin" not in await ask("now since:monday")


async def test_what_a_person_follows_comes_first_for_them_alone_until_its_time_is_over(ask: Asker):
    first = (await ask("now")).split("min ")[1]

    await ask("follow Health for:1w")
    mine, others = await ask("now"), await ask.another("another")("now")
    ask.clock.at += timedelta(days=8)
    later = await ask("now since:2026-03-11T07:30Z until:2026-03-12T07:31Z")

    assert mine.split("min ")[1].startswith("Measles keeps four schools")
    assert others.split("min ")[1][:40] == first[:40]
    assert "dam safety bill" in later.split("min ")[1][:60], "the wish has run out"


async def test_a_topic_of_which_all_is_muted_says_so(ask: Asker):
    assert "Measles" in await ask("now topic:Health")
    await ask("mute Health")

    assert "1 story that you muted left out" in await ask("now topic:Health")


async def test_where_nothing_was_found_in_a_time_the_time_is_named(ask: Asker):
    assert "from 9 Mar 00:00 to 10 Mar 00:00 CET" in await ask("search tamsin since:monday until:monday")
    assert "from 9 Mar 00:00 to 10 Mar 00:00 CET" in await ask("about tamsin since:monday until:monday")
    assert "in the 90 days I keep" in await ask("search unicorns")


async def test_who_names_no_story_that_there_is_can_follow_the_words(ask: Asker):
    assert "[1] Follow" in await ask("story unicorns")
    assert "[1] Follow" in await ask("why unicorns")


async def test_a_catch_up_on_a_topic_holds_its_stories_alone_and_counts_as_no_visit(ask: Asker):
    everything, health = await ask("catchup"), await ask("catchup topic:health")

    assert "Port Selene" in everything
    assert "on Health posted here since" in health
    assert "measles" in health
    assert "Port Selene" not in health
    assert (await ask("catchup")).startswith("11 stories posted here since"), "the rest was not seen yet"
    assert "I have no topic" in await ask("catchup topic:chips")


async def no_file(name: str) -> bytes:
    raise AssertionError(f"{name} was not asked for")


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("now topic:hea", ["now topic:Health"]),
        ("/digest follow wea", ["/digest follow Weather"]),
        ("search storm source:harb", ['search storm source:"The Harbour Gazette"']),
        ("sources tamsin", ["sources Cyclone Tamsin: Five dead and 1,200 houses destroyed in Saint Aveline"]),
        ("feeds p", ["feeds pause"]),
        ("sett", ["settings"]),
        ("now something", []),
    ],
)
async def test_what_is_typed_is_completed_by_what_fits_there(ask: Asker, line: str, offered: list[str]):
    talk = Conversation(ask.desk, ask.person, ask.channel, clock=lambda: ask.clock.at, ids=lambda: "q", attached=no_file)

    assert await talk.complete(line) == offered
