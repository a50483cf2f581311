"""Outlets as readers see them: what stands behind a fact can be muted, followed and asked for by that name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.collect import collect
from bot.commands.completion import SOURCE
from bot.grouping import Grouping
from bot.model import Fetched
from digests.model import Source
from tests.bot.commands.office import READER, Office, office, said
from tests.bot.newsdesk import EIGHT, NEWS
from tests.fakes import FakeFetcher, InlineReader

WORLD, SPORT = "https://tern.example/world", "https://tern.example/sport"
NEWS_OF = {
    WORLD: "Parliament of Brennhaven approves a bridge across the Aster for 12 million crowns",
    SPORT: "Rowing club of Vellholm wins the regatta of Corley for the fourth time in a row",
}
FEED = """<rss version="2.0"><channel><title>The Tern Wire | {section}</title><item><guid>{section}</guid>
<title>{title}</title><link>{address}/1</link><pubDate>Mon, 14 Oct 2024 06:00:00 GMT</pubDate>
<description>{title}, the club and the council said on Monday.</description></item></channel></rss>"""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    """A place that follows two feeds of one paper, to which nobody gave a name; both were read."""
    async with office(tmp_path) as made:
        answers = {
            each: Fetched(each, 200, FEED.format(section=each[-5:], title=NEWS_OF[each], address=each).encode())
            for each in (WORLD, SPORT)
        }
        for each in answers:
            await made.store.add_source(Source(each[-5:], "feed", each, ""), now=EIGHT)
        await collect(made.store, FakeFetcher(answers), InlineReader(), EIGHT, sources=["world", "sport"], grouping=Grouping())
        made.clock.now = EIGHT
        yield made


async def test_an_outlet_that_is_muted_is_not_seen_whatever_feed_of_it_brings_the_news(desk: Office):
    before = said(await desk.typed("now", READER))

    muted = said(await desk.typed("mute the tern wire", READER))
    after = said(await desk.typed("now", READER))

    assert "The Tern Wire" in before
    assert "bridge across the Aster" in before
    assert "regatta" in before
    assert "You don't see the source The Tern Wire for good" in muted
    assert "bridge across" not in after
    assert "regatta" not in after
    assert "2 stories that you muted" in after


async def test_an_outlet_is_asked_for_by_the_name_that_stands_behind_its_facts(desk: Office):
    assert "bridge across the Aster" in said(await desk.typed('about brennhaven source:"The Tern Wire"'))
    assert "bridge across the Aster" in said(await desk.typed("about brennhaven source:The Tern Wire"))
    assert "1 story on brennhaven" in said(await desk.typed("search brennhaven source:tern"))
    assert "No source here is called Harbour Gazette" in said(await desk.typed('about brennhaven source:"Harbour Gazette"'))


async def test_two_feeds_of_one_outlet_are_offered_as_one(desk: Office):
    offers = await desk.desk.offers(NEWS, SOURCE, "the t", EIGHT)

    assert offers == [("The Tern Wire", "The Tern Wire")]
