"""A preview is exactly what would be posted, and leaves everything as it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import IfNothing
from bot.ports.topics import Place
from bot.publish import publish_due
from bot.talk import Choices, Reply, Shown
from digests.model import Digest
from digests.render.layout import words
from tests.bot.commands.office import ADMIN, GUILD, Office, control, form_of, office, said
from tests.bot.newsdesk import EIGHT, NEWS, SPORT, mark
from tests.bot.store.making import VALLEY
from tests.fakes import Serving

HOUR = timedelta(hours=1)


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as opened:
        yield opened


def shown(reply: Reply) -> tuple[Digest, str]:
    [found] = [each for each in reply.parts if isinstance(each, Shown)]
    return found.digest, words(found.note)


def titles(digest: Digest) -> set[str]:
    return {each.title for each in digest.stories} | {each.title for each in digest.also}


async def test_a_preview_is_what_is_posted_next_and_posts_nothing(at: Office) -> None:
    await at.subscribed()
    await at.stored(EIGHT - HOUR, 1, 2)

    first, note = shown(await at.typed("preview"))
    again, _ = shown(await at.typed("preview news"))
    nothing = (await at.store.ledger.runs(), await at.store.ledger.deliveries(), at.adapter.posted)
    await publish_due(at.store.ledger, at.store, Serving(at.adapter), at.clock.now, "bot")
    [message] = await at.store.ledger.deliveries()

    assert note == "PREVIEW of News in this channel; nothing was sent."
    assert titles(first) == titles(again)
    assert len(titles(first)) == 2
    assert nothing == ([], [], [])
    assert all(title in str(message.payload["text"]) for title in titles(first))


async def test_what_was_posted_here_is_in_no_preview(at: Office) -> None:
    await at.subscribed()
    await at.stored(EIGHT - HOUR, 1)
    await at.typed("schedule run")
    await at.stored(at.clock.now + timedelta(seconds=1), 2)

    digest, _ = shown(await at.typed("preview"))

    assert [mark(2) in each for each in titles(digest)] == [True]


async def test_of_several_subscriptions_one_is_picked(at: Office) -> None:
    await at.subscribed("news")
    await at.subscribed("late", at=(18,))

    which = await at.typed("preview")
    [menu] = [each for each in which.parts if isinstance(each, Choices)]
    reply = await at.pressed(menu.id, ADMIN, NEWS, menu.options[1].id)

    assert shown(reply)[1].startswith("PREVIEW of Late")
    assert "Posted next: Mon 14 Oct 18:00 UTC" in said(reply)


async def test_a_silent_subscription_with_nothing_new_says_that_nothing_would_be_posted(at: Office) -> None:
    await at.subscribed(if_nothing=IfNothing.SILENT)

    assert "Nothing would be posted: it stays silent when there is nothing new." in shown(await at.typed("preview"))[1]


async def test_a_paused_one_says_that_nothing_of_it_is_posted(at: Office) -> None:
    await at.subscribed()
    await at.typed("schedule pause")

    assert "Nothing of it is posted: paused." in said(await at.typed("preview"))


async def test_without_a_subscription_the_last_day_of_what_is_followed_here_is_shown_and_how_to_go_on(at: Office) -> None:
    await at.subscribed("goals", SPORT)
    await at.follows(VALLEY, Place.of(GUILD))
    await at.stored(EIGHT - 30 * HOUR, 1)
    await at.stored(EIGHT - 20 * HOUR, 2)

    reply = await at.typed("preview")

    digest, note = shown(reply)
    assert note.startswith("PREVIEW of a new schedule in this channel")
    assert [mark(2) in each for each in titles(digest)] == [True]
    assert digest.next_run is None
    assert 'Begin with /digest schedule add at:"daily 08:00".' in said(reply)
    assert form_of(await at.pressed(control(reply, "New schedule"))).id == "v1:schedule-add"
    assert len(await at.store.ledger.subscriptions()) == 1


async def test_where_nothing_is_followed_there_is_nothing_to_preview(at: Office) -> None:
    await at.store.remove_source("harbour")

    assert "No feeds are followed here yet" in said(await at.typed("preview"))


async def test_a_subscription_of_another_place_is_not_shown(at: Office) -> None:
    await at.subscribed("mine")
    await at.subscribed("goals", SPORT)
    await at.subscribed("foreign", GUILD)

    for name in ("goals", "foreign"):
        reply = await at.typed(f"preview {name}")
        assert f"No schedule of this channel is called {name}." in said(reply)
        assert said(await at.pressed(f"v1:preview:{name}")) == said(reply)
