"""The engine against the newsroom's gold, which was written from the articles before the engine first read them.

Where the engine is wrong the gold stays.  ``golden/newsroom-misses.txt`` lists every miss; the list may only shrink: a new miss
fails, and so does a line that no longer misses, until it is taken out (``pytest --update-golden`` writes the file anew; look
at the difference before you keep it).  What is compared stands in ``digests/evaluate/gold.py``.
"""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

import pytest

from bot import newsroom
from bot.collect import read_source
from digests.evaluate.gold import Compared
from digests.model import Understood
from tests.fakes import InlineReader

MISSES = Path(__file__).parent / "golden" / "newsroom-misses.txt"


@cache
def compared() -> Compared:
    """All articles of the newsroom, read and understood as ``dateline digest`` does it, beside its gold."""
    room = newsroom.load()

    async def read() -> list[Understood]:
        return [each for source in room.sources for each in (await read_source(source, room, InlineReader(), room.now))[0]]

    return Compared.of(newsroom.gold(), asyncio.run(read()), title=room.title, zone=room.zone, now=room.now)


def test_the_misses_of_the_newsroom_only_shrink(request: pytest.FixtureRequest) -> None:
    found = compared().misses()
    if request.config.getoption("--update-golden"):
        MISSES.write_text("".join(f"{miss}\n" for miss in found), encoding="utf-8")
    listed = MISSES.read_text(encoding="utf-8").splitlines()

    assert [miss for miss in found if miss not in listed] == [], "new misses"
    assert [miss for miss in listed if miss not in found] == [], "no longer missed: take these lines out"


def test_every_article_of_the_newsroom_is_read_whole():
    read = {each.article.url for each in compared().articles}

    assert len(compared().articles) == 40
    assert {url for story in compared().gold["stories"] for url in story["articles"]} == read


def test_no_bullet_of_the_newsroom_stands_without_a_day_or_a_link_to_its_sentence():
    for story in compared().full.stories:
        for bullet in story.bullets:
            assert bullet.date.value is not None
            assert all(citation.article.url for citation in bullet.citations)
