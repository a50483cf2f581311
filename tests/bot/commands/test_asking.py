"""What a reader asks: words, topics and times, and what they are told where there is nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.console.conversation import Conversation
from bot.model import Space
from bot.ports.topics import Topic
from bot.talk import Listing, Typed, control_id
from tests.bot.commands.conftest import Asker, shown
from tests.bot.commands.office import control, controls, listed, office, said
from tests.bot.newsdesk import DAY, EIGHT, article, store_articles


async def test_who_asks_for_words_is_told_of_them_whatever_they_muted(ask: Asker):
    before = await ask("about tamsin")
    await ask("mute tamsin")

    assert await ask("about tamsin") == before
    assert "Cyclone Tamsin" not in await ask("now since:monday")


async def test_a_time_without_its_since_is_read_as_one_where_no_topic_is_called_so(ask: Asker):
    def stories(answer: str) -> str:
        return answer.split("min ")[1][:300]

    assert stories(await ask("now monday")) == stories(await ask("now since:monday"))
    assert stories(await ask("now 3d")) == stories(await ask("now since:3d"))
    await ask.means.topics.add_topic(None, Topic("Monday", "ferry"), ask.clock.at)
    assert "ferry" in stories(await ask("now monday"))
    assert "dam" not in stories(await ask("now monday"))
    assert "I have no topic blue" in await ask("now blue")


async def test_what_a_person_follows_comes_first_for_them_alone_until_its_time_is_over(ask: Asker):
    first = (await ask("now")).split("min ")[1]

    await ask("follow Health for:1w")
    mine, others = await ask("now"), await ask.another("another")("now")
    ask.clock.at += timedelta(days=8)
    later = await ask("now since:2026-03-11T07:30Z until:2026-03-12T07:31Z")

    assert mine.split("min ")[1].startswith("Four schools in the Lower Aster valley")
    assert others.split("min ")[1][:40] == first[:40]
    assert "parliament will vote" in later.split("min ")[1][:60], "the wish has run out"


async def test_a_topic_of_which_all_is_muted_says_so(ask: Asker):
    assert "measles" in await ask("now topic:Health")
    await ask("mute Health")

    assert "1 story that you muted left out" in await ask("now topic:Health")


async def test_where_nothing_was_found_in_a_time_the_time_is_named(ask: Asker):
    assert "from 9 Mar 00:00 to 10 Mar 00:00 CET" in await ask("search tamsin since:monday until:monday")
    assert "from 9 Mar 00:00 to 10 Mar 00:00 CET" in await ask("about tamsin since:monday until:monday")
    assert "in the 90 days I keep" in await ask("search unicorns")


@pytest.mark.parametrize(
    "asked",
    ["search what happened yesterday in Brennhaven to unicorns", "about Brennhaven unicorns", "why unicorns in Brennhaven"],
)
async def test_of_a_question_that_nothing_holds_the_words_that_are_found_are_offered(ask: Asker, asked: str):
    assert "Looked for alone there is: [2] Brennhaven" in await ask(asked)
    assert "Looked for alone" not in await ask("search unicorns griffins")


async def test_what_begins_as_the_word_that_was_looked_for_is_one_press_away(ask: Asker):
    assert "No story mentions “vell”" in (none := await ask("search vell"))
    assert "Stories with a word that begins so: [2] vell*" in none
    assert "stories on vell*" in await ask.press("v1:search:vell%2A")
    assert "begins so" not in await ask("search storm")


async def test_who_names_no_topic_is_told_how_words_are_asked_for(ask: Asker):
    assert "Words need none: /digest about tamsin." in await ask("now tamsin")


async def test_a_source_that_is_not_there_is_answered_with_those_that_are(ask: Asker):
    assert "No source here is called Zzyzx News. There are: Aster Valley Herald, CPA, " in await ask(
        'search x source:"Zzyzx News"'
    )


async def test_a_page_may_be_named_as_browsers_show_it(ask: Asker):
    page = "www.vellholmcourier.example/news/2026/03/storm-halvard-west-coast"

    assert "Storm Halvard left 240,000 homes without power" in await ask(f"link {page}")
    for typed in ("link", "link storm", "link storm.", "link 10.0.0.1/x", "link ../x"):
        assert "Give me the address of a page" in await ask(typed), typed


@pytest.mark.parametrize("page", ["example.org?p=3", "example.org:8080/news", "example.org:8080", "example.org#top"])
async def test_a_port_or_a_query_behind_a_name_makes_it_no_less_a_page(ask: Asker, page: str):
    assert "Give me the address of a page" not in await ask(f"link {page}")


async def test_how_long_a_wish_holds_can_be_said_in_words(ask: Asker):
    assert "You don't see “storms” until 19 Mar" in await ask("mute storms for a week")


async def test_a_link_to_an_article_means_its_story_wherever_a_story_is_asked_for(ask: Asker):
    page = "https://www.vellholmcourier.example/news/2026/03/storm-halvard-west-coast"
    story = await ask(f"story {page}")

    assert "Halvard" in story
    assert await ask(f"about {page}") == await ask(f"search <{page}|the storm>") == story
    assert "The Vellholm Courier" in (await ask(f"sources {page}")) or "Vellholm Courier" in await ask(f"sources {page}")
    assert "I never fetched https://nowhere.example/x" in await ask("about https://nowhere.example/x")


async def test_who_follows_or_mutes_a_link_follows_or_mutes_its_story(ask: Asker):
    page = "https://www.vellholmcourier.example/news/2026/03/storm-halvard-west-coast"

    assert "You follow" in (followed := await ask(f"follow {page}"))
    assert "Halvard" in followed
    assert "https://" not in await ask("follow")
    assert "You no longer follow" in await ask(f"unfollow {page}")
    assert "Halvard" in await ask(f"mute {page}")
    for wish in ("follow", "mute"):
        refused = await ask(f"{wish} https://nowhere.example/x")
        assert refused.startswith("No story that is kept here has the page https://nowhere.example/x. Name what it is about")


async def test_all_that_somebody_follows_or_muted_is_taken_back_at_once_when_they_confirm_it(ask: Asker):
    for typed in ("mute storms", "mute Northwire", "follow Health"):
        await ask(typed)

    asked = await ask.reply(Typed("unmute everything"))
    assert asked is not None
    assert "You muted 2 things. Shall I show you all of it again?" in shown(asked)
    assert "You muted 2 things" in await ask("mute")
    assert await ask.press(control(asked, "Unmute")) == "You see everything again."
    assert "You muted nothing" in await ask("unmute all")
    assert "You follow 1 thing. Shall I end that?" in await ask("unfollow all!")


async def test_words_that_are_called_everything_are_taken_back_alone(ask: Asker):
    await ask("mute everything")
    await ask("mute storms")

    assert "You see “everything” again" in await ask("unmute everything")


async def test_the_next_page_of_a_search_is_of_the_same_words_and_the_same_time(tmp_path: Path):
    async with office(tmp_path, zone="UTC") as at:
        await at.stored(EIGHT - DAY, *range(60))
        await at.stored(EIGHT - 3 * DAY, *range(60, 120))

        first = await at.typed("search region -bridge since:36h")
        second = await at.pressed(control(first, "More"))

    assert listed(second).page == 2
    assert listed(second).pages == listed(first).pages
    assert "bridge" not in said(second)


async def test_a_page_that_there_is_not_is_said_and_the_last_is_shown(ask: Asker):
    assert "There is no page 2; this is the only one." in await ask("search storm page:2")
    assert "There is no page 7; this is the last, page 2." in await ask("catchup since:week page:7")
    assert "There is no page" not in await ask("catchup since:week page:2")


async def test_a_length_behind_now_needs_no_option_where_no_topic_is_called_so(ask: Asker):
    assert await ask("now short") == await ask("now length:short")
    assert await ask("now Health full?") == await ask("now topic:Health length:full")
    assert await ask("now topic:Health short") == await ask("now topic:Health length:short")
    await ask.means.topics.add_topic(None, Topic("Short", "ferry"), ask.clock.at)
    assert (await ask("now short")).startswith((await ask("now topic:Short"))[:20])


async def test_who_names_no_story_that_there_is_can_follow_the_words(ask: Asker):
    assert "[1] Follow" in await ask("story unicorns")
    assert "[1] Follow" in await ask("why unicorns")


async def test_a_catch_up_on_a_topic_holds_its_stories_alone_and_counts_as_no_visit(ask: Asker):
    health, everything = await ask("catchup topic:health"), await ask("catchup")

    assert "Port Selene" in everything
    assert "on Health posted here since" in health
    assert "measles" in health
    assert "Port Selene" not in health
    assert everything.startswith("11 stories posted here since")
    assert "I have no topic" in await ask("catchup topic:chips")


async def test_who_caught_up_is_not_told_the_same_again_however_many_pages_they_left_unread(ask: Asker):
    assert "Page 1 of 2" in await ask("catchup")
    later = await ask("catchup")

    assert later.startswith("Nothing was posted here since 12 Mar")
    assert "/digest catchup since:week" in later
    assert "Page 2 of 2" in await ask("catchup page:2")
    assert (await ask("catchup since:week")).startswith("11 stories posted here since")


async def test_the_pages_of_a_catch_up_go_on_from_where_the_first_began(ask: Asker):
    first = await ask.reply(Typed("catchup"))
    assert first is not None
    [listing] = [part for part in first.parts if isinstance(part, Listing)]
    assert listing.on is not None

    assert "Page 2 of 2" in await ask.press(listing.on.id)


async def test_what_an_answer_leaves_out_is_listed_whenever_it_is_asked_for(ask: Asker):
    answer = await ask.reply(Typed("now topic:Weather since:sunday length:short"))
    assert answer is not None
    button = control(answer, next(each.label for each in controls(answer) if each.label.startswith("Left out: ")))

    at_once = await ask.press(button)
    ask.clock.at += timedelta(hours=5)

    assert at_once.startswith("Left out of Weather, 8 Mar 00:00 to 12 Mar 08:30 CET")
    assert "comment" in at_once
    assert await ask.press(button) == at_once


async def test_what_an_answer_about_words_leaves_out_is_of_these_words_and_their_source(ask: Asker):
    answer = await ask.reply(Typed("about ferry -tug source:courier"))
    everything = await ask.reply(Typed("about ferry"))
    assert answer is not None
    assert everything is not None

    [left] = [each for each in controls(answer) if each.label.startswith("Left out: ")]

    assert "Left out of ferry, " in await ask.press(left.id)
    assert "The Harbour Gazette" not in shown(answer)
    assert "The Harbour Gazette" in shown(everything)
    assert "No source here is called nobody" in await ask("about ferry source:nobody")


async def test_a_made_up_way_to_what_was_left_out_shows_nothing(ask: Asker):
    noon, later = "20260311T120000", "20260312T120000"
    for made_up in (
        control_id("left-out", "-", "yesterday", later, ""),
        control_id("left-out", "-", later, noon, ""),
        control_id("left-out", "-", noon, later),
        control_id("left-out", "-", noon, later, "", ""),
    ):
        assert "I no longer have digest No. -" in await ask.press(made_up), made_up
    assert "I have no topic x" in await ask.press(control_id("left-out", "-", noon, later, "topic:x"))


async def test_how_much_somebody_muted_is_not_shown_where_everybody_looks_on(ask: Asker):
    await ask("mute tamsin")
    private = await ask.reply(Typed("now since:monday"))
    assert private is not None

    public = await ask("now since:monday share:yes")
    pressed = await ask.press(control(private, "Share"))

    assert "1 muted" in shown(private)
    assert "muted" not in public
    assert "muted" not in pressed
    assert "In a channel everybody would see this answer." in pressed


async def test_who_mutes_all_of_it_before_sharing_it_is_not_told_of_to_everybody(ask: Asker):
    private = await ask.reply(Typed("now topic:Health"))
    assert private is not None
    await ask("mute Health")

    assert "muted" not in await ask.press(control(private, "Share"))


@pytest.mark.slow
async def test_an_answer_of_the_newest_articles_alone_says_so_and_how_to_read_all(tmp_path: Path):
    async with office(tmp_path) as at:
        for batch in range(5):
            await at.stored(EIGHT - DAY, *range(100 * batch, 100 * batch + 100))

        newest, all_of_them = said(await at.typed("about region")), said(await at.typed("about tractors"))

    assert "Only the newest 500 articles were read; a later since: or another word reads all." in newest
    assert "Only the newest" not in all_of_them


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


@pytest.mark.parametrize("typed", ["why is this here?", "story what is it?", "sources of this"])
async def test_words_that_name_nothing_are_asked_back_and_not_looked_for(ask: Asker, typed: str):
    assert (await ask(typed)).startswith("Which story? Name it with a few of its words")


@pytest.mark.parametrize("typed", ["why the cyclone?", "why not cyclone?", "why is cyclone here"])
async def test_a_story_is_named_by_the_words_that_tell_something(ask: Asker, typed: str):
    assert await ask(typed) == await ask("why cyclone")


async def test_help_shows_a_topic_as_it_must_be_typed_and_a_word_that_is_found(ask: Asker):
    for topic in await ask.means.topics.topics(Space("console")):
        await ask.means.topics.remove_topic(None, topic.name)
    await ask.means.topics.add_topic(None, Topic("In focus", "cyclone"), ask.clock.at)

    text = await ask("help")

    assert '/digest now topic:"In focus"' in text
    word = re.search(r"/digest search (\S+)", text)
    assert word is not None
    assert "on " + word[1] in await ask(f"search {word[1]}")


async def test_help_shows_whole_words_and_no_stems(tmp_path: Path):
    async with office(tmp_path, zone="UTC") as at:
        await store_articles(
            at.store, EIGHT, article("bridge", "The bridge of Asterby reopens.", title="Asterby bridges reopen")
        )

        text = said(await at.typed("help"))

    assert "/digest about asterby or /digest search asterby" in text
    assert "follow asterby" in text


async def test_help_shows_nothing_that_cannot_be_typed_where_options_are_fields(ask: Asker):
    there = ask.elsewhere("discord:1/2").another("boss", admin=True)

    text = await there("help")

    assert "/digest now, alone or with the field topic: Health" in text
    assert not re.search(r"/digest`? or|topic:\S|share:|for:|since:|feeds,", text)
    assert re.search(r"/digest or .* topic:Health .* share:yes", await ask.elsewhere("slack:T1/C1")("help"))


@pytest.mark.parametrize("typed", ["about ferry", "search ferry", "story ferry"])
async def test_where_nothing_is_followed_no_question_is_said_to_be_wrong(tmp_path: Path, typed: str):
    async with office(tmp_path) as at:
        await at.store.remove_source("harbour")

        assert said(await at.typed(typed)).startswith("No feeds are followed here yet")
