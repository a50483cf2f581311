"""The desk: whatever is asked is answered in words, once, and only by whom it may."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands import table
from bot.commands.ask import Means
from bot.commands.desk import Desk
from bot.errors import StoreError
from bot.model import Space
from bot.ports.topics import EVERYWHERE, Place, Topic
from bot.store import SqlStore
from bot.talk import Picked, Typed, control_id
from digests.errors import QueryError
from tests.bot.commands.conftest import Asker, asked_of, shown
from tests.bot.commands.office import ADMIN, GUILD, office, said
from tests.bot.newsdesk import NEWS, article, store_articles
from tests.bot.store.making import HARBOUR


class Broken:
    """A part of the outside that fails as it is told; everything else of it works."""

    def __init__(self, part: Any, method: str, fault: BaseException | None) -> None:
        self._part, self._method, self._fault = part, method, fault

    def __getattr__(self, name: str) -> Any:
        return self._fails if name == self._method else getattr(self._part, name)

    async def _fails(self, *_: object, **__: object) -> object:
        if self._fault is None:
            await asyncio.Event().wait()
        raise self._fault or AssertionError


async def test_without_words_the_digest_of_today_is_shown(ask: Asker):
    assert await ask("") == (await ask("now"))


async def test_a_request_that_is_delivered_again_is_answered_once(ask: Asker):
    first = await ask.reply(Typed("mute storm"), name="q-same")
    again = await ask.reply(Typed("mute storm"), name="q-same")

    assert (first is None, again is None) == (False, True)


async def test_five_questions_at_once_of_one_person_are_all_answered(ask: Asker):
    replies = await asyncio.gather(*(ask(words) for words in ("now", "search storm", "catchup", "help", "story strike")))

    assert all(replies)
    assert not any("Something broke" in each for each in replies)


async def test_the_eleventh_question_of_a_minute_is_answered_with_when_to_ask_again(ask: Asker, means: Means):
    quick, begin = replace(ask, desk=Desk(means)).elsewhere("slack:T1/C1"), ask.clock.at
    for _ in range(10):
        await quick("help")
        ask.clock.at = begin

    assert await quick("help") == "That's 10 questions in a minute. Next one in 60 s."
    assert "What you can ask" in await quick.another("somebody else")("help")


async def test_in_the_terminal_as_much_may_be_asked_as_a_script_asks(ask: Asker, means: Means):
    script, begin = replace(ask, desk=Desk(means)), ask.clock.at
    for _ in range(30):
        assert "questions in a minute" not in await script("help")
        ask.clock.at = begin


@pytest.mark.parametrize(
    ("typed", "meant"), [("nwo", "now"), ("serach storm", "search"), ("HEPL!", "help"), ("catch-up", "catchup")]
)
async def test_a_command_that_was_nearly_typed_is_offered(ask: Asker, typed: str, meant: str):
    assert f"Did you mean /digest {meant}?" in await ask(typed)


@pytest.mark.parametrize(
    ("typed", "button", "control", "answer"),
    [
        ("serach tamsin", "[1] search tamsin", "v1:search:tamsin", "Cyclone Tamsin"),
        ("catchpu", "[1] catchup", "v1:missed", "posted here since"),
        ("hepl", "[1] help", "v1:help", "What you can ask"),
    ],
)
async def test_a_command_that_was_nearly_typed_is_one_press_away(
    ask: Asker, typed: str, button: str, control: str, answer: str
):
    assert button in await ask(typed)
    assert answer in await ask.press(control)


async def test_a_button_for_a_command_never_drops_the_words_behind_it(ask: Asker):
    assert "[1] Look for these words" in await ask("folow tamsin")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("catch up", "posted here since"), ("Forget me", "cannot be brought back"), ("un mute tamsin", "You haven't muted")],
)
async def test_a_command_may_be_written_in_two_words(ask: Asker, typed: str, answer: str):
    assert answer in await ask(typed)


@pytest.mark.parametrize("since", ["Monday?", "monday please", "Monday, please!"])
async def test_a_time_in_a_field_of_its_own_may_be_asked_for_politely(ask: Asker, since: str):
    assert shown(await ask.reply(Picked("now", "", {"since": since}))) == shown(
        await ask.reply(Picked("now", "", {"since": "monday"}))
    )


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("what's new today, please?", "now"),
        ("What happened?", "now"),
        ("Can you show me what happened yesterday?", "now since:yesterday until:yesterday"),
        ("what’s new this week", 'now since:"this week"'),
        ("any news in the last two days?", "now since:2d"),
        ("what happened on Monday?", "now since:monday until:monday"),
        ("news since monday", "now since:monday"),
        ("SEARCH for measles please?", "search measles"),
        ("find measles", "search measles"),
        ("search for?", "search"),
        ("look for measles yesterday", "search measles since:yesterday until:yesterday"),
        ("what happened in Brennhaven?", "about Brennhaven"),
        ("about what happened in Brennhaven?", "about Brennhaven"),
        ("search what's new about measles?", "search measles"),
        ("Hey! could you please give me a digest of measles in Brennhaven", "measles in Brennhaven"),
        ("digest about measles", "about measles"),
        ("digest", "now"),
        ("🙂 search measles", "search measles"),
        ("search measles :smile:", "search measles"),
        ("search measles <:ours:123456>", "search measles"),
        ("share about measles", "about measles share:yes"),
        ("who reported the measles?", "sources measles"),
        ("list feeds", "feeds list"),
        ("remove feed northwire", "feeds remove northwire"),
        ("schedule delete", "schedule remove"),
        ("what can you do?", "help"),
    ],
)
async def test_a_question_as_people_ask_it_is_the_command_that_it_means(ask: Asker, typed: str, means: str):
    assert await ask(typed) == await ask(means)


@pytest.mark.parametrize("typed", ["🙂", ":wave:", "👍🏽 🎉", "!!!", "…"])
async def test_what_holds_no_word_is_no_command_of_an_empty_name(ask: Asker, typed: str):
    assert await ask(typed) == "I see no words in that. /digest help shows what you can ask. [1] Today's digest"


@pytest.mark.parametrize("typed", ["hi " * 600, "digest " * 250, "can you show me " * 120, ":wave: " * 250])
async def test_politeness_without_end_is_answered_in_words(ask: Asker, typed: str):
    assert "Something broke" not in await ask(typed)


@pytest.mark.parametrize("typed", ["settings zone:Berlin", "help share:yes", "status page:2", "setup topic:World"])
async def test_an_option_behind_a_command_that_takes_nothing_is_not_answered_with_words(ask: Asker, typed: str):
    option = typed.split()[1].partition(":")[0]

    assert await ask(typed) == f"I take no {option}: here. I take nothing behind it."


async def test_a_question_mark_asks_for_help(ask: Asker):
    assert await ask("?") == await ask("help")


async def test_words_that_are_no_command_fall_into_none_and_can_be_looked_for(ask: Asker):
    reply = await ask("measles in Brennhaven")

    assert "I don't know the command measles" in reply
    assert "[1] Look for these words [2] Today's digest" in reply
    assert "Brennhaven hospital" in await ask.press("v1:about:measles%20Brennhaven")


async def test_typed_options_come_apart_or_together_and_mean_the_same(ask: Asker):
    together = await ask("search measles since:yesterday")
    apart = shown(await ask.reply(Picked("search", "measles", {"since": "yesterday", "source": ""})))

    assert apart == together


async def test_a_value_of_an_option_cannot_bring_another_option(ask: Asker):
    reply = shown(await ask.reply(Picked("now", "", {"topic": 'x" share:yes "'})))

    assert "I have no topic" in reply


async def test_what_takes_more_than_the_limit_is_stopped_and_said_with_a_reference(ask: Asker, means: Means):
    stuck = Desk(replace(means, store=Broken(means.store, "search", None)), longest_s=0.01)

    reply = await replace(ask, desk=stuck)("search storm")

    assert "and I stopped" in reply
    assert "Reference d-" in reply


async def test_a_fault_of_ours_is_said_without_its_text(ask: Asker, means: Means, capsys: pytest.CaptureFixture[str]):
    broken = Desk(replace(means, store=Broken(means.store, "search", ZeroDivisionError("inner /secret"))))

    reply = await replace(ask, desk=broken)("search storm")

    assert "Something broke on my side; nothing was posted. Reference d-" in reply
    assert "secret" not in reply


async def test_what_breaks_behind_share_is_a_bug_and_no_old_button(ask: Asker, means: Means):
    broken = Desk(replace(means, store=Broken(means.store, "search", ValueError("inner /secret"))))

    reply = await replace(ask, desk=broken).press(control_id("share", "20260312T073000", "t", "search storm"))

    assert "Something broke on my side; nothing was posted. Reference d-" in reply


async def test_a_share_whose_topic_is_gone_says_which(ask: Asker):
    assert "I have no topic Gardens" in await ask.press(control_id("share", "20260312T073000", "t", "now topic:Gardens"))


async def test_what_keeps_a_wish_from_being_put_back_is_said(ask: Asker, means: Means):
    full = QueryError("You have 200 wishes; that is the most.")
    crowded = Desk(replace(means, people=Broken(means.people, "set_wish", full)))

    reply = await replace(ask, desk=crowded).press(control_id("put-back", "mute", "words", "storm", "follow", ""))

    assert reply == str(full)


async def test_an_archive_that_cannot_be_used_is_said(ask: Asker, means: Means):
    broken = Desk(replace(means, people=Broken(means.people, "take", StoreError("The database is locked."))))

    assert "My archive cannot be used just now" in await replace(ask, desk=broken)("help")


async def test_a_control_of_another_version_says_so(ask: Asker):
    for control in ("v9:story:s-1", "v1:unknown:x", "nonsense", "v1:story", "v1:put-back:x:y:z"):
        reply = await ask.press(control)
        assert "That button is from another version" in reply or "That story is gone" in reply, control


MADE_UP = (
    (),
    ("",),
    ("x",),
    ("nonsense", "x"),
    ("story", "no id"),
    ("source", "x" * 60),
    ("words", "*"),
    ("s-0000", "999999999999"),
    ("x", "yes", "slack:T9/C9"),
    ("-", "-1", "20260311T120000"),
    ("follow", "words", "x", "follow", "2026-01-01"),
    ("follow", "words", "x", "mute", "9999-12-31T23:59:59+00:00"),
    ("20269999T000000", "t", "now"),
    ("20260311T120000", "20260399T120000", "-", "x:y"),
)


@pytest.mark.parametrize("action", sorted(table.ACTIONS))
async def test_a_made_up_control_is_answered_in_words_whatever_stands_in_it(ask: Asker, action: str):
    for arguments in MADE_UP:
        assert "Something broke" not in await ask.press(control_id(action, *arguments), "picked", "s-0000"), arguments


async def test_to_follow_what_cannot_be_followed_is_another_versions_button(ask: Asker):
    for control in ("v1:follow:nonsense:x", "v1:mute:story:no%20id", "v1:unfollow:source", "v1:unmute:nonsense"):
        assert "That button is from another version" in await ask.press(control), control
    assert await ask("follow") == await ask.another("nobody")("follow"), "nothing is followed"


async def test_a_story_of_another_space_is_answered_as_one_that_is_not_there(ask: Asker, store: SqlStore):
    for each in await store.sources():
        await store.topics.unfollow(each.source.id, EVERYWHERE)
    await store.topics.follow(HARBOUR, Place(Space("slack", "T1")), ask.clock.at)
    quay = article("quay", "The quay of Corley burned down on Wednesday. Nobody was hurt.", published_at=ask.clock.at)
    await store_articles(store, ask.clock.at, quay, stories={quay.article.id: "s-quay"})

    there, here = ask.elsewhere("slack:T1/C1"), ask.elsewhere("slack:T2/C1")

    assert "The quay of Corley burned down" in await there("story s-quay")
    assert "The quay of Corley burned down" in await there("search quay")
    assert "I have no story s-quay" in await here("story s-quay")
    assert "That story is gone" in await here.press("v1:story:1", "s-quay")
    assert "No feeds are followed here" in await here("now")
    assert "No feeds are followed here" in await here("search quay")
    assert "No feed that is followed here listed it" in await here(f"why {quay.article.url}")
    assert await here.desk.offers(here.channel, "story", "quay", here.clock.at) == []


@pytest.mark.parametrize(
    "typed",
    [
        "about " + "x" * 10_000,
        "about \u202eevil\u202c\x00",
        "follow <!channel> *bold* [x](http://a.example)",
        "about @everyone",
        "search since:2016-01-01 until:2026-03-01 storm",
        "search storm since:2026-02-30",
        "link /etc/passwd",
        "link file:///etc/passwd",
        "why ../../secret",
        "story s-0000",
        "now topic:" + "y" * 300,
        "mute ''",
        "follow -",
        "search -",
        "search *",
        '"',
        "🙂",
    ],
)
async def test_bad_input_is_answered_in_a_sentence_that_says_what_to_do(ask: Asker, typed: str):
    reply = await ask(typed)

    assert reply
    assert "Something broke" not in reply
    assert "\u202e" not in reply
    assert len(reply) < 5_000


@pytest.fixture
def lived_desk(lived: Path, tmp_path: Path) -> Iterator[tuple[asyncio.Runner, Asker]]:
    """A desk and the loop that it lives in, for tests that are no coroutines."""
    with asyncio.Runner() as runner:
        opened = asked_of(lived, tmp_path)
        ask = runner.run(opened.__aenter__())
        yield runner, ask
        runner.run(opened.__aexit__(None, None, None))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.text(max_size=60))
def test_no_text_breaks_the_desk(lived_desk: tuple[asyncio.Runner, Asker], words: str):
    runner, ask = lived_desk

    reply = runner.run(ask(words))

    assert "Something broke" not in reply


async def test_what_is_to_be_typed_is_spelled_as_on_the_platform(tmp_path: Path) -> None:
    async with office(tmp_path, prefixes={"discord": ("/ask", "/rule")}) as at:
        assert "/rule setup" in said(await at.typed("help", ADMIN, GUILD))
        assert "/ask about" in said(await at.typed("help", ADMIN, GUILD))
        assert "/rule schedule" in said(await at.typed("shedule", ADMIN, GUILD))
        assert "/digest setup" in said(await at.typed("help", ADMIN, NEWS))


@pytest.mark.parametrize(
    ("typed", "like"),
    [
        ("Help?", "help"),
        ("please help", "help"),
        ("Search tamsin, please!", "search tamsin"),
        ("schedule list?", "schedule list"),
        ("today", "now"),
        ("What's new?", "now"),
        ("yesterday", "now since:yesterday until:yesterday"),
        ("since:yesterday", "now since:yesterday"),
        ("since yesterday", "now since:yesterday"),
        ("topic:Weather", "now topic:Weather"),
        ("now topic:public health", 'now topic:"public health"'),
    ],
)
async def test_what_people_type_who_have_not_read_the_help_is_understood(ask: Asker, typed: str, like: str):
    await ask.means.topics.add_topic(None, Topic("Public health", "measles"), ask.clock.at)
    ask.clock.at = at = ask.clock.at
    asked = await ask(typed)
    ask.clock.at = at

    assert asked == await ask(like)


async def test_an_option_without_its_command_is_asked_back_when_it_is_misspelt(ask: Asker):
    assert "did you mean since:?" in await ask("sicne:yesterday")


async def test_on_discord_too_politeness_is_not_searched_for(ask: Asker):
    assert "Cyclone Tamsin" in shown(await ask.reply(Picked("search", "Tamsin, please?")))


@pytest.mark.parametrize("typed", ["Hi! What's new about Tamsin, please?", "news on tamsin", "tell me about tamsin"])
async def test_a_whole_question_is_one_about_its_words(ask: Asker, typed: str):
    assert "Cyclone Tamsin" in await ask(typed)
