"""What the desk says over days: after digests were posted, after a restart, after a source changed its mind."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands.desk import Desk
from bot.deliver import deliver
from bot.publish import publish_due
from bot.store import SqlStore
from bot.talk import Form, Pressed, Reply, Shown, Typed
from digests.model import Digest
from digests.render.layout import words as layout_words
from tests.bot.commands.conftest import Asker
from tests.bot.commands.office import READER, Office, control, form_of, listed, office, said
from tests.bot.newsdesk import DAY, EIGHT, NEWS, SPORT, article, event, mark, revise_articles, store_articles

HOUR = timedelta(hours=1)


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as opened:
        yield opened


def digest_of(reply: Reply) -> Digest:
    [shown] = [part.digest for part in reply.parts if isinstance(part, Shown)]
    return shown


def ids(digest: Digest) -> set[str]:
    return {each.id for each in digest.stories} | {each.id for each in digest.also}


async def morning(at: Office) -> None:
    """What is due, made and delivered."""
    await publish_due(at.store.ledger, at.store, at.serving, at.clock.now, "bot")
    await deliver(at.store.ledger, at.serving, lambda: at.clock.now, "bot")


# A catch-up


async def test_after_ten_days_away_each_story_stands_once_with_its_latest_number(at: Office) -> None:
    await at.subscribed()
    await at.typed("catchup", READER)
    for day in range(1, 11):
        at.clock.now = EIGHT + day * DAY - HOUR
        await store_articles(at.store, at.clock.now, event(day, at.clock.now))
        if day % 3 == 1:  # four times, each time with more homes
            text = f"The storm in Ashby cut the power of {30 + 5 * day},000 homes on the coast. Crews worked all night."
            told = article(f"storm {day}", text, title=f"Storm in Ashby, day {day}", published_at=at.clock.now)
            await store_articles(at.store, at.clock.now, told, stories={told.article.id: "s-storm"})
        at.clock.now = EIGHT + day * DAY
        await morning(at)

    first = await at.typed("catchup", READER)
    both = [first, await at.pressed(control(first, "More"), READER)]

    rows = [row for reply in both for row in listed(reply).rows]
    text = "".join(map(said, both))
    assert said(first).startswith("11 stories posted here since 14 Oct 10:00, in 10 digests")
    assert len(rows) == 11
    assert all(text.count(mark(day)) == 1 for day in range(1, 11))
    assert re.findall(r"(\d+),000 homes", text) == ["80"], "the latest number alone"
    assert said(await at.typed("catchup", READER)).startswith("Nothing was posted here since")


# What was left out


async def test_what_a_posted_digest_left_out_is_listed_story_by_story_with_why(at: Office) -> None:
    await at.subscribed()
    await at.stored(EIGHT - HOUR, *range(40))
    await morning(at)
    [posted] = await at.store.ledger.posted(NEWS, EIGHT - DAY)
    [capped] = [each.stories for each in posted.digest.left_out if each.kind == "capped"]

    reply = await at.pressed("v1:left-out:1", READER)

    text = said(reply)
    assert text.startswith("Left out of No. 1")
    assert f"no room: {len(capped)}" in text
    assert all(each.title in text for each in capped[:20])
    assert "left out of No. 1" in said(await at.pressed(control(reply, "Why?"), READER))
    for forgotten in ("v1:left-out:7", "v1:left-out:-", "v1:left-out", "v1:left-out:99999999999"):
        assert "I no longer have digest No." in said(await at.pressed(forgotten, READER))


# Why, and what the setting that it names does


async def test_why_weighs_a_story_that_was_posted_here_as_the_next_digest_does(at: Office) -> None:
    await at.subscribed()
    await at.stored(EIGHT - HOUR, 1)

    before = said(await at.typed(f"why {mark(1)}"))
    await morning(at)
    after = said(await at.typed(f"why {mark(1)}"))

    assert "told before" not in before
    assert "told before 1 × 0.1" in after


async def test_the_length_that_why_names_brings_the_story_once_it_is_changed(at: Office) -> None:
    await at.stored(EIGHT - HOUR, *range(40))
    await at.subscribed()
    before = digest_of(await at.typed("preview"))
    [capped] = [each.stories for each in before.left_out if each.kind == "capped"]

    await _decided(at, capped[0].id, "length")


async def test_the_topic_that_why_names_brings_the_story_once_it_is_changed(at: Office) -> None:
    await at.stored(EIGHT - HOUR, 1, 2)
    await at.subscribed(topic="hospital")

    await _decided(at, f"s-{event(1).article.id[:8]}", "topic")


async def test_the_pause_that_why_names_brings_the_story_once_it_has_ended(at: Office) -> None:
    await at.stored(EIGHT - HOUR, 1)
    await at.subscribed()
    await at.typed("schedule pause")

    name = f"s-{event(1).article.id[:8]}"
    assert "Decided by: its pause" in said(await at.typed(f"why {name}"))
    await at.typed("schedule resume news")

    assert "comes with News" in said(await at.typed(f"why {name}"))
    assert name in ids(digest_of(await at.typed("preview")))


async def _decided(at: Office, story: str, setting: str) -> None:
    """That the setting decides, and that what is said to be typed makes the story come."""
    told = said(await at.typed(f"why {story}"))
    assert f"Decided by: its {setting};" in told
    assert story not in ids(digest_of(await at.typed("preview")))
    [command] = re.findall(r"; /digest (schedule edit .+) shows", told)

    await at.typed(command)

    assert story in ids(digest_of(await at.typed("preview")))
    assert "comes with News" in said(await at.typed(f"why {story}"))


# Controls, later


async def test_every_control_is_good_after_a_restart(ask: Asker) -> None:
    first = await ask.reply(Typed("story halvard"))
    assert first is not None
    again = replace(ask, desk=Desk(ask.means))

    for label in ("All sources", "Why?", "Follow", "Mute", "Something is wrong", "Share", "More"):
        reply = await again.reply(Pressed(control(first, label)))
        assert reply is not None
        assert "another version" not in said(reply), label
        assert "Something broke" not in said(reply), label


async def test_a_control_of_a_story_that_was_forgotten_says_so(ask: Asker, store: SqlStore) -> None:
    first = await ask.reply(Typed("story halvard"))
    assert first is not None
    name = control(first, "Why?").rpartition(":")[2]

    await store.prune(ask.clock.at + DAY)

    for label in ("All sources", "Why?"):
        assert f"I have no story {name}: it is older than the 90 days I keep" in await ask.press(control(first, label))
    assert "That story is gone" in await ask.press(control(first, "Something is wrong"))
    assert "That story is gone" in await ask.press("v1:story:4", name)


# Corrected


async def test_what_a_source_took_back_is_never_answered_as_if_it_stood(at: Office) -> None:
    await at.stored(EIGHT - HOUR, 10)
    wrong = event(10).article
    text, title = (each.replace("12 million", "21 million") for each in (wrong.text, wrong.title))
    revised = article("event 10", text, title=title)
    assert "12 million" in said(await at.typed(f"about {mark(10)}"))

    await revise_articles(at.store, at.clock.now, revised)

    for command in ("about", "story", "search"):
        reply = said(await at.typed(f"{command} {mark(10)}"))
        assert "21 million" in reply, command
        assert "12 million" not in reply, command
        assert "No story mentions" in said(await at.typed(f'{command} "12 million"')), command


# Something is wrong


def options(form: Form) -> tuple[tuple[str, str], ...]:
    """The claims that a form offers, each with what it is called."""
    return next(each.options for each in form.fields if each.name == "which")


async def test_a_report_goes_to_the_channel_for_notices_with_the_line_and_the_sentence_of_its_source(at: Office) -> None:
    await at.stored(EIGHT - HOUR, 10)
    await at.filled(form_of(await at.typed("settings")), notices="C2")
    form = form_of(await at.pressed(f"v1:wrong:s-{event(10).article.id[:8]}", READER))

    thanks = said(await at.filled(form, READER, what="fact", which=options(form)[0][0], note="It was 21."))
    await deliver(at.store.ledger, at.serving, lambda: at.clock.now, "bot")

    assert "The admins were told" in thanks
    [(channel, notice)] = [(each.channel, str(each.payload)) for each in at.adapter.posted]
    assert channel == SPORT
    for part in ("Wrong fact", "It was 21.", event(10).article.text.split(". ")[0], "https://harbour.example/event"):
        assert part in notice


async def test_what_was_picked_is_told_though_the_story_has_grown_meanwhile(at: Office) -> None:
    story = {event(10).article.id: "s-mill"}
    await store_articles(at.store, EIGHT - HOUR, event(10), stories=story)
    await at.filled(form_of(await at.typed("settings")), notices="C2")
    form = form_of(await at.pressed("v1:wrong:s-mill", READER))
    sooner = article("sooner", "The council of Elstow sent its captain home on Friday.", published_at=EIGHT - 9 * DAY)
    await store_articles(at.store, EIGHT, sooner, stories={sooner.article.id: "s-mill"})

    await at.filled(form, READER, what="fact", which=options(form)[0][0])
    await deliver(at.store.ledger, at.serving, lambda: at.clock.now, "bot")

    [notice] = [str(each.payload) for each in at.adapter.posted]
    assert options(form)[0][1].rstrip("…. ") in notice
    assert "captain" not in notice
    assert options(form_of(await at.pressed("v1:wrong:s-mill", READER)))[0][1].startswith("The council of Elstow")


async def test_what_a_reader_adds_is_in_the_log_where_no_channel_hears_of_it(at: Office, lines: io.StringIO) -> None:
    await at.stored(EIGHT - HOUR, 10)
    form = form_of(await at.pressed(f"v1:wrong:s-{event(10).article.id[:8]}", READER))

    thanks = said(await at.filled(form, READER, what="date", note="It was Monday."))

    assert "goes to the operator" in layout_words(form.intro)
    assert form.submit == "Tell the operator"
    assert "operator's log" in thanks
    assert 'note="It was Monday."' in lines.getvalue()


async def test_nobody_is_told_that_a_line_was_passed_on_who_named_none(at: Office) -> None:
    await at.stored(EIGHT - HOUR, 10)
    await at.filled(form_of(await at.typed("settings")), notices="C2")
    form = form_of(await at.pressed(f"v1:wrong:s-{event(10).article.id[:8]}", READER))

    assert said(await at.filled(form, READER, what="date")).strip() == "Thank you. The admins were told of the story."


async def test_of_more_stories_than_are_offered_it_is_not_said_that_these_are_all(at: Office) -> None:
    await at.stored(EIGHT - HOUR, *range(14))

    assert said(await at.typed("story region")).startswith("More than 10 stories have these words; here are 10 of them.")
