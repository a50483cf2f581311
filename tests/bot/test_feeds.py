"""What somebody types leads to a feed, or to a plain answer why not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from bot.errors import SourceError
from bot.feeds import MOST_REQUESTS, PATHS, Discovery, FoundFeed, Problem, addresses_of, discover, source_id
from bot.http import Client
from bot.model import Channel, Fetched, Space, Validators
from bot.ports import UNCONDITIONAL, Fetcher
from bot.ports.topics import EVERYWHERE, Place
from bot.store import SqlStore, open_store
from digests.model import Source
from tests.bot.store.making import NOON, new_database
from tests.fakes import FakeFetcher, InlineReader

SITE = "https://harbour.example/"
FEED = "https://harbour.example/feed.xml"
HEADLINES = ("Ferry aground", "Bridge reopens", "Market moves", "Fourth and oldest")
TEAM = Place(Space("slack", "T1"))


def feed(address: str = FEED, title: str = "Harbour News") -> Fetched:
    items = "".join(
        f"<item><title>{each}</title><guid>{at}</guid><pubDate>{12 - at} Oct 2024 08:00 GMT</pubDate></item>"
        for at, each in enumerate(HEADLINES)
    )
    body = f"<rss version='2.0'><channel><title>{title}</title><language>en-gb</language>{items}</channel></rss>"
    return Fetched(address, 200, body.encode(), "application/rss+xml")


def page(address: str, *feeds: tuple[str, str], title: str = "Harbour", link_header: str = "") -> Fetched:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" title="{name}" href="{url}">' for name, url in feeds)
    body = f"<!doctype html><html><head><title>{title}</title>{links}</head><body><p>Welcome.</p></body></html>"
    return Fetched(address, 200, body.encode(), "text/html", link_header=link_header)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    async with open_store(new_database(tmp_path / "news.db")) as opened:
        yield opened


class Finding:
    """Discovery in a world that is given as a table."""

    def __init__(self, store: SqlStore, *documents: Fetched) -> None:
        self.store, self.web = store, FakeFetcher({each.url: each for each in documents})

    async def __call__(self, typed: str, place: Place = EVERYWHERE, fetcher: Fetcher | None = None) -> Discovery:
        return await discover(typed, place, self.store, fetcher or self.web, InlineReader(), NOON)

    @property
    def asked(self) -> list[str]:
        return [url for url, _, _ in self.web.asked]


FOUND = FoundFeed(FEED, "Harbour News", HEADLINES[:3], "en-gb")


async def test_the_address_of_a_feed_is_read_once_and_shows_its_three_newest(store: SqlStore) -> None:
    find = Finding(store, feed())

    assert await find(FEED) == Discovery(FEED, FOUND)
    assert find.asked == [FEED]
    assert await store.sources() == []


@pytest.mark.parametrize(
    "typed",
    [
        "harbour.example/feed.xml",
        " HTTPS://Harbour.example/feed.xml ",
        "feed://harbour.example/feed.xml",
        f"feed:{FEED}",
        f"<{FEED}>",
        f"<{FEED}|harbour.example>",
    ],
)
async def test_an_address_may_be_written_as_people_and_chats_write_it(store: SqlStore, typed: str) -> None:
    assert (await Finding(store, feed())(typed)).feed == FOUND


async def test_a_site_leads_to_the_feed_that_its_page_names_and_says_what_else_it_names(store: SqlStore) -> None:
    find = Finding(store, page(SITE, ("Comments", "/comments.xml"), ("News", "/feed.xml"), ("Sport", "/sport.xml")), feed())

    found = await find("harbour.example")

    assert found.feed == FOUND
    assert found.nearby == (("Sport", f"{SITE}sport.xml"), ("Comments", f"{SITE}comments.xml"))
    assert find.asked == [SITE, FEED]


async def test_a_feed_named_in_the_link_header_is_found(store: SqlStore) -> None:
    header = '</feed.xml>; rel="alternate"; type="application/rss+xml"'

    assert (await Finding(store, page(SITE, link_header=header), feed())(SITE)).feed == FOUND


async def test_where_the_first_feed_that_is_named_cannot_be_read_the_next_one_is_taken(store: SqlStore) -> None:
    find = Finding(store, page(SITE, ("Gone", "/gone.xml"), ("Inside", "http://192.168.1.1/x"), ("News", "/feed.xml")), feed())

    assert (await find(SITE)).feed == FOUND


async def test_a_site_that_names_no_feed_is_asked_at_the_usual_paths_one_by_one(store: SqlStore) -> None:
    find = Finding(store, page(SITE), feed(f"{SITE}rss.xml"))

    found = await find(SITE)

    assert found.feed == replace(FOUND, address=f"{SITE}rss.xml")
    assert find.asked == [SITE, f"{SITE}feed", f"{SITE}rss", f"{SITE}rss.xml"]


async def test_a_site_without_a_feed_says_so_after_few_requests(store: SqlStore) -> None:
    find = Finding(store, page(SITE))

    assert await find(SITE) == Discovery(SITE, problem=Problem.NO_FEED)
    assert find.asked == [SITE, *(SITE + path[1:] for path in PATHS)]


async def test_an_article_without_a_feed_leads_to_those_of_its_site_but_follows_none(store: SqlStore) -> None:
    article = f"{SITE}2024/ferry.html"
    find = Finding(store, page(article), page(SITE, ("News", "/feed.xml")), feed())

    assert await find(article) == Discovery(article, problem=Problem.NO_FEED, nearby=(("News", FEED),))


async def test_an_article_of_a_site_that_names_none_leads_to_one_at_a_usual_path(store: SqlStore) -> None:
    article = f"{SITE}2024/ferry.html"

    found = await Finding(store, page(article), page(SITE), feed())(article)

    assert (found.problem, found.nearby) == (Problem.NO_FEED, (("Harbour News", FEED),))


async def test_a_page_that_names_many_feeds_is_not_followed_for_ever(store: SqlStore) -> None:
    find = Finding(store, page(SITE, *((f"Feed {number}", f"/{number}.xml") for number in range(12))))

    found = await find(SITE)

    assert (found.problem, len(found.nearby)) == (Problem.UNREADABLE, 12)
    assert found.why == "None of the feeds that this page names can be read just now."
    assert len(find.asked) == MOST_REQUESTS


async def test_a_challenge_page_is_not_said_to_have_no_feed(store: SqlStore) -> None:
    find = Finding(store, page(SITE, title="Just a moment..."))

    assert await find(SITE) == Discovery(SITE, problem=Problem.GATE)
    assert find.asked == [SITE]


async def test_what_is_neither_page_nor_feed_says_what_it_is(store: SqlStore) -> None:
    bomb = b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'aaaa'>]><rss version='2.0'><channel/></rss>"

    found = await Finding(store, Fetched(FEED, 200, bomb, "application/rss+xml"))(FEED)

    assert found.problem is Problem.UNREADABLE
    assert "declares entities of its own" in found.why


@pytest.mark.parametrize(("asked", "wait_s"), [(True, 14_400.0), (False, None)], ids=["by the server", "by us alone"])
async def test_a_server_that_refuses_is_quoted_with_when_it_wants_to_be_asked_again(
    store: SqlStore, *, asked: bool, wait_s: float | None
) -> None:
    find, words = Finding(store), "harbour.example answered 503 (out of order)."
    find.web.answers[FEED] = SourceError(words, status=503, retry_after=14_400.0, asked=asked)

    found = await find(FEED)

    assert (found.problem, found.why, found.retry_after) == (Problem.FAILED, words, wait_s)


async def test_without_a_scheme_plain_http_is_tried_where_the_other_leads_to_no_server(store: SqlStore) -> None:
    find = Finding(store, feed("http://harbour.example/feed.xml"))
    find.web.answers[FEED] = SourceError("harbour.example can't be reached.", retry_after=3600.0)

    found = await find("harbour.example/feed.xml")

    assert found.feed == replace(FOUND, address="http://harbour.example/feed.xml")
    assert (await find(FEED)).problem is Problem.FAILED


async def test_a_feed_that_moved_for_good_is_followed_where_it_lives_now(store: SqlStore) -> None:
    moved = replace(feed(), url="https://www.harbour.example/feed.xml", moved_to="https://www.harbour.example/feed.xml")
    find = Finding(store)
    find.web.answers[FEED] = moved

    found = await find(FEED)

    assert found.feed is not None
    assert found.feed.address == moved.moved_to


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("/etc/passwd", "it looks like a file"),
        ("./saved.xml", "it looks like a file"),
        ("~/feeds.opml", "it looks like a file"),
        ("feeds.opml", "it looks like a file"),
        ("file:///etc/passwd", "does not begin with http"),
        ("ftp://harbour.example/feed", "does not begin with http"),
        ("javascript:alert(1)", "does not begin with http"),
        ("news", "not a full name"),
        ("not a site", "not a full name"),
        ("", "not a full name"),
        ("two words.example", "holds a space"),
        ("https://user:secret@harbour.example/", "a user name or a password"),
        ("https://harbour.example/" + "x" * 10_000, "longer than 2,048 characters"),
    ],
)
async def test_what_is_no_web_address_is_refused_before_anything_is_asked(store: SqlStore, typed: str, why: str) -> None:
    find = Finding(store)

    found = await find(typed)

    assert (found.problem, find.asked) == (Problem.REFUSED, [])
    assert why in found.why


@pytest.mark.parametrize("typed", ["http://127.0.0.1/feed", "192.168.1.1", "https://[::1]/", "http://169.254.169.254/latest"])
async def test_an_address_inside_a_private_network_is_refused_by_the_guard(store: SqlStore, typed: str) -> None:
    async with Client(user_agent="tests") as client:
        found = await Finding(store)(typed, fetcher=client)

    assert found.problem is Problem.REFUSED
    assert found.why == (
        "I can't read that address: it points inside a private network. An operator can allow it in `fetch.allow`."
    )


async def test_a_site_that_takes_too_long_is_given_up(store: SqlStore) -> None:
    class Silent:
        async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
            await asyncio.Event().wait()
            raise AssertionError

    found = await discover(FEED, EVERYWHERE, store, Silent(), InlineReader(), NOON, deadline_s=0.01)

    assert (found.problem, found.why) == (Problem.FAILED, "harbour.example took longer than 0.01 s.")


# What is there already


def kept(address: str = FEED) -> Source:
    return Source(source_id(address), "feed", address, "The Harbour")


@pytest.mark.parametrize("typed", [FEED, "harbour.example/feed.xml", "http://harbour.example/feed.xml/"])
async def test_a_feed_that_is_followed_already_is_not_asked_for_again(store: SqlStore, typed: str) -> None:
    await store.add_source(kept(), now=NOON)
    find = Finding(store)

    assert await find(typed, TEAM) == Discovery(typed, source=kept(), already=EVERYWHERE)
    assert find.asked == []


async def test_to_see_how_it_does_a_feed_that_is_followed_is_read_all_the_same(store: SqlStore) -> None:
    await store.add_source(kept(), now=NOON)
    web = FakeFetcher({FEED: feed()})

    found = await discover(FEED, TEAM, store, web, InlineReader(), NOON, anew=True)
    gone = await discover(FEED, TEAM, store, FakeFetcher({}), InlineReader(), NOON, anew=True)

    assert found == Discovery(FEED, FOUND, source=kept(), already=EVERYWHERE)
    assert (gone.problem, gone.already) == (Problem.FAILED, None)


async def test_a_site_whose_feed_is_followed_already_is_known_by_its_feed(store: SqlStore) -> None:
    await store.topics.follow(kept(), TEAM, NOON)

    found = await Finding(store, page(SITE, ("News", "/feed.xml")), feed())(SITE, TEAM)

    assert (found.source, found.already) == (kept(), TEAM)


async def test_what_only_others_follow_is_found_and_is_the_source_that_there_is(store: SqlStore) -> None:
    await store.topics.follow(kept(), Place(Space("slack", "T2")), NOON)

    found = await Finding(store, feed())(FEED, TEAM)

    assert (found.feed, found.source, found.already) == (FOUND, kept(), None)


async def test_what_one_channel_follows_another_may_add(store: SqlStore) -> None:
    news, sport = (Place.of(Channel.parse(f"slack:T1/{each}")) for each in ("C1", "C2"))
    await store.topics.follow(kept(), news, NOON)
    find = Finding(store, feed())

    assert (await find(FEED, sport)).already is None
    assert (await find(FEED, TEAM)).already is None
    assert (await find(FEED, news)).already == news


async def test_what_is_followed_bears_the_name_of_the_feed_unless_another_is_given(store: SqlStore) -> None:
    found = await Finding(store, feed())(FEED)

    assert found.to_follow() == Source(source_id(FEED), "feed", FEED, "Harbour News")
    assert found.to_follow("Mine", "Europe/Berlin") == Source(source_id(FEED), "feed", FEED, "Mine", "Europe/Berlin")


def test_a_discovery_leads_to_something_or_says_why_not() -> None:
    with pytest.raises(ValueError, match="or has a problem"):
        Discovery("x")
    assert addresses_of("harbour.example:8080/feed")[0] == "https://harbour.example:8080/feed"
