"""The composition root: which room answers, and that what was opened is closed."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import app
from bot.errors import SourceError
from bot.model import Fetched
from bot.ports import Fetcher, Reader
from config.settings import Settings, load
from digests.model import Source
from tests.build import NOW, article


@pytest.fixture
def settings() -> Settings:
    return load(None, {})


@pytest.mark.parametrize(
    ("address", "web"),
    [("https://a.example", True), ("HTTP://a.example", True), ("ftp://a.example/feed", True), ("news/a.txt", False)],
)
def test_what_has_a_scheme_is_on_the_web_and_the_rest_is_a_file(address: str, web: bool) -> None:
    assert app.is_web(address) is web


async def test_an_address_with_another_scheme_is_no_file_that_is_missing(settings: Settings) -> None:
    async with app.reading(settings) as (fetcher, _):
        with pytest.raises(SourceError, match="it does not begin with http:// or https://"):
            await fetcher.fetch("ftp://a.example/feed", kind="feed")


async def test_files_are_read_without_starting_a_web_client(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The ferry ran aground.")

    async with app.reading(settings) as (fetcher, _):
        found = await fetcher.fetch(str(tmp_path / "a.txt"), kind="page")

    assert found.body == b"The ferry ran aground."


async def test_an_address_inside_is_refused_however_many_ask_at_once(settings: Settings) -> None:
    async with app.reading(settings) as (fetcher, _):
        asked = (fetcher.fetch("http://127.0.0.1:9/", kind="page") for _ in range(3))
        found = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(each) for each in found] == [SourceError] * 3


@pytest.mark.slow
async def test_documents_are_read_and_articles_understood_in_workers(settings: Settings) -> None:
    feed = b"<rss version='2.0'><channel><item><title>Ferry aground</title><guid>1</guid></item></channel></rss>"
    many = [article(str(n), f"The ferry Alma ran aground off Port Alba with {n} passengers on board.") for n in range(20)]

    async with app.reading(settings) as (_, reader):
        document = await reader.feed(Fetched("https://a.example/feed", 200, feed), datetime.now(UTC))
        page = await reader.page(Fetched("https://a.example/1", 200, b"The ferry ran aground.", "text/plain"))
        understood = await reader.understand(many)

    assert [entry.title for entry in document.entries] == ["Ferry aground"]
    assert page.text == "The ferry ran aground."
    assert [each.article for each in understood] == many
    assert all(each.claims for each in understood)


@pytest.mark.slow
async def test_a_page_in_place_of_a_feed_is_read_with_its_link_header(settings: Settings) -> None:
    header = '</feed.xml>; rel="alternate"; type="application/rss+xml"'
    page = Fetched("https://a.example/", 200, b"<html><body>Hi</body></html>", "text/html", link_header=header)

    async with app.reading(settings) as (_, reader):
        with pytest.raises(SourceError, match=r"it names these feeds: https://a\.example/feed\.xml"):
            await reader.feed(page, datetime.now(UTC))


async def test_an_archive_is_made_where_there_is_none_and_found_again(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/news.db"

    async with app.archive(address) as store:
        await store.add_source(Source("a", "feed", "https://a.example/feed", "A"), now=NOW)
    async with app.archive(address) as store:
        assert [each.source.id for each in await store.sources()] == ["a"]


async def test_a_reader_and_a_fetcher_are_what_the_use_cases_ask_for(settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        fetcher, reader = await stack.enter_async_context(app.reading(settings))
        ports: tuple[Fetcher, Reader] = (fetcher, reader)

    assert all(ports)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgres://ada:hunter22@db.example/news", "postgresql://ada:***@db.example/news"),
        ("sqlite:///news.db", "sqlite:///news.db"),
        ("news.db", "news.db"),
    ],
)
def test_the_address_of_an_archive_is_shown_without_its_password(address: str, shown: str) -> None:
    assert app.shown(address) == shown
