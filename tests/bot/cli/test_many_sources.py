"""Many sources at once: politely, not all at the same time, and none at the price of another."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Literal

import pytest
from aiohttp import web as http

from bot.answer import Answer, Asked, from_sources
from bot.collect import SOURCES
from bot.model import Fetched, Validators
from bot.ports import UNCONDITIONAL
from digests.model import Query, Source, Window
from tests.bot.cli.running import FERRY, Here, rss
from tests.fakes import FakeFetcher, InlineReader
from tests.servers.web import Web

NOW = datetime(2026, 3, 12, 8, tzinfo=UTC)


def feeds(many: int) -> list[Source]:
    return [Source(f"{n}", "feed", f"https://outlet{n}.example/feed", f"Outlet {n}") for n in range(many)]


class Counting(FakeFetcher):
    """Knows how many requests were under way at once at most; an address that ends in ``bug`` is one of ours."""

    def __init__(self, sources: list[Source]) -> None:
        super().__init__({each.address: Fetched(each.address, 200, rss(FERRY)) for each in sources})
        self.now = self.most = 0

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        self.now += 1
        self.most = max(self.most, self.now)
        for _ in range(5):
            await asyncio.sleep(0)
        self.now -= 1
        if url.endswith("bug"):
            raise ZeroDivisionError(url)
        return await super().fetch(url, kind=kind, validators=validators)


async def answered(sources: list[Source], fetcher: Counting) -> Answer:
    asked = Asked(Query(Window(None, NOW)), "Digest", "UTC", NOW)
    return await from_sources(asked, sources, fetcher, InlineReader())


async def test_at_most_so_many_sources_are_read_at_once():
    sources = feeds(150)
    fetcher = Counting(sources)

    answer = await answered(sources, fetcher)

    assert fetcher.most == SOURCES  # of their requests the real fetcher lets go 32 at once
    assert answer.digest.sources == (150, 150)


async def test_a_bug_in_one_source_is_told_and_stops_no_other():
    sources = [*feeds(2), Source("b", "feed", "https://outlet.example/bug", "Bug")]

    answer = await answered(sources, Counting(sources))

    assert len(answer.digest.stories) == 1
    assert [type(bug) for bug in answer.bugs] == [ZeroDivisionError]
    assert answer.failures == (("https://outlet.example/bug", "ZeroDivisionError while reading it: a bug of this program"),)


@pytest.mark.slow
async def test_a_server_is_asked_one_thing_at_a_time_by_a_whole_digest(typed: Here) -> None:
    at_once: list[int] = []
    busy = 0

    async def answer(_: http.Request) -> http.StreamResponse:
        nonlocal busy
        busy += 1
        at_once.append(busy)
        await asyncio.sleep(0.02)
        busy -= 1
        return http.Response(body=rss(FERRY), content_type="application/rss+xml")

    async with Web() as web:
        for n in range(6):
            web.handle(f"/{n}", answer)
        options = [part for n in range(6) for part in ("--feed", web.url(f"/{n}"))]
        made = await typed.beside("digest", *options, allow=[web.peer])

    assert made.code == 0
    assert at_once == [1] * 6
