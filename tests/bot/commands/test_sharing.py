"""Answers are seen by the asker alone until they share one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.talk import LONGEST_ID, Buttons, Control, Picked, Pressed, Reply, Typed, control_id
from tests.bot.commands.conftest import Asker, shown

NOW = "20260312T073000"


def share(reply: Reply | None) -> Control | None:
    """The button that shares an answer."""
    rows = [part for part in reply.parts if isinstance(part, Buttons)] if reply else []
    return next((each for row in rows for each in row.controls if each.label == "Share"), None)


@pytest.mark.parametrize(
    "words", ["", "now topic:Health", "about ferry", "search storm since:monday", "story ferry", "sources ferry"]
)
async def test_a_pressed_share_shows_everybody_the_same_answer(ask: Asker, words: str):
    answer = await ask.reply(Typed(words))
    button = share(answer)
    assert answer is not None
    assert button is not None

    shared = await ask.reply(Pressed(button.id))

    assert shared is not None
    assert (answer.public, shared.public) == (False, True)
    without = shown(replace(shared, public=False))
    assert without == " ".join(_without_share(shown(answer)).split())


async def test_what_was_asked_an_hour_ago_is_shared_as_it_was_asked(ask: Asker):
    button = share(await ask.reply(Typed("now since:12h")))
    assert button is not None

    ask.clock.at += timedelta(hours=1)

    assert "Wed 20:30 – Thu 08:30" in await ask.press(button.id)


async def test_a_page_that_was_turned_to_is_what_is_shared(ask: Asker):
    story = (await ask.reply(Typed("story halvard"))) or Reply(())
    turned = await ask.reply(Pressed(next(part.on.id for part in story.parts if hasattr(part, "on") and part.on)))
    button = share(turned)
    assert button is not None

    assert "Page 2 of" in await ask.press(button.id)


async def test_what_came_as_options_is_shared_with_them(ask: Asker):
    button = share(await ask.reply(Picked("now", options={"topic": "Health"})))
    assert button is not None

    assert (await ask.press(button.id)).startswith("Health")


async def test_an_answer_that_is_shared_already_has_no_button_and_says_who_sees_it(ask: Asker):
    answer = await ask.reply(Typed("now share"))

    assert share(answer) is None
    assert shown(answer).endswith("In a channel everybody would see this answer.")


@pytest.mark.parametrize("words", ["help", "why ferry", "catchup", "follow", "schedule", "status", "search unicorns", "story"])
async def test_what_is_nobody_elses_business_and_what_is_no_answer_cannot_be_shared(ask: Asker, words: str):
    assert share(await ask.reply(Typed(words))) is None


async def test_a_question_too_long_for_a_button_is_answered_without_one(ask: Asker):
    words = "search " + " ".join(["storm"] * 19)

    answer = await ask.reply(Typed(words))

    assert "Halvard" in shown(answer)
    assert share(answer) is None
    assert len(words) > LONGEST_ID


@pytest.mark.parametrize(
    "made_up",
    [
        control_id("share", NOW, "t", "status"),
        control_id("share", NOW, "t", "why ferry"),
        control_id("share", NOW, "c", "settings"),
        control_id("share", NOW, "c", "share", NOW, "t", "now"),
        control_id("share", NOW, "c"),
        control_id("share", NOW),
        control_id("share", "yesterday", "t", "now"),
        control_id("share"),
    ],
)
async def test_a_made_up_button_shares_nothing(ask: Asker, made_up: str):
    answer = await ask.reply(Pressed(made_up))

    assert answer is not None
    assert not answer.public
    assert "another version of me" in shown(answer)


def _without_share(words: str) -> str:
    """What stands on the screen but for the button, which is the last."""
    front, found, back = words.rpartition("[")
    assert found
    assert back.endswith("] Share")
    return front


async def test_a_share_that_is_pressed_twice_is_shown_once(ask: Asker):
    button = share(await ask.reply(Typed("now topic:Health")))
    assert button is not None

    first, second = await ask.reply(Pressed(button.id)), await ask.reply(Pressed(button.id))

    assert first is not None
    assert second is not None
    assert (first.public, second.public) == (True, False)
    assert shown(second).startswith("You shared that in this channel a moment ago")
    again = share(await ask.reply(Typed("now topic:Health")))
    assert again is not None
    assert not (await ask.press(again.id)).startswith("You shared that")
