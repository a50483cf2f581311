"""What the web does to an answer: a page inside a private network, one that refuses, one that is not free."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.address import Peer
from bot.commands.desk import Desk
from bot.http import Client
from bot.polling import Health
from bot.ports import Poll
from config.settings import exact_peer
from digests.claims import understand
from tests.bot.commands.conftest import Asker
from tests.bot.newsdesk import EIGHT, article
from tests.servers.web import Web

PAID = b"""<html><head><title>Ferry to be sold</title><script type="application/ld+json">
{"@type": "NewsArticle", "headline": "Ferry to be sold", "datePublished": "2026-03-11T09:00:00Z", "isAccessibleForFree": false}
</script></head><body><article><h1>Ferry to be sold</h1><p>The council of Corley sold its last ferry
to an islander for 2 million crowns on Tuesday. A fire in February had destroyed the two others and injured nine
people.</p></article></body></html>"""


@asynccontextmanager
async def online(ask: Asker, *peers: str) -> AsyncIterator[Asker]:
    """The same person at a desk that reads pages through the real client."""
    async with Client(
        user_agent="Dateline/1.0 (+https://example.com/bot)", allow=[Peer(*exact_peer(each)) for each in peers]
    ) as client:
        yield replace(ask, desk=Desk(replace(ask.means, fetcher=client)))


@pytest.mark.parametrize("command", ["link", "feeds add", "feeds test"])
@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://10.0.0.1/x", "http://169.254.169.254/latest", "http://[::1]/"]
)
async def test_an_address_inside_a_private_network_is_refused_with_who_can_allow_it(ask: Asker, command: str, address: str):
    async with online(ask) as asker:
        assert await asker(f"{command} {address}") == (
            "I can't read that address: it points inside a private network. An operator can allow it in fetch.allow."
        )


async def test_a_page_that_refuses_is_said_with_its_answer(ask: Asker):
    async with Web() as web, online(ask, web.peer) as asker:
        web.serve("/a", status=403)

        reply = await asker(f"link {web.url('/a')}")

    assert "127.0.0.1" in reply
    assert "answered 403 (refused)" in reply


async def test_a_feed_whose_server_wants_to_be_left_alone_says_until_when(ask: Asker):
    async with Web() as web, online(ask, web.peer) as asker:
        web.serve("/feed", status=503, retry_after="3600")

        reply = await asker(f"feeds add {web.url('/feed')}")

    assert "just now. Nothing was added. Try again after 12 Mar" in reply


async def test_a_feed_that_is_not_there_may_be_misspelt_and_one_only_tried_is_not_said_to_be_not_added(ask: Asker):
    async with Web() as web, online(ask, web.peer) as asker:
        added, tried = await asker(f"feeds add {web.url('/absent')}"), await asker(f"feeds test {web.url('/absent')}")

    assert "answered 404 (not found). Look at the address: something in it may be misspelt. Nothing was added." in added
    assert "Try again" not in added
    assert "Nothing was added" not in tried


async def test_of_a_page_that_is_not_free_it_is_said_how_little_it_gave(ask: Asker):
    async with Web() as web, online(ask, web.peer) as asker:
        web.serve("/paid", PAID, content_type="text/html")

        reply = await asker(f"link {web.url('/paid')}")

    assert "The page gave me 2 sentences only (paywall?). Here is what they say:" in reply
    assert "A fire in February had destroyed the two others" in reply
    assert [each.path for each in web.seen].count("/paid") == 1, "it is asked for once"


async def test_of_a_page_that_is_not_free_as_little_is_shown_as_was_asked_for(ask: Asker):
    async with Web() as web, online(ask, web.peer) as asker:
        web.serve("/paid", PAID, content_type="text/html")

        reply = await asker(f"link {web.url('/paid')} length:short")

    assert "The page gave me 2 sentences only" in reply
    assert "A fire in February" not in reply


async def test_a_page_that_is_whole_is_not_called_short(ask: Asker):
    async with Web() as web, online(ask, web.peer) as asker:
        web.serve("/free", PAID.replace(b"false", b"true"), content_type="text/html")

        assert "paywall" not in await asker(f"link {web.url('/free')}")


async def test_a_page_that_says_it_is_of_tomorrow_is_read_all_the_same(ask: Asker):
    async with Web() as web, online(ask, web.peer) as asker:
        web.serve(
            "/early", PAID.replace(b"2026-03-11T09", b"2026-03-13T09").replace(b"false}", b"true}"), content_type="text/html"
        )

        reply = await asker(f"link {web.url('/early')}")

    assert "The council of Corley sold its last ferry" in reply
    assert "no sentence of it" not in reply


async def test_what_a_link_of_ours_lights_on_its_page_is_no_part_of_the_address(ask: Asker):
    async with Web() as web, online(ask, web.peer) as asker:
        web.serve("/list", b"<html><title>x</title><body><ul><li>a</li></ul></body></html>", content_type="text/html")

        reply = await asker(f"link {web.url('/list')}#:~:text=The%20council,crowns.")

    assert "#" not in reply


async def test_a_page_without_a_date_has_the_day_that_the_archive_knows_from_its_feed(ask: Asker):
    page = b"""<html><title>Ferry to be sold</title><body><article><p>The council of Corley sold its last ferry to an islander
    for 2 million crowns on Tuesday. A fire in February had destroyed the two others and injured nine people.</p></article>
    </body></html>"""
    [source, *_] = [each.source.id for each in await ask.means.store.sources()]
    async with Web() as web, online(ask, web.peer) as asker:
        web.serve("/a", page, content_type="text/html")
        before = await asker(f"link {web.url('/a')}")
        told = article("a", "The council of Corley sold its last ferry on Tuesday.", published_at=EIGHT).article
        kept = understand(replace(told, url=web.url("/a"), source_id=source))
        await ask.means.store.record([Poll(source, Health(next_poll_at=EIGHT), new=((told.id, kept),))])

        after, typed = await asker(f"link {web.url('/a')}"), await asker(f"link {web.url('/a')} date:2024-10-10")

    assert "No publication date found" in before
    assert "No publication date found" not in after
    assert "14 Oct" in after
    assert "14 Oct" not in typed
