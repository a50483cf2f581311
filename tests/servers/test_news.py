"""The outlets of the tests: a feed lists an entry once the clock has passed its date, and no byte else is touched."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import newsroom
from bot.address import Peer
from bot.app.desk import Clock
from bot.errors import SourceError
from bot.http import Client
from bot.model import Fetched, Validators
from config.settings import exact_peer
from tests.servers.news import WEEK, Capture, Ferried, News, captured_pages, captures, days_moved, newsroom_outlets
from tests.servers.web import Web

ADDRESS = "https://paper.example/feed?all=1"
NOON = datetime(2026, 2, 16, 12, tzinfo=UTC)
BODY = b"""<rss><channel><title>The Caf\xe9 Paper</title><lastBuildDate>Tue, 17 Feb 2026 12:00:00 GMT</lastBuildDate>
<item><title>Later, on 17 Feb 2026</title><pubDate>Tue, 17 Feb 2026 13:00:00 +0100</pubDate></item>
<item><title>Earlier</title><pubDate>Mon, 16 Feb 2026 11:00:00 GMT</pubDate></item>
</channel></rss>"""
PAPER = Capture(ADDRESS, "application/rss+xml", BODY)


async def asked(clock: Clock, *addresses: str, validators: Validators | None = None, room: bool = False) -> list[Fetched]:
    """What the real client gets at the addresses."""
    async with Web() as web, Client(user_agent="Test", allow=[Peer(*exact_peer(web.peer))]) as client:
        news = News(web, clock)
        news.feed(ADDRESS, PAPER.content_type, PAPER.listing(0))
        if room:
            newsroom_outlets(news, newsroom.load(), -3)
        fetcher = Ferried(client, news)
        return [await fetcher.fetch(each, kind="feed", validators=validators or Validators()) for each in addresses]


async def test_an_entry_appears_once_the_clock_has_passed_its_date():
    (noon,) = await asked(Clock(NOON), ADDRESS)
    (next_day,) = await asked(Clock(NOON + timedelta(days=1)), ADDRESS)

    assert b"Earlier" in noon.body
    assert b"Later" not in noon.body
    assert next_day.body == BODY
    assert next_day.url == ADDRESS


async def test_a_feed_that_lists_the_same_was_not_modified_and_one_with_news_was():
    clock = Clock(NOON)
    (first,) = await asked(clock, ADDRESS)
    (same,) = await asked(Clock(NOON + timedelta(hours=1)), ADDRESS, validators=first.validators)
    (news,) = await asked(Clock(NOON + timedelta(days=1)), ADDRESS, validators=first.validators)

    assert (first.status, same.status, news.status) == (200, 304, 200)


async def test_only_the_dates_of_entries_are_moved_and_by_whole_weeks():
    old = Capture(ADDRESS, PAPER.content_type, BODY)
    weeks = old.weeks_to(NOON + 10 * WEEK)

    moved = await old.listing(weeks)(NOON + 20 * WEEK)

    assert weeks == 10
    assert moved == BODY.replace(b"17 Feb 2026 13:00", b"28 Apr 2026 13:00").replace(b"16 Feb 2026 11:00", b"27 Apr 2026 11:00")


def test_a_feed_whose_newest_entry_lies_in_the_week_keeps_its_dates():
    assert PAPER.weeks_to(NOON - timedelta(days=6)) == 0
    assert PAPER.weeks_to(NOON + timedelta(days=1, seconds=1)) == 1


async def test_the_newsroom_is_moved_with_the_days_that_its_texts_name():
    room = newsroom.load()
    courier = next(each.address for each in room.sources if "courier" in each.address)

    (early,) = await asked(Clock(room.now - 4 * WEEK), courier, room=True)
    (late,) = await asked(Clock(room.now - 3 * WEEK), courier, room=True)

    assert early.body.count(b"<item>") == 0
    assert late.body.count(b"<item>") > 3
    assert b"Mar 2026" not in late.body


@pytest.mark.parametrize(
    ("written", "moved"),
    [
        ("2026-03-12T07:30:00Z", "2026-02-19T07:30:00Z"),
        ("Tue, 03 Mar 2026 07:00:00 GMT", "Tue, 10 Feb 2026 07:00:00 GMT"),
        ("on March 26, and Feb. 23, 2026", "on March 5, and Feb. 2, 2026"),
        ("until 10 March", "until 17 February"),
        ("the 3 Marches of /2026/03/12/", "the 3 Marches of /2026/03/12/"),
    ],
)
def test_days_are_moved_as_they_are_written(written: str, moved: str):
    assert days_moved(written, -3 * WEEK) == moved


async def test_the_collection_is_served_from_its_folder_and_what_it_lacks_is_not_found(tmp_path: Path):
    rows = {"feeds": (ADDRESS, BODY), "articles": ("https://paper.example/a", b"<p>All of it</p>")}
    for folder, (address, body) in rows.items():
        (tmp_path / "collection" / folder).mkdir(parents=True)
        (tmp_path / "collection" / folder / "one.gz").write_bytes(gzip.compress(body))
        row = {"url": address, "file": "one.gz", "content_type": "text/html", "source": "capture"}
        manifest = "\n".join(json.dumps(each) for each in (row, row | {"source": "fault"}))
        (tmp_path / "collection" / folder / "manifest.jsonl").write_text(manifest, encoding="utf-8")

    async with Web() as web, Client(user_agent="Test", allow=[Peer(*exact_peer(web.peer))]) as client:
        news = News(web, Clock(NOON))
        captured_pages(news, tmp_path)
        page = await Ferried(client, news).fetch("https://paper.example/a", kind="page")
        with pytest.raises(SourceError, match="404"):
            await Ferried(client, news).fetch("https://paper.example/b", kind="page")

    assert [each.body for each in captures(tmp_path)] == [BODY]
    assert page.body == b"<p>All of it</p>"
    assert (news.pages, news.missing) == (1, 1)
