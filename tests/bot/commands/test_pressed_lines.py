"""Who presses a line reads on under that line, though the story is told by another one meanwhile."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands.completion import STORY
from bot.deliver import deliver
from bot.model import Space
from bot.ports.people import Sort
from bot.publish import publish_due
from bot.talk import Picked, control_id, story_under
from digests.model import Also, StoryDigest
from tests.bot.commands.office import READER, Office, control, office, said
from tests.bot.newsdesk import DAY, EIGHT, NEWS, article, store_articles

HOUR = timedelta(hours=1)
BILL = "Parliament of Corley to vote on the dam safety bill"
CHARGES = "Prosecutors in Asterby charge the manager of the dam with neglect"


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Office]:
    """A story that was posted under one headline, and that a later report of it leads now."""
    async with office(tmp_path) as opened:
        await opened.subscribed()
        opened.clock.now = EIGHT - HOUR
        first = article("bill", f"{BILL} on Friday, its speaker said. Members had asked for it.", title=BILL)
        await store_articles(opened.store, opened.clock.now, first, stories={first.article.id: "s-dam"})
        opened.clock.now = EIGHT
        await publish_due(opened.store.ledger, opened.store, opened.serving, EIGHT, "bot")
        await deliver(opened.store.ledger, opened.serving, lambda: EIGHT, "bot")
        opened.clock.now = EIGHT + HOUR
        text = f"{CHARGES}, leaving 12 people dead, a court said on Monday. The manager denied it."
        later = article("charges", text, title=CHARGES, published_at=EIGHT + HOUR)
        await store_articles(opened.store, opened.clock.now, later, stories={later.article.id: "s-dam"})
        yield opened


async def posted(at: Office) -> StoryDigest | Also:
    """The only story of the only digest."""
    [digest] = [each.digest for each in await at.store.ledger.posted(NEWS, EIGHT - DAY)]
    return digest.stories[0] if digest.stories else digest.also[0]


async def test_a_story_of_a_post_opens_under_the_headline_that_was_picked(at: Office):
    story = await posted(at)
    plain = said(await at.pressed("v1:story:1", READER, NEWS, story.id))
    more = await at.pressed("v1:story:1", READER, NEWS, story_under(story.id, story.title))

    assert story.title.startswith("Parliament")
    assert CHARGES in plain, "the story is told by its later report now"
    assert story.title in said(more)
    assert CHARGES not in said(more)
    for label in ("Timeline", "All sources", "Why?"):
        led = said(await at.pressed(control(more, label), READER))
        assert re.match(rf"(Sources of |Why )?{story.title}", led), "and it leads on under it"
    assert f"told as “{CHARGES}" in said(await at.pressed(control(more, "Why?"), READER))
    assert "Muted" not in said(await at.pressed(control(more, "Mute"), READER))
    assert "1 story that you muted" in said(await at.typed("now", READER)), "it is the story that is muted"


async def test_a_line_of_a_catch_up_opens_under_what_it_says(at: Office):
    missed = await at.typed("catchup", READER)

    opened = said(await at.pressed(control(missed, "Open"), READER))

    assert opened.startswith("Parliament of Corley")
    assert CHARGES in opened, "its timeline is that of the whole story"


async def test_a_line_of_what_was_left_out_is_explained_by_its_name(at: Office):
    again = story_under("s-dam", BILL)

    why = said(await at.pressed(control_id("why", again), READER))

    assert why.startswith(f"Why {BILL}")
    assert "Date · Mon 14 Oct · day of its report; the text gives none" in why


async def test_a_line_that_the_story_no_longer_has_opens_it_under_its_own(at: Office):
    for gone in (story_under("s-dam", "Nobody says so any more"), "s-dam.", "s-dam.zzz.y", "s-dam.\x00"):
        assert said(await at.pressed(control_id("timeline", gone), READER)).startswith(CHARGES)


async def test_a_story_that_only_headlines_tell_has_the_day_of_their_reports(at: Office):
    told = [
        article("one", "They were not there at all.", title="Gunmen kill nine at a market in Vellholm", outlet="Tern"),
        article("two", "It was over soon, and then it began again.", title="Nine killed at Vellholm market", outlet="Gull"),
    ]
    await store_articles(at.store, at.clock.now, *told, stories={each.article.id: "s-market" for each in told})

    why, found = said(await at.typed("why s-market")), said(await at.typed("search vellholm"))

    assert "no publication date found" not in why
    assert "Date · Mon 14 Oct · day of its report" in why
    assert "14 Oct" in found
    assert "stored" not in found


async def test_a_link_leads_to_its_story_under_its_own_headline(at: Office):
    sources = said(await at.typed("sources https://harbour.example/bill", READER))
    days = said(await at.typed("story https://www.harbour.example/bill/", READER))

    assert sources.startswith(f"Sources of {BILL}")
    assert CHARGES in sources
    assert days.startswith(BILL)
    never = said(await at.typed("sources https://harbour.example/other", READER))
    assert "I never fetched https://harbour.example/other" in never
    assert "Digest this link" in never


async def test_a_story_that_was_picked_while_typing_is_answered_under_what_was_picked(at: Office):
    teaser = "What we know so far of the dam of Corley"
    at.clock.now += HOUR
    newest = article("newest", "It was asked for in spring.", title=teaser, published_at=at.clock.now)
    await store_articles(at.store, at.clock.now, newest, stories={newest.article.id: "s-dam"})

    [(label, value)] = await at.desk.offers(NEWS, STORY, "what we know", at.clock.now + HOUR)
    answers = [said(await at.asked(Picked(command, value), READER)) for command in ("story", "why", "sources")]

    assert said(await at.typed("story s-dam")).startswith(CHARGES)
    assert label == teaser
    assert all(re.match(rf"(Sources of |Why )?{teaser}", each) for each in answers)
    await at.asked(Picked("follow", value), READER)
    [wish] = await at.store.people.wishes(Space.of(NEWS), READER.id, at.clock.now)
    assert (wish.thing.sort, wish.thing.name) == (Sort.STORY, "s-dam")
